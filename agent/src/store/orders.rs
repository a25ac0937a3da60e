//! Orders that HQ gave this terminal: what was decided, and what was carried out.

use domain::journal::Operation;
use domain::orders::{Command, Order, OrderOutcome, OrderTaken, Told};
use domain::{OfficerId, Timestamp, UnixMs};
use rusqlite::params;

use super::journal::append;
use super::{DeviceStore, StoreError, failed, one, run, unreadable};

/// The most orders that a hello speaks of.
const TOLD: u32 = 16;

impl DeviceStore {
    /// The sequence of the last order taken; 0 before the first.
    pub fn last_order(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(sequence), 0) FROM order_taken";
        let last = one(&self.db, "order", sql, [], |row| row.get::<_, i64>(0))?;
        u64::try_from(last.unwrap_or(0)).map_err(unreadable("order"))
    }

    /// Decides to carry `order` out, or with `against` that nothing comes of it; false when it is not the one after the
    /// last.
    pub fn take_order(
        &mut self,
        order: &Order,
        cose: &[u8],
        against: Option<OrderOutcome>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        if self.last_order()?.checked_add(1) != Some(order.sequence) {
            return Ok(false);
        }
        let Ok(sequence) = i64::try_from(order.sequence) else {
            return Ok(false);
        };
        let journal = self.journal;
        let tx = self.write("order")?;
        run(
            &tx,
            "order",
            "INSERT INTO order_taken (sequence, command, cose, outcome, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                sequence,
                command_code(order.command),
                cose,
                against.map(outcome_code),
                against.map(|_| now.utc.0)
            ],
        )?;
        if let Some(outcome) = against {
            let sequence = order.sequence;
            append(&tx, journal, now, None, Operation::Ordered { sequence, outcome })?;
        }
        tx.commit().map_err(failed("order"))?;
        Ok(true)
    }

    /// The order that was decided and not carried out to its end.
    pub fn unfinished_order(&self) -> Result<Option<(u64, Command)>, StoreError> {
        let sql = "SELECT sequence, command FROM order_taken WHERE outcome IS NULL ORDER BY sequence LIMIT 1";
        let row = one(&self.db, "order", sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        row.map(|(sequence, command): (i64, i64)| {
            let sequence = u64::try_from(sequence).map_err(unreadable("order"))?;
            Ok((sequence, command_of(command)?))
        })
        .transpose()
    }

    /// The order is carried out: the journal says so and what left, and the signed `reports` on it wait for HQ.
    pub fn finish_order(
        &mut self,
        sequence: u64,
        outcome: OrderOutcome,
        reports: &[Vec<u8>],
        told: Option<Told>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("order")?;
        let row = i64::try_from(sequence).map_err(unreadable("order"))?;
        run(
            &tx,
            "order",
            "UPDATE order_taken SET outcome = ?2, at = ?3 WHERE sequence = ?1",
            params![row, outcome_code(outcome), now.utc.0],
        )?;
        for (part, cose) in (0_i64..).zip(reports) {
            run(
                &tx,
                "order report",
                "INSERT INTO order_report (sequence, part, cose) VALUES (?1, ?2, ?3)",
                params![row, part, cose],
            )?;
        }
        if let Some(what) = told {
            append(&tx, journal, now, None, Operation::ToldByOrder { sequence, what })?;
        }
        append(&tx, journal, now, None, Operation::Ordered { sequence, outcome })?;
        tx.commit().map_err(failed("order"))
    }

    /// From now on each of `officers` gets a fresh key at their next unlock.
    pub fn ask_for_rotation(&self, officers: impl IntoIterator<Item = OfficerId>) -> Result<(), StoreError> {
        officers
            .into_iter()
            .try_for_each(|officer| self.put_setting(&rotation(officer), &[]))
    }

    pub fn awaits_rotation(&self, officer: OfficerId) -> Result<bool, StoreError> {
        Ok(self.setting(&rotation(officer))?.is_some())
    }

    /// The officer's database has a fresh key.
    pub fn note_rotation(&mut self, officer: OfficerId, now: Timestamp) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("rotation")?;
        run(
            &tx,
            "rotation",
            "DELETE FROM setting WHERE name = ?1",
            [rotation(officer)],
        )?;
        append(&tx, journal, now, Some(officer), Operation::KeyRotated)?;
        tx.commit().map_err(failed("rotation"))
    }

    /// The signed orders to restore a draft whose officer has not got it yet.
    pub fn drafts_to_restore(&self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let sql =
            "SELECT sequence, cose FROM order_taken WHERE command = ?1 AND outcome = ?2 AND length(cose) > 0
                   ORDER BY sequence";
        let mut rows = self.db.prepare_cached(sql).map_err(failed("order"))?;
        let rows = rows
            .query_map(
                [command_code(Command::Restore), outcome_code(OrderOutcome::Done)],
                |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)),
            )
            .map_err(failed("order"))?;
        rows.map(|row| {
            let (sequence, cose) = row.map_err(failed("order"))?;
            Ok((u64::try_from(sequence).map_err(unreadable("order"))?, cose))
        })
        .collect()
    }

    /// The draft of order `sequence` is with its officer, and the journal says so.
    pub fn note_restored(
        &mut self,
        sequence: u64,
        officer: OfficerId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("order")?;
        run(
            &tx,
            "order",
            "UPDATE order_taken SET cose = x'' WHERE sequence = ?1",
            [i64::try_from(sequence).map_err(unreadable("order"))?],
        )?;
        append(&tx, journal, now, Some(officer), Operation::DraftRestored)?;
        tx.commit().map_err(failed("order"))
    }

    /// What was given back and not yet taken is readable here: a wipe ends that too.
    pub fn forget_drafts_to_restore(&self) -> Result<(), StoreError> {
        let sql = "UPDATE order_taken SET cose = x'' WHERE command = ?1";
        run(&self.db, "order", sql, [command_code(Command::Restore)]).map(drop)
    }

    /// An order as HQ signed it.
    pub fn order_cose(&self, sequence: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT cose FROM order_taken WHERE sequence = ?1";
        let row = i64::try_from(sequence).map_err(unreadable("order"))?;
        one(&self.db, "order", sql, [row], |row| row.get(0))
    }

    /// The signed orders to send footage that were carried out, the latest first: sixteen at most.
    pub fn footage_orders(&self) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT cose FROM order_taken WHERE command = ?1 AND outcome = ?2
                   ORDER BY sequence DESC LIMIT ?3";
        let mut rows = self.db.prepare(sql).map_err(failed("order"))?;
        let rows = rows
            .query_map(
                [
                    command_code(Command::SendFootage),
                    outcome_code(OrderOutcome::Done),
                    i64::from(TOLD),
                ],
                |row| row.get(0),
            )
            .map_err(failed("order"))?;
        rows.map(|row| row.map_err(failed("order"))).collect()
    }

    /// Every command that was carried out, in the order of HQ.
    pub fn orders_done(&self) -> Result<Vec<Command>, StoreError> {
        let sql = "SELECT command FROM order_taken WHERE outcome = ?1 ORDER BY sequence";
        let mut rows = self.db.prepare(sql).map_err(failed("order"))?;
        let rows = rows
            .query_map([outcome_code(OrderOutcome::Done)], |row| row.get(0))
            .map_err(failed("order"))?;
        rows.map(|row| command_of(row.map_err(failed("order"))?))
            .collect()
    }

    /// The latest orders with their outcome, the oldest first: sixteen at most.
    pub fn orders_told(&self) -> Result<Vec<OrderTaken>, StoreError> {
        let sql = "SELECT sequence, outcome, at FROM order_taken WHERE outcome IS NOT NULL
                   ORDER BY sequence DESC LIMIT ?1";
        let mut rows = self.db.prepare(sql).map_err(failed("order"))?;
        let rows = rows
            .query_map([TOLD], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, i64>(2)?,
                ))
            })
            .map_err(failed("order"))?;
        let mut told = Vec::new();
        for row in rows {
            let (sequence, outcome, at) = row.map_err(failed("order"))?;
            told.push(OrderTaken {
                sequence: u64::try_from(sequence).map_err(unreadable("order"))?,
                outcome: outcome_of(outcome)?,
                at: UnixMs(at),
            });
        }
        told.reverse();
        Ok(told)
    }
}

fn rotation(officer: OfficerId) -> String {
    format!("rotate/{officer}")
}

pub(super) const fn command_code(command: Command) -> i64 {
    match command {
        Command::Lock => 0,
        Command::Unlock => 1,
        Command::Wipe => 2,
        Command::RotateKeys => 3,
        Command::Restore => 4,
        Command::Locate => 5,
        Command::PullLogs => 6,
        Command::WipeAll => 7,
        Command::SendFootage => 8,
    }
}

fn command_of(code: i64) -> Result<Command, StoreError> {
    Command::ALL
        .into_iter()
        .find(|command| command_code(*command) == code)
        .ok_or(StoreError::Unreadable { what: "order" })
}

pub(super) const fn outcome_code(outcome: OrderOutcome) -> i64 {
    match outcome {
        OrderOutcome::Done => 0,
        OrderOutcome::Expired => 1,
        OrderOutcome::Unapproved => 2,
        OrderOutcome::Failed => 3,
    }
}

fn outcome_of(code: i64) -> Result<OrderOutcome, StoreError> {
    OrderOutcome::ALL
        .into_iter()
        .find(|outcome| outcome_code(*outcome) == code)
        .ok_or(StoreError::Unreadable { what: "order" })
}
