//! X.509 certificates (RFC 5280) under the project's own profiles, for everyone who signs or checks.
//!
//! A [`Certificate`] keeps the exact DER that it was read from, and no other spelling of it is accepted.
//! Which certificate may do what is in [`Profile`]; who vouches for it is asked of [`verify_chain`].

mod chain;
mod claims;
mod crl;
mod issue;
pub mod oid;
mod profile;
mod revocations;
mod signing_request;
mod subject;

use der::asn1::ObjectIdentifier;
use der::{Decode, Encode, Reader, SliceReader};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName,
    SubjectKeyIdentifier,
};
use x509_cert::name::Name;

pub use chain::{ChainFault, ChainVerdict, verify_chain};
pub use claims::Claims;
pub use crl::{Crl, CrlError, Reason, Revoked};
pub use issue::{IssueError, Request, issue, random_serial, self_signed_root};
pub use profile::{Profile, ProfileFault};
pub use revocations::{Revocations, RevocationsError, Status};
pub use signing_request::{RequestError, SigningRequest, UnsignedRequest};
pub use subject::{Holder, SubjectName};

use crate::keys::{KeyKind, KeyProtection, PublicKey};
use crate::{Digest, sha256};

/// No certificate of the project comes near this many bytes.
const MAX_DER: usize = 16 * 1024;
/// No bundle of anchors comes near this many certificates.
const MAX_PEM_CHAIN: usize = 64;
const PEM_LABEL: &str = "CERTIFICATE";

/// Why bytes are not a certificate of this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CertificateError {
    #[error("the certificate is larger than 16 KiB")]
    TooLong,
    #[error("the bytes are not an X.509 certificate")]
    Malformed,
    #[error("the certificate is not in its canonical encoding")]
    NotCanonical,
    #[error("the certificate is not of version 3, or uses unique identifiers")]
    Version,
    #[error("the certificate's key or signature algorithm is not P-256, P-384 or Ed25519")]
    Algorithm,
    #[error("the certificate has an extension twice or with unreadable content")]
    Extension,
    #[error("the certificate has a critical extension that is not known here")]
    UnknownCritical,
    #[error("the PEM text is not exactly what this certificate would be written as")]
    Pem,
}

/// A parsed certificate; equality is equality of its DER.
#[derive(Debug, Clone)]
pub struct Certificate {
    der: Vec<u8>,
    tbs: Vec<u8>,
    signature: Vec<u8>,
    signature_kind: KeyKind,
    serial: Vec<u8>,
    issuer: Name,
    subject: Name,
    common_name: String,
    not_before_s: i64,
    not_after_s: i64,
    public_key: PublicKey,
    fingerprint: Digest,
    facts: Facts,
}

/// What the extensions of a certificate say.
#[derive(Debug, Clone, Default)]
struct Facts {
    basic_constraints: Option<BasicConstraints>,
    key_usage: Option<KeyUsage>,
    extended_key_usage: Vec<ObjectIdentifier>,
    extended_is_critical: bool,
    names: Vec<SubjectName>,
    subject_key_id: Option<Vec<u8>>,
    authority_key_id: Option<Vec<u8>>,
    claims: Claims,
}

