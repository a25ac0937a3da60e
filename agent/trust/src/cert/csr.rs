//! Requests for a certificate (PKCS#10, RFC 2986) that carry a name and a key: what travels to an offline authority.

use std::str::FromStr;

use der::asn1::{BitString, SetOfVec};
use der::{Decode, Encode};
use x509_cert::name::Name;
use x509_cert::request::{CertReq, CertReqInfo, Version};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

use super::issue::IssueError;
use super::{oid, subject, to_be_signed};
use crate::keys::{PublicKey, SigningKey};

const MAX_PEM: usize = 16 * 1024;
const PEM_LABEL: &str = "CERTIFICATE REQUEST";

/// Why a text is no request that anybody signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CsrError {
    #[error("the text is no certificate request")]
    Malformed,
    #[error("the request asks for more than a name and a key")]
    Content,
    #[error("the request was not signed by its own key")]
    Signature,
}

/// A request whose signature proves that its sender holds the key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Csr {
    pub common_name: String,
    pub public_key: PublicKey,
}

impl Csr {
    /// The PEM text of a request for `common_name`.
    pub fn write(common_name: &str, key: &SigningKey) -> Result<String, IssueError> {
        if !subject::is_id(common_name) {
            return Err(IssueError::CommonName);
        }
        let encoding = |_| IssueError::Encoding;
        let info = CertReqInfo {
            version: Version::V1,
            subject: Name::from_str(&format!("CN={common_name}")).map_err(|_| IssueError::CommonName)?,
            public_key: SubjectPublicKeyInfoOwned::from_der(&key.public().spki_der()).map_err(encoding)?,
            attributes: SetOfVec::new(),
        };
        let signature = key.sign_der(&info.to_der().map_err(encoding)?);
        let request = CertReq {
            info,
            algorithm: AlgorithmIdentifierOwned {
                oid: oid::signature_algorithm(key.public().kind()),
                parameters: None,
            },
            signature: BitString::from_bytes(&signature).map_err(encoding)?,
        };
        let der = request.to_der().map_err(encoding)?;
        der::pem::encode_string(PEM_LABEL, der::pem::LineEnding::LF, &der).map_err(|_| IssueError::Encoding)
    }

    /// Reads a request, and verifies that its own key signed it.
    pub fn read(pem: &str) -> Result<Self, CsrError> {
        if pem.len() > MAX_PEM {
            return Err(CsrError::Malformed);
        }
        let (label, der) = der::pem::decode_vec(pem.as_bytes()).map_err(|_| CsrError::Malformed)?;
        if label != PEM_LABEL {
            return Err(CsrError::Malformed);
        }
        let request = CertReq::from_der(&der).map_err(|_| CsrError::Malformed)?;
        let signed = to_be_signed(&der).map_err(|_| CsrError::Malformed)?;
        let info = &request.info;
        let name = info.subject.common_name().map_err(|_| CsrError::Malformed)?;
        let common_name = name.map(String::from).unwrap_or_default();
        let plain = Name::from_str(&format!("CN={common_name}"));
        if !subject::is_id(&common_name)
            || plain.ok().as_ref() != Some(&info.subject)
            || !info.attributes.is_empty()
        {
            return Err(CsrError::Content);
        }
        let spki = info.public_key.to_der().map_err(|_| CsrError::Malformed)?;
        let public_key = PublicKey::from_spki_der(&spki).map_err(|_| CsrError::Content)?;
        let signature = request.signature.as_bytes().ok_or(CsrError::Malformed)?;
        let holds = request.algorithm.oid == oid::signature_algorithm(public_key.kind())
            && public_key.verifies_der(&signed, signature);
        if !holds {
            return Err(CsrError::Signature);
        }
        Ok(Self {
            common_name,
            public_key,
        })
    }
}
