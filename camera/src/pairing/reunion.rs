//! The terminal's side of every later meeting, and what it remembers between two.
//!
//! The camera keeps the secret of the last meeting beside the next one, so that a meeting cut off at any point, or a
//! terminal that lost its latest memory, can always be followed by another.

use domain::{CameraId, Digest, UnixMs};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use snow::HandshakeState;
use trust::cert::{Certificate, Profile};

use super::{
    Channel, Introduction, Opening, PairingRefusal, Suite, Trust, builder, certificates, channel,
    handshake_hash, next_secret, read, vouch, write,
};
use crate::beacon::{Beacon, BeaconKey};
use crate::secret::Secret32;

/// What a terminal remembers of a camera; kept in an encrypted store.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct Bond {
    #[n(0)]
    pub camera: CameraId,
    /// The camera's certificate and the authorities above it (DER), the camera's first.
    #[n(1)]
    pub(super) certificates: Vec<ByteVec>,
    /// The terminal's private key, of this bond alone.
    #[n(2)]
    pub(super) own: Secret32,
    /// The secret of the next meeting.
    #[n(3)]
    pub(super) secret: Secret32,
    /// Handshake hash of the touch, which names the pairing in manifests.
    #[n(4)]
    pub transcript: Digest,
    /// By what the camera is found; none before it said so.
    #[n(5)]
    pub(crate) beacon: Option<BeaconKey>,
    /// The camera's, as its invitation said; none of a bond from before there were two.
    #[n(6)]
    pub(super) suite: Option<Suite>,
}

impl Bond {
    /// Whether what is heard on the air may be this camera.
    pub fn may_be(&self, heard: &Beacon, now: UnixMs) -> bool {
        self.beacon
            .as_ref()
            .is_none_or(|beacon| beacon.recognises(heard, now))
    }

    /// Takes the camera's word on how it is found.
    pub fn is_found_by(&mut self, key: [u8; 32]) {
        self.beacon = Some(BeaconKey::new(Secret32::from_bytes(key)));
    }

    /// The camera's certificate, as it was judged at the touch.
    pub fn certificate(&self) -> Result<Certificate, PairingRefusal> {
        certificates(&self.certificates)?
            .into_iter()
            .next()
            .ok_or(PairingRefusal::Identity)
    }
}

/// The first message is sent; the camera's answer is due.
pub struct Reunion {
    state: HandshakeState,
    bond: Bond,
    fresh: Secret32,
}

impl Reunion {
    /// Judges the camera's certificate again and gives the first frame to send; `fresh` is 32 random bytes.
    pub fn begin(bond: Bond, fresh: Secret32, trust: Trust<'_>) -> Result<(Self, Vec<u8>), PairingRefusal> {
        let chain = certificates(&bond.certificates)?;
        let leaf = vouch(&chain, Profile::Camera, trust)?;
        let key = leaf.noise_key().ok_or(PairingRefusal::KeyMismatch)?;
        let suite = bond.suite.unwrap_or_default();
        let mut state = builder(suite.pattern(Opening::Reunion))
            .local_private_key(bond.own.expose())
            .and_then(|builder| builder.remote_public_key(key))
            .and_then(|builder| builder.psk(0, bond.secret.expose()))
            .and_then(snow::Builder::build_initiator)
            .map_err(|_| PairingRefusal::Handshake)?;
        let introduction = Introduction {
            certificates: vec![],
            fresh: fresh.clone(),
            signature: None,
        };
        let mut frame = vec![suite.first_byte(Opening::Reunion)];
        frame.extend(write(&mut state, &introduction)?);
        Ok((Self { state, bond, fresh }, frame))
    }

    /// Reads the camera's answer; gives the channel and what to remember from then on.
    pub fn meet(mut self, answer: &[u8]) -> Result<(Channel, Bond), PairingRefusal> {
        let introduction = read(&mut self.state, answer)?;
        let hash = handshake_hash(&self.state);
        let secret = next_secret(&self.bond.secret, hash, &self.fresh, &introduction.fresh);
        let bond = Bond { secret, ..self.bond };
        Ok((channel(self.state)?, bond))
    }
}
