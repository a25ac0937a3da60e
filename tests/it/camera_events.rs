//! What a camera signs of itself, from its log to HQ: gaps, triggers, whose it is; and a recording that is not taken.

use domain::dialogue::{CameraHolder, CameraStatus, ClipRefusal, ClipState, Intent, Notice};
use domain::footage::{CameraEvent, CameraSaid, GapCause, Manifest, TriggerCause};
use domain::journal::Operation;
use domain::record::{Act, ActKind, Record};
use domain::{Digest, decode};
use evidence::log;
use simulator::camera::Fault;
use simulator::patrol::scenario::OfficerSheet;
use simulator::world::Action;
use tests::acts::{self, act_id};
use tests::journals;
use tests::watched::Watched;
use trust::cert::Certificate;

/// An officer on duty beside a camera that is met.
fn beside(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched.play([Action::PairCamera, Action::Advance(200)]);
    watched
}

fn status(watched: &Watched) -> CameraStatus {
    let camera = watched.world.board.camera.as_ref();
    let status = camera.and_then(|camera| camera.status.clone());
    status.expect("the camera says how it is")
}

fn intent(watched: &mut Watched, intent: Intent) {
    watched.intent(intent);
    watched.act(Action::Advance(200));
}

fn journalled(watched: &Watched) -> Vec<Operation> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    journal.into_iter().map(|entry| entry.operation).collect()
}

/// The manifest that HQ has, and the camera's events beside it, checked against the camera's certificate.
fn at_hq(watched: &mut Watched) -> (Manifest, Vec<CameraEvent>) {
    let transaction = watched.world.gateway().store().begin().unwrap();
    let mut found = None;
    for envelope in transaction.envelopes().unwrap() {
        let Some(stored) = transaction.record(envelope).unwrap() else {
            continue;
        };
        let signed = trust::cose::parse(&stored.record_cose).unwrap();
        let record: Record = decode(&signed.payload).unwrap();
        let Act::Footage(manifest) = record.act else {
            continue;
        };
        let file = transaction.attachment(envelope, "events.cose").unwrap();
        let der = transaction.attachment(envelope, "camera.der").unwrap().unwrap();
        let camera = Certificate::from_der(&der).unwrap();
        let events = match (&manifest.events, file) {
            (Some(carried), Some(file)) => log::check_file(&file, &camera, carried, &manifest).unwrap(),
            (None, None) => Vec::new(),
            (carried, file) => panic!("{carried:?} with {} bytes", file.map_or(0, |file| file.len())),
        };
        assert!(found.replace((*manifest, events)).is_none(), "one recording");
    }
    found.expect("HQ has the manifest")
}

/// The operations that HQ has of the terminal's journal.
fn journal_at_hq(watched: &mut Watched) -> Vec<Operation> {
    let entries = journals::entries_at_hq(&mut watched.world).unwrap();
    entries.into_iter().map(|entry| entry.operation).collect()
}

fn take(watched: &mut Watched) {
    watched.play([Action::TakeClip, Action::Advance(60_000)]);
    watched.settle();
}

#[test]
fn t17_a_gap_is_signed_by_its_camera_shown_and_carried_to_hq() {
    let mut watched = Watched::on_duty(1700);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched.world.camera_faults([Fault::Failing]);
    watched.play([Action::PairCamera, Action::Advance(200)]);
    let shown = status(&watched).signed.expect("it signed something of itself");
    let gap = shown.gap.expect("it signed what it lost");
    assert_eq!(gap.cause, GapCause::Full);
    assert_eq!(gap.until.0 - gap.from.0, 600_000);
    assert!(watched.was_told(Notice::CameraGap { gap }));
    take(&mut watched);
    let (manifest, events) = at_hq(&mut watched);
    let carried = manifest.events.expect("the manifest carries the events");
    assert_eq!((carried.first, carried.last), (1, shown.counter));
    let lost: Vec<_> = events
        .iter()
        .filter_map(|event| match event.said {
            CameraSaid::Gap(gap) => Some(gap),
            CameraSaid::Began { .. } | CameraSaid::Passed(_) | CameraSaid::Assigned { .. } => None,
        })
        .collect();
    assert_eq!(lost, [gap], "signed once, however often it is asked");
    let told = journal_at_hq(&mut watched);
    let same = |one: &&Operation| matches!(one, Operation::CameraGap { gap: told, .. } if *told == gap);
    assert_eq!(
        told.iter().filter(same).count(),
        1,
        "the journal at HQ has it too"
    );
}

