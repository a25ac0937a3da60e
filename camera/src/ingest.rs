//! Bringing one recording in: asks its source for segment after segment, checks each against the camera's chain, and
//! goes on after any break where the last stored segment ended.
//!
//! Sans-IO: words and acknowledged storage in, instructions out. Nothing that fails a check is ever handed out for
//! storage, and a manifest exists only for a whole video.

mod fault;
mod plain;

use std::collections::VecDeque;

use domain::canonical::Digest;
use domain::footage::{MAX_SEGMENT, Manifest, Segment};
use domain::{CameraId, ClipId, UnixMs};
use evidence::chain::{Broken, FileDigest, SegmentClaim, Verifier};
use evidence::mp4::Refusal;
use minicbor::{Decode, Encode};
use trust::cert::Certificate;
use trust::merkle;

pub use self::fault::Fault;
pub use self::plain::Plain;
use self::plain::Receiving;
use crate::seal::{Checkpoint, Whole};
use crate::source::{Request, Word};

/// Segments on their way to the disk at a time: what a stop may cost, beside the one that is being received. One waits
/// while the other is sealed and flushed, so that neither thread stands still; each more would cost its length in memory.
pub const IN_FLIGHT: usize = 2;

/// The camera at the other end.
#[derive(Debug, Clone)]
pub struct Peer {
    pub camera: CameraId,
    /// Judged when the two met.
    pub certificate: Certificate,
    /// Handshake hash of the pairing.
    pub pairing: Digest,
}

/// What is fixed about a recording when its first message comes.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Opening {
    #[n(0)]
    pub clip: ClipId,
    #[n(1)]
    pub camera: CameraId,
    /// The camera's certificate (DER).
    #[cbor(n(2), with = "minicbor::bytes")]
    pub certificate: Vec<u8>,
    #[n(3)]
    pub pairing: Digest,
    /// Opening message of the camera's chain.
    #[cbor(n(4), with = "minicbor::bytes")]
    pub init: Vec<u8>,
    /// When the recording began, by the camera's clock.
    #[n(5)]
    pub started: UnixMs,
}

/// A segment in the vault: what a resumption needs of it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StoredSegment {
    #[n(0)]
    pub record: Segment,
    /// The segment's message in the camera's chain.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub message: Vec<u8>,
    /// State of the whole after this segment.
    #[n(2)]
    pub checkpoint: Checkpoint,
}

impl StoredSegment {
    /// What is held of it in memory once a later one has the newer state, and that state.
    pub(crate) fn split(self) -> (KeptSegment, Checkpoint) {
        let Self {
            record,
            message,
            checkpoint,
        } = self;
        (KeptSegment { record, message }, checkpoint)
    }
}

/// A segment in the vault: what the recording needs of it when it is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptSegment {
    pub record: Segment,
    /// The segment's message in the camera's chain.
    pub message: Vec<u8>,
}

/// A recording whose beginning is in the vault.
#[derive(Debug, Clone, Copy)]
pub struct Begun<'a> {
    pub opening: &'a Opening,
    pub kept: &'a [KeptSegment],
    /// State of the whole after the last of them.
    pub checkpoint: Option<&'a Checkpoint>,
}

/// Something happened.
pub enum Input {
    Said(Word),
    /// The oldest segment of those that [`Keep::Segment`] gave out is durable.
    Stored(Segment),
}

/// Something to do.
#[expect(clippy::large_enum_variant, reason = "a handful exists at a time")]
pub enum Output {
    Ask(Request),
    Keep(Keep),
    /// Nothing of this recording is kept.
    Refuse(Fault),
    /// The source does not have it.
    Absent,
}

/// A segment that its camera's chain was checked for.
pub struct Checked {
    pub claim: SegmentClaim,
    pub plain: Plain,
    /// Its message in the chain.
    pub message: Vec<u8>,
    /// State of the whole after it.
    pub checkpoint: Checkpoint,
}

/// Something for the vault.
pub enum Keep {
    /// The first contact with this recording.
    Opening(Opening),
    /// Bytes to encrypt and keep; [`Input::Stored`] answers.
    Segment(Checked),
    /// Every byte is kept.
    Manifest {
        manifest: Box<Manifest>,
        /// Closing message of the chain.
        end: Option<Vec<u8>>,
    },
}

enum State {
    /// The recording's opening is due; whatever else comes belongs to another recording.
    Opening,
    /// Bytes of the segment that was asked for are due.
    Pulling,
    /// As many segments as may be are on their way to the disk; nothing is asked for.
    Full,
    /// The end came, with this message, before every segment was durable.
    Ending(Option<Vec<u8>>),
    Over,
}

