//! Sheets of safe contact, and what a complaint says of the services on the network.

use domain::id::ActId;
use domain::officer::Quality;
use domain::plainte::contact::{Channel, SafeContact};
use domain::plainte::{Filed, FiledOnline, OnlineService, Plainte};
use domain::record::{Act, Record};

use crate::acts::{context, plainte, record};
use crate::identity::ACT;
use crate::schema::Schema;
use crate::vector::Vector;

fn sheet(sheet: SafeContact) -> Record {
    Record {
        id: ActId::from_bytes([0x2b; 16]),
        number: None,
        document: None,
        ..record(Act::SafeContact(Box::new(sheet)), context(Quality::Apj, false))
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let whole = SafeContact::new(
        ACT,
        Channel::Relative,
        "Anne Petit, 06 12 34 56 78",
        "de 9 h à 11 h",
        "06 99 88 77 66\nsa mère",
        "14 rue des Acacias",
    );
    let bare = SafeContact::new(ACT, Channel::Nobody, "", "", "", "");
    let directed = Plainte {
        filed: Some(FiledOnline {
            filed: Filed::PreComplaint,
            number: "2026-93-004412".to_owned(),
        }),
        directed: vec![OnlineService::Perceval, OnlineService::Thesee],
        ..plainte()
    };
    let directed = record(Act::Plainte(Box::new(directed)), context(Quality::Opj, false));
    vec![
        Vector::of("record-contact", Schema::Kept, "record", sheet(whole.unwrap())),
        Vector::of(
            "record-contact-bare",
            Schema::Kept,
            "record",
            sheet(bare.unwrap()),
        ),
        Vector::of("record-plainte-directed", Schema::Kept, "record", directed),
    ]
}
