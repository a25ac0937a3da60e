//! The PDF of an act: the bytes that the record names, and the officer's signature inside the file.

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
