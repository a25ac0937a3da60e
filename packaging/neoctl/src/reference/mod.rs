//! `reference`: the official list of offences becomes a set that HQ signs and that every terminal takes.
//!
//! A list with a fault publishes nothing, and says on which line the fault is.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use domain::UnixMs;
use domain::identity::CivilDate;
use domain::natinf::{CsvError, MAX_CSV, Merged, Reference, ReferenceSet, ReferenceVersion};
use hq::reference::{MAX_FILE, PublicationError};
use hq::store::{Published, StoreError};
use hq::{Pki, Publication};
use serde_json::Value;
use thiserror::Error;

use crate::answer::Rows;
use crate::fleet::{self, Unknown};
use crate::{Exit, keys};

/// Why no set was made, published or shown.
#[derive(Debug, Error)]
pub(crate) enum Unpublished {
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error("cannot import `{}`", path.display())]
    List {
        path: PathBuf,
        #[source]
        source: CsvError,
    },
    #[error("cannot publish the reference set")]
    Publication(#[from] PublicationError),
    #[error("there is no reference set called `{version}`; `neoctl reference list` names those there are")]
    NoSet { version: String },
    #[error("headquarters has published no reference set; terminals use the one of their program")]
    NoneYet,
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write `{}`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is already there; choose another name", path.display())]
    AlreadyThere { path: PathBuf },
}

impl Unpublished {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => keys::exit(error),
            Self::NoSet { .. } | Self::NoneYet => Exit::NotFound,
            Self::AlreadyThere { .. } => Exit::Conflict,
            Self::Read { source, .. } | Self::Write { source, .. } => Exit::of(source),
            Self::Publication(error) => match error {
                PublicationError::Key(error) => keys::exit(error),
                PublicationError::NotNewer { .. } | PublicationError::Named { .. } => Exit::Conflict,
                PublicationError::Untrusted | PublicationError::Set(_) => Exit::Refuted,
                PublicationError::Pack(_) | PublicationError::Store(_) | PublicationError::Unreadable => {
                    Exit::Failed
                }
            },
            Self::List { .. } | Self::Store(_) => Exit::Failed,
        }
    }
}

/// What to make of a list.
pub(crate) struct Import<'a> {
    /// `-` is standard input.
    pub(crate) list: &'a Path,
    /// The folder of `neo-hq --dir`, whose newest set is the base.
    pub(crate) hq: Option<&'a Path>,
    /// The folder of `neo-hq --pki`; none for a trial.
    pub(crate) pki: Option<&'a Path>,
    /// A new file, in place of publishing.
    pub(crate) out: Option<&'a Path>,
    /// How records name the set.
    pub(crate) name: Option<&'a str>,
    pub(crate) issued: Option<CivilDate>,
}

pub(crate) fn import(request: &Import<'_>, now: UnixMs) -> Result<Rows, Unpublished> {
    let bytes = bytes(request.list, MAX_CSV)?;
    let issued = request
        .issued
        .unwrap_or_else(|| CivilDate::from(now.civil(0).date()));
    let name = request
        .name
        .map_or_else(|| format!("natinf-{}", issued.date()), str::to_owned);
    let (newest, base) = base(request.hq)?;
    let merged = Reference::from_csv(&bytes, &base, ReferenceVersion(name), issued).map_err(|source| {
        Unpublished::List {
            path: request.list.to_owned(),
            source,
        }
    })?;
    let mut rows = rows(&merged);
    let Some(pki) = request.pki else {
        rows.push(("published", false.into()));
        return Ok(Rows(rows));
    };
    let pki = Pki::open(pki)?;
    let publication = Publication::sign(&pki, &merged.reference, newest, now)?;
    let published = match (request.out, request.hq) {
        (Some(out), _) => {
            let (head, _) = publication.verify(pki.root(), now)?;
            write_new(out, &publication.to_bytes())?;
            rows.extend([
                ("serial", head.serial.into()),
                ("packed_bytes", publication.packed.len().into()),
                ("file", out.display().to_string().into()),
            ]);
            false
        }
        (None, Some(dir)) => {
            let mut store = fleet::open(dir)?;
            let published = publication.publish(&mut store, pki.root(), now)?;
            rows.extend([
                ("serial", published.serial.into()),
                ("packed_bytes", published.packed.into()),
            ]);
            true
        }
        (None, None) => false,
    };
    rows.push(("published", published.into()));
    Ok(Rows(rows))
}

