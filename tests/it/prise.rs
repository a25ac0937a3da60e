//! Before a shift: what the crew is told, who is in it, in which vehicle, and how terminal and camera are.

use agent::engine::CommitPoint;
use domain::dialogue::{DispatchLine, HomeView, Intent, LockState, Notice};
use domain::intervention::{About, Account, Matter, Standing};
use domain::journal::Operation;
use domain::record::{Act, ActKind};
use domain::service::{CameraCheck, Checks, ClockCheck, TypedVehicle};
use domain::{InterventionId, UnixMs};
use hq::dispatch::Whom;
use simulator::patrol::scenario::OfficerSheet;
use simulator::world::{Action, Weather};
use tests::acts::{self, act_id};
use tests::watched::Watched;

const MINUTE: u64 = 60_000;

/// An officer who has unlocked the terminal and is not in service.
fn at_the_station(seed: u64) -> Watched {
    let mut watched = Watched::new(seed, Weather::CLEAR);
    watched.act(Action::Unlock);
    watched.act(Action::Advance(5_000));
    watched
}

fn briefing() -> About {
    About::Briefing {
        title: Matter::parse("vols de deux-roues, secteur gare").unwrap(),
        text: Account::parse("Passages fréquents de 22 h à 2 h.").unwrap(),
    }
}

fn brief(watched: &mut Watched, minutes: i64) -> InterventionId {
    let engine = watched.world.engine().unwrap();
    let whom = Whom::Terminal(engine.enrolment().terminal.device.clone());
    let id = watched.world.propose(&whom, briefing(), minutes).unwrap();
    watched.act(Action::Advance(3_000));
    id
}

fn home(watched: &Watched) -> &HomeView {
    watched.world.board.home.as_ref().unwrap()
}

fn items(watched: &Watched) -> Vec<&DispatchLine> {
    home(watched).dispatches.iter().collect()
}

fn start(crew: &str, call_sign: &str, plate: &str) -> Intent {
    Intent::StartService {
        crew: crew.to_owned(),
        opj: "7654321".to_owned(),
        vehicle: Some(TypedVehicle {
            call_sign: call_sign.to_owned(),
            plate: plate.to_owned(),
        }),
    }
}

fn journal(watched: &Watched) -> Vec<Operation> {
    let entries = watched.world.engine().unwrap().device().journal().unwrap();
    entries.into_iter().map(|entry| entry.operation).collect()
}

fn is_locked(watched: &Watched) -> bool {
    let lock = watched.world.board.lock.as_ref().unwrap();
    !matches!(lock.state, LockState::Unlocked)
}

/// Who read the item, as HQ was told.
fn reader_at_hq(watched: &mut Watched, id: InterventionId) -> Option<String> {
    let store = watched.world.gateway().store();
    let rows = store.begin().unwrap().progress(UnixMs(0)).unwrap();
    let mut rows = rows.into_iter().map(|row| row.progress);
    let read = rows.find(|told| matches!(told.standing, Standing::Read { id: of, .. } if of == id));
    read.map(|told| told.author.matricule.to_string())
}

#[test]
fn an_item_of_the_briefing_is_read_once_by_the_officer_heard_of_at_hq_and_gone_at_its_term() {
    let mut watched = at_the_station(2100);
    let id = brief(&mut watched, 60);
    assert_eq!(home(&watched).checks.as_ref().unwrap().unread, 1);
    // Nobody takes it, and nobody puts it away.
    watched.intent(start("", "", ""));
    watched.intent(Intent::TakeDispatch { dispatch: id });
    watched.intent(Intent::DeclineDispatch { dispatch: id });
    assert!(home(&watched).intervention.is_none());
    assert_eq!((items(&watched).len(), items(&watched)[0].read), (1, false));
    assert_eq!(reader_at_hq(&mut watched, id), None);
    watched.intent(Intent::ReadBriefing { dispatch: id });
    watched.act(Action::Advance(3_000));
    assert_eq!(reader_at_hq(&mut watched, id).as_deref(), Some("RIO 1234567"));
    assert!(journal(&watched).contains(&Operation::BriefingRead { dispatch: id }));
    // Read it stays, over a stop and a start of the device, and is not told as news again.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!((items(&watched).len(), items(&watched)[0].read), (1, true));
    watched.world.reboot().unwrap();
    watched.act(Action::Unlock);
    assert_eq!((items(&watched).len(), items(&watched)[0].read), (1, true));
    assert_eq!(home(&watched).checks.as_ref().unwrap().unread, 0);
    watched.act(Action::Advance(60 * MINUTE));
    watched.act(Action::Unlock);
    assert_eq!(items(&watched), Vec::<&DispatchLine>::new());
}

