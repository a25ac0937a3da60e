//! What a camera and a terminal say to each other, frame by frame.
#![no_main]

use camera::FrameReader;
use camera::invitation::Invitation;
use camera::protocol::{FromCamera, FromTerminal};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(message) = FromTerminal::from_bytes(input) {
        assert_eq!(message.to_bytes(), input);
    }
    if let Ok(message) = FromCamera::from_bytes(input) {
        assert_eq!(message.to_bytes(), input);
    }
    let mut reader = FrameReader::new(input);
    let mut read = 0;
    while let Ok(frame) = reader.next_frame() {
        read += frame.len() + 2;
    }
    assert!(read <= input.len());
    if let Ok(text) = std::str::from_utf8(input)
        && let Ok(invitation) = Invitation::parse(text)
    {
        assert_eq!(*invitation.to_text(), text);
    }
});
