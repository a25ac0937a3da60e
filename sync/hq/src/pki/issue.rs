//! Issuance: who gets which certificate, and for how long.
//!
//! Every validity starts an hour before it is asked for, so that a clock that is a little behind does not refuse it.

use domain::enrolment::KeyProtection;
use domain::{CameraId, DeviceId, OfficerId, UnixMs};
use trust::cert::{
    Certificate, Claims, Holder, Profile, Request, SubjectName, issue, random_serial, self_signed_root,
};
use trust::keys::{KeyKind, PublicKey, SigningKey};

use super::{GATEWAY_NAME, Pki, PkiError, Signer};

const HOUR: i64 = 3_600_000;
const ROOT_VALIDITY: i64 = 3650 * UnixMs::DAY;
const AUTHORITY_VALIDITY: i64 = 1095 * UnixMs::DAY;
const HQ_VALIDITY: i64 = 730 * UnixMs::DAY;
const DEVICE_VALIDITY: i64 = 90 * UnixMs::DAY;
const OFFICER_VALIDITY: i64 = 365 * UnixMs::DAY;
const CAMERA_VALIDITY: i64 = 730 * UnixMs::DAY;

/// A terminal that asks for its certificate.
#[derive(Debug, Clone)]
pub struct DeviceRequest {
    pub device: DeviceId,
    /// What people call the hardware.
    pub model: String,
    /// SubjectPublicKeyInfo (DER) of the P-256 key made on the terminal.
    pub spki: Vec<u8>,
    /// The terminal's X25519 recipient.
    pub recipient: [u8; 32],
    pub protection: KeyProtection,
}

/// The key on an officer's card, or in a training slot.
#[derive(Debug, Clone)]
pub struct OfficerRequest {
    pub officer: OfficerId,
    /// SubjectPublicKeyInfo (DER), P-256.
    pub spki: Vec<u8>,
    pub protection: KeyProtection,
    /// The key signs training acts only.
    pub formation: bool,
}

/// A body camera.
#[derive(Debug, Clone)]
pub struct CameraRequest {
    pub camera: CameraId,
    /// SubjectPublicKeyInfo (DER), Ed25519.
    pub spki: Vec<u8>,
    /// The camera's static X25519 key for Noise.
    pub noise: [u8; 32],
}

/// What a new PKI is made of.
pub(super) struct Authorities {
    pub(super) root: Signer,
    pub(super) issuing: Signer,
    pub(super) receipt: Signer,
    pub(super) command: Signer,
    pub(super) reference: Signer,
    pub(super) stamp: Signer,
    pub(super) broker: Signer,
    pub(super) gateway: Signer,
}

impl Authorities {
    pub(super) fn draw(now: UnixMs) -> Result<Self, PkiError> {
        let key = SigningKey::generate(KeyKind::P384);
        let (first, last) = validity(now, ROOT_VALIDITY);
        let certificate = self_signed_root("neo2-root", &key, &random_serial(), first, last)
            .map_err(|source| refused("neo2-root", source))?;
        let root = Signer { key, certificate };
        let under = |issuer: &Signer, kind, leaf: Leaf<'_>| -> Result<Signer, PkiError> {
            let key = SigningKey::generate(kind);
            let certificate = leaf.issue(&key.public(), issuer, now)?;
            Ok(Signer { key, certificate })
        };
        let hq = |profile, name, days| Leaf::new(profile, name, days, vec![holder(Holder::Hq, name)]);
        let authority = Leaf::new(Profile::Issuing, "neo2-issuing", AUTHORITY_VALIDITY, Vec::new());
        let issuing = under(&root, KeyKind::P256, authority)?;
        let names = vec![
            SubjectName::Dns("localhost".to_owned()),
            SubjectName::Ip([127, 0, 0, 1].into()),
        ];
        let server = Leaf::new(Profile::TlsServer, "localhost", HQ_VALIDITY, names);
        Ok(Self {
            receipt: under(
                &issuing,
                KeyKind::Ed25519,
                hq(Profile::HqReceipt, "receipt", HQ_VALIDITY),
            )?,
            command: under(
                &root,
                KeyKind::Ed25519,
                hq(Profile::HqCommand, "command", HQ_VALIDITY),
            )?,
            reference: under(
                &root,
                KeyKind::Ed25519,
                hq(Profile::HqReference, "reference", HQ_VALIDITY),
            )?,
            stamp: stamp(&issuing, now)?,
            broker: under(&issuing, KeyKind::P256, server)?,
            gateway: under(
                &issuing,
                KeyKind::P256,
                hq(Profile::Gateway, GATEWAY_NAME, HQ_VALIDITY),
            )?,
            issuing,
            root,
        })
    }
}