/// One recording on its way in.
pub struct Ingest {
    peer: Peer,
    clip: ClipId,
    state: State,
    /// Present from the opening message on.
    chain: Option<Verifier>,
    /// The opening message, of this contact or an earlier one.
    init: Option<Vec<u8>>,
    /// Of the opening message and those of the segments so far.
    file: FileDigest,
    segments: Vec<Segment>,
    /// Handed out for storage, oldest first.
    storing: VecDeque<(SegmentClaim, Vec<u8>)>,
    whole: Whole,
    receiving: Receiving,
}

impl Ingest {
    /// A recording of which nothing is stored.
    pub fn new(peer: Peer, clip: ClipId) -> Self {
        Self {
            peer,
            clip,
            state: State::Opening,
            chain: None,
            init: None,
            file: FileDigest::default(),
            segments: Vec::new(),
            storing: VecDeque::new(),
            whole: Whole::default(),
            receiving: Receiving::default(),
        }
    }

    /// Takes back the bytes of a segment that was sealed, so that the next one finds memory ready.
    pub fn reuse(&mut self, plain: Plain) {
        self.receiving.reuse(plain);
    }

    /// A recording whose beginning is stored: its chain is checked again, its bytes are not.
    pub fn resume(peer: Peer, begun: Begun<'_>) -> Result<Self, Fault> {
        let Begun {
            opening,
            kept,
            checkpoint,
        } = begun;
        if opening.camera != peer.camera || opening.certificate != peer.certificate.der() {
            return Err(Fault::Chain(Broken::ForeignCamera));
        }
        let peer = Peer {
            pairing: opening.pairing,
            ..peer
        };
        let mut ingest = Self::new(peer, opening.clip);
        let mut chain =
            Verifier::open(&opening.init, &ingest.peer.certificate, opening.clip).map_err(Fault::Chain)?;
        ingest.file.push(&opening.init);
        if let Some(checkpoint) = checkpoint {
            ingest.whole = Whole::resume(checkpoint).ok_or(Fault::Protocol)?;
        }
        for KeptSegment { record, message } in kept {
            chain
                .segment(message, record.plain, u64::from(record.length))
                .map_err(Fault::Chain)?;
            ingest.segments.push(record.clone());
            ingest.file.push(message);
        }
        ingest.chain = Some(chain);
        ingest.init = Some(opening.init.clone());
        Ok(ingest)
    }

    pub fn clip(&self) -> ClipId {
        self.clip
    }

    /// What to ask first.
    pub fn start(&self) -> Request {
        Request::Opening
    }

    /// Whether [`Input::Stored`] comes next, since nothing is asked of the source.
    pub fn waits_for_storage(&self) -> bool {
        match self.state {
            State::Full | State::Ending(_) => true,
            State::Opening | State::Pulling | State::Over => false,
        }
    }

    /// Takes what happened; gives what to do, in order.
    pub fn handle(&mut self, input: Input) -> Vec<Output> {
        let outputs = match input {
            Input::Said(word) => self.hear(word),
            Input::Stored(segment) => self.stored(segment),
        };
        outputs.unwrap_or_else(|fault| {
            self.state = State::Over;
            self.receiving = Receiving::default();
            vec![Output::Refuse(fault)]
        })
    }

    fn hear(&mut self, word: Word) -> Result<Vec<Output>, Fault> {
        match (word, &self.state) {
            (Word::Opening { clip, message }, State::Opening) if clip == self.clip => {
                self.open(message.ok_or(Fault::Unsigned)?)
            }
            (Word::Data(bytes), State::Pulling) => self.data(&bytes),
            (Word::SegmentEnd { message }, State::Pulling) => {
                self.segment_end(message.ok_or(Fault::Unsigned)?)
            }
            (Word::End { message }, State::Pulling) => self.end(message),
            (Word::Data(_) | Word::SegmentEnd { .. } | Word::End { .. }, State::Full | State::Ending(_))
            | (Word::Opening { .. }, State::Pulling | State::Full | State::Ending(_)) => Err(Fault::Protocol),
            // The tail of a recording that was given up before.
            (
                Word::Opening { .. } | Word::Data(_) | Word::SegmentEnd { .. } | Word::End { .. },
                State::Opening | State::Over,
            ) => Ok(vec![]),
            (Word::Absent, _) => {
                self.state = State::Over;
                Ok(vec![Output::Absent])
            }
        }
    }

