//! The pictures of the documentation, made by one command: a patrol is played, and drawn at its telling moments.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use domain::dialogue::View;
use ui::{Look, Screen};

use crate::desktop::{self, Ask, Desk, Shown, Tone};
use crate::eye::Dial;
use crate::patrol::scenario::{DEFAULT, SHORTEST, Scenario, Step};
use crate::patrol::{Gallery, Options, unasked};

/// The phone's own screens that guides show, each in light.
const PHONE: [Screen; 9] = [
    Screen::Unlock,
    Screen::Service,
    Screen::Home,
    Screen::IdentityCheck,
    Screen::Pv,
    Screen::Plainte,
    Screen::Pve,
    Screen::Camera,
    Screen::Deliveries,
];
/// The phone as the simulator's window shows it.
fn glass() -> Look {
    Look {
        width: 390,
        height: 844,
        ..Look::default()
    }
}
/// How long one step may take, on a busy computer.
const PATIENCE: Duration = Duration::from_secs(300);
const GLANCE: Duration = Duration::from_millis(100);
/// Longer than two looks at headquarters.
const SETTLED: Duration = Duration::from_secs(4);

/// A moment of the patrol.
struct Moment {
    shown: Shown,
    views: Vec<View>,
}

/// Plays the built-in patrols with the terminal of `program`, and writes the pictures into `out`; gives their paths.
pub fn write(out: &Path, program: PathBuf, progress: &(dyn Fn(&str) + Sync)) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(out).with_context(|| format!("could not make `{}`", out.display()))?;
    let mut written = of_the_patrol(out, program.clone(), progress)?;
    written.extend(of_the_acts(out, program, progress)?);
    Ok(written)
}

/// The same at every time, but for the clock.
fn played(scenario: Scenario, out: &Path, program: PathBuf) -> Options {
    Options {
        scenario,
        seed: 7,
        out: out.to_owned(),
        clip: None,
        outside: None,
        program,
        screens: false,
    }
}

/// Each act as a hand draws it up, by the shortest way.
fn of_the_acts(
    out: &Path,
    program: PathBuf,
    progress: &(dyn Fn(&str) + Sync),
) -> anyhow::Result<Vec<PathBuf>> {
    let force = tempfile::tempdir().context("could not make a folder for the patrol")?;
    let options = played(Scenario::parse(SHORTEST)?, force.path(), program);
    let pictures = on_its_own_thread(|| desktop::walk(&options, progress))?;
    let written = pictures
        .iter()
        .map(|picture| save(out, &picture.name, picture.size, &picture.rgb));
    written.collect()
}

/// The phone and the simulator, as the patrol leaves them at its telling moments.
fn of_the_patrol(out: &Path, program: PathBuf, progress: &dyn Fn(&str)) -> anyhow::Result<Vec<PathBuf>> {
    let force = tempfile::tempdir().context("could not make a folder for the patrol")?;
    let scenario = Scenario::parse(DEFAULT)?;
    let position = |wanted: fn(&Step) -> bool| {
        let found = scenario.steps.iter().rposition(wanted);
        found.context("the built-in patrol lacks a step")
    };
    // Cut off, with much that waits; and when headquarters has answered for all of it.
    let offline = position(|step| matches!(step, Step::RestoreRadio))?;
    let answered = position(|step| matches!(step, Step::AwaitHq))? + 1;
    let (views, heard) = channel();
    let options = played(scenario, force.path(), program);
    let mut desk = Desk::open(&options, Dial::default(), views, Arc::new(|_| ()), |_| ())?;
    let mut watcher = Watcher {
        heard,
        last: Vec::new(),
        gallery: Gallery::default(),
    };
    let mut moments = Vec::new();
    let all = options.scenario.steps.len();
    for step in 1..=all {
        progress(&format!("step {step} of {all}"));
        desk.ask(Ask::Step);
        let played = |shown: &Shown| shown.played.done == step && !shown.played.at_work;
        watcher
            .until(&mut desk, played)
            .with_context(|| format!("step {step}"))?;
        if step == offline || step == answered {
            let since = Instant::now();
            // Headquarters is looked at again before its word counts.
            watcher.until(&mut desk, |shown| since.elapsed() > SETTLED && is_settled(shown))?;
            moments.push(Moment {
                shown: desk.shown(),
                views: watcher.last.clone(),
            });
        }
    }
    desk.close()?;
    progress("drawing");
    let mut written = Vec::new();
    let busy = moments.first().context("the patrol has no such moment")?;
    for screen in PHONE {
        let views = if screen == Screen::Unlock {
            bare(&watcher.last)
        } else if matches!(screen, Screen::Home | Screen::Service) {
            bare(&busy.views)
        } else {
            let views = watcher.gallery.views(screen, &watcher.last).to_vec();
            views.into_iter().map(unasked).collect()
        };
        let frame = phone(screen, &views, Look::default())?;
        let size = (frame.width(), frame.height());
        written.push(save(out, screen.code(), size, &frame.rgb())?);
    }
    for (name, moment, screen) in [
        ("simulator-offline", moments.first(), Screen::Home),
        ("simulator", moments.last(), Screen::Deliveries),
    ] {
        let moment = moment.context("the patrol has no such moment")?;
        let glass = phone(screen, &bare(&moment.views), glass())?;
        let draw = || desktop::draw(&moment.shown, &glass, 0);
        let (width, height, rgb) = on_its_own_thread(draw)?;
        written.push(save(out, name, (width, height), &rgb)?);
    }
    Ok(written)
}

