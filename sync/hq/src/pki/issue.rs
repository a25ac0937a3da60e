//! Issuance: who gets which certificate, and for how long.
//!
//! Every validity starts an hour before it is asked for, so that a clock that is a little behind does not refuse it.

use domain::enrolment::KeyProtection;
use domain::{CameraId, DeviceId, OfficerId, UnixMs};
use trust::cert::{
    Certificate, Claims, Holder, Profile, Request, SubjectName, issue, random_serial, self_signed_root,
};
use trust::keys::{KeyKind, PublicKey, SigningKey};

use super::{COMMAND, GATEWAY_NAME, ISSUING, Pki, PkiError, RECEIPT, REFERENCE, Signer};

const HOUR: i64 = 3_600_000;
const ROOT_VALIDITY: i64 = 3650 * UnixMs::DAY;
const AUTHORITY_VALIDITY: i64 = 1095 * UnixMs::DAY;
const HQ_VALIDITY: i64 = 730 * UnixMs::DAY;
const DEVICE_VALIDITY: i64 = 90 * UnixMs::DAY;
const OFFICER_VALIDITY: i64 = 365 * UnixMs::DAY;
const APPROVER_VALIDITY: i64 = 365 * UnixMs::DAY;
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
    /// Whether it signs inside its video, beside its chain: what comes without is refused from then on.
    pub signed_video: bool,
}

/// The root of a new PKI, which signs itself.
pub(super) fn draw_root(now: UnixMs) -> Result<Signer, PkiError> {
    let key = SigningKey::generate(KeyKind::P384);
    let (first, last) = validity(now, ROOT_VALIDITY);
    let certificate = self_signed_root("neo2-root", &key, &random_serial(), first, last)
        .map_err(|source| refused("neo2-root", source))?;
    Ok(Signer { key, certificate })
}

/// Who stands directly under the root.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subordinate {
    /// The authority of terminals, officers, cameras and HQ's own services.
    Issuing,
    /// Signs orders and enrolments.
    Command,
    /// Signs reference data.
    Reference,
}

impl Subordinate {
    pub const ALL: [Self; 3] = [Self::Issuing, Self::Command, Self::Reference];

    /// The name of its files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Issuing => ISSUING,
            Self::Command => COMMAND,
            Self::Reference => REFERENCE,
        }
    }

    pub const fn common_name(self) -> &'static str {
        match self {
            Self::Issuing => "neo2-issuing",
            Self::Command => COMMAND,
            Self::Reference => REFERENCE,
        }
    }

    pub const fn profile(self) -> Profile {
        match self {
            Self::Issuing => Profile::Issuing,
            Self::Command => Profile::HqCommand,
            Self::Reference => Profile::HqReference,
        }
    }

    pub(super) fn draw_key(self) -> SigningKey {
        SigningKey::generate(match self {
            Self::Issuing => KeyKind::P256,
            Self::Command | Self::Reference => KeyKind::Ed25519,
        })
    }

    /// Its certificate for `key`, by the root.
    pub(super) fn certify(
        self,
        key: &PublicKey,
        root: &Signer,
        now: UnixMs,
    ) -> Result<Certificate, PkiError> {
        let name = self.common_name();
        let leaf = match self {
            Self::Issuing => Leaf::new(self.profile(), name, AUTHORITY_VALIDITY, Vec::new()),
            Self::Command | Self::Reference => {
                Leaf::new(self.profile(), name, HQ_VALIDITY, vec![holder(Holder::Hq, name)])
            }
        };
        leaf.issue(key, root, now)
    }
}

/// What HQ's running services prove themselves with; the issuing authority vouches for them.
pub(super) struct Services {
    pub(super) receipt: Signer,
    pub(super) stamp: Signer,
    pub(super) broker: Signer,
    pub(super) gateway: Signer,
}

impl Services {
    pub(super) fn draw(issuing: &Signer, now: UnixMs) -> Result<Self, PkiError> {
        let under = |kind, leaf: Leaf<'_>| -> Result<Signer, PkiError> {
            let key = SigningKey::generate(kind);
            let certificate = leaf.issue(&key.public(), issuing, now)?;
            Ok(Signer { key, certificate })
        };
        let hq = |profile, name| Leaf::new(profile, name, HQ_VALIDITY, vec![holder(Holder::Hq, name)]);
        let names = vec![
            SubjectName::Dns("localhost".to_owned()),
            SubjectName::Ip([127, 0, 0, 1].into()),
        ];
        let server = Leaf::new(Profile::TlsServer, "localhost", HQ_VALIDITY, names);
        Ok(Self {
            receipt: under(KeyKind::Ed25519, hq(Profile::HqReceipt, RECEIPT))?,
            stamp: stamp(issuing, now)?,
            broker: under(KeyKind::P256, server)?,
            gateway: under(KeyKind::P256, hq(Profile::Gateway, GATEWAY_NAME))?,
        })
    }
}

/// A person who approves, directly under the root.
pub(super) fn approver(
    name: &str,
    key: &PublicKey,
    root: &Signer,
    now: UnixMs,
) -> Result<Certificate, PkiError> {
    let names = vec![holder(Holder::Hq, name)];
    Leaf::new(Profile::Approver, name, APPROVER_VALIDITY, names).issue(key, root, now)
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
            signed_video: request.signed_video,
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
