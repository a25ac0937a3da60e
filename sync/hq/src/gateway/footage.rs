//! Clips: once every encrypted file of a manifest is there, the original is put together, checked and receipted.
//!
//! The receipt over the root leaves only after the whole clip is on disk under its own digest.

use std::fs::{File, read};
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use domain::envelope::{Receipt, ReceiptStatus, RefusalCode};
use domain::footage::{MAX_SEGMENT, Manifest, Segment};
use domain::record::{Act, Record};
use domain::{ClipId, DeviceId, Digest, UnixMs, decode};
use evidence::signed_video;
use evidence::video::{Bytes, Lost};
use sync::FileId;
use sync::wire::v1::{FileHave, FileInit};
use trust::{Hasher, cose, merkle, seal};

use super::intake::sign_receipt;
use super::{Gateway, GatewayError, Outgoing, receipts};
use crate::disk::Draft;
use crate::store::{Clip, StoreError, Transaction};

/// What putting a clip together led to.
enum Assembled {
    /// On disk, and not under its name yet.
    Whole(Draft),
    /// A file on disk is no longer what was received.
    Damaged(FileId),
    /// The files are those of the manifest, and their content is not.
    Refused(RefusalCode),
}

impl Gateway {
    /// Decides on the clips whose last file arrived when an earlier run ended.
    pub(super) fn decide_waiting_clips(&mut self, now: UnixMs) -> Result<(), GatewayError> {
        let transaction = self.store.begin()?;
        let waiting = transaction.undecided_clips()?;
        drop(transaction);
        for clip in waiting {
            self.decide_clip(clip, now)?;
        }
        Ok(())
    }

    /// The receipt over the clip's root, or nothing while something is missing.
    pub(super) fn decide_clip(&mut self, id: ClipId, now: UnixMs) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let Some(clip) = transaction.clip(id)? else {
            return Ok(Vec::new());
        };
        if let Some(receipt) = clip.receipt {
            return Ok(receipts(&clip.device, [receipt]));
        }
        // A clip whose term has ended is not decided on any more.
        let Some(stored) = transaction.record(clip.envelope)? else {
            return Ok(Vec::new());
        };
        let manifest = manifest_of(&stored.record_cose).ok_or(StoreError::Corrupt { what: "manifest" })?;
        if !is_arrived(&transaction, &clip.device, &manifest)? {
            return Ok(Vec::new());
        }
        drop(transaction);
        let (status, whole) = match self.assemble(&clip, &manifest)? {
            Assembled::Whole(draft) => (ReceiptStatus::Stored, Some(draft)),
            Assembled::Refused(code) => (ReceiptStatus::Refused(code), None),
            Assembled::Damaged(file) => {
                tracing::warn!(%file, "stored file damaged, asked again");
                self.forget_bytes(&clip.device, file)?;
                return Ok(Vec::new());
            }
        };
        let receipt = Receipt {
            version: 1,
            device: clip.device.clone(),
            envelope: clip.envelope,
            envelope_digest: Digest::of(&stored.envelope_cose),
            record_digest: Some(Digest::of(&stored.record_cose)),
            status,
            at: now,
            footage_root: (status == ReceiptStatus::Stored).then_some(manifest.root),
        };
        let receipt = sign_receipt(&self.pki, &receipt);
        let transaction = self.store.begin()?;
        // Its term may have ended while it was put together.
        if transaction.record(clip.envelope)?.is_none() {
            return Ok(Vec::new());
        }
        if let Some(draft) = whole {
            let path = clip_path(&self.dir, &manifest);
            draft
                .publish()
                .map_err(|source| GatewayError::Disk { path, source })?;
        }
        transaction.decide_clip(id, &receipt)?;
        transaction.commit()?;
        tracing::info!(device = %clip.device, clip = %id, ?status, "clip decided");
        Ok(receipts(&clip.device, [receipt]))
    }

    fn assemble(&mut self, clip: &Clip, manifest: &Manifest) -> Result<Assembled, GatewayError> {
        let path = clip_path(&self.dir, manifest);
        let failed = |source: io::Error| GatewayError::Disk {
            path: path.clone(),
            source,
        };
        let mismatch = Assembled::Refused(RefusalCode::DocumentMismatch);
        let mut draft = Draft::new(&path).map_err(failed)?;
        let mut whole = Hasher::new();
        for segment in &manifest.segments {
            let Some(file) = FileId::new(manifest.clip, segment.index) else {
                return Ok(mismatch);
            };
            let sealed_path = self.file_path(&clip.device, file, "age");
            let sealed = read(&sealed_path).map_err(|source| GatewayError::Disk {
                path: sealed_path,
                source,
            })?;
            if Digest::of(&sealed) != segment.cipher {
                return Ok(Assembled::Damaged(file));
            }
            let Some(plain) = self.open_segment(segment, &sealed) else {
                return Ok(mismatch);
            };
            whole.update(&plain);
            draft.write_all(&plain).map_err(failed)?;
        }
        if whole.finish().as_bytes() != manifest.whole.as_bytes() {
            return Ok(mismatch);
        }
        draft.settle().map_err(failed)?;
        if self.is_signed_inside(manifest)? {
            let film = OnDisk(draft.reopen().map_err(failed)?, manifest.bytes);
            // Headquarters looks by itself: a terminal may have stopped before it could, or left it out.
            let found = signed_video::check(&film).ok();
            if found.is_none_or(|found| signed_video::expected(&found).is_err()) {
                return Ok(Assembled::Refused(RefusalCode::FootageUnsigned));
            }
        }
        Ok(Assembled::Whole(draft))
    }

    /// Whether the camera's certificate says that it signs inside its video.
    fn is_signed_inside(&mut self, manifest: &Manifest) -> Result<bool, GatewayError> {
        let fingerprint = trust::Digest(*manifest.camera_certificate.as_bytes());
        let camera = self.store.begin()?.certificate(&fingerprint)?;
        Ok(camera.is_some_and(|camera| camera.signed_video()))
    }

    fn open_segment(&self, segment: &Segment, sealed: &[u8]) -> Option<Vec<u8>> {
        let length = usize::try_from(segment.length).ok()?;
        let plain = seal::open(self.pki.identity(), sealed, length).ok()?;
        (plain.len() == length && Digest::of(&plain) == segment.plain).then_some(plain)
    }
}

