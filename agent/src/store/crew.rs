//! What a crew shares: on the device what came for its officers and what leaves, with the officer their own sheets.

use domain::intervention::{CrewSheet, Intervention};
use domain::{BootId, CopyId, DeviceId, InterventionId, OfficerId, ServiceId, Timestamp, UnixMs, canonical};
use rusqlite::{Connection, Row, TransactionBehavior, params};

use super::interventions::keep;
use super::{DeviceStore, OfficerStore, StoreError, failed, fixed, one, run, unreadable};

const TAKEN: &str = "crew";
/// More than a crew shares at a time; the first to go make room.
const MOST: u32 = 64;
/// The subject of what is said of the service itself.
const DUTY: [u8; 16] = [0; 16];

/// Another officer's copy, until it is taken in or its term is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrewNoteRow {
    pub intervention: InterventionId,
    /// The terminal that it came from.
    pub from: DeviceId,
    /// Who alone is shown it.
    pub officer: OfficerId,
    pub sealed: Vec<u8>,
    /// Milliseconds since the start of the device.
    pub gone_at: u64,
}

/// A sheet, with its officer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    pub service: ServiceId,
    pub mine: CopyId,
    pub sheet: CrewSheet,
    /// The crew was not told of its last state.
    pub untold: bool,
    /// Its term, by the wall clock.
    pub until: UnixMs,
    pub boot: BootId,
    /// Its term, in milliseconds since that start.
    pub gone_at: u64,
}

const NOTE: &str = "note of the crew";
const WORD: &str = "word for the crew";
const SHEET: &str = "sheet of the crew";

impl DeviceStore {
    /// The highest sequence of HQ's notes that was taken in this service; 0 before the first.
    pub fn last_crew_note(&self) -> Result<u64, StoreError> {
        let taken = self.setting(TAKEN)?;
        taken.map_or(Ok(0), |bytes| fixed(NOTE, bytes).map(u64::from_be_bytes))
    }

    /// In another service HQ begins anew.
    pub fn begin_crew_notes(&mut self) -> Result<(), StoreError> {
        note_taken(&self.db, 0)
    }

