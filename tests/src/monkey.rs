//! A monkey at a whole terminal: it touches what the real screens offer, types, waits, cuts the network, pulls the plug,
//! and whatever it does nothing acknowledged is lost and nothing is signed that nobody signed. Without screens it asks for
//! what they could ask for, many times as fast.
//!
//! What it holds in memory is checked against the journal, the outbox, HQ and the officer's database, opened from outside
//! between two lives of the process; never against what a screen says of itself.

mod intents;
mod memory;
mod wits;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;

use agent::engine::{CommitPoint, device_db_key};
use agent::keys::{Slot, SlotOpening};
use agent::site::Site;
use agent::store::{DeviceStore, OfficerStore};
use anyhow::{Context, bail, ensure};
use domain::delivery::Delivery;
use domain::dialogue::{Intent, LockState};
use domain::draft::Draft;
use domain::{ActId, Secret};
use simulator::card::SimCard;
use simulator::enrol;
use simulator::patrol::scenario::{DEFAULT, Doing, Scenario};
use simulator::world::{Action, Said, Weather, World};
use tempfile::TempDir;
use ui::{Fingers, Screen, Way, Within};

use self::memory::{Memory, Touched};
use self::wits::{Wits, plain};
use crate::dice::Dice;
use crate::invariants::Looked;

/// Events between two looks at everything.
const A_LOOK: u32 = 100;
/// What is told of a failure.
const TOLD: usize = 30;
/// The screens ask for nothing more than this often without a touch.
const ECHOES: usize = 50;
/// A plan of which so many in a row are not there is given up.
const MISSED: u32 = 4;
/// Codes that a monkey chooses between.
const CODES: [&str; 2] = ["580314", "927465"];

pub struct Monkey {
    seed: u64,
    world: World,
    /// Without it what the screens could ask for is asked for.
    touches: bool,
    fingers: Option<Rc<Fingers>>,
    memory: Rc<RefCell<Memory>>,
    wits: Wits,
    dice: Dice,
    /// What it is about to do, one thing after the other.
    plan: VecDeque<Doing>,
    /// How many of it in a row were not there.
    missed: u32,
    /// Labels that it has reached for.
    familiar: BTreeSet<String>,
    /// The officer's code now, and the one that is being chosen.
    code: String,
    chosen: String,
    /// Digits may stand in the entry.
    half_typed: bool,
    wrong_codes: u32,
    looked: Looked,
    events: u32,
    last: VecDeque<String>,
    seen: Seen,
    _folder: TempDir,
}

/// What a run came to: one that stood still proves nothing.
#[derive(Debug, Default)]
pub struct Seen {
    pub screens: BTreeSet<&'static str>,
    pub labels: BTreeSet<String>,
    pub touches: BTreeMap<Way, u32>,
    pub drafts: usize,
    pub given_up: usize,
    pub signed: usize,
    /// Of those, how many by touches of the screens.
    pub signed_by_touch: usize,
    pub kinds: BTreeSet<&'static str>,
    /// Signatures by hand that HQ holds.
    pub by_hand: usize,
    pub at_hq: usize,
    /// Lives of the process between which the officer's database was read from outside.
    pub lives: u32,
    /// Every invariant of the world had something to look at.
    pub looked: bool,
    /// Drafts that were found there as they had been acknowledged, all lives together.
    pub found: usize,
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} labels on {:?}, touched {:?}",
            self.labels.len(),
            self.screens,
            self.touches
        )?;
        write!(
            f,
            "{} drafts, {} given up; {} signed, {} by touch, of {:?}, {} at HQ with {} signatures by hand; {} lives, {} drafts found between them",
            self.drafts,
            self.given_up,
            self.signed,
            self.signed_by_touch,
            self.kinds,
            self.at_hq,
            self.by_hand,
            self.lives,
            self.found
        )
    }
}

