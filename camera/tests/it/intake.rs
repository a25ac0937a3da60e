//! Segments on their way to the disk: what is counted, what a stop costs, and what a failure leaves.

use std::fs;
use std::path::PathBuf;

use camera::driver::{Command, Entry, Event};
use camera::ingest::{Checked, IN_FLIGHT, Opening};
use camera::seal::Whole;
use camera::vault::{Found, Intake, Vault, VaultError};
use domain::{CameraId, ClipId, Digest, UnixMs};
use evidence::chain::SegmentClaim;

use crate::sim::{Fault, Faults};
use crate::world::{CLIP, Meeting, NOON, ROOMY, World, clip, on, patrol};

const LENGTH: u32 = 64 * 1024;

fn opening() -> Opening {
    Opening {
        clip: CLIP,
        camera: CameraId::parse("cam-1").unwrap(),
        certificate: vec![1],
        pairing: Digest::of(b"pairing"),
        init: vec![2],
        started: UnixMs(NOON),
    }
}

fn checked(index: u32) -> Checked {
    let plain = vec![7; LENGTH as usize];
    let claim = SegmentClaim {
        clip: CLIP,
        index,
        offset: u64::from(index) * u64::from(LENGTH),
        length: LENGTH,
        plain: Digest::of(&plain),
        previous: Digest::of(b""),
        mono_ms: 0,
        utc: UnixMs(NOON),
    };
    Checked {
        claim,
        plain: plain.into(),
        message: vec![3],
        checkpoint: Whole::default().checkpoint(),
    }
}

fn store(world: &World, intake: &mut Intake, index: u32) -> Result<(), VaultError> {
    intake.store(&[world.hq.recipient()], checked(index))
}

fn found(vault: &Vault, clip: ClipId) -> Intake {
    match vault.find(clip).unwrap() {
        Some(Found::Intake(intake)) => *intake,
        other => panic!("{other:?}"),
    }
}

fn segment_path(world: &World, index: u32) -> PathBuf {
    let folder = world.vault_folder().join(CLIP.to_string());
    folder.join(format!("seg/{index:08}.age"))
}

#[test]
fn a_segment_counts_when_it_is_durable_and_not_when_it_is_handed_over() {
    let world = World::new();
    let vault = world.vault(ROOMY);
    let mut intake = vault.begin(opening()).unwrap();
    for index in 0..10 {
        store(&world, &mut intake, index).unwrap();
        assert_eq!(intake.stored().len(), index as usize);
        let durable = intake.wait_durable().unwrap().unwrap();
        assert_eq!(durable.index, index);
        let lines = found(&vault, CLIP).stored().len();
        assert_eq!(lines, index as usize + 1, "the journal says the same");
    }
    assert!(intake.wait_durable().unwrap().is_none());
}

#[test]
fn no_more_segments_are_on_their_way_than_a_stop_may_cost() {
    let world = World::new();
    let mut intake = world.vault(ROOMY).begin(opening()).unwrap();
    let limit = u32::try_from(IN_FLIGHT).unwrap();
    for index in 0..limit {
        store(&world, &mut intake, index).unwrap();
    }
    let refused = store(&world, &mut intake, limit);
    assert!(matches!(refused, Err(VaultError::Busy(CLIP))), "{refused:?}");
    intake.wait_durable().unwrap();
    store(&world, &mut intake, limit).unwrap();
}

#[test]
fn what_was_handed_over_is_durable_when_its_owner_is_gone() {
    let world = World::new();
    let vault = world.vault(ROOMY);
    let mut intake = vault.begin(opening()).unwrap();
    store(&world, &mut intake, 0).unwrap();
    store(&world, &mut intake, 1).unwrap();
    drop(intake);
    assert_eq!(found(&vault, CLIP).stored().len(), 2);
}

#[test]
fn a_full_disk_is_told_once_and_nothing_behind_it_is_counted() {
    let world = World::new();
    let vault = world.vault(u64::from(LENGTH) + 1000);
    let mut intake = vault.begin(opening()).unwrap();
    store(&world, &mut intake, 0).unwrap();
    store(&world, &mut intake, 1).unwrap();
    assert_eq!(intake.wait_durable().unwrap().unwrap().index, 0);
    let full = intake.wait_durable();
    assert!(matches!(full, Err(VaultError::DiskFull)), "{full:?}");
    assert!(matches!(intake.wait_durable(), Ok(None)));
    let refused = store(&world, &mut intake, 1);
    assert!(matches!(refused, Err(VaultError::Lost(CLIP))), "{refused:?}");
    drop(intake);
    assert!(!segment_path(&world, 1).exists());
    assert_eq!(found(&vault, CLIP).stored().len(), 1);
}

