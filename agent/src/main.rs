//! `neo-agent`: the officer terminal on its device. Opens the terminal, connects it, shows its screens, and runs.

mod arguments;
mod behind_window;

use std::fs::File;
use std::io::Write;
use std::process::ExitCode;
use std::sync::mpsc::channel;

use agent::card::TrainingCard;
use agent::clock::Clock;
use agent::enrol::{self, bootstrap, joining};
use agent::mint::Mint;
use agent::shutter;
use agent::site::Site;
use agent::supervisor::{Brokers, Config};
use anyhow::Context;
use clap::Parser;
use domain::Zone;

use crate::arguments::Arguments;
use crate::behind_window::serve;

/// Usage errors (sysexits.h).
const EX_USAGE: u8 = 64;

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

fn run(arguments: Arguments) -> anyhow::Result<()> {
    agent::process::harden();
    let site = Site::new(&arguments.dir)
        .with_handoff(arguments.handoff)
        .with_brought(arguments.brought)
        .running(agent::process::program());
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
        let ticket = arguments::ticket(given)?;
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
        supply: Some("/sys/class".into()),
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
