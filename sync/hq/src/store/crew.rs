//! What crews share of interventions: who is in service with whom, and the last copy of each terminal until its term.

use domain::intervention::{AFTER_THE_END, CrewTold, LONGEST_TERM};
use domain::officer::Matricule;
use domain::{DeviceId, InterventionId, OfficerId, UnixMs};

use super::{StoreError, Transaction, signed, unsigned};

/// A copy that is about to be kept.
pub struct NewSheet<'a> {
    pub told: &'a CrewTold,
    pub intervention: InterventionId,
    /// The author's, as the registry has it.
    pub matricule: &'a Matricule,
    /// For whom it is.
    pub crew: &'a [Matricule],
    /// The crew said that the intervention is over.
    pub is_over: bool,
}

/// A copy that one terminal is to be handed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetRow {
    /// The terminals' order, in which a terminal says how far it is.
    pub line: u64,
    /// Whose it is, and on which terminal.
    pub officer: OfficerId,
    pub from: DeviceId,
    pub sequence: u64,
    pub at: UnixMs,
    pub until: UnixMs,
    /// Who is shown it.
    pub to: OfficerId,
    /// age file for HQ's sealing key.
    pub sealed: Vec<u8>,
}

/// What HQ still knows of a copy without opening it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedRow {
    pub device: DeviceId,
    pub intervention: InterventionId,
    pub at: UnixMs,
    pub until: UnixMs,
    /// The copy is there; past its term it is not.
    pub is_held: bool,
}

/// Copies that reach somebody: both name each other, and the one who is told is in service on another terminal, or is
/// another officer on the same.
const REACHES: &str = "crew_sheet s
     JOIN crew_named n ON n.device = s.device AND n.intervention = s.intervention
     JOIN duty d ON d.matricule = n.matricule AND (d.device <> s.device OR d.officer <> s.officer)
     JOIN duty_crew c ON c.device = d.device AND c.matricule = s.matricule";

