//! `act export`: a signed act for the drafting system of a station, as the three files that a terminal hands over; what
//! does not verify is not handed out, and the structured file appears last. `act show`: what headquarters knows of an act.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;

use clap::Subcommand;
use documents::{HandoffError, file_stem, handoff};
use domain::natinf::{ReferenceSet, ReferenceVersion};
use domain::photo::Photo;
use domain::record::{Act, Record};
use domain::visa::Decision;
use domain::{ActNumber, DeviceId, Digest, EnvelopeId, UnixMs, decode};
use hq::Pki;
use hq::pki::PkiError;
use hq::reference::PublicationError;
use hq::reference::SetKind;
use hq::store::{StoreError, Transaction, VisaAsked};
use serde_json::{Value, json};
use thiserror::Error;
use trust::cose::{self, CoseError, Namespace};

use crate::answer::{Answer, Rows};
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Shows an act that headquarters holds: its author, its digest, and every visa that was asked for and given.
    Show {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: Wanted,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Writes a signed act as structured data, its PDF and its signed record: NUMBER.json, NUMBER.pdf, NUMBER.cose.
    ///
    /// `docs/formats/act.schema.json` says what the first holds. What does not verify is not written.
    Export {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: Wanted,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
        /// The folder for the files; made where it is missing.
        #[arg(long)]
        out: PathBuf,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Show { .. } => Effect::Reads,
            Self::Export { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unexported> {
        let rows = match self {
            Self::Show { act, hq } => show_act(*act, session.hq(hq)?)?,
            Self::Export { act, hq, pki, out } => {
                let request = Request {
                    act: *act,
                    hq: session.hq(hq)?,
                    pki: session.pki(pki)?,
                    out,
                };
                export_act(&request)?
            }
        };
        Ok(Answer::one("act", rows))
    }
}

/// The signed PDF, as the terminal attaches it.
const DOCUMENT: &str = "document.pdf";

/// Which act: by the number that it shows, or by the envelope that brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    Number(ActNumber),
    Envelope(EnvelopeId),
}

/// The text names no act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is neither a number such as `2026/000123` nor the id of an envelope")]
pub(crate) struct NotAnAct;

impl FromStr for Wanted {
    type Err = NotAnAct;

    fn from_str(text: &str) -> Result<Self, NotAnAct> {
        if let Ok(envelope) = text.parse() {
            return Ok(Self::Envelope(envelope));
        }
        let (year, serial) = text.split_once('/').ok_or(NotAnAct)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        match (year.parse(), serial.parse()) {
            (Ok(year), Ok(serial)) if digits(text.replace('/', "").as_str()) => {
                Ok(Self::Number(ActNumber { year, serial }))
            }
            _ => Err(NotAnAct),
        }
    }
}

/// Why no act was exported.
#[derive(Debug, Error)]
pub(crate) enum Unexported {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] PkiError),
    #[error("headquarters holds no such act; check its number, and whether its term has ended")]
    NotFound,
    #[error("`{count}` acts have that number; name one by its envelope")]
    Ambiguous { count: usize },
    #[error("cannot read the act as it was received")]
    Message(#[source] CoseError),
    #[error("reference set `{}` of the act does not hold as it was published", version.0)]
    Reference {
        version: ReferenceVersion,
        #[source]
        source: PublicationError,
    },
    #[error("the {what} does not verify, and is not handed out")]
    NotGenuine { what: &'static str },
    #[error("the act has no structured form")]
    Form(#[from] HandoffError),
    #[error("`{}` is already there; choose another folder", path.display())]
    AlreadyThere { path: PathBuf },
    #[error("cannot write `{}`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Unexported {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::NotFound => Exit::NotFound,
            Self::NotGenuine { .. } | Self::Reference { .. } => Exit::Refuted,
            Self::AlreadyThere { .. } | Self::Ambiguous { .. } => Exit::Conflict,
            Self::Write { source, .. } => Exit::of(source),
            Self::Store(_) | Self::Message(_) | Self::Form(_) => Exit::Failed,
        }
    }
}

/// What to export, and from where.
pub(crate) struct Request<'a> {
    pub(crate) act: Wanted,
    /// The folder of `neo-hq --dir`.
    pub(crate) hq: &'a Path,
    /// The folder of `neo-hq --pki`.
    pub(crate) pki: &'a Path,
    /// The folder for the files; made where it is missing.
    pub(crate) out: &'a Path,
}

/// An act as it lies at headquarters.
struct Held {
    envelope: EnvelopeId,
    cose: Vec<u8>,
    record: Record,
}

