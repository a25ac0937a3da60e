//! The proof of a wipe: HQ's order, the approvals inside it where it takes two persons, and the terminal's own statement.

use std::collections::BTreeMap;

use domain::canonical::{self, Digest};
use domain::orders::{
    APPROVAL, Approvals, Command, Destroyed, Found, ORDER, ORDER_REPORT, Order, OrderReport,
};
use trust::approval::{NotApproved, approvers};
use trust::cert::{Certificate, Holder, Profile};
use trust::cose::{self, Namespace, Signed};

use super::findings::Findings;
use super::folder::{Expected, Folder};
use super::signers::{self, Authorities, unreadable};
use super::{Anchors, Fault, Limit, Link, Question, Report, Subject, WipeClaims};
use crate::folder::{AUTHORITIES, Files, ORDER_FILE, ORDER_SIGNER, STATEMENT, STATEMENT_SIGNER};

const QUESTIONS: [Question; 7] = [
    Question::Files,
    Question::Links,
    Question::Dates,
    Question::OrderSignature,
    Question::OrderSigner,
    Question::StatementSignature,
    Question::StatementSigner,
];

pub(super) fn verify(folder: Folder<'_>, anchors: Anchors<'_>) -> Report {
    let files = folder.files;
    let mut findings = Findings::new(&QUESTIONS);
    for limit in [Limit::Revocation, Limit::TerminalClock, Limit::Truth] {
        findings.limit(limit);
    }
    let (order_said, order) = read::<Order>(
        files,
        &mut findings,
        (ORDER_FILE, Question::OrderSignature),
        ORDER,
    );
    let (statement_said, statement) = read::<OrderReport>(
        files,
        &mut findings,
        (STATEMENT, Question::StatementSignature),
        ORDER_REPORT,
    );
    if let Some(statement) = &statement {
        let known = statement.version == 1;
        let file = STATEMENT.to_owned();
        findings.check(
            Question::StatementSignature,
            known,
            Fault::UnknownVersion { file },
        );
    }
    if statement_said
        .as_ref()
        .is_some_and(|signed| signed.protection == Some(trust::keys::KeyProtection::File))
    {
        findings.limit(Limit::KeyInFile);
    }
    let command = signers::read(files, &mut findings, Question::OrderSigner, ORDER_SIGNER);
    let device = signers::read(files, &mut findings, Question::StatementSigner, STATEMENT_SIGNER);
    check_signature(
        &mut findings,
        (ORDER_FILE, Question::OrderSignature),
        Namespace::Order,
        order.is_some().then_some(order_said.as_ref()).flatten(),
        command.as_ref(),
    );
    check_signature(
        &mut findings,
        (STATEMENT, Question::StatementSignature),
        Namespace::OrderReport,
        statement.is_some().then_some(statement_said.as_ref()).flatten(),
        device.as_ref(),
    );

    let mut authorities = Authorities::read(files, &mut findings, Question::StatementSigner);
    if let Some(statement) = &statement {
        let at = statement.at.utc;
        let named = [
            (&command, ORDER_SIGNER, Question::OrderSigner, Profile::HqCommand),
            (
                &device,
                STATEMENT_SIGNER,
                Question::StatementSigner,
                Profile::Device,
            ),
        ];
        for (certificate, file, question, profile) in named {
            if let Some(certificate) = certificate {
                let everyone = anchors.everyone;
                authorities.judge(
                    &mut findings,
                    question,
                    (file, certificate),
                    profile,
                    at,
                    everyone,
                );
            }
        }
        if command.is_some() && device.is_some() {
            findings.held(Question::Dates);
        }
    }
    authorities.check_idle(&mut findings, Question::StatementSigner);

    if let (Some(order), Some(statement)) = (&order, &statement) {
        let cose = files.get(ORDER_FILE).map(|bytes| Digest::of(bytes));
        let destroyed = check_links(&mut findings, order, cose, statement, device.as_ref());
        let approved = check_approvals(&mut findings, order, statement, anchors.everyone);
        findings.claims.wipe = destroyed.map(|destroyed| WipeClaims {
            device: order.device.clone(),
            sequence: order.sequence,
            command: order.command,
            at: statement.at,
            destroyed,
            approvers: approved,
        });
    }
    Expected::new([AUTHORITIES, ORDER_FILE, ORDER_SIGNER, STATEMENT, STATEMENT_SIGNER]).check(
        folder,
        BTreeMap::new(),
        &mut findings,
    );
    findings.report(Subject::Wipe)
}

