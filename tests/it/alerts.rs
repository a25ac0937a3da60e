//! Urgent alerts: before everything else, never lost, and nobody's until a person gives their name.

use agent::engine::CommitPoint;
use domain::ActId;
use domain::alert::{Alert, Ground, PATIENCE, Standing};
use domain::delivery::Delivery;
use domain::dialogue::{Haptic, Intent};
use domain::draft::Field;
use domain::envelope::Lane;
use domain::journal::Operation;
use domain::record::{Act, ActKind};
use hq::store::Alerted;
use simulator::world::{Action, Said};
use tests::acts::{act_id, drafted, read_and_signed};
use tests::invariants;
use tests::watched::Watched;

const COMPLAINT: u8 = 1;
const ALERT: ActId = ActId::from_bytes([0xa1; 16]);

/// A complaint is begun, whose grid says that there is a firearm and a threat of death.
fn in_a_complaint(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    let draft = act_id(COMPLAINT);
    watched.play(drafted(draft, ActKind::Plainte));
    for (field, text) in [
        (Field::Place, "Mairie de Saint-Denis"),
        (Field::Grid, "......O.............O.."),
    ] {
        let text = text.to_owned();
        watched.act(Said::Fill { draft, field, text }.into());
    }
    watched.act(Action::Advance(2_000));
    watched
}

fn raise(watched: &mut Watched) {
    watched.intent(Intent::RaiseAlert {
        draft: act_id(COMPLAINT),
        id: Some(ALERT),
        grounds: vec![Ground::Child],
        words: "il attend dehors".to_owned(),
    });
}

fn standing(watched: &Watched) -> Option<Standing> {
    let lines = &watched.world.board.alerts;
    let line = lines.iter().find(|line| line.alert == ALERT);
    line.map(|line| line.standing.clone())
}

fn at_hq(watched: &mut Watched) -> Option<Alerted> {
    let transaction = watched.world.gateway().store().begin().unwrap();
    transaction.alert(ALERT).unwrap()
}

fn told_by_hq(watched: &mut Watched) -> Alert {
    let envelope = at_hq(watched).expect("the alert is at HQ").envelope;
    let transaction = watched.world.gateway().store().begin().unwrap();
    let stored = transaction.record(envelope).unwrap().unwrap();
    let record = agent::work::record_of(&stored.record_cose).unwrap();
    let Act::Alert(alert) = record.act else {
        panic!("{:?} is no alert", record.act.kind())
    };
    *alert
}

fn taker(standing: Option<Standing>) -> Option<String> {
    match standing {
        Some(Standing::Taken(taken)) => Some(taken.by.as_str().to_owned()),
        Some(Standing::Open | Standing::Nobody { .. } | Standing::Told) | None => None,
    }
}

#[test]
fn an_alert_leaves_before_the_complaint_is_finished_and_a_named_person_takes_it() {
    let mut watched = in_a_complaint(901);
    raise(&mut watched);
    assert_eq!(standing(&watched), Some(Standing::Open));
    watched.act(Action::Advance(3_000));
    let alert = told_by_hq(&mut watched);
    assert_eq!(alert.grounds(), Ground::ALL);
    assert_eq!(
        (alert.place(), alert.words()),
        ("Mairie de Saint-Denis", "il attend dehors")
    );
    assert_eq!(alert.about, act_id(COMPLAINT));
    // A machine's receipt is nobody.
    let rows = invariants::acts(&watched.world).unwrap();
    assert_eq!(
        (rows.len(), rows[0].kind, rows[0].lane),
        (1, ActKind::Alert, Lane::Urgent)
    );
    assert!(matches!(rows[0].delivery, Delivery::Received { .. }));
    assert_eq!(standing(&watched), Some(Standing::Open));
    assert!(
        watched
            .world
            .take_alert(ALERT, "adjudant Morel, CORG 93")
            .unwrap()
    );
    watched.act(Action::Advance(2_000));
    assert_eq!(
        taker(standing(&watched)).as_deref(),
        Some("adjudant Morel, CORG 93")
    );
    // The second who wants it hears that somebody has it.
    assert!(
        !watched
            .world
            .take_alert(ALERT, "brigadier Petit, CIC 93")
            .unwrap()
    );
    assert_eq!(
        taker(standing(&watched)).as_deref(),
        Some("adjudant Morel, CORG 93")
    );
    watched.intent(Intent::AlertSeen { alert: ALERT });
    assert_eq!(standing(&watched), None);
    let draft = act_id(COMPLAINT);
    watched.play(read_and_signed(draft, ActKind::Plainte));
    watched.act(Said::Sign { draft }.into());
    watched.settle();
}

#[test]
fn an_alert_that_nobody_takes_for_a_minute_says_so_and_can_be_felt() {
    let mut watched = in_a_complaint(902);
    raise(&mut watched);
    watched.act(Action::Advance(PATIENCE - 1_000));
    assert_eq!(standing(&watched), Some(Standing::Open));
    assert!(!watched.world.board.haptics.contains(&Haptic::Dangerous));
    watched.act(Action::Advance(2_000));
    assert_eq!(standing(&watched), Some(Standing::Nobody { leaves: true }));
    assert!(watched.world.board.haptics.contains(&Haptic::Dangerous));
    // What nobody has is not put away.
    watched.intent(Intent::AlertSeen { alert: ALERT });
    assert_eq!(standing(&watched), Some(Standing::Nobody { leaves: true }));
    watched.intent(Intent::AlertTold { alert: ALERT });
    assert_eq!(standing(&watched), Some(Standing::Told));
    let entries = watched.world.engine().unwrap().device().journal().unwrap();
    let told = Operation::AlertTold { alert: ALERT };
    assert!(
        entries
            .iter()
            .any(|entry| entry.operation == told && entry.officer.is_some())
    );
}