pub(crate) fn export_act(request: &Request<'_>) -> Result<Rows, Unexported> {
    let pki = Pki::open(request.pki)?;
    let mut store = fleet::open(request.hq)?.with_key(Arc::clone(pki.identity()));
    let transaction = store.begin()?;
    let held = find(&transaction, request.act)?;
    let document = transaction.attachment(held.envelope, DOCUMENT)?;
    genuine(&transaction, &held, document.as_deref())?;
    let law = law(&transaction, &pki, &held.record.reference)?;
    let held_law = law.version == held.record.reference;
    let json = handoff(&held.record, &law)?;
    let stem = file_stem(&held.record);
    let record = Digest::of(&held.cose);
    let mut files = vec![(format!("{stem}.cose"), held.cose)];
    files.extend(document.map(|pdf| (format!("{stem}.pdf"), pdf)));
    files.push((format!("{stem}.json"), json));
    let paths: Vec<PathBuf> = files.iter().map(|(name, _)| request.out.join(name)).collect();
    if let Some(path) = paths.iter().find(|path| path.exists()) {
        return Err(Unexported::AlreadyThere { path: path.clone() });
    }
    for (path, (_, bytes)) in paths.iter().zip(&files) {
        write(path, bytes)?;
    }
    Ok(Rows(vec![
        ("act", held.record.id.to_string().into()),
        ("kind", held.record.act.kind().code().into()),
        ("envelope", held.envelope.to_string().into()),
        ("record_sha256", record.to_string().into()),
        ("reference", held.record.reference.0.into()),
        ("reference_held", held_law.into()),
        (
            "files",
            paths.iter().map(|path| path.display().to_string()).collect(),
        ),
    ]))
}

/// The set that the record names, as headquarters published it or as every program has it; the one compiled in where
/// headquarters has no such set, which then gives the act no labels.
fn law(
    transaction: &Transaction<'_>,
    pki: &Pki,
    version: &ReferenceVersion,
) -> Result<ReferenceSet, Unexported> {
    let Some(published) = transaction.reference_called(version)? else {
        return Ok(ReferenceSet::embedded());
    };
    let Some(publication) = transaction.publication(SetKind::Law, published.serial)? else {
        return Ok(ReferenceSet::embedded());
    };
    // Its signer's certificate was in date then, and need not be now.
    let read = publication.verify(pki.root(), published.at);
    let read = read.and_then(|_| publication.law());
    let reference = read.map_err(|source| Unexported::Reference {
        version: version.clone(),
        source,
    })?;
    Ok(reference.into())
}

/// The act and every visa that was asked for on it.
pub(crate) fn show_act(wanted: Wanted, hq: &Path) -> Result<Rows, Unexported> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    let held = find(&transaction, wanted)?;
    let record = &held.record;
    let mut visas = Vec::new();
    for asked in transaction.visas_of(held.envelope)? {
        visas.push(visa(&transaction, &asked)?);
    }
    Ok(Rows(vec![
        ("act", record.id.to_string().into()),
        ("kind", record.act.kind().code().into()),
        ("number", record.number.map(|number| number.to_string()).into()),
        ("author", record.context.author.matricule.to_string().into()),
        ("signed_at", moment(record.signed_at.utc).into()),
        ("envelope", held.envelope.to_string().into()),
        ("record_sha256", Digest::of(&held.cose).to_string().into()),
        ("photos", record.act.photos().iter().map(photo).collect()),
        ("visas", visas.into()),
    ]))
}

/// A photograph by its file, and how many things the officer drew over it: its file holds none of them.
fn photo(photo: &Photo) -> Value {
    json!({
        "name": photo.name,
        "sha256": photo.sha256.to_string(),
        "object": photo.shows,
        "annotations": photo.marks.len(),
    })
}

/// One request and what came of it; the words of a decision are those of the signed visa.
fn visa(transaction: &Transaction<'_>, asked: &VisaAsked) -> Result<Value, Unexported> {
    let request = read(transaction, asked.envelope)?.map(|held| held.record);
    let answer = match asked.visa {
        Some(envelope) => read(transaction, envelope)?.map(|held| held.record),
        None => None,
    };
    let opj = transaction.officer(asked.opj)?;
    let (decision, words) = match answer.as_ref().map(|record| &record.act) {
        Some(Act::Visa(visa)) => match &visa.decision {
            Decision::Approved => ("approved", None),
            Decision::Observed(words) => ("observed", Some(words.as_str())),
            Decision::Returned(words) => ("returned", Some(words.as_str())),
        },
        Some(_) | None => ("asked", None),
    };
    Ok(json!({
        "opj": opj.map(|opj| opj.matricule.to_string()),
        "asked_at": request.map(|record| moment(record.signed_at.utc)),
        "request_envelope": asked.envelope.to_string(),
        "decision": decision,
        "words": words,
        "decided_at": answer.map(|record| moment(record.signed_at.utc)),
        "visa_envelope": asked.visa.map(|envelope| envelope.to_string()),
    }))
}

