//! When recordings leave: by energy and network, by profile, and on HQ's order, as the officer sees it; and how little they
//! stand in the way of an act.

use camera::protocol::Custody;
use domain::ClipId;
use domain::dialogue::{Intent, Notice, SendingState, SendingView};
use domain::footage::leaving::{
    BatteryFloor, Bearer, Charge, LeavingPolicy, Power, Supply, UploadRate, Wait,
};
use domain::journal::Operation;
use domain::orders::{Command, Order, OrderOutcome};
use domain::profile::Settings;
use domain::record::ActKind;
use simulator::enrol;
use simulator::world::Action;
use sync::wire::v1::ORDER;
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cose::Namespace;

const HOUR: i64 = 3_600_000;

fn on(power: Power, bearer: Bearer) -> Action {
    Action::Supply(Supply { power, bearer })
}

fn battery(percent: u8) -> Power {
    Power::Battery(Some(Charge::new(percent).unwrap()))
}

/// An officer on duty who has drawn up a check, which HQ has.
fn beside_a_camera(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(9), ActKind::IdentityCheck));
    watched.act(Action::Advance(10_000));
    watched
}

/// A recording that was taken in while the terminal lived on this.
fn taken_on(seed: u64, power: Power, bearer: Bearer) -> Watched {
    let mut watched = beside_a_camera(seed);
    watched.play([on(power, bearer), Action::PairCamera, Action::Advance(100)]);
    watched.play([Action::TakeClip, Action::Advance(30_000)]);
    assert_eq!(watched.world.custody(), Custody::Taken);
    watched
}

fn sending(watched: &Watched) -> Option<SendingView> {
    watched.world.board.camera.as_ref()?.sending
}

#[track_caller]
fn assert_waits(watched: &Watched, wait: Wait) {
    let view = sending(watched).expect("something waits");
    assert_eq!(view.state, SendingState::Waits(wait));
    assert!(view.sent < view.of, "{view:?}");
    assert_eq!(watched.world.custody(), Custody::Taken);
}

#[track_caller]
fn assert_leaves(watched: &mut Watched) {
    watched.act(Action::Advance(60_000));
    watched.play([Action::ListClips, Action::Advance(1_000)]);
    assert_eq!(watched.world.custody(), Custody::Received);
    assert_eq!(sending(watched), None);
}

#[test]
fn on_battery_a_recording_waits_says_why_and_leaves_once_the_charger_is_plugged() {
    let mut watched = taken_on(1_300, battery(64), Bearer::Wifi);
    assert_waits(&watched, Wait::NotCharging);
    // An act leaves on whatever the terminal lives.
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(10_000));
    assert!(watched.is_received(act_id(1)));
    watched.play([on(battery(29), Bearer::Wifi), Action::Advance(10_000)]);
    assert_waits(&watched, Wait::BelowFloor(LeavingPolicy::EMBEDDED.floor));
    watched.play([on(Power::Charging(None), Bearer::None), Action::Advance(10_000)]);
    assert_waits(&watched, Wait::NoNetwork);
    watched.play([
        on(Power::Charging(None), Bearer::Cellular),
        Action::Advance(10_000),
    ]);
    assert_waits(&watched, Wait::Cellular);
    watched.act(on(Power::Charging(None), Bearer::Cable));
    assert_leaves(&mut watched);
    watched.finish();
}

#[test]
fn a_charger_that_is_pulled_in_the_middle_stops_the_upload_which_goes_on_where_it_was() {
    let mut watched = beside_a_camera(1_301);
    watched.world.shape(32_000, 150);
    watched.play([on(Power::Charging(None), Bearer::Wifi), Action::PairCamera]);
    watched.play([Action::Advance(3_000), Action::TakeClip, Action::Advance(8_000)]);
    let before = sending(&watched).expect("it is on its way");
    assert!(matches!(before.state, SendingState::Going(Some(_))), "{before:?}");
    assert!(before.sent > 0 && before.sent < before.of, "{before:?}");
    watched.act(on(battery(50), Bearer::Wifi));
    watched.act(Action::Advance(60_000));
    assert_waits(&watched, Wait::NotCharging);
    watched.act(on(Power::Charging(None), Bearer::Wifi));
    assert_leaves(&mut watched);
    watched.finish();
}