impl Monkey {
    pub fn new(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let scenario = Scenario::parse(DEFAULT).expect("the built-in scenario reads");
        let code = scenario.officer.code.clone();
        let mut world =
            World::new(folder.path(), seed, scenario, Weather::CLEAR).expect("a world can be made");
        world.idle_ms = agent::engine::IDLE;
        // The first life saw nobody: it begins again with a hand on its screens.
        world.kill();
        Self {
            seed,
            world,
            touches: true,
            fingers: None,
            memory: Rc::default(),
            wits: Wits::trained(),
            dice: Dice::new(seed),
            plan: VecDeque::new(),
            missed: 0,
            familiar: BTreeSet::new(),
            chosen: String::new(),
            code,
            half_typed: false,
            wrong_codes: 0,
            looked: Looked::default(),
            events: 0,
            last: VecDeque::new(),
            seen: Seen::default(),
            _folder: folder,
        }
    }

    /// Does so many things on the screens, and looks after each.
    pub fn touch_screens(&mut self, events: u32) {
        self.play(events);
    }

    /// Puts the screens away, and asks for so many things as they would.
    pub fn ask(&mut self, events: u32) {
        self.touches = false;
        self.seen.signed_by_touch = self.memory.borrow().signed().len();
        self.fingers = None;
        self.plan.clear();
        self.hear_alone();
        self.play(events);
    }

    fn play(&mut self, events: u32) {
        for _ in 0..events {
            self.events += 1;
            self.survives(Self::event);
        }
    }

    /// Calms everything down and checks what arrived.
    pub fn finish(mut self) -> Seen {
        self.survives(Self::settle);
        self.seen
    }

    fn survives(&mut self, what: impl FnOnce(&mut Self) -> anyhow::Result<()>) {
        let why = match catch_unwind(AssertUnwindSafe(|| what(self))) {
            Ok(Ok(())) => return,
            Ok(Err(error)) => format!("{error:#}"),
            Err(panic) => {
                let said = panic.downcast_ref::<String>().cloned();
                said.or_else(|| panic.downcast_ref::<&str>().map(|said| (*said).to_owned()))
                    .unwrap_or_else(|| "a panic".to_owned())
            }
        };
        let last: String = self.last.iter().map(|event| format!("  {event}\n")).collect();
        panic!(
            "seed {seed}, event {n}: {why}\nNEO_SEED={seed} NEO_EVENTS={n} plays it again; the last events:\n{last}",
            seed = self.seed,
            n = self.events
        )
    }

    fn note(&mut self, event: String) {
        if self.last.len() == TOLD {
            self.last.pop_front();
        }
        self.last.push_back(event);
    }

    fn event(&mut self) -> anyhow::Result<()> {
        if !self.world.is_running() {
            return self.begin_a_life();
        }
        match self.dice.below(1_000) {
            0..10 => self.act(Action::Cut)?,
            10..30 => self.act(Action::Restore)?,
            30..37 => self.act(Action::Kill)?,
            37..42 => {
                let point = usize::try_from(self.dice.below(5)).unwrap_or(0);
                let point = CommitPoint::ALL.get(point).copied();
                self.act(Action::CrashAt(point.unwrap_or(CommitPoint::Reserved)))?;
            }
            42..46 => self.act(Said::Lock.into())?,
            46..49 => self.act(Action::RestartHq)?,
            49..51 => self.act(Action::PairCamera)?,
            51..80 => self.wait()?,
            _ if self.touches => self.touch()?,
            _ => self.intend()?,
        }
        self.check()
    }

    fn act(&mut self, action: Action) -> anyhow::Result<()> {
        self.note(action.to_string());
        self.world.act(action)?;
        self.answer(None)
    }

    fn wait(&mut self) -> anyhow::Result<()> {
        let longest = match self.dice.below(10) {
            0..5 => 300,
            5..8 => 5_000,
            8 => 60_000,
            _ => 900_000,
        };
        let ms = 1 + self.dice.below(longest);
        self.act(Action::Advance(ms))
    }