#[test]
fn an_item_of_the_briefing_comes_to_a_terminal_without_network_when_it_returns() {
    let mut watched = at_the_station(2101);
    watched.act(Action::Cut);
    let id = brief(&mut watched, 120);
    assert_eq!(items(&watched).len(), 0);
    watched.play([Action::Restore, Action::Advance(60_000)]);
    assert_eq!(items(&watched).len(), 1);
    // Read without network, HQ hears of it later.
    watched.act(Action::Cut);
    watched.intent(Intent::ReadBriefing { dispatch: id });
    assert_eq!(reader_at_hq(&mut watched, id), None);
    watched.play([
        Action::Kill,
        Action::Start,
        Action::Restore,
        Action::Advance(60_000),
    ]);
    assert_eq!(reader_at_hq(&mut watched, id).as_deref(), Some("RIO 1234567"));
}

#[test]
fn a_stop_while_an_item_is_read_never_leaves_it_read_here_and_unheard_of_at_hq() {
    let mut watched = at_the_station(2102);
    let id = brief(&mut watched, 120);
    watched.act(Action::CrashAt(CommitPoint::ProgressKept));
    watched.intent(Intent::ReadBriefing { dispatch: id });
    assert!(!watched.world.is_running());
    watched.play([Action::Start, Action::Unlock, Action::Advance(60_000)]);
    assert_eq!(reader_at_hq(&mut watched, id).as_deref(), Some("RIO 1234567"));
    watched.intent(Intent::ReadBriefing { dispatch: id });
    assert!(items(&watched)[0].read);
}

#[test]
fn the_vehicle_of_the_crew_stands_in_the_pv_that_hq_holds() {
    let mut watched = at_the_station(2103);
    watched.intent(start("2345678", "TV ALPHA 12", "ab123cd"));
    let service = home(&watched).service.as_ref().unwrap();
    assert_eq!(service.vehicle.as_deref(), Some("TV ALPHA 12 · AB-123-CD"));
    assert_eq!(service.crew, ["RIO 1234567", "RIO 2345678"]);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.settle();
    let record = watched.record_at_hq(act_id(1)).unwrap();
    let Act::Pv(pv) = record.act else { panic!("no PV") };
    assert_eq!(
        pv.aboard.map(|vehicle| vehicle.to_string()).as_deref(),
        Some("TV ALPHA 12 · AB-123-CD")
    );
}

#[test]
fn a_vehicle_that_does_not_read_is_said_and_begins_no_service() {
    let mut watched = at_the_station(2104);
    watched.intent(start("", &"A".repeat(41), ""));
    assert!(watched.was_told(Notice::NotAPatrolVehicle));
    assert!(home(&watched).service.is_none());
    watched.intent(start("", "", "***"));
    assert!(home(&watched).service.is_none());
    watched.intent(start("", "", ""));
    assert_eq!(home(&watched).service.as_ref().unwrap().vehicle, None);
}

/// The last that the journal says of a shift.
fn checked(watched: &Watched) -> Checks {
    let mut journal = journal(watched).into_iter().rev();
    journal
        .find_map(|operation| {
            if let Operation::ServiceChecked { checks } = operation {
                Some(checks)
            } else {
                None
            }
        })
        .unwrap()
}

#[test]
fn terminal_and_camera_are_checked_and_what_was_found_is_in_the_journal() {
    let mut watched = at_the_station(2105);
    let before = home(&watched).checks.clone().unwrap();
    assert_eq!(
        (before.clock, &before.camera),
        (ClockCheck::Right, &CameraCheck::NotPaired)
    );
    watched.play([Action::PairCamera, Action::Advance(5_000)]);
    let met = home(&watched).checks.clone().unwrap();
    let CameraCheck::Met { battery: 87, .. } = met.camera else {
        panic!("{:?}", met.camera)
    };
    watched.intent(start("", "", ""));
    assert_eq!(checked(&watched), met);
    watched.intent(Intent::EndService);
    // The wall clock is set an hour ahead, and the camera is out of reach.
    watched.play([Action::CameraAway, Action::Advance(60_000)]);
    let utc = watched.world.now().utc.plus(3_600_000);
    watched.world.set_clock(utc);
    watched.intent(Intent::Alive);
    watched.act(Action::Unlock);
    let after = home(&watched).checks.clone().unwrap();
    assert!(
        matches!(after.clock, ClockCheck::Off(ahead) if ahead > 3_500_000),
        "{after:?}"
    );
    assert!(matches!(after.camera, CameraCheck::NotMet(_)), "{after:?}");
}

