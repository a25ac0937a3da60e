//! One recording on its way into the vault, a word of the camera at a time.
//!
//! The vault writes on a thread of its own and is waited for at each segment, so that every run has one order.

use std::collections::VecDeque;

use camera::driver::Event;
use camera::ingest::{Fault, Ingest, Input, Keep, Output, Peer};
use camera::protocol::FromTerminal;
use camera::source::{Request, Word};
use camera::vault::{Found, Intake, VaultError};
use domain::ClipId;
use trust::seal::Recipient;

use super::meeting::Side;

/// The moments at which the vault has made something durable; a crash between two of them must lose nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FootagePoint {
    /// The recording's folder and its pinned opening message.
    Opened,
    SegmentStored,
    /// Every byte and the manifest, which nobody has signed.
    Whole,
}

impl FootagePoint {
    pub const ALL: [Self; 3] = [Self::Opened, Self::SegmentStored, Self::Whole];
}

/// Told after each durable step; a simulated crash does not return from it.
pub(super) type Tripwire<'a> = &'a mut dyn FnMut(FootagePoint);

pub(super) struct Taking {
    ingest: Ingest,
    /// Present from its opening on.
    intake: Option<Intake>,
    /// Who may open it besides HQ.
    viewer: Option<Recipient>,
}

/// What one word leads to.
#[derive(Default)]
pub(super) struct Heard {
    /// For the camera, in this order.
    pub(super) words: Vec<FromTerminal>,
    /// For the engine, in this order.
    pub(super) events: Vec<Event>,
    /// Nothing more comes of this recording.
    pub(super) is_over: bool,
}

impl Taking {
    /// From the beginning, or from where an earlier attempt stopped; otherwise what the engine is to learn instead.
    pub(super) fn begin(
        peer: &Peer,
        clip: ClipId,
        viewer: Option<Recipient>,
        side: &Side,
    ) -> Result<(Self, FromTerminal), Event> {
        let failed = |error| Event::VaultFailed { clip, error };
        let taking = match side.vault.find(clip).map_err(failed)? {
            Some(Found::Held(held)) => {
                let manifest = Box::new(held.manifest().clone());
                return Err(Event::Finished { clip, manifest });
            }
            Some(Found::Intake(intake)) => match Ingest::resume(peer.clone(), intake.begun()) {
                Ok(ingest) => Self {
                    ingest,
                    intake: Some(*intake),
                    viewer,
                },
                Err(fault) => return Err(refuse(clip, Some(*intake), fault)),
            },
            None => Self {
                ingest: Ingest::new(peer.clone(), clip),
                intake: None,
                viewer,
            },
        };
        let first = asked(clip, taking.ingest.start());
        Ok((taking, first))
    }

    pub(super) fn clip(&self) -> ClipId {
        self.ingest.clip()
    }

    /// Takes one word; `listed` is how many segments the camera says that there are.
    pub(super) fn hear(
        &mut self,
        word: Word,
        listed: Option<u32>,
        side: &Side,
        tripwire: Tripwire<'_>,
    ) -> Heard {
        let mut heard = Heard::default();
        let clip = self.clip();
        let mut outputs: VecDeque<Output> = self.ingest.handle(Input::Said(word)).into();
        while let Some(output) = outputs.pop_front() {
            let last = match output {
                Output::Ask(request) => {
                    heard.words.push(asked(clip, request));
                    None
                }
                Output::Absent => Some(Event::Absent { clip }),
                Output::Refuse(fault) => Some(refuse(clip, self.intake.take(), fault)),
                Output::Keep(keep) => match self.keep(keep, listed, side, tripwire, &mut heard) {
                    Ok(more) => {
                        outputs.extend(more);
                        None
                    }
                    Err(error) => Some(Event::VaultFailed { clip, error }),
                },
            };
            heard.is_over |= last.is_some();
            heard.events.extend(last);
            if heard.is_over {
                break;
            }
        }
        heard
    }

    /// Does what the disk is needed for.
    fn keep(
        &mut self,
        keep: Keep,
        listed: Option<u32>,
        side: &Side,
        tripwire: Tripwire<'_>,
        heard: &mut Heard,
    ) -> Result<Vec<Output>, VaultError> {
        let clip = self.clip();
        let mut more = Vec::new();
        match keep {
            Keep::Opening(opening) => {
                self.intake = Some(side.vault.begin(opening)?);
                tripwire(FootagePoint::Opened);
            }
            Keep::Segment(segment) => {
                let intake = self.intake.as_mut().ok_or(VaultError::Absent(clip))?;
                let recipients: Vec<Recipient> = side.recipients.iter().copied().chain(self.viewer).collect();
                intake.store(&recipients, segment)?;
                while let Some(segment) = intake.wait_durable()? {
                    tripwire(FootagePoint::SegmentStored);
                    let done = segment.index.saturating_add(1);
                    let of = listed.map_or(done, |listed| done.max(listed));
                    heard.events.push(Event::Progress { clip, done, of });
                    more.extend(self.ingest.handle(Input::Stored(segment)));
                }
            }
            Keep::Manifest { mut manifest, end } => {
                let mut intake = self.intake.take().ok_or(VaultError::Absent(clip))?;
                match intake.look() {
                    Ok(video) => manifest.video = video,
                    Err(fault) => {
                        heard.events.push(refuse(clip, Some(intake), fault));
                        heard.is_over = true;
                        return Ok(more);
                    }
                }
                intake.finish((*manifest).clone(), end)?;
                tripwire(FootagePoint::Whole);
                heard.events.push(Event::Finished { clip, manifest });
                heard.is_over = true;
            }
        }
        Ok(more)
    }
}

/// The words in which a camera is asked.
const fn asked(clip: ClipId, request: Request) -> FromTerminal {
    match request {
        Request::Opening => FromTerminal::Open { clip },
        Request::Segment(index) => FromTerminal::Pull { clip, index },
    }
}

fn refuse(clip: ClipId, intake: Option<Intake>, fault: Fault) -> Event {
    let refusal = fault.refusal();
    match intake.map(|intake| intake.refuse(refusal)).transpose() {
        Ok(_) => Event::Refused { clip, refusal, fault },
        Err(error) => Event::VaultFailed { clip, error },
    }
}
