//! Orders of HQ to a terminal: carried out once, in their sequence, and never for anybody else.

use agent::engine::CommitPoint;
use domain::delivery::Delivery;
use domain::dialogue::LockState;
use domain::journal::Operation;
use domain::orders::{Ban, Command, Order, OrderOutcome};
use domain::record::ActKind;
use domain::{DeviceId, UnixMs, encode};
use hq::Pki;
use simulator::enrol;
use simulator::world::{Action, Said};
use sync::wire::v1::{Hello, ORDER};
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::watched::Watched;
use trust::cert::Holder;
use trust::cose::{self, Namespace};

fn state(watched: &Watched) -> LockState {
    watched.world.board.lock.as_ref().unwrap().state
}

/// Sequences and outcomes in the terminal's journal.
fn journal(watched: &Watched) -> Vec<(u64, OrderOutcome)> {
    let journal = watched.world.engine().unwrap().device().journal().unwrap();
    let ordered = journal.iter().filter_map(|entry| {
        if let Operation::Ordered { sequence, outcome } = entry.operation {
            Some((sequence, outcome))
        } else {
            None
        }
    });
    ordered.collect()
}

/// What HQ knows became of each order.
fn outcomes(watched: &mut Watched) -> Vec<Option<String>> {
    let store = watched.world.gateway().store();
    let orders = store.begin().unwrap().orders(&enrol::device_id()).unwrap();
    orders
        .into_iter()
        .map(|order| order.outcome.map(|(outcome, _)| outcome))
        .collect()
}

fn pki(watched: &Watched) -> Pki {
    enrol::pki(&watched.world.layout().pki(), watched.world.now().utc).unwrap()
}

fn to_terminal(watched: &mut Watched, payload: Vec<u8>) {
    let topic = Topic::Down(enrol::device_id(), DownLane::Cmd);
    watched.world.forge(&topic, payload).unwrap();
}

fn order(watched: &Watched, sequence: u64, command: Command) -> Order {
    Order {
        device: enrol::device_id(),
        sequence,
        not_after: watched.world.now().utc.plus(UnixMs::DAY),
        command,
        body: None,
    }
}

fn signed(pki: &Pki, order: &Order) -> Vec<u8> {
    pki.command().sign(Namespace::Order, ORDER, &encode(order))
}

#[test]
fn a_terminal_locked_by_order_opens_to_nobody_until_the_order_that_ends_it() {
    let mut watched = Watched::on_duty(970);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(10_000));
    watched.act(Action::Order(Command::Lock));
    watched.act(Action::Advance(10_000));
    assert_eq!(state(&watched), LockState::Banned(Ban::Locked));
    watched.play([Action::Unlock, Action::Kill, Action::Start, Action::Unlock]);
    assert_eq!(
        state(&watched),
        LockState::Banned(Ban::Locked),
        "a start is no way out"
    );
    watched.play([Action::Advance(700_000), Action::Order(Command::Unlock)]);
    watched.play([Action::Advance(10_000), Action::Unlock]);
    assert_eq!(state(&watched), LockState::Unlocked);
    assert_eq!(
        journal(&watched),
        [(1, OrderOutcome::Done), (2, OrderOutcome::Done)]
    );
    assert_eq!(
        outcomes(&mut watched),
        [Some("done".to_owned()), Some("done".to_owned())]
    );
    watched.finish();
}

#[test]
fn an_order_waits_for_a_terminal_out_of_reach_and_one_that_comes_too_late_does_nothing() {
    let mut watched = Watched::on_duty(971);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.play([Action::Advance(10_000), Action::Cut, Action::Order(Command::Lock)]);
    watched.act(Action::Advance(10_000));
    assert_eq!(state(&watched), LockState::Unlocked);
    assert_eq!(outcomes(&mut watched), [None]);
    // A week and a day later.
    let late = watched.world.now().utc.plus(8 * UnixMs::DAY);
    watched.world.set_clock(late);
    watched.play([Action::Restore, Action::Advance(700_000)]);
    assert_eq!(journal(&watched), [(1, OrderOutcome::Expired)]);
    assert_eq!(outcomes(&mut watched), [Some("expired".to_owned())]);
    watched.act(Action::Order(Command::Lock));
    watched.act(Action::Advance(10_000));
    assert_eq!(journal(&watched).len(), 2, "the next order follows it");
    watched.play([Action::Order(Command::Unlock), Action::Advance(10_000)]);
    watched.finish();
}