impl Transaction<'_> {
    /// Keeps whom the officer at the terminal is in service with, nobody once the service is over; false for a word that
    /// came after a later one.
    pub fn keep_duty(
        &self,
        told: &CrewTold,
        matricule: &Matricule,
        crew: &[Matricule],
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let what = "keep who is in service";
        let device = told.device.as_str();
        let changed = self.count_changed(
            "INSERT INTO duty (device, sequence, officer, matricule, at) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (device) DO UPDATE SET sequence = excluded.sequence, officer = excluded.officer,
                 matricule = excluded.matricule, at = excluded.at
             WHERE duty.sequence < excluded.sequence",
            (
                device,
                signed(told.sequence),
                told.officer.as_bytes(),
                matricule.to_string(),
                now.0,
            ),
            what,
        )?;
        if changed == 0 {
            return Ok(false);
        }
        self.execute("DELETE FROM duty_crew WHERE device = ?1", [device], what)?;
        for member in crew {
            self.execute(
                "INSERT INTO duty_crew (device, matricule) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
                (device, member.to_string()),
                what,
            )?;
        }
        // In another service the terminal begins anew.
        self.execute(
            "UPDATE said SET crew = 0 WHERE device = ?1 AND crew IS NOT NULL",
            [device],
            what,
        )?;
        Ok(true)
    }

    /// A terminal that is enrolled anew counts its words anew, and nobody is in service on it.
    pub fn forget_duty(&self, device: &DeviceId) -> Result<(), StoreError> {
        let what = "forget who was in service";
        self.execute("DELETE FROM duty_crew WHERE device = ?1", [device.as_str()], what)?;
        self.execute("DELETE FROM duty WHERE device = ?1", [device.as_str()], what)
    }

    /// Keeps the copy in the place of the terminal's earlier one, under another line; `None` for one that came after a
    /// later one. Two hours after HQ heard of the end, and half a day after it first heard of it, its term is over.
    pub fn keep_sheet(&self, new: &NewSheet<'_>, now: UnixMs) -> Result<Option<u64>, StoreError> {
        let what = "keep what a crew shares";
        let (device, intervention) = (new.told.device.as_str(), new.intervention.as_bytes());
        let kept: Option<i64> = self.row(
            "SELECT sequence FROM crew_sheet WHERE device = ?1 AND intervention = ?2",
            (device, intervention),
            what,
            |row| row.get(0),
        )?;
        if kept.is_some_and(|kept| kept >= signed(new.told.sequence)) {
            return Ok(None);
        }
        let (since, ended) = self
            .row(
                "SELECT min(since), min(ended) FROM crew_sheet WHERE intervention = ?1",
                [intervention],
                what,
                |row| Ok((row.get::<Option<i64>>(0)?, row.get::<Option<i64>>(1)?)),
            )?
            .unwrap_or((None, None));
        let since = since.unwrap_or(now.0);
        let ended = ended.or(new.is_over.then_some(now.0));
        let longest = since.saturating_add(LONGEST_TERM);
        let until = ended.map_or(longest, |ended| longest.min(ended.saturating_add(AFTER_THE_END)));
        // A store put back to an older copy counts on from what terminals have, or its word would never be taken.
        let last: Option<i64> = self.row(
            "SELECT max(line) FROM (SELECT max(line) AS line FROM crew_sheet UNION ALL SELECT max(crew) FROM said) AS taken",
            (),
            what,
            |row| Ok(row.get::<Option<i64>>(0)?.unwrap_or(0)),
        )?;
        let line = last.unwrap_or(0) + 1;
        let of = (device, intervention);
        self.execute(
            "DELETE FROM crew_sheet WHERE device = ?1 AND intervention = ?2",
            of,
            what,
        )?;
        self.execute(
            "DELETE FROM crew_named WHERE device = ?1 AND intervention = ?2",
            of,
            what,
        )?;
        self.execute(
            "INSERT INTO crew_sheet (line, device, intervention, sequence, officer, matricule, since, at, until,
                 sealed)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                line,
                device,
                intervention,
                signed(new.told.sequence),
                new.told.officer.as_bytes(),
                new.matricule.to_string(),
                since,
                now.0,
                until,
                &new.told.sealed,
            ),
            what,
        )?;
        // The copies of one intervention have one term.
        self.execute(
            "UPDATE crew_sheet SET until = ?2, ended = ?3 WHERE intervention = ?1",
            (intervention, until, ended),
            what,
        )?;
        for member in new.crew {
            self.execute(
                "INSERT INTO crew_named (device, intervention, matricule) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                (device, intervention, member.to_string()),
                what,
            )?;
        }
        Ok(Some(unsigned(line, "line")?))
    }

    /// The terminals that the copy reaches now.
    pub fn reached_by(&self, line: u64) -> Result<Vec<DeviceId>, StoreError> {
        let sql = format!("SELECT DISTINCT d.device FROM {REACHES} WHERE s.line = ?1 ORDER BY d.device");
        let rows = self.rows(&sql, [signed(line)], "look up a crew", |row| row.get::<String>(0))?;
        rows.iter().map(|device| parse_device(device)).collect()
    }

    /// How many terminals one terminal's copy of the intervention reaches now.
    pub fn reached_from(&self, device: &DeviceId, intervention: InterventionId) -> Result<u64, StoreError> {
        let line: Option<i64> = self.row(
            "SELECT line FROM crew_sheet WHERE device = ?1 AND intervention = ?2",
            (device.as_str(), intervention.as_bytes()),
            "look up a crew",
            |row| row.get(0),
        )?;
        match line {
            Some(line) => Ok(self.reached_by(unsigned(line, "line")?)?.len() as u64),
            None => Ok(0),
        }
    }

    /// What `device` is handed after `line` and before its term, in order, `limit` at most.
    pub fn sheets_after(
        &self,
        device: &DeviceId,
        line: u64,
        now: UnixMs,
        limit: u32,
    ) -> Result<Vec<SheetRow>, StoreError> {
        let sql = format!(
            "SELECT s.line, s.officer, s.device, s.sequence, s.at, s.until, d.officer, s.sealed FROM {REACHES}
             WHERE d.device = ?1 AND s.line > ?2 AND s.until > ?3 AND s.sealed IS NOT NULL
             ORDER BY s.line LIMIT ?4"
        );
        let rows = self.rows(
            &sql,
            (device.as_str(), signed(line), now.0, limit),
            "read what a crew shares",
            |row| {
                Ok((
                    [row.get::<i64>(0)?, row.get::<i64>(3)?],
                    [row.get::<[u8; 16]>(1)?, row.get::<[u8; 16]>(6)?],
                    row.get::<String>(2)?,
                    [row.get::<i64>(4)?, row.get::<i64>(5)?],
                    row.get::<Vec<u8>>(7)?,
                ))
            },
        )?;
        rows.into_iter()
            .map(|([line, sequence], [officer, to], from, [at, until], sealed)| {
                Ok(SheetRow {
                    line: unsigned(line, "line")?,
                    officer: OfficerId::from_bytes(officer),
                    from: parse_device(&from)?,
                    sequence: unsigned(sequence, "sequence")?,
                    at: UnixMs(at),
                    until: UnixMs(until),
                    to: OfficerId::from_bytes(to),
                    sealed,
                })
            })
            .collect()
    }

    /// The terminals that have said less than there is for them, and how far they said they are.
    pub fn behind_on_sheets(&self, now: UnixMs) -> Result<Vec<(DeviceId, u64)>, StoreError> {
        let sql = format!(
            "SELECT DISTINCT d.device, a.crew FROM {REACHES} JOIN said a ON a.device = d.device
             WHERE s.line > a.crew AND s.until > ?1 AND s.sealed IS NOT NULL ORDER BY d.device"
        );
        let rows = self.rows(&sql, [now.0], "look up what crews share", |row| {
            Ok((row.get::<String>(0)?, row.get::<i64>(1)?))
        })?;
        rows.into_iter()
            .map(|(device, line)| Ok((parse_device(&device)?, unsigned(line, "line")?)))
            .collect()
    }

    /// Nothing of a copy stays past its term but that there was one; how many went.
    pub fn forget_sheets(&self, now: UnixMs) -> Result<u64, StoreError> {
        let what = "forget what crews shared";
        self.execute(
            "DELETE FROM crew_named WHERE EXISTS (
                 SELECT 1 FROM crew_sheet s WHERE s.device = crew_named.device
                     AND s.intervention = crew_named.intervention AND s.until <= ?1 AND s.sealed IS NOT NULL)",
            [now.0],
            what,
        )?;
        self.count_changed(
            "UPDATE crew_sheet SET sealed = NULL WHERE until <= ?1 AND sealed IS NOT NULL",
            [now.0],
            what,
        )
    }

    /// What crews share, the newest first.
    pub fn shared_sheets(&self) -> Result<Vec<SharedRow>, StoreError> {
        let rows = self.rows(
            "SELECT device, intervention, at, until, CASE WHEN sealed IS NULL THEN 1 ELSE 0 END FROM crew_sheet ORDER BY line DESC",
            (),
            "list what crews share",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    row.get::<[u8; 16]>(1)?,
                    row.get::<i64>(2)?,
                    row.get::<i64>(3)?,
                    row.get::<i64>(4)?,
                ))
            },
        )?;
        rows.into_iter()
            .map(|(device, intervention, at, until, gone)| {
                Ok(SharedRow {
                    device: parse_device(&device)?,
                    intervention: InterventionId::from_bytes(intervention),
                    at: UnixMs(at),
                    until: UnixMs(until),
                    is_held: gone == 0,
                })
            })
            .collect()
    }

    /// Keeps how far `device` says it is; `None` for a program that takes none.
    pub fn keep_said_crew(&self, device: &DeviceId, line: Option<u64>) -> Result<(), StoreError> {
        self.execute(
            "UPDATE said SET crew = ?2 WHERE device = ?1 AND crew IS DISTINCT FROM ?2",
            (device.as_str(), line.map(signed)),
            "keep what a terminal said of its crew",
        )
    }

    /// The highest line that `device` has said to have; `None` for a program that takes none.
    pub fn said_crew(&self, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        let said: Option<Option<i64>> = self.row(
            "SELECT crew FROM said WHERE device = ?1",
            [device.as_str()],
            "look up what a terminal said of its crew",
            |row| row.get(0),
        )?;
        said.flatten().map(|said| unsigned(said, "line")).transpose()
    }
}

fn parse_device(device: &str) -> Result<DeviceId, StoreError> {
    DeviceId::parse(device).map_err(|_| StoreError::Corrupt { what: "terminal" })
}
