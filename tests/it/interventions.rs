//! What the operations centre proposes, from HQ to the screen and back: told once, gone at its term whatever the clock is
//! set to, and how the crew stands with it known at HQ.

use agent::engine::CommitPoint;
use domain::dialogue::{DispatchLine, Haptic, Intent, InterventionLine, Notice};
use domain::draft::Field;
use domain::intervention::{
    About, Dispatch, DispatchNote, Doubt, Matter, OperationsNumber, Origin, OutOfOrder, Outcome, Standing,
    Step,
};
use domain::journal::Operation;
use domain::place::Place;
use domain::record::ActKind;
use domain::vehicle::Plate;
use domain::{InterventionId, UnixMs, canonical};
use hq::dispatch::Whom;
use simulator::enrol;
use simulator::world::{Action, Said, Weather};
use sync::wire::v1::{DispatchMessage, REPLY, Reply};
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cose::Namespace;
use trust::seal;

const MINUTE: u64 = 60_000;
const CALLED: &str = "CORG-29-4411";
const PLATE: &str = "AB-123-CD";

/// An officer in service, with no intervention.
fn in_service(seed: u64, weather: Weather) -> Watched {
    let mut watched = Watched::new(seed, weather);
    let steps = acts::on_duty().into_iter().take(2);
    watched.play(steps);
    watched.act(Action::Advance(5_000));
    watched
}

fn call(danger: bool) -> About {
    About::Call {
        number: OperationsNumber::parse(CALLED).unwrap(),
        place: Place::parse("12 rue des Lilas, Saint-Denis").unwrap(),
        what: Matter::parse("tapage, plusieurs appelants").unwrap(),
        danger,
    }
}

fn reading() -> About {
    About::Hit {
        plate: Plate::parse(PLATE).unwrap(),
        place: Place::parse("A1, aire de Ressons").unwrap(),
        seen: UnixMs(1_795_284_000_000),
        reason: Matter::parse("véhicule signalé volé").unwrap(),
    }
}

fn terminal(watched: &Watched) -> Whom {
    let engine = watched.world.engine().unwrap();
    Whom::Terminal(engine.enrolment().terminal.device.clone())
}

fn propose(watched: &mut Watched, about: About, minutes: i64) -> InterventionId {
    let whom = terminal(watched);
    let id = watched.world.propose(&whom, about, minutes).unwrap();
    watched.act(Action::Advance(3_000));
    id
}

/// The terminal's clock is set; that locks it, and its officer is back at once.
fn set_clock(watched: &mut Watched, by: i64) {
    let utc = watched.world.now().utc.plus(by);
    watched.world.set_clock(utc);
    watched.intent(Intent::Alive);
    watched.act(Action::Unlock);
}

/// What the home screen proposes.
fn lines(watched: &Watched) -> Vec<DispatchLine> {
    let home = watched.world.board.home.as_ref();
    home.map(|home| home.dispatches.clone()).unwrap_or_default()
}

fn current(watched: &Watched) -> Option<InterventionLine> {
    let home = watched.world.board.home.as_ref();
    home.and_then(|home| home.intervention.clone())
}

/// What is on the terminal's disk of proposals, whoever they are for.
fn on_disk(watched: &Watched) -> usize {
    let device = watched.world.engine().unwrap().device();
    let now = watched.world.now();
    device.dispatches(now).unwrap().len() + device.dispatches_of_before(now).unwrap().len()
}

/// How HQ was told that the intervention stands.
fn at_hq(watched: &mut Watched, id: InterventionId) -> Option<Standing> {
    let store = watched.world.gateway().store();
    let rows = store.begin().unwrap().progress(UnixMs(0)).unwrap();
    let mut standings = rows.into_iter().map(|row| row.progress.standing);
    standings.find(|standing| standing.intervention() == id)
}

fn code_at_hq(watched: &mut Watched, id: InterventionId) -> Option<&'static str> {
    at_hq(watched, id).map(|standing| standing.code())
}