impl PartialEq for Certificate {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Certificate {}

impl Certificate {
    /// Reads one certificate; trailing bytes and non-canonical encodings are refused.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        if der.len() > MAX_DER {
            return Err(CertificateError::TooLong);
        }
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| CertificateError::Malformed)?;
        if parsed.to_der().map_err(|_| CertificateError::Malformed)? != der {
            return Err(CertificateError::NotCanonical);
        }
        let tbs = parsed.tbs_certificate();
        if tbs.version() != x509_cert::Version::V3
            || tbs.issuer_unique_id().is_some()
            || tbs.subject_unique_id().is_some()
        {
            return Err(CertificateError::Version);
        }
        if tbs.signature() != parsed.signature_algorithm() || tbs.signature().parameters.is_some() {
            return Err(CertificateError::Algorithm);
        }
        let signature_kind = oid::signature_kind(tbs.signature().oid).ok_or(CertificateError::Algorithm)?;
        let spki = tbs
            .subject_public_key_info()
            .to_der()
            .map_err(|_| CertificateError::Malformed)?;
        let public_key = PublicKey::from_spki_der(&spki).map_err(|_| CertificateError::Algorithm)?;
        let common_name = tbs
            .subject()
            .common_name()
            .map_err(|_| CertificateError::Malformed)?;
        Ok(Certificate {
            tbs: to_be_signed(der).map_err(|_| CertificateError::Malformed)?,
            signature: parsed
                .signature()
                .as_bytes()
                .ok_or(CertificateError::Malformed)?
                .to_vec(),
            signature_kind,
            serial: tbs.serial_number().as_bytes().to_vec(),
            issuer: tbs.issuer().clone(),
            subject: tbs.subject().clone(),
            common_name: common_name.map(String::from).unwrap_or_default(),
            not_before_s: unix_seconds(tbs.validity().not_before)?,
            not_after_s: unix_seconds(tbs.validity().not_after)?,
            public_key,
            fingerprint: sha256(der),
            facts: Facts::read(tbs.extensions().map_or(&[], Vec::as_slice))?,
            der: der.to_vec(),
        })
    }

    /// Reads one PEM block that is byte for byte what [`Self::to_pem`] writes.
    pub fn parse_pem(pem: &str) -> Result<Self, CertificateError> {
        if pem.len() > 2 * MAX_DER {
            return Err(CertificateError::TooLong);
        }
        let (label, der) = der::pem::decode_vec(pem.as_bytes()).map_err(|_| CertificateError::Pem)?;
        if label != PEM_LABEL {
            return Err(CertificateError::Pem);
        }
        let certificate = Self::from_der(&der)?;
        if certificate.to_pem() == pem {
            Ok(certificate)
        } else {
            Err(CertificateError::Pem)
        }
    }

    /// Reads PEM blocks that follow each other with nothing between, before or after; at least one.
    pub fn parse_pem_chain(pem: &str) -> Result<Vec<Self>, CertificateError> {
        const END: &str = "-----END CERTIFICATE-----\n";
        let blocks: Vec<&str> = pem.split_inclusive(END).take(MAX_PEM_CHAIN + 1).collect();
        if blocks.is_empty() || blocks.len() > MAX_PEM_CHAIN {
            return Err(CertificateError::Pem);
        }
        blocks.into_iter().map(Self::parse_pem).collect()
    }

    /// The PEM form: 64 columns, line feeds, a final line feed.
    pub fn to_pem(&self) -> String {
        der::pem::encode_string(PEM_LABEL, der::pem::LineEnding::LF, &self.der)
            .expect("16 KiB fit a PEM block")
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// SHA-256 of the DER, the COSE `x5t`.
    pub fn fingerprint(&self) -> Digest {
        self.fingerprint
    }

    pub fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The subject's common name; empty when it has none.
    pub fn common_name(&self) -> &str {
        &self.common_name
    }

    /// The serial number, big-endian, without leading zeros.
    pub fn serial(&self) -> &[u8] {
        &self.serial
    }

    /// The issuer's name in DER.
    pub(crate) fn issuer_der(&self) -> Vec<u8> {
        self.issuer.to_der().expect("a parsed name encodes")
    }

    /// First and last moment of validity, in Unix milliseconds (the last is the end of its second).
    pub fn validity_unix_ms(&self) -> (i64, i64) {
        (self.not_before_s * 1000, self.not_after_s * 1000 + 999)
    }

    pub fn names(&self) -> &[SubjectName] {
        &self.facts.names
    }

    /// Whom the certificate stands for, when it names exactly one holder of this project.
    pub fn holder(&self) -> Option<&Holder> {
        let mut holders = self.facts.names.iter().filter_map(SubjectName::holder);
        match (holders.next(), holders.next()) {
            (Some(holder), None) => Some(holder),
            (None, _) | (Some(_), Some(_)) => None,
        }
    }

    /// What the issuer vouches for in the project's own extensions.
    pub fn claims(&self) -> &Claims {
        &self.facts.claims
    }

    /// The terminal's X25519 recipient.
    pub fn age_recipient(&self) -> Option<&[u8; 32]> {
        self.facts.claims.age_recipient.as_ref()
    }

    /// The camera's static X25519 key for Noise.
    pub fn noise_key(&self) -> Option<&[u8; 32]> {
        self.facts.claims.noise_key.as_ref()
    }

    /// Whether the camera signs inside its video, beside its chain.
    pub fn signed_video(&self) -> bool {
        self.facts.claims.signed_video
    }

    pub fn key_protection(&self) -> Option<KeyProtection> {
        self.facts.claims.key_protection
    }

    /// Whether the certificate is for training only.
    pub fn formation(&self) -> bool {
        self.facts.claims.formation
    }

    /// Whether the certificate has everything that `profile` demands and nothing that it excludes.
    pub fn check_profile(&self, profile: Profile) -> Result<(), ProfileFault> {
        profile.check(self)
    }

    /// Whether `issuer`'s key made this certificate's signature.
    /// Whether `issuer` is named as the issuer, and signed.
    pub fn is_issued_by(&self, issuer: &Certificate) -> bool {
        self.names_as_issuer(issuer) && self.is_signed_by(issuer)
    }

    fn is_signed_by(&self, issuer: &Certificate) -> bool {
        issuer.public_key.kind() == self.signature_kind
            && issuer.public_key.verifies_der(&self.tbs, &self.signature)
    }

    /// Whether `issuer` is the one that this certificate names, by name and, where both state one, by key identifier.
    fn names_as_issuer(&self, issuer: &Certificate) -> bool {
        let same_key = match (&self.facts.authority_key_id, &issuer.facts.subject_key_id) {
            (Some(wanted), Some(offered)) => wanted == offered,
            (None, _) | (_, None) => true,
        };
        self.issuer == issuer.subject && same_key
    }
}

