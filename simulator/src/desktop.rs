//! The desktop: the phone's screens, a trainer's panel and headquarters' console in one window, HQ and camera behind.
//!
//! The terminal is a process of its own, so that "kill" is one. Whoever holds the phone and the scenario share it: a step
//! is played when it is asked for, and between two steps the phone is the trainer's.

mod eavesdropper;
mod glass;
mod headquarters;
mod knob;
mod network;
mod player;
mod walk;
mod whereabouts;
mod window;
mod words;

pub use self::walk::{Picture, walk};
pub use self::window::draw;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::rc::Rc;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use agent::clock::Clock;
use agent::shutter;
use anyhow::Context;
use domain::Zone;
use domain::dialogue::{Intent, View};
use domain::profile::Settings;
use hq::rollout::Channel;

use self::glass::Glass;
pub use self::headquarters::{Headquarters, Line, Seen, Tone, Wish};
pub use self::knob::{Around, CameraKnob, Knob, Knobs};
pub use self::network::{Kind, Network};
pub use self::player::{Ask, Played, Player};
pub use self::whereabouts::{Chart, Spot};
use crate::enrol;
use crate::eye::{Dial, Eye, Plan as EyePlan};
use crate::patrol::{self, Backstage, OnScreens, Report, Watched};

/// What the desktop opens with.
#[derive(Debug, Clone)]
pub struct Options {
    pub patrol: patrol::Options,
    pub theme: ui::Theme,
    pub camera: Camera,
    /// What came of the patrol that is played again.
    pub before: Option<patrol::Outcome>,
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

/// Opens the window and serves until it is closed; gives what was found when the scenario was played to its end.
pub fn run(options: &Options) -> anyhow::Result<Option<Report>> {
    glass::set()?;
    let (views, shown) = channel();
    let dial = Dial::default();
    let pages: Arc<Mutex<Option<ui::Turner>>> = Arc::default();
    let turned = Arc::clone(&pages);
    let turn = move |screen| {
        if let Some(pages) = lock(&turned).as_ref() {
            pages.turn_to(screen);
        }
    };
    let desk = Desk::open(&options.patrol, dial.clone(), views, on_this_thread(), turn)?;
    if let Some(before) = &options.before {
        desk.wish(Wish::Compare(before.clone()));
    }
    let line = desk.backstage().line.clone();
    let look = ui::Options {
        title: "NEO".to_owned(),
        appearance: ui::Appearance {
            theme: options.theme,
            ..ui::Appearance::default()
        },
        shutter: shutter(options, dial),
        ..ui::Options::default()
    };
    let (glass, phone) = Glass::over(|| ui::open(move |intent: Intent| line.intent(intent), shown, look))?;
    FINGERS.set(Some(ui::Fingers::on(&phone)));
    *lock(&pages) = Some(phone.turner());
    phone.show()?;
    let desk = Rc::new(RefCell::new(desk));
    let closed = window::run(Rc::clone(&desk), glass);
    FINGERS.set(None);
    drop(phone);
    closed.context("could not open the simulator's window")?;
    let desk = Rc::into_inner(desk).context("the window still holds the desk")?;
    desk.into_inner().close()
}

thread_local! {
    static FINGERS: RefCell<Option<ui::Fingers>> = const { RefCell::new(None) };
}

/// Steps touch the screens that this thread shows.
fn on_this_thread() -> OnScreens {
    Arc::new(|touch| {
        let touched = slint::invoke_from_event_loop(move || {
            FINGERS.with_borrow(|fingers| {
                if let Some(fingers) = fingers {
                    touch(fingers);
                }
            });
        });
        if touched.is_err() {
            tracing::info!("a step touched screens that are closed");
        }
    })
}

/// Everything on a trainer's desk but its drawing.
pub struct Desk {
    player: Player,
    knobs: Knobs,
    backstage: Backstage,
    scenario: String,
    wishes: Option<Sender<Wish>>,
    seen: Arc<Mutex<(Seen, String)>>,
    clerk: Option<thread::JoinHandle<()>>,
}

/// All that the window shows beside the phone.
#[derive(Debug, Clone)]
pub struct Shown {
    pub scenario: String,
    pub steps: Vec<String>,
    pub code: String,
    pub printer: String,
    pub around: Around,
    pub played: Played,
    pub seen: Seen,
    /// What headquarters said to the last wish.
    pub said: String,
}

/// Between two looks at headquarters.
const LOOK: Duration = Duration::from_millis(700);

impl Desk {
    /// Sets up headquarters, camera, network and phone; each view goes to `views`, steps touch `screens`, and `turn` shows the
    /// page that a step is about.
    pub fn open(
        options: &patrol::Options,
        dial: Dial,
        views: Sender<View>,
        screens: OnScreens,
        turn: impl Fn(ui::Screen) + Send + Sync + 'static,
    ) -> anyhow::Result<Self> {
        let documents = options.out.join("documents");
        let onlooker = move |watched| {
            let view = match watched {
                Watched::View(view) => *view,
                Watched::Screen(screen) => return turn(screen),
            };
            if let View::Document(document) = &view {
                open_file(&documents, &format!("{}.pdf", document.act), &document.pdf);
            } else if let View::Handout(handout) = &view {
                open_file(&documents, &handout.name, &handout.file);
            }
            // A window that is closed sees nothing more.
            let _ = views.send(view);
        };
        let scenario = options.scenario.name.clone();
        let (player, backstage) = Player::start(options.clone(), screens, Arc::new(onlooker))?;
        open_recordings(&backstage)?;
        let mut headquarters = Headquarters::open(backstage.clone())?;
        let (wishes, wished) = channel();
        let seen = Arc::new(Mutex::new((Seen::default(), String::new())));
        let board = Arc::clone(&seen);
        let clerk = thread::Builder::new()
            .name("headquarters".to_owned())
            .spawn(move || {
                loop {
                    match headquarters.look() {
                        Ok(fresh) => lock(&board).0 = fresh,
                        Err(error) => {
                            tracing::warn!(error = format!("{error:#}"), "headquarters was not seen")
                        }
                    }
                    match wished.recv_timeout(LOOK) {
                        Ok(wish) => {
                            let said = headquarters.grant(&wish);
                            lock(&board).1 = said.unwrap_or_else(|error| format!("{error:#}"));
                        }
                        Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {}
                        Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => return,
                    }
                }
            })?;
        Ok(Self {
            knobs: Knobs::new(backstage.clone(), dial),
            player,
            backstage,
            scenario,
            wishes: Some(wishes),
            seen,
            clerk: Some(clerk),
        })
    }

