//! The folder of a clip: its footage whole or in segments, the camera's chain, and every way to spoil them.

use domain::canonical::Digest;
use domain::footage::{CameraChain, Manifest};
use domain::record::{Act, Record};
use evidence::folder::{Files, Large, is_footage};
use evidence::report::{
    Fault, Limit, Link, Outcome, Question, Report, SegmentState, Subject, Verdict, verify, verify_large,
};
use evidence::video::{Bytes, Lost};

use crate::fixture::{Changes, NONE, World, with_new_sums};
use crate::flips;

const IN_SEGMENTS: [bool; 2] = [false, true];

fn report(world: &World, files: &Files) -> Report {
    verify(files, std::slice::from_ref(&world.root), &[])
}

#[track_caller]
fn check(report: &Report, outcome: Outcome, question: Question, fault: &Fault) {
    let faults = match report.verdict(question) {
        Some(Verdict::Failed(faults)) => faults.as_slice(),
        Some(Verdict::Ok | Verdict::NotChecked) | None => &[],
    };
    assert!(faults.contains(fault), "{question:?}: {faults:?}");
    assert_eq!(report.outcome(), outcome);
}

fn manifest(record: &mut Record) -> &mut Manifest {
    match &mut record.act {
        Act::Footage(manifest) => manifest,
        Act::IdentityCheck(_)
        | Act::Pv(_)
        | Act::Plainte(_)
        | Act::Pve(_)
        | Act::Afd(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_)
        | Act::Verification(_) => {
            unreachable!("the record of a clip")
        }
    }
}

#[test]
fn a_good_clip_is_ok_whole_and_in_segments() {
    let world = World::new();
    for in_segments in IN_SEGMENTS {
        let report = report(&world, &world.clip(&NONE, in_segments));
        assert_eq!(report.outcome(), Outcome::Ok);
        assert_eq!(report.subject, Subject::Clip);
        assert_eq!(report.checks.len(), 14);
        assert_eq!(report.claims.map, [SegmentState::Ok; 3]);
        assert!(report.limits.contains(&Limit::KeyInFile) && report.limits.contains(&Limit::Pictures));
    }
}

/// The film as a whole, in segments, damaged, cut, missing and twice.
#[test]
fn footage_that_is_not_in_memory_gets_the_same_report() {
    let world = World::new();
    let (whole, pieces) = (world.clip(&NONE, false), world.clip(&NONE, true));
    let spoiled = |good: &Files, name: &str, spoil: fn(&mut Vec<u8>)| {
        let mut files = good.clone();
        spoil(files.get_mut(name).unwrap());
        [with_new_sums(files.clone()), files]
    };
    let segment = "seg/00000001.bin";
    let mut cases = vec![whole.clone(), pieces.clone()];
    cases.extend(spoiled(&whole, "clip.mp4", |bytes| bytes[200] ^= 1));
    cases.extend(spoiled(&whole, "clip.mp4", |bytes| bytes.truncate(200)));
    cases.extend(spoiled(&whole, "clip.mp4", |bytes| bytes.push(0)));
    cases.extend(spoiled(&pieces, segment, |bytes| bytes[0] ^= 1));
    cases.extend(spoiled(&pieces, segment, Vec::clear));
    cases.extend(spoiled(&whole, "record.cose", Vec::clear));
    let mut missing = pieces.clone();
    missing.remove(segment);
    let mut both = whole;
    both.insert(segment.to_owned(), pieces[segment].clone());
    cases.extend([missing, both]);
    for files in cases {
        let (footage, rest): (Files, Files) =
            files.clone().into_iter().partition(|(name, _)| is_footage(name));
        let large = footage.iter();
        let large: Large<'_> = large
            .map(|(name, bytes)| (name.clone(), bytes as &dyn Bytes))
            .collect();
        let anchors = std::slice::from_ref(&world.root);
        assert_eq!(verify_large(&rest, &large, anchors, &[]), report(&world, &files));
    }
}

