//! Receipts that are not HQ's word for these bytes: forged, foreign, for another purpose, or come again.

use domain::delivery::Delivery;
use domain::envelope::{Receipt, ReceiptStatus, RefusalCode};
use domain::record::ActKind;
use domain::{ActId, DeviceId, Digest};
use simulator::enrol;
use simulator::world::Action;
use sync::wire::v1::ReceiptBatch;
use sync::{DownLane, Topic};
use tests::acts::{self, act_id};
use tests::invariants;
use tests::watched::Watched;
use trust::cose::Namespace;

const RECEIPT_TYPE: &str = "application/neo-receipt+cbor;v=1";

/// HQ's answer to the waiting act, made by the test.
fn answer(watched: &Watched, status: ReceiptStatus) -> Receipt {
    let device = watched.world.engine().unwrap().device();
    let row = device.row_of(act_id(1)).unwrap().unwrap();
    Receipt {
        version: 1,
        device: enrol::device_id(),
        envelope: row.envelope,
        envelope_digest: invariants::envelope_digest(device, &row).unwrap(),
        record_digest: Some(row.record),
        status,
        at: watched.world.now().utc,
        footage_root: None,
    }
}

fn post(watched: &mut Watched, cose: Vec<u8>) {
    let topic = Topic::Down(enrol::device_id(), DownLane::Rcpt);
    for batch in ReceiptBatch::pack([cose]) {
        watched.world.forge(&topic, domain::encode(&batch)).unwrap();
    }
}

fn signed_offline(seed: u64) -> Watched {
    let mut watched = Watched::on_duty(seed);
    watched.act(Action::Cut);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched
}

fn is_waiting(watched: &Watched, act: ActId) -> bool {
    let rows = invariants::acts(&watched.world).unwrap();
    rows.iter()
        .any(|row| row.act == act && matches!(row.delivery, Delivery::Waiting { .. }))
}

#[test]
fn a_receipt_that_hq_did_not_sign_does_nothing() {
    let mut watched = signed_offline(405);
    let stranger = enrol::pki(&watched.folder().join("stranger"), watched.world.now().utc).unwrap();
    for status in [ReceiptStatus::Stored, ReceiptStatus::Refused(RefusalCode::Seal)] {
        let forged = answer(&watched, status).to_bytes();
        post(
            &mut watched,
            stranger.receipt().sign(Namespace::Receipt, RECEIPT_TYPE, &forged),
        );
        assert!(is_waiting(&watched, act_id(1)));
    }
    post(&mut watched, vec![0xff; 64]);
    let topic = Topic::Down(enrol::device_id(), DownLane::Rcpt);
    watched.world.forge(&topic, vec![0x9f; 4096]).unwrap();
    assert!(is_waiting(&watched, act_id(1)));
    watched.finish();
}

#[test]
fn a_receipt_of_hq_for_another_terminal_or_other_bytes_does_nothing() {
    let mut watched = signed_offline(406);
    let right = answer(&watched, ReceiptStatus::Stored);
    let mut foreign = right.clone();
    foreign.device = DeviceId::parse("neo-000008").unwrap();
    let mut other_envelope = right.clone();
    other_envelope.envelope_digest = Digest::of(b"other");
    let mut other_record = right.clone();
    other_record.record_digest = Some(Digest::of(b"other"));
    let mut no_record = right;
    no_record.record_digest = None;
    for wrong in [foreign, other_envelope, other_record, no_record] {
        let cose =
            watched
                .world
                .gateway()
                .pki()
                .receipt()
                .sign(Namespace::Receipt, RECEIPT_TYPE, &wrong.to_bytes());
        post(&mut watched, cose);
        assert!(is_waiting(&watched, act_id(1)), "{wrong:?}");
    }
    watched.finish();
}

#[test]
fn a_signature_of_hq_for_another_purpose_is_no_receipt() {
    let mut watched = signed_offline(407);
    let payload = answer(&watched, ReceiptStatus::Stored).to_bytes();
    for namespace in [Namespace::HelloAnswer, Namespace::Answer] {
        let cose = watched
            .world
            .gateway()
            .pki()
            .receipt()
            .sign(namespace, RECEIPT_TYPE, &payload);
        post(&mut watched, cose);
        assert!(is_waiting(&watched, act_id(1)));
    }
    watched.finish();
}

#[test]
fn a_receipt_that_comes_again_changes_nothing() {
    let mut watched = Watched::on_duty(408);
    watched.play(acts::drawn_up(act_id(1), ActKind::Pv));
    watched.act(Action::Advance(5_000));
    let device = watched.world.engine().unwrap().device();
    let genuine = device.receipt(act_id(1)).unwrap().unwrap();
    let before = (device.journal().unwrap().len(), device.acts().unwrap());
    post(&mut watched, genuine.clone());
    let refusal = answer(&watched, ReceiptStatus::Refused(RefusalCode::Seal)).to_bytes();
    let later = watched
        .world
        .gateway()
        .pki()
        .receipt()
        .sign(Namespace::Receipt, RECEIPT_TYPE, &refusal);
    post(&mut watched, later);
    let device = watched.world.engine().unwrap().device();
    assert_eq!((device.journal().unwrap().len(), device.acts().unwrap()), before);
    assert_eq!(device.receipt(act_id(1)).unwrap(), Some(genuine));
    watched.finish();
}
