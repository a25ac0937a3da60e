//! The French national identity card of 1988 to 2021: two lines of 36 that are not TD2.
//!
//! The zone prints the month of issue and no expiry; the end of validity follows from the law, to the month.

use super::mrz::verdicts;
use super::{CheckedField, CivilDate, DocumentReading, FieldEvidence, Layout, NotAnMrz};
use crate::sensitive::Sensitive;

/// Both lines hold 36 characters of the zone's alphabet and the first starts with `IDFRA`.
pub(super) fn read_old_cni(first: &str, second: &str, today: CivilDate) -> Result<DocumentReading, NotAnMrz> {
    let whole = format!("{first}{}", &second[..35]);
    let agrees = |field: &str, digit: &str| {
        digit
            .chars()
            .next()
            .is_some_and(|digit| mrz::verify(field, digit))
    };
    let evidence = vec![
        FieldEvidence {
            field: CheckedField::DocumentNumber,
            agrees: agrees(&second[..12], &second[12..13]),
        },
        FieldEvidence {
            field: CheckedField::DateOfBirth,
            agrees: agrees(&second[27..33], &second[33..34]),
        },
        FieldEvidence {
            field: CheckedField::Composite,
            agrees: agrees(&whole, &second[35..36]),
        },
    ];
    let born = birth_date(&second[27..33], today);
    let expires = end_of_validity(&second[..4], born);
    Ok(DocumentReading {
        layout: Layout::OldCni,
        issuer: "FRA".to_owned(),
        number: Sensitive::new(second[..12].to_owned()),
        surname: Sensitive::new(words(&first[5..30])),
        given_names: Sensitive::new(words(&second[13..27])),
        born: born.map(Sensitive::new),
        expires,
        verdicts: verdicts(&evidence, expires, today),
        evidence,
        raw: Sensitive::new(format!("{first}\n{second}")),
    })
}

fn words(field: &str) -> String {
    field
        .split('<')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn birth_date(field: &str, today: CivilDate) -> Option<CivilDate> {
    let (year, month, day) = (two(field, 0)?, two(field, 2)?, two(field, 4)?);
    let this_century = CivilDate::new(2000 + i16::from(year), month, day).ok();
    let last_century = CivilDate::new(1900 + i16::from(year), month, day).ok();
    this_century.filter(|date| *date <= today).or(last_century)
}

/// Ten years; fifteen when the holder was an adult and the card is of January 2004 or later. The month's last day
/// stands in for the day that the zone does not print.
fn end_of_validity(issued: &str, born: Option<CivilDate>) -> Option<CivilDate> {
    let (year, month) = (two(issued, 0)?, two(issued, 2)?);
    let year = if year >= 88 {
        1900 + i16::from(year)
    } else {
        2000 + i16::from(year)
    };
    let issued = CivilDate::new(year, month, 1).ok()?.date().last_of_month();
    let majority = born?.date().checked_add(jiff::Span::new().years(18)).ok()?;
    let adult = majority <= issued.first_of_month();
    let years = if adult && year >= 2004 { 15 } else { 10 };
    let end = issued
        .first_of_month()
        .checked_add(jiff::Span::new().years(years))
        .ok()?;
    Some(CivilDate::from(end.last_of_month()))
}

fn two(field: &str, at: usize) -> Option<i8> {
    field
        .get(at..at + 2)?
        .parse()
        .ok()
        .filter(|_| field.as_bytes()[at].is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::super::{Verdict, read_mrz};
    use super::*;

    const SPECIMEN: &str = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6";

    #[test]
    fn the_old_card_is_not_taken_for_a_td2() {
        let today = CivilDate::new(2026, 11, 21).unwrap();
        let reading = read_mrz(SPECIMEN, today).unwrap();
        assert_eq!(reading.layout, Layout::OldCni);
        assert_eq!(
            (
                reading.surname.reveal().as_str(),
                reading.given_names.reveal().as_str()
            ),
            ("BERTHIER", "CORINNE")
        );
        assert_eq!(reading.verdicts.read, Verdict::Proven);
        assert_eq!(reading.born.unwrap().reveal().to_string(), "06/12/1965");
        assert_eq!(reading.expires.unwrap().to_string(), "30/06/1998");
    }

    #[test]
    fn a_card_given_to_an_adult_in_2012_is_valid_until_2027() {
        let born = CivilDate::new(1980, 1, 1).ok();
        assert_eq!(end_of_validity("1205", born).unwrap().to_string(), "31/05/2027");
        let child = CivilDate::new(2000, 1, 1).ok();
        assert_eq!(end_of_validity("1205", child).unwrap().to_string(), "31/05/2022");
    }
}
