//! The vault on a real disk: what survives, what is thrown away, and what it takes to delete footage.

use std::fs;

use camera::driver::{Command, Entry, Event};
use camera::receipt::{FootageReceipt, NotProven};
use camera::vault::{Cause, Disposal, Found, VaultError};
use domain::footage::Manifest;
use domain::{BootId, Digest, Timestamp, UnixMs, Zone};

use crate::sim::{Fault, Faults};
use crate::world::{CLIP, DAY, Meeting, NOON, ROOMY, World, clip, on, patrol};

/// A world in which the recording is in the vault, or its first segments are.
fn taken(fault: Option<Fault>) -> (World, Option<Manifest>) {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::new(fault));
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    meeting.say(Command::Take {
        clip: CLIP,
        viewer: None,
    });
    let manifest = meeting.until(|event| match event {
        Event::Finished { manifest, .. } => Some(*manifest),
        _ => None,
    });
    (world, manifest)
}

fn recorded(utc: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(utc),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([0; 16]),
        mono_ms: 0,
    }
}

#[test]
fn footage_leaves_on_hqs_receipt_over_its_root_and_a_trace_stays() {
    let (world, manifest) = taken(None);
    let root = manifest.unwrap().root;
    let vault = world.vault(ROOMY);
    assert!(vault.used() > patrol().len() as u64);
    let anchors = [world.root.clone()];
    let (receipt, signer) = world.receipt(root);
    assert_eq!(
        FootageReceipt::verify(&receipt, Digest::of(b"other"), &signer, &anchors),
        Err(NotProven::OtherRoot)
    );
    assert_eq!(
        FootageReceipt::verify(&receipt, root, &signer, &[]),
        Err(NotProven::Signer)
    );
    assert_eq!(
        FootageReceipt::verify(&receipt, root, &signer[1..], &anchors),
        Err(NotProven::Signature)
    );
    for bit in 0..receipt.len() * 8 {
        let mut changed = receipt.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(
            FootageReceipt::verify(&changed, root, &signer, &anchors).is_err(),
            "bit {bit}"
        );
    }
    let other = Digest::of(b"other");
    let (other_receipt, other_signer) = world.receipt(other);
    let other = FootageReceipt::verify(&other_receipt, other, &other_signer, &anchors).unwrap();
    let refused = vault.dispose(CLIP, &Disposal::received(other));
    assert!(matches!(refused, Err(VaultError::OtherRecording)), "{refused:?}");
    let proof = FootageReceipt::verify(&receipt, root, &signer, &anchors).unwrap();
    let trace = vault.dispose(CLIP, &Disposal::received(proof)).unwrap();
    assert_eq!((trace.root, trace.bytes), (Some(root), patrol().len() as u64));
    assert_eq!(trace.cause, Cause::Received(UnixMs(NOON + 1000)));
    assert_eq!((vault.used(), vault.clips().unwrap().len()), (0, 0));
    assert_eq!(world.vault(ROOMY).traces().unwrap(), [trace]);
}

#[test]
fn csi_r241_4_footage_leaves_when_its_month_is_over_and_not_before() {
    let (world, _) = taken(None);
    let vault = world.vault(ROOMY);
    let at = recorded(NOON - 60_000);
    assert_eq!(Disposal::expired(&at, UnixMs(NOON + 29 * DAY)), None);
    let late = UnixMs(NOON + 31 * DAY);
    let other = Disposal::expired(&recorded(NOON - 9 * DAY), late).unwrap();
    assert!(matches!(
        vault.dispose(CLIP, &other),
        Err(VaultError::OtherRecording)
    ));
    let trace = vault
        .dispose(CLIP, &Disposal::expired(&at, late).unwrap())
        .unwrap();
    assert!(matches!(trace.cause, Cause::Expired(_)));
    assert_eq!(vault.clips().unwrap(), []);
}

#[test]
fn a_recording_that_is_half_in_leaves_at_its_term_but_never_on_a_receipt() {
    let (world, manifest) = taken(Some(Fault::VanishAfter { bytes: 100_000 }));
    assert!(manifest.is_none());
    let vault = world.vault(ROOMY);
    let root = Digest::of(b"root");
    let (receipt, signer) = world.receipt(root);
    let proof = FootageReceipt::verify(&receipt, root, &signer, std::slice::from_ref(&world.root)).unwrap();
    let refused = vault.dispose(CLIP, &Disposal::received(proof));
    assert!(matches!(refused, Err(VaultError::NotTaken(CLIP))), "{refused:?}");
    let expired = Disposal::expired(&recorded(NOON - 60_000), UnixMs(NOON + 31 * DAY)).unwrap();
    assert_eq!(vault.dispose(CLIP, &expired).unwrap().segments, 3);
    assert!(matches!(
        vault.dispose(CLIP, &expired),
        Err(VaultError::Absent(CLIP))
    ));
}

/// Indexes of the segments that are known to be stored.
fn stored(world: &World) -> usize {
    match world.vault(ROOMY).find(CLIP).unwrap() {
        Some(Found::Intake(intake)) => intake.stored().len(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_last_segment_that_did_not_reach_the_disk_is_asked_for_again() {
    let (world, _) = taken(Some(Fault::VanishAfter { bytes: 140_000 }));
    assert_eq!(stored(&world), 4);
    let last = world
        .vault_folder()
        .join(CLIP.to_string())
        .join("seg/00000003.age");
    let bytes = fs::read(&last).unwrap();
    fs::write(&last, &bytes[..bytes.len() - 1]).unwrap();
    assert_eq!(stored(&world), 3);
    fs::write(&last, &bytes).unwrap();
    assert_eq!(stored(&world), 3, "the journal does not come back");
}

#[test]
fn a_stop_at_any_byte_of_the_journal_loses_at_most_the_last_segment() {
    let (world, _) = taken(Some(Fault::VanishAfter { bytes: 70_000 }));
    assert_eq!(stored(&world), 2);
    let path = world.vault_folder().join(CLIP.to_string()).join("journal");
    let whole = fs::read(&path).unwrap();
    let mut seen = Vec::new();
    for length in (1..=whole.len()).rev() {
        fs::write(&path, &whole[..length]).unwrap();
        match world.vault(ROOMY).find(CLIP) {
            Ok(Some(Found::Intake(intake))) => seen.push(intake.stored().len()),
            // The folder appears with its first line whole, so that no stop leaves less.
            Err(VaultError::Damaged { .. }) => break,
            other => panic!("{other:?}"),
        }
    }
    seen.dedup();
    assert_eq!(seen, [2, 1, 0]);
}

#[test]
fn what_was_on_its_way_out_is_gone_after_a_restart() {
    let (world, _) = taken(Some(Fault::VanishAfter { bytes: 70_000 }));
    let gone = world.vault_folder().join(".tmp-gone-x");
    fs::create_dir_all(gone.join("seg")).unwrap();
    let before = world.vault(ROOMY).used();
    assert!(!gone.exists());
    assert_eq!(world.vault(ROOMY).used(), before);
}

#[test]
fn a_changed_segment_is_never_given_out() {
    let (world, _) = taken(None);
    let Some(Found::Held(held)) = world.vault(ROOMY).find(CLIP).unwrap() else {
        panic!("not held")
    };
    let path = held.segment_path(0);
    let mut bytes = fs::read(&path).unwrap();
    bytes[500] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert!(matches!(held.read_segment(0), Err(VaultError::Damaged { .. })));
    assert!(held.read_segment(1).is_ok());
}
