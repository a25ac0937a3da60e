//! Where a terminal was: one fix, never a track.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::time::Timestamp;

/// Ten-millionths of a degree in a degree.
const DEGREE: i32 = 10_000_000;

/// The numbers are not those of a place on Earth.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a latitude lies within 90 degrees and a longitude within 180")]
pub struct NotAPosition;

/// A position that the platform stated, WGS 84.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Fix {
    /// Ten-millionths of a degree, north positive.
    #[cbor(n(0), decode_with = "latitude")]
    latitude_e7: i32,
    /// Ten-millionths of a degree, east positive.
    #[cbor(n(1), decode_with = "longitude")]
    longitude_e7: i32,
    /// Radius in metres within which the platform expects the truth.
    #[n(2)]
    pub accuracy_m: u32,
    #[n(3)]
    pub at: Timestamp,
}

impl Fix {
    pub const fn new(
        latitude_e7: i32,
        longitude_e7: i32,
        accuracy_m: u32,
        at: Timestamp,
    ) -> Result<Self, NotAPosition> {
        if within(latitude_e7, 90) && within(longitude_e7, 180) {
            Ok(Self {
                latitude_e7,
                longitude_e7,
                accuracy_m,
                at,
            })
        } else {
            Err(NotAPosition)
        }
    }

    /// Decimal degrees, "48.9362000, 2.3574000".
    pub fn degrees(&self) -> String {
        format!("{}, {}", decimal(self.latitude_e7), decimal(self.longitude_e7))
    }
}

const fn within(value_e7: i32, degrees: i32) -> bool {
    value_e7.unsigned_abs() <= (degrees * DEGREE).unsigned_abs()
}

fn decimal(value_e7: i32) -> String {
    let sign = if value_e7 < 0 { "-" } else { "" };
    let (whole, rest) = (
        value_e7.unsigned_abs() / DEGREE.unsigned_abs(),
        value_e7.unsigned_abs() % DEGREE.unsigned_abs(),
    );
    format!("{sign}{whole}.{rest:07}")
}

fn latitude<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<i32, DecodeError> {
    bounded(d, 90)
}

fn longitude<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<i32, DecodeError> {
    bounded(d, 180)
}

fn bounded(d: &mut Decoder<'_>, degrees: i32) -> Result<i32, DecodeError> {
    let value = d.i32()?;
    if within(value, degrees) {
        Ok(value)
    } else {
        Err(DecodeError::message("no place on Earth lies there"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::BootId;
    use crate::time::{UnixMs, Zone};

    const AT: Timestamp = Timestamp {
        utc: UnixMs(0),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 0,
    };

    #[test]
    fn a_position_lies_on_earth_and_reads_in_degrees() {
        let fix = Fix::new(489_362_000, -23_574_001, 12, AT).unwrap();
        assert_eq!(fix.degrees(), "48.9362000, -2.3574001");
        assert_eq!(Fix::new(900_000_001, 0, 1, AT), Err(NotAPosition));
        assert_eq!(Fix::new(0, -1_800_000_001, 1, AT), Err(NotAPosition));
        assert_eq!(Fix::new(i32::MIN, 0, 1, AT), Err(NotAPosition));
    }

    #[test]
    fn a_position_beyond_the_pole_does_not_read() {
        let fix = Fix::new(900_000_000, 0, 1, AT).unwrap();
        let mut bytes = crate::encode(&fix);
        assert_eq!(crate::decode::<Fix>(&bytes), Ok(fix));
        let at = bytes.windows(4).position(|window| window == 900_000_000_i32.to_be_bytes());
        bytes[at.unwrap() + 3] += 1;
        assert!(crate::decode::<Fix>(&bytes).is_err());
    }
}
