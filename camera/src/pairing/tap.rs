//! The terminal's side of a first meeting, by a touch.
//!
//! The device's key may live in hardware: the handshake stops where the signature is due and goes on with it.

use domain::Digest;
use snow::HandshakeState;
use trust::cert::{Certificate, Profile};

use super::{
    Bond, Channel, Introduction, Opening, PairingRefusal, Trust, builder, camera_id, certificates, channel,
    generate_static, handshake_hash, meeting, next_secret, read, to_der, vouch, write, write_bytes,
};
use crate::invitation::Invitation;
use crate::secret::Secret32;

/// The first message is sent; the camera's answer is due.
pub struct Tap {
    state: HandshakeState,
    invitation: Invitation,
    own: Secret32,
    own_public: [u8; 32],
}

impl Tap {
    /// Gives the first frame to send.
    pub fn begin(invitation: Invitation) -> Result<(Self, Vec<u8>), PairingRefusal> {
        let (own, own_public) = generate_static();
        let mut state = builder(invitation.suite.pattern(Opening::Tap))
            .local_private_key(own.expose())
            .and_then(|builder| builder.psk(3, invitation.secret.expose()))
            .and_then(snow::Builder::build_initiator)
            .map_err(|_| PairingRefusal::Handshake)?;
        let mut frame = vec![invitation.suite.first_byte(Opening::Tap)];
        frame.extend(write_bytes(&mut state, &[])?);
        Ok((
            Self {
                state,
                invitation,
                own,
                own_public,
            },
            frame,
        ))
    }

    /// Reads the camera's answer and judges who it is.
    pub fn meet(mut self, answer: &[u8], trust: Trust<'_>) -> Result<Introduced, PairingRefusal> {
        let introduction = read(&mut self.state, answer)?;
        let key = self.state.get_remote_static().ok_or(PairingRefusal::Handshake)?;
        if Digest::of(key) != self.invitation.key {
            return Err(PairingRefusal::OtherCamera);
        }
        let chain = certificates(&introduction.certificates)?;
        let leaf = vouch(&chain, Profile::Camera, trust)?;
        if leaf.noise_key().map(<[u8; 32]>::as_slice) != Some(key) {
            return Err(PairingRefusal::KeyMismatch);
        }
        if camera_id(leaf)? != self.invitation.camera {
            return Err(PairingRefusal::OtherCamera);
        }
        Ok(Introduced {
            to_be_signed: meeting(handshake_hash(&self.state), &self.own_public),
            tap: self,
            chain,
            fresh: introduction.fresh,
        })
    }
}

/// The camera is known; the device's signature is due.
pub struct Introduced {
    tap: Tap,
    chain: Vec<Certificate>,
    fresh: Secret32,
    to_be_signed: Vec<u8>,
}

impl Introduced {
    /// The bytes that the device's key signs: `r ‖ s` of ECDSA over their SHA-256.
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// Gives the last frame to send, the channel, and what to remember of this camera. `device` is the terminal's
    /// certificate and the authorities above it, the terminal's first; `fresh` is 32 random bytes.
    ///
    /// The camera has accepted when it says its first word in the channel.
    pub fn accept(
        self,
        device: &[Certificate],
        signature: &[u8],
        fresh: Secret32,
    ) -> Result<(Vec<u8>, Channel, Bond), PairingRefusal> {
        let Tap {
            mut state,
            invitation,
            own,
            own_public: _,
        } = self.tap;
        let introduction = Introduction {
            certificates: to_der(device),
            fresh: fresh.clone(),
            signature: Some(signature.to_vec().into()),
        };
        let frame = write(&mut state, &introduction)?;
        let hash = handshake_hash(&state);
        let secret = next_secret(&invitation.secret, hash, &fresh, &self.fresh);
        let bond = Bond {
            camera: invitation.camera,
            certificates: to_der(&self.chain),
            own,
            secret,
            transcript: hash,
            beacon: None,
            suite: Some(invitation.suite),
        };
        Ok((frame, channel(state)?, bond))
    }
}
