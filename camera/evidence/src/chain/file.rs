//! The file `camera.cose`: the messages of a chain, each a CBOR byte string, one after the other (RFC 8742).
//!
//! The file has one spelling: splitting and joining gives the same bytes, or the file is refused.

use domain::Digest;
use domain::footage::{CameraChain, Manifest};
use minicbor::{Decoder, Encoder};
use trust::Hasher;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};

use super::{Broken, MAX_MESSAGE, Verifier};

/// The messages of a chain in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Messages<'a> {
    pub init: &'a [u8],
    pub segments: Vec<&'a [u8]>,
    /// Absent when the camera stopped without closing the chain.
    pub end: Option<&'a [u8]>,
}

/// The bytes of `camera.cose`.
pub fn join(messages: &Messages<'_>) -> Vec<u8> {
    let mut file = Vec::new();
    for message in std::iter::once(&messages.init)
        .chain(&messages.segments)
        .chain(&messages.end)
    {
        file.extend(head(message));
        file.extend_from_slice(message);
    }
    file
}

/// What stands before a message in the file.
fn head(message: &[u8]) -> Vec<u8> {
    let mut head = Vec::new();
    Encoder::new(&mut head)
        .bytes_len(message.len() as u64)
        .expect("writing to a vector cannot fail");
    head
}

/// The digest of a `camera.cose` of which no more than one message is held at a time.
#[derive(Default)]
pub struct FileDigest(Hasher);

impl FileDigest {
    /// Takes the next message.
    pub fn push(&mut self, message: &[u8]) {
        self.0.update(&head(message));
        self.0.update(message);
    }

    pub fn finish(self) -> Digest {
        Digest::from_bytes(*self.0.finish().as_bytes())
    }
}

/// Reads the bytes of `camera.cose`; nothing is said about the signatures.
pub fn split(file: &[u8]) -> Result<Messages<'_>, Broken> {
    let mut decoder = Decoder::new(file);
    let mut messages = Vec::new();
    while decoder.position() < file.len() {
        let message = decoder.bytes().map_err(|_| Broken::Unreadable)?;
        if message.is_empty() || message.len() > MAX_MESSAGE {
            return Err(Broken::Unreadable);
        }
        messages.push(message);
    }
    let mut messages = messages.into_iter();
    let init = messages.next().ok_or(Broken::Unreadable)?;
    let mut segments: Vec<&[u8]> = messages.collect();
    let closes =
        |message: &&[u8]| cose::parse(message).is_ok_and(|signed| signed.namespace == Namespace::CameraEnd);
    let end = segments.pop_if(|last| closes(&*last));
    let read = Messages { init, segments, end };
    if join(&read) == file {
        Ok(read)
    } else {
        Err(Broken::Unreadable)
    }
}

/// Checks a whole `camera.cose` against the manifest that was made from it.
pub fn check_file(
    file: &[u8],
    certificate: &Certificate,
    manifest: &Manifest,
) -> Result<CameraChain, Broken> {
    let messages = split(file)?;
    let mut verifier = Verifier::open(messages.init, certificate, manifest.clip)?;
    if messages.segments.len() != manifest.segments.len() {
        return Err(Broken::Count);
    }
    let init = verifier.init();
    if init.camera != manifest.camera || init.certificate != manifest.camera_certificate {
        return Err(Broken::ForeignCamera);
    }
    if init.started != manifest.started {
        return Err(Broken::Total);
    }
    for (message, segment) in messages.segments.iter().zip(&manifest.segments) {
        let claim = verifier.segment(message, segment.plain, u64::from(segment.length))?;
        if (claim.index, claim.offset) != (segment.index, segment.offset) {
            return Err(Broken::Place { index: segment.index });
        }
    }
    if let Some(end) = messages.end {
        verifier.end(end, manifest.whole)?;
    }
    if verifier.bytes() != manifest.bytes || verifier.latest() != manifest.ended {
        return Err(Broken::Total);
    }
    verifier.finish()
}
