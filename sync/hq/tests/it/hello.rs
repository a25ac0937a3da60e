//! A hello is answered with what HQ has, and brings lost receipts back.

use domain::envelope::Lane;
use domain::officer::Quality;
use domain::{Digest, decode, encode};
use hq::Outgoing;
use sync::wire::v1::{HELLO, Hello, HelloAnswer, LaneCursor, Presence};
use sync::{DownLane, Topic, UpLane};
use trust::cose::{self, Namespace};

use crate::world::{Hq, NOON, Terminal, receipt_bytes};

fn hello(terminal: &Terminal, receipted: u64) -> Vec<u8> {
    let hello = Hello {
        lanes: vec![LaneCursor {
            lane: Lane::Procedures,
            receipted,
            oldest: Some(receipted + 1),
            queued: 3,
        }],
        ..terminal.bare_hello()
    };
    terminal.sign(Namespace::Hello, HELLO, &encode(&hello))
}

fn answer(hq: &Hq, outgoing: &[Outgoing], terminal: &Terminal) -> HelloAnswer {
    let topic = Topic::Down(terminal.device.clone(), DownLane::A);
    let message = outgoing.iter().find(|message| message.topic == topic).unwrap();
    let signed = cose::parse(&message.payload).unwrap();
    cose::verify(&signed, Namespace::HelloAnswer, hq.pki().receipt().certificate()).unwrap();
    decode(&signed.payload).unwrap()
}

#[test]
fn the_answer_says_what_is_there_what_is_missing_and_gives_receipts_again() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let mut sent = Vec::new();
    for serial in [0, 1, 4] {
        let outgoing = hq.send(&terminal, &terminal.pv(&officer, serial).bytes());
        sent.extend(receipt_bytes(&outgoing, &terminal));
    }
    let bytes = hello(&terminal, 1);
    let outgoing = hq.send(&terminal, &bytes);
    let answer = answer(&hq, &outgoing, &terminal);
    assert_eq!(answer.hello, Digest::of(&bytes));
    let lane = answer
        .lanes
        .iter()
        .find(|lane| lane.lane == Lane::Procedures)
        .unwrap();
    let has: Vec<bool> = (1..=6).map(|sequence| lane.has(sequence)).collect();
    assert_eq!(
        (lane.highest, has),
        (5, vec![true, true, false, false, true, false])
    );
    // The first one's receipt had arrived.
    assert_eq!(receipt_bytes(&outgoing, &terminal), sent[1..]);
}

#[test]
fn a_hello_by_another_terminal_is_not_answered() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let other = hq.terminal("neo-000002", &[]);
    assert_eq!(hq.send(&terminal, &hello(&other, 0)), []);
}

#[test]
fn a_late_will_of_an_earlier_connection_changes_nothing() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    let mut said = |epoch, online| {
        let topic = Topic::State(terminal.device.clone());
        let presence = Presence {
            version: 1,
            epoch,
            online,
        };
        assert_eq!(hq.gateway.receive(&topic, &encode(&presence), NOON).unwrap(), []);
        hq.gateway
            .store()
            .begin()
            .unwrap()
            .is_online(&terminal.device)
            .unwrap()
    };
    assert!(said(1, true));
    assert!(said(2, true));
    assert!(said(1, false));
    assert!(!said(2, false));
}

#[test]
fn what_means_nothing_on_its_topic_changes_nothing() {
    let mut hq = Hq::new();
    let terminal = hq.terminal("neo-000001", &[]);
    for topic in [
        Topic::State(terminal.device.clone()),
        Topic::Broadcast,
        Topic::Down(terminal.device.clone(), DownLane::Rcpt),
    ] {
        assert_eq!(hq.gateway.receive(&topic, b"noise", NOON).unwrap(), []);
    }
    let topic = Topic::Up(terminal.device, UpLane::Q);
    assert_eq!(hq.gateway.receive(&topic, b"noise", NOON).unwrap().len(), 1);
}