#[test]
fn an_order_lets_recordings_leave_over_the_cellular_network_until_its_hours_are_over() {
    let mut watched = taken_on(1_302, battery(40), Bearer::Cellular);
    assert_waits(&watched, Wait::Cellular);
    watched.act(on(battery(20), Bearer::Cellular));
    watched.world.order_footage(None, 4 * HOUR).unwrap();
    let until = watched.world.now().utc.plus(4 * HOUR);
    watched.act(Action::Advance(5_000));
    assert!(watched.was_told(Notice::FootageOrdered { until }));
    // The battery that is left is for the officer's calls.
    assert_waits(&watched, Wait::BelowFloor(LeavingPolicy::EMBEDDED.floor));
    assert_eq!(sending(&watched).unwrap().ordered_until, Some(until));
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let done = Operation::Ordered {
        sequence: 1,
        outcome: OrderOutcome::Done,
    };
    assert!(journal.iter().any(|entry| entry.operation == done));
    // It outlives the process, and not its hours.
    watched.play([Action::Kill, Action::Start, Action::Unlock]);
    watched.act(on(battery(20), Bearer::Cellular));
    assert_eq!(sending(&watched).unwrap().ordered_until, Some(until));
    for _ in 0..5 {
        watched.intent(Intent::Alive);
        watched.act(Action::Advance(3_600_000));
    }
    watched.act(on(battery(40), Bearer::Cellular));
    watched.act(Action::Advance(10_000));
    assert_waits(&watched, Wait::Cellular);
    assert_eq!(sending(&watched).unwrap().ordered_until, None);
    watched.world.order_footage(None, HOUR).unwrap();
    assert_leaves(&mut watched);
    watched.finish();
}

#[test]
fn an_order_for_one_recording_lets_no_other_leave() {
    let mut watched = taken_on(1_303, battery(90), Bearer::Cellular);
    let other = ClipId::from_bytes([0x77; 16]);
    watched.world.order_footage(Some(other), HOUR).unwrap();
    watched.act(Action::Advance(10_000));
    assert_waits(&watched, Wait::Cellular);
    let clip = watched.world.clip();
    watched.world.order_footage(Some(clip), HOUR).unwrap();
    assert_leaves(&mut watched);
    watched.finish();
}

#[test]
fn an_order_that_names_nothing_readable_fails_and_lets_nothing_leave() {
    let mut watched = taken_on(1_304, battery(90), Bearer::Cellular);
    let now = watched.world.now().utc;
    let order = Order {
        device: enrol::device_id(),
        sequence: 1,
        not_after: now.plus(HOUR),
        command: Command::SendFootage,
        body: Some(b"every one of them".to_vec()),
    };
    let pki = enrol::pki(&watched.world.layout().pki(), now).unwrap();
    let signed = pki
        .command()
        .sign(Namespace::Order, ORDER, &domain::encode(&order));
    let topic = Topic::Down(enrol::device_id(), DownLane::Cmd);
    watched.world.forge(&topic, signed).unwrap();
    watched.act(Action::Advance(10_000));
    assert_waits(&watched, Wait::Cellular);
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let failed = Operation::Ordered {
        sequence: 1,
        outcome: OrderOutcome::Failed,
    };
    assert!(journal.iter().any(|entry| entry.operation == failed));
}

