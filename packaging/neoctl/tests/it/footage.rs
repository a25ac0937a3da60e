//! `footage` on a headquarters with one recording: it is shown, kept for a procedure within its month, and let go by two.

use domain::record::{Act, Record, Retention};
use domain::retention::Term;
use domain::{UnixMs, decode};
use hq::serve::wall_clock;
use serde_json::Value;

use crate::desk::Desk;
use crate::headquarters::officer;

/// The recording of the vectors, whose term ends at `until`; gives its id as it is shown.
fn receive(desk: &Desk, until: UnixMs) -> String {
    let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-footage.cbor");
    let mut record: Record = decode(vector).unwrap();
    record.retention = Some(Retention {
        term: Term::Footage,
        until,
    });
    let envelope = desk.hold(&record, 1);
    let Act::Footage(manifest) = &record.act else {
        panic!("no recording")
    };
    let mut store = desk.store();
    let transaction = store.begin().unwrap();
    transaction
        .insert_clip(manifest, envelope.id, &envelope.device)
        .unwrap();
    transaction.commit().unwrap();
    manifest.clip.to_string()
}

#[test]
fn a_recording_is_kept_for_a_procedure_until_two_persons_let_it_go() {
    let desk = Desk::new("test");
    let clip = receive(&desk, wall_clock().plus(UnixMs::DAY));
    let listed = desk.done("footage list --unclassified");
    let line = &listed["recordings"][0];
    assert_eq!(
        (
            &line["clip"],
            &line["state"],
            &line["category"],
            &line["held_for"]
        ),
        (
            &Value::from(clip.as_str()),
            &"arriving".into(),
            &Value::Null,
            &Value::Null
        )
    );
    let by = officer().id;
    let hold = format!("footage hold {clip} --procedure 2026/000412 --officer {by}");
    let held = desk.done(&hold);
    assert_eq!(held["held"]["procedure"], "2026/000412");
    assert_eq!(desk.refused(&hold).0, 4, "one procedure keeps it already");
    let held = desk.done("footage list --held");
    assert_eq!(held["recordings"][0]["held_by"], officer().matricule.to_string());

    for name in ["duval", "moreau"] {
        desk.done(&format!("approve key {name} --out @persons-{name}"));
        desk.done(&format!("ca sign --root @safe --csrs @persons-{name}"));
    }
    let release = |name: &str| {
        format!(
            "footage release {clip} --key @persons-{name}/{name}.key --certificate @persons-{name}/{name}.pem"
        )
    };
    let (code, waits) = desk.ended(&release("duval"));
    assert_eq!(
        (code, &waits["recording"]["held_for"]),
        (6, &"2026/000412".into())
    );
    let (code, error) = desk.refused(&release("duval"));
    assert!(code == 4 && error.contains("takes another person"), "{error}");
    let released = desk.done(&release("moreau"));
    assert_eq!(released["recording"]["held_for"], Value::Null);
    let words = released["recording"]["released_by"].as_array().unwrap();
    assert_eq!((&words[0]["by"], words.len()), (&"approver.duval".into(), 2));
    assert_eq!(desk.refused(&release("duval")).0, 3, "nothing keeps it any more");
}

#[test]
fn csi_r241_4_nothing_is_kept_for_a_procedure_after_the_month() {
    let desk = Desk::new("test");
    let clip = receive(&desk, wall_clock().plus(-60_000));
    let by = officer().id;
    let (code, error) = desk.refused(&format!(
        "footage hold {clip} --procedure 2026/000412 --officer {by}"
    ));
    assert!(code == 4 && error.contains("R.241-4"), "{error}");
    let (code, _) = desk.refused(&format!("footage hold {clip} --procedure -- --officer {by}"));
    assert_eq!(code, 64);
    let (code, _) = desk.refused("footage show 99999999-9999-9999-9999-999999999999");
    assert_eq!(code, 3);
    let purged = hq::purge::purge(&mut desk.store(), &desk.path("hq"), wall_clock()).unwrap();
    assert_eq!(purged.clips, 1);
    hq::destruction::sign_proofs(&mut desk.store(), &desk.pki()).unwrap();
    let shown = desk.done("footage list");
    // One that an earlier program took in is known no longer once its manifest is gone.
    assert_eq!(shown["recordings"].as_array().unwrap().len(), 0);
    let proofs = desk.done("destruction list");
    assert_eq!(proofs["destructions"][0]["signature"], "proven");
}
