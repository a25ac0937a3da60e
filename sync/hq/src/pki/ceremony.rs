//! A PKI whose root was never on HQ's machine: keys are drawn there, requests travel by files to the offline root, and
//! certificates travel back.
//!
//! Nothing secret is on the medium in between, and nothing on it is believed: the root's fingerprint is compared by
//! people, and every certificate is held against the key that waits for it.

use std::fs::{create_dir_all, read_dir};
use std::path::{Path, PathBuf};

use domain::{CameraId, UnixMs};
use trust::Digest;
use trust::cert::{Certificate, Claims, RequestError, SigningRequest, verify_chain};

use super::approver::{self, APPROVER};
use super::issue::{self, CameraRequest, Subordinate};
use super::{
    BROKER, GATEWAY, Pki, PkiError, RECEIPT, ROOT, Signer, file, read, read_certificate, read_key,
    read_signer, write_key, write_text,
};
use crate::disk;

const CSR: &str = "csr";
const REQUEST_LABEL: &str = "CERTIFICATE REQUEST";

/// Reads a PKCS#10 request (PEM) that asks for a name and a key alone, and was signed by that key.
pub fn read_request(path: &Path) -> Result<SigningRequest, PkiError> {
    let request = read_any(path)?;
    if request.claims == Claims::default() {
        Ok(request)
    } else {
        Err(refused(path, RequestError::Extension))
    }
}

/// A camera's request: it names itself, and asks for its pairing key and nothing else.
pub fn read_camera_request(path: &Path) -> Result<CameraRequest, PkiError> {
    let request = read_any(path)?;
    let camera =
        CameraId::parse(&request.common_name).map_err(|_| refused(path, RequestError::CommonName))?;
    let noise = request.claims.noise_key.filter(|&key| {
        let alone = Claims {
            noise_key: Some(key),
            ..Claims::default()
        };
        request.claims == alone
    });
    Ok(CameraRequest {
        camera,
        spki: request.public_key.spki_der(),
        // What a camera is expected to sign is headquarters' word, never the camera's.
        signed_video: false,
        noise: noise.ok_or_else(|| refused(path, RequestError::Extension))?,
    })
}

fn refused(path: &Path, source: RequestError) -> PkiError {
    PkiError::Request {
        file: path.to_owned(),
        source,
    }
}

fn read_any(path: &Path) -> Result<SigningRequest, PkiError> {
    let failed = |source| refused(path, source);
    let text = read(path)?;
    let Ok((REQUEST_LABEL, der)) = der::pem::decode_vec(text.as_bytes()) else {
        return Err(failed(RequestError::Malformed));
    };
    SigningRequest::from_der(&der).map_err(failed)
}

/// The root on its offline machine.
pub struct OfflineRoot {
    dir: PathBuf,
    signer: Signer,
}

impl OfflineRoot {
    /// Draws the root into a folder that holds none.
    pub fn create(dir: &Path, now: UnixMs) -> Result<Self, PkiError> {
        if file(dir, ROOT, "key").exists() {
            return Err(PkiError::AlreadyThere { dir: dir.to_owned() });
        }
        private(dir)?;
        let signer = issue::draw_root(now)?;
        // The certificate first: a key is only there together with it.
        write_text(&file(dir, ROOT, "pem"), &signer.certificate.to_pem())?;
        write_key(&file(dir, ROOT, "key"), &signer.key)?;
        Self::open(dir)
    }

    pub fn open(dir: &Path) -> Result<Self, PkiError> {
        Ok(Self {
            dir: dir.to_owned(),
            signer: read_signer(dir, ROOT)?,
        })
    }

    pub const fn certificate(&self) -> &Certificate {
        self.signer.certificate()
    }

    pub(super) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(super) const fn signer(&self) -> &Signer {
        &self.signer
    }

    /// Signs every request in `folder`, puts the certificates beside them, and keeps a copy of each; the names in them.
    pub fn sign(&self, folder: &Path, now: UnixMs) -> Result<Vec<String>, PkiError> {
        let mut requests = Vec::new();
        for path in csrs(folder)? {
            let request = read_request(&path)?;
            let (whom, file) = vouched(&request.common_name)?;
            requests.push((whom, file, request));
        }
        requests.sort_by(|(one, file, _), (other, with, _)| (one, file).cmp(&(other, with)));
        let kept = self.dir.join("issued");
        private(&kept)?;
        let mut signed = Vec::new();
        for (whom, name, request) in requests {
            let certificate = match whom {
                Vouched::Service(subordinate) => {
                    subordinate.certify(&request.public_key, &self.signer, now)?
                }
                Vouched::Approver => {
                    approver::certify(&request.common_name, &request.public_key, &self.signer, now)?
                }
            };
            let copy = kept.join(format!("{name}-{}.pem", certificate.fingerprint()));
            write_text(&copy, &certificate.to_pem())?;
            write_text(&file(folder, &name, "pem"), &certificate.to_pem())?;
            signed.push(request.common_name);
        }
        write_text(&file(folder, ROOT, "pem"), &self.certificate().to_pem())?;
        Ok(signed)
    }
}

/// Draws the keys that a root will vouch for, into a folder that holds none.
pub fn draw(dir: &Path) -> Result<(), PkiError> {
    let is_there = |subordinate: Subordinate| file(dir, subordinate.name(), "key").exists();
    if file(dir, ROOT, "pem").exists() || Subordinate::ALL.into_iter().any(is_there) {
        return Err(PkiError::AlreadyThere { dir: dir.to_owned() });
    }
    private(dir)?;
    for subordinate in Subordinate::ALL {
        write_key(&file(dir, subordinate.name(), "key"), &subordinate.draw_key())?;
    }
    Ok(())
}