#[test]
fn a_profile_sets_floor_network_and_rate_and_an_order_does_not_reach_past_it() {
    let mut watched = taken_on(1_305, battery(45), Bearer::Cellular);
    let configure = |watched: &mut Watched, footage_leaves, floor| {
        let settings = Settings {
            footage_leaves,
            leaving: Some(LeavingPolicy {
                on_battery: true,
                on_cellular: true,
                floor: BatteryFloor::new(floor).unwrap(),
                rate: UploadRate::new(16).unwrap(),
            }),
            ..Settings::EMBEDDED
        };
        watched.world.configure(settings).unwrap();
        watched.act(Action::Advance(10_000));
    };
    configure(&mut watched, false, 40);
    watched.world.order_footage(None, HOUR).unwrap();
    watched.act(Action::Advance(10_000));
    assert_waits(&watched, Wait::Profile);
    configure(&mut watched, true, 50);
    assert_waits(&watched, Wait::BelowFloor(BatteryFloor::new(50).unwrap()));
    configure(&mut watched, true, 40);
    // Sixteen kilobytes a second, and a quarter of a megabyte.
    let view = sending(&watched).expect("it is on its way");
    assert!(matches!(view.state, SendingState::Going(Some(1..))), "{view:?}");
    assert_eq!(watched.world.custody(), Custody::Taken);
    assert_leaves(&mut watched);
    watched.finish();
}

#[test]
fn where_the_platform_says_nothing_recordings_leave_and_the_screen_says_that_it_does_not_know() {
    let mut watched = beside_a_camera(1_306);
    watched.act(Action::Cut);
    watched.play([Action::PairCamera, Action::Advance(100), Action::TakeClip]);
    watched.act(Action::Advance(10_000));
    let view = sending(&watched).expect("something waits");
    assert_eq!(view.state, SendingState::Reaching);
    assert!(view.supply.is_partly_unknown());
    watched.act(Action::Restore);
    assert_leaves(&mut watched);
    watched.finish();
}

/// 256 kbit/s, and 300 ms there and back.
const RATE: u64 = 32_000;
const WAY: u64 = 150;

/// Milliseconds from the signature of a PV until HQ has it, `after` so much of a recording's upload; none for no upload.
fn pv_reaches_hq(seed: u64, after: Option<u64>) -> u64 {
    let mut watched = Watched::on_duty(seed);
    watched.world.shape(RATE, WAY);
    watched.play([on(Power::Charging(None), Bearer::Wifi), Action::PairCamera]);
    watched.play(acts::drafted(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(20_000));
    let before = if let Some(after) = after {
        watched.act(Action::TakeClip);
        while !matches!(
            sending(&watched),
            Some(SendingView {
                state: SendingState::Going(_),
                ..
            })
        ) {
            watched.world.advance(50).unwrap();
        }
        watched.world.advance(after).unwrap();
        let view = sending(&watched).expect("it is on its way");
        assert!(matches!(view.state, SendingState::Going(_)), "{after}: {view:?}");
        assert!(view.sent < view.of, "{after}: {view:?}");
        watched.count_at_hq()
    } else {
        watched.count_at_hq()
    };
    watched.intent(Intent::Sign { draft: act_id(1) });
    let signed = watched.world.now().mono_ms;
    while watched.count_at_hq() == before {
        watched.world.advance(5).unwrap();
        assert!(
            watched.world.now().mono_ms < signed + 60_000,
            "it does not arrive"
        );
    }
    let took = watched.world.now().mono_ms - signed;
    if after.is_some() {
        assert_eq!(watched.world.custody(), Custody::Taken, "nothing was in its way");
        assert_leaves(&mut watched);
    }
    watched.finish();
    took
}

#[test]
fn a_pv_is_held_up_by_a_recording_for_no_longer_than_one_chunk_takes() {
    let alone = pv_reaches_hq(1_310, None);
    // What the link carries in one round trip.
    let one_chunk = 2 * WAY;
    let mut longest = 0;
    for after in [0, 400, 900, 1_650, 2_300, 3_100, 4_000] {
        let beside = pv_reaches_hq(1_310, Some(after));
        longest = longest.max(beside.saturating_sub(alone));
        assert!(
            beside <= alone + one_chunk * 11 / 10,
            "{after} ms into the upload the PV takes {beside} ms, {alone} alone"
        );
    }
    assert!(longest > 50, "no chunk was in its way: {longest} ms");
}
