//! Whose signature it is, when it was made, and what could not be checked.

use super::*;

#[test]
fn a_film_without_its_signatures_is_not_signed_and_never_ok() {
    for scene in both() {
        let found = damaged(scene, PLAN, |frames| {
            frames
                .iter_mut()
                .for_each(|frame| frame.0.retain(|unit| !is_sei(scene.codec, unit)));
        });
        assert_eq!(found.outcome(), Outcome::Incomplete);
        assert_eq!(found.verdict(Question::Frames), Some(&Verdict::NotChecked));
        assert_eq!(found.verdict(Question::VideoSigner), Some(&Verdict::NotChecked));
        assert_eq!(
            found.verdict(Question::VideoSignature),
            Some(&Verdict::Failed(vec![Fault::VideoNotSigned]))
        );
    }
}

#[test]
fn another_certificate_does_not_make_another_signer() {
    let (camera, other) = (Camera::new(), Camera::new());
    let frames = sign(
        SCENE.codec,
        &pictures(SCENE),
        &camera,
        Plan {
            once: true,
            end: true,
            ..PLAN
        },
    );
    let forged = sign(
        SCENE.codec,
        &pictures(SCENE),
        &other,
        Plan {
            once: true,
            end: true,
            ..PLAN
        },
    );
    let mut replaced = frames.clone();
    replaced[0] = forged[0].clone();
    let file = write(SCENE.codec, &replaced, Form::Classic);
    let found = verify_file(&file, &[], &[camera.roots(), other.roots()].concat());
    assert_eq!(found.outcome(), Outcome::Tampered);
    assert_eq!(
        found.claims.video.as_ref().unwrap().signatures,
        1,
        "the forged message itself"
    );
    // With both certificates in it, the second one is told.
    let mut both = frames.clone();
    let sei = forged[0]
        .0
        .iter()
        .find(|unit| is_sei(SCENE.codec, unit))
        .unwrap()
        .clone();
    both[10].0.insert(0, sei);
    let found = verify_file(&write(SCENE.codec, &both, Form::Stream), &[], &camera.roots());
    assert!(damages(&found).contains(&Damage::SignerChanged { frame: 10 }));
    assert_eq!(found.outcome(), Outcome::Tampered);
}

#[test]
fn a_signer_that_nobody_vouches_for_is_untrusted_and_nothing_else() {
    let (_, frames) = film(SCENE, PLAN);
    let found = report(&Camera::new(), &write(SCENE.codec, &frames, Form::Classic));
    assert_eq!(found.outcome(), Outcome::Untrusted);
    assert_eq!(found.verdict(Question::Frames), Some(&Verdict::Ok));
    assert_eq!(found.verdict(Question::VideoSignature), Some(&Verdict::Ok));
}

#[test]
fn below_a_root_of_the_project_only_a_camera_signs_films() {
    let terminal = Camera::new();
    let camera = Camera::of(Profile::Camera, KeyKind::Ed25519);
    for (signer, outcome) in [(&terminal, Outcome::Untrusted), (&camera, Outcome::Ok)] {
        let frames = sign(SCENE.codec, &pictures(SCENE), signer, Plan { end: true, ..PLAN });
        let file = write(SCENE.codec, &frames, Form::Classic);
        let found = verify_file(&file, std::slice::from_ref(&signer.root), &[]);
        assert_eq!(found.outcome(), outcome, "{:?}", found.checks);
        assert_eq!(found.verdict(Question::Frames), Some(&Verdict::Ok));
    }
}

#[test]
fn a_time_that_cannot_be_is_not_established_and_taints_nothing_else() {
    let table = [
        // The clock counts from 1601.
        (0, Limit::ClockUnset),
        (40_000_000_000, Limit::ClockUnset),
        // 1969, 1970 and 2000.
        (116_440_000_000_000_000, Limit::ClockUnset),
        (116_444_736_420_000_000, Limit::ClockUnset),
        (125_911_584_000_000_000, Limit::ClockUnset),
        // The leaf is valid until 90 days after noon.
        (NOON + 120 * 86_400 * 10_000_000, Limit::ClaimOutsideValidity),
        (NOON - 2 * 86_400 * 10_000_000, Limit::ClaimOutsideValidity),
    ];
    for (start, limit) in table {
        let found = damaged(SCENE, Plan { start, ..PLAN }, |_| {});
        assert!(found.limits.contains(&limit), "{limit:?}");
        assert_eq!(found.verdict(Question::VideoTime), Some(&Verdict::NotChecked));
        for question in [Question::Frames, Question::VideoSignature, Question::VideoSigner] {
            assert_eq!(found.verdict(question), Some(&Verdict::Ok), "{question:?}");
        }
        assert_eq!(found.outcome(), Outcome::Incomplete);
    }
}

