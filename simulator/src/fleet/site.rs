//! HQ's site as a process of its own, so that it can die: a gateway, and the broker that terminals reach it by.
//!
//! With a broker that runs already, a relay stands in its place: when the site dies, every terminal loses its connection
//! either way.

use std::io::{BufRead, BufReader, Read};
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use hq::files::PoliceFiles;
use hq::gateway::Gateway;
use hq::serve::{self, Address, Brokers};

use super::{Options, Part, allow_descriptors};
use crate::broker;
use crate::enrol::{self, Layout};
use crate::ground::socket;
use crate::radio::Radio;

/// How long HQ may take to reach its broker.
const PATIENCE: Duration = Duration::from_secs(60);

/// The first process's hold on the site.
pub(super) struct Site {
    program: PathBuf,
    part: Part,
    child: Option<Child>,
}

impl Site {
    pub(super) fn new(options: &Options, out: &Path, pki: &Path, window_ms: u32) -> Self {
        Self {
            program: options.program.clone(),
            part: Part::Site {
                out: out.to_owned(),
                pki: pki.to_owned(),
                port: 0,
                window_ms,
                terminals: options.terminals,
                broker: options
                    .outside
                    .as_ref()
                    .map(|outside| (outside.address.host.clone(), outside.address.port)),
            },
            child: None,
        }
    }

    /// Where terminals connect, the same after each start.
    pub(super) const fn port(&self) -> u16 {
        match &self.part {
            Part::Site { port, .. } => *port,
            Part::Outboxes { .. } => 0,
        }
    }

    /// Starts the site and returns when terminals can connect.
    pub(super) fn start(&mut self) -> anyhow::Result<()> {
        let mut child = Command::new(&self.program)
            .arg("fleet-part")
            .arg(serde_json::to_string(&self.part)?)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start HQ")?;
        let told = child.stdout.take().context("HQ is mute")?;
        self.child = Some(child);
        let mut line = String::new();
        BufReader::new(told).read_line(&mut line).context("HQ is mute")?;
        let told = line
            .trim()
            .parse()
            .context("HQ did not start; the reason is above")?;
        if let Part::Site { port, .. } = &mut self.part {
            *port = told;
        }
        Ok(())
    }

    /// SIGKILL, as when the power fails.
    pub(super) fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut child) = self.child.take() {
            child.kill().context("could not kill HQ")?;
            child.wait().context("could not wait for HQ")?;
        }
        Ok(())
    }

    /// Ends the site in good order: closing its input stops it.
    pub(super) fn stop(&mut self) -> anyhow::Result<()> {
        let Some(mut child) = self.child.take() else {
            return Ok(());
        };
        drop(child.stdin.take());
        if !child.wait().context("could not wait for HQ")?.success() {
            bail!("HQ ended with an error; it is above");
        }
        Ok(())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Nobody is left to tell.
        let _ = self.kill();
    }
}

/// The site itself, until its input ends; `said` is told the port.
pub(super) fn serve(part: Part, said: &dyn Fn(&str)) -> anyhow::Result<()> {
    let Part::Site {
        out,
        pki,
        port,
        window_ms,
        terminals,
        broker,
    } = part
    else {
        bail!("this is no site");
    };
    allow_descriptors(terminals)?;
    let layout = Layout::new(&out);
    let now = serve::wall_clock();
    let keys = enrol::pki(&pki, now)?;
    let gateway = Gateway::open(&layout.hq(), keys, PoliceFiles::synthetic(0, now), now)
        .context("could not open HQ's gateway")?
        .with_retry_window(window_ms);
    let at = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let (brokers, listening) = match broker {
        Some((host, port)) => {
            let outside = Address { host, port };
            let relay = Radio::start_at(at, socket(&outside)?).context("could not listen for terminals")?;
            (Brokers::on(outside), relay.address())
        }
        None => {
            // Two connections for HQ, and room for those that the broker has not noticed to be gone.
            let connections = usize::try_from(terminals)? * 2 + 8;
            let listening = broker::start_at(&pki, at, connections)?;
            let address = Address {
                host: "127.0.0.1".to_owned(),
                port: listening.port(),
            };
            let brokers = Brokers {
                control: address.clone(),
                bulk: address,
            };
            (brokers, listening)
        }
    };
    let running = serve::spawn(gateway, &brokers).context("could not start HQ")?;
    if !running.is_connected_within(PATIENCE) {
        bail!("HQ does not reach its broker");
    }
    said(&listening.port().to_string());
    std::io::stdin()
        .read_to_end(&mut Vec::new())
        .context("could not wait for the end")?;
    running.stop().map(drop).context("HQ's thread ended by itself")
}
