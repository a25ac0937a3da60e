//! The body camera in reach, and its recordings.

use minicbor::{Decode, Encode};

use crate::footage::leaving::{Supply, Wait};
use crate::footage::{ClipListing, Gap};
use crate::id::CameraId;
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
    #[n(5)]
    pub gap: Option<Gap>,
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
}
