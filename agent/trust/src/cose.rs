//! COSE_Sign1 (RFC 9052 §4.2), for every signed artefact of the project.
//!
//! A message has exactly one accepted encoding: tag 18, attached payload, empty unprotected header, and a
//! deterministic protected header (RFC 8949 §4.2) of algorithm, content type, key id, certificate hash, namespace, key
//! protection and training mark. A signature holds for one [`Namespace`] only, and is checked over the received bytes.

mod header;
mod namespace;

use std::fmt;

use coset::{CoseSign1, ProtectedHeader, SignatureContext, TaggedCborSerializable};
use minicbor::Decoder;

pub use namespace::Namespace;

use self::header::Header;
use crate::Digest;
use crate::cert::Certificate;
use crate::keys::{KeyKind, KeyProtection, PublicKey, SigningKey, ecdsa_with_low_s};

/// The largest message that is read or written, in bytes.
pub const MAX_MESSAGE: usize = 16 * 1024 * 1024;
/// Both algorithms sign with this many bytes.
const SIGNATURE_LENGTH: usize = 64;
/// Tag 18 and the head of an array of four.
const PREFIX: [u8; 2] = [0xd2, 0x84];

/// The signature algorithms, each fixed by the key's kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Algorithm {
    /// ECDSA with SHA-256 on P-256 (COSE −7).
    Es256,
    /// Ed25519 (COSE −8).
    EdDsa,
}

impl Algorithm {
    /// The algorithm that a key of this kind signs with; none for a root's P-384.
    pub fn of(kind: KeyKind) -> Option<Self> {
        match kind {
            KeyKind::P256 => Some(Algorithm::Es256),
            KeyKind::Ed25519 => Some(Algorithm::EdDsa),
            KeyKind::P384 => None,
        }
    }
}

/// Why a message is not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningRefusal {
    #[error("the signing key is not that of the certificate")]
    WrongKey,
    #[error("a key of this kind signs no messages")]
    Algorithm,
    #[error("the content type is not an ASCII media type of at most 100 characters")]
    ContentType,
    #[error("the key protection is not the one that the certificate states")]
    Protection,
    #[error("the message would be larger than {MAX_MESSAGE} bytes")]
    TooLong,
    #[error("the signature does not verify under the certificate; ask the card again")]
    BadSignature,
}

/// Why bytes are not a message of this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CoseError {
    #[error("the message is larger than {MAX_MESSAGE} bytes")]
    TooLong,
    #[error("the bytes are not a COSE_Sign1 message with an attached payload")]
    Malformed,
    #[error("the protected header is not one of this project")]
    Header,
    #[error("the message is not in its deterministic encoding")]
    NotCanonical,
}

/// Why a message that was read does not count as signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureRefusal {
    #[error("the message is a `{found}`, where a `{expected}` is expected")]
    WrongNamespace { expected: Namespace, found: Namespace },
    #[error("the message names another certificate or key")]
    WrongCertificate,
    #[error("the algorithm is not the one that the key is for")]
    WrongAlgorithm,
    #[error("the message states another key protection than the certificate")]
    Protection,
    #[error("the message and the certificate differ on being for training")]
    Formation,
    #[error("the signature is not that of the key over these bytes")]
    BadSignature,
}

/// Signs `payload` with the key of `certificate`.
///
/// `protection` must be what the certificate states (none for headquarters and cameras); the training mark is
/// copied from the certificate.
pub fn sign(
    namespace: Namespace,
    signer: &SigningKey,
    certificate: &Certificate,
    content_type: &str,
    payload: &[u8],
    protection: Option<KeyProtection>,
) -> Result<Vec<u8>, SigningRefusal> {
    if signer.public() != *certificate.public_key() {
        return Err(SigningRefusal::WrongKey);
    }
    let unsigned = to_be_signed(namespace, certificate, content_type, payload, protection)?;
    let signature = signer.sign(unsigned.sig_structure());
    unsigned.assemble(&signature)
}

