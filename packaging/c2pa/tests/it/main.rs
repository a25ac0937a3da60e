//! Claims on real footage: what holds, what stops holding when a byte changes, and who is trusted.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod authority;

use std::fs;
use std::process::Command;

use c2pa_export::{ClaimSigner, ClaimSignerError, Export, ExportError, NotTheOriginal, Original, Provenance};
use c2pa_export::{Verdicts, export, read_copy, read_sidecar};
use domain::footage::{CameraChain, Manifest};
use domain::identity::Verdict;
use domain::{CameraId, ClipId, Digest, UnixMs};
use evidence::report::Outcome;
use proptest::prelude::*;

use crate::authority::{Authority, NEW_YEAR};

const CLIP: &[u8] = include_bytes!("../../../../simulator/clips/patrol.mp4");

const ALL_PROVEN: Verdicts = Verdicts {
    read: Verdict::Proven,
    signature: Verdict::Proven,
    footage: Verdict::Proven,
    issuer_trusted: Verdict::Proven,
    in_date: Verdict::Proven,
    status_known: Verdict::NotChecked,
};

fn manifest() -> Manifest {
    Manifest {
        clip: ClipId::from_bytes([4; 16]),
        camera: CameraId::parse("cam-000001").unwrap(),
        camera_certificate: Digest::of(b"certificate"),
        pairing: Digest::of(b"pairing"),
        started: NEW_YEAR,
        ended: NEW_YEAR.plus(6000),
        bytes: CLIP.len() as u64,
        whole: Digest::of(CLIP),
        root: Digest::of(b"root"),
        segments: Vec::new(),
        chain: CameraChain::Complete,
        chain_digest: Digest::of(b"chain"),
        video: None,
        events: None,
        assigned: None,
        program: None,
    }
}

fn exported(authority: &Authority) -> Export {
    let signer = authority.claim_signer(NEW_YEAR).unwrap();
    export(&Original::new(CLIP, &manifest()).unwrap(), &signer).unwrap()
}

#[test]
fn a_copy_proves_its_footage_its_signer_and_its_original() {
    let authority = Authority::new();
    let Export { copy, .. } = exported(&authority);
    let reading = read_copy(&copy, &authority.anchors());
    assert_eq!(reading.verdicts, ALL_PROVEN);
    assert_eq!(reading.original, Some(Provenance::of(&manifest())));
    assert_eq!(reading.outcome(), Outcome::Ok);
    assert_ne!(copy, CLIP);
}

#[test]
fn a_sidecar_proves_the_original_as_it_is() {
    let authority = Authority::new();
    let Export { sidecar, .. } = exported(&authority);
    let reading = read_sidecar(&sidecar, CLIP, &authority.anchors());
    assert_eq!(reading.verdicts, ALL_PROVEN);
    assert_eq!(reading.original, Some(Provenance::of(&manifest())));
    assert_eq!(reading.outcome(), Outcome::Ok);
}

#[test]
fn a_copy_plays_frame_by_frame_as_the_original() {
    let Export { copy, .. } = exported(&Authority::new());
    let frames = played(&copy);
    assert!(frames.lines().count() > 90, "{frames}");
    assert_eq!(frames, played(CLIP));
}

