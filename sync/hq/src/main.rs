//! `neo-hq`: a gateway on a broker, and what its store holds.

use std::io::{IsTerminal, Write, stderr, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use domain::UnixMs;
use hq::files::PoliceFiles;
use hq::serve::{Address, Brokers, Group, wall_clock};
use hq::store::{Server, is_store};
use hq::{Gateway, Pki, Store};
use tracing_subscriber::EnvFilter;

/// Usage errors (sysexits.h).
const EX_USAGE: u8 = 64;

/// Headquarters' gateway for officer terminals: receives, verifies, stores, acknowledges and answers.
///
/// What is past its legal term is destroyed when the gateway starts and every hour; a line without content stays.
#[derive(Parser)]
#[command(name = "neo-hq", version)]
struct Arguments {
    /// Folder of the store, the records and the clips.
    #[arg(long)]
    dir: PathBuf,
    /// `postgres://…` of the database that a new folder keeps its store in, on a socket or an address of this computer.
    ///
    /// The folder remembers it. Without it the store of a new folder is the file `hq.db` in it.
    #[arg(long, value_name = "URL")]
    store: Option<Server>,
    /// Folder of the keys.
    #[arg(long, required_unless_present_any = ["status", "purge"])]
    pki: Option<PathBuf>,
    /// `mqtts://host:port` of the broker's listener for records.
    #[arg(long, value_parser = Address::parse, required_unless_present_any = ["status", "purge"])]
    broker: Option<Address>,
    /// `mqtts://host:port` of the listener for footage; the next port when absent.
    #[arg(long, value_parser = Address::parse)]
    bulk: Option<Address>,
    /// Shares the work with the other gateways of this group: each message goes to one of them.
    ///
    /// All of them have the same `--dir`, on one computer. The broker subscribes them by `$share/<GROUP>/…` and must let
    /// connections with the gateway's certificate have client ids of their own; the delivered mosquitto.conf does so on
    /// its listener for footage, which then serves as `--broker` and as `--bulk`.
    #[arg(long, value_parser = Group::parse)]
    group: Option<Group>,
    /// Seed of the synthetic police files.
    #[arg(long, default_value_t = 7)]
    seed: u64,
    /// Counts what the store holds, and ends.
    #[arg(long, conflicts_with = "purge")]
    status: bool,
    /// Destroys what is past its legal term, says how much that was, and ends.
    #[arg(long)]
    purge: bool,
    /// The moment of the purge, as `2026-11-21T12:00:00Z`; it must not lie ahead. This moment when absent.
    #[arg(long, requires = "purge", conflicts_with = "status", value_parser = moment)]
    at: Option<UnixMs>,
    /// JSON in place of text, for the counts and the log.
    #[arg(long)]
    json: bool,
}

/// RFC 3339.
fn moment(text: &str) -> Result<UnixMs, jiff::Error> {
    let moment: jiff::Timestamp = text.parse()?;
    Ok(UnixMs(moment.as_millisecond()))
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
    if let Some(server) = &arguments.store {
        server.keep_for(&arguments.dir)?;
    }
    if arguments.purge {
        return purge(&arguments.dir, arguments.at, arguments.json);
    }
    let (Some(pki), Some(broker), false) = (arguments.pki, arguments.broker, arguments.status) else {
        return say(arguments.json, &opened(&arguments.dir)?.begin()?.counts()?.rows());
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
    let running = match arguments.group {
        None => hq::serve::spawn(gateway, &brokers)?,
        Some(group) => hq::serve::spawn_in_group(gateway, &brokers, &group)?,
    };
    running.join().context("the gateway's thread panicked").map(drop)
}

fn purge(dir: &Path, at: Option<UnixMs>, json: bool) -> anyhow::Result<()> {
    let now = wall_clock();
    let at = at.unwrap_or(now);
    anyhow::ensure!(
        at <= now,
        "the moment of the purge lies ahead; nothing is destroyed before its term"
    );
    let purged = hq::purge::purge(&mut opened(dir)?, dir, at)?;
    let rows = [
        ("records", purged.records),
        ("clips", purged.clips),
        ("refused", purged.refused),
    ];
    say(json, &rows)
}

/// The store that is there already.
fn opened(dir: &Path) -> anyhow::Result<Store> {
    anyhow::ensure!(is_store(dir)?, "there is no store in `{}`", dir.display());
    Ok(Store::open(dir)?)
}

fn say(json: bool, rows: &[(&str, u64)]) -> anyhow::Result<()> {
    let mut out = stdout().lock();
    if json {
        let mut object = serde_json::Map::new();
        object.insert("schema_version".to_owned(), 1.into());
        object.extend(rows.iter().map(|&(name, count)| (name.to_owned(), count.into())));
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
