//! The queue: which job is next, and what an answer makes of it. It decides on states that its caller has kept, and
//! has no input, output or clock.
//!
//! A job is `Sending` from before its first byte leaves until the printer's answer is kept: found so after a crash,
//! nobody knows whether there is paper, and only the officer may have it sent again.

use std::collections::BTreeMap;

use domain::printing::{PrintFailure, PrintState};
use domain::{ActId, Timestamp};

use super::{JobKey, Obstacle, Progress, Sent};

/// A job as the officer's database keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintJob {
    pub key: JobKey,
    pub asked: Timestamp,
    pub state: PrintState,
}

/// Milliseconds between two looks at a job that is being printed: at first, and when it takes its time.
const LOOK: u64 = 1_000;
const LOOK_LATER: u64 = 5_000;
const FIRST_LOOKS: u32 = 15;
/// Milliseconds until a job that could not leave is tried again: doubled each time, up to the longest.
const RETRY: u64 = 2_000;
const RETRY_LONGEST: u64 = 120_000;

/// The jobs of one officer, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    jobs: Vec<PrintJob>,
    pace: BTreeMap<JobKey, Pace>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    /// On the device's clock.
    due: u64,
    tries: u32,
}

/// What the driver is to do next for a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Next {
    Greet(JobKey),
    Follow { key: JobKey, job: u32 },
}

impl Queue {
    /// Takes up the jobs of a database that was closed; gives those that must be kept anew. `is_carried` tells of a
    /// job that the driver still has in its hands.
    pub(crate) fn load(
        mut jobs: Vec<PrintJob>,
        is_carried: impl Fn(&JobKey) -> bool,
    ) -> (Self, Vec<PrintJob>) {
        let mut changed = Vec::new();
        for job in &mut jobs {
            if job.state == PrintState::Sending && !is_carried(&job.key) {
                job.state = PrintState::InDoubt;
                changed.push(job.clone());
            }
        }
        let queue = Self {
            jobs,
            pace: BTreeMap::new(),
        };
        (queue, changed)
    }

    pub(crate) fn jobs(&self) -> &[PrintJob] {
        &self.jobs
    }

    fn job(&mut self, key: &JobKey) -> Option<&mut PrintJob> {
        self.jobs.iter_mut().find(|job| job.key == *key)
    }

    pub(crate) fn state(&self, key: &JobKey) -> Option<PrintState> {
        self.jobs.iter().find(|job| job.key == *key).map(|job| job.state)
    }

    /// The officer asks for a print; gives the job that must be kept, none when it is on its way already.
    pub(crate) fn ask(&mut self, key: JobKey, now: Timestamp) -> Option<PrintJob> {
        match self.state(&key) {
            Some(PrintState::Sending | PrintState::Printing { .. }) => return None,
            Some(PrintState::Waiting { .. }) => {
                // Asked again it waits no longer, and is still one job.
                self.pace.remove(&key);
                return None;
            }
            Some(PrintState::Printed | PrintState::Failed(_) | PrintState::InDoubt) | None => {}
        }
        self.pace.remove(&key);
        self.jobs.retain(|job| job.key != key);
        let job = PrintJob {
            key,
            asked: now,
            state: PrintState::Waiting { trouble: None },
        };
        self.jobs.push(job.clone());
        Some(job)
    }

    pub(crate) fn drop_job(&mut self, key: &JobKey) {
        self.jobs.retain(|job| job.key != *key);
        self.pace.remove(key);
    }

    /// Acts that nobody may read any more are printed no more.
    pub(crate) fn forget(&mut self, acts: &[ActId]) {
        self.jobs.retain(|job| !acts.contains(&job.key.act));
        self.pace.retain(|key, _| !acts.contains(&key.act));
    }

    /// The oldest job that is due on a printer that the driver is not talking to.
    pub(crate) fn next(&self, now_ms: u64, is_busy: impl Fn(&JobKey) -> bool) -> Option<Next> {
        self.jobs
            .iter()
            .filter(|job| self.due(&job.key) <= now_ms && !is_busy(&job.key))
            .find_map(step)
    }

    /// When [`Queue::next`] may have something to say.
    pub(crate) fn next_due(&self, is_busy: impl Fn(&JobKey) -> bool) -> Option<u64> {
        self.jobs
            .iter()
            .filter(|job| step(job).is_some() && !is_busy(&job.key))
            .map(|job| self.due(&job.key))
            .min()
    }

    fn due(&self, key: &JobKey) -> u64 {
        self.pace.get(key).map_or(0, |pace| pace.due)
    }

    /// The printer answered whether it can take a document now. True: send it, once it is kept as `Sending`.
    pub(crate) fn greeted(
        &mut self,
        key: &JobKey,
        result: Result<(), Obstacle>,
        now_ms: u64,
    ) -> Option<PrintJob> {
        if !matches!(self.state(key), Some(PrintState::Waiting { .. })) {
            return None;
        }
        match result {
            Ok(()) => self.become_state(key, PrintState::Sending),
            Err(obstacle) => self.held_up(key, obstacle, now_ms),
        }
    }

