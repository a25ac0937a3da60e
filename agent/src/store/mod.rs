//! The terminal's two databases, and the only SQL of the terminal.
//!
//! A value read back is the value written or an error: nothing is repaired, defaulted or recreated.

mod alerts;
mod appearance;
mod camera_events;
mod clips;
mod confirmations;
mod contacts;
mod crew;
mod device;
mod export;
mod hotlist;
mod in_hand;
mod interventions;
mod journal;
mod numbers;
mod officer;
mod open;
mod order_reports;
mod orders;
mod outbox;
mod photos;
mod pieces;
mod printing;
mod profile;
mod questions;
mod readmission;
mod recordings;
mod reference;
mod retentions;
mod shared;
mod snapshots;
mod suivi;
mod traffic;
mod view_keys;
mod visas;

use rusqlite::{Connection, OptionalExtension, Params, Row};
use thiserror::Error;

pub(crate) use alerts::AlertRow;
pub use camera_events::EventRow;
pub use clips::{ClipRow, Pairing};
pub use crew::{CrewNoteRow, SheetRow};
pub use device::{DeviceStore, Reservation};
pub use export::{Salt, salt, with_its_log};
pub use interventions::DispatchRow;
pub use journal::JournalReceipt;
pub use officer::{IntentTerm, OfficerStore, SigningIntent, StoredRecord};
pub use open::{OpenError, RawKey};
pub use outbox::{Answer, NewAct, OutboxRow, ReceiptEffect, Tally};
pub use pieces::PieceRow;
pub(crate) use questions::Kept;
pub use questions::{NewQuestion, QuestionRow};
pub use readmission::ReadmissionRow;
pub use recordings::{RecordingRow, Statement};
pub use reference::{PendingReference, StoredReference};
pub use snapshots::SnapshotRow;
pub use view_keys::ViewKey;
pub use visas::{AskedRow, RequestRow, SealedNote};

/// Why a read or a write failed.
#[derive(Debug, Error)]
pub enum StoreError {
    /// Nothing of the transaction was kept.
    #[error("the disk is full")]
    DiskFull,
    /// Bytes of the database itself are not those that were written.
    #[error("the database is damaged where `{what}` is")]
    Damaged { what: &'static str },
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
        Some(rusqlite::ErrorCode::SystemIoFailure) if was_writing(&source) => StoreError::DiskFull,
        Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => {
            StoreError::Damaged { what }
        }
        _ => StoreError::Sqlite { what, source },
    }
}

/// A write that the file system cuts short (quota, file size limit) reports I/O, not "full"; a read never means it.
fn was_writing(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi::{
        SQLITE_IOERR_FSYNC, SQLITE_IOERR_SHMSIZE, SQLITE_IOERR_TRUNCATE, SQLITE_IOERR_WRITE,
    };
    error.sqlite_error().is_some_and(|error| {
        matches!(
            error.extended_code,
            SQLITE_IOERR_WRITE | SQLITE_IOERR_FSYNC | SQLITE_IOERR_TRUNCATE | SQLITE_IOERR_SHMSIZE
        )
    })
}

/// Runs a statement that the connection keeps compiled.
fn run(db: &Connection, what: &'static str, sql: &str, params: impl Params) -> Result<usize, StoreError> {
    db.prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .map_err(failed(what))
}

/// The first row of a statement that the connection keeps compiled.
fn one<T>(
    db: &Connection,
    what: &'static str,
    sql: &str,
    params: impl Params,
    read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Option<T>, StoreError> {
    db.prepare_cached(sql)
        .and_then(|mut statement| statement.query_row(params, read).optional())
        .map_err(failed(what))
}

fn unreadable<E>(what: &'static str) -> impl Fn(E) -> StoreError {
    move |_| StoreError::Unreadable { what }
}

fn fixed<const N: usize>(what: &'static str, bytes: Vec<u8>) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(unreadable(what))
}
