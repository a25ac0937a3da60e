//! Sets beside the law: an old one stays in use until a newer one is whole and holds, and none is ever taken back.

use domain::dialogue::Notice;
use sync::wire::v1::SetKind;

use crate::engine::Engine;
use crate::store::StoreError;
use crate::work::{Arrival, Beside, ReferenceFailure, Set, Unpacked};

impl Engine {
    /// Begins to unpack the stored sets, which a start finds packed.
    pub(crate) fn load_beside(&mut self) -> Result<(), StoreError> {
        for kind in SetKind::BESIDE_LAW {
            if self.takes(kind) {
                self.load_beside_below(kind, u64::MAX)?;
            }
        }
        Ok(())
    }

    fn load_beside_below(&mut self, kind: SetKind, serial: u64) -> Result<(), StoreError> {
        if let Some(stored) = self.device.beside_below(kind, serial)? {
            self.unpack_set(kind, stored, Arrival::Stored);
        }
        Ok(())
    }

    pub(crate) fn beside_unpacked(&mut self, unpacked: Unpacked) -> Result<(), StoreError> {
        let Unpacked {
            kind,
            serial,
            arrival,
            result,
        } = unpacked;
        if !self.takes(kind) {
            // Its policy ended while it was unpacked, and what was stored of it is gone.
            return Ok(());
        }
        let set = result.and_then(|set| match set {
            Set::Beside(set) => Ok(set),
            Set::Law(_) => Err(ReferenceFailure::Kind),
        });
        match (arrival, set) {
            (Arrival::Stored, Ok(set)) => self.follow_set(kind, serial, set),
            (Arrival::Stored, Err(error)) => {
                tracing::error!(kind = kind.code(), serial, %error, "a stored set cannot be used");
                self.notice(Notice::ReferenceRefused);
                self.load_beside_below(kind, serial)
            }
            (Arrival::New, Ok(set)) => {
                let Some(whole) = self.gathered(kind, serial)? else {
                    return Ok(());
                };
                self.device.keep_beside(kind, &whole)?;
                tracing::info!(kind = kind.code(), serial, "a set was taken");
                self.gathering.taken(kind, serial);
                self.follow_set(kind, serial, set)?;
                if kind == SetKind::Bases {
                    self.notice(Notice::BasesUpdated);
                }
                // HQ sees who has it.
                self.send_hello()
            }
            (Arrival::New, Err(error)) => {
                tracing::error!(kind = kind.code(), serial, %error, "a set cannot be used");
                self.drop_gathered(kind)
            }
        }
    }

    /// A newer one may have come in while a stored one was unpacked.
    fn follow_set(&mut self, kind: SetKind, serial: u64, set: Beside) -> Result<(), StoreError> {
        if !self.gathering.replaces(kind, serial) {
            return Ok(());
        }
        self.stale.home = true;
        match set {
            Beside::Revocations(lists) => self.follow_revocations(lists)?,
            Beside::TrustList(list) => self.trust_list = Some(list),
            Beside::Bases(table) => {
                tracing::info!(edition = table.edition(), "legal bases in use");
                self.bases = table;
                self.stale.draft = true;
            }
            Beside::Hotlist(catalogue, filters) => self.hotlists.follow(catalogue, filters),
            Beside::HotlistChanges(catalogue, changes) => self.hotlists.follow_changes(catalogue, changes),
        }
        Ok(())
    }
}
