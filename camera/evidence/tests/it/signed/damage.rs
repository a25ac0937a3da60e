//! What was done to the pictures and to the signatures between them, and where.

use super::*;

#[test]
fn the_last_group_is_judged_by_its_list_when_its_hash_repeats_that_of_the_group_before() {
    let found = damaged(SCENE, PLAN, |frames| flip(frames, 17, 20));
    assert_eq!(damages(&found), [Damage::Modified { first: 17, last: 17 }]);
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
        assert!(found.limits.contains(&Limit::BeganBefore) && found.limits.contains(&Limit::OpenEnded));
        assert_eq!(
            (map(&found).as_str(), found.outcome()),
            ("...............", Outcome::Ok)
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
