//! The officer's printers and print jobs, in `officer-<id>.db`.

use domain::printing::{Paper, PrintState, PrinterAddress, PrinterLine};
use domain::{ActId, Timestamp, UnixMs, canonical};
use rusqlite::params;

use super::officer::OfficerStore;
use super::{StoreError, failed, fixed, unreadable};
use crate::print::JobKey;
use crate::print::queue::PrintJob;

/// How long a job that is over stays on the list.
const SHOWN_MS: i64 = 24 * 60 * 60 * 1000;

impl OfficerStore {
    /// Remembers a printer, or that it was used.
    pub fn save_printer(&self, printer: &PrinterLine, now: Timestamp) -> Result<(), StoreError> {
        self.db()
            .execute(
                "INSERT OR REPLACE INTO printer (address, name, used) VALUES (?1, ?2, ?3)",
                params![printer.address.to_string(), printer.name, now.utc.0],
            )
            .map_err(failed("printer"))?;
        Ok(())
    }

    /// The printers, the one used last first.
    pub fn printers(&self) -> Result<Vec<PrinterLine>, StoreError> {
        let mut rows = self
            .db()
            .prepare("SELECT address, name FROM printer ORDER BY used DESC, address")
            .map_err(failed("printers"))?;
        let rows = rows
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))
            .map_err(failed("printers"))?;
        rows.map(|row| {
            let (address, name) = row.map_err(failed("printers"))?;
            Ok(PrinterLine {
                address: PrinterAddress::parse(&address).map_err(unreadable("printer"))?,
                name,
            })
        })
        .collect()
    }

    /// Keeps a job in its new state.
    pub fn save_print_job(&self, job: &PrintJob) -> Result<(), StoreError> {
        self.db()
            .execute(
                "INSERT OR REPLACE INTO print_job (act, paper, printer, asked, state) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    job.key.act.as_bytes(),
                    paper_code(job.key.paper),
                    job.key.printer.to_string(),
                    canonical::encode(&job.asked),
                    canonical::encode(&job.state)
                ],
            )
            .map_err(failed("print job"))?;
        Ok(())
    }

    pub fn forget_print_job(&self, key: &JobKey) -> Result<(), StoreError> {
        self.db()
            .execute(
                "DELETE FROM print_job WHERE act = ?1 AND paper = ?2 AND printer = ?3",
                params![key.act.as_bytes(), paper_code(key.paper), key.printer.to_string()],
            )
            .map_err(failed("print job"))?;
        Ok(())
    }

    /// The jobs, oldest first; those printed more than a day ago are taken off the list.
    pub fn print_jobs(&self, now: UnixMs) -> Result<Vec<PrintJob>, StoreError> {
        let mut jobs = self.all_print_jobs()?;
        let is_old = |job: &PrintJob| {
            job.state == PrintState::Printed && job.asked.utc.0 < now.0.saturating_sub(SHOWN_MS)
        };
        for job in jobs.iter().filter(|job| is_old(job)) {
            self.forget_print_job(&job.key)?;
        }
        jobs.retain(|job| !is_old(job));
        jobs.sort_by_key(|job| job.asked.utc);
        Ok(jobs)
    }

    fn all_print_jobs(&self) -> Result<Vec<PrintJob>, StoreError> {
        let mut rows = self
            .db()
            .prepare("SELECT act, paper, printer, asked, state FROM print_job ORDER BY act, paper, printer")
            .map_err(failed("print jobs"))?;
        let rows = rows
            .query_map([], |row| {
                Ok((
                    row.get::<_, Vec<u8>>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, String>(2)?,
                    row.get::<_, Vec<u8>>(3)?,
                    row.get::<_, Vec<u8>>(4)?,
                ))
            })
            .map_err(failed("print jobs"))?;
        rows.map(|row| {
            let (act, paper, printer, asked, state) = row.map_err(failed("print jobs"))?;
            Ok(PrintJob {
                key: JobKey {
                    act: ActId::from_bytes(fixed("act", act)?),
                    paper: paper_of(paper)?,
                    printer: PrinterAddress::parse(&printer).map_err(unreadable("printer"))?,
                },
                asked: canonical::decode(&asked).map_err(unreadable("print job"))?,
                state: canonical::decode(&state).map_err(unreadable("print job"))?,
            })
        })
        .collect()
    }
}

const fn paper_code(paper: Paper) -> i64 {
    match paper {
        Paper::Act => 0,
        Paper::Recepisse => 1,
        Paper::Rights => 2,
        Paper::Requisition => 3,
        Paper::Leaflet => 4,
    }
}

fn paper_of(code: i64) -> Result<Paper, StoreError> {
    Paper::ALL
        .into_iter()
        .find(|paper| paper_code(*paper) == code)
        .ok_or(StoreError::Unreadable { what: "paper" })
}
