//! What HQ gives a terminal before it can work: names, number range, officers, and the public keys it trusts.

mod address;
mod base45;
mod ticket;

use minicbor::{Decode, Encode};
use thiserror::Error;

pub use address::{Address, NotAnAddress};
pub use ticket::{FleetToken, NotATicket, Ticket, Token};

use crate::id::{ActNumber, DeviceId, JournalId};
use crate::officer::Officer;
use crate::recovery::RecoveryKeys;
use crate::time::UnixMs;

/// How a key is kept; a file vault says so on every signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum KeyProtection {
    #[n(0)]
    Hardware,
    #[n(1)]
    File,
}

/// A range of act numbers that only this device uses, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct NumberRange {
    #[n(0)]
    pub year: u16,
    #[n(1)]
    pub first: u32,
    #[n(2)]
    pub last: u32,
}

impl NumberRange {
    /// How many numbers it holds; 0 when its ends are crossed.
    pub const fn count(&self) -> u32 {
        if self.first > self.last {
            0
        } else {
            (self.last - self.first).saturating_add(1)
        }
    }

    pub fn contains(&self, number: ActNumber) -> bool {
        number.year == self.year && (self.first..=self.last).contains(&number.serial)
    }

    pub const fn overlaps(&self, other: &Self) -> bool {
        self.year == other.year && self.first <= other.last && other.first <= self.last
    }

    pub const fn first_number(&self) -> ActNumber {
        ActNumber {
            year: self.year,
            serial: self.first,
        }
    }

    pub const fn last_number(&self) -> ActNumber {
        ActNumber {
            year: self.year,
            serial: self.last,
        }
    }

    /// Numbers of one year, ascending, as few ranges as hold them.
    pub fn of(year: u16, serials: impl IntoIterator<Item = u32>) -> Vec<Self> {
        let mut ranges: Vec<Self> = Vec::new();
        for serial in serials {
            match ranges.last_mut() {
                Some(range) if range.last.checked_add(1) == Some(serial) => range.last = serial,
                Some(_) | None => ranges.push(Self {
                    year,
                    first: serial,
                    last: serial,
                }),
            }
        }
        ranges
    }
}

/// The terminal as HQ registers it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Terminal {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub model: String,
    #[n(2)]
    pub protection: KeyProtection,
}

/// The enrolment bundle; payload of a COSE_Sign1 by HQ's command key (namespace `order`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Enrolment {
    #[n(0)]
    pub terminal: Terminal,
    #[n(1)]
    pub journal: JournalId,
    #[n(2)]
    pub numbers: NumberRange,
    #[n(3)]
    pub officers: Vec<EnrolledOfficer>,
    /// X25519 recipient to which every record is sealed.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub hq_recipient: [u8; 32],
    /// DER certificates, leaf first: device, issuing.
    #[n(5)]
    pub device_chain: Vec<Der>,
    /// DER of the receipt signer.
    #[n(6)]
    pub receipt_certificate: Der,
    #[n(7)]
    pub command_certificate: Der,
    #[n(8)]
    pub root: Der,
    /// Of two bundles for the same keys, the later one counts.
    #[n(9)]
    pub issued: UnixMs,
    /// Absent from a bundle of an HQ that knows no return after a long absence.
    #[n(10)]
    pub fleet: Option<FleetToken>,
    /// Absent where no two persons are named: no draft is kept at headquarters.
    #[n(11)]
    pub recovery: Option<RecoveryKeys>,
    /// An age file to the device's recipient that holds the 32 bytes of its readmission key; absent from a bundle of an
    /// HQ that lets nobody back in by telephone.
    #[cbor(n(13), with = "minicbor::bytes")]
    pub readmission: Option<Vec<u8>>,
}

/// Why HQ gives a terminal no certificate; its text is for whoever enrols the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Error)]
#[cbor(index_only)]
pub enum EnrolmentRefusal {
    #[error("HQ does not know this enrolment code; ask for a new one")]
    #[n(0)]
    UnknownToken,
    #[error("the enrolment code has expired; ask for a new one")]
    #[n(1)]
    Expired,
    #[error("the enrolment code was withdrawn; ask for a new one")]
    #[n(2)]
    Revoked,
    #[error("the enrolment code was used by another phone; report it, and ask for a new one")]
    #[n(3)]
    TakenByAnother,
    #[error("the enrolment code is for another terminal; use the code of this one")]
    #[n(4)]
    OtherDevice,
    #[error("HQ cannot certify the keys of this terminal; update its program")]
    #[n(5)]
    BadRequest,
    #[error("this terminal's certificate vouches for nothing any more; enrol it again")]
    #[n(6)]
    NotVouched,
    #[error("HQ cannot enrol terminals at this moment; report it, and try again later")]
    #[n(7)]
    HqCannot,
    #[error(
        "HQ enrols only terminals whose keys are in secure hardware; use another phone, or start it with `--vault tpm`"
    )]
    #[n(8)]
    NotHardware,
    #[error("HQ does not believe that this terminal's keys are in secure hardware; report it")]
    #[n(9)]
    NotAttested,
}

/// An officer with the certificate of the key that signs on the agent card.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EnrolledOfficer {
    #[n(0)]
    pub officer: Officer,
    #[n(1)]
    pub certificate: Der,
}

/// The bytes of one DER structure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct Der(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);
