//! What is drawn: pages as pictures, photographs, the signature of a finger, and the code at the foot.

use std::collections::BTreeMap;
use std::io::Cursor;

use documents::{Enclosures, pages, picture, render};
use domain::hand::{Point, Strokes};
use domain::natinf::ReferenceSet;
use domain::photo::{Mark, Marks, Photo, Spot};
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use reader::{Symbology, barcodes, decode_image};

use crate::acts::{at, check, of_check, of_pv, pv};
use crate::enclosed::{footer, strokes};
use crate::pdf;
use crate::procedure::{constatations, hearing_of_a_suspect};

fn png(bytes: &[u8]) -> DynamicImage {
    image::load_from_memory_with_format(bytes, ImageFormat::Png).unwrap()
}

#[test]
fn a_page_is_a_picture_of_the_width_that_is_asked_for() {
    let document = pdf::act(&of_pv(hearing_of_a_suspect()));
    let drawn = pages(&document, 400).unwrap();
    assert_eq!(drawn.len(), pdf::pages(&document).len());
    for page in &drawn {
        let page = png(page);
        assert_eq!((page.width(), page.height()), (400, 565));
        assert_eq!(page.color(), image::ColorType::Rgb8);
        assert_eq!(page.get_pixel(2, 2).0, [255; 4], "paper");
        let ink = page.to_luma8().pixels().filter(|pixel| pixel.0[0] < 128).count();
        assert!(ink > 500, "{ink} dark pixels");
    }
}

#[test]
fn the_signature_in_a_pdf_changes_no_page() {
    let document = pdf::act(&of_check(check()));
    let signed = signed(&document);
    pdf::assert_sound(&signed);
    assert!(signed.starts_with(&document) && signed.len() > document.len());
    assert!(pages(&signed, 300).unwrap() == pages(&document, 300).unwrap());
}

/// With one object more, in an incremental update such as a PAdES signature is.
fn signed(document: &[u8]) -> Vec<u8> {
    // The head of a PDF is binary and its end is text.
    let end = document.len() - 1024;
    let end: String = document[end..].iter().copied().map(char::from).collect();
    let after = |mark: &str| &end[end.rfind(mark).unwrap() + mark.len()..];
    let previous = after("startxref").trim_start().lines().next().unwrap();
    let root = after("/Root ").split('R').next().unwrap();
    let object = "\n9999 0 obj\n<< /Type /Sig >>\nendobj\n";
    let (at, table) = (document.len() + 1, document.len() + object.len());
    let table = format!(
        "xref\n9999 1\n{at:010} 00000 n \ntrailer\n<< /Size 10000 /Root {root}R /Prev {previous} >>\nstartxref\n{table}\n%%EOF\n"
    );
    [document, object.as_bytes(), table.as_bytes()].concat()
}

#[test]
fn the_code_at_the_foot_is_read_back_from_the_page() {
    let document = pdf::act(&of_pv(hearing_of_a_suspect()));
    // About 150 dots an inch, as a telephone sees a sheet.
    let drawn = pages(&document, 1240).unwrap();
    let read = barcodes(&decode_image(&drawn[0]).unwrap()).unwrap();
    let code = read
        .iter()
        .find(|code| code.symbology == Symbology::QrCode)
        .unwrap();
    assert_eq!(String::from_utf8(code.bytes.clone()).unwrap(), footer());
    let receipt = pages(
        &pdf::receipt(&crate::acts::of_plainte(crate::acts::plainte())),
        1240,
    )
    .unwrap();
    let read = barcodes(&decode_image(&receipt[0]).unwrap()).unwrap();
    assert_eq!(read[0].bytes, footer().into_bytes());
}

#[test]
fn the_place_of_the_code_stays_empty_and_the_rest_where_it_is() {
    let record = of_pv(pv(&["Constatons."]));
    let without = render(&record, &ReferenceSet::embedded(), &Enclosures::default())
        .unwrap()
        .unwrap();
    let (with, without) = (pdf::act(&record), without);
    assert!(!pdf::text(&without).contains("Vérifier"));
    assert!(pdf::text(&with).contains(
        "Vérifier : l’acte existe et qui l’a signé ; le texte se vérifie sur le PDF ou auprès du service."
    ));
    let (with, without) = (
        png(&pages(&with, 600).unwrap()[0]),
        png(&pages(&without, 600).unwrap()[0]),
    );
    let text = |page: &DynamicImage| page.view(170, 0, 430, page.height()).to_image();
    assert!(text(&with) == text(&without));
}

#[test]
fn a_photograph_is_reduced_upright_and_two_stand_on_a_page() {
    let document = pdf::act(&of_pv(constatations()));
    assert_eq!(pdf::pages(&document).len(), 3);
    assert_eq!(
        pdf::images(&document)
            .iter()
            .filter(|size| **size == (640, 480))
            .count(),
        3
    );

    let large = turned(RgbImage::from_fn(2400, 1200, |x, _| {
        Rgb([u8::try_from(x % 256).unwrap(); 3])
    }));
    let mut act = pv(&["Constatons."]);
    act.photos = vec![Photo::of("debout.jpg", &large, at(0).utc).unwrap()];
    let taken = [("debout.jpg".to_owned(), large)];
    let enclosures = Enclosures {
        photos: &taken,
        ..Enclosures::default()
    };
    let document = render(&of_pv(act), &ReferenceSet::embedded(), &enclosures)
        .unwrap()
        .unwrap();
    assert_eq!(
        pdf::images(&document),
        [(800, 1600)],
        "a quarter turn, by its Exif"
    );
}