/// HQ's own time-stamp authority, under the issuing one.
pub(super) fn stamp(issuing: &Signer, now: UnixMs) -> Result<Signer, PkiError> {
    let key = SigningKey::generate(KeyKind::P256);
    let names = vec![holder(Holder::Hq, "stamp")];
    let leaf = Leaf::new(Profile::TimeStamp, "stamp", HQ_VALIDITY, names);
    let certificate = leaf.issue(&key.public(), issuing, now)?;
    Ok(Signer { key, certificate })
}

impl Pki {
    /// The terminal's chain, leaf first: the leaf and the issuing authority.
    pub fn enrol_device(&self, request: &DeviceRequest, now: UnixMs) -> Result<Vec<Certificate>, PkiError> {
        let name = request.device.as_str();
        let claims = Claims {
            age_recipient: Some(request.recipient),
            key_protection: Some(protection(request.protection)),
            ..Claims::default()
        };
        let names = vec![holder(Holder::Device, name)];
        let leaf = Leaf::new(Profile::Device, name, DEVICE_VALIDITY, names).with(claims);
        let certificate = leaf.issue(&public(name, &request.spki)?, &self.issuing, now)?;
        Ok(vec![certificate, self.issuing.certificate.clone()])
    }

    pub fn enrol_officer(&self, request: &OfficerRequest, now: UnixMs) -> Result<Certificate, PkiError> {
        let name = request.officer.to_string();
        let claims = Claims {
            key_protection: Some(protection(request.protection)),
            formation: request.formation,
            ..Claims::default()
        };
        let names = vec![holder(Holder::Agent, &name)];
        let leaf = Leaf::new(Profile::Officer, &name, OFFICER_VALIDITY, names).with(claims);
        leaf.issue(&public(&name, &request.spki)?, &self.issuing, now)
    }

    pub fn enrol_camera(&self, request: &CameraRequest, now: UnixMs) -> Result<Certificate, PkiError> {
        let name = request.camera.as_str();
        let claims = Claims {
            noise_key: Some(request.noise),
            ..Claims::default()
        };
        let names = vec![holder(Holder::Camera, name)];
        let leaf = Leaf::new(Profile::Camera, name, CAMERA_VALIDITY, names).with(claims);
        leaf.issue(&public(name, &request.spki)?, &self.issuing, now)
    }
}

/// A certificate to issue, but for its key and its issuer.
struct Leaf<'a> {
    profile: Profile,
    name: &'a str,
    lasting: i64,
    names: Vec<SubjectName>,
    claims: Claims,
}

impl<'a> Leaf<'a> {
    fn new(profile: Profile, name: &'a str, lasting: i64, names: Vec<SubjectName>) -> Self {
        Self {
            profile,
            name,
            lasting,
            names,
            claims: Claims::default(),
        }
    }

    fn with(self, claims: Claims) -> Self {
        Self { claims, ..self }
    }

    fn issue(&self, key: &PublicKey, issuer: &Signer, now: UnixMs) -> Result<Certificate, PkiError> {
        let (first, last) = validity(now, self.lasting);
        let request = Request {
            profile: self.profile,
            common_name: self.name,
            public_key: key,
            names: &self.names,
            claims: &self.claims,
            serial: &random_serial(),
            not_before_unix_ms: first,
            not_after_unix_ms: last,
        };
        issue(&request, &issuer.key, &issuer.certificate).map_err(|source| refused(self.name, source))
    }
}

fn validity(now: UnixMs, lasting: i64) -> (i64, i64) {
    (now.plus(-HOUR).0, now.plus(lasting).0)
}

fn holder(kind: fn(String) -> Holder, name: &str) -> SubjectName {
    SubjectName::Holder(kind(name.to_owned()))
}

fn protection(protection: KeyProtection) -> trust::keys::KeyProtection {
    match protection {
        KeyProtection::Hardware => trust::keys::KeyProtection::Hardware,
        KeyProtection::File => trust::keys::KeyProtection::File,
    }
}

fn public(holder: &str, spki: &[u8]) -> Result<PublicKey, PkiError> {
    PublicKey::from_spki_der(spki).map_err(|source| PkiError::PublicKey {
        holder: holder.to_owned(),
        source,
    })
}

fn refused(holder: &str, source: trust::cert::IssueError) -> PkiError {
    PkiError::Issue {
        holder: holder.to_owned(),
        source,
    }
}
