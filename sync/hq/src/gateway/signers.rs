//! Certificates whose chain was verified once, so that a busy gateway spends its time on signatures.
//!
//! A path is judged whole and its dates apart: what is remembered holds only while every certificate on it is valid.

use std::collections::BTreeMap;

use domain::UnixMs;
use trust::Digest;
use trust::cert::{Certificate, Profile, verify_chain};

use crate::pki::Pki;
use crate::store::{StoreError, Transaction};

/// Beyond this many, everything is forgotten and verified again.
const MOST: usize = 10_000;

/// Certificates by the SHA-256 of their DER.
#[derive(Default)]
pub(super) struct Signers(BTreeMap<Digest, Signer>);

/// A registered certificate that stands under the root.
pub(super) struct Signer {
    pub(super) certificate: Certificate,
    profile: Profile,
    /// When the whole path is valid, in Unix milliseconds, both ends included.
    first: i64,
    last: i64,
}

impl Signers {
    pub(super) fn find(
        &mut self,
        pki: &Pki,
        transaction: &Transaction<'_>,
        fingerprint: &Digest,
        profile: Profile,
    ) -> Result<Option<&Signer>, StoreError> {
        if !self.0.contains_key(fingerprint) {
            let certificate = transaction.certificate(fingerprint)?;
            let Some(signer) = certificate.and_then(|certificate| Signer::verify(pki, certificate, profile))
            else {
                return Ok(None);
            };
            if self.0.len() >= MOST {
                self.0.clear();
            }
            self.0.insert(*fingerprint, signer);
        }
        Ok(self.0.get(fingerprint).filter(|signer| signer.profile == profile))
    }
}

impl Signer {
    fn verify(pki: &Pki, certificate: Certificate, profile: Profile) -> Option<Self> {
        let path = [&certificate, pki.issuing(), pki.root()].map(Certificate::validity_unix_ms);
        let first = path.iter().map(|(first, _)| *first).max()?;
        let last = path.iter().map(|(_, last)| *last).min()?;
        let intermediates = std::slice::from_ref(pki.issuing());
        let anchors = std::slice::from_ref(pki.root());
        let holds = verify_chain(&certificate, intermediates, anchors, profile, first).all_ok();
        (holds && first <= last).then_some(Self {
            certificate,
            profile,
            first,
            last,
        })
    }

    pub(super) fn is_valid_at(&self, at: UnixMs) -> bool {
        (self.first..=self.last).contains(&at.0)
    }
}
