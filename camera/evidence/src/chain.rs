//! The camera's own chain of signatures over a recording, built by the camera and checked by everybody else.
//!
//! It has the shape of C2PA 2.3 §19.4: an opening message binds a session key to the camera's certificate, then one
//! message a segment names the message before it, and a last one closes the count. Nothing is accepted out of order.

mod file;
mod recorder;

use domain::canonical::{self, Digest};
use domain::footage::{CameraChain, MAX_SEGMENT};
use domain::{CameraId, ClipId, UnixMs};
use minicbor::{Decode, Encode};
use thiserror::Error;
use trust::cert::{Certificate, Holder};
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, PublicKey};

pub use file::{FileDigest, Messages, check_file, join, split};
pub use recorder::Recorder;

/// Content types of the three messages.
pub const INIT_TYPE: &str = "application/neo-camera-init+cbor;v=1";
pub const SEGMENT_TYPE: &str = "application/neo-camera-segment+cbor;v=1";
pub const END_TYPE: &str = "application/neo-camera-end+cbor;v=1";

/// The largest message, in bytes.
pub const MAX_MESSAGE: usize = 4096;
/// A segment that another one follows is a whole number of SHA-256 blocks, so that a stored hash holds no content.
pub const BLOCK: u32 = 64;

const VERSION: u8 = 1;

/// Payload of the opening message, signed by the camera's certified key (namespace `camera-init`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Init {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub clip: ClipId,
    #[n(2)]
    pub camera: CameraId,
    /// SHA-256 of the camera's certificate (DER).
    #[n(3)]
    pub certificate: Digest,
    /// Ed25519 key of this recording alone, as SubjectPublicKeyInfo (DER).
    #[cbor(n(4), with = "minicbor::bytes")]
    pub session_key: Vec<u8>,
    /// Camera clock.
    #[n(5)]
    pub started: UnixMs,
}

/// Payload of a segment's message, signed by the session key (namespace `camera-segment`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SegmentClaim {
    #[n(0)]
    pub clip: ClipId,
    /// From 0, without holes.
    #[n(1)]
    pub index: u32,
    /// Offset in the recording, in bytes.
    #[n(2)]
    pub offset: u64,
    /// Length in bytes.
    #[n(3)]
    pub length: u32,
    /// SHA-256 of the segment's bytes.
    #[n(4)]
    pub plain: Digest,
    /// SHA-256 of the message before this one.
    #[n(5)]
    pub previous: Digest,
    /// Milliseconds since the recording began, at the segment's end, whatever happened to the clock.
    #[n(6)]
    pub mono_ms: u64,
    /// Camera clock at the segment's end.
    #[n(7)]
    pub utc: UnixMs,
}

/// Payload of the closing message, signed by the session key (namespace `camera-end`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct End {
    #[n(0)]
    pub clip: ClipId,
    /// Number of segments.
    #[n(1)]
    pub count: u32,
    /// Length of the recording in bytes.
    #[n(2)]
    pub bytes: u64,
    /// SHA-256 of the recording.
    #[n(3)]
    pub whole: Digest,
    /// SHA-256 of the message before this one.
    #[n(4)]
    pub previous: Digest,
    /// Camera clock.
    #[n(5)]
    pub ended: UnixMs,
}

/// Why a recording is not the one that the camera signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Broken {
    #[error("a message of the chain cannot be read")]
    Unreadable,
    #[error("a message of the chain is not signed by the key that it needs")]
    Signature,
    #[error("the chain is that of another camera")]
    ForeignCamera,
    #[error("a message belongs to another recording")]
    ForeignClip,
    #[error("segment {found} comes where segment {expected} is due")]
    Gap { expected: u32, found: u32 },
    #[error("segment {found} comes again")]
    Replayed { found: u32 },
    #[error("the message of segment {index} does not follow the message before it")]
    Link { index: u32 },
    #[error("segment {index} has an impossible place or length")]
    Place { index: u32 },
    #[error("the bytes of segment {index} are not those that the camera signed")]
    Content { index: u32 },
    #[error("a message follows the end of the chain")]
    AfterEnd,
    #[error("the end of the chain does not fit its segments")]
    Total,
    #[error("the chain has no segment")]
    Empty,
    #[error("the segments of the file and those of the chain are not the same number")]
    Count,
}

/// Checks a chain message by message, in the order of the recording.
///
/// The camera's certificate is taken as given: whether anybody vouches for it is asked of `trust::cert`.
pub struct Verifier {
    init: Init,
    key: PublicKey,
    previous: Digest,
    next: u32,
    offset: u64,
    /// What the last message says of the camera's clock.
    latest: UnixMs,
    /// A short segment came, which only the end may follow.
    short: bool,
    ended: bool,
}

