//! Pictures of zones that `examples/zones` drew, in a print and on grounds that the network was not trained on.

use domain::identity::{CivilDate, DocumentReading, Verdict, read_seen};
use proptest::prelude::*;
use reader::{Luma, decode_image, zones};

/// The pictures and what is printed on them.
const PICTURES: [(&[u8], &str); 5] = [
    (include_bytes!("zones/0.jpg"), include_str!("zones/0.txt")),
    (include_bytes!("zones/1.jpg"), include_str!("zones/1.txt")),
    (include_bytes!("zones/2.jpg"), include_str!("zones/2.txt")),
    (include_bytes!("zones/3.jpg"), include_str!("zones/3.txt")),
    (include_bytes!("zones/4.jpg"), include_str!("zones/4.txt")),
];

fn read(picture: &Luma) -> Vec<DocumentReading> {
    let today = CivilDate::new(2026, 11, 21).unwrap();
    let found = zones(picture);
    let texts = found.iter().filter_map(reader::Zone::read);
    texts
        .map(|seen| read_seen(seen.raw.reveal(), seen.text.reveal(), seen.sight, today).unwrap())
        .collect()
}

#[test]
fn the_zone_of_every_picture_is_read_as_it_is_printed() {
    for (file, printed) in PICTURES {
        let readings = read(&decode_image(file).unwrap());
        let texts: Vec<&str> = readings.iter().map(DocumentReading::text).collect();
        assert_eq!(texts, [printed.trim_end()]);
    }
}

#[test]
fn frames_of_one_zone_are_read_together_and_more_surely() {
    let (file, printed) = PICTURES[1];
    let mut zone = zones(&decode_image(file).unwrap()).remove(0);
    let again = zone.clone();
    zone.add(again).unwrap();
    assert_eq!(zone.frames(), 2);
    assert_eq!(zone.read().unwrap().text.reveal(), printed.trim_end());
    let (other, _) = PICTURES[0];
    assert!(zone.add(zones(&decode_image(other).unwrap()).remove(0)).is_err());
}

#[test]
fn noise_and_plain_ground_hold_no_zone() {
    let mut state = 7_u32;
    let mut noise = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let noisy = Luma::new(900, 500, (0..450_000).map(|_| noise()).collect()).unwrap();
    assert_eq!(zones(&noisy).len(), 0);
    let plain = Luma::new(900, 500, vec![180; 450_000]).unwrap();
    assert_eq!(zones(&plain).len(), 0);
    let striped = Luma::new(
        900,
        500,
        (0..450_000)
            .map(|at| if at % 16 < 8 { 20 } else { 230 })
            .collect(),
    );
    assert_eq!(zones(&striped.unwrap()).len(), 0);
}

#[test]
fn a_picture_of_a_barcode_alone_holds_no_zone() {
    let picture = crate::drawn(&crate::content(), 12.0, 4.0);
    assert_eq!(zones(&picture).len(), 0);
}

#[test]
fn odd_and_huge_shapes_hold_no_zone() {
    for (width, height) in [(1, 1), (1, 2_000), (8_192, 1), (301, 2), (8_192, 2_048)] {
        let pixels = vec![128; width as usize * height as usize];
        assert_eq!(zones(&Luma::new(width, height, pixels).unwrap()).len(), 0);
    }
}

#[test]
fn a_zone_of_which_half_is_missing_is_never_proven() {
    let (file, _) = PICTURES[1];
    let whole = decode_image(file).unwrap();
    let width = whole.width() as usize;
    let kept = |(at, pixel): (usize, &u8)| if at % width < width / 2 { *pixel } else { 128 };
    let pixels = whole.pixels().iter().enumerate().map(kept).collect();
    let half = Luma::new(whole.width(), whole.height(), pixels).unwrap();
    assert!(
        read(&half)
            .iter()
            .all(|reading| reading.verdicts.read != Verdict::Proven)
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn random_pixels_hold_no_zone_and_never_panic(
        width in 300..420_u32, height in 1..90_u32, seed in proptest::collection::vec(any::<u8>(), 997)
    ) {
        let pixels = (0..(width * height) as usize).map(|at| seed[at * at % seed.len()]).collect();
        prop_assert_eq!(zones(&Luma::new(width, height, pixels).unwrap()).len(), 0);
    }
}
