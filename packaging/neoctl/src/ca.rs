//! `ca`: the keys of a headquarters whose root stays on an offline machine.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::UnixMs;
use hq::pki::{self, OfflineRoot, Stage};
use trust::Digest;
use trust::cert::{Certificate, Reason};

use crate::answer::{Answer, Rows};
use crate::cert::{about, reason};
use crate::session::{Effect, PkiFolder, Session};
use crate::{Exit, Failure};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Draws keys: on headquarters' machine those that a root will vouch for, with `--root` the root itself, offline.
    Init {
        #[arg(long)]
        out: PathBuf,
        /// The root: on a machine without a network, and in a safe afterwards.
        #[arg(long)]
        root: bool,
    },
    /// Draws another key for terminals to seal to. Those of before go on opening what was sealed to them.
    ///
    /// Gateways take it at once, and terminals learn of it at their next connection. Back the folder up afterwards.
    Rotate {
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Says how far a folder of keys is, and until when each certificate counts.
    Status {
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Writes the requests of the drawn keys, for the offline machine. They hold no secret.
    ExportCsrs {
        #[command(flatten)]
        pki: PkiFolder,
        /// The folder for the requests; made where it is missing.
        #[arg(long)]
        out: PathBuf,
    },
    /// Signs the requests in a folder, on the offline machine, and puts the certificates beside them.
    Sign {
        /// The folder of `ca init --root`.
        #[arg(long)]
        root: PathBuf,
        /// The folder of `ca export-csrs`.
        #[arg(long)]
        csrs: PathBuf,
    },
    /// Puts certificates that the root issued on its revocation list, on the offline machine.
    ///
    /// For an approver's lost key, or one of headquarters' own. `crl import` takes the list to headquarters.
    Revoke {
        /// The folder of `ca init --root`.
        #[arg(long)]
        root: PathBuf,
        /// Certificates (PEM); `ca sign` keeps a copy of each in `issued` beside the root.
        #[arg(required = true)]
        certificates: Vec<PathBuf>,
        #[arg(long, value_parser = reason)]
        reason: Reason,
    },
    /// Takes the signed certificates, and draws what stands under the issuing authority.
    ///
    /// Nothing is taken unless the root beside them is the one whose fingerprint is given.
    Import {
        #[command(flatten)]
        pki: PkiFolder,
        /// The folder that came back from the offline machine.
        #[arg(long)]
        from: PathBuf,
        /// The fingerprint that `ca sign` showed, read from the screen of the offline machine.
        #[arg(long, value_name = "SHA256")]
        root_sha256: Digest,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Status { .. } => Effect::Reads,
            Self::Init { .. }
            | Self::Rotate { .. }
            | Self::ExportCsrs { .. }
            | Self::Sign { .. }
            | Self::Revoke { .. }
            | Self::Import { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Failure> {
        let now = session.now;
        let one = |rows| Ok(Answer::one("ca", Rows(rows)));
        match self {
            Self::Init { out, root: true } => {
                let root = OfflineRoot::create(out, now)?;
                one(vec![
                    ("root", path(out, "root.pem")),
                    ("root_sha256", root.certificate().fingerprint().to_string().into()),
                    ("root_expires", expiry(root.certificate())),
                ])
            }
            Self::Init { out, root: false } => {
                pki::draw(out)?;
                one(vec![
                    ("folder", out.display().to_string().into()),
                    ("next", "ca export-csrs".into()),
                ])
            }
            Self::Rotate { pki } => {
                let (recipient, keys) = pki::rotate(session.pki(pki)?)?;
                one(vec![
                    ("recipient", recipient.to_string().into()),
                    ("sealing_keys", keys.into()),
                ])
            }
            Self::Status { pki } => status(session.pki(pki)?, now),
            Self::ExportCsrs { pki, out } => {
                let written = pki::requests(session.pki(pki)?, out)?;
                let lines = written.iter().map(|(subordinate, path)| {
                    Rows(vec![
                        ("name", subordinate.common_name().into()),
                        ("file", path.display().to_string().into()),
                    ])
                });
                Ok(Answer::many("request", "requests", lines.collect()))
            }
            Self::Sign { root, csrs } => {
                let root = OfflineRoot::open(root)?;
                let signed = root.sign(csrs, now)?;
                one(vec![
                    ("signed", signed.into()),
                    ("root_sha256", root.certificate().fingerprint().to_string().into()),
                ])
            }
            Self::Revoke {
                root,
                certificates,
                reason,
            } => {
                let root = OfflineRoot::open(root)?;
                let revoked = certificates
                    .iter()
                    .map(|file| pki::read_certificate(file))
                    .collect::<Result<Vec<_>, _>>()?;
                let crl = root.revoke(&revoked, *reason, now)?;
                let mut rows = about(&crl);
                rows.push(("file", root.crl_file().display().to_string().into()));
                one(rows)
            }
            Self::Import {
                pki,
                from,
                root_sha256,
            } => {
                let pki = pki::import(session.pki(pki)?, from, root_sha256, now)?;
                one(vec![
                    ("root_sha256", pki.root().fingerprint().to_string().into()),
                    ("recipient", pki.recipient().to_string().into()),
                ])
            }
        }
    }
}

fn status(dir: &Path, now: UnixMs) -> Result<Answer, Failure> {
    let status = pki::status(dir)?;
    let stage = match status.stage {
        Stage::Empty => "empty",
        Stage::Drawn => "keys wait for their certificates",
        Stage::Complete => "complete",
    };
    let certificates = status.certificates.iter().map(|(name, certificate)| {
        serde_json::json!({
            "name": name,
            "sha256": certificate.fingerprint().to_string(),
            "expires": expiry(certificate),
            "days_left": days_left(certificate, now),
        })
    });
    let rows = vec![
        ("stage", stage.into()),
        ("certificates", certificates.collect::<Vec<_>>().into()),
    ];
    let exit = if status.stage == Stage::Empty {
        Exit::NotFound
    } else {
        Exit::Done
    };
    Ok(Answer::one("ca", Rows(rows)).ending(exit))
}

fn path(dir: &Path, name: &str) -> serde_json::Value {
    dir.join(name).display().to_string().into()
}

pub(crate) fn expiry(certificate: &Certificate) -> serde_json::Value {
    moment(UnixMs(certificate.validity_unix_ms().1))
}

/// Whole days until the certificate ends; negative afterwards.
pub(crate) fn days_left(certificate: &Certificate, now: UnixMs) -> i64 {
    (certificate.validity_unix_ms().1 - now.0).div_euclid(UnixMs::DAY)
}

pub(crate) fn moment(at: UnixMs) -> serde_json::Value {
    format!("{}Z", at.civil(0)).into()
}