/// A disk that fails in the middle.
#[test]
fn footage_that_cannot_be_read_to_its_end_is_unreadable() {
    struct Failing;
    impl Bytes for Failing {
        fn length(&self) -> u64 {
            300
        }

        fn read(&self, _: u64, _: &mut [u8]) -> Result<(), Lost> {
            Err(Lost)
        }
    }
    let world = World::new();
    for (in_segments, file) in [(false, "clip.mp4"), (true, "seg/00000001.bin")] {
        let mut files = world.clip(&NONE, in_segments);
        files.remove(file);
        let large = Large::from([(file.to_owned(), &Failing as &dyn Bytes)]);
        let report = verify_large(&files, &large, std::slice::from_ref(&world.root), &[]);
        let file = file.to_owned();
        check(
            &report,
            Outcome::Unreadable,
            Question::Footage,
            &Fault::Unreadable { file },
        );
    }
}

#[test]
fn every_flipped_bit_of_the_footage_is_tampered() {
    let world = World::new();
    for in_segments in IN_SEGMENTS {
        let step = |name: &str| {
            if name.starts_with("seg/") || name == "clip.mp4" {
                1
            } else {
                usize::MAX
            }
        };
        let flips = flips::check(&world, &world.clip(&NONE, in_segments), step);
        assert!(flips > 300, "{flips}");
    }
    let mut files = world.clip(&NONE, false);
    files.get_mut("clip.mp4").unwrap()[200] ^= 1;
    let report = report(&world, &with_new_sums(files));
    check(
        &report,
        Outcome::Tampered,
        Question::Footage,
        &Fault::SegmentChanged { index: 1 },
    );
    assert_eq!(
        report.claims.map,
        [SegmentState::Ok, SegmentState::Changed, SegmentState::Ok]
    );
}

#[test]
fn no_flipped_bit_of_the_chain_or_the_camera_is_accepted() {
    let world = World::new();
    let step = |name: &str| match name {
        "camera.cose" => 3,
        "camera.pem" | "record.cose" => 5,
        _ => usize::MAX,
    };
    let flips = flips::check(&world, &world.clip(&NONE, false), step);
    assert!(flips > 400, "{flips}");
}

#[test]
fn a_missing_file_is_incomplete_and_a_missing_segment_is_on_the_map() {
    let world = World::new();
    for in_segments in IN_SEGMENTS {
        let good = world.clip(&NONE, in_segments);
        for name in good.keys() {
            let mut files = good.clone();
            files.remove(name);
            assert_eq!(report(&world, &files).outcome(), Outcome::Incomplete, "{name}");
        }
    }
    let mut files = world.clip(&NONE, true);
    files.remove("seg/00000001.bin");
    let map = report(&world, &files).claims.map;
    assert_eq!(map, [SegmentState::Ok, SegmentState::Missing, SegmentState::Ok]);
}

#[test]
fn footage_in_both_forms_or_with_a_segment_too_many_is_incomplete() {
    let world = World::new();
    let (mut both, segments) = (world.clip(&NONE, false), world.clip(&NONE, true));
    both.insert(
        "seg/00000000.bin".to_owned(),
        segments["seg/00000000.bin"].clone(),
    );
    assert_eq!(report(&world, &both).outcome(), Outcome::Incomplete);
    let mut more = segments;
    more.insert("seg/00000003.bin".to_owned(), b"more".to_vec());
    assert_eq!(report(&world, &more).outcome(), Outcome::Incomplete);
}