    /// Takes one note in one commit with its sequence; nothing is kept of one that is over or does not read.
    pub fn take_crew_note(
        &mut self,
        sequence: u64,
        row: Option<&CrewNoteRow>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let tx = self.write(NOTE)?;
        if let Some(row) = row {
            put_note(&tx, row, now)?;
            let sql = "DELETE FROM crew_note WHERE (intervention, device, officer) IN (
                           SELECT intervention, device, officer FROM crew_note
                           ORDER BY gone_at DESC, intervention DESC LIMIT -1 OFFSET ?1)";
            run(&tx, NOTE, sql, [MOST])?;
        }
        note_taken(&tx, sequence)?;
        tx.commit().map_err(failed(NOTE))
    }

    /// Those of this start of the device, the oldest intervention first.
    pub fn crew_notes(&self, now: Timestamp) -> Result<Vec<CrewNoteRow>, StoreError> {
        self.note_rows(
            "SELECT * FROM crew_note WHERE boot = ?1 ORDER BY intervention, device",
            now,
        )
    }

    /// Those of an earlier start, whose time no clock has counted since.
    pub fn crew_notes_of_before(&self, now: Timestamp) -> Result<Vec<CrewNoteRow>, StoreError> {
        self.note_rows(
            "SELECT * FROM crew_note WHERE boot <> ?1 ORDER BY intervention, device",
            now,
        )
    }

    fn note_rows(&self, sql: &str, now: Timestamp) -> Result<Vec<CrewNoteRow>, StoreError> {
        let mut rows = self.db.prepare_cached(sql).map_err(failed(NOTE))?;
        let read = |row: &Row<'_>| {
            Ok((
                row.get::<_, Vec<u8>>("intervention")?,
                row.get::<_, String>("device")?,
                row.get::<_, Vec<u8>>("officer")?,
                row.get("sealed")?,
                row.get::<_, i64>("gone_at")?,
            ))
        };
        let rows = rows
            .query_map([now.boot.as_bytes().as_slice()], read)
            .map_err(failed(NOTE))?;
        rows.map(|row| {
            let (intervention, from, officer, sealed, gone_at) = row.map_err(failed(NOTE))?;
            Ok(CrewNoteRow {
                intervention: InterventionId::from_bytes(fixed(NOTE, intervention)?),
                from: DeviceId::parse(&from).map_err(unreadable(NOTE))?,
                officer: OfficerId::from_bytes(fixed(NOTE, officer)?),
                sealed,
                gone_at: u64::try_from(gone_at).map_err(unreadable(NOTE))?,
            })
        })
        .collect()
    }

    /// Counts its time from this start of the device on.
    pub fn count_crew_note_anew(&mut self, row: &CrewNoteRow, now: Timestamp) -> Result<(), StoreError> {
        put_note(&self.db, row, now)
    }

    /// It was taken in, or its term is over.
    pub fn drop_crew_note(&mut self, row: &CrewNoteRow) -> Result<(), StoreError> {
        let sql = "DELETE FROM crew_note WHERE intervention = ?1 AND device = ?2 AND officer = ?3";
        let key = params![
            row.intervention.as_bytes(),
            row.from.as_str(),
            row.officer.as_bytes()
        ];
        run(&self.db, NOTE, sql, key).map(drop)
    }

    /// Who left the crew is shown nothing more of it.
    pub fn drop_crew_notes_for(&mut self, officer: OfficerId) -> Result<(), StoreError> {
        let sql = "DELETE FROM crew_note WHERE officer = ?1";
        run(&self.db, NOTE, sql, [officer.as_bytes()]).map(drop)
    }

    /// The sequence of the next word for the crew, from 1.
    pub fn next_crew_word(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(sequence), 0) + 1 FROM crew_word";
        let next = one(&self.db, WORD, sql, [], |row| row.get::<_, i64>(0))?;
        u64::try_from(next.unwrap_or(1)).map_err(unreadable(WORD))
    }

    /// Keeps the signed word `cose` on an intervention, or on the service, until HQ has it; it takes the place of an
    /// earlier one.
    pub fn keep_crew_word(
        &mut self,
        subject: Option<InterventionId>,
        service: Option<ServiceId>,
        sequence: u64,
        cose: &[u8],
    ) -> Result<(), StoreError> {
        let subject = subject.map_or(DUTY, |id| *id.as_bytes());
        let about = service.map_or(DUTY, |id| *id.as_bytes());
        let sequence = i64::try_from(sequence).map_err(unreadable(WORD))?;
        run(
            &self.db,
            WORD,
            "INSERT OR REPLACE INTO crew_word (subject, about, sequence, cose) VALUES (?1, ?2, ?3, ?4)",
            params![subject, about, sequence, cose],
        )
        .map(drop)
    }

    /// The service that HQ is told of last; none where it was told of none, or of its end.
    pub fn told_duty(&self) -> Result<Option<ServiceId>, StoreError> {
        let sql = "SELECT about FROM crew_word WHERE subject = ?1";
        let about = one(&self.db, WORD, sql, [DUTY], |row| row.get::<_, Vec<u8>>(0))?;
        let about = about.map(|about| fixed(WORD, about)).transpose()?;
        Ok(about.filter(|about| *about != DUTY).map(ServiceId::from_bytes))
    }

    /// Up to `most` words that HQ has not answered for, the oldest first.
    pub fn crew_words_to_send(&self, most: u32) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT cose FROM crew_word WHERE cose IS NOT NULL ORDER BY sequence LIMIT ?1";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(WORD))?;
        let rows = rows.query_map([most], |row| row.get(0)).map_err(failed(WORD))?;
        rows.map(|row| row.map_err(failed(WORD))).collect()
    }

    /// HQ has the word `sequence`; true when that is news.
    pub fn crew_word_kept(&self, sequence: u64) -> Result<bool, StoreError> {
        let sequence = i64::try_from(sequence).map_err(unreadable(WORD))?;
        let sql = "UPDATE crew_word SET cose = NULL WHERE sequence = ?1 AND cose IS NOT NULL";
        Ok(run(&self.db, WORD, sql, [sequence])? > 0)
    }
}

fn note_taken(db: &Connection, sequence: u64) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)";
    run(db, NOTE, sql, params![TAKEN, sequence.to_be_bytes().as_slice()]).map(drop)
}