/// What HQ publishes now and its serial; before its first publication, what terminals have compiled in.
fn base(hq: Option<&Path>) -> Result<(u64, Reference), Unpublished> {
    let Some(dir) = hq else {
        return Ok((0, ReferenceSet::embedded().reference()));
    };
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let serial = transaction.newest_reference()?;
    match transaction.publication(serial)? {
        None => Ok((serial, ReferenceSet::embedded().reference())),
        Some(publication) => Ok((serial, publication.read()?.1)),
    }
}

/// What became of the list's rows.
fn rows(merged: &Merged) -> Vec<(&'static str, Value)> {
    let reference = &merged.reference;
    let changed = merged.changed.iter().map(|natinf| Value::from(natinf.code()));
    vec![
        ("version", reference.version.0.as_str().into()),
        ("issued", reference.issued.date().to_string().into()),
        ("read", merged.read.into()),
        ("unchecked", merged.unchecked.into()),
        ("changed", changed.collect()),
        ("offences", reference.offences.len().into()),
    ]
}

/// Publishes what was signed elsewhere.
pub(crate) fn publish(file: &Path, hq: &Path, pki: &Path, now: UnixMs) -> Result<Rows, Unpublished> {
    let publication = Publication::from_bytes(&bytes(file, MAX_FILE)?)?;
    let pki = Pki::open(pki)?;
    let published = publication.publish(&mut fleet::open(hq)?, pki.root(), now)?;
    Ok(line(&published))
}

/// Every set that HQ published, the oldest first.
pub(crate) fn list(hq: &Path) -> Result<Vec<Rows>, Unpublished> {
    let published = fleet::open(hq)?.begin()?.references()?;
    Ok(published.iter().map(line).collect())
}

/// One set, the newest where no version is given.
pub(crate) fn show(hq: &Path, version: Option<&str>) -> Result<Rows, Unpublished> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    let published = match version {
        Some(version) => transaction
            .reference_called(&ReferenceVersion(version.to_owned()))?
            .ok_or_else(|| Unpublished::NoSet {
                version: version.to_owned(),
            })?,
        None => transaction.references()?.pop().ok_or(Unpublished::NoneYet)?,
    };
    let corrupt = StoreError::Corrupt {
        what: "reference set",
    };
    let publication = transaction.publication(published.serial)?.ok_or(corrupt)?;
    let (_, reference) = publication.read()?;
    let Rows(mut rows) = line(&published);
    rows.extend([
        ("issued", reference.issued.date().to_string().into()),
        ("scales", reference.scales.len().into()),
        ("tariffs", reference.afd.len().into()),
        ("margins", reference.margins.len().into()),
    ]);
    Ok(Rows(rows))
}

fn line(published: &Published) -> Rows {
    Rows(vec![
        ("version", published.version.0.as_str().into()),
        ("serial", published.serial.into()),
        ("published_at", format!("{}Z", published.at.civil(0)).into()),
        ("offences", published.offences.into()),
        ("packed_bytes", published.packed.into()),
    ])
}

/// A file, or standard input, as far as `most`; one byte more shows that it is longer.
fn bytes(path: &Path, most: usize) -> Result<Vec<u8>, Unpublished> {
    let most = most as u64 + 1;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|source| Unpublished::Read {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes)
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Unpublished> {
    let created = OpenOptions::new().write(true).create_new(true).open(path);
    created
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|source| {
            let path = path.to_owned();
            if source.kind() == io::ErrorKind::AlreadyExists {
                Unpublished::AlreadyThere { path }
            } else {
                Unpublished::Write { path, source }
            }
        })
}
