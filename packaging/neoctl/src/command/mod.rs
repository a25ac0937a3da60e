//! `command`: signed orders to a terminal, what it says became of them, and what it brought to light.

mod report;
mod wipe;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use domain::orders;
use domain::{ClipId, DeviceId, UnixMs};
use evidence::folder::FolderError;
use evidence::report::Outcome;
use hq::Pki;
use hq::approvals::ApprovalError;
use hq::orders::OrderError;
use hq::store::{Store, StoreError};
use thiserror::Error;

use self::wipe::WipeOrder;
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::file::FileError;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, approve, evidence as handing_out, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Drops the officers' keys, and lets nobody unlock. Signed acts still leave.
    Lock(Order),
    /// Lets officers unlock again.
    Unlock(Order),
    /// Asks a terminal where it was last; its officer is told that it was located.
    ///
    /// A terminal keeps its last position on duty and while it is locked by order, and nothing of where it was before.
    Locate(Order),
    /// Destroys what officers can read; what is sealed to headquarters still leaves.
    ///
    /// The terminal serves again only after it is enrolled anew. One terminal's name is needed again, by `--confirm`;
    /// more than one terminal, or `--mode total`, waits until two others have approved it with `approve sign`.
    Wipe(WipeOrder),
    /// Gives each officer's database a fresh key, at their next unlock.
    RotateKeys(Order),
    /// Brings the newest lines of a terminal's log to headquarters: ids and counts, nobody's data.
    PullLogs(Order),
    /// Lets recordings leave at once, on battery and over the cellular network, too; the officer is told.
    ///
    /// It counts until its hours are over, and never below the battery floor of the terminal's profile.
    SendFootage(SendFootage),
    /// Lists the orders to a terminal, what it says became of them, and what it found.
    Status {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
        /// Its key opens a position; without it the answer says that there is one.
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Writes the log that an order brought, opened with headquarters' key.
    Logs {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        /// The number of the order, as `command status` shows it.
        sequence: u64,
        /// The file to make.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Writes the proof of a wipe as a folder that `neo-verify` checks: the order, its approvals, the terminal's statement.
    ///
    /// What does not verify is not written.
    Proof {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        /// The number of the order, as `command status` shows it.
        sequence: u64,
        /// The folder to make.
        #[arg(long)]
        out: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Order {
    #[arg(value_parser = DeviceId::parse)]
    device: DeviceId,
    #[command(flatten)]
    given: Given,
}

#[derive(Debug, Args)]
pub(crate) struct SendFootage {
    #[arg(value_parser = DeviceId::parse)]
    device: DeviceId,
    /// The one recording that is wanted; every one without it.
    #[arg(long)]
    clip: Option<ClipId>,
    #[command(flatten)]
    hq: HqFolder,
    /// Its key signs the order.
    #[command(flatten)]
    pki: PkiFolder,
    /// For how many hours it counts.
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u16).range(1..=744))]
    hours: u16,
}

/// By whom an order is given, and how long it counts.
#[derive(Debug, Args)]
struct Given {
    #[command(flatten)]
    hq: HqFolder,
    /// Its key signs the order.
    #[command(flatten)]
    pki: PkiFolder,
    /// For how many days the order counts; a terminal that hears of it later does nothing.
    #[arg(long, default_value_t = 30)]
    days: u16,
}

impl Given {
    fn until(&self, now: UnixMs) -> UnixMs {
        now.plus(i64::from(self.days) * UnixMs::DAY)
    }
}

