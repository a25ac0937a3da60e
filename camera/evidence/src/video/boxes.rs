//! Boxes of a file whose structure was walked already, and numbers inside them.

use std::ops::Range;

use super::{Bytes, Refusal};
use crate::mp4::{MAX_INNER, MAX_OUTER};

/// Tables of sizes and offsets of a long recording; a box that is read whole is never longer.
const MAX_TABLE: u64 = 64 << 20;

/// A box and where its content lies in the file.
#[derive(Debug, Clone)]
pub(super) struct Box {
    pub(super) kind: [u8; 4],
    /// Where its header begins.
    pub(super) start: u64,
    pub(super) content: Range<u64>,
}

/// The boxes that fill `range`, in order.
pub(super) fn within(source: &dyn Bytes, range: Range<u64>) -> Result<Vec<Box>, Refusal> {
    let limit = MAX_OUTER.max(MAX_INNER) as usize;
    let mut found = Vec::new();
    let mut at = range.start;
    while at < range.end {
        if found.len() == limit {
            return Err(Refusal::TooLarge);
        }
        let next = header(source, at, range.end)?;
        at = next.content.end;
        found.push(next);
    }
    Ok(found)
}

fn header(source: &dyn Bytes, start: u64, end: u64) -> Result<Box, Refusal> {
    let left = end.saturating_sub(start);
    if left < 8 {
        return Err(Refusal::Index);
    }
    let mut short = [0; 8];
    source.read(start, &mut short)?;
    let [a, b, c, d, kind @ ..] = short;
    let (length, header) = match u32::from_be_bytes([a, b, c, d]) {
        0 => (left, 8),
        1 if left >= 16 => {
            let mut long = [0; 8];
            source.read(start + 8, &mut long)?;
            (u64::from_be_bytes(long), 16)
        }
        length => (u64::from(length), 8),
    };
    if length < header || length > left {
        return Err(Refusal::Index);
    }
    Ok(Box {
        kind,
        start,
        content: start + header..start + length,
    })
}

/// The box of this kind; two of them would leave a choice.
pub(super) fn only<'a>(boxes: &'a [Box], kind: &[u8; 4]) -> Result<Option<&'a Box>, Refusal> {
    let mut found = boxes.iter().filter(|one| one.kind == *kind);
    match (found.next(), found.next()) {
        (one, None) => Ok(one),
        (_, Some(_)) => Err(Refusal::Ambiguous),
    }
}

/// The box of this kind, which has to be there.
pub(super) fn needed<'a>(boxes: &'a [Box], kind: &[u8; 4]) -> Result<&'a Box, Refusal> {
    only(boxes, kind)?.ok_or(Refusal::Index)
}

/// The content of a box.
pub(super) fn content(source: &dyn Bytes, one: &Box) -> Result<Vec<u8>, Refusal> {
    let length = one.content.end.saturating_sub(one.content.start);
    if length > MAX_TABLE {
        return Err(Refusal::TooLarge);
    }
    let mut bytes = vec![0; usize::try_from(length).map_err(|_| Refusal::TooLarge)?];
    source.read(one.content.start, &mut bytes)?;
    Ok(bytes)
}

/// Reads big-endian numbers off the front of a box.
pub(super) struct Numbers<'a>(pub(super) &'a [u8]);

impl Numbers<'_> {
    pub(super) fn skip(&mut self, bytes: usize) -> Result<(), Refusal> {
        self.0 = self.0.get(bytes..).ok_or(Refusal::Index)?;
        Ok(())
    }

    fn take<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], Refusal> {
        let (taken, rest) = self.0.split_first_chunk::<LENGTH>().ok_or(Refusal::Index)?;
        self.0 = rest;
        Ok(*taken)
    }

    pub(super) fn word(&mut self) -> Result<u32, Refusal> {
        self.take().map(u32::from_be_bytes)
    }

    pub(super) fn long(&mut self) -> Result<u64, Refusal> {
        self.take().map(u64::from_be_bytes)
    }

    /// A number of four or eight bytes, as the version of the box has it.
    pub(super) fn word_or_long(&mut self, version: u8) -> Result<u64, Refusal> {
        if version == 0 {
            self.word().map(u64::from)
        } else {
            self.long()
        }
    }

    /// The version of a full box and its flags (ISO/IEC 14496-12 §4.2.2).
    pub(super) fn version_and_flags(&mut self) -> Result<(u8, u32), Refusal> {
        let word = self.word()?;
        let [version, ..] = word.to_be_bytes();
        Ok((version, word & 0x00ff_ffff))
    }
}
