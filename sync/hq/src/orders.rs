//! Orders to terminals: signed by the command key, kept, and sent until the terminal has answered.

use domain::orders::{Command, OneClip, Order};
use domain::{ClipId, DeviceId, UnixMs, encode};
use sync::wire::v1::ORDER;
use thiserror::Error;
use trust::cose::Namespace;

use crate::pki::Pki;
use crate::store::{Store, StoreError};

/// Why no order was given.
#[derive(Debug, Error)]
pub enum OrderError {
    #[error("the terminal `{device}` is not enrolled; check its name")]
    Unknown { device: DeviceId },
    #[error("the HQ store failed")]
    Store(#[from] StoreError),
}

/// Signs the next order to `device` and keeps it for every gateway on this store. It counts until `not_after`.
pub fn issue(
    store: &mut Store,
    pki: &Pki,
    device: &DeviceId,
    command: Command,
    not_after: UnixMs,
    now: UnixMs,
) -> Result<Order, OrderError> {
    issue_with(store, pki, device, (command, None), not_after, now)
}

/// Until `not_after` recordings of `device` leave on battery and over the cellular network, too: `clip`, or every one.
pub fn send_footage(
    store: &mut Store,
    pki: &Pki,
    device: &DeviceId,
    clip: Option<ClipId>,
    not_after: UnixMs,
    now: UnixMs,
) -> Result<Order, OrderError> {
    let body = clip.map(|clip| encode(&OneClip { clip }));
    issue_with(store, pki, device, (Command::SendFootage, body), not_after, now)
}

/// [`issue`], with what the command carries.
pub(crate) fn issue_with(
    store: &mut Store,
    pki: &Pki,
    device: &DeviceId,
    (command, body): (Command, Option<Vec<u8>>),
    not_after: UnixMs,
    now: UnixMs,
) -> Result<Order, OrderError> {
    let transaction = store.begin()?;
    if transaction.device(device)?.is_none() {
        return Err(OrderError::Unknown {
            device: device.clone(),
        });
    }
    let order = Order {
        device: device.clone(),
        sequence: transaction.last_order(device)? + 1,
        not_after,
        command,
        body,
    };
    let cose = pki.command().sign(Namespace::Order, ORDER, &encode(&order));
    transaction.insert_order(&order, &cose, now)?;
    transaction.commit()?;
    Ok(order)
}
