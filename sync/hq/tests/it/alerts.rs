//! Urgent alerts at headquarters: stored once, taken once by a named person, and told until the terminal has heard.

use domain::ActId;
use domain::alert::{Alert, Ground, Taken, Taker};
use domain::envelope::{Lane, ReceiptStatus, RefusalCode};
use domain::officer::Quality;
use domain::record::{Act, Record};
use domain::{EnvelopeId, UnixMs, decode, encode};
use hq::Outgoing;
use sync::wire::v1::{AlertTaken, HELLO, Presence, Reply};
use sync::{DownLane, Topic, UpLane};
use trust::cose::{self, Namespace};

use crate::parcel::Parcel;
use crate::world::{Agent, Hq, NOON, Terminal};

const ALERT: ActId = ActId::from_bytes([0xa1; 16]);

fn parcel<'a>(terminal: &'a Terminal, author: &'a Agent, place: u8) -> Parcel<'a> {
    let about = ActId::from_bytes([0xc0; 16]);
    let alert = Alert::new(about, [Ground::Weapon], "Mairie", "", None).unwrap();
    let mut parcel = terminal.parcel(author, place, Act::Alert(Box::new(alert)));
    parcel.lane = Lane::Urgent;
    parcel.record = Record {
        id: ALERT,
        number: None,
        ..parcel.record
    };
    parcel.id = EnvelopeId::from_bytes([place + 1; 16]);
    parcel
}

fn presence(hq: &mut Hq, terminal: &Terminal, online: bool) {
    let presence = Presence {
        version: 1,
        epoch: 1,
        online,
    };
    let topic = Topic::State(terminal.device.clone());
    hq.gateway.receive(&topic, &encode(&presence), NOON).unwrap();
}

/// What a hello at `now` brings of alerts.
fn hello(hq: &mut Hq, terminal: &Terminal, now: UnixMs) -> Vec<AlertTaken> {
    let hello = terminal.bare_hello();
    let bytes = terminal.sign(Namespace::Hello, HELLO, &encode(&hello));
    let said = hq
        .gateway
        .receive(&Topic::Up(hello.device, UpLane::Q), &bytes, now)
        .unwrap();
    told(hq, &said, terminal)
}

/// Signed by HQ's receipt key, for this terminal alone.
fn told(hq: &Hq, said: &[Outgoing], terminal: &Terminal) -> Vec<AlertTaken> {
    let topic = Topic::Down(terminal.device.clone(), DownLane::A);
    let mut told = Vec::new();
    for message in said.iter().filter(|message| message.topic == topic) {
        let signed = cose::parse(&message.payload).unwrap();
        if signed.namespace != Namespace::Answer {
            continue;
        }
        cose::verify(&signed, Namespace::Answer, hq.pki().receipt().certificate()).unwrap();
        if let Reply::AlertTaken(taken) = decode(&signed.payload).unwrap() {
            told.push(taken);
        }
    }
    told
}

fn take(hq: &mut Hq, by: &str, at: UnixMs) -> bool {
    let taken = Taken {
        by: Taker::parse(by).unwrap(),
        at,
    };
    let transaction = hq.gateway.store().begin().unwrap();
    let is_news = transaction.take_alert(ALERT, &taken).unwrap();
    transaction.commit().unwrap();
    is_news
}

#[test]
fn an_alert_is_taken_by_one_named_person_and_told_once_to_a_terminal_that_is_there() {
    let mut hq = Hq::new();
    let agent = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&agent]);
    presence(&mut hq, &terminal, true);
    let receipt = hq.receipt(&terminal, &parcel(&terminal, &agent, 0).bytes());
    assert_eq!(receipt.status, ReceiptStatus::Stored);
    assert_eq!(hq.gateway.alerts_out().unwrap(), []);
    assert!(take(&mut hq, "adjudant Morel, CORG 93", NOON));
    assert!(!take(&mut hq, "brigadier Petit, CIC 93", NOON));
    let out = hq.gateway.alerts_out().unwrap();
    let told = told(&hq, &out, &terminal);
    assert_eq!((told.len(), told[0].alert), (1, ALERT));
    assert_eq!(told[0].taken.by.as_str(), "adjudant Morel, CORG 93");
    assert_eq!(hq.gateway.alerts_out().unwrap(), []);
}

#[test]
fn a_terminal_that_was_away_is_told_by_its_hello_for_a_day() {
    let mut hq = Hq::new();
    let agent = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&agent]);
    hq.receipt(&terminal, &parcel(&terminal, &agent, 0).bytes());
    presence(&mut hq, &terminal, false);
    assert!(take(&mut hq, "adjudant Morel, CORG 93", NOON));
    assert_eq!(hq.gateway.alerts_out().unwrap(), []);
    assert_eq!(hello(&mut hq, &terminal, NOON).len(), 1);
    // What was told may have been lost.
    assert_eq!(hello(&mut hq, &terminal, NOON.plus(3_600_000)).len(), 1);
    assert_eq!(hello(&mut hq, &terminal, NOON.plus(UnixMs::DAY + 1)), []);
}

#[test]
fn the_same_alert_in_another_envelope_is_refused_and_takes_nothing_back() {
    let mut hq = Hq::new();
    let agent = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&agent]);
    hq.receipt(&terminal, &parcel(&terminal, &agent, 0).bytes());
    assert!(take(&mut hq, "adjudant Morel, CORG 93", NOON));
    let again = hq.receipt(&terminal, &parcel(&terminal, &agent, 1).bytes());
    assert_eq!(again.status, ReceiptStatus::Refused(RefusalCode::IdReused));
    assert_eq!(hello(&mut hq, &terminal, NOON).len(), 1);
}
