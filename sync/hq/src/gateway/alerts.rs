//! Urgent alerts: a person of the operations centre takes one by another program, and the terminal hears who.

use domain::{DeviceId, UnixMs};
use sync::wire::v1::{AlertTaken, Reply};

use super::{Gateway, GatewayError, Outgoing};
use crate::store::{Alerted, StoreError, Transaction};

/// For how long a terminal that comes back is told again who has its alerts, in milliseconds: what was told may have
/// been lost on its way.
const AGAIN: i64 = UnixMs::DAY;

impl Gateway {
    /// What terminals on the network were not told yet.
    pub fn alerts_out(&mut self) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let mut replies = Vec::new();
        for alerted in transaction.untold_alerts()? {
            if transaction.is_online(&alerted.device)? {
                transaction.set_alert_told(alerted.alert)?;
                replies.extend(reply(alerted));
            }
        }
        transaction.commit()?;
        Ok(replies
            .into_iter()
            .map(|(device, reply)| self.reply(&device, &reply))
            .collect())
    }
}

/// What a terminal that says hello is told again.
pub(super) fn taken_before_hello(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    now: UnixMs,
) -> Result<Vec<Reply>, StoreError> {
    let taken = transaction.taken_alerts(device, now.plus(-AGAIN))?;
    Ok(taken
        .into_iter()
        .filter_map(reply)
        .map(|(_, reply)| reply)
        .collect())
}

fn reply(alerted: Alerted) -> Option<(DeviceId, Reply)> {
    let told = AlertTaken {
        device: alerted.device.clone(),
        alert: alerted.alert,
        taken: alerted.taken?,
    };
    Some((alerted.device, Reply::AlertTaken(told)))
}
