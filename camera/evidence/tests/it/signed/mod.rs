//! Films that a camera signed, as they are, and damaged in every way that a verdict has to tell apart.

mod damage;
mod signer;
mod whole;

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

fn flip(frames: &mut [Frame], frame: usize, at: usize) {
    let unit = frames[frame]
        .0
        .iter_mut()
        .rfind(|unit| unit.len() > at && unit[0] != 6 && unit[0] != 0x4e)
        .unwrap();
    unit[at] ^= 0x04;
}
