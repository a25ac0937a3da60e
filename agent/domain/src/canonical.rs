//! The one serialisation: deterministic CBOR (RFC 8949 §4.2.1) and SHA-256, for everything stored, signed or sent.
//!
//! Shapes are maps with ascending integer keys and definite lengths; what does not re-encode to the same bytes is refused.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{CborLen, Decode, Decoder, Encode, Encoder};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Why bytes from outside are not a value of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotCanonical {
    #[error("the bytes are not the expected structure")]
    Malformed,
    #[error("the bytes go on after the end of the structure")]
    TrailingBytes,
    #[error("the structure is not in its one deterministic form")]
    NotDeterministic,
}

/// The deterministic bytes of `value`.
pub fn encode<T: Encode<()>>(value: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    minicbor::encode(value, &mut bytes).expect("writing to a vector cannot fail");
    bytes
}

/// Reads one value that fills `bytes` exactly and is in its deterministic form.
pub fn decode<'b, T: Decode<'b, ()> + Encode<()>>(bytes: &'b [u8]) -> Result<T, NotCanonical> {
    let mut decoder = Decoder::new(bytes);
    let value: T = decoder.decode().map_err(|_| NotCanonical::Malformed)?;
    if decoder.position() != bytes.len() {
        return Err(NotCanonical::TrailingBytes);
    }
    if encode(&value) != bytes {
        return Err(NotCanonical::NotDeterministic);
    }
    Ok(value)
}

/// A SHA-256 value, 32 bytes (FIPS 180-4).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// SHA-256 of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Reads 64 lower-case hexadecimal digits.
    pub fn from_hex(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        (hex_into(text, &mut bytes)).then_some(Self(bytes))
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl<C> Encode<C> for Digest {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Digest {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let bytes = d.bytes()?;
        bytes
            .try_into()
            .map(Self)
            .map_err(|_| DecodeError::message("a digest has 32 bytes"))
    }
}

impl<C> CborLen<C> for Digest {
    fn cbor_len(&self, _: &mut C) -> usize {
        34
    }
}

/// Fills `out` from lower-case hexadecimal; false when `text` is not exactly that.
pub(crate) fn hex_into(text: &str, out: &mut [u8]) -> bool {
    let digits = text.as_bytes();
    if digits.len() != out.len() * 2 {
        return false;
    }
    let value = |digit: u8| match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    };
    for (byte, pair) in out.iter_mut().zip(digits.chunks_exact(2)) {
        let (Some(high), Some(low)) = (value(pair[0]), value(pair[1])) else {
            return false;
        };
        *byte = high << 4 | low;
    }
    true
}

/// A text from outside that its type's constructor accepts as it stands; for `#[cbor(decode_with = …)]`.
pub(crate) fn text_that<'b>(
    d: &mut Decoder<'b>,
    accepts: impl FnOnce(&str) -> bool,
    otherwise: &'static str,
) -> Result<String, DecodeError> {
    let text = d.str()?;
    if accepts(text) {
        Ok(text.to_owned())
    } else {
        Err(DecodeError::message(otherwise))
    }
}

/// Byte strings inside derived maps: `#[cbor(with = "crate::canonical::bytes")]` on a `Vec<u8>`.
pub mod bytes {
    pub use minicbor::bytes::{decode, encode, is_nil, nil};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, Encode, Decode)]
    #[cbor(map)]
    struct Sample {
        #[n(0)]
        count: u32,
        #[n(1)]
        name: Option<String>,
    }

    #[test]
    fn an_integer_in_a_longer_form_than_needed_is_refused() {
        assert_eq!(
            decode::<Sample>(&[0xa1, 0x00, 0x05]),
            Ok(Sample { count: 5, name: None })
        );
        assert_eq!(
            decode::<Sample>(&[0xa1, 0x00, 0x18, 0x05]),
            Err(NotCanonical::NotDeterministic)
        );
    }

    #[test]
    fn bytes_after_the_value_and_unknown_keys_are_refused() {
        assert_eq!(
            decode::<Sample>(&[0xa1, 0x00, 0x05, 0x00]),
            Err(NotCanonical::TrailingBytes)
        );
        assert_eq!(
            decode::<Sample>(&[0xa2, 0x00, 0x05, 0x09, 0x01]),
            Err(NotCanonical::NotDeterministic)
        );
    }

    #[test]
    fn a_digest_reads_back_from_its_text() {
        let digest = Digest::of(b"abc");
        assert_eq!(
            digest.to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(Digest::from_hex(&digest.to_string()), Some(digest));
        assert_eq!(Digest::from_hex("BA"), None);
    }
}
