//! The tracks of pictures that an MP4 file declares: codec, clock and tables.

use super::boxes::{self, Box, Numbers};
use super::{Bytes, Codec, Refusal};

/// Fields of a visual sample entry in front of its boxes (ISO/IEC 14496-12 §12.1.3).
const SAMPLE_ENTRY: u64 = 78;
/// Sample entries of one track.
const MAX_ENTRIES: u32 = 16;

pub(super) struct Track {
    pub(super) id: u32,
    pub(super) codec: Codec,
    /// Units a second.
    clock: u32,
    /// Bytes of the length in front of a NAL unit.
    pub(super) length_size: usize,
    /// The parameter sets in front of the first picture; of H.264 alone.
    pub(super) sets: Vec<Vec<u8>>,
    /// The boxes of the sample table.
    pub(super) table: Vec<Box>,
}

impl Track {
    pub(super) fn milliseconds(&self, time: u64) -> u64 {
        let thousandth = u128::from(time) * 1000 / u128::from(self.clock.max(1));
        u64::try_from(thousandth).unwrap_or(u64::MAX)
    }
}

/// The first track of H.264 or H.265 pictures, and how many tracks of pictures there are, of any codec: a program that
/// plays the file may choose another.
pub(super) fn videos(source: &dyn Bytes, moov: &[Box]) -> Result<(Option<Track>, usize), Refusal> {
    let mut first = None;
    let mut count = 0;
    for track in moov.iter().filter(|one| &one.kind == b"trak") {
        if let Some(track) = pictures(source, track)? {
            count += 1;
            first = first.or(track);
        }
    }
    Ok((first, count))
}

/// `None` for a track of something else than pictures, `Some(None)` for pictures of another codec.
fn pictures(source: &dyn Bytes, track: &Box) -> Result<Option<Option<Track>>, Refusal> {
    let inner = boxes::within(source, track.content.clone())?;
    let Some(media) = boxes::only(&inner, b"mdia")? else {
        return Ok(None);
    };
    let media = boxes::within(source, media.content.clone())?;
    let handler = boxes::content(source, boxes::needed(&media, b"hdlr")?)?;
    if handler.get(8..12) != Some(b"vide") {
        return Ok(None);
    }
    video(source, &inner, &media).map(Some)
}

fn video(source: &dyn Bytes, inner: &[Box], media: &[Box]) -> Result<Option<Track>, Refusal> {
    let information = boxes::within(source, boxes::needed(media, b"minf")?.content.clone())?;
    let table = boxes::within(source, boxes::needed(&information, b"stbl")?.content.clone())?;
    let Some(described) = description(source, boxes::needed(&table, b"stsd")?)? else {
        return Ok(None);
    };
    check_here(source, &information)?;
    Ok(Some(Track {
        id: id(source, boxes::needed(inner, b"tkhd")?)?,
        codec: described.codec,
        clock: clock(source, boxes::needed(media, b"mdhd")?)?,
        length_size: described.length_size,
        sets: described.sets,
        table,
    }))
}

fn id(source: &dyn Bytes, header: &Box) -> Result<u32, Refusal> {
    let bytes = boxes::content(source, header)?;
    let mut numbers = Numbers(&bytes);
    let (version, _) = numbers.version_and_flags()?;
    numbers.skip(if version == 0 { 8 } else { 16 })?;
    numbers.word()
}

fn clock(source: &dyn Bytes, header: &Box) -> Result<u32, Refusal> {
    let bytes = boxes::content(source, header)?;
    let mut numbers = Numbers(&bytes);
    let (version, _) = numbers.version_and_flags()?;
    numbers.skip(if version == 0 { 8 } else { 16 })?;
    numbers.word()
}

/// What the sample entries say of their pictures.
struct Described {
    codec: Codec,
    length_size: usize,
    sets: Vec<Vec<u8>>,
}

/// Codec and length size of the sample entries, which all must have the same, and their parameter sets; `None` for
/// another codec.
fn description(source: &dyn Bytes, table: &Box) -> Result<Option<Described>, Refusal> {
    let start = table.content.start.saturating_add(8);
    let entries = boxes::within(source, start..table.content.end)?;
    if entries.len() > MAX_ENTRIES as usize {
        return Err(Refusal::TooLarge);
    }
    let mut found = None;
    let mut sets = Vec::new();
    for entry in &entries {
        let described = match &entry.kind {
            b"avc1" | b"avc3" => {
                let configuration = configuration(source, entry, b"avcC")?;
                sets.extend(avc_sets(&configuration).ok_or(Refusal::Index)?);
                (Codec::H264, length_size(&configuration, 4)?)
            }
            b"hvc1" | b"hev1" => {
                let configuration = configuration(source, entry, b"hvcC")?;
                (Codec::H265, length_size(&configuration, 21)?)
            }
            _ => return Ok(None),
        };
        if found.is_some_and(|found| found != described) {
            return Err(Refusal::Ambiguous);
        }
        found = Some(described);
    }
    Ok(found.map(|(codec, length_size)| Described {
        codec,
        length_size,
        sets,
    }))
}

/// The decoder's configuration (ISO/IEC 14496-15).
fn configuration(source: &dyn Bytes, entry: &Box, kind: &[u8; 4]) -> Result<Vec<u8>, Refusal> {
    let start = entry.content.start.saturating_add(SAMPLE_ENTRY);
    let inner = boxes::within(source, start..entry.content.end)?;
    boxes::content(source, boxes::needed(&inner, kind)?)
}

/// The length size, whose two bits are the last of byte `at` of the decoder's configuration.
fn length_size(configuration: &[u8], at: usize) -> Result<usize, Refusal> {
    let byte = configuration.get(at).ok_or(Refusal::Index)?;
    Ok(usize::from(byte & 3) + 1)
}

/// The sequence parameter sets, then the picture parameter sets (ISO/IEC 14496-15 §5.3.3.1).
fn avc_sets(configuration: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut rest = configuration.get(5..)?;
    let mut sets = Vec::new();
    for mask in [0x1f, 0xff] {
        let (count, behind) = rest.split_first()?;
        rest = behind;
        for _ in 0..count & mask {
            let (length, behind) = rest.split_at_checked(2)?;
            let length = u16::from_be_bytes(length.try_into().ok()?);
            let (set, behind) = behind.split_at_checked(usize::from(length))?;
            sets.push(set.to_vec());
            rest = behind;
        }
    }
    Some(sets)
}

/// The pictures must lie in this very file (ISO/IEC 14496-12 §8.7.2).
fn check_here(source: &dyn Bytes, information: &[Box]) -> Result<(), Refusal> {
    let references = boxes::within(source, boxes::needed(information, b"dinf")?.content.clone())?;
    let references = boxes::needed(&references, b"dref")?;
    let entries = boxes::within(
        source,
        references.content.start.saturating_add(8)..references.content.end,
    )?;
    for entry in &entries {
        let bytes = boxes::content(source, entry)?;
        let (_, flags) = Numbers(&bytes).version_and_flags()?;
        if flags & 1 == 0 {
            return Err(Refusal::Elsewhere);
        }
    }
    Ok(())
}
