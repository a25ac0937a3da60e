//! The camera's side of the chain: signs while it records.
//!
//! The same keys, bytes and times give the same messages, so that a camera that restarts tells the same story.

use domain::canonical::{Digest, encode};
use domain::{CameraId, ClipId, UnixMs};
use trust::cert::Certificate;
use trust::cose::{self, Namespace, SigningRefusal};
use trust::keys::SigningKey;

use super::{END_TYPE, End, INIT_TYPE, Init, SEGMENT_TYPE, SegmentClaim, VERSION};

/// Signs one recording, segment after segment.
pub struct Recorder {
    clip: ClipId,
    session: SigningKey,
    started: UnixMs,
    previous: Digest,
    index: u32,
    offset: u64,
    whole: trust::Hasher,
}

impl Recorder {
    /// Opens the chain: gives the recorder and the opening message. `session` is an Ed25519 key of this recording.
    pub fn open(
        clip: ClipId,
        camera: CameraId,
        key: &SigningKey,
        certificate: &Certificate,
        session: SigningKey,
        started: UnixMs,
    ) -> Result<(Self, Vec<u8>), SigningRefusal> {
        let init = Init {
            version: VERSION,
            clip,
            camera,
            certificate: Digest::from_bytes(certificate.fingerprint().0),
            session_key: session.public().spki_der(),
            started,
        };
        let message = cose::sign(
            Namespace::CameraInit,
            key,
            certificate,
            INIT_TYPE,
            &encode(&init),
            None,
        )?;
        let recorder = Recorder {
            clip,
            session,
            started,
            previous: Digest::of(&message),
            index: 0,
            offset: 0,
            whole: trust::Hasher::new(),
        };
        Ok((recorder, message))
    }

    /// Signs the next segment, which ends `mono_ms` after the start.
    pub fn segment(&mut self, bytes: &[u8], mono_ms: u64) -> Result<Vec<u8>, SigningRefusal> {
        let claim = SegmentClaim {
            clip: self.clip,
            index: self.index,
            offset: self.offset,
            length: u32::try_from(bytes.len()).map_err(|_| SigningRefusal::TooLong)?,
            plain: Digest::of(bytes),
            previous: self.previous,
            mono_ms,
            utc: self.after(mono_ms),
        };
        let payload = encode(&claim);
        let message = cose::sign_bare(Namespace::CameraSegment, &self.session, SEGMENT_TYPE, &payload)?;
        self.previous = Digest::of(&message);
        self.index += 1;
        self.offset += bytes.len() as u64;
        self.whole.update(bytes);
        Ok(message)
    }

    /// Closes the chain, `mono_ms` after the start.
    pub fn end(self, mono_ms: u64) -> Result<Vec<u8>, SigningRefusal> {
        let end = End {
            clip: self.clip,
            count: self.index,
            bytes: self.offset,
            ended: self.after(mono_ms),
            whole: Digest::from_bytes(self.whole.finish().0),
            previous: self.previous,
        };
        cose::sign_bare(Namespace::CameraEnd, &self.session, END_TYPE, &encode(&end))
    }

    fn after(&self, mono_ms: u64) -> UnixMs {
        self.started.plus(i64::try_from(mono_ms).unwrap_or(i64::MAX))
    }
}
