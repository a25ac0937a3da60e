//! A meeting after the handshake: commands and the camera's words in, vault and events out.

use std::collections::{BTreeMap, VecDeque};
use std::net::TcpStream;
use std::sync::mpsc::Receiver;

use domain::ClipId;

use super::{Command, Ending, Event, Mail, Role};
use crate::framing::write_frame;
use crate::ingest::{Fault, Ingest, Input, Keep, Output, Peer};
use crate::pairing::{Bond, Channel};
use crate::protocol::{FromCamera, FromTerminal};
use crate::seal::seal_segment;
use crate::vault::{Found, Intake, VaultError};

/// The recording that is under way.
struct Taking {
    ingest: Ingest,
    /// Present from its opening message on.
    intake: Option<Intake>,
}

/// The way to the camera.
struct Line<'a> {
    stream: &'a TcpStream,
    channel: Channel,
}

impl Line<'_> {
    /// Nothing when the camera is out of reach.
    fn say(&mut self, message: &FromTerminal) -> Option<()> {
        let frame = self.channel.seal(&message.to_bytes())?;
        write_frame(&mut self.stream, &frame).ok()
    }
}

/// What keeping something led to.
enum Kept {
    More(Vec<Output>),
    /// The recording is whole.
    Whole,
}

pub(super) struct Talk<'a> {
    line: Line<'a>,
    role: &'a Role,
    peer: Peer,
    on_event: &'a dyn Fn(Event),
    /// Told when the camera's first word shows that it has accepted.
    bond: Option<Bond>,
    taking: Option<Taking>,
    waiting: VecDeque<ClipId>,
    /// Segments of each recording, as the camera lists them.
    listed: BTreeMap<ClipId, u32>,
}

impl<'a> Talk<'a> {
    pub(super) fn new(
        stream: &'a TcpStream,
        role: &'a Role,
        channel: Channel,
        peer: Peer,
        bond: Bond,
        on_event: &'a dyn Fn(Event),
    ) -> Self {
        Self {
            line: Line { stream, channel },
            role,
            peer,
            on_event,
            bond: Some(bond),
            taking: None,
            waiting: VecDeque::new(),
            listed: BTreeMap::new(),
        }
    }

    pub(super) fn run(mut self, mail: Receiver<Mail>, spent: Receiver<()>) -> Ending {
        loop {
            let step = match mail.recv() {
                Ok(Mail::Command(command)) => self.obey(command),
                Ok(Mail::Frame(frame)) => {
                    // The reader paid before it sent the frame, so that this never waits.
                    let _ = spent.recv();
                    self.hear(&frame)
                }
                Ok(Mail::Gone) | Err(_) => Err(self.vanished()),
            };
            if let Err(ending) = step {
                return ending;
            }
        }
    }

    fn obey(&mut self, command: Command) -> Result<(), Ending> {
        match command {
            Command::ListClips => self.say(&FromTerminal::ListClips),
            Command::Take { clip } => {
                self.waiting.push_back(clip);
                self.take_next()
            }
            Command::Taken { clip, root } => self.say(&FromTerminal::Taken { clip, root }),
            Command::Received {
                clip,
                root,
                receipt,
                signer,
            } => {
                let signer = signer.into_iter().map(Into::into).collect();
                self.say(&FromTerminal::Received {
                    clip,
                    root,
                    receipt,
                    signer,
                })
            }
            Command::Leave => Err(Ending::Left),
        }
    }

    fn hear(&mut self, frame: &[u8]) -> Result<(), Ending> {
        let message = self
            .line
            .channel
            .open(frame)
            .and_then(|bytes| FromCamera::from_bytes(&bytes).ok());
        let message = message.ok_or_else(|| self.vanished())?;
        if let Some(bond) = self.bond.take() {
            self.tell(Event::Met { bond: Box::new(bond) });
        }
        match message {
            FromCamera::Status(status) => self.tell(Event::Status(status)),
            FromCamera::Clips(clips) => {
                self.listed = clips
                    .iter()
                    .map(|listing| (listing.clip, listing.segments))
                    .collect();
                self.tell(Event::Clips(clips));
            }
            FromCamera::Noted { clip, custody } => self.tell(Event::Noted { clip, custody }),
            FromCamera::NotProven { clip } => self.tell(Event::NotProven { clip }),
            FromCamera::NoSuchClip { clip } => {
                self.tell(Event::Absent { clip });
                if self
                    .taking
                    .as_ref()
                    .is_some_and(|taking| taking.ingest.clip() == clip)
                {
                    self.taking = None;
                    return self.take_next();
                }
            }
            FromCamera::Init { .. }
            | FromCamera::Data { .. }
            | FromCamera::SegmentEnd { .. }
            | FromCamera::End { .. } => return self.advance(Input::FromCamera(message)),
        }
        Ok(())
    }

