//! The ground that everything simulated stands on: HQ, broker, radio and camera, set up around one folder.

use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use agent::clock::Clock;
use anyhow::{Context, bail};
use domain::{ClipId, Digest, Zone};
use hq::files::PoliceFiles;
use hq::gateway::Gateway;
use hq::pki::Ports;
use hq::serve::{self, Address, Brokers, Running};
use hq::store::Policy;

use crate::enrol::{self, Layout, Way};
use crate::patrol::Handset;
use crate::patrol::scenario::Scenario;
use crate::printer::{SimPrinter, Temper};
use crate::radio::Radio;
use crate::{broker, camera};

/// A broker that runs already.
#[derive(Debug, Clone)]
pub struct Outside {
    pub address: Address,
    /// HQ's keys, as `neo-sim pki` wrote them.
    pub pki: PathBuf,
}

/// What the ground is made of.
#[derive(Debug, Clone, Copy)]
pub struct Plan<'a> {
    pub out: &'a std::path::Path,
    pub seed: u64,
    pub scenario: &'a Scenario,
    /// The recording that the camera plays; the built-in one when absent.
    pub clip: Option<&'a std::path::Path>,
    pub outside: Option<&'a Outside>,
}

/// How long after a loss the terminal may wait before it tries again, in milliseconds.
const RETRY_WINDOW_MS: u32 = 2_000;

/// HQ, broker, radio and camera at work.
pub struct Ground {
    pub layout: Layout,
    /// Folder of HQ's keys.
    pub pki: PathBuf,
    pub clock: Clock,
    pub clip: ClipId,
    /// The text of the camera's tag.
    pub invitation: String,
    /// SHA-256 of the camera's file.
    pub original: Digest,
    pub camera: Arc<camera::Running>,
    pub printer: SimPrinter,
    hq: Running,
    radios: [Radio; 2],
    bootstrap: Address,
    /// Where HQ takes records.
    pub broker: Address,
}

impl Ground {
    /// Sets everything up; in a folder that was used before, on what is there.
    pub fn set(plan: Plan<'_>) -> anyhow::Result<Self> {
        std::fs::create_dir_all(plan.out).context("could not make the output folder")?;
        let layout = Layout::new(plan.out);
        let clock = Clock::new(Zone::Paris);
        let now = clock.now();
        let pki_dir = plan
            .outside
            .map_or_else(|| layout.pki(), |outside| outside.pki.clone());
        let pki = enrol::pki(&pki_dir, now.utc)?;
        let (brokers, bootstrap) = match plan.outside {
            Some(outside) => (
                Brokers::on(outside.address.clone()),
                bootstrap_beside(&outside.address)?,
            ),
            None => {
                let listening = broker::start(&pki_dir)?;
                let address = address_of(listening.mutual);
                let brokers = Brokers {
                    control: address.clone(),
                    bulk: address,
                };
                (brokers, address_of(listening.bootstrap))
            }
        };
        let original = match plan.clip {
            Some(path) => std::fs::read(path)
                .with_context(|| format!("could not read the clip `{}`", path.display()))?,
            None => include_bytes!("../clips/patrol.mp4").to_vec(),
        };
        let switched_on = enrol::camera(&layout, &pki_dir, &original, &clock)?;
        let files = PoliceFiles::synthetic(plan.seed, now.utc);
        let mut gateway =
            Gateway::open(&layout.hq(), pki, files, now.utc).context("could not open HQ's gateway")?;
        // One terminal makes no herd: it need not spread its return over minutes.
        let time = clock.clone();
        gateway = gateway
            .with_retry_window(RETRY_WINDOW_MS)
            .with_clock(Arc::new(move || time.now().utc));
        let marker = plan.scenario.refused_subject.clone();
        gateway
            .set_policy(&marker.map_or(Policy::AcceptAll, |marker| Policy::AskCorrection { marker }))
            .context("could not set HQ's policy")?;
        let hq = serve::spawn(gateway, &brokers).context("could not start HQ")?;
        if !hq.is_connected_within(Duration::from_secs(30)) {
            bail!(
                "HQ does not reach the broker `{}:{}`",
                brokers.control.host,
                brokers.control.port
            );
        }
        let way = Way::Bootstrap(&bootstrap);
        enrol::terminal(&layout, &pki_dir, &plan.scenario.officer, now, way)?;
        if let Some(sheet) = &plan.scenario.second {
            enrol::card(&layout, &pki_dir, sheet, now.utc)?;
            // Later than the terminal's own bundle, which it makes out of date.
            enrol::admit(&layout, &pki_dir, sheet, clock.now().utc)?;
        }
        if let Some(sheet) = &plan.scenario.colleague {
            layout.colleague().join(&layout, &pki_dir, sheet, now, way)?;
        }
        let radios = [
            Radio::start(socket(&brokers.control)?)?,
            Radio::start(socket(&brokers.bulk)?)?,
        ];
        Ok(Self {
            pki: pki_dir,
            clock,
            clip: switched_on.clip,
            invitation: switched_on.invitation,
            original: Digest::of(&original),
            camera: Arc::new(switched_on.running),
            printer: SimPrinter::start(&layout.printed(), Temper::Prints)?,
            hq,
            radios,
            bootstrap,
            broker: brokers.control,
            layout,
        })
    }