    fn open(&mut self, message: Vec<u8>) -> Result<Vec<Output>, Fault> {
        let mut outputs = Vec::new();
        match &self.init {
            Some(pinned) if *pinned != message => return Err(Fault::OtherOpening),
            Some(_) => {}
            None => {
                let chain =
                    Verifier::open(&message, &self.peer.certificate, self.clip).map_err(|broken| {
                        // An opening under another key is not that of the camera that was met.
                        Fault::Chain(if broken == Broken::Signature {
                            Broken::ForeignCamera
                        } else {
                            broken
                        })
                    })?;
                let started = chain.init().started;
                self.chain = Some(chain);
                self.file.push(&message);
                self.init = Some(message.clone());
                outputs.push(Output::Keep(Keep::Opening(Opening {
                    clip: self.clip,
                    camera: self.peer.camera.clone(),
                    certificate: self.peer.certificate.der().to_vec(),
                    pairing: self.peer.pairing,
                    init: message,
                    started,
                })));
            }
        }
        outputs.push(self.pull()?);
        Ok(outputs)
    }

    fn data(&mut self, bytes: &[u8]) -> Result<Vec<Output>, Fault> {
        if self.receiving.len() + bytes.len() > MAX_SEGMENT as usize {
            return Err(Fault::Protocol);
        }
        self.whole.push(bytes).map_err(Fault::Video)?;
        self.receiving.push(bytes);
        Ok(vec![])
    }

    fn segment_end(&mut self, message: Vec<u8>) -> Result<Vec<Output>, Fault> {
        let (digest, plain) = self.receiving.take();
        let chain = self.chain.as_mut().ok_or(Fault::Protocol)?;
        let claim = chain
            .segment(&message, digest, plain.len() as u64)
            .map_err(Fault::Chain)?;
        if !self.whole.end_segment(plain.len()) {
            return Err(Fault::Chain(Broken::Place { index: claim.index }));
        }
        self.storing.push_back((claim.clone(), message.clone()));
        let mut outputs = vec![Output::Keep(Keep::Segment(Checked {
            claim,
            plain,
            message,
            checkpoint: self.whole.checkpoint(),
        }))];
        if self.storing.len() < IN_FLIGHT {
            outputs.push(self.pull()?);
        } else {
            self.state = State::Full;
        }
        Ok(outputs)
    }

    fn stored(&mut self, record: Segment) -> Result<Vec<Output>, Fault> {
        let (claim, message) = self.storing.pop_front().ok_or(Fault::Protocol)?;
        if claim.index != record.index || claim.plain != record.plain {
            return Err(Fault::Protocol);
        }
        self.segments.push(record);
        self.file.push(&message);
        match std::mem::replace(&mut self.state, State::Over) {
            State::Full => Ok(vec![self.pull()?]),
            State::Ending(end) if self.storing.is_empty() => self.manifest(end),
            state @ (State::Opening | State::Pulling | State::Ending(_) | State::Over) => {
                self.state = state;
                Ok(vec![])
            }
        }
    }

    fn pull(&mut self) -> Result<Output, Fault> {
        let index = self.chain.as_ref().ok_or(Fault::Protocol)?.next();
        self.state = State::Pulling;
        Ok(Output::Ask(Request::Segment(index)))
    }

    fn end(&mut self, end: Option<Vec<u8>>) -> Result<Vec<Output>, Fault> {
        if self.receiving.len() > 0 {
            return Err(Fault::Protocol);
        }
        if self.storing.is_empty() {
            return self.manifest(end);
        }
        self.state = State::Ending(end);
        Ok(vec![])
    }

    /// Everything is durable and the source has no more.
    fn manifest(&mut self, end: Option<Vec<u8>>) -> Result<Vec<Output>, Fault> {
        let mut chain = self.chain.take().ok_or(Fault::Protocol)?;
        let whole = self.whole.digest();
        if let Some(end) = &end {
            chain.end(end, whole).map_err(Fault::Chain)?;
            self.file.push(end);
        }
        let (started, ended, bytes) = (chain.init().started, chain.latest(), chain.bytes());
        let chain = chain.finish().map_err(Fault::Chain)?;
        let structure = self.whole.structure().map_err(Fault::Video)?;
        if structure.bytes != bytes {
            return Err(Fault::Video(Refusal::Truncated));
        }
        let leaves: Vec<trust::Digest> = self
            .segments
            .iter()
            .map(|one| merkle::leaf(&one.leaf()))
            .collect();
        self.state = State::Over;
        let manifest = Manifest {
            clip: self.clip,
            camera: self.peer.camera.clone(),
            camera_certificate: Digest::from_bytes(self.peer.certificate.fingerprint().0),
            pairing: self.peer.pairing,
            started,
            ended,
            bytes,
            whole,
            root: Digest::from_bytes(merkle::root(&leaves).0),
            segments: std::mem::take(&mut self.segments),
            chain,
            chain_digest: std::mem::take(&mut self.file).finish(),
            video: None,
            events: None,
            assigned: None,
            program: None,
        };
        Ok(vec![Output::Keep(Keep::Manifest {
            manifest: Box::new(manifest),
            end,
        })])
    }
}
