//! Dates and hours that a thumb turns, within the texts that fields hold.

use domain::draft::Field;
use domain::identity::{self, CivilDate};
use drawn::{DatePart, DateParts};

/// Where the wheels of a birth begin: nobody who is stopped was born today.
const BIRTH: &str = "01/01/1990";

/// So many minutes one turn is worth: what is exact is typed, or stamped.
const MINUTES: i32 = 5;

/// The parts of a date, or of a moment; all of them empty where there is none.
pub(super) fn parts(text: &str) -> DateParts {
    let Some((date, rest)) = split(text) else {
        return DateParts::default();
    };
    let date = date.to_string();
    let (hour, minute) = clock(rest).map_or_else(Default::default, |(hour, minute)| {
        (format!("{hour:02}"), format!("{minute:02}"))
    });
    let mut parts = date.split('/').map(Into::into);
    let mut next = || parts.next().unwrap_or_default();
    DateParts {
        day: next(),
        month: next(),
        year: next(),
        hour: hour.into(),
        minute: minute.into(),
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
        DatePart::Hour => return turned_clock(date, hour, 60 * by),
        DatePart::Minute => return turned_clock(date, hour, MINUTES * by),
    };
    // Beyond the calendar it stays where it is.
    let date = i8::try_from(by)
        .ok()
        .and_then(|by| date.turned(part, by))
        .unwrap_or(date);
    Some(format!("{date}{hour}"))
}

/// The hour goes round within its day; a day without one begins at noon.
fn turned_clock(date: CivilDate, rest: &str, by: i32) -> Option<String> {
    let minutes = match clock(rest) {
        Some((hour, minute)) => (60 * hour + minute + by).rem_euclid(24 * 60),
        None if rest.trim().is_empty() => 12 * 60,
        None => return None,
    };
    Some(format!("{date} {:02}:{:02}", minutes / 60, minutes % 60))
}

/// Hour and minute of ` 21:05`, also of ` 21h05`.
fn clock(rest: &str) -> Option<(i32, i32)> {
    let (hour, minute) = rest.trim().split_once([':', 'h', 'H'])?;
    let (hour, minute) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
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
        let hour = |text, by| turned(Field::Moment, text, DatePart::Hour, by);
        assert_eq!(hour("31/08/2026 23:05", 1).as_deref(), Some("31/08/2026 00:05"));
        assert_eq!(hour("31/08/2026 21h05", -1).as_deref(), Some("31/08/2026 20:05"));
        assert_eq!(hour("31/08/2026", 1).as_deref(), Some("31/08/2026 12:00"));
        assert_eq!(hour("31/08/2026 vers 8 h", 1), None);
        let minute = |text, by| turned(Field::Moment, text, DatePart::Minute, by);
        assert_eq!(minute("31/08/2026 21:58", 1).as_deref(), Some("31/08/2026 22:03"));
        assert_eq!(
            minute("31/08/2026 00:02", -1).as_deref(),
            Some("31/08/2026 23:57")
        );
        let year = |text| turned(Field::BirthDate, text, DatePart::Year, -1);
        assert_eq!(year("12/08/1991").as_deref(), Some("12/08/1990"));
        assert_eq!(year("").as_deref(), Some(BIRTH));
        assert_eq!(year("vers 1990"), None);
        let shown = parts("31/08/2026 21:05");
        assert_eq!(
            (shown.day.as_str(), shown.month.as_str(), shown.year.as_str()),
            ("31", "08", "2026")
        );
        assert_eq!((shown.hour.as_str(), shown.minute.as_str()), ("21", "05"));
        assert_eq!(parts("hier"), DateParts::default());
    }
}
