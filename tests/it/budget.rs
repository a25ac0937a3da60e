//! What the terminal says that it uses up is what the air carried, lane by lane, today and after a kill.

use std::collections::BTreeMap;

use domain::dialogue::{BudgetView, Flow, Intent, View};
use domain::footage::leaving::{BatteryFloor, Bearer, Charge, LeavingPolicy, Power, Supply};
use domain::profile::Settings;
use domain::record::ActKind;
use simulator::world::{Action, Carried, Weather};
use tests::acts::{self, act_id};
use tests::watched::Watched;

const HOUR: u64 = 3_600_000;

/// Each flow under the topics that carry it, and its own name.
const WAYS: [(&str, &[Flow]); 10] = [
    ("up/u", &[Flow::Urgent]),
    ("up/pv", &[Flow::Procedures]),
    ("up/ev", &[Flow::Events]),
    ("up/tel", &[Flow::Telemetry]),
    // With it, that the terminal comes and goes.
    ("up/q", &[Flow::Queries]),
    ("f", &[Flow::Parts, Flow::Footage]),
    ("dn/rcpt", &[Flow::Receipts]),
    ("dn/a", &[Flow::Answers]),
    ("dn/cmd", &[Flow::Orders]),
    // With it, the hint that goes to every terminal.
    ("dn/ref", &[Flow::Reference]),
];

fn shown(watched: &mut Watched) -> BudgetView {
    watched.intent(Intent::ShowBudget);
    let views = watched.world.board.views.iter();
    let mut budgets = views.filter_map(|view| {
        if let View::Budget(budget) = view {
            Some(budget)
        } else {
            None
        }
    });
    budgets
        .next()
        .map(|budget| *budget.clone())
        .expect("the page is shown")
}

fn month(view: &BudgetView, flows: &[Flow]) -> u64 {
    let lines = view.flows.iter().filter(|line| flows.contains(&line.flow));
    lines.map(|line| line.month).sum()
}

/// What the air carried by now on the same topics: given to it by who speaks, and come to who hears.
fn carried(watched: &Watched) -> BTreeMap<&'static str, Carried> {
    let air = watched.world.carried();
    let of = |way: &str| air.get(way).copied().unwrap_or_default();
    let mut all: BTreeMap<_, _> = WAYS.iter().map(|(way, _)| (*way, of(way))).collect();
    for (beside, way) in [("st", "up/q"), ("bc/ref", "dn/ref")] {
        let sum = all.entry(way).or_default();
        sum.given += of(beside).given;
        sum.arrived += of(beside).arrived;
    }
    all
}

/// Every lane's figure is what the terminal gave the air, and what the air brought it.
#[track_caller]
fn assert_adds_up(watched: &mut Watched) -> BudgetView {
    let view = shown(watched);
    let air = carried(watched);
    for (way, flows) in WAYS {
        let said = month(&view, flows);
        let was = air[way];
        let truth = if way.starts_with("dn") {
            was.arrived
        } else {
            was.given
        };
        assert_eq!(said, truth, "{way}: {was:?}");
    }
    view
}

/// Two acts and a recording that HQ has.
fn delivered(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.play(acts::drawn_up(act_id(1), ActKind::IdentityCheck));
    watched.play(acts::drawn_up(act_id(2), ActKind::Pv));
    watched.act(Action::Supply(Supply {
        power: Power::Charging(Charge::new(80).ok()),
        bearer: Bearer::Wifi,
    }));
    watched.play([Action::Advance(10_000), Action::PairCamera, Action::Advance(100)]);
    watched.play([Action::TakeClip, Action::Advance(120_000)]);
    watched
}