    /// The document cannot be had any more.
    pub(crate) fn document_gone(&mut self, key: &JobKey) -> Option<PrintJob> {
        self.become_state(key, PrintState::Failed(PrintFailure::DocumentGone))
    }

    /// What became of a document that was sent.
    pub(crate) fn sent(&mut self, key: &JobKey, sent: Sent, now_ms: u64) -> Option<PrintJob> {
        if self.state(key) != Some(PrintState::Sending) {
            return None;
        }
        match sent {
            Sent::Taken { job, progress } => self.progressed(key, job, progress, now_ms),
            Sent::NotTaken(obstacle) => self.held_up(key, obstacle, now_ms),
            Sent::Unanswered => self.become_state(key, PrintState::InDoubt),
        }
    }

    /// What the printer says about a job.
    pub(crate) fn followed(&mut self, key: &JobKey, progress: Progress, now_ms: u64) -> Option<PrintJob> {
        match self.state(key) {
            Some(PrintState::Printing { job, .. }) => self.progressed(key, job, progress, now_ms),
            Some(
                PrintState::Waiting { .. }
                | PrintState::Sending
                | PrintState::Printed
                | PrintState::Failed(_)
                | PrintState::InDoubt,
            )
            | None => None,
        }
    }

    fn progressed(&mut self, key: &JobKey, job: u32, progress: Progress, now_ms: u64) -> Option<PrintJob> {
        let state = match progress {
            Progress::UnderWay(trouble) => {
                let pace = self.pace.entry(key.clone()).or_default();
                let is_new = pace.tries < FIRST_LOOKS && trouble.is_none();
                pace.tries = pace.tries.saturating_add(1);
                pace.due = now_ms + if is_new { LOOK } else { LOOK_LATER };
                PrintState::Printing { job, trouble }
            }
            Progress::Done => PrintState::Printed,
            Progress::Failed(failure) => PrintState::Failed(failure),
            Progress::Unknown => PrintState::InDoubt,
        };
        self.become_state(key, state)
    }

    fn held_up(&mut self, key: &JobKey, obstacle: Obstacle, now_ms: u64) -> Option<PrintJob> {
        match obstacle {
            Obstacle::Lasting(failure) => self.become_state(key, PrintState::Failed(failure)),
            Obstacle::Passing(trouble) => {
                let pace = self.pace.entry(key.clone()).or_default();
                pace.due = now_ms + (RETRY << pace.tries.min(8)).min(RETRY_LONGEST);
                pace.tries = pace.tries.saturating_add(1);
                self.become_state(
                    key,
                    PrintState::Waiting {
                        trouble: Some(trouble),
                    },
                )
            }
        }
    }

    /// The job in its new state, none when that is the one it was in.
    fn become_state(&mut self, key: &JobKey, state: PrintState) -> Option<PrintJob> {
        let kept = match state {
            PrintState::Waiting { .. } | PrintState::Printing { .. } => true,
            PrintState::Sending | PrintState::Printed | PrintState::Failed(_) | PrintState::InDoubt => false,
        };
        if !kept {
            self.pace.remove(key);
        }
        let job = self.job(key).filter(|job| job.state != state)?;
        job.state = state;
        Some(job.clone())
    }
}

fn step(job: &PrintJob) -> Option<Next> {
    let key = || job.key.clone();
    match job.state {
        PrintState::Waiting { .. } => Some(Next::Greet(key())),
        PrintState::Printing { job, .. } => Some(Next::Follow { key: key(), job }),
        PrintState::Sending | PrintState::Printed | PrintState::Failed(_) | PrintState::InDoubt => None,
    }
}

#[cfg(test)]
mod tests {
    use domain::printing::{Paper, PrinterAddress, PrinterTrouble};
    use domain::{BootId, UnixMs, Zone};

    use super::*;

    const AWAY: Obstacle = Obstacle::Passing(PrinterTrouble::Unreachable);

    fn key(act: u8, printer: &str) -> JobKey {
        JobKey {
            act: ActId::from_bytes([act; 16]),
            paper: Paper::Act,
            printer: PrinterAddress::parse(printer).unwrap(),
        }
    }

