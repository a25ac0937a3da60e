//! Records that hold are stored once, as they came, and receipted always in the same words.

use domain::Digest;
use domain::UnixMs;
use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::officer::Quality;
use hq::store::StoreError;
use hq::{Incoming, Policy, Store};
use sync::{Topic, UpLane};
use trust::keys::{KeyKind, SigningKey};

use crate::world::{Hq, NOON, moment, receipt_bytes};

#[test]
fn a_pv_is_stored_as_signed_and_receipted() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let parcel = terminal.pv(&officer, 0);
    let bytes = parcel.bytes();
    let receipt = hq.receipt(&terminal, &bytes);
    assert_eq!(receipt.status, ReceiptStatus::Stored);
    assert_eq!(receipt.envelope, parcel.id);
    assert_eq!(receipt.device, terminal.device);
    assert_eq!(receipt.envelope_digest, Digest::of(&bytes));
    assert_eq!(receipt.at, NOON);

    let transaction = hq.gateway.store().begin().unwrap();
    let stored = transaction.record(parcel.id).unwrap().unwrap();
    assert_eq!(stored.envelope_cose, bytes);
    assert_eq!(receipt.record_digest, Some(Digest::of(&stored.record_cose)));
    let document = transaction.attachment(parcel.id, "document.pdf").unwrap();
    assert_eq!(document, Some(parcel.attachments[0].content.clone()));
    assert_eq!(transaction.envelopes().unwrap(), [parcel.id]);
}

#[test]
fn the_same_bytes_get_the_same_receipt_and_are_counted_once() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let bytes = terminal.pv(&officer, 0).bytes();
    let first = hq.send(&terminal, &bytes);
    let again = hq.send_at(&terminal, &bytes, NOON.plus(1000));
    assert_eq!(first, again);
    assert_eq!(hq.gateway.store().begin().unwrap().counts().unwrap().records, 1);
}

#[test]
fn a_receipt_that_was_committed_and_never_published_is_the_one_given_after_a_restart() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let bytes = terminal.pv(&officer, 0).bytes();
    let unpublished = hq.send(&terminal, &bytes);
    let mut hq = hq.restarted();
    assert_eq!(hq.send_at(&terminal, &bytes, NOON.plus(60_000)), unpublished);
    assert_eq!(receipt_bytes(&unpublished, &terminal).len(), 1);
}

#[test]
fn records_are_exported_byte_for_byte_also_by_the_run_after() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let bytes = terminal.pv(&officer, 0).bytes();
    let receipt = hq.receipt(&terminal, &bytes);
    let hq = hq.restarted();
    let read =
        |what: &str| std::fs::read(hq.path(&format!("records/{}.{what}.cose", receipt.envelope))).unwrap();
    assert_eq!(read("envelope"), bytes);
    assert_eq!(Some(Digest::of(&read("record"))), receipt.record_digest);
}

#[test]
fn other_content_under_a_used_id_is_refused_and_the_first_stays() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let first = terminal.pv(&officer, 0);
    let bytes = first.bytes();
    hq.receipt(&terminal, &bytes);
    let mut second = terminal.pv(&officer, 1);
    second.id = first.id;
    assert_eq!(hq.refusal(&terminal, &second.bytes()), RefusalCode::IdReused);
    let transaction = hq.gateway.store().begin().unwrap();
    assert_eq!(
        transaction.record(first.id).unwrap().unwrap().envelope_cose,
        bytes
    );
}

#[test]
fn a_copy_damaged_on_its_way_does_not_condemn_the_original() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let parcel = terminal.pv(&officer, 0);
    let bytes = parcel.bytes();
    let mut damaged = bytes.clone();
    *damaged.last_mut().unwrap() ^= 1;
    assert_eq!(hq.refusal(&terminal, &damaged), RefusalCode::DeviceSignature);
    assert_eq!(hq.receipt(&terminal, &bytes).status, ReceiptStatus::Stored);
}

