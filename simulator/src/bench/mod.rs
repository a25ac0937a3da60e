//! What the product costs, as ratios measured side by side in one run; `docs/performance.md` explains each.
//!
//! A ratio is the median over repetitions that alternate between the product and what it is held against, so that a
//! busy machine slows both.

mod acts;
mod backlog;
mod bare;
mod enrolment;
mod evidence;
mod figures;
mod flood;
mod footage;
mod hotlist;
mod journal;
mod memory;
mod phone;
mod receipts;
mod rig;
mod scroll;
mod search;
mod sign;
mod start;
mod unlock;

use std::path::PathBuf;

use anyhow::Context;

pub use figures::{Figure, Measure, Report, Target};
pub use flood::{Flood, flood};
pub use phone::{Phone, serve};

use self::figures::SCHEMA_VERSION;
use self::rig::Rig;

/// What can be measured by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    Receipts,
    Backlog,
    Footage,
    Evidence,
    Start,
    Sign,
    Search,
    Journal,
    Enrolment,
    Unlock,
    Hotlist,
    Scroll,
}

/// What the command line asks for.
#[derive(Debug, Clone)]
pub struct Options {
    /// Everything when empty.
    pub parts: Vec<Part>,
    /// How often each side is measured.
    pub repetitions: usize,
    /// Where databases and recordings are written, and removed at the end; the system's folder when absent.
    pub dir: Option<PathBuf>,
    /// This program, whose child measures the start of a terminal.
    pub program: PathBuf,
    /// A Slint window with one line of text, to hold that start against; beside this program when absent.
    pub hello: Option<PathBuf>,
}

/// Measures everything.
pub fn run(options: &Options, progress: &dyn Fn(&str)) -> anyhow::Result<Report> {
    let scratch = match &options.dir {
        Some(dir) => tempfile::tempdir_in(dir),
        None => tempfile::tempdir(),
    };
    let scratch = scratch.context("could not make the bench's folder")?;
    progress("setting up HQ, broker and terminal");
    let rig = Rig::set(&scratch.path().join("force"))?;
    let asked = |part| options.parts.is_empty() || options.parts.contains(&part);
    let mut measures = Vec::new();
    if asked(Part::Start) {
        progress("starting a terminal");
        measures.extend(start::measure(options, &rig)?);
    }
    if asked(Part::Unlock) {
        progress("unlocking");
        measures.push(unlock::measure(scratch.path(), options.repetitions)?);
    }
    if asked(Part::Sign) {
        progress("signing a PV of two pages");
        measures.push(sign::measure(&rig, options.repetitions)?);
    }
    if asked(Part::Search) {
        progress("typing into the list of offences");
        measures.push(search::measure(options.repetitions)?);
    }
    if asked(Part::Scroll) {
        progress("scrolling 10 000 rows");
        measures.push(scroll::measure(options.repetitions)?);
    }
    if asked(Part::Journal) {
        progress("verifying a journal");
        measures.push(journal::measure(scratch.path(), options.repetitions)?);
    }
    for weight in acts::Weight::ALL.into_iter().filter(|_| asked(Part::Receipts)) {
        progress(&format!("receipted records, {}", weight.label()));
        measures.push(receipts::measure(&rig, weight, options.repetitions)?);
    }
    for weight in acts::Weight::ALL.into_iter().filter(|_| asked(Part::Backlog)) {
        progress(&format!("a backlog on a shaped link, {}", weight.label()));
        measures.extend(backlog::measure(&rig, weight, options.repetitions)?);
    }
    if asked(Part::Footage) {
        progress("sealing footage");
        measures.extend(footage::measure(scratch.path(), options.repetitions)?);
        progress("taking in 8 GB");
        measures.push(flood::measure(options, scratch.path())?);
    }
    if asked(Part::Evidence) {
        progress("verifying a recording");
        measures.extend(evidence::measure(options, scratch.path())?);
    }
    if asked(Part::Enrolment) {
        progress("enrolling terminals");
        measures.push(enrolment::measure(scratch.path(), options.repetitions)?);
    }
    if asked(Part::Hotlist) {
        progress("asking a list of ten million");
        measures.push(hotlist::measure(scratch.path(), options.repetitions)?);
    }
    rig.strike()?;
    Ok(Report {
        schema_version: SCHEMA_VERSION,
        cores: std::thread::available_parallelism().map_or(0, usize::from),
        architecture: std::env::consts::ARCH,
        repetitions: options.repetitions,
        measures,
    })
}
