//! Act numbers between a terminal and HQ: what the terminal has left, and what HQ allots and misses.

use domain::enrolment::NumberRange;
use domain::{ActNumber, DeviceId};
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use super::{at_most, counted};

/// Content type of [`NumberNotes`], whose namespace is that of orders.
pub const NUMBERS: &str = "application/neo-numbers+cbor;v=1";
/// The most notes in one message, and the most unused ranges in a hello.
pub const MAX_NOTES: usize = 64;

/// What a terminal says of its act numbers.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NumbersHeld {
    /// The highest sequence of HQ's notes that is stored; 0 before the first.
    #[cbor(n(0), decode_with = "counted")]
    pub notes: u64,
    /// The year on the terminal's calendar.
    #[n(1)]
    pub year: u16,
    /// How many numbers of that year are left.
    #[n(2)]
    pub left: u32,
    /// Numbers that were promised to acts which never came to be: the latest, at most [`MAX_NOTES`] ranges.
    #[cbor(n(3), decode_with = "few")]
    pub unused: Vec<NumberRange>,
}

/// HQ's word on a terminal's act numbers; payload of a COSE_Sign1 by HQ's command key (namespace `order`), on the
/// topic of orders.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NumberNotes {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// The sequence of the first note; those after it follow without holes. A note is taken once, after the one before.
    #[n(2)]
    pub first: u64,
    /// At most [`MAX_NOTES`].
    #[cbor(n(3), decode_with = "few")]
    pub notes: Vec<NumberNote>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum NumberNote {
    /// The terminal may use these numbers, and nobody else does.
    #[n(0)]
    Granted(#[n(0)] NumberRange),
    /// No act ever came under these, while later ones did.
    #[n(1)]
    Missing(#[n(0)] NumberRange),
    /// An act came under a number that another one has, or that was never the terminal's; it was refused.
    #[n(2)]
    Twice(#[n(0)] ActNumber),
}

fn few<'b, C, T: Decode<'b, C>>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<T>, DecodeError> {
    at_most(MAX_NOTES, d, ctx)
}
