//! What makers of cameras sign with: their certificates, keys and hashes, read for what signed video needs of them.
//!
//! Nobody asked this project how a maker's certificates should look, so that [`crate::cert::Certificate`] does not fit
//! them. Verification alone; a key or an algorithm that is not known here is [`Held::Unknown`], never a success.

mod pss;

use der::Decode;
use domain::identity::cachet::NamedHash;
use sha2::Digest as _;
use sha2::{Sha256, Sha384, Sha512};
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use crate::cachet::certificate::Outside;
use crate::cachet::key;
use crate::cachet::key::OutsideKey;

pub use crate::cachet::key::Held;

/// Certificates of one chain, or of one file of roots.
pub const MAX_CERTIFICATES: usize = 64;
/// Leaf, and authorities up to the root.
const MAX_DEPTH: usize = 6;
const PEM_END: &str = "-----END CERTIFICATE-----";
const PEM_CERTIFICATE: &str = "CERTIFICATE";
const PEM_KEY: &str = "PUBLIC KEY";

/// DER content of object identifiers (RFC 5754 §2, RFC 4055 §5, RFC 8410 §3).
const HASHES: [(&[u8], Hash); 3] = [
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01],
        Hash::Sha256,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02],
        Hash::Sha384,
    ),
    (
        &[0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x03],
        Hash::Sha512,
    ),
];
const RSA_ENCRYPTION: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01];
const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0a];
/// `sha256WithRSAEncryption` to `sha512WithRSAEncryption`.
const RSA_PKCS1: [&[u8]; 3] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0c],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0d],
];
/// `id-ecPublicKey`, and `ecdsa-with-SHA256` to `ecdsa-with-SHA512`.
const ECDSA: [&[u8]; 4] = [
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03],
    &[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x04],
];
const ED25519: &[u8] = &[0x2b, 0x65, 0x70];

/// The hashes that signed video may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hash {
    #[default]
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// From an object identifier in DER, with or without its tag; `None` for a hash that is not known here.
    pub fn from_oid(oid: &[u8]) -> Option<Self> {
        let content = content(oid);
        let known = HASHES.into_iter().find(|(id, _)| *id == content);
        known.map(|(_, hash)| hash)
    }

    /// Bytes of a value.
    pub const fn length(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha384 => 48,
            Self::Sha512 => 64,
        }
    }

    const fn named(self) -> NamedHash {
        match self {
            Self::Sha256 => NamedHash::Sha256,
            Self::Sha384 => NamedHash::Sha384,
            Self::Sha512 => NamedHash::Sha512,
        }
    }

    /// The hash of these pieces, one after the other.
    pub fn of(self, pieces: &[&[u8]]) -> Value {
        let mut running = Running::new(self);
        pieces.iter().for_each(|piece| running.update(piece));
        running.finish()
    }
}

/// A hash value of any of the lengths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Value {
    length: u8,
    bytes: [u8; 64],
}

impl Value {
    /// From the bytes of a value; `None` when they are longer than any hash.
    pub fn new(value: &[u8]) -> Option<Self> {
        let mut bytes = [0; 64];
        bytes.get_mut(..value.len())?.copy_from_slice(value);
        let length = u8::try_from(value.len()).ok()?;
        Some(Self { length, bytes })
    }

    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.length)).unwrap_or_default()
    }
}

/// A hash that is being computed.
#[derive(Debug, Clone)]
pub enum Running {
    Sha256(Sha256),
    Sha384(Sha384),
    Sha512(Sha512),
}

impl Running {
    pub fn new(hash: Hash) -> Self {
        match hash {
            Hash::Sha256 => Self::Sha256(Sha256::new()),
            Hash::Sha384 => Self::Sha384(Sha384::new()),
            Hash::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(running) => running.update(bytes),
            Self::Sha384(running) => running.update(bytes),
            Self::Sha512(running) => running.update(bytes),
        }
    }

    pub fn finish(self) -> Value {
        let value = match self {
            Self::Sha256(running) => Value::new(&running.finalize()),
            Self::Sha384(running) => Value::new(&running.finalize()),
            Self::Sha512(running) => Value::new(&running.finalize()),
        };
        value.expect("no hash is longer than 64 bytes")
    }
}

/// How a signature was made, as far as it is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Scheme {
    /// Not named: that of the key. An RSA key may have signed in either way.
    #[default]
    OfTheKey,
    RsaPkcs1,
    RsaPss,
    Ecdsa,
    Ed25519,
}

impl Scheme {
    /// From an object identifier in DER, with or without its tag; `None` for one that is not known here.
    pub fn from_oid(oid: &[u8]) -> Option<Self> {
        match content(oid) {
            [] => Some(Self::OfTheKey),
            id if id == RSA_ENCRYPTION => Some(Self::OfTheKey),
            id if id == RSA_PSS => Some(Self::RsaPss),
            id if id == ED25519 => Some(Self::Ed25519),
            id if RSA_PKCS1.contains(&id) => Some(Self::RsaPkcs1),
            id if ECDSA.contains(&id) => Some(Self::Ecdsa),
            _ => None,
        }
    }
}

fn content(oid: &[u8]) -> &[u8] {
    match oid {
        [6, length, content @ ..] if usize::from(*length) == content.len() => content,
        _ => oid,
    }
}

/// The key that signed a video.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key(OutsideKey);

