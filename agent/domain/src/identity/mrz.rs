//! Machine-readable zones (ICAO 9303), typed or pasted: each field with what its check digit proves.

use mrz::{Format, MrzData, MrzDate, MrzError};
use thiserror::Error;

use super::cni::read_old_cni;
use super::{CheckedField, CivilDate, DocumentReading, FieldEvidence, Layout, Verdict, Verdicts};
use crate::sensitive::Sensitive;

/// Why a text is not a machine-readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnMrz {
    /// Neither 3 lines of 30, 2 of 36 nor 2 of 44 characters.
    #[error("the text has not the lines of a machine-readable zone")]
    Shape,
    #[error("the lines hold characters that no machine-readable zone has")]
    Characters,
    #[error("the lines fit no known layout")]
    Layout,
}

/// Longer than any zone with its decoration; beyond it nothing is read.
const MAX_TEXT: usize = 400;

/// Reads the zone in `text` as it stands, without repairing anything; `today` judges the expiry date.
pub fn read_mrz(text: &str, today: CivilDate) -> Result<DocumentReading, NotAnMrz> {
    if text.len() > MAX_TEXT {
        return Err(NotAnMrz::Shape);
    }
    let lines = lines(text)?;
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    match lines.as_slice() {
        [first, second] if first.len() == 36 && first.starts_with("IDFRA") => {
            read_old_cni(first, second, today)
        }
        [first, second, third] => icao(mrz::parse_td1(first, second, third), &lines, today),
        [first, second] if first.len() == 44 && first.starts_with('V') => {
            icao(mrz::parse_mrv_a(first, second), &lines, today)
        }
        [first, second] if first.len() == 44 => icao(mrz::parse_td3(first, second), &lines, today),
        [first, second] if first.starts_with('V') => icao(mrz::parse_mrv_b(first, second), &lines, today),
        [first, second] => icao(mrz::parse_td2(first, second), &lines, today),
        _ => Err(NotAnMrz::Shape),
    }
}

/// The lines of a zone: upper case, no spaces; a text on one line is cut where its length allows one layout only.
fn lines(text: &str) -> Result<Vec<String>, NotAnMrz> {
    let compact = |line: &str| {
        line.chars()
            .filter(|c| !c.is_whitespace())
            .collect::<String>()
            .to_uppercase()
    };
    let mut lines: Vec<String> = text
        .lines()
        .map(compact)
        .filter(|line| !line.is_empty())
        .collect();
    if !lines.iter().all(|line| {
        line.bytes()
            .all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'<'))
    }) {
        return Err(NotAnMrz::Characters);
    }
    if let [single] = lines.as_slice() {
        let width = match single.len() {
            90 => 30,
            88 => 44,
            72 => 36,
            _ => return Err(NotAnMrz::Shape),
        };
        lines = (0..single.len() / width)
            .map(|i| single[i * width..(i + 1) * width].to_owned())
            .collect();
    }
    let widths: Vec<usize> = lines.iter().map(String::len).collect();
    match widths.as_slice() {
        [30, 30, 30] | [36, 36] | [44, 44] => Ok(lines),
        _ => Err(NotAnMrz::Shape),
    }
}

fn icao(
    parsed: Result<MrzData, MrzError>,
    lines: &[&str],
    today: CivilDate,
) -> Result<DocumentReading, NotAnMrz> {
    let data = parsed.map_err(|_| NotAnMrz::Layout)?;
    let layout = match data.format {
        Format::Td1 => Layout::Td1,
        Format::Td2 => Layout::Td2,
        Format::Td3 => Layout::Td3,
        Format::MrvA => Layout::VisaA,
        Format::MrvB => Layout::VisaB,
        _ => return Err(NotAnMrz::Layout),
    };
    let evidence: Vec<FieldEvidence> = [
        (CheckedField::DocumentNumber, data.checks.document_number),
        (CheckedField::DateOfBirth, data.checks.date_of_birth),
        (CheckedField::DateOfExpiry, data.checks.date_of_expiry),
        (CheckedField::PersonalNumber, data.checks.personal_number),
        (CheckedField::Composite, data.checks.composite),
    ]
    .into_iter()
    .filter_map(|(field, agrees)| {
        Some(FieldEvidence {
            field,
            agrees: agrees?,
        })
    })
    .collect();
    let expires = calendar(&data.date_of_expiry);
    Ok(DocumentReading {
        layout,
        issuer: data.issuing_country.clone(),
        number: Sensitive::new(data.full_document_number().to_owned()),
        surname: Sensitive::new(data.surname.clone()),
        given_names: Sensitive::new(data.given_names.clone()),
        born: calendar(&data.date_of_birth).map(Sensitive::new),
        expires,
        verdicts: verdicts(&evidence, expires, today),
        evidence,
        raw: Sensitive::new(lines.join("\n")),
    })
}