impl Verifier {
    /// Reads the opening message, which must be of `clip` and signed by the key of `certificate`.
    pub fn open(message: &[u8], certificate: &Certificate, clip: ClipId) -> Result<Self, Broken> {
        let signed = parse(message)?;
        cose::verify(&signed, Namespace::CameraInit, certificate).map_err(|_| Broken::Signature)?;
        let init: Init = read(&signed, INIT_TYPE)?;
        if init.version != VERSION {
            return Err(Broken::Unreadable);
        }
        if init.clip != clip {
            return Err(Broken::ForeignClip);
        }
        let holder = Holder::Camera(init.camera.as_str().to_owned());
        let fingerprint = Digest::from_bytes(certificate.fingerprint().0);
        if certificate.holder() != Some(&holder) || init.certificate != fingerprint {
            return Err(Broken::ForeignCamera);
        }
        let key = PublicKey::from_spki_der(&init.session_key).map_err(|_| Broken::Unreadable)?;
        if key.kind() != KeyKind::Ed25519 {
            return Err(Broken::Unreadable);
        }
        Ok(Verifier {
            key,
            previous: Digest::of(message),
            next: 0,
            offset: 0,
            latest: init.started,
            short: false,
            ended: false,
            init,
        })
    }

    pub fn init(&self) -> &Init {
        &self.init
    }

    /// Index of the segment that is due.
    pub fn next(&self) -> u32 {
        self.next
    }

    /// Bytes that the segments so far cover.
    pub fn bytes(&self) -> u64 {
        self.offset
    }

    /// The camera's clock in the last message.
    pub fn latest(&self) -> UnixMs {
        self.latest
    }

    /// Takes a segment: its message, and the SHA-256 and length of the bytes that came with it.
    pub fn segment(&mut self, message: &[u8], plain: Digest, length: u64) -> Result<SegmentClaim, Broken> {
        let signed = parse(message)?;
        cose::verify_bare(&signed, Namespace::CameraSegment, &self.key).map_err(|_| Broken::Signature)?;
        let claim: SegmentClaim = read(&signed, SEGMENT_TYPE)?;
        let index = claim.index;
        if claim.clip != self.init.clip {
            return Err(Broken::ForeignClip);
        }
        if self.ended {
            return Err(Broken::AfterEnd);
        }
        if index < self.next {
            return Err(Broken::Replayed { found: index });
        }
        if index > self.next {
            return Err(Broken::Gap {
                expected: self.next,
                found: index,
            });
        }
        if claim.previous != self.previous {
            return Err(Broken::Link { index });
        }
        let possible = (1..=MAX_SEGMENT).contains(&claim.length);
        if self.short || !possible || claim.offset != self.offset {
            return Err(Broken::Place { index });
        }
        if claim.plain != plain || u64::from(claim.length) != length {
            return Err(Broken::Content { index });
        }
        self.offset = self.offset.checked_add(length).ok_or(Broken::Place { index })?;
        self.next = index.checked_add(1).ok_or(Broken::Place { index })?;
        self.short = !claim.length.is_multiple_of(BLOCK);
        self.latest = claim.utc;
        self.previous = Digest::of(message);
        Ok(claim)
    }

    /// Takes the closing message; `whole` is the SHA-256 of all segments together.
    pub fn end(&mut self, message: &[u8], whole: Digest) -> Result<(), Broken> {
        let signed = parse(message)?;
        cose::verify_bare(&signed, Namespace::CameraEnd, &self.key).map_err(|_| Broken::Signature)?;
        let end: End = read(&signed, END_TYPE)?;
        if end.clip != self.init.clip {
            return Err(Broken::ForeignClip);
        }
        if self.ended {
            return Err(Broken::AfterEnd);
        }
        let fits = end.count == self.next && end.bytes == self.offset && end.whole == whole;
        if !fits || end.previous != self.previous {
            return Err(Broken::Total);
        }
        self.ended = true;
        self.latest = end.ended;
        Ok(())
    }

    /// What the chain as a whole is worth, when nothing more will come.
    pub fn finish(self) -> Result<CameraChain, Broken> {
        match (self.next, self.ended) {
            (0, _) => Err(Broken::Empty),
            (_, true) => Ok(CameraChain::Complete),
            (_, false) => Ok(CameraChain::OpenEnded),
        }
    }
}

fn parse(message: &[u8]) -> Result<cose::Signed, Broken> {
    if message.len() > MAX_MESSAGE {
        return Err(Broken::Unreadable);
    }
    cose::parse(message).map_err(|_| Broken::Unreadable)
}

/// Decodes a payload whose signature holds.
fn read<'b, T: Decode<'b, ()> + Encode<()>>(
    signed: &'b cose::Signed,
    content_type: &str,
) -> Result<T, Broken> {
    if signed.content_type != content_type {
        return Err(Broken::Unreadable);
    }
    canonical::decode(&signed.payload).map_err(|_| Broken::Unreadable)
}

#[cfg(test)]
mod tests;
