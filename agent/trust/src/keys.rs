//! Signing and verification keys, for COSE, certificates and PAdES alike.
//!
//! A public key has one accepted encoding, its canonical SPKI; a secret key is wiped when dropped and has no `Debug`.

use ed25519_dalek::pkcs8::KeypairBytes;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use p256::ecdsa::signature::{Signer, Verifier};
use p256::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePrivateKey, EncodePublicKey};
use zeroize::Zeroizing;

use crate::{Digest, sha256};

/// The curves that the project knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// NIST P-256: officers, devices, TLS, issuing authorities.
    P256,
    /// NIST P-384: roots.
    P384,
    /// Ed25519: headquarters and cameras.
    Ed25519,
}

/// Where a private key lives, stated in certificates and signature headers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyProtection {
    /// A card, secure element or hardware keystore that never gives the key out.
    Hardware,
    /// A file vault: not hardware-backed.
    File,
}

impl KeyProtection {
    /// The number that stands for it in certificates and headers.
    pub(crate) fn number(self) -> u8 {
        match self {
            KeyProtection::Hardware => 1,
            KeyProtection::File => 2,
        }
    }

    pub(crate) fn from_number(number: u8) -> Option<Self> {
        [KeyProtection::Hardware, KeyProtection::File]
            .into_iter()
            .find(|known| known.number() == number)
    }
}

/// Why bytes are not a usable key or signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("the public key is not a canonical P-256, P-384 or Ed25519 SPKI")]
    PublicKey,
    #[error("the private key is not a P-256, P-384 or Ed25519 key in PKCS#8 or of the right length")]
    PrivateKey,
    #[error("the bytes are not an ECDSA signature on P-256")]
    EcdsaSignature,
}

/// A verification key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublicKey {
    P256(p256::ecdsa::VerifyingKey),
    P384(p384::ecdsa::VerifyingKey),
    Ed25519(ed25519_dalek::VerifyingKey),
}

impl PublicKey {
    /// Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7); any other spelling of the same key is refused.
    pub fn from_spki_der(der: &[u8]) -> Result<Self, KeyError> {
        let key = p256::ecdsa::VerifyingKey::from_public_key_der(der)
            .map(PublicKey::P256)
            .or_else(|_| p384::ecdsa::VerifyingKey::from_public_key_der(der).map(PublicKey::P384))
            .or_else(|_| ed25519_dalek::VerifyingKey::from_public_key_der(der).map(PublicKey::Ed25519))
            .map_err(|_| KeyError::PublicKey)?;
        if key.spki_der() == der {
            Ok(key)
        } else {
            Err(KeyError::PublicKey)
        }
    }

    /// From the coordinates of a point on P-256, as keystores give them.
    pub fn from_p256_point(x: &[u8; 32], y: &[u8; 32]) -> Result<Self, KeyError> {
        let uncompressed = [[4].as_slice(), x, y].concat();
        p256::ecdsa::VerifyingKey::from_sec1_bytes(&uncompressed)
            .map(PublicKey::P256)
            .map_err(|_| KeyError::PublicKey)
    }

    /// The canonical SubjectPublicKeyInfo.
    pub fn spki_der(&self) -> Vec<u8> {
        match self {
            PublicKey::P256(key) => key.to_public_key_der(),
            PublicKey::P384(key) => key.to_public_key_der(),
            PublicKey::Ed25519(key) => key.to_public_key_der(),
        }
        .expect("a parsed public key has an SPKI")
        .into_vec()
    }

    pub fn kind(&self) -> KeyKind {
        match self {
            PublicKey::P256(_) => KeyKind::P256,
            PublicKey::P384(_) => KeyKind::P384,
            PublicKey::Ed25519(_) => KeyKind::Ed25519,
        }
    }

    /// SHA-256 of the SPKI.
    pub fn fingerprint(&self) -> Digest {
        sha256(&self.spki_der())
    }

    /// The COSE `kid`: the first 8 bytes of the fingerprint.
    pub fn key_id(&self) -> [u8; 8] {
        let [a, b, c, d, e, f, g, h, ..] = self.fingerprint().0;
        [a, b, c, d, e, f, g, h]
    }

    /// Checks a fixed-size signature (`r ‖ s` with the low `s`, or the 64 bytes of Ed25519).
    ///
    /// The high `s` is refused, so that a signature has no second spelling.
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PublicKey::P256(key) => p256::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|s| s == s.normalize_s() && key.verify(message, &s).is_ok()),
            PublicKey::P384(key) => p384::ecdsa::Signature::from_slice(signature)
                .is_ok_and(|s| s == s.normalize_s() && key.verify(message, &s).is_ok()),
            PublicKey::Ed25519(key) => ed25519_dalek::Signature::from_slice(signature)
                .is_ok_and(|s| key.verify_strict(message, &s).is_ok()),
        }
    }

    /// Checks a signature in the form that certificates and CMS carry (ECDSA as DER, either `s`).
    pub fn verifies_der(&self, message: &[u8], signature: &[u8]) -> bool {
        match self {
            PublicKey::P256(key) => {
                p256::ecdsa::Signature::from_der(signature).is_ok_and(|s| key.verify(message, &s).is_ok())
            }
            PublicKey::P384(key) => {
                p384::ecdsa::Signature::from_der(signature).is_ok_and(|s| key.verify(message, &s).is_ok())
            }
            PublicKey::Ed25519(_) => self.verifies(message, signature),
        }
    }
}

