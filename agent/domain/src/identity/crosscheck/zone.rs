//! What a machine-readable zone states, cell by cell: names that may be cut, days that may be unknown.

use super::name::Name;
use super::value::{Day, Sex, Value, country};
use super::{Claim, Fact, Footing, Source};
use crate::identity::{CivilDate, DocumentReading, Layout, Verdict};

/// The cells of the fields, counted over the joined lines.
struct Cells {
    /// The last cell of the surname's field, or of the one that it shares with the given names.
    surname_end: usize,
    given_end: Option<usize>,
    born: Option<usize>,
    sex: Option<usize>,
    expires: Option<usize>,
    nationality: Option<usize>,
}

impl Cells {
    const fn two_lines(width: usize) -> Self {
        Self {
            surname_end: width - 1,
            given_end: Some(width - 1),
            born: Some(width + 13),
            sex: Some(width + 20),
            expires: Some(width + 21),
            nationality: Some(width + 10),
        }
    }

    /// None of a certificate, which names nobody.
    const fn of(layout: Layout) -> Option<Self> {
        Some(match layout {
            Layout::Td1 => Self {
                surname_end: 89,
                given_end: Some(89),
                born: Some(30),
                sex: Some(37),
                expires: Some(38),
                nationality: Some(45),
            },
            Layout::Td2 | Layout::VisaB => Self::two_lines(36),
            Layout::Td3 | Layout::VisaA => Self::two_lines(44),
            // Its end of validity is worked out from the issue, and printed nowhere in the zone.
            Layout::OldCni => Self {
                surname_end: 29,
                given_end: Some(62),
                born: Some(63),
                sex: Some(70),
                expires: None,
                nationality: None,
            },
            Layout::Permis => Self {
                surname_end: 28,
                given_end: None,
                born: None,
                sex: None,
                expires: Some(15),
                nationality: None,
            },
            Layout::CertificatImmatriculation => return None,
        })
    }
}

/// What the zone behind `reading` states; it counts where every check digit agrees.
pub fn claims_of_zone(reading: &DocumentReading, source: Source) -> Vec<Claim> {
    let footing = match reading.verdicts.read {
        Verdict::Proven => Footing::Counts,
        Verdict::Refuted | Verdict::NotChecked => Footing::ShownOnly,
    };
    let zone: String = reading.text().split_whitespace().collect();
    let values = match (Cells::of(reading.layout), &reading.vehicle) {
        (Some(cells), _) => of_person(reading, &zone, &cells),
        (None, Some(vehicle)) => vec![
            (Fact::Plate, Value::code(vehicle.plate.reveal())),
            (Fact::Vin, Value::code(vehicle.vin.reveal())),
            (Fact::Make, name(&vehicle.make, &zone, MAKE_END)),
        ],
        (None, None) => Vec::new(),
    };
    values
        .into_iter()
        .filter_map(|(fact, value)| {
            Some(Claim {
                fact,
                source,
                footing,
                value: value?,
            })
        })
        .collect()
}

/// The last cell of "D.1".
const MAKE_END: usize = 44 + 17;

fn of_person(reading: &DocumentReading, zone: &str, cells: &Cells) -> Vec<(Fact, Option<Value>)> {
    let from = |at: Option<usize>, length: usize| at.and_then(|at| zone.get(at..at + length));
    let born = from(cells.born, 6).and_then(|cells| {
        let read = reading.born.as_ref().map(|born| born.reveal().date().year());
        Day::of_zone(cells, |two| read.unwrap_or_else(|| before(reading.expires, two)))
    });
    let expires = from(cells.expires, 6)
        .filter(|_| reading.expires.is_some())
        .and_then(|cells| {
            let read = reading.expires.map(|last| last.date().year());
            Day::of_zone(cells, |two| read.unwrap_or(2000 + two))
        });
    vec![
        (
            Fact::Surname,
            name(reading.surname.reveal(), zone, cells.surname_end),
        ),
        (
            Fact::GivenNames,
            cells
                .given_end
                .and_then(|end| name(reading.given_names.reveal(), zone, end)),
        ),
        (Fact::Born, born.map(Value::day)),
        (Fact::Sex, from(cells.sex, 1).and_then(Sex::parse).map(Value::Sex)),
        (Fact::Number, Value::code(reading.number.reveal())),
        (Fact::Expiry, expires.map(Value::day)),
        (
            Fact::Nationality,
            from(cells.nationality, 3).and_then(country).map(Value::Country),
        ),
    ]
}

/// A field whose last cell is a letter may have had no room for more (ICAO 9303-3 §4.6).
fn name(text: &str, zone: &str, end: usize) -> Option<Value> {
    let is_full = zone.as_bytes().get(end).is_some_and(u8::is_ascii_uppercase);
    let name = Name::read(text)?;
    Some(Value::Name(if is_full { name.cut() } else { name }))
}

/// The last year with these two digits that the document allows its holder to be born in.
fn before(expires: Option<CivilDate>, two: i16) -> i16 {
    let is_past = expires.is_some_and(|last| 2000 + two <= last.date().year());
    if is_past { 2000 + two } else { 1900 + two }
}
