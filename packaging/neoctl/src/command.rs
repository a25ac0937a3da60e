//! `command`: signed orders to a terminal, and what it says became of them.

use std::path::Path;

use domain::orders::Command;
use domain::{DeviceId, UnixMs};
use hq::Pki;
use hq::orders::OrderError;
use hq::store::{IssuedOrder, StoreError};
use serde_json::Value;
use thiserror::Error;

use crate::answer::Rows;
use crate::fleet::{self, Unknown};
use crate::{Exit, keys};

/// Why no order was given or shown.
#[derive(Debug, Error)]
pub(crate) enum Unordered {
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error(transparent)]
    Order(#[from] OrderError),
    #[error("a wipe needs the terminal's name again: add `--confirm {device}`")]
    Unconfirmed { device: DeviceId },
}

impl Unordered {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => keys::exit(error),
            Self::Order(OrderError::Unknown { .. }) => Exit::NotFound,
            Self::Unconfirmed { .. } => Exit::Approval,
            Self::Store(_) | Self::Order(OrderError::Store(_)) => Exit::Failed,
        }
    }
}

/// An order as the command line asks for it.
pub(crate) struct Request<'a> {
    pub(crate) device: &'a DeviceId,
    pub(crate) command: Command,
    /// The terminal's name a second time, which a wipe needs.
    pub(crate) confirm: Option<&'a DeviceId>,
    pub(crate) days: u16,
    pub(crate) hq: &'a Path,
    pub(crate) pki: &'a Path,
}

pub(crate) fn give(request: &Request<'_>, now: UnixMs) -> Result<Rows, Unordered> {
    let device = request.device;
    if request.command == Command::Wipe && request.confirm != Some(device) {
        return Err(Unordered::Unconfirmed {
            device: device.clone(),
        });
    }
    let mut store = fleet::open(request.hq)?;
    let pki = Pki::open(request.pki)?;
    let not_after = now.plus(i64::from(request.days) * UnixMs::DAY);
    let order = hq::orders::issue(&mut store, &pki, device, request.command, not_after, now)?;
    let online = store.begin()?.is_online(device)?;
    Ok(Rows(vec![
        ("device", device.as_str().into()),
        ("command", order.command.code().into()),
        ("sequence", order.sequence.into()),
        ("not_after", moment(order.not_after)),
        ("online", online.into()),
    ]))
}

/// Every order to `device`, the oldest first.
pub(crate) fn status(device: &DeviceId, hq: &Path) -> Result<Vec<Rows>, Unordered> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    if transaction.device(device)?.is_none() {
        return Err(OrderError::Unknown {
            device: device.clone(),
        }
        .into());
    }
    Ok(transaction.orders(device)?.iter().map(line).collect())
}

fn line(order: &IssuedOrder) -> Rows {
    let outcome = order.outcome.as_ref();
    Rows(vec![
        ("sequence", order.sequence.into()),
        ("command", order.command.code().into()),
        ("issued_at", moment(order.issued_at)),
        ("not_after", moment(order.not_after)),
        (
            "outcome",
            outcome.map_or(Value::Null, |(outcome, _)| outcome.as_str().into()),
        ),
        ("done_at", outcome.map_or(Value::Null, |(_, at)| moment(*at))),
    ])
}

fn moment(at: UnixMs) -> Value {
    format!("{}Z", at.civil(0)).into()
}
