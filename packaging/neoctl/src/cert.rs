//! `cert` and `crl`: the certificates that headquarters issued, and the lists of those that vouch for nothing any more.

use std::fs::read_to_string;
use std::io;
use std::path::PathBuf;

use clap::Subcommand;
use domain::UnixMs;
use hq::Pki;
use hq::fleet::{self as decisions, FleetError};
use hq::reference::PublicationError;
use hq::store::IssuedCertificate;
use serde_json::Value;
use thiserror::Error;
use trust::Digest;
use trust::cert::{Certificate, CertificateError, Crl, Holder, Profile, Reason, verify_chain};

use crate::answer::{Answer, Rows};
use crate::ca::{days_left, expiry, moment};
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki, reference};

/// What stands for the serial of what terminals are sent.
const NO_KEY: &str =
    "not published: the key that signs reference data is not here; publish again where it is";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the certificates by holder.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows every certificate of a holder, or the one of a fingerprint.
    Show {
        which: Which,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Lists what still vouches and ends within some days, the first to end first.
    Expiring {
        #[arg(long, default_value_t = 30)]
        days: u16,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Revokes the certificates of a holder, or the one of a fingerprint; `crl publish` tells the broker.
    Revoke {
        which: Which,
        #[arg(long, value_parser = reason)]
        reason: Reason,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Checks a certificate (PEM) against the root, the calendar and the broker's revocation list.
    Verify {
        file: PathBuf,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum CrlCommand {
    /// Signs the next list from what is revoked, and keeps it.
    Build {
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Signs the next list, puts it where the broker reads it, and publishes it to terminals.
    ///
    /// The broker takes it when it is restarted, terminals at their next connection. The root's list goes with it.
    Publish {
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Takes the root's list, which `ca revoke` wrote on the offline machine; `crl publish` sends it to terminals.
    Import {
        file: PathBuf,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Shows the broker's list.
    Show {
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Says what the next list would add to the broker's.
    Diff {
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

/// Which certificates: those of a holder, such as `device:neo-000001`, or one by its SHA-256.
#[derive(Debug, Clone)]
pub(crate) struct Which {
    text: String,
    of: Of,
}

#[derive(Debug, Clone)]
enum Of {
    Holder(Holder),
    Fingerprint(Digest),
}

/// The text names no certificate.
#[derive(Debug, Clone, Copy, Error)]
#[error(
    "name a holder as `device:neo-000001`, `officer:ID` or `camera:NAME`, or give the SHA-256 of a certificate"
)]
pub(crate) struct NoSuchText;

impl std::str::FromStr for Which {
    type Err = NoSuchText;

    fn from_str(text: &str) -> Result<Self, NoSuchText> {
        let name = |prefix| {
            text.strip_prefix(prefix)
                .filter(|name: &&str| !name.is_empty())
                .map(str::to_owned)
        };
        let of = if let Some(name) = name("device:") {
            Of::Holder(Holder::Device(name))
        } else if let Some(name) = name("officer:") {
            Of::Holder(Holder::Agent(name))
        } else if let Some(name) = name("camera:") {
            Of::Holder(Holder::Camera(name))
        } else {
            Of::Fingerprint(text.parse().map_err(|_| NoSuchText)?)
        };
        let text = match &of {
            Of::Holder(_) => text.split_once(':').map_or(text, |(_, name)| name).to_owned(),
            Of::Fingerprint(_) => text.to_owned(),
        };
        Ok(Self { text, of })
    }
}

pub(crate) fn reason(text: &str) -> Result<Reason, String> {
    Reason::from_code(text).ok_or_else(|| {
        let all = Reason::ALL.map(Reason::code);
        format!("a reason is one of {}", all.join(", "))
    })
}

/// Why certificates are not shown, revoked or checked.
#[derive(Debug, Error)]
pub(crate) enum Uncertified {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error(transparent)]
    Decision(#[from] FleetError),
    #[error("cannot read the HQ store")]
    Store(#[from] hq::store::StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error("the revocation list is out for the broker; terminals were not told")]
    Publication(#[from] PublicationError),
    #[error("headquarters issued no certificate to `{which}`; `neoctl cert list` names those it issued")]
    None { which: String },
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` does not hold a certificate of this project", path.display())]
    Certificate {
        path: PathBuf,
        #[source]
        source: CertificateError,
    },
}

impl Uncertified {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Decision(error) => decided(error),
            Self::Pki(error) => pki::exit(error),
            Self::Publication(error) => reference::exit(error),
            Self::None { .. } => Exit::NotFound,
            Self::Read { source, .. } => Exit::of(source),
            Self::Certificate { .. } => Exit::Refuted,
            Self::Store(_) => Exit::Failed,
        }
    }
}

/// How a decision that changed nothing ends.
pub(crate) fn decided(error: &FleetError) -> Exit {
    match error {
        FleetError::Pki(error) => pki::exit(error),
        FleetError::Store(_) => Exit::Failed,
        FleetError::UnknownDevice { .. }
        | FleetError::UnknownOfficer { .. }
        | FleetError::NotBound { .. }
        | FleetError::NotSuspended { .. }
        | FleetError::NoCertificate { .. } => Exit::NotFound,
        FleetError::Already { .. } | FleetError::Retired { .. } => Exit::Conflict,
    }
}

impl Command {
    pub(crate) fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Show { .. } | Self::Expiring { .. } | Self::Verify { .. } => {
                Effect::Reads
            }
            Self::Revoke { which, .. } => Effect::Destroys(&which.text),
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Uncertified> {
        let now = session.now;
        let all = |list: Vec<Rows>| Ok(Answer::many("certificate", "certificates", list));
        match self {
            Self::List { hq } => {
                let issued = fleet::open(session.hq(hq)?)?.begin()?.certificates(None)?;
                all(issued.iter().map(|issued| line(issued, now)).collect())
            }
            Self::Show { which, hq } => {
                let issued = fleet::open(session.hq(hq)?)?.begin()?.certificates(None)?;
                let found = issued.iter().filter(|issued| which.is(&issued.certificate));
                let found: Vec<Rows> = found.map(|issued| line(issued, now)).collect();
                if found.is_empty() {
                    return Err(Uncertified::None {
                        which: which.text.clone(),
                    });
                }
                all(found)
            }
            Self::Expiring { days, hq } => {
                let issued = fleet::open(session.hq(hq)?)?.begin()?.certificates(None)?;
                let within = |issued: &&IssuedCertificate| {
                    let left = days_left(&issued.certificate, now);
                    issued.revoked.is_none() && (0..i64::from(*days)).contains(&left)
                };
                let mut found: Vec<&IssuedCertificate> = issued.iter().filter(within).collect();
                found.sort_by_key(|issued| issued.certificate.validity_unix_ms().1);
                all(found.into_iter().map(|issued| line(issued, now)).collect())
            }
            Self::Revoke { which, reason, hq } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let revoked = match &which.of {
                    Of::Holder(holder) => decisions::revoke(&mut store, holder, *reason, now)?,
                    Of::Fingerprint(fingerprint) => {
                        let transaction = store.begin()?;
                        if !transaction.revoke_one(fingerprint, *reason, now)? {
                            return Err(Uncertified::None {
                                which: which.text.clone(),
                            });
                        }
                        transaction.commit()?;
                        1
                    }
                };
                let rows = vec![
                    ("which", which.text.as_str().into()),
                    ("reason", reason.code().into()),
                    ("revoked", revoked.into()),
                    ("next", "crl publish".into()),
                ];
                Ok(Answer::one("revocation", Rows(rows)))
            }
            Self::Verify { file, pki } => {
                let pki = Pki::open(session.pki(pki)?)?;
                verify(file, &pki, now)
            }
        }
    }
}

impl Which {
    fn is(&self, certificate: &Certificate) -> bool {
        match &self.of {
            Of::Holder(holder) => certificate.holder() == Some(holder),
            Of::Fingerprint(fingerprint) => certificate.fingerprint() == *fingerprint,
        }
    }
}

fn line(issued: &IssuedCertificate, now: UnixMs) -> Rows {
    let certificate = &issued.certificate;
    let revoked = issued.revoked;
    let status = match revoked {
        Some(_) => "revoked",
        None if days_left(certificate, now) < 0 => "expired",
        None => "valid",
    };
    Rows(vec![
        ("holder", certificate.holder().map(Holder::to_urn).into()),
        ("sha256", certificate.fingerprint().to_string().into()),
        ("issued", moment(issued.issued)),
        ("expires", expiry(certificate)),
        ("days_left", days_left(certificate, now).into()),
        ("status", status.into()),
        ("revoked_at", revoked.map_or(Value::Null, |(at, _)| moment(at))),
        ("reason", revoked.map(|(_, reason)| reason.code()).into()),
    ])
}

/// Each question has its own answer; what was not asked says so.
fn verify(file: &PathBuf, pki: &Pki, now: UnixMs) -> Result<Answer, Uncertified> {
    const PROFILES: [Profile; 10] = [
        Profile::Device,
        Profile::Officer,
        Profile::HqReceipt,
        Profile::HqCommand,
        Profile::HqReference,
        Profile::Camera,
        Profile::TlsServer,
        Profile::Gateway,
        Profile::BulkDevice,
        Profile::Approver,
    ];
    let text = read_to_string(file).map_err(|source| Uncertified::Read {
        path: file.clone(),
        source,
    })?;
    let chain = Certificate::parse_pem_chain(&text).map_err(|source| Uncertified::Certificate {
        path: file.clone(),
        source,
    })?;
    let leaf = chain.first().ok_or_else(|| Uncertified::None {
        which: file.display().to_string(),
    })?;
    let profile = PROFILES
        .into_iter()
        .find(|profile| leaf.check_profile(*profile).is_ok());
    let intermediates = std::slice::from_ref(pki.issuing());
    let anchors = std::slice::from_ref(pki.root());
    let asked = profile.unwrap_or(Profile::Device);
    let verdict = verify_chain(leaf, intermediates, anchors, asked, now.0);
    let crl = pki.crl()?;
    // The list speaks of the issuing authority's certificates alone.
    let is_of_issuing = verify_chain(leaf, &[], intermediates, asked, now.0)
        .trusted
        .is_ok();
    let is_current = now.0 < crl.next_update_unix_ms;
    let status = match (is_of_issuing, is_current, crl.find(leaf.serial())) {
        (true, true, None) => "good",
        (true, _, Some(_)) => "revoked",
        (true, false, None) => "not_checked: the revocation list is out of date",
        (false, ..) => "not_checked: no revocation list speaks of it",
    };
    let is_good = verdict.all_ok() && (status == "good" || !is_of_issuing);
    let rows = vec![
        ("file", file.display().to_string().into()),
        ("sha256", leaf.fingerprint().to_string().into()),
        ("profile", profile.map(|profile| format!("{profile:?}")).into()),
        ("signature", said(&verdict.signature)),
        ("trusted", said(&verdict.trusted)),
        ("in_date", said(&verdict.in_date)),
        ("status", status.into()),
        ("crl_number", crl.number.into()),
    ];
    let exit = if is_good { Exit::Done } else { Exit::Refuted };
    Ok(Answer::one("certificate", Rows(rows)).ending(exit))
}

fn said<F: std::fmt::Display>(verdict: &trust::Verdict<F>) -> Value {
    match verdict {
        trust::Verdict::Ok => "ok".into(),
        trust::Verdict::NotChecked => "not_checked".into(),
        trust::Verdict::Failed(fault) => fault.to_string().into(),
    }
}

impl CrlCommand {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Show { .. } | Self::Diff { .. } => Effect::Reads,
            Self::Build { .. } | Self::Publish { .. } | Self::Import { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Uncertified> {
        let now = session.now;
        let one = |rows| Ok(Answer::one("crl", Rows(rows)));
        match self {
            Self::Build { hq, pki } => {
                let (mut store, pki) = (fleet::open(session.hq(hq)?)?, Pki::open(session.pki(pki)?)?);
                one(about(&decisions::build_crl(&mut store, &pki, now)?))
            }
            Self::Publish { hq, pki } => {
                let (mut store, pki) = (fleet::open(session.hq(hq)?)?, Pki::open(session.pki(pki)?)?);
                let crl = decisions::build_crl(&mut store, &pki, now)?;
                pki.publish_crl(&crl)?;
                let mut rows = about(&crl);
                rows.push(("file", pki.crl_file().display().to_string().into()));
                match decisions::publish_revocations(&mut store, &pki, &crl, now) {
                    Ok(published) => {
                        rows.push(("terminals", published.serial.into()));
                        one(rows)
                    }
                    // The broker refuses from here on; terminals hear of it once the key is at hand.
                    Err(PublicationError::Key(_)) => {
                        rows.push(("terminals", NO_KEY.into()));
                        Ok(Answer::one("crl", Rows(rows)).ending(Exit::Partial))
                    }
                    Err(error) => Err(error.into()),
                }
            }
            Self::Import { file, pki } => {
                let crl = Pki::open(session.pki(pki)?)?.take_root_crl(file)?;
                one(about(&crl))
            }
            Self::Show { pki } => {
                let crl = Pki::open(session.pki(pki)?)?.crl()?;
                let mut rows = about(&crl);
                let entries = crl.revoked.iter().map(|revoked| {
                    serde_json::json!({
                        "serial": hex(&revoked.serial),
                        "at": moment(UnixMs(revoked.at_unix_ms)),
                        "reason": revoked.reason.code(),
                    })
                });
                rows.push(("entries", entries.collect::<Vec<_>>().into()));
                one(rows)
            }
            Self::Diff { hq, pki } => {
                let pki = Pki::open(session.pki(pki)?)?;
                let crl = pki.crl()?;
                let issued = fleet::open(session.hq(hq)?)?.begin()?.certificates(None)?;
                let missing = issued.iter().filter(|issued| {
                    issued.revoked.is_some() && crl.find(issued.certificate.serial()).is_none()
                });
                let missing: Vec<Rows> = missing.map(|issued| line(issued, now)).collect();
                Ok(Answer::many("missing", "missing", missing))
            }
        }
    }
}

pub(crate) fn about(crl: &Crl) -> Vec<(&'static str, Value)> {
    vec![
        ("number", crl.number.into()),
        ("revoked", crl.revoked.len().into()),
        ("this_update", moment(UnixMs(crl.this_update_unix_ms))),
        ("next_update", moment(UnixMs(crl.next_update_unix_ms))),
    ]
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
