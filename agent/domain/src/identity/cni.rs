//! The French national identity card of 1988 to 2021: two lines of 36 that are not TD2.
//!
//! The zone prints the month of issue and no expiry; the end of validity follows from the law, to the month.

use super::cells::Form;
use super::mrz::{evidence, verdicts};
use super::{CivilDate, DocumentReading, Layout, Verdict};
use crate::sensitive::Sensitive;

/// Both lines hold 36 characters of the zone's alphabet and the first starts with `IDFRA`.
pub(super) fn read_old_cni(first: &str, second: &str, today: CivilDate) -> DocumentReading {
    let zone = format!("{first}{second}");
    let form = Form::of(Layout::OldCni, zone.as_bytes());
    let evidence = evidence(&form, zone.as_bytes());
    let born = birth_date(&second[27..33], today);
    let validity = Validity::of(&second[..4], born);
    let expires = validity.map(|validity| validity.least);
    let mut verdicts = verdicts(Layout::OldCni, &evidence, expires, today);
    if verdicts.in_date != Verdict::NotChecked {
        verdicts.in_date = validity.map_or(Verdict::NotChecked, |validity| validity.on(today));
    }
    DocumentReading {
        layout: Layout::OldCni,
        issuer: "FRA".to_owned(),
        number: Sensitive::new(second[..12].to_owned()),
        surname: Sensitive::new(words(&first[5..30])),
        given_names: Sensitive::new(words(&second[13..27])),
        born: born.map(Sensitive::new),
        expires,
        verdicts,
        evidence,
        raw: Sensitive::new(format!("{first}\n{second}")),
        corrected: None,
        vehicle: None,
    }
}

/// The words of a name, parted by spaces.
pub(super) fn words(field: &str) -> String {
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

/// Between which days a card ends: its issue is known to the month, and its holder's age at that to the day or not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Validity {
    /// The last day of the month in which the card ends at the earliest: what is shown.
    least: CivilDate,
    /// The last day of the month in which it ends at the latest.
    most: CivilDate,
}

impl Validity {
    /// Ten years, or fifteen: for cards of 2 January 2004 to 31 December 2013 the ten that are printed and five by law
    /// (service-public.fr), from 2014 on the fifteen that are printed, both if the holder was an adult at the issue.
    /// Who came of age within the month of issue, or was born nobody knows when, may be either; so is a card of
    /// January 2004.
    fn of(issued: &str, born: Option<CivilDate>) -> Option<Self> {
        let (year, month) = (two(issued, 0)?, two(issued, 2)?);
        let century = if year >= 88 { 1900 } else { 2000 };
        let year = century + i16::from(year);
        let issued = CivilDate::new(year, month, 1).ok()?.date();
        let after = |years: i16| {
            let end = issued.checked_add(jiff::Span::new().years(years)).ok()?;
            Some(CivilDate::from(end.last_of_month()))
        };
        let majority = born.and_then(|born| born.date().checked_add(jiff::Span::new().years(18)).ok());
        let was_adult = match majority {
            Some(majority) if majority <= issued.first_of_month() => Some(true),
            Some(majority) if majority > issued.last_of_month() => Some(false),
            Some(_) | None => None,
        };
        let extended = match (year, month) {
            (..2004, _) => Some(false),
            (2004, 1) => was_adult.filter(|was_adult| !was_adult),
            _ => was_adult,
        };
        let (ten, fifteen) = (after(10)?, after(15)?);
        Some(match extended {
            Some(true) => Self {
                least: fifteen,
                most: fifteen,
            },
            Some(false) => Self {
                least: ten,
                most: ten,
            },
            None => Self {
                least: ten,
                most: fifteen,
            },
        })
    }

    /// In the month in which a card may end, nothing says on which day.
    fn on(self, today: CivilDate) -> Verdict {
        if today.date() < self.least.date().first_of_month() {
            Verdict::Proven
        } else if today > self.most {
            Verdict::Refuted
        } else {
            Verdict::NotChecked
        }
    }
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
    use super::super::read_mrz;
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

    fn day(text: &str) -> CivilDate {
        CivilDate::parse(text).unwrap()
    }

    fn ends(issued: &str, born: &str) -> [String; 2] {
        let validity = Validity::of(issued, CivilDate::parse(born).ok()).unwrap();
        [validity.least.to_string(), validity.most.to_string()]
    }

    #[test]
    fn an_adult_of_2004_to_2013_has_five_years_more_and_a_child_has_not() {
        assert_eq!(ends("1205", "01/01/1980"), ["31/05/2027", "31/05/2027"]);
        assert_eq!(ends("1205", "01/01/2000"), ["31/05/2022", "31/05/2022"]);
        assert_eq!(ends("0312", "01/01/1980"), ["31/12/2013", "31/12/2013"]);
        assert_eq!(ends("0402", "01/01/1980"), ["28/02/2019", "28/02/2019"]);
        assert_eq!(ends("1401", "01/01/1980"), ["31/01/2029", "31/01/2029"]);
    }

    #[test]
    fn who_came_of_age_in_the_month_of_issue_may_be_either() {
        let either = ["31/05/2022".to_owned(), "31/05/2027".to_owned()];
        assert_eq!(ends("1205", "02/05/1994"), either);
        assert_eq!(ends("1205", "31/05/1994"), either);
        assert_eq!(ends("1205", "unknown"), either);
        assert_eq!(ends("1205", "01/05/1994"), ["31/05/2027", "31/05/2027"]);
        assert_eq!(ends("1205", "01/06/1994"), ["31/05/2022", "31/05/2022"]);
        // Of January 2004 the first day has not the rule.
        assert_eq!(ends("0401", "01/01/1980"), ["31/01/2014", "31/01/2019"]);
    }

    #[test]
    fn the_month_of_the_end_is_not_judged() {
        let adult = Validity::of("1205", Some(day("01/01/1980"))).unwrap();
        assert_eq!(adult.on(day("30/04/2027")), Verdict::Proven);
        assert_eq!(adult.on(day("01/05/2027")), Verdict::NotChecked);
        assert_eq!(adult.on(day("31/05/2027")), Verdict::NotChecked);
        assert_eq!(adult.on(day("01/06/2027")), Verdict::Refuted);
        let either = Validity::of("1205", None).unwrap();
        assert_eq!(either.on(day("30/04/2022")), Verdict::Proven);
        assert_eq!(either.on(day("21/11/2026")), Verdict::NotChecked);
        assert_eq!(either.on(day("01/06/2027")), Verdict::Refuted);
    }

    #[test]
    fn an_end_that_follows_from_a_wrong_digit_is_not_judged() {
        let today = day("21/11/2026");
        let reading = read_mrz(&SPECIMEN.replace("6512068", "6512069"), today).unwrap();
        assert_eq!(reading.verdicts.read, Verdict::Refuted);
        assert_eq!(reading.verdicts.in_date, Verdict::NotChecked);
    }
}
