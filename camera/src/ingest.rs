//! Bringing one recording in: asks the camera for segment after segment, checks each against the camera's chain, and
//! goes on after any break where the last stored segment ended.
//!
//! Sans-IO: messages and acknowledged storage in, instructions out. Nothing that fails a check is ever handed out for
//! storage, and a manifest exists only for a whole video.

use domain::canonical::Digest;
use domain::dialogue::ClipRefusal;
use domain::footage::{MAX_SEGMENT, Manifest, Segment};
use domain::{CameraId, ClipId, UnixMs};
use evidence::chain::{self, Broken, Messages, SegmentClaim, Verifier};
use evidence::mp4::Refusal;
use minicbor::{Decode, Encode};
use thiserror::Error;
use trust::cert::Certificate;
use trust::merkle;
use zeroize::Zeroizing;

use crate::protocol::{FromCamera, FromTerminal};
use crate::seal::{Checkpoint, Whole};

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

/// Something happened.
pub enum Input {
    FromCamera(FromCamera),
    /// The segment that [`Keep::Segment`] gave out is durable.
    Stored(Segment),
}

/// Something to do.
pub enum Output {
    Send(FromTerminal),
    Keep(Keep),
    /// Nothing of this recording is kept.
    Refuse(Fault),
}

/// Something for the vault.
pub enum Keep {
    /// The first contact with this recording.
    Opening(Opening),
    /// Bytes to encrypt and keep; [`Input::Stored`] answers.
    Segment {
        claim: SegmentClaim,
        plain: Zeroizing<Vec<u8>>,
        message: Vec<u8>,
        checkpoint: Checkpoint,
    },
    /// Every byte is kept.
    Manifest {
        manifest: Box<Manifest>,
        /// Closing message of the chain.
        end: Option<Vec<u8>>,
    },
}

