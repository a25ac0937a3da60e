//! Runs a gateway on a broker: one thread that owns it, and a connection each for records and for footage.
//!
//! A message is acknowledged to the broker only after the gateway has committed and the replies are handed over; when
//! it cannot commit, the connection is given up, so that everything unacknowledged comes again.

mod line;

use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant, SystemTime};

use domain::UnixMs;
use sync::Topic;
use sync::mqtt::{AckToken, LinkConfig, LinkEvent, SpawnError, TlsConfigError};
use thiserror::Error;

use self::line::Line;
use crate::gateway::Gateway;
use crate::pki::{GATEWAY_NAME, PkiError};

/// Quiet time after which finished records are exported.
const IDLE: Duration = Duration::from_millis(200);
/// How long brokers keep what the gateway has not acknowledged.
const SESSION: Duration = Duration::from_secs(24 * 3600);

/// Where a broker listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

/// The text does not say where a broker is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a broker is given as `mqtts://host:port`")]
pub struct NotAnAddress;

impl Address {
    /// Reads `mqtts://host:port`.
    pub fn parse(url: &str) -> Result<Self, NotAnAddress> {
        let authority = url.strip_prefix("mqtts://").ok_or(NotAnAddress)?;
        let (host, port) = authority
            .trim_end_matches('/')
            .rsplit_once(':')
            .ok_or(NotAnAddress)?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let port = port.parse().map_err(|_| NotAnAddress)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':');
        if host.is_empty() || !host.chars().all(allowed) {
            return Err(NotAnAddress);
        }
        let host = host.to_owned();
        Ok(Self { host, port })
    }
}

/// The broker's two listeners; the same address twice where it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brokers {
    pub control: Address,
    pub bulk: Address,
}

impl Brokers {
    /// The bulk listener is on the next port, as in the configuration that [`crate::pki::Pki::mosquitto`] is given.
    pub fn on(control: Address) -> Self {
        let bulk = Address {
            host: control.host.clone(),
            port: control.port.saturating_add(1),
        };
        Self { control, bulk }
    }
}

