//! A whole patrol, headless: real processes, a real broker, real files, driven by the intents that the screens send.
//!
//! A patrol is repeatable at any point: every act's id follows from the seed, so that a step which was interrupted by
//! any kill happens once. The folder says how far it came.

mod alerts;
mod bases;
pub mod brought;
mod budget;
mod comparison;
mod configuration;
mod crew;
mod custody;
mod destruction;
mod export;
mod gallery;
mod hand;
mod interventions;
pub mod invariants;
mod line;
mod lists;
mod lockout;
mod log;
mod marked;
mod orders;
mod phone;
mod queries;
mod report;
mod revocation;
pub mod scenario;
mod screens;
mod show;
mod signing;
mod stage;
mod statements;
mod steps;
mod suivi;
mod touching;
mod visas;

use std::path::PathBuf;

use anyhow::{Context, bail};

pub(crate) use gallery::Gallery;
pub use hand::OnScreens;
pub use line::Line;
pub use log::{Difference, Log, Outcome};
pub use phone::{Board, Handset, Phone};
pub use report::{Invariant, Report};
pub use revocation::revoke_camera;
pub(crate) use show::unasked;
pub use show::{Backstage, Onlooker, Show, Watched};

use self::scenario::Scenario;
use self::stage::Stage;
use self::steps::Progress;
use crate::ground::Outside;

/// What the command line asks for.
#[derive(Debug, Clone)]
pub struct Options {
    pub scenario: Scenario,
    pub seed: u64,
    pub out: PathBuf,
    /// The recording that the camera plays; the built-in one when absent.
    pub clip: Option<PathBuf>,
    /// A broker that runs already, with the folder of HQ's keys.
    pub outside: Option<Outside>,
    /// The program that is the terminal's process: this one.
    pub program: PathBuf,
    /// Render the screens as PNG files at the end.
    pub screens: bool,
}

/// Plays the patrol, or what is left of it, checks everything from outside and writes the folder.
pub fn run(options: &Options, progress: &dyn Fn(&str)) -> anyhow::Result<Report> {
    std::fs::create_dir_all(&options.out).context("could not make the output folder")?;
    let _alone = alone(&options.out)?;
    progress("enrolling the terminal, the officer and the camera");
    let mut stage = Stage::set(options)?;
    let mut played = Progress::load(&options.out, options.seed)?;
    log::keep(&options.out, &options.scenario, &played)?;
    for (index, step) in options.scenario.steps.iter().enumerate() {
        if index < played.done() {
            stage.replay_air(step)?;
            continue;
        }
        progress(&format!(
            "step {} of {}: {}",
            index + 1,
            options.scenario.steps.len(),
            steps::name(step)
        ));
        stage
            .play(index, step, &mut played)
            .with_context(|| format!("step {} ({})", index + 1, steps::name(step)))?;
        played.advance(stage.phone.kills)?;
    }
    progress("checking every invariant from outside");
    finish(options, stage, &played)
}

/// Takes the stage down, checks everything from outside and writes the folder.
fn finish(options: &Options, mut stage: Stage, played: &Progress) -> anyhow::Result<Report> {
    let screens = stage.screens();
    let evidence = stage.strike()?;
    let report = export::export(options, &evidence, &screens, played)?;
    if let Some(broken) = report
        .invariants
        .iter()
        .find(|invariant| !invariant.ok || invariant.checked == 0)
    {
        bail!(
            "`{}` does not hold ({} checked): {}; see {}",
            broken.name,
            broken.checked,
            broken.detail.as_deref().unwrap_or("nothing was checked"),
            options.out.join("report.json").display()
        );
    }
    Ok(report)
}

/// Two patrols in one folder would play one officer twice.
fn alone(out: &std::path::Path) -> anyhow::Result<std::fs::File> {
    let path = out.join("patrol.lock");
    let file = std::fs::OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)?;
    file.try_lock()
        .with_context(|| format!("another patrol is running in `{}`", out.display()))?;
    Ok(file)
}
