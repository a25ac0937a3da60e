//! What is measured: a real terminal, the embedded broker over mutual TLS, and the real gateway on its own thread.

use std::cell::Cell;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use agent::clock::Clock;
use agent::engine::CommitPoint;
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
use crate::enrol::{self, Layout, Way};
use crate::patrol::scenario::{self, Scenario};

/// How long one backlog may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(300);
/// HQ spreads returning terminals over this time; the one of the bench need not be spread.
const RETURN_MS: u32 = 1_000;
/// The terminal waits a random moment before it connects: under this seed 738 ms, so that no frame is pending and the
/// attempt shows at once.
const SEED: u64 = 5;

/// One force: a broker, an HQ, and a terminal that is started anew for each backlog.
pub(super) struct Rig {
    pub(super) layout: Layout,
    /// HQ's keys, opened a second time for the bare measures.
    pub(super) pki: Pki,
    pub(super) broker: SocketAddr,
    pub(super) clock: Clock,
    hq: Running,
    /// Acts since the beginning.
    signed: Cell<usize>,
}

impl Rig {
    /// Makes keys, registers terminal and officer, and starts broker and gateway.
    pub(super) fn set(dir: &Path) -> anyhow::Result<Self> {
        let layout = Layout::new(dir);
        let clock = Clock::new(Zone::Paris);
        let now = clock.now();
        let officer = Scenario::parse(scenario::DEFAULT)?.officer;
        let pki = enrol::pki(&layout.pki(), now.utc)?;
        let broker = broker::start(&layout.pki())?.mutual;
        enrol::terminal(&layout, &layout.pki(), &officer, now, Way::Direct)?;
        let files = PoliceFiles::synthetic(0, now.utc);
        let gateway = Gateway::open(&layout.hq(), enrol::pki(&layout.pki(), now.utc)?, files, now.utc)
            .context("could not open HQ's gateway")?
            .with_retry_window(RETURN_MS);
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
            signed: Cell::new(0),
        })
    }

    /// Signs `count` acts into the terminal's outbox.
    pub(super) fn fill(&self, count: usize, weight: Weight) -> anyhow::Result<Vec<Prepared>> {
        let acts = Writer::open(&self.layout, self.clock.now())?.fill(count, weight)?;
        self.signed.set(self.signed.get() + acts.len());
        Ok(acts)
    }

    /// Starts the terminal, locked as in a pocket, lets it empty its outbox over the broker `at`, and stops it. Gives
    /// the time from its first attempt to connect to its last stored receipt: handshake and hello are inside.
    pub(super) fn deliver(&self, at: SocketAddr) -> anyhow::Result<Duration> {
        enum Said {
            Connecting,
            Refused,
            Receipt,
            /// Nothing waits any more.
            Done,
        }
        let (tell, told) = channel();
        let tell_receipt = tell.clone();
        let site = Site::new(self.layout.terminal());
        let config = Config {
            keys: terminal::vault(&site)?,
            site,
            clock: self.clock.clone(),
            mint: Mint::System,
            seed: SEED,
            brokers: Brokers {
                host: at.ip().to_string(),
                port: at.port(),
                bulk_port: at.port(),
                bootstrap_port: at.port(),
            },
            camera: None,
            supply: None,
            // Whoever gave up no longer listens, here and below.
            tripwire: Some(Box::new(move |point| {
                if point == CommitPoint::ReceiptStored {
                    let _ = tell_receipt.send((Instant::now(), Said::Receipt));
                }
            })),
            cost: Some(Cost::FLOOR),
        };
        let terminal = Terminal::start(config, move |view| {
            if let View::Home(home) = view {
                let said = match home.network {
                    _ if home.refused > 0 => Said::Refused,
                    _ if home.waiting == 0 => Said::Done,
                    Network::Connecting => Said::Connecting,
                    Network::Offline | Network::Online => return,
                };
                let _ = tell.send((Instant::now(), said));
            }
        })?;
        let (mut connecting, mut last) = (None, None);
        loop {
            let Ok((at, said)) = told.recv_timeout(PATIENCE) else {
                bail!("a backlog did not move for {} seconds", PATIENCE.as_secs());
            };
            match said {
                Said::Refused => bail!("HQ refused a record of the bench"),
                Said::Connecting => _ = connecting.get_or_insert(at),
                // Several receipts may be one commit.
                Said::Receipt => last = Some(at),
                Said::Done => break,
            }
        }
        terminal.stop()?;
        let done = last.context("the backlog was empty")?;
        Ok(done - connecting.context("receipts came without a connection")?)
    }

    /// Waits until HQ has written the files of every record, which it does when it is idle.
    pub(super) fn settle(&self) -> anyhow::Result<()> {
        let waited = Instant::now();
        let records = self.layout.hq().join("records");
        loop {
            // HQ makes the folder with the first record.
            let names = std::fs::read_dir(&records).into_iter().flatten().flatten();
            let exported = |name: &str| name.ends_with(".record.cose");
            let files = names
                .filter(|entry| entry.file_name().to_str().is_some_and(exported))
                .count();
            if files == self.signed.get() {
                return Ok(());
            }
            if waited.elapsed() > PATIENCE {
                bail!("HQ has written {files} of {} records", self.signed.get());
            }
            std::thread::park_timeout(Duration::from_millis(50));
        }
    }

    /// Takes HQ down.
    pub(super) fn strike(self) -> anyhow::Result<()> {
        self.hq.stop().map(drop).context("HQ's thread ended by itself")
    }
}
