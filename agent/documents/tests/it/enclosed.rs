//! What travels beside the acts to print: photographs that a camera could have taken, and one hand that signs.

use std::collections::BTreeMap;
use std::io::Cursor;

use documents::picture;
use domain::hand::{Point, SignedPad, Strokes};
use domain::photo::Photo;
use domain::record::{Act, Record};
use domain::{Digest, Timestamp, encode};
use image::{ImageFormat, Rgb, RgbImage};

/// As long as the text of a code with a certificate in it.
pub(crate) fn footer() -> String {
    "NEO1".to_owned() + &"JBSWY3DPEHPK3PXPABCDEFGHIJKLMNOPQRSTUVWXYZ234567".repeat(26)
}

/// A picture that is different for every name: JPEG, or PNG where the name says so.
pub(crate) fn taken(name: &str) -> Vec<u8> {
    let tint = u8::try_from(name.len() * 7 % 200).unwrap();
    let shade = |x: u32, y: u32| {
        let byte = |value: u32| u8::try_from(value % 256).unwrap();
        Rgb([byte(x / 3), byte(y / 2), tint])
    };
    let format = if name.ends_with(".png") {
        ImageFormat::Png
    } else {
        ImageFormat::Jpeg
    };
    let mut bytes = Cursor::new(Vec::new());
    RgbImage::from_fn(640, 480, shade)
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// Under any name, as a record from elsewhere may have it.
pub(crate) fn photo(name: &str, at: Timestamp) -> Photo {
    Photo {
        name: name.to_owned(),
        ..Photo::of(name, &taken(name), at.utc).unwrap()
    }
}

/// A loop and a flourish, on a pad of 400 × 160 pixels.
pub(crate) fn strokes() -> Strokes {
    let at = |index: u16| {
        let turn = f64::from(index) / 60.0 * std::f64::consts::TAU * 3.0;
        Point {
            x: whole(60.0 + f64::from(index) * 4.0 + 30.0 * turn.cos()),
            y: whole(80.0 + 40.0 * turn.sin()),
            ms: u32::from(index) * 12,
        }
    };
    let flourish = |index: u16| Point {
        x: 40 + index * 16,
        y: 140 - index,
        ms: 800 + u32::from(index) * 9,
    };
    let strokes = vec![(0..60).map(at).collect(), (0..20).map(flourish).collect()];
    Strokes::new(400, 160, strokes).unwrap()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a place on a small pad"
)]
fn whole(place: f64) -> u16 {
    place as u16
}

pub(crate) fn pad() -> SignedPad {
    SignedPad {
        strokes: Digest::of(&encode(&strokes())),
        image: Digest::of(&picture(&strokes())),
        shown: Digest::of(b"what was shown"),
    }
}

pub(crate) fn photos(record: &Record) -> Vec<(String, Vec<u8>)> {
    let photos = match &record.act {
        Act::Pv(pv) => pv.photos.as_slice(),
        Act::Pve(pve) => &pve.photos,
        Act::Afd(afd) => &afd.photos,
        Act::IdentityCheck(_)
        | Act::Plainte(_)
        | Act::Footage(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_)
        | Act::Verification(_) => &[],
    };
    photos
        .iter()
        .map(|photo| (photo.name.clone(), taken(&photo.name)))
        .collect()
}

/// The picture of the signature under the sheet of rights.
pub(crate) fn under_rights(record: &Record) -> Option<Vec<u8>> {
    record.act.rights_sheet()?.outcome.pad()?;
    Some(picture(&strokes()))
}

/// The one picture, for everybody who signed.
pub(crate) fn pictures(record: &Record) -> BTreeMap<u8, Vec<u8>> {
    let signed: Vec<bool> = match &record.act {
        Act::Pv(pv) => pv.signers.iter().map(|one| one.outcome.pad().is_some()).collect(),
        Act::Plainte(plainte) => plainte
            .signers
            .iter()
            .map(|one| one.outcome.pad().is_some())
            .collect(),
        Act::Verification(verification) => verification
            .signers
            .iter()
            .map(|one| one.outcome.pad().is_some())
            .collect(),
        Act::Pve(pve) => vec![matches!(pve.signature, domain::pve::OffenderSignature::Signed(_))],
        Act::Afd(_) => vec![true],
        Act::IdentityCheck(_)
        | Act::Footage(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_) => Vec::new(),
    };
    let drawn = picture(&strokes());
    (0..)
        .zip(signed)
        .filter(|(_, signed)| *signed)
        .map(|(place, _)| (place, drawn.clone()))
        .collect()
}
