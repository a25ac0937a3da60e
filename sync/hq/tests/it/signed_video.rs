//! Films of cameras of which HQ's own certificate says that they sign inside their video (T4): HQ looks by itself.

use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::footage::VideoCheck;
use domain::officer::Quality;

use crate::clip::{Clip, Scene};
use crate::film::container::{Form, write};
use crate::film::onvif::{PLAN, Plan, sign};
use crate::film::{Camera, Codec, Frame, SCENE, is_sei, pictures};
use crate::world::Hq;

const SEEN: VideoCheck = VideoCheck::Held {
    signatures: 4,
    frames: 20,
};

fn film() -> Vec<Frame> {
    let plan = Plan { end: true, ..PLAN };
    sign(Codec::H264, &pictures(SCENE), &Camera::new(), plan)
}

/// A clip with these pictures out of a camera that signs inside its video, as a terminal says that it looked.
fn scene(frames: &[Frame], said: Option<VideoCheck>) -> Scene {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let camera = hq.camera_that_signs("cam-000001", true);
    assert!(camera.signed_video());
    let mut clip = Clip::of(write(Codec::H264, frames, Form::Classic), &terminal, &camera);
    clip.manifest.video = said;
    Scene {
        hq,
        officer,
        terminal,
        clip,
    }
}

/// What HQ says of the film once every byte is there.
fn decision(scene: &mut Scene) -> ReceiptStatus {
    assert_eq!(scene.send_manifest().status, ReceiptStatus::Stored);
    let last = scene.upload(0);
    scene.root_receipt(&last).expect("HQ decides").status
}

#[test]
fn a_film_with_its_signatures_is_receipted_whether_the_terminal_could_look_or_not() {
    for said in [SEEN, VideoCheck::NotChecked] {
        let mut scene = scene(&film(), Some(said));
        assert_eq!(decision(&mut scene), ReceiptStatus::Stored, "{said:?}");
        assert_eq!(scene.stored_clip(), Some(scene.clip.original.clone()));
    }
}

#[test]
fn t4_a_film_without_its_signatures_gets_no_receipt_over_its_root_whatever_the_terminal_says() {
    let bare: Vec<Frame> = film()
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
    for said in [SEEN, VideoCheck::NotChecked] {
        let mut scene = scene(&bare, Some(said));
        let refused = ReceiptStatus::Refused(RefusalCode::FootageUnsigned);
        assert_eq!(decision(&mut scene), refused, "{said:?}");
        assert_eq!(scene.stored_clip(), None);
    }
}

#[test]
fn t4_a_manifest_that_says_nothing_of_these_signatures_is_refused() {
    let mut scene = scene(&film(), None);
    assert_eq!(
        scene.send_manifest().status,
        ReceiptStatus::Refused(RefusalCode::FootageUnsigned)
    );
}
