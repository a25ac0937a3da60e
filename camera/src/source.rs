//! Where recordings come from, for [`crate::taking::take_in`]: a camera in a meeting, or a mounted folder.
//!
//! A source gives bytes and what their camera signed, in the order of asking; it decides nothing about them.

mod folder;

use domain::ClipId;

pub use folder::{Folder, FolderError, Skipped};

/// What is asked of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// The beginning of the recording.
    Opening,
    /// One segment, or the end when it is the number of segments.
    Segment(u32),
}

/// What a source says of the recording that it was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Word {
    /// The recording begins; `message` opens its camera's chain and is absent where nobody signed.
    Opening { clip: ClipId, message: Option<Vec<u8>> },
    /// The next bytes of the segment.
    Data(Vec<u8>),
    /// The segment is complete; its message in the chain.
    SegmentEnd { message: Option<Vec<u8>> },
    /// There are no more segments; the chain's closing message.
    End { message: Option<Vec<u8>> },
    /// The source has no such recording.
    Absent,
}

/// Has recordings, and answers one request after the other.
pub trait Source {
    /// Why nothing more comes; what is stored by then is gone on with later.
    type Gone;

    fn ask(&mut self, clip: ClipId, request: Request) -> Result<(), Self::Gone>;

    /// Waits for the next word.
    fn hear(&mut self) -> Result<Word, Self::Gone>;
}
