//! A terminal as a process of its own: intents on standard input, views on standard output, and a card that is a file.

use std::io::{BufReader, BufWriter, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use agent::clock::Clock;
use agent::engine::{CardEvent, CommitPoint};
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use anyhow::Context;
use domain::Zone;

use crate::card::SimCard;
use crate::enrol::brought;
use crate::pipe::{self, FromTerminal, ToTerminal};

/// What the process is started with.
#[derive(Debug, Clone)]
pub struct Options {
    pub dir: PathBuf,
    pub card: PathBuf,
    pub brokers: Brokers,
    pub camera: Option<SocketAddr>,
    pub seed: u64,
}

/// Beside the phone's disk: how far its time was put forward, which goes on over its processes as a device's time does.
fn leapt_file(dir: &Path) -> PathBuf {
    dir.with_extension("leapt")
}

/// The same for what passed on the wall clock too.
fn passed_file(dir: &Path) -> PathBuf {
    dir.with_extension("passed")
}

/// How many milliseconds passed at once so far, for the terminal in `dir`.
pub fn passed(dir: &Path) -> u64 {
    kept(&passed_file(dir))
}

fn kept(path: &Path) -> u64 {
    let kept = std::fs::read_to_string(path);
    kept.ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// Serves until standard input ends.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let die_at: Arc<Mutex<Option<CommitPoint>>> = Arc::default();
    let due = die_at.clone();
    let clock = Clock::new(Zone::Paris);
    let mut ahead = kept(&leapt_file(&options.dir));
    clock.leap(ahead);
    let mut passed = kept(&passed_file(&options.dir));
    clock.pass(passed);
    let config = Config {
        site: Site::new(&options.dir)
            .with_brought(Some(brought(&options.dir)))
            .running(agent::process::program()),
        keys: agent::enrol::vault(&Site::new(&options.dir))?,
        clock: clock.clone(),
        mint: Mint::System,
        seed: options.seed ^ u64::from(std::process::id()),
        brokers: options.brokers.clone(),
        camera: options.camera,
        // What this computer lives on is not the phone's business.
        supply: None,
        tripwire: Some(Box::new(move |point| {
            if due.lock().is_ok_and(|due| *due == Some(point)) {
                // What a flat battery does: no buffer is flushed, no destructor runs.
                let _ =
                    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            }
        })),
        // A simulated phone proves the way and not the device's speed.
        cost: Some(Cost::FLOOR),
    };
    let mut out = BufWriter::new(std::io::stdout());
    let terminal = Terminal::start(config, move |view| {
        // A reader that is gone ends this process through its closed input.
        let _ = pipe::write(&mut out, &FromTerminal::View(view));
        let _ = out.flush();
    })?;
    let insert = |dir: &Path| -> anyhow::Result<CardEvent> {
        Ok(CardEvent::Inserted {
            card: SimCard::open(dir)?.shared(),
            certificate: SimCard::certificate(dir)?,
        })
    };
    terminal.card(insert(&options.card)?);
    let mut input = BufReader::new(std::io::stdin());
    while let Some(frame) = pipe::read(&mut input).context("could not read the next intent")? {
        match frame {
            ToTerminal::Intent(intent) => terminal.intent(intent),
            ToTerminal::DieAt(position) => {
                if let Ok(mut die_at) = die_at.lock() {
                    *die_at = CommitPoint::ALL.get(usize::from(position)).copied();
                }
            }
            ToTerminal::Position(fix) => terminal.position(fix),
            ToTerminal::Supply(supply) => terminal.supply(supply),
            ToTerminal::Card { present: true } => terminal.card(insert(&options.card)?),
            ToTerminal::Card { present: false } => terminal.card(CardEvent::Removed),
            ToTerminal::AnotherCard { dir } => {
                // One reader holds one card.
                terminal.card(CardEvent::Removed);
                terminal.card(insert(Path::new(&dir))?);
            }
            ToTerminal::Leap { ms } => {
                ahead += ms;
                std::fs::write(leapt_file(&options.dir), ahead.to_string())
                    .context("could not keep the device's time")?;
                clock.leap(ms);
            }
            ToTerminal::Pass { ms } => {
                passed += ms;
                std::fs::write(passed_file(&options.dir), passed.to_string())
                    .context("could not keep the device's time")?;
                clock.pass(ms);
            }
        }
        if terminal.is_over() {
            break;
        }
    }
    Ok(terminal.stop()?)
}
