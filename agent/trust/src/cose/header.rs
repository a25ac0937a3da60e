//! The protected header, the only header of a message.
//!
//! Labels, in this order: 1 algorithm, 3 content type, 4 key id, 34 certificate hash (RFC 9360 `x5t`, SHA-256), and
//! from COSE's private range −70001 namespace, −70002 key protection (1 hardware, 2 file), −70003 training (true).

use coset::cbor::Value;
use coset::{CborSerializable, HeaderBuilder, iana};
use minicbor::Decoder;

use super::{Algorithm, Namespace};
use crate::Digest;
use crate::keys::KeyProtection;

const ALGORITHM: i64 = 1;
const CONTENT_TYPE: i64 = 3;
const KEY_ID: i64 = 4;
const X5T: i64 = 34;
const NAMESPACE: i64 = -70001;
const PROTECTION: i64 = -70002;
const FORMATION: i64 = -70003;

const ES256: i64 = -7;
const EDDSA: i64 = -8;
const SHA_256: i64 = -16;

const MAX_CONTENT_TYPE: usize = 100;
/// More than everything of a message that is not its payload.
pub(super) const MAX_ENCODED: usize = 512;

/// What the protected header says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) namespace: Namespace,
    pub(super) algorithm: Algorithm,
    pub(super) content_type: String,
    pub(super) kid: [u8; 8],
    pub(super) x5t: Option<Digest>,
    pub(super) protection: Option<KeyProtection>,
    pub(super) formation: bool,
}

impl Header {
    pub(super) fn encode(&self) -> Vec<u8> {
        let algorithm = match self.algorithm {
            Algorithm::Es256 => iana::Algorithm::ES256,
            Algorithm::EdDsa => iana::Algorithm::EdDSA,
        };
        let mut builder = HeaderBuilder::new()
            .algorithm(algorithm)
            .content_type(self.content_type.clone())
            .key_id(self.kid.to_vec());
        if let Some(x5t) = self.x5t {
            builder = builder.value(
                X5T,
                Value::Array(vec![SHA_256.into(), Value::Bytes(x5t.0.to_vec())]),
            );
        }
        builder = builder.value(NAMESPACE, self.namespace.number().into());
        if let Some(protection) = self.protection {
            builder = builder.value(PROTECTION, protection.number().into());
        }
        if self.formation {
            builder = builder.value(FORMATION, true.into());
        }
        builder
            .build()
            .to_vec()
            .expect("a header without duplicate labels encodes")
    }

    /// Reads a header that is byte for byte what [`Self::encode`] writes.
    pub(super) fn decode(bytes: &[u8]) -> Option<Self> {
        let header = Self::read(bytes).ok()??;
        (header.encode() == bytes).then_some(header)
    }

    fn read(bytes: &[u8]) -> Result<Option<Self>, minicbor::decode::Error> {
        let mut decoder = Decoder::new(bytes);
        let Some(labels) = decoder.map()?.filter(|labels| *labels <= 7) else {
            return Ok(None);
        };
        let (mut algorithm, mut content_type, mut kid, mut namespace) = (None, None, None, None);
        let (mut x5t, mut protection, mut formation) = (None, None, false);
        for _ in 0..labels {
            match decoder.i64()? {
                ALGORITHM => {
                    algorithm = match decoder.i64()? {
                        ES256 => Some(Algorithm::Es256),
                        EDDSA => Some(Algorithm::EdDsa),
                        _ => return Ok(None),
                    }
                }
                CONTENT_TYPE => content_type = Some(decoder.str()?).filter(|text| is_content_type(text)),
                KEY_ID => kid = decoder.bytes()?.try_into().ok(),
                X5T => {
                    if decoder.array()? != Some(2) || decoder.i64()? != SHA_256 {
                        return Ok(None);
                    }
                    x5t = Some(decoder.decode::<Digest>()?);
                }
                NAMESPACE => namespace = Namespace::from_number(decoder.u8()?),
                PROTECTION => protection = KeyProtection::from_number(decoder.u8()?),
                FORMATION => formation = decoder.bool()?,
                _ => return Ok(None),
            }
        }
        let (Some(algorithm), Some(content_type), Some(kid), Some(namespace)) =
            (algorithm, content_type, kid, namespace)
        else {
            return Ok(None);
        };
        let content_type = content_type.to_owned();
        Ok(Some(Header {
            namespace,
            algorithm,
            content_type,
            kid,
            x5t,
            protection,
            formation,
        }))
    }
}

/// Whether `text` looks like a media type: printable ASCII without blanks, with one slash.
pub(super) fn is_content_type(text: &str) -> bool {
    text.len() <= MAX_CONTENT_TYPE
        && text.bytes().all(|byte| byte.is_ascii_graphic())
        && text
            .split_once('/')
            .is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty() && !rest.contains('/'))
}
