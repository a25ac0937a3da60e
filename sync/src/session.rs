//! The session of one terminal: when to connect, what to publish next, and when to ask again; for the engine.
//!
//! Sans-IO: inputs and milliseconds of a monotonic clock in, actions out, randomness from a seed. A record leaves
//! the session on HQ's receipt and on nothing else; a broker's acknowledgement only frees its place in the window.

mod flight;
mod pace;
mod queue;
mod speech;

use domain::EnvelopeId;
use domain::envelope::Lane;

use self::flight::{Flight, Window};
pub use self::pace::Config;
use self::queue::{Item, Queue};
pub use self::speech::{Action, Input};
use crate::ack::Ack;
use crate::jitter::Jitter;
use crate::wire::v1::HelloAnswer;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// Before [`Input::Start`].
    Idle,
    Down {
        retry_at: u64,
    },
    Connecting {
        again_at: u64,
    },
    /// Connected, hello not answered: nothing else leaves.
    Greeting {
        again_at: u64,
        attempt: u32,
    },
    Ready,
    /// Told to disconnect, until the driver says that it did.
    Closing {
        again_at: u64,
    },
}

/// See the module.
#[derive(Debug)]
pub struct Session {
    config: Config,
    jitter: Jitter,
    link: Link,
    /// Attempts since a hello was last answered.
    failures: u32,
    /// The terminal itself broke the connection, so that it is alone in connecting again.
    alone: bool,
    /// An urgent act is announced or waits.
    urgent_announced: bool,
    queue: Queue,
    window: Window,
    /// A piece of the journal waits for everything else to be on its way.
    journal_offered: bool,
    receive_max: u16,
    /// Smoothed time from publish to receipt (RFC 6298 §2, without the variance).
    smoothed_ms: Option<u64>,
    last_activity: u64,
    bulk_allowed: bool,
    /// The time of the last input.
    now: u64,
}

impl Session {
    pub fn new(config: Config, seed: u64) -> Self {
        Self {
            queue: Queue::new(config.pause_ms),
            config,
            jitter: Jitter::new(seed),
            link: Link::Idle,
            failures: 0,
            alone: true,
            urgent_announced: false,
            window: Window::default(),
            journal_offered: false,
            receive_max: u16::MAX,
            smoothed_ms: None,
            last_activity: 0,
            bulk_allowed: false,
            now: 0,
        }
    }

    /// Takes one input at `now_ms`; a clock that goes back stands still here.
    pub fn handle(&mut self, input: Input, now_ms: u64) -> Vec<Action> {
        self.now = self.now.max(now_ms);
        let mut actions = Vec::new();
        self.take(input, self.now, &mut actions);
        self.advance(self.now, &mut actions);
        actions
    }

    /// How many records wait for their receipt.
    pub fn outstanding(&self) -> usize {
        self.queue.len()
    }

    fn take(&mut self, input: Input, now: u64, actions: &mut Vec<Action>) {
        match input {
            Input::Start => {
                if self.link == Link::Idle {
                    self.fall(now);
                }
            }
            Input::LinkUp { receive_max } => {
                if matches!(self.link, Link::Connecting { .. }) {
                    self.receive_max = receive_max;
                    self.window.restart(0);
                    self.greet(now, 0, actions);
                }
            }
            Input::LinkDown => self.lost(now),
            Input::Offer {
                id,
                lane,
                sequence,
                bytes,
            } => {
                if self.queue.offer(Item::new(id, lane, sequence, bytes)) {
                    self.last_activity = now;
                    if lane == Lane::Urgent {
                        self.hurry(now);
                    }
                }
            }
            Input::Withdrawn { id } => {
                self.queue.remove(id);
                self.window.land(Flight::Record(id));
            }
            Input::Acked { id, ack } => self.acked(id, ack, now),
            Input::Receipted { id } => self.receipted(id, now),
            Input::HelloAnswered(answer) => self.hello_answered(&answer, now),
            Input::QueryOffered {
                id,
                bytes,
                expires_at,
            } => {
                self.queue.ask(id, bytes, expires_at);
                self.last_activity = now;
            }
            Input::QueryAcked { id, ack } => {
                if self.window.land(Flight::Query(id)) && ack != Ack::Taken {
                    self.queue
                        .query_refused(id, now.saturating_add(self.config.urgent_base_ms));
                }
            }
            Input::QueryAnswered { id } => self.queue.answered(id),
            Input::JournalOffered => self.journal_offered = true,
            Input::JournalAcked => {
                self.window.land(Flight::Journal);
            }
            Input::Wake => {}
            Input::ForceReconnect => match self.link {
                Link::Connecting { .. } | Link::Greeting { .. } | Link::Ready => {
                    self.alone = true;
                    self.close(now, actions);
                }
                Link::Down { .. } => {
                    self.alone = true;
                    self.failures = 0;
                    self.fall(now);
                }
                Link::Idle | Link::Closing { .. } => {}
            },
            Input::UrgentQueued => {
                self.urgent_announced = true;
                self.last_activity = now;
                self.hurry(now);
            }
        }
    }

