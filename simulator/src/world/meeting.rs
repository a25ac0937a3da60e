//! The terminal's meeting with its camera, one frame at a time: what the terminal's driver does on threads of its own,
//! on the world's clock and in the world's order. The state machines, the vault and every byte are the product's.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use agent::keys::Keys;
use camera::Secret32;
use camera::beacon::Beacon;
use camera::driver::{Command, Ending, Entry, Event};
use camera::ingest::Peer;
use camera::pairing::{Bond, Channel, Reunion, Tap, Trust};
use camera::protocol::{FromCamera, FromTerminal};
use camera::source::Word;
use camera::vault::Vault;
use domain::{ClipId, UnixMs};
use trust::cert::{Certificate, Revocations};
use trust::seal::Recipient;

use super::taking::{Taking, Tripwire};

/// Who the terminal is and where recordings go.
pub(super) struct Side {
    /// The terminal's certificate and the authorities above it.
    pub(super) device: Vec<Certificate>,
    pub(super) keys: Arc<dyn Keys>,
    pub(super) anchors: Vec<Certificate>,
    pub(super) revocations: Arc<Revocations>,
    /// When the meeting began.
    pub(super) now: UnixMs,
    pub(super) vault: Vault,
    pub(super) recipients: Vec<Recipient>,
}

/// What one step leads to.
#[derive(Default)]
pub(super) struct Step {
    /// For the camera, in this order.
    pub(super) frames: Vec<Vec<u8>>,
    /// For the engine, in this order.
    pub(super) events: Vec<Event>,
    /// The meeting is over.
    pub(super) ending: Option<Ending>,
}

/// See the module.
pub(super) struct Meeting {
    side: Side,
    stage: Stage,
}

enum Stage {
    Tap(Box<Tap>),
    Reunion(Box<Reunion>),
    Talk(Box<Talk>),
    Over,
}

struct Talk {
    channel: Channel,
    peer: Peer,
    /// Told when the camera's first word shows that it has accepted.
    bond: Option<Bond>,
    taking: Option<Taking>,
    waiting: VecDeque<(ClipId, Option<Recipient>)>,
    /// Segments of each recording, as the camera lists them.
    listed: BTreeMap<ClipId, u32>,
}

impl Side {
    fn trust(&self) -> Trust<'_> {
        Trust {
            anchors: &self.anchors,
            revocations: &self.revocations,
            at: self.now,
        }
    }
}

impl Meeting {
    /// Knocks at the camera that is `heard`; the frame is the first.
    pub(super) fn begin(entry: Entry, heard: &Beacon, side: Side) -> Result<(Self, Vec<u8>), Ending> {
        let (stage, frame) = match entry {
            Entry::Tap(invitation) => {
                let (tap, frame) = Tap::begin(invitation).map_err(Ending::Refused)?;
                (Stage::Tap(Box::new(tap)), frame)
            }
            Entry::Known(bond) if !bond.may_be(heard, side.now) => return Err(Ending::AnotherCamera),
            Entry::Known(bond) => {
                let begun = Reunion::begin(bond, Secret32::generate(), side.trust());
                let (reunion, frame) = begun.map_err(Ending::Refused)?;
                (Stage::Reunion(Box::new(reunion)), frame)
            }
        };
        Ok((Self { side, stage }, frame))
    }

    /// Takes one frame of the camera.
    pub(super) fn hear(&mut self, frame: &[u8], tripwire: Tripwire<'_>) -> Step {
        let mut step = Step::default();
        let side = &self.side;
        let heard = match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Tap(tap) => introduce(*tap, frame, side, &mut step).map(Stage::Talk),
            Stage::Reunion(reunion) => reunion
                .meet(frame)
                .map_err(Ending::Refused)
                .and_then(|(channel, bond)| Talk::new(channel, bond))
                .map(Stage::Talk),
            Stage::Talk(mut talk) => talk
                .hear(frame, side, tripwire, &mut step)
                .map(|()| Stage::Talk(talk)),
            Stage::Over => Ok(Stage::Over),
        };
        match heard {
            Ok(stage) => self.stage = stage,
            Err(ending) => step.ending = Some(ending),
        }
        step
    }

    /// Does what the engine asks for; before the two have met nothing is asked.
    pub(super) fn obey(&mut self, command: Command) -> Step {
        let mut step = Step::default();
        if let Stage::Talk(talk) = &mut self.stage {
            step.ending = talk.obey(command, &self.side, &mut step).err();
        }
        step
    }

    /// How it ends when the camera falls silent.
    pub(super) fn vanished(&self) -> Ending {
        match &self.stage {
            Stage::Talk(talk) => talk.vanished(),
            Stage::Tap(_) | Stage::Reunion(_) | Stage::Over => Ending::Unanswered,
        }
    }
}

fn introduce(tap: Tap, frame: &[u8], side: &Side, step: &mut Step) -> Result<Box<Talk>, Ending> {
    let introduced = tap.meet(frame, side.trust()).map_err(Ending::Refused)?;
    let to_sign = introduced.to_be_signed();
    let signature = side.keys.sign(to_sign).map_err(|_| Ending::Unanswered)?;
    let (last, channel, bond) = introduced
        .accept(&side.device, &signature, Secret32::generate())
        .map_err(Ending::Refused)?;
    step.frames.push(last);
    Talk::new(channel, bond)
}

