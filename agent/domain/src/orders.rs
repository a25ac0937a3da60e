//! Orders from HQ to one device, and what the device did with them.

mod approval;
mod report;

pub use approval::{APPROVAL, APPROVERS, Approvals, MAX_APPROVAL, SignedApproval};
pub use report::{
    Destroyed, Found, Located, MAX_NAMED, MAX_REPORTS, MAX_SEALED, ORDER_REPORT, OrderReport, Told,
};

use minicbor::{Decode, Encode};

use crate::id::{ClipId, DeviceId};
use crate::time::UnixMs;

/// Content type of an order.
pub const ORDER: &str = "application/neo-order+cbor;v=1";

/// Payload of a COSE_Sign1 by HQ's command key (namespace `order`); bound to one device, in sequence, expiring.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Order {
    #[n(0)]
    pub device: DeviceId,
    /// Ascending from 1 without holes; an order is taken once, after the one before.
    #[n(1)]
    pub sequence: u64,
    #[n(2)]
    pub not_after: UnixMs,
    #[n(3)]
    pub command: Command,
    /// Of [`Command::Restore`]: an age file to the device's recipient that holds a [`crate::recovery::Recoverable`].
    /// Of [`Command::WipeAll`]: the [`Approvals`] of the order as it is without its body.
    /// Of [`Command::SendFootage`]: the [`OneClip`] that is wanted; absent, every one.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub body: Option<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Command {
    /// Drop the officers' keys from memory, and let nobody unlock.
    #[n(0)]
    Lock,
    /// Let officers unlock again.
    #[n(1)]
    Unlock,
    /// Destroy what officers can read: slots and their databases. What is sealed to HQ stays until HQ has it.
    #[n(2)]
    Wipe,
    /// Give each officer's database a fresh key, at their next unlock.
    #[n(3)]
    RotateKeys,
    /// Give an officer back a draft from another terminal.
    #[n(4)]
    Restore,
    /// Say where the terminal was last; its officer is told.
    #[n(5)]
    Locate,
    /// Send the terminal's log to HQ.
    #[n(6)]
    PullLogs,
    /// [`Command::Wipe`], and with it what is sealed to HQ and not there yet: two persons approve each such order.
    #[n(7)]
    WipeAll,
    /// Until the order's last moment recordings leave on battery and over the cellular network, too; the officer is told.
    #[n(8)]
    SendFootage,
}

/// What an order to send a single recording names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OneClip {
    #[n(0)]
    pub clip: ClipId,
}

impl Command {
    pub const ALL: [Self; 9] = [
        Self::Lock,
        Self::Unlock,
        Self::Wipe,
        Self::RotateKeys,
        Self::Restore,
        Self::Locate,
        Self::PullLogs,
        Self::WipeAll,
        Self::SendFootage,
    ];

    /// The name on the command line and in logs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Lock => "lock",
            Self::Unlock => "unlock",
            Self::Wipe => "wipe",
            Self::RotateKeys => "rotate-keys",
            Self::Restore => "restore",
            Self::Locate => "locate",
            Self::PullLogs => "pull-logs",
            Self::WipeAll => "wipe-all",
            Self::SendFootage => "send-footage",
        }
    }

    /// Whether the terminal answers with a signed report, beside its word in the hello.
    pub const fn is_reported(self) -> bool {
        matches!(self, Self::Wipe | Self::WipeAll | Self::Locate | Self::PullLogs)
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|command| command.code() == code)
    }
}

impl Order {
    /// What two persons approve: the order as it is without its body.
    #[must_use]
    pub fn to_approve(&self) -> Self {
        Self {
            body: None,
            ..self.clone()
        }
    }
}

/// What became of an order on its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum OrderOutcome {
    #[n(0)]
    Done,
    /// It came after its last moment, and changed nothing.
    #[n(1)]
    Expired,
    /// Two persons have to approve it and did not, and it changed nothing.
    #[n(2)]
    Unapproved,
    /// It could not be carried out, which the device's log explains.
    #[n(3)]
    Failed,
}

impl OrderOutcome {
    pub const ALL: [Self; 4] = [Self::Done, Self::Expired, Self::Unapproved, Self::Failed];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Expired => "expired",
            Self::Unapproved => "unapproved",
            Self::Failed => "failed",
        }
    }
}

/// The word of a device on one order, carried by its hello.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OrderTaken {
    #[n(0)]
    pub sequence: u64,
    #[n(1)]
    pub outcome: OrderOutcome,
    /// The device's clock.
    #[n(2)]
    pub at: UnixMs,
}

/// Why nobody works at a terminal, by the last order that says something of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Ban {
    #[n(0)]
    Locked,
    /// What officers could read is destroyed; the terminal is enrolled again before it serves.
    #[n(1)]
    Wiped,
}

impl Ban {
    /// What `done`, the commands carried out in their order, leave in force.
    pub fn after(done: impl IntoIterator<Item = Command>) -> Option<Self> {
        done.into_iter().fold(None, |ban, command| match (ban, command) {
            // Nothing is left to unlock.
            (Some(Self::Wiped), _) | (_, Command::Wipe | Command::WipeAll) => Some(Self::Wiped),
            (_, Command::Lock) => Some(Self::Locked),
            (_, Command::Unlock) => None,
            (
                ban,
                Command::RotateKeys
                | Command::Restore
                | Command::Locate
                | Command::PullLogs
                | Command::SendFootage,
            ) => ban,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unlock_ends_a_lock_and_never_a_wipe() {
        let after = |done: &[Command]| Ban::after(done.iter().copied());
        assert_eq!(after(&[]), None);
        assert_eq!(after(&[Command::Lock]), Some(Ban::Locked));
        assert_eq!(after(&[Command::Lock, Command::Unlock]), None);
        assert_eq!(
            after(&[Command::Wipe, Command::Lock, Command::Unlock]),
            Some(Ban::Wiped)
        );
    }
}
