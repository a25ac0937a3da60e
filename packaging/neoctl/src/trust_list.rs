//! `trust`: who signs visible seals, as a list that `document read` and the terminals hold seals against.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::UnixMs;
use domain::canonical::NotCanonical;
use domain::identity::cachet::{Authority, Signer, TrustList};
use hq::Pki;
use hq::pki::PkiError;
use hq::reference::{PublicationError, publish_trust_list};
use serde_json::{Value, json};
use thiserror::Error;
use trust::cachet::tsl::{self, TslError};
use trust::cachet::{Gathering, GatheringError, ListError, MAX_CERTIFICATES, OutsideError};

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::cachet::utc;
use crate::document::code;
use crate::file::{self, FileError};
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{pki, reference};

/// A list of every certificate, and more than a published list in XML.
const MAX_FILE: u64 = 64 * 1024 * 1024;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Makes a list of what certificates and published lists hold, and writes it to a new file.
    ///
    /// The signature under a published list is not checked: have it from a place that you trust. Certificates are those
    /// of authorities and of signers; lists of revoked ones count when their authority signed them.
    Import {
        /// A published list (ETSI TS 119 612, XML), a folder of certificates (`.der`, `.cer`, `.crt`, `.pem`) and lists
        /// of revoked ones (`.crl`), or one certificate.
        #[arg(required = true, value_name = "FILE|FOLDER")]
        sources: Vec<PathBuf>,
        /// The new file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Signs a list and publishes it to terminals, which take it at their next connection.
    ///
    /// A list that its author issued before the one that terminals have is refused.
    Publish {
        /// What `trust import` wrote, or anything that it reads.
        #[arg(value_name = "FILE|FOLDER")]
        list: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Shows a list: its age, its authorities, its signers.
    Show {
        /// What `trust import` wrote, or anything that it reads.
        #[arg(value_name = "FILE|FOLDER")]
        list: PathBuf,
    },
}

/// Why there is no list.
#[derive(Debug, Error)]
pub(crate) enum Untrusted {
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is larger than {MAX_FILE} bytes", path.display())]
    TooLong { path: PathBuf },
    #[error("`{}` holds no certificate; take it out of the folder", path.display())]
    Certificate {
        path: PathBuf,
        #[source]
        source: OutsideError,
    },
    #[error("cannot use the list of revoked certificates `{}`", path.display())]
    Revocations {
        path: PathBuf,
        #[source]
        source: OutsideError,
    },
    #[error("cannot use the published list `{}`", path.display())]
    Published {
        path: PathBuf,
        #[source]
        source: TslError,
    },
    #[error("`{}` is neither a list that `trust import` wrote, a published list nor a certificate", path.display())]
    NoList {
        path: PathBuf,
        #[source]
        source: NotCanonical,
    },
    #[error("cannot make a list of `{}`", path.display())]
    List {
        path: PathBuf,
        #[source]
        source: ListError,
    },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] PkiError),
    #[error("cannot publish the list")]
    Publication(#[from] PublicationError),
}

