//! The first bytes that a camera hears from a stranger.
#![no_main]

use std::sync::LazyLock;

use camera::Secret32;
use camera::pairing::{Acquaintance, Bond, CameraIdentity, Suite, generate_static, greet};
use libfuzzer_sys::fuzz_target;

static CAMERA: LazyLock<CameraIdentity> = LazyLock::new(|| CameraIdentity {
    certificates: Vec::new(),
    noise: generate_static().0,
    suite: Suite::default(),
});

fuzz_target!(|input: &[u8]| {
    fuzz::read::<Bond>(input);
    let known = domain::decode::<Acquaintance>(input);
    let known: Vec<Acquaintance> = known.into_iter().collect();
    let _ = greet(&CAMERA, &known, input, Secret32::from_bytes([7; 32]));
});
