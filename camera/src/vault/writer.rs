//! The thread that seals a recording's segments and makes them durable, while its owner receives and checks the next ones.
//!
//! The file first, then its folder, then its line in the journal: a line is never durable before what it speaks of.
//! After a failure nothing more is written.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use domain::canonical;
use trust::seal::Recipient;

use super::journal::Journal;
use super::{JOURNAL, Line, SEGMENTS, Vault, VaultError, failed, segment_name, sync_folder};
use crate::ingest::{Checked, IN_FLIGHT, Plain, StoredSegment};
use crate::seal::seal_segment;

/// A segment to be kept.
pub(super) struct Job {
    pub(super) readers: Vec<Recipient>,
    pub(super) segment: Checked,
}

/// What is durable, and the memory that it no longer needs.
pub(super) type Answer = Result<(StoredSegment, Plain), VaultError>;

/// The thread's owner; dropped, it waits until everything that it handed over is durable or has failed.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    /// One answer a job, in their order, and none after a failure.
    done: Receiver<Answer>,
    thread: Option<JoinHandle<Journal>>,
}

impl Writer {
    pub(super) fn start(vault: Vault, folder: PathBuf, journal: Journal) -> Result<Self, VaultError> {
        let (jobs, inbox) = sync_channel(IN_FLIGHT);
        let (answers, done) = sync_channel(IN_FLIGHT);
        let path = folder.clone();
        let desk = Desk {
            vault,
            folder,
            journal,
        };
        let thread = thread::Builder::new()
            .name("vault".to_owned())
            .spawn(move || desk.work(&inbox, &answers))
            .map_err(failed("start the writer of", &path))?;
        Ok(Self {
            jobs: Some(jobs),
            done,
            thread: Some(thread),
        })
    }

    /// Hands a segment over, one of at most [`IN_FLIGHT`] without an answer.
    pub(super) fn hand(&self, job: Job) {
        // Of a thread that has failed, the answer tells.
        if let Some(jobs) = &self.jobs {
            let _ = jobs.send(job);
        }
    }

    /// The next answer, if there is one already.
    pub(super) fn answer(&self) -> Option<Answer> {
        self.done.try_recv().ok()
    }

    /// Waits for the next answer; none when the thread has failed before.
    pub(super) fn wait(&self) -> Option<Answer> {
        self.done.recv().ok()
    }

    /// Ends the thread.
    pub(super) fn close(mut self) -> Journal {
        self.jobs = None;
        match self.thread.take().expect("only closing takes it").join() {
            Ok(journal) => journal,
            Err(panic) => std::panic::resume_unwind(panic),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            // A panic has been reported where it happened.
            let _ = thread.join();
        }
    }
}

/// The thread's own side.
struct Desk {
    vault: Vault,
    folder: PathBuf,
    journal: Journal,
}

impl Desk {
    fn work(mut self, inbox: &Receiver<Job>, answers: &SyncSender<Answer>) -> Journal {
        while let Ok(job) = inbox.recv() {
            let answer = self.keep(job);
            let failed = answer.is_err();
            // Nobody asks any more when the recording was given up.
            let _ = answers.send(answer);
            if failed {
                break;
            }
        }
        self.journal
    }

    fn keep(&mut self, job: Job) -> Answer {
        let Checked {
            claim,
            plain,
            message,
            checkpoint,
        } = job.segment;
        let sealed = seal_segment(&job.readers, &claim, &plain).map_err(VaultError::Seal)?;
        let path = self.segments().join(segment_name(claim.index));
        let file = self.vault.write(&path, &sealed.file)?;
        file.sync_data().map_err(failed("write", &path))?;
        sync_folder(&self.segments())?;
        let stored = StoredSegment {
            record: sealed.record,
            message,
            checkpoint,
        };
        let line = canonical::encode(&Line::Stored(Box::new(stored.clone())));
        let _hand = self.vault.hand();
        self.journal
            .append(&line)
            .map_err(failed("write", &self.folder.join(JOURNAL)))?;
        Ok((stored, plain))
    }

    fn segments(&self) -> PathBuf {
        self.folder.join(SEGMENTS)
    }
}
