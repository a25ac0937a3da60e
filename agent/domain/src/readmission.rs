//! The way back in for an officer whose code opens nothing any more: a number read out by telephone or radio, and the
//! number that comes back.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use thiserror::Error;

use crate::id::{DeviceId, OfficerId};

/// One more than the greatest number of eleven digits.
const NUMBERS: u64 = 100_000_000_000;
/// Digits of a spoken number, the last one included, which checks the others.
const DIGITS: usize = 12;

/// Eleven decimal digits and a check digit (ISO/IEC 7812-1 annex B): short enough to be read out, and one digit
/// misheard is noticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spoken(u64);

/// The text is not twelve digits, or the last one does not fit the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the number is misheard or mistyped: it has twelve digits, of which the last checks the others; ask for it again"
)]
pub struct Misheard;

impl Spoken {
    /// The number that eight bytes give; evenly spread when they are.
    pub const fn from_bytes(bytes: [u8; 8]) -> Self {
        Self(u64::from_be_bytes(bytes) % NUMBERS)
    }

    /// Reads twelve digits, spaces aside.
    pub fn parse(text: &str) -> Result<Self, Misheard> {
        let digits: Option<Vec<u64>> = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .map(|letter| letter.to_digit(10).map(u64::from))
            .collect();
        let digits = digits.filter(|digits| digits.len() == DIGITS).ok_or(Misheard)?;
        let number = digits.iter().fold(0, |number, digit| number * 10 + digit);
        let spoken = Self(number / 10);
        if spoken.check_digit() == number % 10 {
            Ok(spoken)
        } else {
            Err(Misheard)
        }
    }

    const fn check_digit(self) -> u64 {
        let (mut rest, mut sum, mut doubled) = (self.0, 0, true);
        while rest > 0 {
            let digit = rest % 10;
            let counted = if doubled { digit * 2 } else { digit };
            sum += counted / 10 + counted % 10;
            doubled = !doubled;
            rest /= 10;
        }
        (10 - sum % 10) % 10
    }
}

/// In groups of three, as it is read out.
impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = format!("{:012}", self.0 * 10 + self.check_digit());
        let groups = whole.as_bytes().chunks(3).map(String::from_utf8_lossy);
        f.write_str(&groups.collect::<Vec<_>>().join(" "))
    }
}

impl<C> Encode<C> for Spoken {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.u64(self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Spoken {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let number = d.u64()?;
        if number < NUMBERS {
            Ok(Self(number))
        } else {
            Err(DecodeError::message(
                "a spoken number has eleven digits before its check digit",
            ))
        }
    }
}

/// Why only a supervisor lets an officer in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Closure {
    /// Ten wrong codes: the slot is gone, and with it what the officer could read here.
    #[n(0)]
    SlotDestroyed,
    /// The count of the officer's tries is missing, damaged or an older one.
    #[n(1)]
    CounterClosed,
    /// Too many wrong codes on this terminal, whoever typed them, or their count is missing, damaged or an older one.
    #[n(2)]
    TerminalClosed,
}

impl Closure {
    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::SlotDestroyed => "slot_destroyed",
            Self::CounterClosed => "counter_closed",
            Self::TerminalClosed => "terminal_closed",
        }
    }
}

/// What a response is good for: one officer, one terminal, one number that this terminal drew.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Readmission {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub officer: OfficerId,
    #[n(2)]
    pub challenge: Spoken,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_out_in_groups_and_read_back() {
        let spoken = Spoken::from_bytes([0, 0, 0, 0, 0, 0, 0x30, 0x39]);
        assert_eq!(spoken.to_string(), "000 000 123 455");
        assert_eq!(Spoken::parse("000000123455"), Ok(spoken));
        assert_eq!(Spoken::parse(" 000 000 123 455 "), Ok(spoken));
        let greatest = Spoken(NUMBERS - 1);
        assert_eq!(Spoken::parse(&greatest.to_string()), Ok(greatest));
    }

    #[test]
    fn every_single_digit_misheard_is_noticed() {
        for number in [0, 12_345, 99_999_999_999, 48_151_623_420] {
            let said = Spoken(number).to_string().replace(' ', "");
            for place in 0..DIGITS {
                for digit in '0'..='9' {
                    let mut heard = said.clone();
                    heard.replace_range(place..=place, &digit.to_string());
                    assert_eq!(Spoken::parse(&heard).is_ok(), heard == said, "{heard}");
                }
            }
        }
        for text in ["", "00000012345", "0000001234555", "00000012345x", "12345"] {
            assert_eq!(Spoken::parse(text), Err(Misheard), "{text}");
        }
    }
}
