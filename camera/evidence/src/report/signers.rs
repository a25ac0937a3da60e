//! Whose certificates the evidence carries, and whether the anchors vouch for them at the time that counts.

use domain::UnixMs;
use trust::Verdict;
use trust::cert::{Certificate, ChainVerdict, Profile, verify_chain};

use super::findings::Findings;
use super::{Fault, Question};
use crate::folder::{AUTHORITIES, Files};

/// The authorities of the folder, and which of them were needed.
pub(super) struct Authorities {
    known: Vec<Certificate>,
    needed: Vec<bool>,
    /// A chain reached an anchor: only then can an authority be called idle.
    reached: bool,
}

impl Authorities {
    /// Reads `issuing.pem`; what cannot be read is a fault of `question`.
    pub(super) fn read(files: &Files, findings: &mut Findings, question: Question) -> Self {
        let known = files.get(AUTHORITIES).and_then(|pem| {
            let text = std::str::from_utf8(pem).ok();
            let chain = text.and_then(|text| Certificate::parse_pem_chain(text).ok());
            findings.take(question, chain.ok_or_else(|| unreadable(AUTHORITIES)))
        });
        Self::of(known.unwrap_or_default())
    }

    pub(super) fn of(known: Vec<Certificate>) -> Self {
        Self {
            needed: vec![false; known.len()],
            known,
            reached: false,
        }
    }

    /// Answers `question` about the certificate of `file`, and adds what is wrong with its dates at `at`.
    pub(super) fn judge(
        &mut self,
        findings: &mut Findings,
        question: Question,
        (file, leaf): (&str, &Certificate),
        profile: Profile,
        at: UnixMs,
        anchors: &[Certificate],
    ) {
        let ChainVerdict {
            signature,
            trusted,
            in_date,
            profile: fit,
        } = verify_chain(leaf, &self.known, anchors, profile, at.0);
        for (question, answer) in [
            (question, signature),
            (question, trusted),
            (question, fit),
            (Question::Dates, in_date),
        ] {
            if let Verdict::Failed(source) = answer {
                findings.fault(
                    question,
                    Fault::Certificate {
                        file: file.to_owned(),
                        source,
                    },
                );
            }
        }
        if signature.is_ok() && trusted.is_ok() && fit.is_ok() {
            findings.held(question);
        }
        if trusted.is_ok() {
            self.reached = true;
            for (left_out, needed) in self.needed.iter_mut().enumerate() {
                let others: Vec<Certificate> = without(&self.known, left_out);
                *needed |= !verify_chain(leaf, &others, anchors, profile, at.0)
                    .trusted
                    .is_ok();
            }
        }
    }

    /// Every authority in the folder must have vouched for somebody: nothing else holds its bytes.
    pub(super) fn check_idle(&self, findings: &mut Findings, question: Question) {
        let all_needed = self.needed.iter().all(|needed| *needed);
        let file = AUTHORITIES.to_owned();
        findings.check(
            question,
            all_needed || !self.reached,
            Fault::IdleAuthority { file },
        );
    }
}

fn without(certificates: &[Certificate], left_out: usize) -> Vec<Certificate> {
    let others = certificates
        .iter()
        .enumerate()
        .filter(|(position, _)| *position != left_out);
    others.map(|(_, certificate)| certificate.clone()).collect()
}

/// Reads the certificate of `file`, if it is there.
pub(super) fn read(
    files: &Files,
    findings: &mut Findings,
    question: Question,
    file: &str,
) -> Option<Certificate> {
    let text = std::str::from_utf8(files.get(file)?).ok();
    let certificate = text.and_then(|text| Certificate::parse_pem(text).ok());
    findings.take(question, certificate.ok_or_else(|| unreadable(file)))
}

pub(super) fn unreadable(file: &str) -> Fault {
    Fault::Unreadable {
        file: file.to_owned(),
    }
}
