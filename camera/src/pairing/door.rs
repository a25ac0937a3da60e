//! The camera's side of every meeting.
//!
//! It stays silent to whoever does not know a secret, so that a probe learns neither who it is nor whom it knows.

use domain::{DeviceId, Digest};
use minicbor::{Decode, Encode};
use snow::HandshakeState;
use trust::cert::{Certificate, Profile};

use super::{
    Channel, Introduction, Opening, PairingRefusal, Suite, Trust, builder, certificates, channel, device_id,
    handshake_hash, meeting, next_secret, read, read_bytes, to_der, vouch, write,
};
use crate::secret::Secret32;

/// Who a camera is.
pub struct CameraIdentity {
    /// The camera's certificate and the authorities above it, the camera's first.
    pub certificates: Vec<Certificate>,
    /// Private half of the Noise key that the certificate names.
    pub noise: Secret32,
    /// The one suite that it speaks, which its invitation names.
    pub suite: Suite,
}

/// What a camera remembers of a terminal; kept in its own storage.
#[derive(Debug, Clone, Encode, Decode)]
#[cbor(map)]
pub struct Acquaintance {
    #[n(0)]
    pub device: DeviceId,
    /// The terminal's public key, of this bond alone.
    #[cbor(n(1), with = "minicbor::bytes")]
    key: [u8; 32],
    /// The secret of the last meeting: the terminal may not have stored the next one.
    #[n(2)]
    last: Secret32,
    #[n(3)]
    next: Secret32,
}

/// What the camera answers to a first frame; `frame` is to be sent.
pub enum Greeting {
    /// Somebody begins a first meeting.
    Tap {
        frame: Vec<u8>,
        reception: Box<Reception>,
    },
    /// A terminal that is known; `acquaintance` takes the place of what was known of the same device.
    Known {
        frame: Vec<u8>,
        channel: Box<Channel>,
        acquaintance: Acquaintance,
    },
}

/// Answers a first frame; `fresh` is 32 random bytes.
pub fn greet(
    identity: &CameraIdentity,
    acquaintances: &[Acquaintance],
    first: &[u8],
    fresh: Secret32,
) -> Result<Greeting, PairingRefusal> {
    let (byte, message) = first.split_first().ok_or(PairingRefusal::Handshake)?;
    let (opening, suite) = Suite::of_first_byte(*byte).ok_or(PairingRefusal::Handshake)?;
    if suite != identity.suite {
        return Err(PairingRefusal::Suite);
    }
    match opening {
        Opening::Tap => {
            let mut state = builder(suite.pattern(opening))
                .local_private_key(identity.noise.expose())
                .and_then(snow::Builder::build_responder)
                .map_err(|_| PairingRefusal::Handshake)?;
            read_bytes(&mut state, message)?;
            let certificates = to_der(&identity.certificates);
            let frame = write(
                &mut state,
                &Introduction {
                    certificates,
                    fresh: fresh.clone(),
                    signature: None,
                },
            )?;
            let hash = handshake_hash(&state);
            Ok(Greeting::Tap {
                frame,
                reception: Box::new(Reception { state, fresh, hash }),
            })
        }
        Opening::Reunion => acquaintances
            .iter()
            .flat_map(|known| [(known, &known.next), (known, &known.last)])
            .find_map(|(known, secret)| recognise(identity, known, secret, message, &fresh))
            .unwrap_or(Err(PairingRefusal::Stranger)),
    }
}

/// Tries one secret of one terminal; nothing when the message was not made with it.
fn recognise(
    identity: &CameraIdentity,
    known: &Acquaintance,
    secret: &Secret32,
    message: &[u8],
    fresh: &Secret32,
) -> Option<Result<Greeting, PairingRefusal>> {
    let mut state = builder(identity.suite.pattern(Opening::Reunion))
        .local_private_key(identity.noise.expose())
        .and_then(|builder| builder.remote_public_key(&known.key))
        .and_then(|builder| builder.psk(0, secret.expose()))
        .and_then(snow::Builder::build_responder)
        .ok()?;
    let introduction = read(&mut state, message).ok()?;
    let answer = Introduction {
        certificates: vec![],
        fresh: fresh.clone(),
        signature: None,
    };
    Some(write(&mut state, &answer).and_then(|frame| {
        let next = next_secret(secret, handshake_hash(&state), &introduction.fresh, fresh);
        let acquaintance = Acquaintance {
            last: secret.clone(),
            next,
            ..known.clone()
        };
        Ok(Greeting::Known {
            frame,
            channel: Box::new(channel(state)?),
            acquaintance,
        })
    }))
}

/// A first meeting in which the terminal's identity is due.
pub struct Reception {
    state: HandshakeState,
    fresh: Secret32,
    hash: Digest,
}

impl Reception {
    /// Reads the terminal's identity under the secret of the invitation and judges who it is.
    pub fn finish(
        mut self,
        last: &[u8],
        invitation: &Secret32,
        trust: Trust<'_>,
    ) -> Result<(Channel, Acquaintance), PairingRefusal> {
        self.state
            .set_psk(3, invitation.expose())
            .map_err(|_| PairingRefusal::Handshake)?;
        let introduction = read(&mut self.state, last)?;
        let key = self.state.get_remote_static().ok_or(PairingRefusal::Handshake)?;
        let key: [u8; 32] = key.try_into().map_err(|_| PairingRefusal::Handshake)?;
        let chain = certificates(&introduction.certificates)?;
        let leaf = vouch(&chain, Profile::Device, trust)?;
        let signature = introduction.signature.ok_or(PairingRefusal::Signature)?;
        if !leaf.public_key().verifies(&meeting(self.hash, &key), &signature) {
            return Err(PairingRefusal::Signature);
        }
        let hash = handshake_hash(&self.state);
        let secret = next_secret(invitation, hash, &introduction.fresh, &self.fresh);
        let acquaintance = Acquaintance {
            device: device_id(leaf)?,
            key,
            last: secret.clone(),
            next: secret,
        };
        Ok((channel(self.state)?, acquaintance))
    }
}
