//! A body camera in software: its own keys, a real recording, and every way in which a camera can fail.
//!
//! It says what a real one would over the same bytes, and depends on `camera`, `evidence`, `trust` and `domain` alone.
//! Its disk is one small file, so that a restart knows whom it met and what it may delete.

mod fault;
mod identity;
mod memory;
mod recording;
mod server;
mod statement;
pub mod visit;

use std::io;
use std::path::Path;

use camera::Secret32;
use camera::beacon::{Advertiser, Beacon, BeaconKey};
use camera::invitation::Invitation;
use domain::footage::Gap;
use domain::{Digest, UnixMs};
use thiserror::Error;
use trust::cert::{Certificate, IssueError};
use trust::cose::SigningRefusal;

pub use fault::{Fault, Faults};
pub use identity::Identity;
pub use recording::{Clip, DEFAULT_SEGMENT};
pub use server::{Clock, Running};

use self::memory::{Filmed, Memory};
use self::recording::Recording;

/// Why a camera cannot be made or does not run.
#[derive(Debug, Error)]
pub enum SimCameraError {
    #[error("cannot issue the camera's certificate")]
    Issue(#[source] IssueError),
    #[error("cannot read or write the camera's identity")]
    Identity(#[source] io::Error),
    #[error("the camera's identity is damaged; remove it and issue another")]
    IdentityDamaged,
    #[error("cannot sign a recording")]
    Signing(#[source] SigningRefusal),
    #[error("cannot read or write the camera's memory; remove it to begin again")]
    Memory(#[source] io::Error),
    #[error("the camera's memory is damaged; remove it to begin again")]
    MemoryDamaged,
    #[error("cannot listen")]
    Listen(#[source] io::Error),
}

/// What is before its lens lasts so long, in milliseconds, and so does every recording of it.
pub const FILM_MS: u64 = 6_000;

/// A camera that is switched on: what it is, what it recorded, whom it knows.
pub struct SimCamera {
    identity: Identity,
    /// Whom terminals and receipts must be vouched for by.
    anchors: Vec<Certificate>,
    recordings: Vec<Recording>,
    /// What is before its lens, whenever it records: the file of its last clip.
    before_lens: Vec<u8>,
    /// Bytes of a segment.
    segment: usize,
    memory: Memory,
    advertiser: Advertiser,
    /// What it lost and has signed, while it fails.
    failed: Option<Gap>,
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
        let recordings = clips
            .iter()
            .map(|clip| Recording::of(&identity, clip, segment))
            .collect::<Result<_, _>>()?;
        let mut camera = Self {
            memory: Memory::open(memory)?,
            advertiser: Advertiser::default(),
            identity,
            anchors,
            recordings,
            before_lens: clips.last().map(|clip| clip.file.clone()).unwrap_or_default(),
            segment,
            failed: None,
        };
        camera.state_beginnings()?;
        for filmed in camera.memory.filmed().to_vec() {
            camera.keep(filmed)?;
        }
        Ok(camera)
    }

    /// What its tag carries: serves one terminal, as often as that terminal asks.
    pub fn invitation(&self) -> Invitation {
        Invitation {
            suite: self.identity.pairing.suite,
            camera: self.identity.id.clone(),
            key: Digest::of(self.identity.noise_key()),
            secret: self.memory.invitation(),
        }
    }

    /// What is on the air at this moment of its clock.
    pub fn beacon(&mut self, at: UnixMs) -> Beacon {
        let [a, b, c, d, ..] = *Secret32::generate().expose();
        let draw = u32::from_be_bytes([a, b, c, d]);
        self.advertiser
            .beacon(&BeaconKey::new(self.memory.beacon_secret()), at, draw)
    }

    /// A recording that the hand ended is one of its own from here on.
    fn keep(&mut self, filmed: Filmed) -> Result<(), SimCameraError> {
        let clip = Clip {
            id: filmed.clip,
            started: filmed.started,
            length_ms: FILM_MS,
            file: self.before_lens.clone(),
            closed: true,
        };
        let recording = Recording::of(&self.identity, &clip, self.segment)?;
        self.recordings.push(recording);
        Ok(())
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
