//! How a terminal and a camera meet: Noise with both identities hidden from whoever listens.
//!
//! The first time, by a touch: `XXpsk3` under the secret of the camera's [`crate::invitation::Invitation`], with both
//! certificates inside. Then `KKpsk0` between two that know each other, under a secret that changes each time.
//! Nothing here reads or writes; the only randomness that is not an argument is Noise's own ephemeral keys.

mod door;
mod reunion;
mod suite;
mod tap;

use domain::canonical::{self, Digest};
use domain::{CameraId, DeviceId, UnixMs};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use snow::{Builder, HandshakeState, TransportState};
use thiserror::Error;
use trust::cert::{Certificate, ChainFault, Holder, Profile, Revocations, Status, verify_chain};

pub use door::{Acquaintance, CameraIdentity, Greeting, Reception, greet};
pub use reunion::{Bond, Reunion};
pub use suite::Suite;
pub use tap::{Introduced, Tap};

use crate::secret::Secret32;
use suite::Opening;

const PROLOGUE: &[u8] = b"neo2/v1/camera";
/// The longest Noise message, in bytes.
const MAX_NOISE: usize = 65_535;
const TAG: usize = 16;
/// Leaf, issuing authority, root.
const MAX_CERTIFICATES: usize = 3;

/// Whom a side believes, and when.
#[derive(Debug, Clone, Copy)]
pub struct Trust<'a> {
    pub anchors: &'a [Certificate],
    /// Who vouches for nothing any more, as far as this side was told.
    pub revocations: &'a Revocations,
    pub at: UnixMs,
}

/// Why two do not meet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum PairingRefusal {
    #[error("the other side does not know the secret, or speaks another protocol")]
    Handshake,
    #[error("the terminal speaks other ciphers than the camera's; touch the camera again")]
    Suite,
    #[error("the camera that answers is not the one that invited")]
    OtherCamera,
    #[error("the other side's identity cannot be read")]
    Identity,
    #[error("nobody trusted vouches for the other side")]
    NotTrusted(#[source] ChainFault),
    #[error("the other side's certificate was revoked")]
    Revoked,
    #[error("not everything about the other side's certificate could be checked")]
    NotChecked,
    #[error("the camera's certificate names another key than the one that answers")]
    KeyMismatch,
    #[error("the terminal's signature over the meeting does not hold")]
    Signature,
    #[error("the camera does not know this terminal; touch the camera again")]
    Stranger,
}

/// What each side says of itself inside a handshake.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Introduction {
    /// DER, the leaf first; empty when the other side has them already.
    #[n(0)]
    certificates: Vec<ByteVec>,
    /// This side's part of the next secret.
    #[n(1)]
    fresh: Secret32,
    /// The terminal's signature over the meeting.
    #[n(2)]
    signature: Option<ByteVec>,
}

/// Two that have met: everything that they say from then on.
pub struct Channel(TransportState);

impl Channel {
    /// Encrypts one message of at most [`crate::protocol::MAX_MESSAGE`] bytes; nothing when it is longer.
    pub fn seal(&mut self, message: &[u8]) -> Option<Vec<u8>> {
        let mut frame = vec![0; message.len() + TAG];
        let length = self.0.write_message(message, &mut frame).ok()?;
        frame.truncate(length);
        Some(frame)
    }

    /// Decrypts the next frame; nothing when it is not the next one of this meeting.
    pub fn open(&mut self, frame: &[u8]) -> Option<Vec<u8>> {
        let mut message = vec![0; frame.len()];
        let length = self.0.read_message(frame, &mut message).ok()?;
        message.truncate(length);
        Some(message)
    }
}

/// A new static key for Noise, of whichever suite: the private half and the public one.
pub fn generate_static() -> (Secret32, [u8; 32]) {
    let pair = builder(Suite::ChaChaPoly.pattern(Opening::Tap))
        .generate_keypair()
        .expect("the operating system has randomness");
    let private: [u8; 32] = pair.private.try_into().expect("an X25519 key has 32 bytes");
    let public: [u8; 32] = pair.public.try_into().expect("an X25519 key has 32 bytes");
    (Secret32::from_bytes(private), public)
}

fn builder(pattern: &str) -> Builder<'static> {
    let parameters = pattern.parse().expect("the pattern is one that Noise knows");
    Builder::new(parameters)
        .prologue(PROLOGUE)
        .expect("the prologue is set once")
}

