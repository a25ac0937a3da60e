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

    /// What was typed so far of a French plate, as it is printed; none where no French plate begins so.
    pub fn begun(text: &str) -> Option<String> {
        let plain = bare(text);
        begun_siv(&plain).or_else(|| begun_fni(&plain))
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

    /// A French plate, or one of another country.
    pub fn read(text: &str) -> Result<Self, NotAPlate> {
        Self::parse(text).or_else(|_| Self::foreign(text))
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
    begun_siv(plain).filter(|_| plain.len() == 7)
}

/// A plate of 2009 and after as far as it goes, printed.
fn begun_siv(plain: &str) -> Option<String> {
    let fits = |(place, byte): (usize, u8)| match place {
        0 | 1 | 5 | 6 => byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'O' | b'U'),
        _ => byte.is_ascii_digit(),
    };
    let begins = plain.len() <= 7
        && plain.bytes().enumerate().all(fits)
        && plain.get(2..5) != Some("000")
        && plain.get(..2) != Some("SS")
        && plain.get(5..7) != Some("SS");
    begins.then(|| joined(plain, [2, 3, 2], "-"))
}

fn fni(plain: &str) -> Option<String> {
    let (digits, letters) = groups(plain);
    begun_fni(plain).filter(|_| plain.len() - digits - letters >= 2)
}

/// A plate of before 2009 as far as it goes, printed.
fn begun_fni(plain: &str) -> Option<String> {
    let (digits, letters) = groups(plain);
    let department = plain.get(digits + letters..)?;
    let known = match department.as_bytes() {
        [] => true,
        [b'2', b'A' | b'B'] | [b'9', b'7', b'1'..=b'6'] => letters > 0,
        [one] => letters > 0 && one.is_ascii_digit(),
        [one, two] => letters > 0 && one.is_ascii_digit() && two.is_ascii_digit(),
        _ => false,
    };
    let begins = (1..=4).contains(&digits) && letters <= 3 && known;
    begins.then(|| joined(plain, [digits, letters, 3], " "))
}

/// How many digits a plate of before 2009 begins with, and how many letters follow.
fn groups(plain: &str) -> (usize, usize) {
    let digits = plain.bytes().take_while(u8::is_ascii_digit).count();
    let letters = plain.bytes().skip(digits);
    (digits, letters.take_while(u8::is_ascii_uppercase).count())
}

/// The parts of a plate that are there, each of so many characters.
fn joined(plain: &str, lengths: [usize; 3], separator: &str) -> String {
    let mut rest = plain;
    let parts = lengths.into_iter().map(|length| {
        let (part, after) = rest.split_at(length.min(rest.len()));
        rest = after;
        part
    });
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join(separator)
}

/// The text is not a country: two letters (ISO 3166-1 alpha-2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not the code of a country")]
pub struct NotACountry;

/// The country of a registration, ISO 3166-1 alpha-2.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Country(#[cbor(n(0), decode_with = "alpha2")] String);

fn alpha2<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    let accepts = |text: &str| Country::parse(text).is_ok_and(|country| country.0 == text);
    text_that(d, accepts, "not a country")
}

impl Country {
    pub fn france() -> Self {
        Self("FR".to_owned())
    }

    pub fn parse(text: &str) -> Result<Self, NotACountry> {
        let code = text.trim().to_uppercase();
        if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Self(code))
        } else {
            Err(NotACountry)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The kind of a vehicle (J.1 of the certificate, and what has none).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Genre {
    /// Voiture particulière.
    #[n(0)]
    Vp,
    /// Camionnette.
    #[n(1)]
    Ctte,
    /// Camion, tracteur routier.
    #[n(2)]
    Cam,
    /// Transport en commun.
    #[n(3)]
    Tcp,
    #[n(4)]
    Moto,
    #[n(5)]
    Cyclo,
    /// Quadricycle léger.
    #[n(6)]
    Quad,
    #[n(7)]
    Agricole,
    #[n(8)]
    Velo,
    /// Engin de déplacement personnel motorisé.
    #[n(9)]
    Edpm,
    #[n(10)]
    Autre,
}

impl Genre {
    pub const ALL: [Self; 11] = [
        Self::Vp,
        Self::Ctte,
        Self::Cam,
        Self::Tcp,
        Self::Moto,
        Self::Cyclo,
        Self::Quad,
        Self::Agricole,
        Self::Velo,
        Self::Edpm,
        Self::Autre,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Vp => "VP",
            Self::Ctte => "CTTE",
            Self::Cam => "CAM",
            Self::Tcp => "TCP",
            Self::Moto => "MOTO",
            Self::Cyclo => "CYCLO",
            Self::Quad => "QUAD",
            Self::Agricole => "AGRI",
            Self::Velo => "VELO",
            Self::Edpm => "EDPM",
            Self::Autre => "AUTRE",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|genre| genre.code() == code)
    }

    /// Whether driving it asks for a licence that has points.
    pub const fn has_points(self) -> bool {
        match self {
            Self::Vp | Self::Ctte | Self::Cam | Self::Tcp | Self::Moto | Self::Autre => true,
            Self::Cyclo | Self::Quad | Self::Agricole | Self::Velo | Self::Edpm => false,
        }
    }
}

/// What the vehicle shows of its registration.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Registration {
    #[n(0)]
    Read {
        #[n(0)]
        plate: Plate,
        #[n(1)]
        country: Country,
    },
    /// Of a kind that is not registered, or registered nowhere.
    #[n(1)]
    None,
    /// Absent, dirty or hidden: nothing is known of the registration.
    #[n(2)]
    NotReadable,
}

/// A vehicle as seen.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Vehicle {
    #[n(0)]
    pub registration: Registration,
    #[n(1)]
    pub genre: Option<Genre>,
    #[n(2)]
    pub make: Option<String>,
    #[n(3)]
    pub model: Option<String>,
    #[n(4)]
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
    fn a_plate_is_printed_as_far_as_it_goes() {
        for (typed, printed) in [
            ("", ""),
            ("a", "A"),
            ("ab1", "AB-1"),
            ("AB-123", "AB-123"),
            ("ab-123-c", "AB-123-C"),
            ("AB123CD", "AB-123-CD"),
            ("1", "1"),
            ("1234a", "1234 A"),
            ("12 abc 2a", "12 ABC 2A"),
            ("1234AB97", "1234 AB 97"),
            ("1234AB974", "1234 AB 974"),
        ] {
            assert_eq!(Plate::begun(typed).as_deref(), Some(printed), "{typed}");
        }
        for typed in [
            "I", "AU", "SS", "ABC", "A1", "AB000", "AB123SS", "AB123CDE", "12345", "1ABCD", "1A977", "1A2C",
            "é",
        ] {
            assert_eq!(Plate::begun(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_plate_is_begun_by_each_of_its_beginnings() {
        for plate in ["AB-123-CD", "ZZ-999-ZZ", "1 A 01", "1234 ABC 976", "123 BA 2B"] {
            assert_eq!(Plate::parse(plate).unwrap().to_string(), plate);
            for end in 0..=plate.len() {
                let begun = Plate::begun(&plate[..end]);
                assert_eq!(begun.as_deref(), Some(plate[..end].trim_end_matches(['-', ' '])));
            }
        }
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
