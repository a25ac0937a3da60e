//! A recording on its way into the vault.
//!
//! A segment exists when its journal line is durable; a file without a line is overwritten by the next attempt.

use std::fs;
use std::path::PathBuf;

use domain::canonical::{self, Digest};
use domain::dialogue::ClipRefusal;
use domain::footage::Manifest;

use super::disposal::{Cause, Trace};
use super::held::Held;
use super::journal::Journal;
use super::{JOURNAL, Line, SEGMENTS, Vault, VaultError, failed, segment_name};
use crate::ingest::{Opening, StoredSegment};
use crate::seal::{Checkpoint, Sealed};

/// Takes segments, in order, until the recording is finished or refused.
#[derive(Debug)]
pub struct Intake {
    vault: Vault,
    folder: PathBuf,
    journal: Journal,
    opening: Opening,
    stored: Vec<StoredSegment>,
}

impl Intake {
    /// Only the last segment's file is read again: those before were durable before it was begun.
    pub(super) fn resume(
        vault: Vault,
        folder: PathBuf,
        mut journal: Journal,
        opening: Opening,
        mut stored: Vec<StoredSegment>,
    ) -> Result<Self, VaultError> {
        while let Some(last) = stored.pop() {
            let path = folder.join(SEGMENTS).join(segment_name(last.record.index));
            let intact = fs::read(&path).is_ok_and(|file| Digest::of(&file) == last.record.cipher);
            if intact {
                stored.push(last);
                break;
            }
            let path = folder.join(JOURNAL);
            let line = canonical::encode(&Line::Stored(Box::new(last)));
            journal.drop_last(&line).map_err(failed("write", &path))?;
        }
        Ok(Self {
            vault,
            folder,
            journal,
            opening,
            stored,
        })
    }

    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The segments so far.
    pub fn stored(&self) -> &[StoredSegment] {
        &self.stored
    }

    /// Keeps one segment: when this returns, it survives any stop. `message` and `checkpoint` are those of ingest.
    pub fn store(
        &mut self,
        sealed: &Sealed,
        message: Vec<u8>,
        checkpoint: Checkpoint,
    ) -> Result<(), VaultError> {
        let due = self.stored.len();
        if usize::try_from(sealed.record.index) != Ok(due) {
            return Err(VaultError::OtherRecording);
        }
        self.vault.write(
            &self.folder.join(SEGMENTS),
            &segment_name(sealed.record.index),
            &sealed.file,
        )?;
        let stored = StoredSegment {
            record: sealed.record.clone(),
            message,
            checkpoint,
        };
        self.append(&Line::Stored(Box::new(stored.clone())))?;
        self.stored.push(stored);
        Ok(())
    }

    /// Every segment is here: the recording is taken in.
    pub fn finish(mut self, manifest: Manifest, end: Option<Vec<u8>>) -> Result<Held, VaultError> {
        let same = self
            .stored
            .iter()
            .map(|stored| &stored.record)
            .eq(&manifest.segments);
        if manifest.clip != self.opening.clip || !same {
            return Err(VaultError::OtherRecording);
        }
        let line = Line::Finished {
            manifest: Box::new(manifest.clone()),
            end: end.clone().map(Into::into),
        };
        self.append(&line)?;
        Ok(Held::new(self.folder, self.opening, self.stored, manifest, end))
    }

    /// The recording is not acceptable: nothing of it stays but a trace. The camera still has it.
    pub fn refuse(self, refusal: ClipRefusal) -> Result<Trace, VaultError> {
        let trace = Trace {
            clip: self.opening.clip,
            root: None,
            segments: u32::try_from(self.stored.len()).unwrap_or(u32::MAX),
            bytes: self
                .stored
                .iter()
                .map(|stored| u64::from(stored.record.length))
                .sum(),
            cause: Cause::Refused(refusal),
        };
        self.vault.clone().remove(trace)
    }

    fn append(&mut self, line: &Line) -> Result<(), VaultError> {
        let path = self.folder.join(JOURNAL);
        let _hand = self.vault.hand();
        self.journal
            .append(&canonical::encode(line))
            .map_err(failed("write", &path))
    }
}
