//! Clips whose manifest is stored, and the encrypted files that belong to them.

use domain::footage::Manifest;
use domain::{ClipId, DeviceId, Digest, EnvelopeId, decode, encode};
use sync::FileId;
use sync::wire::v1::{FileHave, FileInit};

use super::{StoreError, Transaction};

/// A clip whose manifest is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    pub id: ClipId,
    /// The envelope that carried the manifest.
    pub envelope: EnvelopeId,
    pub device: DeviceId,
    /// SHA-256 of the original file.
    pub whole: Digest,
    /// The receipt over the root, or the refusal, once decided.
    pub receipt: Option<Vec<u8>>,
}

/// A file that a terminal announced, and what of it is on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub announced: FileInit,
    pub have: FileHave,
}

impl Transaction<'_> {
    pub fn insert_clip(
        &self,
        manifest: &Manifest,
        envelope: EnvelopeId,
        device: &DeviceId,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO clip (id, envelope, device, whole) VALUES (?1, ?2, ?3, ?4)",
            (
                manifest.clip.as_bytes(),
                envelope.as_bytes(),
                device.as_str(),
                manifest.whole.as_bytes(),
            ),
            "store a clip",
        )
    }

    pub fn clip(&self, id: ClipId) -> Result<Option<Clip>, StoreError> {
        let row = self.row(
            "SELECT envelope, device, whole, receipt FROM clip WHERE id = ?1",
            [id.as_bytes()],
            "look up a clip",
            |row| {
                Ok((
                    EnvelopeId::from_bytes(row.get(0)?),
                    row.get::<String>(1)?,
                    Digest::from_bytes(row.get(2)?),
                    row.get(3)?,
                ))
            },
        )?;
        let Some((envelope, device, whole, receipt)) = row else {
            return Ok(None);
        };
        let device = DeviceId::parse(&device).map_err(|_| StoreError::Corrupt { what: "device name" })?;
        Ok(Some(Clip {
            id,
            envelope,
            device,
            whole,
            receipt,
        }))
    }

    /// Clips that are not decided although their last file may be there.
    pub fn undecided_clips(&self) -> Result<Vec<ClipId>, StoreError> {
        let ids: Vec<[u8; 16]> = self.column(
            "SELECT id FROM clip JOIN record ON record.envelope = clip.envelope
             WHERE receipt IS NULL AND purged_at IS NULL ORDER BY id",
            (),
            "list clips",
        )?;
        Ok(ids.into_iter().map(ClipId::from_bytes).collect())
    }

    pub fn decide_clip(&self, id: ClipId, receipt: &[u8]) -> Result<(), StoreError> {
        self.execute(
            "UPDATE clip SET receipt = ?2 WHERE id = ?1",
            (id.as_bytes(), receipt),
            "decide on a clip",
        )
    }

    /// The decision on the clip whose manifest came in `envelope`.
    pub fn clip_receipt(&self, envelope: EnvelopeId) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(
            "SELECT receipt FROM clip WHERE envelope = ?1 AND receipt IS NOT NULL",
            [envelope.as_bytes()],
            "look up a clip's receipt",
            |row| row.get(0),
        )
    }

    pub fn upload(&self, device: &DeviceId, file: FileId) -> Result<Option<Upload>, StoreError> {
        let row = self.row(
            "SELECT announced, have FROM upload WHERE device = ?1 AND file = ?2",
            (device.as_str(), file.to_string()),
            "look up an upload",
            |row| Ok((row.get::<Vec<u8>>(0)?, row.get::<Vec<u8>>(1)?)),
        )?;
        let Some((announced, have)) = row else {
            return Ok(None);
        };
        let corrupt = |_| StoreError::Corrupt { what: "upload" };
        Ok(Some(Upload {
            announced: decode(&announced).map_err(corrupt)?,
            have: decode(&have).map_err(corrupt)?,
        }))
    }

    pub fn put_upload(&self, device: &DeviceId, upload: &Upload) -> Result<(), StoreError> {
        let file = upload.announced.file;
        self.execute(
            "INSERT INTO upload (device, file, clip, announced, have, complete) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (device, file) DO UPDATE SET clip = excluded.clip, announced = excluded.announced,
                     have = excluded.have, complete = excluded.complete",
            (
                device.as_str(),
                file.to_string(),
                file.clip().as_bytes(),
                encode(&upload.announced),
                encode(&upload.have),
                upload.have == FileHave::Complete,
            ),
            "store an upload's progress",
        )
    }

    /// How many files of `clip` are complete.
    pub fn complete_files(&self, device: &DeviceId, clip: ClipId) -> Result<u32, StoreError> {
        let count = self.row(
            "SELECT count(*) FROM upload WHERE device = ?1 AND clip = ?2 AND complete <> 0",
            (device.as_str(), clip.as_bytes()),
            "count a clip's files",
            |row| row.get(0),
        )?;
        Ok(count.unwrap_or(0))
    }
}
