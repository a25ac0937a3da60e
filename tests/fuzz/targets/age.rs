//! What only HQ or the terminal may open: age files.
#![no_main]

use fuzz::good::GOOD;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;

const MAX: usize = 1 << 16;

fuzz_target!(|input: &[u8]| {
    let bytes = raw_or_damaged(&GOOD.sealed, input);
    if let Ok(plain) = trust::seal::open(&GOOD.identity, &bytes, MAX) {
        assert!(plain.len() <= MAX);
        assert_eq!(plain, b"what only one may read");
    }
});
