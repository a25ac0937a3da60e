//! How much the terminal sent and received, by day and flow, for as long as the month lasts.

use std::collections::BTreeMap;

use domain::dialogue::{Flow, FlowLine};
use jiff::civil::Date;
use rusqlite::params;

use super::{DeviceStore, StoreError, failed, run, unreadable};

const WHAT: &str = "traffic";

impl DeviceStore {
    /// Adds to what `day` carried, and lets earlier months go. A kill takes nothing of it.
    pub fn add_traffic(&mut self, day: Date, carried: &BTreeMap<Flow, u64>) -> Result<(), StoreError> {
        // A figure is worth no wait for the disk: the next commit of an act takes it along.
        self.flush_commits("NORMAL")?;
        let added = self.add(day, carried);
        self.flush_commits("FULL")?;
        added
    }

    fn flush_commits(&self, how: &str) -> Result<(), StoreError> {
        let set = self.db.pragma_update(None, "synchronous", how);
        set.map_err(failed(WHAT))
    }

    fn add(&mut self, day: Date, carried: &BTreeMap<Flow, u64>) -> Result<(), StoreError> {
        let tx = self.write(WHAT)?;
        for (flow, bytes) in carried {
            let sql = "INSERT INTO traffic (day, flow, bytes) VALUES (?1, ?2, ?3)
                       ON CONFLICT (day, flow) DO UPDATE SET bytes = bytes + excluded.bytes";
            let bytes = i64::try_from(*bytes).unwrap_or(i64::MAX);
            run(&tx, WHAT, sql, params![day.to_string(), flow.code(), bytes])?;
        }
        let first = day.first_of_month().to_string();
        run(&tx, WHAT, "DELETE FROM traffic WHERE day < ?1", [first])?;
        tx.commit().map_err(failed(WHAT))
    }

    /// What `day` and its month carried; flows that carried nothing are absent.
    pub fn traffic(&self, day: Date) -> Result<Vec<FlowLine>, StoreError> {
        let sql = "SELECT flow, SUM(CASE WHEN day = ?1 THEN bytes ELSE 0 END), SUM(bytes) FROM traffic
                   WHERE day BETWEEN ?2 AND ?3 GROUP BY flow";
        let month = [day, day.first_of_month(), day.last_of_month()].map(|day| day.to_string());
        let mut statement = self.db.prepare_cached(sql).map_err(failed(WHAT))?;
        let rows = statement
            .query_map(month, |row| {
                Ok((
                    row.get::<_, String>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                ))
            })
            .map_err(failed(WHAT))?;
        let lines: Result<Vec<_>, _> = rows
            .map(|row| {
                let (code, today, month) = row.map_err(failed(WHAT))?;
                let flow = Flow::from_code(&code).ok_or(StoreError::Unreadable { what: WHAT })?;
                Ok(FlowLine {
                    flow,
                    today: u64::try_from(today).map_err(unreadable(WHAT))?,
                    month: u64::try_from(month).map_err(unreadable(WHAT))?,
                })
            })
            .collect();
        let mut lines = lines?;
        lines.sort_by_key(|line| line.flow);
        Ok(lines)
    }
}
