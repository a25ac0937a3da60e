//! A look at a recording that was sealed a moment ago, for cameras that sign inside their video.
//!
//! The signatures inside a film are checked over its index, which may lie at its end, so that no single pass over the
//! bytes can. What comes in is sealed for a second reader, whose key is in memory alone: the film is read once, a
//! segment at a time, before its manifest exists, and then nobody but HQ can read it any more.

use std::cell::RefCell;

use domain::footage::{Segment, VideoCheck};
use evidence::signed_video::{self, Unexpected};
use evidence::video::{Bytes, Lost};
use trust::seal::{self, Identity};
use zeroize::Zeroizing;

use crate::ingest::Fault;

/// A recording on the disk, of which the segments are opened one after the other.
pub(crate) struct Film<'a> {
    segments: &'a [Segment],
    identity: &'a Identity,
    /// Gives the sealed bytes of a segment.
    read: &'a dyn Fn(&Segment) -> Option<Vec<u8>>,
    /// The segment that was opened last: films are read forwards.
    open: RefCell<Option<(u32, Zeroizing<Vec<u8>>)>>,
}

impl<'a> Film<'a> {
    pub(crate) fn new(
        segments: &'a [Segment],
        identity: &'a Identity,
        read: &'a dyn Fn(&Segment) -> Option<Vec<u8>>,
    ) -> Self {
        Self {
            segments,
            identity,
            read,
            open: RefCell::new(None),
        }
    }

    fn plain(&self, segment: &Segment) -> Option<Zeroizing<Vec<u8>>> {
        let sealed = (self.read)(segment)?;
        let length = usize::try_from(segment.length).ok()?;
        let plain = seal::open(self.identity, &sealed, length).ok()?;
        (plain.len() == length).then(|| Zeroizing::new(plain))
    }

    /// Copies what the segment at `at` has of the bytes that are asked for; gives how many.
    fn copy(&self, at: u64, into: &mut [u8]) -> Option<usize> {
        let behind = self.segments.partition_point(|segment| segment.offset <= at);
        let segment = behind
            .checked_sub(1)
            .and_then(|index| self.segments.get(index))
            .filter(|segment| at < segment.offset + u64::from(segment.length))?;
        let mut open = self.open.borrow_mut();
        if open.as_ref().is_none_or(|(index, _)| *index != segment.index) {
            // One alone is in memory.
            *open = None;
            *open = Some((segment.index, self.plain(segment)?));
        }
        let (_, plain) = open.as_ref()?;
        let from = plain.get(usize::try_from(at - segment.offset).ok()?..)?;
        let count = from.len().min(into.len());
        into.get_mut(..count)?.copy_from_slice(from.get(..count)?);
        Some(count)
    }
}

impl Bytes for Film<'_> {
    fn length(&self) -> u64 {
        let last = self.segments.last();
        last.map_or(0, |last| last.offset + u64::from(last.length))
    }

    fn read(&self, mut at: u64, mut into: &mut [u8]) -> Result<(), Lost> {
        while !into.is_empty() {
            let count = self.copy(at, into).filter(|count| *count > 0).ok_or(Lost)?;
            at += count as u64;
            into = into.get_mut(count..).ok_or(Lost)?;
        }
        Ok(())
    }
}

/// Judges a film whose camera signs inside it.
pub(crate) fn look(film: &dyn Bytes) -> Result<VideoCheck, Fault> {
    let found = signed_video::check(film).map_err(Fault::Pictures)?;
    signed_video::expected(&found).map_err(|unexpected| match unexpected {
        Unexpected::Unsigned => Fault::VideoUnsigned,
        Unexpected::Damaged => Fault::VideoDamaged,
    })
}
