//! From the coded pictures of a recording to pictures for the eyes.
//!
//! Nothing is made up: what does not decode whole gives no picture, where players show the one before it.

use domain::viewfinder::Frame;
use image::RgbImage;
use image::imageops::thumbnail;
use openh264::OpenH264API;
use openh264::decoder::{DecodedYUV, Decoder, DecoderConfig, Flush};
use openh264::formats::YUVSource as _;
use thiserror::Error;

/// The longest side that is decoded, in pixels: H.264 level 5.2.
const MAX_SIDE: usize = 4_096;
const START_CODE: [u8; 4] = [0, 0, 0, 1];

/// Why there is no picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotDecoded {
    #[error("the decoder does not start")]
    NoDecoder,
    #[error("the coded picture is damaged, or coded in a way that the decoder does not know")]
    Damaged,
    #[error("a side of the picture is longer than {MAX_SIDE} pixels")]
    TooLarge,
}

/// Decodes H.264 (ITU-T H.264, annex B units without start codes), one picture after the other from a key picture on.
pub struct Film {
    decoder: Decoder,
    packet: Vec<u8>,
    /// The longest side of what comes out, in pixels.
    side: u32,
}

impl Film {
    /// `sets` are the parameter sets that stand outside the pictures.
    pub fn new(sets: &[Vec<u8>], side: u32) -> Result<Self, NotDecoded> {
        // Flushed after each picture, coders that show later ones first fail.
        let config = DecoderConfig::new().flush_after_decode(Flush::NoFlush);
        let decoder = Decoder::with_api_config(OpenH264API::from_source(), config);
        let mut film = Self {
            decoder: decoder.map_err(|_| NotDecoded::NoDecoder)?,
            packet: Vec::new(),
            side,
        };
        for set in sets {
            film.unit(set);
        }
        Ok(film)
    }

    /// Adds a unit of the picture that is decoded next.
    pub fn unit(&mut self, unit: &[u8]) {
        self.packet.extend_from_slice(&START_CODE);
        self.packet.extend_from_slice(unit);
    }

    /// Decodes the units that were added. `None` where the coder shows a later picture first.
    pub fn picture(&mut self) -> Result<Option<Frame>, NotDecoded> {
        let packet = std::mem::take(&mut self.packet);
        let decoded = self.decoder.decode(&packet).map_err(|_| NotDecoded::Damaged)?;
        decoded.map(|decoded| drawn(&decoded, self.side)).transpose()
    }

    /// The last picture, where no unit comes any more and the coder kept it back.
    pub fn last(&mut self) -> Option<Frame> {
        let rest = self.decoder.flush_remaining().ok()?;
        drawn(rest.last()?, self.side).ok()
    }
}

fn drawn(decoded: &DecodedYUV<'_>, side: u32) -> Result<Frame, NotDecoded> {
    let (width, height) = decoded.dimensions();
    if width > MAX_SIDE || height > MAX_SIDE {
        return Err(NotDecoded::TooLarge);
    }
    let mut rgb = vec![0; width * height * 3];
    decoded.write_rgb8(&mut rgb);
    small(width, height, rgb, side)
}

fn small(width: usize, height: usize, rgb: Vec<u8>, side: u32) -> Result<Frame, NotDecoded> {
    let length = |side: usize| u32::try_from(side).map_err(|_| NotDecoded::TooLarge);
    let (width, height) = (length(width)?, length(height)?);
    let longest = width.max(height);
    if longest <= side {
        return Frame::new(width, height, rgb).ok_or(NotDecoded::Damaged);
    }
    let scaled = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / u64::from(longest);
        u32::try_from(scaled.max(1)).unwrap_or(side)
    };
    let whole = RgbImage::from_raw(width, height, rgb).ok_or(NotDecoded::Damaged)?;
    let small = thumbnail(&whole, scaled(width), scaled(height));
    Frame::new(small.width(), small.height(), small.into_raw()).ok_or(NotDecoded::Damaged)
}

#[cfg(test)]
mod tests {
    use evidence::video::{Bytes as _, Index, Kind};

    use super::*;

    const PATROL: &[u8] = include_bytes!("../../../simulator/clips/patrol.mp4");

    fn film(index: &Index) -> Film {
        Film::new(index.sets(), 320).unwrap()
    }

    #[test]
    fn a_recording_gives_its_pictures_small_and_in_their_order() {
        let index = Index::of(&PATROL).unwrap();
        let mut film = film(&index);
        let mut pictures = Vec::new();
        for frame in 0..index.frames() {
            index
                .units(&PATROL, frame, &mut |unit| film.unit(unit.bytes))
                .unwrap();
            pictures.extend(film.picture().unwrap());
        }
        pictures.extend(film.last());
        assert!(PATROL.length() > 0 && pictures.len() >= 80, "{}", pictures.len());
        let first = pictures.first().unwrap();
        assert_eq!((first.width(), first.height()), (320, 180));
        assert_ne!(first, pictures.last().unwrap(), "something moves in it");
    }

    #[test]
    fn a_picture_without_the_one_that_it_follows_is_not_made_up() {
        let index = Index::of(&PATROL).unwrap();
        let follows = |frame: &u32| {
            let mut key = false;
            index
                .units(&PATROL, *frame, &mut |unit| key |= unit.header.kind == Kind::Key)
                .unwrap();
            !key
        };
        let frame = (1..index.frames()).find(follows).unwrap();
        let mut film = film(&index);
        index
            .units(&PATROL, frame, &mut |unit| film.unit(unit.bytes))
            .unwrap();
        assert!(!matches!(film.picture(), Ok(Some(_))));
    }

    #[test]
    fn what_is_no_picture_gives_none() {
        let mut film = Film::new(&[], 320).unwrap();
        for junk in [&[][..], &[0x65], &[0xff; 300], b"not a unit"] {
            film.unit(junk);
            assert!(!matches!(film.picture(), Ok(Some(_))));
        }
    }
}