fn write(state: &mut HandshakeState, introduction: &Introduction) -> Result<Vec<u8>, PairingRefusal> {
    write_bytes(state, &canonical::encode(introduction))
}

fn write_bytes(state: &mut HandshakeState, payload: &[u8]) -> Result<Vec<u8>, PairingRefusal> {
    let mut message = vec![0; MAX_NOISE];
    let length = state
        .write_message(payload, &mut message)
        .map_err(|_| PairingRefusal::Handshake)?;
    message.truncate(length);
    Ok(message)
}

fn read_bytes(state: &mut HandshakeState, message: &[u8]) -> Result<Vec<u8>, PairingRefusal> {
    let mut payload = vec![0; message.len()];
    let length = state
        .read_message(message, &mut payload)
        .map_err(|_| PairingRefusal::Handshake)?;
    payload.truncate(length);
    Ok(payload)
}

fn read(state: &mut HandshakeState, message: &[u8]) -> Result<Introduction, PairingRefusal> {
    canonical::decode(&read_bytes(state, message)?).map_err(|_| PairingRefusal::Identity)
}

fn channel(state: HandshakeState) -> Result<Channel, PairingRefusal> {
    state
        .into_transport_mode()
        .map(Channel)
        .map_err(|_| PairingRefusal::Handshake)
}

fn handshake_hash(state: &HandshakeState) -> Digest {
    let hash = state
        .get_handshake_hash()
        .try_into()
        .expect("SHA-256 gives 32 bytes");
    Digest::from_bytes(hash)
}

/// What the terminal signs: this handshake, and the key under which it will be known from then on.
fn meeting(hash: Digest, terminal_key: &[u8]) -> Vec<u8> {
    [
        b"neo2/v1/camera-meeting".as_slice(),
        hash.as_bytes(),
        terminal_key,
    ]
    .concat()
}

/// The secret of the next meeting: both sides and the present secret go into it.
fn next_secret(secret: &Secret32, hash: Digest, terminal: &Secret32, camera: &Secret32) -> Secret32 {
    let mut hasher = trust::Hasher::new();
    hasher.update(b"neo2/v1/camera-secret");
    hasher.update(secret.expose());
    hasher.update(hash.as_bytes());
    hasher.update(terminal.expose());
    hasher.update(camera.expose());
    Secret32::from_bytes(hasher.finish().0)
}

fn certificates(introduced: &[ByteVec]) -> Result<Vec<Certificate>, PairingRefusal> {
    if introduced.len() > MAX_CERTIFICATES {
        return Err(PairingRefusal::Identity);
    }
    introduced
        .iter()
        .map(|der| Certificate::from_der(der).map_err(|_| PairingRefusal::Identity))
        .collect()
}

fn to_der(certificates: &[Certificate]) -> Vec<ByteVec> {
    certificates
        .iter()
        .map(|certificate| certificate.der().to_vec().into())
        .collect()
}

/// Judges certificates, leaf first; only a chain that was checked in full passes.
fn vouch<'c>(
    chain: &'c [Certificate],
    profile: Profile,
    trust: Trust<'_>,
) -> Result<&'c Certificate, PairingRefusal> {
    let (leaf, above) = chain.split_first().ok_or(PairingRefusal::Identity)?;
    let verdict = verify_chain(leaf, above, trust.anchors, profile, trust.at.0);
    // Since when does not matter: who meets now, meets after it.
    if matches!(trust.revocations.status(leaf), Status::Revoked(_)) {
        return Err(PairingRefusal::Revoked);
    }
    match verdict.first_fault() {
        Some(fault) => Err(PairingRefusal::NotTrusted(fault)),
        None if verdict.all_ok() => Ok(leaf),
        None => Err(PairingRefusal::NotChecked),
    }
}

fn camera_id(certificate: &Certificate) -> Result<CameraId, PairingRefusal> {
    match certificate.holder() {
        Some(Holder::Camera(id)) => CameraId::parse(id).map_err(|_| PairingRefusal::Identity),
        Some(Holder::Device(_) | Holder::Agent(_) | Holder::Hq(_)) | None => Err(PairingRefusal::Identity),
    }
}

fn device_id(certificate: &Certificate) -> Result<DeviceId, PairingRefusal> {
    match certificate.holder() {
        Some(Holder::Device(id)) => DeviceId::parse(id).map_err(|_| PairingRefusal::Identity),
        Some(Holder::Camera(_) | Holder::Agent(_) | Holder::Hq(_)) | None => Err(PairingRefusal::Identity),
    }
}
