//! One connection to a broker with its own backoff: full jitter, the first attempt after a loss included.

use std::time::{Duration, Instant};

use sync::Topic;
use sync::mqtt::{AckToken, Link, LinkCommand, LinkConfig, LinkEvent, Publish, SpawnError};

use crate::gateway::Outgoing;

const BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_secs(60);

enum State {
    /// The next attempt is due.
    Down {
        due: Instant,
    },
    Connecting,
    Up,
}

pub(super) struct Line {
    link: Link,
    /// None before the first attempt.
    state: Option<State>,
    failures: u32,
    /// A connection that stands is no success while the same message fails again.
    gave_up: bool,
    published: u64,
}

impl Line {
    pub(super) fn open(
        config: LinkConfig,
        on_event: impl Fn(LinkEvent) + Send + 'static,
    ) -> Result<Self, SpawnError> {
        let link = Link::spawn(config, Box::new(on_event))?;
        Ok(Self {
            link,
            state: None,
            failures: 0,
            gave_up: false,
            published: 0,
        })
    }

    pub(super) const fn is_up(&self) -> bool {
        matches!(self.state, Some(State::Up))
    }

    /// Begins the attempt that is due; otherwise how long it has to wait.
    pub(super) fn connect_when_due(&mut self, now: Instant) -> Option<Duration> {
        match self.state {
            Some(State::Connecting | State::Up) => None,
            Some(State::Down { due }) if now < due => Some(due - now),
            Some(State::Down { .. }) | None => {
                self.state = Some(State::Connecting);
                self.command(LinkCommand::Connect);
                None
            }
        }
    }

    pub(super) const fn stands(&mut self) {
        self.state = Some(State::Up);
        if !self.gave_up {
            self.failures = 0;
        }
    }

    pub(super) fn fell(&mut self, now: Instant) {
        let most = (BACKOFF * 2_u32.saturating_pow(self.failures)).min(LONGEST_BACKOFF);
        self.failures = (self.failures + 1).min(10);
        let due = now + jitter(most);
        self.state = Some(State::Down { due });
    }

    pub(super) fn publish(&mut self, message: Outgoing) {
        self.published += 1;
        // What all terminals are told waits for those that come later.
        let retain = message.topic == Topic::Broadcast;
        self.command(LinkCommand::Publish(Publish {
            retain,
            ..Publish::new(self.published, message.topic, message.payload)
        }));
    }

    pub(super) fn acknowledge(&mut self, token: AckToken) {
        self.gave_up = false;
        self.command(LinkCommand::Ack(token));
    }

    /// Leaves, so that the broker delivers again what is not acknowledged.
    pub(super) fn give_up(&mut self) {
        self.gave_up = true;
        self.command(LinkCommand::Disconnect);
    }

    fn command(&self, command: LinkCommand) {
        // What is not taken is a reply that the terminal asks for again, or an acknowledgement that costs a repetition.
        if let Err(error) = self.link.send(command) {
            tracing::warn!(error = &error as &dyn std::error::Error, "link command not taken");
        }
    }
}

/// Evenly between nothing and `most`.
fn jitter(most: Duration) -> Duration {
    let mut random = [0; 4];
    getrandom::fill(&mut random).expect("the operating system has randomness");
    most.mul_f64(f64::from(u32::from_ne_bytes(random)) / f64::from(u32::MAX))
}
