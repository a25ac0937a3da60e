//! Making certificates, for headquarters' PKI and the simulator's.
//!
//! What is issued is read back and held to its profile before anybody sees it, so that a certificate that
//! verification would refuse never exists.

use std::str::FromStr;
use std::time::Duration;

use der::asn1::{BitString, GeneralizedTime, ObjectIdentifier, OctetString, UtcTime};
use der::{DateTime, Decode, Encode, Sequence};
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, SubjectAltName, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, Extensions};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use x509_cert::time::{Time, Validity};

use super::{Certificate, CertificateError, Claims, Profile, ProfileFault, SubjectName, oid, subject};
use crate::keys::{PublicKey, SigningKey};

/// Everything that a new certificate says.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    pub profile: Profile,
    /// For a holder its id, for an authority or server a label; 1 to 64 letters, digits, `.`, `_`, `-`.
    pub common_name: &'a str,
    pub public_key: &'a PublicKey,
    pub names: &'a [SubjectName],
    pub claims: &'a Claims,
    /// 8 to 20 bytes, unique under the issuer; see [`random_serial`].
    pub serial: &'a [u8],
    /// First and last moment of validity, in Unix milliseconds; cut to whole seconds.
    pub not_before_unix_ms: i64,
    pub not_after_unix_ms: i64,
}

