//! Who vouches for nothing any more: the lists that HQ publishes, for whom the terminal meets without a network.
//!
//! An old list stays in use until a newer one is whole and holds; it never makes anybody trusted again.

use std::sync::Arc;

use domain::UnixMs;
use domain::dialogue::{Notice, RevocationsLine};
use sync::wire::v1::SetKind;
use trust::cert::{Certificate, Profile, Revocations, Status, verify_chain};
use trust::cose::{self, Namespace, Signed};

use crate::engine::Engine;
use crate::store::StoreError;
use crate::work::{Arrival, Set, Unpacked};

const KIND: SetKind = SetKind::Revocations;

/// The lists in use.
#[derive(Default)]
pub(crate) struct Followed {
    /// 0 before the first.
    serial: u64,
    lists: Arc<Revocations>,
}

impl Engine {
    /// Begins to unpack the stored lists, which a start finds packed.
    pub(crate) fn load_revocations(&mut self) -> Result<(), StoreError> {
        self.load_revocations_below(u64::MAX)
    }

    fn load_revocations_below(&mut self, serial: u64) -> Result<(), StoreError> {
        if let Some(stored) = self.device.beside_below(KIND, serial)? {
            self.unpack_set(KIND, stored, Arrival::Stored);
        }
        Ok(())
    }

    pub(crate) fn revocations_unpacked(&mut self, unpacked: Unpacked) -> Result<(), StoreError> {
        let serial = unpacked.serial;
        match (unpacked.arrival, unpacked.result) {
            (Arrival::Stored, Ok(Set::Revocations(lists))) => {
                // Newer ones may have come in meanwhile.
                if serial > self.revocations.serial {
                    self.follow_lists(serial, lists);
                }
                Ok(())
            }
            (Arrival::Stored, _) => {
                tracing::error!(serial, "stored revocation lists cannot be used");
                self.notice(Notice::ReferenceRefused);
                self.load_revocations_below(serial)
            }
            (Arrival::New, Ok(Set::Revocations(lists))) => {
                let Some(whole) = self.gathered(KIND, serial)? else {
                    return Ok(());
                };
                self.device.keep_beside(KIND, &whole)?;
                tracing::info!(serial, revoked = lists.len(), "revocation lists taken");
                self.gathering.taken(KIND, serial);
                self.follow_lists(serial, lists);
                // HQ sees who is warned.
                self.send_hello()
            }
            (Arrival::New, result) => {
                if let Err(error) = result {
                    tracing::error!(serial, %error, "revocation lists cannot be used");
                }
                self.drop_gathered(KIND)
            }
        }
    }

    fn follow_lists(&mut self, serial: u64, lists: Arc<Revocations>) {
        self.revocations = Followed { serial, lists };
        self.stale.home = true;
        if self.is_revoked(&self.anchors.device) {
            tracing::error!("headquarters has revoked this terminal's certificate");
            self.notice(Notice::TerminalRevoked);
        }
    }

    pub(crate) fn is_revoked(&self, certificate: &Certificate) -> bool {
        matches!(self.revocations.lists.status(certificate), Status::Revoked(_))
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
        let made = self.revocations.lists.made()?;
        Some(RevocationsLine {
            made: UnixMs(made),
            revoked: u32::try_from(self.revocations.lists.len()).unwrap_or(u32::MAX),
        })
    }

    /// For whoever meets others: the lists in use.
    pub fn revocations(&self) -> Arc<Revocations> {
        self.revocations.lists.clone()
    }
}
