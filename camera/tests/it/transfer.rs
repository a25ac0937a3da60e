//! Recordings that come in whole, in one go or after any number of breaks.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use camera::driver::{Command, Ending, Entry, Event};
use camera::protocol::Custody;
use camera::vault::{Found, Held, VaultError};
use domain::footage::{CameraChain, Manifest, TriggerCause};
use domain::{Digest, UnixMs};
use evidence::chain::check_file;
use trust::cert::Certificate;
use trust::{merkle, seal};

use crate::sim::{Clip, Fault, Faults, SimCamera};
use crate::world::{CLIP, DAY, Meeting, NOON, ROOMY, World, clip, on, patrol};

/// How taking the recording ended.
enum Taken {
    Whole(Box<Manifest>),
    Vanished,
}

fn take(meeting: &Meeting, mut progress: impl FnMut(u32)) -> Taken {
    meeting.say(Command::ListClips);
    meeting.say(Command::Take {
        clip: CLIP,
        viewer: None,
    });
    let manifest = meeting.until(|event| match event {
        Event::Progress { done, .. } => {
            progress(done);
            None
        }
        Event::Finished { manifest, .. } => Some(manifest),
        other @ (Event::Refused { .. } | Event::VaultFailed { .. } | Event::Absent { .. }) => {
            panic!("{other:?}")
        }
        _ => None,
    });
    manifest.map_or(Taken::Vanished, Taken::Whole)
}

fn held(world: &World) -> Held {
    match world.vault(ROOMY).find(CLIP).unwrap() {
        Some(Found::Held(held)) => *held,
        other => panic!("{other:?}"),
    }
}

/// Everything that anybody can check about a recording in the vault.
fn assert_bit_exact(world: &World, file: &[u8]) {
    let held = held(world);
    let manifest = held.manifest();
    let mut plain = Vec::new();
    for segment in &manifest.segments {
        let sealed = held.read_segment(segment.index).unwrap();
        plain.extend(seal::open(&world.hq, &sealed, 1 << 22).unwrap());
    }
    assert_eq!(plain, file);
    assert_eq!(manifest.whole, Digest::of(file));
    assert_eq!(manifest.bytes, file.len() as u64);
    let leaves: Vec<_> = manifest
        .segments
        .iter()
        .map(|segment| merkle::leaf(&segment.leaf()))
        .collect();
    assert_eq!(manifest.root.as_bytes(), merkle::root(&leaves).as_bytes());
    let camera = Certificate::from_der(held.camera_certificate()).unwrap();
    assert_eq!(
        check_file(&held.chain_file(), &camera, manifest),
        Ok(manifest.chain)
    );
    assert_eq!(manifest.chain_digest, Digest::of(&held.chain_file()));
}

fn assert_nothing_readable(folder: &Path, file: &[u8]) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            assert_nothing_readable(&path, file);
        } else {
            let stored = fs::read(&path).unwrap();
            // 16 bytes in a row do not come by chance.
            let known: std::collections::HashSet<&[u8]> = stored.windows(16).collect();
            assert!(
                file.chunks_exact(16)
                    .all(|chunk| is_padding(chunk) || !known.contains(chunk)),
                "{path:?}"
            );
        }
    }
}

/// Long runs of one byte say nothing.
fn is_padding(chunk: &[u8]) -> bool {
    chunk.iter().all(|byte| *byte == chunk[0])
}

#[test]
fn a_recording_comes_in_bit_exact_and_only_hq_can_read_it() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let Taken::Whole(manifest) = take(&meeting, |_| {}) else {
        panic!("the camera vanished")
    };
    assert_eq!(manifest.chain, CameraChain::Complete);
    assert_eq!(manifest.started, UnixMs(NOON - 60_000));
    assert_eq!(manifest.ended, UnixMs(NOON - 54_000));
    meeting.leave();
    assert_bit_exact(&world, patrol());
    assert_nothing_readable(&world.vault_folder(), patrol());
}

