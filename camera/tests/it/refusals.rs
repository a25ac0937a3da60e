//! Recordings that are not taken in: nothing of them stays but a trace, and the camera keeps them.

use std::collections::VecDeque;

use camera::driver::{Command, Entry, Event};
use camera::ingest::{Checked, Fault as Refused, IN_FLIGHT, Ingest, Input, Keep, Output, Peer};
use camera::protocol::Custody;
use camera::seal::seal_segment;
use camera::source::Word;
use camera::vault::Cause;
use domain::dialogue::ClipRefusal;
use domain::{Digest, UnixMs};
use evidence::chain::{Broken, Recorder};
use evidence::mp4::Refusal;
use proptest::prelude::*;
use trust::keys::{KeyKind, SigningKey};

use crate::sim::{DEFAULT_SEGMENT, Fault, Faults};
use crate::world::{CLIP, Meeting, NOON, ROOMY, World, clip, on, patrol};

/// Takes a recording that must be refused; gives why, after checking that nothing is left.
fn refusal_of(file: &[u8], fault: Option<Fault>) -> (ClipRefusal, Refused) {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, file));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::new(fault));
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    meeting.say(Command::Take {
        clip: CLIP,
        viewer: None,
    });
    let refused = meeting.until(|event| match event {
        Event::Refused { refusal, fault, .. } => Some((refusal, fault)),
        Event::Finished { .. } => panic!("the recording is taken in"),
        _ => None,
    });
    let refused = refused.unwrap();
    let vault = world.vault(ROOMY);
    assert_eq!(vault.clips().unwrap(), []);
    assert_eq!(vault.used(), 0);
    if let Some(trace) = vault.traces().unwrap().first() {
        assert_eq!(
            (trace.clip, trace.root, trace.cause),
            (CLIP, None, Cause::Refused(refused.0))
        );
    }
    assert_eq!(camera.custody(CLIP), Custody::CameraOnly);
    // The meeting goes on: the camera is heard as before.
    meeting.say(Command::ListClips);
    let listed = meeting.until(|event| match event {
        Event::Clips(clips) => Some(clips.len()),
        _ => None,
    });
    assert_eq!(listed, Some(1));
    refused
}

fn chain(broken: Broken) -> (ClipRefusal, Refused) {
    (ClipRefusal::ChainBroken, Refused::Chain(broken))
}

#[test]
fn a_flipped_bit_is_refused() {
    let refused = refusal_of(patrol(), Some(Fault::FlipBit { segment: 3 }));
    assert_eq!(refused, chain(Broken::Content { index: 3 }));
}

#[test]
fn a_segment_that_is_left_out_is_refused() {
    let refused = refusal_of(patrol(), Some(Fault::Drop { segment: 2 }));
    assert_eq!(
        refused,
        chain(Broken::Gap {
            expected: 2,
            found: 3
        })
    );
}

#[test]
fn segments_in_another_order_are_refused() {
    let refused = refusal_of(patrol(), Some(Fault::Swap { segment: 1 }));
    assert_eq!(
        refused,
        chain(Broken::Gap {
            expected: 1,
            found: 2
        })
    );
}

#[test]
fn a_segment_that_comes_again_is_refused() {
    let refused = refusal_of(patrol(), Some(Fault::Replay { segment: 1 }));
    assert_eq!(refused, chain(Broken::Replayed { found: 1 }));
}

#[test]
fn a_segment_that_somebody_else_signed_is_refused() {
    let refused = refusal_of(patrol(), Some(Fault::ForeignKey { segment: 0 }));
    assert_eq!(refused, chain(Broken::Signature));
}

#[test]
fn a_recording_that_somebody_else_opened_is_refused() {
    let refused = refusal_of(patrol(), Some(Fault::ForeignOpening));
    assert_eq!(
        refused,
        (ClipRefusal::UnknownCamera, Refused::Chain(Broken::ForeignCamera))
    );
}

