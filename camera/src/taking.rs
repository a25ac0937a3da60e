//! Takes one recording from a source into the vault, on the caller's thread.
//!
//! While the vault seals a segment and makes it durable, the next one is received and checked; `Finished` is said of a
//! manifest that is durable, with every segment before it.

use std::collections::VecDeque;

use domain::ClipId;
use domain::dialogue::ClipRefusal;
use domain::footage::Manifest;
use trust::seal::Recipient;

use crate::ingest::{Fault, Ingest, Input, Keep, Output, Peer};
use crate::source::{Request, Source, Word};
use crate::vault::{Found, Intake, Vault, VaultError};

/// Where recordings go, and who alone can read them.
#[derive(Clone, Copy)]
pub struct Shelf<'a> {
    pub vault: &'a Vault,
    pub recipients: &'a [Recipient],
}

/// What became of a recording whose source answered until the end.
#[derive(Debug)]
pub enum Outcome {
    /// It is in the vault, perhaps since an earlier time.
    Finished(Box<Manifest>),
    /// Nothing of it is kept.
    Refused { refusal: ClipRefusal, fault: Fault },
    /// The source has no such recording.
    Absent,
    /// What is stored stays and is gone on with the next time.
    VaultFailed(VaultError),
}

/// Takes a recording in, from where an earlier attempt stopped. `progress` hears how many segments are durable.
pub fn take_in<S: Source>(
    source: &mut S,
    shelf: Shelf<'_>,
    peer: &Peer,
    clip: ClipId,
    progress: impl Fn(&S, u32),
) -> Result<Outcome, S::Gone> {
    let mut desk = match Desk::begin(shelf, peer, clip) {
        Ok(desk) => desk,
        Err(outcome) => return Ok(outcome),
    };
    let mut step = desk.start();
    loop {
        let told = match step {
            Step::Ask(request) => source.ask(clip, request).map(|()| None),
            Step::Hear => source.hear().map(Some),
            Step::Stored(done) => {
                progress(source, done);
                Ok(None)
            }
            Step::Over(outcome) => return Ok(outcome),
        };
        match told {
            Ok(word) => step = desk.next(word),
            Err(gone) => {
                // What is on its way to the disk when the source goes is not lost.
                while let Some(done) = desk.settle() {
                    progress(source, done);
                }
                return Err(gone);
            }
        }
    }
}

/// What is to be done next.
enum Step {
    Ask(Request),
    Hear,
    /// So many segments are durable.
    Stored(u32),
    Over(Outcome),
}

/// The recording that is under way. Not generic, so that what touches every byte is built once.
struct Desk<'a> {
    shelf: Shelf<'a>,
    ingest: Ingest,
    /// Present from its opening on.
    intake: Option<Intake>,
    steps: VecDeque<Step>,
}

impl<'a> Desk<'a> {
    fn begin(shelf: Shelf<'a>, peer: &Peer, clip: ClipId) -> Result<Self, Outcome> {
        let (ingest, intake) = match shelf.vault.find(clip).map_err(Outcome::VaultFailed)? {
            Some(Found::Held(held)) => return Err(Outcome::Finished(Box::new(held.manifest().clone()))),
            Some(Found::Intake(intake)) => match Ingest::resume(peer.clone(), intake.begun()) {
                Ok(ingest) => (ingest, Some(*intake)),
                Err(fault) => return Err(refuse(clip, Some(*intake), fault)),
            },
            None => (Ingest::new(peer.clone(), clip), None),
        };
        Ok(Self {
            shelf,
            ingest,
            intake,
            steps: VecDeque::new(),
        })
    }

    fn start(&self) -> Step {
        Step::Ask(self.ingest.start())
    }

    /// Takes the source's word, if it said one, and gives what to do next.
    fn next(&mut self, word: Option<Word>) -> Step {
        let done = word.map_or(Ok(()), |word| self.feed(Input::Said(word)));
        if let Err(outcome) = done.and_then(|()| self.catch_up()) {
            self.steps.retain(|step| matches!(step, Step::Stored(_)));
            self.steps.push_back(Step::Over(outcome));
        }
        self.steps.pop_front().unwrap_or(Step::Hear)
    }

    /// Waits for the next segment on its way to the disk; gives how many are durable then.
    fn settle(&mut self) -> Option<u32> {
        while let Some(step) = self.steps.pop_front() {
            if let Step::Stored(done) = step {
                return Some(done);
            }
        }
        match self.intake.as_mut()?.wait_durable() {
            Ok(segment) => segment.map(|segment| segment.index.saturating_add(1)),
            Err(error) => {
                tracing::warn!(clip = %self.ingest.clip(), %error, "a segment could not be stored");
                None
            }
        }
    }

    /// Hears from the vault, and waits for it when nothing is to be asked before.
    fn catch_up(&mut self) -> Result<(), Outcome> {
        while let Some(intake) = &mut self.intake {
            let durable = if self.ingest.waits_for_storage() && self.steps.is_empty() {
                intake.wait_durable()
            } else {
                intake.durable()
            };
            let Some(segment) = durable.map_err(Outcome::VaultFailed)? else {
                break;
            };
            if let Some(plain) = intake.spare() {
                self.ingest.reuse(plain);
            }
            self.steps
                .push_back(Step::Stored(segment.index.saturating_add(1)));
            self.feed(Input::Stored(segment))?;
        }
        Ok(())
    }

    fn feed(&mut self, input: Input) -> Result<(), Outcome> {
        for output in self.ingest.handle(input) {
            match output {
                Output::Ask(request) => self.steps.push_back(Step::Ask(request)),
                Output::Keep(keep) => self.keep(keep)?,
                Output::Refuse(fault) => return Err(refuse(self.ingest.clip(), self.intake.take(), fault)),
                Output::Absent => return Err(Outcome::Absent),
            }
        }
        Ok(())
    }

    fn keep(&mut self, keep: Keep) -> Result<(), Outcome> {
        let absent = VaultError::Absent(self.ingest.clip());
        match keep {
            Keep::Opening(opening) => {
                let intake = self.shelf.vault.begin(opening);
                self.intake = Some(intake.map_err(Outcome::VaultFailed)?);
            }
            Keep::Segment(segment) => {
                let intake = self.intake.as_mut().ok_or(Outcome::VaultFailed(absent))?;
                intake
                    .store(self.shelf.recipients, segment)
                    .map_err(Outcome::VaultFailed)?;
            }
            Keep::Manifest { mut manifest, end } => {
                let mut intake = self.intake.take().ok_or(Outcome::VaultFailed(absent))?;
                match intake.look() {
                    Ok(video) => manifest.video = video,
                    Err(fault) => return Err(refuse(self.ingest.clip(), Some(intake), fault)),
                }
                let held = intake.finish((*manifest).clone(), end);
                held.map_err(Outcome::VaultFailed)?;
                self.steps.push_back(Step::Over(Outcome::Finished(manifest)));
            }
        }
        Ok(())
    }
}

fn refuse(clip: ClipId, intake: Option<Intake>, fault: Fault) -> Outcome {
    let refusal = fault.refusal();
    tracing::warn!(%clip, ?fault, "a recording is refused");
    match intake.map(|intake| intake.refuse(refusal)).transpose() {
        Ok(_) => Outcome::Refused { refusal, fault },
        Err(error) => Outcome::VaultFailed(error),
    }
}
