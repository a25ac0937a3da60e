//! The terminal's two databases, and the only SQL of the terminal.
//!
//! A value read back is the value written or an error: nothing is repaired, defaulted or recreated.

mod clips;
mod device;
mod officer;
mod open;
mod outbox;

use thiserror::Error;

pub use clips::{ClipRow, Pairing};
pub use device::{DeviceStore, Reservation};
pub use officer::{IntentTerm, OfficerStore, SigningIntent, StoredRecord};
pub use open::{OpenError, RawKey};
pub use outbox::{NewAct, OutboxRow, ReceiptEffect, TakenClip, Tally};

/// Why a read or a write failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Nothing of the transaction was kept.
    #[error("the disk is full")]
    DiskFull,
    #[error("a stored `{what}` does not read back")]
    Unreadable { what: &'static str },
    #[error("the device's range of act numbers is used up")]
    NumbersExhausted,
    #[error("the database refused `{what}`")]
    Sqlite {
        what: &'static str,
        #[source]
        source: rusqlite::Error,
    },
}

/// Names what was attempted, and tells a full disk from everything else.
fn failed(what: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DiskFull) => StoreError::DiskFull,
        // A write that the file system cuts short (quota, file size limit) reports I/O, not "full".
        Some(rusqlite::ErrorCode::SystemIoFailure) => StoreError::DiskFull,
        _ => StoreError::Sqlite { what, source },
    }
}

fn unreadable<E>(what: &'static str) -> impl Fn(E) -> StoreError {
    move |_| StoreError::Unreadable { what }
}

fn fixed<const N: usize>(what: &'static str, bytes: Vec<u8>) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(unreadable(what))
}
