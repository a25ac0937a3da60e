//! The start and the memory of a terminal, held against a Slint window with one line of text.
//!
//! Both draw one frame of a phone's size in memory, so that it works without a display.

use std::io::Read;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use super::Options;
use super::figures::{Measure, Samples, Target};
use super::memory;
use super::phone::{FIRST, STEADY};
use super::rig::Rig;

const TARGET: Target = Target::AtMost(1.5);
const START: &str = "cold start to the first frame ÷ a Slint hello world";
const MEMORY: &str = "memory after unlock ÷ a Slint hello world";

/// What one process showed.
struct Shown {
    first: Duration,
    /// Resident memory at rest, in bytes.
    resident: u64,
    /// The part of it that is not mapped from program files.
    private: u64,
}

pub(super) fn measure(options: &Options, rig: &Rig) -> anyhow::Result<[Measure; 2]> {
    let hello = options.hello.clone().or_else(|| beside(options));
    let Some(hello) = hello.filter(|hello| hello.is_file()) else {
        let note = "no hello world to hold it against: `cargo build --example hello`";
        return Ok([START, MEMORY].map(|name| Measure::unmeasured(name.to_owned(), TARGET, note.to_owned())));
    };
    let (mut times, mut slowness) = (Samples::default(), Vec::new());
    let (mut sizes, mut weight) = (Samples::default(), Vec::new());
    for _ in 0..options.repetitions {
        let phone = show(terminal(options, rig))?;
        let plain = show(Command::new(&hello))?;
        slowness.push(phone.first.as_secs_f64() / plain.first.as_secs_f64());
        times.add(
            "process start to the lock on screen",
            "ms",
            phone.first.as_secs_f64() * 1e3,
        );
        times.add(
            "process start to the hello world on screen",
            "ms",
            plain.first.as_secs_f64() * 1e3,
        );
        weight.push(phone.resident as f64 / plain.resident as f64);
        sizes.add("terminal, unlocked", "MB", phone.resident as f64 / 1e6);
        sizes.add("hello world", "MB", plain.resident as f64 / 1e6);
        sizes.add(
            "terminal, without mapped program files",
            "MB",
            phone.private as f64 / 1e6,
        );
        sizes.add(
            "hello world, without mapped program files",
            "MB",
            plain.private as f64 / 1e6,
        );
    }
    Ok([
        times.measure(START.to_owned(), TARGET, slowness),
        sizes.measure(MEMORY.to_owned(), TARGET, weight),
    ])
}

fn beside(options: &Options) -> Option<PathBuf> {
    Some(options.program.parent()?.join("examples").join("hello"))
}

/// A broker that does not answer, as in a dead zone.
fn terminal(options: &Options, rig: &Rig) -> Command {
    let mut command = Command::new(&options.program);
    command
        .arg("bench-phone")
        .arg("--dir")
        .arg(rig.layout.terminal())
        .arg("--card")
        .arg(rig.layout.card())
        .arg("--port")
        .arg(rig.broker.port().to_string());
    command
}

fn show(mut command: Command) -> anyhow::Result<Shown> {
    let began = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start a process to measure")?;
    let mut out = child.stdout.take().context("the process has no output")?;
    let mut word = |expected: u8| -> anyhow::Result<Instant> {
        let mut said = [0];
        out.read_exact(&mut said)
            .context("a process to measure ended by itself")?;
        if said[0] != expected {
            bail!("a process to measure says something else");
        }
        Ok(Instant::now())
    };
    let first = word(FIRST)? - began;
    word(STEADY)?;
    let (resident, private) = (memory::of(&child, "VmRSS:")?, memory::of(&child, "RssAnon:")?);
    drop(child.stdin.take());
    child.wait().context("could not wait for the process")?;
    Ok(Shown {
        first,
        resident,
        private,
    })
}
