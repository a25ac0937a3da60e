//! Printing a signed act: one tap puts it in the queue, and it leaves when its printer is ready. What the driver has in
//! its hands goes on while the terminal is locked; everything else waits for the officer.

use std::collections::BTreeMap;

use domain::dialogue::Notice;
use domain::journal::{Operation, Recipient};
use domain::printing::{
    Paper, PrintFailure, PrintLine, PrintState, PrinterAddress, PrinterLine, PrinterTrouble, PrintingView,
};
use domain::record::ActKind;
use domain::{ActId, Digest};

use super::unlock::Desk;
use crate::engine::{Effect, Engine};
use crate::print::queue::{Next, PrintJob, Queue};
use crate::print::{Answer, JobKey, Obstacle, Order, Progress, Sent};
use crate::store::{OfficerStore, StoreError};

/// What outlives a lock: the driver's work.
#[derive(Default)]
pub(crate) struct Printing {
    /// Jobs that the driver has in its hands, with the order that it carries.
    carried: BTreeMap<JobKey, Carried>,
    /// What became of documents that were sent, while nobody's database was open to keep it.
    late: Vec<(JobKey, Sent)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Carried {
    Question,
    Document,
    Withdrawal,
}

impl Engine {
    pub(crate) fn add_printer(&mut self, address: &str) {
        match PrinterAddress::parse(address) {
            Ok(printer) => self.out.push(Effect::Print(Order::Meet(printer))),
            Err(_) => self.notice(Notice::NotAPrinter),
        }
    }

