//! What a camera states of itself besides its recordings: one chain of signed events a camera, each with its counter.

use minicbor::{Decode, Encode};

use super::Gap;
use crate::canonical::Digest;
use crate::id::{CameraId, ClipId, DeviceId};
use crate::officer::Matricule;
use crate::time::UnixMs;

/// One statement, signed by the camera's certified key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CameraEvent {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub camera: CameraId,
    /// SHA-256 of the camera's certificate (DER).
    #[n(2)]
    pub certificate: Digest,
    /// From 1, without holes, for the life of the camera.
    #[n(3)]
    pub counter: u64,
    /// SHA-256 of the message before this one; of nothing before the first.
    #[n(4)]
    pub previous: Digest,
    /// Camera clock.
    #[n(5)]
    pub at: UnixMs,
    #[n(6)]
    pub said: CameraSaid,
}

impl CameraEvent {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-camera-event+cbor;v=1";
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CameraSaid {
    /// It has nothing of this stretch.
    #[n(0)]
    Gap(#[n(0)] Gap),
    /// A recording began.
    #[n(1)]
    Began {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        trigger: Trigger,
        /// Of so many milliseconds at its beginning the buffer held the pictures before the trigger came.
        #[n(2)]
        buffered_ms: u32,
    },
    /// A trigger came and began nothing: the camera recorded already, or could not.
    #[n(2)]
    Passed(#[n(0)] Trigger),
    /// It is this officer's, as this terminal said; nobody's when there is none.
    #[n(3)]
    Assigned {
        #[n(0)]
        to: Option<Matricule>,
        #[n(1)]
        by: DeviceId,
    },
}

/// What asks a camera to record. It decides by itself, and nothing asks it to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Trigger {
    #[n(0)]
    pub cause: TriggerCause,
    /// Of whoever sent it, so that it counts once; absent for the camera's own button.
    #[n(1)]
    pub counter: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum TriggerCause {
    /// Its own button.
    #[n(0)]
    Button,
    /// The vehicle's lights went on.
    #[n(1)]
    VehicleLights,
    /// The weapon left its holster.
    #[n(2)]
    Holster,
    /// The camera of a colleague near by records.
    #[n(3)]
    Colleague,
    /// The officer's terminal.
    #[n(4)]
    Terminal,
}

impl TriggerCause {
    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Button => "button",
            Self::VehicleLights => "vehicle_lights",
            Self::Holster => "holster",
            Self::Colleague => "colleague",
            Self::Terminal => "terminal",
        }
    }
}

/// The events that travel with a manifest: those of its camera that no earlier manifest of the terminal carried.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CarriedEvents {
    /// SHA-256 of the file `events.cose`.
    #[n(0)]
    pub file: Digest,
    /// Counter of the first event, and of the last.
    #[n(1)]
    pub first: u64,
    #[n(2)]
    pub last: u64,
}

/// To whom a camera was assigned when its recording was taken in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Assignment {
    #[n(0)]
    pub to: Matricule,
    /// Counter of the event by which the camera confirmed it.
    #[n(1)]
    pub counter: u64,
    /// SHA-256 of the event's message.
    #[n(2)]
    pub event: Digest,
}

/// What the signatures inside a recording said when it was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum VideoCheck {
    /// So many signatures hold, and every picture in front of the last of them is the one that was signed.
    #[n(0)]
    Held {
        #[n(0)]
        signatures: u32,
        #[n(1)]
        frames: u32,
    },
    /// The terminal stopped in between and could not read what it had sealed before.
    #[n(1)]
    NotChecked,
}