    fn now() -> Timestamp {
        Timestamp {
            utc: UnixMs(1_795_284_300_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([1; 16]),
            mono_ms: 0,
        }
    }

    fn state(queue: &Queue, key: &JobKey) -> PrintState {
        queue.state(key).unwrap()
    }

    #[test]
    fn a_job_goes_from_waiting_to_printed_and_each_step_is_given_out_to_be_kept() {
        let (mut queue, _) = Queue::load(Vec::new(), |_| false);
        let job = key(1, "a");
        assert!(queue.ask(job.clone(), now()).is_some());
        assert_eq!(queue.next(0, |_| false), Some(Next::Greet(job.clone())));
        assert_eq!(queue.greeted(&job, Ok(()), 0).unwrap().state, PrintState::Sending);
        assert_eq!(
            queue.next(u64::MAX, |_| false),
            None,
            "what is being sent is not sent again"
        );
        let taken = Sent::Taken {
            job: 7,
            progress: Progress::UnderWay(None),
        };
        let printing = PrintState::Printing {
            job: 7,
            trouble: None,
        };
        assert_eq!(queue.sent(&job, taken, 0).unwrap().state, printing);
        assert_eq!(
            queue.next(0, |_| false),
            None,
            "a printer is not asked without a pause"
        );
        let due = queue.next_due(|_| false).unwrap();
        assert_eq!(
            queue.next(due, |_| false),
            Some(Next::Follow {
                key: job.clone(),
                job: 7
            })
        );
        assert_eq!(
            queue.followed(&job, Progress::Done, due).unwrap().state,
            PrintState::Printed
        );
        assert_eq!(queue.next_due(|_| false), None);
    }

    #[test]
    fn a_job_found_sending_after_a_crash_is_in_doubt_and_goes_again_only_when_asked() {
        let sending = PrintJob {
            key: key(1, "a"),
            asked: now(),
            state: PrintState::Sending,
        };
        let (mut queue, changed) = Queue::load(vec![sending.clone()], |_| false);
        assert_eq!(changed.len(), 1);
        assert_eq!(state(&queue, &sending.key), PrintState::InDoubt);
        assert_eq!(queue.next(u64::MAX, |_| false), None);
        assert!(queue.ask(sending.key.clone(), now()).is_some());
        assert_eq!(queue.next(0, |_| false), Some(Next::Greet(sending.key.clone())));

        let (queue, changed) = Queue::load(vec![sending.clone()], |_| true);
        assert!(changed.is_empty(), "the driver has it in its hands still");
        assert_eq!(state(&queue, &sending.key), PrintState::Sending);
    }

    #[test]
    fn a_printer_that_is_away_is_tried_again_ever_later_and_at_once_when_the_officer_asks() {
        let (mut queue, _) = Queue::load(Vec::new(), |_| false);
        let job = key(1, "a");
        queue.ask(job.clone(), now());
        let mut at = 0;
        let mut pauses = Vec::new();
        for _ in 0..12 {
            queue.greeted(&job, Err(AWAY), at);
            let due = queue.next_due(|_| false).unwrap();
            pauses.push(due - at);
            at = due;
        }
        assert_eq!(pauses[..3], [2_000, 4_000, 8_000]);
        assert_eq!(pauses.last(), Some(&RETRY_LONGEST));
        assert_eq!(queue.next(at - 1, |_| false), None);
        assert_eq!(queue.ask(job.clone(), now()), None, "still one job");
        assert_eq!(queue.next(at - 1, |_| false), Some(Next::Greet(job)));
    }

    #[test]
    fn an_answer_that_never_came_and_a_job_that_the_printer_forgot_are_in_doubt() {
        let (mut queue, _) = Queue::load(Vec::new(), |_| false);
        let job = key(1, "a");
        queue.ask(job.clone(), now());
        queue.greeted(&job, Ok(()), 0);
        queue.sent(&job, Sent::Unanswered, 0);
        assert_eq!(state(&queue, &job), PrintState::InDoubt);

        queue.ask(job.clone(), now());
        queue.greeted(&job, Ok(()), 0);
        let taken = Sent::Taken {
            job: 1,
            progress: Progress::UnderWay(None),
        };
        queue.sent(&job, taken, 0);
        queue.followed(&job, Progress::Unknown, 0);
        assert_eq!(state(&queue, &job), PrintState::InDoubt);
    }

    #[test]
    fn one_printer_out_of_reach_does_not_keep_another_waiting() {
        let (mut queue, _) = Queue::load(Vec::new(), |_| false);
        let (first, second) = (key(1, "a"), key(2, "b"));
        queue.ask(first.clone(), now());
        queue.ask(second.clone(), now());
        let busy = |key: &JobKey| key.printer == first.printer;
        assert_eq!(queue.next(0, busy), Some(Next::Greet(second)));
    }

    #[test]
    fn a_late_answer_changes_nothing_that_is_decided_otherwise() {
        let (mut queue, _) = Queue::load(Vec::new(), |_| false);
        let job = key(1, "a");
        queue.ask(job.clone(), now());
        assert_eq!(queue.sent(&job, Sent::Unanswered, 0), None);
        assert_eq!(queue.followed(&job, Progress::Done, 0), None);
        queue.drop_job(&job);
        assert_eq!(queue.greeted(&job, Ok(()), 0), None);
        assert!(queue.jobs().is_empty());
    }
}
