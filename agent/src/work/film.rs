//! A recording is looked at: its segments are decrypted one at a time, in memory alone, and its pictures decoded.

use std::cell::RefCell;

use camera::vault::Held;
use domain::dialogue::{Stretch, StretchState, Thumbnail, Unplayable};
use domain::footage::{CameraChain, MAX_SEGMENT, Manifest, Segment};
use domain::viewfinder::Frame;
use domain::{ClipId, Digest};
use evidence::signed_video::{self, FrameState};
use evidence::video::{Bytes, Codec, Index, Kind, Lost};
use trust::seal::{Identity, open};
use zeroize::Zeroizing;

/// The longest side of the picture, and of one of the timeline, in pixels.
const PICTURE: u32 = 640;
const THUMBNAIL: u32 = 96;
const THUMBNAILS: u64 = 6;
/// Pictures that may pass before a coder that shows later ones first gives one.
const REORDERED: u32 = 16;
/// Between two key pictures: ten seconds of sixty pictures each.
const MAX_GROUP: u32 = 600;
/// Segments that stay decrypted: the one that is shown, and the one that holds the index.
const KEPT: usize = 2;

/// A step of looking.
pub struct FilmJob {
    pub clip: ClipId,
    /// Tells this look from one before or after it.
    pub look: u64,
    pub step: FilmStep,
}

pub enum FilmStep {
    /// Decrypt the index and show the first picture.
    Open(SealedFilm),
    /// Show the picture at this millisecond, or the next one.
    Seek(Box<Film>, u64),
    Next(Box<Film>),
    /// Go through all of it once: what is known of each stretch, and the pictures of the timeline.
    Survey(SealedFilm),
}

/// A recording in the vault, and the key that opens its segments.
pub struct SealedFilm {
    pub held: Held,
    pub key: Identity,
}

/// What a step gave.
pub enum FilmTurn {
    Shown(Box<Film>, Shown),
    Surveyed(Survey),
}

/// A picture, where one decodes at this moment.
pub struct Shown {
    pub picture: Option<Frame>,
    pub position_ms: u64,
    /// Milliseconds until the next one; absent at the end.
    pub next_in_ms: Option<u64>,
}

#[derive(Default)]
pub struct Survey {
    pub stretches: Vec<Stretch>,
    pub thumbnails: Vec<Thumbnail>,
}

/// An open recording.
pub struct Film {
    plain: Plain,
    index: Index,
    decoder: Option<reader::Film>,
    /// The picture that is decoded next.
    next: u32,
}

impl Film {
    pub fn length_ms(&self) -> u64 {
        self.index
            .frames()
            .checked_sub(1)
            .and_then(|last| self.index.time(last))
            .unwrap_or(0)
    }

    fn open(sealed: SealedFilm) -> Result<Self, Unplayable> {
        let plain = Plain::new(sealed);
        let index = Index::of(&plain).map_err(|_| Unplayable::Damaged)?;
        match index.codec() {
            Codec::H264 => {}
            Codec::H265 => return Err(Unplayable::Codec),
        }
        if index.frames() == 0 {
            return Err(Unplayable::Damaged);
        }
        Ok(Self {
            plain,
            index,
            decoder: None,
            next: 0,
        })
    }

    fn seek(&mut self, at_ms: u64) -> Shown {
        let wanted = self.index.at(at_ms);
        self.next = self.key_before(wanted);
        self.decoder = None;
        let mut last = None;
        while self.next <= wanted {
            last = self.decode(PICTURE).or(last);
        }
        for _ in 0..REORDERED {
            if last.is_some() || self.next >= self.index.frames() {
                break;
            }
            last = self.decode(PICTURE);
        }
        let last = last.or_else(|| self.kept_back());
        self.shown(last)
    }

    fn forward(&mut self) -> Shown {
        let mut picture = None;
        for _ in 0..REORDERED {
            if picture.is_some() || self.next >= self.index.frames() {
                break;
            }
            picture = self.decode(PICTURE);
        }
        let picture = picture.or_else(|| self.kept_back());
        self.shown(picture)
    }

    /// At the end, what the decoder kept back for its order.
    fn kept_back(&mut self) -> Option<Frame> {
        let over = self.next >= self.index.frames();
        self.decoder.as_mut().filter(|_| over)?.last()
    }

    fn shown(&self, picture: Option<Frame>) -> Shown {
        let shown = self.next.saturating_sub(1);
        let position_ms = self.index.time(shown).unwrap_or(0);
        let next = self.index.time(self.next);
        Shown {
            picture,
            position_ms,
            next_in_ms: next.map(|next| next.saturating_sub(position_ms)),
        }
    }

    /// The nearest picture that decodes by itself, at or before this one.
    fn key_before(&self, frame: u32) -> u32 {
        let oldest = frame.saturating_sub(MAX_GROUP);
        (oldest..=frame)
            .rev()
            .find(|frame| self.is_key(*frame))
            .unwrap_or(frame)
    }

    fn is_key(&self, frame: u32) -> bool {
        let mut key = false;
        let read = self.index.units(&self.plain, frame, &mut |unit| {
            key |= unit.header.kind == Kind::Key;
        });
        read.is_ok() && key
    }

    /// Decodes the next picture; what does not decode is passed over.
    fn decode(&mut self, side: u32) -> Option<Frame> {
        if self.decoder.is_none() {
            self.decoder = reader::Film::new(self.index.sets(), side).ok();
        }
        let frame = self.next;
        self.next = self.next.saturating_add(1);
        let decoder = self.decoder.as_mut()?;
        let read = self
            .index
            .units(&self.plain, frame, &mut |unit| decoder.unit(unit.bytes));
        read.ok()?;
        decoder.picture().ok().flatten()
    }

