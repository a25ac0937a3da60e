//! Bare streams of NAL units between start codes (ITU-T H.264 and H.265, annex B).

use super::{Bytes, Codec, Container, Kind, MAX_FRAMES, MAX_UNIT, Refusal, Unit, Video, nal};

/// Bytes that are read at once.
const PIECE: usize = 1 << 20;
/// Units in front of the first that tells the codec.
const MAX_SILENT: usize = 64;

pub(super) fn read(source: &dyn Bytes, each: &mut dyn FnMut(Unit<'_>)) -> Result<Video, Refusal> {
    let codec = codec(source)?;
    let mut frames = Frames::default();
    let mut full = false;
    units(source, &mut |unit| {
        let bytes = nal::without_trailing_zeros(unit);
        if let Some(header) = nal::header(codec, bytes) {
            let frame = frames.take(header.kind, header.first);
            full = usize::try_from(frame).is_ok_and(|frame| frame >= MAX_FRAMES);
            if !full {
                each(Unit { bytes, header, frame });
            }
        }
        !full
    })?;
    if full {
        return Err(Refusal::TooLarge);
    }
    Ok(Video {
        codec,
        container: Container::Stream,
        frames: frames.count(),
        times: Vec::new(),
        tracks: 1,
    })
}

fn codec(source: &dyn Bytes) -> Result<Codec, Refusal> {
    let mut found = None;
    let mut silent = 0;
    units(source, &mut |unit| {
        found = nal::codec(unit);
        silent += 1;
        found.is_none() && silent < MAX_SILENT
    })?;
    found.ok_or(Refusal::NoVideo)
}

/// Numbers the pictures: a new one begins with its first slice, or with what stands in front of it (H.264 §7.4.1.2.3,
/// H.265 §7.4.2.4.4).
#[derive(Default)]
struct Frames {
    current: u32,
    /// The current picture has a slice already.
    sliced: bool,
}

impl Frames {
    fn take(&mut self, kind: Kind, first: bool) -> u32 {
        let begins = match kind {
            Kind::Key | Kind::Picture | Kind::Uncovered => first,
            Kind::Sei | Kind::ParameterSet | Kind::Delimiter => true,
            Kind::Other => false,
        };
        if self.sliced && begins {
            self.current = self.current.saturating_add(1);
            self.sliced = false;
        }
        self.sliced |= kind.is_slice();
        self.current
    }

    fn count(&self) -> u32 {
        self.current.saturating_add(u32::from(self.sliced))
    }
}

/// Hands the bytes between two start codes to `each`, until it says no.
fn units(source: &dyn Bytes, each: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Refusal> {
    let length = source.length();
    let mut piece = Vec::new();
    let mut unit: Option<Vec<u8>> = None;
    let mut zeros = 0_usize;
    let mut at = 0;
    while at < length {
        let wanted = usize::try_from(length - at).unwrap_or(usize::MAX).min(PIECE);
        piece.resize(wanted, 0);
        source.read(at, &mut piece)?;
        at += wanted as u64;
        for byte in &piece {
            if zeros >= 2 && *byte == 1 {
                let ended = unit.replace(Vec::new());
                if ended.is_some_and(|ended| !each(&ended)) {
                    return Ok(());
                }
            } else if let Some(unit) = &mut unit {
                if unit.len() == MAX_UNIT {
                    return Err(Refusal::TooLarge);
                }
                unit.push(*byte);
            }
            zeros = if *byte == 0 { zeros.saturating_add(1) } else { 0 };
        }
    }
    if let Some(last) = unit {
        each(&last);
    }
    Ok(())
}
