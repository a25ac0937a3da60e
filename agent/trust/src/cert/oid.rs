//! Object identifiers, standard and private.
//!
//! The private arc `1.3.6.1.4.1.62999` stands in for the enterprise number that the administration would be
//! assigned by IANA; changing it is changing [`ARC`]'s lines here and reissuing.

use der::asn1::ObjectIdentifier;

use crate::keys::KeyKind;

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// The root of every private identifier below.
pub const ARC: ObjectIdentifier = oid("1.3.6.1.4.1.62999");

/// Extension: the terminal's X25519 recipient, an OCTET STRING of 32 bytes.
pub const AGE_RECIPIENT: ObjectIdentifier = oid("1.3.6.1.4.1.62999.1.1");
/// Extension: where the private key lives, an INTEGER (1 hardware, 2 file).
pub const KEY_PROTECTION: ObjectIdentifier = oid("1.3.6.1.4.1.62999.1.2");
/// Extension: for training only, a BOOLEAN that is always TRUE; absent otherwise.
pub const FORMATION: ObjectIdentifier = oid("1.3.6.1.4.1.62999.1.3");
/// Extension: the camera's static X25519 key for Noise, an OCTET STRING of 32 bytes.
pub const NOISE_KEY: ObjectIdentifier = oid("1.3.6.1.4.1.62999.1.4");

/// Extension: the camera signs inside its video too, a BOOLEAN that is always TRUE; absent otherwise.
pub const SIGNED_VIDEO: ObjectIdentifier = oid("1.3.6.1.4.1.62999.1.5");

/// Extended key usages, one for each kind of leaf.
pub const USE_DEVICE: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.1");
pub const USE_OFFICER: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.2");
pub const USE_HQ_RECEIPT: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.3");
pub const USE_HQ_COMMAND: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.4");
pub const USE_HQ_REFERENCE: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.5");
pub const USE_CAMERA: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.6");
pub const USE_GATEWAY: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.7");
pub const USE_BULK_DEVICE: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.8");
pub const USE_APPROVER: ObjectIdentifier = oid("1.3.6.1.4.1.62999.2.21");
/// The standard one, which RFC 3161 §2.3 wants critical and alone.
pub const USE_TIME_STAMPING: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.8");
pub const USE_TLS_SERVER: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.1");
pub const USE_TLS_CLIENT: ObjectIdentifier = oid("1.3.6.1.5.5.7.3.2");

pub(crate) const BASIC_CONSTRAINTS: ObjectIdentifier = oid("2.5.29.19");
pub(crate) const KEY_USAGE: ObjectIdentifier = oid("2.5.29.15");
pub(crate) const EXTENDED_KEY_USAGE: ObjectIdentifier = oid("2.5.29.37");
pub(crate) const SUBJECT_ALT_NAME: ObjectIdentifier = oid("2.5.29.17");
pub(crate) const SUBJECT_KEY_ID: ObjectIdentifier = oid("2.5.29.14");
pub(crate) const AUTHORITY_KEY_ID: ObjectIdentifier = oid("2.5.29.35");
pub(crate) const CRL_NUMBER: ObjectIdentifier = oid("2.5.29.20");
pub(crate) const CRL_REASON: ObjectIdentifier = oid("2.5.29.21");

const ECDSA_WITH_SHA256: ObjectIdentifier = oid("1.2.840.10045.4.3.2");
const ECDSA_WITH_SHA384: ObjectIdentifier = oid("1.2.840.10045.4.3.3");
const ED25519: ObjectIdentifier = oid("1.3.101.112");

/// The kind of key that makes signatures of this algorithm.
pub(crate) fn signature_kind(algorithm: ObjectIdentifier) -> Option<KeyKind> {
    [KeyKind::P256, KeyKind::P384, KeyKind::Ed25519]
        .into_iter()
        .find(|kind| signature_algorithm(*kind) == algorithm)
}

/// The signature algorithm of a kind of key.
pub(crate) fn signature_algorithm(kind: KeyKind) -> ObjectIdentifier {
    match kind {
        KeyKind::P256 => ECDSA_WITH_SHA256,
        KeyKind::P384 => ECDSA_WITH_SHA384,
        KeyKind::Ed25519 => ED25519,
    }
}
