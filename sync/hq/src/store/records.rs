//! What was received: receipts by the exact bytes that they answer, records that hold, and refusals.

use std::io::Write;

use domain::envelope::{Envelope, Lane, RefusalCode};
use domain::record::Record;
use domain::{DeviceId, Digest, EnvelopeId, UnixMs};
use sync::wire::v1::LaneHave;
use sync::{Span, Spans};
use trust::cose;

use super::sql::Parameters;
use super::{StoreError, Transaction, signed, unsigned};
use crate::bundle::{self, NotCopied, Opened};
use crate::disk;

/// A decision that is about to be written.
pub struct NewReceipt<'a> {
    pub device: &'a DeviceId,
    /// SHA-256 of the envelope as received.
    pub envelope_digest: Digest,
    /// Zeros when the envelope could not be read.
    pub envelope: EnvelopeId,
    /// The signed receipt.
    pub receipt: &'a [u8],
    pub at: UnixMs,
}

/// An envelope that passed every check.
pub struct NewRecord<'a> {
    pub envelope: EnvelopeId,
    pub record: &'a Record,
    pub envelope_cose: &'a [u8],
    pub record_cose: &'a [u8],
}

/// An envelope that is refused for good.
pub struct NewRefusal<'a> {
    pub device: &'a DeviceId,
    /// SHA-256 of the envelope as received.
    pub envelope_digest: Digest,
    pub code: RefusalCode,
    pub at: UnixMs,
    /// End of the legal term, when the record could be read and states one.
    pub until: Option<UnixMs>,
    pub envelope_cose: &'a [u8],
    /// When the seal could be opened.
    pub record_cose: Option<&'a [u8]>,
}

/// A stored record and the envelope that brought it, byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    pub envelope_cose: Vec<u8>,
    pub record_cose: Vec<u8>,
}

/// How much the store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    pub devices: u64,
    pub online: u64,
    pub officers: u64,
    pub records: u64,
    /// Records whose term has ended: a line without content.
    pub purged: u64,
    pub refused: u64,
    pub clips: u64,
    pub consultations: u64,
}

impl Counts {
    /// Each count under its name.
    pub const fn rows(&self) -> [(&'static str, u64); 8] {
        [
            ("terminals", self.devices),
            ("online", self.online),
            ("officers", self.officers),
            ("records", self.records),
            ("purged", self.purged),
            ("refused", self.refused),
            ("clips", self.clips),
            ("consultations", self.consultations),
        ]
    }
}

impl Transaction<'_> {
    /// The receipt for these exact bytes in `device`'s topic, when they were decided before, and the envelope's id.
    pub fn receipt(
        &self,
        device: &DeviceId,
        envelope_digest: &Digest,
    ) -> Result<Option<(EnvelopeId, Vec<u8>)>, StoreError> {
        self.row(
            "SELECT envelope, receipt FROM receipt WHERE device = ?1 AND envelope_digest = ?2",
            (device.as_str(), envelope_digest.as_bytes()),
            "look up a receipt",
            |row| Ok((EnvelopeId::from_bytes(row.get(0)?), row.get(1)?)),
        )
    }

