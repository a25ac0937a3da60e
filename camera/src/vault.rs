//! Encrypted recordings on the terminal's disk, from the first segment to the proof that lets them go.
//!
//! One folder a recording: `journal`, the only truth about it, and `seg/00000000.age` onwards, for HQ's key alone.
//! Footage that was taken in is deleted by [`Vault::dispose`], and by an order to destroy all, and nowhere else.

mod disposal;
mod held;
mod intake;
mod journal;
mod readers;
mod writer;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::canonical;
use domain::footage::Manifest;
use domain::{ClipId, Digest};
use minicbor::{Decode, Encode};
use thiserror::Error;
use trust::seal::SealError;

pub use disposal::{Cause, Disposal, Trace};
pub use held::Held;
pub use intake::Intake;

use self::journal::Journal;
use self::readers::Readers;
use crate::ingest::{Opening, StoredSegment};

const JOURNAL: &str = "journal";
const SEGMENTS: &str = "seg";
const TRACES: &str = "traces";
/// A folder that starts so is on its way in or out, and means nothing after a restart.
const TEMPORARY: &str = ".tmp-";

/// Why the vault cannot do what it is asked.
#[derive(Debug, Error)]
pub enum VaultError {
    #[error("the disk, or the part of it that footage may fill, is full")]
    DiskFull,
    #[error("cannot {action} `{}`", path.display())]
    Io {
        action: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is damaged; it is left as it is for inspection", path.display())]
    Damaged { path: PathBuf },
    #[error("recording {0} is not in the vault")]
    Absent(ClipId),
    #[error("recording {0} is in the vault already")]
    Present(ClipId),
    #[error("cannot encrypt a segment")]
    Seal(#[source] SealError),
    #[error("the proof is over another recording")]
    OtherRecording,
    #[error("recording {0} is still being taken in")]
    NotTaken(ClipId),
    #[error("too many segments of recording {0} are on their way to the disk; wait for one")]
    Busy(ClipId),
    #[error("recording {0} could not be stored before; find it again and go on from there")]
    Lost(ClipId),
}

/// One line of a recording's journal.
#[derive(Debug, Encode, Decode)]
enum Line {
    #[n(0)]
    Opened(#[n(0)] Opening),
    #[n(1)]
    Stored(#[n(0)] Box<StoredSegment>),
    #[n(2)]
    Finished {
        #[n(0)]
        manifest: Box<Manifest>,
        /// Closing message of the camera's chain.
        #[n(1)]
        end: Option<minicbor::bytes::ByteVec>,
    },
}

/// A recording in the vault.
#[derive(Debug)]
pub enum Found {
    /// On its way in.
    Intake(Box<Intake>),
    /// Taken in, with its manifest.
    Held(Box<Held>),
}

/// The folder that holds them all. Copies share the count of what is used.
#[derive(Debug, Clone)]
pub struct Vault {
    folder: PathBuf,
    /// Bytes that footage may fill.
    capacity: u64,
    used: Arc<AtomicU64>,
    /// Who reads what is coming in once more before it is whole, in memory alone.
    readers: Readers,
    /// Held while a journal is read or written: a half-written entry looks like a torn one.
    hand: Arc<Mutex<()>>,
}

impl Vault {
    /// Opens or creates the folder and clears what a stop left half done.
    pub fn open(folder: &Path, capacity: u64) -> Result<Self, VaultError> {
        fs::create_dir_all(folder).map_err(failed("create", folder))?;
        let vault = Self {
            folder: folder.to_owned(),
            capacity,
            used: Arc::default(),
            readers: Readers::default(),
            hand: Arc::default(),
        };
        for name in names(folder)? {
            if name.starts_with(TEMPORARY) {
                let path = folder.join(name);
                fs::remove_dir_all(&path).map_err(failed("remove", &path))?;
            }
        }
        for clip in vault.clips()? {
            let segments = vault.clip_folder(clip).join(SEGMENTS);
            for name in names(&segments)? {
                let path = segments.join(&name);
                let length = fs::metadata(&path).map_err(failed("look at", &path))?.len();
                vault.used.fetch_add(length, Ordering::Relaxed);
            }
        }
        Ok(vault)
    }

    /// The recordings in the vault, in a stable order.
    pub fn clips(&self) -> Result<Vec<ClipId>, VaultError> {
        let mut clips: Vec<ClipId> = names(&self.folder)?
            .iter()
            .filter_map(|name| name.parse().ok())
            .collect();
        clips.sort_unstable();
        Ok(clips)
    }

    /// Bytes of encrypted segments.
    pub fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    /// Reads where a recording stands.
    pub fn find(&self, clip: ClipId) -> Result<Option<Found>, VaultError> {
        let folder = self.clip_folder(clip);
        if !folder.is_dir() {
            return Ok(None);
        }
        let path = folder.join(JOURNAL);
        let damaged = || VaultError::Damaged { path: path.clone() };
        let _hand = self.hand();
        let (journal, entries) = Journal::open(&path)
            .map_err(failed("read", &path))?
            .ok_or_else(damaged)?;
        let mut lines = entries
            .iter()
            .map(|entry| canonical::decode::<Line>(entry).map_err(|_| damaged()));
        let Some(Line::Opened(opening)) = lines.next().transpose()? else {
            return Err(damaged());
        };
        let mut stored: Vec<StoredSegment> = Vec::new();
        for line in lines.by_ref() {
            match line? {
                Line::Stored(segment)
                    if usize::try_from(segment.record.index).is_ok_and(|at| at == stored.len()) =>
                {
                    stored.push(*segment);
                }
                Line::Finished { manifest, end } => {
                    if lines.next().is_some() {
                        return Err(damaged());
                    }
                    let kept = stored.into_iter().map(|segment| segment.split().0);
                    let held = Held::new(folder, opening, kept, *manifest, end.map(Vec::from));
                    return Ok(Some(Found::Held(Box::new(held))));
                }
                Line::Opened(_) | Line::Stored(_) => return Err(damaged()),
            }
        }
        let intake = Intake::resume(self.clone(), folder, journal, opening, stored)?;
        Ok(Some(Found::Intake(Box::new(intake))))
    }

    /// Begins a recording: its folder appears with its first journal line, or not at all.
    pub fn begin(&self, opening: Opening) -> Result<Intake, VaultError> {
        let clip = opening.clip;
        let folder = self.clip_folder(clip);
        if folder.exists() {
            return Err(VaultError::Present(clip));
        }
        let temporary = self.folder.join(format!("{TEMPORARY}{clip}"));
        let segments = temporary.join(SEGMENTS);
        fs::create_dir_all(&segments).map_err(failed("create", &segments))?;
        let path = temporary.join(JOURNAL);
        let damaged = || VaultError::Damaged { path: path.clone() };
        let (mut journal, _) = Journal::open(&path)
            .map_err(failed("create", &path))?
            .ok_or_else(damaged)?;
        let line = canonical::encode(&Line::Opened(opening.clone()));
        journal.append(&line).map_err(failed("write", &path))?;
        sync_folder(&temporary)?;
        fs::rename(&temporary, &folder).map_err(failed("create", &folder))?;
        sync_folder(&self.folder)?;
        Intake::resume(self.clone(), folder, journal, opening, Vec::new())
    }

    /// Deletes a recording on a proof and leaves a trace of it; the trace is durable before anything is deleted.
    pub fn dispose(&self, clip: ClipId, disposal: &Disposal) -> Result<Trace, VaultError> {
        let found = self.find(clip)?.ok_or(VaultError::Absent(clip))?;
        let trace = disposal.trace(clip, &found)?;
        drop(found);
        self.remove(trace)
    }

    /// Deletes a recording, readable or not, by HQ's order of this digest, and leaves a trace of it.
    pub fn destroy(&self, clip: ClipId, order: Digest) -> Result<Trace, VaultError> {
        let (root, segments, bytes) = match self.find(clip) {
            Ok(Some(Found::Held(held))) => {
                let manifest = held.manifest();
                let segments = u32::try_from(manifest.segments.len()).unwrap_or(u32::MAX);
                let lengths = manifest.segments.iter().map(|segment| u64::from(segment.length));
                (Some(manifest.root), segments, lengths.sum())
            }
            Ok(Some(Found::Intake(_))) | Err(_) => (None, 0, 0),
            Ok(None) => return Err(VaultError::Absent(clip)),
        };
        self.remove(Trace {
            clip,
            root,
            segments,
            bytes,
            cause: Cause::Ordered(order),
        })
    }

    /// What was deleted or refused here, and why, oldest first.
    pub fn traces(&self) -> Result<Vec<Trace>, VaultError> {
        let path = self.folder.join(TRACES);
        let damaged = || VaultError::Damaged { path: path.clone() };
        let _hand = self.hand();
        let (_, entries) = Journal::open(&path)
            .map_err(failed("read", &path))?
            .ok_or_else(damaged)?;
        entries
            .iter()
            .map(|entry| canonical::decode(entry).map_err(|_| damaged()))
            .collect()
    }

    fn remove(&self, trace: Trace) -> Result<Trace, VaultError> {
        let path = self.folder.join(TRACES);
        let damaged = || VaultError::Damaged { path: path.clone() };
        let _hand = self.hand();
        let (mut traces, _) = Journal::open(&path)
            .map_err(failed("write", &path))?
            .ok_or_else(damaged)?;
        traces
            .append(&canonical::encode(&trace))
            .map_err(failed("write", &path))?;
        sync_folder(&self.folder)?;
        let folder = self.clip_folder(trace.clip);
        let freed: u64 = names(&folder.join(SEGMENTS))?
            .iter()
            .filter_map(|name| fs::metadata(folder.join(SEGMENTS).join(name)).ok())
            .map(|metadata| metadata.len())
            .sum();
        // The rename is the deletion: a stop after it is finished by the next `open`.
        let gone = self.folder.join(format!("{TEMPORARY}gone-{}", trace.clip));
        fs::rename(&folder, &gone).map_err(failed("remove", &folder))?;
        sync_folder(&self.folder)?;
        fs::remove_dir_all(&gone).map_err(failed("remove", &gone))?;
        self.used.fetch_sub(freed.min(self.used()), Ordering::Relaxed);
        Ok(trace)
    }

    fn hand(&self) -> MutexGuard<'_, ()> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn clip_folder(&self, clip: ClipId) -> PathBuf {
        self.folder.join(clip.to_string())
    }

    /// Writes a whole file under its name, or leaves nothing of it; file and folder are made durable by the caller.
    fn write(&self, path: &Path, bytes: &[u8]) -> Result<File, VaultError> {
        let (before, more) = (self.used(), bytes.len() as u64);
        if before.saturating_add(more) > self.capacity {
            return Err(VaultError::DiskFull);
        }
        let replaced = fs::metadata(path).map_or(0, |old| old.len());
        let written = File::create(path).and_then(|mut file| file.write_all(bytes).map(|()| file));
        let more = if written.is_ok() { more } else { 0 };
        self.used.fetch_add(more, Ordering::Relaxed);
        self.used.fetch_sub(replaced.min(self.used()), Ordering::Relaxed);
        written.map_err(|error| {
            // The write's own failure is the one to report.
            let _ = fs::remove_file(path);
            failed("write", path)(error)
        })
    }
}

fn segment_name(index: u32) -> String {
    format!("{index:08}.age")
}

/// Names in a folder, in a stable order.
fn names(folder: &Path) -> Result<Vec<String>, VaultError> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed("list", folder))? {
        let entry = entry.map_err(failed("list", folder))?;
        names.extend(entry.file_name().into_string());
    }
    names.sort_unstable();
    Ok(names)
}

fn sync_folder(folder: &Path) -> Result<(), VaultError> {
    File::open(folder)
        .and_then(|open| open.sync_all())
        .map_err(failed("make durable", folder))
}

fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> VaultError + use<> {
    let path = path.to_owned();
    move |source| {
        if matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) {
            VaultError::DiskFull
        } else {
            VaultError::Io { action, path, source }
        }
    }
}
