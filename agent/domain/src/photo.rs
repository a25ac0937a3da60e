//! A photograph that an act keeps: its content by digest, so that the file can travel beside the record.

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::time::UnixMs;

/// Largest photograph that is taken in, in bytes.
pub const MAX_PHOTO: usize = 32 * 1024 * 1024;

/// Why a file is not taken in as a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAPhoto {
    TooLarge {
        limit: usize,
    },
    /// Neither JPEG nor PNG, whatever its name says.
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
}

impl Photo {
    pub fn of(name: &str, bytes: &[u8], taken_at: UnixMs) -> Result<Self, NotAPhoto> {
        if bytes.len() > MAX_PHOTO {
            return Err(NotAPhoto::TooLarge { limit: MAX_PHOTO });
        }
        Ok(Self {
            name: name.to_owned(),
            sha256: Digest::of(bytes),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            media: MediaType::of(bytes).ok_or(NotAPhoto::NotAnImage)?,
            taken_at,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_photo_is_known_by_its_bytes_and_not_by_its_name() {
        let at = UnixMs(0);
        let photo = Photo::of("plaque.png", &[0xff, 0xd8, 0xff, 0xe0], at).unwrap();
        assert_eq!((photo.media, photo.bytes), (MediaType::Jpeg, 4));
        assert_eq!(Photo::of("plaque.jpg", b"MZ", at), Err(NotAPhoto::NotAnImage));
        let huge = vec![0xff; MAX_PHOTO + 1];
        let limit = MAX_PHOTO;
        assert_eq!(
            Photo::of("plaque.jpg", &huge, at),
            Err(NotAPhoto::TooLarge { limit })
        );
    }
}
