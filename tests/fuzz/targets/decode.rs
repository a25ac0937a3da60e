//! Coded pictures of any bytes, and of a real recording that was damaged: no more than a picture that is not there.
#![no_main]

use evidence::video::Index;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;
use reader::Film;

const PATROL: &[u8] = include_bytes!("../../../simulator/clips/patrol.mp4");
/// Pictures that are damaged, from the first on.
const PICTURES: u32 = 4;

fuzz_target!(|input: &[u8]| {
    let index = Index::of(&PATROL).expect("the recording reads");
    let Ok(mut film) = Film::new(index.sets(), 320) else {
        return;
    };
    for frame in 0..PICTURES {
        let read = index.units(&PATROL, frame, &mut |unit| {
            film.unit(&raw_or_damaged(unit.bytes, input));
        });
        read.expect("its pictures read");
        if let Ok(Some(picture)) = film.picture() {
            assert!(picture.width() <= 320 && picture.height() <= 320);
        }
    }
});
