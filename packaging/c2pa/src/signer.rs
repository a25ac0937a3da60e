//! Who signs a claim: a key and a certificate that headquarters' issuing authority gives out for one export.
//!
//! The key is drawn, used and dropped in one call, so that no key of this kind lies on a disk.

use std::time::Duration;

use domain::UnixMs;
use rcgen::{
    CertificateParams, DistinguishedName, DnType, DnValue, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, SerialNumber, date_time_ymd,
};
use thiserror::Error;
use trust::cert::{Certificate, Profile, ProfileFault, random_serial};
use trust::keys::{KeyKind, SigningKey};

/// id-kp-documentSigning (RFC 9336), which validators older than C2PA 2.1 look for.
const DOCUMENT_SIGNING: [u64; 9] = [1, 3, 6, 1, 5, 5, 7, 3, 36];
/// c2pa-kp-claimSigning (C2PA 2.2 §14.5.1).
const CLAIM_SIGNING: [u64; 9] = [1, 3, 6, 1, 4, 1, 62558, 2, 1];
const COMMON_NAME: &str = "neo2-claim";
/// The library takes a claim whose signer names no organisation for one that does not hold.
const ORGANISATION: &str = "NEO 2";
/// A reader whose clock is a little behind still finds the certificate valid.
const HOUR: i64 = 3_600_000;

/// Why there is no claim signer.
#[derive(Debug, Error)]
pub enum ClaimSignerError {
    #[error("the certificate `{name}` is not that of an issuing authority")]
    NotAnAuthority {
        name: String,
        #[source]
        source: ProfileFault,
    },
    #[error("the issuing authority `{name}` is not valid at this time; renew it")]
    OutOfDate { name: String },
    #[error("could not read the private key of the issuing authority")]
    Key(#[source] rcgen::Error),
    #[error("the private key is not that of the issuing authority `{name}`")]
    Mismatch { name: String },
    #[error("could not issue the certificate of the claim signer")]
    Issue(#[source] rcgen::Error),
}

/// A P-256 key and its certificate, good for one export.
pub struct ClaimSigner {
    key: SigningKey,
    /// DER, leaf first, the root outside (C2PA 2.2 §13.2).
    chain: Vec<Vec<u8>>,
}

impl ClaimSigner {
    /// Draws a key and has it certified by `authority`, whose private key is `authority_key` (PKCS#8, PEM).
    ///
    /// The certificate lasts as long as the authority: without a time-stamp, a claim is judged by today's date
    /// (C2PA 2.2 §10.3.2.5.1).
    pub fn issue(
        authority: &Certificate,
        authority_key: &str,
        now: UnixMs,
    ) -> Result<Self, ClaimSignerError> {
        let name = || authority.common_name().to_owned();
        authority
            .check_profile(Profile::Issuing)
            .map_err(|source| ClaimSignerError::NotAnAuthority { name: name(), source })?;
        let (first, last) = authority.validity_unix_ms();
        if !(first..=last).contains(&now.0) {
            return Err(ClaimSignerError::OutOfDate { name: name() });
        }
        let issuing_key = KeyPair::from_pem(authority_key).map_err(ClaimSignerError::Key)?;
        if !authority
            .public_key()
            .spki_der()
            .ends_with(issuing_key.public_key_raw())
        {
            return Err(ClaimSignerError::Mismatch { name: name() });
        }
        let issuer = Issuer::new(as_issuer(authority), issuing_key);
        let key = SigningKey::generate(KeyKind::P256);
        let leaf_key = KeyPair::from_pem(&key.to_pkcs8_pem()).map_err(ClaimSignerError::Issue)?;
        let leaf = leaf(first.max(now.plus(-HOUR).0), last)
            .signed_by(&leaf_key, &issuer)
            .map_err(ClaimSignerError::Issue)?;
        Ok(Self {
            key,
            chain: vec![leaf.der().to_vec(), authority.der().to_vec()],
        })
    }
}

impl c2pa::Signer for ClaimSigner {
    fn sign(&self, data: &[u8]) -> c2pa::Result<Vec<u8>> {
        Ok(self.key.sign(data))
    }

    fn alg(&self) -> c2pa::SigningAlg {
        c2pa::SigningAlg::Es256
    }

    fn certs(&self) -> c2pa::Result<Vec<Vec<u8>>> {
        Ok(self.chain.clone())
    }

    /// The signature, its chain, and room for the headers of the COSE message.
    fn reserve_size(&self) -> usize {
        2048 + self.chain.iter().map(Vec::len).sum::<usize>()
    }
}

fn leaf(first: i64, last: i64) -> CertificateParams {
    let mut leaf = CertificateParams::default();
    leaf.distinguished_name = named(COMMON_NAME);
    leaf.distinguished_name
        .push(DnType::OrganizationName, ORGANISATION);
    leaf.serial_number = Some(SerialNumber::from_slice(&random_serial()));
    let epoch = date_time_ymd(1970, 1, 1);
    leaf.not_before = epoch + seconds(first);
    leaf.not_after = epoch + seconds(last);
    leaf.is_ca = IsCa::ExplicitNoCa;
    leaf.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    leaf.extended_key_usages = [DOCUMENT_SIGNING, CLAIM_SIGNING]
        .map(|purpose| ExtendedKeyUsagePurpose::Other(purpose.to_vec()))
        .to_vec();
    leaf.use_authority_key_identifier_extension = true;
    leaf
}

/// What a leaf repeats of its issuer: the name, and the key identifier as `trust` derives it.
fn as_issuer(authority: &Certificate) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = named(authority.common_name());
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let identifier = authority.public_key().fingerprint().0[..20].to_vec();
    params.key_identifier_method = KeyIdMethod::PreSpecified(identifier);
    params
}

fn named(common_name: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, DnValue::Utf8String(common_name.to_owned()));
    name
}

/// A certificate knows whole seconds since 1970.
fn seconds(unix_ms: i64) -> Duration {
    Duration::from_secs(u64::try_from(unix_ms / 1000).unwrap_or(0))
}
