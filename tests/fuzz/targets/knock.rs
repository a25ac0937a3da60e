//! What strangers say at the bootstrap listener, once it is opened, and the certification request inside.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::wire::v1::{Knock, KnockAnswer, Renewal};
use trust::cert::SigningRequest;

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Knock>(input);
    fuzz::read::<KnockAnswer>(input);
    fuzz::read::<Renewal>(input);
    let _ = SigningRequest::from_der(input);
});