impl Untrusted {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Read { source, .. } => Exit::of(source),
            Self::File(error) => error.exit(),
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Publication(error) => reference::exit(error),
            Self::Revocations {
                source: OutsideError::StrangeCrl,
                ..
            } => Exit::Refuted,
            Self::TooLong { .. }
            | Self::Certificate { .. }
            | Self::Revocations { .. }
            | Self::Published { .. }
            | Self::NoList { .. }
            | Self::List { .. } => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Import { .. } | Self::Publish { .. } => Effect::Writes,
            Self::Show { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Untrusted> {
        match self {
            Self::Import { sources, out } => {
                let list = gathered(sources, session.now)?;
                file::make(out, &domain::encode(&list))?;
                let mut rows = facts(&list, session.now);
                rows.push(("file", out.display().to_string().into()));
                Ok(Answer::one("trust_list", Rows(rows)))
            }
            Self::Publish { list, hq, pki } => {
                let list = load(list, session.now)?;
                let mut rows = facts(&list, session.now);
                let (mut store, pki) = (fleet::open(session.hq(hq)?)?, Pki::open(session.pki(pki)?)?);
                let published = publish_trust_list(&mut store, &pki, list, session.now)?;
                rows.push(("version", published.version.0.into()));
                rows.push(("serial", published.serial.into()));
                Ok(Answer::one("trust_list", Rows(rows)))
            }
            Self::Show { list } => {
                let list = load(list, session.now)?;
                let mut rows = facts(&list, session.now);
                rows.push(("authority_list", list.authorities.iter().map(authority).collect()));
                rows.push(("signer_list", list.signers.iter().map(signer).collect()));
                Ok(Answer::one("trust_list", Rows(rows)))
            }
        }
    }
}

/// The list in a file that `trust import` wrote, or made of anything that it reads.
pub(crate) fn load(path: &Path, now: UnixMs) -> Result<TrustList, Untrusted> {
    if !path.is_dir() {
        let bytes = bounded(path)?;
        if !is_published(&bytes) && !is_certificate(&bytes) {
            return domain::decode(&bytes).map_err(|source| Untrusted::NoList {
                path: path.to_owned(),
                source,
            });
        }
    }
    gathered(&[path.to_owned()], now)
}

/// Where a list of revoked certificates was found, in the order in which they were taken up.
#[derive(Default)]
struct Collected {
    gathering: Gathering,
    revocations: Vec<PathBuf>,
}

fn gathered(sources: &[PathBuf], now: UnixMs) -> Result<TrustList, Untrusted> {
    let mut collected = Collected::default();
    for source in sources {
        if source.is_dir() {
            for path in entries(source)? {
                collected.take_named(&path)?;
            }
        } else {
            collected.take(source)?;
        }
    }
    let names: Vec<String> = sources
        .iter()
        .filter_map(|path| path.file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let list = collected
        .gathering
        .list(&format!("import: {}", names.join(", ")), now);
    list.map_err(|error| match error {
        GatheringError::List(source) => Untrusted::List {
            path: sources.first().cloned().unwrap_or_default(),
            source,
        },
        GatheringError::Revocations { position, source } => Untrusted::Revocations {
            path: collected.revocations.get(position).cloned().unwrap_or_default(),
            source,
        },
    })
}

impl Collected {
    /// One file of a folder; what is not named like a certificate or a list of revoked ones is left alone.
    fn take_named(&mut self, path: &Path) -> Result<(), Untrusted> {
        let extension = path.extension().map(|extension| extension.to_ascii_lowercase());
        match extension.as_ref().and_then(|extension| extension.to_str()) {
            Some("der" | "cer" | "crt" | "pem" | "crl") => self.take(path),
            _ => Ok(()),
        }
    }

    fn take(&mut self, path: &Path) -> Result<(), Untrusted> {
        let bytes = bounded(path)?;
        let owned = || path.to_owned();
        if is_published(&bytes) {
            let xml = std::str::from_utf8(&bytes).map_err(|_| TslError::NotXml);
            let list = xml.and_then(tsl::read).map_err(|source| Untrusted::Published {
                path: owned(),
                source,
            })?;
            return self.gathering.publish(list).map_err(|source| Untrusted::List {
                path: owned(),
                source,
            });
        }
        if path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("crl"))
        {
            self.revocations.push(owned());
            self.gathering.revocations(bytes);
            return Ok(());
        }
        self.gathering
            .certificate(&bytes)
            .map_err(|source| Untrusted::Certificate {
                path: owned(),
                source,
            })
    }
}

/// The files of a folder by name, no more than a list may have certificates, twice.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Untrusted> {
    let failed = |source| Untrusted::Read {
        path: folder.to_owned(),
        source,
    };
    let found = fs::read_dir(folder)
        .map_err(failed)?
        .take(2 * MAX_CERTIFICATES + 1);
    let found: Result<Vec<PathBuf>, io::Error> = found.map(|entry| entry.map(|entry| entry.path())).collect();
    let mut found = found.map_err(failed)?;
    if found.len() > 2 * MAX_CERTIFICATES {
        return Err(Untrusted::List {
            path: folder.to_owned(),
            source: ListError::TooMany,
        });
    }
    found.retain(|path| path.is_file());
    found.sort();
    Ok(found)
}

fn bounded(path: &Path) -> Result<Vec<u8>, Untrusted> {
    let bytes = file::read_at_most(path, MAX_FILE)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(Untrusted::TooLong {
            path: path.to_owned(),
        });
    }
    Ok(bytes)
}

/// XML, with or without a byte order mark.
fn is_published(bytes: &[u8]) -> bool {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    text.trim_ascii_start().starts_with(b"<")
}

/// A SEQUENCE, or PEM; a list of ours is a map.
fn is_certificate(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\x30") || bytes.starts_with(b"-----")
}

fn facts(list: &TrustList, now: UnixMs) -> Vec<(&'static str, Value)> {
    let revoked: usize = list
        .authorities
        .iter()
        .filter_map(|authority| authority.revocations.as_ref())
        .map(|revocations| revocations.serials.len())
        .sum();
    vec![
        ("origin", list.origin.as_str().into()),
        ("sequence", list.sequence.into()),
        ("issued", utc(list.issued)),
        ("next_update", list.next_update.map_or(Value::Null, utc)),
        ("age_days", list.age_days(now).into()),
        ("outdated", list.is_outdated(now).into()),
        ("signature", code(list.signature).into()),
        ("sha256", list.digest().to_string().into()),
        ("authorities", list.authorities.len().into()),
        ("signers", list.signers.len().into()),
        ("revoked", revoked.into()),
    ]
}

fn authority(authority: &Authority) -> Value {
    let revocations = authority.revocations.as_ref();
    json!({
        "id": authority.id,
        "standing": authority.standing.code(),
        "since": authority.since.map(utc),
        "validity": validity(&authority.certificate.0),
        "revoked": revocations.map(|revocations| revocations.serials.len()),
        "revocations_issued": revocations.map(|revocations| utc(revocations.issued)),
    })
}

fn signer(signer: &Signer) -> Value {
    json!({
        "authority": signer.authority,
        "id": signer.id,
        "validity": validity(&signer.certificate.0),
    })
}

/// First and last day.
fn validity(der: &[u8]) -> Value {
    trust::cachet::validity(der).map_or(Value::Null, |(first, last)| {
        json!([first.date().to_string(), last.date().to_string()])
    })
}
