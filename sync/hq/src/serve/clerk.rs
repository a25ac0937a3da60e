//! The gateway's own thread: takes what the connections bring, exports when it is quiet, and ends terms every hour.
//!
//! Messages that wait are decided together, so that one commit serves them all; nothing waits for others to come.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use domain::UnixMs;
use sync::Topic;
use sync::mqtt::{AckToken, LinkEvent};

use super::line::Line;
use crate::gateway::{Gateway, Incoming};

/// Quiet time after which finished records are exported.
const IDLE: Duration = Duration::from_millis(200);
/// How often legal terms are looked at.
const PURGE_EVERY: Duration = Duration::from_secs(3600);
/// How often newly published reference data is looked for.
const HINT_EVERY: Duration = Duration::from_secs(10);
/// How often orders of other programs are looked for, and those without an answer are sent again.
const ORDERS_EVERY: Duration = Duration::from_secs(5);
/// Messages decided together: as many as a broker delivers without an acknowledgement.
const AT_ONCE: usize = 64;

/// Which of the two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Control,
    Bulk,
}

pub(super) enum Event {
    Link(Side, LinkEvent),
    Stop,
}

/// A message that the broker waits to have acknowledged.
struct Delivered {
    topic: String,
    payload: Vec<u8>,
    ack: Option<AckToken>,
}

/// The thread's own.
pub(super) struct Clerk {
    gateway: Gateway,
    control: Line,
    bulk: Line,
    /// Told each time that both lines stand.
    announce: Sender<()>,
    /// How long it must be quiet before the next export, when there may be something to export.
    export_after: Option<Duration>,
    purge_due: Instant,
    /// When terms were looked at last, by headquarters' own clock, which a simulator puts forward.
    purged_at: UnixMs,
    hint_due: Instant,
    orders_due: Instant,
    /// The serial that terminals were told of over the connection that stands.
    hinted: Option<sync::wire::v1::ReferenceHint>,
}

impl Clerk {
    pub(super) fn new(gateway: Gateway, control: Line, bulk: Line, announce: Sender<()>) -> Self {
        Self {
            gateway,
            control,
            bulk,
            announce,
            export_after: None,
            purge_due: clock(),
            purged_at: UnixMs(0),
            hint_due: clock(),
            orders_due: clock(),
            hinted: None,
        }
    }

