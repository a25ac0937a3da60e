//! Acts that come in parts: once every part of a waiting envelope is there, its seal is joined on the disk, opened, and
//! the act judged as any other.
//!
//! The receipt leaves only then. Until the parts are gone from `files/` the envelope counts as waiting, so that whatever
//! ends a run half-way, the next one goes on.

use std::fs::read;
use std::io::{self, Cursor, Read, Write};
use std::path::PathBuf;

use domain::envelope::{Envelope, Part, ReceiptStatus, RefusalCode};
use domain::{DeviceId, Digest, EnvelopeId, UnixMs};
use sync::FileId;
use sync::wire::v1::{FileHave, FileInit};
use trust::cose;

use super::desk::Desk;
use super::{Gateway, GatewayError, Outgoing, document, receipts};
use crate::bundle::{self, Opened};
use crate::disk::{self, Draft};
use crate::store::{StoreError, Transaction, Waiting};

/// Whether a file is one that its terminal has a right to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    Named,
    /// What names the file may still come.
    Unheard,
    Foreign,
}

/// What joining the parts led to.
enum Joined {
    /// On disk, and not under its name yet; what was inside, or why it does not open.
    Whole(Draft, Result<Opened, RefusalCode>),
    /// A file on disk is no longer what was received.
    Damaged(FileId),
}

impl Gateway {
    /// Goes on with what an earlier run left: acts whose last part is there, and parts of acts that are decided.
    pub(super) fn decide_waiting_acts(&mut self, now: UnixMs) -> Result<(), GatewayError> {
        let transaction = self.store.begin()?;
        let waiting = transaction.waiting_envelopes()?;
        drop(transaction);
        for envelope in waiting {
            self.decide_act(envelope, now)?;
        }
        Ok(())
    }

    /// The receipt for an act that came in parts, or nothing while something is missing.
    pub(super) fn decide_act(&mut self, id: EnvelopeId, now: UnixMs) -> Result<Vec<Outgoing>, GatewayError> {
        let transaction = self.store.begin()?;
        let Some(waiting) = transaction.waiting(id)? else {
            return Ok(Vec::new());
        };
        if let Some((_, receipt)) = transaction.receipt(&waiting.device, &waiting.digest)? {
            drop(transaction);
            self.drop_parts(&waiting.device, id)?;
            return Ok(receipts(&waiting.device, [receipt]));
        }
        let parts = parts_of(&waiting)?;
        if !is_arrived(&transaction, &waiting, &parts)? {
            return Ok(Vec::new());
        }
        drop(transaction);
        let (draft, opened) = match self.join(&waiting, &parts)? {
            Joined::Whole(draft, opened) => (draft, opened),
            Joined::Damaged(file) => {
                tracing::warn!(%file, "stored part damaged, asked again");
                self.forget_bytes(&waiting.device, file)?;
                return Ok(Vec::new());
            }
        };
        let transaction = self.store.begin()?;
        let mut desk = Desk {
            pki: &self.pki,
            signers: &mut self.signers,
            transaction: &transaction,
            device: &waiting.device,
            now,
        };
        let decision = desk.decide(&waiting.cose, cose::parse(&waiting.cose).ok(), Some(opened))?;
        let path = disk::sealed_path(&self.dir, id);
        match decision.decided {
            Some((_, ReceiptStatus::Stored)) => draft.publish(),
            // An earlier run may have ended between the naming and a commit that now comes out otherwise.
            Some((_, ReceiptStatus::Refused(_))) => disk::remove(&path),
            None => Ok(()),
        }
        .map_err(|source| GatewayError::Disk { path, source })?;
        transaction.commit()?;
        if let Some((envelope, status)) = decision.decided {
            tracing::info!(device = %waiting.device, %envelope, ?status, parts = parts.len(), "envelope decided");
        }
        self.drop_parts(&waiting.device, id)?;
        let mut outgoing = receipts(&waiting.device, decision.receipts);
        for (device, first) in decision.untold {
            outgoing.extend(self.visas_after(&device, first - 1)?);
        }
        if let Some(clip) = decision.clip {
            outgoing.extend(self.decide_clip(clip, now)?);
        }
        Ok(outgoing)
    }

    fn drop_parts(&mut self, device: &DeviceId, envelope: EnvelopeId) -> Result<(), GatewayError> {
        let transaction = self.store.begin()?;
        let files = transaction.part_files(device, envelope)?;
        disk::remove_files(&self.dir, device, &files)
            .map_err(|(path, source)| GatewayError::Disk { path, source })?;
        transaction.forget_waiting(device, envelope)?;
        Ok(transaction.commit()?)
    }

