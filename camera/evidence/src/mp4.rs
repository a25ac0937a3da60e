//! The box structure of an MP4 file (ISO/IEC 14496-12 §4.2), for whoever must know that footage is whole.
//!
//! Positions and sizes are read, media never; memory stays constant whatever the bytes claim.

use minicbor::{Decode, Encode};
use thiserror::Error;

/// Boxes within boxes, the outermost counted.
pub const MAX_DEPTH: usize = 8;
/// Boxes inside one outermost box.
pub const MAX_INNER: u32 = 4096;
/// Outermost boxes: a fragment of a recording has two.
pub const MAX_OUTER: u32 = 65_536;

const SHORT_HEADER: usize = 8;
const LONG_HEADER: usize = 16;

/// Boxes whose content is nothing but boxes, on the way to the sample tables.
const CONTAINERS: [&[u8; 4]; 11] = [
    b"moov", b"trak", b"edts", b"mdia", b"minf", b"dinf", b"stbl", b"mvex", b"moof", b"traf", b"mfra",
];

/// What a whole file is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mp4 {
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Boxes that were read, inner ones included.
    pub boxes: u32,
    /// Tracks that the index names.
    pub tracks: u32,
}

/// Why bytes are not a whole MP4 file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error, Encode, Decode)]
#[cbor(index_only)]
pub enum Refusal {
    #[error("the file does not begin as an MP4 file, or holds something that is not a box")]
    #[n(0)]
    NotMp4,
    #[error("the file ends inside a box")]
    #[n(1)]
    Truncated,
    #[error("a box is larger than the one around it")]
    #[n(2)]
    Overrun,
    #[error("a box claims to last until the end of the file, so that a cut would not show")]
    #[n(3)]
    Endless,
    #[error("boxes are nested deeper than {MAX_DEPTH}")]
    #[n(4)]
    TooDeep,
    #[error("there are more boxes than a recording needs")]
    #[n(5)]
    TooManyBoxes,
    #[error("the file has no index of its tracks")]
    #[n(6)]
    NoIndex,
    #[error("the file has no media data")]
    #[n(7)]
    NoMedia,
}

/// Walks a file that is held whole.
pub fn walk(file: &[u8]) -> Result<Mp4, Refusal> {
    let mut walker = Walker::default();
    walker.push(file)?;
    walker.finish()
}

/// Walks a file that arrives in pieces; between two pieces it can be stored and read back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Walker {
    /// Bytes seen so far.
    #[n(0)]
    at: u64,
    /// Where the next header begins.
    #[n(1)]
    next: u64,
    /// The part of a header that has arrived.
    #[cbor(n(2), with = "minicbor::bytes")]
    header: Vec<u8>,
    /// Ends of the boxes around, outermost first.
    #[n(3)]
    around: Vec<u64>,
    #[n(4)]
    outer: u32,
    /// Boxes inside the present outermost one.
    #[n(5)]
    inner: u32,
    #[n(6)]
    boxes: u32,
    #[n(7)]
    tracks: u32,
    #[n(8)]
    index: bool,
    #[n(9)]
    media: bool,
}