#[test]
fn the_camera_lets_go_on_hqs_receipt_alone_and_remembers_it_when_switched_off() {
    let world = World::new();
    let recording = clip(CLIP, patrol());
    let camera = world.camera(&recording);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let Taken::Whole(manifest) = take(&meeting, |_| {}) else {
        panic!("the camera vanished")
    };
    let root = manifest.root;
    let received = |root: Digest, over: Digest| {
        let (receipt, signer) = world.receipt(over);
        let signer = signer
            .iter()
            .map(|certificate| certificate.der().to_vec())
            .collect();
        Command::Received {
            clip: CLIP,
            root,
            receipt,
            signer,
        }
    };
    let answer = || {
        meeting.until(|event| match event {
            Event::Noted { custody, .. } => Some(Some(custody)),
            Event::NotProven { .. } => Some(None),
            _ => None,
        })
    };
    meeting.say(received(root, root));
    assert_eq!(answer(), Some(None), "before the recording is taken");
    meeting.say(Command::Taken { clip: CLIP, root });
    assert_eq!(answer(), Some(Some(Custody::Taken)));
    let other = Digest::of(b"other");
    meeting.say(received(root, other));
    assert_eq!(answer(), Some(None), "a receipt over another root");
    meeting.say(received(other, other));
    assert_eq!(
        answer(),
        Some(None),
        "another root than the one it was taken under"
    );
    meeting.say(received(root, root));
    assert_eq!(answer(), Some(Some(Custody::Received)));
    meeting.leave();
    drop(camera);
    let again = on(world.camera(&recording), Faults::default());
    assert_eq!(again.custody(CLIP), Custody::Received);
}

#[test]
fn a_camera_that_vanishes_within_a_segment_is_gone_on_with_at_the_next_meeting() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::new([Fault::VanishAfter { bytes: 150_000 }]));
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let bond = meeting.bond();
    let mut stored = 0;
    assert!(matches!(take(&meeting, |done| stored = done), Taken::Vanished));
    assert_eq!(meeting.ending(), Ending::Vanished { clip: Some(CLIP) });
    assert_eq!(stored, 4);
    let meeting = Meeting::begin(camera.address(), world.role(Entry::Known(bond)));
    let mut first = None;
    assert!(matches!(
        take(&meeting, |done| first = first.or(Some(done))),
        Taken::Whole(_)
    ));
    assert_eq!(first, Some(5), "what is stored is not asked for again");
    assert_bit_exact(&world, patrol());
}

#[test]
fn a_terminal_killed_after_every_segment_ends_with_the_same_recording() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let mut bond = None;
    for round in 0.. {
        assert!(round < 20, "no end");
        let entry = bond.take().map_or(
            Entry::Tap(match &entry {
                Entry::Tap(invitation) => invitation.clone(),
                Entry::Known(_) => unreachable!(),
            }),
            Entry::Known,
        );
        let meeting = Meeting::begin(camera.address(), world.role(entry));
        bond = Some(meeting.bond());
        if matches!(take(&meeting, |_| camera.cut()), Taken::Whole(_)) {
            break;
        }
    }
    assert_bit_exact(&world, patrol());
}

#[test]
fn what_a_trigger_began_and_a_hand_ended_comes_in_beside_the_others() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    camera.trigger(TriggerCause::Holster);
    camera.stop_recording();
    camera.go_far(true);
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    meeting.say(Command::ListClips);
    let listings = meeting.until(|event| match event {
        Event::Clips(listings) => Some(listings),
        _ => None,
    });
    let [first, filmed] = listings.as_deref().unwrap() else {
        panic!("two recordings are listed: {listings:?}")
    };
    assert_eq!(first.clip, CLIP);
    assert_eq!(filmed.bytes, patrol().len() as u64);
    camera.go_far(false);
    let clip = filmed.clip;
    meeting.say(Command::Take { clip, viewer: None });
    let manifest = meeting.until(|event| match event {
        Event::Finished { manifest, .. } => Some(manifest),
        other @ (Event::Refused { .. } | Event::VaultFailed { .. } | Event::Absent { .. }) => {
            panic!("{other:?}")
        }
        _ => None,
    });
    assert_eq!(manifest.unwrap().clip, clip);
}

