//! A recording that its officer looks at: pictures in memory, and how far each stretch of it is vouched for.

use minicbor::{Decode, Encode};

use crate::footage::Purpose;
use crate::id::ClipId;
use crate::time::{Timestamp, UnixMs};
use crate::viewfinder::Frame;

/// The recording on screen. The watermark is the viewer and the time of the last picture.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct FilmView {
    #[n(0)]
    pub clip: ClipId,
    #[n(1)]
    pub purpose: Purpose,
    #[n(2)]
    pub state: FilmState,
    /// Camera clock.
    #[n(3)]
    pub started: UnixMs,
    /// Milliseconds from the beginning.
    #[n(4)]
    pub position_ms: u64,
    #[n(5)]
    pub length_ms: u64,
    #[n(6)]
    pub playing: bool,
    /// Absent where nothing decodes at this moment.
    #[n(7)]
    pub picture: Option<Frame>,
    #[n(8)]
    pub thumbnails: Vec<Thumbnail>,
    /// From the beginning to the end, without a gap; empty until it is known.
    #[n(9)]
    pub stretches: Vec<Stretch>,
    /// Service number of who looks at it.
    #[n(10)]
    pub viewer: String,
    #[n(11)]
    pub seen_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum FilmState {
    /// Being decrypted.
    #[n(0)]
    Opening,
    #[n(1)]
    Shown,
    #[n(2)]
    Unplayable(#[n(0)] Unplayable),
}

/// Why a recording is not shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Unplayable {
    /// HQ's profile does not allow it.
    #[n(0)]
    NotAllowed,
    /// The bytes are at HQ alone.
    #[n(1)]
    NotHere,
    /// It was taken in while HQ did not allow it, so that only HQ can open it.
    #[n(2)]
    SealedForHq,
    /// It is not H.264, which alone is decoded here.
    #[n(3)]
    Codec,
    /// Bytes or index do not read.
    #[n(4)]
    Damaged,
}

/// A picture of the timeline.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct Thumbnail {
    #[n(0)]
    pub at_ms: u64,
    #[n(1)]
    pub picture: Frame,
}

/// Consecutive pictures of which the same is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Stretch {
    #[n(0)]
    pub from_ms: u64,
    #[n(1)]
    pub to_ms: u64,
    #[n(2)]
    pub state: StretchState,
}

/// What is known of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum StretchState {
    /// Signed inside the video, and intact.
    #[n(0)]
    Signed,
    /// The camera's chain over the bytes vouches for them; no signature is inside the video.
    #[n(1)]
    Chained,
    /// Behind the last signature.
    #[n(2)]
    Pending,
    #[n(3)]
    Unsigned,
    #[n(4)]
    Modified,
    /// Pictures are missing here.
    #[n(5)]
    Missing,
}
