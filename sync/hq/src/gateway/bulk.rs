//! Encrypted files as they arrive: chunks in any order, each durable before it counts.
//!
//! A file is `files/<device>/<file>.part` until all of it has the announced digest, and `.age` from then on.

use std::fs::read;
use std::io;
use std::path::PathBuf;

use domain::{DeviceId, Digest, UnixMs, decode};
use sync::transfer::{Assembly, Chunk, Finish};
use sync::wire::v1::{FileHave, FileInit, FileRefusal, Reply, StatAnswer};
use sync::{FileId, FileVerb, Spans};

use super::parts::{self, Standing};
use super::{Gateway, GatewayError, Outgoing, footage, receipts};
use crate::disk;
use crate::store::{StoreError, Transaction, Upload};

impl Gateway {
    /// Answers `init`, `fin` and `stat`; a chunk is acknowledged by the broker alone.
    pub(super) fn receive_file(
        &mut self,
        device: &DeviceId,
        file: FileId,
        verb: FileVerb,
        payload: &[u8],
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        if !transaction.is_device(device)? {
            return Ok(Vec::new());
        }
        if let Some(receipt) = transaction.receipt_of(device, file.envelope())? {
            return Ok(receipts(device, [receipt]));
        }
        let have = match verb {
            FileVerb::Init => announce(&transaction, device, file, payload)?,
            FileVerb::Stat => have(&transaction, device, file)?,
            FileVerb::Chunk { offset, sha256 } => {
                drop(transaction);
                self.receive_chunk(device, file, offset, sha256, payload)?;
                return Ok(Vec::new());
            }
            FileVerb::Fin { size, sha256 } => {
                drop(transaction);
                let have = self.finish_file(device, file, size, sha256)?;
                return self.answer_file(device, file, have, now);
            }
        };
        transaction.commit()?;
        self.answer_file(device, file, have, now)
    }

    /// Every byte of `file` counts as missing again.
    pub(super) fn forget_bytes(&mut self, device: &DeviceId, file: FileId) -> Result<(), GatewayError> {
        let transaction = self.store.begin()?;
        if let Some(upload) = transaction.upload(device, file)? {
            let have = FileHave::Ranges(Spans::new());
            transaction.put_upload(device, &Upload { have, ..upload })?;
        }
        Ok(transaction.commit()?)
    }

    pub(super) fn file_path(&self, device: &DeviceId, file: FileId, extension: &str) -> PathBuf {
        self.dir
            .join("files")
            .join(device.as_str())
            .join(format!("{file}.{extension}"))
    }

    fn receive_chunk(
        &mut self,
        device: &DeviceId,
        file: FileId,
        offset: u64,
        sha256: Digest,
        bytes: &[u8],
    ) -> Result<(), GatewayError> {
        let path = self.file_path(device, file, "part");
        let transaction = self.store.begin()?;
        let Some(mut assembly) = assembly(&transaction, device, file)? else {
            return Ok(());
        };
        match assembly.chunk(offset, sha256, bytes) {
            Ok(Chunk::Write(span)) => {
                let size = assembly.init().size;
                disk::write_at(&path, size, span.start(), bytes)
                    .map_err(|source| GatewayError::Disk { path, source })?;
                assembly.stored(span);
                transaction.put_upload(device, &progress(&assembly))?;
                transaction.commit()?;
            }
            Ok(Chunk::Known) => {}
            Err(refusal) => tracing::warn!(%device, %file, %refusal, "chunk refused"),
        }
        Ok(())
    }

    fn finish_file(
        &mut self,
        device: &DeviceId,
        file: FileId,
        size: u64,
        sha256: Digest,
    ) -> Result<FileHave, GatewayError> {
        let part = self.file_path(device, file, "part");
        let whole = self.file_path(device, file, "age");
        let failed = |source: io::Error| GatewayError::Disk {
            path: part.clone(),
            source,
        };
        let transaction = self.store.begin()?;
        let Some(mut assembly) = assembly(&transaction, device, file)? else {
            return Ok(FileHave::Unknown);
        };
        if assembly.finish(size, sha256) == Finish::Judge {
            // A run that ended between the renaming and the commit left the file under its final name.
            let path = if part.exists() { &part } else { &whole };
            let digest = Digest::of(&read(path).map_err(failed)?);
            if assembly.judged(digest) == FileHave::Complete && part.exists() {
                disk::rename_durably(&part, &whole).map_err(failed)?;
            }
            transaction.put_upload(device, &progress(&assembly))?;
            transaction.commit()?;
            return Ok(assembly.have());
        }
        have(&transaction, device, file).map_err(GatewayError::from)
    }

