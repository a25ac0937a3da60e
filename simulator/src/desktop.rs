//! The desktop: the phone's screens in a window, a control panel beside them, HQ and camera behind.
//!
//! The terminal is a process of its own, so that "kill" is one.

use std::io::BufReader;
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicUsize, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use agent::clock::Clock;
use agent::shutter;
use anyhow::Context;
use domain::Zone;
use domain::dialogue::View;
use domain::footage::leaving::{Bearer, Power, Supply};
use domain::place::{Fix, Position};
use domain::profile::Settings;
use hq::rollout::Channel;

use crate::camera::Fault;
use crate::enrol;
use crate::eye::{Dial, Eye, Plan as EyePlan};
use crate::ground::{Ground, Plan};
use crate::panel::{Panel, Pressed, Shown};
use crate::patrol::Handset;
use crate::patrol::scenario::Scenario;
use crate::pipe::{self, FromTerminal, ToTerminal};

/// What the desktop opens with.
#[derive(Debug, Clone)]
pub struct Options {
    pub scenario: Scenario,
    pub out: PathBuf,
    pub seed: u64,
    pub clip: Option<PathBuf>,
    pub program: PathBuf,
    pub theme: ui::Theme,
    pub camera: Camera,
    /// Images that the simulated camera sees, and of which the newest can be taken as a file.
    pub photos: Option<PathBuf>,
}

/// What takes the photographs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Camera {
    #[default]
    Simulated,
    /// The one of this computer.
    #[cfg(feature = "still")]
    Own,
}

/// The terminal's process, started again whenever it ends.
struct Handheld {
    handset: Handset,
    running: Mutex<Option<(Child, ChildStdin)>>,
    views: Sender<View>,
    documents: PathBuf,
    starts: AtomicU32,
    card_in: AtomicBool,
    over: AtomicBool,
    /// The place in [`SUPPLIES`] of what the phone lives on.
    supply: AtomicUsize,
}

/// What the phone may live on, in turn.
const SUPPLIES: [(&str, Supply); 4] = [
    (
        "Énergie : en charge, Wi-Fi",
        lives_on(Power::Charging, Bearer::Wifi),
    ),
    (
        "Énergie : batterie, Wi-Fi",
        lives_on(Power::Battery(None), Bearer::Wifi),
    ),
    (
        "Énergie : batterie, réseau mobile",
        lives_on(Power::Battery(None), Bearer::Cellular),
    ),
    ("Énergie : inconnue", lives_on(Power::Unknown, Bearer::Unknown)),
];

const fn lives_on(power: Power, bearer: Bearer) -> Supply {
    Supply { power, bearer }
}

/// Where the simulated phone stands: in Saint-Denis.
const HERE: Position = Position {
    latitude_e6: 48_936_200,
    longitude_e6: 2_357_400,
    accuracy_m: 12,
};

/// Opens both windows and serves until the phone's is closed.
pub fn run(options: &Options) -> anyhow::Result<()> {
    let ground = Ground::set(Plan {
        out: &options.out,
        seed: options.seed,
        scenario: &options.scenario,
        clip: options.clip.as_deref(),
        outside: None,
    })?;
    open_recordings(&ground)?;
    let (views, shown) = channel();
    let handheld = Arc::new(Handheld {
        handset: ground.handset(&options.program, options.seed, &options.scenario.officer.code),
        running: Mutex::default(),
        views,
        documents: options.out.join("documents"),
        starts: AtomicU32::new(0),
        card_in: AtomicBool::new(true),
        over: AtomicBool::new(false),
        supply: AtomicUsize::new(0),
    });
    handheld.start()?;
    let air_up = Arc::new(AtomicBool::new(true));
    let dial = Dial::default();
    let panel = open_panel(&ground, &handheld, &air_up, &dial, &options.scenario.officer.code)?;
    let hand = handheld.clone();
    let window = ui::Options {
        title: "NEO".to_owned(),
        appearance: ui::Appearance {
            theme: options.theme,
            ..ui::Appearance::default()
        },
        shutter: shutter(options, dial),
        ..ui::Options::default()
    };
    let closed = ui::run(move |intent| hand.say(&ToTerminal::Intent(intent)), shown, window);
    handheld.stop();
    panel.close();
    ground.strike()?;
    Ok(closed?)
}

/// On the desktop every screen is to be seen: HQ's profile lets officers look at their recordings.
fn open_recordings(ground: &Ground) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = hq::Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    if store.begin()?.profiles_of(Channel::Stable)?.is_empty() {
        let settings = Settings {
            recordings_viewed: true,
            ..Settings::EMBEDDED
        };
        enrol::configure(&mut store, &pki, settings, now)?;
    }
    Ok(())
}

fn shutter(options: &Options, dial: Dial) -> ui::Shutter {
    /// Thirty pictures a second, as most webcams.
    const PACE: Duration = Duration::from_millis(33);
    let clock = Clock::new(Zone::Paris);
    let files = shutter::with_files(ui::Shutter::default(), options.photos.clone());
    match options.camera {
        Camera::Simulated => {
            let plan = EyePlan {
                seed: options.seed,
                pictures: options.photos.clone(),
                pace: PACE,
                dial,
            };
            shutter::with_camera(files, move || Eye::open(plan.clone()), clock)
        }
        #[cfg(feature = "still")]
        Camera::Own => shutter::with_camera(files, camera::still::device::Device::open, clock),
    }
}

