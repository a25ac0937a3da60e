//! The headers of NAL units: ITU-T H.264 §7.3.1 and H.265 §7.3.1.2.

use super::Codec;

/// What a unit is to whoever signs pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A slice of a picture that others begin at.
    Key,
    /// A slice of any other picture.
    Picture,
    /// A slice of a kind that no scheme of signatures covers, though it may be shown.
    Uncovered,
    /// Supplemental information, in front of a picture or behind it.
    Sei,
    ParameterSet,
    /// Between two pictures.
    Delimiter,
    Other,
}

impl Kind {
    /// Whether it is part of a picture.
    pub const fn is_slice(self) -> bool {
        matches!(self, Self::Key | Self::Picture | Self::Uncovered)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    pub kind: Kind,
    /// The first slice of its picture.
    pub first: bool,
    /// Length of the header in bytes.
    pub length: usize,
}

/// Reads the header of a unit; `None` when it is cut short.
///
/// The bit that is forbidden to be set is not looked at: a unit that has it set is what it was, and changed.
pub(super) fn header(codec: Codec, unit: &[u8]) -> Option<Header> {
    let first_byte = *unit.first()?;
    let (kind, length) = match codec {
        Codec::H264 => (h264(first_byte & 0x1f), 1),
        Codec::H265 => (h265((first_byte >> 1) & 0x3f), 2),
    };
    if unit.len() < length {
        return None;
    }
    // `first_mb_in_slice` is 0 as an Exp-Golomb code, a single set bit; `first_slice_segment_in_pic_flag` is one bit.
    let first = kind.is_slice() && unit.get(length).is_some_and(|byte| byte & 0x80 != 0);
    Some(Header { kind, first, length })
}

const fn h264(unit_type: u8) -> Kind {
    match unit_type {
        1 => Kind::Picture,
        5 => Kind::Key,
        2..=4 | 19..=21 => Kind::Uncovered,
        6 => Kind::Sei,
        7 | 8 | 13 | 15 => Kind::ParameterSet,
        9 => Kind::Delimiter,
        _ => Kind::Other,
    }
}

const fn h265(unit_type: u8) -> Kind {
    match unit_type {
        0 | 1 => Kind::Picture,
        16..=21 => Kind::Key,
        2..=9 => Kind::Uncovered,
        39 | 40 => Kind::Sei,
        32..=34 => Kind::ParameterSet,
        35 => Kind::Delimiter,
        _ => Kind::Other,
    }
}

/// Which codec a unit speaks of, where its first bytes mean nothing in the other: parameter sets, or the SEI of a
/// signature.
pub(super) fn codec(unit: &[u8]) -> Option<Codec> {
    match *unit {
        [0x40 | 0x42 | 0x44, 0x01, ..] | [0x4e, 0x01, 0x05, ..] => Some(Codec::H265),
        [first, ..] if first & 0x80 == 0 && first & 0x60 != 0 && matches!(first & 0x1f, 7 | 8) => {
            Some(Codec::H264)
        }
        [0x06, 0x05, ..] => Some(Codec::H264),
        _ => None,
    }
}

/// A unit ends with its stop bit; zeros behind it belong to the stream, or were added by a program that exports.
pub(super) fn without_trailing_zeros(unit: &[u8]) -> &[u8] {
    let end = unit
        .iter()
        .rposition(|byte| *byte != 0)
        .map_or(0, |last| last + 1);
    unit.get(..end).unwrap_or_default()
}
