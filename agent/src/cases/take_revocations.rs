//! Who vouches for nothing any more: the lists that HQ publishes, for whom the terminal meets without a network.

use std::sync::Arc;

use domain::UnixMs;
use domain::dialogue::{Notice, RevocationsLine};
use trust::cert::{Certificate, Profile, Revocations, Status, verify_chain};
use trust::cose::{self, Namespace, Signed};

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn follow_revocations(&mut self, lists: Arc<Revocations>) -> Result<(), StoreError> {
        self.revocations = lists;
        if self.is_revoked(&self.anchors.device) {
            tracing::error!("headquarters has revoked this terminal's certificate");
            self.notice(Notice::TerminalRevoked);
            self.hotlists.drop_keys();
            self.device.forget_hotlist_keys()?;
        }
        Ok(())
    }

    pub(crate) fn is_revoked(&self, certificate: &Certificate) -> bool {
        matches!(self.revocations.status(certificate), Status::Revoked(_))
    }

    /// Whether the root vouches for one of HQ's own signers now, and no list has taken that back.
    pub(crate) fn vouched_for(&self, certificate: &Certificate, profile: Profile) -> bool {
        let anchors = std::slice::from_ref(&self.anchors.root);
        verify_chain(certificate, &[], anchors, profile, self.now.utc.0).all_ok()
            && !self.is_revoked(certificate)
    }

    /// Whether `signer`, whom the enrolment bundle names, signed this, and no list has taken back that it may.
    pub(crate) fn signed_by(&self, signed: &Signed, namespace: Namespace, signer: &Certificate) -> bool {
        cose::verify(signed, namespace, signer).is_ok() && !self.is_revoked(signer)
    }

    /// What the screen says of the lists; none before the first.
    pub(crate) fn revocations_line(&self) -> Option<RevocationsLine> {
        let made = self.revocations.made()?;
        Some(RevocationsLine {
            made: UnixMs(made),
            revoked: u32::try_from(self.revocations.len()).unwrap_or(u32::MAX),
        })
    }

    /// For whoever meets others: the lists in use.
    pub fn revocations(&self) -> Arc<Revocations> {
        self.revocations.clone()
    }
}
