//! A recording's way from the camera to HQ in a seeded world: cut radio, a camera that vanishes, ends of the process at
//! every durable step and between any two things that reach the terminal.

use agent::engine::CommitPoint;
use camera::protocol::Custody;
use domain::Digest;
use domain::delivery::Delivery;
use domain::dialogue::{ClipRefusal, ClipState, Notice};
use domain::record::ActKind;
use simulator::camera::Fault;
use simulator::console;
use simulator::world::{Action, FootagePoint, Said, Weather};
use tests::acts::{self, act_id};
use tests::dice::Dice;
use tests::invariants;
use tests::watched::Watched;

use crate::programs::worlds;

/// An officer on duty who has drawn up a check, beside a camera.
fn beside_a_camera(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched
}

/// Reads the tag and asks for the recording.
fn ask(watched: &mut Watched) {
    watched.play([Action::PairCamera, Action::Advance(100), Action::TakeClip]);
}

/// Goes on, as an officer would, until the camera knows that HQ has its recording.
fn bring_in(watched: &mut Watched) {
    for round in 1..=120 {
        // A lost receipt over the whole is asked for again at the next hello alone.
        if round % 4 == 0 {
            watched.play([Action::Cut, Action::Advance(1_000), Action::Restore]);
        }
        if !watched.world.is_running() {
            watched.act(Action::Start);
        }
        watched.act(Action::Unlock);
        if watched.world.custody() == Custody::Received {
            return;
        }
        watched.play([Action::ListClips, Action::Advance(500)]);
        if clip_state(watched).is_none() {
            watched.act(Action::PairCamera);
            watched.act(Action::Advance(500));
        }
        watched.play([Action::TakeClip, Action::Advance(20_000)]);
    }
    watched.fail("the recording does not reach HQ");
}

fn clip_state(watched: &Watched) -> Option<ClipState> {
    let camera = watched.world.board.camera.as_ref()?;
    let clip = watched.world.clip();
    let line = camera.clips.iter().find(|line| line.listing.clip == clip)?;
    Some(line.state)
}

/// Both at HQ once, every byte of the recording among them, and nothing of it left on the terminal.
fn assert_at_hq(watched: &mut Watched) {
    assert_eq!(watched.count_at_hq(), 2);
    let rows = invariants::acts(&watched.world).unwrap();
    let footage: Vec<_> = rows.iter().filter(|row| row.kind == ActKind::Footage).collect();
    assert_eq!(footage.len(), 1);
    assert!(matches!(footage[0].delivery, Delivery::Received { .. }));
    let clips = watched.world.layout().hq().join("clips");
    let files: Vec<_> = std::fs::read_dir(clips)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    let [file] = files.as_slice() else {
        panic!("HQ has {} recordings", files.len());
    };
    let original = include_bytes!("../../simulator/clips/patrol.mp4");
    assert_eq!(Digest::of(&std::fs::read(file).unwrap()), Digest::of(original));
    let vault = watched.world.engine().unwrap().vault().unwrap();
    if !vault.clips().unwrap().is_empty() {
        watched.fail("the recording is still on the terminal");
    }
}

fn arrives_whole(mut watched: Watched) {
    bring_in(&mut watched);
    watched.settle();
    assert_at_hq(&mut watched);
    watched.finish();
}

#[test]
fn a_recording_is_taken_in_delivered_and_let_go_by_terminal_and_camera() {
    let mut watched = beside_a_camera(300);
    ask(&mut watched);
    assert_eq!(watched.world.custody(), Custody::CameraOnly);
    watched.act(Action::Advance(60_000));
    assert_eq!(watched.world.custody(), Custody::Received);
    assert_at_hq(&mut watched);
    watched.finish();
}

#[test]
fn without_network_the_camera_is_told_taken_and_keeps_its_recording() {
    let mut watched = beside_a_camera(301);
    watched.act(Action::Cut);
    ask(&mut watched);
    watched.act(Action::Advance(60_000));
    assert_eq!(watched.world.custody(), Custody::Taken);
    assert_eq!(clip_state(&watched), Some(ClipState::Taken));
    watched.act(Action::Restore);
    arrives_whole(watched);
}

#[test]
fn a_cut_in_the_middle_of_the_upload_loses_nothing() {
    let mut watched = beside_a_camera(302);
    ask(&mut watched);
    watched.play([
        Action::Advance(400),
        Action::Cut,
        Action::Advance(30_000),
        Action::Restore,
    ]);
    arrives_whole(watched);
}