#[test]
fn t17_a_gap_without_a_recording_reaches_hq_by_the_journal_alone() {
    let mut watched = Watched::on_duty(1701);
    watched.world.camera_faults([Fault::Failing]);
    watched.play([Action::PairCamera, Action::Advance(200)]);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched.settle();
    let told = journal_at_hq(&mut watched);
    assert!(told.iter().any(|one| matches!(one, Operation::CameraGap { .. })));
}

#[test]
fn t8_events_that_come_again_count_once_and_those_of_another_key_not_at_all() {
    let mut watched = Watched::on_duty(1702);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched.world.camera_faults([Fault::EventsAgain]);
    watched.play([Action::PairCamera, Action::Advance(200)]);
    let first = status(&watched).signed.unwrap().counter;
    intent(&mut watched, Intent::AssignCamera { to: None });
    watched.play([Action::CameraAway, Action::Advance(20_000)]);
    // It has one more event, and gives the ones before with it.
    watched.world.camera_faults([Fault::EventsAgain, Fault::Failing]);
    watched.play([Action::CameraBack, Action::ListClips, Action::Advance(10_000)]);
    assert_eq!(status(&watched).signed.unwrap().counter, first + 2);
    assert!(!watched.was_told(Notice::CameraEventRefused));
    let assigned = |one: &&Operation| matches!(one, Operation::CameraAssigned { .. });
    assert_eq!(journalled(&watched).iter().filter(assigned).count(), 1);

    let mut watched = Watched::on_duty(1703);
    watched.world.camera_faults([Fault::ForeignEvents]);
    watched.play([Action::PairCamera, Action::Advance(200)]);
    assert!(watched.was_told(Notice::CameraEventRefused));
    assert_eq!(status(&watched).signed, None);
}

#[test]
fn t8_a_trigger_begins_a_recording_once_and_its_counter_reaches_the_manifest() {
    let mut watched = beside(1704);
    intent(&mut watched, Intent::TriggerCamera);
    let began = status(&watched).signed.unwrap().began.unwrap();
    assert_eq!((began.cause, began.counter), (TriggerCause::Terminal, Some(1)));
    assert!(began.buffered_ms > 0, "the buffer before the trigger is marked");
    // Asked again while it records, it goes on.
    intent(&mut watched, Intent::TriggerCamera);
    assert_eq!(
        status(&watched).activity,
        domain::dialogue::CameraActivity::Recording
    );
    take(&mut watched);
    let (manifest, events) = at_hq(&mut watched);
    let own = events.iter().filter_map(|event| match &event.said {
        CameraSaid::Began { clip, trigger, .. } if *clip == manifest.clip => Some(trigger.cause),
        CameraSaid::Began { .. }
        | CameraSaid::Gap(_)
        | CameraSaid::Passed(_)
        | CameraSaid::Assigned { .. } => None,
    });
    assert_eq!(own.collect::<Vec<_>>(), [TriggerCause::Button]);
    let counters = events.iter().filter_map(|event| match &event.said {
        CameraSaid::Began { trigger, .. } | CameraSaid::Passed(trigger) => trigger.counter,
        CameraSaid::Gap(_) | CameraSaid::Assigned { .. } => None,
    });
    assert_eq!(counters.collect::<Vec<_>>(), [1, 2]);
}

#[test]
fn a_camera_is_assigned_shown_named_in_the_manifest_and_given_back_with_the_shift() {
    let mut watched = beside(1705);
    assert_eq!(status(&watched).holder, CameraHolder::Nobody);
    intent(&mut watched, Intent::AssignCamera { to: None });
    let CameraHolder::Own(own) = status(&watched).holder else {
        panic!("{:?}", status(&watched).holder);
    };
    take(&mut watched);
    let (manifest, events) = at_hq(&mut watched);
    let assigned = manifest.assigned.expect("the manifest names the officer");
    assert_eq!(assigned.to, own);
    let event = events
        .iter()
        .find(|event| event.counter == assigned.counter)
        .unwrap();
    assert!(matches!(&event.said, CameraSaid::Assigned { to: Some(to), .. } if *to == own));
    intent(&mut watched, Intent::EndService);
    assert_eq!(status(&watched).holder, CameraHolder::Nobody);
    let told: Vec<_> = journalled(&watched)
        .into_iter()
        .filter_map(|one| {
            if let Operation::CameraAssigned { to, .. } = one {
                Some(to)
            } else {
                None
            }
        })
        .collect();
    assert_eq!(told, [Some(own), None]);
}