    /// The process starts on fresh screens, once its databases were read from outside.
    fn begin_a_life(&mut self) -> anyhow::Result<()> {
        self.note("start".to_owned());
        self.plan.clear();
        self.half_typed = false;
        self.memory.borrow_mut().forget_hand();
        // An act may have come to exist in the moment in which the process died.
        let now = self.world.now().mono_ms;
        self.memory.borrow_mut().check(&self.device_on_disk()?, now)?;
        if let Some(drafts) = self.drafts_on_disk()? {
            self.seen.lives += 1;
            self.seen.found += self.memory.borrow_mut().compare(&drafts)?;
        }
        self.fingers = None;
        if self.touches {
            let fingers = Rc::new(Fingers::new().context("the screens do not open")?);
            let (screens, memory) = (Rc::clone(&fingers), Rc::clone(&self.memory));
            self.world.look_on(Box::new(move |view| {
                memory.borrow_mut().hear(view);
                screens.see(view);
            }));
            self.fingers = Some(fingers);
        } else {
            self.hear_alone();
        }
        self.world.act(Action::Start)?;
        self.answer(None)?;
        self.check()
    }

    fn hear_alone(&mut self) {
        let memory = Rc::clone(&self.memory);
        self.world
            .look_on(Box::new(move |view| memory.borrow_mut().hear(view)));
    }

    fn device_on_disk(&self) -> anyhow::Result<DeviceStore> {
        let site = Site::new(self.world.layout().terminal());
        let key = device_db_key(agent::enrol::vault(&site)?.as_ref())?;
        Ok(DeviceStore::open(&site.device_db(), &key, self.world.now().utc)?)
    }

    /// What the officer's database holds, while no process has it open; none while the code is not taken.
    fn drafts_on_disk(&self) -> anyhow::Result<Option<Vec<Draft>>> {
        let site = Site::new(self.world.layout().terminal());
        let now = self.world.now();
        let officer = enrol::officer(&self.world.scenario().officer, now.utc)?.id;
        if !site.officer_db(officer).exists() {
            return Ok(None);
        }
        let opening = Slot::open(
            &site.place(officer),
            officer,
            &Secret::new(self.code.clone()),
            agent::enrol::vault(&site)?.as_ref(),
            &mut SimCard::open(&self.world.layout().card())?,
            now.boot,
            now.mono_ms,
        )?;
        match opening {
            SlotOpening::Opened(keys) => {
                let database = site.officer_db(officer);
                let store = OfficerStore::open(&database, &keys.database, false, now.utc)?;
                Ok(Some(store.drafts()?))
            }
            SlotOpening::Wait { .. } => Ok(None),
            SlotOpening::WrongCode { .. } => bail!("the code is not the one that was chosen"),
            SlotOpening::Destroyed | SlotOpening::Closed(_) => bail!("the access is closed"),
        }
    }