    /// How far HQ is with the file and, when that was the last one, the receipt of the clip or act.
    fn answer_file(
        &mut self,
        device: &DeviceId,
        file: FileId,
        have: FileHave,
        now: UnixMs,
    ) -> Result<Vec<Outgoing>, GatewayError> {
        let is_complete = have == FileHave::Complete;
        let answer = StatAnswer {
            version: 1,
            device: device.clone(),
            file,
            have,
        };
        let mut outgoing = vec![self.reply(device, &Reply::Stat(answer))];
        if is_complete {
            outgoing.extend(self.decide_act(file.envelope(), now)?);
            outgoing.extend(self.decide_clip(file.clip(), now)?);
        }
        Ok(outgoing)
    }
}

/// Whether the file is in the manifest or the envelope that it belongs to.
fn standing(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    announced: &FileInit,
) -> Result<Standing, StoreError> {
    // An envelope that waits owns the names of its parts, whatever an announcement calls itself.
    match parts::standing(transaction, device, announced)? {
        Standing::Unheard if announced.part_of().is_some() => Ok(Standing::Unheard),
        Standing::Unheard => Ok(if footage::may_be_announced(transaction, device, announced)? {
            Standing::Named
        } else {
            Standing::Foreign
        }),
        known @ (Standing::Named | Standing::Foreign) => Ok(known),
    }
}

/// Takes an announcement, unless it contradicts the manifest or an earlier one that the manifest does not contradict.
fn announce(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    file: FileId,
    payload: &[u8],
) -> Result<FileHave, StoreError> {
    let Some(init) = decode::<FileInit>(payload).ok().filter(|init| init.file == file) else {
        return Ok(FileHave::Refused(FileRefusal::Unreadable));
    };
    let announced = match Assembly::announce(init) {
        Ok(assembly) => assembly,
        Err(refusal) => return Ok(FileHave::Refused(refusal)),
    };
    match standing(transaction, device, &init)? {
        Standing::Named => {}
        Standing::Foreign => return Ok(FileHave::Refused(FileRefusal::NotInManifest)),
        // The terminal announces it again after a while; nothing of it is stored before.
        Standing::Unheard => return Ok(FileHave::Unknown),
    }
    if let Some(known) = assembly(transaction, device, file)? {
        match known.announced_again(&init) {
            Ok(()) => return Ok(known.have()),
            Err(refusal) if standing(transaction, device, known.init())? == Standing::Named => {
                return Ok(FileHave::Refused(refusal));
            }
            Err(_) => {}
        }
    }
    transaction.put_upload(device, &progress(&announced))?;
    Ok(announced.have())
}

fn have(transaction: &Transaction<'_>, device: &DeviceId, file: FileId) -> Result<FileHave, StoreError> {
    let Some(upload) = transaction.upload(device, file)? else {
        return Ok(FileHave::Unknown);
    };
    Ok(match standing(transaction, device, &upload.announced)? {
        Standing::Named => upload.have,
        Standing::Foreign => FileHave::Refused(FileRefusal::NotInManifest),
        Standing::Unheard => FileHave::Unknown,
    })
}

fn assembly(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    file: FileId,
) -> Result<Option<Assembly>, StoreError> {
    let Some(upload) = transaction.upload(device, file)? else {
        return Ok(None);
    };
    let (stored, complete) = match upload.have {
        FileHave::Ranges(stored) => (stored, false),
        FileHave::Complete => (Spans::new(), true),
        FileHave::Unknown | FileHave::Refused(_) => return Err(StoreError::Corrupt { what: "upload" }),
    };
    Assembly::resume(upload.announced, stored, complete)
        .map(Some)
        .map_err(|_| StoreError::Corrupt { what: "upload" })
}

fn progress(assembly: &Assembly) -> Upload {
    Upload {
        announced: *assembly.init(),
        have: assembly.have(),
    }
}