/// A private key held in memory.
pub enum SigningKey {
    Es256(p256::ecdsa::SigningKey),
    Es384(p384::ecdsa::SigningKey),
    Ed25519(ed25519_dalek::SigningKey),
}

impl SigningKey {
    /// Draws a key from the operating system's randomness.
    pub fn generate(kind: KeyKind) -> Self {
        let mut secret = Zeroizing::new([0; 48]);
        loop {
            getrandom::fill(secret.as_mut_slice()).expect("the operating system has randomness");
            let length = match kind {
                KeyKind::P256 | KeyKind::Ed25519 => 32,
                KeyKind::P384 => 48,
            };
            // A draw outside the scalar field (probability below 2⁻³²) is drawn again.
            if let Ok(key) = Self::from_secret(kind, &secret[..length]) {
                return key;
            }
        }
    }

    /// Builds a key from its scalar (P-256: 32 bytes, P-384: 48) or seed (Ed25519: 32).
    pub fn from_secret(kind: KeyKind, secret: &[u8]) -> Result<Self, KeyError> {
        let refused = KeyError::PrivateKey;
        match (kind, secret.len()) {
            (KeyKind::P256, 32) => p256::ecdsa::SigningKey::from_slice(secret)
                .map(SigningKey::Es256)
                .map_err(|_| refused),
            (KeyKind::P384, 48) => p384::ecdsa::SigningKey::from_slice(secret)
                .map(SigningKey::Es384)
                .map_err(|_| refused),
            (KeyKind::Ed25519, 32) => {
                let seed = Zeroizing::new(<[u8; 32]>::try_from(secret).map_err(|_| refused)?);
                Ok(SigningKey::Ed25519(ed25519_dalek::SigningKey::from_bytes(&seed)))
            }
            (KeyKind::P256 | KeyKind::P384 | KeyKind::Ed25519, _) => Err(refused),
        }
    }

    /// Reads a PKCS#8 private key (RFC 5958, version 1 or 2).
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        p256::ecdsa::SigningKey::from_pkcs8_der(der)
            .map(SigningKey::Es256)
            .or_else(|_| p384::ecdsa::SigningKey::from_pkcs8_der(der).map(SigningKey::Es384))
            .or_else(|_| ed25519_dalek::SigningKey::from_pkcs8_der(der).map(SigningKey::Ed25519))
            .map_err(|_| KeyError::PrivateKey)
    }

    /// PKCS#8 version 1, which OpenSSL 3.0 and mosquitto accept for every kind.
    pub fn to_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        self.pkcs8().to_bytes()
    }

    /// [`Self::to_pkcs8_der`] as a PEM text.
    pub fn to_pkcs8_pem(&self) -> Zeroizing<String> {
        self.pkcs8()
            .to_pem("PRIVATE KEY", der::pem::LineEnding::LF)
            .expect("a key of 48 bytes fits a PEM block")
    }

    fn pkcs8(&self) -> der::SecretDocument {
        match self {
            SigningKey::Es256(key) => key.to_pkcs8_der(),
            SigningKey::Es384(key) => key.to_pkcs8_der(),
            // The public half would make it version 2, which OpenSSL 3.0 refuses.
            SigningKey::Ed25519(key) => KeypairBytes {
                secret_key: key.to_bytes(),
                public_key: None,
            }
            .to_pkcs8_der(),
        }
        .expect("a private key in memory has a PKCS#8 form")
    }

    pub fn public(&self) -> PublicKey {
        match self {
            SigningKey::Es256(key) => PublicKey::P256(*key.verifying_key()),
            SigningKey::Es384(key) => PublicKey::P384(*key.verifying_key()),
            SigningKey::Ed25519(key) => PublicKey::Ed25519(key.verifying_key()),
        }
    }

    /// Signs `message` in the fixed-size form that [`PublicKey::verifies`] checks.
    ///
    /// Records are signed through [`crate::cose`]; this is what a simulated card or keystore does with its input.
    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            SigningKey::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_bytes().to_vec()
            }
            SigningKey::Es384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_bytes().to_vec()
            }
            SigningKey::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
        }
    }

    /// Signs a SHA-256 as a card does, which never sees the message; none but for a P-256 key.
    pub fn sign_digest(&self, sha256: &[u8; 32]) -> Option<Vec<u8>> {
        match self {
            SigningKey::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign_prehash(sha256).ok()?;
                Some(signature.normalize_s().to_bytes().to_vec())
            }
            SigningKey::Es384(_) | SigningKey::Ed25519(_) => None,
        }
    }

    /// Signs `message` in the form that certificates and CMS carry.
    pub fn sign_der(&self, message: &[u8]) -> Vec<u8> {
        match self {
            SigningKey::Es256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_der().as_bytes().to_vec()
            }
            SigningKey::Es384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(message);
                signature.normalize_s().to_der().as_bytes().to_vec()
            }
            SigningKey::Ed25519(_) => self.sign(message),
        }
    }
}

