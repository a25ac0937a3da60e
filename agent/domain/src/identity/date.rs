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
        if year.len() != 4 {
            return Err(NotADate);
        }
        let number = |text: &str| text.parse::<i16>().map_err(|_| NotADate);
        let small = |text: &str| number(text).and_then(|n| i8::try_from(n).map_err(|_| NotADate));
        Self::new(number(year)?, small(month)?, small(day)?)
    }

    pub const fn date(self) -> Date {
        self.0
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
    fn a_french_date_is_day_first_and_of_the_calendar() {
        assert_eq!(CivilDate::parse("05/11/1985").unwrap().to_string(), "05/11/1985");
        for text in ["31/02/2000", "1985-11-05", "05/11/85", "", "aa/bb/cccc"] {
            assert_eq!(CivilDate::parse(text), Err(NotADate), "{text}");
        }
    }
}
