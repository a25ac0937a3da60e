//! What a visible seal states: its signed part alone, and as proof only where its signature and its signer hold.

use minicbor::{Decode, Encode};

use super::name::Name;
use super::value::{Day, Sex, Value, country};
use super::zone::claims_of_zone;
use super::{Claim, Fact, Footing, Source};
use crate::identity::cachet::{CachetKind, CachetReading, Fault, Field, Form};
use crate::identity::{CivilDate, Verdict, Verdicts, read_mrz};
use crate::time::UnixMs;

/// The longest text that is kept of a seal, in characters.
const LONGEST: usize = 120;

/// The types of 2D-Doc that are the document itself: a title of identity, and its zone.
const OF_THE_DOCUMENT: [&str; 2] = ["07", "08"];

/// What an act keeps of a seal: what it is, who signed it, and what was found out.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealTrace {
    #[n(0)]
    pub kind: CachetKind,
    /// What the document is, in French; its code where no table knows it.
    #[n(1)]
    pub document: String,
    /// Whom the certificate was issued to; empty when it is not known.
    #[n(2)]
    pub signer: String,
    /// As the seal names them, parted by a slash; empty when it names nobody.
    #[n(3)]
    pub certificate: String,
    #[n(4)]
    pub verdicts: Verdicts,
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// Sequence and issue of the list of signers that it was held against; absent without a list.
    #[n(6)]
    pub list: Option<ListVersion>,
}

/// Which list of signers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ListVersion {
    #[n(0)]
    pub sequence: u64,
    #[n(1)]
    pub issued: UnixMs,
}

/// A seal as a draft keeps it: its trace, and what is compared of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealSeen {
    #[n(0)]
    pub trace: SealTrace,
    #[cbor(n(1), default, skip_if = "Vec::is_empty")]
    pub claims: Vec<Claim>,
}

impl SealSeen {
    /// `today` reads the zone that a seal may hold.
    pub fn of(reading: &CachetReading, today: CivilDate) -> Self {
        Self {
            trace: SealTrace::of(reading),
            claims: claims(reading, today),
        }
    }
}

impl SealTrace {
    fn of(reading: &CachetReading) -> Self {
        let named = [reading.authority.as_str(), reading.certificate.as_str()];
        let named: Vec<&str> = named.into_iter().filter(|part| !part.is_empty()).collect();
        let header = &reading.header;
        let document = header.label.as_deref().or(header.document.as_deref());
        Self {
            kind: reading.kind,
            document: bounded(document.unwrap_or_default()),
            signer: bounded(reading.signer.as_ref().map_or("", |signer| &signer.name)),
            certificate: bounded(&named.join("/")),
            verdicts: reading.verdicts,
            faults: reading.faults.clone(),
            list: reading.list.as_ref().map(|list| ListVersion {
                sequence: list.sequence,
                issued: list.issued,
            }),
        }
    }
}

fn bounded(text: &str) -> String {
    text.chars().take(LONGEST).collect()
}

/// Whether the seal proves what it states: its signature holds, its signer is recognised, and it was signed while the
/// certificate was valid. A document past its end is still what was signed.
fn footing(reading: &CachetReading) -> Footing {
    let is_undated = [Fault::SignerOutOfDate, Fault::SignatureUndated]
        .iter()
        .any(|fault| reading.faults.contains(fault));
    match (reading.verdicts.signature, reading.verdicts.issuer_trusted) {
        (Verdict::Proven, Verdict::Proven) if !is_undated => Footing::Counts,
        _ => Footing::ShownOnly,
    }
}

