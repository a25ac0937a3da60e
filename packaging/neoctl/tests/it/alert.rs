//! `alert` on a headquarters to which two came: a named person takes one, once.

use domain::record::Record;
use domain::{ActId, decode};

use crate::desk::Desk;
use crate::headquarters::NOON;

/// An alert of the vectors, under an id of its own.
fn receive(desk: &Desk, number: u8) -> ActId {
    let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-alert.cbor");
    let mut record: Record = decode(vector).unwrap();
    record.id = ActId::from_bytes([number; 16]);
    let envelope = desk.hold(&record, number);
    let mut store = desk.store();
    let transaction = store.begin().unwrap();
    transaction
        .insert_alert(record.id, envelope.id, &envelope.device, NOON.plus(number.into()))
        .unwrap();
    transaction.commit().unwrap();
    record.id
}

#[test]
fn an_alert_is_listed_until_a_named_person_takes_it_and_nobody_takes_it_twice() {
    let desk = Desk::new("production");
    let (first, second) = (receive(&desk, 1), receive(&desk, 2));
    let listed = desk.done("alert list");
    let alerts = listed["alerts"].as_array().unwrap();
    assert_eq!(alerts[0]["alert"], second.to_string());
    assert_eq!(
        (&alerts[1]["alert"], &alerts[1]["place"], &alerts[1]["words"]),
        (
            &first.to_string().into(),
            &"Mairie de Saint-Denis".into(),
            &"il attend dehors".into()
        )
    );
    let taken = desk.done(&format!("alert take {second} --by adjudant_Morel"));
    assert_eq!(taken["taken"]["taken_by"], "adjudant Morel");
    let (code, error) = desk.refused(&format!("alert take {second} --by brigadier_Petit"));
    assert_eq!(code, 4);
    assert!(
        error.contains("`adjudant Morel` has this alert already"),
        "{error}"
    );
    let open = desk.done("alert list --open");
    assert_eq!(open["alerts"].as_array().unwrap().len(), 1);
    assert_eq!(open["alerts"][0]["alert"], first.to_string());
}

#[test]
fn nobody_takes_an_alert_without_a_name_or_one_that_is_not_there() {
    let desk = Desk::new("test");
    let alert = receive(&desk, 1);
    let (code, error) = desk.refused(&format!("alert take {alert} --by 12"));
    assert_eq!(code, 64);
    assert!(error.contains("gives their name and post"), "{error}");
    let other = ActId::from_bytes([9; 16]);
    let (code, error) = desk.refused(&format!("alert take {other} --by Morel"));
    assert_eq!(code, 3);
    assert!(error.contains("holds no alert"), "{error}");
}