fn journal(watched: &Watched) -> Vec<Operation> {
    let entries = watched.world.engine().unwrap().device().journal().unwrap();
    entries.into_iter().map(|entry| entry.operation).collect()
}

fn closed(outcome: Outcome) -> Intent {
    Intent::CloseIntervention { outcome }
}

#[test]
fn a_call_becomes_the_current_intervention_by_one_tap_and_hq_hears_of_each_step() {
    let mut watched = in_service(1000, Weather::CLEAR);
    let id = propose(&mut watched, call(true), 120);
    let shown = lines(&watched);
    let [line] = shown.as_slice() else {
        panic!("{shown:?}")
    };
    assert_eq!((line.dispatch, &line.about), (id, &call(true)));
    assert!(watched.was_told(Notice::CallProposed { danger: true }));
    assert!(watched.world.board.haptics.contains(&Haptic::Dangerous));
    assert_eq!(code_at_hq(&mut watched, id), None);

    watched.intent(Intent::TakeDispatch { dispatch: id });
    let taken = current(&watched).unwrap();
    assert_eq!((taken.id, taken.number.as_deref()), (id, Some(CALLED)));
    assert_eq!(taken.origin, Origin::Pushed);
    assert_eq!(taken.matter.reveal(), "tapage, plusieurs appelants");
    assert_eq!(taken.en_route, Some(taken.opened));
    assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 0));
    watched.act(Action::Advance(3_000));
    assert_eq!(code_at_hq(&mut watched, id), Some("en-route"));

    watched.act(Action::Advance(9 * MINUTE));
    watched.intent(Intent::ArriveOnScene);
    watched.act(Action::Advance(3_000));
    assert_eq!(code_at_hq(&mut watched, id), Some("on-scene"));
    // What is drawn up there is at the place of the call.
    watched.act(
        Said::StartDraft {
            id: act_id(1),
            kind: ActKind::Pv,
        }
        .into(),
    );
    let draft = watched.world.board.draft.as_ref().unwrap();
    let place = draft
        .texts
        .iter()
        .find(|line| line.field == Field::Place)
        .unwrap();
    assert_eq!(place.text.reveal(), "12 rue des Lilas, Saint-Denis");

    watched.intent(closed(Outcome::HandedOver));
    watched.act(Action::Advance(3_000));
    let Some(Standing::Taken(told)) = at_hq(&mut watched, id) else {
        panic!("HQ was not told")
    };
    assert_eq!(told.outcome, Some(Outcome::HandedOver));
    assert!(told.on_scene.is_some() && told.closed.is_some());
    assert_eq!((current(&watched), told.doubts()), (None, Vec::new()));
    let journal = journal(&watched);
    assert!(journal.contains(&Operation::DispatchShown {
        dispatch: id,
        hit: false
    }));
    assert!(journal.contains(&Operation::DispatchTaken { dispatch: id }));
}

#[test]
fn who_is_not_available_says_so_once_and_is_not_asked_again() {
    let mut watched = in_service(1001, Weather::CLEAR);
    let id = propose(&mut watched, call(false), 120);
    watched.intent(Intent::DeclineDispatch { dispatch: id });
    watched.act(Action::Advance(3_000));
    assert_eq!(code_at_hq(&mut watched, id), Some("declined"));
    assert_eq!((lines(&watched), current(&watched)), (Vec::new(), None));
    watched.play([
        Action::Kill,
        Action::Start,
        Action::Unlock,
        Action::Advance(60_000),
    ]);
    assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 0));
    assert!(journal(&watched).contains(&Operation::DispatchDeclined { dispatch: id }));
}

#[test]
fn without_service_nobody_takes_a_call() {
    let mut watched = Watched::new(1002, Weather::CLEAR);
    watched.play([Action::Unlock, Action::Advance(5_000)]);
    let id = propose(&mut watched, call(false), 120);
    watched.intent(Intent::TakeDispatch { dispatch: id });
    assert!(watched.was_told(Notice::NoService));
    assert_eq!((lines(&watched).len(), current(&watched)), (1, None));
}

