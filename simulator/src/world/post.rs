//! Everything on its way in a world: parcels that arrive in the order of their moments, and the time that passes meanwhile.

use std::collections::BTreeMap;

use agent::engine::{Engine, Event};
use anyhow::Context;
use hq::gateway::Outgoing;
use sync::mqtt::{DownReason, LinkCommand, LinkEvent, TlsRefusal, packet_bytes};
use sync::{Ack, Topic, VisitId, Way};
use trust::cert::Certificate;

use super::World;

/// How long a visitor of the bootstrap listener waits for an answer, in milliseconds.
const SILENCE_MS: u64 = 60_000;

/// Which of the terminal's two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    Records,
    Bulk,
}

/// Bytes of messages on one way: given to the air by who speaks, and come to who hears, each time that they did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Carried {
    pub given: u64,
    pub arrived: u64,
}

/// A topic without the terminal and the file in it: `up/pv`, `dn/rcpt`, `st`, `f`.
fn way(topic: &str) -> String {
    let levels: Vec<&str> = topic.split('/').collect();
    match levels.as_slice() {
        ["np", "f", ..] => "f".to_owned(),
        ["np", "d", _, rest @ ..] | ["np", rest @ ..] => rest.join("/"),
        _ => topic.to_owned(),
    }
}

/// Something that arrives later.
pub(super) enum Parcel {
    ToTerminal(Line, LinkEvent),
    ToHq(Line, u64, Topic, Vec<u8>),
    /// A visit at the bootstrap listener, and what comes back from it.
    Knock(Vec<u8>),
    Knocked(Option<Vec<u8>>),
    ToCamera(Vec<u8>),
    FromCamera(Vec<u8>),
    /// The camera hung up, or was not heard for too long.
    CameraGone,
    /// No camera answered at all.
    CameraUnreachable,
}

impl World {
    /// No network: both connections die, and the terminal learns it.
    pub fn cut(&mut self) {
        self.air.cut();
        for line in std::mem::take(&mut self.lines).into_keys() {
            self.post(
                0,
                Parcel::ToTerminal(
                    line,
                    LinkEvent::Down {
                        reason: DownReason::Lost,
                    },
                ),
                None,
            );
        }
    }

    pub fn restore(&mut self) {
        self.air.restore();
    }

    /// Lets `ms` pass: parcels arrive and wake-ups fire in their order.
    pub fn advance(&mut self, ms: u64) -> anyhow::Result<()> {
        let end = self.now.mono_ms + ms;
        loop {
            let wake = self.engine.as_ref().and_then(Engine::next_wakeup);
            let parcel = self.parcels.first_key_value().map(|((at, _), _)| *at);
            let beside = self
                .colleague()
                .and_then(|colleague| colleague.engine().next_wakeup());
            let Some(next) = [wake, parcel, beside].into_iter().flatten().min() else {
                break;
            };
            if next > end {
                break;
            }
            self.pass_to(next.max(self.now.mono_ms));
            if parcel.is_some_and(|at| at <= self.now.mono_ms) {
                self.deliver()?;
            } else if wake.is_some_and(|at| at <= self.now.mono_ms) {
                self.event(Event::Wake)?;
            } else {
                self.beside_event(Event::Wake)?;
            }
        }
        self.pass_to(end);
        Ok(())
    }

    /// The device is suspended for so long, and wakes.
    pub(super) fn sleep(&mut self, ms: u64) -> anyhow::Result<()> {
        self.pass_to(self.now.mono_ms + ms);
        self.event(Event::Slept)
    }

    fn pass_to(&mut self, mono_ms: u64) {
        let passed = i64::try_from(mono_ms - self.now.mono_ms).unwrap_or(0);
        self.now.utc = self.now.utc.plus(passed);
        self.now.mono_ms = mono_ms;
    }

    fn deliver(&mut self) -> anyhow::Result<()> {
        let Some((_, (connection, parcel))) = self.parcels.pop_first() else {
            return Ok(());
        };
        match parcel {
            Parcel::ToCamera(frame) => {
                self.camera_hears(connection, &frame);
                Ok(())
            }
            Parcel::FromCamera(frame) => self.terminal_hears(connection, &frame),
            Parcel::CameraGone => self.camera_is_gone(connection),
            Parcel::CameraUnreachable => self.camera_is_unreachable(connection),
            Parcel::Knock(sealed) => self.knock_arrives(&sealed),
            Parcel::Knocked(answer) => self.event(Event::Knocked(answer)),
            Parcel::ToTerminal(line, event) => {
                let standing = self.lines.get(&line) == Some(&connection);
                let ends = matches!(event, LinkEvent::Down { .. });
                if !(standing || ends) {
                    return Ok(());
                }
                if let LinkEvent::Message { topic, payload, .. } = &event {
                    self.on_way(topic).arrived += packet_bytes(topic, payload.len());
                }
                self.event(match line {
                    Line::Records => Event::Link(event),
                    Line::Bulk => Event::Bulk(event),
                })
            }
            Parcel::ToHq(line, token, topic, payload) => {
                let text = topic.to_string();
                self.on_way(&text).arrived += packet_bytes(&text, payload.len());
                let now = self.hq_now();
                let answers = self
                    .gateway
                    .receive(&topic, &payload, now)
                    .context("HQ's gateway failed")?;
                if self.lines.get(&line) == Some(&connection) {
                    let acked = LinkEvent::Acked {
                        token,
                        ack: Ack::Taken,
                    };
                    let delay = self.air.delay();
                    self.post(delay, Parcel::ToTerminal(line, acked), Some(connection));
                }
                let answers = self.tell_beside(answers)?;
                self.tell_terminal(answers);
                Ok(())
            }
        }
    }

