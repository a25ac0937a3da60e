//! A camera's events as it signs them, and every way to spoil one.

use domain::ClipId;
use domain::footage::{Gap, GapCause, Trigger, TriggerCause};
use trust::cert::{Claims, Profile, Request, SubjectName, issue, random_serial, self_signed_root};
use trust::keys::KeyKind;

use super::*;

const NOON: i64 = 1_795_262_400_000;

struct Camera {
    id: CameraId,
    key: SigningKey,
    certificate: Certificate,
}

fn camera(id: &str) -> Camera {
    let root_key = SigningKey::generate(KeyKind::P256);
    let root = self_signed_root("root", &root_key, &random_serial(), NOON, NOON + 1000).unwrap();
    let key = SigningKey::generate(KeyKind::Ed25519);
    let request = Request {
        profile: Profile::Camera,
        common_name: id,
        public_key: &key.public(),
        names: &[SubjectName::Holder(Holder::Camera(id.to_owned()))],
        claims: &Claims {
            noise_key: Some([9; 32]),
            ..Claims::default()
        },
        serial: &random_serial(),
        not_before_unix_ms: NOON,
        not_after_unix_ms: NOON + 1000,
    };
    let certificate = issue(&request, &root_key, &root).unwrap();
    Camera {
        id: CameraId::parse(id).unwrap(),
        key,
        certificate,
    }
}

fn gap(minute: i64) -> CameraSaid {
    CameraSaid::Gap(Gap {
        from: UnixMs(NOON + minute * 60_000),
        until: UnixMs(NOON + (minute + 1) * 60_000),
        cause: GapCause::Full,
    })
}

fn known(message: &[u8], counter: u64) -> Option<Known> {
    Some(Known {
        counter,
        message: Digest::of(message),
    })
}

/// Three events in their order: a gap, a trigger, a gap.
fn log(camera: &Camera) -> Vec<Vec<u8>> {
    let began = CameraSaid::Began {
        clip: ClipId::from_bytes([4; 16]),
        trigger: Trigger {
            cause: TriggerCause::VehicleLights,
            counter: Some(7),
        },
        buffered_ms: 30_000,
    };
    let mut last = None;
    let mut messages = Vec::new();
    for (counter, said) in (1..).zip([gap(0), began, gap(2)]) {
        let signer = (&camera.key, &camera.certificate);
        let message = state(signer, &camera.id, last, UnixMs(NOON), said).unwrap();
        last = known(&message, counter);
        messages.push(message);
    }
    messages
}

#[test]
fn events_are_read_in_the_order_in_which_they_were_signed() {
    let camera = camera("cam-1");
    let mut last = None;
    for (counter, message) in (1..).zip(log(&camera)) {
        let event = read(&message, &camera.certificate, last).unwrap();
        assert_eq!((event.counter, event.camera), (counter, camera.id.clone()));
        last = known(&message, counter);
    }
}

#[test]
fn t8_an_event_that_comes_again_never_counts_again() {
    let camera = camera("cam-1");
    let messages = log(&camera);
    for (again, message) in (1..).zip(&messages) {
        assert_eq!(
            read(message, &camera.certificate, known(&messages[2], 3)),
            Err(NotAnEvent::Replayed { found: again })
        );
    }
}

#[test]
fn t17_a_gap_that_was_changed_or_taken_out_shows() {
    let camera = camera("cam-1");
    let messages = log(&camera);
    for at in 0..messages[0].len() {
        let mut changed = messages[0].clone();
        changed[at] ^= 1;
        assert!(read(&changed, &camera.certificate, None).is_err(), "byte {at}");
    }
    // Another story in the place of the second event.
    let signer = (&camera.key, &camera.certificate);
    let other = state(signer, &camera.id, known(b"another", 1), UnixMs(NOON), gap(1)).unwrap();
    assert_eq!(
        read(&other, &camera.certificate, known(&messages[0], 1)),
        Err(NotAnEvent::Link { found: 2 })
    );
    // One that was left out shows by the counter, which goes on.
    let third = read(&messages[2], &camera.certificate, known(&messages[0], 1)).unwrap();
    assert_eq!(third.counter, 3);
}

#[test]
fn an_event_of_another_camera_does_not_count() {
    let (one, other) = (camera("cam-1"), camera("cam-2"));
    let foreign = log(&other).remove(0);
    assert_eq!(read(&foreign, &one.certificate, None), Err(NotAnEvent::Signature));
    // Its own key, under the name of another.
    let signer = (&one.key, &one.certificate);
    let borrowed = state(signer, &other.id, None, UnixMs(NOON), gap(0)).unwrap();
    assert_eq!(
        read(&borrowed, &one.certificate, None),
        Err(NotAnEvent::ForeignCamera)
    );
}

#[test]
fn the_file_of_events_has_one_spelling() {
    let messages = log(&camera("cam-1"));
    let file = join(&messages);
    assert_eq!(split(&file), Ok(messages));
    assert_eq!(split(&[]), Err(NotAnEvent::Unreadable));
    assert_eq!(split(&file[..file.len() - 1]), Err(NotAnEvent::Unreadable));
    let more = vec![vec![0]; MAX_CARRIED + 1];
    assert_eq!(split(&join(&more)), Err(NotAnEvent::Unreadable));
}
