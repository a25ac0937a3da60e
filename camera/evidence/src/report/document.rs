//! The files of an act: the PDF that the record names, the officer's signature inside it, and what else the record names.

use domain::canonical::Digest;
use domain::record::Record;
use trust::Verdict;
use trust::cert::Certificate;
use trust::pades;

use super::findings::Findings;
use super::folder::Expected;
use super::{Fault, Limit, Question};
use crate::folder::{DOCUMENT, Files};

pub(super) fn check(
    files: &Files,
    findings: &mut Findings,
    expected: &mut Expected,
    record: &Record,
    signer: Option<&Certificate>,
) {
    check_enclosed(files, findings, expected, record);
    let Some(named) = record.document else { return };
    findings.ask(&[Question::Document]);
    expected.needed.insert(DOCUMENT.to_owned());
    let Some(pdf) = files.get(DOCUMENT) else { return };
    let base = usize::try_from(named.bytes)
        .ok()
        .and_then(|length| pdf.split_at_checked(length));
    let same = base.is_some_and(|(base, _)| Digest::of(base) == named.sha256);
    findings.check(Question::Document, same, Fault::DocumentChanged);
    findings.held(Question::Document);
    let Some((base, update)) = base else { return };
    if update.is_empty() {
        findings.limit(Limit::DocumentUnsigned);
        return;
    }
    let question = Question::DocumentSignature;
    findings.ask(&[question]);
    let read = pades::verify(pdf)
        .ok()
        .filter(|report| report.base_len == base.len());
    let Some(report) = findings.take(question, read.ok_or(Fault::DocumentTail)) else {
        return;
    };
    check_signature(findings, &report);
    if let Some(signer) = signer {
        findings.check(question, report.certificate == *signer, Fault::DocumentSigner);
        findings.held(question);
    }
}

/// Every photograph and signature by hand that the record names, byte for byte; the question stays open while one is
/// missing.
fn check_enclosed(files: &Files, findings: &mut Findings, expected: &mut Expected, record: &Record) {
    let enclosures = record.act.enclosures();
    if enclosures.is_empty() {
        return;
    }
    findings.ask(&[Question::Enclosed]);
    let mut complete = true;
    for enclosure in enclosures {
        let file = enclosure.path();
        expected.needed.insert(file.clone());
        match files.get(&file) {
            Some(bytes) => {
                let length = enclosure.bytes.is_none_or(|length| bytes.len() as u64 == length);
                let same = length && Digest::of(bytes) == enclosure.sha256;
                findings.check(Question::Enclosed, same, Fault::EnclosureChanged { file });
            }
            None => complete = false,
        }
    }
    if complete {
        findings.held(Question::Enclosed);
    }
}

/// Notes what is wrong with the signature as such; whose it is, is asked elsewhere.
pub(super) fn check_signature(findings: &mut Findings, report: &pades::PadesReport) {
    for answer in [report.integrity, report.signature] {
        match answer {
            Verdict::Failed(fault) => {
                findings.fault(Question::DocumentSignature, Fault::DocumentSignature(fault));
            }
            Verdict::NotChecked => findings.fault(Question::DocumentSignature, Fault::DocumentTail),
            Verdict::Ok => {}
        }
    }
}
