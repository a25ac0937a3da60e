//! The walker over small files, cut files, hostile files and random bytes.

use proptest::prelude::*;

use super::*;

fn one(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = u32::try_from(content.len() + 8).unwrap();
    [&size.to_be_bytes(), kind.as_slice(), content].concat()
}

fn long(kind: &[u8; 4], content: &[u8]) -> Vec<u8> {
    let size = content.len() as u64 + 16;
    [&[0, 0, 0, 1], kind.as_slice(), &size.to_be_bytes(), content].concat()
}

fn sample() -> Vec<u8> {
    let tables = one(b"stbl", &one(b"stco", &[0; 12]));
    let track = one(b"trak", &one(b"mdia", &one(b"minf", &tables)));
    let index = one(b"moov", &[one(b"mvhd", &[0; 20]), track].concat());
    [
        one(b"ftyp", b"isom\0\0\0\0"),
        index,
        one(b"free", b""),
        long(b"mdat", &[7; 300]),
    ]
    .concat()
}

#[test]
fn a_small_file_is_whole_and_its_boxes_are_counted() {
    let file = sample();
    assert_eq!(
        walk(&file),
        Ok(Mp4 {
            bytes: file.len() as u64,
            boxes: 10,
            tracks: 1
        })
    );
}

#[test]
fn no_cut_of_a_file_passes_for_whole() {
    let file = sample();
    for length in 0..file.len() {
        assert!(walk(&file[..length]).is_err(), "{length} bytes");
    }
    assert_eq!(walk(&file[..file.len() - 1]), Err(Refusal::Truncated));
}

#[test]
fn the_default_recording_is_whole_and_cut_anywhere_it_is_not() {
    let file = include_bytes!("../../../../simulator/clips/patrol.mp4");
    assert_eq!(walk(file).map(|mp4| mp4.tracks), Ok(2));
    for length in (0..file.len()).step_by(997) {
        assert!(walk(&file[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn each_kind_of_wrong_file_has_its_own_refusal() {
    let start = one(b"ftyp", b"isom\0\0\0\0");
    let after = |rest: &[u8]| walk(&[start.as_slice(), rest].concat());
    assert_eq!(walk(b""), Err(Refusal::NotMp4));
    assert_eq!(walk(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"), Err(Refusal::NotMp4));
    assert_eq!(walk(&one(b"moov", b"")), Err(Refusal::NotMp4));
    assert_eq!(after(&one(b"\0\0\0\0", b"")), Err(Refusal::NotMp4));
    assert_eq!(after(&[0, 0, 0, 7, b'f', b'r', b'e', b'e']), Err(Refusal::NotMp4));
    assert_eq!(
        after(&[0, 0, 0, 0, b'm', b'd', b'a', b't']),
        Err(Refusal::Endless)
    );
    assert_eq!(after(&one(b"mdat", b"")), Err(Refusal::NoIndex));
    assert_eq!(after(&one(b"moov", &one(b"trak", b""))), Err(Refusal::NoMedia));
    assert_eq!(
        after(&one(b"moov", &[0, 0, 1, 0, b'f', b'r', b'e', b'e'])),
        Err(Refusal::Overrun)
    );
    assert_eq!(after(&one(b"moov", &[0; 7])), Err(Refusal::Overrun));
    let endless = [&[0, 0, 0, 1], b"mdat".as_slice(), &[0xff; 8]].concat();
    assert_eq!(after(&endless), Err(Refusal::Overrun));
}

#[test]
fn nesting_and_number_of_boxes_are_bounded() {
    let start = one(b"ftyp", b"isom\0\0\0\0");
    let mut nested = Vec::new();
    for _ in 0..=MAX_DEPTH {
        nested = one(b"moov", &nested);
    }
    assert_eq!(walk(&[start.clone(), nested].concat()), Err(Refusal::TooDeep));
    let many = one(b"moov", &one(b"free", b"").repeat(MAX_INNER as usize + 1));
    assert_eq!(walk(&[start, many].concat()), Err(Refusal::TooManyBoxes));
}

proptest! {
    #[test]
    fn random_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        prop_assert!(walk(&bytes).is_err());
    }

    #[test]
    fn random_bytes_behind_a_good_start_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
        let _ = walk(&[sample(), bytes].concat());
    }

    #[test]
    fn the_pieces_in_which_a_file_arrives_change_nothing(cuts in prop::collection::vec(1_usize..40, 1..60)) {
        let file = sample();
        let (mut walker, mut rest) = (Walker::default(), file.as_slice());
        for cut in cuts.iter().cycle() {
            let (piece, behind) = rest.split_at((*cut).min(rest.len()));
            walker.push(piece).unwrap();
            walker = domain::decode(&domain::encode(&walker)).unwrap();
            rest = behind;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert_eq!(walker.finish(), walk(&file));
    }

    #[test]
    fn a_walk_that_is_read_back_from_damaged_bytes_never_panics(
        at: u64, next: u64, header in prop::collection::vec(any::<u8>(), 0..40),
        around in prop::collection::vec(any::<u64>(), 0..20), bytes in prop::collection::vec(any::<u8>(), 0..200)
    ) {
        let mut walker = Walker { at, next, header, around, ..Walker::default() };
        let _ = walker.push(&bytes);
        let _ = walker.finish();
    }
}