fn open_panel(
    ground: &Ground,
    handheld: &Arc<Handheld>,
    air_up: &Arc<AtomicBool>,
    dial: &Dial,
    code: &str,
) -> anyhow::Result<Panel> {
    let radios = ground.radios();
    let (hand, air, eye) = (handheld.clone(), air_up.clone(), dial.clone());
    let camera = Arc::clone(&ground.camera);
    let failing = Arc::new(AtomicBool::new(false));
    let fails = Arc::clone(&failing);
    let pressed = move |pressed| match pressed {
        Pressed::ToggleAir => {
            let up = !air.fetch_xor(true, Ordering::SeqCst);
            for radio in &radios {
                if up { radio.restore() } else { radio.cut() }
            }
        }
        Pressed::ToggleCard => {
            let present = !hand.card_in.fetch_xor(true, Ordering::SeqCst);
            hand.say(&ToTerminal::Card { present });
        }
        Pressed::TurnEye => eye.turn(),
        Pressed::TurnSupply => hand.turn_supply(),
        Pressed::CutCamera => camera.cut(),
        Pressed::TurnCamera => {
            let now_fails = !fails.fetch_xor(true, Ordering::SeqCst);
            camera.faults().set(now_fails.then_some(Fault::Failing));
        }
        Pressed::Kill => hand.kill(),
    };
    let store = Mutex::new(hq::Store::open(&ground.layout.hq()).context("could not open HQ's store")?);
    let (hand, air, eye) = (handheld.clone(), air_up.clone(), dial.clone());
    let clock = Clock::new(Zone::Paris);
    let refresh = move || {
        // The simulated platform knows where the phone is, as a receiver of satellites would.
        hand.say(&ToTerminal::Position(Fix {
            position: HERE,
            at: clock.now(),
        }));
        let counts = store
            .lock()
            .ok()
            .and_then(|mut store| store.begin().ok()?.counts().ok());
        Shown {
            air_up: air.load(Ordering::SeqCst),
            card_in: hand.card_in.load(Ordering::SeqCst),
            eye: eye.conditions(),
            supply: hand.supply().0,
            camera_failing: failing.load(Ordering::SeqCst),
            records: counts.map_or(0, |counts| counts.records),
            refused: counts.map_or(0, |counts| counts.refused),
            clips: counts.map_or(0, |counts| counts.clips),
            consultations: counts.map_or(0, |counts| counts.consultations),
            starts: hand.starts.load(Ordering::SeqCst),
        }
    };
    let printer = ground.printer.address().authority();
    Panel::open(code, &ground.invitation, &printer, pressed, refresh)
        .context("could not open the control panel")
}

impl Handheld {
    fn start(self: &Arc<Self>) -> anyhow::Result<()> {
        let mut child = Command::new(&self.handset.program)
            .args(&self.handset.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("could not start the terminal's process")?;
        let to = child.stdin.take().context("the terminal has no input")?;
        let out = child.stdout.take().context("the terminal has no output")?;
        if let Ok(mut running) = self.running.lock() {
            *running = Some((child, to));
        }
        self.starts.fetch_add(1, Ordering::SeqCst);
        self.card_in.store(true, Ordering::SeqCst);
        self.say(&ToTerminal::Supply(self.supply().1));
        let handheld = self.clone();
        thread::Builder::new()
            .name("phone-views".to_owned())
            .spawn(move || {
                let mut out = BufReader::new(out);
                while let Ok(Some(FromTerminal::View(view))) = pipe::read(&mut out) {
                    if let View::Document(document) = &view {
                        handheld.open_file(&format!("{}.pdf", document.act), &document.pdf);
                    } else if let View::Handout(handout) = &view {
                        handheld.open_file(&handout.name, &handout.file);
                    }
                    if handheld.views.send(view).is_err() {
                        return;
                    }
                }
                handheld.bury();
            })?;
        Ok(())
    }

    /// The process ended: it is started again, unless the desktop is closing.
    fn bury(self: &Arc<Self>) {
        if let Some((mut child, _)) = self.running.lock().ok().and_then(|mut running| running.take()) {
            let _ = child.wait();
        }
        // A terminal that cannot start is not started for ever.
        const STARTS: u32 = 200;
        if !self.over.load(Ordering::SeqCst)
            && self.starts.load(Ordering::SeqCst) < STARTS
            && let Err(error) = self.start()
        {
            tracing::error!(%error, "the terminal could not be started again");
        }
    }

    /// Hands a file to the desktop's own programs, outside the phone's folder.
    fn open_file(&self, name: &str, bytes: &[u8]) {
        let path = self.documents.join(name);
        let written = std::fs::create_dir_all(&self.documents).and_then(|()| std::fs::write(&path, bytes));
        if let Err(error) = written {
            tracing::warn!(%error, "a document could not be written");
            return;
        }
        // A desktop without a reader still has the file.
        let reader = Command::new("xdg-open")
            .arg(&path)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        if reader.is_err() {
            tracing::info!("no reader is installed; the document is in the output folder");
        }
    }

    fn say(&self, frame: &ToTerminal) {
        if let Ok(mut running) = self.running.lock()
            && let Some((_, to)) = running.as_mut()
        {
            // A dead terminal is started again by the thread that reads it.
            let _ = pipe::write(to, frame);
        }
    }

    fn supply(&self) -> (&'static str, Supply) {
        let place = self.supply.load(Ordering::SeqCst) % SUPPLIES.len();
        SUPPLIES.get(place).copied().unwrap_or_default()
    }

    fn turn_supply(&self) {
        self.supply.fetch_add(1, Ordering::SeqCst);
        self.say(&ToTerminal::Supply(self.supply().1));
    }

    fn kill(&self) {
        if let Ok(mut running) = self.running.lock()
            && let Some((child, _)) = running.as_mut()
        {
            let _ = child.kill();
        }
    }

    fn stop(&self) {
        self.over.store(true, Ordering::SeqCst);
        if let Some((mut child, to)) = self.running.lock().ok().and_then(|mut running| running.take()) {
            drop(to);
            let _ = child.wait();
        }
    }
}
