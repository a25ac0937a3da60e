//! A patrol that somebody watches and may take in hand: the same steps on the same stage, one at a time.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use agent::clock::Clock;
use anyhow::Context;
use domain::dialogue::{LockState, View};
use hq::serve::Address;
use ui::Screen;

use super::gallery::telling;
use super::hand::OnScreens;
use super::line::Line;
use super::phone::Led;
use super::report::Report;
use super::scenario::Step;
use super::stage::Stage;
use super::steps::{self, Progress};
use super::{Options, alone, finish, log};
use crate::enrol::Layout;
use crate::radio::Radio;
use crate::{camera, terminal};

/// How long the phone is listened to before somebody may ask for a step.
const GLANCE: Duration = Duration::from_millis(100);

/// What stands around the phone, for the hands of a trainer.
#[derive(Clone)]
pub struct Backstage {
    pub layout: Layout,
    /// Folder of HQ's keys.
    pub pki: PathBuf,
    /// HQ's and the camera's; the terminal's own is as far ahead.
    pub clock: Clock,
    pub radios: [Radio; 2],
    /// Where HQ takes records.
    pub broker: Address,
    pub camera: Arc<camera::Running>,
    pub line: Line,
    /// The text of the camera's tag.
    pub invitation: String,
    /// The address of the printer.
    pub printer: String,
    pub code: String,
    pub steps: Vec<String>,
}

/// What somebody who watches sees.
pub enum Watched {
    View(Box<View>),
    /// The page that a step is about.
    Screen(Screen),
}

/// Who watches.
pub type Onlooker = Arc<dyn Fn(Watched) + Send + Sync>;

/// A step that sends what the screens would send turns no page and answers no notice: who watches is shown the page, and is
/// spared a notice that nobody would put away.
fn watch(onlooker: &Onlooker, view: &View, led: Led) {
    let shown = led == Led::Shown;
    if shown && matches!(view, View::Notice(_)) {
        return;
    }
    let view_shown = if shown {
        unasked(view.clone())
    } else {
        view.clone()
    };
    onlooker(Watched::View(Box::new(view_shown)));
    if shown && let Some(screen) = page(view) {
        onlooker(Watched::Screen(screen));
    }
}

/// Without the question whether a recording belongs to an act, which lies over every screen.
pub(crate) fn unasked(mut view: View) -> View {
    if let View::Home(home) = &mut view {
        home.link_offer = None;
    }
    view
}

/// The page of the act that is being drawn up.
fn page(view: &View) -> Option<Screen> {
    matches!(view, View::Draft(_)).then(|| telling(view)).flatten()
}

/// The page on which a step begins.
const fn first_page(step: &Step) -> Screen {
    match step {
        Step::PairCamera | Step::TakeClip { .. } | Step::RevokeCamera => Screen::Camera,
        Step::AwaitHq | Step::Correct { .. } => Screen::Deliveries,
        Step::Print { .. } => Screen::Printing,
        Step::AskVisa { .. } => Screen::Visas,
        Step::StartService | Step::EndService => Screen::Service,
        Step::OpenIntervention { .. }
        | Step::ArriveOnScene
        | Step::Propose { .. }
        | Step::HqHears { .. }
        | Step::ColleagueServes { .. }
        | Step::ColleagueTouches { .. }
        | Step::CrewAgrees { .. }
        | Step::Consult { .. }
        | Step::ConsultAll { .. }
        | Step::LateAnswer { .. }
        | Step::AnswerWhileLocked { .. }
        | Step::DrawFrom { .. }
        | Step::Share { .. }
        | Step::AwaitAlarm { .. }
        | Step::RaiseAlert { .. }
        | Step::NobodyHasAlert { .. }
        | Step::TakeAlert { .. }
        | Step::TellAlert { .. }
        | Step::HoldRequisition { .. }
        | Step::Warned { .. }
        | Step::Urgent { .. }
        | Step::Touch { .. }
        | Step::Photograph { .. }
        | Step::Act { .. }
        | Step::Barred { .. }
        | Step::TurnIntoPv { .. }
        | Step::Amend { .. }
        | Step::Kill
        | Step::Lock
        | Step::GiveVisa { .. }
        | Step::Position { .. }
        | Step::ForgetCode
        | Step::PublishLists
        | Step::Attach { .. }
        | Step::AskLists { .. }
        | Step::AskWithoutList { .. }
        | Step::PersonsForgotten
        | Step::AwaitConfirmation { .. }
        | Step::Scan { .. }
        | Step::Compare { .. }
        | Step::Verify { .. }
        | Step::FollowUp { .. }
        | Step::TellComplaint { .. }
        | Step::ReadComplaint { .. }
        | Step::PassTime { .. }
        | Step::CloseIntervention { .. }
        | Step::ChangeCard { .. }
        | Step::BeLetIn { .. }
        | Step::CutRadio
        | Step::RestoreRadio
        | Step::Order { .. }
        | Step::Supply { .. }
        | Step::Configure { .. } => Screen::Home,
        Step::ReadBudget => Screen::Budget,
    }
}

