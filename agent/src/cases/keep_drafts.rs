//! Drafts at headquarters, sealed to two persons: what is typed outlives the phone. They come back by order.

use domain::dialogue::Notice;
use domain::draft::Draft;
use domain::orders::Order;
use domain::recovery::{MAX_SEALED, Recoverable, RecoveryKeys, Snapshot};
use domain::{ActId, Digest, OfficerId, canonical};
use sync::UpLane;
use sync::wire::v1::{SNAPSHOT, SnapshotKept};
use trust::cose::{self, Namespace};
use trust::seal::{self, Recipient};

use super::deliver::Sent;
use super::unlock::Desk;
use crate::engine::{Effect, Engine};
use crate::store::{SnapshotRow, StoreError};
use crate::work::{Job, SealedDraft, SnapshotJob};

/// Drafts are looked at this often, in milliseconds: so much typing a broken phone may lose.
const EVERY: u64 = 60_000;
/// Snapshots on their way at a time: they are large, and acts go first.
const AT_ONCE: u32 = 4;

/// When drafts were looked at, and whether a worker seals them.
#[derive(Default)]
pub(crate) struct Keeping {
    /// On the device's clock; none before the first look of this turn at work.
    looked: Option<u64>,
    sealing: bool,
}

impl Engine {
    pub(crate) fn keeping_wakeup(&self) -> Option<u64> {
        let keeps = self.enrolment.recovery.is_some() && matches!(self.desk, Desk::Open(_));
        let looked = self.keeping.looked.unwrap_or(self.now.mono_ms);
        (keeps && !self.keeping.sealing).then_some(looked.saturating_add(EVERY))
    }

    pub(crate) fn wake_keeping(&mut self) -> Result<(), StoreError> {
        if self.keeping_wakeup().is_some_and(|due| due <= self.now.mono_ms) {
            return self.look_at_drafts();
        }
        Ok(())
    }

    /// Seals what changed since it was last sealed, and takes back what is no draft any more.
    pub(crate) fn look_at_drafts(&mut self) -> Result<(), StoreError> {
        self.keeping.looked = Some(self.now.mono_ms);
        let (Some(keys), Desk::Open(desk)) = (self.enrolment.recovery, &self.desk) else {
            return Ok(());
        };
        let officer = desk.officer.id;
        let known = self.device.snapshots_of(officer)?;
        // Where HQ keeps none any more, what it has is taken back.
        let drafts = match self.profiles.settings().drafts_at_hq {
            true => desk.store.drafts()?,
            false => Vec::new(),
        };
        let changed: Vec<(ActId, Vec<u8>)> = drafts
            .iter()
            .map(|draft| (draft.id, canonical::encode(draft)))
            .filter(|(id, content)| {
                let content = Some(Digest::of(content));
                !known.iter().any(|row| row.draft == *id && row.content == content)
            })
            .collect();
        let gone = known
            .iter()
            .filter(|row| row.content.is_some() && drafts.iter().all(|draft| draft.id != row.draft));
        for row in gone {
            self.keep_snapshot(officer, row.draft, None, Vec::new())?;
        }
        if !changed.is_empty() && !self.keeping.sealing {
            self.keeping.sealing = true;
            let job = SnapshotJob {
                officer,
                keys,
                drafts: changed,
            };
            self.out.push(Effect::Work(Job::Snapshot(job)));
        }
        self.send_snapshots()
    }

    pub(crate) fn drafts_sealed(
        &mut self,
        officer: OfficerId,
        sealed: Vec<SealedDraft>,
    ) -> Result<(), StoreError> {
        self.keeping.sealing = false;
        for one in sealed {
            if one.sealed.len() > MAX_SEALED {
                tracing::warn!(draft = %one.draft, "a draft is too large to be kept at HQ");
                continue;
            }
            self.keep_snapshot(officer, one.draft, Some(one.content), one.sealed)?;
        }
        self.send_snapshots()
    }

    fn keep_snapshot(
        &mut self,
        officer: OfficerId,
        draft: ActId,
        content: Option<Digest>,
        sealed: Vec<u8>,
    ) -> Result<(), StoreError> {
        let sequence = self.device.next_snapshot()?;
        let snapshot = Snapshot {
            version: 1,
            device: self.enrolment.terminal.device.clone(),
            officer,
            draft,
            sequence,
            at: self.now,
            sealed,
        };
        let payload = canonical::encode(&snapshot);
        match self.device_signed(Namespace::Snapshot, SNAPSHOT, &payload) {
            Some(cose) => {
                let row = SnapshotRow { draft, content };
                self.device.keep_snapshot(row, officer, sequence, &cose)
            }
            None => {
                tracing::error!("a snapshot could not be signed");
                Ok(())
            }
        }
    }

    /// Sends what HQ has not answered for; what is lost on the air goes again at the next look or connection.
    pub(crate) fn send_snapshots(&mut self) -> Result<(), StoreError> {
        if self.network != domain::dialogue::Network::Online {
            return Ok(());
        }
        for cose in self.device.snapshots_to_send(AT_ONCE)? {
            self.send(Sent::Snapshot, UpLane::Tel, cose);
        }
        Ok(())
    }

    /// HQ has it: the next ones follow.
    pub(crate) fn snapshot_kept(&mut self, kept: &SnapshotKept) -> Result<(), StoreError> {
        let ours = kept.device == self.enrolment.terminal.device;
        if ours && self.device.snapshot_kept(kept.draft, kept.sequence)? {
            self.send_snapshots()?;
        }
        Ok(())
    }

    /// Gives the officer at work what HQ gave back; what is there already stays as it is.
    pub(crate) fn take_restored(&mut self) -> Result<(), StoreError> {
        let Some(officer) = self.officer_id() else {
            return Ok(());
        };
        let mut count = 0;
        for (sequence, order) in self.device.drafts_to_restore()? {
            let Some(recoverable) = self.recoverable(&order).filter(|one| one.officer == officer) else {
                continue;
            };
            let Ok(draft) = canonical::decode::<Draft>(&recoverable.content) else {
                tracing::error!(sequence, "a draft that HQ gave back does not read");
                continue;
            };
            let exists = self.device.row_of(draft.id)?.is_some();
            let now = self.now;
            let Some(desk) = self.desk() else { return Ok(()) };
            if !exists && desk.store.draft(draft.id)?.is_none() {
                desk.store.save_draft(&draft, now)?;
                count += 1;
            }
            self.device.note_restored(sequence, officer, now)?;
        }
        if count > 0 {
            self.notice(Notice::DraftsRestored { count });
            self.stale.home = true;
        }
        Ok(())
    }

    fn recoverable(&self, order: &[u8]) -> Option<Recoverable> {
        let signed = cose::parse(order).ok()?;
        let order: Order = canonical::decode(&signed.payload).ok()?;
        let opened = seal::open(self.keys.identity(), &order.body?, MAX_SEALED).ok()?;
        canonical::decode(&opened).ok()
    }
}

/// Seals `plain` so that both persons are needed.
pub(crate) fn sealed_to(keys: &RecoveryKeys, plain: &[u8]) -> Option<Vec<u8>> {
    let inner = seal::seal(&[Recipient::from_bytes(keys.first)], plain).ok()?;
    seal::seal(&[Recipient::from_bytes(keys.second)], &inner).ok()
}