#[test]
fn a_terminal_that_was_away_is_told_when_it_returns_and_of_nothing_that_is_over() {
    let mut watched = in_service(1003, Weather::CLEAR);
    watched.act(Action::Cut);
    watched.act(Action::Advance(2_000));
    propose(&mut watched, call(false), 10);
    watched.act(Action::Advance(11 * MINUTE));
    let late = propose(&mut watched, call(true), 120);
    assert_eq!(lines(&watched), []);
    watched.act(Action::Restore);
    watched.act(Action::Advance(10 * MINUTE));
    let told: Vec<InterventionId> = lines(&watched).iter().map(|line| line.dispatch).collect();
    assert_eq!(told, [late]);
    // Killed and started again, the call is there still, and HQ tells nobody twice.
    watched.play([
        Action::Kill,
        Action::Start,
        Action::Unlock,
        Action::Advance(60_000),
    ]);
    let device = watched.world.engine().unwrap().device();
    assert_eq!(device.last_dispatch().unwrap(), 2);
    assert_eq!(lines(&watched).len(), 1);
}

#[test]
fn a_call_that_is_over_is_on_no_screen_and_no_disk_whatever_the_clock_is_set_to() {
    let mut watched = in_service(1004, Weather::CLEAR);
    let id = propose(&mut watched, call(false), 120);
    watched.act(Action::Advance(100 * MINUTE));
    set_clock(&mut watched, -UnixMs::DAY);
    assert_eq!(lines(&watched).len(), 1);
    watched.act(Action::Advance(20 * MINUTE));
    assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 0));
    watched.intent(Intent::TakeDispatch { dispatch: id });
    assert_eq!(current(&watched), None);
}

#[test]
fn a_clock_that_is_ahead_loses_no_call() {
    let mut watched = in_service(1005, Weather::CLEAR);
    set_clock(&mut watched, 7 * UnixMs::DAY);
    propose(&mut watched, call(false), 30);
    assert_eq!(lines(&watched).len(), 1);
    watched.act(Action::Advance(30 * MINUTE));
    assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 0));
}

#[test]
fn to_a_locked_terminal_a_call_waits_sealed_and_says_nothing_of_itself() {
    let mut watched = in_service(1006, Weather::CLEAR);
    watched.act(Said::Lock.into());
    let id = propose(&mut watched, call(true), 120);
    assert!(watched.was_told(Notice::DispatchWaits));
    assert!(!watched.was_told(Notice::CallProposed { danger: true }));
    assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 1));
    let shown = Operation::DispatchShown {
        dispatch: id,
        hit: false,
    };
    assert!(!journal(&watched).contains(&shown));
    watched.act(Action::Unlock);
    assert_eq!(lines(&watched).len(), 1);
    assert!(journal(&watched).contains(&shown));
    // In the pocket it goes at its term all the same.
    watched.act(Said::Lock.into());
    watched.act(Action::Advance(120 * MINUTE));
    assert_eq!(on_disk(&watched), 0);
}

#[test]
fn what_is_for_another_officer_is_shown_to_nobody_else() {
    let mut watched = in_service(1007, Weather::CLEAR);
    let engine = watched.world.engine().unwrap();
    let officer = engine.enrolment().officers[0].officer.id;
    watched
        .world
        .propose(&Whom::Officer(officer), call(false), 120)
        .unwrap();
    watched.act(Action::Advance(3_000));
    assert_eq!(lines(&watched).len(), 1);
    let stranger = domain::OfficerId::from_bytes([0x77; 16]);
    let refused = watched
        .world
        .propose(&Whom::Officer(stranger), call(false), 120)
        .unwrap_err();
    assert!(
        refused.to_string().contains("works with no terminal"),
        "{refused}"
    );
}