    pub(super) fn run(mut self, events: &Receiver<Event>) -> Gateway {
        let mut put_back = None;
        loop {
            self.purge_when_due();
            self.hint_when_due();
            self.order_when_due();
            let event = match put_back.take() {
                Some(event) => Ok(event),
                None => events.recv_timeout(self.patience()),
            };
            match event {
                Ok(Event::Link(side, LinkEvent::Message { topic, payload, ack })) => {
                    let mut together = vec![Delivered { topic, payload, ack }];
                    if side == Side::Control {
                        put_back = gather(events, &mut together);
                    }
                    self.take(side, together);
                }
                Ok(Event::Link(side, LinkEvent::Up { .. })) => self.stands(side),
                Ok(Event::Link(side, LinkEvent::Down { reason })) => {
                    tracing::warn!(?side, %reason, "disconnected");
                    self.line(side).fell(clock());
                }
                // A reply that did not arrive is asked for again by the terminal.
                Ok(Event::Link(_, LinkEvent::Acked { .. })) => {}
                Err(RecvTimeoutError::Timeout) => self.export(),
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    if let Err(error) = self.gateway.export() {
                        tracing::warn!(error = &error as &dyn std::error::Error, "export put off");
                    }
                    return self.gateway;
                }
            }
        }
    }

    /// How long to wait for an event before something else is to be done.
    fn patience(&mut self) -> Duration {
        let now = clock();
        let lines = [
            self.control.connect_when_due(now),
            self.bulk.connect_when_due(now),
        ];
        let due = self
            .purge_due
            .min(self.hint_due)
            .min(self.orders_due)
            .saturating_duration_since(now);
        let waits = lines.into_iter().flatten().chain(self.export_after);
        waits.fold(due, Duration::min)
    }

    fn stands(&mut self, side: Side) {
        tracing::info!(?side, "connected");
        self.line(side).stands();
        if side == Side::Control {
            self.hinted = None;
            self.hint_due = clock();
        }
        if self.control.is_up() && self.bulk.is_up() {
            // Whoever does not wait has dropped the other end.
            let _ = self.announce.send(());
        }
    }

    /// Decides, answers, and only then acknowledges.
    fn take(&mut self, side: Side, messages: Vec<Delivered>) {
        let topics: Vec<Option<Topic>> = messages
            .iter()
            .map(|message| message.topic.parse().ok())
            .collect();
        let unknown = topics.iter().filter(|topic| topic.is_none()).count();
        if unknown > 0 {
            tracing::warn!(?side, unknown, "messages on unknown topics dropped");
        }
        let known: Vec<Incoming<'_>> = topics
            .iter()
            .zip(&messages)
            .filter_map(|(topic, message)| {
                let payload = &message.payload;
                topic.as_ref().map(|topic| Incoming { topic, payload })
            })
            .collect();
        match self.gateway.receive_all(&known, self.gateway.now()) {
            Ok(outgoing) => {
                self.export_after = Some(IDLE);
                for message in outgoing {
                    self.control.publish(message);
                }
                for ack in messages.into_iter().filter_map(|message| message.ack) {
                    self.line(side).acknowledge(ack);
                }
            }
            Err(error) => {
                tracing::warn!(
                    error = &error as &dyn std::error::Error,
                    "messages not dealt with"
                );
                self.line(side).give_up();
            }
        }
    }

    /// A few records at a time: what comes meanwhile does not wait for all of them.
    fn export(&mut self) {
        if self.export_after.take().is_none() {
            return;
        }
        match self.gateway.export_some() {
            Ok(true) => self.export_after = Some(Duration::ZERO),
            Ok(false) => {}
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "export put off"),
        }
    }

    fn purge_when_due(&mut self) {
        let now = clock();
        let at = self.gateway.now();
        if now < self.purge_due && at < self.purged_at.plus(UnixMs::DAY) {
            return;
        }
        self.purge_due = now + PURGE_EVERY;
        self.purged_at = at;
        if let Err(error) = self.gateway.purge(at) {
            tracing::error!(error = &error as &dyn std::error::Error, "purge put off");
        }
    }

    /// Another program publishes reference data; terminals hear of it here.
    fn hint_when_due(&mut self) {
        let now = clock();
        if now < self.hint_due {
            return;
        }
        self.hint_due = now + HINT_EVERY;
        if !self.control.is_up() {
            return;
        }
        match self.gateway.reference_hint() {
            Ok(Some((hint, outgoing))) if self.hinted.as_ref() != Some(&hint) => {
                self.hinted = Some(hint);
                self.control.publish(outgoing);
            }
            Ok(Some(_) | None) => {}
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "hint put off"),
        }
    }

    fn order_when_due(&mut self) {
        let now = clock();
        if now < self.orders_due {
            return;
        }
        self.orders_due = now + ORDERS_EVERY;
        if !self.control.is_up() {
            return;
        }
        // Urgent: ahead of everything else that is looked for here.
        match self.gateway.dispatches_out(self.gateway.now()) {
            Ok(told) => told.into_iter().for_each(|told| self.control.publish(told)),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "proposals put off"),
        }
        match self.gateway.sheets_out(self.gateway.now()) {
            Ok(told) => told.into_iter().for_each(|told| self.control.publish(told)),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "what crews share put off"
            ),
        }
        match self.gateway.orders_out() {
            Ok(orders) => orders.into_iter().for_each(|order| self.control.publish(order)),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "orders put off"),
        }
        match self.gateway.alerts_out() {
            Ok(told) => told.into_iter().for_each(|told| self.control.publish(told)),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "alerts put off"),
        }
        match self.gateway.holds_out() {
            Ok(told) => told.into_iter().for_each(|told| self.control.publish(told)),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "holds put off"),
        }
        match self.gateway.profiles_out() {
            Ok(given) => given.into_iter().for_each(|given| self.control.publish(given)),
            Err(error) => tracing::warn!(error = &error as &dyn std::error::Error, "profiles put off"),
        }
        match self.gateway.suivi_out() {
            Ok(told) => told.into_iter().for_each(|told| self.control.publish(told)),
            Err(error) => tracing::warn!(
                error = &error as &dyn std::error::Error,
                "notes on complaints put off"
            ),
        }
    }

    const fn line(&mut self, side: Side) -> &mut Line {
        match side {
            Side::Control => &mut self.control,
            Side::Bulk => &mut self.bulk,
        }
    }
}

/// Adds the messages of the control line that wait already; the event that comes after them, if it is another.
fn gather(events: &Receiver<Event>, together: &mut Vec<Delivered>) -> Option<Event> {
    while together.len() < AT_ONCE {
        match events.try_recv().ok()? {
            Event::Link(Side::Control, LinkEvent::Message { topic, payload, ack }) => {
                together.push(Delivered { topic, payload, ack });
            }
            other @ (Event::Link(..) | Event::Stop) => return Some(other),
        }
    }
    None
}

fn clock() -> Instant {
    Instant::now()
}
