//! Footage of a body camera: what the camera claims, and the manifest that binds its untouched bytes.

pub mod custody;
mod event;
pub mod leaving;
mod recording;
mod viewing;

use minicbor::{Decode, Encode};

use crate::canonical::{Digest, encode};
use crate::id::{CameraId, ClipId};
use crate::time::UnixMs;

pub use event::{Assignment, CameraEvent, CameraSaid, CarriedEvents, Trigger, TriggerCause, VideoCheck};
pub use recording::{Recording, SAME_INCIDENT, incidents};
pub use viewing::Purpose;

/// The largest plain segment, in bytes.
pub const MAX_SEGMENT: u32 = 4 * 1024 * 1024;

/// A recording as the camera lists it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClipListing {
    #[n(0)]
    pub clip: ClipId,
    /// Camera clock.
    #[n(1)]
    pub started: UnixMs,
    #[n(2)]
    pub ended: UnixMs,
    /// Bytes of the original file.
    #[n(3)]
    pub bytes: u64,
    #[n(4)]
    pub segments: u32,
}

/// A stretch in which a camera could not record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Gap {
    /// Camera clock, as `until`.
    #[n(0)]
    pub from: UnixMs,
    #[n(1)]
    pub until: UnixMs,
    #[n(2)]
    pub cause: GapCause,
}

/// Why nothing was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum GapCause {
    /// No room was left that may be overwritten.
    #[n(0)]
    Full,
    #[n(1)]
    BatteryEmpty,
    /// It began again by itself.
    #[n(2)]
    Restarted,
    /// Its clock was set: what it says of the time before and after does not fit together.
    #[n(3)]
    ClockJumped,
}

impl GapCause {
    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::BatteryEmpty => "battery_empty",
            Self::Restarted => "restarted",
            Self::ClockJumped => "clock_jumped",
        }
    }
}

/// One segment of the original bytes and its encrypted file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Segment {
    #[n(0)]
    pub index: u32,
    /// Offset in the original file, in bytes.
    #[n(1)]
    pub offset: u64,
    /// Length in bytes.
    #[n(2)]
    pub length: u32,
    /// SHA-256 of the original bytes.
    #[n(3)]
    pub plain: Digest,
    /// SHA-256 of the age file.
    #[n(4)]
    pub cipher: Digest,
    /// Length of the age file in bytes.
    #[n(5)]
    pub cipher_length: u32,
}

impl Segment {
    /// The leaf data of the manifest's Merkle tree (RFC 9162 §2.1): the segment's deterministic bytes.
    pub fn leaf(&self) -> Vec<u8> {
        encode(self)
    }
}

/// What the check of the camera's own chain said when the footage was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CameraChain {
    /// Every segment is signed, in order, and the end is signed.
    #[n(0)]
    Complete,
    /// Signed and in order, but without a signed end: the camera stopped or vanished.
    #[n(1)]
    OpenEnded,
}

/// The record of truth for one clip, signed by the device when the clip is taken in (CSI R.241-2 fields inside).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Manifest {
    #[n(0)]
    pub clip: ClipId,
    #[n(1)]
    pub camera: CameraId,
    /// SHA-256 of the camera's certificate (DER).
    #[n(2)]
    pub camera_certificate: Digest,
    /// SHA-256 of the pairing transcript.
    #[n(3)]
    pub pairing: Digest,
    /// Camera clock.
    #[n(4)]
    pub started: UnixMs,
    #[n(5)]
    pub ended: UnixMs,
    /// Bytes of the original file.
    #[n(6)]
    pub bytes: u64,
    /// SHA-256 of the original file, as `sha256sum` prints it.
    #[n(7)]
    pub whole: Digest,
    /// RFC 9162 root over [`Segment::leaf`] of each segment.
    #[n(8)]
    pub root: Digest,
    #[n(9)]
    pub segments: Vec<Segment>,
    #[n(10)]
    pub chain: CameraChain,
    /// SHA-256 of the camera's chain file (`camera.cose`): init, one message a segment, end.
    #[n(11)]
    pub chain_digest: Digest,
    /// Of a camera that signs inside its video; absent of others, as what follows is from older terminals.
    #[n(12)]
    pub video: Option<VideoCheck>,
    #[n(13)]
    pub events: Option<CarriedEvents>,
    #[n(14)]
    pub assigned: Option<Assignment>,
    #[n(15)]
    pub program: Option<Program>,
}

/// What a terminal runs.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Program {
    /// As its hello says.
    #[n(0)]
    pub version: String,
    /// SHA-256 of the program's file.
    #[n(1)]
    pub build: Digest,
}
