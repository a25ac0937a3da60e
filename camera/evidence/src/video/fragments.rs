//! The fragments of an MP4 file: each states where its pictures lie and how long they last (ISO/IEC 14496-12 §8.8).

use super::boxes::{self, Box, Numbers};
use super::track::Track;
use super::{Bytes, MAX_FRAMES, Refusal, Sample};

/// Flags of a track fragment and of a run (§8.8.7.1, §8.8.8.1).
const BASE_OFFSET: u32 = 0x1;
const DESCRIPTION: u32 = 0x2;
const DURATION: u32 = 0x8;
const SIZE: u32 = 0x10;
const RUN_OFFSET: u32 = 0x1;
const RUN_FIRST_FLAGS: u32 = 0x4;
const RUN_DURATION: u32 = 0x100;
const RUN_SIZE: u32 = 0x200;
const RUN_FLAGS: u32 = 0x400;
const RUN_COMPOSITION: u32 = 0x800;

/// The base is the beginning of the fragment.
const DEFAULT_BASE_IS_MOOF: u32 = 0x2_0000;

/// Samples of all tracks together, sound included.
const MAX_SAMPLES: usize = 4 * MAX_FRAMES;

/// What holds for a picture that says nothing else.
#[derive(Debug, Clone, Copy, Default)]
struct Defaults {
    duration: u32,
    size: u32,
}

/// Appends the pictures of every fragment to `samples`; false when the file has no fragments.
pub(super) fn append(
    source: &dyn Bytes,
    outer: &[Box],
    moov: &[Box],
    track: &Track,
    samples: &mut Vec<Sample>,
) -> Result<bool, Refusal> {
    let defaults = defaults(source, moov, track)?;
    let mut reader = Reader {
        source,
        track,
        clock: 0,
        left: MAX_SAMPLES,
        samples,
    };
    let mut any = false;
    for fragment in outer.iter().filter(|one| &one.kind == b"moof") {
        any = true;
        // Without a base of its own, the first track counts from the fragment, and each other one from where the
        // pictures before it end.
        let mut behind = fragment.start;
        for inner in boxes::within(source, fragment.content.clone())? {
            if &inner.kind == b"traf" {
                behind = reader.part(fragment, &inner, behind, defaults)?;
            }
        }
    }
    Ok(any)
}

fn defaults(source: &dyn Bytes, moov: &[Box], track: &Track) -> Result<Defaults, Refusal> {
    let Some(extends) = boxes::only(moov, b"mvex")? else {
        return Ok(Defaults::default());
    };
    for one in boxes::within(source, extends.content.clone())? {
        if &one.kind != b"trex" {
            continue;
        }
        let bytes = boxes::content(source, &one)?;
        let mut numbers = Numbers(&bytes);
        numbers.version_and_flags()?;
        if numbers.word()? == track.id {
            numbers.word()?;
            return Ok(Defaults {
                duration: numbers.word()?,
                size: numbers.word()?,
            });
        }
    }
    Ok(Defaults::default())
}

struct Reader<'a> {
    source: &'a dyn Bytes,
    track: &'a Track,
    /// When the next picture is decoded.
    clock: u64,
    /// Samples that may still come.
    left: usize,
    samples: &'a mut Vec<Sample>,
}

impl Reader<'_> {
    /// Reads one track's part of a fragment; gives where its samples end.
    fn part(
        &mut self,
        fragment: &Box,
        part: &Box,
        behind: u64,
        mut defaults: Defaults,
    ) -> Result<u64, Refusal> {
        let inner = boxes::within(self.source, part.content.clone())?;
        let bytes = boxes::content(self.source, boxes::needed(&inner, b"tfhd")?)?;
        let mut header = Numbers(&bytes);
        let (_, flags) = header.version_and_flags()?;
        let ours = header.word()? == self.track.id;
        let base = if flags & BASE_OFFSET != 0 {
            header.long()?
        } else if flags & DEFAULT_BASE_IS_MOOF != 0 {
            fragment.start
        } else {
            behind
        };
        if flags & DESCRIPTION != 0 {
            header.word()?;
        }
        if flags & DURATION != 0 {
            defaults.duration = header.word()?;
        }
        if flags & SIZE != 0 {
            defaults.size = header.word()?;
        }
        if let (true, Some(decoded)) = (ours, boxes::only(&inner, b"tfdt")?) {
            let bytes = boxes::content(self.source, decoded)?;
            let mut numbers = Numbers(&bytes);
            let (version, _) = numbers.version_and_flags()?;
            self.clock = numbers.word_or_long(version)?;
        }
        let mut at = base;
        for run in inner.iter().filter(|one| &one.kind == b"trun") {
            at = self.run(run, ours, (base, at), defaults)?;
        }
        Ok(at)
    }

    /// Reads one run; gives where its samples end.
    fn run(
        &mut self,
        run: &Box,
        ours: bool,
        (base, mut at): (u64, u64),
        defaults: Defaults,
    ) -> Result<u64, Refusal> {
        let bytes = boxes::content(self.source, run)?;
        let mut numbers = Numbers(&bytes);
        let (_, flags) = numbers.version_and_flags()?;
        let count = usize::try_from(numbers.word()?).map_err(|_| Refusal::TooLarge)?;
        self.left = self.left.checked_sub(count).ok_or(Refusal::TooLarge)?;
        if flags & RUN_OFFSET != 0 {
            let offset = i64::from(numbers.word()?.cast_signed());
            at = base.checked_add_signed(offset).ok_or(Refusal::Outside)?;
        }
        if flags & RUN_FIRST_FLAGS != 0 {
            numbers.word()?;
        }
        let mut one = |wanted: u32, otherwise: u32| {
            if flags & wanted == 0 {
                Ok(otherwise)
            } else {
                numbers.word()
            }
        };
        for _ in 0..count {
            let duration = one(RUN_DURATION, defaults.duration)?;
            let length = one(RUN_SIZE, defaults.size)?;
            one(RUN_FLAGS, 0)?;
            one(RUN_COMPOSITION, 0)?;
            if ours && self.samples.len() == MAX_FRAMES {
                return Err(Refusal::TooLarge);
            }
            if ours {
                let time = self.clock;
                self.samples.push(Sample { at, length, time });
                self.clock = self.clock.saturating_add(u64::from(duration));
            }
            at = at.checked_add(u64::from(length)).ok_or(Refusal::Outside)?;
        }
        Ok(at)
    }
}
