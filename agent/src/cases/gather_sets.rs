//! Reference data on its way down: a head that the root vouches for, then the parts that it names, kept as they come.
//!
//! Every kind of set is gathered alike, and none waits for another; what a whole set means is its own case's.

use std::collections::BTreeMap;

use domain::canonical;
use domain::dialogue::{Network, Notice};
use sync::wire::v1::{
    REFERENCE, ReferenceHead, ReferenceHint, ReferenceMessage, ReferencePart, ReferencePending, SetHeld,
    SetKind, SignedHead,
};
use sync::{Span, Spans};
use trust::cert::{Certificate, Profile};
use trust::cose::{self, Namespace};

use crate::engine::{Effect, Engine};
use crate::store::{DeviceStore, StoreError, StoredReference};
use crate::work::{Arrival, Job, ReferenceJob, Unpacked};

/// How long the rest of a set is waited for before it is asked for again, in milliseconds.
const PATIENCE_MS: u64 = 300_000;
/// HQ is asked for a set at most this often, in milliseconds: whoever hints is nobody to be believed.
const ASK_EVERY_MS: u64 = 600_000;

/// What the engine knows of sets that come down.
#[derive(Default)]
pub(crate) struct Gathering {
    kinds: BTreeMap<SetKind, Progress>,
    /// When to say hello again for a set, on the device's clock.
    ask_at: Option<u64>,
    asked_at: Option<u64>,
    /// The officer was told once of data that is not HQ's.
    told_refused: bool,
}

/// How far one kind is.
#[derive(Default)]
struct Progress {
    /// Serial of the newest set that was ever taken.
    newest: u64,
    /// Serial of the set in use; 0 before the first, for the law the embedded one.
    in_use: u64,
    pending: Option<Pending>,
}

/// A set on its way.
struct Pending {
    head: ReferenceHead,
    have: Spans,
}

impl Gathering {
    pub(crate) fn open(device: &DeviceStore) -> Result<Self, StoreError> {
        let mut kinds = BTreeMap::new();
        for kind in SetKind::ALL {
            let pending = device.pending_reference(kind)?.and_then(|pending| {
                let signed = cose::parse(&pending.head).ok()?;
                let head = canonical::decode(&signed.payload).ok()?;
                let have = pending.have;
                Some(Pending { head, have })
            });
            let newest = match kind {
                SetKind::Law => device.newest_reference()?,
                SetKind::Revocations
                | SetKind::TrustList
                | SetKind::Hotlist
                | SetKind::HotlistChanges
                | SetKind::Bases
                | SetKind::Persons
                | SetKind::PersonsChanges => device.newest_beside(kind)?,
            };
            let progress = Progress {
                newest,
                in_use: 0,
                pending,
            };
            kinds.insert(kind, progress);
        }
        Ok(Self {
            kinds,
            ..Self::default()
        })
    }

    fn newest(&self, kind: SetKind) -> u64 {
        self.kinds.get(&kind).map_or(0, |progress| progress.newest)
    }

    fn of(&mut self, kind: SetKind) -> &mut Progress {
        self.kinds.entry(kind).or_default()
    }

    fn pending(&self, kind: SetKind) -> Option<&Pending> {
        self.kinds.get(&kind)?.pending.as_ref()
    }

    /// A set of this kind is in use from here on.
    pub(crate) fn taken(&mut self, kind: SetKind, serial: u64) {
        let progress = self.of(kind);
        progress.newest = serial;
        progress.pending = None;
        self.ask_at = None;
    }

    /// Nothing of this kind is here any more; what is newer than `newest` may come again.
    pub(crate) fn forget(&mut self, kind: SetKind, newest: u64) {
        let forgotten = Progress {
            newest,
            ..Progress::default()
        };
        self.kinds.insert(kind, forgotten);
    }

    /// Whether `serial` is newer than what is in use, and is in use from here on.
    pub(crate) fn replaces(&mut self, kind: SetKind, serial: u64) -> bool {
        let progress = self.of(kind);
        let newer = serial > progress.in_use;
        progress.in_use = progress.in_use.max(serial);
        newer
    }
}