#[test]
fn an_envelope_slipped_into_another_topic_stays_acceptable_in_its_own() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let owner = hq.terminal("neo-000001", &[&officer]);
    let other = hq.terminal("neo-000002", &[&officer]);
    let bytes = owner.pv(&officer, 0).bytes();
    assert_eq!(hq.refusal(&other, &bytes), RefusalCode::DeviceSignature);
    assert_eq!(hq.receipt(&owner, &bytes).status, ReceiptStatus::Stored);
}

#[test]
fn a_signature_made_before_the_certificate_expired_holds_after() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let bytes = terminal.pv(&officer, 0).bytes();
    let late = NOON.plus(120 * UnixMs::DAY);
    let outgoing = hq.send_at(&terminal, &bytes, late);
    assert_eq!(hq.verified(&outgoing, &terminal)[0].status, ReceiptStatus::Stored);
}

#[test]
fn a_terminal_whose_clock_is_a_year_behind_is_still_heard() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let mut parcel = terminal.pv(&officer, 0);
    parcel.created = moment(NOON.plus(-365 * UnixMs::DAY));
    parcel.record.signed_at = parcel.created;
    assert_eq!(
        hq.receipt(&terminal, &parcel.bytes()).status,
        ReceiptStatus::Stored
    );
}

#[test]
fn hq_asks_for_a_correction_keeps_the_act_and_accepts_the_corrective_one() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let marker = "à reprendre".to_owned();
    hq.gateway.set_policy(&Policy::AskCorrection { marker }).unwrap();
    let mut parcel = terminal.pv(&officer, 0);
    let domain::record::Act::Pv(pv) = &mut parcel.record.act else {
        panic!()
    };
    pv.subject = "dégradation (à reprendre)".to_owned();
    let bytes = parcel.bytes();
    assert_eq!(hq.refusal(&terminal, &bytes), RefusalCode::CorrectionAsked);
    let mut hq = hq.restarted();
    assert_eq!(hq.refusal(&terminal, &bytes), RefusalCode::CorrectionAsked);

    let mut same_number = terminal.pv(&officer, 1);
    same_number.record.number = parcel.record.number;
    assert_eq!(
        hq.refusal(&terminal, &same_number.bytes()),
        RefusalCode::NumberOutsideRange
    );
    let corrective = terminal.pv(&officer, 2).bytes();
    assert_eq!(hq.receipt(&terminal, &corrective).status, ReceiptStatus::Stored);
    let counts = hq.gateway.store().begin().unwrap().counts().unwrap();
    assert_eq!((counts.records, counts.refused), (1, 2));
}

#[test]
fn nothing_is_decided_while_the_store_cannot_be_written() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let (first, second) = (terminal.pv(&officer, 0).bytes(), terminal.pv(&officer, 1).bytes());
    let topic = Topic::Up(terminal.device.clone(), UpLane::Pv);
    let outside = hq.outside();
    // The disk is full at the second of two that came together.
    outside.fail("INSERT ON content", Some([2; 16]));
    assert!(
        hq.gateway
            .receive_all(&together(&topic, &[&first, &second]), NOON)
            .is_err()
    );
    assert_eq!(hq.gateway.store().begin().unwrap().counts().unwrap().records, 0);
    outside.mend("content");
    for bytes in [&first, &second] {
        assert_eq!(hq.receipt(&terminal, bytes).status, ReceiptStatus::Stored);
    }
}

