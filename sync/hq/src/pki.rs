//! HQ's keys and certificates on disk, for the gateway, the broker and enrolment.
//!
//! The root signs the issuing authority, the command signer and the reference signer, and is then put away: nothing
//! else opens `offline/`, so that whoever holds the online authority still gives no order to a terminal and no law.

mod approver;
mod broker;
mod ceremony;
mod issue;
mod revocation;

use std::fs::read_to_string;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::recovery::RecoveryKeys;
use domain::{Digest, UnixMs};
use thiserror::Error;
use trust::cert::{Certificate, CertificateError, CrlError, IssueError, RequestError, random_serial};
use trust::cose::{self, Namespace};
use trust::keys::{KeyError, SigningKey};
use trust::seal::{Identity, Recipient, SealKeyError};
use trust::stamp::stamp;
use zeroize::Zeroizing;

pub use approver::{APPROVER, draw as draw_approver, read as read_approver};
pub use broker::{Broker, Ports};
pub use ceremony::{
    OfflineRoot, Stage, Status, draw, import, read_camera_request, read_request, requests, status,
};
pub use issue::{CameraRequest, DeviceRequest, OfficerRequest, Subordinate};
pub use revocation::CRL_DAYS;

use crate::disk;

/// The common name of the gateway's certificate, which the broker's access list names; no device can be called so.
pub const GATEWAY_NAME: &str = "hq.gateway";

const ROOT: &str = "root";
const ISSUING: &str = "issuing";
const RECEIPT: &str = "receipt";
const COMMAND: &str = "command";
const REFERENCE: &str = "reference";
const STAMP: &str = "stamp";
const BROKER: &str = "broker";
const GATEWAY: &str = "gateway";
const IDENTITY: &str = "identity.age";
/// The public halves of the two recovery keys; the private ones are drawn into `offline/`.
const RECOVERY: &str = "recovery.cbor";
/// The keys of two persons who approve orders that destroy evidence, of a root that is not offline.
const APPROVERS: [&str; 2] = ["first", "second"];
const RECOVERY_KEYS: [&str; 2] = ["offline/recovery-first.age", "offline/recovery-second.age"];

