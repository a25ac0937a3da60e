//! The vault of a terminal that is an Android phone: keys that its keystore made and never gives out.
//!
//! The file beside it holds the X25519 identity, which no keystore computes with, wrapped by a key of the keystore. The
//! keystore counts nothing: the counter is a file.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::canonical::{self, Digest};
use domain::enrolment::{Der, KeyProtection};
use minicbor::{Decode, Encode};
use trust::keys::PublicKey;
use trust::seal::{Identity, Recipient};
use zeroize::Zeroizing;

use super::android::{self, Alias, Keystore};
use super::counter::CounterFile;
use super::{Keys, KeysError, durable};

/// Keys in an Android keystore.
pub struct KeystoreVault {
    keystore: Keystore,
    path: PathBuf,
    identity: Identity,
    counter: CounterFile,
    device: Mutex<Device>,
}

/// The device's key: made with the vault, and once more for its enrolment, so that it is attested for that.
struct Device {
    public: PublicKey,
    stored: Stored,
}

#[derive(Clone, Encode, Decode)]
#[cbor(map)]
struct Stored {
    /// Nonce and ciphertext (AES-256-GCM) of the age identity with its line feed.
    #[cbor(n(0), with = "minicbor::bytes")]
    identity: Vec<u8>,
    #[cbor(n(1), with = "minicbor::bytes")]
    recipient: [u8; 32],
    /// What the device's key was attested with.
    #[n(2)]
    challenge: Option<Digest>,
}

impl KeystoreVault {
    fn path(dir: &Path) -> PathBuf {
        dir.join("vault.keystore")
    }

    /// Makes fresh keys in the phone's keystore.
    pub fn create(dir: &Path) -> Result<Self, KeysError> {
        let keystore = Keystore::connect().map_err(unanswered)?;
        for alias in [Alias::Device, Alias::Mac, Alias::Wrap] {
            keystore.make(alias, None).map_err(unanswered)?;
        }
        let identity = Identity::generate();
        let wrapped = keystore.wrap(identity.to_text().as_bytes()).map_err(unanswered)?;
        let stored = Stored {
            identity: wrapped,
            recipient: *identity.recipient().as_bytes(),
            challenge: None,
        };
        durable::replace(&Self::path(dir), &canonical::encode(&stored))?;
        Self::load(keystore, stored, dir)
    }

    pub fn open(dir: &Path) -> Result<Self, KeysError> {
        let stored = canonical::decode(&durable::read(&Self::path(dir))?).map_err(|_| damaged(dir))?;
        Self::load(Keystore::connect().map_err(unanswered)?, stored, dir)
    }

    fn load(keystore: Keystore, stored: Stored, dir: &Path) -> Result<Self, KeysError> {
        let identity = keystore.unwrap(&stored.identity).map_err(unanswered)?;
        let identity = std::str::from_utf8(&identity)
            .ok()
            .and_then(|text| Identity::from_text(text).ok())
            .filter(|identity| identity.recipient() == Recipient::from_bytes(stored.recipient))
            .ok_or_else(|| damaged(dir))?;
        let public = public_key(&keystore)?;
        Ok(Self {
            keystore,
            path: Self::path(dir),
            identity,
            counter: CounterFile::beside(dir),
            device: Mutex::new(Device { public, stored }),
        })
    }

    fn device(&self) -> MutexGuard<'_, Device> {
        self.device.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn public_key(keystore: &Keystore) -> Result<PublicKey, KeysError> {
    let spki = keystore.public_key().map_err(unanswered)?;
    PublicKey::from_spki_der(&spki).map_err(|_| KeysError::Unfit(super::Fault::Signature))
}

fn damaged(dir: &Path) -> KeysError {
    KeysError::Damaged {
        name: durable::name_of(&KeystoreVault::path(dir)),
    }
}

fn unanswered(error: jni::errors::Error) -> KeysError {
    if android::is_gone(&error) {
        return KeysError::Invalidated;
    }
    KeysError::Unanswered {
        vault: "keystore",
        source: Box::new(error),
    }
}

impl Keys for KeystoreVault {
    fn protection(&self) -> KeyProtection {
        KeyProtection::Hardware
    }

    fn mac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        let mac = self.keystore.mac(message).map_err(unanswered)?;
        let mac = <[u8; 32]>::try_from(mac.as_slice());
        mac.map(Zeroizing::new)
            .map_err(|_| KeysError::Unfit(super::Fault::Mac))
    }

    fn public_key(&self) -> PublicKey {
        self.device().public.clone()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
        let der = self.keystore.sign(message).map_err(unanswered)?;
        let signature = trust::keys::ecdsa_from_der(&der);
        signature
            .map(|fixed| fixed.to_vec())
            .map_err(|_| KeysError::Unfit(super::Fault::Signature))
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn epoch(&self) -> Result<u64, KeysError> {
        self.counter.epoch(&|message| self.mac(message))
    }

    fn advance(&self) -> Result<u64, KeysError> {
        self.counter.advance(&|message| self.mac(message))
    }

    /// A keystore attests a key when it makes it, so that the key is made for the enrolment, once.
    fn attestation(&self, challenge: &Digest) -> Result<Vec<Der>, KeysError> {
        let mut device = self.device();
        if device.stored.challenge != Some(*challenge) {
            self.keystore
                .make(Alias::Device, Some(challenge))
                .map_err(unanswered)?;
            device.public = public_key(&self.keystore)?;
            device.stored.challenge = Some(*challenge);
            durable::replace(&self.path, &canonical::encode(&device.stored))?;
        }
        let chain = self.keystore.chain().map_err(unanswered)?;
        Ok(chain.into_iter().map(Der).collect())
    }
}
