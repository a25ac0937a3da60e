//! What a terminal tells HQ for its crew, and what HQ hands to the others of it.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use super::crew::{CrewSheet, at_most};
use crate::id::{DeviceId, OfficerId};
use crate::officer::{Author, Matricule};
use crate::query::MOST_OF_A_CREW;
use crate::time::{Timestamp, UnixMs};

/// What is told; sealed to HQ inside a [`CrewTold`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CrewWord {
    /// Whom the officer at work is in service with: with nobody once the service is over.
    #[n(0)]
    Duty {
        #[n(0)]
        author: Author,
        #[cbor(n(1), decode_with = "a_crew")]
        crew: Vec<Matricule>,
    },
    /// An intervention as the officer has it, for those of the crew.
    #[n(1)]
    Sheet {
        #[n(0)]
        author: Author,
        #[cbor(n(1), decode_with = "a_crew")]
        crew: Vec<Matricule>,
        #[n(2)]
        sheet: Box<CrewSheet>,
    },
}

impl CrewWord {
    pub const fn author(&self) -> &Author {
        match self {
            Self::Duty { author, .. } | Self::Sheet { author, .. } => author,
        }
    }
}

/// A terminal's word for its crew; payload of a COSE_Sign1 by the device (namespace `crew-told`). A later one on the
/// same takes its place.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewTold {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub officer: OfficerId,
    /// Ascending for each terminal.
    #[n(3)]
    pub sequence: u64,
    #[n(4)]
    pub at: Timestamp,
    /// age file (X25519, HQ's sealing key) holding a [`CrewWord`].
    #[cbor(n(5), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

impl CrewTold {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-crew-told+cbor;v=1";
    /// The largest seal, in bytes.
    pub const MAX_SEALED: usize = 160 * 1024;
}

impl std::fmt::Debug for CrewTold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "CrewTold {{ {}, {}, {} bytes }}",
            self.device,
            self.sequence,
            self.sealed.len()
        )
    }
}

/// What HQ hands to one officer of the crew, sealed to their terminal; payload of a COSE_Sign1 by HQ's command key
/// (namespace `crew-handed`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewHanded {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Who alone is shown it.
    #[n(1)]
    pub officer: OfficerId,
    /// Whose copy it is, and on which terminal.
    #[n(2)]
    pub by: Matricule,
    #[n(3)]
    pub from: DeviceId,
    /// Of that terminal.
    #[n(4)]
    pub sequence: u64,
    /// HQ's clock.
    #[n(5)]
    pub at: UnixMs,
    /// From here on nobody has it for the crew, by HQ's clock.
    #[n(6)]
    pub until: UnixMs,
    #[n(7)]
    pub sheet: CrewSheet,
}

impl CrewHanded {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-crew-handed+cbor;v=1";

    /// For how much longer it is there when HQ's clock shows `now`, in milliseconds; never for longer than its whole time.
    pub fn left(&self, now: UnixMs) -> u64 {
        let whole = self.until.0.saturating_sub(self.at.0).min(super::LONGEST_TERM);
        let left = self.until.0.saturating_sub(now.0).min(whole);
        u64::try_from(left).unwrap_or(0)
    }
}

/// The officers themselves included.
fn a_crew<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Matricule>, DecodeError> {
    at_most(MOST_OF_A_CREW + 1, d, ctx)
}