impl Walker {
    /// Takes the next bytes of the file; after a refusal the walk is over.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), Refusal> {
        while !bytes.is_empty() {
            let skipped = self.next.saturating_sub(self.at);
            let taken = if skipped > 0 {
                usize::try_from(skipped).map_or(bytes.len(), |skipped| skipped.min(bytes.len()))
            } else {
                self.take_header(bytes)?
            };
            self.at = self.at.saturating_add(taken as u64);
            bytes = bytes.get(taken..).unwrap_or_default();
            if self.header.len() >= self.header_length() {
                self.enter()?;
            }
        }
        Ok(())
    }

    /// Passes over content that holds no boxes without its bytes, in a file of `length`; gives where the next byte to
    /// push lies.
    pub fn skip(&mut self, length: u64) -> u64 {
        if self.header.is_empty() {
            self.at = self.at.max(self.next.min(length));
        }
        self.at
    }

    /// Judges the file as a whole, when its last byte was pushed or passed over.
    pub fn finish(mut self) -> Result<Mp4, Refusal> {
        self.leave_ended();
        if self.at == 0 {
            return Err(Refusal::NotMp4);
        }
        if !self.header.is_empty() || self.at < self.next || !self.around.is_empty() {
            return Err(Refusal::Truncated);
        }
        if !self.index || self.tracks == 0 {
            return Err(Refusal::NoIndex);
        }
        if !self.media {
            return Err(Refusal::NoMedia);
        }
        Ok(Mp4 {
            bytes: self.at,
            boxes: self.boxes,
            tracks: self.tracks,
        })
    }

    /// Collects header bytes; gives how many were taken.
    fn take_header(&mut self, bytes: &[u8]) -> Result<usize, Refusal> {
        if self.header.is_empty() {
            self.leave_ended();
            let room = self
                .around
                .last()
                .map_or(u64::MAX, |end| end.saturating_sub(self.at));
            if room < SHORT_HEADER as u64 {
                return Err(Refusal::Overrun);
            }
        }
        let missing = self.header_length().saturating_sub(self.header.len());
        let taken = missing.min(bytes.len());
        self.header.extend(&bytes[..taken]);
        Ok(taken)
    }

    fn header_length(&self) -> usize {
        match self.header.get(..4) {
            Some([0, 0, 0, 1]) => LONG_HEADER,
            Some(_) | None => SHORT_HEADER,
        }
    }

    /// A whole header is there: `at` is just behind it.
    fn enter(&mut self) -> Result<(), Refusal> {
        let header = std::mem::take(&mut self.header);
        let start = self.at.saturating_sub(header.len() as u64);
        let (Some((size, rest)), true) = (header.split_first_chunk::<4>(), header.len() >= SHORT_HEADER)
        else {
            return Err(Refusal::NotMp4);
        };
        let (kind, long) = rest.split_first_chunk::<4>().ok_or(Refusal::NotMp4)?;
        let size = match (u32::from_be_bytes(*size), <[u8; 8]>::try_from(long)) {
            (0, _) if self.outer > 0 && is_kind(kind) => return Err(Refusal::Endless),
            (1, Ok(long)) => u64::from_be_bytes(long),
            (size, _) => u64::from(size),
        };
        let first = self.outer == 0;
        if !is_kind(kind) || size < header.len() as u64 || (first && kind != b"ftyp") {
            return Err(Refusal::NotMp4);
        }
        let end = start.checked_add(size).ok_or(Refusal::Overrun)?;
        if self.around.last().is_some_and(|around| *around < end) {
            return Err(Refusal::Overrun);
        }
        self.count(kind)?;
        self.next = end;
        if CONTAINERS.contains(&kind) {
            if self.around.len() >= MAX_DEPTH {
                return Err(Refusal::TooDeep);
            }
            self.around.push(end);
            self.next = self.at;
        }
        Ok(())
    }

    fn count(&mut self, kind: &[u8; 4]) -> Result<(), Refusal> {
        let outermost = self.around.is_empty();
        if outermost {
            self.outer = self.outer.saturating_add(1);
            self.inner = 0;
            self.index |= kind == b"moov";
            self.media |= kind == b"mdat";
        } else {
            self.inner = self.inner.saturating_add(1);
            self.tracks = self.tracks.saturating_add(u32::from(kind == b"trak"));
        }
        self.boxes = self.boxes.saturating_add(1);
        if self.outer > MAX_OUTER || self.inner > MAX_INNER {
            Err(Refusal::TooManyBoxes)
        } else {
            Ok(())
        }
    }

    fn leave_ended(&mut self) {
        while self.around.last().is_some_and(|end| *end <= self.at) {
            self.around.pop();
        }
    }
}

/// Four printable characters, or Apple's copyright sign in front of three.
fn is_kind(kind: &[u8; 4]) -> bool {
    kind.iter().all(|byte| matches!(byte, b' '..=b'~' | 0xa9))
}

#[cfg(test)]
mod tests;
