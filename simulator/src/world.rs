//! A terminal, its camera, the air and HQ in memory on one thread, with a clock that only the test moves: a seed or a log
//! gives the same run again.

mod air;
mod beside;
mod cards;
mod colleague;
mod kept;
mod log;
mod meeting;
mod post;
mod taking;
mod turn;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex};

use agent::engine::{Boot, CommitPoint, Engine, Event};
use agent::keys::{Cost, Keys};
use agent::mint::Mint;
use agent::site::Site;
use anyhow::Context;
use domain::alert::{Taken, Taker};
use domain::dialogue::{Intent, LockState, View};
use domain::footage::Program;
use domain::intervention::About;
use domain::orders::Command;
use domain::place::Fix;
use domain::plainte::Stage;
use domain::profile::Settings;
use domain::{ActId, BootId, ClipId, Digest, InterventionId, Timestamp, UnixMs, Zone};
use hq::approvals::{approve, ask, needs_two};
use hq::dispatch::Whom;
use hq::files::PoliceFiles;
use hq::gateway::Gateway;
use hq::pki::read_approver;
use sync::Topic;
use sync::mqtt::LinkEvent;

use self::beside::Beside;
use self::post::Parcel;
use self::turn::{crash, survive};
use crate::camera::Fault;
use crate::enrol::{self, Layout, Way};
use crate::patrol::Board;
use crate::patrol::scenario::Scenario;

pub use air::{Air, Weather};
pub use colleague::Colleague;
pub(crate) use log::power_of;
pub use log::{Action, LogError, Said};
pub use post::{Carried, Line};
pub use taking::FootagePoint;

/// What every world's terminal runs: reading the file of a test each time would say nothing more.
pub fn program() -> Program {
    Program {
        version: "monde".to_owned(),
        build: Digest::of(b"the program of every world"),
    }
}

/// The recording of every world's camera.
const RECORDING: &[u8] = include_bytes!("../clips/patrol.mp4");

/// How long an order counts, in milliseconds.
const ORDER_COUNTS: i64 = 7 * UnixMs::DAY;

/// Who sees every view as it comes.
pub type Onlooker = Box<dyn Fn(&View)>;

