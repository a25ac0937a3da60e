//! The response by which a supervisor lets an officer in without network: short enough to be read out, and worth
//! nothing but for what it was asked for.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// The key of one terminal, which HQ derives and the terminal has from its enrolment bundle.
pub struct ReadmissionKey(Zeroizing<[u8; 32]>);

impl ReadmissionKey {
    /// The key of the terminal `device` as long as it has the device key of this SubjectPublicKeyInfo.
    pub fn derive(secret: &[u8; 32], device: &str, spki: &[u8]) -> Self {
        let parts: [&[u8]; 4] = [b"neo/readmission-key/v1\0", device.as_bytes(), b"\0", spki];
        Self(mac(secret, &parts.concat()))
    }

    /// As it lies in a bundle, once its seal is open.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(|bytes| Self(Zeroizing::new(bytes)))
    }

    /// For the seal of a bundle.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// What answers `asked`, the bytes that say for whom, where and against which challenge.
    pub fn response(&self, asked: &[u8]) -> [u8; 8] {
        let tag = mac(&self.0, &[b"neo/readmission/v1\0".as_slice(), asked].concat());
        let mut first = [0; 8];
        first.copy_from_slice(&tag[..8]);
        first
    }
}

fn mac(key: &[u8; 32], message: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes any key length");
    mac.update(message);
    Zeroizing::new(mac.finalize().into_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> ReadmissionKey {
        ReadmissionKey::derive(&[7; 32], "neo-000007", b"spki")
    }

    #[test]
    fn a_response_is_what_it_was_when_the_format_was_fixed() {
        assert_eq!(key().response(b"asked"), [43, 236, 71, 195, 78, 149, 111, 212]);
    }

    #[test]
    fn a_response_is_for_one_question_and_one_key() {
        let right = key().response(b"asked");
        assert_ne!(key().response(b"asked again"), right);
        for other in [
            ReadmissionKey::derive(&[8; 32], "neo-000007", b"spki"),
            ReadmissionKey::derive(&[7; 32], "neo-000007", b"another"),
            ReadmissionKey::derive(&[7; 32], "neo-000008", b"spki"),
        ] {
            assert_ne!(other.response(b"asked"), right);
        }
    }
}