#[test]
fn a_recording_that_is_there_is_not_asked_for_again() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let invitation = camera.invitation();
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(Entry::Tap(invitation)));
    let bond = meeting.bond();
    assert!(matches!(take(&meeting, |_| {}), Taken::Whole(_)));
    meeting.leave();
    camera.faults().set([Fault::VanishAfter { bytes: 0 }]);
    let meeting = Meeting::begin(camera.address(), world.role(Entry::Known(bond)));
    let mut segments = 0;
    assert!(matches!(take(&meeting, |_| segments += 1), Taken::Whole(_)));
    assert_eq!(segments, 0);
}

#[test]
fn a_recording_that_the_camera_never_closed_is_taken_as_open_ended() {
    let world = World::new();
    let camera = world.camera(&Clip {
        closed: false,
        ..clip(CLIP, patrol())
    });
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let Taken::Whole(manifest) = take(&meeting, |_| {}) else {
        panic!("the camera vanished")
    };
    assert_eq!(manifest.chain, CameraChain::OpenEnded);
    meeting.leave();
    assert_bit_exact(&world, patrol());
}

#[test]
fn a_full_disk_keeps_what_is_stored_and_goes_on_when_there_is_room() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let mut role = world.role(entry);
    role.vault = world.vault(100_000);
    let meeting = Meeting::begin(camera.address(), role);
    let bond = meeting.bond();
    meeting.say(Command::Take {
        clip: CLIP,
        viewer: None,
    });
    let error = meeting.until(|event| match event {
        Event::VaultFailed { error, .. } => Some(error),
        _ => None,
    });
    assert!(matches!(error, Some(VaultError::DiskFull)), "{error:?}");
    meeting.leave();
    let used = world.vault(ROOMY).used();
    assert!((60_000..100_000).contains(&used), "{used}");
    let meeting = Meeting::begin(camera.address(), world.role(Entry::Known(bond)));
    let mut first = None;
    assert!(matches!(
        take(&meeting, |done| first = first.or(Some(done))),
        Taken::Whole(_)
    ));
    assert_eq!(first, Some(4));
    assert_bit_exact(&world, patrol());
}

#[test]
fn several_recordings_are_taken_one_after_the_other() {
    let world = World::new();
    let ids = [1, 2, 3].map(|n| domain::ClipId::from_bytes([n; 16]));
    let clips = ids.map(|id| clip(id, patrol()));
    let anchors = vec![world.root.clone()];
    let memory = world.disk.path().join("cam-1");
    let camera = SimCamera::new(world.identity("cam-1"), anchors, &clips, 64 * 1024, &memory).unwrap();
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let missing = domain::ClipId::from_bytes([9; 16]);
    for clip in [ids[0], missing, ids[1], ids[2]] {
        meeting.say(Command::Take { clip, viewer: None });
    }
    let mut finished = Vec::new();
    meeting.until(|event| {
        match event {
            Event::Finished { clip, .. } => finished.push(Ok(clip)),
            Event::Absent { clip } => finished.push(Err(clip)),
            _ => {}
        }
        (finished.len() == 4).then_some(())
    });
    assert_eq!(finished, [Ok(ids[0]), Err(missing), Ok(ids[1]), Ok(ids[2])]);
    meeting.leave();
    assert_eq!(world.vault(ROOMY).clips().unwrap(), ids);
}

#[test]
fn a_camera_certificate_that_expired_between_two_meetings_is_refused() {
    let world = World::new();
    let camera = world.camera(&clip(CLIP, patrol()));
    let entry = Entry::Tap(camera.invitation());
    let clock = Arc::new(AtomicI64::new(NOON));
    let told = Arc::clone(&clock);
    let camera = camera
        .serve(
            Faults::default(),
            Arc::new(move || UnixMs(told.load(Ordering::SeqCst))),
        )
        .unwrap();
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let bond = meeting.bond();
    meeting.leave();
    let mut role = world.role(Entry::Known(bond));
    role.now = UnixMs(NOON + 100 * DAY);
    clock.store(role.now.0, Ordering::SeqCst);
    let ending = Meeting::begin(camera.address(), role).ending();
    assert!(
        matches!(
            ending,
            Ending::Refused(camera::pairing::PairingRefusal::NotTrusted(_))
        ),
        "{ending:?}"
    );
}