#[test]
fn what_the_officer_drew_lies_over_the_photograph_and_is_said_to_be_in_no_file() {
    const SAID: &str = "Annotations de l’agent, absentes du fichier d’origine.";
    const WIDTH: u32 = 1240;
    // Twice as wide as high: narrower than its place is high, over the whole width of the text.
    let grey = RgbImage::from_pixel(800, 400, Rgb([128; 3]));
    let mut file = Cursor::new(Vec::new());
    grey.write_to(&mut file, ImageFormat::Png).unwrap();
    let taken = [("plaque.png".to_owned(), file.into_inner())];
    let enclosures = Enclosures {
        photos: &taken,
        ..Enclosures::default()
    };
    let photo = Photo::of("plaque.png", &taken[0].1, at(0).utc).unwrap();
    let spot = |x, y| Spot::new(x, y).unwrap();
    let drawn = Marks::new(vec![
        Mark::Stroke(vec![spot(100, 100), spot(300, 100)]),
        Mark::Point(spot(500, 500)),
        Mark::Ring {
            centre: spot(800, 500),
            radius: 100,
        },
        Mark::Point(spot(500, 900)),
        Mark::Ring {
            centre: spot(1000, 0),
            radius: 50,
        },
    ])
    .unwrap();
    let document = |marks: Marks| {
        let mut act = pv(&["Constatons."]);
        act.photos = vec![Photo {
            marks,
            ..photo.clone()
        }];
        let pdf = render(&of_pv(act), &ReferenceSet::embedded(), &enclosures);
        pdf.unwrap().unwrap()
    };
    let (plain, marked) = (document(Marks::default()), document(drawn));
    pdf::assert_sound(&marked);
    assert!(pdf::text(&marked).contains(SAID) && !pdf::text(&plain).contains(SAID));
    assert_eq!(pdf::images(&marked), pdf::images(&plain));

    let plate = |pdf: &[u8]| png(pages(pdf, WIDTH).unwrap().last().unwrap()).to_rgb8();
    let (plain, marked) = (plate(&plain), plate(&marked));
    let is_grey = |pixel: &Rgb<u8>| pixel.0.iter().all(|channel| channel.abs_diff(128) < 12);
    // A row of the picture is grey over most of the page; the edges of letters are so in places.
    let mut rows: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (x, y, _) in plain.enumerate_pixels().filter(|(.., pixel)| is_grey(pixel)) {
        rows.entry(y).or_default().push(x);
    }
    rows.retain(|_, greys| greys.len() > 600);
    let (top, bottom) = (*rows.keys().next().unwrap(), *rows.keys().last().unwrap());
    let middle = &rows[&((top + bottom) / 2)];
    let run = middle.iter().skip_while(|x| !middle.contains(&(**x + 20)));
    let (left, right) = (*run.clone().next().unwrap(), *run.last().unwrap());
    assert!(
        (right - left).abs_diff(2 * (bottom - top)) < 6,
        "the picture is whole"
    );
    let at = |x: u32, y: u32| {
        let place = (left + (right - left) * x / 1000, top + (bottom - top) * y / 1000);
        *marked.get_pixel(place.0, place.1)
    };
    let is_yellow = |pixel: Rgb<u8>| pixel.0[0] > 200 && pixel.0[1] > 160 && pixel.0[2] < 90;
    for (x, y) in [
        (200, 100),
        (900, 500),
        (700, 500),
        (800, 300),
        (800, 700),
        (957, 50),
    ] {
        assert!(
            is_yellow(at(x, y)),
            "nothing is drawn at {x}, {y}: {:?}",
            at(x, y)
        );
    }
    for (x, y) in [(800, 500), (200, 500), (400, 100), (950, 300)] {
        assert!(
            is_grey(&at(x, y)),
            "something is drawn at {x}, {y}: {:?}",
            at(x, y)
        );
    }
    // Beside the picture nothing is drawn, whatever goes over its edge.
    let beyond = marked.enumerate_pixels().filter(|(x, y, pixel)| {
        is_yellow(**pixel) && !((left..=right).contains(x) && (top..=bottom).contains(y))
    });
    assert_eq!(beyond.count(), 0);
}

/// The JPEG of a picture that its camera took turned by a quarter (Exif orientation 6).
fn turned(picture: RgbImage) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    let bytes = bytes.into_inner();
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&bytes[..2], &[0xff, 0xe1], &length, exif, &bytes[2..]].concat()
}

#[test]
fn the_picture_of_a_signature_follows_the_finger_and_is_large_enough() {
    let drawn = png(&picture(&strokes())).to_luma8();
    assert_eq!(drawn.dimensions(), (800, 320));
    for point in strokes()
        .strokes()
        .iter()
        .flat_map(|stroke| [stroke[0], stroke[stroke.len() - 1]])
    {
        let (x, y) = (u32::from(point.x) * 2 + 1, u32::from(point.y) * 2 + 1);
        assert!(drawn.get_pixel(x, y).0[0] < 64, "the finger was at {x}, {y}");
    }
    assert_eq!(drawn.get_pixel(799, 0).0, [255]);
    let greys = drawn
        .pixels()
        .filter(|pixel| !matches!(pixel.0[0], 0 | 255))
        .count();
    assert!(greys > 200, "smooth edges");
    assert_eq!(picture(&strokes()), picture(&strokes()));
}

#[test]
fn the_smallest_and_the_oddest_pads_give_pictures_within_bounds() {
    for (width, height, expected) in [
        (200, 80, (400, 160)),
        (1080, 400, (1600, 593)),
        (65_535, 80, (65_535, 80)),
        (65_535, 65_535, (1600, 1600)),
    ] {
        let line = (0..20).map(|step| Point {
            x: step * 10,
            y: 40,
            ms: u32::from(step),
        });
        let strokes = Strokes::new(width, height, vec![line.collect()]).unwrap();
        assert_eq!(png(&picture(&strokes)).dimensions(), expected);
    }
}
