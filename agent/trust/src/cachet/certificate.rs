//! Certificates that other people issue to each other: read for what a seal needs of them, whatever else they hold.
//!
//! [`crate::cert::Certificate`] is for the project's own profiles and refuses what it does not know; nobody asked this
//! project how a ministry's certificates should look.

use data_encoding::HEXUPPER;
use der::{Decode, Encode, Reader, SliceReader};
use domain::UnixMs;
use domain::identity::cachet::SignerName;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use x509_cert::crl::CertificateList;
use x509_cert::ext::pkix::BasicConstraints;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::key::{Held, OutsideKey};

/// No certificate of the lists comes near this many bytes.
const MAX_CERTIFICATE: usize = 16 * 1024;
/// The lists of revoked certificates of the known authorities are some kilobytes.
const MAX_CRL: usize = 4 * 1024 * 1024;
const PEM_CERTIFICATE: &str = "CERTIFICATE";

/// Why bytes are no certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OutsideError {
    #[error("the bytes are larger than any certificate or list of revoked ones")]
    TooLong,
    #[error("the bytes are not an X.509 certificate in DER or PEM")]
    NotACertificate,
    #[error("the bytes are not a list of revoked certificates in DER")]
    NotACrl,
    #[error("no authority that is known here signed the list of revoked certificates")]
    StrangeCrl,
}

/// What a seal, or a signed video, needs of a certificate.
#[derive(Debug, Clone)]
pub(crate) struct Outside {
    pub(crate) der: Vec<u8>,
    signed: Vec<u8>,
    algorithm: AlgorithmIdentifierOwned,
    signature: Vec<u8>,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    pub(super) issuer_name: String,
    pub(crate) name: String,
    country: String,
    pub(super) organisation: String,
    /// Upper-case hexadecimal without leading zeros.
    pub(super) serial: String,
    pub(crate) not_before: UnixMs,
    pub(crate) not_after: UnixMs,
    pub(crate) is_authority: bool,
    pub(crate) key: OutsideKey,
}