/// Writes the requests of the keys in `dir` to `folder`, made where it is missing.
pub fn requests(dir: &Path, folder: &Path) -> Result<Vec<(Subordinate, PathBuf)>, PkiError> {
    create_dir_all(folder).map_err(|source| PkiError::Write {
        file: folder.to_owned(),
        source,
    })?;
    let mut written = Vec::new();
    for subordinate in Subordinate::ALL {
        let key = read_key(&file(dir, subordinate.name(), "key"))?;
        let name = subordinate.common_name();
        let der =
            SigningRequest::make(&key, name, &Claims::default()).map_err(|source| PkiError::Request {
                file: file(dir, subordinate.name(), "key"),
                source,
            })?;
        let path = file(folder, subordinate.name(), CSR);
        write_request(&path, &der)?;
        written.push((subordinate, path));
    }
    Ok(written)
}

/// Takes the certificates in `folder` for the keys in `dir`, when `root` is the fingerprint of the root beside them,
/// and draws what stands under the issuing authority.
pub fn import(dir: &Path, folder: &Path, root: &Digest, now: UnixMs) -> Result<Pki, PkiError> {
    if file(dir, ROOT, "pem").exists() {
        return Err(PkiError::AlreadyThere { dir: dir.to_owned() });
    }
    let anchor = read_certificate(&file(folder, ROOT, "pem"))?;
    if anchor.fingerprint() != *root {
        return Err(PkiError::OtherRoot {
            dir: folder.to_owned(),
            expected: root.to_string(),
        });
    }
    let anchors = std::slice::from_ref(&anchor);
    let mut taken = Vec::new();
    for subordinate in Subordinate::ALL {
        let path = file(folder, subordinate.name(), "pem");
        let certificate = read_certificate(&path)?;
        let key = read_key(&file(dir, subordinate.name(), "key"))?;
        let verdict = verify_chain(&certificate, &[], anchors, subordinate.profile(), now.0);
        let is_own = key.public() == *certificate.public_key();
        if !verdict.all_ok() || !is_own || certificate.common_name() != subordinate.common_name() {
            return Err(PkiError::NotVouched { file: path });
        }
        taken.push((subordinate, certificate));
    }
    // Nothing is written before everything holds.
    for (subordinate, certificate) in taken {
        write_text(&file(dir, subordinate.name(), "pem"), &certificate.to_pem())?;
    }
    Pki::complete(dir, &anchor, now)
}

/// How far a folder of keys is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// There are no keys.
    Empty,
    /// Keys wait for their certificates.
    Drawn,
    Complete,
}

/// A folder of keys, and the certificates in it.
#[derive(Debug)]
pub struct Status {
    pub stage: Stage,
    /// By the name of its file; the leaf where the file holds a chain.
    pub certificates: Vec<(&'static str, Certificate)>,
}

pub fn status(dir: &Path) -> Result<Status, PkiError> {
    let is_there = |subordinate: Subordinate| file(dir, subordinate.name(), "key").exists();
    let stage = if file(dir, ROOT, "pem").exists() {
        Stage::Complete
    } else if Subordinate::ALL.into_iter().any(is_there) {
        Stage::Drawn
    } else {
        Stage::Empty
    };
    let names = Subordinate::ALL.map(Subordinate::name);
    let names = [ROOT].into_iter().chain(names).chain([RECEIPT, BROKER, GATEWAY]);
    let mut certificates = Vec::new();
    for name in names {
        let path = file(dir, name, "pem");
        if !path.exists() {
            continue;
        }
        let chain = Certificate::parse_pem_chain(&read(&path)?)
            .map_err(|source| PkiError::Certificate { file: path, source })?;
        certificates.extend(chain.into_iter().next().map(|leaf| (name, leaf)));
    }
    Ok(Status { stage, certificates })
}

/// For whom the root vouches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Vouched {
    Service(Subordinate),
    Approver,
}

/// Who asks, and the name of their files.
fn vouched(common_name: &str) -> Result<(Vouched, String), PkiError> {
    if let Some(name) = common_name.strip_prefix(APPROVER).filter(|name| !name.is_empty()) {
        return Ok((Vouched::Approver, name.to_owned()));
    }
    let mut all = Subordinate::ALL.into_iter();
    all.find(|subordinate| subordinate.common_name() == common_name)
        .map(|subordinate| (Vouched::Service(subordinate), subordinate.name().to_owned()))
        .ok_or_else(|| PkiError::NotUnderRoot {
            name: common_name.to_owned(),
        })
}

/// Writes a request as PEM.
pub(super) fn write_request(path: &Path, der: &[u8]) -> Result<(), PkiError> {
    let text = der::pem::encode_string(REQUEST_LABEL, der::pem::LineEnding::LF, der);
    let text = text.expect("a request of a name and a key fits a PEM block");
    write_text(path, &text)
}

fn csrs(folder: &Path) -> Result<Vec<PathBuf>, PkiError> {
    let failed = |source| PkiError::Read {
        file: folder.to_owned(),
        source,
    };
    let mut found = Vec::new();
    for entry in read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if path.extension().is_some_and(|extension| extension == CSR) {
            found.push(path);
        }
    }
    if found.is_empty() {
        let none = std::io::Error::new(std::io::ErrorKind::NotFound, "it holds no `.csr` file");
        return Err(failed(none));
    }
    Ok(found)
}

pub(super) fn private(dir: &Path) -> Result<(), PkiError> {
    disk::private_dir(dir).map_err(|source| PkiError::Write {
        file: dir.to_owned(),
        source,
    })
}
