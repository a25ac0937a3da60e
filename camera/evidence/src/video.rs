//! The pictures of a file as their coder wrote them, NAL unit by NAL unit, for whoever checks a signature inside them.
//!
//! Reads classic and fragmented MP4 (ISO/IEC 14496-12, 14496-15) and bare streams (ITU-T H.264 and H.265, annex B) of
//! any length through [`Bytes`]; what is held in memory is bounded, whatever the file claims.

mod boxes;
mod fragments;
mod nal;
mod stream;
mod table;
mod track;

use thiserror::Error;

pub use nal::{Header, Kind};

use self::track::Track;
use crate::mp4;

/// Pictures of a recording: twelve hours at 60 a second are fewer.
pub const MAX_FRAMES: usize = 1 << 22;
/// Bytes of one picture, and of one NAL unit.
pub const MAX_UNIT: usize = 32 << 20;
/// How streams begin outside a container.
const START_CODES: [&[u8]; 2] = [&[0, 0, 1], &[0, 0, 0, 1]];

/// Where the bytes of a file lie: in memory, or on a disk that whoever calls reads.
pub trait Bytes {
    fn length(&self) -> u64;
    /// Fills `into` with the bytes from `at` on, or fails: the caller never asks for bytes behind the end.
    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Lost>;
}

/// Bytes that are there could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the file could not be read to its end")]
pub struct Lost;

impl Bytes for Vec<u8> {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Lost> {
        self.as_slice().read(at, into)
    }
}

impl Bytes for &[u8] {
    fn length(&self) -> u64 {
        self.len() as u64
    }

    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Lost> {
        let at = usize::try_from(at).map_err(|_| Lost)?;
        let end = at.checked_add(into.len()).ok_or(Lost)?;
        into.copy_from_slice(self.get(at..end).ok_or(Lost)?);
        Ok(())
    }
}

/// Why the pictures of a file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Refusal {
    #[error("the file is not a whole MP4 file")]
    NotWhole(#[from] mp4::Refusal),
    #[error(transparent)]
    Lost(#[from] Lost),
    #[error("the file has no H.264 or H.265 video")]
    NoVideo,
    #[error("the index of the pictures contradicts itself or ends too early")]
    Index,
    #[error("the file has two indexes where one is allowed, so that two programs might show two films")]
    Ambiguous,
    #[error("the index points outside the file")]
    Outside,
    #[error("the pictures lie in another file")]
    Elsewhere,
    #[error("there are more pictures, or larger ones, than a recording needs")]
    TooLarge,
    #[error("a picture is not made of NAL units")]
    NotUnits,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codec {
    H264,
    H265,
}

impl Codec {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::H264 => "h264",
            Self::H265 => "h265",
        }
    }
}

/// What holds the pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Container {
    Mp4,
    FragmentedMp4,
    /// No container: start codes between the units.
    Stream,
}

impl Container {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Mp4 => "mp4",
            Self::FragmentedMp4 => "fragmented_mp4",
            Self::Stream => "annex_b",
        }
    }
}

/// One NAL unit, without start code or length, and without zero bytes behind its stop bit.
#[derive(Debug, Clone, Copy)]
pub struct Unit<'a> {
    pub bytes: &'a [u8],
    pub header: Header,
    /// Of the picture that the unit belongs to, counted from 0 in the order of the file.
    pub frame: u32,
}

/// What was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Video {
    pub codec: Codec,
    pub container: Container,
    pub frames: u32,
    /// Milliseconds from the first picture to each in the order of the file, as the container states; empty for a stream.
    pub times: Vec<u64>,
    /// Tracks of pictures, of any codec; only the first of a codec that is known here is read.
    pub tracks: usize,
}

/// Whether a file that begins like this is a video.
pub fn is_video(start: &[u8]) -> bool {
    start.get(4..8) == Some(b"ftyp") || is_stream(start)
}

fn is_stream(start: &[u8]) -> bool {
    START_CODES.iter().any(|code| start.starts_with(code))
}

/// Whether the file is a whole MP4 file, which a bare stream cannot show of itself.
pub fn check_whole(source: &dyn Bytes) -> Result<(), Refusal> {
    let length = source.length();
    if is_stream(&beginning(source)?) {
        return Ok(());
    }
    let mut walker = mp4::Walker::default();
    loop {
        let at = walker.skip(length);
        let left = usize::try_from(length.saturating_sub(at)).unwrap_or(usize::MAX);
        let mut header = [0; 16];
        let header = header.get_mut(..left.min(16)).unwrap_or_default();
        if header.is_empty() {
            walker.finish()?;
            return Ok(());
        }
        source.read(at, header)?;
        walker.push(header)?;
    }
}

