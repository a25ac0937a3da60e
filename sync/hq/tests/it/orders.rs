//! Orders: kept in their sequence, sent to who lacks them, and settled by the terminal's own signed word.

use domain::orders::{Command, OrderOutcome, OrderTaken};
use domain::{DeviceId, UnixMs, encode};
use hq::Outgoing;
use hq::orders::{OrderError, issue};
use sync::wire::v1::{HELLO, Hello, OrdersTaken};
use sync::{DownLane, Topic};
use trust::cose::Namespace;

use crate::world::{Hq, NOON, Terminal};

fn hello(terminal: &Terminal, orders: Option<OrdersTaken>) -> Vec<u8> {
    let hello = Hello {
        orders,
        ..terminal.bare_hello()
    };
    terminal.sign(Namespace::Hello, HELLO, &encode(&hello))
}

fn give(hq: &mut Hq, terminal: &Terminal, command: Command) -> u64 {
    let until = NOON.plus(UnixMs::DAY);
    issue(
        hq.gateway.store(),
        hq.registry.pki(),
        &terminal.device,
        command,
        until,
        NOON,
    )
    .unwrap()
    .sequence
}

fn orders(outgoing: &[Outgoing], terminal: &Terminal) -> usize {
    let topic = Topic::Down(terminal.device.clone(), DownLane::Cmd);
    outgoing.iter().filter(|message| message.topic == topic).count()
}

fn taken(up_to: u64, latest: &[u64]) -> Option<OrdersTaken> {
    let one = |sequence: &u64| OrderTaken {
        sequence: *sequence,
        outcome: OrderOutcome::Done,
        at: NOON,
    };
    Some(OrdersTaken {
        up_to,
        latest: latest.iter().map(one).collect(),
    })
}

#[test]
fn a_terminal_gets_what_it_lacks_and_its_word_is_kept_with_its_proof() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    assert_eq!(give(&mut hq, &terminal, Command::Lock), 1);
    assert_eq!(give(&mut hq, &terminal, Command::Unlock), 2);
    // A program that takes none is sent none.
    let outgoing = hq.send(&terminal, &hello(&terminal, None));
    assert_eq!(orders(&outgoing, &terminal), 0);
    let outgoing = hq.send(&terminal, &hello(&terminal, taken(0, &[])));
    assert_eq!(orders(&outgoing, &terminal), 2);
    let word = hello(&terminal, taken(1, &[1]));
    let outgoing = hq.send(&terminal, &word);
    assert_eq!(orders(&outgoing, &terminal), 1);
    let kept = hq
        .gateway
        .store()
        .begin()
        .unwrap()
        .orders(&terminal.device)
        .unwrap();
    assert_eq!(kept[0].proof.as_deref(), Some(word.as_slice()));
    assert_eq!((kept[1].outcome.as_ref(), kept.len()), (None, 2));
    // Its first word counts.
    hq.send(&terminal, &hello(&terminal, taken(2, &[1, 2])));
    let kept = hq
        .gateway
        .store()
        .begin()
        .unwrap()
        .orders(&terminal.device)
        .unwrap();
    assert_eq!(kept[0].proof.as_deref(), Some(word.as_slice()));
    assert!(kept[1].proof.is_some());
}

#[test]
fn another_terminals_word_settles_nothing() {
    let mut hq = Hq::new();
    let (terminal, other) = (hq.terminal("neo-000001", &[]), hq.terminal("neo-000002", &[]));
    give(&mut hq, &terminal, Command::Wipe);
    hq.send(&other, &hello(&other, taken(1, &[1])));
    hq.send(&terminal, &hello(&other, taken(1, &[1])));
    let kept = hq
        .gateway
        .store()
        .begin()
        .unwrap()
        .orders(&terminal.device)
        .unwrap();
    assert_eq!(kept[0].outcome, None);
}

#[test]
fn nobody_orders_a_terminal_that_is_not_enrolled() {
    let mut hq = Hq::new();
    hq.terminal("neo-000001", &[]);
    let device = DeviceId::parse("neo-000002").unwrap();
    let refused = issue(
        hq.gateway.store(),
        hq.registry.pki(),
        &device,
        Command::Lock,
        NOON,
        NOON,
    );
    assert!(matches!(refused, Err(OrderError::Unknown { .. })));
}