/// A zone proves at most a consistent reading; what it cannot tell stays "not checked".
pub(super) fn verdicts(evidence: &[FieldEvidence], expires: Option<CivilDate>, today: CivilDate) -> Verdicts {
    let read = if evidence.is_empty() {
        Verdict::NotChecked
    } else if evidence.iter().all(|field| field.agrees) {
        Verdict::Proven
    } else {
        Verdict::Refuted
    };
    let expiry_reliable = evidence
        .iter()
        .all(|field| field.agrees || field.field != CheckedField::DateOfExpiry);
    let in_date = match expires {
        Some(expires) if expiry_reliable && today <= expires => Verdict::Proven,
        Some(_) if expiry_reliable => Verdict::Refuted,
        Some(_) | None => Verdict::NotChecked,
    };
    Verdicts {
        read,
        signature: Verdict::NotChecked,
        issuer_trusted: Verdict::NotChecked,
        in_date,
        status_known: Verdict::NotChecked,
    }
}

fn calendar(date: &MrzDate) -> Option<CivilDate> {
    let MrzDate::Calendar(date) = date else {
        return None;
    };
    let year = i16::try_from(date.year).ok()?;
    let month = i8::try_from(date.month).ok()?;
    let day = i8::try_from(date.day).ok()?;
    CivilDate::new(year, month, day).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn today() -> CivilDate {
        CivilDate::new(2026, 11, 21).unwrap()
    }

    const ICAO_TD3: &str =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    #[test]
    fn the_icao_passport_specimen_reads_and_is_out_of_date() {
        let reading = read_mrz(ICAO_TD3, today()).unwrap();
        assert_eq!(reading.layout, Layout::Td3);
        assert_eq!(reading.surname.reveal(), "ERIKSSON");
        assert_eq!(reading.born.unwrap().reveal().to_string(), "12/08/1974");
        assert_eq!(reading.evidence.len(), 5);
        assert_eq!(reading.verdicts.read, Verdict::Proven);
        assert_eq!(reading.verdicts.in_date, Verdict::Refuted);
        assert_eq!(reading.verdicts.signature, Verdict::NotChecked);
        assert_eq!(reading.verdicts.status_known, Verdict::NotChecked);
    }

    #[test]
    fn a_wrong_digit_refutes_the_reading_and_is_not_repaired() {
        let reading = read_mrz(&ICAO_TD3.replace("7408122", "7408123"), today()).unwrap();
        assert_eq!(reading.verdicts.read, Verdict::Refuted);
        assert!(reading.raw.reveal().contains("7408123"));
        let birth = reading
            .evidence
            .iter()
            .find(|e| e.field == CheckedField::DateOfBirth)
            .unwrap();
        assert!(!birth.agrees);
    }

    #[test]
    fn a_card_pasted_on_one_line_in_lower_case_is_read() {
        let card =
            "i<utod231458907<<<<<<<<<<<<<<<7408122f1204159uto<<<<<<<<<<<6eriksson<<anna<maria<<<<<<<<<<";
        let reading = read_mrz(card, today()).unwrap();
        assert_eq!(
            (reading.layout, reading.verdicts.read),
            (Layout::Td1, Verdict::Proven)
        );
    }

    #[test]
    fn text_that_is_no_zone_is_refused_with_its_reason() {
        assert_eq!(read_mrz("bonjour", today()), Err(NotAnMrz::Shape));
        assert_eq!(read_mrz("", today()), Err(NotAnMrz::Shape));
        assert_eq!(read_mrz(&"é".repeat(45), today()), Err(NotAnMrz::Characters));
        assert_eq!(read_mrz(&"A".repeat(5000), today()), Err(NotAnMrz::Shape));
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_without_a_panic(text in "[A-Z0-9<\n é]{0,200}") {
            let _ = read_mrz(&text, today());
        }

        #[test]
        fn any_lines_of_the_right_width_are_read_or_refused(
            first in "[A-Z0-9<]{36}", second in "[A-Z0-9<]{36}", head in "(IDFRA|V<FRA|I<FRA)"
        ) {
            let _ = read_mrz(&format!("{head}{}\n{second}", &first[5..]), today());
        }
    }
}