    /// One thing that a hand does.
    fn touch(&mut self) -> anyhow::Result<()> {
        let fingers = self.fingers()?;
        let within = fingers.within_reach();
        ensure!(!within.is_empty(), "nothing on the screen reacts");
        self.seen.screens.extend(fingers.screen().map(Screen::code));
        self.seen
            .labels
            .extend(within.iter().map(|one| one.label.clone()));
        let keypad = within.iter().any(|one| plain(&one.label) == wits::ERASE);
        if self.plan.is_empty() && keypad && self.dice.below(10) < 9 {
            self.plan_a_code(&fingers);
        }
        let goes_on = keypad || self.dice.below(200) > 0;
        if let Some(next) = self.plan.pop_front().filter(|_| goes_on) {
            let (way, label, text) = match &next {
                Doing::Press(label)
                | Doing::Scan(label)
                | Doing::See(label)
                | Doing::Chosen(label)
                | Doing::Picture(label) => (Way::Press, label, ""),
                Doing::Fill(label, text) => (Way::Fill, label, text.as_str()),
                Doing::Draw(label) | Doing::Mark(label) => (Way::Draw, label, ""),
                Doing::Kill => return self.act(Action::Kill),
            };
            let wanted = |one: &&Within| one.way == way && plain(&one.label) == plain(label);
            if let Some(one) = within.iter().find(wanted) {
                self.missed = 0;
                return self.reach(&fingers, one, text);
            }
            // Something that came meanwhile is put away first, and what is not there any more is passed over.
            if let Some(one) = within.iter().find(|one| one.label == "Compris") {
                self.plan.push_front(next);
                return self.reach(&fingers, one, "");
            }
            self.missed += 1;
            if self.missed < MISSED {
                return Ok(());
            }
        }
        self.missed = 0;
        self.half_typed |= !self.plan.is_empty();
        self.plan.clear();
        if fingers.screen() == Some(Screen::Home) && self.dice.below(4) == 0 {
            self.plan = self.wits.journey(&mut self.dice).into();
        }
        // A wait between two codes offers nothing.
        if self.is_locked() && !keypad {
            return self.act(Action::Advance(60_000));
        }
        let familiar = |one: &Within| self.familiar.contains(&plain(&one.label));
        let weights: Vec<u64> = within
            .iter()
            .map(|one| wits::weight(one, keypad, familiar(one)))
            .collect();
        let mut drawn = self.dice.below(weights.iter().sum());
        let chosen = weights.iter().position(|weight| {
            let here = drawn < *weight;
            drawn = drawn.saturating_sub(*weight);
            here
        });
        let Some(one) = chosen.and_then(|place| within.get(place)) else {
            return self.wait();
        };
        let text = self.wits.text(&one.label, &mut self.dice);
        self.reach(&fingers, one, &text)
    }

    fn reach(&mut self, fingers: &Fingers, one: &Within, text: &str) -> anyhow::Result<()> {
        let shown: String = text.chars().take(40).collect();
        self.note(format!("{:?} « {} » {shown}", one.way, one.label));
        *self.seen.touches.entry(one.way).or_default() += 1;
        let touched = Touched {
            way: one.way,
            label: plain(&one.label),
        };
        self.memory.borrow_mut().touch(&touched);
        self.familiar.insert(touched.label.clone());
        fingers.reach(one, text)?;
        self.answer(Some(&touched))
    }

    /// Gives the terminal what the screens ask for, until they ask for nothing more.
    fn answer(&mut self, touched: Option<&Touched>) -> anyhow::Result<()> {
        let Some(fingers) = self.fingers.clone() else {
            return Ok(());
        };
        for _ in 0..ECHOES {
            let asked = fingers.asked();
            if asked.is_empty() {
                return Ok(());
            }
            for intent in asked {
                self.memory.borrow_mut().asked(touched, &intent)?;
                let codes = matches!(intent, Intent::Unlock { .. } | Intent::GiveCode { .. });
                let changes = matches!(intent, Intent::ChangeCode { .. });
                let now = self.world.now().mono_ms;
                let right = self.memory.borrow().typed == self.code;
                self.world.intent(intent)?;
                if codes && right {
                    self.memory.borrow_mut().code_at = Some(now);
                    self.wrong_codes = 0;
                }
                if changes && self.memory.borrow_mut().take_code_changed() {
                    self.code.clone_from(&self.chosen);
                }
            }
        }
        bail!("the screens ask without an end")
    }

