//! Training without a card: a key that the vault wraps stands where a chip would, and whatever is signed with it says so.

use std::path::PathBuf;
use std::sync::Arc;

use aes_gcm::aead::Aead;
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use trust::cert::{Claims, RequestError, SigningRequest};
use trust::keys::{KeyKind, PublicKey, SigningKey};
use zeroize::Zeroizing;

use crate::keys::{Card, Keys, KeysError, read, replace};
use crate::site::Site;

/// The name in the request; the certificate bears the officer's pseudonym.
const NAME: &str = "formation";

/// A training key. It serves an officer whose certificate is marked "formation", and nobody else.
pub struct TrainingCard {
    key: SigningKey,
    keys: Arc<dyn Keys>,
}

impl TrainingCard {
    fn path(site: &Site) -> PathBuf {
        site.root().join("training.key")
    }

    /// The training key of the terminal, made at first use.
    pub fn open(site: &Site, keys: Arc<dyn Keys>) -> Result<Self, KeysError> {
        let path = Self::path(site);
        let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*keys.mac(b"neo/training-key/v1")?));
        let damaged = || KeysError::Damaged {
            name: "training.key".to_owned(),
        };
        if path.exists() {
            let kept = read(&path)?;
            let (nonce, wrapped) = kept.split_first_chunk::<12>().ok_or_else(damaged)?;
            let der = cipher
                .decrypt(&Nonce::from(*nonce), wrapped)
                .map_err(|_| damaged())?;
            let key = SigningKey::from_pkcs8_der(&Zeroizing::new(der)).map_err(|_| damaged())?;
            return Ok(Self { key, keys });
        }
        let key = SigningKey::generate(KeyKind::P256);
        let mut nonce = [0; 12];
        getrandom::fill(&mut nonce).map_err(|_| KeysError::Derivation)?;
        let wrapped = cipher.encrypt(&Nonce::from(nonce), key.to_pkcs8_der().as_slice());
        let wrapped = wrapped.map_err(|_| KeysError::Derivation)?;
        replace(&path, &[nonce.as_slice(), &wrapped].concat())?;
        Ok(Self { key, keys })
    }

    pub fn public_key(&self) -> PublicKey {
        self.key.public()
    }

    /// The request (PKCS#10, PEM) that `neoctl officer add` certifies, with `formation = true`.
    pub fn request(&self) -> Result<String, RequestError> {
        SigningRequest::make(&self.key, NAME, &Claims::default()).map(|der| SigningRequest::pem(&der))
    }
}

impl Card for TrainingCard {
    fn answer(&mut self, challenge: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        self.keys
            .mac(&[b"neo/training-answer/v1".as_slice(), challenge].concat())
    }

    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
        Ok(self.key.sign(message))
    }
}