/// Hands every NAL unit of the first video track to `each`, in the order in which it is decoded.
pub fn read(source: &dyn Bytes, each: &mut dyn FnMut(Unit<'_>)) -> Result<Video, Refusal> {
    if is_stream(&beginning(source)?) {
        return stream::read(source, each);
    }
    let index = Index::of(source)?;
    for frame in 0..index.frames() {
        index.units(source, frame, each)?;
    }
    Ok(Video {
        codec: index.track.codec,
        container: index.container,
        frames: index.frames(),
        times: (0..index.frames())
            .filter_map(|frame| index.time(frame))
            .collect(),
        tracks: index.tracks,
    })
}

/// Where each picture of an MP4 file lies, for whoever reads some of them alone.
pub struct Index {
    track: Track,
    container: Container,
    tracks: usize,
    samples: Vec<Sample>,
}

impl Index {
    /// Reads the tables of a whole MP4 file.
    pub fn of(source: &dyn Bytes) -> Result<Self, Refusal> {
        check_whole(source)?;
        let outer = boxes::within(source, 0..source.length())?;
        let moov = boxes::only(&outer, b"moov")?.ok_or(Refusal::NoVideo)?;
        let inner = boxes::within(source, moov.content.clone())?;
        let (track, tracks) = track::videos(source, &inner)?;
        let track = track.ok_or(Refusal::NoVideo)?;
        let mut samples = table::samples(source, &track.table)?;
        let fragmented = fragments::append(source, &outer, &inner, &track, &mut samples)?;
        // Pictures that share bytes would be read over and over.
        let bytes = samples
            .iter()
            .try_fold(0_u64, |sum, sample| sum.checked_add(u64::from(sample.length)));
        if bytes.is_none_or(|bytes| bytes > source.length()) {
            return Err(Refusal::Index);
        }
        u32::try_from(samples.len()).map_err(|_| Refusal::TooLarge)?;
        Ok(Self {
            track,
            container: if fragmented {
                Container::FragmentedMp4
            } else {
                Container::Mp4
            },
            tracks,
            samples,
        })
    }

    pub const fn codec(&self) -> Codec {
        self.track.codec
    }

    /// What a decoder needs before the first picture; empty where the pictures carry it.
    pub fn sets(&self) -> &[Vec<u8>] {
        &self.track.sets
    }

    pub fn frames(&self) -> u32 {
        u32::try_from(self.samples.len()).unwrap_or(u32::MAX)
    }

    /// Milliseconds from the first picture, as the container states.
    pub fn time(&self, frame: u32) -> Option<u64> {
        let sample = self.samples.get(usize::try_from(frame).ok()?)?;
        Some(self.track.milliseconds(sample.time))
    }

    /// The last picture that is decoded at this millisecond or before.
    pub fn at(&self, millisecond: u64) -> u32 {
        let behind = self
            .samples
            .partition_point(|sample| self.track.milliseconds(sample.time) <= millisecond);
        u32::try_from(behind.saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Hands the units of one picture over.
    pub fn units(
        &self,
        source: &dyn Bytes,
        frame: u32,
        each: &mut dyn FnMut(Unit<'_>),
    ) -> Result<(), Refusal> {
        let sample = usize::try_from(frame).ok().and_then(|at| self.samples.get(at));
        split(source, &self.track, sample.ok_or(Refusal::Outside)?, frame, each)
    }
}

fn beginning(source: &dyn Bytes) -> Result<Vec<u8>, Lost> {
    let length = usize::try_from(source.length()).unwrap_or(usize::MAX).min(8);
    let mut start = vec![0; length];
    source.read(0, &mut start)?;
    Ok(start)
}

/// One picture as the index of a container names it.
#[derive(Debug, Clone, Copy)]
struct Sample {
    at: u64,
    length: u32,
    /// When it is decoded, in units of the track's clock.
    time: u64,
}

fn split(
    source: &dyn Bytes,
    track: &Track,
    sample: &Sample,
    frame: u32,
    each: &mut dyn FnMut(Unit<'_>),
) -> Result<(), Refusal> {
    let length = usize::try_from(sample.length).map_err(|_| Refusal::TooLarge)?;
    let end = sample.at.checked_add(u64::from(sample.length));
    if end.is_none_or(|end| end > source.length()) {
        return Err(Refusal::Outside);
    }
    if length > MAX_UNIT {
        return Err(Refusal::TooLarge);
    }
    let mut bytes = vec![0; length];
    source.read(sample.at, &mut bytes)?;
    let mut rest = bytes.as_slice();
    while !rest.is_empty() {
        let (stated, behind) = rest
            .split_at_checked(track.length_size)
            .ok_or(Refusal::NotUnits)?;
        let stated = stated
            .iter()
            .fold(0_usize, |length, byte| (length << 8) | usize::from(*byte));
        let (unit, behind) = behind.split_at_checked(stated).ok_or(Refusal::NotUnits)?;
        hand_over(track.codec, unit, frame, each);
        rest = behind;
    }
    Ok(())
}

fn hand_over(codec: Codec, unit: &[u8], frame: u32, each: &mut dyn FnMut(Unit<'_>)) {
    let bytes = nal::without_trailing_zeros(unit);
    if let Some(header) = nal::header(codec, bytes) {
        each(Unit { bytes, header, frame });
    }
}

#[cfg(test)]
mod tests;
