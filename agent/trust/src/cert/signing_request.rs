//! Certification requests (PKCS#10, RFC 2986): what a holder asks an authority to certify, signed by the key in question.
//!
//! The project's own extensions are asked for in an `extensionRequest` (RFC 2985 §5.4.2), so that a request says
//! everything that the certificate will, and stands alone in a file.

use std::str::FromStr;

use der::asn1::{Any, BitString, ObjectIdentifier, SetOfVec};
use der::{Decode, Encode};
use x509_cert::attr::Attribute;
use x509_cert::ext::Extensions;
use x509_cert::name::Name;
use x509_cert::request::{CertReq, CertReqInfo, Version};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::{Claims, oid, subject};
use crate::keys::{PublicKey, SigningKey};

/// No request of the project comes near this many bytes.
const MAX_DER: usize = 4 * 1024;
const EXTENSION_REQUEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.14");

/// Why bytes are not a request of this project, or none is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    #[error("the request is larger than 4 KiB")]
    TooLong,
    #[error("the bytes are not a certification request in its canonical encoding")]
    Malformed,
    #[error("the request's key or signature algorithm is not P-256, P-384 or Ed25519")]
    Algorithm,
    #[error("the request names nobody by 1 to 64 letters, digits, dots, underscores or hyphens alone")]
    CommonName,
    #[error("the request asks for an extension that no certificate of the project has")]
    Extension,
    #[error("the request was not signed by the key that it asks to certify")]
    Signature,
}

/// A request whose signature holds: its sender has the private key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningRequest {
    pub common_name: String,
    pub public_key: PublicKey,
    pub claims: Claims,
}

impl SigningRequest {
    /// The DER of a request for `key`.
    pub fn make(key: &SigningKey, common_name: &str, claims: &Claims) -> Result<Vec<u8>, RequestError> {
        let unsigned = UnsignedRequest::new(&key.public(), common_name, claims)?;
        let signature = key.sign_der(unsigned.to_be_signed());
        unsigned.assemble(&signature)
    }

    /// A request as a PEM text (RFC 7468 §7).
    pub fn pem(der: &[u8]) -> String {
        der::pem::encode_string("CERTIFICATE REQUEST", der::pem::LineEnding::LF, der)
            .expect("a request fits a PEM block")
    }

    /// Reads a request and checks its signature; trailing bytes and other spellings are refused.
    pub fn from_der(der: &[u8]) -> Result<Self, RequestError> {
        if der.len() > MAX_DER {
            return Err(RequestError::TooLong);
        }
        let malformed = |_| RequestError::Malformed;
        let parsed = CertReq::from_der(der).map_err(malformed)?;
        if parsed.to_der().map_err(malformed)? != der {
            return Err(RequestError::Malformed);
        }
        let spki = parsed.info.public_key.to_der().map_err(malformed)?;
        let public_key = PublicKey::from_spki_der(&spki).map_err(|_| RequestError::Algorithm)?;
        let algorithm = oid::signature_algorithm(public_key.kind());
        if parsed.algorithm.oid != algorithm || parsed.algorithm.parameters.is_some() {
            return Err(RequestError::Algorithm);
        }
        let common_name = parsed
            .info
            .subject
            .common_name()
            .map_err(malformed)?
            .map(String::from)
            .unwrap_or_default();
        let alone =
            Name::from_str(&format!("CN={common_name}")).is_ok_and(|name| name == parsed.info.subject);
        if !subject::is_id(&common_name) || !alone {
            return Err(RequestError::CommonName);
        }
        let signature = parsed.signature.as_bytes().ok_or(RequestError::Malformed)?;
        let info = parsed.info.to_der().map_err(malformed)?;
        if !public_key.verifies_der(&info, signature) {
            return Err(RequestError::Signature);
        }
        Ok(Self {
            common_name,
            public_key,
            claims: claims(&parsed.info)?,
        })
    }
}

/// A request that waits for its signature, for a key in a keystore that is not reached from here.
pub struct UnsignedRequest {
    info: CertReqInfo,
    key: PublicKey,
    to_be_signed: Vec<u8>,
}

