//! The code at the foot of an act, as a scanner gives it.
#![no_main]

use libfuzzer_sys::fuzz_target;

/// Within the validity of everything good.
const NOON: i64 = 1_795_262_400_000;

fuzz_target!(|input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    if let Ok(claimed) = trust::footer::read(text) {
        // Without an anchor, nothing that a stranger prints is proven.
        let proof = claimed.prove(&[], &[], NOON);
        assert_ne!(proof.issuer, trust::Verdict::Ok, "an issuer without an anchor");
    }
});
