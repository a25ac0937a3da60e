//! The officer's hand on the phone: a terminal in its own process, driven by the intents that the screens send, and
//! started again whenever it dies.

use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use agent::engine::CommitPoint;
use anyhow::{Context, bail};
use domain::dialogue::{
    AlertLine, BudgetView, CameraView, DeliveryLine, DraftView, FilmView, HandoutView, Haptic, HomeView,
    Intent, LockState, LockView, Notice, View, VisaLine,
};
use domain::footage::leaving::Supply;
use domain::place::Fix;
use domain::printing::PrintingView;
use domain::{ActId, Secret};

use super::gallery::Gallery;
use super::hand::{Hand, OnScreens};
use super::line::Line;
use crate::enrol::by_code;
use crate::pipe::{self, FromTerminal, ToTerminal};

/// How to start the terminal's process.
#[derive(Debug, Clone)]
pub struct Handset {
    pub program: PathBuf,
    pub args: Vec<String>,
    pub code: String,
}

/// Everything that the screens show now.
#[derive(Debug, Default)]
pub struct Board {
    pub lock: Option<LockView>,
    pub home: Option<Box<HomeView>>,
    pub draft: Option<Box<DraftView>>,
    pub deliveries: Vec<DeliveryLine>,
    pub camera: Option<CameraView>,
    pub printing: Option<PrintingView>,
    pub visas: Vec<VisaLine>,
    pub alerts: Vec<AlertLine>,
    /// The recording that is looked at.
    pub film: Option<Box<FilmView>>,
    pub budget: Option<Box<BudgetView>>,
    /// What was felt, in its order.
    pub haptics: Vec<Haptic>,
    pub notices: Vec<Notice>,
    /// What left by the phone's means of sharing, in its order.
    pub handouts: Vec<HandoutView>,
    /// Drafts and acts seen with the last view of each, for reference frames.
    pub views: Vec<View>,
}

/// Sees a view, and who led the phone to it.
pub(super) type Watcher = Box<dyn Fn(&View, Led) + Send>;

pub struct Phone {
    handset: Handset,
    running: Option<Running>,
    pub board: Board,
    /// How often the process ended without being asked to.
    pub kills: u32,
    /// How often the officer gave the code for a signature.
    pub(crate) codes_given: u32,
    pub(crate) gallery: Gallery,
    /// What steps touch the screens with.
    pub(super) hand: Option<Hand>,
    /// The screens that somebody watches, which are then the ones that steps touch.
    pub(super) screens: Option<OnScreens>,
    /// Who sees every view as it comes.
    pub(super) onlooker: Option<Watcher>,
    /// Who leads it.
    pub(super) led: Led,
    pub(super) line: Line,
    /// Where the process is to end next, until it did.
    die_at: Option<CommitPoint>,
    /// What the platform says that the phone lives on, once a step said it.
    supply: Option<Supply>,
}

/// Who leads a phone at the moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Led {
    /// A patrol without anybody who watches.
    Alone,
    /// A step, at a pace that can be watched.
    Shown,
    /// A step that touches what is on the screens.
    Touched,
    /// Whoever holds it, who gives the code when it is asked for.
    Held,
}

struct Running {
    child: Child,
    from: Receiver<View>,
}

/// How long one step may stand still before the patrol gives up.
const PATIENCE: Duration = Duration::from_secs(120);
/// Between two looks at HQ.
const GLANCE: Duration = Duration::from_millis(200);
/// Somebody who watches reads a field before the next one is typed.
const PACE: Duration = Duration::from_millis(250);
/// How often a step that stands still is asked for again.
const NUDGE: Duration = Duration::from_secs(3);

impl Phone {
    pub fn new(handset: Handset) -> Self {
        Self {
            handset,
            running: None,
            board: Board::default(),
            kills: 0,
            codes_given: 0,
            gallery: Gallery::default(),
            hand: None,
            screens: None,
            onlooker: None,
            led: Led::Alone,
            line: Line::default(),
            die_at: None,
            supply: None,
        }
    }

