//! A signed film in every form of file: walked, and never believed with other pictures than were signed.
#![no_main]

use evidence::report::{Outcome, verify_file};
use evidence::video::read;
use fuzz::good::GOOD;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let Some((form, input)) = input.split_first() else {
        return;
    };
    let good = &GOOD.films[usize::from(*form) % GOOD.films.len()];
    let bytes = raw_or_damaged(good, input);
    let slices = slices(&bytes);
    let report = verify_file(&bytes, &[], std::slice::from_ref(&GOOD.maker));
    assert!(
        report.outcome() != Outcome::Ok || slices == self::slices(good),
        "changed pictures are believed"
    );
});

/// The slices of a file; none when it does not read.
fn slices(file: &[u8]) -> Vec<Vec<u8>> {
    let mut slices = Vec::new();
    let mut last = 0;
    let read = read(&file, &mut |unit| {
        assert!(unit.frame >= last && unit.bytes.last() != Some(&0));
        last = unit.frame;
        if unit.header.kind.is_slice() {
            slices.push(unit.bytes.to_vec());
        }
    });
    if read.is_ok() { slices } else { Vec::new() }
}