fn together<'m>(topic: &'m Topic, payloads: &[&'m [u8]]) -> Vec<Incoming<'m>> {
    let payloads = payloads.iter();
    payloads.map(|&payload| Incoming { topic, payload }).collect()
}

#[test]
fn envelopes_that_come_together_are_each_decided_for_themselves() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let (first, last) = (terminal.pv(&officer, 0), terminal.pv(&officer, 2));
    let mut refused = terminal.pv(&officer, 1);
    refused.attachments.clear();
    let [a, b, c] = [&first, &refused, &last].map(|parcel| parcel.bytes());
    let mut same_number = terminal.pv(&officer, 3);
    same_number.record.number = first.record.number;
    let d = same_number.bytes();
    let topic = Topic::Up(terminal.device.clone(), UpLane::Pv);
    let outgoing = hq
        .gateway
        .receive_all(&together(&topic, &[&a, &b, b"noise", &c, &a, &d]), NOON)
        .unwrap();
    assert_eq!(outgoing.len(), 1);
    let receipts = hq.verified(&outgoing, &terminal);
    let refused = ReceiptStatus::Refused;
    assert_eq!(
        receipts.iter().map(|receipt| receipt.status).collect::<Vec<_>>(),
        [
            ReceiptStatus::Stored,
            refused(RefusalCode::DocumentMissing),
            refused(RefusalCode::Unreadable),
            ReceiptStatus::Stored,
            ReceiptStatus::Stored,
            refused(RefusalCode::NumberOutsideRange),
        ]
    );
    assert_eq!(receipts[0], receipts[4]);
    let stored = hq.gateway.store().begin().unwrap().envelopes().unwrap();
    assert_eq!(stored, [first.id, last.id]);
}

#[test]
fn what_comes_together_for_several_terminals_is_answered_to_each() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let [one, other] = ["neo-000001", "neo-000002"].map(|name| hq.terminal(name, &[&officer]));
    let mut of_other = other.pv(&officer, 0);
    of_other.id = domain::EnvelopeId::from_bytes([0x77; 16]);
    let (a, b) = (one.pv(&officer, 0).bytes(), of_other.bytes());
    let topics = [&one, &other].map(|terminal| Topic::Up(terminal.device.clone(), UpLane::Pv));
    let messages = [(&topics[0], &a), (&topics[1], &b)].map(|(topic, payload)| Incoming { topic, payload });
    let outgoing = hq.gateway.receive_all(&messages, NOON).unwrap();
    for terminal in [&one, &other] {
        let receipts = hq.verified(&outgoing, terminal);
        assert_eq!(receipts.len(), 1);
        assert_eq!(receipts[0].status, ReceiptStatus::Stored);
    }
}

#[test]
fn a_check_without_a_document_is_stored() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Opj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let parcel = terminal.check(&officer, 0, NOON.plus(UnixMs::DAY));
    assert_eq!(
        hq.receipt(&terminal, &parcel.bytes()).status,
        ReceiptStatus::Stored
    );
}

#[test]
fn attachments_lie_sealed_in_the_store_and_only_hqs_key_gives_them() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let parcel = terminal.pv(&officer, 0);
    hq.receipt(&terminal, &parcel.bytes());
    assert!(!hq.is_in_store(b"/MediaBox"));
    let mut without_key = Store::open(&hq.path("")).unwrap();
    let transaction = without_key.begin().unwrap();
    let document = transaction.attachment(parcel.id, "document.pdf");
    assert!(matches!(document, Err(StoreError::Sealed)));
}

#[test]
fn what_hq_signs_is_signed_by_nobody_else() {
    let mut hq = Hq::new();
    let officer = hq.officer(1, Quality::Apj);
    let terminal = hq.terminal("neo-000001", &[&officer]);
    let outgoing = hq.send(&terminal, &terminal.pv(&officer, 0).bytes());
    let receipt = trust::cose::parse(&receipt_bytes(&outgoing, &terminal)[0]).unwrap();
    let stranger = SigningKey::generate(KeyKind::Ed25519).public();
    let namespace = trust::cose::Namespace::Receipt;
    assert!(trust::cose::verify_bare(&receipt, namespace, &stranger).is_err());
    let commander = hq.pki().command().certificate();
    assert!(trust::cose::verify(&receipt, namespace, commander).is_err());
}
