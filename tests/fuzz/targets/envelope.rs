//! What a terminal sends: the envelope, and the bundle sealed inside.
#![no_main]

use domain::envelope::{Bundle, Envelope};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Envelope>(input);
    fuzz::read::<Bundle>(input);
});
