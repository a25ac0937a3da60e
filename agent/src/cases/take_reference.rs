//! The law from HQ: never taken back to an older one, used from the next act on, and kept for as long as an act names it.

use std::sync::Arc;

use domain::dialogue::Notice;
use domain::natinf::{ReferenceSet, ReferenceVersion};
use sync::wire::v1::SetKind;

use crate::engine::Engine;
use crate::store::{StoreError, StoredReference};
use crate::work::{Arrival, ReferenceFailure, Set, UnlockOutcome, Unpacked, unpack_law};

/// What the engine knows of the law besides the set in use.
#[derive(Default)]
pub(crate) struct References {
    /// A stored set is being unpacked; an officer who unlocks meanwhile waits for it.
    loading: bool,
    waiting: Option<UnlockOutcome>,
    /// The set in use is marked as one that an act names.
    used: bool,
}

impl Engine {
    /// Begins to unpack the stored set, which a start finds packed.
    pub(crate) fn load_reference(&mut self) -> Result<(), StoreError> {
        self.load_reference_below(u64::MAX)
    }

    fn load_reference_below(&mut self, serial: u64) -> Result<(), StoreError> {
        let stored = self.device.reference_below(serial)?;
        self.references.loading = stored.is_some();
        if let Some(stored) = stored {
            self.unpack_set(SetKind::Law, stored, Arrival::Stored);
        }
        Ok(())
    }

    /// A desk opens under the law in force, which may still be on its way out of the store.
    pub(crate) fn unlock_worked(&mut self, outcome: UnlockOutcome) -> Result<(), StoreError> {
        if self.references.loading {
            self.references.waiting = Some(outcome);
            return Ok(());
        }
        self.unlocked(outcome)
    }

    pub(crate) fn law_unpacked(&mut self, unpacked: Unpacked) -> Result<(), StoreError> {
        let law = unpacked.result.and_then(|set| match set {
            Set::Law(law) => Ok(law),
            Set::Beside(_) => Err(ReferenceFailure::Kind),
        });
        match unpacked.arrival {
            Arrival::Stored => self.stored_law_unpacked(unpacked.serial, law),
            Arrival::New => self.new_law_unpacked(unpacked.serial, law),
        }
    }

    fn stored_law_unpacked(
        &mut self,
        serial: u64,
        result: Result<Arc<ReferenceSet>, ReferenceFailure>,
    ) -> Result<(), StoreError> {
        match result {
            Ok(set) => self.follow_law(serial, set),
            Err(error) => {
                tracing::error!(serial, %error, "a stored reference set cannot be used");
                self.notice(Notice::ReferenceRefused);
                self.load_reference_below(serial)?;
                if self.references.loading {
                    return Ok(());
                }
            }
        }
        self.references.loading = false;
        match self.references.waiting.take() {
            Some(outcome) => self.unlocked(outcome),
            None => Ok(()),
        }
    }

    /// A newer one may have come in while a stored one was unpacked.
    fn follow_law(&mut self, serial: u64, set: Arc<ReferenceSet>) {
        if self.gathering.replaces(SetKind::Law, serial) {
            self.reference = set;
        }
    }

    fn new_law_unpacked(
        &mut self,
        serial: u64,
        result: Result<Arc<ReferenceSet>, ReferenceFailure>,
    ) -> Result<(), StoreError> {
        let Some(whole) = self.gathered(SetKind::Law, serial)? else {
            return Ok(());
        };
        let refused = match &result {
            Err(error) => {
                tracing::error!(serial, %error, "a reference set cannot be used");
                true
            }
            Ok(set) => self.names_another(&set.version)?,
        };
        let set = match result {
            Ok(set) if !refused => set,
            Ok(_) | Err(_) => return self.drop_gathered(SetKind::Law),
        };
        self.device.keep_reference(&set.version, &whole)?;
        tracing::info!(serial, offences = set.len(), "reference data taken");
        self.gathering.taken(SetKind::Law, serial);
        self.references.used = false;
        self.follow_law(serial, set);
        self.stale.draft = true;
        self.notice(Notice::ReferenceUpdated);
        Ok(())
    }

    /// A version that means another set already: the documents of its acts would change.
    fn names_another(&self, version: &ReferenceVersion) -> Result<bool, StoreError> {
        let known = self.device.reference_called(version)?.is_some();
        let embedded = ReferenceSet::embedded().version == *version;
        if known || embedded {
            tracing::error!(
                version = version.0,
                "a reference set has a name that another one bears"
            );
        }
        Ok(known || embedded)
    }

    /// An act is about to be signed under the set in use, which its documents need for good.
    pub(crate) fn keep_reference_in_use(&mut self) -> Result<(), StoreError> {
        if !self.references.used {
            let version = self.reference.version.clone();
            self.device.use_reference(&version)?;
            self.references.used = true;
        }
        Ok(())
    }

    /// The set that a record was drawn up under, for its documents; a worker unpacks it. `None` when this terminal never
    /// had it.
    pub fn law_of(&self, version: &ReferenceVersion) -> Result<Option<Law>, StoreError> {
        if self.reference.version == *version {
            return Ok(Some(Law::InUse(self.reference.clone())));
        }
        if let Some(stored) = self.device.reference_called(version)? {
            return Ok(Some(Law::Stored(stored)));
        }
        let embedded = ReferenceSet::embedded();
        Ok((embedded.version == *version).then(|| Law::InUse(Arc::new(embedded))))
    }
}

/// The set of one version, unpacked only when it is needed.
#[derive(Debug, Clone)]
pub enum Law {
    InUse(Arc<ReferenceSet>),
    Stored(StoredReference),
}

impl Law {
    pub fn load(&self) -> Result<Arc<ReferenceSet>, ReferenceFailure> {
        match self {
            Self::InUse(set) => Ok(set.clone()),
            Self::Stored(stored) => unpack_law(&stored.head, &stored.packed),
        }
    }
}
