//! Films that a camera signed, as they are, and damaged in every way that a verdict has to tell apart.

use evidence::report::{Fault, Limit, Outcome, Question, Report, Subject, Verdict, verify_file};
use evidence::signed_video::{Damage, Scheme};
use trust::cert::Profile;
use trust::keys::KeyKind;
use trust::maker::Hash;

use crate::film::axis::{self, Identity, Version};
use crate::film::container::{FORMS, Form, write};
use crate::film::onvif::{Escape, NOON, PLAN, Plan, sign};
use crate::film::{Camera, Codec, Frame, SCENE, Scene, is_sei, is_slice, pictures};
use crate::fixture::World;

/// The report on a film, under the root of its camera's maker.
fn report(camera: &Camera, file: &[u8]) -> Report {
    verify_file(file, &[], &camera.roots())
}

fn map(report: &Report) -> String {
    let video = report
        .claims
        .video
        .as_ref()
        .unwrap_or_else(|| panic!("{:?}", report.checks));
    video.map.iter().map(|state| state.letter()).collect()
}

fn damages(report: &Report) -> Vec<Damage> {
    let faults = report.checks.iter().flat_map(|check| match &check.verdict {
        Verdict::Failed(faults) => faults.clone(),
        Verdict::Ok | Verdict::NotChecked => Vec::new(),
    });
    faults
        .filter_map(|fault| {
            if let Fault::Video(damage) = fault {
                Some(damage)
            } else {
                None
            }
        })
        .collect()
}

/// A signed film with a signature at its very end.
fn film(scene: Scene, plan: Plan) -> (Camera, Vec<Frame>) {
    let camera = Camera::new();
    let frames = sign(scene.codec, &pictures(scene), &camera, Plan { end: true, ..plan });
    (camera, frames)
}

/// The report on a film after `damage`, in every form of file, which all must give the same map.
#[track_caller]
fn damaged(scene: Scene, plan: Plan, damage: impl Fn(&mut Vec<Frame>)) -> Report {
    let (camera, mut frames) = film(scene, plan);
    damage(&mut frames);
    let mut first: Option<Report> = None;
    for form in FORMS {
        let found = report(&camera, &write(scene.codec, &frames, form));
        if let Some(first) = &first {
            assert_eq!(
                (map(first), damages(first)),
                (map(&found), damages(&found)),
                "{form:?}"
            );
        }
        first.get_or_insert(found);
    }
    first.unwrap()
}

const GOOD: &str = "....................";

fn both() -> [Scene; 2] {
    [Codec::H264, Codec::H265].map(|codec| Scene { codec, ..SCENE })
}

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
fn the_last_group_is_judged_by_its_list_when_its_hash_repeats_that_of_the_group_before() {
    let found = damaged(SCENE, PLAN, |frames| flip(frames, 17, 20));
    assert_eq!(damages(&found), [Damage::Modified { first: 17, last: 17 }]);
}

fn flip(frames: &mut [Frame], frame: usize, at: usize) {
    let unit = frames[frame]
        .0
        .iter_mut()
        .rfind(|unit| unit.len() > at && unit[0] != 6 && unit[0] != 0x4e)
        .unwrap();
    unit[at] ^= 0x04;
}

#[test]
fn a_flipped_bit_names_its_picture_and_no_other() {
    for scene in both() {
        for slices in [1, 2] {
            let scene = Scene { slices, ..scene };
            for frame in 0..20 {
                let found = damaged(scene, PLAN, |frames| flip(frames, frame, 20));
                let number = u32::try_from(frame).unwrap();
                assert_eq!(
                    damages(&found),
                    [Damage::Modified {
                        first: number,
                        last: number
                    }],
                    "{scene:?}"
                );
                let mut expected = GOOD.to_owned();
                expected.replace_range(frame..=frame, "N");
                assert_eq!((map(&found), found.outcome()), (expected, Outcome::Tampered));
                assert_eq!(found.verdict(Question::VideoSignature), Some(&Verdict::Ok));
                assert_eq!(found.verdict(Question::VideoSigner), Some(&Verdict::Ok));
            }
        }
    }
}

