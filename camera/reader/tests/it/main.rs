//! Symbols drawn by other encoders and read back, and bytes that are no picture.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod zones;

use std::io::Cursor;

use datamatrix::{DataMatrix, SymbolList};
use image::{GrayImage, ImageFormat};
use proptest::prelude::*;
use reader::{Barcode, Luma, MAX_SIDE, ReadError, Symbology, barcodes, decode_image};

/// A header, two fields with their separators and a raw signature, as a 2D-Doc of version 01 mixes them.
fn content() -> Vec<u8> {
    let mut content = b"DC01XX000001FFFF26F60810BERTHIER\x1d11CORINNE\x1e\x1f".to_vec();
    content.extend((0..64_u8).map(|n| n.wrapping_mul(37) ^ 0xa5));
    content
}

/// Draws `content` as a DataMatrix of `module` pixels a side, turned by `degrees` on a light ground.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a drawing is a few hundred pixels wide"
)]
fn drawn(content: &[u8], module: f32, degrees: f32) -> Luma {
    let code = DataMatrix::encode(content, SymbolList::default()).unwrap();
    let code = code.bitmap();
    let (columns, rows) = (code.width() as i64, code.height() as i64);
    let side = (code.width().max(code.height()) as f32 * module * 1.8) as u32;
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = side as f32 / 2.0;
    let is_dark = |x: u32, y: u32| {
        let (dx, dy) = (x as f32 - middle, y as f32 - middle);
        let column = ((dx * cos + dy * sin) / module + columns as f32 / 2.0).floor() as i64;
        let row = ((dy * cos - dx * sin) / module + rows as f32 / 2.0).floor() as i64;
        let inside = (0..columns).contains(&column) && (0..rows).contains(&row);
        inside && code.bits()[usize::try_from(row * columns + column).unwrap()]
    };
    let shade = |x, y| if is_dark(x, y) { 40 } else { 210 };
    let pixels = (0..side).flat_map(|y| (0..side).map(move |x| (x, y)));
    Luma::new(side, side, pixels.map(|(x, y)| shade(x, y)).collect()).unwrap()
}

fn file(picture: &Luma, format: ImageFormat) -> Vec<u8> {
    let grey = GrayImage::from_raw(picture.width(), picture.height(), picture.pixels().to_vec()).unwrap();
    let mut bytes = Cursor::new(Vec::new());
    grey.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn data_matrix(bytes: Vec<u8>) -> Vec<Barcode> {
    vec![Barcode {
        symbology: Symbology::DataMatrix,
        bytes,
    }]
}

#[test]
fn separators_and_raw_bytes_of_a_data_matrix_survive() {
    assert_eq!(
        barcodes(&drawn(&content(), 6.0, 0.0)).unwrap(),
        data_matrix(content())
    );
}

#[test]
fn every_byte_value_survives() {
    let content: Vec<u8> = (0..=255).collect();
    let found = barcodes(&drawn(&content, 5.0, 0.0)).unwrap();
    assert_eq!(found.first().unwrap().bytes, content);
}

#[test]
fn a_turned_symbol_is_read_from_a_png_and_from_a_jpeg() {
    for degrees in [18.0, 90.0, 173.0] {
        let picture = drawn(&content(), 6.0, degrees);
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let read = decode_image(&file(&picture, format)).unwrap();
            assert_eq!(
                barcodes(&read).unwrap(),
                data_matrix(content()),
                "{degrees} {format:?}"
            );
        }
    }
}

#[test]
fn the_three_other_symbols_are_read_as_bytes() {
    let table = [
        (zxingcpp::BarcodeFormat::QRCode, Symbology::QrCode),
        (zxingcpp::BarcodeFormat::PDF417, Symbology::Pdf417),
        (zxingcpp::BarcodeFormat::Aztec, Symbology::Aztec),
    ];
    for (format, symbology) in table {
        let drawn = zxingcpp::create(format).from_slice(content()).unwrap();
        let drawn = drawn
            .to_image_with(&zxingcpp::write().scale(4).add_quiet_zones(true))
            .unwrap();
        let side = |pixels: i32| u32::try_from(pixels).unwrap();
        let picture = Luma::new(side(drawn.width()), side(drawn.height()), drawn.data()).unwrap();
        let expected = [Barcode {
            symbology,
            bytes: content(),
        }];
        assert_eq!(barcodes(&picture).unwrap(), expected);
    }
}

#[test]
fn two_symbols_on_one_picture_are_both_read() {
    let (one, two) = (drawn(b"one", 8.0, 0.0), drawn(b"two", 8.0, 0.0));
    let pixels = [one.pixels(), two.pixels()].concat();
    let both = Luma::new(one.width(), one.height() + two.height(), pixels).unwrap();
    let mut found: Vec<Vec<u8>> = barcodes(&both)
        .unwrap()
        .into_iter()
        .map(|one| one.bytes)
        .collect();
    found.sort();
    assert_eq!(found, [b"one".to_vec(), b"two".to_vec()]);
}

#[test]
fn a_picture_without_a_symbol_is_an_empty_list() {
    let grey = Luma::new(320, 200, vec![128; 64_000]).unwrap();
    assert_eq!(barcodes(&grey).unwrap(), []);
    assert_eq!(barcodes(&Luma::new(1, 1, vec![0]).unwrap()).unwrap(), []);
}

