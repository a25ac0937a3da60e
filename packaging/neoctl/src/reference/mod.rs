//! `reference`: the official list of offences and the texts of units become a set that HQ signs and that every terminal
//! takes.
//!
//! What has a fault publishes nothing, and the error says where the fault is.

mod bases;
mod command;
mod hotlist;
mod texts;

use std::collections::BTreeSet;
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use domain::UnixMs;
use domain::identity::CivilDate;
use domain::legal_basis::BasisFault;
use domain::natinf::{CsvError, MAX_CSV, Merged, Reference, ReferenceSet, ReferenceVersion};
use hq::hotlist::{HotlistError, PersonsFault};
use hq::reference::{Contents, MAX_FILE, PublicationError, SetKind};
use hq::store::{Published, StoreError};
use hq::{Pki, Publication};
use serde_json::Value;
use thiserror::Error;

pub(crate) use self::command::Command;
use self::command::Placed;
pub(crate) use self::texts::Texts;
use self::texts::TextsError;
use crate::answer::Rows;
use crate::file::{self, FileError};
use crate::fleet::{self, Unknown};
use crate::session::Unready;
use crate::{Exit, pki};

/// The largest file of texts.
const MAX_TEXT_FILE: usize = 4 * 1024 * 1024;

/// Why no set was made, published or shown.
#[derive(Debug, Error)]
pub(crate) enum Unpublished {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error("a trial writes no file; leave `--out` or `--dry-run` out")]
    TrialOfFile,
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
    #[error("cannot take the texts of `{}`", path.display())]
    Texts {
        path: PathBuf,
        #[source]
        source: Box<TextsError>,
    },
    #[error("cannot take the legal bases of `{}`; nothing was published", path.display())]
    Bases {
        path: PathBuf,
        #[source]
        source: BasisFault,
    },
    #[error("cannot publish the reference set")]
    Publication(#[from] PublicationError),
    #[error("line {line} of `{}` is no plate or number; correct it, nothing was published", path.display())]
    Line { path: PathBuf, line: usize },
    #[error("`{}` is refused, nothing was published", path.display())]
    Persons {
        path: PathBuf,
        #[source]
        source: PersonsFault,
    },
    #[error(transparent)]
    Hotlist(#[from] HotlistError),
    #[error("there is no reference set called `{version}`; `neoctl reference list` names those there are")]
    NoSet { version: String },
    #[error("headquarters has published no reference set; terminals use the one of their program")]
    NoneYet,
    #[error(transparent)]
    File(#[from] FileError),
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
            Self::Unready(unready) => unready.exit(),
            Self::TrialOfFile => Exit::Usage,
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::NoSet { .. } | Self::NoneYet => Exit::NotFound,
            Self::AlreadyThere { .. } => Exit::Conflict,
            Self::File(error) => error.exit(),
            Self::Write { source, .. } => Exit::of(source),
            Self::Publication(error) | Self::Hotlist(HotlistError::Publication(error)) => exit(error),
            Self::Hotlist(HotlistError::Older { .. }) => Exit::Conflict,
            Self::Hotlist(HotlistError::NoPolicy) => Exit::Forbidden,
            Self::List { .. }
            | Self::Texts { .. }
            | Self::Line { .. }
            | Self::Bases { .. }
            | Self::Persons { .. }
            | Self::Hotlist(_)
            | Self::Store(_) => Exit::Failed,
        }
    }
}

pub(crate) fn exit(error: &PublicationError) -> Exit {
    match error {
        PublicationError::Key(error) => pki::exit(error),
        PublicationError::NotNewer { .. }
        | PublicationError::Named { .. }
        | PublicationError::OlderList
        | PublicationError::OlderEdition => Exit::Conflict,
        PublicationError::Untrusted | PublicationError::Set(_) => Exit::Refuted,
        PublicationError::Pack(_)
        | PublicationError::Store(_)
        | PublicationError::Unreadable
        | PublicationError::NotLaw => Exit::Failed,
    }
}

fn import(list: &Path, issue: &Placed<'_>, now: UnixMs) -> Result<Rows, Unpublished> {
    let bytes = file::input_at_most(list, MAX_CSV as u64)?;
    let (version, issued) = issue.named("natinf", now);
    let (newest, base) = base(issue.dir)?;
    let merged = Reference::from_csv(&bytes, &base, version, issued).map_err(|source| Unpublished::List {
        path: list.to_owned(),
        source,
    })?;
    let rows = rows(&merged);
    issue.out_to_terminals(&merged.reference, newest, rows, now)
}

/// The texts of `unit` in what HQ publishes now.
pub(crate) fn show_texts(hq: Option<&Path>, unit: Option<&str>) -> Result<Texts, Unpublished> {
    let (_, base) = base(hq)?;
    Ok(Texts::of(&base, unit))
}

