//! Vehicles, and the grammars of French plates.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::text_that;

/// The text fits no plate grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a plate")]
pub struct NotAPlate;

/// Which grammar a plate follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum PlateSystem {
    /// AA-123-AA (arrêté du 9 février 2009, annexe VII).
    #[n(0)]
    Siv,
    /// 1234 ABC 75, before 2009.
    #[n(1)]
    Fni,
    /// Any other country: letters and digits as read.
    #[n(2)]
    Foreign,
}

/// A plate in its printed form.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Plate {
    #[cbor(n(0), decode_with = "printed")]
    text: String,
}

impl Plate {
    /// Reads a French plate, whatever the case, spaces and dashes.
    pub fn parse(text: &str) -> Result<Self, NotAPlate> {
        let plain = bare(text);
        siv(&plain)
            .or_else(|| fni(&plain))
            .map(|text| Self { text })
            .ok_or(NotAPlate)
    }

    /// A plate of another country: 2 to 12 letters and digits.
    pub fn foreign(text: &str) -> Result<Self, NotAPlate> {
        let plain = bare(text);
        if (2..=12).contains(&plain.len()) && plain.bytes().all(|b| b.is_ascii_alphanumeric()) {
            Ok(Self { text: plain })
        } else {
            Err(NotAPlate)
        }
    }

    pub fn system(&self) -> PlateSystem {
        let plain = bare(&self.text);
        if siv(&plain).is_some() {
            PlateSystem::Siv
        } else if fni(&plain).is_some() {
            PlateSystem::Fni
        } else {
            PlateSystem::Foreign
        }
    }

    /// The letters and digits alone, as files are searched.
    pub fn key(&self) -> String {
        bare(&self.text)
    }
}

impl fmt::Display for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Plate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("…")
    }
}

fn printed<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    let is_printed = |text: &str| {
        Plate::parse(text)
            .or_else(|_| Plate::foreign(text))
            .is_ok_and(|plate| plate.text == text)
    };
    text_that(d, is_printed, "not a plate in its printed form")
}

fn bare(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, ' ' | '-' | '.' | '·'))
        .collect::<String>()
        .to_uppercase()
}

fn siv(plain: &str) -> Option<String> {
    let bytes = plain.as_bytes();
    let letter = |b: &u8| b.is_ascii_uppercase() && !matches!(b, b'I' | b'O' | b'U');
    let fits = bytes.len() == 7
        && bytes[..2].iter().all(letter)
        && bytes[2..5].iter().all(u8::is_ascii_digit)
        && bytes[5..].iter().all(letter)
        && &bytes[2..5] != b"000"
        && &bytes[..2] != b"SS"
        && &bytes[5..] != b"SS";
    fits.then(|| format!("{}-{}-{}", &plain[..2], &plain[2..5], &plain[5..]))
}

fn fni(plain: &str) -> Option<String> {
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let letters = plain
        .bytes()
        .skip(digits)
        .take_while(u8::is_ascii_uppercase)
        .count();
    let department = plain.get(digits + letters..)?;
    let known = match department {
        "2A" | "2B" => true,
        _ if department.len() == 2 => department.bytes().all(|b| b.is_ascii_digit()),
        _ => matches!(department, "971" | "972" | "973" | "974" | "975" | "976"),
    };
    let (number, series) = (plain.get(..digits)?, plain.get(digits..digits + letters)?);
    ((1..=4).contains(&digits) && (1..=3).contains(&letters) && known)
        .then(|| format!("{number} {series} {department}"))
}

/// A vehicle as seen.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Vehicle {
    #[n(0)]
    pub plate: Plate,
    #[n(1)]
    pub make: Option<String>,
    #[n(2)]
    pub model: Option<String>,
    #[n(3)]
    pub colour: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: Option<(&str, PlateSystem)>) {
        let read = Plate::parse(text)
            .ok()
            .map(|plate| (plate.to_string(), plate.system()));
        assert_eq!(
            read,
            expected.map(|(text, system)| (text.to_owned(), system)),
            "{text}"
        );
    }

    #[test]
    fn plates_of_both_french_systems_are_read_in_any_spelling() {
        check("ab123cd", Some(("AB-123-CD", PlateSystem::Siv)));
        check("AB 123 CD", Some(("AB-123-CD", PlateSystem::Siv)));
        check("123 abc 75", Some(("123 ABC 75", PlateSystem::Fni)));
        check("1234ab2a", Some(("1234 AB 2A", PlateSystem::Fni)));
        check("AI-123-CD", None);
        check("AB-000-CD", None);
        check("SS-123-AB", None);
        check("é", None);
        check("", None);
    }

    #[test]
    fn a_foreign_plate_keeps_its_letters_and_digits() {
        assert_eq!(Plate::foreign("b-mw 1234").unwrap().to_string(), "BMW1234");
        assert_eq!(Plate::foreign("§"), Err(NotAPlate));
    }

    #[test]
    fn bytes_from_outside_hold_no_plate_that_the_constructor_refuses() {
        use crate::canonical::{decode, encode};
        let plate = Plate::parse("ab123cd").unwrap();
        assert_eq!(decode::<Plate>(&encode(&plate)), Ok(plate));
        assert!(
            decode::<Plate>(&encode(&Plate {
                text: "ab 123 cd".to_owned()
            }))
            .is_err()
        );
        assert!(
            decode::<Plate>(&encode(&Plate {
                text: "§".to_owned()
            }))
            .is_err()
        );
    }
}