#[test]
fn a_camera_that_vanishes_is_told_to_the_officer_and_gone_on_with() {
    for bytes in [0, 40_000, 100_000, 250_000] {
        let mut watched = beside_a_camera(303);
        watched.act(Action::CameraVanishes { bytes });
        ask(&mut watched);
        watched.act(Action::Advance(1_000));
        let clip = watched.world.clip();
        assert!(watched.was_told(Notice::CameraVanished { clip }), "{bytes}");
        assert_eq!(watched.world.custody(), Custody::CameraOnly, "{bytes}");
        arrives_whole(watched);
    }
}

#[test]
fn a_camera_that_comes_back_is_found_and_gone_on_with_by_itself() {
    let mut watched = beside_a_camera(312);
    watched.act(Action::CameraVanishes { bytes: 100_000 });
    ask(&mut watched);
    watched.play([Action::Advance(1_000), Action::CameraAway]);
    let clip = watched.world.clip();
    assert!(watched.was_told(Notice::CameraVanished { clip }));
    let kept = |watched: &Watched| match clip_state(watched) {
        Some(ClipState::Taking { done, .. }) => done,
        other => panic!("it is on its way in: {other:?}"),
    };
    assert!(kept(&watched) > 0, "what is in is not shown as lost");
    watched.act(Action::Advance(120_000));
    assert!(
        !watched.was_told(Notice::CameraUnreachable),
        "nobody asked for these looks"
    );
    assert!(kept(&watched) > 0);
    watched.play([Action::CameraBack, Action::Advance(180_000)]);
    assert_eq!(watched.world.custody(), Custody::Received);
    assert_at_hq(&mut watched);
    watched.finish();
}

#[test]
fn a_terminal_that_stops_looks_for_its_camera_again() {
    let mut watched = beside_a_camera(313);
    watched.act(Action::CameraVanishes { bytes: 100_000 });
    ask(&mut watched);
    watched.play([Action::Advance(1_000), Action::Kill, Action::Start]);
    // Locked: what comes in needs no officer.
    watched.act(Action::Advance(240_000));
    assert_eq!(watched.world.custody(), Custody::Received);
    watched.act(Action::Unlock);
    assert_at_hq(&mut watched);
    watched.finish();
}

#[test]
fn a_camera_out_of_reach_is_noticed_by_its_silence() {
    let mut watched = beside_a_camera(304);
    ask(&mut watched);
    watched.play([Action::CameraAway, Action::Advance(14_000)]);
    let clip = watched.world.clip();
    assert!(!watched.was_told(Notice::CameraVanished { clip }));
    watched.act(Action::Advance(2_000));
    assert!(watched.was_told(Notice::CameraVanished { clip }));
    watched.play([Action::ListClips, Action::Advance(6_000)]);
    assert!(watched.was_told(Notice::CameraUnreachable));
    watched.act(Action::CameraBack);
    arrives_whole(watched);
}

#[test]
fn a_recording_that_its_camera_did_not_sign_is_refused_and_stays_there() {
    let mut watched = beside_a_camera(305);
    watched.world.camera_faults([Fault::FlipBit { segment: 3 }]);
    ask(&mut watched);
    watched.act(Action::Advance(60_000));
    let (clip, refusal) = (watched.world.clip(), ClipRefusal::ChainBroken);
    assert!(watched.was_told(Notice::ClipRefused { clip, refusal }));
    assert_eq!(clip_state(&watched), Some(ClipState::Unusable(refusal)));
    assert_eq!(watched.world.custody(), Custody::CameraOnly);
    assert_eq!(watched.count_at_hq(), 1);
    watched.world.camera_faults([]);
    arrives_whole(watched);
}

#[test]
fn a_recording_survives_an_end_at_every_commit() {
    // The manifest has no number and no readable copy, so that intent and promotion are not on its way.
    let commits = [
        CommitPoint::Reserved,
        CommitPoint::ActCommitted,
        CommitPoint::ReceiptStored,
    ];
    let deaths = commits
        .map(Action::CrashAt)
        .into_iter()
        .chain(FootagePoint::ALL.map(Action::CrashAtFootage));
    for (seed, death) in (310..).zip(deaths) {
        let line = death.to_string();
        let mut watched = beside_a_camera(seed);
        watched.act(Action::Advance(5_000));
        watched.act(death);
        ask(&mut watched);
        watched.act(Action::Advance(10_000));
        assert!(
            !watched.world.is_running(),
            "`{line}`: the terminal did not end there"
        );
        assert_ne!(watched.world.custody(), Custody::Received, "`{line}`");
        arrives_whole(watched);
    }
}

