//! Visas in both databases: HQ's sealed notes on the device, what they say with their officer.

use domain::dialogue::VisaLine;
use domain::{ActId, ActNumber, Digest, OfficerId, canonical};
use rusqlite::{Row, params};

use super::device::{kind_code, kind_of};
use super::{DeviceStore, OfficerStore, StoreError, failed, fixed, one, run, unreadable};

/// An act that waits for a visa, as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AskedRow {
    pub line: VisaLine,
    /// SHA-256 of the act's COSE_Sign1.
    pub sha256: Digest,
}

/// A visa that the officer asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestRow {
    pub request: ActId,
    pub opj: String,
    /// COSE_Sign1 of the answer.
    pub visa: Option<Vec<u8>>,
}

/// A note of HQ's that its officer has not read yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedNote {
    pub sequence: u64,
    pub sealed: Vec<u8>,
}

const TAKEN: &str = "visa-notes";

impl DeviceStore {
    /// The highest sequence of HQ's visa notes that was taken; 0 before the first.
    pub fn last_visa_note(&self) -> Result<u64, StoreError> {
        let taken = self.setting(TAKEN)?;
        taken.map_or(Ok(0), |bytes| fixed("visa notes", bytes).map(u64::from_be_bytes))
    }

    /// Takes one note, in one commit with its sequence.
    pub fn take_visa_note(
        &mut self,
        sequence: u64,
        officer: OfficerId,
        sealed: &[u8],
    ) -> Result<(), StoreError> {
        let key = i64::try_from(sequence).map_err(unreadable("visa note"))?;
        let tx = self.write("visa note")?;
        run(
            &tx,
            "visa note",
            "INSERT OR REPLACE INTO visa_note (sequence, officer, sealed) VALUES (?1, ?2, ?3)",
            params![key, officer.as_bytes(), sealed],
        )?;
        run(
            &tx,
            "visa note",
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
            params![TAKEN, sequence.to_be_bytes().as_slice()],
        )?;
        tx.commit().map_err(failed("visa note"))
    }

    /// The notes for `officer` that were not read, in their order.
    pub fn visa_notes(&self, officer: OfficerId) -> Result<Vec<SealedNote>, StoreError> {
        let mut rows = self
            .db
            .prepare_cached("SELECT sequence, sealed FROM visa_note WHERE officer = ?1 ORDER BY sequence")
            .map_err(failed("visa notes"))?;
        let rows = rows
            .query_map([officer.as_bytes()], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?))
            })
            .map_err(failed("visa notes"))?;
        rows.map(|row| {
            let (sequence, sealed) = row.map_err(failed("visa notes"))?;
            let sequence = u64::try_from(sequence).map_err(unreadable("visa note"))?;
            Ok(SealedNote { sequence, sealed })
        })
        .collect()
    }

    /// The officer has what the note says.
    pub fn drop_visa_note(&mut self, sequence: u64) -> Result<(), StoreError> {
        let key = i64::try_from(sequence).map_err(unreadable("visa note"))?;
        let sql = "DELETE FROM visa_note WHERE sequence = ?1";
        run(&self.db, "visa note", sql, [key]).map(drop)
    }
}

impl OfficerStore {
    /// Keeps an act that waits for a visa; asked again it changes nothing.
    pub fn keep_asked(&self, asked: &AskedRow, document: Option<&[u8]>) -> Result<(), StoreError> {
        let line = &asked.line;
        run(
            self.db(),
            "visa",
            "INSERT OR IGNORE INTO visa_asked
                 (request, act, kind, year, serial, signed_at, author, asked_at, sha256, document)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            params![
                line.request.as_bytes(),
                line.act.as_bytes(),
                kind_code(line.kind),
                line.number.map(|number| number.year),
                line.number.map(|number| number.serial),
                canonical::encode(&line.signed_at),
                line.author,
                canonical::encode(&line.asked_at),
                asked.sha256.as_bytes(),
                document,
            ],
        )
        .map(drop)
    }