    /// The labels of a code on the keypad that is shown, the right one or not.
    fn plan_a_code(&mut self, fingers: &Fingers) {
        let says = |label: &str| fingers.says(label);
        let (code, submit) = if says("Nouveau code") {
            let other = CODES.into_iter().find(|code| *code != self.code);
            self.chosen = other.unwrap_or_default().to_owned();
            (self.chosen.clone(), "Continuer")
        } else if says("Nouveau code, encore une fois") {
            (self.chosen.clone(), "Changer le code")
        } else {
            let submit = if says("Votre code pour signer") {
                "Signer"
            } else if says("Le même code, encore une fois.") {
                "Choisir ce code"
            } else if says("Code actuel") || says("Choisissez votre code") {
                "Continuer"
            } else {
                "Déverrouiller"
            };
            // The access is destroyed by ten in a row, which no officer comes back from in the street.
            let counts = matches!(submit, "Déverrouiller" | "Signer");
            let is_wrong = counts && self.wrong_codes < 3 && self.dice.below(20) == 0;
            if is_wrong {
                self.wrong_codes += 1;
                ("864209".to_owned(), submit)
            } else {
                (self.code.clone(), submit)
            }
        };
        let erased = if std::mem::take(&mut self.half_typed) {
            12
        } else {
            0
        };
        self.plan = std::iter::repeat_n(wits::ERASE.to_owned(), erased)
            .chain(code.chars().map(String::from))
            .chain([submit.to_owned()])
            .map(Doing::Press)
            .collect();
    }

    fn is_locked(&self) -> bool {
        let lock = self.world.board.lock.as_ref();
        lock.is_none_or(|lock| lock.state != LockState::Unlocked)
    }

    fn fingers(&self) -> anyhow::Result<Rc<Fingers>> {
        self.fingers.clone().context("nobody holds the terminal")
    }

    fn check(&mut self) -> anyhow::Result<()> {
        if let Some(engine) = self.world.engine() {
            let (device, now) = (engine.device(), self.world.now().mono_ms);
            self.memory.borrow_mut().check(device, now)?;
        }
        if self.events.is_multiple_of(A_LOOK) {
            self.looked.look(&mut self.world)?;
        }
        Ok(())
    }

    /// Everything signed arrives, as it was signed and by whose hand it was signed.
    fn settle(&mut self) -> anyhow::Result<()> {
        // One more life, so that the last of it was read from outside.
        self.world.kill();
        self.begin_a_life()?;
        self.act(Action::Restore)?;
        for _ in 0..200 {
            if !self.world.is_running() {
                self.begin_a_life()?;
            }
            let code = Secret::new(self.code.clone());
            self.world.intent(Intent::Unlock { code })?;
            self.act(Action::Advance(15_000))?;
            if self.world.is_running() && self.is_at_rest()? {
                break;
            }
        }
        ensure!(self.is_at_rest()?, "what was signed does not arrive");
        self.check()?;
        self.looked.look(&mut self.world)?;
        self.seen.looked = self.looked.verdict().is_ok();
        let memory = self.memory.borrow();
        self.seen.drafts = memory.begun();
        self.seen.given_up = memory.given_up();
        self.seen.signed = memory.signed().len();
        let store = self.world.gateway().store().begin()?;
        for (act, kind) in memory.signed() {
            self.seen.kinds.insert(kind.code());
            let at_hq = records_at_hq(&store, *act)?;
            self.seen.at_hq += at_hq.len();
            for record in at_hq {
                self.seen.by_hand += memory.hands_are_hands(&record)?;
            }
        }
        Ok(())
    }

    fn is_at_rest(&self) -> anyhow::Result<bool> {
        let rows = crate::invariants::acts(&self.world)?;
        let waits = |delivery: Delivery| matches!(delivery, Delivery::Waiting { .. });
        Ok(!rows.iter().any(|row| waits(row.delivery)))
    }
}

fn records_at_hq(
    store: &hq::store::Transaction<'_>,
    act: ActId,
) -> anyhow::Result<Vec<domain::record::Record>> {
    let mut records = Vec::new();
    for envelope in store.records_of(act)? {
        let stored = store
            .record(envelope)?
            .context("HQ lists what it does not hold")?;
        records.extend(agent::work::record_of(&stored.record_cose));
    }
    Ok(records)
}
