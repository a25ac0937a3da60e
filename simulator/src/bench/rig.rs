//! What is measured: a real terminal, the embedded broker over mutual TLS, and the real gateway on its own thread.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use agent::clock::Clock;
use agent::enrol as terminal;
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use anyhow::{Context, bail};
use domain::Zone;
use domain::dialogue::{Network, View};
use hq::files::PoliceFiles;
use hq::gateway::Gateway;
use hq::pki::Pki;
use hq::serve::{self, Address, Running};

use super::acts::{Prepared, Weight, Writer};
use crate::broker;
use crate::enrol::{self, Layout};
use crate::patrol::scenario::{self, Scenario};

/// How long one backlog may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(300);

/// One force: a broker, an HQ, and a terminal that is started anew for each backlog.
pub(super) struct Rig {
    pub(super) layout: Layout,
    /// HQ's keys, opened a second time for the bare measures.
    pub(super) pki: Pki,
    pub(super) broker: SocketAddr,
    clock: Clock,
    hq: Running,
}

/// When a backlog moved.
#[derive(Debug, Clone, Copy)]
pub(super) struct Delivered {
    /// The terminal's first attempt to connect.
    connecting: Instant,
    /// HQ's answer to the hello, which lets the first record go.
    online: Instant,
    /// The last receipt is stored.
    done: Instant,
}

impl Delivered {
    /// From the first publish to the last stored receipt.
    pub(super) fn sending(self) -> Duration {
        self.done - self.online
    }

    /// From the attempt to connect to the last stored receipt.
    pub(super) fn altogether(self) -> Duration {
        self.done - self.connecting
    }
}

impl Rig {
    /// Makes keys, registers terminal and officer, and starts broker and gateway.
    pub(super) fn set(dir: &Path) -> anyhow::Result<Self> {
        let layout = Layout::new(dir);
        let clock = Clock::new(Zone::Paris);
        let now = clock.now();
        let officer = Scenario::parse(scenario::DEFAULT)?.officer;
        let pki = enrol::pki(&layout.pki(), now.utc)?;
        let broker = broker::start(&layout.pki())?;
        enrol::terminal(&layout, &layout.pki(), &officer, Cost::FLOOR, now)?;
        let files = PoliceFiles::synthetic(0, now.utc);
        let gateway = Gateway::open(&layout.hq(), enrol::pki(&layout.pki(), now.utc)?, files, now.utc)
            .context("could not open HQ's gateway")?;
        let address = Address {
            host: broker.ip().to_string(),
            port: broker.port(),
        };
        let brokers = serve::Brokers {
            control: address.clone(),
            bulk: address,
        };
        let hq = serve::spawn(gateway, &brokers).context("could not start HQ")?;
        if !hq.is_connected_within(Duration::from_secs(30)) {
            bail!("HQ does not reach the embedded broker");
        }
        Ok(Self {
            layout,
            pki,
            broker,
            clock,
            hq,
        })
    }

    /// Signs `count` acts into the terminal's outbox.
    pub(super) fn fill(&self, count: usize, weight: Weight) -> anyhow::Result<Vec<Prepared>> {
        Writer::open(&self.layout, self.clock.now())?.fill(count, weight)
    }

    /// Starts the terminal, locked as in a pocket, lets it empty its outbox over the broker `at`, and stops it.
    pub(super) fn deliver(&self, at: SocketAddr) -> anyhow::Result<Delivered> {
        let site = Site::new(self.layout.terminal());
        let config = Config {
            keys: terminal::vault(&site)?,
            site,
            clock: self.clock.clone(),
            mint: Mint::System,
            seed: 0,
            brokers: Brokers {
                host: at.ip().to_string(),
                port: at.port(),
                bulk_port: at.port(),
            },
            camera: None,
            tripwire: None,
        };
        let (tell, told) = channel();
        let terminal = Terminal::start(config, move |view| {
            if let View::Home(home) = view {
                // Whoever gave up no longer listens.
                let _ = tell.send((Instant::now(), home));
            }
        })?;
        let (mut connecting, mut online) = (None, None);
        let delivered = loop {
            let Ok((at, home)) = told.recv_timeout(PATIENCE) else {
                bail!("a backlog did not move for {} seconds", PATIENCE.as_secs());
            };
            if home.refused > 0 {
                bail!("HQ refused a record of the bench");
            }
            match home.network {
                Network::Offline => {}
                Network::Connecting => _ = connecting.get_or_insert(at),
                Network::Online => _ = online.get_or_insert(at),
            }
            if let (Some(connecting), Some(online), 0) = (connecting, online, home.waiting) {
                break Delivered {
                    connecting,
                    online,
                    done: at,
                };
            }
        };
        terminal.stop()?;
        Ok(delivered)
    }

    /// Takes HQ down.
    pub(super) fn strike(self) -> anyhow::Result<()> {
        self.hq.stop().map(drop).context("HQ's thread ended by itself")
    }
}
