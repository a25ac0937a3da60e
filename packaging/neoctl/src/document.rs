//! `document read`: what a picture or a text says of itself, and what nobody checked.
//!
//! What several zones and seals say of the same facts is compared field by field. A seal is held against the signers of a trust list; without one its signature is `not_checked`.

use std::path::PathBuf;

use clap::Subcommand;
use domain::UnixMs;
use domain::identity::cachet::{CachetReading, Carrier, TrustList};
use domain::identity::crosscheck::{Claim, SealSeen, Source, claims_of_zone, crosscheck};
use domain::identity::{CivilDate, DocumentReading, NotAnMrz, Verdict, Verdicts, read_mrz};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use reader::{Barcode, ReadError, Symbology, barcodes, decode_image};
use serde::Serialize;
use thiserror::Error;
use trust::cachet::{Against, Authorities};

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::cachet::{self, Seal};
use crate::compared;
use crate::file::{self, FileError};
use crate::session::{Effect, Session};
use crate::trust_list::{self, Untrusted};
use crate::zone;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Reads a picture (PNG, JPEG) for its barcodes and machine-readable zones, or a text for its zone or visible seal.
    ///
    /// The signature of a seal is checked when its signer is in the list of `--trust`. Each verdict stands for itself.
    /// Where several zones and seals are read, what they say of the same facts is compared.
    Read {
        /// One file, or both sides of one document; `-` is standard input.
        #[arg(required = true, num_args = 1..=2)]
        file: Vec<PathBuf>,
        /// Who signs seals: what `trust import` wrote, or anything that it reads.
        #[arg(long, value_name = "FILE|FOLDER")]
        trust: Option<PathBuf>,
        /// Takes the signers of specimens for signers; for tests and training.
        #[arg(long)]
        test_authorities: bool,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Read { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unread> {
        let Self::Read {
            file,
            trust,
            test_authorities,
        } = self;
        let list = trust.as_deref().map(|path| trust_list::load(path, session.now));
        let list = list.transpose()?;
        let desk = Desk {
            list: list.as_ref(),
            authorities: if *test_authorities {
                Authorities::WithTests
            } else {
                Authorities::Real
            },
            now: session.now,
        };
        let mut documents = Vec::new();
        for file in file {
            let bytes = file::input_at_most(file, reader::MAX_BYTES as u64)?;
            documents.extend(desk.read(&bytes)?);
        }
        let claims: Vec<Claim> = documents
            .iter()
            .flat_map(|one| one.claims.iter().cloned())
            .collect();
        let compared = crosscheck(&claims).iter().map(compared::row).collect();
        Ok(Answer::documents(documents, compared))
    }
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
    #[error(transparent)]
    Trust(#[from] Untrusted),
    #[error(transparent)]
    Input(#[from] FileError),
}

impl Unread {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Input(error) => error.exit(),
            Self::Trust(untrusted) => untrusted.exit(),
            Self::Picture(_) => Exit::Failed,
            Self::NothingFound | Self::NoDocument(_) => Exit::NotFound,
        }
    }
}

/// One document, seal or other barcode.
#[derive(Serialize)]
pub(crate) struct Document {
    /// `mrz`, `2d_doc`, `vds`, `idb`, `cnie_seal` or `barcode`.
    kind: &'static str,
    fields: Rows,
    evidence: Vec<zone::Evidence>,
    verdicts: Rows,
    #[serde(flatten)]
    seal: Option<Seal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    zone: Option<zone::Seen>,
    #[serde(skip)]
    claims: Vec<Claim>,
    #[serde(skip)]
    is_refuted: bool,
}

/// What documents are held against; dates are judged on the day that it is in Paris.
struct Desk<'a> {
    list: Option<&'a TrustList>,
    authorities: Authorities,
    now: UnixMs,
}

impl Desk<'_> {
    /// At least one document.
    fn read(&self, bytes: &[u8]) -> Result<Vec<Document>, Unread> {
        match decode_image(bytes) {
            Ok(picture) => {
                let symbols = barcodes(&picture).map_err(Unread::Picture)?;
                let zones = zone::in_picture(&picture, today(self.now));
                let symbols = symbols.iter().map(|barcode| self.barcode(barcode));
                let found: Vec<Document> = symbols.chain(zones.iter().map(Document::of_zone)).collect();
                if found.is_empty() {
                    return Err(Unread::NothingFound);
                }
                Ok(found)
            }
            Err(ReadError::NotAPicture) => self.text(bytes).map(|document| vec![document]),
            Err(error) => Err(Unread::Picture(error)),
        }
    }

    fn text(&self, bytes: &[u8]) -> Result<Document, Unread> {
        if let Some(seal) = self.seal(bytes, Carrier::Other) {
            return Ok(seal);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Unread::NoDocument(None))?;
        let reading = read_mrz(text, today(self.now)).map_err(|reason| Unread::NoDocument(Some(reason)))?;
        Ok(Document::of_zone(&reading))
    }

    fn barcode(&self, barcode: &Barcode) -> Document {
        let carrier = if barcode.symbology == Symbology::DataMatrix {
            Carrier::DataMatrix
        } else {
            Carrier::Other
        };
        self.seal(&barcode.bytes, carrier)
            .unwrap_or_else(|| Document::of_barcode(barcode))
    }

    fn seal(&self, bytes: &[u8], carrier: Carrier) -> Option<Document> {
        let against = Against {
            list: self.list,
            authorities: self.authorities,
            now: self.now,
            today: today(self.now),
        };
        let reading = trust::cachet::read(bytes, carrier, against)?;
        Some(Document::of_seal(&reading, bytes, today(self.now)))
    }
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
            seal: None,
            claims: Vec::new(),
            is_refuted: [verdicts.read, verdicts.signature, verdicts.issuer_trusted]
                .contains(&Verdict::Refuted),
        }
    }

    fn of_seal(reading: &CachetReading, bytes: &[u8], today: CivilDate) -> Self {
        let fields = cachet::fields(reading, bytes);
        Self {
            seal: Some(Seal::of(reading)),
            claims: SealSeen::of(reading, today).claims,
            ..Self::new(reading.kind.code(), fields, reading.verdicts)
        }
    }

    fn of_barcode(barcode: &Barcode) -> Self {
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
            claims: claims_of_zone(reading, Source::Zone),
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
        text += "verdicts\n";
        text += &self.verdicts.text("  ");
        text + &self.seal.as_ref().map(Seal::text).unwrap_or_default()
    }
}

pub(crate) const fn code(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Proven => "proven",
        Verdict::Refuted => "refuted",
        Verdict::NotChecked => "not_checked",
    }
}