/// `r ‖ s` with the low `s`, from the DER signature that a keystore returns for P-256.
pub fn ecdsa_from_der(der: &[u8]) -> Result<[u8; 64], KeyError> {
    let signature = p256::ecdsa::Signature::from_der(der).map_err(|_| KeyError::EcdsaSignature)?;
    Ok(signature.normalize_s().to_bytes().into())
}

/// The DER signature, from the `r ‖ s` that a card returns for P-256.
pub fn ecdsa_to_der(fixed: &[u8]) -> Result<Vec<u8>, KeyError> {
    let signature = p256::ecdsa::Signature::from_slice(fixed).map_err(|_| KeyError::EcdsaSignature)?;
    Ok(signature.normalize_s().to_der().as_bytes().to_vec())
}

/// `r ‖ s` with the low `s`, from the `r ‖ s` that a keystore returns for P-256.
pub fn ecdsa_low_s(fixed: &[u8]) -> Result<Vec<u8>, KeyError> {
    ecdsa_with_low_s(fixed).ok_or(KeyError::EcdsaSignature)
}

/// `r ‖ s` with the low `s`; `None` for bytes that are no P-256 signature.
pub(crate) fn ecdsa_with_low_s(fixed: &[u8]) -> Option<Vec<u8>> {
    let signature = p256::ecdsa::Signature::from_slice(fixed).ok()?;
    Some(signature.normalize_s().to_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    const KINDS: [KeyKind; 3] = [KeyKind::P256, KeyKind::P384, KeyKind::Ed25519];

    #[test]
    fn every_kind_signs_and_its_public_half_verifies_both_forms() {
        for kind in KINDS {
            let key = SigningKey::generate(kind);
            let public = PublicKey::from_spki_der(&key.public().spki_der()).unwrap();
            assert_eq!(public.kind(), kind);
            assert!(public.verifies(b"message", &key.sign(b"message")));
            assert!(public.verifies_der(b"message", &key.sign_der(b"message")));
            assert!(!public.verifies(b"another", &key.sign(b"message")));
            assert!(
                !SigningKey::generate(kind)
                    .public()
                    .verifies(b"message", &key.sign(b"message"))
            );
        }
    }

    #[test]
    fn a_private_key_survives_pkcs8_version_one() {
        for kind in KINDS {
            let key = SigningKey::generate(kind);
            let der = key.to_pkcs8_der();
            let version_field = &der[der.iter().position(|b| *b == 0x02).unwrap()..][..3];
            assert_eq!(version_field, [0x02, 0x01, 0x00]);
            assert_eq!(SigningKey::from_pkcs8_der(&der).unwrap().public(), key.public());
            assert!(key.to_pkcs8_pem().starts_with("-----BEGIN PRIVATE KEY-----\n"));
        }
        assert!(SigningKey::from_pkcs8_der(b"not a key").is_err());
    }

    #[test]
    fn a_secret_of_the_wrong_length_or_outside_the_field_is_refused() {
        for kind in KINDS {
            assert!(SigningKey::from_secret(kind, &[1; 31]).is_err());
            assert!(SigningKey::from_secret(kind, &[]).is_err());
        }
        assert!(SigningKey::from_secret(KeyKind::P256, &[0; 32]).is_err());
        assert!(SigningKey::from_secret(KeyKind::P256, &[0xff; 32]).is_err());
    }

    #[test]
    fn the_second_spelling_of_a_signature_is_refused() {
        let key = SigningKey::generate(KeyKind::P256);
        let low = p256::ecdsa::Signature::from_slice(&key.sign(b"m")).unwrap();
        let high = p256::ecdsa::Signature::from_scalars(*low.r(), -*low.s()).unwrap();
        assert!(!key.public().verifies(b"m", &high.to_bytes()));
        assert_eq!(
            ecdsa_from_der(high.to_der().as_bytes()).unwrap().to_vec(),
            key.sign(b"m")
        );
        assert_eq!(ecdsa_to_der(&high.to_bytes()).unwrap(), low.to_der().as_bytes());
    }

    #[test]
    fn a_compressed_or_padded_public_key_is_refused() {
        let spki = SigningKey::generate(KeyKind::P256).public().spki_der();
        let mut padded = spki.clone();
        padded.push(0);
        assert_eq!(PublicKey::from_spki_der(&padded), Err(KeyError::PublicKey));
        // The same point in compressed form: 0x02 or 0x03 and x alone.
        let mut compressed = spki[..spki.len() - 65].to_vec();
        compressed.push(2 + (spki[spki.len() - 1] & 1));
        compressed.extend(&spki[spki.len() - 64..spki.len() - 32]);
        compressed[1] -= 32;
        let bit_string = compressed.len() - 33 - 2;
        compressed[bit_string] -= 32;
        assert_eq!(PublicKey::from_spki_der(&compressed), Err(KeyError::PublicKey));
    }
}
