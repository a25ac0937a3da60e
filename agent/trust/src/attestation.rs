//! What an Android keystore says of a key that it made: the certificate chain of a key attestation, read under the roots
//! that headquarters trusts (source.android.com, "Key and ID attestation", extension 1.3.6.1.4.1.11129.2.1.17).
//!
//! Only what the secure hardware enforces counts for boot and patches. Each point is judged by itself.

mod description;

use std::fmt;

use der::{Decode, Encode};
use x509_cert::Certificate as X509;
use x509_cert::der::asn1::ObjectIdentifier;

use crate::Digest;
use crate::asn1;
use crate::cert::oid::BASIC_CONSTRAINTS;
use crate::keys::{KeyKind, PublicKey};
use crate::verdict::Verdict;

pub use description::{Boot, Level};

const KEY_DESCRIPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.4.1.11129.2.1.17");
/// Chains of phones have three to five.
const MAX_CHAIN: usize = 8;
const MAX_DER: usize = 8 * 1024;

/// Why a chain says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttestationError {
    #[error(
        "an attestation is a chain of one to {MAX_CHAIN} certificates of at most {MAX_DER} bytes, leaf first"
    )]
    Length,
    #[error("certificate {0} of the chain does not read")]
    Malformed(usize),
    #[error("certificate {0} of the chain has a key or a signature that is neither P-256 nor P-384")]
    Algorithm(usize),
    #[error("certificate {0} of the chain is not signed by the next one")]
    Broken(usize),
    #[error("certificate {0} of the chain is no authority, and signs the one before it")]
    NoAuthority(usize),
    #[error("certificate {0} of the chain is not in date")]
    Dates(usize),
    #[error("the chain does not end at a trusted root")]
    Untrusted,
    #[error("the first certificate, and it alone, must describe its key")]
    Description,
}

/// What a keystore says of one key. Nothing of it is judged yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attestation {
    pub key: PublicKey,
    /// What the asker had it say, so that an old chain is of no use.
    pub challenge: Vec<u8>,
    /// The weaker of who made the key and who says so.
    pub level: Level,
    /// How the phone started; none when hardware does not say.
    pub boot: Option<Boot>,
    /// Month of the system's security patches, `YYYYMM`; none when hardware does not say.
    pub patch: Option<u32>,
    /// SHA-256 of the certificates that signed the program that asked for the key.
    pub signers: Vec<Digest>,
    /// Made in the keystore, and not brought into it.
    pub generated: bool,
}

/// What a phone must be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// SHA-256 of the certificates that sign the program.
    pub signers: Vec<Digest>,
    /// Earliest month of security patches, `YYYYMM`.
    pub oldest_patch: u32,
}

/// What an attestation must be about.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    pub key: Option<&'a PublicKey>,
    pub challenge: Option<&'a [u8]>,
}

/// The points that are judged, each by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Point {
    Key,
    Challenge,
    Level,
    Origin,
    Boot,
    Program,
    Patch,
}

impl Point {
    pub const ALL: [Self; 7] = [
        Self::Key,
        Self::Challenge,
        Self::Level,
        Self::Origin,
        Self::Boot,
        Self::Program,
        Self::Patch,
    ];
}

/// What is wrong where the point fails.
impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "the attested key is not the one to be certified",
            Self::Challenge => "it was made for another enrolment",
            Self::Level => "no secure hardware keeps the key",
            Self::Origin => "the key was made elsewhere and brought in",
            Self::Boot => "the phone's boot loader is unlocked, or its system is not its maker's",
            Self::Program => "another program asked for the key",
            Self::Patch => "the phone's security patches are too old",
        })
    }
}

/// Reads a chain, leaf first, whose last certificate has the key of one of `roots`. A root may be left out of the chain.
///
/// `at` is in Unix milliseconds.
pub fn read(chain: &[Vec<u8>], roots: &[PublicKey], at: i64) -> Result<Attestation, AttestationError> {
    if chain.is_empty() || chain.len() > MAX_CHAIN || chain.iter().any(|der| der.len() > MAX_DER) {
        return Err(AttestationError::Length);
    }
    let links = chain
        .iter()
        .enumerate()
        .map(|(place, der)| Link::read(place, der))
        .collect::<Result<Vec<_>, _>>()?;
    for link in &links {
        if at < link.validity.0 || at > link.validity.1 {
            return Err(AttestationError::Dates(link.place));
        }
    }
    for pair in links.windows(2) {
        let [child, parent] = pair else { continue };
        if child.issuer != parent.subject || !child.is_signed_by(&parent.key) {
            return Err(AttestationError::Broken(child.place));
        }
        if !parent.is_authority {
            return Err(AttestationError::NoAuthority(parent.place));
        }
    }
    let last = links.last().ok_or(AttestationError::Length)?;
    let anchored = roots.iter().any(|root| last.is_signed_by(root));
    if !anchored {
        return Err(AttestationError::Untrusted);
    }
    // An attested key could sign a certificate that describes another: only the leaf may describe.
    let [leaf, issuers @ ..] = links.as_slice() else {
        return Err(AttestationError::Length);
    };
    if issuers.iter().any(|issuer| issuer.description.is_some()) {
        return Err(AttestationError::Description);
    }
    let described = leaf.description.as_deref().and_then(description::read);
    let described = described.ok_or(AttestationError::Description)?;
    Ok(Attestation {
        key: leaf.key.clone(),
        challenge: described.challenge,
        level: described.level,
        boot: described.boot,
        patch: described.patch,
        signers: described.signers,
        generated: described.generated,
    })
}