#[test]
fn a_segment_that_cannot_be_written_is_told_with_its_place() {
    let world = World::new();
    let mut intake = world.vault(ROOMY).begin(opening()).unwrap();
    let path = segment_path(&world, 0);
    fs::remove_dir_all(path.parent().unwrap()).unwrap();
    store(&world, &mut intake, 0).unwrap();
    let failed = intake.wait_durable();
    assert!(
        matches!(&failed, Err(VaultError::Io { path: at, .. }) if *at == path),
        "{failed:?}"
    );
    assert_eq!(intake.stored(), []);
}

#[test]
fn every_segment_that_the_camera_was_thanked_for_is_whole_on_the_disk() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let role = world.role(entry);
    let vault = role.vault.clone();
    let meeting = Meeting::begin(camera.address(), role);
    meeting.say(Command::Take {
        clip: CLIP,
        viewer: None,
    });
    let mut seen = 0;
    meeting.until(|event| match event {
        Event::Progress { done, .. } => {
            seen = done;
            let stored = match vault.find(CLIP).unwrap().unwrap() {
                Found::Intake(intake) => intake.stored().iter().map(|one| one.record.clone()).collect(),
                Found::Held(held) => held.manifest().segments.clone(),
            };
            assert!(stored.len() >= done as usize);
            for record in stored {
                let file = fs::read(segment_path(&world, record.index)).unwrap();
                assert_eq!(Digest::of(&file), record.cipher);
            }
            None
        }
        Event::Finished { .. } => Some(()),
        _ => None,
    });
    assert_eq!(seen as usize, patrol().len().div_ceil(32 * 1024));
}

/// What a stop leaves at each point between a segment's file, its folder and its journal line.
#[test]
fn a_stop_between_file_folder_and_journal_costs_the_segments_on_their_way_and_nothing_else() {
    type Stop = fn(&World);
    let stops: [(&str, Stop); 4] = [
        ("within the file", |world| {
            fs::write(segment_path(world, 4), b"half").unwrap();
        }),
        ("before the folder", |world| {
            assert!(!segment_path(world, 4).exists());
        }),
        ("before the journal", |world| {
            fs::write(segment_path(world, 4), b"whole, without a line").unwrap();
            fs::write(segment_path(world, 5), b"whole, without a line").unwrap();
        }),
        ("within the journal", |world| {
            fs::write(segment_path(world, 4), b"whole, with half a line").unwrap();
            let path = world.vault_folder().join(CLIP.to_string()).join("journal");
            let mut journal = fs::read(&path).unwrap();
            journal.extend([0, 0, 2, 0, 0x82, 1]);
            fs::write(path, journal).unwrap();
        }),
    ];
    for (point, stop) in stops {
        let world = World::new();
        let camera = world.camera(&clip(CLIP, patrol()));
        let entry = Entry::Tap(camera.invitation());
        let camera = on(camera, Faults::new([Fault::VanishAfter { bytes: 150_000 }]));
        let meeting = Meeting::begin(camera.address(), world.role(entry));
        let bond = meeting.bond();
        meeting.say(Command::Take {
            clip: CLIP,
            viewer: None,
        });
        meeting.ending();
        stop(&world);
        let meeting = Meeting::begin(camera.address(), world.role(Entry::Known(bond)));
        meeting.say(Command::Take {
            clip: CLIP,
            viewer: None,
        });
        let mut first = None;
        let manifest = meeting.until(|event| match event {
            Event::Progress { done, .. } => {
                first = first.or(Some(done));
                None
            }
            Event::Finished { manifest, .. } => Some(manifest),
            other @ (Event::Refused { .. } | Event::VaultFailed { .. }) => panic!("{point}: {other:?}"),
            _ => None,
        });
        assert_eq!(first, Some(5), "{point}");
        assert_eq!(manifest.unwrap().whole, Digest::of(patrol()), "{point}");
        meeting.leave();
        let Some(Found::Held(held)) = world.vault(ROOMY).find(CLIP).unwrap() else {
            panic!("{point}: not held")
        };
        for segment in &held.manifest().segments {
            held.read_segment(segment.index).unwrap();
        }
        let files = fs::read_dir(segment_path(&world, 0).parent().unwrap())
            .unwrap()
            .count();
        assert_eq!(
            files,
            held.manifest().segments.len(),
            "{point}: nothing is left over"
        );
    }
}
