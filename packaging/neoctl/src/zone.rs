//! What `document read` says of a machine-readable zone: its fields, what each check digit proves and cannot see, and,
//! where a picture was read, what each character looked like before it was corrected.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use domain::identity::{
    CheckedField, CivilDate, DocumentReading, Layout, NotAnMrz, VehicleReading, read_seen,
};
use reader::{Luma, zones};
use serde::Serialize;
use serde_json::Value;

use crate::answer::Rows;
use crate::cachet::iso;

/// One check digit and what it said.
#[derive(Serialize)]
pub(crate) struct Evidence {
    field: &'static str,
    agrees: bool,
    /// Characters that the digit would not tell from those that were read.
    blind_to: Vec<Blind>,
}

/// Lines and columns count from 1.
#[derive(Serialize)]
struct Blind {
    line: usize,
    column: usize,
    read: char,
    or: String,
}

/// What was seen, beside what it was taken for.
#[derive(Serialize)]
pub(crate) struct Seen {
    raw: String,
    corrected: String,
    corrections: Vec<Corrected>,
}

/// Lines and columns count from 1.
#[derive(Serialize)]
struct Corrected {
    line: u8,
    column: u8,
    seen: char,
    taken_for: char,
    /// The check digits that agree over it; without one, only the kind of the cell speaks for it.
    proof: Vec<&'static str>,
}

/// The zones of a picture, each as a document; what fits no layout is left out, for it is no zone.
pub(crate) fn in_picture(picture: &Luma, today: CivilDate) -> Vec<DocumentReading> {
    let read = |zone: reader::ZoneText| -> Result<DocumentReading, NotAnMrz> {
        read_seen(zone.raw.reveal(), zone.text.reveal(), zone.sight, today)
    };
    zones(picture)
        .iter()
        .filter_map(reader::Zone::read)
        .filter_map(|zone| read(zone).ok())
        .collect()
}

pub(crate) fn fields(reading: &DocumentReading) -> Rows {
    let born = reading.born.as_ref().map(|born| *born.reveal());
    let mut fields = vec![
        ("layout", layout(reading.layout).into()),
        ("issuer", reading.issuer.as_str().into()),
        ("number", reading.number.reveal().as_str().into()),
    ];
    if let Some(vehicle) = &reading.vehicle {
        fields.extend(vehicle_fields(vehicle));
        return Rows(fields);
    }
    fields.extend([
        ("surname", reading.surname.reveal().as_str().into()),
        ("given_names", reading.given_names.reveal().as_str().into()),
        ("born", born.map_or(Value::Null, iso)),
        ("expires", reading.expires.map_or(Value::Null, iso)),
    ]);
    if reading.expires.is_some() {
        let precision = if reading.layout.ends_with_a_month() {
            "month"
        } else {
            "day"
        };
        fields.push(("expires_precision", precision.into()));
    }
    Rows(fields)
}

fn vehicle_fields(vehicle: &VehicleReading) -> [(&'static str, Value); 7] {
    [
        ("plate", vehicle.plate.reveal().as_str().into()),
        ("vin", vehicle.vin.reveal().as_str().into()),
        (
            "first_registered",
            vehicle.first_registered.map_or(Value::Null, iso),
        ),
        ("genre", vehicle.genre.as_str().into()),
        ("body", vehicle.body.as_str().into()),
        ("make", vehicle.make.as_str().into()),
        ("model", vehicle.model.as_str().into()),
    ]
}

pub(crate) fn evidence(reading: &DocumentReading) -> Vec<Evidence> {
    let of = |one: &domain::identity::FieldEvidence| {
        let mut cells: BTreeMap<(usize, usize, char), String> = BTreeMap::new();
        for cell in reading.blind_cells(one.field) {
            cells
                .entry((cell.line + 1, cell.column + 1, cell.read))
                .or_default()
                .push(cell.or);
        }
        let blind = |((line, column, read), or)| Blind {
            line,
            column,
            read,
            or,
        };
        Evidence {
            field: checked(one.field),
            agrees: one.agrees,
            blind_to: cells.into_iter().map(blind).collect(),
        }
    };
    reading.evidence.iter().map(of).collect()
}

pub(crate) fn seen(reading: &DocumentReading) -> Seen {
    let (raw, text) = (reading.raw.reveal(), reading.text());
    let character = |zone: &str, line: u8, column: u8| {
        let line = zone.lines().nth(usize::from(line)).unwrap_or_default();
        line.chars().nth(usize::from(column)).unwrap_or('<')
    };
    let corrections = reading
        .corrected
        .iter()
        .flat_map(|corrected| &corrected.corrections);
    Seen {
        corrections: corrections
            .map(|one| Corrected {
                line: one.line + 1,
                column: one.column + 1,
                seen: character(raw, one.line, one.column),
                taken_for: character(text, one.line, one.column),
                proof: one.proof.iter().copied().map(checked).collect(),
            })
            .collect(),
        raw: raw.clone(),
        corrected: text.to_owned(),
    }
}

pub(crate) fn evidence_text(evidence: &[Evidence]) -> String {
    let mut text = String::new();
    for Evidence {
        field,
        agrees,
        blind_to,
    } in evidence
    {
        let said = if *agrees { "agrees" } else { "does not agree" };
        let blind = match blind_to.len() {
            0 => String::new(),
            cells => format!("; another character would agree too in {cells} cells"),
        };
        writeln!(text, "  check digit of {field} {said}{blind}").expect("writing to a string cannot fail");
    }
    text
}

pub(crate) fn seen_text(seen: &Seen) -> String {
    let mut text = String::from("zone\n");
    for line in seen.corrected.lines() {
        writeln!(text, "  {line}").expect("writing to a string cannot fail");
    }
    for one in &seen.corrections {
        let proof = if one.proof.is_empty() {
            "the kind of the cell".to_owned()
        } else {
            one.proof.join(", ")
        };
        let Corrected {
            line,
            column,
            seen,
            taken_for,
            ..
        } = one;
        writeln!(
            text,
            "  line {line}, column {column}: looks like {seen}, taken for {taken_for} ({proof})"
        )
        .expect("writing to a string cannot fail");
    }
    text
}

const fn layout(layout: Layout) -> &'static str {
    match layout {
        Layout::Td1 => "td1",
        Layout::Td2 => "td2",
        Layout::Td3 => "td3",
        Layout::VisaA => "visa_a",
        Layout::VisaB => "visa_b",
        Layout::OldCni => "old_cni",
        Layout::Permis => "permis",
        Layout::CertificatImmatriculation => "certificat_immatriculation",
    }
}

const fn checked(field: CheckedField) -> &'static str {
    match field {
        CheckedField::DocumentNumber => "document_number",
        CheckedField::DateOfBirth => "date_of_birth",
        CheckedField::DateOfExpiry => "date_of_expiry",
        CheckedField::PersonalNumber => "personal_number",
        CheckedField::Composite => "composite",
        CheckedField::Plate => "plate",
        CheckedField::Vin => "vin",
        CheckedField::FirstRegistration => "first_registration",
    }
}