/// A film of so many bytes on HQ's disk.
struct OnDisk(File, u64);

impl Bytes for OnDisk {
    fn length(&self) -> u64 {
        self.1
    }

    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Lost> {
        self.0.read_exact_at(into, at).map_err(|_| Lost)
    }
}

fn clip_path(dir: &Path, manifest: &Manifest) -> PathBuf {
    dir.join("clips").join(format!("{}.mp4", manifest.whole))
}

/// Whether the manifest agrees with itself: segments in order without holes, the root over them, the total.
pub(super) fn is_consistent(manifest: &Manifest) -> bool {
    let mut end = 0;
    for (index, segment) in (0..).zip(&manifest.segments) {
        let in_order = segment.index == index && segment.offset == end;
        if !in_order || segment.length == 0 || segment.length > MAX_SEGMENT {
            return false;
        }
        end += u64::from(segment.length);
    }
    let leaves: Vec<_> = manifest
        .segments
        .iter()
        .map(|segment| merkle::leaf(&segment.leaf()))
        .collect();
    !leaves.is_empty()
        && end == manifest.bytes
        && merkle::root(&leaves).as_bytes() == manifest.root.as_bytes()
}

/// Whether `announced` is the encrypted file of `segment`.
fn is_announced_as(segment: &Segment, announced: &FileInit) -> bool {
    announced.sha256 == segment.cipher && announced.size == u64::from(segment.cipher_length)
}

/// Whether the clip's manifest, once it is stored, has this file as it is announced by `device`.
pub(super) fn may_be_announced(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    announced: &FileInit,
) -> Result<bool, StoreError> {
    let Some(clip) = transaction.clip(announced.clip())? else {
        return Ok(true);
    };
    let record = transaction.record(clip.envelope)?;
    let manifest = record.and_then(|stored| manifest_of(&stored.record_cose));
    let index = usize::try_from(announced.file.index()).ok();
    let segment = manifest
        .as_ref()
        .zip(index)
        .and_then(|(manifest, index)| manifest.segments.get(index));
    Ok(clip.device == *device && segment.is_some_and(|segment| is_announced_as(segment, announced)))
}

/// The manifest in a stored record.
fn manifest_of(record_cose: &[u8]) -> Option<Manifest> {
    let signed = cose::parse(record_cose).ok()?;
    match decode::<Record>(&signed.payload).ok()?.act {
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
    }
}

/// Whether every file of the manifest is complete, and the one that the manifest means.
fn is_arrived(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    manifest: &Manifest,
) -> Result<bool, StoreError> {
    let complete = usize::try_from(transaction.complete_files(device, manifest.clip)?);
    if complete.is_ok_and(|complete| complete < manifest.segments.len()) {
        return Ok(false);
    }
    for segment in &manifest.segments {
        let Some(file) = FileId::new(manifest.clip, segment.index) else {
            return Ok(false);
        };
        let meant = transaction.upload(device, file)?.is_some_and(|upload| {
            upload.have == FileHave::Complete && is_announced_as(segment, &upload.announced)
        });
        if !meant {
            return Ok(false);
        }
    }
    Ok(true)
}
