//! The sending side of one file: announce, send what is missing, finish, and believe HQ alone.

use std::collections::BTreeMap;

use crate::ack::Ack;
use crate::jitter::Jitter;
use crate::spans::{Span, Spans};
use crate::transfer::pace::{Flight, Pace};
use crate::wire::v1::{FileHave, FileInit, FileRefusal, MAX_PACKET};

/// The pace of an upload; times in milliseconds, lengths in bytes.
#[derive(Debug, Clone)]
pub struct Config {
    /// Length of the first chunks, before the rate is known: little, so that nothing waits long behind them on any link.
    pub chunk: u64,
    pub smallest_chunk: u64,
    pub largest_chunk: u64,
    /// How many chunks may be without acknowledgement; few, so that the radio holds little when a record comes.
    pub chunks_up: usize,
    /// How long HQ's answer is waited for before it is asked for.
    pub answer_wait_ms: u64,
    /// How long a broker's acknowledgement is waited for.
    pub ack_wait_ms: u64,
    pub retry_base_ms: u64,
    pub retry_cap_ms: u64,
    /// First pause when the quota is exceeded; doubles up to eight times itself.
    pub pause_ms: u64,
    /// How often HQ may find another digest before the file on the terminal counts as damaged.
    pub tries: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            chunk: 8 * 1024,
            smallest_chunk: 8 * 1024,
            // Topic, digest and framing take less than 512 bytes.
            largest_chunk: MAX_PACKET as u64 - 512,
            chunks_up: 2,
            answer_wait_ms: 30_000,
            ack_wait_ms: 60_000,
            retry_base_ms: 1_000,
            retry_cap_ms: 120_000,
            pause_ms: 10_000,
            tries: 3,
        }
    }
}

/// What was published, to match its acknowledgement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sent {
    Init,
    Chunk { offset: u64 },
    Fin,
    Stat,
}

/// What happens to an upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// The session's word on bulk ([`crate::session::Action::BulkAllowed`]).
    Allowed(bool),
    LinkUp,
    LinkDown,
    Acked {
        sent: Sent,
        ack: Ack,
    },
    /// HQ's verified answer about this file.
    Answered(FileHave),
    Wake,
}

/// What an upload wants done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Publish the [`FileInit`].
    Init,
    /// Publish these bytes of the file.
    Chunk(Span),
    Fin,
    Stat,
    /// The broker does not acknowledge: end the bulk connection.
    Reconnect,
    Over(Outcome),
}

/// How an upload ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// HQ has every byte.
    Complete,
    Refused(FileRefusal),
    /// What HQ received whole never had the announced digest: the file on the terminal is not what was sealed.
    Damaged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Announce,
    /// Publish `stat`.
    Ask,
    /// HQ's answer is under way; ask when it does not come.
    Await {
        until: u64,
    },
    Send,
    Finish,
    Over,
}

/// See the module.
#[derive(Debug)]
pub struct Upload {
    config: Config,
    init: FileInit,
    jitter: Jitter,
    step: Step,
    announced: bool,
    /// `fin` was sent since HQ's last answer, so that an empty answer means a wrong digest.
    finished: bool,
    allowed: bool,
    linked: bool,
    /// Bytes that HQ has, and bytes that a broker took since HQ's last answer.
    taken: Spans,
    chunks: BTreeMap<u64, (Span, Flight)>,
    control: Option<(Sent, u64)>,
    not_before: u64,
    refusals: u32,
    next_pause: u64,
    mismatches: u32,
    pace: Pace,
    /// When the bucket lets the next chunk pass.
    poured_at: Option<u64>,
    now: u64,
}

impl Upload {
    /// `pace` is what earlier uploads over the same connection learnt; [`Upload::into_pace`] gives it back.
    pub fn new(config: Config, init: FileInit, seed: u64, pace: Pace) -> Self {
        Self {
            next_pause: config.pause_ms,
            config,
            init,
            jitter: Jitter::new(seed),
            step: Step::Announce,
            announced: false,
            finished: false,
            allowed: false,
            linked: false,
            taken: Spans::new(),
            chunks: BTreeMap::new(),
            control: None,
            not_before: 0,
            refusals: 0,
            mismatches: 0,
            pace,
            poured_at: None,
            now: 0,
        }
    }

