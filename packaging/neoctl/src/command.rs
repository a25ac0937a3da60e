//! `command`: signed orders to a terminal, and what it says became of them.

use std::path::Path;

use clap::{Args, Subcommand};
use domain::orders;
use domain::{DeviceId, UnixMs};
use hq::Pki;
use hq::orders::OrderError;
use hq::store::{IssuedOrder, StoreError};
use serde_json::Value;
use thiserror::Error;

use crate::answer::{Answer, Rows};
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Drops the officers' keys, and lets nobody unlock. Signed acts still leave.
    Lock(Order),
    /// Lets officers unlock again.
    Unlock(Order),
    /// Destroys what officers can read; what is sealed to headquarters still leaves.
    ///
    /// The terminal serves again only after it is enrolled anew. Needs the terminal's name again, by `--confirm`.
    Wipe(Order),
    /// Gives each officer's database a fresh key, at their next unlock.
    RotateKeys(Order),
    /// Lists the orders to a terminal and what it says became of them.
    Status {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Order {
    #[arg(value_parser = DeviceId::parse)]
    device: DeviceId,
    #[command(flatten)]
    hq: HqFolder,
    /// Its key signs the order.
    #[command(flatten)]
    pki: PkiFolder,
    /// For how many days the order counts; a terminal that hears of it later does nothing.
    #[arg(long, default_value_t = 30)]
    days: u16,
}

impl Command {
    /// A wipe asks for the name itself, in every headquarters.
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Status { .. } => Effect::Reads,
            Self::Lock(_) | Self::Unlock(_) | Self::Wipe(_) | Self::RotateKeys(_) => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unordered> {
        let (order, command) = match self {
            Self::Status { device, hq } => {
                let list = status(device, session.hq(hq)?)?;
                return Ok(Answer::many("order", "orders", list));
            }
            Self::Lock(order) => (order, orders::Command::Lock),
            Self::Unlock(order) => (order, orders::Command::Unlock),
            Self::Wipe(order) => (order, orders::Command::Wipe),
            Self::RotateKeys(order) => (order, orders::Command::RotateKeys),
        };
        Ok(Answer::one("order", give(order, command, session)?))
    }
}

/// Why no order was given or shown.
#[derive(Debug, Error)]
pub(crate) enum Unordered {
    #[error(transparent)]
    Unready(#[from] Unready),
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
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Order(OrderError::Unknown { .. }) => Exit::NotFound,
            Self::Unconfirmed { .. } => Exit::Approval,
            Self::Store(_) | Self::Order(OrderError::Store(_)) => Exit::Failed,
        }
    }
}

fn give(order: &Order, command: orders::Command, session: &Session<'_>) -> Result<Rows, Unordered> {
    let (device, now) = (&order.device, session.now);
    if command == orders::Command::Wipe && session.confirmed() != Some(device.as_str()) {
        return Err(Unordered::Unconfirmed {
            device: device.clone(),
        });
    }
    let mut store = fleet::open(session.hq(&order.hq)?)?;
    let pki = Pki::open(session.pki(&order.pki)?)?;
    let not_after = now.plus(i64::from(order.days) * UnixMs::DAY);
    let order = hq::orders::issue(&mut store, &pki, device, command, not_after, now)?;
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
fn status(device: &DeviceId, hq: &Path) -> Result<Vec<Rows>, Unordered> {
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
