//! Urgent alerts, with all that one may say and with the least.

use domain::alert::{Alert, Ground};
use domain::id::ActId;
use domain::officer::Quality;
use domain::place::Position;
use domain::record::{Act, Record};

use crate::acts::{context, record};
use crate::identity::ACT;
use crate::schema::Schema;
use crate::vector::Vector;

fn alert(alert: Alert) -> Record {
    Record {
        id: ActId::from_bytes([0x2a; 16]),
        number: None,
        document: None,
        ..record(Act::Alert(Box::new(alert)), context(Quality::Apj, false))
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let position = Position::parse("48.93563 2.35387 12").unwrap();
    let whole = Alert::new(
        ACT,
        Ground::ALL,
        "Mairie de Saint-Denis",
        "il attend dehors",
        Some(position),
    );
    let bare = Alert::new(ACT, [Ground::Child], "", "", None);
    vec![
        Vector::of("record-alert", Schema::Kept, "record", alert(whole.unwrap())),
        Vector::of("record-alert-bare", Schema::Kept, "record", alert(bare.unwrap())),
    ]
}