fn set_texts(file: &Path, issue: &Placed<'_>, now: UnixMs) -> Result<Rows, Unpublished> {
    let fault = |source: TextsError| Unpublished::Texts {
        path: file.to_owned(),
        source: Box::new(source),
    };
    let bytes = file::input_at_most(file, MAX_TEXT_FILE as u64)?;
    if bytes.len() > MAX_TEXT_FILE {
        return Err(fault(TextsError::File));
    }
    let text = String::from_utf8(bytes).map_err(|_| fault(TextsError::Charset))?;
    let texts = Texts::parse(&text).map_err(fault)?;
    let (newest, mut reference) = base(issue.dir)?;
    let replaced = texts.replace(&mut reference).map_err(fault)?;
    (reference.version, reference.issued) = issue.named("textes", now);
    let mut rows = Vec::new();
    if let Some(unit) = &replaced.unit {
        rows.push(("unit", unit.as_str().into()));
    }
    if let Some((dir, unit)) = issue.dir.zip(replaced.unit.as_deref()) {
        let officers = fleet::open(dir)?.begin()?.officers()?;
        let of_unit = officers.iter().filter(|officer| officer.unit == unit).count();
        // A misspelt unit has none.
        rows.push(("officers_of_unit", of_unit.into()));
    }
    rows.extend([
        ("version", reference.version.0.as_str().into()),
        ("issued", reference.issued.date().to_string().into()),
        ("formulas", replaced.formulas.into()),
        ("templates", replaced.templates.into()),
        ("offences", reference.offences.len().into()),
    ]);
    issue.out_to_terminals(&reference, newest, rows, now)
}

impl Placed<'_> {
    /// How records name the new set, and its day.
    fn named(&self, kind: &str, now: UnixMs) -> (ReferenceVersion, CivilDate) {
        let issued = self
            .issue
            .issued
            .unwrap_or_else(|| CivilDate::from(now.civil(0).date()));
        let name = self
            .issue
            .name
            .as_ref()
            .map_or_else(|| format!("{kind}-{}", issued.date()), Clone::clone);
        (ReferenceVersion(name), issued)
    }

    /// Signs the set after `newest`, and publishes it or writes it to its file; neither on a trial.
    fn out_to_terminals(
        &self,
        reference: &Reference,
        newest: u64,
        mut rows: Vec<(&'static str, Value)>,
        now: UnixMs,
    ) -> Result<Rows, Unpublished> {
        let Some(pki) = self.pki else {
            rows.push(("published", false.into()));
            return Ok(Rows(rows));
        };
        let pki = Pki::open(pki)?;
        let contents = Contents::Law(reference.clone());
        let publication = Publication::sign(&pki, &contents, newest, now)?;
        let published = match (&self.issue.out, self.dir) {
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
}

/// What HQ publishes now and its serial; before its first publication, what terminals have compiled in.
fn base(hq: Option<&Path>) -> Result<(u64, Reference), Unpublished> {
    let Some(dir) = hq else {
        return Ok((0, ReferenceSet::embedded().reference()));
    };
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let serial = transaction.newest_reference()?;
    match transaction.publication(SetKind::Law, serial)? {
        None => Ok((serial, ReferenceSet::embedded().reference())),
        Some(publication) => Ok((serial, publication.law()?)),
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
    let publication = Publication::from_bytes(&file::input_at_most(file, MAX_FILE as u64)?)?;
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
    let publication = transaction
        .publication(SetKind::Law, published.serial)?
        .ok_or(corrupt)?;
    let reference = publication.law()?;
    let Rows(mut rows) = line(&published);
    rows.extend([
        ("issued", reference.issued.date().to_string().into()),
        ("scales", reference.scales.len().into()),
        ("tariffs", reference.afd.len().into()),
        ("margins", reference.margins.len().into()),
        ("formulas", reference.formulas.len().into()),
        ("templates", reference.templates.len().into()),
        ("units", units(&reference)),
    ]);
    Ok(Rows(rows))
}

/// Those with templates of their own.
fn units(reference: &Reference) -> Value {
    let units = reference
        .templates
        .iter()
        .filter_map(|template| template.unit.as_deref());
    let units: BTreeSet<&str> = units.collect();
    units.into_iter().map(Value::from).collect()
}

/// What a set of this kind counts.
const fn rows_of(kind: SetKind) -> &'static str {
    match kind {
        SetKind::Law => "offences",
        SetKind::Revocations => "lists",
        SetKind::TrustList => "signers",
        SetKind::Hotlist | SetKind::Persons => "entries",
        SetKind::HotlistChanges | SetKind::PersonsChanges => "changes",
        SetKind::Bases => "bases",
    }
}

fn line(published: &Published) -> Rows {
    Rows(vec![
        ("version", published.version.0.as_str().into()),
        ("serial", published.serial.into()),
        ("published_at", format!("{}Z", published.at.civil(0)).into()),
        (rows_of(published.kind), published.entries.into()),
        ("packed_bytes", published.packed.into()),
    ])
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
