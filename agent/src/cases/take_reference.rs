//! Reference data from HQ: believed under the root's own signature alone, never taken back to an older one, used from the
//! next act on, and kept for as long as an act names it.

use std::sync::Arc;

use domain::canonical;
use domain::dialogue::{Network, Notice};
use domain::natinf::{ReferenceSet, ReferenceVersion};
use sync::wire::v1::{
    REFERENCE, ReferenceHead, ReferenceHint, ReferenceMessage, ReferencePart, ReferencePending, SignedHead,
};
use sync::{Span, Spans};
use trust::cert::{Certificate, Profile, verify_chain};
use trust::cose::{self, Namespace};

use crate::engine::{Effect, Engine};
use crate::store::{DeviceStore, StoreError, StoredReference};
use crate::work::{Arrival, Job, ReferenceFailure, ReferenceJob, UnlockOutcome, Unpacked, unpack_reference};

/// How long the rest of a set is waited for before it is asked for again, in milliseconds.
const PATIENCE_MS: u64 = 300_000;
/// HQ is asked for a set at most this often, in milliseconds: whoever hints is nobody to be believed.
const ASK_EVERY_MS: u64 = 600_000;

/// What the engine knows of reference sets besides the one in use.
#[derive(Default)]
pub(crate) struct References {
    /// Serial of the newest set that was ever taken.
    newest: u64,
    /// Serial of the set in use; 0 for the embedded one.
    in_use: u64,
    pending: Option<Pending>,
    /// A stored set is being unpacked; an officer who unlocks meanwhile waits for it.
    loading: bool,
    waiting: Option<UnlockOutcome>,
    /// When to say hello again for a set, on the device's clock.
    ask_at: Option<u64>,
    asked_at: Option<u64>,
    /// The officer was told once of data that is not HQ's.
    told_refused: bool,
    /// The set in use is marked as one that an act names.
    used: bool,
}

/// A set on its way.
struct Pending {
    head: ReferenceHead,
    have: Spans,
}

impl References {
    pub(crate) fn open(device: &DeviceStore) -> Result<Self, StoreError> {
        let pending = device.pending_reference()?.and_then(|pending| {
            let signed = cose::parse(&pending.head).ok()?;
            let head = canonical::decode(&signed.payload).ok()?;
            let have = pending.have;
            Some(Pending { head, have })
        });
        Ok(Self {
            newest: device.newest_reference()?,
            pending,
            ..Self::default()
        })
    }
}

impl Engine {
    /// Begins to unpack the stored set, which a start finds packed.
    pub(crate) fn load_reference(&mut self) -> Result<(), StoreError> {
        self.load_reference_below(u64::MAX)?;
        // A set whose last part came just before the end of the process.
        self.unpack_when_whole()
    }

    fn load_reference_below(&mut self, serial: u64) -> Result<(), StoreError> {
        let stored = self.device.reference_below(serial)?;
        self.references.loading = stored.is_some();
        if let Some(stored) = stored {
            self.unpack_reference(stored, Arrival::Stored);
        }
        Ok(())
    }

    fn unpack_reference(&mut self, stored: StoredReference, arrival: Arrival) {
        let StoredReference { serial, head, packed } = stored;
        self.out.push(Effect::Work(Job::Reference(ReferenceJob {
            serial,
            head,
            packed,
            arrival,
        })));
    }

    /// A desk opens under the law in force, which may still be on its way out of the store.
    pub(crate) fn unlock_worked(&mut self, outcome: UnlockOutcome) -> Result<(), StoreError> {
        if self.references.loading {
            self.references.waiting = Some(outcome);
            return Ok(());
        }
        self.unlocked(outcome)
    }

    pub(crate) fn reference_unpacked(&mut self, unpacked: Unpacked) -> Result<(), StoreError> {
        match unpacked.arrival {
            Arrival::Stored => self.stored_reference_unpacked(unpacked.serial, unpacked.result),
            Arrival::New => self.new_reference_unpacked(unpacked.serial, unpacked.result),
        }
    }