/// Why a recording is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the recording is not a whole video")]
    Video(#[source] Refusal),
    #[error("the recording is not the one that the camera signed")]
    Chain(#[source] Broken),
    /// T1: what was pinned at first contact never changes.
    #[error("the camera opens the recording with another message than before")]
    OtherOpening,
    #[error("the camera does not keep to the protocol")]
    Protocol,
}

impl Fault {
    /// What the officer is told.
    pub const fn refusal(self) -> ClipRefusal {
        match self {
            Self::Video(_) => ClipRefusal::NotVideo,
            Self::Chain(Broken::ForeignCamera) => ClipRefusal::UnknownCamera,
            Self::Chain(_) | Self::OtherOpening | Self::Protocol => ClipRefusal::ChainBroken,
        }
    }
}

enum State {
    /// The chain's opening message is due; whatever else comes belongs to another recording.
    Opening,
    /// Bytes of the segment that was asked for are due.
    Pulling,
    /// A segment was handed out for storage.
    Storing(SegmentClaim, Vec<u8>),
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
    messages: Vec<Vec<u8>>,
    segments: Vec<Segment>,
    whole: Whole,
    segment: Zeroizing<Vec<u8>>,
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
            messages: Vec::new(),
            segments: Vec::new(),
            whole: Whole::default(),
            segment: Zeroizing::default(),
        }
    }

    /// A recording whose beginning is stored: its chain is checked again, its bytes are not.
    pub fn resume(peer: Peer, opening: Opening, stored: Vec<StoredSegment>) -> Result<Self, Fault> {
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
        if let Some(last) = stored.last() {
            ingest.whole = Whole::resume(&last.checkpoint).ok_or(Fault::Protocol)?;
        }
        for StoredSegment { record, message, .. } in stored {
            chain
                .segment(&message, record.plain, u64::from(record.length))
                .map_err(Fault::Chain)?;
            ingest.segments.push(record);
            ingest.messages.push(message);
        }
        ingest.chain = Some(chain);
        ingest.init = Some(opening.init);
        Ok(ingest)
    }

    pub fn clip(&self) -> ClipId {
        self.clip
    }

    /// Segments that are stored.
    pub fn done(&self) -> usize {
        self.segments.len()
    }

    /// What to say first.
    pub fn start(&self) -> FromTerminal {
        FromTerminal::Open { clip: self.clip }
    }

    /// Takes what happened; gives what to do, in order.
    pub fn handle(&mut self, input: Input) -> Vec<Output> {
        let outputs = match input {
            Input::FromCamera(message) => self.hear(message),
            Input::Stored(segment) => self.stored(segment),
        };
        outputs.unwrap_or_else(|fault| {
            self.state = State::Over;
            self.segment = Zeroizing::default();
            vec![Output::Refuse(fault)]
        })
    }

    fn hear(&mut self, message: FromCamera) -> Result<Vec<Output>, Fault> {
        match (message, &self.state) {
            (FromCamera::Init { clip, message }, State::Opening) if clip == self.clip => self.open(message),
            (FromCamera::Data { bytes }, State::Pulling) => self.data(&bytes),
            (FromCamera::SegmentEnd { message }, State::Pulling) => self.segment_end(message),
            (FromCamera::End { message }, State::Pulling) => self.end(message.map(Vec::from)),
            (
                FromCamera::Data { .. } | FromCamera::SegmentEnd { .. } | FromCamera::End { .. },
                State::Storing(..),
            )
            | (FromCamera::Init { .. }, State::Pulling | State::Storing(..)) => Err(Fault::Protocol),
            // The tail of a recording that was given up before.
            (
                FromCamera::Init { .. }
                | FromCamera::Data { .. }
                | FromCamera::SegmentEnd { .. }
                | FromCamera::End { .. },
                State::Opening | State::Over,
            )
            | (
                FromCamera::Status(_)
                | FromCamera::Clips(_)
                | FromCamera::Noted { .. }
                | FromCamera::NoSuchClip { .. }
                | FromCamera::NotProven { .. },
                _,
            ) => Ok(vec![]),
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
        if self.segment.len() + bytes.len() > MAX_SEGMENT as usize {
            return Err(Fault::Protocol);
        }
        self.whole.walk(bytes).map_err(Fault::Video)?;
        self.segment.extend_from_slice(bytes);
        Ok(vec![])
    }

    fn segment_end(&mut self, message: Vec<u8>) -> Result<Vec<Output>, Fault> {
        let plain = std::mem::take(&mut self.segment);
        let chain = self.chain.as_mut().ok_or(Fault::Protocol)?;
        let claim = chain
            .segment(&message, Digest::of(&plain), plain.len() as u64)
            .map_err(Fault::Chain)?;
        if !self.whole.hash(&plain) {
            return Err(Fault::Chain(Broken::Place { index: claim.index }));
        }
        self.state = State::Storing(claim.clone(), message.clone());
        Ok(vec![Output::Keep(Keep::Segment {
            claim,
            plain,
            message,
            checkpoint: self.whole.checkpoint(),
        })])
    }

    fn stored(&mut self, record: Segment) -> Result<Vec<Output>, Fault> {
        match std::mem::replace(&mut self.state, State::Pulling) {
            State::Storing(claim, message) if claim.index == record.index && claim.plain == record.plain => {
                self.segments.push(record);
                self.messages.push(message);
                Ok(vec![self.pull()?])
            }
            State::Storing(..) | State::Opening | State::Pulling | State::Over => Err(Fault::Protocol),
        }
    }

    fn pull(&mut self) -> Result<Output, Fault> {
        let index = self.chain.as_ref().ok_or(Fault::Protocol)?.next();
        self.state = State::Pulling;
        Ok(Output::Send(FromTerminal::Pull {
            clip: self.clip,
            index,
        }))
    }

    fn end(&mut self, end: Option<Vec<u8>>) -> Result<Vec<Output>, Fault> {
        let (Some(mut chain), Some(init), true) = (self.chain.take(), &self.init, self.segment.is_empty())
        else {
            return Err(Fault::Protocol);
        };
        let whole = self.whole.digest();
        if let Some(end) = &end {
            chain.end(end, whole).map_err(Fault::Chain)?;
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
        let file = chain::join(&Messages {
            init,
            segments: self.messages.iter().map(Vec::as_slice).collect(),
            end: end.as_deref(),
        });
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
            chain_digest: Digest::of(&file),
        };
        Ok(vec![Output::Keep(Keep::Manifest {
            manifest: Box::new(manifest),
            end,
        })])
    }
}
