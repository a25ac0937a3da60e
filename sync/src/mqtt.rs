//! The one place with a socket: an MQTT 5 connection on its own thread, for terminals and for HQ.
//!
//! The driver decides nothing: one [`LinkCommand::Connect`] is one attempt and ends in exactly one
//! [`LinkEvent::Down`], before which there is at most one [`LinkEvent::Up`]. At `Down` every token without an
//! acknowledgement is void and nothing is replayed; whoever owns the outbox publishes again.
//! `docs/adr/0010-mqtt-client.md` lists the defects of the client library that this module keeps harmless.

mod connection;
mod ledger;
mod options;
mod reason;
mod tls;
mod visit;

use std::io;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

pub use rustls::ClientConfig;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{self, Receiver, Sender};

use self::connection::{Connection, Ended};
pub use self::reason::{DownReason, Refusal, TlsRefusal};
pub use self::tls::{Signs, TlsConfigError, tls_client, tls_pinned, tls_signing_client};
pub use self::visit::{VisitError, visit};
use crate::ack::Ack;
use crate::topics::Topic;

/// Commands that may wait for the driver's thread; whoever sends one more is told so.
const COMMANDS: usize = 1_024;

/// How to reach a broker, and how long to bear with it.
#[derive(Clone)]
pub struct LinkConfig {
    /// Name or address; with TLS it must be in the broker's certificate.
    pub host: String,
    pub port: u16,
    pub client_id: String,
    pub security: Security,
    /// How often the broker is pinged; at least 5 s, rounded down to seconds.
    pub keep_alive: Duration,
    /// How long the broker keeps the session after a loss; none asks for a fresh one each time.
    pub session_expiry: Option<Duration>,
    /// Subscribed with QoS 1 before [`LinkEvent::Up`].
    pub subscriptions: Vec<String>,
    pub will: Option<Will>,
    /// How many messages may wait for [`LinkCommand::Ack`].
    pub receive_max: u16,
    /// Small on the bulk connection, so that the kernel holds little when a record comes.
    pub send_buffer: Option<u32>,
    pub timeouts: Timeouts,
}

/// What stands between the client and the broker.
#[derive(Clone)]
pub enum Security {
    /// One configuration for every attempt, so that TLS sessions resume.
    Tls(Arc<ClientConfig>),
    /// For a broker in the same machine; refused for any other host.
    Plain,
}

/// Published by the broker when the connection is lost.
#[derive(Debug, Clone)]
pub struct Will {
    pub topic: Topic,
    pub payload: Vec<u8>,
    /// A connection that comes back within this time leaves no trace.
    pub delay: Duration,
}

/// How long the driver waits before it gives a connection up.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// From the attempt to the last subscription; mutual TLS takes about 5 s at the edge of 2G coverage.
    pub connect: Duration,
    /// From handing a packet over until the kernel has it.
    pub write: Duration,
    /// Since the broker's last packet; more than the keep-alive.
    pub silence: Duration,
}

impl LinkConfig {
    /// The settings of the field for a connection without subscriptions and will.
    pub fn new(host: &str, port: u16, client_id: &str, security: Security) -> Self {
        let keep_alive = Duration::from_secs(240);
        Self {
            host: host.to_owned(),
            port,
            client_id: client_id.to_owned(),
            security,
            keep_alive,
            session_expiry: None,
            subscriptions: Vec::new(),
            will: None,
            receive_max: 64,
            send_buffer: None,
            timeouts: Timeouts {
                connect: Duration::from_secs(45),
                write: Duration::from_secs(30),
                silence: keep_alive * 3 / 2,
            },
        }
    }
}

/// What the owner of a link wants.
#[derive(Debug)]
pub enum LinkCommand {
    /// Ignored while a connection stands or is attempted.
    Connect,
    Publish(Publish),
    /// The message is dealt with: its effect is committed.
    Ack(AckToken),
    /// Says goodbye, so that the will is not published.
    Disconnect,
    /// The next connection shows another certificate; one that stands goes on.
    Identify(Arc<ClientConfig>),
}

/// A message to publish with QoS 1.
#[derive(Debug)]
pub struct Publish {
    /// Comes back in [`LinkEvent::Acked`]; the owner's choice.
    pub token: u64,
    pub topic: Topic,
    pub payload: Vec<u8>,
    /// Seconds after which brokers drop it.
    pub expiry_s: Option<u32>,
    pub retain: bool,
}

impl Publish {
    pub const fn new(token: u64, topic: Topic, payload: Vec<u8>) -> Self {
        Self {
            token,
            topic,
            payload,
            expiry_s: None,
            retain: false,
        }
    }
}

impl Publish {
    /// The bytes of its packet.
    pub fn packet_bytes(&self) -> u64 {
        // An identifier and four bytes.
        let expiry = if self.expiry_s.is_some() { 5 } else { 0 };
        packet_bytes(&self.topic.to_string(), self.payload.len() + expiry)
    }
}