    pub(crate) fn print(
        &mut self,
        act: ActId,
        paper: Paper,
        printer: Option<PrinterAddress>,
    ) -> Result<(), StoreError> {
        if !self.profiles.settings().printing {
            self.notice(Notice::NotConfigured);
            return Ok(());
        }
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let known = desk.store.printers()?;
        let chosen = match printer {
            Some(printer) => known.into_iter().find(|known| known.address == printer),
            None => known.into_iter().next(),
        };
        let Some(chosen) = chosen else {
            self.notice(Notice::NotAPrinter);
            return Ok(());
        };
        if self.document(act, paper)?.is_none() {
            // It goes with the rest where there is one.
            if paper == Paper::Requisition {
                return Ok(());
            }
            self.refuse_print(PrintFailure::DocumentGone);
            return Ok(());
        }
        let key = JobKey {
            act,
            paper,
            printer: chosen.address.clone(),
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.store.save_printer(&chosen, now)?;
        if let Some(job) = desk.queue.ask(key, now) {
            desk.store.save_print_job(&job)?;
        }
        self.stale.printing = true;
        self.advance_printing();
        Ok(())
    }

    /// Takes a job off the list. One that a printer has is taken back from there first; one whose document is leaving
    /// cannot be.
    pub(crate) fn cancel_print(&mut self, key: JobKey) -> Result<(), StoreError> {
        self.stale.printing = true;
        let Some(desk) = self.desk() else { return Ok(()) };
        match desk.queue.state(&key) {
            Some(PrintState::Printing { job, .. }) => {
                self.printing.carried.insert(key.clone(), Carried::Withdrawal);
                self.out.push(Effect::Print(Order::Withdraw { key, job }));
                Ok(())
            }
            Some(
                PrintState::Waiting { .. }
                | PrintState::Printed
                | PrintState::Failed(_)
                | PrintState::InDoubt,
            ) => desk.forget_print(&key),
            Some(PrintState::Sending) | None => Ok(()),
        }
    }

    /// Gives the driver what is due.
    pub(crate) fn advance_printing(&mut self) {
        let now_ms = self.now.mono_ms;
        while let Some(next) = self.next_print(now_ms) {
            let order = match next {
                Next::Greet(key) => {
                    self.printing.carried.insert(key.clone(), Carried::Question);
                    Order::Greet(key)
                }
                Next::Follow { key, job } => {
                    self.printing.carried.insert(key.clone(), Carried::Question);
                    Order::Follow { key, job }
                }
            };
            self.out.push(Effect::Print(order));
        }
    }

    fn next_print(&self, now_ms: u64) -> Option<Next> {
        let Desk::Open(desk) = &self.desk else { return None };
        desk.queue.next(now_ms, |key| self.printing.is_busy(key))
    }

    pub(crate) fn print_wakeup(&self) -> Option<u64> {
        let Desk::Open(desk) = &self.desk else { return None };
        desk.queue.next_due(|key| self.printing.is_busy(key))
    }

    pub(crate) fn print_answered(&mut self, answer: Answer) -> Result<(), StoreError> {
        self.stale.printing = true;
        let answered = match answer {
            Answer::Met { printer, result } => self.printer_met(printer, result),
            Answer::Greeted { key, result } => self.greeted(&key, result),
            Answer::Sent { key, sent } => {
                self.printing.carried.remove(&key);
                self.printing.late.push((key, sent));
                self.settle_late_prints()
            }
            Answer::Followed { key, progress } => self.followed(&key, progress),
            Answer::Withdrawn { key, gone } => {
                self.printing.carried.remove(&key);
                match self.desk() {
                    Some(desk) if gone => desk.forget_print(&key),
                    Some(_) => {
                        // It stays on the list, as being printed.
                        self.notice(Notice::PrinterUnreachable);
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
        };
        self.advance_printing();
        answered
    }

    fn printer_met(
        &mut self,
        address: PrinterAddress,
        result: Result<String, Obstacle>,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        match result {
            Ok(name) => desk.store.save_printer(&PrinterLine { address, name }, now),
            Err(Obstacle::Passing(_)) => {
                self.notice(Notice::PrinterUnreachable);
                Ok(())
            }
            Err(Obstacle::Lasting(failure)) => {
                self.refuse_print(failure);
                Ok(())
            }
        }
    }

    fn followed(&mut self, key: &JobKey, progress: Progress) -> Result<(), StoreError> {
        // What the officer takes back is no news that it was cancelled.
        if self.printing.carried.get(key) == Some(&Carried::Withdrawal) {
            return Ok(());
        }
        self.printing.carried.remove(key);
        let now_ms = self.now.mono_ms;
        let changed = self
            .desk()
            .and_then(|desk| desk.queue.followed(key, progress, now_ms));
        changed.map_or(Ok(()), |job| self.print_changed(&job))
    }

    /// The printer is ready: only now is the document read, and it is kept as leaving before it leaves.
    fn greeted(&mut self, key: &JobKey, result: Result<(), Obstacle>) -> Result<(), StoreError> {
        self.printing.carried.remove(key);
        let now_ms = self.now.mono_ms;
        if self.desk().is_none() {
            return Ok(());
        }
        let document = match result {
            Ok(()) => self.document(key.act, key.paper)?,
            Err(_) => None,
        };
        let row = self.device.row_of(key.act)?;
        let Some(desk) = self.desk() else { return Ok(()) };
        let changed = match (&document, result) {
            (None, Ok(())) => desk.queue.document_gone(key),
            _ => desk.queue.greeted(key, result, now_ms),
        };
        let Some(job) = changed else { return Ok(()) };
        let kept = self.print_changed(&job);
        let Some(pdf) = document.filter(|_| job.state == PrintState::Sending) else {
            return kept;
        };
        let officer = self.officer_id();
        let printed = Operation::Printed {
            // A sheet of rights leaves before there is a record.
            record: row.as_ref().map_or_else(|| Digest::of(&pdf), |row| row.record),
            to: Some(Recipient::Printer(Digest::of(key.printer.to_string().as_bytes()))),
        };
        if let Err(error) = kept.and_then(|()| self.device.log(self.now, officer, printed)) {
            // Nothing left: it waits as before.
            let now_ms = self.now.mono_ms;
            if let Some(desk) = self.desk() {
                let stays = Sent::NotTaken(Obstacle::Passing(PrinterTrouble::Busy));
                desk.queue.sent(key, stays, now_ms);
            }
            return Err(error);
        }
        self.printing.carried.insert(key.clone(), Carried::Document);
        let title = row.map_or_else(
            || "NEO".to_owned(),
            |row| match row.number {
                Some(number) => format!("NEO {number}"),
                None => row.kind.code().to_owned(),
            },
        );
        self.out.push(Effect::Print(Order::Send {
            key: key.clone(),
            title,
            pdf,
        }));
        Ok(())
    }

    /// Takes up what became of documents that were sent, now that the officer's database is open.
    fn settle_late_prints(&mut self) -> Result<(), StoreError> {
        let now_ms = self.now.mono_ms;
        let Desk::Open(desk) = &mut self.desk else {
            return Ok(());
        };
        let mut changed = Vec::new();
        let queue = &mut desk.queue;
        self.printing.late.retain(|(key, sent)| {
            let is_ours = queue.state(key).is_some();
            changed.extend(queue.sent(key, *sent, now_ms));
            !is_ours
        });
        changed.iter().try_for_each(|job| self.print_changed(job))
    }

    /// Keeps a job, and says what the officer must know.
    fn print_changed(&mut self, job: &PrintJob) -> Result<(), StoreError> {
        if let Some(desk) = self.desk() {
            desk.store.save_print_job(job)?;
        }
        if let PrintState::Failed(failure) = job.state {
            self.refuse_print(failure);
        }
        tracing::info!(act = %job.key.act, state = ?job.state, "print job");
        Ok(())
    }

    fn refuse_print(&mut self, failure: PrintFailure) {
        self.notice(match failure {
            PrintFailure::NotAPrinter => Notice::NotAPrinter,
            PrintFailure::NoPdf
            | PrintFailure::Protected
            | PrintFailure::Refused
            | PrintFailure::Aborted
            | PrintFailure::CancelledThere
            | PrintFailure::DocumentGone => Notice::PrinterRefused { failure },
        });
    }

    /// The PDF, while this officer may read it: signed, but for a sheet of rights that is before a victim.
    fn document(&mut self, act: ActId, paper: Paper) -> Result<Option<Vec<u8>>, StoreError> {
        let readable = self.readable(act)?;
        let Some(desk) = self.desk() else { return Ok(None) };
        Ok(match (readable, paper) {
            (Some(readable), Paper::Act) => readable.document,
            (Some(readable), Paper::Recepisse) => readable.recepisse,
            (Some(readable), Paper::Rights) => readable.rights,
            (Some(readable), Paper::Requisition) => readable.requisition,
            (Some(_), Paper::Leaflet) => None,
            (None, Paper::Rights | Paper::Leaflet) => desk.store.rights(act)?,
            (None, Paper::Act | Paper::Recepisse | Paper::Requisition) => None,
        })
    }

    /// The jobs of the officer whose database has just opened, with what came of those sent before.
    pub(crate) fn open_queue(&self, store: &OfficerStore) -> Result<Queue, StoreError> {
        let is_carried = |key: &JobKey| {
            self.printing.carried.get(key) == Some(&Carried::Document)
                || self.printing.late.iter().any(|(late, _)| late == key)
        };
        let (queue, changed) = Queue::load(store.print_jobs(self.now.utc)?, is_carried);
        for job in &changed {
            store.save_print_job(job)?;
        }
        Ok(queue)
    }

    pub(crate) fn resume_printing(&mut self) -> Result<(), StoreError> {
        self.stale.printing = true;
        self.settle_late_prints()?;
        self.advance_printing();
        Ok(())
    }

    pub(crate) fn printing_view(&self) -> Result<PrintingView, StoreError> {
        let mut view = PrintingView {
            printers: Vec::new(),
            jobs: Vec::new(),
        };
        if let Desk::Open(desk) = &self.desk {
            view.printers = desk.store.printers()?;
            for job in desk.queue.jobs().iter().rev() {
                let row = self.device.row_of(job.key.act)?;
                view.jobs.push(PrintLine {
                    act: job.key.act,
                    paper: job.key.paper,
                    printer: job.key.printer.clone(),
                    kind: row
                        .as_ref()
                        .map_or_else(|| kind_of(job.key.paper), |row| row.kind),
                    number: row.and_then(|row| row.number),
                    asked: job.asked,
                    state: job.state,
                });
            }
        }
        Ok(view)
    }
}

/// Of an act that is not signed yet: a sheet of rights is a complaint's.
const fn kind_of(paper: Paper) -> ActKind {
    match paper {
        Paper::Rights | Paper::Requisition => ActKind::Plainte,
        Paper::Act | Paper::Recepisse | Paper::Leaflet => ActKind::Pv,
    }
}

impl Printing {
    /// One order at a time for each printer.
    fn is_busy(&self, key: &JobKey) -> bool {
        self.carried.keys().any(|carried| carried.printer == key.printer)
    }
}
