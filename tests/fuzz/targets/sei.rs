//! The messages of both schemes of signed video, with any content.
#![no_main]

use evidence::signed_video::check;
use libfuzzer_sys::fuzz_target;

const IDENTIFIERS: [[u8; 16]; 2] = [
    [
        0x00, 0x5b, 0xc9, 0x3f, 0x2d, 0x71, 0x5e, 0x95, 0xad, 0xa4, 0x79, 0x6f, 0x90, 0x87, 0x7a, 0x6f,
    ],
    *b"Signed Video...0",
];

fuzz_target!(|input: &[u8]| {
    let Some((how, content)) = input.split_first() else {
        return;
    };
    let mut file = vec![0, 0, 1, 0x67, 0x42, 0x80, 0, 0, 1, 0x65, 0x88, 7, 0x80, 0, 0, 1];
    file.extend(message(IDENTIFIERS[usize::from(how % 2)], content));
    file.extend([0, 0, 1, 0x41, 0x9a, 7, 0x80]);
    if let Ok(found) = check(&file.as_slice()) {
        assert!(found.held == 0 && found.video.frames <= 3);
    }
});

/// An SEI of H.264 with this content, in which no start code can be seen.
fn message(identifier: [u8; 16], content: &[u8]) -> Vec<u8> {
    let mut unit = vec![0x06, 0x05];
    let mut left = content.len() + 16;
    while left >= 255 {
        unit.push(255);
        left -= 255;
    }
    unit.push(u8::try_from(left).expect("it is below 255"));
    let mut zeros = 0;
    for byte in identifier.iter().chain(content).chain(&[0x80]) {
        if zeros >= 2 && *byte <= 3 {
            unit.push(3);
            zeros = 0;
        }
        zeros = if *byte == 0 { zeros + 1 } else { 0 };
        unit.push(*byte);
    }
    unit
}
