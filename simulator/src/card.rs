//! A simulated agent card: a file that holds what a chip would, kept apart from the phone's folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use agent::keys::{Card, KeysError};
use anyhow::Context;
use domain::canonical::Digest;
use trust::keys::{KeyKind, SigningKey};
use zeroize::Zeroizing;

/// A card in the reader.
pub struct SimCard {
    key: SigningKey,
    secret: Zeroizing<[u8; 32]>,
}

fn key_file(dir: &Path) -> PathBuf {
    dir.join("card.key")
}

fn certificate_file(dir: &Path) -> PathBuf {
    dir.join("card.der")
}

impl SimCard {
    /// The card kept in `dir`, made at first use.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(dir).context("could not make the card's folder")?;
        let path = key_file(dir);
        if !path.exists() {
            let key = SigningKey::generate(KeyKind::P256);
            let aside = dir.join("card.new");
            fs::write(&aside, key.to_pkcs8_der().as_slice()).context("could not write the card")?;
            fs::rename(&aside, &path).context("could not write the card")?;
        }
        let der = Zeroizing::new(fs::read(&path).context("could not read the card")?);
        let key = SigningKey::from_pkcs8_der(&der).context("could not read the card's key")?;
        let secret = Digest::of(&[b"neo/sim-card/v1", der.as_slice()].concat());
        Ok(Self {
            key,
            secret: Zeroizing::new(*secret.as_bytes()),
        })
    }

    /// SPKI of the key that the card signs with.
    pub fn public_key(&self) -> trust::keys::PublicKey {
        self.key.public()
    }

    /// Writes the officer's certificate on the card.
    pub fn store_certificate(dir: &Path, der: &[u8]) -> anyhow::Result<()> {
        fs::write(certificate_file(dir), der).context("could not write the card's certificate")
    }

    /// The certificate on the card.
    pub fn certificate(dir: &Path) -> anyhow::Result<Vec<u8>> {
        fs::read(certificate_file(dir)).context("could not read the card's certificate")
    }

    /// As the reader hands it to the engine.
    pub fn shared(self) -> Arc<Mutex<dyn Card>> {
        Arc::new(Mutex::new(self))
    }
}

impl Card for SimCard {
    fn answer(&mut self, challenge: &[u8; 32]) -> Result<Zeroizing<[u8; 32]>, KeysError> {
        let message = Zeroizing::new([self.secret.as_slice(), challenge].concat());
        Ok(Zeroizing::new(*Digest::of(&message).as_bytes()))
    }

    fn sign(&mut self, message: &[u8]) -> Result<Vec<u8>, KeysError> {
        Ok(self.key.sign(message))
    }
}