    /// Begins or resumes recordings until one is under way or none waits.
    fn take_next(&mut self) -> Result<(), Ending> {
        while self.taking.is_none() {
            let Some(clip) = self.waiting.pop_front() else {
                break;
            };
            let taking = match self.role.vault.find(clip) {
                Ok(Some(Found::Held(held))) => {
                    self.tell(Event::Finished {
                        clip,
                        manifest: Box::new(held.manifest().clone()),
                    });
                    continue;
                }
                Ok(Some(Found::Intake(intake))) => {
                    let resumed = Ingest::resume(
                        self.peer.clone(),
                        intake.opening().clone(),
                        intake.stored().to_vec(),
                    );
                    match resumed {
                        Ok(ingest) => Taking {
                            ingest,
                            intake: Some(*intake),
                        },
                        Err(fault) => {
                            self.refuse(clip, Some(*intake), fault);
                            continue;
                        }
                    }
                }
                Ok(None) => Taking {
                    ingest: Ingest::new(self.peer.clone(), clip),
                    intake: None,
                },
                Err(error) => {
                    self.tell(Event::VaultFailed { clip, error });
                    continue;
                }
            };
            let first = taking.ingest.start();
            self.taking = Some(taking);
            self.say(&first)?;
        }
        Ok(())
    }

    /// Feeds the recording under way and does what it asks for.
    fn advance(&mut self, input: Input) -> Result<(), Ending> {
        // Without one, this is the tail of a recording that was given up.
        let Some(mut taking) = self.taking.take() else {
            return Ok(());
        };
        let clip = taking.ingest.clip();
        let mut waiting: VecDeque<Output> = taking.ingest.handle(input).into();
        while let Some(output) = waiting.pop_front() {
            match output {
                Output::Send(message) => {
                    self.line
                        .say(&message)
                        .ok_or(Ending::Vanished { clip: Some(clip) })?;
                }
                Output::Refuse(fault) => {
                    self.refuse(clip, taking.intake, fault);
                    return self.take_next();
                }
                Output::Keep(keep) => match self.keep(&mut taking, keep) {
                    Ok(Kept::More(outputs)) => waiting.extend(outputs),
                    Ok(Kept::Whole) => return self.take_next(),
                    Err(error) => {
                        self.tell(Event::VaultFailed { clip, error });
                        return self.take_next();
                    }
                },
            }
        }
        self.taking = Some(taking);
        Ok(())
    }

    /// Does what the disk is needed for.
    fn keep(&self, taking: &mut Taking, keep: Keep) -> Result<Kept, VaultError> {
        let clip = taking.ingest.clip();
        let Taking { ingest, intake } = taking;
        match keep {
            Keep::Opening(opening) => {
                *intake = Some(self.role.vault.begin(opening)?);
                Ok(Kept::More(vec![]))
            }
            Keep::Segment {
                claim,
                plain,
                message,
                checkpoint,
            } => {
                let intake = intake.as_mut().ok_or(VaultError::Absent(clip))?;
                let sealed = seal_segment(&self.role.recipients, &claim, &plain).map_err(VaultError::Seal)?;
                intake.store(&sealed, message, checkpoint)?;
                let done = claim.index.saturating_add(1);
                let of = self.listed.get(&clip).map_or(done, |listed| done.max(*listed));
                self.tell(Event::Progress { clip, done, of });
                Ok(Kept::More(ingest.handle(Input::Stored(sealed.record))))
            }
            Keep::Manifest { manifest, end } => {
                let intake = intake.take().ok_or(VaultError::Absent(clip))?;
                intake.finish((*manifest).clone(), end)?;
                self.tell(Event::Finished { clip, manifest });
                Ok(Kept::Whole)
            }
        }
    }

    fn refuse(&self, clip: ClipId, intake: Option<Intake>, fault: Fault) {
        let refusal = fault.refusal();
        tracing::warn!(%clip, ?fault, "a recording is refused");
        match intake.map(|intake| intake.refuse(refusal)).transpose() {
            Ok(_) => self.tell(Event::Refused { clip, refusal, fault }),
            Err(error) => self.tell(Event::VaultFailed { clip, error }),
        }
    }

    fn say(&mut self, message: &FromTerminal) -> Result<(), Ending> {
        self.line.say(message).ok_or_else(|| self.vanished())
    }

    fn tell(&self, event: Event) {
        (self.on_event)(event);
    }

    fn vanished(&self) -> Ending {
        if self.bond.is_some() {
            return Ending::Unanswered;
        }
        Ending::Vanished {
            clip: self.taking.as_ref().map(|taking| taking.ingest.clip()),
        }
    }
}