/// RFC 3339, in UTC.
fn moment(at: UnixMs) -> String {
    format!("{}Z", at.civil(0))
}

/// The SHA-256 of an act's COSE_Sign1, and the terminal that it was signed on.
pub(crate) fn signed_on(
    transaction: &Transaction<'_>,
    wanted: Wanted,
) -> Result<(Digest, DeviceId), Unexported> {
    let held = find(transaction, wanted)?;
    Ok((Digest::of(&held.cose), held.record.context.device))
}

/// An act that headquarters holds.
pub(crate) fn record_of(transaction: &Transaction<'_>, wanted: Wanted) -> Result<Record, Unexported> {
    find(transaction, wanted).map(|held| held.record)
}

/// The envelope that brought an act.
pub(crate) fn envelope_of(transaction: &Transaction<'_>, wanted: Wanted) -> Result<EnvelopeId, Unexported> {
    find(transaction, wanted).map(|held| held.envelope)
}

fn find(transaction: &Transaction<'_>, wanted: Wanted) -> Result<Held, Unexported> {
    match wanted {
        Wanted::Envelope(envelope) => read(transaction, envelope)?.ok_or(Unexported::NotFound),
        Wanted::Number(number) => {
            let mut found = Vec::new();
            for envelope in transaction.envelopes()? {
                found.extend(read(transaction, envelope)?.filter(|held| held.record.number == Some(number)));
            }
            match found.len() {
                0 | 1 => found.pop().ok_or(Unexported::NotFound),
                count => Err(Unexported::Ambiguous { count }),
            }
        }
    }
}

fn read(transaction: &Transaction<'_>, envelope: EnvelopeId) -> Result<Option<Held>, Unexported> {
    let Some(stored) = transaction.record(envelope)? else {
        return Ok(None);
    };
    let signed = cose::parse(&stored.record_cose).map_err(Unexported::Message)?;
    let Ok(record) = decode::<Record>(&signed.payload) else {
        return Err(Unexported::NotGenuine { what: "record" });
    };
    Ok(Some(Held {
        envelope,
        cose: stored.record_cose,
        record,
    }))
}

/// The signature is that of a certificate which headquarters issued, and the PDF begins with the bytes that were signed.
fn genuine(transaction: &Transaction<'_>, held: &Held, pdf: Option<&[u8]>) -> Result<(), Unexported> {
    let signed = cose::parse(&held.cose).map_err(Unexported::Message)?;
    let certificate = match signed.x5t {
        Some(fingerprint) => transaction.certificate(&fingerprint)?,
        None => None,
    };
    let verifies =
        certificate.is_some_and(|certificate| cose::verify(&signed, Namespace::Record, &certificate).is_ok());
    if !verifies {
        return Err(Unexported::NotGenuine { what: "record" });
    }
    let Some(digest) = held.record.document else {
        return Ok(());
    };
    let length = usize::try_from(digest.bytes).ok();
    let shown = length.and_then(|length| pdf?.get(..length));
    if shown.is_some_and(|shown| Digest::of(shown) == digest.sha256) {
        Ok(())
    } else {
        Err(Unexported::NotGenuine { what: "document" })
    }
}

/// Readable by its owner alone: the act is in clear here.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Unexported> {
    let parent = path.parent().unwrap_or_else(|| Path::new("."));
    let provisional = path.with_extension("part");
    fs::create_dir_all(parent)
        .and_then(|()| {
            OpenOptions::new()
                .write(true)
                .create(true)
                .truncate(true)
                .mode(0o600)
                .open(&provisional)
        })
        .and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        })
        .and_then(|()| fs::rename(&provisional, path))
        .map_err(|source| Unexported::Write {
            path: path.to_owned(),
            source,
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_act_is_named_by_its_number_or_by_its_envelope() {
        let number = ActNumber {
            year: 2026,
            serial: 123,
        };
        assert_eq!("2026/000123".parse(), Ok(Wanted::Number(number)));
        let envelope = EnvelopeId::from_bytes([7; 16]);
        assert_eq!(envelope.to_string().parse(), Ok(Wanted::Envelope(envelope)));
        for text in ["", "2026", "2026/", "/1", "+2026/1", "2026/-1", "a/b", "2026/1/2"] {
            assert_eq!(text.parse::<Wanted>(), Err(NotAnAct), "{text}");
        }
    }
}
