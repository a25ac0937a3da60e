//! Encrypted files on their way to HQ, one at a time, over their own connection, whenever nothing else waits: parts of
//! acts first, then segments of footage.

use std::collections::{BTreeMap, VecDeque};

use camera::vault::Held;
use domain::dialogue::Flow;
use domain::{ClipId, EnvelopeId};
use sync::mqtt::{LinkCommand, LinkEvent, Publish};
use sync::transfer::{Action, Config, Input, Outcome, Pace, Sent, Upload};
use sync::wire::v1::{FileInit, StatAnswer};
use sync::{FileId, FileVerb, Topic};

use crate::engine::{Effect, Engine};
use crate::store::StoreError;

/// The file being uploaded and those after it.
#[derive(Default)]
pub(crate) struct Uploads {
    queue: VecDeque<FileInit>,
    current: Option<(Upload, Vec<u8>)>,
    sent: BTreeMap<u64, Sent>,
    next_token: u64,
    link: Line,
    allowed: bool,
    /// Losses in a row, for the backoff.
    failures: u32,
    /// When HQ is asked again for its word on clips that it should have whole.
    ask_at: Option<u64>,
    /// The clip being sent, read once for all its segments.
    source: Option<Held>,
    /// What the connection's last upload learnt, between two of them.
    pace: Option<Pace>,
}

/// Recordings on their way, in bytes.
pub(crate) struct Footage {
    /// The recording that is sent, or the first that waits.
    pub(crate) clip: ClipId,
    pub(crate) is_current: bool,
    pub(crate) is_allowed: bool,
    pub(crate) is_linked: bool,
    /// Of the segment that is sent.
    pub(crate) taken: u64,
    pub(crate) left: u64,
    /// Bytes per second.
    pub(crate) rate: Option<u64>,
}

impl Uploads {
    /// None where no recording waits.
    pub(crate) fn footage(&self) -> Option<Footage> {
        let current = self.current.as_ref().map(|(upload, _)| upload);
        let current = current.filter(|upload| is_footage(upload.init()));
        let mut waiting = self.queue.iter().filter(|init| is_footage(init)).peekable();
        let first = waiting.peek().map(|init| init.clip());
        let clip = current.map(|upload| upload.init().clip()).or(first)?;
        let taken = current.map_or(0, Upload::taken);
        let size = current.map_or(0, |upload| upload.init().size);
        Some(Footage {
            clip,
            is_current: current.is_some(),
            is_allowed: self.allowed,
            is_linked: self.link == Line::Up,
            taken,
            left: waiting.map(|init| init.size).sum::<u64>() + size.saturating_sub(taken),
            rate: current.and_then(|upload| upload.pace().rate()),
        })
    }

    /// Ends the current upload where it is, and keeps what it learnt of the connection.
    fn put_down(&mut self) -> Option<FileInit> {
        let (upload, _) = self.current.take()?;
        self.sent.clear();
        let init = *upload.init();
        self.pace = Some(upload.into_pace());
        Some(init)
    }

    fn is_current(&self, wanted: impl Fn(&FileInit) -> bool) -> bool {
        let current = self.current.as_ref();
        current.is_some_and(|(upload, _)| wanted(upload.init()))
    }
}

fn is_footage(init: &FileInit) -> bool {
    init.part_of().is_none()
}

#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Line {
    #[default]
    Down,
    /// Not before this moment of the device's clock.
    Waiting {
        until: u64,
    },
    Connecting,
    Up,
}

/// First wait after a loss, doubled up to the last, in milliseconds.
const FIRST_WAIT: u64 = 1_000;
const LAST_WAIT: u64 = 60_000;

/// How long HQ's word on a whole clip is waited for before it is asked for again, in milliseconds.
const WORD_WAIT: u64 = 60_000;

impl Engine {
    /// Queues the segments of a clip whose manifest's act exists.
    pub(crate) fn queue_upload(&mut self, clip: ClipId, manifest: EnvelopeId) -> Result<(), StoreError> {
        let Some(held) = self.footage.held(clip) else {
            return Ok(());
        };
        for segment in &held.manifest().segments {
            if let Some(file) = FileId::new(clip, segment.index) {
                let size = u64::from(segment.cipher_length);
                self.uploads.queue.push_back(FileInit {
                    version: 1,
                    file,
                    manifest,
                    size,
                    sha256: segment.cipher,
                });
            }
        }
        self.stale.camera = true;
        self.push_upload()
    }

    /// Queues parts of an act behind those of earlier acts and before all footage.
    pub(crate) fn queue_before_footage(&mut self, parts: Vec<FileInit>) -> Result<(), StoreError> {
        let queue = &mut self.uploads.queue;
        let place = queue.partition_point(|init| init.part_of().is_some());
        for (offset, init) in parts.into_iter().enumerate() {
            queue.insert(place + offset, init);
        }
        self.push_upload()
    }

