//! The check of one segment that was disclosed without the rest of its clip: HQ's receipt over the root vouches for it.

use std::collections::BTreeMap;

use domain::Digest;
use domain::envelope::{Receipt, ReceiptStatus};
use trust::cert::Profile;

use super::delivery;
use super::findings::Findings;
use super::folder::{Expected, Folder, check_copies};
use super::original::holds;
use super::signers::{Authorities, unreadable};
use super::{Anchors, Fault, Limit, Link, Question, Report, Subject};
use crate::folder::{AUTHORITIES, Message, PROOF, SEGMENT, SUMS};
use crate::proof::Proof;

const QUESTIONS: [Question; 7] = [
    Question::Files,
    Question::Copies,
    Question::ReceiptSignature,
    Question::ReceiptSigner,
    Question::Links,
    Question::Dates,
    Question::Footage,
];

pub(super) fn verify(folder: Folder<'_>, anchors: Anchors<'_>) -> Report {
    let files = folder.files;
    let mut findings = Findings::new(&QUESTIONS);
    for limit in [
        Limit::Revocation,
        Limit::Truth,
        Limit::Pictures,
        Limit::OtherSegments,
    ] {
        findings.limit(limit);
    }
    let message = Message::Receipt;
    let receipt = delivery::read::<Receipt>(files, &mut findings, message);
    let mut authorities = Authorities::read(files, &mut findings, Question::ReceiptSigner);
    if let (Some(content), Some(certificate)) = (&receipt.content, &receipt.certificate) {
        let named = (message.signer_file(), certificate);
        let question = Question::ReceiptSigner;
        authorities.judge(
            &mut findings,
            question,
            named,
            Profile::HqReceipt,
            content.at,
            anchors.everyone,
        );
        findings.held(Question::Dates);
    }
    authorities.check_idle(&mut findings, Question::ReceiptSigner);

    let proof = files.get(PROOF).and_then(|bytes| {
        let proof = Proof::from_bytes(bytes).map_err(|_| unreadable(PROOF));
        findings.take(Question::Footage, proof)
    });
    if let (Some(proof), Some(content)) = (&proof, &receipt.content) {
        findings.check(
            Question::Links,
            content.status == ReceiptStatus::Stored,
            Fault::Refused,
        );
        let root = content.footage_root;
        findings.check(Question::Links, root.is_some(), Fault::FootageNotReceived);
        let same = root.is_none_or(|root| root == proof.root());
        findings.check(Question::Links, same, Fault::Link(Link::ReceiptRoot));
        findings.held(Question::Links);
    }
    if let (Some(proof), Some(plain)) = (&proof, files.get(SEGMENT)) {
        let index = proof.segment.index;
        findings.check(
            Question::Footage,
            holds(&proof.segment, Digest::of(plain), plain.len() as u64),
            Fault::SegmentChanged { index },
        );
        findings.held(Question::Footage);
    }
    findings.claims.received_at = receipt.content.as_ref().map(|receipt| receipt.at);

    let mut expected = Expected::new([
        AUTHORITIES,
        SUMS,
        SEGMENT,
        PROOF,
        message.cose_file(),
        message.signer_file(),
    ]);
    check_copies(files, &mut findings, &mut expected, [(message, &receipt.signed)]);
    expected.check(folder, BTreeMap::new(), &mut findings);
    findings.report(Subject::Segment)
}
