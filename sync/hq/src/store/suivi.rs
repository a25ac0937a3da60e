//! What became of complaints: signed lines that are only ever added, and how far each terminal has them.

use domain::plainte::Suivi;
use domain::{ActId, DeviceId, EnvelopeId, OfficerId, UnixMs};

use super::sql::Row;
use super::{StoreError, Transaction, at, signed, unsigned};

/// A step that is about to be kept.
pub struct NewSuivi<'a> {
    pub suivi: &'a Suivi,
    /// COSE_Sign1 of it.
    pub cose: &'a [u8],
    /// That brought the complaint.
    pub envelope: EnvelopeId,
    /// Who says so.
    pub said_by: OfficerId,
    /// That took the complaint.
    pub device: &'a DeviceId,
    /// Who took it.
    pub officer: OfficerId,
}

/// A kept step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiviRow {
    /// The terminals' order, in which a terminal says how far it is.
    pub line: u64,
    pub act: ActId,
    pub sequence: u32,
    /// [`domain::plainte::Stage::code`].
    pub stage: String,
    pub said_by: OfficerId,
    pub at: UnixMs,
    pub device: DeviceId,
    pub officer: OfficerId,
    /// COSE_Sign1 of a [`Suivi`].
    pub cose: Vec<u8>,
}

const COLUMNS: &str = "line, act, sequence, stage, said_by, at, device, officer, cose";

impl Transaction<'_> {
    /// Adds a step at the end.
    pub fn insert_suivi(&self, new: &NewSuivi<'_>) -> Result<(), StoreError> {
        // A store put back to an older copy counts on from what terminals have, or its word would never be taken.
        let last: Option<i64> = self.row(
            "SELECT max(line) FROM (SELECT max(line) AS line FROM suivi UNION ALL SELECT max(suivi) FROM said) AS taken",
            (),
            "look up what became of complaints",
            |row| Ok(row.get::<Option<i64>>(0)?.unwrap_or(0)),
        )?;
        self.execute(
            "INSERT INTO suivi (line, envelope, act, sequence, stage, said_by, at, device, officer, cose)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                last.unwrap_or(0) + 1,
                new.envelope.as_bytes(),
                new.suivi.act.as_bytes(),
                i64::from(new.suivi.sequence),
                new.suivi.stage.code(),
                new.said_by.as_bytes(),
                new.suivi.at.0,
                new.device.as_str(),
                new.officer.as_bytes(),
                new.cose,
            ),
            "keep what became of a complaint",
        )
    }

    /// What became of `act`, the oldest step first.
    pub fn suivi_of(&self, act: ActId) -> Result<Vec<SuiviRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM suivi WHERE act = ?1 ORDER BY sequence");
        let rows = self.rows(&sql, [act.as_bytes()], "list what became of a complaint", |row| {
            Ok(read(row))
        })?;
        rows.into_iter().collect()
    }

    /// Everything, in the order in which terminals are told.
    pub fn all_suivi(&self) -> Result<Vec<SuiviRow>, StoreError> {
        let sql = format!("SELECT {COLUMNS} FROM suivi ORDER BY line");
        let rows = self.rows(&sql, (), "list what became of complaints", |row| Ok(read(row)))?;
        rows.into_iter().collect()
    }

    /// What `device` is told after `line`, in order, `limit` at most.
    pub fn suivi_after(&self, device: &DeviceId, line: u64, limit: u32) -> Result<Vec<SuiviRow>, StoreError> {
        let sql =
            format!("SELECT {COLUMNS} FROM suivi WHERE device = ?1 AND line > ?2 ORDER BY line LIMIT ?3");
        let rows = self.rows(
            &sql,
            (device.as_str(), signed(line), limit),
            "read what became of complaints",
            |row| Ok(read(row)),
        )?;
        rows.into_iter().collect()
    }

    /// Keeps how far `device` says it is; `None` for a program that takes none.
    pub fn keep_said_suivi(&self, device: &DeviceId, line: Option<u64>) -> Result<(), StoreError> {
        self.execute(
            "UPDATE said SET suivi = ?2 WHERE device = ?1 AND suivi IS DISTINCT FROM ?2",
            (device.as_str(), line.map(signed)),
            "keep what a terminal said of complaints",
        )
    }

    /// The highest line that `device` has said to have; `None` for a program that takes none.
    pub fn said_suivi(&self, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        let said: Option<Option<i64>> = self.row(
            "SELECT suivi FROM said WHERE device = ?1",
            [device.as_str()],
            "look up what a terminal said of complaints",
            |row| row.get(0),
        )?;
        said.flatten().map(|said| unsigned(said, "line")).transpose()
    }

    /// The terminals that have said less than there is for them, and how far they said they are.
    pub fn behind_on_suivi(&self) -> Result<Vec<(DeviceId, u64)>, StoreError> {
        let rows = self.rows(
            "SELECT device, suivi FROM said
             WHERE suivi IS NOT NULL
                 AND EXISTS (SELECT 1 FROM suivi f WHERE f.device = said.device AND f.line > said.suivi)
             ORDER BY device",
            (),
            "look up what became of complaints",
            |row| Ok((row.get::<String>(0)?, row.get::<i64>(1)?)),
        )?;
        rows.into_iter()
            .map(|(device, line)| Ok((parse_device(&device)?, unsigned(line, "line")?)))
            .collect()
    }

    /// The terminal whose envelope this is.
    pub fn sender(&self, envelope: EnvelopeId) -> Result<Option<DeviceId>, StoreError> {
        let device: Option<String> = self.row(
            "SELECT device FROM envelope WHERE id = ?1",
            [envelope.as_bytes()],
            "look up an envelope",
            |row| row.get(0),
        )?;
        device.map(|device| parse_device(&device)).transpose()
    }
}

fn parse_device(device: &str) -> Result<DeviceId, StoreError> {
    DeviceId::parse(device).map_err(|_| StoreError::Corrupt { what: "terminal" })
}

fn read(row: &Row<'_>) -> Result<SuiviRow, StoreError> {
    let cell = at("read what became of a complaint");
    let corrupt = StoreError::Corrupt {
        what: "step of a complaint",
    };
    let sequence: i64 = row.get(2).map_err(&cell)?;
    Ok(SuiviRow {
        line: unsigned(row.get(0).map_err(&cell)?, "line")?,
        act: ActId::from_bytes(row.get(1).map_err(&cell)?),
        sequence: u32::try_from(sequence).map_err(|_| corrupt)?,
        stage: row.get(3).map_err(&cell)?,
        said_by: OfficerId::from_bytes(row.get(4).map_err(&cell)?),
        at: UnixMs(row.get(5).map_err(&cell)?),
        device: parse_device(&row.get::<String>(6).map_err(&cell)?)?,
        officer: OfficerId::from_bytes(row.get(7).map_err(&cell)?),
        cose: row.get(8).map_err(&cell)?,
    })
}