    /// Footage leaves or waits, as profile, energy, network and HQ's order say now.
    pub(crate) fn footage_may_leave(&mut self) -> Result<(), StoreError> {
        if self.uploads.is_current(|init| !self.may_leave(init))
            && let Some(init) = self.uploads.put_down()
        {
            self.uploads.queue.push_front(init);
        }
        let (rate, now) = (self.upload_rate(), self.now.mono_ms);
        match &mut self.uploads.current {
            Some((upload, _)) => upload.limit(rate, now),
            None => {
                if let Some(pace) = &mut self.uploads.pace {
                    pace.limit(rate, now);
                }
            }
        }
        self.stale.camera = true;
        self.stale.budget = true;
        self.push_upload()
    }

    fn may_leave(&self, init: &FileInit) -> bool {
        init.part_of().is_some() || self.judge_sending(init.clip()).is_ok()
    }

    fn upload_rate(&self) -> u64 {
        self.profiles.settings().leaving().rate.bytes_a_second()
    }

    /// Nothing of this clip is to be sent any more.
    pub(crate) fn drop_upload(&mut self, clip: ClipId) -> Result<(), StoreError> {
        self.stale.camera = true;
        self.drop_files(|init| is_footage(init) && init.clip() == clip)
    }

    /// Nothing of this act is to be sent any more.
    pub(crate) fn drop_parts(&mut self, envelope: EnvelopeId) -> Result<(), StoreError> {
        self.drop_files(|init| init.part_of() == Some(envelope))
    }

    fn drop_files(&mut self, unwanted: impl Fn(&FileInit) -> bool) -> Result<(), StoreError> {
        self.uploads.queue.retain(|init| !unwanted(init));
        if self.uploads.is_current(unwanted) {
            self.uploads.put_down();
        }
        self.push_upload()
    }

    /// Whether segments of this clip are on their way.
    pub(crate) fn is_uploading(&self, clip: ClipId) -> bool {
        self.is_sending(|init| is_footage(init) && init.clip() == clip)
    }

    /// Whether parts of this act are on their way.
    pub(crate) fn is_sending_parts(&self, envelope: EnvelopeId) -> bool {
        self.is_sending(|init| init.part_of() == Some(envelope))
    }

    fn is_sending(&self, wanted: impl Fn(&FileInit) -> bool) -> bool {
        let current = self.uploads.current.iter().map(|(upload, _)| upload.init());
        current.chain(&self.uploads.queue).any(wanted)
    }

    pub(crate) fn bulk_allowed(&mut self, allowed: bool) -> Result<(), StoreError> {
        self.uploads.allowed = allowed;
        self.stale.camera |= self.uploads.footage().is_some();
        self.upload_input(Input::Allowed(allowed))?;
        self.push_upload()
    }

    /// Begins the next segment and connects when there is something to send.
    fn push_upload(&mut self) -> Result<(), StoreError> {
        while self.uploads.current.is_none() {
            let next = self.uploads.queue.iter().position(|init| self.may_leave(init));
            let Some(init) = next.and_then(|place| self.uploads.queue.remove(place)) else {
                break;
            };
            let index = init.file.index();
            let bytes = match init.part_of() {
                Some(envelope) => self.part(envelope, index),
                None => self
                    .source(init.clip())
                    .and_then(|held| held.read_segment(index).ok()),
            };
            let Some(bytes) = bytes else {
                tracing::error!(file = %init.file, "an encrypted file cannot be read");
                continue;
            };
            let seed = u64::from_be_bytes(self.mint.random::<8>());
            let pace = self.uploads.pace.take();
            let pace = pace.unwrap_or_else(|| Pace::new(self.upload_rate()));
            let upload = Upload::new(Config::default(), init, seed, pace);
            self.uploads.current = Some((upload, bytes));
            self.upload_input(Input::Allowed(self.uploads.allowed))?;
            if self.uploads.link == Line::Up {
                self.upload_input(Input::LinkUp)?;
            }
        }
        if self.uploads.current.is_some() && self.uploads.allowed && self.uploads.link == Line::Down {
            self.uploads.link = Line::Connecting;
            self.out.push(Effect::Bulk(LinkCommand::Connect));
        }
        if self.uploads.footage().is_none() {
            self.sending.nothing_waits();
        }
        if self.uploads.current.is_none() {
            self.uploads.source = None;
            if self.uploads.link == Line::Up {
                self.out.push(Effect::Bulk(LinkCommand::Disconnect));
            }
        }
        Ok(())
    }

    fn source(&mut self, clip: ClipId) -> Option<&Held> {
        let known = self.uploads.source.as_ref().map(|held| held.manifest().clip);
        if known != Some(clip) {
            self.uploads.source = self.footage.held(clip);
        }
        self.uploads.source.as_ref()
    }