    /// What HQ says comes down the records connection, whichever line the question took.
    pub(super) fn tell_terminal(&mut self, said: Vec<Outgoing>) {
        let Some(records) = self.lines.get(&Line::Records).copied() else {
            return;
        };
        for Outgoing { topic, payload } in said {
            let text = topic.to_string();
            self.on_way(&text).given += packet_bytes(&text, payload.len());
            for delay in self.air.copies() {
                let message = LinkEvent::Message {
                    topic: text.clone(),
                    payload: payload.clone(),
                    ack: None,
                };
                self.post(delay, Parcel::ToTerminal(Line::Records, message), Some(records));
            }
        }
    }

    /// What went over the air since the world began, by topic without terminal and file.
    pub const fn carried(&self) -> &BTreeMap<String, Carried> {
        &self.carried
    }

    fn on_way(&mut self, topic: &str) -> &mut Carried {
        self.carried.entry(way(topic)).or_default()
    }

    /// Whether a broker takes the certificate that the terminal shows.
    fn is_certified(&self) -> bool {
        let chain = self
            .engine
            .as_ref()
            .map(|engine| &engine.enrolment().device_chain);
        let leaf = chain.and_then(|chain| Certificate::from_der(&chain.first()?.0).ok());
        leaf.is_some_and(|leaf| self.hq_now().0 <= leaf.validity_unix_ms().1)
    }

    /// The terminal goes to the bootstrap listener; a visitor who hears nothing gives up.
    pub(super) fn knock(&mut self, sealed: Vec<u8>) {
        let ways = if self.air.is_up() {
            self.air.copies()
        } else {
            Vec::new()
        };
        match ways.first() {
            Some(&delay) => self.post(delay, Parcel::Knock(sealed), None),
            None => self.post(SILENCE_MS, Parcel::Knocked(None), None),
        }
    }

    fn knock_arrives(&mut self, sealed: &[u8]) -> anyhow::Result<()> {
        let topic = Topic::Bootstrap(VisitId::from_bytes([0; 16]), Way::Up);
        let now = self.hq_now();
        let answers = self
            .gateway
            .receive(&topic, sealed, now)
            .context("HQ's gateway failed")?;
        let answer = answers.into_iter().next().map(|answer| answer.payload);
        match (answer, self.air.copies().first()) {
            (Some(answer), Some(&delay)) => self.post(delay, Parcel::Knocked(Some(answer)), None),
            (None, _) | (_, None) => self.post(SILENCE_MS, Parcel::Knocked(None), None),
        }
        Ok(())
    }

    pub(super) fn post(&mut self, delay: u64, parcel: Parcel, connection: Option<u64>) {
        self.posted += 1;
        let key = (self.now.mono_ms + delay, self.posted);
        self.parcels.insert(key, (connection.unwrap_or(0), parcel));
    }

    pub(super) fn command(&mut self, line: Line, command: LinkCommand) {
        match command {
            LinkCommand::Connect => {
                self.connections += 1;
                let connection = self.connections;
                let delay = self.air.delay();
                if self.air.is_up() && !self.is_certified() {
                    let reason = DownReason::OwnCertificateRefused(TlsRefusal::Expired);
                    self.post(delay, Parcel::ToTerminal(line, LinkEvent::Down { reason }), None);
                } else if self.air.is_up() {
                    self.lines.insert(line, connection);
                    let up = LinkEvent::Up {
                        session_present: false,
                        receive_max: 20,
                    };
                    self.post(delay, Parcel::ToTerminal(line, up), Some(connection));
                } else {
                    let down = LinkEvent::Down {
                        reason: DownReason::ConnectFailed,
                    };
                    self.post(delay, Parcel::ToTerminal(line, down), None);
                }
            }
            LinkCommand::Publish(publish) => {
                let Some(connection) = self.lines.get(&line).copied() else {
                    return;
                };
                let text = publish.topic.to_string();
                self.on_way(&text).given += publish.packet_bytes();
                let length = publish.payload.len() + text.len();
                let stands = self.air.occupy(length, self.now.mono_ms);
                for delay in self.air.copies() {
                    let parcel = Parcel::ToHq(
                        line,
                        publish.token,
                        publish.topic.clone(),
                        publish.payload.clone(),
                    );
                    self.post(stands + delay, parcel, Some(connection));
                }
            }
            LinkCommand::Ack(_) | LinkCommand::Identify(_) => {}
            LinkCommand::Disconnect => {
                if self.lines.remove(&line).is_some() {
                    let down = LinkEvent::Down {
                        reason: DownReason::Closed,
                    };
                    self.post(0, Parcel::ToTerminal(line, down), None);
                }
            }
        }
    }
}
