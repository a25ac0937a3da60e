//! A terminal as a process of its own: intents on standard input, views on standard output, and a card that is a file.

use std::io::{BufReader, BufWriter, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use agent::clock::Clock;
use agent::engine::{CardEvent, CommitPoint};
use agent::mint::Mint;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use anyhow::Context;
use domain::Zone;

use crate::card::SimCard;
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

/// Serves until standard input ends.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let die_at: Arc<Mutex<Option<CommitPoint>>> = Arc::default();
    let due = die_at.clone();
    let config = Config {
        site: Site::new(&options.dir),
        keys: agent::enrol::vault(&Site::new(&options.dir))?,
        clock: Clock::new(Zone::Paris),
        mint: Mint::System,
        seed: options.seed ^ u64::from(std::process::id()),
        brokers: options.brokers.clone(),
        camera: options.camera,
        tripwire: Some(Box::new(move |point| {
            if due.lock().is_ok_and(|due| *due == Some(point)) {
                // What a flat battery does: no buffer is flushed, no destructor runs.
                let _ =
                    rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
            }
        })),
    };
    let mut out = BufWriter::new(std::io::stdout());
    let terminal = Terminal::start(config, move |view| {
        // A reader that is gone ends this process through its closed input.
        let _ = pipe::write(&mut out, &FromTerminal::View(view));
        let _ = out.flush();
    })?;
    let certificate = SimCard::certificate(&options.card)?;
    let insert = || -> anyhow::Result<CardEvent> {
        Ok(CardEvent::Inserted {
            card: SimCard::open(&options.card)?.shared(),
            certificate: certificate.clone(),
        })
    };
    terminal.card(insert()?);
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
            ToTerminal::Card { present: true } => terminal.card(insert()?),
            ToTerminal::Card { present: false } => terminal.card(CardEvent::Removed),
        }
        if terminal.is_over() {
            break;
        }
    }
    Ok(terminal.stop()?)
}