/// A patrol on its stage; it lives on one thread.
pub struct Show {
    options: Options,
    stage: Stage,
    played: Progress,
    /// How far the clocks of HQ and camera were put forward.
    passed: u64,
    onlooker: Onlooker,
    _alone: File,
}

impl Show {
    /// Sets the stage. `onlooker` is told every view, and steps touch the screens through `screens`.
    pub fn open(options: Options, screens: OnScreens, onlooker: Onlooker) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&options.out).context("could not make the output folder")?;
        let alone = alone(&options.out)?;
        let mut stage = Stage::set(&options)?;
        stage.phone.outlive_full_disks();
        stage.phone.screens = Some(screens);
        let watching = Arc::clone(&onlooker);
        stage.phone.onlooker = Some(Box::new(move |view, led| watch(&watching, view, led)));
        let played = Progress::load(&options.out, options.seed)?;
        log::keep(&options.out, &options.scenario, &played)?;
        for step in options.scenario.steps.iter().take(played.done()) {
            stage.replay_air(step)?;
        }
        let mut show = Self {
            options,
            stage,
            played,
            passed: 0,
            onlooker,
            _alone: alone,
        };
        show.keep_time();
        Ok(show)
    }

    pub fn backstage(&self) -> Backstage {
        let ground = &self.stage.ground;
        Backstage {
            layout: ground.layout.clone(),
            pki: ground.pki.clone(),
            clock: ground.clock.clone(),
            radios: ground.radios(),
            broker: ground.broker.clone(),
            camera: Arc::clone(&ground.camera),
            line: self.stage.phone.line.clone(),
            invitation: ground.invitation.clone(),
            printer: ground.printer.address().authority(),
            code: self.options.scenario.officer.code.clone(),
            steps: self.options.scenario.steps.iter().map(Step::french).collect(),
        }
    }

    /// How many steps are over.
    pub const fn done(&self) -> usize {
        self.played.done()
    }

    /// How often the terminal's process died.
    pub const fn kills(&self) -> u32 {
        self.stage.phone.kills
    }

    /// Plays the next step to its end; false when there is none.
    pub fn play_next(&mut self) -> anyhow::Result<bool> {
        let index = self.played.done();
        let Some(step) = self.options.scenario.steps.get(index).cloned() else {
            return Ok(false);
        };
        let touches = matches!(step, Step::Touch { .. });
        let lock = self.stage.phone.board.lock.as_ref();
        // A locked phone has no pages.
        if !touches && lock.is_some_and(|lock| lock.state == LockState::Unlocked) {
            (self.onlooker)(Watched::Screen(first_page(&step)));
        }
        self.stage.phone.led = if touches { Led::Touched } else { Led::Shown };
        let played = self.stage.play(index, &step, &mut self.played);
        self.stage.phone.led = Led::Held;
        self.keep_time();
        played.with_context(|| format!("step {} ({})", index + 1, steps::name(&step)))?;
        self.played.advance(self.stage.phone.kills)?;
        Ok(true)
    }

    /// Nobody plays: the phone is whoever's holds it, and is started again whenever it dies.
    pub fn idle(&mut self) -> anyhow::Result<()> {
        self.stage.phone.led = Led::Held;
        self.stage.phone.alive()?;
        self.stage.phone.pump(GLANCE)?;
        self.keep_time();
        Ok(())
    }

    /// HQ and camera follow the terminal's time, which outlives its processes.
    fn keep_time(&mut self) {
        let passed = terminal::passed(&self.stage.ground.layout.terminal());
        self.stage.ground.clock.pass(passed.saturating_sub(self.passed));
        self.passed = self.passed.max(passed);
    }

    /// Ends the terminals' processes and HQ; of a patrol that was played to its end, checks everything from outside.
    pub fn close(mut self) -> anyhow::Result<Option<Report>> {
        let scenario = &self.options.scenario;
        if scenario.is_whole() && self.played.done() == scenario.steps.len() {
            return finish(&self.options, self.stage, &self.played).map(Some);
        }
        self.stage.phone.stop()?;
        if let Some(colleague) = &mut self.stage.colleague {
            colleague.stop()?;
        }
        self.stage.ground.strike()?;
        Ok(None)
    }
}
