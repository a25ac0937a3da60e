//! A fleet that comes back at once: many terminals with acts in their outboxes, an HQ that dies in the middle of their
//! delivery and returns, and a count of what arrived.
//!
//! Three processes, so that memory and kills mean what they say: one makes and signs, one is HQ's site with its broker,
//! and this one holds the terminals, each a whole product terminal with its own database, engine and connections.

mod figures;
mod outbox;
mod report;
mod site;
mod tally;
mod watch;

use std::path::{Path, PathBuf};

use agent::clock::Clock;
use anyhow::{Context, bail};
use domain::{DeviceId, Zone};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};

use self::report::Report;
use self::site::Site;
use self::watch::Watch;
use crate::enrol::{Layout, Place};
use crate::ground::Outside;

/// Terminals that come back in one second, which sets HQ's window; a national HQ would let 400 in.
const RETURNS_PER_SECOND: u32 = 50;
/// The shortest window, in milliseconds.
const SHORTEST_WINDOW: u32 = 2_000;
/// Descriptors that a terminal holds: databases, connections and their runtimes.
const DESCRIPTORS_EACH: u64 = 24;
/// Descriptors of the program itself.
const DESCRIPTORS_BESIDE: u64 = 128;

/// What a fleet is.
pub struct Options {
    pub terminals: u32,
    /// Signed acts that wait in each terminal.
    pub acts: u32,
    pub seed: u64,
    /// An empty folder; a temporary one when absent.
    pub out: Option<PathBuf>,
    /// A broker that runs already.
    pub outside: Option<Outside>,
    /// This program.
    pub program: PathBuf,
}

/// A process of the fleet beside the one that was started by hand.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Enrols the terminals and fills their outboxes.
    Outboxes {
        out: PathBuf,
        pki: PathBuf,
        terminals: u32,
        acts: u32,
        seed: u64,
    },
    /// HQ with the broker that terminals reach it by.
    Site {
        out: PathBuf,
        pki: PathBuf,
        /// Where terminals connect; 0 for any free port.
        port: u16,
        window_ms: u32,
        terminals: u32,
        /// Host and port of a broker that runs already.
        broker: Option<(String, u16)>,
    },
}

/// Runs one part; `said` is told what the first process waits for.
pub fn part(part: &str, said: &dyn Fn(&str)) -> anyhow::Result<()> {
    match serde_json::from_str(part).context("this is no part of a fleet")? {
        Part::Outboxes {
            out,
            pki,
            terminals,
            acts,
            seed,
        } => outbox::fill(&Fleet::new(&out, terminals)?, &pki, acts, seed, said),
        part @ Part::Site { .. } => site::serve(part, said),
    }
}

/// Runs a fleet to its end; an error when HQ's set is not the signed set, once each.
pub fn run(options: &Options, said: &dyn Fn(&str)) -> anyhow::Result<Report> {
    let temporary = tempfile::tempdir().context("could not make a temporary folder")?;
    let out = options.out.as_deref().unwrap_or(temporary.path());
    std::fs::create_dir_all(out).with_context(|| format!("could not make `{}`", out.display()))?;
    if std::fs::read_dir(out)?.next().is_some() {
        bail!("`{}` is not empty; name another folder", out.display());
    }
    allow_descriptors(options.terminals)?;
    let fleet = Fleet::new(out, options.terminals)?;
    let pki = options
        .outside
        .as_ref()
        .map_or_else(|| fleet.layout.pki(), |outside| outside.pki.clone());

    outbox::ask(options, out, &pki, said)?;
    let signed = tally::signed(&fleet)?;

    let window_ms = (options.terminals.saturating_mul(1_000) / RETURNS_PER_SECOND).max(SHORTEST_WINDOW);
    let mut hq = Site::new(options, out, &pki, window_ms);
    hq.start()?;
    let clock = Clock::new(Zone::Paris);
    let mut watch = Watch::start(&fleet, hq.port(), options.seed, clock.clone())?;

    let half = signed.len().div_ceil(2);
    watch.until(|watch| {
        said(&format!("{} of {} receipts", watch.received(), signed.len()));
        watch.received() >= half
    })?;
    said("HQ is gone");
    let gone = clock.mono_ms();
    hq.kill()?;
    // Half of the terminals find HQ back at their first attempt, the other half are refused once before.
    watch.wait(u64::from(window_ms / 2))?;
    hq.start()?;
    let back = clock.mono_ms();
    watch.begin_return();
    watch.until(|watch| {
        said(&format!(
            "{} of {} receipts, {} of {} terminals are back",
            watch.received(),
            signed.len(),
            watch.returned(),
            fleet.places.len()
        ));
        watch.received() >= signed.len() && watch.returned() == fleet.places.len()
    })?;
    let seen = watch.stop()?;
    hq.stop()?;

    let report = report::write(
        options,
        &fleet,
        &signed,
        &seen,
        report::Away {
            gone,
            back,
            window_ms,
        },
    )?;
    if let Some(out) = &options.out {
        let file = std::fs::File::create(out.join("report.json")).context("could not write the report")?;
        serde_json::to_writer_pretty(file, &report).context("could not write the report")?;
    }
    Ok(report)
}

/// The folders of a fleet.
struct Fleet {
    layout: Layout,
    places: Vec<Place>,
}

impl Fleet {
    fn new(out: &Path, terminals: u32) -> anyhow::Result<Self> {
        let place = |number: u32| -> anyhow::Result<Place> {
            let name = format!("neo-{number:06}");
            let device = DeviceId::parse(&name).map_err(|_| anyhow::anyhow!("`{name}` names no terminal"))?;
            let dir = out.join("terminals").join(&name);
            Ok(Place {
                device,
                terminal: dir.join("terminal"),
                card: dir.join("card"),
            })
        };
        Ok(Self {
            layout: Layout::new(out),
            places: (1..=terminals).map(place).collect::<anyhow::Result<_>>()?,
        })
    }
}

/// Takes as many descriptors as the system gives, and says so when they are too few.
fn allow_descriptors(terminals: u32) -> anyhow::Result<()> {
    let wanted = u64::from(terminals) * DESCRIPTORS_EACH + DESCRIPTORS_BESIDE;
    let limit = getrlimit(Resource::Nofile);
    if limit.current.is_none_or(|current| current >= wanted) {
        return Ok(());
    }
    if limit.maximum.is_some_and(|most| most < wanted) {
        bail!("{terminals} terminals need {wanted} open files; raise the hard limit (`ulimit -Hn`)");
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum: limit.maximum,
    };
    setrlimit(Resource::Nofile, raised).context("could not raise the limit of open files")
}