/// Signs `payload` with a key that has no certificate: a camera's session key, a terminal that asks for enrolment.
pub fn sign_bare(
    namespace: Namespace,
    signer: &SigningKey,
    content_type: &str,
    payload: &[u8],
) -> Result<Vec<u8>, SigningRefusal> {
    let key = signer.public();
    let header = Header {
        namespace,
        algorithm: Algorithm::of(key.kind()).ok_or(SigningRefusal::Algorithm)?,
        content_type: content_type.to_owned(),
        kid: key.key_id(),
        x5t: None,
        protection: None,
        formation: false,
    };
    let unsigned = Unsigned::new(&header, key, payload)?;
    let signature = signer.sign(unsigned.sig_structure());
    unsigned.assemble(&signature)
}

/// First half of [`sign`], for a key in a card or keystore that is not reached from here.
pub fn to_be_signed(
    namespace: Namespace,
    certificate: &Certificate,
    content_type: &str,
    payload: &[u8],
    protection: Option<KeyProtection>,
) -> Result<Unsigned, SigningRefusal> {
    if protection != certificate.key_protection() {
        return Err(SigningRefusal::Protection);
    }
    let key = certificate.public_key();
    let header = Header {
        namespace,
        algorithm: Algorithm::of(key.kind()).ok_or(SigningRefusal::Algorithm)?,
        content_type: content_type.to_owned(),
        kid: key.key_id(),
        x5t: Some(certificate.fingerprint()),
        protection,
        formation: certificate.formation(),
    };
    Unsigned::new(&header, key.clone(), payload)
}

/// A message that waits for its signature.
pub struct Unsigned {
    key: PublicKey,
    protected: Vec<u8>,
    payload: Vec<u8>,
    sig_structure: Vec<u8>,
}

impl Unsigned {
    fn new(header: &Header, key: PublicKey, payload: &[u8]) -> Result<Self, SigningRefusal> {
        if !header::is_content_type(&header.content_type) {
            return Err(SigningRefusal::ContentType);
        }
        if payload.len() > MAX_MESSAGE - header::MAX_ENCODED {
            return Err(SigningRefusal::TooLong);
        }
        let protected = header.encode();
        let sig_structure = sig_structure(&protected, header.namespace, payload);
        Ok(Unsigned {
            key,
            protected,
            payload: payload.to_vec(),
            sig_structure,
        })
    }

    /// The exact bytes to sign: ECDSA over their SHA-256, or Ed25519 over themselves.
    pub fn sig_structure(&self) -> &[u8] {
        &self.sig_structure
    }

    /// Second half of [`sign`]: `signature` is `r ‖ s` or the 64 bytes of Ed25519, and must verify.
    pub fn assemble(self, signature: &[u8]) -> Result<Vec<u8>, SigningRefusal> {
        let signature = match self.key.kind() {
            // A card gives either `s`; only the low one is accepted when read.
            KeyKind::P256 => ecdsa_with_low_s(signature).ok_or(SigningRefusal::BadSignature)?,
            KeyKind::P384 | KeyKind::Ed25519 => signature.to_vec(),
        };
        if !self.key.verifies(&self.sig_structure, &signature) {
            return Err(SigningRefusal::BadSignature);
        }
        Ok(encode(self.protected, self.payload, signature))
    }
}

/// A message that was read, and whose signature is not checked yet; its `Debug` leaves the payload out.
#[derive(Clone, PartialEq, Eq)]
pub struct Signed {
    pub namespace: Namespace,
    pub algorithm: Algorithm,
    pub content_type: String,
    /// The first 8 bytes of the SHA-256 of the signer's SPKI.
    pub kid: [u8; 8],
    /// The signer's certificate, by the SHA-256 of its DER; none for a key without certificate.
    pub x5t: Option<Digest>,
    /// Where the signer's key lives, as the signer states it.
    pub protection: Option<KeyProtection>,
    /// Made for training, without legal value.
    pub formation: bool,
    pub payload: Vec<u8>,
    pub signature: Vec<u8>,
    protected: Vec<u8>,
}

impl fmt::Debug for Signed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signed")
            .field("namespace", &self.namespace)
            .field("content_type", &self.content_type)
            .field("x5t", &self.x5t)
            .field("payload_len", &self.payload.len())
            .finish_non_exhaustive()
    }
}

impl Signed {
    /// The Sig_structure that the signature covers, over the received header and payload.
    pub fn to_be_signed(&self) -> Vec<u8> {
        sig_structure(&self.protected, self.namespace, &self.payload)
    }
}

