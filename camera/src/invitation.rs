//! The invitation that a camera's tag or QR code carries: `neocam:1:<camera>:<base64url of 64 bytes>`.
//!
//! The number names the suite, 1 or 2. The bytes are the SHA-256 of the camera's Noise key, then the secret of this invitation; there is one spelling.

use data_encoding::BASE64URL_NOPAD;
use domain::{CameraId, Digest};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::pairing::Suite;
use crate::secret::Secret32;

/// Longer than any invitation.
const MAX_TEXT: usize = 160;

/// The text is not an invitation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not the invitation of a camera; scan its code again")]
pub struct NotAnInvitation;

/// What a terminal must hold to meet a camera: a touch gives it, the radio never does.
#[derive(Debug, Clone)]
pub struct Invitation {
    /// The one that the camera speaks.
    pub suite: Suite,
    pub camera: CameraId,
    /// SHA-256 of the camera's static X25519 key.
    pub key: Digest,
    /// Shared by the camera and whoever touched it.
    pub secret: Secret32,
}

impl Invitation {
    pub fn parse(text: &str) -> Result<Self, NotAnInvitation> {
        if text.len() > MAX_TEXT {
            return Err(NotAnInvitation);
        }
        let (suite, rest) = Suite::ALL
            .into_iter()
            .find_map(|suite| Some((suite, text.strip_prefix(prefix(suite))?)))
            .ok_or(NotAnInvitation)?;
        let (camera, encoded) = rest.split_once(':').ok_or(NotAnInvitation)?;
        let camera = CameraId::parse(camera).map_err(|_| NotAnInvitation)?;
        let bytes = BASE64URL_NOPAD
            .decode(encoded.as_bytes())
            .map_err(|_| NotAnInvitation)?;
        let bytes: Zeroizing<[u8; 64]> = Zeroizing::new(bytes.try_into().map_err(|_| NotAnInvitation)?);
        let (key, secret) = bytes.split_first_chunk::<32>().ok_or(NotAnInvitation)?;
        let secret = secret.try_into().map_err(|_| NotAnInvitation)?;
        Ok(Self {
            suite,
            camera,
            key: Digest::from_bytes(*key),
            secret: Secret32::from_bytes(secret),
        })
    }

    /// The text for a tag or a QR code.
    pub fn to_text(&self) -> Zeroizing<String> {
        let bytes = Zeroizing::new([self.key.as_bytes().as_slice(), self.secret.expose()].concat());
        let encoded = Zeroizing::new(BASE64URL_NOPAD.encode(&bytes));
        Zeroizing::new(format!("{}{}:{}", prefix(self.suite), self.camera, *encoded))
    }
}

const fn prefix(suite: Suite) -> &'static str {
    match suite {
        Suite::ChaChaPoly => "neocam:1:",
        Suite::AesGcm => "neocam:2:",
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text() -> String {
        of(Suite::ChaChaPoly)
    }

    fn of(suite: Suite) -> String {
        let invitation = Invitation {
            suite,
            camera: CameraId::parse("cam-7").unwrap(),
            key: Digest::of(b"key"),
            secret: Secret32::from_bytes([5; 32]),
        };
        invitation.to_text().to_string()
    }

    #[test]
    fn an_invitation_reads_back_from_its_text() {
        for suite in Suite::ALL {
            let invitation = Invitation::parse(&of(suite)).unwrap();
            assert_eq!(invitation.suite, suite);
            assert_eq!(invitation.camera.as_str(), "cam-7");
            assert_eq!(invitation.key, Digest::of(b"key"));
            assert_eq!(invitation.secret.expose(), &[5; 32]);
        }
    }

    #[test]
    fn every_other_spelling_is_refused() {
        let good = text();
        let cases = [
            good.replace("neocam:1", "neocam:3"),
            good.replace("neocam", "NEOCAM"),
            good.replace("cam-7", "Cam 7"),
            format!("{good}A"),
            format!("{good}="),
            format!(" {good}"),
            good[..good.len() - 1].to_owned(),
            String::new(),
        ];
        for case in cases {
            assert!(Invitation::parse(&case).is_err(), "{case}");
        }
    }

    proptest! {
        #[test]
        fn random_text_is_refused_or_is_the_one_spelling(text in "(neocam:[12]:)?[ -~é]{0,200}") {
            if let Ok(invitation) = Invitation::parse(&text) {
                prop_assert_eq!(invitation.to_text().to_string(), text);
            }
        }
    }
}
