//! The photographs of an act, reproduced in a reduced copy, with what the officer drew over it; the files as taken
//! travel beside it.

use std::io::Cursor;

use domain::Digest;
use domain::photo::{Mark, Marks, MediaType, Photo, Spot};
use domain::record::Record;
use image::codecs::jpeg::JpegEncoder;
use image::error::{LimitError, LimitErrorKind};
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader};
use typst::foundations::{Array, Bytes, Dict, IntoValue, array, dict};

use crate::typed::typed;
use crate::{DocumentError, Enclosures, road};

/// Longest side of a copy, in pixels: 300 dots an inch at the width of the page's text.
const LONGEST: u32 = 1600;
const QUALITY: u8 = 82;
/// The largest picture that is unpacked, in bytes.
const MAX_UNPACKED: u64 = 512 * 1024 * 1024;

/// One entry for each photograph of the record, in its order.
pub(crate) fn plates(
    record: &Record,
    photos: &[Photo],
    enclosures: &Enclosures<'_>,
) -> Result<Vec<Dict>, DocumentError> {
    (1_usize..)
        .zip(photos)
        .map(|(number, photo)| {
            let bytes = taken(photo, enclosures).ok_or(DocumentError::OtherPhoto { photo: number })?;
            let Reduced { jpeg, ratio } =
                reduced(bytes, photo.media).map_err(|source| DocumentError::BrokenPhoto {
                    photo: number,
                    source,
                })?;
            Ok(dict! {
                "name" => typed(&photo.name)?,
                "alt" => photo.name.as_str(),
                "taken" => road::moment(record, photo.taken_at),
                "sha256" => typed(&photo.sha256.to_string())?,
                "shows" => photo.shows.map(i64::from),
                "copy" => Bytes::new(jpeg),
                "ratio" => ratio,
                "marks" => marks(&photo.marks),
            })
        })
        .collect()
}

/// The bytes that the record names by their digest, and no others.
fn taken<'a>(photo: &Photo, enclosures: &Enclosures<'a>) -> Option<&'a [u8]> {
    let mut given = enclosures.photos.iter();
    let found = given.find(|(name, bytes)| *name == photo.name && Digest::of(bytes) == photo.sha256);
    found.map(|(_, bytes)| bytes.as_slice())
}

fn marks(marks: &Marks) -> Array {
    let drawn = marks.numbered().map(|(number, mark)| match mark {
        Mark::Stroke(stroke) => dict! {
            "kind" => "stroke",
            "spots" => stroke.iter().copied().map(|at| spot(at).into_value()).collect::<Array>(),
        },
        Mark::Ring { centre, radius } => dict! {
            "kind" => "ring",
            "at" => spot(*centre),
            "radius" => i64::from(*radius),
        },
        Mark::Point(at) => dict! {
            "kind" => "point",
            "at" => spot(*at),
            "number" => number,
        },
    });
    drawn.map(IntoValue::into_value).collect()
}

fn spot(spot: Spot) -> Array {
    array![i64::from(spot.x()), i64::from(spot.y())]
}

/// What is printed of a photograph.
struct Reduced {
    jpeg: Vec<u8>,
    /// Width over height.
    ratio: f64,
}

/// Upright, without what the camera wrote about itself.
fn reduced(bytes: &[u8], media: MediaType) -> Result<Reduced, ImageError> {
    // Other packages may compile more decoders in; outside bytes reach these two alone.
    let format = match media {
        MediaType::Jpeg => ImageFormat::Jpeg,
        MediaType::Png => ImageFormat::Png,
    };
    let mut decoder = ImageReader::with_format(Cursor::new(bytes), format).into_decoder()?;
    if decoder.total_bytes() > MAX_UNPACKED {
        let limit = LimitError::from_kind(LimitErrorKind::InsufficientMemory);
        return Err(ImageError::Limits(limit));
    }
    let orientation = decoder.orientation()?;
    let mut picture = DynamicImage::from_decoder(decoder)?;
    if picture.width().max(picture.height()) > LONGEST {
        picture = picture.thumbnail(LONGEST, LONGEST);
    }
    picture.apply_orientation(orientation);
    let ratio = f64::from(picture.width()) / f64::from(picture.height());
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, QUALITY).encode_image(&picture.into_rgb8())?;
    Ok(Reduced { jpeg, ratio })
}
