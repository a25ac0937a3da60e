//! A recording on its way into the vault.
//!
//! A segment exists when its journal line is durable; a file without a line is overwritten by the next attempt.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use domain::canonical::{self, Digest};
use domain::dialogue::ClipRefusal;
use domain::footage::{Manifest, Segment, VideoCheck};
use trust::cert::Certificate;
use trust::seal::{Identity, Recipient};

use super::disposal::{Cause, Trace};
use super::held::Held;
use super::journal::Journal;
use super::writer::{Answer, Job, Writer};
use super::{JOURNAL, Line, SEGMENTS, Vault, VaultError, failed, segment_name};
use crate::ingest::{Begun, Checked, Fault, IN_FLIGHT, KeptSegment, Opening, Plain, StoredSegment};
use crate::look::{Film, look};
use crate::seal::Checkpoint;

/// Takes segments, in order, until the recording is finished or refused.
///
/// Dropped, it waits for the segments that it was given.
#[derive(Debug)]
pub struct Intake {
    vault: Vault,
    folder: PathBuf,
    pen: Pen,
    opening: Opening,
    stored: Vec<KeptSegment>,
    /// State of the whole after the last of them.
    checkpoint: Option<Checkpoint>,
    /// Segments of which it is not known whether they are durable.
    in_flight: usize,
    /// Of the segment that became durable last.
    spare: Option<Plain>,
}

