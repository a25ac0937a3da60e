//! What a crew tells the operations centre of an intervention: it declines one, or how far it is with it.

use minicbor::{Decode, Encode};

use super::{CrewStand, Intervention};
use crate::id::{DeviceId, InterventionId, OfficerId};
use crate::officer::{Author, Matricule};
use crate::time::Timestamp;

/// What is told; sealed to HQ inside a [`ProgressTold`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Progress {
    #[n(0)]
    pub author: Author,
    /// Service numbers of the crew, the author's included; none without a service.
    #[n(1)]
    pub crew: Vec<Matricule>,
    #[n(2)]
    pub standing: Standing,
    /// How far the terminal's copy of the crew's sheet is; none where nobody shares it.
    #[n(3)]
    pub stand: Option<CrewStand>,
}

/// How a crew stands to an intervention.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Standing {
    /// It is not available for what was proposed.
    #[n(0)]
    Declined {
        #[n(0)]
        id: InterventionId,
        #[n(1)]
        at: Timestamp,
    },
    /// It has it: [`Intervention::for_the_centre`].
    #[n(1)]
    Taken(#[n(0)] Box<Intervention>),
    /// The author has read an item of the briefing.
    #[n(3)]
    Read {
        #[n(0)]
        id: InterventionId,
        #[n(1)]
        at: Timestamp,
    },
}

impl Standing {
    /// Whether nobody is asked for what was proposed any more.
    pub const fn answers(&self) -> bool {
        match self {
            Self::Declined { .. } | Self::Taken(_) => true,
            Self::Read { .. } => false,
        }
    }

    pub const fn intervention(&self) -> InterventionId {
        match self {
            Self::Declined { id, .. } | Self::Read { id, .. } => *id,
            Self::Taken(intervention) => intervention.id,
        }
    }

    /// What the console calls it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Declined { .. } => "declined",
            Self::Read { .. } => "read",
            Self::Taken(intervention) if intervention.closed.is_some() => "closed",
            Self::Taken(intervention) if intervention.on_scene.is_some() => "on-scene",
            Self::Taken(intervention) if intervention.en_route.is_some() => "en-route",
            Self::Taken(_) => "open",
        }
    }
}

/// A statement of a terminal; payload of a COSE_Sign1 by the device (namespace `progress`). A later one of the same
/// intervention takes its place.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProgressTold {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub officer: OfficerId,
    #[n(3)]
    pub intervention: InterventionId,
    /// Ascending for each terminal.
    #[n(4)]
    pub sequence: u64,
    #[n(5)]
    pub at: Timestamp,
    /// age file (X25519, HQ's sealing key) holding a [`Progress`].
    #[cbor(n(6), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

impl ProgressTold {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-progress+cbor;v=1";
    /// The largest seal, in bytes.
    pub const MAX_SEALED: usize = 16 * 1024;
}

impl std::fmt::Debug for ProgressTold {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "ProgressTold {{ {}, {}, {}, {} bytes }}",
            self.device,
            self.intervention,
            self.sequence,
            self.sealed.len()
        )
    }
}
