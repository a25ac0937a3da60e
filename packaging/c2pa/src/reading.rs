//! Reading a claim back under given anchors: each question answered apart, for `neoctl` before it hands anything out.
//!
//! Only what the library reports as a success is proven; silence is `NotChecked`. It judges by today's date and asks
//! nobody for revocations.

use std::io::Cursor;

use c2pa::validation_status as code;
use c2pa::{Error, Reader};
use domain::identity::Verdict;
use evidence::report::Outcome;
use trust::cert::Certificate;

use crate::MP4;
use crate::export::{PROVENANCE, Provenance, context, settings};

/// The questions on a claim and their answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verdicts {
    /// There is a claim of the expected form.
    pub read: Verdict,
    /// The claim and everything that it says are what was signed.
    pub signature: Verdict,
    /// The footage is what the claim is on.
    pub footage: Verdict,
    /// The signer stands under one of the anchors and may sign claims.
    pub issuer_trusted: Verdict,
    /// The signer's certificate is valid today.
    pub in_date: Verdict,
    /// The signer's certificate is known not to be revoked.
    pub status_known: Verdict,
}

/// What a claim says, and what holds of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    pub verdicts: Verdicts,
    /// The original, when the claim names one in the way of [`Provenance`].
    pub original: Option<Provenance>,
}

/// Reads the claim inside an MP4.
pub fn read_copy(copy: &[u8], anchors: &[Certificate]) -> Reading {
    read(anchors, |reader| reader.with_stream(MP4, Cursor::new(copy)))
}

/// Reads the claim beside an MP4.
pub fn read_sidecar(sidecar: &[u8], original: &[u8], anchors: &[Certificate]) -> Reading {
    read(anchors, |reader| {
        reader.with_manifest_data_and_stream(sidecar, MP4, Cursor::new(original))
    })
}

fn read(anchors: &[Certificate], open: impl FnOnce(Reader) -> c2pa::Result<Reader>) -> Reading {
    let mut settings = settings();
    // Without anchors the library has nobody to trust, and says so.
    settings.trust.trust_anchors =
        (!anchors.is_empty()).then(|| anchors.iter().map(Certificate::to_pem).collect());
    match context(settings).map(Reader::from_context).and_then(open) {
        Ok(reader) => Reading {
            verdicts: Verdicts::of(&reader),
            original: original(&reader),
        },
        Err(Error::JumbfNotFound) => Reading::without_claim(Verdict::NotChecked),
        Err(_) => Reading::without_claim(Verdict::Refuted),
    }
}

fn original(reader: &Reader) -> Option<Provenance> {
    reader.active_manifest()?.find_assertion(PROVENANCE).ok()
}

impl Reading {
    const fn without_claim(read: Verdict) -> Self {
        let verdicts = Verdicts {
            read,
            ..Verdicts::NOTHING
        };
        Self {
            verdicts,
            original: None,
        }
    }

    /// The result as a whole, in the words and the precedence of evidence reports. That nobody was asked for a
    /// revocation does not count against it, as it does not there.
    pub fn outcome(&self) -> Outcome {
        let Verdicts {
            read,
            signature,
            footage,
            issuer_trusted,
            in_date,
            status_known,
        } = self.verdicts;
        let checked = [read, signature, footage];
        if read == Verdict::Refuted {
            Outcome::Unreadable
        } else if checked.contains(&Verdict::Refuted) {
            Outcome::Tampered
        } else if checked.contains(&Verdict::NotChecked) || self.original.is_none() {
            Outcome::Incomplete
        } else if [issuer_trusted, in_date] == [Verdict::Proven; 2] && status_known != Verdict::Refuted {
            Outcome::Ok
        } else {
            Outcome::Untrusted
        }
    }
}

impl Verdicts {
    const NOTHING: Self = Self {
        read: Verdict::NotChecked,
        signature: Verdict::NotChecked,
        footage: Verdict::NotChecked,
        issuer_trusted: Verdict::NotChecked,
        in_date: Verdict::NotChecked,
        status_known: Verdict::NotChecked,
    };

    fn of(reader: &Reader) -> Self {
        let mut verdicts = Self::NOTHING;
        let results = reader.validation_results();
        let Some(active) = results.and_then(|results| results.active_manifest()) else {
            return verdicts;
        };
        verdicts.read = Verdict::Proven;
        for success in active.success() {
            if let Some(verdict) = verdicts.proven_by(success.code()) {
                *verdict = Verdict::Proven;
            }
        }
        let deltas = results.and_then(|results| results.ingredient_deltas());
        let of_parents = deltas
            .into_iter()
            .flatten()
            .flat_map(|delta| delta.validation_deltas().failure());
        // A failure stands against any success.
        for failure in active.failure().iter().chain(of_parents) {
            *verdicts.refuted_by(failure.code()) = Verdict::Refuted;
        }
        verdicts
    }

    fn proven_by(&mut self, success: &str) -> Option<&mut Verdict> {
        match success {
            code::CLAIM_SIGNATURE_VALIDATED => Some(&mut self.signature),
            code::ASSERTION_BMFFHASH_MATCH => Some(&mut self.footage),
            code::SIGNING_CREDENTIAL_TRUSTED => Some(&mut self.issuer_trusted),
            code::CLAIM_SIGNATURE_INSIDE_VALIDITY => Some(&mut self.in_date),
            code::SIGNING_CREDENTIAL_NOT_REVOKED => Some(&mut self.status_known),
            _ => None,
        }
    }

    /// A failure that is not about the footage or the certificate is about what was signed.
    fn refuted_by(&mut self, failure: &str) -> &mut Verdict {
        match failure {
            code::ASSERTION_BMFFHASH_MISMATCH
            | code::ASSERTION_BMFFHASH_MALFORMED
            | code::HARD_BINDINGS_MISSING
            | code::HARD_BINDINGS_MULTIPLE => &mut self.footage,
            code::SIGNING_CREDENTIAL_UNTRUSTED | code::SIGNING_CREDENTIAL_INVALID => &mut self.issuer_trusted,
            code::SIGNING_CREDENTIAL_EXPIRED | code::CLAIM_SIGNATURE_OUTSIDE_VALIDITY => &mut self.in_date,
            code::SIGNING_CREDENTIAL_REVOKED => &mut self.status_known,
            _ => &mut self.signature,
        }
    }
}
