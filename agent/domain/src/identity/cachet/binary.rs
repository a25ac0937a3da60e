//! The binary pieces that VDS and IDB share: C40 text, dates in three bytes, tagged values.

use super::CivilDate;

/// Bytes that are taken from the front.
pub(super) struct Bytes<'a> {
    all: &'a [u8],
    at: usize,
}

impl<'a> Bytes<'a> {
    pub(super) const fn new(all: &'a [u8]) -> Self {
        Self { all, at: 0 }
    }

    pub(super) const fn position(&self) -> usize {
        self.at
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.all.get(self.at..).unwrap_or_default()
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let taken = self.rest().get(..length)?;
        self.at += length;
        Some(taken)
    }

    pub(super) fn byte(&mut self) -> Option<u8> {
        self.take(1).map(|taken| taken[0])
    }

    /// A tag of one byte, a DER length of at most three bytes, a value; nothing is taken when it is not whole.
    pub(super) fn tagged(&mut self) -> Option<(u8, &'a [u8])> {
        let start = self.at;
        let found = self.try_tagged();
        if found.is_none() {
            self.at = start;
        }
        found
    }

    fn try_tagged(&mut self) -> Option<(u8, &'a [u8])> {
        let tag = self.byte()?;
        let first = self.byte()?;
        let length = match first {
            0..=0x7f => usize::from(first),
            0x81 => usize::from(self.byte()?),
            0x82 => self
                .take(2)
                .map(|two| usize::from(two[0]) << 8 | usize::from(two[1]))?,
            _ => return None,
        };
        Some((tag, self.take(length)?))
    }
}

/// C40 in pairs of bytes (ISO/IEC 16022); `0xFE` and a character plus one stand for a last character alone.
pub(super) fn c40(bytes: &[u8]) -> Option<String> {
    let mut text = String::new();
    let pairs = bytes.chunks_exact(2);
    if !pairs.remainder().is_empty() {
        return None;
    }
    for pair in pairs {
        if pair[0] == 0xfe {
            let last = pair[1].checked_sub(1).filter(u8::is_ascii)?;
            text.push(char::from(last));
            continue;
        }
        let packed = u16::from_be_bytes([pair[0], pair[1]]).checked_sub(1)?;
        for value in [packed / 1600, packed % 1600 / 40, packed % 40] {
            match u8::try_from(value).ok()? {
                // A shift with nothing behind pads the last pair.
                0 => {}
                3 => text.push(' '),
                digit @ 4..=13 => text.push(char::from(digit + b'0' - 4)),
                letter @ 14..=39 => text.push(char::from(letter + b'A' - 14)),
                _ => return None,
            }
        }
    }
    Some(text)
}

/// The number MMDDYYYY in three bytes.
pub(super) fn date(bytes: &[u8]) -> Option<CivilDate> {
    let &[a, b, c] = bytes else { return None };
    let number = u32::from_be_bytes([0, a, b, c]);
    let part = |value: u32| i16::try_from(value).ok();
    let small = |value: u32| i8::try_from(value).ok();
    CivilDate::new(
        part(number % 10_000)?,
        small(number / 1_000_000)?,
        small(number / 10_000 % 100)?,
    )
    .ok()
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    data_encoding::HEXLOWER.encode(bytes)
}