/// Reads one message; nothing is said about its signature.
pub fn parse(bytes: &[u8]) -> Result<Signed, CoseError> {
    if bytes.len() > MAX_MESSAGE {
        return Err(CoseError::TooLong);
    }
    // A pull decoder holds hostile input to the one known shape before anything is allocated for it.
    let body = bytes.strip_prefix(&PREFIX).ok_or(CoseError::Malformed)?;
    let mut decoder = Decoder::new(body);
    let protected = decoder.bytes().map_err(|_| CoseError::Malformed)?;
    if !matches!(decoder.map(), Ok(Some(0))) {
        return Err(CoseError::Malformed);
    }
    let payload = decoder.bytes().map_err(|_| CoseError::Malformed)?;
    let signature = decoder.bytes().map_err(|_| CoseError::Malformed)?;
    if decoder.position() != body.len() || signature.len() != SIGNATURE_LENGTH {
        return Err(CoseError::Malformed);
    }
    let header = Header::decode(protected).ok_or(CoseError::Header)?;
    if encode(protected.to_vec(), payload.to_vec(), signature.to_vec()) != bytes {
        return Err(CoseError::NotCanonical);
    }
    Ok(Signed {
        namespace: header.namespace,
        algorithm: header.algorithm,
        content_type: header.content_type,
        kid: header.kid,
        x5t: header.x5t,
        protection: header.protection,
        formation: header.formation,
        payload: payload.to_vec(),
        signature: signature.to_vec(),
        protected: protected.to_vec(),
    })
}

/// Checks that `signed` is an `expected` made by the key of `certificate`; the certificate itself is not judged.
pub fn verify(
    signed: &Signed,
    expected: Namespace,
    certificate: &Certificate,
) -> Result<(), SignatureRefusal> {
    if signed.x5t != Some(certificate.fingerprint()) {
        return Err(SignatureRefusal::WrongCertificate);
    }
    if signed.protection != certificate.key_protection() {
        return Err(SignatureRefusal::Protection);
    }
    if signed.formation != certificate.formation() {
        return Err(SignatureRefusal::Formation);
    }
    verify_key(signed, expected, certificate.public_key())
}

/// Checks that `signed` is an `expected` made by `key`, which has no certificate (see [`sign_bare`]).
pub fn verify_bare(signed: &Signed, expected: Namespace, key: &PublicKey) -> Result<(), SignatureRefusal> {
    if signed.x5t.is_some() {
        return Err(SignatureRefusal::WrongCertificate);
    }
    if signed.protection.is_some() {
        return Err(SignatureRefusal::Protection);
    }
    if signed.formation {
        return Err(SignatureRefusal::Formation);
    }
    verify_key(signed, expected, key)
}

fn verify_key(signed: &Signed, expected: Namespace, key: &PublicKey) -> Result<(), SignatureRefusal> {
    if signed.namespace != expected {
        return Err(SignatureRefusal::WrongNamespace {
            expected,
            found: signed.namespace,
        });
    }
    if signed.kid != key.key_id() {
        return Err(SignatureRefusal::WrongCertificate);
    }
    if Algorithm::of(key.kind()) != Some(signed.algorithm) {
        return Err(SignatureRefusal::WrongAlgorithm);
    }
    if key.verifies(&signed.to_be_signed(), &signed.signature) {
        Ok(())
    } else {
        Err(SignatureRefusal::BadSignature)
    }
}

fn sig_structure(protected: &[u8], namespace: Namespace, payload: &[u8]) -> Vec<u8> {
    let body = ProtectedHeader {
        original_data: Some(protected.to_vec()),
        ..ProtectedHeader::default()
    };
    coset::sig_structure_data(
        SignatureContext::CoseSign1,
        body,
        None,
        namespace.external_aad().as_bytes(),
        payload,
    )
}

fn encode(protected: Vec<u8>, payload: Vec<u8>, signature: Vec<u8>) -> Vec<u8> {
    CoseSign1 {
        protected: ProtectedHeader {
            original_data: Some(protected),
            ..ProtectedHeader::default()
        },
        payload: Some(payload),
        signature,
        ..CoseSign1::default()
    }
    .to_tagged_vec()
    .expect("byte strings always encode")
}

#[cfg(test)]
mod tests;
