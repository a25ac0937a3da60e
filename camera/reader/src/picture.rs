//! A picture as its brightness, which is all that a barcode is made of.
//!
//! Whatever a file claims, neither side of a picture exceeds [`MAX_SIDE`].

use std::io::Cursor;

use image::{ImageFormat, ImageReader, Limits, guess_format};

use crate::ReadError;

/// The largest file that is decoded, in bytes.
pub const MAX_BYTES: usize = 32 << 20;
/// The longest side that is decoded, in pixels: more than the camera of any terminal.
pub const MAX_SIDE: u32 = 8_192;
/// What decoding may allocate, in bytes: the largest picture with three colours of a byte each. Its brightness comes on
/// top of it, a third again.
const MAX_ALLOCATION: u64 = 3 * (MAX_SIDE as u64) * (MAX_SIDE as u64);

/// One byte of brightness a pixel, row by row from the top, 0 is black.
#[derive(Clone, PartialEq, Eq)]
pub struct Luma {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Luma {
    /// Both sides are from 1 to [`MAX_SIDE`], and there is exactly one byte for each pixel.
    pub fn new(width: u32, height: u32, pixels: Vec<u8>) -> Result<Self, ReadError> {
        let sides = 1..=MAX_SIDE;
        let area = u64::from(width) * u64::from(height);
        if sides.contains(&width) && sides.contains(&height) && pixels.len() as u64 == area {
            Ok(Self {
                width,
                height,
                pixels,
            })
        } else {
            Err(ReadError::Shape {
                width,
                height,
                pixels: pixels.len(),
            })
        }
    }

    pub const fn width(&self) -> u32 {
        self.width
    }

    pub const fn height(&self) -> u32 {
        self.height
    }

    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

/// Decodes a PNG or JPEG file; its colours become brightness, its transparency is ignored.
pub fn decode_image(bytes: &[u8]) -> Result<Luma, ReadError> {
    // Other packages may compile more decoders in; outside bytes reach these two alone.
    let Ok(format @ (ImageFormat::Png | ImageFormat::Jpeg)) = guess_format(bytes) else {
        return Err(ReadError::NotAPicture);
    };
    if bytes.len() > MAX_BYTES {
        return Err(ReadError::TooManyBytes);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(MAX_SIDE);
    limits.max_image_height = Some(MAX_SIDE);
    limits.max_alloc = Some(MAX_ALLOCATION);
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format);
    decoder.limits(limits);
    let grey = decoder.decode().map_err(ReadError::Picture)?.into_luma8();
    Luma::new(grey.width(), grey.height(), grey.into_raw())
}