#[test]
fn a_dropped_picture_is_missing_where_it_was() {
    for scene in both() {
        for plan in [
            PLAN,
            Plan {
                partial: Some(2),
                ..PLAN
            },
            Plan { delay: 2, ..PLAN },
        ] {
            for frame in 0..20 {
                let found = damaged(scene, plan, |frames| {
                    // The signature that stands in front of the picture goes on with the next.
                    let gone = frames.remove(frame);
                    let seis = gone
                        .0
                        .into_iter()
                        .filter(|unit| is_sei(scene.codec, unit))
                        .collect::<Vec<_>>();
                    if frame < 19 {
                        frames[frame].0.splice(0..0, seis);
                    } else {
                        frames[18].0.extend(seis);
                    }
                });
                let before = u32::try_from(frame).unwrap();
                assert_eq!(
                    damages(&found),
                    [Damage::Missing { before, units: 1 }],
                    "{scene:?} {plan:?}"
                );
                let mut expected = ".".repeat(19);
                expected.insert(frame, 'M');
                assert_eq!((map(&found), found.outcome()), (expected, Outcome::Incomplete));
            }
        }
    }
}

#[test]
fn two_pictures_that_changed_places_are_both_named() {
    for scene in both() {
        let found = damaged(scene, PLAN, |frames| frames.swap(6, 7));
        assert_eq!(damages(&found), [Damage::Moved { first: 6, last: 7 }]);
        assert_eq!(found.outcome(), Outcome::Tampered);
        let found = damaged(scene, PLAN, |frames| frames.swap(11, 14));
        assert_eq!(
            damages(&found),
            [
                Damage::Moved { first: 11, last: 11 },
                Damage::Moved { first: 14, last: 14 }
            ]
        );
    }
}

#[test]
fn an_inserted_picture_was_never_signed() {
    for scene in both() {
        let found = damaged(scene, PLAN, |frames| {
            let mut more = frames[8].clone();
            more.0[0][9] ^= 0x10;
            frames.insert(9, more);
        });
        assert_eq!(damages(&found), [Damage::Added { first: 9, last: 9 }]);
        let found = damaged(scene, PLAN, |frames| {
            let again = frames[8].clone();
            frames.insert(9, again);
        });
        assert_eq!(found.outcome(), Outcome::Tampered);
        assert_eq!(damages(&found), [Damage::Added { first: 9, last: 9 }]);
    }
}

#[test]
fn a_stripped_signature_leaves_its_group_unsigned() {
    for scene in both() {
        let found = damaged(scene, PLAN, |frames| {
            frames[10].0.retain(|unit| !is_sei(scene.codec, unit))
        });
        assert_eq!(
            damages(&found),
            [
                Damage::Unsigned { first: 5, last: 9 },
                Damage::SignatureMissing { before: 10, count: 1 }
            ]
        );
        assert_eq!(map(&found), ".....UUUUU..........");
        assert_eq!(found.outcome(), Outcome::Incomplete);
    }
}

#[test]
fn a_forged_group_behind_a_stripped_signature_breaks_the_link() {
    let found = damaged(SCENE, PLAN, |frames| {
        frames[10].0.retain(|unit| !is_sei(Codec::H264, unit));
        (5..10).for_each(|frame| flip(frames, frame, 12));
    });
    assert!(damages(&found).contains(&Damage::Link { before: 10 }));
    assert_eq!(found.outcome(), Outcome::Tampered);
}

#[test]
fn a_group_that_was_cut_out_with_its_signature_breaks_the_link() {
    let found = damaged(SCENE, PLAN, |frames| {
        let sei = frames[5]
            .0
            .iter()
            .position(|unit| is_sei(Codec::H264, unit))
            .unwrap();
        let before = frames[5].0.remove(sei);
        frames.drain(5..10);
        // The signature over the first group stays, that over the second one goes.
        frames[5].0.retain(|unit| !is_sei(Codec::H264, unit));
        frames[5].0.insert(0, before);
    });
    assert_eq!(
        damages(&found),
        [
            Damage::Link { before: 5 },
            Damage::SignatureMissing { before: 5, count: 1 }
        ]
    );
    assert_eq!(found.outcome(), Outcome::Tampered);
}

