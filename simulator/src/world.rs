//! A terminal, the air and HQ in memory on one thread, with a clock that only the test moves: a seed or a log gives the
//! same run again.

mod air;
mod log;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex};

use agent::engine::{Boot, CameraEvent, CardEvent, CommitPoint, Effect, Engine, Event};
use agent::keys::{Cost, FileVault};
use agent::mint::Mint;
use agent::site::Site;
use anyhow::Context;
use domain::delivery::Delivery;
use domain::dialogue::{Intent, LockState, View};
use domain::{ActId, BootId, Digest, Secret, Timestamp, UnixMs, Zone};
use hq::files::PoliceFiles;
use hq::gateway::Gateway;
use sync::mqtt::{DownReason, LinkCommand, LinkEvent};
use sync::{Ack, Topic};

use crate::card::SimCard;
use crate::enrol::{self, Layout};
use crate::patrol::Board;
use crate::patrol::scenario::Scenario;

pub use air::{Air, Weather};
pub use log::{Action, LogError, Said};

/// Which of the terminal's two connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Line {
    Records,
    Bulk,
}

/// Something that arrives later.
enum Parcel {
    ToTerminal(Line, LinkEvent),
    ToHq(Line, u64, Topic, Vec<u8>),
}

/// The simulated end of a process: not an error, and caught by the world alone.
struct Crash;

pub struct World {
    layout: Layout,
    scenario: Scenario,
    now: Timestamp,
    engine: Option<Engine>,
    keys: Arc<FileVault>,
    gateway: Gateway,
    /// HQ's clock less the terminal's, in milliseconds.
    hq_ahead: i64,
    air: Air,
    /// Connections that stand; the number tells an old one's parcels apart.
    lines: BTreeMap<Line, u64>,
    connections: u64,
    parcels: BTreeMap<(u64, u64), (u64, Parcel)>,
    posted: u64,
    seed: u64,
    starts: u64,
    crash_at: Arc<Mutex<Option<CommitPoint>>>,
    pub board: Board,
    /// The first content of every act seen: what was signed never changes.
    signed: BTreeMap<ActId, Digest>,
    log: Vec<Action>,
    /// Times that the terminal crashed.
    pub crashes: u32,
}

