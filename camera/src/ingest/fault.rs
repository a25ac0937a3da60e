//! Why a recording is not taken in, and what the officer is told of it.

use domain::dialogue::ClipRefusal;
use evidence::chain::Broken;
use evidence::mp4::Refusal;
use evidence::video;
use thiserror::Error;

/// Why a recording is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the recording is not a whole video")]
    Video(#[source] Refusal),
    #[error("the recording is not the one that the camera signed")]
    Chain(#[source] Broken),
    /// T1: what was pinned at first contact never changes.
    #[error("the camera opens the recording with another message than before")]
    OtherOpening,
    /// T4: a camera that signs never gives a recording without its signatures.
    #[error("the recording of a camera that signs comes without signatures")]
    Unsigned,
    /// T4: so does one that signs inside its video.
    #[error("the film of a camera that signs inside its video comes without these signatures")]
    VideoUnsigned,
    #[error("the signatures inside the film do not hold")]
    VideoDamaged,
    #[error("the pictures of a film that is signed inside cannot be read")]
    Pictures(#[source] video::Refusal),
    #[error("the source does not keep to the protocol")]
    Protocol,
}

impl Fault {
    /// What the officer is told.
    pub const fn refusal(self) -> ClipRefusal {
        match self {
            Self::Video(_) => ClipRefusal::NotVideo,
            Self::Chain(Broken::ForeignCamera) => ClipRefusal::UnknownCamera,
            Self::Unsigned | Self::VideoUnsigned => ClipRefusal::Unsigned,
            Self::VideoDamaged | Self::Pictures(_) => ClipRefusal::VideoDamaged,
            Self::Chain(_) | Self::OtherOpening | Self::Protocol => ClipRefusal::ChainBroken,
        }
    }
}
