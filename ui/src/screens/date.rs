//! Dates that a thumb turns, within the texts that fields hold.

use domain::draft::Field;
use domain::identity::{self, CivilDate};
use drawn::{DatePart, DateParts};

/// Where the wheels of a birth begin: nobody who is stopped was born today.
const BIRTH: &str = "01/01/1990";

/// Day, month and year of a date, or of a moment; all of them empty where there is none.
pub(super) fn parts(text: &str) -> DateParts {
    let Some((date, _)) = split(text) else {
        return DateParts::default();
    };
    let date = date.to_string();
    let mut parts = date.split('/').map(Into::into);
    let mut next = || parts.next().unwrap_or_default();
    DateParts {
        day: next(),
        month: next(),
        year: next(),
    }
}

/// The text with its date turned; none where there is no date to begin with.
pub(super) fn turned(field: Field, text: &str, part: DatePart, by: i32) -> Option<String> {
    let Some((date, hour)) = split(text) else {
        return (field == Field::BirthDate && text.trim().is_empty()).then(|| BIRTH.to_owned());
    };
    let part = match part {
        DatePart::Day => identity::DatePart::Day,
        DatePart::Month => identity::DatePart::Month,
        DatePart::Year => identity::DatePart::Year,
    };
    // Beyond the calendar it stays where it is.
    let date = i8::try_from(by)
        .ok()
        .and_then(|by| date.turned(part, by))
        .unwrap_or(date);
    Some(format!("{date}{hour}"))
}

/// The date and what follows it, such as ` 21:05`.
fn split(text: &str) -> Option<(CivilDate, &str)> {
    if let Ok(date) = CivilDate::parse(text) {
        return Some((date, ""));
    }
    let end = text.find(' ')?;
    let (date, hour) = text.split_at(end);
    CivilDate::parse(date).ok().map(|date| (date, hour))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_turned_and_its_hour_stays() {
        let day = |text| turned(Field::FactsFrom, text, DatePart::Day, 1);
        assert_eq!(day("31/08/2026 21:05").as_deref(), Some("01/09/2026 21:05"));
        assert_eq!(day("31/08/2026").as_deref(), Some("01/09/2026"));
        assert_eq!(day("hier"), None);
        assert_eq!(day(""), None);
        let year = |text| turned(Field::BirthDate, text, DatePart::Year, -1);
        assert_eq!(year("12/08/1991").as_deref(), Some("12/08/1990"));
        assert_eq!(year("").as_deref(), Some(BIRTH));
        assert_eq!(year("vers 1990"), None);
        let shown = parts("31/08/2026 21:05");
        assert_eq!(
            (shown.day.as_str(), shown.month.as_str(), shown.year.as_str()),
            ("31", "08", "2026")
        );
        assert_eq!(parts("hier"), DateParts::default());
    }
}
