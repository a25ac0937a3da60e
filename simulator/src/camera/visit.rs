//! One caller from the camera's side: frames in, frames out. It reads no stream and no clock, so that a socket and a
//! seeded world carry the same words.

use camera::Secret32;
use camera::pairing::{Channel, Greeting, Reception, Trust, greet};
use camera::protocol::{Custody, Firmware, FromCamera, FromTerminal, MAX_CLIPS, MAX_PIECE, Status};
use camera::receipt::FootageReceipt;
use domain::footage::Trigger;
use domain::{ClipId, DeviceId, Digest, UnixMs};
use minicbor::bytes::ByteVec;
use trust::cert::{Certificate, Revocations};

use super::recording::Recording;
use super::{Faults, SimCamera};

/// How far a caller has come.
#[derive(Default)]
pub struct Visit {
    stage: Stage,
    /// Who the caller is, once the two have met.
    device: Option<DeviceId>,
    /// Bytes of recordings that were sent.
    sent: u64,
}

#[derive(Default)]
enum Stage {
    #[default]
    Knocking,
    /// At the first touch: the caller's identity is due.
    Introducing(Box<Reception>),
    Met(Box<Channel>),
}

/// What the camera answers to one frame.
pub struct Reply {
    /// To be sent in this order.
    pub frames: Vec<Vec<u8>>,
    /// Behind them the camera is out of reach.
    pub gone: bool,
}

impl Visit {
    fn seal(&mut self, word: &FromCamera) -> Option<Vec<u8>> {
        match &mut self.stage {
            Stage::Met(channel) => channel.seal(&word.to_bytes()),
            Stage::Knocking | Stage::Introducing(_) => None,
        }
    }
}

impl SimCamera {
    /// How the camera is; nothing before the two have met.
    pub fn status(&mut self, visit: &mut Visit, faults: &Faults, at: UnixMs) -> Option<Vec<u8>> {
        let gap = self.failure(faults, at);
        let failing = gap.is_some();
        let recording = self.memory.recording().is_some();
        visit.seal(&FromCamera::Status(Status {
            battery: if failing { 4 } else { 87 },
            free: if failing { 0 } else { 64 << 30 },
            recording,
            clock: Some(at),
            buffering: Some(!failing),
            firmware: Some(Firmware {
                major: 2,
                minor: 7,
                patch: 1,
            }),
            gap,
            assigned: self.memory.assigned().cloned(),
            events: self.memory.last_event().map(|last| last.counter),
        }))
    }

    /// Takes one frame at the moment `at` of the camera's clock; nothing means that the camera hangs up without a word,
    /// as it does to whoever is not known and not invited.
    pub fn hear(&mut self, visit: &mut Visit, frame: &[u8], faults: &Faults, at: UnixMs) -> Option<Reply> {
        let frames = match &mut visit.stage {
            Stage::Knocking => self.greeted(visit, frame, faults, at)?,
            Stage::Introducing(_) => self.introduced(visit, frame, faults, at)?,
            Stage::Met(channel) => {
                let word = FromTerminal::from_bytes(&channel.open(frame)?).ok()?;
                return self.answer(visit, word, faults, at);
            }
        };
        Some(Reply { frames, gone: false })
    }

    fn greeted(
        &mut self,
        visit: &mut Visit,
        frame: &[u8],
        faults: &Faults,
        at: UnixMs,
    ) -> Option<Vec<Vec<u8>>> {
        let known = self.memory.acquaintances();
        match greet(&self.identity.pairing, known, frame, Secret32::generate()).ok()? {
            Greeting::Tap { frame, reception } => {
                visit.stage = Stage::Introducing(reception);
                Some(vec![frame])
            }
            Greeting::Known {
                frame,
                channel,
                acquaintance,
            } => {
                // Remembered before it is answered: whoever gets the answer can come again.
                visit.device = Some(acquaintance.device.clone());
                self.memory.renew(acquaintance).ok()?;
                visit.stage = Stage::Met(channel);
                Some(vec![
                    frame,
                    self.found_by(visit)?,
                    self.status(visit, faults, at)?,
                ])
            }
        }
    }

    fn introduced(
        &mut self,
        visit: &mut Visit,
        last: &[u8],
        faults: &Faults,
        at: UnixMs,
    ) -> Option<Vec<Vec<u8>>> {
        let Stage::Introducing(reception) = std::mem::replace(&mut visit.stage, Stage::Knocking) else {
            return None;
        };
        // Nobody tells a camera who is revoked.
        let none = Revocations::default();
        let trust = Trust {
            anchors: &self.anchors,
            revocations: &none,
            at,
        };
        let (channel, acquaintance) = reception.finish(last, &self.memory.invitation(), trust).ok()?;
        visit.device = Some(acquaintance.device.clone());
        self.memory.welcome(acquaintance).ok()?.then_some(())?;
        visit.stage = Stage::Met(Box::new(channel));
        Some(vec![self.found_by(visit)?, self.status(visit, faults, at)?])
    }