/// Why a certificate is not issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum IssueError {
    #[error("the common name is not 1 to 64 letters, digits, dots, underscores or hyphens")]
    CommonName,
    #[error("the serial number is not a positive number of 8 to 20 bytes")]
    Serial,
    #[error("the validity ends before it begins, or lies outside the years 1970 to 9999")]
    Validity,
    #[error("the signing key is not that of the issuer's certificate")]
    IssuerKey,
    #[error("the issuer's certificate may not issue this profile")]
    Issuer,
    #[error("the certificate would not have its profile")]
    Profile(#[source] ProfileFault),
    #[error("the certificate would not be readable")]
    Unreadable(#[source] CertificateError),
    #[error("the certificate cannot be encoded")]
    Encoding,
}

/// RFC 5280 `TBSCertificate` of version 3, as issued here.
#[derive(Sequence)]
struct Tbs {
    #[asn1(context_specific = "0")]
    version: x509_cert::Version,
    serial: SerialNumber,
    algorithm: AlgorithmIdentifierOwned,
    issuer: Name,
    validity: Validity,
    subject: Name,
    key: SubjectPublicKeyInfoOwned,
    #[asn1(context_specific = "3")]
    extensions: Extensions,
}

#[derive(Sequence)]
struct SignedTbs {
    tbs: Tbs,
    algorithm: AlgorithmIdentifierOwned,
    signature: BitString,
}

/// Issues `request` under `issuer`, whose private key is `issuer_key`.
pub fn issue(
    request: &Request<'_>,
    issuer_key: &SigningKey,
    issuer: &Certificate,
) -> Result<Certificate, IssueError> {
    if issuer_key.public() != *issuer.public_key() {
        return Err(IssueError::IssuerKey);
    }
    let may_issue = match request.profile {
        Profile::Root => false,
        Profile::Issuing => issuer.check_profile(Profile::Root).is_ok(),
        Profile::Device
        | Profile::Officer
        | Profile::HqReceipt
        | Profile::HqCommand
        | Profile::HqReference
        | Profile::TimeStamp
        | Profile::Camera
        | Profile::TlsServer
        | Profile::Gateway
        | Profile::Approver
        | Profile::BulkDevice => {
            issuer.check_profile(Profile::Issuing).is_ok() || issuer.check_profile(Profile::Root).is_ok()
        }
    };
    if !may_issue {
        return Err(IssueError::Issuer);
    }
    make(request, issuer_key, issuer.subject.clone())
}

/// Makes a trust anchor that signs itself; `key` is P-384 or P-256.
pub fn self_signed_root(
    common_name: &str,
    key: &SigningKey,
    serial: &[u8],
    not_before_unix_ms: i64,
    not_after_unix_ms: i64,
) -> Result<Certificate, IssueError> {
    let request = Request {
        profile: Profile::Root,
        common_name,
        public_key: &key.public(),
        names: &[],
        claims: &Claims::default(),
        serial,
        not_before_unix_ms,
        not_after_unix_ms,
    };
    make(&request, key, name(common_name)?)
}

/// A serial number drawn from the operating system's randomness: 16 bytes, positive, never shorter when encoded.
pub fn random_serial() -> [u8; 16] {
    let mut serial = [0; 16];
    getrandom::fill(&mut serial).expect("the operating system has randomness");
    serial[0] = serial[0] & 0x7f | 0x40;
    serial
}

fn make(request: &Request<'_>, issuer_key: &SigningKey, issuer: Name) -> Result<Certificate, IssueError> {
    let algorithm = AlgorithmIdentifierOwned {
        oid: oid::signature_algorithm(issuer_key.public().kind()),
        parameters: None,
    };
    let tbs = Tbs {
        version: x509_cert::Version::V3,
        serial: serial(request.serial)?,
        algorithm: algorithm.clone(),
        issuer,
        validity: validity(request)?,
        subject: name(request.common_name)?,
        key: SubjectPublicKeyInfoOwned::from_der(&request.public_key.spki_der())
            .map_err(|_| IssueError::Encoding)?,
        extensions: extensions(request, &issuer_key.public()).map_err(|_| IssueError::Encoding)?,
    };
    let signature = issuer_key.sign_der(&tbs.to_der().map_err(|_| IssueError::Encoding)?);
    let signature = BitString::from_bytes(&signature).map_err(|_| IssueError::Encoding)?;
    let der = SignedTbs {
        tbs,
        algorithm,
        signature,
    }
    .to_der()
    .map_err(|_| IssueError::Encoding)?;
    let certificate = Certificate::from_der(&der).map_err(IssueError::Unreadable)?;
    certificate
        .check_profile(request.profile)
        .map_err(IssueError::Profile)?;
    Ok(certificate)
}

fn name(common_name: &str) -> Result<Name, IssueError> {
    if !subject::is_id(common_name) {
        return Err(IssueError::CommonName);
    }
    Name::from_str(&format!("CN={common_name}")).map_err(|_| IssueError::CommonName)
}

pub(super) fn serial(bytes: &[u8]) -> Result<SerialNumber, IssueError> {
    let long_enough = (8..=20).contains(&bytes.len()) && bytes.iter().any(|byte| *byte != 0);
    if !long_enough {
        return Err(IssueError::Serial);
    }
    SerialNumber::new(bytes).map_err(|_| IssueError::Serial)
}

fn validity(request: &Request<'_>) -> Result<Validity, IssueError> {
    if request.not_before_unix_ms > request.not_after_unix_ms {
        return Err(IssueError::Validity);
    }
    Ok(Validity::new(
        time(request.not_before_unix_ms)?,
        time(request.not_after_unix_ms)?,
    ))
}

/// RFC 5280 §4.1.2.5: UTCTime through 2049, GeneralizedTime after.
pub(super) fn time(unix_ms: i64) -> Result<Time, IssueError> {
    let seconds = u64::try_from(unix_ms.div_euclid(1000)).map_err(|_| IssueError::Validity)?;
    let moment =
        DateTime::from_unix_duration(Duration::from_secs(seconds)).map_err(|_| IssueError::Validity)?;
    Ok(UtcTime::from_date_time(moment).map_or_else(
        |_| Time::GeneralTime(GeneralizedTime::from_date_time(moment)),
        Time::UtcTime,
    ))
}

fn extensions(request: &Request<'_>, issuer_key: &PublicKey) -> der::Result<Extensions> {
    let profile = request.profile;
    let path_length = profile.path_length();
    let constraints = BasicConstraints {
        ca: path_length.is_some(),
        path_len_constraint: path_length,
    };
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(key_identifier(issuer_key)?),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    let subject_key = SubjectKeyIdentifier(key_identifier(request.public_key)?);
    let mut extensions = vec![
        extension(oid::BASIC_CONSTRAINTS, true, &constraints)?,
        extension(oid::KEY_USAGE, true, &profile.key_usage())?,
        extension(oid::SUBJECT_KEY_ID, false, &subject_key)?,
        extension(oid::AUTHORITY_KEY_ID, false, &authority)?,
    ];
    if !profile.extended_key_usage().is_empty() {
        let usage = ExtendedKeyUsage(profile.extended_key_usage().to_vec());
        let critical = profile.extended_is_critical();
        extensions.push(extension(oid::EXTENDED_KEY_USAGE, critical, &usage)?);
    }
    if !request.names.is_empty() {
        let names = request
            .names
            .iter()
            .map(SubjectName::to_general_name)
            .collect::<der::Result<_>>()?;
        extensions.push(extension(oid::SUBJECT_ALT_NAME, false, &SubjectAltName(names))?);
    }
    extensions.extend(request.claims.extensions()?);
    Ok(extensions)
}

/// The leftmost 160 bits of SHA-256 over the SPKI, a derivation of the kind that RFC 7093 §2 allows.
pub(super) fn key_identifier(key: &PublicKey) -> der::Result<OctetString> {
    OctetString::new(&key.fingerprint().0[..20])
}

pub(super) fn extension(id: ObjectIdentifier, critical: bool, value: &impl Encode) -> der::Result<Extension> {
    Ok(Extension {
        extn_id: id,
        critical,
        extn_value: OctetString::new(value.to_der()?)?,
    })
}