    /// Where the terminal finds HQ: through the radio.
    pub fn terminal_brokers(&self) -> agent::supervisor::Brokers {
        agent::supervisor::Brokers {
            host: "127.0.0.1".to_owned(),
            port: self.radios[0].address().port(),
            bulk_port: self.radios[1].address().port(),
            bootstrap_port: self.bootstrap.port,
        }
    }

    /// How to start a terminal's process on this ground; `program` is `neo-sim`.
    pub fn handset(&self, program: &Path, seed: u64, code: &str) -> Handset {
        self.handset_of(&self.layout.terminal(), &self.layout.card(), program, seed, code)
    }

    /// How to start the second terminal's process, of the colleague.
    pub fn colleague(&self, program: &Path, seed: u64, code: &str) -> Handset {
        let place = self.layout.colleague();
        self.handset_of(&place.terminal, &place.card, program, !seed, code)
    }

    fn handset_of(&self, dir: &Path, card: &Path, program: &Path, seed: u64, code: &str) -> Handset {
        let brokers = self.terminal_brokers();
        let argument = |name: &str, value: String| [format!("--{name}"), value];
        let args = [
            argument("dir", dir.display().to_string()),
            argument("card", card.display().to_string()),
            argument("broker-port", brokers.port.to_string()),
            argument("bulk-port", brokers.bulk_port.to_string()),
            argument("bootstrap-port", brokers.bootstrap_port.to_string()),
            argument("camera", self.camera.address().to_string()),
            argument("seed", seed.to_string()),
        ];
        Handset {
            program: program.to_owned(),
            args: std::iter::once("terminal".to_owned())
                .chain(args.into_iter().flatten())
                .collect(),
            code: code.to_owned(),
        }
    }

    pub fn cut(&self) {
        self.radios.iter().for_each(Radio::cut);
    }

    pub fn restore(&self) {
        self.radios.iter().for_each(Radio::restore);
    }

    /// Handles on the air, for a panel on another thread.
    pub fn radios(&self) -> [Radio; 2] {
        self.radios.clone()
    }

    /// Takes camera and HQ down; gives the gateway back.
    pub fn strike(self) -> anyhow::Result<Gateway> {
        drop(self.camera);
        self.hq.stop().context("HQ's thread ended by itself")
    }
}

/// The bootstrap listener of a broker that `neo-sim pki` configured.
fn bootstrap_beside(control: &Address) -> anyhow::Result<Address> {
    let ports = Ports::from(control.port).context("the broker's port has no next ones")?;
    Ok(Address {
        host: control.host.clone(),
        port: ports.bootstrap,
    })
}

fn address_of(address: SocketAddr) -> Address {
    Address {
        host: "127.0.0.1".to_owned(),
        port: address.port(),
    }
}

/// The address of a broker: of several that a name has, the first that answers.
pub(crate) fn socket(address: &Address) -> anyhow::Result<SocketAddr> {
    const PATIENCE: Duration = Duration::from_secs(2);
    let all: Vec<SocketAddr> = (address.host.as_str(), address.port)
        .to_socket_addrs()
        .context("the broker's name does not resolve")?
        .collect();
    let answers = |address: &&SocketAddr| TcpStream::connect_timeout(address, PATIENCE).is_ok();
    all.iter()
        .find(answers)
        .or_else(|| all.first())
        .copied()
        .with_context(|| format!("`{}` has no address", address.host))
}