    /// The key picture at or before this millisecond alone, small.
    fn thumbnail(&mut self, at_ms: u64) -> Option<Thumbnail> {
        self.next = self.key_before(self.index.at(at_ms));
        self.decoder = None;
        let from = self.next;
        let mut picture = None;
        for _ in 0..REORDERED {
            picture = picture.or_else(|| self.decode(THUMBNAIL));
        }
        Some(Thumbnail {
            at_ms: self.index.time(from)?,
            picture: picture?,
        })
    }
}

impl FilmJob {
    pub(super) fn run(self) -> Result<FilmTurn, Unplayable> {
        match self.step {
            FilmStep::Open(sealed) => {
                let mut film = Film::open(sealed)?;
                let shown = film.seek(0);
                Ok(FilmTurn::Shown(Box::new(film), shown))
            }
            FilmStep::Seek(mut film, at_ms) => {
                let shown = film.seek(at_ms);
                Ok(FilmTurn::Shown(film, shown))
            }
            FilmStep::Next(mut film) => {
                let shown = film.forward();
                Ok(FilmTurn::Shown(film, shown))
            }
            FilmStep::Survey(sealed) => survey(sealed).map(FilmTurn::Surveyed),
        }
    }
}

fn survey(sealed: SealedFilm) -> Result<Survey, Unplayable> {
    let chain = sealed.held.manifest().chain;
    let mut film = Film::open(sealed)?;
    let length = film.length_ms();
    let thumbnails = (0..THUMBNAILS)
        .filter_map(|at| film.thumbnail(length * at / THUMBNAILS))
        .collect();
    let signed = signed_video::check(&film.plain).map_err(|_| Unplayable::Damaged)?;
    let stretches = if signed.scheme.is_some() {
        signed_stretches(&signed.map, &signed.video.times, length)
    } else {
        let whole = |state| Stretch {
            from_ms: 0,
            to_ms: length,
            state,
        };
        match chain {
            CameraChain::Complete => vec![whole(StretchState::Chained)],
            CameraChain::OpenEnded => vec![whole(StretchState::Pending)],
        }
    };
    Ok(Survey {
        stretches,
        thumbnails,
    })
}

/// Runs of pictures of which the same is known.
fn signed_stretches(map: &[FrameState], times: &[u64], length_ms: u64) -> Vec<Stretch> {
    let mut stretches = Vec::new();
    let mut frame = 0;
    let mut from_ms = 0;
    for run in map.chunk_by(|one, other| one == other) {
        let state = run.first().copied();
        let missing = state == Some(FrameState::Missing);
        // What is missing takes no time of what is there.
        frame += if missing { 0 } else { run.len() };
        let to_ms = times.get(frame).copied().unwrap_or(length_ms);
        stretches.extend(state.and_then(known).map(|state| Stretch {
            from_ms,
            to_ms: if missing { from_ms } else { to_ms },
            state,
        }));
        from_ms = if missing { from_ms } else { to_ms };
    }
    stretches
}

const fn known(state: FrameState) -> Option<StretchState> {
    match state {
        FrameState::Empty => None,
        FrameState::Ok => Some(StretchState::Signed),
        FrameState::Pending => Some(StretchState::Pending),
        FrameState::Unsigned => Some(StretchState::Unsigned),
        FrameState::Modified => Some(StretchState::Modified),
        FrameState::Missing => Some(StretchState::Missing),
    }
}

/// The original bytes, decrypted where they are read, and wiped when others take their place.
struct Plain {
    sealed: SealedFilm,
    open: RefCell<Vec<(u32, Zeroizing<Vec<u8>>)>>,
}

impl Plain {
    const fn new(sealed: SealedFilm) -> Self {
        Self {
            sealed,
            open: RefCell::new(Vec::new()),
        }
    }

    fn manifest(&self) -> &Manifest {
        self.sealed.held.manifest()
    }

    fn decrypt(&self, segment: &Segment) -> Option<Zeroizing<Vec<u8>>> {
        let file = self.sealed.held.read_segment(segment.index).ok()?;
        let plain = Zeroizing::new(open(&self.sealed.key, &file, MAX_SEGMENT as usize).ok()?);
        // Another recording's segment would open as well.
        (Digest::of(&plain) == segment.plain).then_some(plain)
    }

    /// Copies what `segment` has of the bytes from `at` on; how many these were.
    fn copy(&self, segment: &Segment, at: u64, into: &mut [u8]) -> Option<usize> {
        let mut open = self.open.try_borrow_mut().ok()?;
        let place = match open.iter().position(|(index, _)| *index == segment.index) {
            Some(place) => place,
            None => {
                let plain = self.decrypt(segment)?;
                if open.len() == KEPT {
                    open.remove(0);
                }
                open.push((segment.index, plain));
                open.len() - 1
            }
        };
        let (_, plain) = open.get(place)?;
        let from = usize::try_from(at.checked_sub(segment.offset)?).ok()?;
        let there = plain.get(from..)?;
        let count = there.len().min(into.len());
        into.get_mut(..count)?.copy_from_slice(there.get(..count)?);
        Some(count)
    }
}

impl Bytes for Plain {
    fn length(&self) -> u64 {
        self.manifest().bytes
    }

    fn read(&self, mut at: u64, mut into: &mut [u8]) -> Result<(), Lost> {
        let segments = &self.manifest().segments;
        while !into.is_empty() {
            let place = segments.partition_point(|segment| segment.offset <= at);
            let segment = place
                .checked_sub(1)
                .and_then(|place| segments.get(place))
                .ok_or(Lost)?;
            let count = self
                .copy(segment, at, into)
                .filter(|count| *count > 0)
                .ok_or(Lost)?;
            at += count as u64;
            into = into.get_mut(count..).ok_or(Lost)?;
        }
        Ok(())
    }
}
