//! The original bytes of a clip, read once from wherever they lie, a block at a time.

use std::collections::BTreeMap;

use domain::canonical::Digest;
use domain::footage::{Manifest, Segment};
use trust::Hasher;

use super::SegmentState;
use super::folder::{Expected, Folder};
use crate::folder::{CLIP, segment_file};
use crate::mp4::{Refusal, Walker};
use crate::video::{Bytes, Lost};

/// Bytes in memory at once: few enough that each pass finds them in the processor's cache.
const BLOCK: u64 = 128 << 10;

/// The files that hold the bytes.
pub(super) enum Original<'a> {
    Whole(Option<&'a dyn Bytes>),
    /// One a segment, in their order.
    Pieces(Vec<(String, Option<&'a dyn Bytes>)>),
}

/// What one reading of them found.
pub(super) struct Seen {
    /// One entry a segment, in order.
    pub(super) map: Vec<SegmentState>,
    /// The digest of all bytes and whether they are an MP4 file; nothing when some are missing.
    pub(super) whole: Option<(Digest, Result<(), Refusal>)>,
    /// The digest of each file.
    pub(super) sums: BTreeMap<String, Digest>,
    /// Files that are there and could not be read to their end.
    pub(super) lost: Vec<String>,
}

impl<'a> Original<'a> {
    pub(super) fn find(folder: Folder<'a>, expected: &mut Expected, manifest: &Manifest) -> Self {
        let names = (0..).zip(&manifest.segments);
        let pieces: Vec<_> = names
            .map(|(index, _)| segment_file(index))
            .map(|name| (name.clone(), folder.open(&name)))
            .collect();
        let clip = folder.open(CLIP);
        if clip.is_none() && pieces.iter().any(|(_, piece)| piece.is_some()) {
            expected
                .needed
                .extend(pieces.iter().map(|(name, _)| name.clone()));
            Self::Pieces(pieces)
        } else {
            expected.needed.insert(CLIP.to_owned());
            Self::Whole(clip)
        }
    }

    pub(super) fn read(&self, manifest: &Manifest) -> Seen {
        match self {
            Self::Whole(clip) => read_whole(*clip, manifest),
            Self::Pieces(pieces) => read_pieces(pieces, manifest),
        }
    }
}

fn read_whole(clip: Option<&dyn Bytes>, manifest: &Manifest) -> Seen {
    let (mut film, mut cut) = (Film::default(), Cut::new(&manifest.segments));
    let read = clip.map(|clip| {
        each_block(clip, |block| {
            film.push(block);
            cut.push(block);
        })
    });
    let whole = matches!(read, Some(Ok(()))).then(|| film.finish());
    Seen {
        map: cut.finish(),
        sums: whole
            .iter()
            .map(|(digest, _)| (CLIP.to_owned(), *digest))
            .collect(),
        whole,
        lost: matches!(read, Some(Err(Lost)))
            .then(|| CLIP.to_owned())
            .into_iter()
            .collect(),
    }
}

fn read_pieces(pieces: &[(String, Option<&dyn Bytes>)], manifest: &Manifest) -> Seen {
    let mut film = Film::default();
    let mut seen = Seen {
        map: Vec::new(),
        whole: None,
        sums: BTreeMap::new(),
        lost: Vec::new(),
    };
    let mut complete = true;
    for ((name, piece), segment) in pieces.iter().zip(&manifest.segments) {
        let state = match piece.map(|piece| digest_of(piece, |block| film.push(block))) {
            None => {
                complete = false;
                SegmentState::Missing
            }
            Some(Err(Lost)) => {
                complete = false;
                seen.lost.push(name.clone());
                SegmentState::Missing
            }
            Some(Ok((digest, length))) => {
                seen.sums.insert(name.clone(), digest);
                state(segment, digest, length)
            }
        };
        seen.map.push(state);
    }
    seen.whole = complete.then(|| film.finish());
    seen
}

fn state(segment: &Segment, digest: Digest, length: u64) -> SegmentState {
    if holds(segment, digest, length) {
        SegmentState::Ok
    } else {
        SegmentState::Changed
    }
}

/// Whether bytes of this digest and number are the content of `segment`.
pub(super) fn holds(segment: &Segment, digest: Digest, length: u64) -> bool {
    digest == segment.plain && length == u64::from(segment.length)
}

/// The digest of all bytes and their number; each block is shown to `take` as well.
pub(super) fn digest_of(bytes: &dyn Bytes, mut take: impl FnMut(&[u8])) -> Result<(Digest, u64), Lost> {
    let mut hasher = Hasher::new();
    each_block(bytes, |block| {
        hasher.update(block);
        take(block);
    })?;
    Ok((finish(hasher), bytes.length()))
}

fn each_block(bytes: &dyn Bytes, mut take: impl FnMut(&[u8])) -> Result<(), Lost> {
    let length = bytes.length();
    let mut block = Vec::new();
    let mut at = 0;
    while at < length {
        let here = BLOCK.min(length - at);
        block.resize(usize::try_from(here).map_err(|_| Lost)?, 0);
        bytes.read(at, &mut block)?;
        take(&block);
        at += here;
    }
    Ok(())
}

fn finish(hasher: Hasher) -> Digest {
    Digest::from_bytes(*hasher.finish().as_bytes())
}

/// All bytes in their order: their digest, and their boxes until the first that is none.
#[derive(Default)]
struct Film {
    hasher: Hasher,
    walker: Walker,
    refused: Option<Refusal>,
}

impl Film {
    fn push(&mut self, block: &[u8]) {
        self.hasher.update(block);
        if self.refused.is_none() {
            self.refused = self.walker.push(block).err();
        }
    }

    fn finish(self) -> (Digest, Result<(), Refusal>) {
        let walked = match self.refused {
            Some(refusal) => Err(refusal),
            None => self.walker.finish().map(|_| ()),
        };
        (finish(self.hasher), walked)
    }
}

/// Cuts bytes that arrive in order into pieces as long as the segments are.
struct Cut<'a> {
    left: std::slice::Iter<'a, Segment>,
    open: Option<(&'a Segment, Hasher, u64)>,
    map: Vec<SegmentState>,
}

impl<'a> Cut<'a> {
    fn new(segments: &'a [Segment]) -> Self {
        Self {
            left: segments.iter(),
            open: None,
            map: Vec::new(),
        }
    }

    fn push(&mut self, mut block: &[u8]) {
        while !block.is_empty() {
            let opened = self.open.take();
            let Some((segment, mut hasher, held)) =
                opened.or_else(|| Some((self.left.next()?, Hasher::new(), 0)))
            else {
                return;
            };
            let room = u64::from(segment.length).saturating_sub(held);
            let taken = usize::try_from(room).map_or(block.len(), |room| room.min(block.len()));
            let (here, rest) = block.split_at(taken);
            hasher.update(here);
            block = rest;
            let held = held + here.len() as u64;
            if held < u64::from(segment.length) {
                self.open = Some((segment, hasher, held));
            } else {
                self.map.push(state(segment, finish(hasher), held));
            }
        }
    }

    /// What holds a beginning alone is changed, what holds nothing is missing.
    fn finish(mut self) -> Vec<SegmentState> {
        self.map
            .extend(self.open.is_some().then_some(SegmentState::Changed));
        self.map.extend(self.left.map(|_| SegmentState::Missing));
        self.map
    }
}
