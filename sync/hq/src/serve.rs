//! Runs a gateway on a broker: one thread that owns it, and a connection each for records and for footage.
//!
//! A message is acknowledged to the broker only after the gateway has committed and the replies are handed over; when
//! it cannot commit, the connection is given up, so that everything unacknowledged comes again.

mod clerk;
mod line;

use std::io;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, SystemTime};

use domain::UnixMs;
pub use domain::enrolment::{Address, NotAnAddress};
use sync::Topic;
use sync::mqtt::{LinkConfig, SpawnError, TlsConfigError};
use thiserror::Error;

use self::clerk::{Clerk, Event, Side};
use self::line::Line;
use crate::gateway::Gateway;
use crate::pki::{GATEWAY_NAME, PkiError};

/// How long brokers keep what the gateway has not acknowledged.
const SESSION: Duration = Duration::from_secs(24 * 3600);

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

/// Gateways that share the work of one broker and one folder: each message goes to one of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group(String);

/// The text does not name a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a group is named by 1 to 32 letters, digits, `-` and `_`")]
pub struct NotAGroup;

impl Group {
    pub fn parse(name: &str) -> Result<Self, NotAGroup> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        if (1..=32).contains(&name.len()) && name.chars().all(allowed) {
            Ok(Self(name.to_owned()))
        } else {
            Err(NotAGroup)
        }
    }

    /// The shared subscription (MQTT 5 §4.8.2) to what `filter` matches.
    fn shared(&self, filter: &str) -> String {
        format!("$share/{}/{filter}", self.0)
    }
}

/// How a gateway presents itself to its broker.
struct Membership {
    client_id: String,
    session: Option<Duration>,
    group: Option<Group>,
}

impl Membership {
    /// The broker keeps what is addressed to the one gateway while it is away.
    fn alone() -> Self {
        Self {
            client_id: GATEWAY_NAME.to_owned(),
            session: Some(SESSION),
            group: None,
        }
    }

    /// A member that leaves keeps nothing waiting for it: the others get its share, and terminals send again.
    fn of(group: &Group) -> Self {
        let mut random = [0; 4];
        getrandom::fill(&mut random).expect("the operating system has randomness");
        Self {
            client_id: format!("{GATEWAY_NAME}-{:08x}", u32::from_ne_bytes(random)),
            session: None,
            group: Some(group.clone()),
        }
    }

    fn filters(&self, filters: Vec<String>) -> Vec<String> {
        match &self.group {
            None => filters,
            Some(group) => filters.iter().map(|filter| group.shared(filter)).collect(),
        }
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

/// Starts `gateway` on `brokers`, as the only one there; it reconnects for as long as it runs.
pub fn spawn(gateway: Gateway, brokers: &Brokers) -> Result<Running, ServeError> {
    start(gateway, brokers, &Membership::alone())
}

/// Starts `gateway` beside others of `group` on the same folder. The broker must let connections with one certificate
/// have client ids of their own.
pub fn spawn_in_group(gateway: Gateway, brokers: &Brokers, group: &Group) -> Result<Running, ServeError> {
    start(gateway, brokers, &Membership::of(group))
}

fn start(gateway: Gateway, brokers: &Brokers, membership: &Membership) -> Result<Running, ServeError> {
    let identity = gateway.pki().gateway_tls()?;
    let tls = sync::mqtt::tls_client(gateway.pki().root().der(), &identity.chain, &identity.key)?;
    let (inbox, events) = mpsc::channel();
    let open = |side, address: &Address, client_id: &str, filters| {
        let security = sync::mqtt::Security::Tls(tls.clone());
        let config = LinkConfig {
            subscriptions: membership.filters(filters),
            session_expiry: membership.session,
            ..LinkConfig::new(&address.host, address.port, client_id, security)
        };
        let inbox = inbox.clone();
        Line::open(config, move |event| {
            // A gateway that has ended no longer listens.
            let _ = inbox.send(Event::Link(side, event));
        })
    };
    let control_id = &membership.client_id;
    let control = open(Side::Control, &brokers.control, control_id, Topic::hq_filters())?;
    let bulk_id = format!("{control_id}-bulk");
    let bulk = open(Side::Bulk, &brokers.bulk, &bulk_id, Topic::hq_bulk_filters())?;
    let (announce, connected) = mpsc::channel();
    let clerk = Clerk::new(gateway, control, bulk, announce);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_a_plain_word() {
        let group = Group::parse("hq-1").unwrap();
        assert_eq!(group.shared("np/d/+/st"), "$share/hq-1/np/d/+/st");
        for name in ["", "a/b", "a+", "#", "é", &"x".repeat(33)] {
            assert_eq!(Group::parse(name), Err(NotAGroup), "{name}");
        }
    }
}
