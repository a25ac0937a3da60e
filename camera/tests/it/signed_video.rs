//! Films of cameras that HQ expects to sign inside their video: looked at once while they come in, and refused without
//! their signatures (T4).

use camera::driver::{Command, Entry, Event};
use camera::ingest::Fault as Refused;
use camera::protocol::Custody;
use camera::vault::Vault;
use domain::dialogue::ClipRefusal;
use domain::footage::{Manifest, VideoCheck};
use domain::{CameraId, Digest};
use trust::seal;

use crate::film::container::{Form, write};
use crate::film::onvif::{PLAN, Plan, sign};
use crate::film::{Camera, Codec, Frame, SCENE, Scene, axis, is_sei, pictures};
use crate::sim::{Fault, Faults, Identity, Running, SimCamera};
use crate::world::{CLIP, DAY, Meeting, NOON, ROOMY, World, clip, on};

/// Small enough that a film has several.
const SEGMENT: usize = 1024;

/// A film of 20 pictures with a signature for each group and one at the end.
fn film(codec: Codec) -> Vec<Frame> {
    let scene = Scene { codec, ..SCENE };
    sign(
        codec,
        &pictures(scene),
        &Camera::new(),
        Plan { end: true, ..PLAN },
    )
}

/// A camera with this file as its recording, of which HQ expects signatures inside its video or not.
fn camera(world: &World, file: &[u8], signed_video: bool) -> SimCamera {
    let identity = Identity::issue_expecting(
        CameraId::parse("cam-1").unwrap(),
        &world.issuing_key,
        &world.issuing,
        (NOON - DAY, NOON + 90 * DAY),
        signed_video,
    );
    let memory = world.disk.path().join("cam-1");
    let anchors = vec![world.root.clone()];
    SimCamera::new(identity.unwrap(), anchors, &[clip(CLIP, file)], SEGMENT, &memory).unwrap()
}

type Outcome = Option<Result<Box<Manifest>, (ClipRefusal, Refused)>>;

/// What becomes of the recording in this meeting; nothing when the camera vanishes.
fn outcome(meeting: &Meeting) -> Outcome {
    meeting.say(Command::Take {
        clip: CLIP,
        viewer: None,
    });
    meeting.until(|event| match event {
        Event::Finished { manifest, .. } => Some(Ok(manifest)),
        Event::Refused { refusal, fault, .. } => Some(Err((refusal, fault))),
        other @ (Event::VaultFailed { .. } | Event::Absent { .. }) => panic!("{other:?}"),
        _ => None,
    })
}

/// The recording of a camera that is switched on and touched, as the terminal takes it.
fn taken(world: &World, file: &[u8], signed_video: bool) -> (Running, Result<Box<Manifest>, ClipRefusal>) {
    let camera = camera(world, file, signed_video);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let outcome = outcome(&meeting).expect("the camera stays");
    meeting.leave();
    (camera, outcome.map_err(|(refusal, _)| refusal))
}

#[track_caller]
fn refused(file: &[u8]) -> ClipRefusal {
    let world = World::new();
    let (camera, outcome) = taken(&world, file, true);
    let vault = world.vault(ROOMY);
    assert!(vault.clips().unwrap().is_empty(), "nothing of it is kept");
    assert_eq!(camera.custody(CLIP), Custody::CameraOnly, "and nothing is lost");
    outcome.expect_err("it was taken in")
}

#[test]
fn a_film_that_its_camera_signed_inside_is_looked_at_once_and_its_manifest_says_so() {
    for codec in [Codec::H264, Codec::H265] {
        let frames = film(codec);
        for form in [Form::Classic, Form::Fast, Form::Fragments(3)] {
            let world = World::new();
            let file = write(codec, &frames, form);
            let (_camera, outcome) = taken(&world, &file, true);
            let manifest = outcome.unwrap();
            let held = VideoCheck::Held {
                signatures: 4,
                frames: 20,
            };
            assert_eq!(manifest.video, Some(held), "{codec:?} {form:?}");
            assert!(
                manifest.segments.len() > 2,
                "{} segments",
                manifest.segments.len()
            );
            let vault = world.vault(ROOMY);
            let Some(camera::vault::Found::Held(found)) = vault.find(CLIP).unwrap() else {
                panic!("it is in the vault");
            };
            assert_eq!(found.manifest(), &*manifest);
            let mut plain = Vec::new();
            for segment in &manifest.segments {
                let sealed = found.read_segment(segment.index).unwrap();
                plain.extend(seal::open(&world.hq, &sealed, 1 << 22).unwrap());
            }
            assert_eq!(Digest::of(&plain), Digest::of(&file), "HQ reads it");
        }
    }
}