fn put_note(db: &Connection, row: &CrewNoteRow, now: Timestamp) -> Result<(), StoreError> {
    let sql = "INSERT OR REPLACE INTO crew_note (intervention, device, officer, sealed, boot, gone_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![
        row.intervention.as_bytes(),
        row.from.as_str(),
        row.officer.as_bytes(),
        row.sealed,
        now.boot.as_bytes().as_slice(),
        i64::try_from(row.gone_at).unwrap_or(i64::MAX)
    ];
    run(db, NOTE, sql, values).map(drop)
}

impl OfficerStore {
    /// Keeps interventions and sheets in one commit.
    pub fn save_shared<'a>(
        &mut self,
        interventions: impl IntoIterator<Item = &'a Intervention>,
        sheets: impl IntoIterator<Item = &'a SheetRow>,
    ) -> Result<(), StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed(SHEET))?;
        for intervention in interventions {
            keep(&tx, intervention)?;
        }
        for row in sheets {
            put_sheet(&tx, row)?;
        }
        tx.commit().map_err(failed(SHEET))
    }

    /// Every sheet, the oldest intervention first.
    pub fn sheets(&self) -> Result<Vec<SheetRow>, StoreError> {
        let sql = "SELECT * FROM crew_sheet ORDER BY intervention";
        let mut rows = self.db().prepare_cached(sql).map_err(failed(SHEET))?;
        let read = |row: &Row<'_>| {
            Ok((
                [
                    row.get::<_, Vec<u8>>("service")?,
                    row.get("mine")?,
                    row.get("boot")?,
                ],
                row.get::<_, Vec<u8>>("sheet")?,
                row.get("untold")?,
                row.get::<_, i64>("until")?,
                row.get::<_, i64>("gone_at")?,
            ))
        };
        let rows = rows.query_map([], read).map_err(failed(SHEET))?;
        rows.map(|row| {
            let ([service, mine, boot], sheet, untold, until, gone_at) = row.map_err(failed(SHEET))?;
            Ok(SheetRow {
                service: ServiceId::from_bytes(fixed(SHEET, service)?),
                mine: CopyId::from_bytes(fixed(SHEET, mine)?),
                sheet: canonical::decode(&sheet).map_err(unreadable(SHEET))?,
                untold,
                until: UnixMs(until),
                boot: BootId::from_bytes(fixed(SHEET, boot)?),
                gone_at: u64::try_from(gone_at).map_err(unreadable(SHEET))?,
            })
        })
        .collect()
    }

    /// Its term is over.
    pub fn drop_sheet(&self, id: InterventionId) -> Result<(), StoreError> {
        let sql = "DELETE FROM crew_sheet WHERE intervention = ?1";
        run(self.db(), SHEET, sql, [id.as_bytes()]).map(drop)
    }

    /// The word on it is in the device's database.
    pub fn note_sheet_told(&self, id: InterventionId) -> Result<(), StoreError> {
        let sql = "UPDATE crew_sheet SET untold = 0 WHERE intervention = ?1";
        run(self.db(), SHEET, sql, [id.as_bytes()]).map(drop)
    }

    pub fn intervention(&self, id: InterventionId) -> Result<Option<Intervention>, StoreError> {
        let sql = "SELECT intervention FROM intervention WHERE id = ?1";
        let row = one(self.db(), SHEET, sql, [id.as_bytes()], |row| {
            row.get::<_, Vec<u8>>(0)
        })?;
        row.map(|row| canonical::decode(&row).map_err(unreadable(SHEET)))
            .transpose()
    }
}

fn put_sheet(db: &Connection, row: &SheetRow) -> Result<(), StoreError> {
    let sql =
        "INSERT OR REPLACE INTO crew_sheet (intervention, service, mine, sheet, untold, until, boot, gone_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
    let values = params![
        row.sheet.id.as_bytes(),
        row.service.as_bytes(),
        row.mine.as_bytes(),
        canonical::encode(&row.sheet),
        row.untold,
        row.until.0,
        row.boot.as_bytes(),
        i64::try_from(row.gone_at).unwrap_or(i64::MAX)
    ];
    run(db, SHEET, sql, values).map(drop)
}
