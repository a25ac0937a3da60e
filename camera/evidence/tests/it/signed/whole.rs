//! Films as their camera signed them.

use super::*;

#[test]
fn a_signed_film_is_ok_in_every_codec_container_and_way_of_signing() {
    let plans = [
        PLAN,
        Plan {
            escape: Escape::Before,
            ..PLAN
        },
        Plan { once: true, ..PLAN },
        Plan {
            once: true,
            escape: Escape::Before,
            delay: 2,
            ..PLAN
        },
        Plan { version: 1, ..PLAN },
        Plan {
            partial: Some(2),
            ..PLAN
        },
        Plan {
            partial: Some(2),
            delay: 1,
            ..PLAN
        },
        Plan { delay: 3, ..PLAN },
        Plan { every: 2, ..PLAN },
    ];
    for scene in both() {
        for plan in plans {
            for slices in [1, 3] {
                let scene = Scene { slices, ..scene };
                let found = damaged(scene, plan, |_| {});
                assert_eq!(found.subject, Subject::Video);
                assert_eq!(damages(&found), [], "{scene:?} {plan:?}");
                assert_eq!(map(&found), GOOD, "{scene:?} {plan:?}");
                assert_eq!(
                    found.outcome(),
                    Outcome::Ok,
                    "{scene:?} {plan:?} {:?}",
                    found.checks
                );
                assert!(found.limits.contains(&Limit::CameraClock));
            }
        }
    }
}

#[test]
fn an_sei_that_was_never_escaped_is_taken_as_it_is() {
    for scene in both() {
        let (camera, frames) = film(
            scene,
            Plan {
                escape: Escape::Never,
                ..PLAN
            },
        );
        for form in [Form::Classic, Form::Fast, Form::Fragments(4)] {
            let found = report(&camera, &write(scene.codec, &frames, form));
            assert_eq!((map(&found).as_str(), found.outcome()), (GOOD, Outcome::Ok));
        }
    }
}

#[test]
fn longer_hashes_and_ed25519_are_known() {
    let camera = Camera::of(Profile::Camera, KeyKind::Ed25519);
    for hash in [Hash::Sha384, Hash::Sha512] {
        let plan = Plan {
            hash,
            end: true,
            ..PLAN
        };
        let mut frames = sign(SCENE.codec, &pictures(SCENE), &camera, plan);
        let found = report(&camera, &write(SCENE.codec, &frames, Form::Classic));
        assert_eq!((map(&found).as_str(), found.outcome()), (GOOD, Outcome::Ok));
        flip(&mut frames, 12, 20);
        let found = report(&camera, &write(SCENE.codec, &frames, Form::Classic));
        assert_eq!(damages(&found), [Damage::Modified { first: 12, last: 12 }]);
    }
}

#[test]
fn what_the_file_says_of_itself_is_told_as_a_claim() {
    let found = damaged(SCENE, PLAN, |_| {});
    let video = found.claims.video.unwrap();
    assert_eq!(
        (video.scheme, video.frames, video.signatures),
        (Some(Scheme::Onvif), 20, 4)
    );
    assert_eq!(video.signer.as_deref(), Some("neo-000007"));
    let device = video.device.unwrap();
    assert_eq!(
        (device.manufacturer.as_str(), device.serial.as_str()),
        ("Maker", "SER-42")
    );
    let clock = video.clock.unwrap();
    assert_eq!(
        (clock.started.0, clock.ended.0),
        (1_795_262_400_000, 1_795_262_404_000)
    );
    assert_eq!(video.times[7], 280);
}

#[test]
fn the_pictures_of_a_real_coder_are_signed_and_checked_like_any() {
    let patrol = include_bytes!("../../../../../simulator/clips/patrol.mp4").as_slice();
    let mut frames: Vec<Frame> = Vec::new();
    evidence::video::read(&patrol, &mut |unit| {
        let number = usize::try_from(unit.frame).unwrap();
        frames.resize_with(frames.len().max(number + 1), || Frame(Vec::new()));
        frames[number].0.push(unit.bytes.to_vec());
    })
    .unwrap();
    let camera = Camera::new();
    for escape in [Escape::Before, Escape::After] {
        let plan = Plan {
            end: true,
            partial: Some(20),
            escape,
            ..PLAN
        };
        let mut signed = sign(Codec::H264, &frames, &camera, plan);
        for form in FORMS {
            let found = report(&camera, &write(Codec::H264, &signed, form));
            assert_eq!(found.outcome(), Outcome::Ok, "{:?}", found.checks);
        }
        flip(&mut signed, 40, 30);
        let found = report(&camera, &write(Codec::H264, &signed, Form::Fast));
        assert_eq!(damages(&found), [Damage::Modified { first: 40, last: 40 }]);
    }
}
