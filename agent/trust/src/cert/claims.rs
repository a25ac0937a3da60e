//! What an issuer vouches for in the project's own certificate extensions.
//!
//! Each is non-critical, so that brokers and PDF readers that do not know it still accept the certificate.

use der::asn1::{ObjectIdentifier, OctetString};
use der::{Decode, Encode};
use x509_cert::ext::Extension;

use super::oid;
use crate::keys::KeyProtection;

/// The project's own extensions; which of them a certificate needs is said by its profile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    /// The terminal's X25519 recipient (device).
    pub age_recipient: Option<[u8; 32]>,
    /// Where the private key lives (device, officer).
    pub key_protection: Option<KeyProtection>,
    /// For training only (device, officer).
    pub formation: bool,
    /// The camera's static X25519 key for Noise (camera).
    pub noise_key: Option<[u8; 32]>,
    /// The camera signs inside its video, beside its chain (camera): what comes without is not what it recorded.
    pub signed_video: bool,
}

impl Claims {
    /// Reads one extension; `false` for one that is not the project's.
    pub(super) fn take(&mut self, id: ObjectIdentifier, value: &[u8]) -> der::Result<bool> {
        match id {
            oid::AGE_RECIPIENT => self.age_recipient = Some(key(value)?),
            oid::NOISE_KEY => self.noise_key = Some(key(value)?),
            oid::KEY_PROTECTION => {
                let protection = KeyProtection::from_number(u8::from_der(value)?);
                self.key_protection = Some(protection.ok_or_else(|| der::Tag::Integer.value_error())?);
            }
            oid::FORMATION => {
                self.formation = bool::from_der(value)?;
                if !self.formation {
                    return Err(der::Tag::Boolean.value_error().into());
                }
            }
            oid::SIGNED_VIDEO => {
                self.signed_video = bool::from_der(value)?;
                if !self.signed_video {
                    return Err(der::Tag::Boolean.value_error().into());
                }
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    pub(super) fn extensions(&self) -> der::Result<Vec<Extension>> {
        let mut extensions = Vec::new();
        if let Some(key) = &self.age_recipient {
            extensions.push(super::issue::extension(oid::AGE_RECIPIENT, false, &octets(key)?)?);
        }
        if let Some(protection) = self.key_protection {
            extensions.push(super::issue::extension(
                oid::KEY_PROTECTION,
                false,
                &protection.number(),
            )?);
        }
        if self.formation {
            extensions.push(super::issue::extension(oid::FORMATION, false, &true)?);
        }
        if let Some(key) = &self.noise_key {
            extensions.push(super::issue::extension(oid::NOISE_KEY, false, &octets(key)?)?);
        }
        if self.signed_video {
            extensions.push(super::issue::extension(oid::SIGNED_VIDEO, false, &true)?);
        }
        Ok(extensions)
    }
}

fn key(value: &[u8]) -> der::Result<[u8; 32]> {
    let octets = OctetString::from_der(value)?;
    octets
        .as_bytes()
        .try_into()
        .map_err(|_| der::Tag::OctetString.value_error().into())
}

fn octets(key: &[u8; 32]) -> der::Result<impl Encode + use<>> {
    OctetString::new(key.as_slice())
}
