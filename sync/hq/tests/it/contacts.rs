//! Sheets of safe contact at headquarters: the latest of the terminal that took the complaint, and of no other.

use domain::envelope::ReceiptStatus;
use domain::officer::Quality;
use domain::plainte::contact::{Channel, SafeContact};
use domain::record::{Act, Record};
use domain::{ActId, EnvelopeId};

use crate::parcel::Parcel;
use crate::world::{Agent, Hq, Terminal};

const COMPLAINT: ActId = ActId::from_bytes([0xc0; 16]);

fn parcel<'a>(terminal: &'a Terminal, author: &'a Agent, place: u8, act: u8) -> Parcel<'a> {
    let sheet = SafeContact::new(COMPLAINT, Channel::Nobody, "", "", "", "").unwrap();
    let mut parcel = terminal.parcel(author, place, Act::SafeContact(Box::new(sheet)));
    parcel.record = Record {
        id: ActId::from_bytes([act; 16]),
        number: None,
        ..parcel.record
    };
    parcel.id = EnvelopeId::from_bytes([act; 16]);
    parcel
}

#[test]
fn the_latest_sheet_of_the_terminal_stands_and_another_terminal_changes_nothing() {
    let mut hq = Hq::new();
    let agent = hq.officer(1, Quality::Apj);
    let (own, other) = (
        hq.terminal("neo-000001", &[&agent]),
        hq.terminal("neo-000002", &[&agent]),
    );
    for (terminal, place, act) in [(&own, 0, 0x20), (&own, 1, 0x10), (&other, 0, 0x30)] {
        let receipt = hq.receipt(terminal, &parcel(terminal, &agent, place, act).bytes());
        assert_eq!(receipt.status, ReceiptStatus::Stored);
    }
    let transaction = hq.gateway.store().begin().unwrap();
    let of = |terminal: &Terminal| transaction.contact_of(COMPLAINT, &terminal.device).unwrap();
    assert_eq!(of(&own), Some(EnvelopeId::from_bytes([0x20; 16])));
    assert_eq!(of(&other), Some(EnvelopeId::from_bytes([0x30; 16])));
}
