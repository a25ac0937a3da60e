//! `plainte`: where a complaint stands is signed for its terminal, in order, and nothing that was said is unsaid.

use domain::record::Record;
use domain::{ActId, ActNumber, decode};

use crate::desk::Desk;
use crate::headquarters::officer;

/// An act of the vectors under a number of its own.
fn receive(desk: &Desk, vector: &[u8], number: u8) {
    let mut record: Record = decode(vector).unwrap();
    record.id = ActId::from_bytes([number; 16]);
    record.number = Some(ActNumber {
        year: 2026,
        serial: number.into(),
    });
    desk.hold(&record, number);
}

#[test]
fn cpp_40_2_where_a_complaint_stands_is_said_in_order_with_reason_and_remedies_and_stays_said() {
    let desk = Desk::new("test");
    receive(
        &desk,
        include_bytes!("../../../../agent/domain/tests/vectors/v1/record-plainte.cbor"),
        1,
    );
    receive(
        &desk,
        include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv.cbor"),
        2,
    );
    let who = officer().id;
    let tell = |act: &str, rest: &str| format!("plainte tell {act} --officer {who} --stage {rest}");

    // Nothing comes before the receipt, and the receipt comes once.
    assert_eq!(desk.refused(&tell("2026/000001", "under-investigation")).0, 4);
    let told = desk.done(&tell("2026/000001", "received"));
    assert_eq!(told["step"]["sequence"], 1);
    assert_eq!(desk.refused(&tell("2026/000001", "received")).0, 4);
    desk.done(&tell(
        "2026/000001",
        "sent-to-prosecutor --to Tribunal_judiciaire_de_Bobigny",
    ));
    desk.done(&tell(
        "2026/000001",
        "hearing --to Tribunal_judiciaire_de_Bobigny --at 2027-01-14T09:30+01:00",
    ));
    let closed = desk.done(&tell("2026/000001", "closed --reason author-unknown"));
    assert_eq!(closed["step"]["remedies"], serde_json::json!(["40-3", "85"]));

    // What is missing, what is too much, what is no complaint, and who does not exist.
    assert_eq!(desk.refused(&tell("2026/000001", "closed")).0, 64);
    assert_eq!(
        desk.refused(&tell("2026/000001", "withdrawn --reason no-offence"))
            .0,
        64
    );
    assert_eq!(desk.refused(&tell("2026/000002", "received")).0, 4);
    assert_eq!(desk.refused(&tell("2026/000009", "received")).0, 3);
    let nobody = ActId::from_bytes([9; 16]);
    let line = format!("plainte tell 2026/000001 --officer {nobody} --stage withdrawn");
    assert_eq!(desk.refused(&line).0, 3);

    let shown = desk.done("plainte show 2026/000001");
    let steps = shown["steps"].as_array().unwrap();
    let said: Vec<(&str, &str, bool)> = steps
        .iter()
        .map(|step| {
            (
                step["stage"].as_str().unwrap(),
                step["signature"].as_str().unwrap(),
                step["taken"].as_bool().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        said,
        [
            ("received", "proven", false),
            ("sent-to-prosecutor", "proven", false),
            ("hearing", "proven", false),
            ("closed", "proven", false)
        ]
    );
    assert_eq!(steps[2]["hearing_at"], "2027-01-14T08:30:00Z");
    assert_eq!(
        desk.done("plainte show 2026/000002")["steps"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
}

#[test]
fn a_sheet_of_safe_contact_is_read_before_anybody_calls_and_its_absence_is_said() {
    let desk = Desk::new("test");
    let plainte = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-plainte.cbor");
    receive(&desk, plainte, 1);
    receive(&desk, plainte, 2);
    let sheet = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-contact.cbor");
    let record: Record = decode(sheet).unwrap();
    let envelope = desk.hold(&record, 3);
    let complaint: Record = decode(plainte).unwrap();
    let mut store = desk.store();
    let transaction = store.begin().unwrap();
    let (about, device) = (ActId::from_bytes([1; 16]), &complaint.context.device);
    transaction
        .put_contact(about, device, record.id, envelope.id)
        .unwrap();
    transaction.commit().unwrap();

    let shown = desk.done("plainte contact 2026/000001");
    let contact = &shown["contact"];
    assert_eq!(contact["channel"], "par une personne de confiance");
    assert_eq!(contact["at"], "Anne Petit, 06 12 34 56 78");
    assert_eq!(contact["never"], serde_json::json!(["06 99 88 77 66", "sa mère"]));
    assert_eq!(contact["refuge"], "14 rue des Acacias");
    let (code, error) = desk.refused("plainte contact 2026/000002");
    assert_eq!(code, 3);
    assert!(error.contains("no sheet of safe contact came"), "{error}");
}
