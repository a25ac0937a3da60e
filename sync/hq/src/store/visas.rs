//! Visas: requests, what was decided on them, and the notes that tell terminals.

use domain::officer::{Matricule, Officer};
use domain::{ActId, DeviceId, EnvelopeId, OfficerId, UnixMs};

use super::{StoreError, Transaction, signed, unsigned};

/// A request that holds, about to be stored.
pub struct NewVisaRequest<'a> {
    /// The record that asks.
    pub request: ActId,
    pub envelope: EnvelopeId,
    /// The envelope that brought the act.
    pub act: EnvelopeId,
    pub device: &'a DeviceId,
    pub author: OfficerId,
    pub opj: OfficerId,
    pub at: UnixMs,
}

/// A stored request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisaAsked {
    pub envelope: EnvelopeId,
    /// The envelope that brought the act.
    pub act: EnvelopeId,
    pub device: DeviceId,
    pub opj: OfficerId,
    /// The envelope that brought the answer.
    pub visa: Option<EnvelopeId>,
}

/// A line of what a terminal is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisaNoteRow {
    pub sequence: u64,
    pub request: ActId,
    pub officer: OfficerId,
    pub decided: bool,
}

impl Transaction<'_> {
    /// The officer whom acts name by `matricule`.
    pub fn officer_called(&self, matricule: &Matricule) -> Result<Option<Officer>, StoreError> {
        let id = self.row(
            "SELECT officer FROM matricule WHERE matricule = ?1",
            [matricule.to_string()],
            "look up an officer",
            |row| row.get(0),
        )?;
        match id {
            Some(id) => self.officer(OfficerId::from_bytes(id)),
            None => Ok(None),
        }
    }

    pub(super) fn name_officer(&self, officer: &Officer) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO matricule (matricule, officer) VALUES (?1, ?2)
                 ON CONFLICT (matricule) DO UPDATE SET officer = excluded.officer",
            (officer.matricule.to_string(), officer.id.as_bytes()),
            "register a service number",
        )
    }

    /// The terminals that `officer` works with.
    pub fn devices_of(&self, officer: OfficerId) -> Result<Vec<DeviceId>, StoreError> {
        let devices: Vec<String> = self.column(
            "SELECT device FROM assignment WHERE officer = ?1 AND ended_at IS NULL ORDER BY device",
            [officer.as_bytes()],
            "look up an officer's terminals",
        )?;
        devices.iter().map(|device| parse_device(device)).collect()
    }

    /// The records called `act` that are held.
    pub fn records_of(&self, act: ActId) -> Result<Vec<EnvelopeId>, StoreError> {
        self.ids(
            "SELECT envelope FROM record WHERE act = ?1 AND purged_at IS NULL ORDER BY envelope",
            [act.as_bytes()],
        )
    }

    pub fn insert_visa_request(&self, new: &NewVisaRequest<'_>) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO visa_request (request, envelope, act, device, author, opj, at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            (
                new.request.as_bytes(),
                new.envelope.as_bytes(),
                new.act.as_bytes(),
                new.device.as_str(),
                new.author.as_bytes(),
                new.opj.as_bytes(),
                new.at.0,
            ),
            "store a request for a visa",
        )
    }

    pub fn visa_request(&self, request: ActId) -> Result<Option<VisaAsked>, StoreError> {
        let row = self.row(
            "SELECT envelope, act, device, opj, visa FROM visa_request WHERE request = ?1",
            [request.as_bytes()],
            "look up a request for a visa",
            |row| {
                Ok((
                    EnvelopeId::from_bytes(row.get(0)?),
                    EnvelopeId::from_bytes(row.get(1)?),
                    row.get::<String>(2)?,
                    OfficerId::from_bytes(row.get(3)?),
                    row.get::<Option<[u8; 16]>>(4)?.map(EnvelopeId::from_bytes),
                ))
            },
        )?;
        let Some((envelope, act, device, opj, visa)) = row else {
            return Ok(None);
        };
        Ok(Some(VisaAsked {
            envelope,
            act,
            device: parse_device(&device)?,
            opj,
            visa,
        }))
    }

    /// The requests about the act in `envelope`, the oldest first.
    pub fn visas_of(&self, act: EnvelopeId) -> Result<Vec<VisaAsked>, StoreError> {
        let requests: Vec<[u8; 16]> = self.column(
            "SELECT request FROM visa_request WHERE act = ?1 ORDER BY at, request",
            [act.as_bytes()],
            "list requests for a visa",
        )?;
        let asked = requests
            .into_iter()
            .map(|request| self.visa_request(ActId::from_bytes(request)));
        asked.filter_map(Result::transpose).collect()
    }

    /// The request is answered by the record in `envelope`.
    pub fn decide_visa(&self, request: ActId, envelope: EnvelopeId) -> Result<(), StoreError> {
        self.execute(
            "UPDATE visa_request SET visa = ?2 WHERE request = ?1",
            (request.as_bytes(), envelope.as_bytes()),
            "store a visa",
        )
    }

    /// Notes for `device` everything about visas that it was not told yet; the first new sequence.
    pub fn note_visas(&self, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        let rows = self.rows(UNTOLD, [device.as_str()], "look for visas to tell", |row| {
            Ok((
                row.get::<[u8; 16]>(0)?,
                row.get::<[u8; 16]>(1)?,
                row.get::<bool>(2)?,
            ))
        })?;
        if rows.is_empty() {
            return Ok(None);
        }
        // A store put back to an older copy counts on from what the terminal has, or its word would never be taken.
        let last = self
            .last_visa_note(device)?
            .max(self.said_visas(device)?.unwrap_or(0));
        for (sequence, (request, officer, decided)) in (last + 1..).zip(rows) {
            self.execute(
                "INSERT INTO visa_note (device, sequence, request, officer, decided) VALUES (?1, ?2, ?3, ?4, ?5)",
                (device.as_str(), signed(sequence), request, officer, decided),
                "write a visa note",
            )?;
        }
        Ok(Some(last + 1))
    }

    fn last_visa_note(&self, device: &DeviceId) -> Result<u64, StoreError> {
        let last: Option<Option<i64>> = self.row(
            "SELECT max(sequence) FROM visa_note WHERE device = ?1",
            [device.as_str()],
            "look up visa notes",
            |row| row.get(0),
        )?;
        unsigned(last.flatten().unwrap_or(0), "visa note")
    }

    /// What `device` is told after `sequence`, in order, `limit` at most.
    pub fn visa_notes_after(
        &self,
        device: &DeviceId,
        sequence: u64,
        limit: u32,
    ) -> Result<Vec<VisaNoteRow>, StoreError> {
        let rows = self.rows(
            "SELECT sequence, request, officer, decided FROM visa_note
             WHERE device = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
            (device.as_str(), signed(sequence), limit),
            "read visa notes",
            |row| {
                Ok((
                    row.get::<i64>(0)?,
                    ActId::from_bytes(row.get(1)?),
                    OfficerId::from_bytes(row.get(2)?),
                    row.get(3)?,
                ))
            },
        )?;
        let row = |(sequence, request, officer, decided)| {
            Ok(VisaNoteRow {
                sequence: unsigned(sequence, "visa note")?,
                request,
                officer,
                decided,
            })
        };
        rows.into_iter().map(row).collect()
    }
}

/// What a terminal was not told of visas yet: to its OPJ what is open, to the author what was decided, and to an OPJ
/// who was asked here what was decided, wherever that was.
const UNTOLD: &str = "
    SELECT request, officer, decided FROM (
        SELECT r.request, r.opj AS officer, 0 AS decided, r.at
        FROM assignment a JOIN visa_request r ON r.opj = a.officer AND r.visa IS NULL AND a.ended_at IS NULL
        WHERE a.device = ?1
        UNION
        SELECT request, author, 1, at FROM visa_request WHERE device = ?1 AND visa IS NOT NULL
        UNION
        SELECT r.request, r.opj, 1, r.at
        FROM visa_note n JOIN visa_request r ON r.request = n.request AND r.visa IS NOT NULL
        WHERE n.device = ?1 AND n.decided = 0
    ) AS untold
    WHERE NOT EXISTS (
        SELECT 1 FROM visa_note told
        WHERE told.device = ?1 AND told.request = untold.request
            AND told.officer = untold.officer AND told.decided = untold.decided
    )
    ORDER BY at, request, decided";

fn parse_device(device: &str) -> Result<DeviceId, StoreError> {
    DeviceId::parse(device).map_err(|_| StoreError::Corrupt { what: "terminal" })
}
