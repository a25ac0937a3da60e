//! The zone of the old French identity card: the alphabet is right, what it says is not.
#![no_main]

use domain::identity::{CivilDate, read_mrz};
use libfuzzer_sys::fuzz_target;

const ALPHABET: &[u8; 37] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<";

fuzz_target!(|input: &[u8]| {
    let today = CivilDate::new(2026, 11, 21).expect("a date");
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(*byte) % ALPHABET.len()]);
    let mut zone: String = "IDFRA".chars().chain(input.iter().map(letter)).collect();
    zone.truncate(72);
    let text = format!("{zone:<<72}");
    let reading = read_mrz(&text, today).expect("every zone of this shape reads");
    assert_eq!(reading.raw.reveal().replace('\n', ""), text);
});
