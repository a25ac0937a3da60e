//! Who meets whom, and who does not.

use camera::driver::{Ending, Entry, Event};
use camera::pairing::{CameraIdentity, PairingRefusal, Suite, Tap, Trust, greet};
use camera::{Secret32, invitation::Invitation};
use domain::footage::{GapCause, TriggerCause};
use domain::{CameraId, Digest};
use proptest::prelude::*;
use trust::cert::Revocations;

use crate::sim::{Fault, Faults, Identity, SimCamera};
use crate::world::{CLIP, Meeting, World, clip, device, on, patrol};

fn camera(world: &World) -> SimCamera {
    world.camera(&clip(CLIP, patrol()))
}

#[test]
fn two_that_met_by_touch_meet_again_and_again_without_it() {
    let world = World::new();
    let camera = camera(&world);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let first = meeting.bond();
    meeting.leave();
    assert_eq!(first.camera.as_str(), "cam-1");
    let mut bond = first.clone();
    for _ in 0..3 {
        let meeting = Meeting::begin(camera.address(), world.role(Entry::Known(bond)));
        bond = meeting.bond();
        meeting.leave();
        assert_eq!(bond.transcript, first.transcript, "the pairing keeps its name");
    }
}

/// Both suites, at the touch and after it.
#[test]
fn a_camera_is_met_with_the_ciphers_that_its_invitation_names() {
    for suite in Suite::ALL {
        let world = World::new();
        let camera = world.camera_of(world.identity("cam-1").speaking(suite));
        let invitation = camera.invitation();
        let text = invitation.to_text();
        assert_eq!(Invitation::parse(&text).unwrap().suite, suite);
        let camera = on(camera, Faults::default());
        let meeting = Meeting::begin(camera.address(), world.role(Entry::Tap(invitation)));
        let bond = meeting.bond();
        meeting.leave();
        Meeting::begin(camera.address(), world.role(Entry::Known(bond))).bond();
    }
}

/// Whoever stands between changes the number on the tag, or the first byte on the air.
#[test]
fn nobody_chooses_other_ciphers_for_two_that_meet() {
    let world = World::new();
    let identity = world.identity("cam-1").speaking(Suite::AesGcm).pairing;
    let camera = world.camera_of(world.identity("cam-1").speaking(Suite::AesGcm));
    let invitation = Invitation {
        suite: Suite::ChaChaPoly,
        ..camera.invitation()
    };
    let (_, first) = Tap::begin(invitation.clone()).unwrap();
    let greeted = |frame: &[u8]| greet(&identity, &[], frame, Secret32::generate());
    assert_eq!(greeted(&first).err(), Some(PairingRefusal::Suite));
    let relabelled = [[3].as_slice(), &first[1..]].concat();
    assert_eq!(greeted(&relabelled).err(), Some(PairingRefusal::Handshake));
    let camera = on(camera, Faults::default());
    let ending = Meeting::begin(camera.address(), world.role(Entry::Tap(invitation))).ending();
    assert_eq!(ending, Ending::Unanswered);
}

#[test]
fn a_camera_that_changed_its_ciphers_is_touched_again() {
    let world = World::new();
    let file = world.disk.path().join("identity");
    world.identity("cam-1").save(&file).unwrap();
    let start = |suite| world.camera_of(Identity::load(&file).unwrap().unwrap().speaking(suite));
    let camera = start(Suite::ChaChaPoly);
    let entry = Entry::Tap(camera.invitation());
    let running = on(camera, Faults::default());
    let meeting = Meeting::begin(running.address(), world.role(entry));
    let bond = meeting.bond();
    meeting.leave();
    drop(running);
    let camera = start(Suite::AesGcm);
    let entry = Entry::Tap(camera.invitation());
    let running = on(camera, Faults::default());
    let ending = Meeting::begin(running.address(), world.role(Entry::Known(bond))).ending();
    assert_eq!(ending, Ending::Unanswered);
    Meeting::begin(running.address(), world.role(entry)).bond();
}

#[test]
fn a_terminal_that_lost_its_latest_memory_still_meets_and_an_older_one_does_not() {
    let world = World::new();
    let camera = camera(&world);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meet = |entry| {
        let meeting = Meeting::begin(camera.address(), world.role(entry));
        let bond = meeting.bond();
        meeting.leave();
        bond
    };
    let first = meet(Entry::Tap(match entry {
        Entry::Tap(invitation) => invitation,
        Entry::Known(_) => unreachable!(),
    }));
    meet(Entry::Known(first.clone()));
    let second = meet(Entry::Known(first.clone()));
    meet(Entry::Known(second));
    let ending = Meeting::begin(camera.address(), world.role(Entry::Known(first))).ending();
    assert_eq!(ending, Ending::Unanswered);
}

#[test]
fn a_camera_that_was_switched_off_remembers_whom_it_met() {
    let world = World::new();
    let file = world.disk.path().join("identity");
    world.identity("cam-1").save(&file).unwrap();
    let memory = world.disk.path().join("memory");
    let start = || {
        let identity = Identity::load(&file).unwrap().unwrap();
        SimCamera::new(identity, vec![world.root.clone()], &[], 64, &memory).unwrap()
    };
    let entry = Entry::Tap(start().invitation());
    let running = on(start(), Faults::default());
    let meeting = Meeting::begin(running.address(), world.role(entry));
    let bond = meeting.bond();
    meeting.leave();
    drop(running);
    let running = on(start(), Faults::default());
    Meeting::begin(running.address(), world.role(Entry::Known(bond))).bond();
}