    /// Said first in every meeting.
    fn found_by(&self, visit: &mut Visit) -> Option<Vec<u8>> {
        visit.seal(&FromCamera::Beacon {
            key: *self.memory.beacon_secret().expose(),
        })
    }

    fn answer(
        &mut self,
        visit: &mut Visit,
        word: FromTerminal,
        faults: &Faults,
        at: UnixMs,
    ) -> Option<Reply> {
        let answer = match word {
            FromTerminal::Pull { clip, index } => {
                return self.pull(visit, clip, usize::try_from(index).ok()?, faults);
            }
            FromTerminal::Events { after } => self.events(after, faults),
            FromTerminal::Trigger { cause, counter } => {
                let device = visit.device.clone()?;
                let counter = Some(counter);
                let said = self.triggered(&device, Trigger { cause, counter }, at)?;
                return self.with_status(visit, &said, faults, at);
            }
            FromTerminal::Assign { to } => {
                let device = visit.device.clone()?;
                let said = self.assigned(to, &device, at)?;
                return self.with_status(visit, &said, faults, at);
            }
            FromTerminal::ListClips => self.listing(),
            FromTerminal::Open { clip } => match self.recording(clip) {
                Some(recording) => FromCamera::Init {
                    clip,
                    message: faults.opening(recording),
                },
                None => FromCamera::NoSuchClip { clip },
            },
            FromTerminal::Taken { clip, root } => match self.recording(clip) {
                Some(_) => self.noted(clip, Custody::Taken, root)?,
                None => FromCamera::NoSuchClip { clip },
            },
            FromTerminal::Received {
                clip,
                root,
                receipt,
                signer,
            } => {
                if self.is_received(clip, root, &receipt, &signer) {
                    self.noted(clip, Custody::Received, root)?
                } else {
                    FromCamera::NotProven { clip }
                }
            }
        };
        Some(Reply {
            frames: vec![visit.seal(&answer)?],
            gone: false,
        })
    }

    /// What it says of a word that changed how it is.
    fn with_status(
        &mut self,
        visit: &mut Visit,
        said: &FromCamera,
        faults: &Faults,
        at: UnixMs,
    ) -> Option<Reply> {
        Some(Reply {
            frames: vec![visit.seal(said)?, self.status(visit, faults, at)?],
            gone: false,
        })
    }

    fn listing(&self) -> FromCamera {
        let listed = |one: &&Recording| Recording::is_listed(self.memory.custody(one.listing.clip));
        let listings = self.recordings.iter().filter(listed);
        FromCamera::Clips(listings.map(|one| one.listing.clone()).take(MAX_CLIPS).collect())
    }

    fn noted(&mut self, clip: ClipId, custody: Custody, root: Digest) -> Option<FromCamera> {
        let custody = self.memory.note(clip, custody, root).ok()?;
        Some(FromCamera::Noted { clip, custody })
    }

    fn pull(&self, visit: &mut Visit, clip: ClipId, index: usize, faults: &Faults) -> Option<Reply> {
        let only = |word: &FromCamera, visit: &mut Visit| {
            Some(Reply {
                frames: vec![visit.seal(word)?],
                gone: false,
            })
        };
        let Some(recording) = self.recording(clip) else {
            return only(&FromCamera::NoSuchClip { clip }, visit);
        };
        let Some(segment) = faults.segment(recording, index) else {
            let message = recording.end.clone().map(Into::into);
            return only(&FromCamera::End { message }, visit);
        };
        let mut frames = Vec::new();
        for piece in segment.bytes.chunks(MAX_PIECE) {
            let more = piece.len() as u64;
            if faults.vanishes(visit.sent, more) {
                return Some(Reply { frames, gone: true });
            }
            let bytes = piece.to_vec();
            frames.push(visit.seal(&FromCamera::Data { bytes })?);
            visit.sent += more;
        }
        frames.push(visit.seal(&FromCamera::SegmentEnd {
            message: segment.message,
        })?);
        Some(Reply { frames, gone: false })
    }

    /// Whether HQ's receipt is over the very root that the terminal named when it took the recording.
    fn is_received(&self, clip: ClipId, root: Digest, receipt: &[u8], signer: &[ByteVec]) -> bool {
        let signer: Option<Vec<Certificate>> =
            signer.iter().map(|der| Certificate::from_der(der).ok()).collect();
        self.memory.root(clip) == Some(root)
            && signer
                .is_some_and(|signer| FootageReceipt::verify(receipt, root, &signer, &self.anchors).is_ok())
    }

    fn recording(&self, clip: ClipId) -> Option<&Recording> {
        self.recordings
            .iter()
            .find(|recording| recording.listing.clip == clip)
    }

    /// Who has a recording, as far as the camera knows.
    pub fn custody(&self, clip: ClipId) -> Custody {
        self.memory.custody(clip)
    }
}