/// The bytes of a PUBLISH with QoS 1 as MQTT 5 writes it (§3.3), without properties and without what carries it: TLS, TCP
/// and IP.
pub fn packet_bytes(topic: &str, payload: usize) -> u64 {
    // Length and text of the topic, packet id, length of the properties.
    let remaining = (2 + topic.len() + 2 + 1 + payload) as u64;
    // Seven bits of it in each byte.
    let length = match remaining {
        0..0x80 => 1,
        0x80..0x4000 => 2,
        0x4000..0x20_0000 => 3,
        0x20_0000.. => 4,
    };
    1 + length + remaining
}

/// Names a received message until it is acknowledged; void after the connection that brought it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AckToken {
    connection: u64,
    packet: u16,
}

/// What happens on a link.
#[derive(Debug)]
pub enum LinkEvent {
    /// Connected and subscribed. `receive_max` is how many publishes the broker takes without acknowledgement.
    Up {
        session_present: bool,
        receive_max: u16,
    },
    Down {
        reason: DownReason,
    },
    Acked {
        token: u64,
        ack: Ack,
    },
    /// `topic` is as received and may be anything; without `ack` the message needs none.
    Message {
        topic: String,
        payload: Vec<u8>,
        ack: Option<AckToken>,
    },
}

/// Why a command is not taken; for a publish that means not sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    #[error("{COMMANDS} commands wait for the link already; send it again later")]
    Busy,
    #[error("the link's thread has ended; spawn a new link")]
    Gone,
}

/// Why a link is not made.
#[derive(Debug, thiserror::Error)]
pub enum SpawnError {
    #[error("a connection to `{host}` needs TLS; only this machine is reached without")]
    PlainOffMachine { host: String },
    #[error("could not start the thread of the link")]
    Thread(#[source] io::Error),
}

/// Called on the driver's thread for each event; it must hand the event over and return at once.
pub type OnEvent = Box<dyn Fn(LinkEvent) + Send>;

/// A handle on the driver's thread; dropping it says goodbye to the broker and joins the thread.
pub struct Link {
    commands: Option<Sender<LinkCommand>>,
    thread: Option<JoinHandle<()>>,
}

impl Link {
    /// Starts the thread; nothing connects before [`LinkCommand::Connect`].
    pub fn spawn(config: LinkConfig, on_event: OnEvent) -> Result<Self, SpawnError> {
        let here = ["localhost", "127.0.0.1", "::1"].contains(&config.host.as_str());
        if matches!(config.security, Security::Plain) && !here {
            return Err(SpawnError::PlainOffMachine { host: config.host });
        }
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(SpawnError::Thread)?;
        let (commands, received) = mpsc::channel(COMMANDS);
        let thread = std::thread::Builder::new()
            .name("mqtt".to_owned())
            .spawn(move || {
                runtime.block_on(drive(config, received, &on_event));
                // A name look-up of a dead connection must not hold the goodbye up.
                runtime.shutdown_background();
            })
            .map_err(SpawnError::Thread)?;
        Ok(Self {
            commands: Some(commands),
            thread: Some(thread),
        })
    }

    /// Hands a command over without waiting.
    pub fn send(&self, command: LinkCommand) -> Result<(), SendError> {
        let commands = self.commands.as_ref().ok_or(SendError::Gone)?;
        commands.try_send(command).map_err(|refused| match refused {
            TrySendError::Full(_) => SendError::Busy,
            TrySendError::Closed(_) => SendError::Gone,
        })
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.commands = None;
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
            && thread.join().is_err()
        {
            tracing::error!("the thread of a link panicked");
        }
    }
}

async fn drive(mut config: LinkConfig, mut commands: Receiver<LinkCommand>, on_event: &OnEvent) {
    let mut number = 0;
    while let Some(command) = commands.recv().await {
        match command {
            LinkCommand::Connect => {
                number += 1;
                let mut renewed = None;
                let ended = Connection::run(&config, number, &mut commands, &mut renewed, on_event).await;
                if let Some(tls) = renewed {
                    config.security = Security::Tls(tls);
                }
                let (reason, last) = match ended {
                    Ended::Down(reason) => (reason, false),
                    Ended::Dropped => (DownReason::Closed, true),
                };
                tracing::info!(connection = number, %reason, "link down");
                on_event(LinkEvent::Down { reason });
                if last {
                    return;
                }
            }
            LinkCommand::Publish(publish) => {
                on_event(LinkEvent::Acked {
                    token: publish.token,
                    ack: Ack::NotSent,
                });
            }
            LinkCommand::Identify(tls) => config.security = Security::Tls(tls),
            LinkCommand::Ack(_) | LinkCommand::Disconnect => {}
        }
    }
}
