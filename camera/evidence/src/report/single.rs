//! The check of a file that came by itself, without the folder around it.

use domain::UnixMs;
use trust::cert::{Certificate, Profile};
use trust::maker;
use trust::pades::{self, PadesError};

use super::document::check_signature;
use super::findings::Findings;
use super::signers::Authorities;
use super::{Fault, Limit, Question, Report, Subject};
use crate::video::is_video;

pub(super) fn verify(bytes: &[u8], anchors: &[Certificate], camera_anchors: &[maker::Certificate]) -> Report {
    if bytes.starts_with(b"%PDF-") {
        document(bytes, anchors)
    } else if is_video(bytes) {
        super::video::verify(&bytes, anchors, camera_anchors)
    } else {
        let mut findings = Findings::new(&[Question::Files]);
        findings.fault(Question::Files, Fault::UnknownFile);
        findings.report(Subject::Unknown)
    }
}

fn document(pdf: &[u8], anchors: &[Certificate]) -> Report {
    let mut findings = Findings::new(&[
        Question::DocumentSignature,
        Question::RecordSigner,
        Question::Dates,
    ]);
    for limit in [Limit::Revocation, Limit::NoReceipt, Limit::Truth] {
        findings.limit(limit);
    }
    let file = "pdf";
    match pades::verify(pdf) {
        Ok(report) => {
            check_signature(&mut findings, &report);
            findings.held(Question::DocumentSignature);
            if let Some(at) = signing_time(&report.signing_time) {
                let mut authorities = Authorities::of(report.issuers);
                let named = (file, &report.certificate);
                let question = Question::RecordSigner;
                authorities.judge(&mut findings, question, named, Profile::Officer, at, anchors);
                findings.held(Question::Dates);
            }
        }
        Err(PadesError::NotSigned) => {}
        Err(PadesError::ChangedAfterSigning) => {
            findings.fault(Question::DocumentSignature, Fault::DocumentExtended);
        }
        Err(
            PadesError::TooLong
            | PadesError::NotAPdf
            | PadesError::CrossReferenceStream
            | PadesError::Encrypted
            | PadesError::HasForm
            | PadesError::SigningTime
            | PadesError::Text
            | PadesError::Chain
            | PadesError::BadSignature,
        ) => {
            let file = file.to_owned();
            findings.fault(Question::DocumentSignature, Fault::Unreadable { file });
        }
    }
    findings.report(Subject::Document)
}

/// Reads a PDF date with its offset (ISO 32000-1 §7.9.4), `D:20261121130000+01'00'` or with `Z`.
fn signing_time(text: &str) -> Option<UnixMs> {
    let plain = text.replace('\'', "").replace('Z', "+0000");
    let time = jiff::Timestamp::strptime("D:%Y%m%d%H%M%S%z", plain).ok()?;
    Some(UnixMs(time.as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pdf_date_is_read_with_its_offset() {
        let one_in_paris = signing_time("D:20261121130000+01'00'");
        assert_eq!(one_in_paris, Some(UnixMs(1_795_262_400_000)));
        assert_eq!(signing_time("D:20261121120000Z"), one_in_paris);
        assert_eq!(signing_time("yesterday"), None);
    }
}
