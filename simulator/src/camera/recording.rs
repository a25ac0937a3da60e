//! A recording as the camera keeps it: the file, cut into segments, and the chain over them.

use camera::protocol::Custody;
use domain::footage::ClipListing;
use domain::{ClipId, UnixMs};
use evidence::chain::Recorder;
use trust::keys::{KeyKind, SigningKey};

use super::{Identity, SimCameraError};

/// Bytes of a segment of the small default clip; a real camera cuts into 1 to 4 MiB.
pub const DEFAULT_SEGMENT: usize = 32 * 1024;

/// A recording to be played.
#[derive(Debug, Clone)]
pub struct Clip {
    pub id: ClipId,
    /// Camera clock.
    pub started: UnixMs,
    /// How long it lasts, in milliseconds.
    pub length_ms: u64,
    /// The MP4 file.
    pub file: Vec<u8>,
    /// Whether the camera closed the recording.
    pub closed: bool,
}

/// A clip with its chain.
pub(super) struct Recording {
    pub(super) listing: ClipListing,
    pub(super) init: Vec<u8>,
    pub(super) segments: Vec<Segment>,
    pub(super) end: Option<Vec<u8>>,
}

#[derive(Clone)]
pub(super) struct Segment {
    pub(super) bytes: Vec<u8>,
    pub(super) message: Vec<u8>,
}

impl Recording {
    pub(super) fn of(identity: &Identity, clip: &Clip, segment: usize) -> Result<Self, SimCameraError> {
        let (mut recorder, init) = Recorder::open(
            clip.id,
            identity.id.clone(),
            &identity.key,
            identity.certificate(),
            session_key(identity, clip.id),
            clip.started,
        )
        .map_err(SimCameraError::Signing)?;
        let count = clip.file.len().div_ceil(segment).max(1) as u64;
        let mut segments = Vec::new();
        for (index, bytes) in (1..).zip(clip.file.chunks(segment)) {
            let mono_ms = clip.length_ms * index / count;
            let message = recorder
                .segment(bytes, mono_ms)
                .map_err(SimCameraError::Signing)?;
            segments.push(Segment {
                bytes: bytes.to_vec(),
                message,
            });
        }
        let end = recorder.end(clip.length_ms).map_err(SimCameraError::Signing)?;
        let listing = ClipListing {
            clip: clip.id,
            started: clip.started,
            ended: clip
                .started
                .plus(i64::try_from(clip.length_ms).unwrap_or(i64::MAX)),
            bytes: clip.file.len() as u64,
            segments: u32::try_from(segments.len()).unwrap_or(u32::MAX),
        };
        Ok(Self {
            listing,
            init,
            segments,
            end: clip.closed.then_some(end),
        })
    }

    /// Whether the camera may still show it.
    pub(super) fn is_listed(custody: Custody) -> bool {
        match custody {
            Custody::CameraOnly | Custody::Taken => true,
            Custody::Received => false,
        }
    }
}

/// A key of this recording alone, the same after a restart.
fn session_key(identity: &Identity, clip: ClipId) -> SigningKey {
    let mut hasher = trust::Hasher::new();
    hasher.update(b"simulated camera session");
    hasher.update(&identity.key.to_pkcs8_der());
    hasher.update(clip.as_bytes());
    SigningKey::from_secret(KeyKind::Ed25519, &hasher.finish().0).expect("any 32 bytes are an Ed25519 secret")
}
