//! `neo-hq`: a gateway on a broker, and what its store holds.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use hq::files::PoliceFiles;
use hq::serve::{Address, Brokers, wall_clock};
use hq::{Gateway, Pki, Store};
use tracing_subscriber::EnvFilter;

/// Usage errors (sysexits.h).
const EX_USAGE: u8 = 64;

/// Headquarters' gateway for officer terminals: receives, verifies, stores, acknowledges and answers.
#[derive(Parser)]
#[command(name = "neo-hq", version)]
struct Arguments {
    /// Folder of the store, the records and the clips.
    #[arg(long)]
    dir: PathBuf,
    /// Folder of the keys.
    #[arg(long, required_unless_present = "status")]
    pki: Option<PathBuf>,
    /// `mqtts://host:port` of the broker's listener for records.
    #[arg(long, value_parser = Address::parse, required_unless_present = "status")]
    broker: Option<Address>,
    /// `mqtts://host:port` of the listener for footage; the next port when absent.
    #[arg(long, value_parser = Address::parse)]
    bulk: Option<Address>,
    /// Seed of the synthetic police files.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Counts what the store holds, and ends.
    #[arg(long)]
    status: bool,
    /// JSON in place of text, for the counts and the log.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let code = if error.use_stderr() {
                ExitCode::from(EX_USAGE)
            } else {
                ExitCode::SUCCESS
            };
            // A closed terminal is no reason to end otherwise.
            let _ = error.print();
            return code;
        }
    };
    match run(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(stderr(), "neo-hq: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let (Some(pki), Some(broker), false) = (arguments.pki, arguments.broker, arguments.status) else {
        return status(&arguments.dir, arguments.json);
    };
    log(arguments.json);
    let now = wall_clock();
    let pki = Pki::open(&pki).context("cannot open the PKI")?;
    let files = PoliceFiles::synthetic(arguments.seed, now);
    let gateway = Gateway::open(&arguments.dir, pki, files, now)?;
    let mut brokers = Brokers::on(broker);
    if let Some(bulk) = arguments.bulk {
        brokers.bulk = bulk;
    }
    let running = hq::serve::spawn(gateway, &brokers)?;
    running.join().context("the gateway's thread panicked").map(drop)
}

fn status(dir: &Path, json: bool) -> anyhow::Result<()> {
    anyhow::ensure!(
        dir.join("hq.db").exists(),
        "there is no store in `{}`",
        dir.display()
    );
    let rows = Store::open(dir)?.begin()?.counts()?.rows();
    let mut out = stdout().lock();
    if json {
        let mut object = serde_json::Map::new();
        object.insert("schema_version".to_owned(), 1.into());
        object.extend(rows.map(|(name, count)| (name.to_owned(), count.into())));
        writeln!(out, "{}", serde_json::Value::Object(object))?;
    } else {
        for (name, count) in rows {
            writeln!(out, "{count:>10} {name}")?;
        }
    }
    Ok(())
}

fn log(json: bool) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(stderr);
    if json {
        builder.json().init();
    } else {
        builder.with_ansi(stderr().is_terminal()).init();
    }
}
