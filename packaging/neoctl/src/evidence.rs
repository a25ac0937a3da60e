//! `evidence export`: a clip as headquarters holds it, in a folder that `neo-verify` accepts, with C2PA beside it.
//!
//! What does not verify is not handed out, and a folder with its final name is whole.

use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use c2pa_export::{ClaimSigner, ClaimSignerError, Export, ExportError, NotTheOriginal, Original, Reading};
use c2pa_export::{export, read_copy, read_sidecar};
use clap::Subcommand;
use domain::footage::Manifest;
use domain::identity::Verdict;
use domain::record::{Act, Record};
use domain::{ClipId, UnixMs, decode};
use evidence::custody::{self, CustodyEvidence};
use evidence::folder::{ClipEvidence, Files, FolderError, Footage, RecordEvidence, clip_folder};
use evidence::report::{Outcome, verify};
use hq::Pki;
use hq::pki::PkiError;
use hq::store::{StoreError, Stored, Transaction};
use serde_json::Value;
use thiserror::Error;
use trust::cert::Certificate;
use trust::cose::{self, CoseError};

use crate::answer::{Answer, Rows};
use crate::document::code;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Writes the evidence folder of a clip, which `neo-verify` checks offline.
    ///
    /// What does not verify is not written. With `--c2pa`, FOLDER.c2pa.mp4 holds the footage with a C2PA claim inside
    /// and FOLDER.c2pa a claim on the original; the folder stays without them.
    Export {
        /// The folder to make.
        folder: PathBuf,
        #[arg(long)]
        clip: ClipId,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
        /// For tools that read C2PA.
        #[arg(long)]
        c2pa: bool,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Export { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unexported> {
        let Self::Export {
            folder,
            clip,
            hq,
            pki,
            c2pa,
        } = self;
        let request = Request {
            clip: *clip,
            hq: session.hq(hq)?,
            pki: session.pki(pki)?,
            out: folder,
            c2pa: *c2pa,
        };
        Ok(Answer::one("evidence", export_clip(&request, session.now)?))
    }
}

/// The camera's chain and certificate, as the terminal attaches them to a manifest.
const CAMERA_CHAIN: &str = "camera.cose";
const CAMERA: &str = "camera.der";
const CAMERA_EVENTS: &str = "events.cose";

/// Why nothing was exported.
#[derive(Debug, Error)]
pub(crate) enum Unexported {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot open headquarters' keys")]
    Pki(#[from] PkiError),
    #[error("headquarters has no clip `{clip}`; check its id")]
    Clip { clip: ClipId },
    #[error("the footage of `{clip}` has not arrived whole; export it once it is received")]
    NotReceived { clip: ClipId },
    #[error("headquarters no longer holds `{clip}`: its term has ended")]
    Purged { clip: ClipId },
    #[error("headquarters does not hold the {what} of `{clip}`; restore it from the backup")]
    Missing { clip: ClipId, what: &'static str },
    #[error("cannot read the {what} as it was received")]
    Message {
        what: &'static str,
        #[source]
        source: CoseError,
    },
    #[error("cannot make the evidence folder")]
    Folder(#[from] FolderError),
    #[error("the {what} is {} when it is checked, and is not handed out", outcome.code())]
    NotGenuine { what: &'static str, outcome: Outcome },
    #[error("cannot export to C2PA")]
    Original(#[from] NotTheOriginal),
    #[error("cannot certify the signer of the C2PA claim")]
    ClaimSigner(#[from] ClaimSignerError),
    #[error("cannot export to C2PA")]
    Claim(#[from] ExportError),
    #[error("`{}` is already there; choose another name", path.display())]
    AlreadyThere { path: PathBuf },
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write `{}`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl Unexported {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Clip { .. } | Self::NotReceived { .. } | Self::Purged { .. } | Self::Missing { .. } => {
                Exit::NotFound
            }
            Self::NotGenuine { .. } | Self::Original(_) => Exit::Refuted,
            Self::AlreadyThere { .. } => Exit::Conflict,
            Self::Read { source, .. } | Self::Write { source, .. } => Exit::of(source),
            Self::Store(_)
            | Self::Message { .. }
            | Self::Folder(_)
            | Self::ClaimSigner(_)
            | Self::Claim(_) => Exit::Failed,
        }
    }
}

/// What to export, and from where.
pub(crate) struct Request<'a> {
    pub(crate) clip: ClipId,
    /// The folder of `neo-hq --dir`.
    pub(crate) hq: &'a Path,
    /// The folder of `neo-hq --pki`.
    pub(crate) pki: &'a Path,
    /// The evidence folder to make.
    pub(crate) out: &'a Path,
    pub(crate) c2pa: bool,
}

/// A clip as it lies at headquarters.
struct Held {
    stored: Stored,
    receipt: Vec<u8>,
    stamp: Option<Vec<u8>>,
    camera_chain: Vec<u8>,
    camera_events: Option<Vec<u8>>,
    camera: Vec<u8>,
    /// Of the manifest.
    signer: Certificate,
    /// Of the envelope.
    device: Certificate,
    manifest: Manifest,
    footage: Vec<u8>,
    /// Each statement on the recording, with the certificate of its author.
    statements: Vec<(Vec<u8>, Certificate)>,
}

pub(crate) fn export_clip(request: &Request<'_>, now: UnixMs) -> Result<Rows, Unexported> {
    let copy_path = beside(request.out, ".c2pa.mp4");
    let sidecar_path = beside(request.out, ".c2pa");
    for path in [request.out, &copy_path, &sidecar_path] {
        if path.exists() {
            return Err(Unexported::AlreadyThere {
                path: path.to_owned(),
            });
        }
    }
    let pki = Pki::open(request.pki)?;
    let held = Held::find(request, &pki)?;
    let files = held.folder(&pki)?;
    let anchors = std::slice::from_ref(pki.root());
    genuine("evidence", verify(&files, anchors, &[]).outcome())?;
    let mut rows = vec![
        ("clip", request.clip.to_string().into()),
        ("folder", request.out.display().to_string().into()),
        ("files", files.len().into()),
        ("sha256", held.manifest.whole.to_string().into()),
        ("merkle_root", held.manifest.root.to_string().into()),
        ("outcome", Outcome::Ok.code().into()),
    ];
    if request.c2pa {
        let Export { copy, sidecar } = held.claims(&pki, request.pki, now)?;
        let reading = read_copy(&copy, anchors);
        genuine("C2PA copy", reading.outcome())?;
        let beside = read_sidecar(&sidecar, &held.footage, anchors).outcome();
        genuine("C2PA sidecar", beside)?;
        write(&copy_path, &copy)?;
        write(&sidecar_path, &sidecar)?;
        rows.extend([
            ("c2pa_copy", copy_path.display().to_string().into()),
            ("c2pa_sidecar", sidecar_path.display().to_string().into()),
            ("c2pa_verdicts", verdicts(&reading)),
        ]);
    }
    write_folder(request.out, &files)?;
    Ok(Rows(rows))
}

impl Held {
    fn find(request: &Request<'_>, pki: &Pki) -> Result<Self, Unexported> {
        let clip = request.clip;
        let missing = |what| Unexported::Missing { clip, what };
        let mut store = fleet::open(request.hq)?.with_key(Arc::clone(pki.identity()));
        let transaction = store.begin()?;
        let known = transaction.clip(clip)?.ok_or(Unexported::Clip { clip })?;
        let stored = transaction
            .record(known.envelope)?
            .ok_or(Unexported::Purged { clip })?;
        let receipt = known.receipt.ok_or(Unexported::NotReceived { clip })?;
        let attachment = |name| transaction.attachment(known.envelope, name);
        let path = request.hq.join("clips").join(format!("{}.mp4", known.whole));
        let mut statements = Vec::new();
        for stated in transaction.statements(clip)? {
            let gone = || missing("statement on the recording");
            let record = transaction.record(stated.envelope)?.ok_or_else(gone)?.record_cose;
            let author = signer(&transaction, "statement", &record)?
                .ok_or_else(|| missing("certificate of a statement's author"))?;
            statements.push((record, author));
        }
        Ok(Self {
            receipt,
            stamp: transaction.stamp(known.envelope)?,
            camera_chain: attachment(CAMERA_CHAIN)?.ok_or_else(|| missing("camera's chain"))?,
            camera_events: attachment(CAMERA_EVENTS)?,
            camera: attachment(CAMERA)?.ok_or_else(|| missing("camera's certificate"))?,
            signer: signer(&transaction, "manifest", &stored.record_cose)?
                .ok_or_else(|| missing("certificate of the manifest"))?,
            device: signer(&transaction, "envelope", &stored.envelope_cose)?
                .ok_or_else(|| missing("certificate of the envelope"))?,
            manifest: manifest(&stored.record_cose)?.ok_or_else(|| missing("manifest"))?,
            footage: fs::read(&path).map_err(|source| Unexported::Read { path, source })?,
            stored,
            statements,
        })
    }

    fn folder(&self, pki: &Pki) -> Result<Files, FolderError> {
        let mut files = clip_folder(&ClipEvidence {
            manifest: RecordEvidence {
                record: &self.stored.record_cose,
                envelope: &self.stored.envelope_cose,
                receipt: &self.receipt,
                document: None,
                enclosed: &[],
                signer: self.signer.der(),
                device: self.device.der(),
                receipt_signer: pki.receipt().certificate().der(),
                stamp: self.stamp.as_deref(),
                authorities: &[pki.issuing().der()],
            },
            camera_chain: &self.camera_chain,
            camera_events: self.camera_events.as_deref(),
            camera: &self.camera,
            footage: Footage::Whole(&self.footage),
        })?;
        let statements: Vec<CustodyEvidence<'_>> = self
            .statements
            .iter()
            .map(|(record, author)| CustodyEvidence {
                record,
                signer: author.der(),
            })
            .collect();
        custody::add(&mut files, &statements)?;
        Ok(files)
    }

    fn claims(&self, pki: &Pki, dir: &Path, now: UnixMs) -> Result<Export, Unexported> {
        let original = Original::new(&self.footage, &self.manifest)?;
        let path = dir.join("issuing.key");
        let key = fs::read_to_string(&path).map_err(|source| Unexported::Read { path, source })?;
        let signer = ClaimSigner::issue(pki.issuing(), &key, now)?;
        Ok(export(&original, &signer)?)
    }
}

/// The certificate by which a message says to be signed, if headquarters issued it.
fn signer(
    transaction: &Transaction<'_>,
    what: &'static str,
    message: &[u8],
) -> Result<Option<Certificate>, Unexported> {
    let signed = cose::parse(message).map_err(|source| Unexported::Message { what, source })?;
    match signed.x5t {
        Some(fingerprint) => Ok(transaction.certificate(&fingerprint)?),
        None => Ok(None),
    }
}

fn manifest(record: &[u8]) -> Result<Option<Manifest>, Unexported> {
    let what = "manifest";
    let signed = cose::parse(record).map_err(|source| Unexported::Message { what, source })?;
    Ok(decode::<Record>(&signed.payload)
        .ok()
        .and_then(|record| match record.act {
            Act::Footage(manifest) => Some(*manifest),
            Act::IdentityCheck(_)
            | Act::Pv(_)
            | Act::Plainte(_)
            | Act::Pve(_)
            | Act::Afd(_)
            | Act::Note(_)
            | Act::VisaRequest(_)
            | Act::Visa(_)
            | Act::Alert(_)
            | Act::SafeContact(_)
            | Act::Custody(_)
            | Act::Verification(_) => None,
        }))
}

const fn genuine(what: &'static str, outcome: Outcome) -> Result<(), Unexported> {
    match outcome {
        Outcome::Ok => Ok(()),
        Outcome::Untrusted | Outcome::Incomplete | Outcome::Tampered | Outcome::Unreadable => {
            Err(Unexported::NotGenuine { what, outcome })
        }
    }
}

fn verdicts(reading: &Reading) -> Value {
    let verdicts = reading.verdicts;
    [
        ("read", verdicts.read),
        ("signature", verdicts.signature),
        ("footage", verdicts.footage),
        ("issuer_trusted", verdicts.issuer_trusted),
        ("in_date", verdicts.in_date),
        ("status_known", verdicts.status_known),
    ]
    .into_iter()
    .map(|(name, verdict): (&str, Verdict)| (name, code(verdict)))
    .collect()
}

/// The folder's own name with `ending`, next to it: inside, it would be a file too many.
fn beside(folder: &Path, ending: &str) -> PathBuf {
    let mut name = folder.file_name().map_or_else(OsString::new, OsString::from);
    name.push(ending);
    folder.with_file_name(name)
}

/// Makes the folder of something that verifies, and never over another.
pub(crate) fn hand_out(dir: &Path, files: &Files) -> Result<(), Unexported> {
    if dir.exists() {
        return Err(Unexported::AlreadyThere { path: dir.to_owned() });
    }
    write_folder(dir, files)
}

/// A folder that a crash leaves behind bears its provisional name, and gives way to the next export.
fn write_folder(dir: &Path, files: &Files) -> Result<(), Unexported> {
    let provisional = beside(dir, ".part");
    let failed = |source| Unexported::Write {
        path: dir.to_owned(),
        source,
    };
    if provisional.exists() {
        fs::remove_dir_all(&provisional).map_err(failed)?;
    }
    fs::create_dir_all(&provisional).map_err(failed)?;
    for (name, bytes) in files {
        write(&provisional.join(name), bytes)?;
    }
    fs::rename(&provisional, dir).map_err(failed)
}

/// Readable by its owner alone: footage is in clear here.
fn write(path: &Path, bytes: &[u8]) -> Result<(), Unexported> {
    let parent = path.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(parent)
        .and_then(|()| {
            OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)
        })
        .and_then(|mut file| file.write_all(bytes))
        .map_err(|source| Unexported::Write {
            path: path.to_owned(),
            source,
        })
}
