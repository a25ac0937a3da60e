//! What became of complaints on its way: to the terminal that took them, when it says hello and while it is there.

use std::collections::BTreeMap;

use domain::plainte::SuiviNote;
use domain::{DeviceId, encode};
use sync::wire::v1::{Reply, SuiviMessage};
use trust::seal;

use super::visas::recipient;
use super::{Gateway, GatewayError, Outgoing};

/// Notes that go at a time; the next hello brings those after them.
const AT_ONCE: u32 = 16;

/// How far each terminal was told since it last said hello.
pub(super) type Told = BTreeMap<DeviceId, u64>;

impl Gateway {
    /// What terminals on the network were not told yet: another program may have said it meanwhile. What is lost on its
    /// way is told again at the next hello.
    pub fn suivi_out(&mut self) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut behind = Vec::new();
        for (device, said) in transaction.behind_on_suivi()? {
            if transaction.is_online(&device)? {
                let told = self.told.get(&device).copied().unwrap_or(0);
                behind.push((device, said.max(told)));
            }
        }
        drop(transaction);
        let mut outgoing = Vec::new();
        for (device, after) in behind {
            outgoing.extend(self.suivi_after(&device, after)?);
        }
        Ok(outgoing)
    }

    /// The messages that bring `device` what it was not told after `taken`.
    pub(super) fn suivi_after(
        &mut self,
        device: &DeviceId,
        taken: u64,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let rows = transaction.suivi_after(device, taken, AT_ONCE)?;
        let recipient = if rows.is_empty() {
            None
        } else {
            recipient(&transaction, device)?
        };
        drop(transaction);
        self.told.insert(device.clone(), taken);
        let Some(recipient) = recipient else {
            return Ok(Vec::new());
        };
        let mut after = taken;
        let mut outgoing = Vec::with_capacity(rows.len());
        for row in rows {
            let note = SuiviNote {
                officer: row.officer,
                suivi: row.cose,
            };
            let message = SuiviMessage {
                device: device.clone(),
                after,
                sequence: row.line,
                sealed: seal::seal(&[recipient], &encode(&note)).map_err(GatewayError::Seal)?,
            };
            after = row.line;
            outgoing.push(self.reply(device, &Reply::Suivi(message)));
        }
        self.told.insert(device.clone(), after);
        tracing::info!(%device, notes = outgoing.len(), "told what became of complaints");
        Ok(outgoing)
    }
}
