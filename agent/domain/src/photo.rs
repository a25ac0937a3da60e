//! A photograph that an act keeps: its content by digest, so that the file can travel beside the record.

mod marks;

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::time::UnixMs;

pub use marks::{EDGE, MAX_MARKS, MAX_SPOTS, MIN_RADIUS, Mark, Marks, NotMarks, Spot};

/// Largest photograph that is taken in, in bytes.
pub const MAX_PHOTO: usize = 32 * 1024 * 1024;

/// Most pixels of one: twice what any terminal's camera makes, and what whoever opens it can hold in memory.
pub const MAX_PIXELS: u64 = 200_000_000;

/// Longest name without its extension, in bytes.
const MAX_STEM: usize = 40;

/// A picture as a camera or a file gave it, before anybody looked into it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct Picture(#[cbor(n(0), with = "minicbor::bytes")] pub Vec<u8>);

impl std::fmt::Debug for Picture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Picture {{ {} bytes }}", self.0.len())
    }
}

/// Why a file is not taken in as a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAPhoto {
    TooLarge {
        limit: usize,
    },
    /// Neither a whole JPEG nor a whole PNG, whatever its name says, or one that unfolds to more than [`MAX_PIXELS`].
    NotAnImage,
}

/// RFC 2046 image types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum MediaType {
    #[n(0)]
    Jpeg,
    #[n(1)]
    Png,
}

impl MediaType {
    /// From the first bytes of the file, never from its name.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else {
            None
        }
    }

    const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    pub const fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// One photograph.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Photo {
    /// The name of the file that travels with the act.
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub sha256: Digest,
    /// Length in bytes.
    #[n(2)]
    pub bytes: u64,
    #[n(3)]
    pub media: MediaType,
    #[n(4)]
    pub taken_at: UnixMs,
    /// The object of the act's inventory that it shows: its place in the list, from 1.
    #[n(5)]
    pub shows: Option<u16>,
    /// What the officer drew over it; the file knows nothing of them.
    #[cbor(n(6), default, skip_if = "Marks::is_empty")]
    pub marks: Marks,
}

impl Photo {
    /// Looks at the structure of the file and decodes nothing, so that no file costs more than its length. The name is
    /// what is plain in `given`, with the extension of what the file really is.
    pub fn of(given: &str, bytes: &[u8], taken_at: UnixMs) -> Result<Self, NotAPhoto> {
        if bytes.len() > MAX_PHOTO {
            return Err(NotAPhoto::TooLarge { limit: MAX_PHOTO });
        }
        let media = MediaType::of(bytes).ok_or(NotAPhoto::NotAnImage)?;
        let size = match media {
            MediaType::Jpeg => jpeg_size(bytes),
            MediaType::Png => png_size(bytes),
        };
        size.map(|(width, height)| u64::from(width) * u64::from(height))
            .filter(|pixels| (1..=MAX_PIXELS).contains(pixels))
            .ok_or(NotAPhoto::NotAnImage)?;
        Ok(Self {
            name: format!("{}.{}", stem(given, "photo"), media.extension()),
            sha256: Digest::of(bytes),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            media,
            taken_at,
            shows: None,
            marks: Marks::default(),
        })
    }

    /// The same photograph under a name that is not `taken`.
    pub(crate) fn named_apart(self, taken: impl Fn(&str) -> bool) -> Self {
        Self {
            name: named_apart(&self.name, taken),
            ..self
        }
    }
}

/// `name`, or the first that is numbered after it and not `taken`.
pub(crate) fn named_apart(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    (2u32..)
        .map(|n| format!("{stem}-{n}.{extension}"))
        .find(|name| !taken(name))
        .filter(|_| taken(name))
        .unwrap_or_else(|| name.to_owned())
}

/// What of a file's name may stand in the name of an attachment; `otherwise` where nothing may.
pub(crate) fn stem(given: &str, otherwise: &str) -> String {
    let stem = given.rsplit_once('.').map_or(given, |(stem, _)| stem);
    let plain: String = stem
        .chars()
        .map(|c| c.to_ascii_lowercase())
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .take(MAX_STEM)
        .collect();
    let plain = plain.trim_matches('-');
    if plain.is_empty() {
        otherwise.to_owned()
    } else {
        plain.to_owned()
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u32> {
    let pair = bytes.get(at..at.checked_add(2)?)?;
    Some(u32::from(pair[0]) << 8 | u32::from(pair[1]))
}

/// Width and height of a JPEG (ITU-T T.81 annex B) that has a frame, a scan and an end; what follows the end is not
/// looked at.
fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    const FRAMES: std::ops::RangeInclusive<u8> = 0xc0..=0xcf;
    const NOT_FRAMES: [u8; 3] = [0xc4, 0xc8, 0xcc];
    const SCAN: u8 = 0xda;
    let (mut at, mut size) = (2, None);
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        // A marker may be preceded by any number of fill bytes.
        if marker == 0xff {
            at += 1;
            continue;
        }
        at += 2;
        match marker {
            0x01 | 0xd0..=0xd7 => continue,
            0x00 | 0xd8 | 0xd9 => return None,
            _ => {}
        }
        let length = usize::try_from(u16_at(bytes, at)?).ok()?;
        bytes.get(at..at + length).filter(|segment| segment.len() >= 2)?;
        if FRAMES.contains(&marker) && !NOT_FRAMES.contains(&marker) {
            size = Some((u16_at(bytes, at + 5)?, u16_at(bytes, at + 3)?));
        }
        at += length;
        if marker == SCAN {
            break;
        }
    }
    let ends = bytes[at..].windows(2).rev().any(|pair| pair == [0xff, 0xd9]);
    size.filter(|_| ends)
}

