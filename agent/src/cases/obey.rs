//! An order of HQ: proven, decided in one commit, carried out, and told to HQ by the next hello.
//!
//! What a crash interrupts is carried out at the next start, from the decision on. What an order must not do is decided
//! before the commit that takes it, so that no start carries it out.

use domain::canonical;
use domain::orders::{APPROVAL, Approvals, Ban, Command, Found, Located, Order, OrderOutcome, Told};
use sync::wire::v1::OrdersTaken;
use trust::approval::approvers;
use trust::cert::Certificate;
use trust::seal;

use crate::engine::{CommitPoint, Effect, Engine};
use crate::store::StoreError;
use crate::work::{Job, LogsJob, SealedLogs};

/// How far an order is.
enum Carried {
    /// To its end; what it found, and what the journal says of that.
    Out(Vec<Found>, Option<Told>),
    /// It cannot be done, now or later.
    Failed,
    /// A worker is at it, or a file withstood, and the next start tries again: nobody is told that it is done.
    NotYet,
}

impl Carried {
    const DONE: Self = Self::Out(Vec::new(), None);
}

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
        // An order that is not finished comes first: a later one never overtakes it.
        if !self.finish_begun()? {
            return Ok(());
        }
        let sequence = order.sequence;
        let verdict = self.against(&order);
        if !self.device.take_order(&order, cose, verdict, self.now)? {
            tracing::warn!(sequence, "an order out of its sequence was dropped");
            return Ok(());
        }
        self.passed(CommitPoint::OrderTaken);
        match verdict {
            Some(outcome) => self.taken(sequence, order.command, outcome)?,
            None if !self.finish_begun()? => return Ok(()),
            None => {}
        }
        self.told_of_order()
    }

    /// Why an order is taken and not carried out.
    fn against(&self, order: &Order) -> Option<OrderOutcome> {
        if order.not_after < self.now.utc {
            Some(OrderOutcome::Expired)
        } else if order.command == Command::WipeAll && !self.is_approved(order) {
            Some(OrderOutcome::Unapproved)
        } else {
            None
        }
    }

    /// The word of two persons whom the root vouches for: HQ's command key alone is not enough.
    fn is_approved(&self, order: &Order) -> bool {
        let body = order.body.as_deref().unwrap_or_default();
        let Ok(approvals) = canonical::decode::<Approvals>(body) else {
            return false;
        };
        let signed = approvals
            .signed
            .iter()
            .map(|one| (one.certificate.as_slice(), one.approval.as_slice()));
        let exact = canonical::encode(&order.to_approve());
        let judged = approvers(&exact, APPROVAL, signed, &self.anchors.root, self.now.utc.0);
        if let Err(reason) = &judged {
            tracing::error!(sequence = order.sequence, %reason, "an order lacks its approvals");
        }
        judged.is_ok() && !self.has_lost_an_approver(&approvals)
    }

    /// Whether one of the persons may no longer approve: the lists say so of a key that was lost.
    fn has_lost_an_approver(&self, approvals: &Approvals) -> bool {
        approvals.signed.iter().any(|one| {
            Certificate::from_der(&one.certificate).is_ok_and(|approver| self.is_revoked(&approver))
        })
    }

    /// At the start, before anything else.
    pub(crate) fn resume_order(&mut self) -> Result<(), StoreError> {
        self.ban = Ban::after(self.device.orders_done()?);
        self.finish_begun()?;
        Ok(())
    }

    /// False while an order is decided and not carried out.
    fn finish_begun(&mut self) -> Result<bool, StoreError> {
        let Some((sequence, command)) = self.device.unfinished_order()? else {
            return Ok(true);
        };
        match self.carry_out(sequence, command)? {
            Carried::Out(found, told) => self.finish(sequence, command, found, told)?,
            Carried::Failed => {
                self.device
                    .finish_order(sequence, OrderOutcome::Failed, &[], None, self.now)?;
                self.taken(sequence, command, OrderOutcome::Failed)?;
            }
            Carried::NotYet => return Ok(false),
        }
        Ok(true)
    }

    /// What a hello says of orders.
    pub(crate) fn orders_taken(&self) -> Result<OrdersTaken, StoreError> {
        Ok(OrdersTaken {
            up_to: self.device.last_order()?,
            latest: self.device.orders_told()?,
        })
    }

    /// Each command may be begun again from any point that a crash left.
    fn carry_out(&mut self, sequence: u64, command: Command) -> Result<Carried, StoreError> {
        match command {
            Command::Lock => {
                self.lock()?;
                Ok(Carried::DONE)
            }
            // A draft waits in the order itself until its officer is at work.
            Command::Unlock | Command::Restore => Ok(Carried::DONE),
            Command::RotateKeys => {
                let officers = self.enrolment.officers.iter();
                self.device
                    .ask_for_rotation(officers.map(|enrolled| enrolled.officer.id))?;
                Ok(Carried::DONE)
            }
            Command::Wipe | Command::WipeAll => {
                let all = command == Command::WipeAll;
                Ok(match self.wipe(sequence, all)? {
                    Some(destroyed) => Carried::Out(vec![Found::Destroyed(destroyed)], None),
                    None => Carried::NotYet,
                })
            }
            Command::SendFootage => Ok(if self.is_footage_order(sequence)? {
                Carried::DONE
            } else {
                Carried::Failed
            }),
            Command::Locate => {
                let fix = self.last_position()?;
                let located = canonical::encode(&Located { fix });
                let told = Told::Position { known: fix.is_some() };
                Ok(match seal::seal(&[self.anchors.recipient], &located) {
                    Ok(sealed) => Carried::Out(vec![Found::Located(sealed)], Some(told)),
                    Err(_) => Carried::Failed,
                })
            }
            Command::PullLogs => {
                if self.reporting.reads.replace(sequence) != Some(sequence) {
                    self.out.push(Effect::Work(Job::Logs(LogsJob {
                        sequence,
                        folder: self.site.logs(),
                        recipient: self.anchors.recipient,
                    })));
                }
                Ok(Carried::NotYet)
            }
        }
    }

    /// A worker has read the log, or could not.
    pub(crate) fn logs_read(&mut self, sequence: u64, read: Option<SealedLogs>) -> Result<(), StoreError> {
        self.reporting.reads = None;
        if self.device.unfinished_order()? != Some((sequence, Command::PullLogs)) {
            return Ok(());
        }
        match read {
            Some(SealedLogs {
                pieces,
                bytes,
                sha256,
            }) => {
                let found = pieces.into_iter().map(Found::Logs).collect();
                let told = Told::Logs { bytes, sha256 };
                self.finish(sequence, Command::PullLogs, found, Some(told))?;
            }
            None => {
                self.device
                    .finish_order(sequence, OrderOutcome::Failed, &[], None, self.now)?;
                self.taken(sequence, Command::PullLogs, OrderOutcome::Failed)?;
            }
        }
        self.told_of_order()
    }

    fn finish(
        &mut self,
        sequence: u64,
        command: Command,
        found: Vec<Found>,
        told: Option<Told>,
    ) -> Result<(), StoreError> {
        let reports = self.reports(sequence, found)?;
        self.device
            .finish_order(sequence, OrderOutcome::Done, &reports, told, self.now)?;
        self.passed(CommitPoint::OrderFinished);
        self.taken(sequence, command, OrderOutcome::Done)?;
        if command == Command::Locate {
            self.tell_located()?;
        }
        if command == Command::SendFootage {
            self.footage_ordered(sequence)?;
        }
        Ok(())
    }

    /// What follows from an order that has its outcome.
    fn taken(&mut self, sequence: u64, command: Command, outcome: OrderOutcome) -> Result<(), StoreError> {
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

    /// HQ is waiting to hear of it.
    fn told_of_order(&mut self) -> Result<(), StoreError> {
        self.take_restored()?;
        self.send_hello()?;
        self.send_reports()
    }
}
