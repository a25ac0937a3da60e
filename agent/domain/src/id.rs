//! Typed ids, one line each; an id is 16 bytes (UUID version 7, RFC 9562) minted outside this crate.

use std::fmt;
use std::str::FromStr;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};
use thiserror::Error;

use crate::canonical::hex_into;

/// The text is not an id of the expected kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not an id")]
pub struct NotAnId;

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            pub const fn from_bytes(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            pub const fn as_bytes(&self) -> &[u8; 16] {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                for (index, byte) in self.0.iter().enumerate() {
                    if matches!(index, 4 | 6 | 8 | 10) {
                        f.write_str("-")?;
                    }
                    write!(f, "{byte:02x}")?;
                }
                Ok(())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                let mut bytes = [0; 16];
                let plain: String = text.chars().filter(|c| *c != '-').collect();
                let id = hex_into(&plain, &mut bytes).then_some(Self(bytes)).ok_or(NotAnId)?;
                if id.to_string() == text { Ok(id) } else { Err(NotAnId) }
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                d.bytes()?.try_into().map(Self).map_err(|_| DecodeError::message("an id has 16 bytes"))
            }
        }
    )+};
}

id! {
    /// An act from its first keystroke to HQ: draft and signed record share it.
    ActId,
    /// One start of a device, between which monotonic times compare.
    BootId,
    /// One recording of a body camera.
    ClipId,
    /// One officer's copy of the sheet of an intervention that a crew shares.
    CopyId,
    /// What HQ deduplicates on.
    EnvelopeId,
    InterventionId,
    /// One journal, from enrolment to wipe.
    JournalId,
    /// An officer's pseudonym: stable, meaningless outside the registry.
    OfficerId,
    /// One file on its way into a complaint; its content has a digest once it is there.
    PieceId,
    QueryId,
    ServiceId,
}

macro_rules! name_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// Accepts 3 to 40 of `a-z 0-9 -`: the text stands alone in a topic level and in a certificate's CN.
            pub fn parse(text: &str) -> Result<Self, NotAnId> {
                let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
                if (3..=40).contains(&text.len()) && text.chars().all(allowed) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(NotAnId)
                }
            }

            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl<C> Encode<C> for $name {
            fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
                e.str(&self.0)?.ok()
            }
        }

        impl<'b, C> Decode<'b, C> for $name {
            fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
                Self::parse(d.str()?).map_err(|_| DecodeError::message("not a name id"))
            }
        }
    )+};
}

name_id! {
    /// The terminal's name: certificate CN and topic level.
    DeviceId,
    /// The body camera's name: certificate CN.
    CameraId,
}

/// The number of an act, from a range that HQ allots to the device: shown as `2026/000123`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct ActNumber {
    #[n(0)]
    pub year: u16,
    #[n(1)]
    pub serial: u32,
}

impl ActNumber {
    /// As it is printed: `2026/000123`.
    pub fn parse(text: &str) -> Result<Self, NotAnId> {
        let (year, serial) = text.trim().split_once('/').ok_or(NotAnId)?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || serial.len() < 6 || !digits(year) || !digits(serial) {
            return Err(NotAnId);
        }
        Ok(Self {
            year: year.parse().map_err(|_| NotAnId)?,
            serial: serial.parse().map_err(|_| NotAnId)?,
        })
    }
}

impl fmt::Display for ActNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{:06}", self.year, self.serial)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_text_and_nothing_else_does() {
        let id = ActId::from_bytes([0xab; 16]);
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("3031323334353637".parse::<ActId>(), Err(NotAnId));
        assert_eq!(id.to_string().to_uppercase().parse::<ActId>(), Err(NotAnId));
    }

    #[test]
    fn a_device_name_stays_inside_one_topic_level() {
        assert!(DeviceId::parse("neo-000007").is_ok());
        for text in ["", "ab", "a/b", "neo+1", "#", "NEO", &"a".repeat(41)] {
            assert_eq!(DeviceId::parse(text), Err(NotAnId), "{text}");
        }
    }
}
