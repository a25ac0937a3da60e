//! What a camera states of itself: a chain of signed events for the life of the camera, checked by whoever keeps a part.

use domain::canonical::{self, Digest};
use domain::footage::{CameraEvent, CameraSaid, CarriedEvents, Manifest};
use domain::{CameraId, UnixMs};
use minicbor::{Decoder, Encoder};
use thiserror::Error;
use trust::cert::{Certificate, Holder};
use trust::cose::{self, Namespace, SigningRefusal};
use trust::keys::SigningKey;

/// The largest message, in bytes.
pub const MAX_MESSAGE: usize = 1024;
/// Events that one manifest carries; more wait for the next one.
pub const MAX_CARRIED: usize = 64;

const VERSION: u8 = 1;

/// Why a statement of a camera does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotAnEvent {
    #[error("the camera's statement cannot be read")]
    Unreadable,
    #[error("the camera's statement is not signed by its key")]
    Signature,
    #[error("the statement is that of another camera")]
    ForeignCamera,
    #[error("statement {found} comes again")]
    Replayed { found: u64 },
    #[error("statement {found} does not follow the one before it")]
    Link { found: u64 },
    #[error("the statements are not those that the manifest names")]
    Carried,
}

/// The last event that is known of a camera: its counter, and the SHA-256 of its message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub counter: u64,
    pub message: Digest,
}

/// Reads the next statement of the camera whose certificate this is, behind the last that is `known`.
///
/// A counter that was there never counts again. One that leaves others out is taken: another terminal has them, and the
/// counters show that they are missing here.
pub fn read(
    message: &[u8],
    certificate: &Certificate,
    known: Option<Known>,
) -> Result<CameraEvent, NotAnEvent> {
    if message.len() > MAX_MESSAGE {
        return Err(NotAnEvent::Unreadable);
    }
    let signed = cose::parse(message).map_err(|_| NotAnEvent::Unreadable)?;
    cose::verify(&signed, Namespace::CameraEvent, certificate).map_err(|_| NotAnEvent::Signature)?;
    if signed.content_type != CameraEvent::CONTENT_TYPE {
        return Err(NotAnEvent::Unreadable);
    }
    let event: CameraEvent = canonical::decode(&signed.payload).map_err(|_| NotAnEvent::Unreadable)?;
    if event.version != VERSION || event.counter == 0 {
        return Err(NotAnEvent::Unreadable);
    }
    let holder = Holder::Camera(event.camera.as_str().to_owned());
    let fingerprint = Digest::from_bytes(certificate.fingerprint().0);
    if certificate.holder() != Some(&holder) || event.certificate != fingerprint {
        return Err(NotAnEvent::ForeignCamera);
    }
    let found = event.counter;
    match known {
        Some(known) if found <= known.counter => Err(NotAnEvent::Replayed { found }),
        Some(known) if found == known.counter + 1 && event.previous != known.message => {
            Err(NotAnEvent::Link { found })
        }
        None if found == 1 && event.previous != Digest::of(&[]) => Err(NotAnEvent::Link { found }),
        Some(_) | None => Ok(event),
    }
}

/// Signs a camera's next statement behind the last one.
pub fn state(
    (key, certificate): (&SigningKey, &Certificate),
    camera: &CameraId,
    last: Option<Known>,
    at: UnixMs,
    said: CameraSaid,
) -> Result<Vec<u8>, SigningRefusal> {
    let event = CameraEvent {
        version: VERSION,
        camera: camera.clone(),
        certificate: Digest::from_bytes(certificate.fingerprint().0),
        counter: last.map_or(1, |last| last.counter + 1),
        previous: last.map_or_else(|| Digest::of(&[]), |last| last.message),
        at,
        said,
    };
    let payload = canonical::encode(&event);
    cose::sign(
        Namespace::CameraEvent,
        key,
        certificate,
        CameraEvent::CONTENT_TYPE,
        &payload,
        None,
    )
}

/// The bytes of `events.cose`: the messages as CBOR byte strings, one after the other (RFC 8742).
pub fn join(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file);
    for message in messages {
        encoder.bytes(message).expect("writing to a vector cannot fail");
    }
    file
}

/// The messages of `events.cose`; nothing is said about the signatures.
pub fn split(file: &[u8]) -> Result<Vec<Vec<u8>>, NotAnEvent> {
    let mut decoder = Decoder::new(file);
    let mut messages = Vec::new();
    while decoder.position() < file.len() {
        let message = decoder.bytes().map_err(|_| NotAnEvent::Unreadable)?;
        if messages.len() == MAX_CARRIED {
            return Err(NotAnEvent::Unreadable);
        }
        messages.push(message.to_vec());
    }
    if messages.is_empty() || join(&messages) != file {
        return Err(NotAnEvent::Unreadable);
    }
    Ok(messages)
}

/// Checks a whole `events.cose` against the manifest that names it; gives its events in their order.
pub fn check_file(
    file: &[u8],
    certificate: &Certificate,
    carried: &CarriedEvents,
    manifest: &Manifest,
) -> Result<Vec<CameraEvent>, NotAnEvent> {
    if Digest::of(file) != carried.file {
        return Err(NotAnEvent::Carried);
    }
    let mut known = None;
    let mut events = Vec::new();
    for message in split(file)? {
        let event = read(&message, certificate, known)?;
        if event.camera != manifest.camera {
            return Err(NotAnEvent::ForeignCamera);
        }
        known = Some(Known {
            counter: event.counter,
            message: Digest::of(&message),
        });
        events.push(event);
    }
    let ends = events.first().zip(events.last());
    let named =
        ends.is_some_and(|(first, last)| (first.counter, last.counter) == (carried.first, carried.last));
    if named {
        Ok(events)
    } else {
        Err(NotAnEvent::Carried)
    }
}

#[cfg(test)]
mod tests;