#[test]
fn a_cut_end_waits_for_its_signature() {
    for scene in both() {
        let found = damaged(scene, PLAN, |frames| frames.truncate(18));
        assert_eq!(damages(&found), [Damage::Pending { first: 15, last: 17 }]);
        assert_eq!(map(&found), "...............PPP");
        assert_eq!(found.outcome(), Outcome::Incomplete);
        let found = damaged(scene, PLAN, |frames| drop(frames.drain(..5)));
        assert!(found.limits.contains(&Limit::BeganBefore));
        assert_eq!(
            (map(&found).as_str(), found.outcome()),
            ("...............", Outcome::Ok)
        );
    }
}

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
fn without_a_list_the_group_is_judged_as_one() {
    let plan = Plan { list: false, ..PLAN };
    for scene in both() {
        let camera = Camera::new();
        let frames = sign(scene.codec, &pictures(scene), &camera, plan);
        let check = |frames: &[Frame]| report(&camera, &write(scene.codec, frames, Form::Classic));
        assert_eq!(map(&check(&frames)), "...............PPPPP");
        let mut changed = frames.clone();
        flip(&mut changed, 7, 20);
        assert_eq!(damages(&check(&changed))[0], Damage::Group { first: 5, last: 9 });
        assert_eq!(map(&check(&changed)), ".....NNNNN.....PPPPP");
        let mut dropped = frames.clone();
        dropped.remove(12);
        assert_eq!(
            damages(&check(&dropped))[..2],
            [
                Damage::Group { first: 10, last: 13 },
                Damage::Missing { before: 14, units: 1 }
            ]
        );
        let mut stripped = frames.clone();
        stripped[10].0.retain(|unit| !is_sei(scene.codec, unit));
        assert_eq!(map(&check(&stripped)), ".....UUUUU.....PPPPP");
        // The end of the stream says again what was said before, and nothing of its own group.
        let ended = sign(scene.codec, &pictures(scene), &camera, Plan { end: true, ..plan });
        assert_eq!(map(&check(&ended)), "...............PPPPP");
    }
}

#[test]
fn a_group_whose_last_pictures_or_first_were_dropped_is_told_where() {
    let found = damaged(SCENE, PLAN, |frames| drop(frames.drain(8..10)));
    assert_eq!(damages(&found), [Damage::Missing { before: 8, units: 2 }]);
    assert_eq!(map(&found), "........MM..........");
}

#[test]
fn a_changed_message_holds_no_more() {
    let found = damaged(SCENE, PLAN, |frames| {
        let sei = frames[10]
            .0
            .iter_mut()
            .find(|unit| is_sei(Codec::H264, unit))
            .unwrap();
        let at = sei.len() - 200;
        sei[at] ^= 0x20;
    });
    let first = damages(&found);
    assert!(
        first.iter().any(|damage| matches!(
            damage,
            Damage::SignatureWrong { frame: 10 } | Damage::SignatureUnreadable { frame: 10 }
        )),
        "{first:?}"
    );
    assert_eq!(found.outcome(), Outcome::Tampered);
    assert_eq!(map(&found), ".....UUUUU..........");
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
fn another_recording_and_one_again_are_told() {
    let (camera, frames) = film(SCENE, PLAN);
    let more = sign(
        SCENE.codec,
        &pictures(Scene { groups: 2, ..SCENE }),
        &camera,
        Plan {
            end: true,
            start: NOON + 9_000_000_000,
            ..PLAN
        },
    );
    let joined = [frames.clone(), more].concat();
    let found = report(&camera, &write(SCENE.codec, &joined, Form::Classic));
    assert_eq!(damages(&found), [Damage::Joined { frame: 20 }]);
    let again = [frames.clone(), frames[5..15].to_vec()].concat();
    let found = report(&camera, &write(SCENE.codec, &again, Form::Classic));
    assert_eq!(found.outcome(), Outcome::Tampered);
    assert!(
        damages(&found)
            .iter()
            .any(|damage| matches!(damage, Damage::Replayed { .. })),
        "{:?}",
        damages(&found)
    );
}

#[test]
fn a_slice_of_a_kind_that_nobody_signs_is_unsigned() {
    let found = damaged(SCENE, PLAN, |frames| frames[3].0.push(vec![0x42, 0x48, 7, 0x80]));
    assert_eq!(damages(&found), [Damage::Unsigned { first: 3, last: 3 }]);
    assert_eq!(found.outcome(), Outcome::Incomplete);
}

#[test]
fn a_unit_that_changed_its_type_leaves_its_picture_damaged() {
    for frame in [0, 3, 4, 5, 9, 12] {
        let (camera, mut frames) = film(SCENE, PLAN);
        let unit = frames[frame]
            .0
            .iter_mut()
            .rfind(|unit| is_slice(Codec::H264, unit))
            .unwrap();
        unit[0] ^= 0x08;
        let found = report(&camera, &write(SCENE.codec, &frames, Form::Classic));
        let number = u32::try_from(frame).unwrap();
        assert_eq!(
            damages(&found),
            [Damage::Modified {
                first: number,
                last: number
            }]
        );
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
    let patrol = include_bytes!("../../../../simulator/clips/patrol.mp4");
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

#[test]
fn the_pictures_of_a_real_coder_are_signed_and_checked_like_any() {
    let patrol = include_bytes!("../../../../simulator/clips/patrol.mp4").as_slice();
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