    fn lost(&mut self, now: u64) {
        match self.link {
            Link::Idle | Link::Down { .. } => {}
            Link::Connecting { .. } | Link::Greeting { .. } | Link::Ready | Link::Closing { .. } => {
                self.window.restart(0);
                self.queue.link_lost();
                self.fall(now);
            }
        }
    }

    /// Plans the next attempt.
    fn fall(&mut self, now: u64) {
        let base = if self.alone || self.hurried() {
            self.config.urgent_base_ms
        } else {
            self.config.retry_window_ms
        };
        let delay = self
            .jitter
            .backoff(base, self.failures, self.config.retry_cap_ms.max(base));
        self.failures = self.failures.saturating_add(1);
        self.link = Link::Down {
            retry_at: now.saturating_add(delay),
        };
    }

    fn hurried(&self) -> bool {
        self.urgent_announced || self.queue.holds(Lane::Urgent)
    }

    /// Something urgent does not wait for a window meant to spread the fleet.
    fn hurry(&mut self, now: u64) {
        if let Link::Down { retry_at } = self.link {
            let sooner = now.saturating_add(self.jitter.up_to(self.config.urgent_base_ms));
            self.link = Link::Down {
                retry_at: retry_at.min(sooner),
            };
        }
    }

    fn close(&mut self, now: u64, actions: &mut Vec<Action>) {
        self.link = Link::Closing {
            again_at: now.saturating_add(self.config.command_wait_ms),
        };
        self.window.restart(0);
        self.queue.link_lost();
        actions.push(Action::Disconnect);
    }

    fn greet(&mut self, now: u64, attempt: u32, actions: &mut Vec<Action>) {
        let spread = self
            .jitter
            .backoff(self.config.hello_wait_ms, attempt, self.config.resend_cap_ms);
        let wait = self
            .config
            .hello_wait_ms
            .saturating_add(if attempt == 0 { 0 } else { spread });
        self.link = Link::Greeting {
            again_at: now.saturating_add(wait),
            attempt,
        };
        actions.push(Action::SendHello);
    }

    fn hello_answered(&mut self, answer: &HelloAnswer, now: u64) {
        let Link::Greeting { .. } = self.link else { return };
        self.link = Link::Ready;
        self.failures = 0;
        self.alone = false;
        self.config.retry_window_ms = u64::from(answer.retry_window_ms);
        self.window
            .restart(usize::from(width(self.receive_max).min(answer.window.max(1))));
        let again_at = now.saturating_add(self.config.receipt_grace_ms);
        self.queue.hold_back(again_at, |item| {
            answer
                .lanes
                .iter()
                .any(|have| have.lane == item.lane && have.has(item.sequence))
        });
        self.last_activity = now;
    }

    fn acked(&mut self, id: EnvelopeId, ack: Ack, now: u64) {
        if !self.window.land(Flight::Record(id)) {
            return;
        }
        self.last_activity = now;
        let Some(item) = self.queue.item(id) else { return };
        let (lane, attempts) = (item.lane, item.attempts);
        match ack {
            Ack::Taken => {
                self.queue.resume_lane(lane);
                let wait = self.receipt_wait();
                let extra = if attempts <= 1 {
                    0
                } else {
                    self.jitter.backoff(wait, attempts - 1, self.config.resend_cap_ms)
                };
                self.queue
                    .delay(id, now.saturating_add(wait).saturating_add(extra));
            }
            Ack::QuotaExceeded => {
                self.queue.pause_lane(lane, now);
                self.queue.delay(id, now);
            }
            Ack::NobodyListens | Ack::NotAuthorized | Ack::Refused | Ack::NotSent => {
                let delay =
                    self.jitter
                        .backoff(self.config.urgent_base_ms, attempts, self.config.resend_cap_ms);
                self.queue.delay(id, now.saturating_add(delay.max(1)));
            }
        }
    }