#[test]
fn a_reading_is_to_be_verified_felt_as_nothing_found_and_never_called_a_hit() {
    let mut watched = in_service(1010, Weather::CLEAR);
    let felt = watched.world.board.haptics.len();
    let id = propose(&mut watched, reading(), 15);
    assert_eq!(watched.world.board.haptics[felt..], [Haptic::Neutral]);
    assert!(watched.was_told(Notice::ToVerify));
    let shown = lines(&watched);
    assert!(shown.len() == 1 && shown[0].about.is_hit(), "{shown:?}");
    let home = watched.world.board.home.as_ref().unwrap();
    assert!(home.answers.is_empty() && home.shared.is_empty());
    assert!(journal(&watched).contains(&Operation::DispatchShown {
        dispatch: id,
        hit: true
    }));
}

#[test]
fn a_reading_is_on_no_screen_and_no_disk_past_its_term_here_or_at_hq() {
    let mut watched = in_service(1011, Weather::CLEAR);
    propose(&mut watched, reading(), 15);
    let held = |watched: &mut Watched| {
        let rows = watched.world.gateway().store().begin().unwrap();
        let rows = rows.dispatches(UnixMs(0)).unwrap();
        rows.into_iter().filter(|row| row.cose.is_some()).count()
    };
    assert_eq!(held(&mut watched), 1);
    set_clock(&mut watched, -3 * UnixMs::DAY);
    watched.act(Action::Advance(14 * MINUTE));
    assert_eq!((lines(&watched).len(), on_disk(&watched)), (1, 1));
    watched.act(Said::Lock.into());
    watched.act(Action::Advance(MINUTE));
    assert_eq!(on_disk(&watched), 0);
    watched.act(Action::Unlock);
    assert_eq!(lines(&watched), []);
    // HQ looks for what is over when it looks for what is to be told.
    propose(&mut watched, call(false), 5);
    assert_eq!(held(&mut watched), 1);
}

#[test]
fn a_reading_taken_is_an_intervention_whose_check_and_pve_have_the_plate() {
    let mut watched = in_service(1012, Weather::CLEAR);
    let id = propose(&mut watched, reading(), 15);
    watched.intent(Intent::TakeDispatch { dispatch: id });
    let taken = current(&watched).unwrap();
    assert_eq!((taken.id, taken.origin, taken.number), (id, Origin::Lapi, None));
    assert_eq!(taken.plates.len(), 1);
    assert_eq!(on_disk(&watched), 0);
    for (n, kind) in [
        (1, ActKind::Plainte),
        (2, ActKind::IdentityCheck),
        (3, ActKind::Pve),
    ] {
        watched.act(Said::StartDraft { id: act_id(n), kind }.into());
        let draft = watched.world.board.draft.as_ref().unwrap();
        let text = |field| {
            let line = draft.texts.iter().find(|line| line.field == field);
            line.map(|line| line.text.reveal().clone())
        };
        assert_eq!(
            text(Field::Place).as_deref(),
            Some("A1, aire de Ressons"),
            "{kind:?}"
        );
        let plate = (kind != ActKind::Plainte).then(|| PLATE.to_owned());
        assert_eq!(text(Field::Plate), plate, "{kind:?}");
    }
    watched.act(Action::Advance(3_000));
    let Some(Standing::Taken(told)) = at_hq(&mut watched, id) else {
        panic!("HQ was not told")
    };
    assert!(told.plates.is_empty() && told.people.is_empty());
}

#[test]
fn after_a_start_of_the_device_a_reading_is_gone_and_a_call_has_what_is_left_of_it() {
    let mut watched = in_service(1013, Weather::CLEAR);
    propose(&mut watched, reading(), 60);
    propose(&mut watched, call(false), 60);
    assert_eq!(on_disk(&watched), 2);
    watched.act(Action::Advance(20 * MINUTE));
    watched.world.reboot().unwrap();
    assert_eq!(on_disk(&watched), 1);
    watched.act(Action::Unlock);
    let shown = lines(&watched);
    assert!(shown.len() == 1 && !shown[0].about.is_hit(), "{shown:?}");
    watched.act(Action::Advance(41 * MINUTE));
    assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 0));
}

