//! The certificates of a journal file: each is needed, and each signature is held against one of them.

use std::collections::BTreeMap;

use domain::UnixMs;
use minicbor::bytes::ByteVec;
use trust::Digest;
use trust::cert::{Certificate, Holder, Profile, verify_chain};
use trust::cose::{self, Namespace, Signed};

use super::Fault;

/// The certificates that came with a file, and the anchors that did not.
pub(super) struct Signers<'a> {
    known: BTreeMap<Digest, Certificate>,
    authorities: Vec<Certificate>,
    anchors: &'a [Certificate],
    used: BTreeMap<Digest, bool>,
}

impl<'a> Signers<'a> {
    pub(super) fn read(ders: &[ByteVec], anchors: &'a [Certificate]) -> Result<Self, Fault> {
        let mut known = BTreeMap::new();
        let mut authorities = Vec::new();
        let mut used = BTreeMap::new();
        for (number, der) in ders.iter().enumerate() {
            let certificate = Certificate::from_der(der).map_err(|_| Fault::Certificate { number })?;
            if used.insert(certificate.fingerprint(), false).is_some() {
                return Err(Fault::Certificate { number });
            }
            if certificate.check_profile(Profile::Issuing).is_ok() {
                authorities.push(certificate);
            } else {
                known.insert(certificate.fingerprint(), certificate);
            }
        }
        Ok(Self {
            known,
            authorities,
            anchors,
            used,
        })
    }

    /// Whether a certificate of `profile`, of `holder` where one is wanted, that chains to an anchor at `moment` made
    /// `signed`.
    pub(super) fn made(
        &mut self,
        signed: &Signed,
        namespace: Namespace,
        profile: Profile,
        holder: Option<&Holder>,
        moment: UnixMs,
    ) -> bool {
        let Some(certificate) = signed.x5t.and_then(|fingerprint| self.known.get(&fingerprint)) else {
            return false;
        };
        let chain = verify_chain(certificate, &self.authorities, self.anchors, profile, moment.0);
        let holds = chain.all_ok()
            && holder.is_none_or(|holder| certificate.holder() == Some(holder))
            && cose::verify(signed, namespace, certificate).is_ok();
        if holds {
            self.used.insert(certificate.fingerprint(), true);
        }
        holds
    }

    /// No certificate came for nothing.
    pub(super) fn all_used(&self) -> Result<(), Fault> {
        let idle = self.known.keys().any(|leaf| self.used.get(leaf) != Some(&true));
        let needless = |authority: &Certificate| {
            let alone = std::slice::from_ref(authority);
            !self
                .known
                .values()
                .any(|leaf| self.leads_up(leaf, alone) && !self.leads_up(leaf, &[]))
        };
        if idle || self.authorities.iter().any(needless) {
            return Err(Fault::NeedlessCertificate);
        }
        Ok(())
    }

    fn leads_up(&self, leaf: &Certificate, authorities: &[Certificate]) -> bool {
        let (moment, _) = leaf.validity_unix_ms();
        // Who vouches for whom is the same for every use and at every moment.
        verify_chain(leaf, authorities, self.anchors, Profile::Device, moment)
            .trusted
            .is_ok()
    }
}