impl Outside {
    /// From PEM or DER.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, OutsideError> {
        if bytes.len() > 2 * MAX_CERTIFICATE {
            return Err(OutsideError::TooLong);
        }
        if bytes.starts_with(b"-----") {
            return match der::pem::decode_vec(bytes) {
                Ok((PEM_CERTIFICATE, der)) => Self::from_der(&der),
                Ok(_) | Err(_) => Err(OutsideError::NotACertificate),
            };
        }
        Self::from_der(bytes)
    }

    pub(crate) fn from_der(der: &[u8]) -> Result<Self, OutsideError> {
        if der.len() > MAX_CERTIFICATE {
            return Err(OutsideError::TooLong);
        }
        Self::take(der).ok_or(OutsideError::NotACertificate)
    }

    fn take(der: &[u8]) -> Option<Self> {
        let parsed = x509_cert::Certificate::from_der(der).ok()?;
        let tbs = parsed.tbs_certificate();
        // The algorithm is signed only inside.
        if tbs.signature() != parsed.signature_algorithm() {
            return None;
        }
        let constraints = tbs.get_extension::<BasicConstraints>().ok()?;
        let text = |name: der::Result<Option<x509_cert::ext::pkix::name::DirectoryString>>| {
            Some(name.ok()?.map(String::from).unwrap_or_default())
        };
        let country = tbs.subject().country().ok()?;
        Some(Self {
            signed: first(der)?,
            algorithm: tbs.signature().clone(),
            signature: parsed.signature().as_bytes()?.to_vec(),
            issuer: tbs.issuer().to_der().ok()?,
            subject: tbs.subject().to_der().ok()?,
            issuer_name: text(tbs.issuer().common_name())?,
            name: text(tbs.subject().common_name())?,
            country: country.map(|country| country.to_string()).unwrap_or_default(),
            organisation: text(tbs.subject().organization())?,
            serial: hexadecimal(tbs.serial_number().as_bytes()),
            not_before: unix_ms(tbs.validity().not_before)?,
            not_after: unix_ms(tbs.validity().not_after)?,
            is_authority: constraints.is_some_and(|(_, constraints)| constraints.ca),
            key: OutsideKey::of(tbs.subject_public_key_info()),
            der: der.to_vec(),
        })
    }

    /// What a seal calls this certificate: two names of four characters are those of 2D-Doc; of a VDS the country and
    /// the name are the signer, and the serial number the reference.
    pub(super) fn seal_names(&self) -> (String, String) {
        if self.issuer_name.len() == 4 && self.name.len() == 4 {
            (self.issuer_name.clone(), self.name.clone())
        } else {
            (format!("{}{}", self.country, self.name), self.serial.clone())
        }
    }

    /// Whether a seal means this certificate.
    pub(super) fn is_named(&self, signer: &SignerName) -> bool {
        match signer {
            SignerName::Named {
                authority,
                certificate,
            } => self.seal_names() == (authority.clone(), certificate.clone()),
            SignerName::Digest(end) => digest(&SHA1_FOR_LEGACY_USE_ONLY, &self.der)
                .as_ref()
                .ends_with(end),
            SignerName::Absent => false,
        }
    }

    pub(crate) fn names_as_issuer(&self, authority: &Self) -> bool {
        self.issuer == authority.subject
    }

    /// Whether the key of `authority` signed this certificate.
    pub(crate) fn is_issued_by(&self, authority: &Self) -> Held {
        authority
            .key
            .issued(&self.algorithm, &self.signed, &self.signature)
    }

    /// What this authority revoked, when it signed the list in `der`.
    pub(super) fn revoked(&self, der: &[u8]) -> Result<domain::identity::cachet::Revocations, OutsideError> {
        if der.len() > MAX_CRL {
            return Err(OutsideError::TooLong);
        }
        let list = <CertificateList>::from_der(der).map_err(|_| OutsideError::NotACrl)?;
        let tbs = &list.tbs_cert_list;
        let signed = first(der).ok_or(OutsideError::NotACrl)?;
        let signature = list.signature.as_bytes().ok_or(OutsideError::NotACrl)?;
        let holds = tbs.issuer.to_der().is_ok_and(|issuer| issuer == self.subject)
            && tbs.signature == list.signature_algorithm
            && self.key.issued(&list.signature_algorithm, &signed, signature) == Held::Holds;
        if !holds {
            return Err(OutsideError::StrangeCrl);
        }
        let entries = tbs.revoked_certificates.as_deref().unwrap_or_default();
        let mut serials: Vec<String> = entries
            .iter()
            .map(|entry| hexadecimal(entry.serial_number.as_bytes()))
            .collect();
        serials.sort();
        serials.dedup();
        let next = tbs.next_update.map(unix_ms);
        Ok(domain::identity::cachet::Revocations {
            issued: unix_ms(tbs.this_update).ok_or(OutsideError::NotACrl)?,
            next_update: next.map(|next| next.ok_or(OutsideError::NotACrl)).transpose()?,
            serials,
        })
    }
}

/// The first element inside the outermost one: what an issuer signs.
fn first(der: &[u8]) -> Option<Vec<u8>> {
    let mut reader = SliceReader::new(der).ok()?;
    let found = reader.sequence(|inner| {
        let first = inner.tlv_bytes()?.to_vec();
        inner.tlv_bytes()?;
        inner.tlv_bytes()?;
        Ok::<_, der::Error>(first)
    });
    found.ok()
}

fn hexadecimal(serial: &[u8]) -> String {
    let text = HEXUPPER.encode(serial);
    let short = text.trim_start_matches('0');
    if short.is_empty() { "0" } else { short }.to_owned()
}

fn unix_ms(time: x509_cert::time::Time) -> Option<UnixMs> {
    i64::try_from(time.to_unix_duration().as_millis())
        .ok()
        .map(UnixMs)
}
