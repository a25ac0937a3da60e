//! The vault of a terminal without secure hardware: a file, labelled "not hardware-backed" wherever it signs.
//!
//! Its counter is a file beside it, and who puts back the whole folder puts back the counter with it: HQ alone notices.

use std::path::{Path, PathBuf};

use domain::canonical::{self, Digest};
use domain::enrolment::KeyProtection;
use hmac::{Hmac, KeyInit, Mac};
use minicbor::{Decode, Encode};
use sha2::Sha256;
use trust::keys::{KeyKind, PublicKey, SigningKey};
use trust::seal::Identity;
use zeroize::Zeroizing;

use super::counter::CounterFile;
use super::{Keys, KeysError, durable};

/// Keys in a file that only the owner may read.
pub struct FileVault {
    secret: Zeroizing<[u8; 32]>,
    device: SigningKey,
    identity: Identity,
    counter: CounterFile,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored {
    #[cbor(n(0), with = "minicbor::bytes")]
    secret: [u8; 32],
    #[cbor(n(1), with = "minicbor::bytes")]
    device: Vec<u8>,
    #[n(2)]
    identity: String,
    /// SHA-256 over the three above: tells a damaged file from a wrong key.
    #[n(3)]
    check: Digest,
}

impl Stored {
    fn check_of(&self) -> Digest {
        Digest::of(&[&self.secret[..], &self.device, self.identity.as_bytes()].concat())
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        use zeroize::Zeroize;
        self.secret.zeroize();
        self.device.zeroize();
        self.identity.zeroize();
    }
}

impl FileVault {
    fn path(dir: &Path) -> PathBuf {
        dir.join("vault.cbor")
    }

    /// True once a vault was created in `dir`.
    pub fn exists(dir: &Path) -> bool {
        Self::path(dir).exists()
    }

    /// Makes fresh keys in `dir`.
    pub fn create(dir: &Path) -> Result<Self, KeysError> {
        let mut secret = Zeroizing::new([0; 32]);
        getrandom::fill(secret.as_mut_slice()).map_err(|_| KeysError::Derivation)?;
        let device = SigningKey::generate(KeyKind::P256);
        let identity = Identity::generate();
        let mut stored = Stored {
            secret: *secret,
            device: device.to_pkcs8_der().to_vec(),
            identity: identity.to_text().to_string(),
            check: Digest::from_bytes([0; 32]),
        };
        stored.check = stored.check_of();
        durable::replace(&Self::path(dir), &Zeroizing::new(canonical::encode(&stored)))?;
        Ok(Self {
            secret,
            device,
            identity,
            counter: CounterFile::beside(dir),
        })
    }

    pub fn open(dir: &Path) -> Result<Self, KeysError> {
        let path = Self::path(dir);
        let damaged = || KeysError::Damaged {
            name: durable::name_of(&path),
        };
        let bytes = Zeroizing::new(durable::read(&path)?);
        let stored: Stored = canonical::decode(&bytes).map_err(|_| damaged())?;
        if stored.check != stored.check_of() {
            return Err(damaged());
        }
        Ok(Self {
            secret: Zeroizing::new(stored.secret),
            device: SigningKey::from_pkcs8_der(&stored.device).map_err(|_| damaged())?,
            identity: Identity::from_text(&stored.identity).map_err(|_| damaged())?,
            counter: CounterFile::beside(dir),
        })
    }

    fn hmac(&self, message: &[u8]) -> Zeroizing<[u8; 32]> {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.secret.as_slice()).expect("HMAC takes any key length");
        mac.update(message);
        Zeroizing::new(mac.finalize().into_bytes().into())
    }
}

impl Keys for FileVault {
    fn protection(&self) -> KeyProtection {
        KeyProtection::File
    }

    fn mac(&self, message: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        Ok(self.hmac(message))
    }

    fn public_key(&self) -> PublicKey {
        self.device.public()
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
        Ok(self.device.sign(message))
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn epoch(&self) -> Result<u64, KeysError> {
        self.counter.epoch(&|message| Ok(self.hmac(message)))
    }

    fn advance(&self) -> Result<u64, KeysError> {
        self.counter.advance(&|message| Ok(self.hmac(message)))
    }
}