/// Why the PKI cannot be made, opened or used.
#[derive(Debug, Error)]
pub enum PkiError {
    #[error("there is already a PKI in `{}`; choose another folder", dir.display())]
    AlreadyThere { dir: PathBuf },
    #[error("cannot read `{}`; is this the folder of a PKI?", file.display())]
    Read {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write `{}`", file.display())]
    Write {
        file: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` does not hold a certificate of this project", file.display())]
    Certificate {
        file: PathBuf,
        #[source]
        source: CertificateError,
    },
    #[error("`{}` does not hold a private key", file.display())]
    Key {
        file: PathBuf,
        #[source]
        source: KeyError,
    },
    #[error("the key in `{}` is not the certificate's", file.display())]
    Mismatch { file: PathBuf },
    #[error("`{}` does not hold an age identity", file.display())]
    Identity {
        file: PathBuf,
        #[source]
        source: SealKeyError,
    },
    #[error("cannot issue a certificate to `{holder}`")]
    Issue {
        holder: String,
        #[source]
        source: IssueError,
    },
    #[error("`{}` does not hold a certificate request that can be signed", file.display())]
    Request {
        file: PathBuf,
        #[source]
        source: RequestError,
    },
    #[error(
        "`{name}` is no certificate that the root signs; it signs `neo2-issuing`, `command`, `reference` and `approver.…`"
    )]
    NotUnderRoot { name: String },
    #[error("the root in `{}` is not `{expected}`; compare with what `neoctl ca sign` showed", dir.display())]
    OtherRoot { dir: PathBuf, expected: String },
    #[error("`{}` was not signed by that root for the key that is here", file.display())]
    NotVouched { file: PathBuf },
    #[error("`{}` does not hold a revocation list of this PKI", file.display())]
    Crl {
        file: PathBuf,
        #[source]
        source: CrlError,
    },
    #[error(
        "the root did not issue the certificate of `{holder}`; only what stands directly under it is on its list"
    )]
    NotOfRoot { holder: String },
    #[error("there is no revocation list in `{}`; make one with `neoctl crl publish`", dir.display())]
    NoCrl { dir: PathBuf },
    #[error("revocation list `{number}` is out; a list that is published needs a higher number")]
    CrlNotNewer { number: u64 },
    #[error("the public key of `{holder}` is not usable")]
    PublicKey {
        holder: String,
        #[source]
        source: KeyError,
    },
}

/// One state of a file that others replace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Version {
    inode: u64,
    seconds: i64,
    nanoseconds: i64,
}

impl Version {
    fn of(path: &Path) -> Option<Self> {
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self {
            inode: metadata.ino(),
            seconds: metadata.mtime(),
            nanoseconds: metadata.mtime_nsec(),
        })
    }
}

/// A private key and its certificate.
pub struct Signer {
    key: SigningKey,
    certificate: Certificate,
}

impl Signer {
    pub const fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// The RFC 3161 response that says that `imprint` existed at `at`; none by a signer of anything else.
    pub fn stamp(&self, imprint: &Digest, at: UnixMs) -> Option<Vec<u8>> {
        let imprint = trust::Digest(*imprint.as_bytes());
        stamp(&self.key, &self.certificate, &imprint, at.0, random_serial()).ok()
    }

    /// The COSE_Sign1 of `payload` by this signer.
    pub fn sign(&self, namespace: Namespace, content_type: &str, payload: &[u8]) -> Vec<u8> {
        cose::sign(
            namespace,
            &self.key,
            &self.certificate,
            content_type,
            payload,
            None,
        )
        .expect("HQ's signers are opened with the key of their certificate, and sign bounded payloads")
    }
}

/// What one TLS end shows and proves: DER certificates, leaf first, and the PKCS#8 private key.
pub struct TlsIdentity {
    pub chain: Vec<Vec<u8>>,
    pub key: Zeroizing<Vec<u8>>,
}

/// An opened PKI.
pub struct Pki {
    dir: PathBuf,
    root: Certificate,
    issuing: Signer,
    receipt: Signer,
    command: Signer,
    /// None in a folder of an older program, until [`Pki::with_stamp`].
    stamp: Option<Signer>,
    identity: Arc<Identity>,
    /// Which file of sealing keys was read.
    sealing: Option<Version>,
}

impl Pki {
    /// Draws every key and writes the folder; `root.pem` comes last, so that a folder with it is complete.
    pub fn create(dir: &Path, now: UnixMs) -> Result<Self, PkiError> {
        if dir.join("root.pem").exists() {
            return Err(PkiError::AlreadyThere { dir: dir.to_owned() });
        }
        for dir in [dir, &dir.join("offline")] {
            disk::private_dir(dir).map_err(|source| PkiError::Write {
                file: dir.to_owned(),
                source,
            })?;
        }
        let root = issue::draw_root(now)?;
        let offline = dir.join("offline");
        write_text(&file(&offline, ROOT, "pem"), &root.certificate.to_pem())?;
        write_key(&file(&offline, ROOT, "key"), &root.key)?;
        for subordinate in Subordinate::ALL {
            let key = subordinate.draw_key();
            let certificate = subordinate.certify(&key.public(), &root, now)?;
            write_key(&file(dir, subordinate.name(), "key"), &key)?;
            write_text(&file(dir, subordinate.name(), "pem"), &certificate.to_pem())?;
        }
        for name in APPROVERS {
            approver::create(&dir.join("offline"), name, &root, now)?;
        }
        Self::complete(dir, &root.certificate, now)
    }

    /// Draws what stands under the issuing authority in `dir`; the root's certificate comes last.
    fn complete(dir: &Path, root: &Certificate, now: UnixMs) -> Result<Self, PkiError> {
        let issuing = read_signer(dir, ISSUING)?;
        let made = issue::Services::draw(&issuing, now)?;
        write_key(&file(dir, RECEIPT, "key"), &made.receipt.key)?;
        write_text(&file(dir, RECEIPT, "pem"), &made.receipt.certificate.to_pem())?;
        write_key(&file(dir, STAMP, "key"), &made.stamp.key)?;
        write_text(&file(dir, STAMP, "pem"), &made.stamp.certificate.to_pem())?;
        for (name, signer) in [(BROKER, &made.broker), (GATEWAY, &made.gateway)] {
            write_key(&file(dir, name, "key"), &signer.key)?;
            let chain = signer.certificate.to_pem() + &issuing.certificate.to_pem();
            write_text(&file(dir, name, "pem"), &chain)?;
        }
        draw_identity(&dir.join(IDENTITY))?;
        let offline = dir.join("offline");
        disk::private_dir(&offline).map_err(|source| PkiError::Write {
            file: offline,
            source,
        })?;
        let [first, second] = RECOVERY_KEYS.map(|name| draw_identity(&dir.join(name)));
        let recovery = RecoveryKeys {
            first: *first?.as_bytes(),
            second: *second?.as_bytes(),
        };
        let path = dir.join(RECOVERY);
        disk::write(&path, &domain::encode(&recovery))
            .map_err(|source| PkiError::Write { file: path, source })?;
        let first = issuing.crl(1, &[], CRL_DAYS, now)?;
        write_text(&dir.join(revocation::FILE), &first.to_pem())?;
        write_text(&file(dir, ROOT, "pem"), &root.to_pem())?;
        Self::open(dir)
    }

    /// Opens what [`Pki::create`] wrote; the root's private key is not needed and not read.
    pub fn open(dir: &Path) -> Result<Self, PkiError> {
        Ok(Self {
            dir: dir.to_owned(),
            root: read_certificate(&file(dir, ROOT, "pem"))?,
            issuing: read_signer(dir, ISSUING)?,
            receipt: read_signer(dir, RECEIPT)?,
            command: read_signer(dir, COMMAND)?,
            stamp: if file(dir, STAMP, "pem").exists() {
                Some(read_signer(dir, STAMP)?)
            } else {
                None
            },
            sealing: Version::of(&dir.join(IDENTITY)),
            identity: Arc::new(read_identities(&dir.join(IDENTITY))?),
        })
    }

    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub const fn root(&self) -> &Certificate {
        &self.root
    }

    pub const fn issuing(&self) -> &Certificate {
        &self.issuing.certificate
    }

    /// Signs receipts, answers and answers to a hello.
    pub const fn receipt(&self) -> &Signer {
        &self.receipt
    }

    /// Signs orders and enrolments; its certificate stands directly under the root.
    pub const fn command(&self) -> &Signer {
        &self.command
    }

    /// Signs time-stamp tokens (RFC 3161); none in a folder that has no such key yet.
    pub const fn stamp(&self) -> Option<&Signer> {
        self.stamp.as_ref()
    }

    /// The PKI with a key for time-stamps, which is drawn and certified where an older program left none.
    pub fn with_stamp(mut self, now: UnixMs) -> Result<Self, PkiError> {
        if self.stamp.is_none() {
            let made = issue::stamp(&self.issuing, now)?;
            // The certificate comes last: without it the folder has no time-stamps, and the next opening makes them.
            write_key(&file(&self.dir, STAMP, "key"), &made.key)?;
            write_text(&file(&self.dir, STAMP, "pem"), &made.certificate.to_pem())?;
            tracing::info!("a key for time-stamps was made");
            self.stamp = Some(made);
        }
        Ok(self)
    }

    /// Signs reference data; read when it is asked for, since no gateway needs it. Its certificate stands directly
    /// under the root.
    pub fn reference(&self) -> Result<Signer, PkiError> {
        read_signer(&self.dir, REFERENCE)
    }

    /// Opens what terminals seal to HQ.
    pub const fn identity(&self) -> &Arc<Identity> {
        &self.identity
    }

    pub fn recipient(&self) -> Recipient {
        self.identity.recipient()
    }

    /// Reads the sealing keys again if their file changed; whether it did.
    pub fn refresh(&mut self) -> Result<bool, PkiError> {
        let path = self.dir.join(IDENTITY);
        let sealing = Version::of(&path);
        if sealing == self.sealing {
            return Ok(false);
        }
        self.identity = Arc::new(read_identities(&path)?);
        self.sealing = sealing;
        Ok(true)
    }

    /// The two persons who open kept drafts together; none in a PKI that named none.
    pub fn recovery(&self) -> Option<RecoveryKeys> {
        let bytes = std::fs::read(self.dir.join(RECOVERY)).ok()?;
        domain::decode(&bytes).ok()
    }

    /// The gateway's client identity, for any broker under the same root.
    pub fn gateway_tls(&self) -> Result<TlsIdentity, PkiError> {
        self.tls(GATEWAY)
    }

    /// The broker's server identity, for a broker inside a program.
    pub fn broker_tls(&self) -> Result<TlsIdentity, PkiError> {
        self.tls(BROKER)
    }

    /// The broker's server identity for who knows the root by its digest alone: the chain goes on to the root.
    pub fn bootstrap_tls(&self) -> Result<TlsIdentity, PkiError> {
        let mut identity = self.tls(BROKER)?;
        identity.chain.push(self.root.der().to_vec());
        Ok(identity)
    }

    fn tls(&self, name: &str) -> Result<TlsIdentity, PkiError> {
        let path = file(&self.dir, name, "pem");
        let chain = Certificate::parse_pem_chain(&read(&path)?)
            .map_err(|source| PkiError::Certificate { file: path, source })?;
        Ok(TlsIdentity {
            chain: chain.iter().map(|one| one.der().to_vec()).collect(),
            key: read_key(&file(&self.dir, name, "key"))?.to_pkcs8_der(),
        })
    }
}

fn file(dir: &Path, name: &str, extension: &str) -> PathBuf {
    dir.join(format!("{name}.{extension}"))
}

fn write_text(path: &Path, text: &str) -> Result<(), PkiError> {
    disk::write(path, text.as_bytes()).map_err(|source| PkiError::Write {
        file: path.to_owned(),
        source,
    })
}

fn write_key(path: &Path, key: &SigningKey) -> Result<(), PkiError> {
    write_text(path, &key.to_pkcs8_pem())
}

/// A fresh X25519 identity in a file of its own.
fn draw_identity(path: &Path) -> Result<Recipient, PkiError> {
    let identity = Identity::generate();
    let recipient = identity.recipient();
    let text = Zeroizing::new(format!("# public key: {recipient}\n{}", *identity.to_text()));
    write_text(path, &text)?;
    Ok(recipient)
}

/// Draws the key that HQ is sealed to from now on, and puts it before the others in `dir`, which go on opening what was
/// sealed to them; the recipient, and how many keys there are.
pub fn rotate(dir: &Path) -> Result<(Recipient, usize), PkiError> {
    let path = dir.join(IDENTITY);
    let before = Zeroizing::new(read(&path)?);
    let known = read_identities(&path)?;
    let identity = Identity::generate();
    let recipient = identity.recipient();
    let text = Zeroizing::new(format!(
        "# public key: {recipient}\n{}{}",
        *identity.to_text(),
        *before
    ));
    write_text(&path, &text)?;
    Ok((recipient, known.count() + 1))
}

/// The sealing keys in the file at `path`, the one in use first.
pub fn read_identities(path: &Path) -> Result<Identity, PkiError> {
    let text = Zeroizing::new(read(path)?);
    Identity::from_keys(&text).map_err(|source| PkiError::Identity {
        file: path.to_owned(),
        source,
    })
}

/// The one age identity in the file at `path`.
pub fn read_identity(path: &Path) -> Result<Identity, PkiError> {
    let text = Zeroizing::new(read(path)?);
    Identity::from_text(&text).map_err(|source| PkiError::Identity {
        file: path.to_owned(),
        source,
    })
}

fn read(path: &Path) -> Result<String, PkiError> {
    read_to_string(path).map_err(|source| PkiError::Read {
        file: path.to_owned(),
        source,
    })
}

/// Reads a certificate (PEM).
pub fn read_certificate(path: &Path) -> Result<Certificate, PkiError> {
    Certificate::parse_pem(&read(path)?).map_err(|source| PkiError::Certificate {
        file: path.to_owned(),
        source,
    })
}

fn read_key(path: &Path) -> Result<SigningKey, PkiError> {
    let pem = Zeroizing::new(read(path)?);
    let der = der::pem::decode_vec(pem.as_bytes()).map_or_else(|_| Vec::new(), |(_, der)| der);
    SigningKey::from_pkcs8_der(&Zeroizing::new(der)).map_err(|source| PkiError::Key {
        file: path.to_owned(),
        source,
    })
}

fn read_signer(dir: &Path, name: &str) -> Result<Signer, PkiError> {
    let path = file(dir, name, "key");
    let key = read_key(&path)?;
    let certificate = read_certificate(&file(dir, name, "pem"))?;
    if key.public() == *certificate.public_key() {
        Ok(Signer { key, certificate })
    } else {
        Err(PkiError::Mismatch { file: path })
    }
}
