//! Parts of acts too large for their envelope: they follow it over the bulk connection, before any footage, and rest on
//! the disk until HQ's receipt for the act is stored.

use domain::delivery::Delivery;
use domain::envelope::{Envelope, Part};
use domain::{ActId, EnvelopeId};
use sync::FileId;
use sync::wire::v1::FileInit;
use trust::cose;

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    /// Queues the parts of acts that wait, and removes those that no act and no intent needs any more.
    pub(crate) fn resume_parts(&mut self) -> Result<(), StoreError> {
        let kept = self.parts.kept().unwrap_or_else(|error| {
            tracing::error!(%error, "the folder of parts does not read");
            Vec::new()
        });
        for (act, envelope) in kept {
            let row = self.device.act_of(envelope)?.filter(|row| row.act == act);
            match row.map(|row| row.delivery) {
                Some(Delivery::Waiting { .. }) => self.queue_parts(act, envelope)?,
                // The intent behind the promise may be in a database that only its officer opens.
                None if self.device.is_promised(act)? => {}
                Some(Delivery::Received { .. } | Delivery::Refused { .. }) | None => {
                    self.remove_parts(act, envelope);
                }
            }
        }
        Ok(())
    }

    /// Queues the parts of an act that exists; it may have none.
    pub(crate) fn queue_parts(&mut self, act: ActId, envelope: EnvelopeId) -> Result<(), StoreError> {
        if !self.parts.holds(act, envelope) || self.is_sending_parts(envelope) {
            return Ok(());
        }
        let Some((_, cose)) = self.device.to_send(envelope)? else {
            return Ok(());
        };
        let mut inits = Vec::new();
        for (index, Part { bytes, sha256 }) in (0..).zip(parts_of(&cose)?) {
            inits.extend(FileId::of_part(envelope, index).map(|file| FileInit {
                version: 1,
                file,
                manifest: envelope,
                size: bytes,
                sha256,
            }));
        }
        self.queue_before_footage(inits)
    }

    /// HQ's receipt for the act is stored: nothing of it is to be sent any more.
    pub(crate) fn parts_answered(&mut self, act: ActId, envelope: EnvelopeId) -> Result<(), StoreError> {
        if !self.parts.holds(act, envelope) {
            return Ok(());
        }
        self.drop_parts(envelope)?;
        self.remove_parts(act, envelope);
        Ok(())
    }

    /// One part as it rests on the disk.
    pub(crate) fn part(&self, envelope: EnvelopeId, index: u32) -> Option<Vec<u8>> {
        let row = self.device.act_of(envelope).ok().flatten()?;
        self.parts.read(row.act, envelope, index).ok()
    }

    /// What cannot be removed now is removed at the next start.
    fn remove_parts(&self, act: ActId, envelope: EnvelopeId) {
        if let Err(error) = self.parts.remove(act, envelope) {
            tracing::error!(%act, %envelope, %error, "parts could not be removed");
        }
    }
}

fn parts_of(cose: &[u8]) -> Result<Vec<Part>, StoreError> {
    cose::parse(cose)
        .ok()
        .and_then(|signed| Envelope::from_bytes(&signed.payload).ok())
        .map(|envelope| envelope.parts)
        .ok_or(StoreError::Unreadable { what: "envelope" })
}