    /// A file that may not grow is then an error that the terminal is told of, and not the end of its process.
    pub(super) fn outlive_full_disks(&mut self) {
        let program = std::mem::replace(&mut self.handset.program, PathBuf::from("sh"));
        let words = [
            "-c".to_owned(),
            r#"trap '' XFSZ; exec "$0" "$@""#.to_owned(),
            program.display().to_string(),
        ];
        self.handset.args.splice(0..0, words);
    }

    /// The terminal's process ends right after this commit point, once.
    pub fn die_at(&mut self, point: CommitPoint) -> anyhow::Result<()> {
        self.die_at = Some(point);
        self.ready()?;
        self.arm()
    }

    fn arm(&mut self) -> anyhow::Result<()> {
        let Some(point) = self.die_at else { return Ok(()) };
        let position = CommitPoint::ALL
            .iter()
            .position(|known| *known == point)
            .unwrap_or(0);
        self.write(&ToTerminal::DieAt(u8::try_from(position).unwrap_or(0)))
    }

    /// No more planned deaths: the step that they were for is over.
    pub fn disarm(&mut self) {
        self.die_at = None;
    }

    /// SIGKILL, as an empty battery does.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        if let Some(mut running) = self.running.take() {
            self.line.hang_up();
            running.child.kill().context("could not kill the terminal")?;
            running.child.wait().context("could not wait for the terminal")?;
            self.kills += 1;
        }
        Ok(())
    }

    pub fn pid(&self) -> Option<u32> {
        self.running.as_ref().map(|running| running.child.id())
    }

    pub fn intent(&mut self, intent: Intent) -> anyhow::Result<()> {
        let typed = matches!(intent, Intent::Fill { .. });
        self.write(&ToTerminal::Intent(intent))?;
        if self.led == Led::Shown && typed {
            let since = Instant::now();
            while since.elapsed() < PACE {
                self.pump(PACE.saturating_sub(since.elapsed()))?;
            }
        }
        Ok(())
    }

    /// The platform says where the phone is.
    pub(super) fn position(&mut self, fix: Fix) -> anyhow::Result<()> {
        self.alive()?;
        self.write(&ToTerminal::Position(fix))
    }

    /// The platform says what the phone lives on, and says it again to each process that starts.
    pub fn supply(&mut self, supply: Supply) -> anyhow::Result<()> {
        self.alive()?;
        self.supply = Some(supply);
        self.write(&ToTerminal::Supply(supply))
    }

    fn write(&mut self, frame: &ToTerminal) -> anyhow::Result<()> {
        self.line.say(frame);
        Ok(())
    }

    /// Repeats `ask` until `done`, through any number of deaths of the process.
    pub fn until(
        &mut self,
        what: &str,
        mut ask: impl FnMut(&mut Self) -> anyhow::Result<()>,
        done: impl Fn(&Board) -> bool,
    ) -> anyhow::Result<()> {
        let mut waited = Duration::ZERO;
        loop {
            self.ready()?;
            if done(&self.board) {
                return Ok(());
            }
            ask(self)?;
            let mut quiet = Duration::ZERO;
            while quiet < NUDGE && self.running.is_some() {
                const STEP: Duration = Duration::from_millis(100);
                if self.pump(STEP)? {
                    quiet = Duration::ZERO;
                } else {
                    quiet += STEP;
                    waited += STEP;
                }
                if done(&self.board) {
                    return Ok(());
                }
            }
            if waited > PATIENCE {
                let problems = self.board.draft.as_ref().map(|draft| &draft.problems);
                bail!(
                    "`{what}` did not happen within {} seconds; last notices: {:?}; what stands against the draft: {:?}",
                    PATIENCE.as_secs(),
                    self.board.notices.iter().rev().take(3).collect::<Vec<_>>(),
                    problems
                );
            }
        }
    }

    /// Looks on without a word until `found` gives something; `missed` says what did not happen, and what is seen instead.
    pub(super) fn watch<T>(
        &mut self,
        mut found: impl FnMut(&Board) -> anyhow::Result<Option<T>>,
        missed: impl FnOnce(&Board) -> (String, String),
    ) -> anyhow::Result<T> {
        let since = Instant::now();
        loop {
            self.alive()?;
            self.pump(GLANCE)?;
            if let Some(found) = found(&self.board)? {
                return Ok(found);
            }
            if since.elapsed() > PATIENCE {
                let (what, seen) = missed(&self.board);
                bail!("{what} within {} seconds; {seen}", PATIENCE.as_secs());
            }
        }
    }

    /// The screens as they stand, for steps that touch them.
    pub(super) fn take_in_hand(&mut self) -> anyhow::Result<()> {
        if self.hand.is_none() {
            let hand = match &self.screens {
                Some(screens) => Hand::seen(screens.clone()),
                None => Hand::unseen()?,
            };
            self.board.views.iter().for_each(|view| hand.see(view));
            self.hand = Some(hand);
        }
        Ok(())
    }

    /// Locks, and waits until the screen says so.
    pub fn lock(&mut self) -> anyhow::Result<()> {
        self.intent(Intent::Lock)?;
        let locked = |lock: &LockView| matches!(lock.state, LockState::Locked { .. });
        while !self.board.lock.as_ref().is_some_and(locked) {
            if !self.pump(PATIENCE)? {
                bail!("the terminal does not lock");
            }
        }
        Ok(())
    }

    /// Another officer's card is put in, and their code is known from here on.
    pub fn change_card(&mut self, dir: &Path, code: &str) -> anyhow::Result<()> {
        let dir = dir.display().to_string();
        let mut args = self.handset.args.iter_mut();
        if args.any(|argument| argument == "--card")
            && let Some(card) = args.next()
        {
            dir.clone_into(card);
        }
        self.learn_code(code);
        self.board.lock = None;
        self.write(&ToTerminal::AnotherCard { dir })
    }

    /// The code that the officer types from here on.
    pub fn learn_code(&mut self, code: &str) {
        code.clone_into(&mut self.handset.code);
    }

    /// The time since the device's start goes on by so many milliseconds.
    pub(super) fn leap(&mut self, ms: u64) -> anyhow::Result<()> {
        self.write(&ToTerminal::Leap { ms })
    }

    /// So many milliseconds pass at once, on the wall clock too.
    pub(super) fn pass(&mut self, ms: u64) -> anyhow::Result<()> {
        self.write(&ToTerminal::Pass { ms })
    }

    /// Starts the process if it is not running; locked is alive enough to sync.
    pub fn alive(&mut self) -> anyhow::Result<()> {
        if self.running.is_none() {
            self.start()?;
            self.arm()?;
        }
        Ok(())
    }

    /// Starts the process if it is not running and unlocks it.
    pub fn ready(&mut self) -> anyhow::Result<()> {
        let mut tries = 0;
        loop {
            while self.pump(Duration::ZERO)? {}
            if self.running.is_none() {
                self.start()?;
                self.arm()?;
            }
            let state = self.board.lock.as_ref().map(|lock| lock.state);
            match state {
                Some(LockState::Unlocked) => return Ok(()),
                Some(LockState::Locked { .. } | LockState::NoCode)
                    if self.board.lock.as_ref().is_some_and(|lock| lock.card_present) =>
                {
                    tries += 1;
                    if tries > 20 {
                        bail!("the terminal does not unlock");
                    }
                    for intent in by_code(&self.handset.code.clone()) {
                        self.intent(intent)?;
                    }
                    self.board.lock = None;
                }
                Some(LockState::Banned(_)) => bail!("HQ's order keeps the terminal locked"),
                // HQ's word may be on its way.
                Some(LockState::NotAdmitted) if tries < 20 => tries += 1,
                Some(LockState::NotAdmitted) => bail!("the terminal does not admit the card"),
                Some(LockState::Closed { .. }) => bail!("only a supervisor lets the officer in"),
                Some(LockState::Locked { .. } | LockState::NoCode | LockState::Unlocking) | None => {}
            }
            self.pump(Duration::from_secs(30))?;
        }
    }

    fn start(&mut self) -> anyhow::Result<()> {
        let mut child = Command::new(&self.handset.program)
            .args(&self.handset.args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit())
            .spawn()
            .context("could not start the terminal's process")?;
        let to = child.stdin.take().context("the terminal has no input")?;
        let out = child.stdout.take().context("the terminal has no output")?;
        let (views, from) = channel();
        thread::Builder::new()
            .name("phone-views".to_owned())
            .spawn(move || {
                let mut out = BufReader::new(out);
                while let Ok(Some(FromTerminal::View(view))) = pipe::read(&mut out) {
                    if views.send(view).is_err() {
                        return;
                    }
                }
            })?;
        self.board = Board {
            notices: std::mem::take(&mut self.board.notices),
            handouts: std::mem::take(&mut self.board.handouts),
            ..Board::default()
        };
        self.line.connect(child.id(), to);
        self.running = Some(Running { child, from });
        match self.supply {
            Some(supply) => self.write(&ToTerminal::Supply(supply)),
            None => Ok(()),
        }
    }

    /// Takes one view; false when none came in time. A process that ended is counted and forgotten.
    pub fn pump(&mut self, patience: Duration) -> anyhow::Result<bool> {
        let Some(running) = &mut self.running else {
            return Ok(false);
        };
        match running.from.recv_timeout(patience) {
            Ok(view) => {
                self.board.take(view.clone());
                self.gallery.look(&view, &self.board.views);
                if let Some(hand) = &self.hand {
                    hand.see(&view);
                }
                if let Some(onlooker) = &self.onlooker {
                    onlooker(&view, self.led);
                }
                if matches!(view, View::Notice(Notice::CodeAsked)) && self.led != Led::Held {
                    let code = Secret::new(self.handset.code.clone());
                    self.intent(Intent::GiveCode { code })?;
                    self.codes_given += 1;
                }
                Ok(true)
            }
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Err(RecvTimeoutError::Disconnected) => {
                let status = running.child.wait().context("could not wait for the terminal")?;
                self.line.hang_up();
                self.running = None;
                if status.code().is_some_and(|code| code != 0) {
                    bail!("the terminal ended by itself with {status}; its message is above");
                }
                self.kills += 1;
                self.die_at = None;
                Ok(false)
            }
        }
    }

    /// Ends the process in good order: closing its input stops it.
    pub fn stop(&mut self) -> anyhow::Result<()> {
        if let Some(Running { mut child, from }) = self.running.take() {
            self.line.hang_up();
            while let Ok(view) = from.recv_timeout(PATIENCE) {
                self.board.take(view);
            }
            child.wait().context("could not wait for the terminal")?;
        }
        Ok(())
    }
}