#[test]
fn a_minute_in_which_nobody_takes_an_alert_is_one_over_a_stop_a_clock_set_back_and_another_zone() {
    // The end of summer time in Paris, La Réunion, Mayotte.
    for (seed, zone) in [(910, 60), (911, 240), (912, 180)] {
        let mut watched = in_a_complaint(seed);
        watched.world.set_zone(120);
        raise(&mut watched);
        watched.act(Action::Advance(PATIENCE / 2));
        watched.play([Action::Kill, Action::Start]);
        watched.world.set_zone(zone);
        let utc = watched.world.now().utc.plus(-3 * 3_600_000);
        watched.world.set_clock(utc);
        // Until the terminal is connected again nobody can have it.
        watched.play([Action::Unlock, Action::Advance(10_000)]);
        assert_eq!(standing(&watched), Some(Standing::Open), "{zone}");
        watched.act(Action::Advance(PATIENCE / 2 - 12_000));
        assert_eq!(standing(&watched), Some(Standing::Open), "{zone}");
        watched.act(Action::Advance(3_000));
        let nobody = Some(Standing::Nobody { leaves: true });
        assert_eq!(standing(&watched), nobody, "{zone}");
    }
}

#[test]
fn an_alert_without_network_says_at_once_that_nobody_has_it_and_leaves_when_it_can() {
    let mut watched = in_a_complaint(903);
    watched.act(Action::Cut);
    watched.act(Action::Advance(500));
    raise(&mut watched);
    assert_eq!(standing(&watched), Some(Standing::Nobody { leaves: false }));
    // Nobody has it, whatever happens to the phone.
    watched.act(Action::Kill);
    watched.act(Action::Start);
    assert_eq!(standing(&watched), Some(Standing::Nobody { leaves: false }));
    watched.act(Action::Restore);
    watched.act(Action::Advance(30_000));
    // Somebody may still take it in time.
    assert!(at_hq(&mut watched).is_some());
    assert_eq!(standing(&watched), Some(Standing::Open));
    watched.act(Action::Advance(PATIENCE));
    assert_eq!(standing(&watched), Some(Standing::Nobody { leaves: true }));
    assert!(
        watched
            .world
            .take_alert(ALERT, "adjudant Morel, CORG 93")
            .unwrap()
    );
    watched.act(Action::Advance(2_000));
    assert!(taker(standing(&watched)).is_some());
}

#[test]
fn a_terminal_that_was_away_hears_who_has_its_alert() {
    let mut watched = in_a_complaint(904);
    raise(&mut watched);
    watched.act(Action::Advance(3_000));
    watched.act(Action::Cut);
    watched.act(Action::Advance(500));
    assert_eq!(standing(&watched), Some(Standing::Nobody { leaves: false }));
    assert!(
        watched
            .world
            .take_alert(ALERT, "adjudant Morel, CORG 93")
            .unwrap()
    );
    watched.act(Said::Lock.into());
    watched.act(Action::Restore);
    watched.act(Action::Advance(60_000));
    // Over a locked screen too: it says nothing of whom the alert is about.
    assert!(!watched.world.engine().unwrap().is_unlocked());
    assert_eq!(
        taker(standing(&watched)).as_deref(),
        Some("adjudant Morel, CORG 93")
    );
}

#[test]
fn an_alert_says_why_and_needs_no_code() {
    let mut watched = in_a_complaint(905);
    let draft = act_id(COMPLAINT);
    let text = String::new();
    watched.act(
        Said::Fill {
            draft,
            field: Field::Grid,
            text,
        }
        .into(),
    );
    let without = Intent::RaiseAlert {
        draft,
        id: Some(ALERT),
        grounds: Vec::new(),
        words: String::new(),
    };
    watched.intent(without);
    assert_eq!(standing(&watched), None);
    assert!(
        watched
            .world
            .board
            .notices
            .contains(&domain::dialogue::Notice::NotAnAlert)
    );
    // Long after the code was given last.
    watched.act(Action::Advance(3_600_000));
    watched.world.board.notices.clear();
    raise(&mut watched);
    watched.act(Action::Advance(3_000));
    assert!(at_hq(&mut watched).is_some());
    assert_eq!(watched.world.board.notices, []);
}

#[test]
fn an_alert_whose_signature_a_stop_cuts_off_is_sent_after_the_next_unlock() {
    for point in [CommitPoint::Reserved, CommitPoint::IntentWritten] {
        let mut watched = in_a_complaint(907);
        watched.act(Action::CrashAt(point));
        raise(&mut watched);
        assert!(!watched.world.is_running(), "{point:?}");
        watched.play([Action::Start, Action::Unlock, Action::Advance(5_000)]);
        assert_eq!(told_by_hq(&mut watched).words(), "il attend dehors", "{point:?}");
        assert!(
            watched
                .world
                .take_alert(ALERT, "adjudant Morel, CORG 93")
                .unwrap()
        );
        watched.act(Action::Advance(2_000));
        assert!(taker(standing(&watched)).is_some(), "{point:?}");
        assert_eq!(watched.count_at_hq(), 1, "{point:?}");
    }
}
