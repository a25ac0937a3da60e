//! One segment with its proof: what it proves, and that no bit of it may change.

use domain::footage::Segment;
use evidence::folder::Files;
use evidence::proof::{Proof, Step};
use evidence::report::{Limit, Outcome, Subject, verify};
use proptest::prelude::*;

use crate::fixture::{NONE, World, with_new_sums};
use crate::flips;

fn outcome(world: &World, files: &Files) -> Outcome {
    verify(files, std::slice::from_ref(&world.root), &[]).outcome()
}

#[test]
fn every_segment_is_proven_without_the_others() {
    let world = World::new();
    for index in 0..3 {
        let report = verify(&world.segment(index), std::slice::from_ref(&world.root), &[]);
        assert_eq!(report.outcome(), Outcome::Ok);
        assert_eq!(report.subject, Subject::Segment);
        assert!(report.limits.contains(&Limit::OtherSegments));
    }
}

#[test]
fn no_flipped_bit_is_accepted() {
    let world = World::new();
    let step = |name: &str| match name {
        "segment.bin" | "proof.cbor" | "receipt.cose" => 1,
        _ => 7,
    };
    let flips = flips::check(&world, &world.segment(2), step);
    assert!(flips > 500, "{flips}");
}

#[test]
fn a_missing_an_extra_and_a_foreign_file_are_noticed() {
    let world = World::new();
    let good = world.segment(1);
    for name in good.keys() {
        let mut files = good.clone();
        files.remove(name);
        assert_eq!(outcome(&world, &files), Outcome::Incomplete, "{name}");
    }
    let mut extra = good.clone();
    extra.insert("clip.mp4".to_owned(), Vec::new());
    assert_eq!(outcome(&world, &extra), Outcome::Incomplete);
    for name in ["segment.bin", "proof.cbor"] {
        let mut files = good.clone();
        files.insert(name.to_owned(), world.segment(0)[name].clone());
        assert_eq!(
            outcome(&world, &with_new_sums(files)),
            Outcome::Tampered,
            "{name}"
        );
    }
    assert_eq!(
        verify(&good, &[World::new().root], &[]).outcome(),
        Outcome::Untrusted
    );
}

#[test]
fn a_receipt_for_a_record_without_footage_proves_no_segment() {
    let world = World::new();
    let mut files = world.segment(0);
    let act = world.act(&NONE);
    for name in ["receipt.cose", "receipt.cbor", "receipt.tbs", "receipt.sig"] {
        files.insert(name.to_owned(), act[name].clone());
    }
    assert_eq!(outcome(&world, &with_new_sums(files)), Outcome::Incomplete);
}

#[test]
fn a_proof_has_the_bytes_that_the_format_fixes() {
    let digest = domain::Digest::from_bytes([0xaa; 32]);
    let segment = Segment {
        index: 1,
        offset: 128,
        length: 64,
        plain: digest,
        cipher: digest,
        cipher_length: 264,
    };
    let proof = Proof {
        version: 1,
        segment,
        path: vec![Step::Left(digest), Step::Right(digest)],
    };
    let aa = format!("5820{}", "aa".repeat(32));
    let expected = format!("a3000101a6000101188002184003{aa}04{aa}051901080282820081{aa}820181{aa}");
    let hex: String = proof
        .to_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hex, expected);
}

proptest! {
    #[test]
    fn a_proof_leads_to_the_root_of_a_tree_of_any_size(count in 1_u32..40, pick: u32) {
        let segment = |index| Segment {
            index,
            offset: u64::from(index),
            length: 1,
            plain: domain::Digest::of(&index.to_be_bytes()),
            cipher: domain::Digest::of(b""),
            cipher_length: 1,
        };
        let manifest = manifest((0..count).map(segment).collect());
        let proof = Proof::of(&manifest, pick % count).unwrap();
        prop_assert_eq!(proof.root(), evidence::proof::root(&manifest));
        prop_assert_eq!(Proof::from_bytes(&proof.to_bytes()), Ok(proof));
        prop_assert_eq!(Proof::of(&manifest, count), None);
    }

    #[test]
    fn random_bytes_are_no_proof(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Proof::from_bytes(&bytes).is_err());
    }
}

fn manifest(segments: Vec<Segment>) -> domain::footage::Manifest {
    let nothing = domain::Digest::of(b"");
    domain::footage::Manifest {
        clip: domain::ClipId::from_bytes([1; 16]),
        camera: domain::CameraId::parse("cam-1").unwrap(),
        camera_certificate: nothing,
        pairing: nothing,
        started: domain::UnixMs(0),
        ended: domain::UnixMs(0),
        bytes: 0,
        whole: nothing,
        root: nothing,
        segments,
        chain: domain::footage::CameraChain::Complete,
        chain_digest: nothing,
        video: None,
        events: None,
        assigned: None,
        program: None,
    }
}
