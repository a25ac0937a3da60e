//! Films whose container lies.

use evidence::report::{Fault, Outcome, Question, Verdict, verify_file};
use evidence::video::{Refusal, read};

use crate::film::container::{Form, write};
use crate::film::onvif::{PLAN, Plan, sign};
use crate::film::{Camera, SCENE, pictures};

fn film(form: Form) -> (Camera, Vec<u8>) {
    let camera = Camera::new();
    let frames = sign(SCENE.codec, &pictures(SCENE), &camera, Plan { end: true, ..PLAN });
    (camera, write(SCENE.codec, &frames, form))
}

fn find(file: &[u8], kind: &[u8; 4]) -> usize {
    file.windows(4).position(|four| four == kind).unwrap()
}

/// Writes a number of four bytes, so many bytes behind the kind of a box.
fn put(file: &mut [u8], kind: &[u8; 4], behind: usize, number: u32) {
    let at = find(file, kind) + 4 + behind;
    file[at..at + 4].copy_from_slice(&number.to_be_bytes());
}

#[track_caller]
fn refused(form: Form, damage: impl Fn(&mut Vec<u8>), expected: Refusal) {
    let (camera, mut file) = film(form);
    damage(&mut file);
    assert_eq!(read(&file.as_slice(), &mut |_| {}).unwrap_err(), expected);
    let report = verify_file(&file, &[], &camera.roots());
    assert_ne!(report.outcome(), Outcome::Ok);
}

#[test]
fn an_index_that_asks_for_too_much_is_refused() {
    // Pictures of the same length, as many as a number can say.
    refused(
        Form::Classic,
        |file| {
            put(file, b"stsz", 4, 9);
            put(file, b"stsz", 8, u32::MAX)
        },
        Refusal::TooLarge,
    );
    // More bytes than there are.
    refused(
        Form::Classic,
        |file| put(file, b"stsz", 4, 1 << 20),
        Refusal::Index,
    );
    refused(
        Form::Classic,
        |file| put(file, b"stsz", 12, u32::MAX),
        Refusal::Index,
    );
    refused(
        Form::Classic,
        |file| put(file, b"stco", 8, 0xffff_0000),
        Refusal::Outside,
    );
    refused(
        Form::Classic,
        |file| put(file, b"stts", 4, u32::MAX),
        Refusal::TooLarge,
    );
    refused(Form::Fast, |file| put(file, b"stsc", 12, 0), Refusal::Index);
    // A run without any field of its own is endless for nothing.
    refused(
        Form::Fragments(4),
        |file| {
            put(file, b"trun", 0, 0);
            put(file, b"trun", 4, u32::MAX)
        },
        Refusal::TooLarge,
    );
    refused(
        Form::Fragments(4),
        |file| put(file, b"trun", 8, 0x8000_0000),
        Refusal::Outside,
    );
    // The pictures lie in another file.
    refused(Form::Classic, |file| put(file, b"url ", 0, 0), Refusal::Elsewhere);
    // A length in front of a unit that goes beyond the picture.
    refused(
        Form::Classic,
        |file| put(file, b"mdat", 0, 0x00ff_ffff),
        Refusal::NotUnits,
    );
}

#[test]
fn two_indexes_would_be_two_films() {
    refused(
        Form::Classic,
        |file| {
            let index = file[find(file, b"moov") - 4..].to_vec();
            file.extend(index);
        },
        Refusal::Ambiguous,
    );
}

#[test]
fn a_second_track_of_pictures_is_told() {
    for codec in [b"avc1", b"mp4v"] {
        let (camera, mut file) = film(Form::Classic);
        let (moov, trak) = (find(&file, b"moov") - 4, find(&file, b"trak") - 4);
        let length = u32::from_be_bytes(file[trak..trak + 4].try_into().unwrap());
        let mut copy = file[trak..trak + usize::try_from(length).unwrap()].to_vec();
        let entry = find(&copy, b"avc1");
        copy[entry..entry + 4].copy_from_slice(codec);
        file.splice(trak..trak, copy);
        let whole = u32::from_be_bytes(file[moov..moov + 4].try_into().unwrap()) + length;
        file[moov..moov + 4].copy_from_slice(&whole.to_be_bytes());
        let report = verify_file(&file, &[], &camera.roots());
        let told = Verdict::Failed(vec![Fault::VideoTracks { tracks: 2 }]);
        assert_eq!(report.verdict(Question::Frames), Some(&told));
        assert_eq!(report.outcome(), Outcome::Incomplete);
    }
}
