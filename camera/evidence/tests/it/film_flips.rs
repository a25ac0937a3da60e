//! Signed films with bytes, pictures and units changed at random.

use std::sync::LazyLock;

use evidence::report::{Fault, Outcome, Report, Verdict, verify_file};
use evidence::video::read;
use proptest::prelude::*;

use crate::film::container::{FORMS, Form, write};
use crate::film::onvif::{Escape, PLAN, Plan, sign};
use crate::film::{Camera, Codec, Frame, SCENE, Scene, is_slice, pictures};

static CAMERA: LazyLock<Camera> = LazyLock::new(Camera::new);

/// One film for each way of signing that a test draws.
static FILMS: LazyLock<Vec<(Codec, Vec<Frame>)>> = LazyLock::new(|| {
    let plans = [
        Plan { end: true, ..PLAN },
        Plan {
            end: true,
            partial: Some(2),
            delay: 1,
            ..PLAN
        },
        Plan {
            end: true,
            once: true,
            escape: Escape::Before,
            ..PLAN
        },
        Plan { list: false, ..PLAN },
    ];
    let films = plans
        .iter()
        .flat_map(|plan| [Codec::H264, Codec::H265].map(|codec| (codec, *plan)));
    films
        .map(|(codec, plan)| {
            (
                codec,
                sign(
                    codec,
                    &pictures(Scene {
                        codec,
                        slices: 2,
                        ..SCENE
                    }),
                    &CAMERA,
                    plan,
                ),
            )
        })
        .collect()
});

fn report(file: &[u8]) -> Report {
    verify_file(file, &[], &CAMERA.roots())
}

/// The slices of a file, in order.
fn slices(file: &[u8]) -> Option<Vec<Vec<u8>>> {
    let mut slices = Vec::new();
    let read = read(&file, &mut |unit| {
        if unit.header.kind.is_slice() {
            slices.push(unit.bytes.to_vec());
        }
    });
    read.is_ok().then_some(slices)
}

/// Whether a finding is about this picture, or the place between it and the one before or behind.
fn names(report: &Report, frame: u32, around: u32) -> bool {
    let mut faults = report.checks.iter().flat_map(|check| match &check.verdict {
        Verdict::Failed(faults) => faults.as_slice(),
        Verdict::Ok | Verdict::NotChecked => &[],
    });
    faults.any(|fault| {
        let Fault::Video(damage) = fault else { return false };
        damage
            .frames()
            .is_some_and(|(first, last)| (first.saturating_sub(around)..=last + around).contains(&frame))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_changed_byte_of_a_picture_is_found_in_that_picture(
        film in 0..FILMS.len(), form in 0..FORMS.len(), frame in 0..20_usize, slice in 0..2_usize, at in any::<usize>(),
        mask in 1_u8..,
    ) {
        let (codec, mut frames) = FILMS[film].clone();
        let unit = frames[frame].0.iter_mut().filter(|unit| is_slice(codec, unit)).nth(slice).unwrap();
        let at = at % unit.len();
        unit[at] ^= mask;
        let found = report(&write(codec, &frames, FORMS[form]));
        prop_assert_ne!(found.outcome(), Outcome::Ok);
        // In a stream, the change may make a start code of a picture, or two pictures of one.
        let around = u32::from(FORMS[form] == Form::Stream);
        prop_assert!(names(&found, u32::try_from(frame).unwrap(), around), "{:?}", found.checks);
    }

    #[test]
    fn a_file_with_other_pictures_is_never_ok(
        film in 0..FILMS.len(), form in 0..FORMS.len(), edits in prop::collection::vec((any::<usize>(), any::<u8>(), 0..3_u8), 1..4),
    ) {
        let (codec, frames) = &FILMS[film];
        let good = write(*codec, frames, FORMS[form]);
        let mut file = good.clone();
        for (at, byte, how) in edits {
            let at = at % file.len();
            match how {
                0 => file[at] ^= byte,
                1 => file.insert(at, byte),
                _ => drop(file.remove(at)),
            }
        }
        let found = report(&file);
        if found.outcome() == Outcome::Ok {
            prop_assert_eq!(slices(&file), slices(&good));
        }
    }

    #[test]
    fn pictures_in_another_order_or_number_are_never_ok(
        film in 0..FILMS.len(), form in 0..FORMS.len(), moves in prop::collection::vec((0..20_usize, 0..20_usize, 0..3_u8), 1..4),
    ) {
        let (codec, frames) = &FILMS[film];
        let good = write(*codec, frames, FORMS[form]);
        let mut changed = frames.clone();
        for (from, to, how) in moves {
            let (from, to) = (from % changed.len(), to % changed.len());
            match how {
                0 => changed.swap(from, to),
                1 => {
                    let again = changed[from].clone();
                    changed.insert(to, again);
                }
                _ => {
                    let gone = changed.remove(from);
                    // What was signed before goes on, as a forger would have it.
                    if let Some(next) = changed.get_mut(from) {
                        next.0.splice(0..0, gone.0.into_iter().filter(|unit| !is_slice(*codec, unit)));
                    }
                }
            }
        }
        let file = write(*codec, &changed, FORMS[form]);
        let found = report(&file);
        prop_assert!(found.outcome() != Outcome::Ok || slices(&file) == slices(&good), "{:?}", found.claims.video);
    }
}
