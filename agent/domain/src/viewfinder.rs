//! The terminal's own camera before a picture is taken: what it shows, and why it shows nothing.
//!
//! For the driver of a camera and for the screen. One look through it ends with a picture, a fault, or nobody looking.

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::photo::Picture;

/// One picture of a live camera, in memory alone: 8 bits each of red, green and blue, row by row from the top left.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    width: u32,
    height: u32,
    rgb: Vec<u8>,
}

impl Frame {
    /// None where `rgb` is not three bytes for each of `width` × `height` pixels, or where there is no pixel.
    pub fn new(width: u32, height: u32, rgb: Vec<u8>) -> Option<Self> {
        let pixels = usize::try_from(u64::from(width) * u64::from(height)).ok()?;
        let whole = pixels > 0 && Some(rgb.len()) == pixels.checked_mul(3);
        whole.then_some(Self { width, height, rgb })
    }

    pub const fn width(&self) -> u32 {
        self.width
    }

    pub const fn height(&self) -> u32 {
        self.height
    }

    pub fn rgb(&self) -> &[u8] {
        &self.rgb
    }

    pub fn into_rgb(self) -> Vec<u8> {
        self.rgb
    }

    /// Mean luma of pixels spread over the picture, from 0, black, to 255 (ITU-R BT.601).
    pub fn brightness(&self) -> u8 {
        const LOOKED_AT: usize = 4096;
        let pixels = self.rgb.as_chunks::<3>().0;
        let looked_at = pixels.iter().step_by(pixels.len().div_ceil(LOOKED_AT));
        let (sum, count) = looked_at.fold((0u64, 0u64), |(sum, count), &[red, green, blue]| {
            let luma = 299 * u64::from(red) + 587 * u64::from(green) + 114 * u64::from(blue);
            (sum + luma / 1000, count + 1)
        });
        u8::try_from(sum / count.max(1)).unwrap_or(u8::MAX)
    }
}

/// `[width, height, rgb]`.
impl<C> Encode<C> for Frame {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.array(3)?.u32(self.width)?.u32(self.height)?.bytes(&self.rgb)?;
        Ok(())
    }
}

impl<'b, C> Decode<'b, C> for Frame {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        if d.array()? != Some(3) {
            return Err(DecodeError::message("a frame has three parts"));
        }
        let (width, height, rgb) = (d.u32()?, d.u32()?, d.bytes()?);
        Self::new(width, height, rgb.to_vec())
            .ok_or_else(|| DecodeError::message("a frame has three bytes for each pixel"))
    }
}

/// The scene stays out of logs.
impl std::fmt::Debug for Frame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Frame {{ {} × {} }}", self.width, self.height)
    }
}

/// A picture that was taken, before it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shot {
    /// Of the file, as the camera or the folder calls it.
    pub name: String,
    pub picture: Picture,
    /// The picture upright and small, for the eyes.
    pub preview: Frame,
}

/// What whoever looks through a camera is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    Frame(Frame),
    Taken(Shot),
    Failed(Fault),
}

/// The order to take the picture of now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shoot;

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    NoCamera,
    /// Another program looks through it.
    Busy,
    /// This program may not open it.
    Denied,
    /// It was there and went, or shows nothing that can be read.
    Lost,
    /// The folder or file that pictures come from holds none.
    NoPicture,
    /// What was chosen is no image that can be shown.
    Unreadable,
    /// Larger than [`MAX_PHOTO`](crate::photo::MAX_PHOTO).
    TooLarge,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_holds_three_bytes_for_each_pixel() {
        assert!(Frame::new(2, 2, vec![0; 12]).is_some());
        for (width, height, bytes) in [
            (2, 2, 11),
            (2, 2, 13),
            (0, 2, 0),
            (2, 0, 0),
            (u32::MAX, u32::MAX, 0),
        ] {
            assert_eq!(Frame::new(width, height, vec![0; bytes]), None);
        }
    }

    #[test]
    fn brightness_weighs_the_colours_as_eyes_do() {
        let plain = |pixel: [u8; 3]| {
            Frame::new(640, 480, pixel.repeat(640 * 480))
                .unwrap()
                .brightness()
        };
        for (pixel, luma) in [
            ([0, 0, 0], 0),
            ([255, 255, 255], 255),
            ([255, 0, 0], 76),
            ([0, 255, 0], 149),
            ([0, 0, 255], 29),
        ] {
            assert_eq!(plain(pixel), luma, "{pixel:?}");
        }
        assert_eq!(Frame::new(1, 1, vec![9, 9, 9]).unwrap().brightness(), 9);
    }
}
