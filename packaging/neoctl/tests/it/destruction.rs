//! `destruction` on a headquarters that holds two checks past their term: one goes and is proven, one is followed.

use std::fs;

use domain::record::{Act, Record, Retention};
use domain::retention::Term;
use domain::{ActId, ActNumber, Digest, UnixMs, decode};

use crate::desk::Desk;
use crate::headquarters::{NOON, officer};

/// A check of the vectors, under a number of its own, whose term ended long ago; gives the SHA-256 of its record.
fn receive(desk: &Desk, number: u8) -> Digest {
    let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-identity-check.cbor");
    let mut record: Record = decode(vector).unwrap();
    assert!(matches!(record.act, Act::IdentityCheck(_)));
    record.id = ActId::from_bytes([number; 16]);
    record.number = Some(ActNumber {
        year: 2026,
        serial: number.into(),
    });
    record.retention = (number != 3).then_some(Retention {
        term: Term::IdentityVerification,
        until: NOON,
    });
    desk.hold(&record, number).record
}

#[test]
fn what_was_destroyed_is_listed_with_its_proof_and_what_is_followed_stays() {
    let desk = Desk::new("test");
    let gone = receive(&desk, 1);
    receive(&desk, 2);
    receive(&desk, 3);
    let officer = officer().id;

    let prevent =
        |act: &str, who: &str| format!("destruction prevent {act} --procedure 2026/004512 --officer {who}");
    let followed = desk.done(&prevent("2026/000002", &officer.to_string()));
    assert_eq!(followed["follow_up"]["procedure"], "2026/004512");
    assert_eq!(desk.refused(&prevent("2026/000002", &officer.to_string())).0, 4);
    assert_eq!(desk.refused(&prevent("2026/000009", &officer.to_string())).0, 3);
    let nobody = ActId::from_bytes([9; 16]).to_string();
    assert_eq!(desk.refused(&prevent("2026/000001", &nobody)).0, 3);
    // Without a term there is nothing to prevent.
    assert_eq!(desk.refused(&prevent("2026/000003", &officer.to_string())).0, 4);

    assert_eq!(
        desk.done("destruction list")["destructions"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    let purged = hq::purge::purge(&mut desk.store(), &desk.path("hq"), UnixMs(NOON.0 + 1)).unwrap();
    assert_eq!(purged.records, 1);
    let unsigned = desk.done("destruction list");
    assert_eq!(unsigned["destructions"][0]["signature"], "not_checked");
    hq::destruction::sign_proofs(&mut desk.store(), &desk.pki()).unwrap();

    let listed = desk.done(&format!("destruction list --record {gone} --out @proofs"));
    let line = &listed["destructions"][0];
    assert_eq!(
        (&line["signature"], &line["linkable"]),
        (&"proven".into(), &true.into())
    );
    let text = listed.to_string();
    assert!(!text.contains("2026/0000") && !text.contains("neo-"), "{text}");
    let commitment = line["commitment"].as_str().unwrap();
    let proof = fs::read(desk.path(&format!("proofs/{commitment}.cose"))).unwrap();
    let signer = desk.pki().receipt().certificate().clone();
    assert!(hq::destruction::verify(&proof, &signer).is_some());
    let other = Digest::of(b"another record");
    let unrelated = desk.done(&format!("destruction list --record {other}"));
    assert_eq!(unrelated["destructions"].as_array().unwrap().len(), 0);

    assert_eq!(desk.refused(&format!("destruction unlink {commitment}")).0, 6);
    desk.done(&format!("destruction unlink {commitment} --yes"));
    assert_eq!(
        desk.refused(&format!("destruction unlink {commitment} --yes")).0,
        3
    );
    let unlinked = desk.done("destruction list");
    assert_eq!(unlinked["destructions"][0]["linkable"], false);
    assert_eq!(unlinked["destructions"][0]["signature"], "proven");
    let unlinked = desk.done(&format!("destruction list --record {gone}"));
    assert_eq!(unlinked["destructions"].as_array().unwrap().len(), 0);
}
