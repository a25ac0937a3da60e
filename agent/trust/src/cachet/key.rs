//! Keys and signatures of other people's seals, videos and certificates: five curves, Ed25519 and RSA, verification alone.
//!
//! The project's own keys are in [`crate::keys`], which knows neither RSA nor curves that nobody here signs with. A
//! curve is known by its name; one that is spelt out in parameters is unknown, so that nobody brings a generator along
//! (CVE-2020-0601).

use der::asn1::{AnyRef, ObjectIdentifier, UintRef};
use der::{Decode, Reader, SliceReader};
use domain::identity::cachet::NamedHash;
use ecdsa::elliptic_curve::sec1::{FromSec1Point, ModulusSize, ToSec1Point};
use ecdsa::elliptic_curve::{AffinePoint, CurveArithmetic, FieldBytesSize};
use ecdsa::signature::hazmat::PrehashVerifier;
use ecdsa::{EcdsaCurve, Signature, VerifyingKey};
use ring::signature::{
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaParameters,
    UnparsedPublicKey,
};
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

const EC: ObjectIdentifier = oid("1.2.840.10045.2.1");
const RSA: ObjectIdentifier = oid("1.2.840.113549.1.1.1");
/// Of the key and of its signatures alike (RFC 8410 §3).
const ED25519: ObjectIdentifier = oid("1.3.101.112");

/// The curves by their names (RFC 5480 §2.1.1.1, RFC 5639 §4.1).
const CURVES: [(ObjectIdentifier, Curve); 5] = [
    (oid("1.2.840.10045.3.1.7"), Curve::P256),
    (oid("1.3.132.0.34"), Curve::P384),
    (oid("1.3.132.0.35"), Curve::P521),
    (oid("1.3.36.3.3.2.8.1.1.7"), Curve::Brainpool256),
    (oid("1.3.36.3.3.2.8.1.1.11"), Curve::Brainpool384),
];

/// Signature algorithms of certificates (RFC 4055 §5, RFC 5758 §3.2).
const ALGORITHMS: [(ObjectIdentifier, Family, NamedHash); 6] = [
    (oid("1.2.840.10045.4.3.2"), Family::Ecdsa, NamedHash::Sha256),
    (oid("1.2.840.10045.4.3.3"), Family::Ecdsa, NamedHash::Sha384),
    (oid("1.2.840.10045.4.3.4"), Family::Ecdsa, NamedHash::Sha512),
    (oid("1.2.840.113549.1.1.11"), Family::Rsa, NamedHash::Sha256),
    (oid("1.2.840.113549.1.1.12"), Family::Rsa, NamedHash::Sha384),
    (oid("1.2.840.113549.1.1.13"), Family::Rsa, NamedHash::Sha512),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Ecdsa,
    Rsa,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Curve {
    P256,
    P384,
    P521,
    Brainpool256,
    Brainpool384,
}

impl Curve {
    /// The length of a coordinate in bytes.
    const fn length(self) -> usize {
        match self {
            Self::P256 | Self::Brainpool256 => 32,
            Self::P384 | Self::Brainpool384 => 48,
            Self::P521 => 66,
        }
    }

    /// The hash of seals that name none: that of the curve's strength.
    const fn hash(self) -> NamedHash {
        match self {
            Self::P256 | Self::Brainpool256 => NamedHash::Sha256,
            Self::P384 | Self::Brainpool384 => NamedHash::Sha384,
            Self::P521 => NamedHash::Sha512,
        }
    }
}

/// What a signature is, held against a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    Holds,
    Wrong,
    /// The key or the algorithm is not known here: nothing was checked.
    Unknown,
}

impl From<bool> for Held {
    fn from(holds: bool) -> Self {
        if holds { Self::Holds } else { Self::Wrong }
    }
}

/// The public key of a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum OutsideKey {
    Ec {
        curve: Named,
        point: Vec<u8>,
    },
    /// A PKCS #1 `RSAPublicKey`.
    Rsa(Vec<u8>),
    Ed25519(Vec<u8>),
    Unknown,
}

/// A curve that is known by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named(Curve);

impl OutsideKey {
    pub(crate) fn of(spki: &SubjectPublicKeyInfoOwned) -> Self {
        let Some(bytes) = spki.subject_public_key.as_bytes() else {
            return Self::Unknown;
        };
        if spki.algorithm.oid == RSA {
            return Self::Rsa(bytes.to_vec());
        }
        if spki.algorithm.oid == ED25519 {
            return Self::Ed25519(bytes.to_vec());
        }
        let parameters = spki.algorithm.parameters.as_ref().map(AnyRef::from);
        let name = parameters.and_then(|any| ObjectIdentifier::try_from(any).ok());
        let curve = CURVES
            .into_iter()
            .find(|(id, _)| spki.algorithm.oid == EC && Some(*id) == name);
        curve.map_or(Self::Unknown, |(_, curve)| Self::Ec {
            curve: Named(curve),
            point: bytes.to_vec(),
        })
    }

    /// The signature of a seal: `r ‖ s` at the length of the curve, or PKCS #1 v1.5. The hash is the one that the seal
    /// names, or that of the key.
    pub(super) fn sealed(&self, signed: &[u8], signature: &[u8], hash: Option<NamedHash>) -> Held {
        match self {
            Self::Ec { curve, point } => {
                let digest = digest(hash.unwrap_or(curve.0.hash()), signed);
                ecdsa(curve.0, point, &digest, signature).into()
            }
            Self::Rsa(key) => rsa(key, hash.unwrap_or(NamedHash::Sha256), signed, signature),
            Self::Ed25519(_) | Self::Unknown => Held::Unknown,
        }
    }