#[test]
fn swapped_segments_and_a_longer_or_shorter_clip_are_tampered() {
    let world = World::new();
    let mut swapped = world.clip(&NONE, true);
    let first = swapped["seg/00000000.bin"].clone();
    let second = swapped.insert("seg/00000001.bin".to_owned(), first).unwrap();
    swapped.insert("seg/00000000.bin".to_owned(), second);
    check(
        &report(&world, &with_new_sums(swapped)),
        Outcome::Tampered,
        Question::Footage,
        &Fault::SegmentChanged { index: 0 },
    );
    let good = world.clip(&NONE, false);
    let clip = &good["clip.mp4"];
    for other in [
        [clip.as_slice(), b"x"].concat(),
        clip[..clip.len() - 1].to_vec(),
        clip[..100].to_vec(),
        vec![],
    ] {
        let mut files = good.clone();
        files.insert("clip.mp4".to_owned(), other);
        check(
            &report(&world, &with_new_sums(files)),
            Outcome::Tampered,
            Question::Footage,
            &Fault::FootageChanged,
        );
    }
}

#[test]
fn hq_must_have_the_footage_and_the_same_root() {
    let world = World::new();
    let not_received = Changes {
        receipt: |receipt| receipt.footage_root = None,
        ..NONE
    };
    let files = world.clip(&not_received, false);
    check(
        &report(&world, &files),
        Outcome::Incomplete,
        Question::Links,
        &Fault::FootageNotReceived,
    );
    let another = Changes {
        receipt: |receipt| receipt.footage_root = Some(Digest::of(b"another")),
        ..NONE
    };
    let files = world.clip(&another, false);
    check(
        &report(&world, &files),
        Outcome::Tampered,
        Question::Links,
        &Fault::Link(Link::ReceiptRoot),
    );
}

#[test]
fn a_manifest_that_contradicts_itself_is_tampered() {
    let world = World::new();
    let changes: [fn(&mut Record); 4] = [
        |record| manifest(record).root = Digest::of(b"another"),
        |record| manifest(record).segments.swap(0, 1),
        |record| manifest(record).segments[1].offset += 1,
        |record| manifest(record).segments.clear(),
    ];
    for record in changes {
        let report = report(&world, &world.clip(&Changes { record, ..NONE }, false));
        check(
            &report,
            Outcome::Tampered,
            Question::Footage,
            &Fault::ManifestInconsistent,
        );
    }
}

#[test]
fn the_camera_of_the_manifest_must_have_made_the_chain() {
    let world = World::new();
    let check_link = |record, link| {
        let report = report(&world, &world.clip(&Changes { record, ..NONE }, false));
        check(
            &report,
            Outcome::Tampered,
            Question::CameraChain,
            &Fault::Link(link),
        );
    };
    check_link(
        |record| manifest(record).chain_digest = Digest::of(b"another"),
        Link::CameraChainFile,
    );
    check_link(
        |record| manifest(record).camera_certificate = Digest::of(b"another"),
        Link::CameraCertificate,
    );
    check_link(
        |record| manifest(record).chain = CameraChain::OpenEnded,
        Link::CameraChainEnd,
    );
    let another = World::new().clip(&NONE, false);
    for name in ["camera.cose", "camera.pem"] {
        let mut files = world.clip(&NONE, false);
        files.insert(name.to_owned(), another[name].clone());
        assert_eq!(
            report(&world, &with_new_sums(files)).outcome(),
            Outcome::Tampered,
            "{name}"
        );
    }
}

#[test]
fn a_camera_under_a_root_of_its_own_needs_that_root_and_lends_it_to_nobody() {
    let world = World::with_foreign_camera();
    let files = world.clip(&NONE, false);
    let roots = std::slice::from_ref(&world.root);
    let camera_roots = std::slice::from_ref(&world.camera_root);
    assert_eq!(verify(&files, roots, camera_roots).outcome(), Outcome::Ok);
    assert_eq!(verify(&files, roots, &[]).outcome(), Outcome::Untrusted);
    assert_eq!(verify(&files, camera_roots, roots).outcome(), Outcome::Untrusted);
}

#[test]
fn a_sealed_segment_opens_to_the_bytes_of_the_folder() {
    let world = World::new();
    let (files, sealed) = world.clip_and_sealed_segment(&NONE, true);
    let opened = trust::seal::open(&world.identity, &sealed, sealed.len()).unwrap();
    assert_eq!(opened, files["seg/00000000.bin"]);
}
