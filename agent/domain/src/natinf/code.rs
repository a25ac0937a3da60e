//! The code of an offence, and the name of the set that it was read from.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

/// The text is not a NATINF code: 1 to 5 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not a natinf code")]
pub struct NotANatinf;

/// A NATINF code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Natinf(#[cbor(n(0), decode_with = "code")] u32);

fn code<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u32, DecodeError> {
    let code = d.u32()?;
    if code <= 99_999 {
        Ok(code)
    } else {
        Err(DecodeError::message("not a natinf code"))
    }
}

impl Natinf {
    pub fn parse(text: &str) -> Result<Self, NotANatinf> {
        let text = text.trim();
        let fits = (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| text.parse().ok())
            .flatten()
            .map(Self)
            .ok_or(NotANatinf)
    }

    pub const fn code(self) -> u32 {
        self.0
    }
}

impl fmt::Display for Natinf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Which reference set an act was drawn up with.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReferenceVersion(#[n(0)] pub String);