/// Width and height of a PNG (ISO/IEC 15948) whose chunks lead from header over pixels to the end; what follows the end
/// is not looked at.
fn png_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let u32_at = |at: usize| Some(u16_at(bytes, at)? << 16 | u16_at(bytes, at + 2)?);
    if bytes.get(8..16)? != b"\0\0\0\x0dIHDR" {
        return None;
    }
    let size = (u32_at(16)?, u32_at(20)?);
    let (mut at, mut pixels) = (8, false);
    loop {
        let length = usize::try_from(u32_at(at)?).ok()?;
        let kind = bytes.get(at + 4..at + 8)?;
        // Length, kind and checksum stand around the content.
        let end = at.checked_add(12)?.checked_add(length)?;
        bytes.get(at..end)?;
        match kind {
            b"IDAT" => pixels = true,
            b"IEND" => return Some(size).filter(|_| pixels),
            _ => {}
        }
        at = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: UnixMs = UnixMs(0);

    fn segment(marker: u8, content: &[u8]) -> Vec<u8> {
        let length = u16::try_from(content.len() + 2).unwrap().to_be_bytes();
        [&[0xff, marker], length.as_slice(), content].concat()
    }

    fn jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut frame = vec![8];
        frame.extend(height.to_be_bytes());
        frame.extend(width.to_be_bytes());
        frame.extend([1, 1, 0x11, 0]);
        let exif = [b"Exif\0\0".as_slice(), &[0xff, 0xd9, 0xff]].concat();
        let parts = [
            vec![0xff, 0xd8],
            segment(0xe1, &exif),
            vec![0xff, 0xff],
            segment(0xc0, &frame)[1..].to_vec(),
            segment(0xda, &[1, 1, 0, 0, 63, 0]),
            vec![1, 2, 3, 0xff, 0, 4],
            vec![0xff, 0xd9],
        ];
        parts.concat()
    }

    fn png(width: u32, height: u32) -> Vec<u8> {
        let chunk = |kind: &[u8], content: &[u8]| {
            let length = u32::try_from(content.len()).unwrap().to_be_bytes();
            [length.as_slice(), kind, content, &[0; 4]].concat()
        };
        let header = [
            &width.to_be_bytes(),
            &height.to_be_bytes(),
            [8, 2, 0, 0].as_slice(),
            &[0],
        ]
        .concat();
        [
            b"\x89PNG\r\n\x1a\n".to_vec(),
            chunk(b"IHDR", &header),
            chunk(b"IDAT", &[1; 40]),
            chunk(b"IEND", b""),
        ]
        .concat()
    }

    #[test]
    fn a_photo_is_known_by_its_bytes_and_not_by_its_name() {
        let photo = Photo::of("Plaque n° 1.png", &jpeg(4000, 3000), AT).unwrap();
        assert_eq!(
            (photo.media, photo.name.as_str()),
            (MediaType::Jpeg, "plaque-n--1.jpg")
        );
        assert_eq!(Photo::of("../É.jpg", &png(1, 1), AT).unwrap().name, "photo.png");
        assert_eq!(Photo::of("plaque.jpg", b"MZ", AT), Err(NotAPhoto::NotAnImage));
        let huge = vec![0xff; MAX_PHOTO + 1];
        let limit = MAX_PHOTO;
        assert_eq!(
            Photo::of("plaque.jpg", &huge, AT),
            Err(NotAPhoto::TooLarge { limit })
        );
    }

    #[test]
    fn an_image_that_is_cut_short_anywhere_is_none() {
        for whole in [jpeg(40, 30), png(40, 30)] {
            assert!(Photo::of("x", &whole, AT).is_ok());
            for length in 0..whole.len() {
                let cut = Photo::of("x", &whole[..length], AT);
                assert_eq!(cut, Err(NotAPhoto::NotAnImage), "{length} of {}", whole.len());
            }
            // A telephone may write its own notes after the end.
            assert!(Photo::of("x", &[whole.as_slice(), b"notes"].concat(), AT).is_ok());
        }
    }

    #[test]
    fn an_image_that_would_unfold_without_measure_is_none() {
        for (width, height) in [(u16::MAX, u16::MAX), (0, 1), (1, 0)] {
            let (as_jpeg, as_png) = (jpeg(width, height), png(width.into(), height.into()));
            for bytes in [as_jpeg, as_png, png(u32::MAX, u32::MAX)] {
                assert_eq!(Photo::of("x", &bytes, AT), Err(NotAPhoto::NotAnImage));
            }
        }
        assert!(Photo::of("x", &jpeg(16_000, 12_000), AT).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn whatever_bytes_come_nothing_panics(start in 0..2usize, noise in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            let start = [jpeg(9, 9)[..20].to_vec(), png(9, 9)[..40].to_vec()][start].clone();
            let _ = Photo::of("x", &[start, noise.clone()].concat(), AT);
            let _ = Photo::of("x", &noise, AT);
        }
    }
}