    pub(crate) fn bulk(&mut self, event: LinkEvent) -> Result<(), StoreError> {
        self.stale.camera |= self.uploads.footage().is_some();
        match event {
            LinkEvent::Up { .. } => {
                self.uploads.link = Line::Up;
                self.uploads.failures = 0;
                self.upload_input(Input::LinkUp)?;
                self.push_upload()
            }
            LinkEvent::Down { .. } => {
                self.uploads.sent.clear();
                if let Some(pace) = &mut self.uploads.pace {
                    pace.forget_link();
                }
                let span = FIRST_WAIT
                    .saturating_mul(1 << self.uploads.failures.min(10))
                    .min(LAST_WAIT);
                self.uploads.failures += 1;
                // Full jitter, the first attempt after a loss included.
                let wait = u64::from_be_bytes(self.mint.random::<8>()) % span;
                self.uploads.link = Line::Waiting {
                    until: self.now.mono_ms + wait,
                };
                self.upload_input(Input::LinkDown)
            }
            LinkEvent::Acked { token, ack } => match self.uploads.sent.remove(&token) {
                Some(sent) => self.upload_input(Input::Acked { sent, ack }),
                None => Ok(()),
            },
            LinkEvent::Message { .. } => Ok(()),
        }
    }

    pub(crate) fn stat_answered(&mut self, stat: &StatAnswer) -> Result<(), StoreError> {
        let about_current = self.uploads.current.as_ref().is_some_and(|(upload, _)| {
            upload.init().file == stat.file && stat.device == self.enrolment.terminal.device
        });
        if about_current {
            self.upload_input(Input::Answered(stat.have.clone()))
        } else {
            Ok(())
        }
    }

    pub(crate) fn wake_bulk(&mut self) -> Result<(), StoreError> {
        if let Line::Waiting { until } = self.uploads.link
            && until <= self.now.mono_ms
        {
            self.uploads.link = Line::Down;
        }
        self.upload_input(Input::Wake)?;
        if self
            .uploads
            .ask_at
            .take_if(|at| *at <= self.now.mono_ms)
            .is_some()
        {
            self.ask_for_clip_receipts()?;
        }
        self.push_upload()
    }

    pub(crate) fn bulk_wakeup(&self) -> Option<u64> {
        let line = match self.uploads.link {
            Line::Waiting { until } => Some(until),
            Line::Down | Line::Connecting | Line::Up => None,
        };
        let upload = self
            .uploads
            .current
            .as_ref()
            .and_then(|(upload, _)| upload.next_wakeup());
        [line, upload, self.uploads.ask_at].into_iter().flatten().min()
    }

    fn upload_input(&mut self, input: Input) -> Result<(), StoreError> {
        let Some((upload, _)) = &mut self.uploads.current else {
            return Ok(());
        };
        let actions = upload.handle(input, self.now.mono_ms);
        for action in actions {
            match action {
                Action::Init => {
                    let Some((upload, _)) = &self.uploads.current else {
                        break;
                    };
                    let payload = domain::canonical::encode(upload.init());
                    self.publish_file(Sent::Init, FileVerb::Init, payload);
                }
                Action::Chunk(span) => self.publish_chunk(span),
                Action::Fin => {
                    let Some((upload, _)) = &self.uploads.current else {
                        break;
                    };
                    let FileInit { size, sha256, .. } = *upload.init();
                    self.publish_file(Sent::Fin, FileVerb::Fin { size, sha256 }, Vec::new());
                }
                Action::Stat => self.publish_file(Sent::Stat, FileVerb::Stat, Vec::new()),
                Action::Reconnect => self.out.push(Effect::Bulk(LinkCommand::Disconnect)),
                Action::Over(outcome) => {
                    if let Some(init) = self.uploads.put_down() {
                        let file = init.file;
                        match outcome {
                            Outcome::Complete => {
                                if is_footage(&init) {
                                    self.sending.segment_left(init.size);
                                    self.stale.camera = true;
                                }
                                tracing::info!(%file, "encrypted file uploaded");
                                self.uploads.ask_at = Some(self.now.mono_ms + WORD_WAIT);
                            }
                            Outcome::Refused(_) | Outcome::Damaged => {
                                tracing::error!(%file, ?outcome, "an encrypted file was not accepted");
                            }
                        }
                    }
                    self.push_upload()?;
                }
            }
        }
        Ok(())
    }

    fn publish_chunk(&mut self, span: sync::Span) {
        let Some((_, bytes)) = &self.uploads.current else {
            return;
        };
        let range = usize::try_from(span.start())
            .ok()
            .zip(usize::try_from(span.end()).ok());
        let Some(piece) = range
            .and_then(|(start, end)| bytes.get(start..end))
            .map(<[u8]>::to_vec)
        else {
            return;
        };
        let verb = FileVerb::Chunk {
            offset: span.start(),
            sha256: domain::Digest::of(&piece),
        };
        self.publish_file(Sent::Chunk { offset: span.start() }, verb, piece);
    }

    fn publish_file(&mut self, sent: Sent, verb: FileVerb, payload: Vec<u8>) {
        let Some((upload, _)) = &self.uploads.current else {
            return;
        };
        let flow = if is_footage(upload.init()) {
            Flow::Footage
        } else {
            Flow::Parts
        };
        let topic = Topic::File(self.enrolment.terminal.device.clone(), upload.init().file, verb);
        let token = self.uploads.next_token;
        self.uploads.next_token += 1;
        self.uploads.sent.insert(token, sent);
        let publish = Publish::new(token, topic, payload);
        self.traffic.sent(flow, &publish);
        self.out.push(Effect::Bulk(LinkCommand::Publish(publish)));
    }
}
