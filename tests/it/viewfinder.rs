//! Live photographs from the terminal's camera to HQ, with the simulated camera in place of a device.

use std::cell::RefCell;
use std::fs;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::Duration;

use camera::still::look;
use domain::dialogue::Intent;
use domain::photo::MediaType;
use domain::record::ActKind;
use domain::viewfinder::{Fault, Frame, Shoot, Shot, Sight};
use domain::{BootId, Digest, Timestamp, UnixMs, Zone};
use simulator::eye::{Conditions, Dial, Eye, Plan};
use simulator::world::{Action, Said};
use tests::acts::{self, act_id};
use tests::watched::Watched;

fn plan() -> Plan {
    Plan {
        seed: 7,
        pictures: None,
        pace: Duration::ZERO,
        dial: Dial::default(),
    }
}

/// Looks through the camera of `plan`, and takes the picture after `frames` live ones; `between` is told each.
fn take(plan: &Plan, frames: usize, between: impl Fn(&Frame)) -> Sight {
    let (orders, inbox) = channel();
    let clock = RefCell::new(0);
    let now = || Timestamp {
        utc: UnixMs(1_773_348_000_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([7; 16]),
        mono_ms: clock.replace_with(|ms| *ms + 100),
    };
    let (seen, last) = (RefCell::new(0), RefCell::new(None));
    look(
        || Eye::open(plan.clone()),
        &inbox,
        now,
        |sight| {
            match sight {
                Sight::Frame(frame) => {
                    between(&frame);
                    *seen.borrow_mut() += 1;
                    if *seen.borrow() == frames {
                        orders.send(Shoot).unwrap();
                    }
                }
                end @ (Sight::Taken(_) | Sight::Failed(_)) => *last.borrow_mut() = Some(end),
            }
            true
        },
    );
    last.into_inner().unwrap()
}

fn taken(plan: &Plan) -> Shot {
    let sight = take(plan, 3, |_| ());
    let Sight::Taken(shot) = sight else {
        panic!("{sight:?}")
    };
    shot
}

/// Whether any file below `folder` holds these bytes.
fn is_on_disk(folder: &Path, bytes: &[u8]) -> bool {
    let mut entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.any(|path| {
        if path.is_dir() {
            is_on_disk(&path, bytes)
        } else {
            let content = fs::read(&path).unwrap();
            content.windows(bytes.len()).any(|window| window == bytes)
        }
    })
}

#[test]
fn a_live_photograph_arrives_as_it_was_taken_and_is_never_clear_on_the_terminals_disk() {
    let mut watched = Watched::on_duty(910);
    let act = act_id(1);
    watched.play(acts::drafted(act, ActKind::Pve));
    let shot = taken(&plan());
    watched.intent(Intent::AttachPhoto {
        draft: act,
        name: shot.name,
        picture: shot.picture.clone(),
    });
    let draft = watched.world.board.draft.as_ref().unwrap();
    let [photo] = &draft.photos[..] else {
        panic!("{:?}", draft.photos)
    };
    assert_eq!(photo.name, "photo-20260312-214000.jpg");
    assert_eq!(photo.sha256, Digest::of(&shot.picture.0));
    assert_eq!(MediaType::of(&shot.picture.0), Some(MediaType::Jpeg));
    let piece = &shot.picture.0[shot.picture.0.len() / 2..][..32];
    let terminal = watched.world.layout().terminal();
    assert!(!is_on_disk(&terminal, piece), "as a draft");
    watched.act(Said::Sign { draft: act }.into());
    assert!(!is_on_disk(&terminal, piece), "signed");
    watched.act(Action::Advance(120_000));
    assert!(watched.is_received(act));
    assert_eq!(
        watched.at_hq(act, "photo-20260312-214000.jpg"),
        Some(shot.picture.0)
    );
    watched.finish();
}

#[test]
fn the_simulated_camera_sees_the_same_again_and_another_place_for_another_seed() {
    assert_eq!(taken(&plan()), taken(&plan()));
    let elsewhere = Plan { seed: 8, ..plan() };
    assert_ne!(taken(&plan()).picture, taken(&elsewhere).picture);
    let frames = RefCell::new(Vec::new());
    take(&plan(), 3, |frame| frames.borrow_mut().push(frame.clone()));
    let frames = frames.into_inner();
    assert!(frames[0] != frames[1], "a hand is never still");
}

#[test]
fn the_trainer_turns_the_light_off_and_the_camera_away() {
    let plan = plan();
    let light = RefCell::new(Vec::new());
    for conditions in [Conditions::Day, Conditions::Night] {
        plan.dial.set(conditions);
        take(&plan, 1, |frame| light.borrow_mut().push(frame.brightness()));
    }
    let light = light.into_inner();
    assert!(light[0] >= 56 && light[1] < 40, "{light:?}");
    for (conditions, fault) in [
        (Conditions::Busy, Fault::Busy),
        (Conditions::Unplugged, Fault::NoCamera),
    ] {
        plan.dial.set(conditions);
        assert_eq!(take(&plan, 1, |_| ()), Sight::Failed(fault));
    }
    plan.dial.set(Conditions::Day);
    let unplugged = take(&plan, 2, |_| plan.dial.set(Conditions::Unplugged));
    assert_eq!(unplugged, Sight::Failed(Fault::Lost));
    for turned in [
        Conditions::Day,
        Conditions::Night,
        Conditions::Busy,
        Conditions::Unplugged,
    ] {
        plan.dial.turn();
        assert_eq!(plan.dial.conditions(), turned);
    }
}

#[test]
fn pictures_of_a_folder_pass_before_the_camera_in_the_order_of_their_names() {
    let folder = tempfile::tempdir().unwrap();
    let plan = Plan {
        pictures: Some(folder.path().to_owned()),
        ..plan()
    };
    assert_eq!(take(&plan, 1, |_| ()), Sight::Failed(Fault::NoPicture));
    for name in ["b.png", "a.png"] {
        fs::write(folder.path().join(name), simulator::picture::picture(7, name).0).unwrap();
    }
    fs::write(folder.path().join("0.txt"), b"no image").unwrap();
    let frames = RefCell::new(Vec::new());
    take(&plan, 121, |frame| {
        frames.borrow_mut().push(Digest::of(frame.rgb()))
    });
    let frames = frames.into_inner();
    assert!(frames[0] == frames[59] && frames[59] != frames[60] && frames[60] == frames[119]);
    assert_eq!(frames[0], frames[120], "and from the first again");
}