    /// Whether the device has used this id, for whatever bytes.
    pub fn is_envelope(&self, id: EnvelopeId) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM envelope WHERE id = ?1", [id.as_bytes()])
    }

    pub fn insert_receipt(&self, new: &NewReceipt<'_>) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO receipt (device, envelope_digest, envelope, receipt, at)
             VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                new.device.as_str(),
                new.envelope_digest.as_bytes(),
                new.envelope.as_bytes(),
                new.receipt,
                new.at.0,
            ),
            "store a receipt",
        )
    }

    pub fn insert_envelope(
        &self,
        envelope: &Envelope,
        digest: Digest,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO envelope (id, device, digest, lane, sequence, received_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (
                envelope.id.as_bytes(),
                envelope.device.as_str(),
                digest.as_bytes(),
                lane_number(envelope.lane),
                signed(envelope.sequence),
                now.0,
            ),
            "store an envelope",
        )
    }

    pub fn insert_record(&self, new: &NewRecord<'_>) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO record (envelope, kind, act, until) VALUES (?1, ?2, ?3, ?4)",
            (
                new.envelope.as_bytes(),
                new.record.act.kind().code(),
                new.record.id.as_bytes(),
                new.record.retention.map(|retention| retention.until.0),
            ),
            "store a record",
        )?;
        self.execute(
            "INSERT INTO content (envelope, envelope_cose, record_cose) VALUES (?1, ?2, ?3)",
            (new.envelope.as_bytes(), new.envelope_cose, new.record_cose),
            "store a record",
        )
    }

    pub fn insert_refused(&self, new: &NewRefusal<'_>) -> Result<(), StoreError> {
        let bytes = new.envelope_cose.len() + new.record_cose.map_or(0, <[u8]>::len);
        self.execute(
            "INSERT INTO refused (device, envelope_digest, code, at, until, bytes, envelope_cose, record_cose)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            (
                new.device.as_str(),
                new.envelope_digest.as_bytes(),
                new.code as u8,
                new.at.0,
                new.until.map(|until| until.0),
                signed(bytes as u64),
                new.envelope_cose,
                new.record_cose,
            ),
            "keep a refused envelope",
        )
    }

    pub fn insert_stamp(&self, id: EnvelopeId, response: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT INTO stamp (envelope, response) VALUES (?1, ?2)";
        self.execute(sql, (id.as_bytes(), response), "keep a time-stamp")
    }

    /// The RFC 3161 response over the record; none of one that an older program stored.
    pub fn stamp(&self, id: EnvelopeId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT response FROM stamp WHERE envelope = ?1";
        self.row(sql, [id.as_bytes()], "look up a time-stamp", |row| row.get(0))
    }

    /// The record, unless its term has ended.
    pub fn record(&self, id: EnvelopeId) -> Result<Option<Stored>, StoreError> {
        self.row(
            "SELECT envelope_cose, record_cose FROM content WHERE envelope = ?1",
            [id.as_bytes()],
            "look up a record",
            |row| {
                Ok(Stored {
                    envelope_cose: row.get(0)?,
                    record_cose: row.get(1)?,
                })
            },
        )
    }

    /// The attachment called `name`, out of the seal that it came in.
    pub fn attachment(&self, id: EnvelopeId, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let key = self.key.ok_or(StoreError::Sealed)?;
        let Some(stored) = self.record(id)? else {
            return Ok(None);
        };
        let corrupt = StoreError::Corrupt {
            what: "sealed envelope",
        };
        let Some(envelope) = cose::parse(&stored.envelope_cose)
            .ok()
            .and_then(|signed| Envelope::from_bytes(&signed.payload).ok())
        else {
            return Err(corrupt);
        };
        let wanted = |other: &str| other == name;
        let opened: Option<Opened> = if envelope.parts.is_empty() {
            bundle::open(key, envelope.sealed.as_slice(), wanted).ok()
        } else {
            // What was joined on the disk is missing only when somebody took it.
            std::fs::File::open(disk::sealed_path(self.dir, id))
                .ok()
                .and_then(|file| bundle::open(key, file, wanted).ok())
        };
        let mut attachments = opened.ok_or(corrupt)?.attachments.into_iter();
        Ok(attachments
            .find(|attachment| attachment.name == name)
            .and_then(|attachment| attachment.content))
    }

    /// Copies the attachment called `name`, of any length, out of the seal that it came in; its length, or none where
    /// there is no such attachment.
    pub fn copy_attachment(
        &self,
        id: EnvelopeId,
        name: &str,
        out: &mut dyn Write,
    ) -> Result<Option<u64>, StoreError> {
        let key = self.key.ok_or(StoreError::Sealed)?;
        let Some(stored) = self.record(id)? else {
            return Ok(None);
        };
        let corrupt = || StoreError::Corrupt {
            what: "sealed envelope",
        };
        let envelope = cose::parse(&stored.envelope_cose)
            .ok()
            .and_then(|signed| Envelope::from_bytes(&signed.payload).ok())
            .ok_or_else(corrupt)?;
        let copied = if envelope.parts.is_empty() {
            bundle::copy(key, envelope.sealed.as_slice(), name, out)
        } else {
            let file = std::fs::File::open(disk::sealed_path(self.dir, id)).map_err(|_| corrupt())?;
            bundle::copy(key, file, name, out)
        };
        copied.map_err(|error| match error {
            NotCopied::Unreadable => corrupt(),
            NotCopied::Write(source) => StoreError::Copy {
                name: name.to_owned(),
                source,
            },
        })
    }

    /// The ids of the envelopes whose record is held, in the order of receipt.
    pub fn envelopes(&self) -> Result<Vec<EnvelopeId>, StoreError> {
        self.ids(
            "SELECT record.envelope FROM record JOIN envelope ON envelope.id = record.envelope
             WHERE purged_at IS NULL ORDER BY received_at, record.envelope",
            (),
        )
    }

    /// Records whose files are not known to be written, `limit` at most.
    pub fn to_export(&self, limit: u32) -> Result<Vec<EnvelopeId>, StoreError> {
        self.ids(
            "SELECT envelope FROM record WHERE exported = 0 AND purged_at IS NULL ORDER BY envelope LIMIT ?1",
            [limit],
        )
    }

    pub fn set_exported(&self, id: EnvelopeId) -> Result<(), StoreError> {
        self.execute(
            "UPDATE record SET exported = 1 WHERE envelope = ?1",
            [id.as_bytes()],
            "mark a record as exported",
        )
    }

    /// The receipts of `device` on `lane` above `sequence`, in order, `limit` at most.
    pub fn receipts_above(
        &self,
        device: &DeviceId,
        lane: Lane,
        sequence: u64,
        limit: u32,
    ) -> Result<Vec<Vec<u8>>, StoreError> {
        self.column(
            "SELECT receipt FROM envelope JOIN receipt
                 ON receipt.device = envelope.device AND receipt.envelope_digest = envelope.digest
             WHERE envelope.device = ?1 AND lane = ?2 AND sequence > ?3 ORDER BY sequence LIMIT ?4",
            (device.as_str(), lane_number(lane), signed(sequence), limit),
            "read receipts",
        )
    }

    /// What HQ has stored or refused of `lane`.
    pub fn have(&self, device: &DeviceId, lane: Lane) -> Result<LaneHave, StoreError> {
        let sequences: Vec<i64> = self.column(
            "SELECT DISTINCT sequence FROM envelope WHERE device = ?1 AND lane = ?2 ORDER BY sequence",
            (device.as_str(), lane_number(lane)),
            "read a lane",
        )?;
        let mut highest = 0;
        let mut gaps = Vec::new();
        for sequence in sequences {
            let sequence = unsigned(sequence, "sequence")?;
            gaps.extend(Span::new(highest + 1, sequence));
            highest = sequence;
        }
        Ok(LaneHave {
            lane,
            highest,
            missing: Spans::of(gaps),
        })
    }

    pub fn counts(&self) -> Result<Counts, StoreError> {
        let count = |sql| {
            let count = self.row(sql, (), "count", |row| row.get(0))?;
            unsigned(count.unwrap_or(0), "count")
        };
        Ok(Counts {
            devices: count("SELECT count(*) FROM device")?,
            online: count("SELECT count(*) FROM device WHERE online <> 0")?,
            officers: count("SELECT count(*) FROM officer")?,
            records: count("SELECT count(*) FROM record WHERE purged_at IS NULL")?,
            purged: count("SELECT count(*) FROM record WHERE purged_at IS NOT NULL")?,
            refused: count("SELECT count(*) FROM refused")?,
            clips: count("SELECT count(*) FROM clip WHERE receipt IS NOT NULL")?,
            consultations: count("SELECT count(*) FROM consultation")?,
        })
    }

    pub(super) fn ids(&self, sql: &str, parameters: impl Parameters) -> Result<Vec<EnvelopeId>, StoreError> {
        let ids: Vec<[u8; 16]> = self.column(sql, parameters, "list envelopes")?;
        Ok(ids.into_iter().map(EnvelopeId::from_bytes).collect())
    }
}

pub(super) fn lane_of(number: i64) -> Option<Lane> {
    let lanes = [Lane::Urgent, Lane::Procedures, Lane::Events, Lane::Telemetry];
    lanes
        .into_iter()
        .find(|lane| i64::from(lane_number(*lane)) == number)
}

const fn lane_number(lane: Lane) -> u8 {
    match lane {
        Lane::Urgent => 0,
        Lane::Procedures => 1,
        Lane::Events => 2,
        Lane::Telemetry => 3,
    }
}