impl Facts {
    fn read(extensions: &[Extension]) -> Result<Self, CertificateError> {
        let mut facts = Facts::default();
        for (position, extension) in extensions.iter().enumerate() {
            if extensions[..position]
                .iter()
                .any(|earlier| earlier.extn_id == extension.extn_id)
            {
                return Err(CertificateError::Extension);
            }
            if extension.extn_id == oid::EXTENDED_KEY_USAGE {
                facts.extended_is_critical = extension.critical;
            }
            let known = facts.take(extension.extn_id, extension.extn_value.as_bytes());
            match known {
                Ok(true) => {}
                Ok(false) if extension.critical => return Err(CertificateError::UnknownCritical),
                Ok(false) => {}
                Err(_) => return Err(CertificateError::Extension),
            }
        }
        Ok(facts)
    }

    /// Reads one extension; `false` for one that is not known.
    fn take(&mut self, id: ObjectIdentifier, value: &[u8]) -> der::Result<bool> {
        match id {
            oid::BASIC_CONSTRAINTS => self.basic_constraints = Some(BasicConstraints::from_der(value)?),
            oid::KEY_USAGE => self.key_usage = Some(KeyUsage::from_der(value)?),
            oid::EXTENDED_KEY_USAGE => self.extended_key_usage = ExtendedKeyUsage::from_der(value)?.0,
            oid::SUBJECT_ALT_NAME => {
                self.names = subject::read(&SubjectAltName::from_der(value)?.0)?;
            }
            oid::SUBJECT_KEY_ID => {
                self.subject_key_id = Some(SubjectKeyIdentifier::from_der(value)?.0.as_bytes().to_vec());
            }
            oid::AUTHORITY_KEY_ID => {
                let key_id = AuthorityKeyIdentifier::from_der(value)?.key_identifier;
                self.authority_key_id = key_id.map(|id| id.as_bytes().to_vec());
            }
            _ => return self.claims.take(id, value),
        }
        Ok(true)
    }
}

/// The exact bytes that the issuer signed.
fn to_be_signed(der: &[u8]) -> der::Result<Vec<u8>> {
    let mut reader = SliceReader::new(der)?;
    reader.sequence(|inner| {
        let tbs = inner.tlv_bytes()?.to_vec();
        inner.tlv_bytes()?;
        inner.tlv_bytes()?;
        Ok(tbs)
    })
}

fn unix_seconds(time: x509_cert::time::Time) -> Result<i64, CertificateError> {
    i64::try_from(time.to_unix_duration().as_secs()).map_err(|_| CertificateError::Malformed)
}

#[cfg(test)]
mod interop;
#[cfg(test)]
mod tests;
