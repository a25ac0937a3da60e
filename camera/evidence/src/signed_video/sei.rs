//! The SEI units in which signatures travel: user data with the identifier of a scheme (ITU-T H.264 §D.1.7, H.265 §D.2.7).

use super::axis;
use super::message::Message;
use super::onvif;

/// `user_data_unregistered`.
const UNREGISTERED: u8 = 5;
const ONVIF: [u8; 16] = [
    0x00, 0x5b, 0xc9, 0x3f, 0x2d, 0x71, 0x5e, 0x95, 0xad, 0xa4, 0x79, 0x6f, 0x90, 0x87, 0x7a, 0x6f,
];
const AXIS: &[u8; 16] = b"Signed Video...0";
/// The document was hashed as it stands in the stream, emulation prevention included.
const ONVIF_ESCAPED: u8 = 0x40;
const AXIS_ESCAPED: u8 = 0x80;
const STOP: u8 = 0x80;

/// Whose signature it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// ONVIF Media Signing, 24.12 to 26.06.
    Onvif,
    /// Axis Signed Video.
    Axis,
}

impl Scheme {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Onvif => "onvif_media_signing",
            Self::Axis => "axis_signed_video",
        }
    }
}

/// A unit whose content is one of the schemes'.
pub(super) struct Payload {
    pub(super) scheme: Scheme,
    /// The unit as it was signed: escaped or not.
    hashed: Vec<u8>,
    /// For each byte of the content, where it ends in `hashed`.
    ends: Vec<usize>,
    /// Tags, lengths and values, without emulation prevention.
    pub(super) content: Vec<u8>,
}

impl Payload {
    /// What of the unit was signed when the first `length` bytes of the content were.
    pub(super) fn signed(&self, length: usize) -> &[u8] {
        let end = length.checked_sub(1).and_then(|last| self.ends.get(last));
        self.hashed.get(..end.copied().unwrap_or(0)).unwrap_or_default()
    }
}

/// The message of a unit: none when it is not of a scheme, `Some(None)` when it is and cannot be read.
pub(super) fn read(unit: &[u8], header: usize) -> Option<(Scheme, Option<Message>)> {
    let (scheme, payload) = payload(unit, header)?;
    let message = payload.and_then(|payload| {
        let mut message = match payload.scheme {
            Scheme::Onvif => onvif::read(&payload),
            Scheme::Axis => axis::read(&payload),
        }?;
        if message.signed.is_none() {
            message.whole = payload.hashed;
        }
        Some(message)
    });
    Some((scheme, message))
}

fn payload(unit: &[u8], header: usize) -> Option<(Scheme, Option<Payload>)> {
    let (&UNREGISTERED, sized) = unit.get(header..)?.split_first()? else {
        return None;
    };
    let full = sized.iter().take_while(|byte| **byte == 0xff).count();
    let last = *sized.get(full)?;
    let length = full.checked_mul(0xff)?.checked_add(usize::from(last))?;
    let start = header + 1 + full + 1;
    let identifier = unit.get(start..start + 16)?;
    let scheme = if identifier == ONVIF {
        Scheme::Onvif
    } else if identifier == AXIS {
        Scheme::Axis
    } else {
        return None;
    };
    Some((scheme, content(unit, start, length, scheme)))
}

/// The content behind identifier and flags; `None` when its length is not the stated one.
fn content(unit: &[u8], start: usize, length: usize, scheme: Scheme) -> Option<Payload> {
    // A signer may leave out the emulation prevention, and then nothing must be taken for it: the lengths tell.
    let added = unit
        .len()
        .checked_sub(start)?
        .checked_sub(length)?
        .checked_sub(1)?;
    let kept: Vec<usize> = if added == 0 {
        (0..unit.len()).collect()
    } else {
        unescaped(unit)
    };
    if kept.len() != start + length + 1 || unit.last() != Some(&STOP) {
        return None;
    }
    let plain: Vec<u8> = kept.iter().filter_map(|at| unit.get(*at).copied()).collect();
    let flags = *plain.get(start + 16)?;
    let escaped = match scheme {
        Scheme::Onvif => flags & ONVIF_ESCAPED != 0,
        Scheme::Axis => flags & AXIS_ESCAPED != 0,
    };
    let first = start + 17;
    let content = plain.get(first..start + length)?.to_vec();
    let (hashed, ends) = if escaped {
        let ends = kept.get(first..start + length)?.iter().map(|at| at + 1).collect();
        (unit.to_vec(), ends)
    } else {
        (plain, (first + 1..=start + length).collect())
    };
    Some(Payload {
        scheme,
        hashed,
        ends,
        content,
    })
}

/// The positions of all bytes but those that prevent a start code (ITU-T H.264 §7.4.1).
fn unescaped(unit: &[u8]) -> Vec<usize> {
    let mut kept = Vec::with_capacity(unit.len());
    let mut zeros = 0;
    for (at, byte) in unit.iter().enumerate() {
        if zeros >= 2 && *byte == 3 {
            zeros = 0;
            continue;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        kept.push(at);
    }
    kept
}

/// Tags with their values, in order.
pub(super) struct Tags<'a> {
    content: &'a [u8],
    at: usize,
    /// Bytes of the length behind this tag.
    width: fn(u8) -> usize,
}

/// One tag.
pub(super) struct Tag<'a> {
    pub(super) tag: u8,
    /// Where it begins in the content.
    pub(super) at: usize,
    pub(super) value: &'a [u8],
}

impl<'a> Tags<'a> {
    pub(super) fn of(payload: &'a Payload, width: fn(u8) -> usize) -> Self {
        Self {
            content: &payload.content,
            at: 0,
            width,
        }
    }

    /// The next tag; `Some(None)` when what is left is none.
    pub(super) fn take(&mut self) -> Option<Option<Tag<'a>>> {
        let rest = self.content.get(self.at..)?;
        if rest.is_empty() {
            return None;
        }
        Some(self.read(rest))
    }

    fn read(&mut self, rest: &'a [u8]) -> Option<Tag<'a>> {
        let (tag, behind) = rest.split_first()?;
        let (length, behind) = behind.split_at_checked((self.width)(*tag))?;
        let length = length
            .iter()
            .fold(0, |length, byte| (length << 8) | usize::from(*byte));
        let value = behind.get(..length)?;
        let at = self.at;
        self.at += rest.len() - behind.len() + length;
        Some(Tag { tag: *tag, at, value })
    }
}