/// Who writes the journal.
#[derive(Debug)]
enum Pen {
    Own(Journal),
    Writer(Writer),
    /// Lost by a failure.
    Lost,
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
        let (mut kept, mut checkpoint) = (Vec::new(), None);
        for (segment, state) in stored.into_iter().map(StoredSegment::split) {
            kept.push(segment);
            checkpoint = Some(state);
        }
        Ok(Self {
            vault,
            folder,
            pen: Pen::Own(journal),
            opening,
            stored: kept,
            checkpoint,
            in_flight: 0,
            spare: None,
        })
    }

    pub fn opening(&self) -> &Opening {
        &self.opening
    }

    /// The segments so far.
    pub fn stored(&self) -> &[KeptSegment] {
        &self.stored
    }

    /// Where [`crate::ingest::Ingest::resume`] goes on.
    pub fn begun(&self) -> Begun<'_> {
        Begun {
            opening: &self.opening,
            kept: &self.stored,
            checkpoint: self.checkpoint.as_ref(),
        }
    }

    /// Whom the next segment is sealed for: `recipients`, and whoever looks at a film that its camera signed inside.
    fn readers(&self, recipients: &[Recipient]) -> Vec<Recipient> {
        let mut readers = recipients.to_vec();
        readers.extend(self.reader().map(|reader| reader.recipient()));
        readers
    }

    /// The key of the look; none for a camera that signs its chain alone, and none after a stop that lost it.
    fn reader(&self) -> Option<Arc<Identity>> {
        if !self.is_signed_inside() {
            return None;
        }
        let (readers, clip) = (&self.vault.readers, self.opening.clip);
        let begins = self.stored.is_empty() && self.in_flight == 0;
        readers.of(clip).or_else(|| begins.then(|| readers.draw(clip)))
    }

    /// Whether HQ's certificate says that the camera signs inside its video.
    fn is_signed_inside(&self) -> bool {
        Certificate::from_der(&self.opening.certificate).is_ok_and(|camera| camera.signed_video())
    }

    /// What the signatures inside the film say, once every segment is durable; nothing of a camera that makes none.
    /// The film can be read no more after this.
    pub fn look(&mut self) -> Result<Option<VideoCheck>, Fault> {
        if !self.is_signed_inside() {
            return Ok(None);
        }
        // What fails to be written fails again when the recording is finished.
        while matches!(self.wait_durable(), Ok(Some(_))) {}
        let reader = self.reader();
        self.forget_reader();
        let Some(reader) = reader else {
            return Ok(Some(VideoCheck::NotChecked));
        };
        let segments: Vec<Segment> = self.stored.iter().map(|stored| stored.record.clone()).collect();
        let folder = self.folder.join(SEGMENTS);
        let sealed = |segment: &Segment| fs::read(folder.join(segment_name(segment.index))).ok();
        look(&Film::new(&segments, &reader, &sealed)).map(Some)
    }

    fn forget_reader(&self) {
        self.vault.readers.forget(self.opening.clip);
    }

    /// Takes one segment over, seals it for `recipients` and makes it durable on a thread of its own;
    /// [`Intake::durable`] and [`Intake::wait_durable`] tell when. Refused while [`IN_FLIGHT`] are on their way.
    pub fn store(&mut self, recipients: &[Recipient], segment: Checked) -> Result<(), VaultError> {
        if self.in_flight == IN_FLIGHT {
            return Err(VaultError::Busy(self.opening.clip));
        }
        if usize::try_from(segment.claim.index) != Ok(self.stored.len() + self.in_flight) {
            return Err(VaultError::OtherRecording);
        }
        let readers = self.readers(recipients);
        self.writer()?.hand(Job { readers, segment });
        self.in_flight += 1;
        Ok(())
    }

    /// The memory of a segment that is durable, for the bytes of another one.
    pub fn spare(&mut self) -> Option<Plain> {
        self.spare.take()
    }

    /// The oldest segment that became durable since this was asked last, if there is one.
    pub fn durable(&mut self) -> Result<Option<Segment>, VaultError> {
        match &self.pen {
            Pen::Writer(writer) => writer.answer().map(|answer| self.note(answer)).transpose(),
            Pen::Own(_) | Pen::Lost => Ok(None),
        }
    }

    /// Waits for the oldest segment on its way; nothing when none is.
    pub fn wait_durable(&mut self) -> Result<Option<Segment>, VaultError> {
        match &self.pen {
            Pen::Writer(writer) if self.in_flight > 0 => {
                let answer = writer.wait().unwrap_or(Err(self.lost()));
                self.note(answer).map(Some)
            }
            Pen::Writer(_) | Pen::Own(_) | Pen::Lost => Ok(None),
        }
    }

    /// Every segment is here: the recording is taken in.
    pub fn finish(mut self, manifest: Manifest, end: Option<Vec<u8>>) -> Result<Held, VaultError> {
        while self.wait_durable()?.is_some() {}
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
        let mut journal = match self.pen {
            Pen::Own(journal) => journal,
            Pen::Writer(writer) => writer.close(),
            Pen::Lost => return Err(VaultError::Lost(self.opening.clip)),
        };
        let path = self.folder.join(JOURNAL);
        let hand = self.vault.hand();
        journal
            .append(&canonical::encode(&line))
            .map_err(failed("write", &path))?;
        drop(hand);
        Ok(Held::new(self.folder, self.opening, self.stored, manifest, end))
    }

    /// The recording is not acceptable: nothing of it stays but a trace. The camera still has it.
    pub fn refuse(mut self, refusal: ClipRefusal) -> Result<Trace, VaultError> {
        self.forget_reader();
        // What fails to be written is not kept anyway.
        while matches!(self.wait_durable(), Ok(Some(_))) {}
        self.pen = Pen::Lost;
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
        self.vault.remove(trace)
    }

    fn writer(&mut self) -> Result<&Writer, VaultError> {
        self.pen = match std::mem::replace(&mut self.pen, Pen::Lost) {
            Pen::Own(journal) => {
                let writer = Writer::start(self.vault.clone(), self.folder.clone(), journal)?;
                Pen::Writer(writer)
            }
            pen @ (Pen::Writer(_) | Pen::Lost) => pen,
        };
        match &self.pen {
            Pen::Writer(writer) => Ok(writer),
            Pen::Own(_) | Pen::Lost => Err(self.lost()),
        }
    }

    fn note(&mut self, answer: Answer) -> Result<Segment, VaultError> {
        match answer {
            Ok((stored, plain)) => {
                self.spare = Some(plain);
                let record = stored.record.clone();
                let (kept, checkpoint) = stored.split();
                self.stored.push(kept);
                self.checkpoint = Some(checkpoint);
                self.in_flight -= 1;
                Ok(record)
            }
            Err(error) => {
                self.pen = Pen::Lost;
                self.in_flight = 0;
                Err(error)
            }
        }
    }

    fn lost(&self) -> VaultError {
        VaultError::Lost(self.opening.clip)
    }
}
