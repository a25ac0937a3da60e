//! Files as programs write them, cut files, and random bytes.

use proptest::prelude::*;

use super::*;

const PATROL: &[u8] = include_bytes!("../../../../simulator/clips/patrol.mp4");

/// Header byte and picture of every unit.
fn units(file: &[u8]) -> Result<(Video, Vec<(u8, u32)>), Refusal> {
    let mut found = Vec::new();
    let video = read(&file, &mut |unit| found.push((unit.bytes[0], unit.frame)))?;
    Ok((video, found))
}

#[test]
fn the_default_recording_has_the_pictures_that_its_maker_counts() {
    let (video, units) = units(PATROL).unwrap();
    assert_eq!((video.codec, video.tracks), (Codec::H264, 1));
    let first: Vec<u32> = units
        .iter()
        .filter(|(byte, _)| matches!(byte & 0x1f, 1 | 5))
        .map(|(_, frame)| *frame)
        .collect();
    let mut distinct = first.clone();
    distinct.dedup();
    assert_eq!(distinct, (0..video.frames).collect::<Vec<_>>());
    assert!(video.times.is_sorted() && video.times.len() == distinct.len());
}

#[test]
fn no_cut_of_a_file_is_read_as_if_it_were_whole() {
    for length in (0..PATROL.len()).step_by(1009) {
        assert!(units(&PATROL[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn a_stream_is_cut_at_start_codes_of_both_lengths_and_its_pictures_counted() {
    let stream = [
        0, 0, 0, 1, 0x67, 1, 0x80, 0, 0, 0, 1, 0x68, 2, 0, 0, 1, 0x65, 0x88, 9, 0x80, 0, 0, 1, 0x65, 0x40, 9,
        0, 0, 0, 0, 1, 0x09, 0x10, 0, 0, 1, 0x41, 0x9a, 3, 0, 0, 1, 0x41, 0x9a, 4,
    ];
    let (video, found) = units(&stream).unwrap();
    assert_eq!(
        (video.codec, video.container, video.frames),
        (Codec::H264, Container::Stream, 3)
    );
    assert_eq!(
        found,
        [
            (0x67, 0),
            (0x68, 0),
            (0x65, 0),
            (0x65, 0),
            (0x09, 1),
            (0x41, 1),
            (0x41, 2)
        ]
    );
    let other = [
        0, 0, 1, 0x40, 1, 9, 0, 0, 1, 0x42, 1, 9, 0, 0, 1, 0x26, 1, 0x80, 0, 0, 1, 0x02, 1, 0x80,
    ];
    let (video, _) = units(&other).unwrap();
    assert_eq!((video.codec, video.frames), (Codec::H265, 2));
    assert_eq!(units(&[0, 0, 1, 0x41, 0x9a]).unwrap_err(), Refusal::NoVideo);
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(start in 0..3_usize, bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let start = [b"\0\0\0\x08ftyp".as_slice(), b"\0\0\x01\x67", b"\0\0\0\x01\x40\x01"][start];
        let _ = units(&[start, &bytes].concat());
    }

    #[test]
    fn no_damage_to_a_file_makes_the_reader_panic(edits in prop::collection::vec((0..PATROL.len(), any::<u8>()), 1..40)) {
        let mut file = PATROL.to_vec();
        let index = PATROL.windows(4).position(|four| four == b"moov").unwrap();
        for (at, byte) in edits {
            // Most of a file is pictures; the index is what a reader can stumble on.
            let at = if at % 2 == 0 { index + at % (PATROL.len() - index).min(4000) } else { at };
            file[at] ^= byte;
        }
        let _ = units(&file);
    }
}
