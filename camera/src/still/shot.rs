//! A picture that was taken, with the small copy that the officer judges it by.

use std::io::Cursor;
use std::path::Path;

use domain::Timestamp;
use domain::photo::{MediaType, Picture};
use domain::viewfinder::{Fault, Frame, Shot};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::thumbnail;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, RgbImage,
};

use super::exposure::frame;
use super::{Still, StillError, exif, take};

/// Longest side of what is shown, in pixels: sharp on a telephone, and light to move.
const LONGEST: u32 = 960;

/// Of the one encoding of a live photograph: beyond this, files grow and plates read no better.
const QUALITY: u8 = 92;

/// The largest picture that is unpacked to be shown, in bytes.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// The live picture `whole` as a JPEG file, encoded once, with what the camera and the clock say of it.
pub(super) fn of_frame(whole: Frame, camera: &str, at: Timestamp) -> Option<Shot> {
    let (width, height) = (whole.width(), whole.height());
    let mut file = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut file, QUALITY);
    encoder
        .set_exif_metadata(exif::of(camera, (width, height), at))
        .ok()?;
    encoder
        .write_image(whole.rgb(), width, height, ExtendedColorType::Rgb8)
        .ok()?;
    let civil = at.utc.civil(at.offset_min);
    Some(Shot {
        name: format!("photo-{}.jpg", civil.strftime("%Y%m%d-%H%M%S")),
        picture: Picture(file),
        preview: reduced(whole)?,
    })
}

/// The image file `path`, or the image written last to the folder `path`, byte for byte.
pub fn of_file(path: &Path) -> Result<Shot, Fault> {
    let Still { name, picture } = take(path).map_err(|error| {
        tracing::warn!(error = &error as &dyn std::error::Error, "no picture taken");
        match error {
            StillError::TooLarge { .. } => Fault::TooLarge,
            StillError::Read { .. } | StillError::NotAFile { .. } | StillError::Empty { .. } => {
                Fault::NoPicture
            }
        }
    })?;
    let preview = upright(&picture.0).ok_or(Fault::Unreadable)?;
    Ok(Shot {
        name,
        picture,
        preview,
    })
}

/// A small copy of an image file, turned as its camera was held.
pub fn upright(bytes: &[u8]) -> Option<Frame> {
    // Other packages may compile more decoders in; outside bytes reach these two alone.
    let format = match MediaType::of(bytes)? {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
    };
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format)
        .into_decoder()
        .ok()?;
    if decoder.total_bytes() > MAX_UNPACKED {
        return None;
    }
    let orientation = decoder.orientation().ok()?;
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if picture.width().max(picture.height()) > LONGEST {
        picture = picture.thumbnail(LONGEST, LONGEST);
    }
    picture.apply_orientation(orientation);
    frame(picture)
}

/// The same picture, at most [`LONGEST`] pixels in both directions.
pub(super) fn reduced(whole: Frame) -> Option<Frame> {
    let (width, height) = (whole.width(), whole.height());
    let longest = width.max(height);
    if longest <= LONGEST {
        return Some(whole);
    }
    let side = |side: u32| {
        u32::try_from(u64::from(side) * u64::from(LONGEST) / u64::from(longest)).map(|side| side.max(1))
    };
    let (across, down) = (side(width).ok()?, side(height).ok()?);
    let picture = RgbImage::from_raw(width, height, whole.into_rgb())?;
    Frame::new(across, down, thumbnail(&picture, across, down).into_raw())
}
