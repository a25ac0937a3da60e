//! The chain of messages that a camera signs over its recording.
#![no_main]

use domain::ClipId;
use evidence::chain::{Verifier, join, split};
use fuzz::good::GOOD;
use fuzz::raw_or_damaged;
use libfuzzer_sys::fuzz_target;
use trust::cert::Certificate;

fuzz_target!(|input: &[u8]| {
    let bytes = raw_or_damaged(GOOD.file("camera.cose"), input);
    let Ok(messages) = split(&bytes) else { return };
    assert_eq!(join(&messages), bytes);
    let pem = std::str::from_utf8(GOOD.file("camera.pem")).expect("PEM is text");
    let camera = Certificate::parse_pem(pem).expect("the camera's certificate reads");
    let Ok(mut verifier) = Verifier::open(messages.init, &camera, ClipId::from_bytes([4; 16])) else {
        return;
    };
    let segments = messages.segments.iter().zip(GOOD.video.chunks(128));
    for (message, plain) in segments {
        let whole = u64::try_from(plain.len()).expect("a segment is short");
        if verifier
            .segment(message, domain::Digest::of(plain), whole)
            .is_err()
        {
            return;
        }
    }
});