/// The certificates of a file, in the order in which they are there; none when it holds anything else.
pub fn chain_from_pem(text: &str) -> Option<Vec<Vec<u8>>> {
    let mut blocks = text.split_inclusive("-----END CERTIFICATE-----");
    let mut chain = Vec::new();
    for block in &mut blocks {
        let block = block.trim();
        if block.is_empty() {
            continue;
        }
        let (label, der) = der::pem::decode_vec(block.as_bytes()).ok()?;
        if label != "CERTIFICATE" {
            return None;
        }
        chain.push(der);
    }
    Some(chain)
}

impl Attestation {
    /// What is thought of one point under `rule`.
    pub fn verdict(&self, point: Point, rule: &Rule, expected: Expected<'_>) -> Verdict<Point> {
        let holds = match point {
            Point::Key => match expected.key {
                Some(key) => self.key == *key,
                None => return Verdict::NotChecked,
            },
            Point::Challenge => match expected.challenge {
                Some(challenge) => self.challenge == challenge,
                None => return Verdict::NotChecked,
            },
            Point::Level => self.level >= Level::TrustedEnvironment,
            Point::Origin => self.generated,
            Point::Boot => self.boot == Some(Boot::Verified),
            // A program is one of its signers' when all of them are known.
            Point::Program => {
                !self.signers.is_empty() && self.signers.iter().all(|signer| rule.signers.contains(signer))
            }
            Point::Patch => self.patch.is_some_and(|patch| patch >= rule.oldest_patch),
        };
        if holds {
            Verdict::Ok
        } else {
            Verdict::Failed(point)
        }
    }

    /// The points that do not hold under `rule`; one that is not checked does not.
    pub fn faults(&self, rule: &Rule, expected: Expected<'_>) -> Vec<Point> {
        let holds = |point| self.verdict(point, rule, expected).is_ok();
        Point::ALL.into_iter().filter(|point| !holds(*point)).collect()
    }
}

/// One certificate of the chain; `place` counts from one.
struct Link {
    place: usize,
    key: PublicKey,
    issuer: Vec<u8>,
    subject: Vec<u8>,
    /// Unix milliseconds, both included.
    validity: (i64, i64),
    description: Option<Vec<u8>>,
    /// Its basic constraints say so (RFC 5280 §4.2.1.9).
    is_authority: bool,
    /// The signed bytes, as received.
    signed: Vec<u8>,
    signature: Vec<u8>,
    kind: KeyKind,
}

impl Link {
    fn read(position: usize, der: &[u8]) -> Result<Self, AttestationError> {
        let place = position + 1;
        let malformed = || AttestationError::Malformed(place);
        let parsed = X509::from_der(der).map_err(|_| malformed())?;
        let signed = asn1::items(der).ok_or_else(malformed)?;
        let signed = signed.first().ok_or_else(malformed)?.to_vec();
        let tbs = parsed.tbs_certificate();
        let spki = tbs.subject_public_key_info().to_der().map_err(|_| malformed())?;
        let algorithm = AttestationError::Algorithm(place);
        let mut descriptions = tbs
            .extensions()
            .into_iter()
            .flatten()
            .filter(|extension| extension.extn_id == KEY_DESCRIPTION)
            .map(|extension| extension.extn_value.as_bytes().to_vec());
        let description = descriptions.next();
        if descriptions.next().is_some() {
            return Err(malformed());
        }
        let is_authority = tbs.extensions().into_iter().flatten().any(|extension| {
            let constraints = asn1::items(extension.extn_value.as_bytes());
            extension.extn_id == BASIC_CONSTRAINTS
                && constraints.is_some_and(|items| items.first().is_some_and(|first| **first == [1, 1, 0xff]))
        });
        let moment = |time: x509_cert::time::Time| i64::try_from(time.to_unix_duration().as_millis());
        let first = moment(tbs.validity().not_before).map_err(|_| malformed())?;
        let last = moment(tbs.validity().not_after).map_err(|_| malformed())?;
        Ok(Self {
            place,
            key: PublicKey::from_spki_der(&spki).map_err(|_| algorithm)?,
            issuer: tbs.issuer().to_der().map_err(|_| malformed())?,
            subject: tbs.subject().to_der().map_err(|_| malformed())?,
            validity: (first, last.saturating_add(999)),
            description,
            is_authority,
            signed,
            signature: parsed.signature().as_bytes().ok_or_else(malformed)?.to_vec(),
            kind: crate::cert::oid::signature_kind(parsed.signature_algorithm().oid).ok_or(algorithm)?,
        })
    }

    fn is_signed_by(&self, key: &PublicKey) -> bool {
        key.kind() == self.kind && key.verifies_der(&self.signed, &self.signature)
    }
}

#[cfg(test)]
mod tests;