impl UnsignedRequest {
    /// Asks to certify `key` under `common_name`.
    pub fn new(key: &PublicKey, common_name: &str, claims: &Claims) -> Result<Self, RequestError> {
        if !subject::is_id(common_name) {
            return Err(RequestError::CommonName);
        }
        let malformed = |_| RequestError::Malformed;
        let asked: Extensions = claims.extensions().map_err(malformed)?;
        let mut attributes = SetOfVec::new();
        if !asked.is_empty() {
            let mut values = SetOfVec::new();
            values
                .insert(Any::encode_from(&asked).map_err(malformed)?)
                .map_err(malformed)?;
            let attribute = Attribute {
                oid: EXTENSION_REQUEST,
                values,
            };
            attributes.insert(attribute).map_err(malformed)?;
        }
        let info = CertReqInfo {
            version: Version::V1,
            subject: Name::from_str(&format!("CN={common_name}")).map_err(|_| RequestError::CommonName)?,
            public_key: SubjectPublicKeyInfoOwned::from_der(&key.spki_der()).map_err(malformed)?,
            attributes,
        };
        Ok(Self {
            to_be_signed: info.to_der().map_err(malformed)?,
            info,
            key: key.clone(),
        })
    }

    /// The exact bytes to sign: ECDSA over their digest, or Ed25519 over themselves.
    pub fn to_be_signed(&self) -> &[u8] {
        &self.to_be_signed
    }

    /// The DER of the request; `signature` is in the form that certificates carry, and must verify.
    pub fn assemble(self, signature: &[u8]) -> Result<Vec<u8>, RequestError> {
        if !self.key.verifies_der(&self.to_be_signed, signature) {
            return Err(RequestError::Signature);
        }
        let malformed = |_| RequestError::Malformed;
        let request = CertReq {
            info: self.info,
            algorithm: AlgorithmIdentifierOwned {
                oid: oid::signature_algorithm(self.key.kind()),
                parameters: None,
            },
            signature: BitString::from_bytes(signature).map_err(malformed)?,
        };
        request.to_der().map_err(malformed)
    }
}

fn claims(info: &CertReqInfo) -> Result<Claims, RequestError> {
    let mut claims = Claims::default();
    let mut asked = Vec::new();
    for attribute in info.attributes.iter() {
        let [value] = attribute.values.as_slice() else {
            return Err(RequestError::Extension);
        };
        if attribute.oid != EXTENSION_REQUEST || !asked.is_empty() {
            return Err(RequestError::Extension);
        }
        asked = value
            .decode_as::<Extensions>()
            .map_err(|_| RequestError::Extension)?;
        for (position, extension) in asked.iter().enumerate() {
            let twice = asked
                .iter()
                .take(position)
                .any(|earlier| earlier.extn_id == extension.extn_id);
            let known = claims.take(extension.extn_id, extension.extn_value.as_bytes());
            if twice || extension.critical || !known.unwrap_or(false) {
                return Err(RequestError::Extension);
            }
        }
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;
    use crate::keys::{KeyKind, KeyProtection};

    fn claims() -> Claims {
        Claims {
            age_recipient: Some([7; 32]),
            key_protection: Some(KeyProtection::File),
            ..Claims::default()
        }
    }

    #[test]
    fn a_request_says_who_asks_for_what_and_proves_the_key() {
        for kind in [KeyKind::P256, KeyKind::Ed25519] {
            let key = SigningKey::generate(kind);
            for claims in [claims(), Claims::default()] {
                let der = SigningRequest::make(&key, "neo-000007", &claims).unwrap();
                let read = SigningRequest::from_der(&der).unwrap();
                assert_eq!(read.common_name, "neo-000007");
                assert_eq!(read.public_key, key.public());
                assert_eq!(read.claims, claims);
            }
        }
    }

    #[test]
    fn no_changed_request_is_believed() {
        let key = SigningKey::generate(KeyKind::P256);
        let der = SigningRequest::make(&key, "neo-000007", &claims()).unwrap();
        let honest = SigningRequest::from_der(&der).unwrap();
        for position in 0..der.len() {
            for bit in 0..8 {
                let mut changed = der.clone();
                changed[position] ^= 1 << bit;
                // ECDSA has a second spelling of one signature, which says the same.
                let read = SigningRequest::from_der(&changed);
                assert!(read.is_err() || read == Ok(honest.clone()), "{position} {bit}");
            }
        }
        let longer = [der.as_slice(), &[0]].concat();
        assert_eq!(SigningRequest::from_der(&longer), Err(RequestError::Malformed));
        assert_eq!(
            SigningRequest::make(&key, "neo,O=x", &claims()),
            Err(RequestError::CommonName)
        );
    }

    #[test]
    fn openssl_verifies_our_request() {
        let dir = tempfile::tempdir().unwrap();
        let key = SigningKey::generate(KeyKind::P256);
        let der = SigningRequest::make(&key, "neo-000007", &claims()).unwrap();
        std::fs::write(dir.path().join("request.der"), der).unwrap();
        let arguments = [
            "req",
            "-inform",
            "DER",
            "-in",
            "request.der",
            "-verify",
            "-noout",
            "-subject",
        ];
        let said = run("openssl", "openssl", &arguments, dir.path());
        assert!(said.status.success(), "{said:?}");
    }
}
