//! Whose signature it is: a message's signer, held against the registry and the chain.

use domain::{DeviceId, UnixMs};
use trust::cert::{Certificate, Holder, Profile};
use trust::cose::{self, Namespace, Signed};

use super::enrolment::latest_of;
use super::signers::Signers;
use crate::pki::Pki;
use crate::store::{StoreError, Transaction};

/// Where one message is judged.
pub(super) struct Desk<'a> {
    pub(super) pki: &'a Pki,
    pub(super) signers: &'a mut Signers,
    pub(super) transaction: &'a Transaction<'a>,
    /// The terminal in whose topic the message came.
    pub(super) device: &'a DeviceId,
    pub(super) now: UnixMs,
}

impl Desk<'_> {
    /// The certificate of the terminal that made `signed`, if it is this desk's terminal.
    pub(super) fn by_device(
        &mut self,
        signed: &Signed,
        expected: Namespace,
        claimed: UnixMs,
    ) -> Result<Option<&Certificate>, StoreError> {
        let holder = Holder::Device(self.device.to_string());
        self.signer(signed, expected, &holder, Profile::Device, claimed)
    }

    /// The certificate of `holder` that made `signed`; none when anything about the signature does not hold.
    ///
    /// The chain must be in date at the claimed moment of signing, or at this one: a certificate may have expired
    /// while the terminal was offline, and a terminal's clock may be wrong. A terminal that went on signing past the end
    /// of its certificate is believed once it has another for the same key.
    pub(super) fn signer(
        &mut self,
        signed: &Signed,
        expected: Namespace,
        holder: &Holder,
        profile: Profile,
        claimed: UnixMs,
    ) -> Result<Option<&Certificate>, StoreError> {
        let Some(fingerprint) = signed.x5t else {
            return Ok(None);
        };
        if self.is_revoked(signed, claimed)? {
            return Ok(None);
        }
        let signer = self
            .signers
            .find(self.pki, self.transaction, &fingerprint, profile)?;
        let Some(signer) = signer else {
            return Ok(None);
        };
        let in_date = signer.is_valid_at(claimed) || signer.is_valid_at(self.now);
        if !in_date && !is_renewed(self.transaction, self.device, &signer.certificate, self.now)? {
            return Ok(None);
        }
        Ok(Some(&signer.certificate)
            .filter(|certificate| certificate.holder() == Some(holder))
            .filter(|certificate| cose::verify(signed, expected, certificate).is_ok()))
    }
    /// Whether the certificate behind `signed` vouched for nothing any more when it says that it signed.
    pub(super) fn is_revoked(&self, signed: &Signed, claimed: UnixMs) -> Result<bool, StoreError> {
        let Some(fingerprint) = signed.x5t else {
            return Ok(false);
        };
        // Asked each time: another program on the same store may have revoked it.
        let since = self.transaction.revoked_at(&fingerprint)?;
        Ok(since.is_some_and(|since| claimed >= since))
    }
}

/// Whether the key of `certificate`, a terminal's, has another certificate that is in date.
fn is_renewed(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    certificate: &Certificate,
    now: UnixMs,
) -> Result<bool, StoreError> {
    let latest = latest_of(transaction, device, certificate)?;
    Ok(latest.is_some_and(|latest| {
        let (first, last) = latest.validity_unix_ms();
        (first..=last).contains(&now.0)
    }))
}
