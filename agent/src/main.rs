//! `neo-agent`: the officer terminal on its device. Opens the terminal, connects it, shows its screens, and runs.

use std::fs::File;
use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

use agent::card::TrainingCard;
use agent::clock::Clock;
use agent::engine::CardEvent;
use agent::enrol::{self, bootstrap, joining};
use agent::keys::VaultKind;
use agent::mint::Mint;
use agent::shutter;
use agent::site::Site;
use agent::supervisor::{Brokers, Config, Terminal};
use anyhow::Context;
use clap::Parser;
use domain::Zone;
use domain::dialogue::{Intent, View};
use domain::enrolment::Ticket;

/// Usage errors (sysexits.h).
const EX_USAGE: u8 = 64;

/// The officer terminal.
#[derive(Parser)]
#[command(name = "neo-agent", version)]
struct Arguments {
    /// The terminal's own folder, made by its enrolment.
    #[arg(long)]
    dir: PathBuf,
    /// Name of HQ's broker, as in its certificate.
    #[arg(long)]
    broker: String,
    #[arg(long, default_value_t = 8883)]
    port: u16,
    #[arg(long, default_value_t = 8884)]
    bulk_port: u16,
    /// For a terminal whose certificate has ended.
    #[arg(long, default_value_t = 8885)]
    bootstrap_port: u16,
    /// The enrolment code of this terminal (`neo2:1:…`), as its QR code says it; `-` reads it from standard input.
    ///
    /// Without it the window asks. An enrolment that was cut off goes on by itself.
    #[arg(long, value_name = "TEXT")]
    enrol: Option<String>,
    /// Work without a card reader, for training alone: what is signed is marked "formation" wherever it is seen.
    ///
    /// The officer's certificate is for the key of `--formation-request`, and carries the mark.
    #[arg(long)]
    formation: bool,
    /// Write the request (PKCS#10, PEM) for this terminal's training key to a new file, and end.
    ///
    /// `neoctl officer add` certifies it, with `formation = true`.
    #[arg(long, value_name = "FILE")]
    formation_request: Option<PathBuf>,
    /// What keeps the terminal's keys: `file`, `keystore` (of an Android phone), `tpm`, or `tpm:` and how the TPM 2.0 is
    /// reached (`tpm:device:/dev/tpmrm0`).
    ///
    /// Said at the first start; later ones find it. Without it a file keeps them, which every signature says. The others
    /// need a program built with the feature of their name.
    #[arg(long, value_name = "VAULT")]
    vault: Option<VaultKind>,
    /// Address of the body camera on the local link.
    #[arg(long)]
    camera: Option<SocketAddr>,
    /// A folder whose newest image is offered as the officer's photograph, or one image file.
    ///
    /// The terminal's own camera is used live where the program was built with the feature `still`.
    #[arg(long)]
    photos: Option<PathBuf>,
    /// Mount point of the drive or cable by which signed acts are handed over to the station.
    #[arg(long, value_name = "DIR")]
    handoff: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() {
                ExitCode::from(EX_USAGE)
            } else {
                ExitCode::SUCCESS
            };
        }
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            complain(&error);
            ExitCode::FAILURE
        }
    }
}

#[expect(
    clippy::print_stderr,
    reason = "the one place that tells a person why the program failed"
)]
fn complain(error: &anyhow::Error) {
    eprintln!("neo-agent: {error:#}");
}

/// The enrolment code given on the command line, or on standard input.
fn ticket(given: String) -> anyhow::Result<Ticket> {
    let text = match given.as_str() {
        "-" => std::io::read_to_string(std::io::stdin()).context("could not read the enrolment code")?,
        _ => given,
    };
    Ok(Ticket::parse(&text)?)
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    agent::process::harden();
    let site = Site::new(&arguments.dir).with_handoff(arguments.handoff);
    let keys = enrol::vault_in(&site, arguments.vault.as_ref())?;
    if let Some(file) = arguments.formation_request {
        let request = TrainingCard::open(&site, keys)?.request()?;
        let made = File::create_new(&file).and_then(|mut made| made.write_all(request.as_bytes()));
        return made.with_context(|| format!("could not write `{}`", file.display()));
    }
    let _log = agent::logs::start(&site.logs())?;
    let clock = Clock::new(Zone::Paris);
    let enrolled = enrol::is_enrolled(&site, keys.as_ref())?;
    if let Some(given) = arguments.enrol.filter(|_| !enrolled) {
        let ticket = ticket(given)?;
        joining::join(
            &site,
            keys.as_ref(),
            &ticket,
            clock.now(),
            bootstrap::ask_by_ticket,
        )?;
    }
    let options = ui::Options {
        title: "NEO".to_owned(),
        shutter: shutter::of_terminal(arguments.photos, clock.clone()),
        ..ui::Options::default()
    };
    let config = Config {
        keys,
        site,
        clock,
        mint: Mint::System,
        seed: u64::from(std::process::id()),
        brokers: Brokers {
            host: arguments.broker,
            port: arguments.port,
            bulk_port: arguments.bulk_port,
            bootstrap_port: arguments.bootstrap_port,
        },
        camera: arguments.camera,
        tripwire: None,
        cost: None,
    };
    let (said, intents) = channel();
    let (views, shown) = channel();
    let terminal = std::thread::Builder::new()
        .name("terminal".to_owned())
        .spawn(move || serve(config, arguments.formation, &intents, views))?;
    let closed = ui::run(move |intent| drop(said.send(intent)), shown, options);
    let served = terminal.join();
    closed?;
    served.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

/// Serves the window until it is closed: first a phone that is to be enrolled, then the terminal.
fn serve(
    config: Config,
    formation: bool,
    intents: &Receiver<Intent>,
    views: Sender<View>,
) -> anyhow::Result<()> {
    let (site, keys, clock) = (&config.site, config.keys.as_ref(), &config.clock);
    if !enrol::is_enrolled(site, keys)? && !enrol::desk::until_enrolled(site, keys, clock, intents, &views) {
        return Ok(());
    }
    // A window that is closed ends the program from the other side.
    let training = formation.then(|| TrainingCard::open(site, config.keys.clone()));
    let training = training.transpose().context("could not open the training key")?;
    let terminal = Terminal::start(config, move |view| drop(views.send(view)))
        .context("could not start the terminal")?;
    match training {
        Some(card) => terminal.card(CardEvent::Training {
            key: card.public_key(),
            card: Arc::new(Mutex::new(card)),
        }),
        None => follow_reader(&terminal)?,
    }
    intents.iter().for_each(|intent| terminal.intent(intent));
    Ok(terminal.stop()?)
}

#[cfg(feature = "pcsc")]
fn follow_reader(terminal: &Terminal) -> anyhow::Result<()> {
    let cards = terminal.cards();
    agent::card::pcsc::watch(move |event| cards.send(event)).context("could not follow the card reader")
}

#[cfg(not(feature = "pcsc"))]
fn follow_reader(_: &Terminal) -> anyhow::Result<()> {
    tracing::warn!("built without the feature `pcsc`: no card reader is followed");
    Ok(())
}