#[test]
fn a_recording_survives_an_end_at_every_segment() {
    let mut watched = beside_a_camera(320);
    ask(&mut watched);
    let mut deaths = 0;
    while watched.world.custody() == Custody::CameraOnly {
        watched.act(Action::CrashAtFootage(FootagePoint::SegmentStored));
        watched.act(Action::Advance(5_000));
        deaths += u32::from(!watched.world.is_running());
        watched.play([Action::Start, Action::Unlock, Action::ListClips]);
        assert!(deaths < 40, "the recording does not come in");
    }
    assert!(deaths > 3, "the terminal died {deaths} times");
    arrives_whole(watched);
}

#[test]
fn a_recording_survives_an_end_between_any_two_things_that_reach_the_terminal() {
    let step = (400 / worlds(40)).max(1);
    let mut deaths = 0;
    for after in (1..).step_by(step as usize) {
        let mut watched = beside_a_camera(330);
        watched.act(Action::Advance(5_000));
        watched.act(Action::KillAfter(after));
        ask(&mut watched);
        watched.act(Action::Advance(60_000));
        let is_over = watched.world.is_running();
        deaths += u32::from(!is_over);
        arrives_whole(watched);
        if is_over {
            break;
        }
    }
    assert!(deaths > 5, "only {deaths} ends lay on the recording's way");
}

/// What may happen around a recording, as often as not all at once.
fn accident(dice: &mut Dice) -> Action {
    match dice.below(12) {
        0 => Action::Cut,
        1 => Action::Restore,
        2 => Action::CameraAway,
        3 => Action::CameraBack,
        4 => Action::CameraVanishes {
            bytes: dice.below(260_000),
        },
        5 => Action::Kill,
        6 => Action::KillAfter(1 + u32::try_from(dice.below(60)).unwrap()),
        7 => Action::RestartHq,
        8 => Said::Lock.into(),
        9 => Action::CrashAt(CommitPoint::ALL[usize::try_from(dice.below(5)).unwrap()]),
        10 => Action::CrashAtFootage(FootagePoint::ALL[usize::try_from(dice.below(3)).unwrap()]),
        _ => Action::PairCamera,
    }
}

#[test]
fn a_recording_arrives_once_through_storms_and_accidents() {
    let mut deaths = 0;
    for seed in 0..u64::from(worlds(40) / 5) {
        let mut watched = Watched::new(350 + seed, Weather::STORM);
        watched.play(acts::on_duty());
        watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
        ask(&mut watched);
        let mut dice = Dice::new(seed);
        for _ in 0..25 {
            watched.act(accident(&mut dice));
            if !watched.world.is_running() && dice.below(3) > 0 {
                watched.play([Action::Start, Action::Unlock]);
            }
            watched.play([Action::ListClips, Action::Advance(1 + dice.below(6_000))]);
        }
        watched.play([Action::Restore, Action::CameraBack]);
        deaths += watched.world.crashes;
        arrives_whole(watched);
    }
    assert!(deaths > 0, "nothing happened");
}

#[test]
fn a_recording_plays_again_from_its_log() {
    let mut watched = beside_a_camera(340);
    watched.act(Action::CameraVanishes { bytes: 100_000 });
    ask(&mut watched);
    watched.play([
        Action::Advance(2_000),
        Action::CrashAtFootage(FootagePoint::Whole),
        Action::Cut,
        Action::ListClips,
        Action::Advance(20),
        Action::TakeClip,
        Action::Advance(3_000),
        Action::Start,
        Action::Unlock,
        Action::Restore,
        Action::ListClips,
        Action::Advance(60_000),
    ]);
    assert_eq!(watched.world.custody(), Custody::Received);
    assert_eq!(watched.world.crashes, 1);
    let trace = watched.world.trace().unwrap();
    assert_eq!(trace.len(), 3, "{trace:?}");
    assert_eq!(console::replay(&watched.world.log_file()).unwrap(), trace);
}
