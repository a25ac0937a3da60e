//! Certificate revocation lists (RFC 5280 §5), for brokers, TLS libraries and whoever judges a certificate later.
//!
//! A list is whole: its issuer, number and dates say which of two counts, and it has no scope but its issuer's
//! certificates, so that no reader can take one for another (RUSTSEC-2026-0049 was about lists in pieces).

use der::asn1::{BitString, Uint};
use der::{Decode, Encode};
use x509_cert::crl::{CertificateList, RevokedCert, TbsCertList};
use x509_cert::ext::pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason};
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::issue::{IssueError, extension, key_identifier, serial, time};
use super::{Certificate, oid, to_be_signed};
use crate::keys::SigningKey;

/// A list of the whole fleet's certificates stays far below.
const MAX_DER: usize = 32 * 1024 * 1024;
const PEM_LABEL: &str = "X509 CRL";

/// Why a certificate vouches for nothing any more (RFC 5280 §5.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    Unspecified,
    /// The key is, or may be, in other hands: a lost or stolen terminal.
    KeyCompromise,
    /// The holder changed its unit or name.
    AffiliationChanged,
    /// Another certificate took its place.
    Superseded,
    /// The holder is no longer in service.
    CessationOfOperation,
}

impl Reason {
    pub const ALL: [Self; 5] = [
        Self::Unspecified,
        Self::KeyCompromise,
        Self::AffiliationChanged,
        Self::Superseded,
        Self::CessationOfOperation,
    ];

    /// The name on command lines and in stores.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "key-compromise",
            Self::AffiliationChanged => "affiliation-changed",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessation-of-operation",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    const fn pkix(self) -> CrlReason {
        match self {
            Self::Unspecified => CrlReason::Unspecified,
            Self::KeyCompromise => CrlReason::KeyCompromise,
            Self::AffiliationChanged => CrlReason::AffiliationChanged,
            Self::Superseded => CrlReason::Superseded,
            Self::CessationOfOperation => CrlReason::CessationOfOperation,
        }
    }

    fn of_pkix(reason: CrlReason) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.pkix() == reason)
    }
}

/// One certificate that vouches for nothing from a moment on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revoked {
    /// Big-endian, as in the certificate.
    pub serial: Vec<u8>,
    /// Unix milliseconds, to whole seconds.
    pub at_unix_ms: i64,
    pub reason: Reason,
}

/// Why bytes are not a revocation list of this project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CrlError {
    #[error("the bytes are no revocation list")]
    Malformed,
    #[error("the list has no number, no end, or an entry that is not known here")]
    Content,
    #[error("the list was not signed by that authority")]
    Signature,
}

/// A list whose issuer's signature holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crl {
    der: Vec<u8>,
    /// Of two lists of one issuer, the higher number counts.
    pub number: u64,
    /// Unix milliseconds, to whole seconds.
    pub this_update_unix_ms: i64,
    /// From then on a reader refuses everything that the list speaks of, or should.
    pub next_update_unix_ms: i64,
    pub revoked: Vec<Revoked>,
}

impl Crl {
    /// The list number `number` of `issuer`, whose private key is `key`.
    pub fn issue(
        key: &SigningKey,
        issuer: &Certificate,
        number: u64,
        this_update_unix_ms: i64,
        next_update_unix_ms: i64,
        revoked: &[Revoked],
    ) -> Result<Self, IssueError> {
        if key.public() != *issuer.public_key() {
            return Err(IssueError::IssuerKey);
        }
        let algorithm = AlgorithmIdentifierOwned {
            oid: oid::signature_algorithm(key.public().kind()),
            parameters: None,
        };
        let entries = revoked.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
        let tbs = TbsCertList {
            version: x509_cert::Version::V2,
            signature: algorithm.clone(),
            issuer: issuer.subject.clone(),
            this_update: time(this_update_unix_ms)?,
            next_update: Some(time(next_update_unix_ms)?),
            // An empty list is absent (RFC 5280 §5.1.2.6).
            revoked_certificates: (!entries.is_empty()).then_some(entries),
            crl_extensions: Some(extensions(issuer, number).map_err(|_| IssueError::Encoding)?),
        };
        let signature = key.sign_der(&tbs.to_der().map_err(|_| IssueError::Encoding)?);
        let list = CertificateList {
            tbs_cert_list: tbs,
            signature_algorithm: algorithm,
            signature: BitString::from_bytes(&signature).map_err(|_| IssueError::Encoding)?,
        };
        let der = list.to_der().map_err(|_| IssueError::Encoding)?;
        Self::verify(&der, issuer).map_err(|_| IssueError::Encoding)
    }