    /// The acts that wait for a visa, in the order of their coming.
    pub fn asked(&self) -> Result<Vec<AskedRow>, StoreError> {
        let mut rows = self
            .db()
            .prepare_cached(&format!("SELECT {ASKED} FROM visa_asked ORDER BY rowid"))
            .map_err(failed("visas"))?;
        let rows = rows
            .query_map([], |row| Ok(read_asked(row)))
            .map_err(failed("visas"))?;
        rows.map(|row| row.map_err(failed("visas"))?).collect()
    }

    pub fn asked_by(&self, request: ActId) -> Result<Option<AskedRow>, StoreError> {
        let sql = format!("SELECT {ASKED} FROM visa_asked WHERE request = ?1");
        one(self.db(), "visa", &sql, [request.as_bytes()], |row| {
            Ok(read_asked(row))
        })?
        .transpose()
    }

    /// The signed PDF of the act that `request` is about, where it came.
    pub fn asked_document(&self, request: ActId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT document FROM visa_asked WHERE request = ?1";
        let document = one(self.db(), "visa", sql, [request.as_bytes()], |row| row.get(0))?;
        Ok(document.flatten())
    }

    /// A decision came: the copy of the act goes.
    pub fn forget_asked(&self, request: ActId) -> Result<(), StoreError> {
        let sql = "DELETE FROM visa_asked WHERE request = ?1";
        run(self.db(), "visa", sql, [request.as_bytes()]).map(drop)
    }

    /// The officer asks `opj` about `act`; it counts once the request exists as a record.
    pub fn keep_request(&self, request: ActId, act: ActId, opj: &str) -> Result<(), StoreError> {
        run(
            self.db(),
            "visa request",
            "INSERT OR IGNORE INTO visa_request (request, act, opj) VALUES (?1, ?2, ?3)",
            params![request.as_bytes(), act.as_bytes(), opj],
        )
        .map(drop)
    }

    /// The answer to a request of this officer; whether there was one that had no answer.
    pub fn answer_request(&self, request: ActId, visa: &[u8]) -> Result<bool, StoreError> {
        let changed = run(
            self.db(),
            "visa request",
            "UPDATE visa_request SET visa = ?2 WHERE request = ?1 AND visa IS NULL",
            params![request.as_bytes(), visa],
        )?;
        Ok(changed > 0)
    }

    /// What the officer asked about `act`, the oldest first.
    pub fn requests_about(&self, act: ActId) -> Result<Vec<RequestRow>, StoreError> {
        let mut rows = self
            .db()
            .prepare_cached("SELECT request, opj, visa FROM visa_request WHERE act = ?1 ORDER BY rowid")
            .map_err(failed("visa requests"))?;
        let rows = rows
            .query_map([act.as_bytes()], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?, row.get(2)?))
            })
            .map_err(failed("visa requests"))?;
        rows.map(|row| {
            let (request, opj, visa) = row.map_err(failed("visa requests"))?;
            Ok(RequestRow {
                request: ActId::from_bytes(fixed("act", request)?),
                opj,
                visa,
            })
        })
        .collect()
    }
}

const ASKED: &str =
    "request, act, kind, year, serial, signed_at, author, asked_at, sha256, document IS NOT NULL";

fn read_asked(row: &Row<'_>) -> Result<AskedRow, StoreError> {
    fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, at: usize) -> Result<T, StoreError> {
        row.get(at).map_err(failed("visa"))
    }
    let (year, serial): (Option<u16>, Option<u32>) = (get(row, 3)?, get(row, 4)?);
    let moment = |bytes: Vec<u8>| canonical::decode(&bytes).map_err(unreadable("visa"));
    Ok(AskedRow {
        line: VisaLine {
            request: ActId::from_bytes(fixed("act", get(row, 0)?)?),
            act: ActId::from_bytes(fixed("act", get(row, 1)?)?),
            kind: kind_of(get(row, 2)?)?,
            number: year.zip(serial).map(|(year, serial)| ActNumber { year, serial }),
            signed_at: moment(get(row, 5)?)?,
            author: get(row, 6)?,
            asked_at: moment(get(row, 7)?)?,
            shown: get(row, 9)?,
        },
        sha256: Digest::from_bytes(fixed("record", get(row, 8)?)?),
    })
}
