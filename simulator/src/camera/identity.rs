//! Who a simulated camera is: its certified key, its Noise key, and the folder that keeps both.

use std::fs;
use std::io;
use std::path::Path;

use camera::Secret32;
use camera::pairing::{CameraIdentity, Suite, generate_static};
use domain::CameraId;
use domain::canonical::{decode, encode};
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};
use trust::cert::{Certificate, Claims, Holder, Profile, Request, SubjectName, issue, random_serial};
use trust::keys::{KeyKind, SigningKey};

use super::SimCameraError;

/// Keys and certificates of one camera.
pub struct Identity {
    pub id: CameraId,
    /// The Ed25519 key of its certificate.
    pub key: SigningKey,
    pub pairing: CameraIdentity,
    noise_key: [u8; 32],
}

/// The file of an identity, in clear: a simulated camera guards nothing.
#[derive(Encode, Decode)]
#[cbor(map)]
struct Stored {
    /// PKCS#8 (DER).
    #[n(0)]
    key: ByteVec,
    #[n(1)]
    noise: Secret32,
    /// DER, the camera's first.
    #[n(2)]
    certificates: Vec<ByteVec>,
}

impl Identity {
    /// Makes keys and has them certified by `issuer`, which is shown beside the certificate unless it is a root.
    pub fn issue(
        id: CameraId,
        issuer_key: &SigningKey,
        issuer: &Certificate,
        validity_unix_ms: (i64, i64),
    ) -> Result<Self, SimCameraError> {
        Self::issue_expecting(id, issuer_key, issuer, validity_unix_ms, false)
    }

    /// [`Identity::issue`] with what the issuer expects the camera to sign: inside its video, beside its chain, or not.
    pub fn issue_expecting(
        id: CameraId,
        issuer_key: &SigningKey,
        issuer: &Certificate,
        validity_unix_ms: (i64, i64),
        signed_video: bool,
    ) -> Result<Self, SimCameraError> {
        let key = SigningKey::generate(KeyKind::Ed25519);
        let (noise, noise_key) = generate_static();
        let request = Request {
            profile: Profile::Camera,
            common_name: id.as_str(),
            public_key: &key.public(),
            names: &[SubjectName::Holder(Holder::Camera(id.as_str().to_owned()))],
            claims: &Claims {
                noise_key: Some(noise_key),
                signed_video,
                ..Claims::default()
            },
            serial: &random_serial(),
            not_before_unix_ms: validity_unix_ms.0,
            not_after_unix_ms: validity_unix_ms.1,
        };
        let certificate = issue(&request, issuer_key, issuer).map_err(SimCameraError::Issue)?;
        let mut certificates = vec![certificate];
        if issuer.check_profile(Profile::Issuing).is_ok() {
            certificates.push(issuer.clone());
        }
        Ok(Self {
            id,
            key,
            pairing: CameraIdentity {
                certificates,
                noise,
                suite: Suite::default(),
            },
            noise_key,
        })
    }

    /// Keys that an HQ certified; `None` when the first certificate is not a camera's.
    pub fn certified(key: SigningKey, noise: Secret32, certificates: Vec<Certificate>) -> Option<Self> {
        let leaf = certificates.first()?;
        let id = CameraId::parse(leaf.common_name()).ok()?;
        let noise_key = *leaf.noise_key()?;
        Some(Self {
            id,
            key,
            pairing: CameraIdentity {
                certificates,
                noise,
                suite: Suite::default(),
            },
            noise_key,
        })
    }

    /// The same camera with other ciphers; whoever met it before has to touch it again.
    pub fn speaking(mut self, suite: Suite) -> Self {
        self.pairing.suite = suite;
        self
    }

    /// Writes the identity to a file.
    pub fn save(&self, file: &Path) -> Result<(), SimCameraError> {
        let stored = Stored {
            key: self.key.to_pkcs8_der().to_vec().into(),
            noise: self.pairing.noise.clone(),
            certificates: self
                .pairing
                .certificates
                .iter()
                .map(|one| one.der().to_vec().into())
                .collect(),
        };
        fs::write(file, encode(&stored)).map_err(SimCameraError::Identity)
    }

    /// Reads the identity from its file; `None` when there is none.
    pub fn load(file: &Path) -> Result<Option<Self>, SimCameraError> {
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(SimCameraError::Identity(error)),
        };
        Self::parse(&bytes)
            .map(Some)
            .ok_or(SimCameraError::IdentityDamaged)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let stored: Stored = decode(bytes).ok()?;
        let certificates: Option<Vec<Certificate>> = stored
            .certificates
            .iter()
            .map(|der| Certificate::from_der(der).ok())
            .collect();
        let certificates = certificates?;
        let key = SigningKey::from_pkcs8_der(&stored.key).ok()?;
        Self::certified(key, stored.noise, certificates)
    }

    pub(super) fn noise_key(&self) -> &[u8; 32] {
        &self.noise_key
    }

    pub(super) fn certificate(&self) -> &Certificate {
        // Both constructors put the camera's certificate there.
        &self.pairing.certificates[0]
    }
}
