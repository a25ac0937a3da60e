//! A picture in which a machine-readable zone is sought, and French zones that a camera saw wrongly.
#![no_main]

use domain::identity::{CivilDate, DocumentReading, Sight, read_seen};
use libfuzzer_sys::fuzz_target;
use reader::{Luma, zones};

const GOOD: &[&str] = &[
    "D1FRA13AA000026181231MARTIN<<9",
    "CRFRAAB123CD0VFSIV2009ASIV200929801059VP<<<<\nCI<<MARQUES<<<<<<<MODELE<<<<<<<2009AS0528402",
];
/// Wide enough for a line, and no higher than it must be, for speed.
const WIDTH: u32 = 320;

fuzz_target!(|input: &[u8]| {
    let height = u32::try_from(input.len()).unwrap_or(u32::MAX) / WIDTH;
    if height > 0 {
        let pixels = input[..(WIDTH * height) as usize].to_vec();
        let picture = Luma::new(WIDTH, height, pixels).expect("one byte for each pixel");
        for zone in zones(&picture) {
            let _ = zone.read();
        }
    }
    let today = CivilDate::new(2026, 11, 21).expect("a date");
    for good in GOOD {
        let bytes = fuzz::raw_or_damaged(good.as_bytes(), input);
        let raw = String::from_utf8_lossy(&bytes);
        for (raw, text) in [(raw.as_ref(), *good), (*good, raw.as_ref()), (raw.as_ref(), raw.as_ref())] {
            if let Ok(reading) = read_seen(raw, text, Sight::Clear, today) {
                let again: DocumentReading =
                    domain::decode(&domain::encode(&reading)).expect("a reading that is stored reads back");
                assert_eq!(again, reading);
            }
        }
    }
});
