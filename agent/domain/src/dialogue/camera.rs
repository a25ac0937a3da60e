//! The body camera in reach, and its recordings.

use minicbor::{Decode, Encode};

use crate::footage::leaving::{Supply, Wait};
use crate::footage::{ClipListing, Gap, TriggerCause};
use crate::id::CameraId;
use crate::officer::Matricule;
use crate::service::ClockCheck;
use crate::time::UnixMs;

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CameraView {
    #[n(0)]
    pub state: CameraState,
    #[n(1)]
    pub clips: Vec<ClipLine>,
    /// As the camera that is met said last.
    #[n(2)]
    pub status: Option<CameraStatus>,
    /// While recordings are to leave for HQ.
    #[n(8)]
    pub sending: Option<SendingView>,
}

/// Recordings on their way to HQ, in the bytes that leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SendingView {
    /// Of those that wait or are on their way, what HQ or its broker took.
    #[n(0)]
    pub sent: u64,
    #[n(1)]
    pub of: u64,
    #[n(2)]
    pub state: SendingState,
    /// Until when HQ's order lets them leave on battery and over the cellular network, too.
    #[n(3)]
    pub ordered_until: Option<UnixMs>,
    #[n(4)]
    pub supply: Supply,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum SendingState {
    /// At the pace that was seen last, so many seconds are left; none before a pace was seen.
    #[n(0)]
    Going(#[n(0)] Option<u32>),
    #[n(1)]
    Waits(#[n(0)] Wait),
    /// Something signed or asked leaves first.
    #[n(2)]
    ActsFirst,
    /// HQ is being reached.
    #[n(3)]
    Reaching,
}

/// How a camera is.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CameraStatus {
    /// Charge in percent.
    #[n(0)]
    pub battery: u8,
    /// Free bytes for recordings.
    #[n(1)]
    pub free: u64,
    #[n(2)]
    pub activity: CameraActivity,
    /// Its clock against the terminal's.
    #[n(3)]
    pub clock: ClockCheck,
    /// `2.7.1`; none where it does not say.
    #[n(4)]
    pub firmware: Option<String>,
    /// The last one, whether it is signed yet or not.
    #[n(5)]
    pub gap: Option<Gap>,
    #[n(6)]
    pub holder: CameraHolder,
    /// What it signed of itself and this terminal keeps; none where it signed nothing yet.
    #[n(7)]
    pub signed: Option<SignedEvents>,
}

/// Whose a camera is, by its own word.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CameraHolder {
    #[n(0)]
    Nobody,
    /// The officer at work here.
    #[n(1)]
    Own(#[n(0)] Matricule),
    /// Of the crew at work here.
    #[n(2)]
    Crew(#[n(0)] Matricule),
    /// Nothing is taken from it until it is assigned here.
    #[n(3)]
    Another(#[n(0)] Matricule),
}

/// The signed events of a camera, in short.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedEvents {
    /// Counter of the newest.
    #[n(0)]
    pub counter: u64,
    /// The last stretch of which it signed that it has nothing.
    #[n(1)]
    pub gap: Option<Gap>,
    /// What began a recording last, and how many milliseconds of it the buffer held before.
    #[n(2)]
    pub began: Option<Began>,
}

/// How a recording began.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Began {
    #[n(0)]
    pub cause: TriggerCause,
    #[n(1)]
    pub counter: Option<u64>,
    #[n(2)]
    pub buffered_ms: u32,
}

/// What a camera is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CameraActivity {
    #[n(0)]
    Ready,
    /// The last seconds are in its buffer and not kept.
    #[n(1)]
    Buffering,
    #[n(2)]
    Recording,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CameraState {
    #[n(0)]
    NotPaired,
    #[n(1)]
    Pairing,
    #[n(2)]
    Paired(#[n(0)] CameraId),
    /// Paired before, out of reach.
    #[n(3)]
    Lost(#[n(0)] CameraId),
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClipLine {
    #[n(0)]
    pub listing: ClipListing,
    #[n(1)]
    pub state: ClipState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum ClipState {
    #[n(0)]
    OnCamera,
    #[n(1)]
    Taking {
        #[n(0)]
        done: u32,
        #[n(1)]
        of: u32,
    },
    /// The manifest is committed.
    #[n(2)]
    Taken,
    /// HQ holds every byte and has signed for the root.
    #[n(3)]
    Received,
    #[n(4)]
    Unusable(#[n(0)] ClipRefusal),
}

/// Why a clip is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ClipRefusal {
    /// Not an MP4 file, or cut short.
    #[n(0)]
    NotVideo,
    /// A segment is not the one that the camera signed.
    #[n(1)]
    ChainBroken,
    /// Not signed by an enrolled camera.
    #[n(2)]
    UnknownCamera,
    /// T4: the camera signs, and this came without its signatures.
    #[n(3)]
    Unsigned,
    /// The signatures inside its pictures do not hold.
    #[n(4)]
    VideoDamaged,
}

impl ClipRefusal {
    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotVideo => "not_video",
            Self::ChainBroken => "chain_broken",
            Self::UnknownCamera => "unknown_camera",
            Self::Unsigned => "unsigned",
            Self::VideoDamaged => "video_damaged",
        }
    }
}