/// Without what lies over every screen, and without what asks something.
fn bare(views: &[View]) -> Vec<View> {
    let covers = |view: &View| {
        matches!(
            view,
            View::Notice(_)
                | View::Pages(_)
                | View::Document(_)
                | View::Draft(_)
                | View::Film(_)
                | View::Photo(_)
        )
    };
    let views = views.iter().filter(|view| !covers(view)).cloned();
    let mut views: Vec<View> = views.map(unasked).collect();
    // Hours of the other screens are those of the zone that home names.
    views.sort_by_key(|view| !matches!(view, View::Lock(_) | View::Home(_)));
    views
}

/// Headquarters has judged what it shows, and knows who is there.
fn is_settled(shown: &Shown) -> bool {
    let seen = &shown.seen;
    let judged = |line: &desktop::Line| line.tone != Tone::Waiting;
    !seen.terminals.is_empty() && seen.arrivals.iter().all(judged)
}

/// Sees what the phone shows meanwhile.
struct Watcher {
    heard: Receiver<View>,
    last: Vec<View>,
    gallery: Gallery,
}

impl Watcher {
    fn until(&mut self, desk: &mut Desk, done: impl Fn(&Shown) -> bool) -> anyhow::Result<()> {
        let since = Instant::now();
        loop {
            while let Ok(view) = self.heard.recv_timeout(GLANCE) {
                let same = |other: &View| std::mem::discriminant(other) == std::mem::discriminant(&view);
                self.last.retain(|other| !same(other));
                self.last.push(view.clone());
                self.gallery.look(&view, &self.last);
            }
            desk.tick();
            let shown = desk.shown();
            if let Some(trouble) = shown.played.trouble {
                bail!("the patrol stopped: {trouble}");
            }
            if done(&desk.shown()) {
                return Ok(());
            }
            ensure!(since.elapsed() < PATIENCE, "the patrol stands still");
        }
    }
}

fn phone(screen: Screen, views: &[View], look: Look) -> anyhow::Result<ui::Frame> {
    on_its_own_thread(|| ui::frame(screen, views, look).context("could not render a screen"))
}

/// A thread has one platform for its windows.
fn on_its_own_thread<T: Send>(draw: impl FnOnce() -> anyhow::Result<T> + Send) -> anyhow::Result<T> {
    thread::scope(|scope| {
        let drawn = scope.spawn(draw).join();
        drawn.ok().context("the thread that draws panicked")?
    })
}

/// At most so many colours: what screens are made of, with the edges of their letters.
const COLOURS: usize = 48;
/// Two colours that differ less are one.
const NEAR: u32 = 120;

fn far(one: &[u8; 3], other: &[u8; 3]) -> u32 {
    let parts = one.iter().zip(other);
    parts.map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum()
}

/// Writes a small PNG: the most frequent colours that are apart, and of every other the nearest.
fn save(out: &Path, name: &str, (width, height): (u32, u32), rgb: &[u8]) -> anyhow::Result<PathBuf> {
    let pixels = rgb.as_chunks::<3>().0;
    let mut counts: BTreeMap<[u8; 3], usize> = BTreeMap::new();
    for pixel in pixels {
        *counts.entry(*pixel).or_default() += 1;
    }
    let mut colours: Vec<([u8; 3], usize)> = counts.into_iter().collect();
    colours.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let mut kept: Vec<[u8; 3]> = Vec::new();
    for (colour, _) in &colours {
        if kept.len() < COLOURS && kept.iter().all(|known| far(colour, known) >= NEAR) {
            kept.push(*colour);
        }
    }
    let nearest = |colour: &[u8; 3]| {
        let place = (0_u8..).zip(&kept).min_by_key(|(_, known)| far(colour, known));
        place.map_or(0, |(place, _)| place)
    };
    let places: BTreeMap<[u8; 3], u8> = colours
        .iter()
        .map(|(colour, _)| (*colour, nearest(colour)))
        .collect();
    let indices: Vec<u8> = pixels
        .iter()
        .map(|pixel| places.get(pixel).copied().unwrap_or(0))
        .collect();
    let path = out.join(format!("{name}.png"));
    let file =
        std::fs::File::create(&path).with_context(|| format!("could not write `{}`", path.display()))?;
    let mut encoder = png::Encoder::new(std::io::BufWriter::new(file), width, height);
    encoder.set_color(png::ColorType::Indexed);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_palette(kept.concat());
    encoder.set_compression(png::Compression::High);
    encoder.set_filter(png::Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(&indices)?;
    writer.finish()?;
    Ok(path)
}