    /// max(30 s, 4·SRTT).
    fn receipt_wait(&self) -> u64 {
        self.config
            .receipt_wait_ms
            .max(self.smoothed_ms.unwrap_or(0).saturating_mul(4))
    }

    fn receipted(&mut self, id: EnvelopeId, now: u64) {
        let Some(item) = self.queue.remove(id) else { return };
        self.last_activity = now;
        // Of a repeated envelope nobody knows which sending was answered.
        if let (1, Some(sent)) = (item.attempts, item.published_at) {
            // An act whose parts had to follow says nothing of the way.
            let sample = now.saturating_sub(sent).min(self.config.receipt_wait_ms);
            self.smoothed_ms = Some(
                self.smoothed_ms
                    .map_or(sample, |smoothed| (smoothed * 7 + sample) / 8),
            );
        }
        if item.lane == Lane::Urgent {
            self.urgent_announced = false;
        }
    }

    fn advance(&mut self, now: u64, actions: &mut Vec<Action>) {
        for id in self.queue.expire(now) {
            actions.push(Action::QueryExpired { id });
        }
        match self.link {
            Link::Down { retry_at: at } | Link::Connecting { again_at: at } if at <= now => {
                self.link = Link::Connecting {
                    again_at: now.saturating_add(self.config.command_wait_ms),
                };
                actions.push(Action::Connect);
            }
            Link::Closing { again_at } if again_at <= now => self.close(now, actions),
            Link::Greeting { again_at, attempt } if again_at <= now => self.greet(now, attempt + 1, actions),
            Link::Ready
                if self
                    .window
                    .oldest()
                    .is_some_and(|since| since + self.config.ack_wait_ms <= now) =>
            {
                self.close(now, actions);
            }
            Link::Ready => {
                self.urgent_announced &= !self.quiet(now);
                self.publish(now, actions);
            }
            Link::Idle
            | Link::Down { .. }
            | Link::Connecting { .. }
            | Link::Greeting { .. }
            | Link::Closing { .. } => {}
        }
        let allowed = self.bulk_may_run(now);
        if allowed != self.bulk_allowed {
            self.bulk_allowed = allowed;
            actions.push(Action::BulkAllowed(allowed));
        }
    }

    fn publish(&mut self, now: u64, actions: &mut Vec<Action>) {
        self.queue.ripen(now);
        while self.window.is_open() {
            let Some(flight) = self.queue.next(now) else {
                break;
            };
            self.window.launch(flight, now);
            self.last_activity = now;
            actions.push(match flight {
                Flight::Record(id) => Action::Publish { id },
                Flight::Query(id) => Action::PublishQuery { id },
                Flight::Journal => Action::PublishJournal,
            });
        }
        // No act waits for the journal.
        if self.journal_offered && self.window.is_empty() {
            self.journal_offered = false;
            self.window.launch(Flight::Journal, now);
            actions.push(Action::PublishJournal);
        }
    }

    fn quiet(&self, now: u64) -> bool {
        self.last_activity.saturating_add(self.config.bulk_idle_ms) <= now
    }

    fn bulk_may_run(&self, now: u64) -> bool {
        let waiting = !self.window.is_empty() || self.queue.has_ready(now);
        let settled = self.queue.is_empty() && !self.urgent_announced;
        self.link == Link::Ready && !waiting && (settled || self.quiet(now))
    }

    /// When [`Input::Wake`] is due, if nothing else happens before.
    pub fn next_wakeup(&self) -> Option<u64> {
        let link = match self.link {
            Link::Down { retry_at } => Some(retry_at),
            Link::Connecting { again_at } | Link::Greeting { again_at, .. } | Link::Closing { again_at } => {
                Some(again_at)
            }
            Link::Ready => {
                let acknowledged = self.window.oldest().map(|since| since + self.config.ack_wait_ms);
                let quiet_at = self.last_activity.saturating_add(self.config.bulk_idle_ms);
                let bulk =
                    (!self.bulk_allowed && self.window.is_empty() && quiet_at > self.now).then_some(quiet_at);
                [acknowledged, self.queue.next_due(self.now), bulk]
                    .into_iter()
                    .flatten()
                    .min()
            }
            Link::Idle => None,
        };
        [link, self.queue.next_expiry()].into_iter().flatten().min()
    }
}

/// Two places stay free for the hello and the birth message.
fn width(receive_max: u16) -> u16 {
    receive_max.min(32).saturating_sub(2).max(1)
}