#[test]
fn a_shift_that_ends_out_of_reach_gives_its_camera_back_at_the_next_meeting() {
    let mut watched = beside(1706);
    intent(&mut watched, Intent::AssignCamera { to: None });
    watched.play([Action::CameraAway, Action::Advance(20_000)]);
    intent(&mut watched, Intent::EndService);
    watched.play([Action::CameraBack, Action::ListClips, Action::Advance(10_000)]);
    assert_eq!(status(&watched).holder, CameraHolder::Nobody);
}

#[test]
fn a_camera_of_another_officer_gives_nothing_until_a_touch_assigns_it_here() {
    let mut watched = beside(1707);
    intent(
        &mut watched,
        Intent::AssignCamera {
            to: Some("7777777".to_owned()),
        },
    );
    assert!(matches!(status(&watched).holder, CameraHolder::Another(_)));
    watched.play([Action::TakeClip, Action::Advance(5_000)]);
    assert!(watched.was_told(Notice::CameraOfAnother));
    let clips = watched.world.engine().unwrap().vault().unwrap().clips().unwrap();
    assert!(clips.is_empty(), "nothing was taken from it");
    intent(
        &mut watched,
        Intent::AssignCamera {
            to: Some("12".to_owned()),
        },
    );
    assert!(watched.was_told(Notice::NotAServiceNumber));
    intent(&mut watched, Intent::AssignCamera { to: None });
    take(&mut watched);
    assert!(at_hq(&mut watched).0.assigned.is_some());
}

#[test]
fn a_colleague_who_wears_the_camera_says_so_by_their_card() {
    let mut watched = beside(1709);
    let sheet = OfficerSheet {
        matricule: "2345678".to_owned(),
        ..watched.world.scenario().officer.clone()
    };
    watched.world.enrol_card(&sheet).unwrap();
    watched.world.admit(&sheet).unwrap();
    watched.play([
        Action::Cut,
        Action::Restore,
        Action::Advance(700_000),
        Action::Unlock,
    ]);
    watched.play([Action::ListClips, Action::Advance(500)]);
    watched.intent(Intent::AwaitCameraCard);
    watched.world.take_card_out().unwrap();
    watched.world.put_card_in(&sheet).unwrap();
    watched.act(Action::Advance(200));
    let CameraHolder::Another(wears) = status(&watched).holder else {
        panic!("{:?}", status(&watched).holder);
    };
    assert_eq!(wears.to_string(), "RIO 2345678");
    watched.world.take_card_out().unwrap();
    watched.world.put_own_card_in().unwrap();
    let read = |one: &&Operation| matches!(one, Operation::CrewCardRead { .. });
    assert_eq!(journalled(&watched).iter().filter(read).count(), 1);
    // Their card is no colleague's of the crew.
    let home = watched.world.board.home.as_ref().unwrap();
    assert!(home.crew_by_card.is_empty() && !home.awaits_card);
}

#[test]
fn t4_a_recording_that_is_refused_stays_on_its_camera_and_hq_hears_why() {
    let mut watched = beside(1708);
    watched.world.camera_faults([Fault::ForeignKey { segment: 1 }]);
    watched.play([Action::TakeClip, Action::Advance(60_000)]);
    let clip = watched.world.clip();
    let refusal = ClipRefusal::ChainBroken;
    assert!(watched.was_told(Notice::ClipRefused { clip, refusal }));
    let camera = watched.world.board.camera.as_ref().unwrap();
    let line = camera
        .clips
        .iter()
        .find(|line| line.listing.clip == clip)
        .unwrap();
    assert_eq!(line.state, ClipState::Unusable(refusal));
    watched.settle();
    let told = journal_at_hq(&mut watched);
    let same = |one: &&Operation| matches!(one, Operation::FootageNotTaken { clip: of, why, .. } if *of == clip && *why == refusal);
    assert_eq!(told.iter().filter(same).count(), 1);
    // Nothing is lost: the camera gives it once it is whole.
    watched.world.camera_faults([]);
    take(&mut watched);
    let original = include_bytes!("../../simulator/clips/patrol.mp4");
    assert_eq!(at_hq(&mut watched).0.whole, Digest::of(original));
}
