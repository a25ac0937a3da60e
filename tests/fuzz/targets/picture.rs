//! A photograph that an act keeps, and a picture in which codes are sought.
#![no_main]

use domain::UnixMs;
use domain::photo::{MAX_PHOTO, MediaType, Photo};
use libfuzzer_sys::fuzz_target;
use reader::{Luma, barcodes, decode_image};

/// The longest side in which codes are sought here, for speed.
const SIDE: u32 = 64;

fuzz_target!(|input: &[u8]| {
    let given = String::from_utf8_lossy(input);
    if let Ok(photo) = Photo::of(&given, input, UnixMs(0)) {
        assert_eq!(MediaType::of(input), Some(photo.media));
        assert!(photo.bytes == input.len() as u64 && input.len() <= MAX_PHOTO);
        let (stem, extension) = photo.name.rsplit_once('.').expect("a name has an extension");
        assert!(matches!(extension, "jpg" | "png"));
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(
            (1..=40).contains(&stem.len()) && stem.bytes().all(plain),
            "`{stem}`"
        );
    }
    if let Ok(picture) = decode_image(input) {
        let area = u64::from(picture.width()) * u64::from(picture.height());
        assert_eq!(picture.pixels().len() as u64, area);
    }
    // The width, then brightness.
    let Some((width, pixels)) = input.split_first() else {
        return;
    };
    let width = 1 + u32::from(*width) % SIDE;
    let height = (u32::try_from(pixels.len()).unwrap_or(u32::MAX) / width).min(SIDE);
    let pixels = pixels[..(width * height) as usize].to_vec();
    if let Ok(picture) = Luma::new(width, height, pixels) {
        let found = barcodes(&picture).unwrap_or_default();
        assert!(found.len() <= 64, "{} codes in a stamp", found.len());
    }
});
