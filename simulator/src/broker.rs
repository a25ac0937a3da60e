//! The embedded broker: rumqttd on a free loopback port, with mutual TLS under HQ's root, and a bootstrap listener.
//!
//! It knows no access list; what a terminal may read and write is proven on mosquitto.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, bail};
use hq::Pki;
use rumqttd::{Broker, Config, ConnectionSettings, RouterConfig, ServerSettings, TlsConfig};

use crate::doorway;

/// The largest payload that it relays, in bytes; envelopes and chunks are smaller.
const MAX_PAYLOAD: usize = 256 * 1024;

/// Connections of one force: its terminal's and HQ's, and those that the broker has not noticed to be gone.
const CONNECTIONS: usize = 64;

/// Where the embedded broker listens.
#[derive(Debug, Clone, Copy)]
pub struct Listening {
    /// For who shows a certificate, records and footage alike.
    pub mutual: SocketAddr,
    /// For who has none that counts.
    pub bootstrap: SocketAddr,
}

/// Starts a broker with the server identity in `pki` on free ports; it ends with the process.
pub fn start(pki: &Path) -> anyhow::Result<Listening> {
    let identity = Pki::open(pki)?.bootstrap_tls()?;
    let inside = free_port()?;
    let mutual = run(pki, free_port()?, Some(inside), CONNECTIONS)?;
    listening(inside)?;
    Ok(Listening {
        mutual,
        bootstrap: doorway::open(&identity, inside)?,
    })
}

/// The mutual listener alone, at a given address, where port 0 is any free one.
pub fn start_at(pki: &Path, address: SocketAddr, connections: usize) -> anyhow::Result<SocketAddr> {
    let address = match address.port() {
        0 => free_port()?,
        _ => address,
    };
    run(pki, address, None, connections)
}

/// `inside` is a port without TLS, for a doorway of this computer.
fn run(
    pki: &Path,
    address: SocketAddr,
    inside: Option<SocketAddr>,
    connections: usize,
) -> anyhow::Result<SocketAddr> {
    let path = |name: &str| pki.join(name).display().to_string();
    let settings = |name: &str, listen, tls| ServerSettings {
        name: name.to_owned(),
        listen,
        tls,
        next_connection_delay_ms: 1,
        connections: ConnectionSettings {
            connection_timeout_ms: 30_000,
            max_payload_size: MAX_PAYLOAD,
            max_inflight_count: 200,
            auth: None,
            external_auth: None,
            dynamic_filters: true,
        },
    };
    let tls = TlsConfig::Rustls {
        capath: Some(path("root.pem")),
        certpath: path("broker.pem"),
        keypath: path("broker.key"),
    };
    let mut servers = HashMap::from([("1".to_owned(), settings("neo", address, Some(tls)))]);
    servers.extend(inside.map(|inside| ("2".to_owned(), settings("inside", inside, None))));
    let config = Config {
        router: RouterConfig {
            max_connections: connections,
            max_outgoing_packet_count: 200,
            max_segment_size: 8 * 1024 * 1024,
            max_segment_count: 10,
            ..RouterConfig::default()
        },
        v5: Some(servers),
        ..Config::default()
    };
    std::thread::Builder::new()
        .name("broker".to_owned())
        .spawn(move || {
            if let Err(error) = Broker::new(config).start() {
                tracing::error!(%error, "the embedded broker ended");
            }
        })?;
    listening(address)?;
    Ok(address)
}

fn free_port() -> anyhow::Result<SocketAddr> {
    let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no loopback port is free")?;
    probe.local_addr().context("no loopback port is free")
}

#[expect(
    clippy::disallowed_methods,
    reason = "the broker tells nobody when it listens"
)]
fn listening(address: SocketAddr) -> anyhow::Result<()> {
    for _ in 0..200 {
        if TcpStream::connect_timeout(&address, Duration::from_millis(100)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    bail!("the embedded broker does not listen")
}