#[test]
fn a_stop_at_any_commit_of_a_step_loses_no_step_and_begins_nothing_twice() {
    for (seed, point) in (1020..).zip(CommitPoint::INTERVENTION) {
        let mut watched = in_service(seed, Weather::CLEAR);
        let id = propose(&mut watched, call(false), 120);
        let steps = [
            (Intent::TakeDispatch { dispatch: id }, "en-route"),
            (Intent::ArriveOnScene, "on-scene"),
            (closed(Outcome::ActsDrawnUp), "closed"),
        ];
        for (step, standing) in steps {
            watched.act(Action::CrashAt(point));
            watched.intent(step);
            assert!(!watched.world.is_running(), "{point:?}: did not end there");
            watched.play([Action::Start, Action::Unlock, Action::Advance(60_000)]);
            assert_eq!(code_at_hq(&mut watched, id), Some(standing), "{point:?}");
            assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 0), "{point:?}");
            let taken = current(&watched).map(|line| line.id);
            assert_eq!(taken, (standing != "closed").then_some(id), "{point:?}");
        }
        let taken = journal(&watched)
            .into_iter()
            .filter(|operation| matches!(operation, Operation::DispatchTaken { .. }));
        assert_eq!(taken.count(), 1, "{point:?}");
    }
}

#[test]
fn through_a_storm_the_call_comes_and_hq_hears_the_last_word() {
    let mut watched = in_service(1030, Weather::STORM);
    let id = propose(&mut watched, call(false), 600);
    for _ in 0..60 {
        if lines(&watched).is_empty() {
            watched.act(Action::Cut);
            watched.act(Action::Advance(1_000));
            watched.act(Action::Restore);
            watched.act(Action::Advance(60_000));
        }
    }
    watched.intent(Intent::TakeDispatch { dispatch: id });
    watched.intent(Intent::ArriveOnScene);
    watched.intent(closed(Outcome::HandedOver));
    for _ in 0..60 {
        if code_at_hq(&mut watched, id) != Some("closed") {
            watched.act(Action::Advance(60_000));
        }
    }
    assert_eq!(code_at_hq(&mut watched, id), Some("closed"));
}

#[test]
fn a_step_that_cannot_be_is_told_with_its_reason_and_changes_nothing() {
    let mut watched = in_service(1040, Weather::CLEAR);
    let id = propose(&mut watched, call(false), 120);
    watched.intent(Intent::TakeDispatch { dispatch: id });
    watched.intent(closed(Outcome::ActsDrawnUp));
    assert!(watched.was_told(Notice::OutOfOrder(OutOfOrder::NeverThere)));
    assert_eq!(current(&watched).map(|line| line.id), Some(id));
    watched.intent(Intent::ArriveOnScene);
    watched.intent(Intent::SetOut);
    assert!(watched.was_told(Notice::OutOfOrder(OutOfOrder::AlreadyThere)));
    watched.intent(closed(Outcome::ActsDrawnUp));
    assert_eq!(current(&watched), None);
}

#[test]
fn a_clock_that_was_set_between_two_steps_is_told_and_its_time_stays() {
    let mut watched = in_service(1041, Weather::CLEAR);
    let id = propose(&mut watched, call(false), 120);
    watched.intent(Intent::TakeDispatch { dispatch: id });
    set_clock(&mut watched, -3_600_000);
    watched.act(Action::Advance(5 * MINUTE));
    watched.intent(Intent::ArriveOnScene);
    assert!(watched.was_told(Notice::StepTimeInDoubt { backwards: true }));
    let doubts = [Doubt {
        step: Step::OnScene,
        backwards: true,
    }];
    assert_eq!(current(&watched).unwrap().doubts, doubts);
    watched.intent(closed(Outcome::HandedOver));
    watched.act(Action::Advance(3_000));
    let Some(Standing::Taken(told)) = at_hq(&mut watched, id) else {
        panic!("HQ was not told")
    };
    assert_eq!(told.doubts(), doubts);
}

