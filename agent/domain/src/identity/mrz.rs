//! Machine-readable zones (ICAO 9303), typed or pasted: each field with what its check digit proves.

use mrz::{Format, MrzData, MrzDate, MrzError};
use thiserror::Error;

use super::cells::Form;
use super::certificat::read_certificate;
use super::cni::read_old_cni;
use super::permis::{is_permis, read_permis};
use super::{CheckedField, CivilDate, DocumentReading, FieldEvidence, Layout, Verdict, Verdicts};
use crate::sensitive::Sensitive;

/// Why a text is not a machine-readable zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnMrz {
    /// Neither 3 lines of 30, 2 of 36, 2 of 44 nor 1 of 30 characters.
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
            Ok(read_old_cni(first, second, today))
        }
        [first, second] if first.len() == 44 && first.starts_with("CRFRA") => {
            Ok(read_certificate(first, second, today))
        }
        [line] if is_permis(line) => Ok(read_permis(line, today)),
        [_] => Err(NotAnMrz::Layout),
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
pub(super) fn lines(text: &str) -> Result<Vec<String>, NotAnMrz> {
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
            30 => 30,
            _ => return Err(NotAnMrz::Shape),
        };
        lines = (0..single.len() / width)
            .map(|i| single[i * width..(i + 1) * width].to_owned())
            .collect();
    }
    let widths: Vec<usize> = lines.iter().map(String::len).collect();
    match widths.as_slice() {
        [30] | [30, 30, 30] | [36, 36] | [44, 44] => Ok(lines),
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
        verdicts: verdicts(layout, &evidence, expires, today),
        evidence,
        raw: Sensitive::new(lines.join("\n")),
        corrected: None,
        vehicle: None,
    })
}

/// What each digit of a French zone says.
pub(super) fn evidence(form: &Form, zone: &[u8]) -> Vec<FieldEvidence> {
    form.digits()
        .iter()
        .map(|digit| FieldEvidence {
            field: digit.field,
            agrees: digit.agrees(zone),
        })
        .collect()
}

/// The digits that stand for the end of validity: a date under a wrong one is not judged.
const fn dating(layout: Layout) -> &'static [CheckedField] {
    match layout {
        Layout::Td1 | Layout::Td2 | Layout::Td3 | Layout::VisaA | Layout::VisaB => {
            &[CheckedField::DateOfExpiry]
        }
        // The end follows from the month of issue in the number and from the holder's age.
        Layout::OldCni => &[CheckedField::DocumentNumber, CheckedField::DateOfBirth],
        Layout::Permis => &[CheckedField::Composite],
        Layout::CertificatImmatriculation => &[],
    }
}

/// A zone proves at most a consistent reading; what it cannot tell stays "not checked".
pub(super) fn verdicts(
    layout: Layout,
    evidence: &[FieldEvidence],
    expires: Option<CivilDate>,
    today: CivilDate,
) -> Verdicts {
    let counts = |field| (layout, field) != (Layout::CertificatImmatriculation, CheckedField::Composite);
    let read = if evidence.is_empty() {
        Verdict::NotChecked
    } else if evidence.iter().all(|one| one.agrees || !counts(one.field)) {
        Verdict::Proven
    } else {
        Verdict::Refuted
    };
    let is_dated = evidence
        .iter()
        .all(|one| one.agrees || !dating(layout).contains(&one.field));
    let in_date = match expires {
        Some(expires) if is_dated && today <= expires => Verdict::Proven,
        Some(_) if is_dated => Verdict::Refuted,
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

    /// Line feeds part the lines; the digits that do not agree, and the number.
    #[test]
    fn specimens_of_every_layout_read_with_the_digits_that_they_print() {
        use CheckedField::{Composite, PersonalNumber};
        let table: [(&str, Layout, &str, &[CheckedField]); 9] = [
            (
                "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<20",
                Layout::Td3,
                "L898902C3",
                &[PersonalNumber, Composite],
            ),
            (
                "P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\nC01X0006H1D<<6408125F1710319<<<<<<<<<<<<<<<0",
                Layout::Td3,
                "C01X0006H",
                &[],
            ),
            (
                "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
                Layout::Td1,
                "D23145890734",
                &[],
            ),
            (
                "IDBEL600001795<0152<<<<<<<<<<<\n1301014F2311207BEL130101987398\nSPECIMEN<<SPECIMEN<<<<<<<<<<<<",
                Layout::Td1,
                "600001795015",
                &[],
            ),
            (
                "I<NLDXI85935F86999999990<<<<<<\n7208148F1108268NLD<<<<<<<<<<<4\nVAN<DER<STEEN<<MARIANNE<LOUISE",
                Layout::Td1,
                "XI85935F8",
                &[Composite],
            ),
            (
                "I<UTOSTEVENSON<<PETER<JOHN<<<<<<<<<<\nD23145890<UTO3407127M95071227349<<<8",
                Layout::Td2,
                "D23145890734",
                &[],
            ),
            (
                "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<",
                Layout::VisaA,
                "L8988901C",
                &[],
            ),
            (
                "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<",
                Layout::VisaB,
                "L8988901C",
                &[],
            ),
            (
                "IDFRATEST<NAME<<<<<<<<<<<<<<<<0CHE02\n1710GVA123451ROBERTA<<<<<<<9112311F2",
                Layout::OldCni,
                "1710GVA12345",
                &[],
            ),
        ];
        let mut looked_at = 0;
        for (zone, layout, number, wrong) in table {
            let reading = read_mrz(zone, today()).unwrap();
            assert_eq!(
                (reading.layout, reading.number.reveal().as_str()),
                (layout, number)
            );
            let disagreeing: Vec<CheckedField> = reading
                .evidence
                .iter()
                .filter(|one| !one.agrees)
                .map(|one| one.field)
                .collect();
            assert_eq!(disagreeing, wrong, "{zone}");
            // The table of cells says the same as the library, which knows ICAO's layouts.
            let joined = zone.replace('\n', "");
            let form = Form::of(layout, joined.as_bytes());
            for digit in form.digits() {
                assert_eq!(
                    digit.agrees(joined.as_bytes()),
                    !wrong.contains(&digit.field),
                    "{zone}"
                );
            }
            looked_at += form.digits().len();
        }
        assert_eq!(looked_at, 35);
    }

    #[test]
    fn an_unknown_birth_and_sex_are_read_as_unknown() {
        let zone =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO74<<<<2<3204159<<<<<<<<<<<<<<0<";
        let digit = |covered: &str| mrz::check_digit(covered).unwrap();
        let second = zone.lines().nth(1).unwrap();
        let second = second.replace("74<<<<2", &format!("74<<<<{}", digit("74<<<<")));
        let covered = format!("{}{}{}", &second[..10], &second[13..20], &second[21..43]);
        let second = format!("{}{}", &second[..43], digit(&covered));
        let reading = read_mrz(&format!("{}\n{second}", &zone[..44]), today()).unwrap();
        assert_eq!(reading.born, None);
        let birth = FieldEvidence {
            field: CheckedField::DateOfBirth,
            agrees: true,
        };
        assert!(reading.evidence.contains(&birth));
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