impl Talk {
    fn new(channel: Channel, bond: Bond) -> Result<Box<Self>, Ending> {
        let peer = Peer {
            camera: bond.camera.clone(),
            certificate: bond.certificate().map_err(Ending::Refused)?,
            pairing: bond.transcript,
        };
        Ok(Box::new(Self {
            channel,
            peer,
            bond: Some(bond),
            taking: None,
            waiting: VecDeque::new(),
            listed: BTreeMap::new(),
        }))
    }

    fn obey(&mut self, command: Command, side: &Side, step: &mut Step) -> Result<(), Ending> {
        match command {
            Command::Take { clip, viewer } => {
                self.waiting.push_back((clip, viewer));
                self.take_next(side, step)
            }
            Command::Leave => Err(Ending::Left),
            said @ (Command::ListClips
            | Command::Taken { .. }
            | Command::Received { .. }
            | Command::Events { .. }
            | Command::Trigger { .. }
            | Command::Assign { .. }) => said.word().map_or(Ok(()), |word| self.say(&word, step)),
        }
    }

    fn hear(
        &mut self,
        frame: &[u8],
        side: &Side,
        tripwire: Tripwire<'_>,
        step: &mut Step,
    ) -> Result<(), Ending> {
        let word = self
            .channel
            .open(frame)
            .and_then(|bytes| FromCamera::from_bytes(&bytes).ok())
            .ok_or_else(|| self.vanished())?;
        if let Some(mut bond) = self.bond.take() {
            if let FromCamera::Beacon { key } = &word {
                bond.is_found_by(*key);
            }
            step.events.push(Event::Met { bond: Box::new(bond) });
        }
        match word {
            FromCamera::Beacon { .. } => {}
            FromCamera::Status(status) => step.events.push(Event::Status(status)),
            FromCamera::Clips(clips) => {
                self.listed = clips
                    .iter()
                    .map(|listing| (listing.clip, listing.segments))
                    .collect();
                step.events.push(Event::Clips(clips));
            }
            FromCamera::Events(messages) => {
                let messages = messages.into_iter().map(Vec::from).collect();
                step.events.push(Event::Events(messages));
            }
            FromCamera::NotTriggered { counter } => step.events.push(Event::NotTriggered { counter }),
            FromCamera::Noted { clip, custody } => step.events.push(Event::Noted { clip, custody }),
            FromCamera::NotProven { clip } => step.events.push(Event::NotProven { clip }),
            FromCamera::NoSuchClip { clip } if self.under_way() != Some(clip) => {
                step.events.push(Event::Absent { clip });
            }
            FromCamera::NoSuchClip { .. } => return self.advance(Word::Absent, side, tripwire, step),
            FromCamera::Init { clip, message } => {
                let message = Some(message);
                return self.advance(Word::Opening { clip, message }, side, tripwire, step);
            }
            FromCamera::Data { bytes } => return self.advance(Word::Data(bytes), side, tripwire, step),
            FromCamera::SegmentEnd { message } => {
                let message = Some(message);
                return self.advance(Word::SegmentEnd { message }, side, tripwire, step);
            }
            FromCamera::End { message } => {
                let message = message.map(Vec::from);
                return self.advance(Word::End { message }, side, tripwire, step);
            }
        }
        Ok(())
    }

    /// Begins or resumes recordings until one is under way or none waits.
    fn take_next(&mut self, side: &Side, step: &mut Step) -> Result<(), Ending> {
        while self.taking.is_none() {
            let Some((clip, viewer)) = self.waiting.pop_front() else {
                break;
            };
            match Taking::begin(&self.peer, clip, viewer, side) {
                Ok((taking, first)) => {
                    self.taking = Some(taking);
                    self.say(&first, step)?;
                }
                Err(event) => step.events.push(event),
            }
        }
        Ok(())
    }

    /// Feeds the recording under way; without one, this is the tail of a recording that was given up.
    fn advance(
        &mut self,
        word: Word,
        side: &Side,
        tripwire: Tripwire<'_>,
        step: &mut Step,
    ) -> Result<(), Ending> {
        let Some(taking) = &mut self.taking else {
            return Ok(());
        };
        let listed = self.listed.get(&taking.clip()).copied();
        let heard = taking.hear(word, listed, side, tripwire);
        step.events.extend(heard.events);
        for word in &heard.words {
            self.say(word, step)?;
        }
        if heard.is_over {
            self.taking = None;
            return self.take_next(side, step);
        }
        Ok(())
    }

    fn say(&mut self, word: &FromTerminal, step: &mut Step) -> Result<(), Ending> {
        let frame = self
            .channel
            .seal(&word.to_bytes())
            .ok_or_else(|| self.vanished())?;
        step.frames.push(frame);
        Ok(())
    }

    fn under_way(&self) -> Option<ClipId> {
        self.taking.as_ref().map(Taking::clip)
    }

    fn vanished(&self) -> Ending {
        match self.bond {
            Some(_) => Ending::Unanswered,
            None => Ending::Vanished {
                clip: self.under_way(),
            },
        }
    }
}