#[test]
fn whom_and_what_its_acts_are_about_is_on_the_page_and_in_no_statement() {
    let mut watched = in_service(1042, Weather::CLEAR);
    let id = propose(&mut watched, call(false), 120);
    watched.intent(Intent::TakeDispatch { dispatch: id });
    watched.intent(Intent::ArriveOnScene);
    watched.intent(Intent::DescribeIntervention {
        matter: "tapage nocturne".to_owned(),
        account: "Porte close.\nVoisins entendus.".to_owned(),
        seen_matter: None,
        seen_account: None,
    });
    assert_eq!(current(&watched).unwrap().people.len(), 0);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched.settle();
    let line = current(&watched).unwrap();
    assert_eq!(line.people.len(), 1);
    assert_eq!(line.matter.reveal(), "tapage nocturne");
    assert_eq!(line.account.reveal(), "Porte close.\nVoisins entendus.");
    // Read out of the acts each time: after a stop it is there again.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(current(&watched), Some(line));
    watched.act(Action::Advance(60_000));
    let Some(Standing::Taken(told)) = at_hq(&mut watched, id) else {
        panic!("HQ was not told")
    };
    assert!(told.people.is_empty() && told.account.is_empty());
    assert_eq!(told.matter, Matter::parse("tapage nocturne").ok());
    watched.intent(Intent::DescribeIntervention {
        matter: "x".repeat(201),
        account: String::new(),
        seen_matter: None,
        seen_account: None,
    });
    assert!(watched.was_told(Notice::NotADescription));
    watched.finish();
}

#[test]
fn what_hq_did_not_sign_is_dropped_and_keeps_nothing_after_it_waiting() {
    let mut watched = in_service(1050, Weather::CLEAR);
    let engine = watched.world.engine().unwrap();
    let device = engine.enrolment().terminal.device.clone();
    let now = watched.world.now().utc;
    let pki = enrol::pki(&watched.world.layout().pki(), UnixMs(0)).unwrap();
    let site = agent::site::Site::new(watched.world.layout().terminal());
    let vault = agent::enrol::vault(&site).unwrap();
    let recipient = agent::keys::Keys::identity(vault.as_ref()).recipient();
    let forged = canonical::encode(&Dispatch {
        version: 1,
        id: InterventionId::from_bytes([5; 16]),
        at: now,
        until: now.plus(3_600_000),
        about: call(true),
    });
    let command = pki.command();
    let mut sequence = 0;
    for dispatch in [
        pki.receipt()
            .sign(Namespace::Dispatch, Dispatch::CONTENT_TYPE, &forged),
        command.sign(Namespace::Order, Dispatch::CONTENT_TYPE, &forged),
        command.sign(Namespace::Dispatch, "application/neo-suivi+cbor;v=1", &forged),
        b"no signature".to_vec(),
    ] {
        let note = DispatchNote {
            officer: None,
            dispatch,
        };
        let message = DispatchMessage {
            device: device.clone(),
            after: sequence,
            sequence: sequence + 1,
            sealed: seal::seal(&[recipient], &canonical::encode(&note)).unwrap(),
        };
        sequence += 1;
        let reply = canonical::encode(&Reply::Dispatch(message));
        let signed = pki.receipt().sign(Namespace::Answer, REPLY, &reply);
        let topic = Topic::Down(device.clone(), DownLane::A);
        watched.world.forge(&topic, signed).unwrap();
        assert_eq!((lines(&watched), on_disk(&watched)), (Vec::new(), 0));
    }
    let last = watched.world.engine().unwrap().device().last_dispatch().unwrap();
    assert_eq!(last, sequence);
}