    /// Copies the parts into one file and opens the seal on the way, one part in memory at a time.
    fn join(&self, waiting: &Waiting, parts: &[Part]) -> Result<Joined, GatewayError> {
        let path = disk::sealed_path(&self.dir, waiting.id);
        let failed = |source: io::Error| GatewayError::Disk {
            path: path.clone(),
            source,
        };
        let mut draft = Draft::new(&path).map_err(failed)?;
        let mut source = Source {
            gateway: self,
            waiting,
            parts: (0..).zip(parts),
            current: Cursor::default(),
            copy: &mut draft,
            fault: None,
        };
        let opened = bundle::open(self.pki.identity(), &mut source, document::is_read);
        // A seal that does not open is still copied to its end: one of the parts may be to blame.
        let rest = io::copy(&mut source, &mut io::sink());
        match source.fault {
            Some(Fault::Damaged(file)) => return Ok(Joined::Damaged(file)),
            Some(Fault::Disk(error)) => return Err(error),
            None => {}
        }
        rest.map_err(failed)?;
        draft.settle().map_err(failed)?;
        Ok(Joined::Whole(draft, opened))
    }
}

enum Fault {
    Damaged(FileId),
    Disk(GatewayError),
}

/// The parts one after the other, each held against its digest before a byte of it is given out.
struct Source<'a, P> {
    gateway: &'a Gateway,
    waiting: &'a Waiting,
    parts: P,
    current: Cursor<Vec<u8>>,
    copy: &'a mut Draft,
    /// Why nothing more is given out.
    fault: Option<Fault>,
}

impl<'a, P: Iterator<Item = (u32, &'a Part)>> Source<'_, P> {
    /// False after the last part.
    fn advance(&mut self) -> Result<bool, Fault> {
        let Some((index, part)) = self.parts.next() else {
            return Ok(false);
        };
        let file = FileId::of_part(self.waiting.id, index).ok_or_else(|| {
            Fault::Disk(
                StoreError::Corrupt {
                    what: "waiting envelope",
                }
                .into(),
            )
        })?;
        let path = self.gateway.file_path(&self.waiting.device, file, "age");
        let disk = |path: PathBuf| move |source| Fault::Disk(GatewayError::Disk { path, source });
        let bytes = read(&path).map_err(disk(path))?;
        if Digest::of(&bytes) != part.sha256 {
            return Err(Fault::Damaged(file));
        }
        let joined = disk::sealed_path(&self.gateway.dir, self.waiting.id);
        self.copy.write_all(&bytes).map_err(disk(joined))?;
        self.current = Cursor::new(bytes);
        Ok(true)
    }
}

impl<'a, P: Iterator<Item = (u32, &'a Part)>> Read for Source<'_, P> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if self.fault.is_some() {
                return Err(io::ErrorKind::Other.into());
            }
            let read = self.current.read(buffer)?;
            if read > 0 || buffer.is_empty() {
                return Ok(read);
            }
            match self.advance() {
                Ok(true) => {}
                Ok(false) => return Ok(0),
                Err(fault) => self.fault = Some(fault),
            }
        }
    }
}

/// Whether the waiting envelope that the file is a part of, or calls itself one of, has it as it is announced.
pub(super) fn standing(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    announced: &FileInit,
) -> Result<Standing, StoreError> {
    let Some(waiting) = transaction.waiting(announced.file.envelope())? else {
        return Ok(Standing::Unheard);
    };
    let parts = parts_of(&waiting)?;
    let part = usize::try_from(announced.file.index())
        .ok()
        .and_then(|index| parts.get(index));
    let is_named = waiting.device == *device
        && announced.part_of() == Some(waiting.id)
        && part.is_some_and(|part| is_announced_as(part, announced));
    Ok(if is_named {
        Standing::Named
    } else {
        Standing::Foreign
    })
}

fn is_announced_as(part: &Part, announced: &FileInit) -> bool {
    announced.sha256 == part.sha256 && announced.size == part.bytes
}

fn parts_of(waiting: &Waiting) -> Result<Vec<Part>, StoreError> {
    cose::parse(&waiting.cose)
        .ok()
        .and_then(|signed| Envelope::from_bytes(&signed.payload).ok())
        .map(|envelope| envelope.parts)
        .ok_or(StoreError::Corrupt {
            what: "waiting envelope",
        })
}

/// Whether every part is complete, and the one that the envelope means.
fn is_arrived(transaction: &Transaction<'_>, waiting: &Waiting, parts: &[Part]) -> Result<bool, StoreError> {
    let as_clip = FileId::of_part(waiting.id, 0).map(|file| file.clip());
    let complete = as_clip
        .map(|clip| transaction.complete_files(&waiting.device, clip))
        .transpose()?;
    if complete.is_none_or(|complete| usize::try_from(complete).is_ok_and(|complete| complete < parts.len()))
    {
        return Ok(false);
    }
    for (index, part) in (0..).zip(parts) {
        let Some(file) = FileId::of_part(waiting.id, index) else {
            return Ok(false);
        };
        let meant = transaction.upload(&waiting.device, file)?.is_some_and(|upload| {
            upload.have == FileHave::Complete
                && upload.announced.part_of() == Some(waiting.id)
                && is_announced_as(part, &upload.announced)
        });
        if !meant {
            return Ok(false);
        }
    }
    Ok(true)
}