#[test]
fn a_shape_that_its_pixels_do_not_fill_is_refused() {
    for (width, height, pixels) in [(2, 2, 3), (0, 0, 0), (0, 4, 0), (MAX_SIDE + 1, 1, 8_193)] {
        let refused = Luma::new(width, height, vec![0; pixels]);
        assert!(
            matches!(refused, Err(ReadError::Shape { .. })),
            "{width} × {height}"
        );
    }
}

#[test]
fn other_formats_and_damaged_or_huge_pictures_are_told_apart() {
    let gif = b"GIF89a\x01\x00\x01\x00\x00\x00\x00;";
    for bytes in [&gif[..], b"", b"IDFRABERTHIER"] {
        assert!(matches!(decode_image(bytes), Err(ReadError::NotAPicture)));
    }
    let picture = file(&drawn(b"x", 4.0, 0.0), ImageFormat::Png);
    let cut = decode_image(&picture[..picture.len() / 2]);
    assert!(matches!(cut, Err(ReadError::Picture(_))));
    let wide = file_of_width(MAX_SIDE + 1);
    assert!(matches!(decode_image(&wide), Err(ReadError::Picture(_))));
}

#[test]
fn a_small_file_that_claims_a_huge_picture_is_refused_before_it_is_decoded() {
    let (colour, alpha) = (2, 6);
    for (width, height, depth, kind) in [
        (u32::MAX >> 1, u32::MAX >> 1, 8, colour),
        (MAX_SIDE + 1, 1, 8, colour),
        // Both sides are allowed, and their pixels would take half a gigabyte.
        (MAX_SIDE, MAX_SIDE, 16, colour),
        (MAX_SIDE, MAX_SIDE, 16, alpha),
        (MAX_SIDE, MAX_SIDE, 8, alpha),
    ] {
        let bytes = claiming(width, height, depth, kind);
        let refused = decode_image(&bytes);
        let Err(ReadError::Picture(image::ImageError::Limits(_))) = refused else {
            panic!("{width} × {height}: {:?}", refused.err());
        };
    }
}

/// A PNG whose header claims what no data follow.
fn claiming(width: u32, height: u32, depth: u8, colour: u8) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([depth, colour, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\x0d".to_vec();
    bytes.extend(&header);
    bytes.extend(crc(&header).to_be_bytes());
    let mut data = b"IDAT".to_vec();
    data.extend([0x78, 0x9c]);
    bytes.extend(2_u32.to_be_bytes());
    bytes.extend(&data);
    bytes.extend(crc(&data).to_be_bytes());
    bytes
}

/// CRC-32 of a chunk (PNG, annex D).
fn crc(bytes: &[u8]) -> u32 {
    let bit = |crc: u32, _| {
        if crc & 1 == 1 {
            0xedb8_8320 ^ (crc >> 1)
        } else {
            crc >> 1
        }
    };
    !bytes
        .iter()
        .fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), bit))
}

#[test]
fn a_jpeg_that_ends_early_is_refused_or_read_as_far_as_it_goes() {
    let whole = file(&drawn(&content(), 6.0, 0.0), ImageFormat::Jpeg);
    for end in [3, 20, 200, whole.len() / 2, whole.len() - 2] {
        match decode_image(&whole[..end]) {
            Ok(picture) => assert_eq!(picture.pixels().len() as u64, area(&picture)),
            Err(error) => assert!(matches!(error, ReadError::Picture(_)), "{end}: {error}"),
        }
    }
    assert!(decode_image(&whole[..20]).is_err());
}

fn area(picture: &Luma) -> u64 {
    u64::from(picture.width()) * u64::from(picture.height())
}

/// A PNG of one row.
fn file_of_width(width: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let row = GrayImage::new(width, 1);
    row.write_to(&mut bytes, ImageFormat::Png).unwrap();
    bytes.into_inner()
}

#[test]
fn the_content_of_a_barcode_stays_out_of_debug_output() {
    let shown = format!("{:?}", data_matrix(b"BERTHIER".to_vec()));
    assert_eq!(shown, "[data_matrix(8 bytes)]");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_pixels_never_panic(
        width in 1..90_u32, height in 1..90_u32, seed in proptest::collection::vec(any::<u8>(), 8100)
    ) {
        let pixels = seed[..(width * height) as usize].to_vec();
        let _ = barcodes(&Luma::new(width, height, pixels).unwrap());
    }

    #[test]
    fn random_bytes_after_a_true_beginning_never_panic(
        is_png in any::<bool>(), tail in proptest::collection::vec(any::<u8>(), 0..400)
    ) {
        let mut bytes = if is_png { b"\x89PNG\r\n\x1a\n".to_vec() } else { b"\xff\xd8\xff\xe0".to_vec() };
        bytes.extend(tail);
        let _ = decode_image(&bytes);
    }

    #[test]
    fn a_picture_with_a_spoilt_byte_is_read_or_refused(at in any::<prop::sample::Index>(), by in 1..=255_u8) {
        for format in [ImageFormat::Png, ImageFormat::Jpeg] {
            let mut bytes = file(&drawn(b"spoilt", 4.0, 0.0), format);
            let at = at.index(bytes.len());
            bytes[at] ^= by;
            if let Ok(picture) = decode_image(&bytes) {
                let _ = barcodes(&picture);
            }
        }
    }
}
