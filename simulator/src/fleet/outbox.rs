//! Full outboxes: each terminal is enrolled, and its officer draws up and signs acts without network.
//!
//! The engine, the card and the worker that signs are the product's; only the officer's hands are the program's.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use agent::clock::Clock;
use agent::engine::{Boot, CardEvent, Effect, Engine, Event};
use agent::keys::Cost;
use agent::mint::Mint;
use agent::site::Site;
use anyhow::{Context, bail};
use domain::dialogue::Intent;
use domain::draft::Field;
use domain::record::ActKind;
use domain::{ActId, Zone};
use hq::enrolment::Registry;

use super::{Fleet, Options, Part};
use crate::card::SimCard;
use crate::enrol::{self, Place, Way};
use crate::patrol::scenario::{self, OfficerSheet, Scenario, Step};

/// The first officer's number; each terminal has an officer of its own.
const FIRST_OFFICER: usize = 1_000_000;

/// How often progress is told.
const STEP: Duration = Duration::from_millis(200);

/// Has a process of its own fill the outboxes, so that what typesetting needs is not counted as a terminal's memory.
pub(super) fn ask(options: &Options, out: &Path, pki: &Path, said: &dyn Fn(&str)) -> anyhow::Result<()> {
    let part = Part::Outboxes {
        out: out.to_owned(),
        pki: pki.to_owned(),
        terminals: options.terminals,
        acts: options.acts,
        seed: options.seed,
    };
    let mut child = Command::new(&options.program)
        .arg("fleet-part")
        .arg(serde_json::to_string(&part)?)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start the process that signs")?;
    let told = child.stdout.take().context("the process that signs is mute")?;
    for line in BufReader::new(told).lines() {
        said(&line.context("the process that signs is mute")?);
    }
    let status = child
        .wait()
        .context("could not wait for the process that signs")?;
    if !status.success() {
        bail!("the outboxes could not be filled; the reason is above");
    }
    Ok(())
}

/// Enrols every terminal, then signs on as many threads as there are processors.
pub(super) fn fill(
    fleet: &Fleet,
    pki: &Path,
    acts: u32,
    seed: u64,
    said: &dyn Fn(&str),
) -> anyhow::Result<()> {
    let clock = Clock::new(Zone::Paris);
    let scenario = Scenario::parse(scenario::DEFAULT)?;
    let now = clock.now();
    let mut registry = Registry::open(enrol::pki(pki, now.utc)?, &fleet.layout.hq())
        .context("could not open HQ's registry")?;
    let officer = |index: usize| OfficerSheet {
        matricule: (FIRST_OFFICER + index).to_string(),
        ..scenario.officer.clone()
    };
    for (index, place) in fleet.places.iter().enumerate() {
        place.enrol(&mut registry, &officer(index), clock.now(), Way::Direct)?;
        said(&format!("{} of {} enrolled", index + 1, fleet.places.len()));
    }
    drop(registry);
    let (next, done) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let failed = Mutex::new(None);
    let sign = || {
        loop {
            let index = next.fetch_add(1, Ordering::SeqCst);
            let Some(place) = fleet.places.get(index) else {
                return;
            };
            let seed = seed.wrapping_add((index as u64) << 32);
            match Hands::of(place, &scenario, seed, &clock).and_then(|mut hands| hands.sign(acts)) {
                Ok(()) => _ = done.fetch_add(1, Ordering::SeqCst),
                Err(error) => {
                    let error = error.context(format!("terminal `{}`", place.device));
                    failed
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .get_or_insert(error);
                    return;
                }
            }
        }
    };
    thread::scope(|scope| {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(sign)).collect();
        while workers.iter().any(|worker| !worker.is_finished()) {
            let done = done.load(Ordering::SeqCst);
            said(&format!("{done} of {} outboxes filled", fleet.places.len()));
            thread::park_timeout(STEP);
        }
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some(error) => Err(error),
        None => Ok(()),
    }
}

/// An officer with one terminal in their hands; the network is off.
struct Hands<'a> {
    engine: Engine,
    clock: &'a Clock,
    ids: Mint,
    /// What is drawn up, in turn.
    forms: Vec<(ActKind, Vec<(Field, String)>)>,
}

impl<'a> Hands<'a> {
    /// Unlocks and goes on duty.
    fn of(place: &Place, scenario: &Scenario, seed: u64, clock: &'a Clock) -> anyhow::Result<Self> {
        let site = Site::new(&place.terminal);
        let boot = Boot {
            keys: agent::enrol::vault(&site)?,
            site,
            mint: Mint::Seeded { seed, count: 0 },
            seed,
            idle_ms: u64::MAX,
            tripwire: None,
            cost: Some(Cost::FLOOR),
        };
        let mut engine = Engine::open(boot, clock.now()).context("the terminal does not open")?;
        let started = engine.start(clock.now())?;
        let mut hands = Self {
            engine,
            clock,
            ids: Mint::Seeded {
                seed: !seed,
                count: 0,
            },
            forms: forms(scenario),
        };
        hands.work(started)?;
        hands.event(Event::Card(CardEvent::Inserted {
            card: SimCard::open(&place.card)?.shared(),
            certificate: SimCard::certificate(&place.card)?,
        }))?;
        for intent in enrol::by_code(&scenario.officer.code) {
            hands.intent(intent)?;
        }
        if !hands.engine.is_unlocked() {
            bail!("the terminal does not unlock");
        }
        hands.intent(Intent::StartService {
            crew: scenario.crew.clone(),
            opj: scenario.opj.clone(),
            vehicle: None,
        })?;
        Ok(hands)
    }

    /// Draws up and signs so many acts; each of them waits in the outbox then.
    fn sign(&mut self, acts: u32) -> anyhow::Result<()> {
        let forms = std::mem::take(&mut self.forms);
        for (_, (kind, fields)) in (0..acts).zip(forms.iter().cycle()) {
            let draft = ActId::from_bytes(self.ids.id(self.clock.now().utc));
            self.intent(Intent::StartDraft {
                id: Some(draft),
                kind: *kind,
            })?;
            for (field, text) in fields {
                self.intent(Intent::Fill {
                    draft,
                    field: *field,
                    text: text.clone(),
                })?;
            }
            self.intent(Intent::Sign { draft })?;
        }
        let waiting = self.engine.device().waiting()?.len();
        if waiting != usize::try_from(acts)? {
            bail!("{waiting} of {acts} acts wait in the outbox");
        }
        Ok(())
    }

    fn intent(&mut self, intent: Intent) -> anyhow::Result<()> {
        self.event(Event::Intent(intent))
    }

    fn event(&mut self, event: Event) -> anyhow::Result<()> {
        let effects = self.engine.handle(event, self.clock.now())?;
        self.work(effects)
    }

    fn work(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        for effect in effects {
            match effect {
                Effect::Work(job) => self.event(Event::Worked(job.run()))?,
                Effect::Show(_)
                | Effect::Link(_)
                | Effect::Bulk(_)
                | Effect::Camera(_)
                | Effect::Print(_)
                | Effect::Knock(_)
                | Effect::Certified(_) => {}
            }
        }
        Ok(())
    }
}

/// The acts of the built-in patrol.
fn forms(scenario: &Scenario) -> Vec<(ActKind, Vec<(Field, String)>)> {
    let form = |step: &Step| {
        let Step::Act { kind, fields, .. } = step else {
            return None;
        };
        let fields = fields.iter();
        let fields = fields.filter_map(|(code, text)| Some((Field::from_code(code)?, text.clone())));
        Some(((*kind).into(), fields.collect()))
    };
    scenario.steps.iter().filter_map(form).collect()
}