#[test]
fn forged_redirected_replayed_and_reordered_orders_change_nothing() {
    let mut watched = Watched::on_duty(972);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(10_000));
    let hq = pki(&watched);
    let elsewhere = tempfile::tempdir().unwrap();
    let stranger = Pki::create(&elsewhere.path().join("pki"), watched.world.now().utc).unwrap();
    let lock = order(&watched, 1, Command::Lock);
    let another = Order {
        device: DeviceId::parse("neo-000008").unwrap(),
        ..lock.clone()
    };
    let of_other_type = hq.command().sign(
        Namespace::Order,
        "application/neo-enrolment+cbor;v=1",
        &encode(&lock),
    );
    let mut damaged = signed(&hq, &lock);
    let middle = damaged.len() / 2;
    damaged[middle] ^= 1;
    let worthless = [
        signed(&stranger, &lock),
        hq.receipt().sign(Namespace::Order, ORDER, &encode(&lock)),
        signed(&hq, &another),
        signed(&hq, &order(&watched, 2, Command::Lock)),
        signed(&hq, &order(&watched, 0, Command::Lock)),
        of_other_type,
        damaged,
        b"lock".to_vec(),
    ];
    for payload in worthless {
        to_terminal(&mut watched, payload);
        assert_eq!(
            (state(&watched), journal(&watched)),
            (LockState::Unlocked, Vec::new())
        );
    }
    let unlock = signed(&hq, &order(&watched, 2, Command::Unlock));
    let lock = signed(&hq, &lock);
    for payload in [lock.clone(), unlock.clone(), lock.clone(), unlock, lock] {
        to_terminal(&mut watched, payload);
    }
    assert_eq!(journal(&watched).len(), 2, "each once");
    watched.act(Action::Unlock);
    assert_eq!(state(&watched), LockState::Unlocked);
    watched.finish();
}

/// Wherever the terminal dies on the way, what officers read is gone, what HQ must get arrives, and HQ holds the
/// terminal's own signed word on it.
#[test]
fn a_wipe_interrupted_anywhere_ends_with_nothing_to_read_and_everything_at_hq() {
    for death in [None, Some(CommitPoint::OrderTaken), Some(CommitPoint::Wiped)] {
        let mut watched = Watched::on_duty(973);
        let officer = enrol::officer(&watched.world.scenario().officer, watched.world.now().utc).unwrap();
        let site = agent::site::Site::new(watched.world.layout().terminal());
        let (slot, database) = (
            site.officer_dir(officer.id).join("slot.cbor"),
            site.officer_db(officer.id),
        );
        assert!(slot.exists() && database.exists());
        // The order comes before the act has left.
        watched.act(Action::Cut);
        watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
        watched.play(acts::drafted(act_id(2), ActKind::Plainte));
        watched.play([Action::Advance(1_000), Action::Order(Command::Wipe)]);
        if let Some(point) = death {
            watched.act(Action::CrashAt(point));
        }
        watched.play([Action::Restore, Action::Advance(700_000)]);
        if death.is_some() {
            assert!(!watched.world.is_running(), "{death:?}: it did not die there");
            watched.play([Action::Start, Action::Advance(700_000)]);
        }
        assert_eq!(state(&watched), LockState::Banned(Ban::Wiped), "{death:?}");
        assert!(!slot.exists() && !database.exists(), "{death:?}");
        assert_eq!(journal(&watched), [(1, OrderOutcome::Done)], "{death:?}");
        watched.play([Action::Unlock, Action::Advance(60_000)]);
        assert_eq!(state(&watched), LockState::Banned(Ban::Wiped));
        assert!(!database.exists(), "nothing is made anew");
        let rows = tests::invariants::acts(&watched.world).unwrap();
        let arrived = rows
            .iter()
            .all(|row| matches!(row.delivery, Delivery::Received { .. }));
        assert!(arrived && rows.len() == 1, "{death:?}: {rows:?}");
        assert_proven(&mut watched);
    }
}

/// HQ's proof of the wipe is a hello that the terminal's key signed.
fn assert_proven(watched: &mut Watched) {
    let device = enrol::device_id();
    let transaction = watched.world.gateway().store().begin().unwrap();
    let orders = transaction.orders(&device).unwrap();
    let [wipe] = orders.as_slice() else {
        panic!("one order")
    };
    let proof = cose::parse(wipe.proof.as_ref().unwrap()).unwrap();
    let holder = Holder::Device(device.to_string());
    let certificate = transaction.latest_certificate(&holder).unwrap().unwrap();
    cose::verify(&proof, Namespace::Hello, &certificate).unwrap();
    let hello: Hello = domain::decode(&proof.payload).unwrap();
    let taken = hello.orders.unwrap().latest;
    assert_eq!((taken[0].sequence, taken[0].outcome), (1, OrderOutcome::Done));
}

#[test]
fn what_is_typed_after_an_order_to_lock_is_refused_and_what_was_typed_before_is_there_after() {
    let mut watched = Watched::on_duty(974);
    watched.play(acts::drafted(act_id(1), ActKind::Pv));
    watched.play([Action::Order(Command::Lock), Action::Advance(10_000)]);
    watched.act(Said::Sign { draft: act_id(1) }.into());
    assert!(tests::invariants::acts(&watched.world).unwrap().is_empty());
    watched.play([
        Action::Order(Command::Unlock),
        Action::Advance(10_000),
        Action::Unlock,
    ]);
    watched.play([Said::Sign { draft: act_id(1) }.into(), Action::Advance(60_000)]);
    assert!(watched.is_received(act_id(1)));
    watched.finish();
}