#[test]
fn a_truncated_video_is_refused_wherever_it_is_cut() {
    let file = patrol();
    for length in [100, 4000, 40_000, file.len() / 2, file.len() - 1] {
        let (refusal, fault) = refusal_of(&file[..length], None);
        assert_eq!(refusal, ClipRefusal::NotVideo, "{length} bytes: {fault}");
    }
}

#[test]
fn what_is_no_video_is_refused_at_its_first_bytes() {
    let refused = refusal_of(&b"%PDF-1.7 not a video at all ".repeat(4000), None);
    assert_eq!(refused, (ClipRefusal::NotVideo, Refused::Video(Refusal::NotMp4)));
}

#[test]
fn a_segment_dropped_at_the_end_is_refused_by_the_closing_message() {
    let last = patrol().len() / DEFAULT_SEGMENT;
    let refused = refusal_of(patrol(), Some(Fault::Drop { segment: last }));
    assert_eq!(refused, chain(Broken::Total));
}

/// The smallest file that passes for a video, in three segments.
fn small() -> Vec<u8> {
    let one = |kind: &[u8; 4], content: &[u8]| {
        let size = u32::try_from(content.len() + 8).unwrap();
        [&size.to_be_bytes(), kind.as_slice(), content].concat()
    };
    let index = one(b"moov", &one(b"trak", &[]));
    [one(b"ftyp", b"isom\0\0\0\0"), index, one(b"mdat", &[5; 120])].concat()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_a_camera_says_a_manifest_is_over_the_very_file_that_it_signed(
        slips in prop::collection::vec((0_u8..3, 0_usize..7), 0..4)
    ) {
        let world = World::new();
        let identity = world.identity("cam-1");
        let file = small();
        let session = SigningKey::generate(KeyKind::Ed25519);
        let certificate = identity.pairing.certificates[0].clone();
        let (mut recorder, init) =
            Recorder::open(CLIP, identity.id.clone(), &identity.key, &certificate, session, UnixMs(NOON)).unwrap();
        let mut words = vec![Word::Opening { clip: CLIP, message: Some(init) }];
        for segment in file.chunks(64) {
            words.push(Word::Data(segment.to_vec()));
            words.push(Word::SegmentEnd { message: Some(recorder.segment(segment, 1).unwrap()) });
        }
        words.push(Word::End { message: Some(recorder.end(2).unwrap()) });
        let faithful = slips.is_empty();
        for (slip, at) in slips {
            let at = at % (words.len() - 1);
            match slip {
                0 => words.swap(at, at + 1),
                1 => words.insert(at, words[at].clone()),
                _ => drop(words.remove(at)),
            }
        }
        let peer = Peer { camera: identity.id.clone(), certificate, pairing: Digest::of(b"") };
        let mut ingest = Ingest::new(peer, CLIP);
        let mut manifest = None;
        let mut storing = VecDeque::new();
        let mut words = VecDeque::from(words);
        while !words.is_empty() || !storing.is_empty() {
            let due = if ingest.waits_for_storage() || words.is_empty() { storing.pop_front() } else { None };
            let input = due.map_or_else(|| words.pop_front().map(Input::Said), |record| Some(Input::Stored(record)));
            for output in ingest.handle(input.unwrap()) {
                match output {
                    Output::Keep(Keep::Segment(Checked { claim, plain, .. })) => {
                        let sealed = seal_segment(&[world.hq.recipient()], &claim, &plain).unwrap();
                        storing.push_back(sealed.record);
                        prop_assert!(storing.len() <= IN_FLIGHT);
                    }
                    Output::Keep(Keep::Manifest { manifest: made, .. }) => {
                        prop_assert!(storing.is_empty(), "a segment is not durable");
                        manifest = Some(made);
                    }
                    Output::Keep(Keep::Opening(_)) | Output::Ask(_) | Output::Refuse(_) | Output::Absent => {}
                }
            }
        }
        prop_assert!(manifest.is_some() || !faithful);
        if let Some(manifest) = manifest {
            prop_assert_eq!(manifest.whole, Digest::of(&file));
        }
    }
}