/// A message of the folder and what it holds, as far as they read.
fn read<T>(
    files: &Files,
    findings: &mut Findings,
    (file, question): (&str, Question),
    content_type: &str,
) -> (Option<Signed>, Option<T>)
where
    T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>,
{
    let signed = files.get(file).and_then(|bytes| {
        let parsed = cose::parse(bytes).map_err(|_| unreadable(file));
        findings.take(question, parsed)
    });
    let content = signed.as_ref().and_then(|signed| {
        let same = signed.content_type == content_type;
        findings.check(question, same, Fault::Link(Link::ContentType));
        let content = canonical::decode::<T>(&signed.payload).map_err(|_| unreadable(file));
        findings.take(question, content)
    });
    (signed, content)
}

fn check_signature(
    findings: &mut Findings,
    (file, question): (&str, Question),
    namespace: Namespace,
    signed: Option<&Signed>,
    certificate: Option<&Certificate>,
) {
    if let (Some(signed), Some(certificate)) = (signed, certificate) {
        let verified = cose::verify(signed, namespace, certificate).map_err(|source| Fault::Signature {
            file: file.to_owned(),
            source,
        });
        if findings.take(question, verified).is_some() {
            findings.held(question);
        }
    }
}

/// The statement is on this very order, by the terminal that it was given to, and on a wipe.
fn check_links(
    findings: &mut Findings,
    order: &Order,
    cose: Option<Digest>,
    statement: &OrderReport,
    device: Option<&Certificate>,
) -> Option<Destroyed> {
    let mut same = |holds: bool, link: Link| findings.check(Question::Links, holds, Fault::Link(link));
    same(
        cose == Some(statement.order) && statement.sequence == order.sequence,
        Link::StatementOrder,
    );
    let holder = Holder::Device(order.device.to_string());
    let by_it = device.is_none_or(|certificate| certificate.holder() == Some(&holder));
    same(statement.device == order.device && by_it, Link::StatementDevice);
    let is_wipe = matches!(order.command, Command::Wipe | Command::WipeAll);
    let destroyed = match &statement.found {
        Found::Destroyed(destroyed) if is_wipe => Some(destroyed.clone()),
        Found::Destroyed(_) | Found::Located(_) | Found::Logs(_) => None,
    };
    same(destroyed.is_some(), Link::StatementCommand);
    findings.held(Question::Links);
    destroyed
}

/// Of an order that destroys evidence: two persons under one of the anchors approved its very bytes.
fn check_approvals(
    findings: &mut Findings,
    order: &Order,
    statement: &OrderReport,
    anchors: &[Certificate],
) -> Vec<String> {
    if order.command != Command::WipeAll {
        return Vec::new();
    }
    let question = Question::Approvals;
    findings.ask(&[question]);
    let body = order.body.as_deref().unwrap_or_default();
    let Some(approvals) = findings.take(
        question,
        canonical::decode::<Approvals>(body).map_err(|_| Fault::Approvals(NotApproved::Missing)),
    ) else {
        return Vec::new();
    };
    let exact = canonical::encode(&order.to_approve());
    let judged = anchors.iter().map(|root| {
        let words = approvals
            .signed
            .iter()
            .map(|one| (one.certificate.as_slice(), one.approval.as_slice()));
        approvers(&exact, APPROVAL, words, root, statement.at.utc.0)
    });
    let mut worst = None;
    for one in judged {
        match one {
            Ok(names) => {
                findings.held(question);
                return names.to_vec();
            }
            Err(reason) => worst = Some(reason),
        }
    }
    if let Some(reason) = worst {
        findings.fault(question, Fault::Approvals(reason));
    }
    Vec::new()
}