pub struct World {
    layout: Layout,
    scenario: Scenario,
    now: Timestamp,
    engine: Option<Engine>,
    keys: Arc<dyn Keys>,
    gateway: Gateway,
    /// HQ's clock less the terminal's, in milliseconds.
    hq_ahead: i64,
    air: Air,
    /// Connections that stand; the number tells an old one's parcels apart.
    lines: BTreeMap<Line, u64>,
    connections: u64,
    parcels: BTreeMap<(u64, u64), (u64, Parcel)>,
    posted: u64,
    carried: BTreeMap<String, Carried>,
    seed: u64,
    starts: u64,
    beside: Beside,
    colleague: Option<Colleague>,
    crash_at: Arc<Mutex<Option<CommitPoint>>>,
    /// Milliseconds without a hand after which the terminal locks, from its next start on; at first never.
    pub idle_ms: u64,
    /// The terminal ends once so many more events and frames have reached it.
    kill_after: Option<u32>,
    pub board: Board,
    /// Sees every view as it comes.
    onlooker: Option<Onlooker>,
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
        enrol::terminal(&layout, &pki, &scenario.officer, now, Way::Direct)?;
        let keys = agent::enrol::vault(&Site::new(layout.terminal()))?;
        let (camera, clip) = enrol::silent_camera(&layout, &pki, RECORDING, now)?;
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
            carried: BTreeMap::new(),
            seed,
            starts: 0,
            beside: Beside::new(camera, clip),
            colleague: None,
            crash_at: Arc::default(),
            idle_ms: u64::MAX,
            kill_after: None,
            board: Board::default(),
            onlooker: None,
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
            site: Site::new(self.layout.terminal())
                .with_brought(Some(self.layout.brought()))
                .running(Some(program())),
            keys: self.keys.clone(),
            mint: Mint::Seeded {
                seed: self.seed.wrapping_add(self.starts << 32),
                count: 0,
            },
            seed: self.seed ^ self.starts,
            idle_ms: self.idle_ms,
            tripwire: Some(Box::new(move |point| {
                let due = crash_at
                    .lock()
                    .is_ok_and(|mut due| due.take_if(|due| *due == point).is_some());
                if due {
                    crash();
                }
            })),
            cost: Some(Cost::FLOOR),
        };
        let now = self.now;
        let opened = survive(|| -> anyhow::Result<_> {
            let mut engine = Engine::open(boot, now).context("the terminal does not open")?;
            let effects = engine.start(now)?;
            Ok((engine, effects))
        });
        let Some((engine, effects)) = opened.transpose()? else {
            self.kill();
            return Ok(());
        };
        self.engine = Some(engine);
        self.board = Board::default();
        self.carry_out(effects)?;
        self.put_own_card_in()
    }

    /// Has every view seen from now on, in the place of whoever saw them before.
    pub fn look_on(&mut self, onlooker: Onlooker) {
        self.onlooker = Some(onlooker);
    }

    /// Ends the terminal's process; what was in the air for it is lost.
    pub fn kill(&mut self) {
        self.engine = None;
        self.lines.clear();
        self.beside.hang_up();
        self.crashes += 1;
    }

    /// The device itself starts again: its clock since the start begins anew. A second terminal does not go through it.
    pub fn reboot(&mut self) -> anyhow::Result<()> {
        self.kill();
        self.parcels.clear();
        let mut boot = [1; 16];
        boot[..8].copy_from_slice(&self.starts.to_be_bytes());
        self.now.boot = BootId::from_bytes(boot);
        self.now.mono_ms = 10_000;
        self.start()
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
            Action::Sleep(ms) => self.sleep(ms),
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
            Action::CrashAtFootage(point) => {
                self.beside.crash_at = Some(point);
                Ok(())
            }
            Action::KillAfter(events) => {
                self.kill_after = Some(events);
                Ok(())
            }
            Action::PairCamera => {
                let invitation = self.beside.invitation();
                self.intent(Intent::PairCamera { invitation })
            }
            Action::ListClips => self.intent(Intent::ListClips),
            Action::TakeClip => self.intent(Intent::TakeClip { clip: self.clip() }),
            Action::CameraAway => {
                self.camera_away();
                Ok(())
            }
            Action::CameraBack => {
                self.camera_back();
                Ok(())
            }
            Action::CameraVanishes { bytes } => {
                self.camera_faults([Fault::VanishAfter { bytes }]);
                Ok(())
            }
            Action::Start => self.start(),
            Action::RestartHq => self.restart_hq(),
            Action::Order(command) => self.order(command),
            Action::Position(position) => self.event(Event::Position(Fix {
                position,
                at: self.now,
            })),
            Action::Supply(supply) => self.event(Event::Supply(supply)),
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

    /// What came of it, one line an act: id, kind, number, delivery; then the camera's recording and who has it. Two
    /// runs of one log give the same lines.
    pub fn trace(&self) -> anyhow::Result<Vec<String>> {
        let Some(engine) = &self.engine else {
            return Ok(Vec::new());
        };
        let line = |row: &agent::store::OutboxRow| {
            let number = row.number.map_or_else(String::new, |number| number.to_string());
            format!("{} {} {number} {:?}", row.act, row.kind.code(), row.delivery)
        };
        let mut lines: Vec<String> = engine.device().acts()?.iter().map(line).collect();
        lines.push(format!("{} {:?}", self.clip(), self.custody()));
        Ok(lines)
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
        let code = self.scenario.officer.code.clone();
        enrol::by_code(&code)
            .into_iter()
            .try_for_each(|intent| self.intent(intent))
    }

    /// HQ's process ends and starts again on what it has committed.
    pub fn restart_hq(&mut self) -> anyhow::Result<()> {
        self.gateway = open_gateway(&self.layout, self.hq_now())?;
        Ok(())
    }

    /// HQ's order to the terminal, sent at once where it is on the network.
    pub fn order(&mut self, command: Command) -> anyhow::Result<()> {
        let now = self.hq_now();
        let pki = enrol::pki(&self.layout.pki(), now)?;
        let device = enrol::device_id();
        let until = now.plus(ORDER_COUNTS);
        let store = self.gateway.store();
        if needs_two(command, 1) {
            let request = ask(store, &[device], command, "gestionnaire", until, now)
                .context("could not ask for the order")?;
            for name in ["first", "second"] {
                let offline = self.layout.pki().join("offline");
                let file = |extension| offline.join(format!("approver-{name}.{extension}"));
                let person = read_approver(&file("key"), &file("pem"))?;
                approve(store, &pki, request, &person, now).context("could not approve the order")?;
            }
        } else {
            hq::orders::issue(store, &pki, &device, command, until, now)
                .context("could not give the order")?;
        }
        let orders = self.gateway.orders_out().context("HQ's gateway failed")?;
        let rest = self.tell_beside(orders)?;
        self.tell_terminal(rest);
        Ok(())
    }

    /// HQ's order to send `clip`, or every recording, at once until so many milliseconds are over; given to the terminal
    /// where it is on the network.
    pub fn order_footage(&mut self, clip: Option<ClipId>, ms: i64) -> anyhow::Result<()> {
        let now = self.hq_now();
        let pki = enrol::pki(&self.layout.pki(), now)?;
        let device = enrol::device_id();
        hq::orders::send_footage(self.gateway.store(), &pki, &device, clip, now.plus(ms), now)
            .context("could not give the order")?;
        let orders = self.gateway.orders_out().context("HQ's gateway failed")?;
        self.tell_terminal(orders);
        Ok(())
    }

    /// The link to HQ carries so many bytes a second each way from now on, one message after another whichever
    /// connection they take, and each takes so long.
    pub const fn shape(&mut self, bytes_a_second: u64, way_ms: u64) {
        self.air.shape(bytes_a_second, way_ms);
    }

    /// Somebody of the operations centre takes the alert, and the terminal hears of it where it is on the network.
    pub fn take_alert(&mut self, alert: ActId, by: &str) -> anyhow::Result<bool> {
        let taken = Taken {
            by: Taker::parse(by)?,
            at: self.hq_now(),
        };
        let transaction = self.gateway.store().begin()?;
        let is_news = transaction.take_alert(alert, &taken)?;
        transaction.commit()?;
        let told = self.gateway.alerts_out().context("HQ's gateway failed")?;
        self.tell_terminal(told);
        Ok(is_news)
    }

    /// HQ signs a profile with these settings and gives it to its whole fleet at once; its version.
    pub fn configure(&mut self, settings: Settings) -> anyhow::Result<u64> {
        let now = self.hq_now();
        let pki = enrol::pki(&self.layout.pki(), now)?;
        let serial = enrol::configure(self.gateway.store(), &pki, settings, now)?;
        let given = self.gateway.profiles_out().context("HQ's gateway failed")?;
        let rest = self.tell_beside(given)?;
        self.tell_terminal(rest);
        Ok(serial)
    }

    /// HQ signs where a complaint stands, and tells the terminal at once where it is on the network.
    pub fn tell_complaint(&mut self, act: ActId, stage: Stage) -> anyhow::Result<()> {
        let now = self.hq_now();
        let pki = enrol::pki(&self.layout.pki(), now)?;
        let store = self.gateway.store();
        let transaction = store.begin()?;
        let officer = transaction.officers()?.into_iter().next();
        let officer = officer.context("HQ has no officer")?.id;
        let envelope = transaction.records_of(act)?.pop();
        drop(transaction);
        let envelope = envelope.context("the complaint is not at HQ")?;
        hq::suivi::tell(store, &pki, envelope, stage, officer, now)?;
        let told = self.gateway.suivi_out().context("HQ's gateway failed")?;
        let rest = self.tell_beside(told)?;
        self.tell_terminal(rest);
        Ok(())
    }

    /// The operations centre proposes `about` to whoever works with the terminal, or to its officer, and tells at once
    /// whom it reaches.
    pub fn propose(&mut self, whom: &Whom, about: About, minutes: i64) -> anyhow::Result<InterventionId> {
        let now = self.hq_now();
        let pki = enrol::pki(&self.layout.pki(), now)?;
        let (dispatch, _) = hq::dispatch::propose(self.gateway.store(), &pki, whom, about, minutes, now)?;
        let told = self.gateway.dispatches_out(now).context("HQ's gateway failed")?;
        let rest = self.tell_beside(told)?;
        self.tell_terminal(rest);
        Ok(dispatch.id)
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

    /// The terminal is in another zone, or its clocks change: minutes east of UTC.
    pub const fn set_zone(&mut self, offset_min: i16) {
        self.now.offset_min = offset_min;
    }

    /// The terminal works by the clocks of another place: its zone, and its minutes east of UTC.
    pub const fn set_place(&mut self, zone: Zone, offset_min: i16) {
        self.now.zone = zone;
        self.now.offset_min = offset_min;
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