/// A colleague whose card this terminal knows.
fn with_a_colleague(seed: u64) -> (Watched, OfficerSheet) {
    let mut watched = at_the_station(seed);
    let sheet = OfficerSheet {
        matricule: "2345678".to_owned(),
        ..watched.world.scenario().officer.clone()
    };
    watched.world.enrol_card(&sheet).unwrap();
    watched.world.admit(&sheet).unwrap();
    watched.play([Action::Cut, Action::Restore, Action::Advance(700_000)]);
    (watched, sheet)
}

#[test]
fn a_colleague_is_added_by_their_card_while_the_officer_stays_at_work() {
    let (mut watched, sheet) = with_a_colleague(2106);
    watched.intent(Intent::AwaitCrewCard);
    assert!(home(&watched).awaits_card);
    watched.world.take_card_out().unwrap();
    watched.world.put_card_in(&sheet).unwrap();
    assert!(!is_locked(&watched));
    assert_eq!(home(&watched).crew_by_card, ["RIO 2345678"]);
    watched.world.take_card_out().unwrap();
    watched.world.put_own_card_in().unwrap();
    assert!(!is_locked(&watched) && !home(&watched).awaits_card);
    // Typed as well, they are one.
    watched.intent(start("2345678", "", ""));
    let service = home(&watched).service.as_ref().unwrap();
    assert_eq!(service.crew, ["RIO 1234567", "RIO 2345678"]);
    let read = |operation: &Operation| matches!(operation, Operation::CrewCardRead { .. });
    assert_eq!(journal(&watched).iter().filter(|one| read(one)).count(), 1);
    // The officer's own card signs.
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.settle();
    assert!(watched.is_received(act_id(1)));
}

#[test]
fn an_officer_whose_card_does_not_come_back_is_gone() {
    let (mut watched, sheet) = with_a_colleague(2107);
    watched.intent(Intent::AwaitCrewCard);
    watched.world.put_card_in(&sheet).unwrap();
    watched.act(Action::Advance(29_000));
    assert!(!is_locked(&watched));
    watched.act(Action::Advance(2_000));
    assert!(is_locked(&watched));
}

#[test]
fn neither_a_service_that_begins_nor_another_tap_spares_the_officer_s_card_for_longer() {
    let (mut watched, sheet) = with_a_colleague(2110);
    watched.intent(Intent::AwaitCrewCard);
    watched.world.put_card_in(&sheet).unwrap();
    watched.act(Action::Advance(20_000));
    watched.intent(Intent::AwaitCrewCard);
    watched.intent(start("", "", ""));
    assert_eq!(home(&watched).service.as_ref().unwrap().crew.len(), 2);
    watched.act(Action::Advance(11_000));
    assert!(is_locked(&watched));
}

#[test]
fn without_being_waited_for_another_card_ends_the_turn_and_adds_nobody() {
    let (mut watched, sheet) = with_a_colleague(2108);
    watched.world.put_card_in(&sheet).unwrap();
    assert!(is_locked(&watched));
    watched.world.put_own_card_in().unwrap();
    watched.act(Action::Unlock);
    assert_eq!(home(&watched).crew_by_card, Vec::<String>::new());
}

#[test]
fn a_card_that_the_terminal_does_not_know_adds_nobody_and_says_so() {
    let mut watched = at_the_station(2109);
    let sheet = OfficerSheet {
        matricule: "3456789".to_owned(),
        ..watched.world.scenario().officer.clone()
    };
    watched.world.enrol_card(&sheet).unwrap();
    watched.intent(Intent::AwaitCrewCard);
    watched.world.put_card_in(&sheet).unwrap();
    assert!(watched.was_told(Notice::CrewCardUnknown));
    assert_eq!(home(&watched).crew_by_card, Vec::<String>::new());
    watched.world.put_own_card_in().unwrap();
    assert!(!is_locked(&watched));
}
