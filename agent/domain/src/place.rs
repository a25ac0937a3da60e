//! Where something happened.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::text_that;
use crate::time::Timestamp;

/// The text is not a place: an act needs a street, a road or a landmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text does not name a place")]
pub struct NotAPlace;

/// A position in microdegrees (WGS 84) and its radius of uncertainty in metres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Position {
    #[n(0)]
    pub latitude_e6: i32,
    #[n(1)]
    pub longitude_e6: i32,
    #[n(2)]
    pub accuracy_m: u32,
}

/// The text is no position: latitude and longitude in degrees, and metres of uncertainty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a position")]
pub struct NotAPosition;

impl Position {
    /// `48.93563 2.35387 12`.
    pub fn parse(text: &str) -> Result<Self, NotAPosition> {
        let mut parts = text.split_whitespace();
        let (latitude, longitude, metres) = (parts.next(), parts.next(), parts.next());
        let degrees = |text: Option<&str>, most: i32| {
            let text = text.ok_or(NotAPosition)?;
            let (sign, digits) = text.strip_prefix('-').map_or((1, text), |digits| (-1, digits));
            let (whole, decimals) = digits.split_once('.').unwrap_or((digits, ""));
            let plain = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
            if whole.is_empty() || whole.len() > 3 || decimals.len() > 6 || !plain(whole) || !plain(decimals)
            {
                return Err(NotAPosition);
            }
            let e6: i32 = format!("{whole}{decimals:0<6}")
                .parse()
                .map_err(|_| NotAPosition)?;
            if e6 > most * 1_000_000 {
                Err(NotAPosition)
            } else {
                Ok(sign * e6)
            }
        };
        let position = Self {
            latitude_e6: degrees(latitude, 90)?,
            longitude_e6: degrees(longitude, 180)?,
            accuracy_m: metres.and_then(|text| text.parse().ok()).ok_or(NotAPosition)?,
        };
        if parts.next().is_some() {
            Err(NotAPosition)
        } else {
            Ok(position)
        }
    }
}

impl Position {
    /// As [`Position::parse`] reads it.
    pub fn as_typed(&self) -> String {
        format!("{} {}", self.to_string().replace(',', ""), self.accuracy_m)
    }
}

impl fmt::Display for Position {
    /// Decimal degrees, `48.936200, 2.357400`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DEGREE: u32 = 1_000_000;
        let write = |f: &mut fmt::Formatter<'_>, e6: i32| {
            let (sign, plain) = (if e6 < 0 { "-" } else { "" }, e6.unsigned_abs());
            write!(f, "{sign}{}.{:06}", plain / DEGREE, plain % DEGREE)
        };
        write(f, self.latitude_e6)?;
        f.write_str(", ")?;
        write(f, self.longitude_e6)
    }
}

/// Where a terminal was at one moment, as its platform states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Fix {
    #[n(0)]
    pub position: Position,
    #[n(1)]
    pub at: Timestamp,
}

/// A place as an act names it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Place {
    /// Street and number, or road and kilometre point.
    #[n(0)]
    pub address: String,
    /// INSEE code of the commune.
    #[n(1)]
    pub commune: Option<String>,
    #[n(2)]
    pub position: Option<Position>,
}

impl Place {
    /// At least four characters, one of them a letter.
    pub fn parse(text: &str) -> Result<Self, NotAPlace> {
        let address = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if address.chars().count() >= 4 && address.chars().any(char::is_alphabetic) {
            Ok(Self {
                address,
                commune: None,
                position: None,
            })
        } else {
            Err(NotAPlace)
        }
    }
}

/// The text is no road: one to three letters and one to four digits ("A6", "RN 20", "D 907").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text does not name a road")]
pub struct NotARoad;

/// The text is no kilometre point: kilometres, and metres after `+`, or a decimal part ("12", "12+300", "12,3").
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a kilometre point")]
pub struct NotARoadPoint;

/// The text is no INSEE code of a commune: five characters, the second of which may be A or B.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not the code of a commune")]
pub struct NotACommune;

/// A point of a numbered road.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RoadPoint {
    #[cbor(n(0), decode_with = "numbered")]
    road: String,
    /// Metres from the road's origin.
    #[n(1)]
    pub point_m: Option<u32>,
}

fn numbered<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    let accepts = |text: &str| RoadPoint::parse(text).is_ok_and(|point| point.road == text);
    text_that(d, accepts, "not a road")
}