#[test]
fn axis_signs_pictures_and_the_key_stays_without_an_owner() {
    for scene in both() {
        let camera = Camera::new();
        for version in [Version::Listed, Version::Chained, Version::Linked] {
            let frames = axis::sign(scene.codec, &pictures(scene), &camera, version, Identity::Key);
            let check = |frames: &[Frame]| report(&camera, &write(scene.codec, frames, Form::Stream));
            let found = check(&frames);
            let next = if version == Version::Linked { 'P' } else { '.' };
            assert_eq!(map(&found), format!("...............{next}PPPP"), "{version:?}");
            assert_eq!(found.claims.video.as_ref().unwrap().scheme, Some(Scheme::Axis));
            assert_eq!(
                found.verdict(Question::VideoSignature),
                Some(&Verdict::Ok),
                "{version:?}"
            );
            assert_eq!(found.verdict(Question::VideoSigner), Some(&Verdict::NotChecked));
            assert!(found.limits.contains(&Limit::BareKey) && !found.limits.contains(&Limit::BeganBefore));
            assert_eq!(found.outcome(), Outcome::Incomplete);

            let mut changed = frames.clone();
            flip(&mut changed, 7, 20);
            let expected = if version == Version::Chained {
                ".....NNNNN....."
            } else {
                ".......N......."
            };
            assert_eq!(&map(&check(&changed))[..15], expected, "{version:?}");
            assert_eq!(check(&changed).outcome(), Outcome::Tampered);
            let mut dropped = frames.clone();
            dropped.remove(8);
            assert_ne!(check(&dropped).verdict(Question::Frames), Some(&Verdict::Ok));
        }
        let frames = axis::sign(
            scene.codec,
            &pictures(scene),
            &camera,
            Version::Linked,
            Identity::Certificates,
        );
        let found = report(&camera, &write(scene.codec, &frames, Form::Classic));
        assert_eq!(found.verdict(Question::VideoSigner), Some(&Verdict::Ok));
    }
}

#[test]
fn a_key_does_not_borrow_the_certificates_that_come_with_it() {
    let (camera, forger) = (Camera::new(), Camera::new());
    let honest = axis::sign(
        SCENE.codec,
        &pictures(SCENE),
        &camera,
        Version::Linked,
        Identity::Both,
    );
    let found = report(&camera, &write(SCENE.codec, &honest, Form::Classic));
    assert_eq!(found.verdict(Question::VideoSignature), Some(&Verdict::Ok));
    assert_eq!(found.verdict(Question::VideoSigner), Some(&Verdict::Ok));
    let dressed = Camera {
        chain: camera.chain.clone(),
        ..forger
    };
    let forged = axis::sign(
        SCENE.codec,
        &pictures(SCENE),
        &dressed,
        Version::Linked,
        Identity::Both,
    );
    let found = report(&camera, &write(SCENE.codec, &forged, Form::Classic));
    assert_eq!(found.outcome(), Outcome::Tampered);
}

#[test]
fn a_video_of_the_projects_own_camera_carries_no_signature_inside() {
    let patrol = include_bytes!("../../../../../simulator/clips/patrol.mp4");
    let found = verify_file(patrol, std::slice::from_ref(&World::new().root), &[]);
    assert_eq!(found.verdict(Question::Video), Some(&Verdict::Ok));
    assert_eq!(found.outcome(), Outcome::Incomplete);
}

#[test]
fn what_cannot_be_checked_is_not_checked_and_never_ok() {
    // The messages name a hash that nobody knows.
    let found = damaged(SCENE, PLAN, |frames| {
        let sha256 = [0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01];
        for unit in frames.iter_mut().flat_map(|frame| &mut frame.0) {
            if let Some(at) = unit.windows(9).position(|nine| nine == sha256) {
                unit[at + 8] = 0x77;
            }
        }
    });
    assert_eq!(
        found.verdict(Question::VideoSignature),
        Some(&Verdict::NotChecked)
    );
    assert_eq!(damages(&found), [Damage::Unsigned { first: 0, last: 19 }]);
    assert!(found.limits.contains(&Limit::Algorithms));
    assert_eq!(found.outcome(), Outcome::Incomplete);
    // So do they a version of their own that comes one day.
    let found = damaged(SCENE, Plan { version: 3, ..PLAN }, |_| {});
    assert_eq!(
        found.verdict(Question::VideoSignature),
        Some(&Verdict::NotChecked)
    );
    assert_eq!(found.outcome(), Outcome::Incomplete);
    // A message that holds, and not one picture.
    let (camera, mut frames) = film(SCENE, Plan { once: true, ..PLAN });
    frames.truncate(1);
    frames[0].0.retain(|unit| !is_slice(Codec::H264, unit));
    let found = report(&camera, &write(SCENE.codec, &frames, Form::Classic));
    assert_eq!(found.verdict(Question::Frames), Some(&Verdict::NotChecked));
    assert_eq!(found.verdict(Question::VideoSignature), Some(&Verdict::Ok));
    assert_eq!(found.outcome(), Outcome::Incomplete);
}
