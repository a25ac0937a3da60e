//! The acts themselves, and the manifest of a recording.
#![no_main]

use domain::footage::Manifest;
use domain::record::Record;
use evidence::proof::Proof;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Record>(input);
    fuzz::read::<Manifest>(input);
    if let Ok(proof) = Proof::from_bytes(input) {
        assert_eq!(proof.to_bytes(), input);
    }
});