impl World {
    /// Builds a world in `dir`, with the officer of `scenario`, and starts its terminal.
    pub fn new(dir: &Path, seed: u64, scenario: Scenario, weather: Weather) -> anyhow::Result<Self> {
        let layout = Layout::new(dir);
        let now = Timestamp {
            utc: UnixMs(1_795_284_300_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([1; 16]),
            mono_ms: 10_000,
        };
        let pki = layout.pki();
        enrol::terminal(&layout, &pki, &scenario.officer, Cost::FLOOR, now)?;
        let keys = agent::enrol::vault(&Site::new(layout.terminal()))?;
        let mut gateway = open_gateway(&layout, now.utc)?;
        if let Some(marker) = &scenario.refused_subject {
            let policy = hq::store::Policy::AskCorrection {
                marker: marker.clone(),
            };
            gateway.set_policy(&policy).context("could not set HQ's policy")?;
        }
        let mut world = Self {
            layout,
            scenario,
            now,
            engine: None,
            keys,
            gateway,
            hq_ahead: 0,
            air: Air::new(seed, weather),
            lines: BTreeMap::new(),
            connections: 0,
            parcels: BTreeMap::new(),
            posted: 0,
            seed,
            starts: 0,
            crash_at: Arc::default(),
            board: Board::default(),
            signed: BTreeMap::new(),
            log: Vec::new(),
            crashes: 0,
        };
        world.start()?;
        Ok(world)
    }

    /// Starts the terminal's engine with the card in the reader.
    pub fn start(&mut self) -> anyhow::Result<()> {
        if self.engine.is_some() {
            return Ok(());
        }
        self.starts += 1;
        let crash_at = self.crash_at.clone();
        let boot = Boot {
            site: Site::new(self.layout.terminal()),
            keys: self.keys.clone(),
            mint: Mint::Seeded {
                seed: self.seed.wrapping_add(self.starts << 32),
                count: 0,
            },
            seed: self.seed ^ self.starts,
            tripwire: Some(Box::new(move |point| {
                let due = crash_at
                    .lock()
                    .is_ok_and(|mut due| due.take_if(|due| *due == point).is_some());
                if due {
                    resume_unwind(Box::new(Crash));
                }
            })),
        };
        let mut engine = Engine::open(boot, self.now).context("the terminal does not open")?;
        let effects = engine.start(self.now)?;
        self.engine = Some(engine);
        self.board = Board::default();
        self.carry_out(effects)?;
        let card = SimCard::open(&self.layout.card())?.shared();
        let certificate = SimCard::certificate(&self.layout.card())?;
        self.event(Event::Card(CardEvent::Inserted { card, certificate }))
    }

    /// Ends the terminal's process; what was in the air for it is lost.
    pub fn kill(&mut self) {
        self.engine = None;
        self.lines.clear();
        self.crashes += 1;
    }

    /// The next time the terminal passes this point it ends there.
    pub fn crash_at(&mut self, point: CommitPoint) {
        if let Ok(mut due) = self.crash_at.lock() {
            *due = Some(point);
        }
    }

    pub fn is_running(&self) -> bool {
        self.engine.is_some()
    }

    /// Does one thing and everything that follows at once; recorded for a replay.
    pub fn act(&mut self, action: Action) -> anyhow::Result<()> {
        self.log.push(action.clone());
        match action {
            Action::Intent(intent) => self.intent(intent.into_intent()?),
            Action::Unlock => self.unlock(),
            Action::Advance(ms) => self.advance(ms),
            Action::Cut => {
                self.cut();
                Ok(())
            }
            Action::Restore => {
                self.air.restore();
                Ok(())
            }
            Action::Kill => {
                self.kill();
                Ok(())
            }
            Action::CrashAt(point) => {
                self.crash_at(point);
                Ok(())
            }
            Action::Start => self.start(),
            Action::RestartHq => self.restart_hq(),
        }
    }

    /// Everything done so far, to be written to a file and replayed.
    pub fn log(&self) -> &[Action] {
        &self.log
    }

    /// The log as a file that `neo-sim replay` plays again.
    pub fn log_file(&self) -> String {
        let weather = if self.air.is_stormy() { "storm" } else { "calm" };
        let lines: String = self.log.iter().map(|action| format!("{action}\n")).collect();
        format!("# seed {} {weather}\n{lines}", self.seed)
    }

    /// What came of it, one line an act: id, kind, number, delivery. Two runs of one log give the same lines.
    pub fn trace(&self) -> anyhow::Result<Vec<String>> {
        let Some(engine) = &self.engine else {
            return Ok(Vec::new());
        };
        let line = |row: &agent::store::OutboxRow| {
            let number = row.number.map_or_else(String::new, |number| number.to_string());
            format!("{} {} {number} {:?}", row.act, row.kind.code(), row.delivery)
        };
        Ok(engine.device().acts()?.iter().map(line).collect())
    }

    pub fn intent(&mut self, intent: Intent) -> anyhow::Result<()> {
        self.event(Event::Intent(intent))
    }

    pub fn unlock(&mut self) -> anyhow::Result<()> {
        if self
            .board
            .lock
            .as_ref()
            .is_some_and(|lock| lock.state == LockState::Unlocked)
        {
            return Ok(());
        }
        let code = Secret::new(self.scenario.officer.code.clone());
        self.intent(Intent::Unlock { code })
    }

    /// No network: both connections die, and the terminal learns it.
    pub fn cut(&mut self) {
        self.air.cut();
        for line in std::mem::take(&mut self.lines).into_keys() {
            self.post(
                0,
                Parcel::ToTerminal(
                    line,
                    LinkEvent::Down {
                        reason: DownReason::Lost,
                    },
                ),
                None,
            );
        }
    }

    pub fn restore(&mut self) {
        self.air.restore();
    }

    /// HQ's process ends and starts again on what it has committed.
    pub fn restart_hq(&mut self) -> anyhow::Result<()> {
        self.gateway = open_gateway(&self.layout, self.hq_now())?;
        Ok(())
    }

    /// Lets `ms` pass: parcels arrive and wake-ups fire in their order.
    pub fn advance(&mut self, ms: u64) -> anyhow::Result<()> {
        let end = self.now.mono_ms + ms;
        loop {
            let wake = self.engine.as_ref().and_then(Engine::next_wakeup);
            let parcel = self.parcels.first_key_value().map(|((at, _), _)| *at);
            let next = match (wake, parcel) {
                (Some(wake), Some(parcel)) => wake.min(parcel),
                (Some(at), None) | (None, Some(at)) => at,
                (None, None) => break,
            };
            if next > end {
                break;
            }
            self.pass_to(next.max(self.now.mono_ms));
            if parcel.is_some_and(|at| at <= self.now.mono_ms) {
                self.deliver()?;
            } else {
                self.event(Event::Wake)?;
            }
        }
        self.pass_to(end);
        Ok(())
    }

    fn pass_to(&mut self, mono_ms: u64) {
        let passed = i64::try_from(mono_ms - self.now.mono_ms).unwrap_or(0);
        self.now.utc = self.now.utc.plus(passed);
        self.now.mono_ms = mono_ms;
    }

    fn deliver(&mut self) -> anyhow::Result<()> {
        let Some((_, (connection, parcel))) = self.parcels.pop_first() else {
            return Ok(());
        };
        match parcel {
            Parcel::ToTerminal(line, event) => {
                let standing = self.lines.get(&line) == Some(&connection);
                let ends = matches!(event, LinkEvent::Down { .. });
                if !(standing || ends) {
                    return Ok(());
                }
                self.event(match line {
                    Line::Records => Event::Link(event),
                    Line::Bulk => Event::Bulk(event),
                })
            }
            Parcel::ToHq(line, token, topic, payload) => {
                let now = self.hq_now();
                let answers = self
                    .gateway
                    .receive(&topic, &payload, now)
                    .context("HQ's gateway failed")?;
                if self.lines.get(&line) == Some(&connection) {
                    let acked = LinkEvent::Acked {
                        token,
                        ack: Ack::Taken,
                    };
                    let delay = self.air.delay();
                    self.post(delay, Parcel::ToTerminal(line, acked), Some(connection));
                }
                // Answers come down the records connection, whichever line the question took.
                let Some(records) = self.lines.get(&Line::Records).copied() else {
                    return Ok(());
                };
                for answer in answers {
                    for delay in self.air.copies() {
                        let message = LinkEvent::Message {
                            topic: answer.topic.to_string(),
                            payload: answer.payload.clone(),
                            ack: None,
                        };
                        self.post(delay, Parcel::ToTerminal(Line::Records, message), Some(records));
                    }
                }
                Ok(())
            }
        }
    }

    fn post(&mut self, delay: u64, parcel: Parcel, connection: Option<u64>) {
        self.posted += 1;
        let key = (self.now.mono_ms + delay, self.posted);
        self.parcels.insert(key, (connection.unwrap_or(0), parcel));
    }

    /// Gives the engine one event; a crash on the way ends the terminal.
    fn event(&mut self, event: Event) -> anyhow::Result<()> {
        let Some(engine) = &mut self.engine else {
            return Ok(());
        };
        let now = self.now;
        match catch_unwind(AssertUnwindSafe(|| engine.handle(event, now))) {
            Ok(effects) => self.carry_out(effects?),
            Err(panic) if panic.is::<Crash>() => {
                self.kill();
                Ok(())
            }
            Err(panic) => resume_unwind(panic),
        }
    }

    /// What comes back from a worker comes after everything asked for with it, as from a thread of its own.
    fn carry_out(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        let mut back = Vec::new();
        for effect in effects {
            match effect {
                Effect::Show(view) => self.show(view)?,
                Effect::Work(job) => back.push(Event::Worked(job.run())),
                Effect::Link(command) => self.command(Line::Records, command),
                Effect::Bulk(command) => self.command(Line::Bulk, command),
                Effect::Camera(_) => back.push(Event::Camera(CameraEvent::Unreachable)),
            }
        }
        back.into_iter().try_for_each(|event| self.event(event))
    }

    /// The screen never says "received" before HQ's receipt is stored.
    fn show(&mut self, view: View) -> anyhow::Result<()> {
        if let (View::Deliveries(lines), Some(engine)) = (&view, &self.engine) {
            for line in lines
                .iter()
                .filter(|line| matches!(line.delivery, Delivery::Received { .. }))
            {
                anyhow::ensure!(
                    engine.device().receipt(line.act)?.is_some(),
                    "the screen says that {} is received and no receipt is stored",
                    line.act
                );
            }
        }
        self.board.take(view);
        Ok(())
    }

    fn command(&mut self, line: Line, command: LinkCommand) {
        match command {
            LinkCommand::Connect => {
                self.connections += 1;
                let connection = self.connections;
                let delay = self.air.delay();
                if self.air.is_up() {
                    self.lines.insert(line, connection);
                    let up = LinkEvent::Up {
                        session_present: false,
                        receive_max: 20,
                    };
                    self.post(delay, Parcel::ToTerminal(line, up), Some(connection));
                } else {
                    let down = LinkEvent::Down {
                        reason: DownReason::ConnectFailed,
                    };
                    self.post(delay, Parcel::ToTerminal(line, down), None);
                }
            }
            LinkCommand::Publish(publish) => {
                let Some(connection) = self.lines.get(&line).copied() else {
                    return;
                };
                for delay in self.air.copies() {
                    let parcel = Parcel::ToHq(
                        line,
                        publish.token,
                        publish.topic.clone(),
                        publish.payload.clone(),
                    );
                    self.post(delay, parcel, Some(connection));
                }
            }
            LinkCommand::Ack(_) => {}
            LinkCommand::Disconnect => {
                if self.lines.remove(&line).is_some() {
                    let down = LinkEvent::Down {
                        reason: DownReason::Closed,
                    };
                    self.post(0, Parcel::ToTerminal(line, down), None);
                }
            }
        }
    }

    /// Gives the terminal a message as if HQ had sent it.
    pub fn forge(&mut self, topic: &Topic, payload: Vec<u8>) -> anyhow::Result<()> {
        let message = LinkEvent::Message {
            topic: topic.to_string(),
            payload,
            ack: None,
        };
        self.event(Event::Link(message))
    }

    /// The terminal's wall clock is set; HQ's and time itself go on.
    pub fn set_clock(&mut self, utc: UnixMs) {
        self.hq_ahead += self.now.utc.0 - utc.0;
        self.now.utc = utc;
    }

    const fn hq_now(&self) -> UnixMs {
        UnixMs(self.now.utc.0 + self.hq_ahead)
    }

    pub const fn now(&self) -> Timestamp {
        self.now
    }

    pub const fn engine(&self) -> Option<&Engine> {
        self.engine.as_ref()
    }

    pub const fn gateway(&mut self) -> &mut Gateway {
        &mut self.gateway
    }

    pub const fn layout(&self) -> &Layout {
        &self.layout
    }

    pub const fn scenario(&self) -> &Scenario {
        &self.scenario
    }

    /// The digests of the acts seen so far, for the invariant that they never change.
    pub const fn signed(&mut self) -> &mut BTreeMap<ActId, Digest> {
        &mut self.signed
    }
}

fn open_gateway(layout: &Layout, now: UnixMs) -> anyhow::Result<Gateway> {
    let pki = enrol::pki(&layout.pki(), now)?;
    let gateway = Gateway::open(&layout.hq(), pki, PoliceFiles::synthetic(7, now), now);
    Ok(gateway
        .context("could not open HQ's gateway")?
        .with_retry_window(2_000))
}