impl Engine {
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
        let (kind, serial) = (head.kind, head.serial);
        if !self.takes(kind) {
            tracing::warn!(
                kind = kind.code(),
                serial,
                "a set that no policy allows here was dropped"
            );
            return Ok(());
        }
        let progress = self.gathering.of(kind);
        let begun = progress.pending.as_ref().map_or(0, |pending| pending.head.serial);
        if serial <= progress.newest.max(begun) {
            // Brokers deliver again, and an old set repeated would bring old law back.
            tracing::info!(
                kind = kind.code(),
                serial,
                "a reference set that is no newer was dropped"
            );
            return Ok(());
        }
        self.device.begin_reference(kind, serial, &signed.head)?;
        progress.pending = Some(Pending {
            head,
            have: Spans::new(),
        });
        self.await_reference();
        Ok(())
    }

    fn verified_head(&self, signed: &SignedHead) -> Option<ReferenceHead> {
        let certificate = Certificate::from_der(&signed.certificate).ok()?;
        if !self.vouched_for(&certificate, Profile::HqReference) {
            return None;
        }
        let cose = cose::parse(&signed.head).ok()?;
        cose::verify(&cose, Namespace::Reference, &certificate).ok()?;
        let head: ReferenceHead = canonical::decode(&cose.payload).ok()?;
        (cose.content_type == REFERENCE && head.is_sound()).then_some(head)
    }

    fn reference_part(&mut self, part: &ReferencePart) -> Result<(), StoreError> {
        let index = u64::from(part.index);
        let Some(pending) = &mut self.gathering.of(part.kind).pending else {
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
        self.device
            .add_reference_part(part.kind, part.index, &part.bytes)?;
        // There are fewer parts than a set of ranges holds.
        let _ = pending.have.insert(one);
        self.unpack_when_whole(part.kind)
    }

    /// Sets whose last part came just before the end of the process.
    pub(crate) fn resume_gathering(&mut self) -> Result<(), StoreError> {
        for kind in SetKind::ALL {
            self.unpack_when_whole(kind)?;
        }
        Ok(())
    }

    fn unpack_when_whole(&mut self, kind: SetKind) -> Result<(), StoreError> {
        let Some(pending) = self.gathering.pending(kind) else {
            return Ok(());
        };
        let serial = pending.head.serial;
        if pending.have.total() != pending.head.parts.len() as u64 {
            return Ok(());
        }
        if let Some(whole) = self.gathered(kind, serial)? {
            self.unpack_set(kind, whole, Arrival::New);
        }
        Ok(())
    }

    /// The set that is there in whole, unless another one has taken its place.
    pub(crate) fn gathered(&self, kind: SetKind, serial: u64) -> Result<Option<StoredReference>, StoreError> {
        let Some(pending) = self.device.pending_reference(kind)? else {
            return Ok(None);
        };
        if pending.serial != serial {
            return Ok(None);
        }
        Ok(Some(StoredReference {
            serial,
            head: pending.head,
            packed: self.device.gathered_reference(kind)?,
        }))
    }

    pub(crate) fn unpack_set(&mut self, kind: SetKind, stored: StoredReference, arrival: Arrival) {
        let StoredReference { serial, head, packed } = stored;
        self.out.push(Effect::Work(Job::Reference(Box::new(ReferenceJob {
            kind,
            serial,
            head,
            packed,
            arrival,
            root: self.anchors.root.clone(),
        }))));
    }

    pub(crate) fn set_unpacked(&mut self, unpacked: Unpacked) -> Result<(), StoreError> {
        match unpacked.kind {
            SetKind::Law => self.law_unpacked(unpacked),
            SetKind::Revocations
            | SetKind::TrustList
            | SetKind::Hotlist
            | SetKind::HotlistChanges
            | SetKind::Bases
            | SetKind::Persons
            | SetKind::PersonsChanges => self.beside_unpacked(unpacked),
        }
    }

    /// What came is not HQ's, or cannot be used: what was there before stays.
    pub(crate) fn drop_gathered(&mut self, kind: SetKind) -> Result<(), StoreError> {
        self.gathering.of(kind).pending = None;
        self.device.forget_pending_reference(kind)?;
        self.refuse_reference();
        Ok(())
    }

    /// Told once a start: whoever sends rubbish does so again.
    fn refuse_reference(&mut self) {
        if !self.gathering.told_refused {
            self.gathering.told_refused = true;
            self.notice(Notice::ReferenceRefused);
        }
    }

    /// The hint that all terminals get; each asks at a moment of its own.
    pub(crate) fn reference_hint(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let Ok(hint) = canonical::decode::<ReferenceHint>(payload) else {
            return Ok(());
        };
        let law = hint.serial > self.gathering.newest(SetKind::Law);
        let other = hint
            .others
            .iter()
            .any(|one| self.takes(one.kind) && one.serial > self.gathering.newest(one.kind));
        if hint.version == 1 && (law || other) {
            let window = self.device.retry_window()?.unwrap_or(0);
            let draw = u64::from_be_bytes(self.mint.random());
            self.say_hello_again(draw.checked_rem(u64::from(window)).unwrap_or(0));
        }
        Ok(())
    }

    /// Says hello again after `delay`, unless that is due already.
    pub(crate) fn say_hello_again(&mut self, delay: u64) {
        let allowed = self
            .gathering
            .asked_at
            .map_or(0, |at| at.saturating_add(ASK_EVERY_MS));
        let at = self.now.mono_ms.saturating_add(delay).max(allowed);
        self.gathering.ask_at.get_or_insert(at);
    }

    /// Whether the `sequence`th message of a line of HQ, which goes `after` another, is the next one here, where `taken`
    /// was the last; where one between them is `missing`, HQ is asked again.
    pub(crate) fn is_next(&mut self, missing: &str, taken: u64, after: u64, sequence: u64) -> bool {
        if after > taken {
            tracing::info!(taken, after, "{missing} is missing; asking again");
            self.say_hello_again(0);
        }
        (after..sequence).contains(&taken)
    }

    pub(crate) const fn reference_wakeup(&self) -> Option<u64> {
        self.gathering.ask_at
    }

    pub(crate) fn wake_reference(&mut self) -> Result<(), StoreError> {
        if self.gathering.ask_at.is_none_or(|at| at > self.now.mono_ms) {
            return Ok(());
        }
        self.gathering.ask_at = None;
        // Without a connection the next hello asks.
        if self.network == Network::Online {
            self.gathering.asked_at = Some(self.now.mono_ms);
            self.send_hello()?;
            self.await_reference();
        }
        Ok(())
    }

    /// What is lost on its way is asked for again, for as long as a part is missing.
    pub(crate) fn await_reference(&mut self) {
        if self.gathering.kinds.values().any(|kind| kind.pending.is_some()) {
            self.say_hello_again(PATIENCE_MS);
        }
    }

    /// What a hello says of one kind.
    pub(crate) fn set_held(&self, kind: SetKind) -> SetHeld {
        let pending = self.gathering.pending(kind);
        SetHeld {
            kind,
            serial: self.gathering.newest(kind),
            pending: pending.map(|pending| ReferencePending {
                serial: pending.head.serial,
                have: pending.have.clone(),
            }),
        }
    }
}