#[test]
fn the_wrong_secret_gets_no_answer() {
    let world = World::new();
    let camera = camera(&world);
    let invitation = Invitation {
        secret: Secret32::generate(),
        ..camera.invitation()
    };
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role(Entry::Tap(invitation)));
    assert!(meeting.until(|_| Some(())).is_none(), "nothing is learned");
    assert_eq!(meeting.ending(), Ending::Unanswered);
}

#[test]
fn a_camera_other_than_the_one_that_was_touched_is_refused() {
    let world = World::new();
    let camera = camera(&world);
    let invitation = camera.invitation();
    let camera = on(camera, Faults::default());
    let refused = |invitation| Meeting::begin(camera.address(), world.role(Entry::Tap(invitation))).ending();
    let other_key = Invitation {
        key: Digest::of(b"other"),
        ..invitation.clone()
    };
    assert_eq!(refused(other_key), Ending::Refused(PairingRefusal::OtherCamera));
    let other_name = Invitation {
        camera: CameraId::parse("cam-2").unwrap(),
        ..invitation
    };
    assert_eq!(refused(other_name), Ending::Refused(PairingRefusal::OtherCamera));
}

#[test]
fn a_camera_that_nobody_trusted_vouches_for_is_refused() {
    let (world, elsewhere) = (World::new(), World::new());
    let camera = camera(&elsewhere);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let ending = Meeting::begin(camera.address(), world.role(entry)).ending();
    assert!(
        matches!(ending, Ending::Refused(PairingRefusal::NotTrusted(_))),
        "{ending:?}"
    );
}

#[test]
fn a_terminal_that_nobody_trusted_vouches_for_gets_no_answer() {
    let (world, elsewhere) = (World::new(), World::new());
    let camera = camera(&world);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let meeting = Meeting::begin(camera.address(), world.role_of(&elsewhere.device, entry));
    assert!(meeting.until(|_| Some(())).is_none());
}

#[test]
fn a_terminal_without_the_key_of_its_certificate_gets_no_answer() {
    let world = World::new();
    let camera = camera(&world);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let thief = device("neo-000007", &world.issuing_key, &world.issuing);
    let mut role = world.role(entry);
    role.sign = Box::new(move |bytes| Some(thief.key.sign(bytes)));
    let meeting = Meeting::begin(camera.address(), role);
    assert!(meeting.until(|_| Some(())).is_none());
}

#[test]
fn a_key_out_of_reach_ends_the_meeting_before_the_camera_knows_anything() {
    let world = World::new();
    let camera = camera(&world);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::default());
    let mut role = world.role(entry);
    role.sign = Box::new(|_| None);
    assert_eq!(Meeting::begin(camera.address(), role).ending(), Ending::NoKey);
}

#[test]
fn an_invitation_serves_one_terminal_as_often_as_it_asks() {
    let world = World::new();
    let mut camera = camera(&world);
    camera.renew_invitation().unwrap();
    let invitation = camera.invitation();
    let camera = on(camera, Faults::default());
    for _ in 0..2 {
        Meeting::begin(camera.address(), world.role(Entry::Tap(invitation.clone()))).bond();
    }
    let other = device("neo-000008", &world.issuing_key, &world.issuing);
    let meeting = Meeting::begin(camera.address(), world.role_of(&other, Entry::Tap(invitation)));
    assert!(meeting.until(|_| Some(())).is_none());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_first_frames_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let identity = CameraIdentity { certificates: vec![], noise: Secret32::generate(), suite: Suite::default() };
        let mut tap = vec![2];
        tap.extend(&bytes);
        prop_assert!(greet(&identity, &[], &tap, Secret32::generate()).is_err());
        let _ = greet(&identity, &[], &bytes, Secret32::generate());
    }

    #[test]
    fn random_answers_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let invitation = Invitation {
            suite: Suite::default(),
            camera: CameraId::parse("cam-1").unwrap(),
            key: Digest::of(b""),
            secret: Secret32::generate(),
        };
        let (tap, _) = Tap::begin(invitation).unwrap();
        let revocations = Revocations::default();
        let trust = Trust { anchors: &[], revocations: &revocations, at: domain::UnixMs(0) };
        prop_assert!(tap.meet(&bytes, trust).is_err());
    }
}

#[test]
fn t17_a_camera_without_charge_and_room_says_so_and_what_it_lost() {
    let world = World::new();
    let camera = camera(&world);
    let entry = Entry::Tap(camera.invitation());
    let camera = on(camera, Faults::new([Fault::Failing]));
    let meeting = Meeting::begin(camera.address(), world.role(entry));
    let status = meeting.until(|event| match event {
        Event::Status(status) => Some(status),
        _ => None,
    });
    let status = status.unwrap();
    assert_eq!((status.battery, status.free), (4, 0));
    let gap = status.gap.unwrap();
    assert_eq!(gap.cause, GapCause::Full);
    assert_eq!(gap.until.0 - gap.from.0, 600_000);
    meeting.leave();
}

#[test]
fn a_camera_records_from_its_button_until_a_hand_ends_it_and_answers_nobody_out_of_reach() {
    let world = World::new();
    let camera = camera(&world);
    let taps = [camera.invitation(), camera.invitation()].map(Entry::Tap);
    let camera = on(camera, Faults::default());
    camera.trigger(TriggerCause::Button);
    assert!(camera.is_recording());
    camera.trigger(TriggerCause::VehicleLights);
    camera.stop_recording();
    assert!(!camera.is_recording());
    let [away, back] = taps;
    camera.go_away(true);
    let ending = Meeting::begin(camera.address(), world.role(away)).ending();
    assert_ne!(ending, Ending::Left, "it was answered");
    camera.go_away(false);
    let meeting = Meeting::begin(camera.address(), world.role(back));
    let status = meeting.until(|event| match event {
        Event::Status(status) => Some(status),
        _ => None,
    });
    assert!(!status.unwrap().recording);
    meeting.leave();
}