    pub const fn init(&self) -> &FileInit {
        &self.init
    }

    /// Bytes that HQ has, or that a broker took for it.
    pub fn taken(&self) -> u64 {
        self.taken.total()
    }

    pub const fn pace(&self) -> &Pace {
        &self.pace
    }

    /// Takes `rate` bytes a second at most from now on.
    pub fn limit(&mut self, rate: u64, now_ms: u64) {
        self.pace.limit(rate, now_ms);
    }

    pub fn into_pace(self) -> Pace {
        self.pace
    }

    /// Takes one input at `now_ms`; a clock that goes back stands still here.
    pub fn handle(&mut self, input: Input, now_ms: u64) -> Vec<Action> {
        self.now = self.now.max(now_ms);
        let mut actions = Vec::new();
        if self.step != Step::Over {
            self.take(input, &mut actions);
            self.advance(&mut actions);
        }
        actions
    }

    fn take(&mut self, input: Input, actions: &mut Vec<Action>) {
        match input {
            Input::Allowed(allowed) => self.allowed = allowed,
            Input::LinkUp => {
                self.linked = true;
                self.not_before = 0;
                self.step = if self.announced { Step::Ask } else { Step::Announce };
            }
            Input::LinkDown => self.unlink(),
            Input::Acked { sent, ack } => self.acked(sent, ack),
            Input::Answered(have) => self.answered(have, actions),
            Input::Wake => {}
        }
    }

    fn unlink(&mut self) {
        self.linked = false;
        self.chunks.clear();
        self.control = None;
        self.poured_at = None;
        self.pace.forget_link();
    }

    fn acked(&mut self, sent: Sent, ack: Ack) {
        let since = match sent {
            Sent::Chunk { offset } => self
                .chunks
                .remove(&offset)
                .map(|(span, flight)| (Some((span, flight)), flight.since())),
            Sent::Init | Sent::Fin | Sent::Stat => self
                .control
                .take_if(|(control, _)| *control == sent)
                .map(|(_, since)| (None, since)),
        };
        let Some((chunk, since)) = since else { return };
        match ack {
            Ack::Taken => {
                (self.refusals, self.next_pause) = (0, self.config.pause_ms);
                match chunk {
                    Some((span, flight)) => self.chunk_taken(span, flight),
                    None => {
                        self.pace.turned(self.now - since);
                        self.control_taken(sent);
                    }
                }
            }
            Ack::QuotaExceeded => {
                let pause = self.next_pause;
                self.next_pause = (pause * 2).min(self.config.pause_ms * 8);
                self.not_before = self.not_before.max(self.now + pause);
            }
            Ack::NobodyListens | Ack::NotAuthorized | Ack::Refused | Ack::NotSent => self.back_off(),
        }
    }

    fn back_off(&mut self) {
        let delay = self
            .jitter
            .backoff(self.config.retry_base_ms, self.refusals, self.config.retry_cap_ms);
        self.refusals = self.refusals.saturating_add(1);
        self.not_before = self.not_before.max(self.now.saturating_add(delay.max(1)));
    }

    fn chunk_taken(&mut self, span: Span, flight: Flight) {
        // A set that is too fragmented forgets the chunk, which is then sent again.
        let _ = self.taken.insert(span);
        self.pace.arrived(span.length(), flight, self.now);
    }

    fn control_taken(&mut self, sent: Sent) {
        let until = self.now.saturating_add(self.config.answer_wait_ms);
        match sent {
            Sent::Init => self.announced = true,
            Sent::Fin => self.finished = true,
            Sent::Stat | Sent::Chunk { .. } => {}
        }
        self.step = Step::Await { until };
    }

    fn answered(&mut self, have: FileHave, actions: &mut Vec<Action>) {
        match have {
            FileHave::Complete => self.over(Outcome::Complete, actions),
            FileHave::Refused(refusal) => self.over(Outcome::Refused(refusal), actions),
            FileHave::Unknown if self.is_asking() => {
                self.control = None;
                self.step = Step::Announce;
                self.back_off();
            }
            FileHave::Ranges(ranges) if self.is_asking() => {
                // The broker's acknowledgement of the question comes later, and says nothing more.
                self.announced |= self.control.take().is_some_and(|(sent, _)| sent == Sent::Init);
                if std::mem::take(&mut self.finished) && ranges.is_empty() {
                    self.mismatches += 1;
                    if self.mismatches >= self.config.tries {
                        return self.over(Outcome::Damaged, actions);
                    }
                    self.back_off();
                }
                self.taken = ranges;
                self.step = Step::Send;
            }
            // An answer to an earlier question is older than what was sent since.
            FileHave::Unknown | FileHave::Ranges(_) => {}
        }
    }

