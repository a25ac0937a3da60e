//! An order of HQ: proven, decided in one commit, carried out, and told to HQ by the next hello.
//!
//! What a crash interrupts is carried out at the next start, from the decision on.

use domain::canonical;
use domain::orders::{Ban, Command, Order, OrderOutcome};
use sync::wire::v1::OrdersTaken;

use crate::engine::{CommitPoint, Engine};
use crate::keys::{KeysError, destroy_slot, remove};
use crate::store::{StoreError, with_its_log};

impl Engine {
    /// Takes an order that HQ's command key signed as `cose`, for this terminal, after the last one; any other changes
    /// nothing.
    pub(crate) fn obey(&mut self, payload: &[u8], cose: &[u8]) -> Result<(), StoreError> {
        let order = canonical::decode::<Order>(payload)
            .ok()
            .filter(|order| order.device == self.enrolment.terminal.device);
        let Some(order) = order else {
            tracing::warn!("an order that is not for this terminal was dropped");
            return Ok(());
        };
        // An order that a file withstood comes first: a later one never overtakes it.
        if !self.finish_begun()? {
            return Ok(());
        }
        let sequence = order.sequence;
        if !self.device.take_order(&order, cose)? {
            tracing::warn!(sequence, "an order out of its sequence was dropped");
            return Ok(());
        }
        self.passed(CommitPoint::OrderTaken);
        let outcome = if order.not_after < self.now.utc {
            OrderOutcome::Expired
        } else {
            if !self.carry_out(order.command)? {
                return Ok(());
            }
            OrderOutcome::Done
        };
        self.finish(sequence, order.command, outcome)?;
        self.take_restored()?;
        // HQ is waiting to hear of it.
        self.send_hello()
    }

    /// At the start, before anything else.
    pub(crate) fn resume_order(&mut self) -> Result<(), StoreError> {
        self.ban = Ban::after(self.device.orders_done()?);
        self.finish_begun()?;
        Ok(())
    }

    /// False while an order is decided and cannot be carried out.
    fn finish_begun(&mut self) -> Result<bool, StoreError> {
        let Some((sequence, command)) = self.device.unfinished_order()? else {
            return Ok(true);
        };
        if !self.carry_out(command)? {
            return Ok(false);
        }
        self.finish(sequence, command, OrderOutcome::Done)?;
        Ok(true)
    }

    /// What a hello says of orders.
    pub(crate) fn orders_taken(&self) -> Result<OrdersTaken, StoreError> {
        Ok(OrdersTaken {
            up_to: self.device.last_order()?,
            latest: self.device.orders_told()?,
        })
    }

    /// Each command may be begun again from any point that a crash left. False when a file withstood: the next start
    /// tries again, and until then nobody is told that it is done.
    fn carry_out(&mut self, command: Command) -> Result<bool, StoreError> {
        match command {
            Command::Lock => self.lock()?,
            // A draft waits in the order itself until its officer is at work.
            Command::Unlock | Command::Restore => {}
            Command::RotateKeys => {
                let officers = self.enrolment.officers.iter();
                self.device
                    .ask_for_rotation(officers.map(|enrolled| enrolled.officer.id))?;
            }
            Command::Wipe => {
                // Nobody unlocks between the decision and its end.
                self.ban = Some(Ban::Wiped);
                self.lock()?;
                if let Err(error) = self.destroy_what_officers_read() {
                    tracing::error!(error = &error as &dyn std::error::Error, "a wipe is not finished");
                    return Ok(false);
                }
                self.device.forget_drafts_to_restore()?;
                self.passed(CommitPoint::Wiped);
            }
        }
        Ok(true)
    }

    fn finish(&mut self, sequence: u64, command: Command, outcome: OrderOutcome) -> Result<(), StoreError> {
        self.device.finish_order(sequence, outcome, self.now)?;
        tracing::warn!(
            sequence,
            command = command.code(),
            outcome = outcome.code(),
            "order taken"
        );
        self.ban = Ban::after(self.device.orders_done()?);
        self.stale.lock = true;
        Ok(())
    }

    /// Keys first: without its slot a database is noise, whatever its file system keeps of it. Officers who are no
    /// longer enrolled here are not forgotten.
    fn destroy_what_officers_read(&self) -> Result<(), KeysError> {
        let listed = self.site.officers().map_err(|source| KeysError::File {
            name: "officers".to_owned(),
            source,
        })?;
        for &officer in &listed {
            destroy_slot(&self.site.officer_dir(officer))?;
        }
        for officer in listed {
            let database = self.site.officer_db(officer);
            for file in with_its_log(&database)
                .into_iter()
                .chain(with_its_log(&database.with_extension("next")))
            {
                remove(&file)?;
            }
        }
        Ok(())
    }
}
