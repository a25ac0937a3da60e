//! Whose signature it is: a message's signer, held against the registry and the chain.

use domain::{DeviceId, UnixMs};
use trust::cert::{Certificate, Holder, Profile, verify_chain};
use trust::cose::{self, Namespace, Signed};

use crate::pki::Pki;
use crate::store::{StoreError, Transaction};

/// Where one message is judged.
pub(super) struct Desk<'a> {
    pub(super) pki: &'a Pki,
    pub(super) transaction: &'a Transaction<'a>,
    /// The terminal in whose topic the message came.
    pub(super) device: &'a DeviceId,
    pub(super) now: UnixMs,
}

impl Desk<'_> {
    /// The certificate of the terminal that made `signed`, if it is this desk's terminal.
    pub(super) fn by_device(
        &self,
        signed: &Signed,
        expected: Namespace,
        claimed: UnixMs,
    ) -> Result<Option<Certificate>, StoreError> {
        let holder = Holder::Device(self.device.to_string());
        self.signer(signed, expected, &holder, Profile::Device, claimed)
    }

    /// The certificate of `holder` that made `signed`; none when anything about the signature does not hold.
    ///
    /// The chain must be in date at the claimed moment of signing, or at this one: a certificate may have expired
    /// while the terminal was offline, and a terminal's clock may be wrong.
    pub(super) fn signer(
        &self,
        signed: &Signed,
        expected: Namespace,
        holder: &Holder,
        profile: Profile,
        claimed: UnixMs,
    ) -> Result<Option<Certificate>, StoreError> {
        let Some(fingerprint) = signed.x5t else {
            return Ok(None);
        };
        let Some(certificate) = self.transaction.certificate(&fingerprint)? else {
            return Ok(None);
        };
        let chain_holds = |at: UnixMs| {
            let intermediates = std::slice::from_ref(self.pki.issuing());
            let anchors = std::slice::from_ref(self.pki.root());
            verify_chain(&certificate, intermediates, anchors, profile, at.0).all_ok()
        };
        let holds = certificate.holder() == Some(holder)
            && cose::verify(signed, expected, &certificate).is_ok()
            && (chain_holds(claimed) || chain_holds(self.now));
        Ok(holds.then_some(certificate))
    }
}