    /// The signature of a video: ECDSA in DER, PKCS #1 v1.5, or Ed25519 over the hash.
    pub(crate) fn filmed(&self, signed: &[u8], signature: &[u8], hash: NamedHash) -> Held {
        match self {
            Self::Ec { curve, point } => fixed(signature, curve.0.length())
                .is_some_and(|signature| ecdsa(curve.0, point, &digest(hash, signed), &signature))
                .into(),
            Self::Rsa(key) => rsa(key, hash, signed, signature),
            Self::Ed25519(key) => edwards(key, &digest(hash, signed), signature).into(),
            Self::Unknown => Held::Unknown,
        }
    }

    /// The signature of a certificate or of a list of revoked ones.
    pub(super) fn issued(
        &self,
        algorithm: &AlgorithmIdentifierOwned,
        signed: &[u8],
        signature: &[u8],
    ) -> Held {
        if let (Self::Ed25519(key), ED25519) = (self, algorithm.oid) {
            return edwards(key, signed, signature).into();
        }
        let known = ALGORITHMS.into_iter().find(|(id, ..)| *id == algorithm.oid);
        match (self, known) {
            (Self::Ec { curve, point }, Some((_, Family::Ecdsa, hash))) => fixed(signature, curve.0.length())
                .is_some_and(|signature| ecdsa(curve.0, point, &digest(hash, signed), &signature))
                .into(),
            (Self::Rsa(key), Some((_, Family::Rsa, hash))) => rsa(key, hash, signed, signature),
            (Self::Ec { .. }, Some((_, Family::Rsa, _))) | (Self::Rsa(_), Some((_, Family::Ecdsa, _))) => {
                Held::Wrong
            }
            (Self::Ed25519(_) | Self::Unknown, _) | (_, None) => Held::Unknown,
        }
    }
}

fn edwards(key: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = key
        .try_into()
        .ok()
        .and_then(|key| ed25519_dalek::VerifyingKey::from_bytes(key).ok());
    let signature = ed25519_dalek::Signature::from_slice(signature);
    matches!((key, signature), (Some(key), Ok(signature)) if key.verify_strict(message, &signature).is_ok())
}

pub(crate) fn digest(hash: NamedHash, bytes: &[u8]) -> Vec<u8> {
    match hash {
        NamedHash::Sha256 => Sha256::digest(bytes).to_vec(),
        NamedHash::Sha384 => Sha384::digest(bytes).to_vec(),
        NamedHash::Sha512 => Sha512::digest(bytes).to_vec(),
    }
}

/// A modulus of fewer than 2048 bits is not verified.
fn rsa(key: &[u8], hash: NamedHash, signed: &[u8], signature: &[u8]) -> Held {
    let parameters: &'static RsaParameters = match hash {
        NamedHash::Sha256 => &RSA_PKCS1_2048_8192_SHA256,
        NamedHash::Sha384 => &RSA_PKCS1_2048_8192_SHA384,
        NamedHash::Sha512 => &RSA_PKCS1_2048_8192_SHA512,
    };
    let modulus = SliceReader::new(key).and_then(|mut reader| {
        reader.sequence(|inner| {
            let modulus = UintRef::decode(inner)?;
            UintRef::decode(inner)?;
            Ok(modulus.as_bytes().len())
        })
    });
    if !modulus.is_ok_and(|length: usize| (256..=1024).contains(&length)) {
        return Held::Unknown;
    }
    UnparsedPublicKey::new(parameters, key)
        .verify(signed, signature)
        .is_ok()
        .into()
}

fn ecdsa(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> bool {
    match curve {
        Curve::P256 => on::<p256::NistP256>(point, digest, signature),
        Curve::P384 => on::<p384::NistP384>(point, digest, signature),
        Curve::P521 => on::<p521::NistP521>(point, digest, signature),
        Curve::Brainpool256 => on::<bp256::BrainpoolP256r1>(point, digest, signature),
        Curve::Brainpool384 => on::<bp384::BrainpoolP384r1>(point, digest, signature),
    }
}

fn on<C>(point: &[u8], digest: &[u8], signature: &[u8]) -> bool
where
    C: EcdsaCurve + CurveArithmetic,
    AffinePoint<C>: FromSec1Point<C> + ToSec1Point<C>,
    FieldBytesSize<C>: ModulusSize,
{
    // The library wants at least half a field of hash; zeros in front change no number.
    let length = point.len().saturating_sub(1) / 2;
    let mut padded = vec![0; length.saturating_sub(digest.len())];
    padded.extend_from_slice(digest);
    let key = VerifyingKey::<C>::from_sec1_bytes(point);
    let signature = Signature::<C>::from_slice(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify_prehash(&padded, &signature).is_ok())
}

/// `r ‖ s` from the DER that certificates carry (RFC 3279 §2.2.3).
fn fixed(der: &[u8], length: usize) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(der).ok()?;
    let numbers = reader.sequence(|inner| {
        let (r, s) = (UintRef::decode(inner)?, UintRef::decode(inner)?);
        Ok::<_, der::Error>([r.as_bytes().to_vec(), s.as_bytes().to_vec()])
    });
    let mut joined = Vec::with_capacity(2 * length);
    for number in numbers.ok().filter(|_| reader.is_finished())? {
        joined.extend(std::iter::repeat_n(0, length.checked_sub(number.len())?));
        joined.extend(number);
    }
    Some(joined)
}
