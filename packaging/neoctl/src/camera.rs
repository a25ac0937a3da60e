//! `camera`: the body cameras whose footage terminals take in and headquarters believes.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::{CameraId, UnixMs};
use hq::enrolment::EnrolmentError;
use hq::store::{IssuedCertificate, Store, StoreError};
use hq::{Pki, Registry};
use serde_json::Value;
use thiserror::Error;
use trust::cert::{Certificate, Holder};

use crate::answer::{Answer, Rows};
use crate::ca::{expiry, moment};
use crate::file::{self, FileError};
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the cameras by name.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Shows a camera: its keys, and until when headquarters believes it.
    Show {
        #[arg(value_parser = CameraId::parse)]
        camera: CameraId,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Certifies the keys of a camera: the one that signs its recordings, and the one that it pairs with.
    ///
    /// A camera that is certified again keeps its name; what it recorded under the certificate before stays acceptable.
    Add {
        #[arg(value_parser = CameraId::parse)]
        camera: CameraId,
        /// The request (PKCS#10, PEM) that the camera made: the signing key, and the pairing key as the project's extension.
        #[arg(long)]
        csr: PathBuf,
        /// The new file for the certificate (PEM), which goes onto the camera.
        #[arg(long)]
        out: PathBuf,
        /// The camera signs inside its video too (ONVIF Media Signing, Axis Signed Video): a recording of it without these
        /// signatures is refused and reported.
        #[arg(long)]
        signed_video: bool,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Refuses what the camera records from now on. What it recorded before stays acceptable.
    Revoke {
        #[arg(value_parser = CameraId::parse)]
        camera: CameraId,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

/// Why nothing was done with a camera.
#[derive(Debug, Error)]
pub(crate) enum Unregistered {
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Enrolment(#[from] EnrolmentError),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot use headquarters' keys")]
    Pki(#[from] hq::pki::PkiError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error("the camera `{camera}` is not certified; `neoctl camera list` names those that are")]
    Nobody { camera: CameraId },
    #[error("the request is of `{asked}`, not of `{camera}`; check which camera made it")]
    AnotherCamera { asked: CameraId, camera: CameraId },
}

impl Unregistered {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Hq(unknown) => unknown.exit(),
            Self::Unready(unready) => unready.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::File(error) => error.exit(),
            Self::Nobody { .. } | Self::Enrolment(EnrolmentError::UnknownCamera { .. }) => Exit::NotFound,
            Self::AnotherCamera { .. } => Exit::Conflict,
            Self::Enrolment(_) | Self::Store(_) => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Show { .. } => Effect::Reads,
            Self::Add { .. } => Effect::Writes,
            Self::Revoke { camera, .. } => Effect::Destroys(camera.as_str()),
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unregistered> {
        let (camera, hq) = match self {
            Self::List { hq } => {
                let lines = newest(&mut fleet::open(session.hq(hq)?)?)?;
                let lines = lines.iter().map(|(name, issued)| Rows(line(name, issued)));
                return Ok(Answer::many("camera", "cameras", lines.collect()));
            }
            Self::Show { camera, hq } => (camera, session.hq(hq)?),
            Self::Add {
                camera,
                csr,
                out,
                signed_video,
                hq,
                pki,
            } => {
                let hq = session.hq(hq)?;
                fleet::open(hq)?;
                let registry = Registry::open(Pki::open(session.pki(pki)?)?, hq)?;
                add(camera, (csr, *signed_video), out, registry, session.now)?;
                (camera, hq)
            }
            Self::Revoke { camera, hq, pki } => {
                let hq = session.hq(hq)?;
                fleet::open(hq)?;
                let mut registry = Registry::open(Pki::open(session.pki(pki)?)?, hq)?;
                registry.revoke_camera(camera, session.now)?;
                (camera, hq)
            }
        };
        let mut known = newest(&mut fleet::open(hq)?)?.into_iter();
        let (name, issued) =
            known
                .find(|(name, _)| name == camera.as_str())
                .ok_or_else(|| Unregistered::Nobody {
                    camera: camera.clone(),
                })?;
        Ok(Answer::one("camera", Rows(line(&name, &issued))))
    }
}

fn add(
    camera: &CameraId,
    (csr, signed_video): (&Path, bool),
    out: &Path,
    mut registry: Registry,
    now: UnixMs,
) -> Result<(), Unregistered> {
    let request = hq::pki::CameraRequest {
        signed_video,
        ..hq::pki::read_camera_request(csr)?
    };
    if request.camera != *camera {
        return Err(Unregistered::AnotherCamera {
            asked: request.camera,
            camera: camera.clone(),
        });
    }
    if out.exists() {
        return Err(FileError::AlreadyThere { path: out.to_owned() }.into());
    }
    let certificate = registry.enrol_camera(&request, now)?;
    Ok(file::make(out, certificate.to_pem().as_bytes())?)
}

/// Each camera with its newest certificate, by name.
fn newest(store: &mut Store) -> Result<Vec<(String, IssuedCertificate)>, StoreError> {
    let mut cameras: Vec<(String, IssuedCertificate)> = Vec::new();
    // By holder, then by time.
    for issued in store.begin()?.certificates(None)? {
        let Some(Holder::Camera(name)) = issued.certificate.holder() else {
            continue;
        };
        let name = name.clone();
        match cameras.last_mut().filter(|(last, _)| *last == name) {
            Some(last) => last.1 = issued,
            None => cameras.push((name, issued)),
        }
    }
    Ok(cameras)
}

/// What a recording of the camera is expected to be signed with.
fn signs(certificate: &Certificate) -> Value {
    let video = certificate.signed_video().then_some("video");
    std::iter::once("chain").chain(video).collect()
}

fn line(name: &str, issued: &IssuedCertificate) -> Vec<(&'static str, Value)> {
    let certificate = &issued.certificate;
    vec![
        ("camera", name.into()),
        ("certificate_sha256", certificate.fingerprint().to_string().into()),
        ("certificate_expires", expiry(certificate)),
        ("signs", signs(certificate)),
        (
            "pairing_key",
            certificate
                .noise_key()
                .map(|key| trust::Digest(*key).to_string())
                .into(),
        ),
        (
            "revoked_at",
            issued.revoked.map_or(Value::Null, |(at, _)| moment(at)),
        ),
    ]
}
