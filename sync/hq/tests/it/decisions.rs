//! What a fleet manager decides of officers and terminals, as the gateway keeps to it.

use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::officer::Quality;
use hq::fleet::{self, FleetError, Standing};
use hq::store::Store;

use crate::world::{Hq, NOON};

#[test]
fn a_suspended_officer_signs_nothing_that_is_taken_until_it_is_lifted() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let mut store = Store::open(&hq.path("")).unwrap();
    let id = officer.officer.id;
    fleet::suspend(&mut store, id, NOON.plus(1)).unwrap();
    let before = hq.receipt(&terminal, &terminal.pv(&officer, 0).bytes());
    assert_eq!(before.status, ReceiptStatus::Stored, "it was signed before");
    fleet::reinstate(&mut store, id).unwrap();
    fleet::suspend(&mut store, id, NOON).unwrap();
    let refused = hq.refusal(&terminal, &terminal.pv(&officer, 1).bytes());
    assert_eq!(refused, RefusalCode::OfficerSuspended);
    fleet::reinstate(&mut store, id).unwrap();
    let after = hq.receipt(&terminal, &terminal.pv(&officer, 2).bytes());
    assert_eq!(after.status, ReceiptStatus::Stored);
    assert!(matches!(
        fleet::reinstate(&mut store, id),
        Err(FleetError::NotSuspended { .. })
    ));
}

#[test]
fn what_an_officer_signed_before_a_terminal_was_taken_from_them_is_taken() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let mut store = Store::open(&hq.path("")).unwrap();
    fleet::unbind(&mut store, &terminal.device, officer.officer.id, NOON.plus(1)).unwrap();
    let before = hq.receipt(&terminal, &terminal.pv(&officer, 0).bytes());
    assert_eq!(before.status, ReceiptStatus::Stored);
    // Bound again, and taken away before the next act.
    hq.registry
        .assign(&terminal.device, officer.officer.id, NOON)
        .unwrap();
    fleet::unbind(&mut store, &terminal.device, officer.officer.id, NOON).unwrap();
    let after = hq.refusal(&terminal, &terminal.pv(&officer, 1).bytes());
    assert_eq!(after, RefusalCode::UnknownOfficer);
    let again = fleet::unbind(&mut store, &terminal.device, officer.officer.id, NOON);
    assert!(matches!(again, Err(FleetError::NotBound { .. })));
}

#[test]
fn a_terminal_in_quarantine_still_delivers_its_acts() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let mut store = Store::open(&hq.path("")).unwrap();
    fleet::set_standing(&mut store, &terminal.device, Standing::Quarantined, NOON).unwrap();
    let taken = hq.receipt(&terminal, &terminal.pv(&officer, 0).bytes());
    assert_eq!(taken.status, ReceiptStatus::Stored);
    let again = fleet::set_standing(&mut store, &terminal.device, Standing::Quarantined, NOON);
    assert!(matches!(again, Err(FleetError::Already { .. })));
    fleet::set_unit(&mut store, &terminal.device, "brigade de Crest", NOON).unwrap();
    let transaction = store.begin().unwrap();
    assert_eq!(
        transaction.standing(&terminal.device).unwrap(),
        (Standing::Quarantined, NOON)
    );
    assert_eq!(
        transaction.unit(&terminal.device).unwrap().as_deref(),
        Some("brigade de Crest")
    );
    let what: Vec<String> = transaction
        .events(&terminal.device)
        .unwrap()
        .into_iter()
        .map(|event| event.what)
        .collect();
    assert_eq!(what, ["quarantined", "unit"]);
}