fn claims(reading: &CachetReading, today: CivilDate) -> Vec<Claim> {
    let footing = footing(reading);
    let is_document = match reading.kind {
        CachetKind::TwoDDoc => reading
            .header
            .document
            .as_deref()
            .is_some_and(|code| OF_THE_DOCUMENT.contains(&code)),
        CachetKind::Vds | CachetKind::Idb | CachetKind::Cnie => true,
    };
    if let Some(zone) = reading.fields.iter().find(|field| is_zone(reading.kind, field)) {
        let cells = zone.value.reveal().replace(' ', "<");
        let claims = read_mrz(&cells, today).map(|zone| claims_of_zone(&zone, Source::Seal));
        // The signature stands for the zone here; digits that do not agree still take their word back.
        return claims
            .unwrap_or_default()
            .into_iter()
            .map(|claim| Claim {
                footing: claim.footing.max(footing),
                ..claim
            })
            .collect();
    }
    if reading.kind != CachetKind::TwoDDoc {
        return Vec::new();
    }
    let fields = Fields(&reading.fields);
    let mut stated = vec![
        (Fact::Surname, fields.surname()),
        (Fact::GivenNames, fields.name(&["60", "B0", "F0", "61", "B1"])),
        (Fact::Born, fields.day(&["69", "B7", "F2"])),
        (
            Fact::Sex,
            fields
                .whole(&["68", "B6", "F3"])
                .and_then(Sex::parse)
                .map(Value::Sex),
        ),
        (
            Fact::Nationality,
            fields.whole(&["67", "B5"]).and_then(country).map(Value::Country),
        ),
        (Fact::Plate, fields.whole(&["A1"]).and_then(Value::code)),
        (Fact::Vin, fields.whole(&["A4"]).and_then(Value::code)),
        (Fact::Make, fields.name(&["A2"])),
    ];
    if is_document {
        stated.push((Fact::Number, fields.whole(&["66"]).and_then(Value::code)));
        stated.push((Fact::Expiry, fields.day(&["08", "6O"])));
    }
    let claim = |(fact, value): (Fact, Option<Value>)| {
        Some(Claim {
            fact,
            source: Source::Seal,
            footing,
            value: value?,
        })
    };
    stated.into_iter().filter_map(claim).collect()
}

/// Whether the field is a whole machine-readable zone.
fn is_zone(kind: CachetKind, field: &Field) -> bool {
    match kind {
        CachetKind::TwoDDoc => field.code == "6F",
        CachetKind::Vds | CachetKind::Idb | CachetKind::Cnie => {
            field.label.starts_with("Zone de lecture automatique")
        }
    }
}

/// The signed fields, by the first of several codes that one has.
struct Fields<'a>(&'a [Field]);

impl<'a> Fields<'a> {
    fn find(&self, codes: &[&str]) -> Option<&'a Field> {
        let has = |code: &&str| self.0.iter().find(|field| field.code == **code);
        codes.iter().find_map(has)
    }

    /// A value that has the form of its table.
    fn whole(&self, codes: &[&str]) -> Option<&'a str> {
        let field = self.find(codes).filter(|field| field.form == Form::Whole)?;
        Some(field.value.reveal())
    }

    fn day(&self, codes: &[&str]) -> Option<Value> {
        let field = self.find(codes).filter(|field| field.form == Form::Whole)?;
        field.day.map(Day::from).map(Value::day)
    }

    fn one(&self, codes: &[&str]) -> Option<Name> {
        let field = self.find(codes)?;
        let name = Name::read(field.value.reveal())?;
        match field.form {
            Form::Whole => Some(name),
            Form::Truncated => Some(name.cut()),
            Form::Unexpected | Form::Unknown => None,
        }
    }

    fn name(&self, codes: &[&str]) -> Option<Value> {
        self.one(codes).map(Value::Name)
    }

    /// The name of birth, with the names of usage and of marriage beside it.
    fn surname(&self) -> Option<Value> {
        let others = [["63", "B3"], ["64", "B4"]];
        let name = self.one(&["62", "B2", "F1", "63", "B3"])?;
        let name = others
            .iter()
            .filter_map(|codes| self.whole(codes))
            .fold(name, |name, other| name.also(other));
        Some(Value::Name(name))
    }
}
