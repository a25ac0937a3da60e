//! `enrol`: what headquarters asks of the keys of a phone, and what a phone's keystore says of them.

use std::path::{Path, PathBuf};

use clap::{Subcommand, ValueEnum};
use domain::Digest;
use domain::enrolment::Der;
use hq::key_policy::{Demand, KeyPolicy};
use hq::store::StoreError;
use thiserror::Error;
use trust::Verdict;
use trust::attestation::{self, AttestationError, Boot, Expected, Level, Point, chain_from_pem};
use trust::cert::{Certificate, RequestError, SigningRequest};

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::file::{self, FileError};
use crate::fleet::{Unknown, open};
use crate::session::{Effect, HqFolder, Session, Unready};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows what is asked of the keys of a phone that enrols.
    Policy {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Decides what is asked of the keys of every phone that enrols from now on.
    Require {
        /// Any keys, keys that the phone says are in hardware, or keys that its maker says are.
        #[arg(value_enum)]
        keys: Required,
        /// Certificate of a maker's root (PEM), P-256 or P-384; once for each.
        #[arg(long = "root", value_name = "FILE")]
        roots: Vec<PathBuf>,
        /// SHA-256 of a certificate that signs `neo-agent` for phones; once for each.
        #[arg(long = "signer", value_parser = digest, value_name = "SHA256")]
        signers: Vec<Digest>,
        /// The earliest month of security patches.
        #[arg(long, value_parser = month, value_name = "YYYY-MM")]
        oldest_patch: Option<u32>,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Judges a key attestation point by point, under what headquarters asks.
    VerifyAttestation {
        /// The certificates (PEM), that of the key first.
        file: PathBuf,
        /// The request for a certificate (PKCS#10, DER) whose key it must be.
        #[arg(long, value_name = "FILE")]
        request: Option<PathBuf>,
        /// What the keystore was asked to say with it, in hexadecimal.
        #[arg(long, value_parser = digest, value_name = "SHA256")]
        challenge: Option<Digest>,
        #[command(flatten)]
        hq: HqFolder,
    },
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Required {
    Any,
    Hardware,
    Attested,
}

/// Why nothing was decided or judged.
#[derive(Debug, Error)]
pub(crate) enum Unjudged {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot use the HQ store")]
    Store(#[from] StoreError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("`{}` is not a certificate with a P-256 or P-384 key (PEM)", path.display())]
    Root { path: PathBuf },
    #[error("`attested` needs the makers and the program: give `--root`, `--signer` and `--oldest-patch`")]
    NobodyToBelieve,
    #[error("`{}` does not hold certificates (PEM) alone", path.display())]
    NoChain { path: PathBuf },
    #[error("the attestation says nothing")]
    Attestation(#[from] AttestationError),
    #[error("cannot read the request for a certificate")]
    Request(#[from] RequestError),
}

impl Unjudged {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::File(error) => error.exit(),
            Self::NobodyToBelieve => Exit::Usage,
            Self::Attestation(_) => Exit::Refuted,
            Self::Store(_) | Self::Root { .. } | Self::NoChain { .. } | Self::Request(_) => Exit::Failed,
        }
    }
}

fn digest(text: &str) -> Result<Digest, &'static str> {
    Digest::from_hex(text).ok_or("64 hexadecimal digits are needed")
}

fn month(text: &str) -> Result<u32, &'static str> {
    let refused = "a month is a year and a number, such as `2026-09`";
    let (year, month) = text.split_once('-').ok_or(refused)?;
    let read = |part: &str, digits| (part.len() == digits).then(|| part.parse::<u32>().ok()).flatten();
    match (read(year, 4), read(month, 2)) {
        (Some(year), Some(month @ 1..=12)) => Ok(year * 100 + month),
        _ => Err(refused),
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Policy { .. } | Self::VerifyAttestation { .. } => Effect::Reads,
            Self::Require { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unjudged> {
        match self {
            Self::Policy { hq } => Ok(shown(&open(session.hq(hq)?)?.begin()?.key_policy()?)),
            Self::Require {
                keys,
                roots,
                signers,
                oldest_patch,
                hq,
            } => {
                let policy = KeyPolicy {
                    demand: match keys {
                        Required::Any => Demand::Any,
                        Required::Hardware => Demand::Hardware,
                        Required::Attested => Demand::Attested,
                    },
                    roots: roots.iter().map(|path| root(path)).collect::<Result<_, _>>()?,
                    signers: signers.clone(),
                    oldest_patch: oldest_patch.unwrap_or_default(),
                };
                let named = !policy.roots.is_empty() && !policy.signers.is_empty() && oldest_patch.is_some();
                if policy.demand == Demand::Attested && !named {
                    return Err(Unjudged::NobodyToBelieve);
                }
                let mut store = open(session.hq(hq)?)?;
                let transaction = store.begin()?;
                transaction.set_key_policy(&policy)?;
                transaction.commit()?;
                Ok(shown(&policy))
            }
            Self::VerifyAttestation {
                file,
                request,
                challenge,
                hq,
            } => {
                let policy = open(session.hq(hq)?)?.begin()?.key_policy()?;
                let chain = chain(file)?;
                let request = match request {
                    Some(path) => Some(SigningRequest::from_der(&file::read(path)?)?),
                    None => None,
                };
                let read = attestation::read(&chain, &policy.roots(), session.now.0)?;
                let expected = Expected {
                    key: request.as_ref().map(|request| &request.public_key),
                    challenge: challenge.as_ref().map(|digest| digest.as_bytes().as_slice()),
                };
                let rule = policy.rule();
                let verdicts = Point::ALL.map(|point| (point, read.verdict(point, &rule, expected)));
                let mut rows = described(&read);
                rows.extend(
                    verdicts
                        .iter()
                        .map(|(point, verdict)| (name(*point), code(verdict).into())),
                );
                let refuted = verdicts
                    .iter()
                    .any(|(_, verdict)| matches!(verdict, Verdict::Failed(_)));
                let answer = Answer::one("attestation", Rows(rows));
                Ok(if refuted {
                    answer.ending(Exit::Refuted)
                } else {
                    answer
                })
            }
        }
    }
}

fn root(path: &Path) -> Result<Der, Unjudged> {
    let refused = || Unjudged::Root {
        path: path.to_owned(),
    };
    let chain = certificates(&file::read(path)?).ok_or_else(refused)?;
    let [root] = chain.as_slice() else {
        return Err(refused());
    };
    let root = Certificate::from_der(root).map_err(|_| refused())?;
    Ok(Der(root.public_key().spki_der()))
}

fn chain(path: &Path) -> Result<Vec<Vec<u8>>, Unjudged> {
    certificates(&file::read(path)?).ok_or_else(|| Unjudged::NoChain {
        path: path.to_owned(),
    })
}

fn certificates(pem: &[u8]) -> Option<Vec<Vec<u8>>> {
    std::str::from_utf8(pem).ok().and_then(chain_from_pem)
}

fn shown(policy: &KeyPolicy) -> Answer {
    let keys = match policy.demand {
        Demand::Any => "any",
        Demand::Hardware => "hardware",
        Demand::Attested => "attested",
    };
    let roots: Vec<String> = policy
        .roots()
        .iter()
        .map(|root| root.fingerprint().to_string())
        .collect();
    let signers: Vec<String> = policy.signers.iter().map(ToString::to_string).collect();
    let month = policy.oldest_patch;
    let oldest = (month > 0).then(|| format!("{:04}-{:02}", month / 100, month % 100));
    Answer::one(
        "key_policy",
        Rows(vec![
            ("keys", keys.into()),
            ("roots", roots.into()),
            ("signers", signers.into()),
            ("oldest_patch", oldest.into()),
        ]),
    )
}

/// What the keystore says, before it is judged.
fn described(read: &attestation::Attestation) -> Vec<(&'static str, serde_json::Value)> {
    let level = match read.level {
        Level::Software => "software",
        Level::TrustedEnvironment => "trusted_environment",
        Level::StrongBox => "strongbox",
    };
    let boot = match read.boot {
        Some(Boot::Verified) => "verified",
        Some(Boot::Open) => "open",
        None => "unknown",
    };
    vec![
        ("public_key", read.key.fingerprint().to_string().into()),
        ("kept_in", level.into()),
        ("started", boot.into()),
        ("patch", read.patch.into()),
    ]
}

const fn name(point: Point) -> &'static str {
    match point {
        Point::Key => "key",
        Point::Challenge => "challenge",
        Point::Level => "level",
        Point::Origin => "origin",
        Point::Boot => "boot",
        Point::Program => "program",
        Point::Patch => "patch_level",
    }
}

const fn code(verdict: &Verdict<Point>) -> &'static str {
    match verdict {
        Verdict::Ok => "proven",
        Verdict::Failed(_) => "refuted",
        Verdict::NotChecked => "not_checked",
    }
}