    /// Whether HQ's answer is expected; it may overtake the broker's acknowledgement of the question.
    fn is_asking(&self) -> bool {
        self.control.is_some() || matches!(self.step, Step::Await { .. })
    }

    fn over(&mut self, outcome: Outcome, actions: &mut Vec<Action>) {
        self.step = Step::Over;
        actions.push(Action::Over(outcome));
    }

    fn advance(&mut self, actions: &mut Vec<Action>) {
        if !self.linked || self.step == Step::Over {
            return;
        }
        if self.stalled_at().is_some_and(|at| at <= self.now) {
            self.unlink();
            actions.push(Action::Reconnect);
            return;
        }
        if matches!(self.step, Step::Await { until } if until <= self.now) {
            self.step = Step::Ask;
        }
        if !self.allowed || self.not_before > self.now {
            return;
        }
        match self.step {
            Step::Announce => self.control(Sent::Init, Action::Init, actions),
            Step::Ask => self.control(Sent::Stat, Action::Stat, actions),
            Step::Send => self.send(actions),
            Step::Finish => self.control(Sent::Fin, Action::Fin, actions),
            Step::Await { .. } | Step::Over => {}
        }
    }

    fn control(&mut self, sent: Sent, action: Action, actions: &mut Vec<Action>) {
        if self.control.is_none() {
            self.control = Some((sent, self.now));
            actions.push(action);
        }
    }

    fn send(&mut self, actions: &mut Vec<Action>) {
        self.poured_at = None;
        while self.chunks.len() < self.config.chunks_up {
            let Some(gap) = self.first_gap() else {
                if self.chunks.is_empty() {
                    self.step = Step::Finish;
                    self.control(Sent::Fin, Action::Fin, actions);
                }
                return;
            };
            // What the link carries is not known: nothing is put behind the first chunk.
            if self.pace.rate().is_none() && !self.chunks.is_empty() {
                return;
            }
            let chunk = gap.first(self.chunk_length());
            if let Err(at) = self.pace.take(chunk.length(), self.now) {
                self.poured_at = Some(at);
                return;
            }
            let flight = self.pace.depart(self.now);
            self.chunks.insert(chunk.start(), (chunk, flight));
            actions.push(Action::Chunk(chunk));
        }
    }

    /// The first bytes that neither HQ has nor anybody took.
    fn first_gap(&self) -> Option<Span> {
        let whole = Span::new(0, self.init.size)?;
        self.taken.gaps(whole).into_iter().find_map(|gap| {
            let under_way = Spans::of(self.chunks.values().map(|(span, _)| *span));
            under_way.gaps(gap).first().copied()
        })
    }

    fn chunk_length(&self) -> u64 {
        let Config {
            chunk,
            smallest_chunk,
            largest_chunk,
            ..
        } = self.config;
        self.pace.chunk(chunk, smallest_chunk, largest_chunk)
    }

    fn stalled_at(&self) -> Option<u64> {
        let since = self
            .chunks
            .values()
            .map(|(_, flight)| flight.since())
            .chain(self.control.map(|(_, since)| since));
        since
            .min()
            .map(|since| since.saturating_add(self.config.ack_wait_ms))
    }

    /// When [`Input::Wake`] is due, if nothing else happens before.
    pub fn next_wakeup(&self) -> Option<u64> {
        if !self.linked || self.step == Step::Over {
            return None;
        }
        let awaited = if let Step::Await { until } = self.step {
            Some(until)
        } else {
            None
        };
        let again = (self.allowed && self.not_before > self.now).then_some(self.not_before);
        let poured = self
            .poured_at
            .filter(|at| self.allowed && self.step == Step::Send && *at > self.now);
        [
            self.stalled_at(),
            awaited.filter(|until| *until > self.now),
            again,
            poured,
        ]
        .into_iter()
        .flatten()
        .min()
    }
}
