//! The French driving licence since 2013: one line of 30 at the foot of the front.
//!
//! It names no birth; the end of validity and the name stand under the last digit alone.

use super::cells::Form;
use super::cni::words;
use super::mrz::{evidence, verdicts};
use super::{CivilDate, DocumentReading, Layout};
use crate::sensitive::Sensitive;

/// `line` holds 30 characters of the zone's alphabet, and its head is one of [`is_permis`].
pub(super) fn read_permis(line: &str, today: CivilDate) -> DocumentReading {
    let form = Form::of(Layout::Permis, line.as_bytes());
    let evidence = evidence(&form, line.as_bytes());
    let expires = expiry(&line[15..21]);
    DocumentReading {
        layout: Layout::Permis,
        issuer: line[2..5].to_owned(),
        number: Sensitive::new(line[5..14].to_owned()),
        surname: Sensitive::new(words(&line[21..29])),
        given_names: Sensitive::default(),
        born: None,
        expires,
        verdicts: verdicts(Layout::Permis, &evidence, expires, today),
        evidence,
        raw: Sensitive::new(line.to_owned()),
        corrected: None,
        vehicle: None,
    }
}

/// Licences of other countries have one line too, under other rules.
pub(super) fn is_permis(line: &str) -> bool {
    let head = line.as_bytes();
    matches!(head, [b'A'..=b'D', b'0'..=b'9', b'F', b'R', b'A', ..])
}

/// No licence of this model ended before 2013.
fn expiry(field: &str) -> Option<CivilDate> {
    let two = |at: usize| field[at..at + 2].parse::<i8>().ok();
    CivilDate::new(2000 + i16::from(two(0)?), two(2)?, two(4)?).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{CheckedField, NotAnMrz, Verdict, read_mrz};
    use super::*;

    const SPECIMEN: &str = "D1FRA13AA000026181231MARTIN<<9";

    fn today() -> CivilDate {
        CivilDate::new(2026, 11, 21).unwrap()
    }

    #[test]
    fn the_specimen_reads_and_is_out_of_date() {
        let reading = read_mrz(SPECIMEN, today()).unwrap();
        assert_eq!(reading.layout, Layout::Permis);
        assert_eq!(reading.number.reveal(), "13AA00002");
        assert_eq!(reading.surname.reveal(), "MARTIN");
        assert_eq!(reading.born, None);
        assert_eq!(reading.expires.unwrap().to_string(), "31/12/2018");
        assert_eq!(reading.verdicts.read, Verdict::Proven);
        assert_eq!(reading.verdicts.in_date, Verdict::Refuted);
    }

    #[test]
    fn an_expiry_under_a_wrong_last_digit_is_not_judged() {
        let reading = read_mrz(&SPECIMEN.replace("181231", "381231"), today()).unwrap();
        assert_eq!(reading.verdicts.read, Verdict::Refuted);
        assert_eq!(reading.verdicts.in_date, Verdict::NotChecked);
        let composite = reading
            .evidence
            .iter()
            .find(|one| one.field == CheckedField::Composite);
        assert!(!composite.unwrap().agrees);
    }

    #[test]
    fn a_licence_of_another_country_is_refused() {
        let dutch = SPECIMEN.replace("D1FRA", "D1NLD");
        assert_eq!(read_mrz(&dutch, today()), Err(NotAnMrz::Layout));
    }
}