    /// Reads a list and holds its signature against `issuer`; its dates are the reader's to judge.
    pub fn verify(der: &[u8], issuer: &Certificate) -> Result<Self, CrlError> {
        if der.len() > MAX_DER {
            return Err(CrlError::Malformed);
        }
        let list = <CertificateList>::from_der(der).map_err(|_| CrlError::Malformed)?;
        let signed = to_be_signed(der).map_err(|_| CrlError::Malformed)?;
        let signature = list.signature.as_bytes().ok_or(CrlError::Malformed)?;
        let kind = oid::signature_kind(list.signature_algorithm.oid);
        let holds = list.signature_algorithm == list.tbs_cert_list.signature
            && kind == Some(issuer.public_key().kind())
            && list.tbs_cert_list.issuer == issuer.subject
            && issuer.public_key().verifies_der(&signed, signature);
        if !holds {
            return Err(CrlError::Signature);
        }
        let tbs = &list.tbs_cert_list;
        let next = tbs.next_update.as_ref().ok_or(CrlError::Content)?;
        let entries = tbs.revoked_certificates.as_deref().unwrap_or_default();
        Ok(Self {
            number: number(tbs).ok_or(CrlError::Content)?,
            this_update_unix_ms: unix_ms(&tbs.this_update)?,
            next_update_unix_ms: unix_ms(next)?,
            revoked: entries.iter().map(revoked).collect::<Result<_, _>>()?,
            der: der.to_vec(),
        })
    }

    /// Reads a list in PEM, and verifies it.
    pub fn verify_pem(pem: &str, issuer: &Certificate) -> Result<Self, CrlError> {
        match der::pem::decode_vec(pem.as_bytes()) {
            Ok((PEM_LABEL, der)) => Self::verify(&der, issuer),
            Ok(_) | Err(_) => Err(CrlError::Malformed),
        }
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The form that brokers read.
    pub fn to_pem(&self) -> String {
        der::pem::encode_string(PEM_LABEL, der::pem::LineEnding::LF, &self.der)
            .expect("32 MiB fit a PEM block")
    }

    /// Since when, and why, the certificate of this serial number vouches for nothing.
    pub fn find(&self, serial: &[u8]) -> Option<&Revoked> {
        self.revoked.iter().find(|revoked| revoked.serial == serial)
    }
}

fn entry(revoked: &Revoked) -> Result<RevokedCert, IssueError> {
    let reason = revoked.reason;
    // "Unspecified" is said by saying nothing (RFC 5280 §5.3.1).
    let extensions = if reason == Reason::Unspecified {
        None
    } else {
        let reason = extension(oid::CRL_REASON, false, &reason.pkix()).map_err(|_| IssueError::Encoding)?;
        Some(vec![reason])
    };
    Ok(RevokedCert {
        serial_number: serial(&revoked.serial)?,
        revocation_date: time(revoked.at_unix_ms)?,
        crl_entry_extensions: extensions,
    })
}

fn extensions(issuer: &Certificate, number: u64) -> der::Result<x509_cert::ext::Extensions> {
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(key_identifier(issuer.public_key())?),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    let number = CrlNumber(Uint::new(&number.to_be_bytes())?);
    Ok(vec![
        extension(oid::AUTHORITY_KEY_ID, false, &authority)?,
        extension(oid::CRL_NUMBER, false, &number)?,
    ])
}

fn number(tbs: &TbsCertList) -> Option<u64> {
    let extensions = tbs.crl_extensions.as_deref()?;
    // A critical extension limits the list to a part of the certificates, which no list of this project does.
    if extensions.iter().any(|extension| extension.critical) {
        return None;
    }
    let number = extensions
        .iter()
        .find(|extension| extension.extn_id == oid::CRL_NUMBER)?;
    let number = CrlNumber::from_der(number.extn_value.as_bytes()).ok()?;
    let bytes = number.0.as_bytes();
    let mut padded = [0; 8];
    padded
        .get_mut(8_usize.checked_sub(bytes.len())?..)?
        .copy_from_slice(bytes);
    Some(u64::from_be_bytes(padded))
}

fn revoked(entry: &RevokedCert) -> Result<Revoked, CrlError> {
    let mut reason = Reason::Unspecified;
    for extension in entry.crl_entry_extensions.as_deref().unwrap_or_default() {
        if extension.extn_id == oid::CRL_REASON {
            let read = CrlReason::from_der(extension.extn_value.as_bytes()).map_err(|_| CrlError::Content)?;
            reason = Reason::of_pkix(read).ok_or(CrlError::Content)?;
        } else if extension.critical {
            return Err(CrlError::Content);
        }
    }
    let serial: &SerialNumber = &entry.serial_number;
    Ok(Revoked {
        serial: serial.as_bytes().to_vec(),
        at_unix_ms: unix_ms(&entry.revocation_date)?,
        reason,
    })
}

fn unix_ms(time: &x509_cert::time::Time) -> Result<i64, CrlError> {
    i64::try_from(time.to_unix_duration().as_millis()).map_err(|_| CrlError::Content)
}