impl RoadPoint {
    pub fn parse(road: &str) -> Result<Self, NotARoad> {
        let plain: String = road.chars().filter(|c| !c.is_whitespace()).collect();
        let road = plain.to_uppercase();
        let letters = road.bytes().take_while(u8::is_ascii_uppercase).count();
        let digits = road.bytes().skip(letters).take_while(u8::is_ascii_digit).count();
        let fits = (1..=3).contains(&letters) && (1..=4).contains(&digits) && road.len() == letters + digits;
        if fits {
            Ok(Self { road, point_m: None })
        } else {
            Err(NotARoad)
        }
    }

    /// Metres of a kilometre point as officers write it.
    pub fn metres(text: &str) -> Result<u32, NotARoadPoint> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let (kilometres, rest) = plain.split_once(['+', ',', '.']).unwrap_or((&plain, ""));
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        let fits =
            (1..=4).contains(&kilometres.len()) && rest.len() <= 3 && digits(kilometres) && digits(rest);
        if !fits || plain.ends_with(['+', ',', '.']) {
            return Err(NotARoadPoint);
        }
        // After `+` stand metres, after a comma a fraction: 12+50 is 12 050 m, 12,5 is 12 500 m.
        let metres = if plain.contains('+') {
            format!("{rest:0>3}")
        } else {
            format!("{rest:0<3}")
        };
        let number = |text: &str| text.parse::<u32>().map_err(|_| NotARoadPoint);
        Ok(number(kilometres)? * 1000 + number(&metres)?)
    }

    /// The same road, `point_m` metres from its origin.
    pub fn at(self, point_m: Option<u32>) -> Self {
        Self { point_m, ..self }
    }

    pub fn road(&self) -> &str {
        &self.road
    }
}

/// A place on or beside a road, as a PVe names it (R.49 and A.37-16 CPP: street and number, or road and point).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RoadPlace {
    #[n(0)]
    pub place: Place,
    #[n(1)]
    pub point: Option<RoadPoint>,
    /// Towards where.
    #[n(2)]
    pub direction: Option<String>,
    /// Inside a built-up area (R.110-2 Code de la route); absent when the officer did not say.
    #[n(3)]
    pub agglomeration: Option<bool>,
}

/// Reads the INSEE code of a commune.
pub fn commune(text: &str) -> Result<String, NotACommune> {
    let code = text.trim().to_uppercase();
    let fits = match code.as_bytes() {
        [first, second, rest @ ..] if rest.len() == 3 => {
            let department = match second {
                b'A' | b'B' => *first == b'2',
                b'0' => (b'1'..=b'9').contains(first),
                b'1'..=b'9' => first.is_ascii_digit(),
                _ => false,
            };
            department && rest.iter().all(u8::is_ascii_digit)
        }
        _ => false,
    };
    fits.then_some(code).ok_or(NotACommune)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_road_is_letters_and_a_number_and_a_point_is_metres_from_its_origin() {
        assert_eq!(RoadPoint::parse("rn 20").unwrap().road(), "RN20");
        for text in ["", "20", "RUE DE LA PAIX", "A", "ABCD1", "A12345", "A6B"] {
            assert_eq!(RoadPoint::parse(text), Err(NotARoad), "{text}");
        }
        for (text, metres) in [
            ("12", 12_000),
            ("12+300", 12_300),
            ("12+50", 12_050),
            ("12,5", 12_500),
            ("0.050", 50),
        ] {
            assert_eq!(RoadPoint::metres(text), Ok(metres), "{text}");
        }
        for text in ["", "+", "12+", "12+3000", "12345", "douze", "-1", "1,2,3"] {
            assert_eq!(RoadPoint::metres(text), Err(NotARoadPoint), "{text}");
        }
    }

    #[test]
    fn a_position_is_degrees_and_metres() {
        let position = Position::parse("-20.8789 55.4481 12").unwrap();
        assert_eq!(
            (position.latitude_e6, position.longitude_e6, position.accuracy_m),
            (-20_878_900, 55_448_100, 12)
        );
        assert_eq!(position.to_string(), "-20.878900, 55.448100");
        for text in [
            "",
            "48.9",
            "48.9 2.3",
            "91 2 5",
            "48.9 181 5",
            "48,9 2,3 5",
            "48.9 2.3 5 6",
            "4e1 2 5",
        ] {
            assert_eq!(Position::parse(text), Err(NotAPosition), "{text}");
        }
    }

    #[test]
    fn a_commune_has_five_characters_and_corsica_its_letters() {
        for text in ["75056", "2a004", "2B033", "97411", "01001"] {
            assert!(commune(text).is_ok(), "{text}");
        }
        for text in ["", "7505", "750566", "1A004", "00001", "2C001", "7505A", "é5056"] {
            assert_eq!(commune(text), Err(NotACommune), "{text}");
        }
    }
}