/// The digest of each picture and sound frame, as an independent player decodes them.
fn played(video: &[u8]) -> String {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("video.mp4");
    fs::write(&path, video).unwrap();
    let output = Command::new("ffmpeg")
        .args(["-v", "error", "-xerror", "-i"])
        .arg(&path)
        .args(["-f", "framemd5", "-"])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_changed_byte_of_the_footage_is_tampering() {
    let authority = Authority::new();
    let Export { mut copy, sidecar } = exported(&authority);
    let last = copy.len() - 1;
    copy[last] ^= 1;
    let reading = read_copy(&copy, &authority.anchors());
    assert_eq!(reading.verdicts.footage, Verdict::Refuted);
    assert_eq!(reading.verdicts.signature, Verdict::Proven);
    assert_eq!(reading.outcome(), Outcome::Tampered);

    let mut original = CLIP.to_vec();
    original[CLIP.len() - 1] ^= 1;
    let reading = read_sidecar(&sidecar, &original, &authority.anchors());
    assert_eq!(reading.outcome(), Outcome::Tampered);
}

#[test]
fn a_changed_byte_of_what_the_claim_says_is_tampering() {
    let authority = Authority::new();
    let Export { mut copy, .. } = exported(&authority);
    let root = manifest().root.to_string();
    let at = copy
        .windows(root.len())
        .position(|window| window == root.as_bytes())
        .unwrap();
    copy[at] = if copy[at] == b'0' { b'1' } else { b'0' };
    let reading = read_copy(&copy, &authority.anchors());
    assert_eq!(reading.verdicts.signature, Verdict::Refuted);
    assert_eq!(reading.outcome(), Outcome::Tampered);
}

#[test]
fn another_root_leaves_the_signer_untrusted_and_nothing_tampered() {
    let Export { copy, sidecar } = exported(&Authority::new());
    for anchors in [Authority::new().anchors(), Vec::new()] {
        for reading in [read_copy(&copy, &anchors), read_sidecar(&sidecar, CLIP, &anchors)] {
            let untrusted = Verdicts {
                issuer_trusted: Verdict::Refuted,
                ..ALL_PROVEN
            };
            assert_eq!(reading.verdicts, untrusted);
            assert_eq!(reading.outcome(), Outcome::Untrusted);
        }
    }
}

#[test]
fn footage_without_a_claim_is_never_ok() {
    let reading = read_copy(CLIP, &Authority::new().anchors());
    assert_eq!(reading.verdicts.read, Verdict::NotChecked);
    assert_eq!(reading.outcome(), Outcome::Incomplete);
}

#[test]
fn a_sidecar_of_another_clip_does_not_prove_this_one() {
    let authority = Authority::new();
    let Export { sidecar, .. } = exported(&authority);
    let other = [
        CLIP,
        &[
            0, 0, 0, 8, b'f', b'r', b'e', b'e', 0, 0, 0, 8, b'w', b'i', b'd', b'e',
        ],
    ]
    .concat();
    let reading = read_sidecar(&sidecar, &other, &authority.anchors());
    assert_eq!(reading.verdicts.footage, Verdict::Refuted);
}

#[test]
fn bytes_that_the_manifest_does_not_name_are_not_exported() {
    let refused = Original::new(&CLIP[1..], &manifest()).map(drop);
    assert_eq!(refused, Err(NotTheOriginal));
}

#[test]
fn a_claim_is_signed_only_with_the_authoritys_own_key_and_in_its_time() {
    let (authority, other) = (Authority::new(), Authority::new());
    let borrowed = ClaimSigner::issue(&authority.issuing, &other.issuing_key(), NEW_YEAR);
    assert!(matches!(borrowed, Err(ClaimSignerError::Mismatch { .. })));
    let root = ClaimSigner::issue(&authority.root, &authority.issuing_key(), NEW_YEAR);
    assert!(matches!(root, Err(ClaimSignerError::NotAnAuthority { .. })));
    let early = authority.claim_signer(UnixMs(0));
    assert!(matches!(early, Err(ClaimSignerError::OutOfDate { .. })));
}

#[test]
fn a_signer_that_has_expired_signs_nothing() {
    let signer = Authority::expired()
        .claim_signer(NEW_YEAR.plus(-UnixMs::DAY))
        .unwrap();
    let refused = export(&Original::new(CLIP, &manifest()).unwrap(), &signer);
    assert!(matches!(refused, Err(ExportError::Claim(_))));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_bytes_are_never_ok_and_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let anchors = Authority::new().anchors();
        prop_assert_ne!(read_copy(&bytes, &anchors).outcome(), Outcome::Ok);
        prop_assert_ne!(read_sidecar(&bytes, CLIP, &anchors).outcome(), Outcome::Ok);
    }
}

#[test]
fn every_flipped_byte_of_a_sidecar_is_noticed_or_outside_the_claim() {
    let authority = Authority::new();
    let Export { sidecar, .. } = exported(&authority);
    let anchors = authority.anchors();
    let original = Some(Provenance::of(&manifest()));
    for at in (0..sidecar.len()).step_by(97) {
        let mut changed = sidecar.clone();
        changed[at] ^= 0x20;
        let reading = read_sidecar(&changed, CLIP, &anchors);
        if reading.outcome() == Outcome::Ok {
            assert_eq!(reading.original, original, "byte {at}");
        }
    }
}
