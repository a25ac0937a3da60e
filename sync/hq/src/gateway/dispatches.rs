//! What the operations centre proposes on its way down, and what crews tell of it on its way up.

use std::collections::BTreeMap;

use domain::intervention::{DispatchNote, Progress, ProgressTold};
use domain::{DeviceId, UnixMs, decode, encode};
use sync::wire::v1::{DispatchMessage, ProgressKept, Reply};
use trust::cose::{Namespace, Signed};
use trust::seal;

use super::desk::Desk;
use super::visas::recipient;
use super::{Gateway, GatewayError, Outgoing};

/// Notes that go at a time; the next hello brings those after them.
const AT_ONCE: u32 = 16;

/// How far each terminal was told since it last said hello.
pub(super) type Proposed = BTreeMap<DeviceId, u64>;

impl Gateway {
    /// What terminals on the network were not told yet: another program may have proposed it meanwhile. What is lost on
    /// its way is told again at the next hello.
    pub fn dispatches_out(&mut self, now: UnixMs) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut behind = Vec::new();
        for (device, said) in transaction.behind_on_dispatches(now)? {
            if transaction.is_online(&device)? {
                let told = self.proposed.get(&device).copied().unwrap_or(0);
                behind.push((device, said.max(told)));
            }
        }
        let forgotten = transaction.forget_hits(now)?;
        transaction.commit()?;
        if forgotten > 0 {
            tracing::info!(forgotten, "readings past their term forgotten");
        }
        let mut outgoing = Vec::new();
        for (device, after) in behind {
            outgoing.extend(self.dispatches_after(&device, after, now)?);
        }
        Ok(outgoing)
    }

    /// The messages that bring `device` what it was not told after `taken` and whose term is not over.
    pub(super) fn dispatches_after(
        &mut self,
        device: &DeviceId,
        taken: u64,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let rows = transaction.dispatches_after(device, taken, now, AT_ONCE)?;
        let recipient = if rows.is_empty() {
            None
        } else {
            recipient(&transaction, device)?
        };
        drop(transaction);
        self.proposed.insert(device.clone(), taken);
        let Some(recipient) = recipient else {
            return Ok(Vec::new());
        };
        let mut after = taken;
        let mut outgoing = Vec::with_capacity(rows.len());
        for row in rows {
            let Some(dispatch) = row.cose else { continue };
            let note = DispatchNote {
                officer: row.officer,
                dispatch,
            };
            let message = DispatchMessage {
                device: device.clone(),
                after,
                sequence: row.line,
                sealed: seal::seal(&[recipient], &encode(&note)).map_err(GatewayError::Seal)?,
            };
            after = row.line;
            outgoing.push(self.reply(device, &Reply::Dispatch(message)));
        }
        self.proposed.insert(device.clone(), after);
        if !outgoing.is_empty() {
            tracing::info!(%device, notes = outgoing.len(), "told what the operations centre proposes");
        }
        Ok(outgoing)
    }

    /// What does not prove itself is neither kept nor answered: the terminal tells it again.
    pub(super) fn receive_progress(
        &mut self,
        device: &DeviceId,
        said: &Signed,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let told = decode::<ProgressTold>(&said.payload).ok().filter(|told| {
            let ours = told.device == *device && told.version == 1;
            ours && said.content_type == ProgressTold::CONTENT_TYPE
                && told.sealed.len() <= ProgressTold::MAX_SEALED
        });
        let Some(told) = told else {
            return Ok(Vec::new());
        };
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device,
            now,
        };
        let known = desk.by_device(said, Namespace::Progress, told.at.utc)?.is_some();
        let opened = seal::open(self.pki.identity(), &told.sealed, ProgressTold::MAX_SEALED).ok();
        let progress = opened
            .and_then(|plain| decode::<Progress>(&plain).ok())
            .filter(|progress| {
                progress.author.id == told.officer && progress.standing.intervention() == told.intervention
            });
        let Some(progress) = progress.filter(|_| known) else {
            tracing::warn!(%device, "a statement on an intervention that does not prove itself was dropped");
            return Ok(Vec::new());
        };
        let kept = transaction.keep_progress(&told, &progress, now)?;
        transaction.commit()?;
        tracing::info!(%device, intervention = %told.intervention, sequence = told.sequence, kept, "crew told");
        let reply = Reply::Progress(ProgressKept {
            device: device.clone(),
            intervention: told.intervention,
            sequence: told.sequence,
        });
        Ok(vec![self.reply(device, &reply)])
    }
}
