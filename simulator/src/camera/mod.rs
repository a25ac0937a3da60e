//! A body camera in software: its own keys, a real recording, and every way in which a camera can fail.
//!
//! It says what a real one would over the same bytes, and depends on `camera`, `evidence`, `trust` and `domain` alone.
//! Its disk is one small file, so that a restart knows whom it met and what it may delete.

mod fault;
mod memory;
mod recording;
mod server;

use std::io;
use std::path::Path;

use camera::Secret32;
use camera::invitation::Invitation;
use camera::pairing::{CameraIdentity, generate_static};
use domain::{CameraId, Digest, UnixMs};
use thiserror::Error;
use trust::cert::{Certificate, Claims, Holder, IssueError, Profile, Request, SubjectName, issue, random_serial};
use trust::cose::SigningRefusal;
use trust::keys::{KeyKind, SigningKey};

pub use fault::{Fault, Faults};
pub use recording::{Clip, DEFAULT_SEGMENT};
pub use server::{Clock, Running};

use self::memory::Memory;
use self::recording::Recording;

/// Why a camera cannot be made or does not run.
#[derive(Debug, Error)]
pub enum SimCameraError {
    #[error("cannot issue the camera's certificate")]
    Issue(#[source] IssueError),
    #[error("cannot sign a recording")]
    Signing(#[source] SigningRefusal),
    #[error("cannot read or write the camera's memory; remove it to begin again")]
    Memory(#[source] io::Error),
    #[error("the camera's memory is damaged; remove it to begin again")]
    MemoryDamaged,
    #[error("cannot listen")]
    Listen(#[source] io::Error),
}

/// Who a simulated camera is.
pub struct Identity {
    pub id: CameraId,
    /// The Ed25519 key of its certificate.
    pub key: SigningKey,
    pub pairing: CameraIdentity,
}

impl Identity {
    /// Makes keys and has them certified by `issuer`; `above` are the authorities to show beside the certificate.
    pub fn issue(
        id: CameraId,
        issuer_key: &SigningKey,
        issuer: &Certificate,
        validity_unix_ms: (i64, i64),
    ) -> Result<Self, SimCameraError> {
        let key = SigningKey::generate(KeyKind::Ed25519);
        let (noise, noise_public) = generate_static();
        let request = Request {
            profile: Profile::Camera,
            common_name: id.as_str(),
            public_key: &key.public(),
            names: &[SubjectName::Holder(Holder::Camera(id.as_str().to_owned()))],
            claims: &Claims { noise_key: Some(noise_public), ..Claims::default() },
            serial: &random_serial(),
            not_before_unix_ms: validity_unix_ms.0,
            not_after_unix_ms: validity_unix_ms.1,
        };
        let certificate = issue(&request, issuer_key, issuer).map_err(SimCameraError::Issue)?;
        let mut certificates = vec![certificate];
        if issuer.check_profile(Profile::Issuing).is_ok() {
            certificates.push(issuer.clone());
        }
        Ok(Self { id, key, pairing: CameraIdentity { certificates, noise } })
    }

    /// Puts an identity together again from what was stored; `certificates` with the camera's first.
    pub fn from_parts(
        id: CameraId,
        key: SigningKey,
        noise: Secret32,
        certificates: Vec<Certificate>,
    ) -> Self {
        Self { id, key, pairing: CameraIdentity { certificates, noise } }
    }

    fn certificate(&self) -> &Certificate {
        &self.pairing.certificates[0]
    }
}

/// A camera that is switched on: what it is, what it recorded, whom it knows.
pub struct SimCamera {
    identity: Identity,
    /// Whom terminals and receipts must be vouched for by.
    anchors: Vec<Certificate>,
    recordings: Vec<Recording>,
    memory: Memory,
}

impl SimCamera {
    /// Switches a camera on; `memory` is its file, made when it is not there. Each clip is cut into segments of
    /// `segment` bytes, a multiple of 64, and signed: the same identity and clip give the same chain at every start.
    pub fn new(
        identity: Identity,
        anchors: Vec<Certificate>,
        clips: &[Clip],
        segment: usize,
        memory: &Path,
    ) -> Result<Self, SimCameraError> {
        let recordings =
            clips.iter().map(|clip| Recording::of(&identity, clip, segment)).collect::<Result<_, _>>()?;
        Ok(Self { memory: Memory::open(memory)?, identity, anchors, recordings })
    }

    /// What its tag carries: serves one terminal, as often as that terminal asks.
    pub fn invitation(&self) -> Invitation {
        let key = self.identity.certificate().noise_key().map_or(Digest::of(&[]), |key| Digest::of(key));
        Invitation { camera: self.identity.id.clone(), key, secret: self.memory.invitation() }
    }

    /// Makes a new invitation; the one before is void.
    pub fn renew_invitation(&mut self) -> Result<Invitation, SimCameraError> {
        self.memory.renew_invitation()?;
        Ok(self.invitation())
    }
}

/// The moment that a camera believes it is.
pub fn fixed_clock(at: UnixMs) -> Clock {
    std::sync::Arc::new(move || at)
}