#[test]
fn a_film_that_axis_signed_is_looked_at_too() {
    let world = World::new();
    let maker = Camera::new();
    let scene = pictures(SCENE);
    let frames = axis::sign(
        Codec::H264,
        &scene,
        &maker,
        axis::Version::Linked,
        axis::Identity::Certificates,
    );
    let (_camera, outcome) = taken(&world, &write(Codec::H264, &frames, Form::Classic), true);
    assert!(matches!(outcome.unwrap().video, Some(VideoCheck::Held { .. })));
}

#[test]
fn t4_a_film_without_its_signatures_is_refused_and_stays_on_its_camera() {
    let bare: Vec<Frame> = film(Codec::H264)
        .into_iter()
        .map(|frame| {
            Frame(
                frame
                    .0
                    .into_iter()
                    .filter(|unit| !is_sei(Codec::H264, unit))
                    .collect(),
            )
        })
        .collect();
    for form in [Form::Classic, Form::Fast, Form::Fragments(3)] {
        assert_eq!(
            refused(&write(Codec::H264, &bare, form)),
            ClipRefusal::Unsigned,
            "{form:?}"
        );
    }
}

#[test]
fn t4_a_film_that_lost_one_of_its_signatures_is_refused() {
    let mut frames = film(Codec::H264);
    let at = frames
        .iter()
        .position(|frame| frame.0.iter().any(|unit| is_sei(Codec::H264, unit)))
        .unwrap();
    frames[at].0.retain(|unit| !is_sei(Codec::H264, unit));
    assert_eq!(
        refused(&write(Codec::H264, &frames, Form::Classic)),
        ClipRefusal::Unsigned
    );
}

#[test]
fn t4_a_film_whose_pictures_changed_behind_their_signatures_is_refused() {
    let mut frames = film(Codec::H264);
    let unit = frames[7]
        .0
        .iter_mut()
        .rfind(|unit| !is_sei(Codec::H264, unit))
        .unwrap();
    unit[20] ^= 0x04;
    assert_eq!(
        refused(&write(Codec::H264, &frames, Form::Classic)),
        ClipRefusal::VideoDamaged
    );
}

#[test]
fn of_a_camera_that_signs_its_chain_alone_nothing_inside_the_video_is_expected() {
    let world = World::new();
    let bare = write(Codec::H264, &pictures(SCENE), Form::Classic);
    let (_camera, outcome) = taken(&world, &bare, false);
    assert_eq!(outcome.unwrap().video, None);
}

/// The recording comes in two meetings, onto these two vaults.
fn in_two_meetings(world: &World, vaults: [Vault; 2]) -> Option<VideoCheck> {
    let file = write(Codec::H264, &film(Codec::H264), Form::Classic);
    let camera = camera(world, &file, true);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::new([Fault::VanishAfter { bytes: 3000 }]));
    let [first, second] = vaults;
    let mut role = world.role(entry);
    role.vault = first;
    let meeting = Meeting::begin(camera.address(), role);
    let bond = meeting.bond();
    assert!(outcome(&meeting).is_none(), "the camera vanishes");
    let mut role = world.role(Entry::Known(bond));
    role.vault = second;
    let meeting = Meeting::begin(camera.address(), role);
    let manifest = outcome(&meeting).expect("the camera stays").unwrap();
    meeting.leave();
    manifest.video
}

#[test]
fn a_camera_that_vanished_in_between_changes_nothing_about_the_look() {
    let world = World::new();
    let vault = world.vault(ROOMY);
    let video = in_two_meetings(&world, [vault.clone(), vault]);
    assert!(matches!(video, Some(VideoCheck::Held { .. })), "{video:?}");
}

#[test]
fn t16_after_a_stop_of_the_terminal_the_manifest_says_that_nobody_looked() {
    let world = World::new();
    let vaults = [world.vault(ROOMY), world.vault(ROOMY)];
    assert_eq!(in_two_meetings(&world, vaults), Some(VideoCheck::NotChecked));
}