impl Key {
    /// From a SubjectPublicKeyInfo in PEM, which may end in zero bytes.
    pub fn from_pem(pem: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(pem).ok()?.trim_end_matches('\0');
        let (label, der) = der::pem::decode_vec(text.trim().as_bytes()).ok()?;
        if label != PEM_KEY {
            return None;
        }
        let spki = SubjectPublicKeyInfoOwned::from_der(&der).ok()?;
        Some(Self(OutsideKey::of(&spki)))
    }

    /// Holds `signature` against `message`, hashed by `hash`.
    pub fn verifies(&self, scheme: Scheme, hash: Hash, message: &[u8], signature: &[u8]) -> Held {
        let plain = || self.0.filmed(message, signature, hash.named());
        let pss = |key: &[u8]| pss::verifies(key, hash, message, signature);
        match (&self.0, scheme) {
            (OutsideKey::Rsa(key), Scheme::RsaPss) => pss(key),
            (OutsideKey::Rsa(key), Scheme::OfTheKey) => match plain() {
                Held::Wrong => pss(key),
                held @ (Held::Holds | Held::Unknown) => held,
            },
            (OutsideKey::Rsa(_), Scheme::RsaPkcs1)
            | (OutsideKey::Ec { .. }, Scheme::OfTheKey | Scheme::Ecdsa)
            | (OutsideKey::Ed25519(_), Scheme::OfTheKey | Scheme::Ed25519) => plain(),
            (OutsideKey::Unknown, _) => Held::Unknown,
            (OutsideKey::Rsa(_) | OutsideKey::Ec { .. } | OutsideKey::Ed25519(_), _) => Held::Wrong,
        }
    }
}

/// A certificate as its maker wrote it.
#[derive(Debug, Clone)]
pub struct Certificate(Outside);

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.der == other.0.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads one certificate in DER.
    pub fn from_der(der: &[u8]) -> Option<Self> {
        Outside::from_der(der).ok().map(Self)
    }

    /// Reads certificates in PEM, whatever stands between their blocks; `None` when a block is no certificate, there is
    /// none, or there are more than [`MAX_CERTIFICATES`].
    pub fn parse_pem_chain(pem: &[u8]) -> Option<Vec<Self>> {
        let text = std::str::from_utf8(pem).ok()?;
        let mut chain = Vec::new();
        for block in text.split_inclusive(PEM_END) {
            let Some(start) = block.find("-----BEGIN") else {
                continue;
            };
            let (label, der) = der::pem::decode_vec(block.get(start..)?.as_bytes()).ok()?;
            if label != PEM_CERTIFICATE || chain.len() == MAX_CERTIFICATES {
                return None;
            }
            chain.push(Self::from_der(&der)?);
        }
        (!chain.is_empty()).then_some(chain)
    }

    pub fn der(&self) -> &[u8] {
        &self.0.der
    }

    /// The subject's common name; empty when it has none.
    pub fn name(&self) -> &str {
        &self.0.name
    }

    pub fn key(&self) -> Key {
        Key(self.0.key.clone())
    }

    /// First and last moment of validity, in Unix milliseconds.
    pub fn validity_unix_ms(&self) -> (i64, i64) {
        (self.0.not_before.0, self.0.not_after.0.saturating_add(999))
    }
}

/// Why no anchor vouches for a certificate; `depth` counts from the leaf, 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PathFault {
    #[error("certificate {depth} of the chain was not signed by the issuer that it names")]
    BadSignature { depth: usize },
    #[error("the issuer of certificate {depth} of the chain is not known")]
    UnknownIssuer { depth: usize },
    #[error("the algorithm of certificate {depth} of the chain is not known here")]
    Algorithm { depth: usize },
    #[error("certificate {depth} of the chain issues another one and is no authority")]
    NoAuthority { depth: usize },
    #[error("the chain is longer than any camera's")]
    TooLong,
}

/// Follows `leaf` through `intermediates` (trusted for nothing) to one of `anchors`; gives the path, leaf first.
///
/// Dates are not judged: who calls knows which moment counts. An anchor is trusted byte for byte.
pub fn path(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
) -> Result<Vec<Certificate>, PathFault> {
    let mut path = vec![leaf.clone()];
    let mut current = leaf;
    while !anchors.contains(current) {
        let depth = path.len() - 1;
        if path.len() == MAX_DEPTH {
            return Err(PathFault::TooLong);
        }
        if current.0.names_as_issuer(&current.0) {
            return Err(PathFault::UnknownIssuer { depth });
        }
        let mut named = anchors
            .iter()
            .chain(intermediates)
            .filter(|issuer| current.0.names_as_issuer(&issuer.0))
            .peekable();
        if named.peek().is_none() {
            return Err(PathFault::UnknownIssuer { depth });
        }
        // A root may bear the name of another one; a chain does not bring the wrong issuer along by chance.
        let brought = intermediates
            .iter()
            .any(|issuer| current.0.names_as_issuer(&issuer.0));
        let mut fault = if brought {
            PathFault::BadSignature { depth }
        } else {
            PathFault::UnknownIssuer { depth }
        };
        let issuer = named.find(|issuer| match current.0.is_issued_by(&issuer.0) {
            Held::Holds => true,
            Held::Wrong => false,
            Held::Unknown => {
                fault = PathFault::Algorithm { depth };
                false
            }
        });
        let issuer = issuer.ok_or(fault)?;
        if !issuer.0.is_authority {
            return Err(PathFault::NoAuthority { depth: depth + 1 });
        }
        path.push(issuer.clone());
        current = issuer;
    }
    Ok(path)
}

#[cfg(test)]
mod tests;
