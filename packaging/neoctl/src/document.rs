//! `document read`: what a picture or a text says of itself, and what nobody checked.
//!
//! A seal is named and never vouched for: its signature is `not_checked` until it is verified against a trust list.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::UnixMs;
use domain::identity::{CivilDate, DocumentReading, NotAnMrz, Verdict, Verdicts, read_mrz};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reader::{Barcode, ReadError, barcodes, decode_image};
use serde::Serialize;
use thiserror::Error;

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::seal;
use crate::session::{Effect, Session};
use crate::zone;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads a picture (PNG, JPEG) for its barcodes and machine-readable zones, or a text for its machine-readable zone or 2D-Doc.
    ///
    /// No signature is checked, and each verdict says so.
    Read {
        /// `-` is standard input.
        file: PathBuf,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Read { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unread> {
        let Self::Read { file } = self;
        Ok(Answer::documents(read(&input(file)?, session.now)?))
    }
}

/// The file, or standard input, as far as a picture may be long; one byte more shows that it is longer.
fn input(path: &Path) -> Result<Vec<u8>, Unread> {
    let most = reader::MAX_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(most).read_to_end(&mut bytes)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes))
    };
    read.map_err(|source| Unread::Input {
        path: path.to_owned(),
        source,
    })?;
    Ok(bytes)
}

/// Nothing on a barcode says that it was checked.
const UNCHECKED: Verdicts = Verdicts {
    read: Verdict::NotChecked,
    signature: Verdict::NotChecked,
    issuer_trusted: Verdict::NotChecked,
    in_date: Verdict::NotChecked,
    status_known: Verdict::NotChecked,
};

/// Why the input is no document.
#[derive(Debug, Error)]
pub(crate) enum Unread {
    #[error("cannot read the picture")]
    Picture(#[source] ReadError),
    #[error(
        "no barcode and no machine-readable zone was found in the picture; take it closer, upright, flat and sharp, or give the zone as text"
    )]
    NothingFound,
    #[error(
        "neither a PNG or JPEG picture, a 2D-Doc nor a machine-readable zone; give each line of the zone whole"
    )]
    NoDocument(#[source] Option<NotAnMrz>),
    #[error("cannot read `{}`", path.display())]
    Input {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Unread {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Input { source, .. } => Exit::of(source),
            Self::Picture(_) => Exit::Failed,
            Self::NothingFound | Self::NoDocument(_) => Exit::NotFound,
        }
    }
}

/// One document, seal or other barcode.
#[derive(Serialize)]
pub(crate) struct Document {
    /// `mrz`, `2d_doc` or `barcode`.
    kind: &'static str,
    fields: Rows,
    evidence: Vec<zone::Evidence>,
    verdicts: Rows,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<zone::Seen>,
    #[serde(skip)]
    is_refuted: bool,
}

/// At least one document; dates are judged on the day that it is in Paris.
fn read(bytes: &[u8], now: UnixMs) -> Result<Vec<Document>, Unread> {
    match decode_image(bytes) {
        Ok(picture) => {
            let symbols = barcodes(&picture).map_err(Unread::Picture)?;
            let zones = zone::in_picture(&picture, today(now));
            let symbols = symbols.iter().map(Document::of_barcode);
            let found: Vec<Document> = symbols.chain(zones.iter().map(Document::of_zone)).collect();
            if found.is_empty() {
                return Err(Unread::NothingFound);
            }
            Ok(found)
        }
        Err(ReadError::NotAPicture) => read_text(bytes, today(now)).map(|document| vec![document]),
        Err(error) => Err(Unread::Picture(error)),
    }
}

fn read_text(bytes: &[u8], today: CivilDate) -> Result<Document, Unread> {
    if let Some(fields) = seal::read(bytes) {
        return Ok(Document::new("2d_doc", fields, UNCHECKED));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Unread::NoDocument(None))?;
    let reading = read_mrz(text, today).map_err(|reason| Unread::NoDocument(Some(reason)))?;
    Ok(Document::of_zone(&reading))
}

fn today(now: UnixMs) -> CivilDate {
    let instant = Timestamp::from_millisecond(now.0).unwrap_or(Timestamp::UNIX_EPOCH);
    let paris = TimeZone::get("Europe/Paris").expect("the zones are compiled in");
    paris.to_datetime(instant).date().into()
}

impl Document {
    fn new(kind: &'static str, fields: Rows, verdicts: Verdicts) -> Self {
        let rows = [
            ("read", verdicts.read),
            ("signature", verdicts.signature),
            ("issuer_trusted", verdicts.issuer_trusted),
            ("in_date", verdicts.in_date),
            ("status_known", verdicts.status_known),
        ];
        Self {
            kind,
            fields,
            evidence: Vec::new(),
            zone: None,
            verdicts: Rows(rows.map(|(name, verdict)| (name, code(verdict).into())).to_vec()),
            is_refuted: [verdicts.read, verdicts.signature].contains(&Verdict::Refuted),
        }
    }

    fn of_barcode(barcode: &Barcode) -> Self {
        if let Some(fields) = seal::read(&barcode.bytes) {
            return Self::new("2d_doc", fields, UNCHECKED);
        }
        let fields = vec![
            ("symbology", barcode.symbology.code().into()),
            ("content", barcode.bytes.escape_ascii().to_string().into()),
        ];
        Self::new("barcode", Rows(fields), UNCHECKED)
    }

    fn of_zone(reading: &DocumentReading) -> Self {
        Self {
            evidence: zone::evidence(reading),
            zone: Some(zone::seen(reading)),
            ..Self::new("mrz", zone::fields(reading), reading.verdicts)
        }
    }

    /// Whether a check says that this is not what was printed or signed; an old document is not refuted.
    pub(crate) const fn is_refuted(&self) -> bool {
        self.is_refuted
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("{}\n{}", self.kind, self.fields.text("  "));
        text += &zone::evidence_text(&self.evidence);
        text += &self.zone.as_ref().map(zone::seen_text).unwrap_or_default();
        text + "verdicts\n" + &self.verdicts.text("  ")
    }
}

pub(crate) const fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "proven",
        Verdict::Refuted => "refuted",
        Verdict::NotChecked => "not_checked",
    }
}
