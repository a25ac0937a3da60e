//! Envelopes that wait for their parts, and what of these is on disk.

use domain::{DeviceId, Digest, EnvelopeId, UnixMs};
use sync::FileId;

use super::{StoreError, Transaction};

/// Envelopes of one terminal that may wait at a time; it uploads the parts of the first ones first.
const WAITING_KEPT: u32 = 1024;

/// How long an envelope waits after its terminal was last heard of, in milliseconds: 30 days.
const PATIENCE: i64 = 30 * UnixMs::DAY;

/// An envelope whose parts are arriving, or were dealt with a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub id: EnvelopeId,
    pub device: DeviceId,
    /// SHA-256 of [`Waiting::cose`].
    pub digest: Digest,
    /// The envelope as received.
    pub cose: Vec<u8>,
}

impl Transaction<'_> {
    /// Keeps an envelope until its parts are there; false when too many of its terminal wait.
    pub fn hold(&self, waiting: &Waiting, now: UnixMs) -> Result<bool, StoreError> {
        let id = waiting.id.as_bytes();
        let device = waiting.device.as_str();
        let full = self.exists(
            "SELECT 1 FROM waiting WHERE device = ?1 AND envelope <> ?2 LIMIT 1 OFFSET ?3",
            (device, id, WAITING_KEPT - 1),
        )?;
        if full {
            return Ok(false);
        }
        self.execute(
            "INSERT INTO waiting (envelope, device, digest, envelope_cose, heard_at) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (envelope) DO UPDATE SET device = excluded.device, digest = excluded.digest,
                     envelope_cose = excluded.envelope_cose, heard_at = excluded.heard_at",
            (id, device, waiting.digest.as_bytes(), &waiting.cose, now.0),
            "hold an envelope",
        )?;
        Ok(true)
    }

    pub fn waiting(&self, id: EnvelopeId) -> Result<Option<Waiting>, StoreError> {
        let row = self.row(
            "SELECT device, digest, envelope_cose FROM waiting WHERE envelope = ?1",
            [id.as_bytes()],
            "look up a waiting envelope",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    Digest::from_bytes(row.get(1)?),
                    row.get(2)?,
                ))
            },
        )?;
        let Some((device, digest, cose)) = row else {
            return Ok(None);
        };
        let device = DeviceId::parse(&device).map_err(|_| StoreError::Corrupt { what: "device name" })?;
        Ok(Some(Waiting {
            id,
            device,
            digest,
            cose,
        }))
    }

    /// Every envelope whose parts are not dealt with.
    pub fn waiting_envelopes(&self) -> Result<Vec<EnvelopeId>, StoreError> {
        self.ids("SELECT envelope FROM waiting ORDER BY envelope", ())
    }

    /// Envelopes whose terminal was not heard of for so long before `now` that their parts are not kept any longer.
    pub fn given_up(&self, now: UnixMs) -> Result<Vec<EnvelopeId>, StoreError> {
        self.ids(
            "SELECT envelope FROM waiting WHERE heard_at < ?1 ORDER BY envelope",
            [now.plus(-PATIENCE).0],
        )
    }

    /// The files that were announced as parts of `envelope`.
    pub fn part_files(&self, device: &DeviceId, envelope: EnvelopeId) -> Result<Vec<FileId>, StoreError> {
        let files: Vec<String> = self.column(
            "SELECT file FROM upload WHERE device = ?1 AND clip = ?2 ORDER BY file",
            (device.as_str(), envelope.as_bytes()),
            "list an envelope's parts",
        )?;
        let files: Result<_, _> = files.iter().map(|file| file.parse()).collect();
        files.map_err(|_| StoreError::Corrupt { what: "upload" })
    }

    /// Forgets an envelope and its parts, whose files are gone.
    pub fn forget_waiting(&self, device: &DeviceId, envelope: EnvelopeId) -> Result<(), StoreError> {
        let id = envelope.as_bytes();
        self.execute(
            "DELETE FROM upload WHERE device = ?1 AND clip = ?2",
            (device.as_str(), id),
            "forget an envelope's parts",
        )?;
        self.execute(
            "DELETE FROM waiting WHERE envelope = ?1",
            [id],
            "forget an envelope",
        )
    }

    /// HQ's receipt for the envelope that `device` gave this id, once it is decided.
    pub fn receipt_of(&self, device: &DeviceId, envelope: EnvelopeId) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(
            "SELECT receipt FROM envelope JOIN receipt
                 ON receipt.device = envelope.device AND receipt.envelope_digest = envelope.digest
             WHERE envelope.id = ?1 AND envelope.device = ?2",
            (envelope.as_bytes(), device.as_str()),
            "look up a receipt",
            |row| row.get(0),
        )
    }
}
