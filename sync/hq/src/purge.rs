//! The end of legal terms at HQ: what a record says that it must not outlive is destroyed, files first.
//!
//! What 78-3 CPP destroys leaves a tombstone. Whatever stops a purge half-way, the next one finishes it; drafts of files that no run will finish go as well.

use std::io;
use std::path::{Path, PathBuf};

use domain::{EnvelopeId, UnixMs};
use thiserror::Error;

use crate::store::{ClipFiles, Store, StoreError, Transaction};
use crate::{destruction, disk};

/// Records destroyed in one transaction.
const AT_ONCE: u32 = 256;
/// A draft that its terminal has not renewed for this long is forgotten: whoever lost a phone asks within days.
const SNAPSHOT_KEPT: i64 = 30 * UnixMs::DAY;

/// Why something may be left past its term.
#[derive(Debug, Error)]
pub enum PurgeError {
    #[error("the store failed")]
    Store(#[from] StoreError),
    #[error("cannot remove `{}`; its term has ended", path.display())]
    Disk {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

/// What a purge destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Purged {
    pub records: u64,
    /// Clips among the records' footage.
    pub clips: u64,
    pub refused: u64,
}

/// Destroys records, attachments, footage and refused envelopes of HQ's folder `dir` whose term ended before `now`.
pub fn purge(store: &mut Store, dir: &Path, now: UnixMs) -> Result<Purged, PurgeError> {
    for folder in ["records", "clips"].map(|name| dir.join(name)) {
        disk::sweep(&folder).map_err(|source| PurgeError::Disk { path: folder, source })?;
    }
    give_up_parts(store, dir, now)?;
    let mut purged = Purged::default();
    loop {
        let transaction = store.begin()?;
        let due = transaction.past_their_term(now, AT_ONCE)?;
        if due.is_empty() {
            purged.refused = transaction.purge_refused(now)?;
            transaction.forget_snapshots(now.plus(-SNAPSHOT_KEPT))?;
            transaction.commit()?;
            break;
        }
        for envelope in due {
            purged.clips += u64::from(remove_files(&transaction, dir, envelope)?);
            destruction::bury(&transaction, envelope, now)?;
            transaction.purge_record(envelope, now)?;
            purged.records += 1;
        }
        transaction.commit()?;
    }
    if purged != Purged::default() {
        store.cut_log()?;
        tracing::info!(
            records = purged.records,
            clips = purged.clips,
            refused = purged.refused,
            "terms ended"
        );
    }
    Ok(purged)
}

/// Lets go of parts whose envelope no terminal has sent for a long time. Nothing of them was receipted: a terminal that
/// still has them sends everything again.
fn give_up_parts(store: &mut Store, dir: &Path, now: UnixMs) -> Result<(), PurgeError> {
    let transaction = store.begin()?;
    for id in transaction.given_up(now)? {
        let Some(waiting) = transaction.waiting(id)? else {
            continue;
        };
        let files = transaction.part_files(&waiting.device, id)?;
        disk::remove_files(dir, &waiting.device, &files)
            .map_err(|(path, source)| PurgeError::Disk { path, source })?;
        transaction.forget_waiting(&waiting.device, id)?;
        tracing::warn!(device = %waiting.device, envelope = %id, parts = files.len(), "parts given up");
    }
    Ok(transaction.commit()?)
}

/// Removes what of the record is on disk outside the store; whether it was a clip's.
fn remove_files(transaction: &Transaction<'_>, dir: &Path, envelope: EnvelopeId) -> Result<bool, PurgeError> {
    let records = dir.join("records");
    remove(&records.join(format!("{envelope}.envelope.cose")))?;
    remove(&records.join(format!("{envelope}.record.cose")))?;
    remove(&disk::sealed_path(dir, envelope))?;
    sync(&records)?;
    let Some(ClipFiles {
        device, whole, files, ..
    }) = transaction.clip_files(envelope)?
    else {
        return Ok(false);
    };
    disk::remove_files(dir, &device, &files).map_err(|(path, source)| PurgeError::Disk { path, source })?;
    if let Some(whole) = whole {
        let clips = dir.join("clips");
        remove(&clips.join(format!("{whole}.mp4")))?;
        sync(&clips)?;
    }
    Ok(true)
}

fn remove(path: &Path) -> Result<(), PurgeError> {
    disk::remove(path).map_err(|source| PurgeError::Disk {
        path: path.to_owned(),
        source,
    })
}

/// Nothing was ever written to a folder that is not there.
fn sync(dir: &Path) -> Result<(), PurgeError> {
    if !dir.exists() {
        return Ok(());
    }
    disk::sync_dir(dir).map_err(|source| PurgeError::Disk {
        path: dir.to_owned(),
        source,
    })
}
