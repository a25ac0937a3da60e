//! The thread that makes a recording's segments durable, while its owner receives and encrypts the next ones.
//!
//! Files first, then their folder, then their lines in the journal: a line is never durable before what it speaks of.
//! After a failure nothing more is written.

use std::fs::File;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::{self, JoinHandle};

use domain::canonical;

use super::journal::Journal;
use super::{JOURNAL, Line, SEGMENTS, Vault, VaultError, failed, segment_name, sync_folder};
use crate::ingest::{IN_FLIGHT, StoredSegment};

/// A segment to be kept.
pub(super) struct Job {
    pub(super) file: Vec<u8>,
    pub(super) stored: StoredSegment,
}

/// The thread's owner; dropped, it waits until everything that it handed over is durable or has failed.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: Option<SyncSender<Job>>,
    /// One answer a job, in their order, and none after a failure.
    done: Receiver<Result<StoredSegment, VaultError>>,
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
    pub(super) fn answer(&self) -> Option<Result<StoredSegment, VaultError>> {
        self.done.try_recv().ok()
    }

    /// Waits for the next answer; none when the thread has failed before.
    pub(super) fn wait(&self) -> Option<Result<StoredSegment, VaultError>> {
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
    fn work(
        mut self,
        inbox: &Receiver<Job>,
        answers: &SyncSender<Result<StoredSegment, VaultError>>,
    ) -> Journal {
        while let Ok(job) = inbox.recv() {
            // What waits besides shares the folder's and the journal's flush.
            let jobs = std::iter::once(job).chain(inbox.try_iter()).collect();
            let (stored, failure) = self.keep(jobs);
            let failed = failure.is_err();
            for answer in stored.into_iter().map(Ok).chain(failure.err().map(Err)) {
                // Nobody asks any more when the recording was given up.
                let _ = answers.send(answer);
            }
            if failed {
                break;
            }
        }
        self.journal
    }

    /// Gives the segments that are durable, and what kept the next one from it.
    fn keep(&mut self, jobs: Vec<Job>) -> (Vec<StoredSegment>, Result<(), VaultError>) {
        let (mut written, mut files) = (Vec::new(), Vec::new());
        let mut result = Ok(());
        for Job { file, stored } in jobs {
            let path = self.segments().join(segment_name(stored.record.index));
            match self.vault.write(&path, &file) {
                Ok(file) => {
                    written.push(stored);
                    files.push((path, file));
                }
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        if written.is_empty() {
            return (written, result);
        }
        match self.enter(&written, &files) {
            Ok(()) => (written, result),
            Err(error) => (Vec::new(), Err(error)),
        }
    }

    fn enter(&mut self, written: &[StoredSegment], files: &[(PathBuf, File)]) -> Result<(), VaultError> {
        for (path, file) in files {
            file.sync_data().map_err(failed("write", path))?;
        }
        sync_folder(&self.segments())?;
        let lines: Vec<Vec<u8>> = written
            .iter()
            .map(|stored| canonical::encode(&Line::Stored(Box::new(stored.clone()))))
            .collect();
        let _hand = self.vault.hand();
        self.journal
            .append_all(&lines)
            .map_err(failed("write", &self.folder.join(JOURNAL)))
    }

    fn segments(&self) -> PathBuf {
        self.folder.join(SEGMENTS)
    }
}