    fn stored_reference_unpacked(
        &mut self,
        serial: u64,
        result: Result<Arc<ReferenceSet>, ReferenceFailure>,
    ) -> Result<(), StoreError> {
        match result {
            // A newer one may have come in meanwhile.
            Ok(set) if serial > self.references.in_use => {
                self.references.in_use = serial;
                self.reference = set;
            }
            Ok(_) => {}
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

    fn new_reference_unpacked(
        &mut self,
        serial: u64,
        result: Result<Arc<ReferenceSet>, ReferenceFailure>,
    ) -> Result<(), StoreError> {
        let Some(stored) = self
            .device
            .pending_reference()?
            .filter(|pending| pending.serial == serial)
        else {
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
            Ok(_) | Err(_) => {
                self.references.pending = None;
                self.device.forget_pending_reference()?;
                self.refuse_reference();
                return Ok(());
            }
        };
        let packed = self.device.gathered_reference()?;
        let reference = StoredReference {
            serial,
            head: stored.head,
            packed,
        };
        self.device.keep_reference(&set.version, &reference)?;
        tracing::info!(serial, offences = set.len(), "reference data taken");
        self.references.newest = serial;
        self.references.in_use = serial;
        self.references.pending = None;
        self.references.used = false;
        self.references.ask_at = None;
        self.reference = set;
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

    /// What came on the topic of reference data.
    pub(crate) fn reference_message(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        match canonical::decode::<ReferenceMessage>(payload) {
            Ok(ReferenceMessage::Head(signed)) => self.reference_head(&signed),
            Ok(ReferenceMessage::Part(part)) => self.reference_part(&part),
            Err(_) => {
                tracing::warn!(bytes = payload.len(), "a reference message does not read");
                Ok(())
            }
        }
    }

    fn reference_head(&mut self, signed: &SignedHead) -> Result<(), StoreError> {
        let Some(head) = self.verified_head(signed) else {
            tracing::warn!("reference data that HQ did not sign was dropped");
            self.refuse_reference();
            return Ok(());
        };
        let begun = self
            .references
            .pending
            .as_ref()
            .map_or(0, |pending| pending.head.serial);
        if head.serial <= self.references.newest.max(begun) {
            // Brokers deliver again, and an old set repeated would bring old law back.
            tracing::info!(
                serial = head.serial,
                "a reference set that is no newer was dropped"
            );
            return Ok(());
        }
        self.device.begin_reference(head.serial, &signed.head)?;
        self.references.pending = Some(Pending {
            head,
            have: Spans::new(),
        });
        self.await_reference();
        Ok(())
    }

    fn verified_head(&self, signed: &SignedHead) -> Option<ReferenceHead> {
        let certificate = Certificate::from_der(&signed.certificate).ok()?;
        let anchors = std::slice::from_ref(&self.anchors.root);
        let now = self.now.utc.0;
        let chain = verify_chain(&certificate, &[], anchors, Profile::HqReference, now);
        if !chain.all_ok() {
            return None;
        }
        let cose = cose::parse(&signed.head).ok()?;
        cose::verify(&cose, Namespace::Reference, &certificate).ok()?;
        let head: ReferenceHead = canonical::decode(&cose.payload).ok()?;
        (cose.content_type == REFERENCE && head.is_sound()).then_some(head)
    }

    fn reference_part(&mut self, part: &ReferencePart) -> Result<(), StoreError> {
        let index = u64::from(part.index);
        let Some(pending) = &mut self.references.pending else {
            return Ok(());
        };
        let wanted = part.serial == pending.head.serial && !pending.have.contains(index);
        if !wanted || !pending.head.is_part(part.index, &part.bytes) {
            tracing::info!(
                part = part.index,
                "a part of no set that is on its way was dropped"
            );
            return Ok(());
        }
        let Some(one) = Span::new(index, index.saturating_add(1)) else {
            return Ok(());
        };
        self.device.add_reference_part(part.index, &part.bytes)?;
        // There are fewer parts than a set of ranges holds.
        let _ = pending.have.insert(one);
        self.unpack_when_whole()
    }

    fn unpack_when_whole(&mut self) -> Result<(), StoreError> {
        let Some(pending) = &self.references.pending else {
            return Ok(());
        };
        let serial = pending.head.serial;
        if pending.have.total() != pending.head.parts.len() as u64 {
            return Ok(());
        }
        let packed = self.device.gathered_reference()?;
        if let Some(stored) = self
            .device
            .pending_reference()?
            .filter(|stored| stored.serial == serial)
        {
            let head = stored.head;
            self.unpack_reference(StoredReference { serial, head, packed }, Arrival::New);
        }
        Ok(())
    }

    /// Told once a start: whoever sends rubbish does so again.
    fn refuse_reference(&mut self) {
        if !self.references.told_refused {
            self.references.told_refused = true;
            self.notice(Notice::ReferenceRefused);
        }
    }

    /// The hint that all terminals get; each asks at a moment of its own.
    pub(crate) fn reference_hint(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let hint = canonical::decode::<ReferenceHint>(payload);
        if hint.is_ok_and(|hint| hint.version == 1 && hint.serial > self.references.newest) {
            let window = self.device.retry_window()?.unwrap_or(0);
            let draw = u64::from_be_bytes(self.mint.random());
            self.say_hello_again(draw.checked_rem(u64::from(window)).unwrap_or(0));
        }
        Ok(())
    }

    /// Says hello again after `delay`, unless that is due already.
    pub(crate) fn say_hello_again(&mut self, delay: u64) {
        let allowed = self
            .references
            .asked_at
            .map_or(0, |at| at.saturating_add(ASK_EVERY_MS));
        let at = self.now.mono_ms.saturating_add(delay).max(allowed);
        self.references.ask_at.get_or_insert(at);
    }

    pub(crate) const fn reference_wakeup(&self) -> Option<u64> {
        self.references.ask_at
    }

    pub(crate) fn wake_reference(&mut self) -> Result<(), StoreError> {
        if self.references.ask_at.is_none_or(|at| at > self.now.mono_ms) {
            return Ok(());
        }
        self.references.ask_at = None;
        // Without a connection the next hello asks.
        if self.network == Network::Online {
            self.references.asked_at = Some(self.now.mono_ms);
            self.send_hello()?;
            self.await_reference();
        }
        Ok(())
    }

    /// What is lost on its way is asked for again, for as long as a part is missing.
    pub(crate) fn await_reference(&mut self) {
        if self.references.pending.is_some() {
            self.say_hello_again(PATIENCE_MS);
        }
    }

    /// What a hello says of reference data.
    pub(crate) fn reference_held(&self) -> (u64, Option<ReferencePending>) {
        let pending = self.references.pending.as_ref().map(|pending| ReferencePending {
            serial: pending.head.serial,
            have: pending.have.clone(),
        });
        (self.references.newest, pending)
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
            Self::Stored(stored) => unpack_reference(&stored.head, &stored.packed),
        }
    }
}