impl Command {
    /// A wipe asks for a name itself, in every headquarters.
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Status { .. } => Effect::Reads,
            Self::Wipe(_) => Effect::Previews,
            Self::Lock(_)
            | Self::Unlock(_)
            | Self::Locate(_)
            | Self::RotateKeys(_)
            | Self::PullLogs(_)
            | Self::SendFootage(_)
            | Self::Logs { .. }
            | Self::Proof { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unordered> {
        let (order, command) = match self {
            Self::Status { device, hq, pki } => {
                let keys = session.pki_if_any(pki).map(Pki::open).transpose()?;
                let list = report::status(device, session.hq(hq)?, keys.as_ref())?;
                return Ok(Answer::many("order", "orders", list));
            }
            Self::Logs {
                device,
                sequence,
                out,
                hq,
                pki,
            } => {
                let pki = Pki::open(session.pki(pki)?)?;
                let rows = report::logs(session.hq(hq)?, &pki, (device, *sequence), out)?;
                return Ok(Answer::one("logs", rows));
            }
            Self::Proof {
                device,
                sequence,
                out,
                hq,
                pki,
            } => {
                let pki = Pki::open(session.pki(pki)?)?;
                let rows = report::proof(session.hq(hq)?, &pki, (device, *sequence), out)?;
                return Ok(Answer::one("proof", rows));
            }
            Self::Wipe(order) => return order.run(session),
            Self::Lock(order) => (order, orders::Command::Lock),
            Self::Unlock(order) => (order, orders::Command::Unlock),
            Self::Locate(order) => (order, orders::Command::Locate),
            Self::RotateKeys(order) => (order, orders::Command::RotateKeys),
            Self::PullLogs(order) => (order, orders::Command::PullLogs),
            Self::SendFootage(order) => return order.run(session),
        };
        Ok(Answer::one(
            "order",
            give(&order.device, &order.given, command, session)?,
        ))
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
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    #[error("a wipe needs the terminal's name again: add `--confirm {device}`")]
    Unconfirmed { device: DeviceId },
    #[error("no terminal is enrolled here")]
    NoTerminal,
    #[error("two others approve this, so say who asks: add `--requester NAME`")]
    NoRequester,
    #[error("`{device}` has no order `{sequence}`; `neoctl command status {device}` shows those that it has")]
    NoOrder { device: DeviceId, sequence: u64 },
    #[error(
        "`{device}` has not stated what order `{sequence}` asks for; look again when it was on the network"
    )]
    NoReport { device: DeviceId, sequence: u64 },
    #[error("order `{sequence}` to `{device}` brings no {what}")]
    OtherOrder {
        device: DeviceId,
        sequence: u64,
        what: &'static str,
    },
    #[error(
        "`{there}` of `{parts}` pieces of the log are here; look again when the terminal was on the network"
    )]
    InPieces { there: usize, parts: u16 },
    #[error("what the terminal stated does not read or open")]
    Unreadable,
    #[error("cannot make the folder of the proof")]
    Folder(#[from] FolderError),
    #[error("the proof is {} when it is checked, and is not handed out", outcome.code())]
    NotGenuine { outcome: Outcome },
    #[error(transparent)]
    Write(#[from] handing_out::Unexported),
    #[error(transparent)]
    File(#[from] FileError),
}

impl Unordered {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Approval(error) => approve::exit(error),
            Self::Order(OrderError::Unknown { .. })
            | Self::NoTerminal
            | Self::NoOrder { .. }
            | Self::NoReport { .. } => Exit::NotFound,
            Self::OtherOrder { .. } => Exit::Conflict,
            Self::InPieces { .. } => Exit::Partial,
            Self::NoRequester => Exit::Usage,
            Self::Unconfirmed { .. } => Exit::Approval,
            Self::Unreadable | Self::NotGenuine { .. } => Exit::Refuted,
            Self::Write(error) => error.exit(),
            Self::File(error) => error.exit(),
            Self::Folder(_) | Self::Store(_) | Self::Order(OrderError::Store(_)) => Exit::Failed,
        }
    }
}

fn give(
    device: &DeviceId,
    given: &Given,
    command: orders::Command,
    session: &Session<'_>,
) -> Result<Rows, Unordered> {
    let now = session.now;
    let mut store = fleet::open(session.hq(&given.hq)?)?;
    let pki = Pki::open(session.pki(&given.pki)?)?;
    let order = hq::orders::issue(&mut store, &pki, device, command, given.until(now), now)?;
    Ok(Rows(given_rows(&mut store, &order)?))
}

fn given_rows(
    store: &mut Store,
    order: &orders::Order,
) -> Result<Vec<(&'static str, serde_json::Value)>, Unordered> {
    let online = store.begin()?.is_online(&order.device)?;
    Ok(vec![
        ("device", order.device.as_str().into()),
        ("command", order.command.code().into()),
        ("sequence", order.sequence.into()),
        ("not_after", moment(order.not_after)),
        ("online", online.into()),
    ])
}

impl SendFootage {
    fn run(&self, session: &Session<'_>) -> Result<Answer, Unordered> {
        let now = session.now;
        let mut store = fleet::open(session.hq(&self.hq)?)?;
        let pki = Pki::open(session.pki(&self.pki)?)?;
        let until = now.plus(i64::from(self.hours) * 3_600_000);
        let order = hq::orders::send_footage(&mut store, &pki, &self.device, self.clip, until, now)?;
        let mut rows = given_rows(&mut store, &order)?;
        let clip = self
            .clip
            .map_or_else(|| "all".to_owned(), |clip| clip.to_string());
        rows.push(("clip", clip.into()));
        Ok(Answer::one("order", Rows(rows)))
    }
}
