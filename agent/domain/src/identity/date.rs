//! A civil date, as documents and people give it.

use std::fmt;

use jiff::civil::Date;
use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use thiserror::Error;

/// The text is not a date in the form JJ/MM/AAAA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a date")]
pub struct NotADate;

/// What a hand turns of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatePart {
    Day,
    Month,
    Year,
}

/// A day of the calendar; encoded as `YYYY-MM-DD`, shown as `JJ/MM/AAAA`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CivilDate(Date);

impl CivilDate {
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, NotADate> {
        Date::new(year, month, day).map(Self).map_err(|_| NotADate)
    }

    /// Reads `JJ/MM/AAAA`; `.`, `-` and spaces stand for `/` too.
    pub fn parse(text: &str) -> Result<Self, NotADate> {
        let parts: Vec<&str> = text.trim().split(['/', '.', '-', ' ']).collect();
        let [day, month, year] = parts.as_slice() else {
            return Err(NotADate);
        };
        // A sign is no digit of a date.
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || !parts.iter().all(|part| digits(part)) {
            return Err(NotADate);
        }
        let number = |text: &str| text.parse::<i16>().map_err(|_| NotADate);
        let small = |text: &str| number(text).and_then(|n| i8::try_from(n).map_err(|_| NotADate));
        Self::new(number(year)?, small(month)?, small(day)?)
    }

    pub const fn date(self) -> Date {
        self.0
    }

    /// Whole years from this birth to `day`; none before the birth. Who is born on 29 February is a year older on
    /// 1 March.
    pub fn age_on(self, day: Self) -> Option<u8> {
        let birthday = |date: Date| (date.month(), date.day());
        let years = day.0.year() - self.0.year() - i16::from(birthday(day.0) < birthday(self.0));
        u8::try_from(years).ok().filter(|_| self.0 <= day.0)
    }

    /// The day `days` later; none beyond the calendar.
    pub fn plus_days(self, days: u8) -> Option<Self> {
        self.0
            .checked_add(jiff::Span::new().days(i64::from(days)))
            .ok()
            .map(Self)
    }

    /// So many days, months or years on, or back; of a shorter month the last day, and none beyond the calendar.
    pub fn turned(self, part: DatePart, by: i8) -> Option<Self> {
        let by = i64::from(by);
        let span = jiff::Span::new();
        let span = match part {
            DatePart::Day => span.days(by),
            DatePart::Month => span.months(by),
            DatePart::Year => span.years(by),
        };
        self.0.checked_add(span).ok().map(Self)
    }
}

impl From<Date> for CivilDate {
    fn from(date: Date) -> Self {
        Self(date)
    }
}

impl fmt::Display for CivilDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:02}/{:02}/{:04}",
            self.0.day(),
            self.0.month(),
            self.0.year()
        )
    }
}

impl<C> Encode<C> for CivilDate {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.str(&self.0.to_string())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for CivilDate {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        d.str()?
            .parse()
            .map(Self)
            .map_err(|_| DecodeError::message("not a date"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_changes_on_the_birthday() {
        let age = |born: &str, day: &str| {
            let day = CivilDate::parse(day).unwrap();
            CivilDate::parse(born).unwrap().age_on(day)
        };
        assert_eq!(age("21/11/2013", "20/11/2026"), Some(12));
        assert_eq!(age("21/11/2013", "21/11/2026"), Some(13));
        assert_eq!(age("29/02/2008", "28/02/2026"), Some(17));
        assert_eq!(age("29/02/2008", "01/03/2026"), Some(18));
        assert_eq!(age("21/11/2026", "20/11/2026"), None);
        assert_eq!(age("01/01/1700", "20/11/2026"), None);
    }

    #[test]
    fn a_date_that_is_turned_stays_one_of_the_calendar() {
        let turned = |text: &str, part, by| {
            let date = CivilDate::parse(text).unwrap();
            date.turned(part, by).map(|date| date.to_string())
        };
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(turned("31/12/2026", DatePart::Day, 1), some("01/01/2027"));
        assert_eq!(turned("31/01/2026", DatePart::Month, 1), some("28/02/2026"));
        assert_eq!(turned("29/02/2024", DatePart::Year, -1), some("28/02/2023"));
        assert_eq!(turned("01/03/2026", DatePart::Day, -1), some("28/02/2026"));
        assert_eq!(turned("31/12/9999", DatePart::Day, 1), None);
    }

    #[test]
    fn a_french_date_is_day_first_and_of_the_calendar() {
        assert_eq!(CivilDate::parse("05/11/1985").unwrap().to_string(), "05/11/1985");
        for text in [
            "31/02/2000",
            "1985-11-05",
            "05/11/85",
            "",
            "aa/bb/cccc",
            "+5/+1/+026",
        ] {
            assert_eq!(CivilDate::parse(text), Err(NotADate), "{text}");
        }
    }
}