    pub const fn backstage(&self) -> &Backstage {
        &self.backstage
    }

    pub fn ask(&self, ask: Ask) {
        self.player.ask(ask);
    }

    pub fn turn(&mut self, knob: Knob) {
        self.knobs.turn(knob);
    }

    /// Some time has passed: the network comes and goes, and the phone is told where it is.
    pub fn tick(&mut self) {
        self.knobs.tick();
    }

    /// Headquarters is asked for it, and does it in its turn.
    pub fn wish(&self, wish: Wish) {
        if let Some(wishes) = &self.wishes {
            // A clerk that ended has said why.
            let _ = wishes.send(wish);
        }
    }

    pub fn shown(&self) -> Shown {
        let (seen, said) = lock(&self.seen).clone();
        Shown {
            scenario: self.scenario.clone(),
            steps: self.backstage.steps.clone(),
            code: self.backstage.code.clone(),
            printer: self.backstage.printer.clone(),
            around: self.knobs.around(),
            played: self.player.played(),
            seen,
            said,
        }
    }

    /// Ends everything; of a scenario that was played to its end, what was found when everything was checked.
    pub fn close(mut self) -> anyhow::Result<Option<Report>> {
        self.wishes = None;
        if let Some(clerk) = self.clerk.take() {
            clerk.join().ok().context("headquarters' thread panicked")?;
        }
        // What a trainer broke is put right, so that everything can be checked.
        self.knobs.turn(Knob::DiskFull(false));
        self.knobs.turn(Knob::Network(Kind::Wifi));
        self.player.close()
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// On the desktop every screen is to be seen: HQ's profile lets officers look at their recordings.
fn open_recordings(backstage: &Backstage) -> anyhow::Result<()> {
    let now = backstage.clock.now().utc;
    let pki = enrol::pki(&backstage.pki, now)?;
    let mut store = hq::Store::open(&backstage.layout.hq()).context("could not open HQ's store")?;
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
                seed: options.patrol.seed,
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

/// Hands a file to the desktop's own programs, outside the phone's folder.
fn open_file(folder: &Path, name: &str, bytes: &[u8]) {
    let path = folder.join(name);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(&path, bytes));
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