impl Drop for Phone {
    fn drop(&mut self) {
        if let Some(running) = &mut self.running {
            let _ = running.child.kill();
            let _ = running.child.wait();
        }
    }
}

impl Board {
    pub(crate) fn take(&mut self, view: View) {
        match &view {
            View::Lock(lock) => self.lock = Some(lock.clone()),
            View::Home(home) => self.home = Some(home.clone()),
            View::Draft(draft) => self.draft = Some(draft.clone()),
            View::Deliveries(lines) => self.deliveries = lines.clone(),
            View::Camera(camera) => self.camera = Some(camera.clone()),
            View::Printing(printing) => self.printing = Some(printing.clone()),
            View::Visas(lines) => self.visas = lines.clone(),
            View::Alerts(lines) => self.alerts = lines.clone(),
            View::Film(film) => self.film = film.clone(),
            View::Budget(budget) => self.budget = Some(budget.clone()),
            // A simulated phone is enrolled before it starts.
            View::Enrolment(_) => {}
            View::Handout(handout) => self.handouts.push(handout.clone()),
            View::Haptic(haptic) => self.haptics.push(*haptic),
            View::Notice(notice) => self.notices.push(*notice),
            View::Offences(_)
            | View::Document(_)
            | View::Pages(_)
            | View::Formulas(_)
            | View::Footer(_)
            | View::Photo(_)
            | View::Appearance(_) => {}
        }
        let same = |other: &View| std::mem::discriminant(other) == std::mem::discriminant(&view);
        self.views.retain(|other| !same(other));
        self.views.push(view);
    }

    /// Whether the officer was told that this draft is not signed as it stands.
    pub fn refused_to_sign(&self, act: ActId) -> bool {
        let told = |notice: &Notice| matches!(notice, Notice::NotSigned { draft } if *draft == act);
        self.notices.iter().any(told)
    }

    /// The line of an act, once it exists.
    pub fn delivery(&self, act: ActId) -> Option<&DeliveryLine> {
        self.deliveries.iter().find(|line| line.act == act)
    }
}