#[test]
fn under_a_clear_sky_each_lane_tells_to_the_byte_what_hq_got_and_a_kill_takes_nothing_of_it() {
    let mut watched = delivered(1_340);
    let view = assert_adds_up(&mut watched);
    for (way, was) in carried(&watched) {
        assert_eq!(was.given, was.arrived, "{way}");
    }
    for flow in [
        Flow::Queries,
        Flow::Procedures,
        Flow::Footage,
        Flow::Receipts,
        Flow::Answers,
    ] {
        assert!(month(&view, &[flow]) > 0, "{flow:?}");
    }
    // Everything is of this day.
    assert!(view.flows.iter().all(|line| line.today == line.month));
    let gauges = view.gauges.expect("the disk was looked at");
    assert!(gauges.store > 0 && gauges.footage > 0, "{gauges:?}");
    watched.play([
        Action::Kill,
        Action::Start,
        Action::Unlock,
        Action::Advance(60_000),
    ]);
    let after = assert_adds_up(&mut watched);
    assert!(after.sent().1 > view.sent().1, "it has said hello again");
    watched.finish();
}

#[test]
fn in_a_storm_what_was_lost_and_sent_again_counts_each_time() {
    let mut watched = Watched::new(1_341, Weather::STORM);
    watched.play(acts::on_duty());
    for n in 1..6 {
        watched.play(acts::drawn_up(act_id(n), ActKind::IdentityCheck));
        watched.act(Action::Advance(20_000));
    }
    watched.settle();
    let view = assert_adds_up(&mut watched);
    let acts = carried(&watched)["up/pv"];
    assert!(acts.given > 0 && acts.given != acts.arrived, "{acts:?}");
    assert_eq!(month(&view, &[Flow::Procedures]), acts.given);
    watched.finish();
}

#[test]
fn at_midnight_a_day_begins_anew_and_with_the_month_everything_does() {
    let mut watched = delivered(1_342);
    let evening = shown(&mut watched);
    watched.play([Action::Cut, Action::Advance(6 * HOUR)]);
    let next_day = shown(&mut watched);
    assert_eq!((next_day.sent().0, next_day.received().0), (0, 0));
    assert_eq!(next_day.received().1, evening.received().1);
    assert!(next_day.sent().1 >= evening.sent().1);
    watched.act(Action::Advance(10 * 24 * HOUR));
    let december = shown(&mut watched);
    assert_eq!((december.sent(), december.received()), ((0, 0), (0, 0)));
    watched.act(Action::Restore);
    watched.act(Action::Advance(HOUR));
    let begun = shown(&mut watched);
    assert!(
        begun.sent().1 > 0 && begun.sent().1 < evening.sent().1,
        "{begun:?}"
    );
    watched.finish();
}

#[test]
fn the_page_says_what_the_terminal_lives_on_and_what_headquarters_lets_leave() {
    let mut watched = Watched::on_duty(1_343);
    let before = shown(&mut watched);
    assert_eq!(
        (before.leaving, before.footage_leaves),
        (LeavingPolicy::EMBEDDED, true)
    );
    assert_eq!((before.ordered_until, before.profile), (None, None));
    let supply = Supply {
        power: Power::Battery(Charge::new(22).ok()),
        bearer: Bearer::Cellular,
    };
    watched.act(Action::Supply(supply));
    let leaving = LeavingPolicy {
        on_battery: true,
        floor: BatteryFloor::new(50).unwrap(),
        ..LeavingPolicy::EMBEDDED
    };
    let settings = Settings {
        leaving: Some(leaving),
        ..Settings::EMBEDDED
    };
    watched.world.configure(settings).unwrap();
    watched.world.order_footage(None, 3_600_000).unwrap();
    let until = watched.world.now().utc.plus(3_600_000);
    watched.act(Action::Advance(10_000));
    // Nobody asks again: the page follows by itself.
    let views = watched.world.board.views.clone();
    let shown = views.iter().find_map(|view| {
        if let View::Budget(budget) = view {
            Some(budget)
        } else {
            None
        }
    });
    let now = shown.expect("the page is shown");
    assert_eq!((now.supply, now.leaving), (supply, leaving));
    assert_eq!(now.ordered_until, Some(until));
    assert!(now.profile.is_some());
}