/// Why a gateway does not run.
#[derive(Debug, Error)]
pub enum ServeError {
    #[error("cannot read the gateway's TLS identity")]
    Identity(#[from] PkiError),
    #[error("cannot use the gateway's TLS identity")]
    Tls(#[from] TlsConfigError),
    #[error("cannot start a connection")]
    Link(#[from] SpawnError),
    #[error("cannot start the gateway's thread")]
    Thread(#[source] io::Error),
}

/// A gateway at work; dropped, it goes on until the process ends.
pub struct Running {
    inbox: Sender<Event>,
    connected: Receiver<()>,
    thread: JoinHandle<Gateway>,
}

impl Running {
    /// Waits until both connections stand, once for each time that they come to.
    pub fn is_connected_within(&self, limit: Duration) -> bool {
        self.connected.recv_timeout(limit).is_ok()
    }

    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Says goodbye to the broker, exports what is stored, and gives the gateway back; none when its thread panicked.
    pub fn stop(self) -> Option<Gateway> {
        // A thread that has ended no longer listens.
        let _ = self.inbox.send(Event::Stop);
        self.join()
    }

    /// Waits until the gateway ends by itself.
    pub fn join(self) -> Option<Gateway> {
        self.thread.join().ok()
    }
}

/// Which of the two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Control,
    Bulk,
}

enum Event {
    Link(Side, LinkEvent),
    Stop,
}

/// Starts `gateway` on `brokers`; it reconnects for as long as it runs.
pub fn spawn(gateway: Gateway, brokers: &Brokers) -> Result<Running, ServeError> {
    let identity = gateway.pki().gateway_tls()?;
    let tls = sync::mqtt::tls_client(gateway.pki().root().der(), &identity.chain, &identity.key)?;
    let (inbox, events) = mpsc::channel();
    let open = |side, address: &Address, client_id: &str, filters| {
        let security = sync::mqtt::Security::Tls(tls.clone());
        let config = LinkConfig {
            subscriptions: filters,
            session_expiry: Some(SESSION),
            ..LinkConfig::new(&address.host, address.port, client_id, security)
        };
        let inbox = inbox.clone();
        Line::open(config, move |event| {
            // A gateway that has ended no longer listens.
            let _ = inbox.send(Event::Link(side, event));
        })
    };
    let control = open(Side::Control, &brokers.control, GATEWAY_NAME, Topic::hq_filters())?;
    let bulk_id = format!("{GATEWAY_NAME}-bulk");
    let bulk = open(Side::Bulk, &brokers.bulk, &bulk_id, Topic::hq_bulk_filters())?;
    let (announce, connected) = mpsc::channel();
    let clerk = Clerk {
        gateway,
        control,
        bulk,
        announce,
        export_due: false,
    };
    let thread = Builder::new()
        .name("gateway".to_owned())
        .spawn(move || clerk.run(&events))
        .map_err(ServeError::Thread)?;
    Ok(Running {
        inbox,
        connected,
        thread,
    })
}

/// The thread's own.
struct Clerk {
    gateway: Gateway,
    control: Line,
    bulk: Line,
    /// Told each time that both lines stand.
    announce: Sender<()>,
    export_due: bool,
}

impl Clerk {
    fn run(mut self, events: &Receiver<Event>) -> Gateway {
        loop {
            let now = clock();
            let wait = [
                self.control.connect_when_due(now),
                self.bulk.connect_when_due(now),
            ]
            .into_iter()
            .flatten()
            .chain(self.export_due.then_some(IDLE))
            .min();
            let event = match wait {
                Some(wait) => events.recv_timeout(wait),
                None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match event {
                Ok(Event::Link(side, event)) => self.happened(side, event),
                Err(RecvTimeoutError::Timeout) => self.export(),
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => {
                    self.export();
                    return self.gateway;
                }
            }
        }
    }

    fn happened(&mut self, side: Side, event: LinkEvent) {
        match event {
            LinkEvent::Up { .. } => {
                tracing::info!(?side, "connected");
                self.line(side).stands();
                if self.control.is_up() && self.bulk.is_up() {
                    // Whoever does not wait has dropped the other end.
                    let _ = self.announce.send(());
                }
            }
            LinkEvent::Down { reason } => {
                tracing::warn!(?side, %reason, "disconnected");
                self.line(side).fell(clock());
            }
            // A reply that did not arrive is asked for again by the terminal.
            LinkEvent::Acked { .. } => {}
            LinkEvent::Message { topic, payload, ack } => self.take(side, &topic, &payload, ack),
        }
    }

    fn take(&mut self, side: Side, topic: &str, payload: &[u8], ack: Option<AckToken>) {
        match topic.parse::<Topic>() {
            Ok(topic) => match self.gateway.receive(&topic, payload, wall_clock()) {
                Ok(outgoing) => {
                    self.export_due = true;
                    for message in outgoing {
                        self.control.publish(message);
                    }
                }
                Err(error) => {
                    tracing::warn!(error = &error as &dyn std::error::Error, "message not dealt with");
                    self.line(side).give_up();
                    return;
                }
            },
            Err(_) => tracing::warn!(?side, "message on an unknown topic dropped"),
        }
        if let Some(ack) = ack {
            self.line(side).acknowledge(ack);
        }
    }

    fn export(&mut self) {
        if self.export_due {
            self.export_due = false;
            if let Err(error) = self.gateway.export() {
                tracing::warn!(error = &error as &dyn std::error::Error, "export put off");
            }
        }
    }

    const fn line(&mut self, side: Side) -> &mut Line {
        match side {
            Side::Control => &mut self.control,
            Side::Bulk => &mut self.bulk,
        }
    }
}

/// The real time, for whoever hands it to a gateway.
#[expect(
    clippy::disallowed_methods,
    reason = "a driver reads the clock for the gateway, which takes it as an argument"
)]
pub fn wall_clock() -> UnixMs {
    let since = SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    UnixMs(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

fn clock() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broker_is_a_host_and_a_port_over_tls() {
        let address = |host: &str, port| {
            let host = host.to_owned();
            Ok(Address { host, port })
        };
        assert_eq!(
            Address::parse("mqtts://localhost:8883"),
            address("localhost", 8883)
        );
        assert_eq!(Address::parse("mqtts://[::1]:8883/"), address("::1", 8883));
        for url in [
            "mqtt://localhost:1883",
            "mqtts://localhost",
            "mqtts://:1",
            "mqtts://a/b:1",
            "mqtts://a:99999",
            "",
        ] {
            assert_eq!(Address::parse(url), Err(NotAnAddress), "{url}");
        }
    }
}
