//! A world that is looked at after every step; what goes wrong leaves a log that plays again.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use agent::work::record_of;
use domain::ActId;
use domain::delivery::Delivery;
use domain::dialogue::{Intent, Notice, View};
use domain::record::Record;
use simulator::patrol::scenario::{DEFAULT, Scenario};
use simulator::world::{Action, Weather, World};
use tempfile::TempDir;

use crate::invariants::{self, Looked};
use crate::journals;

pub struct Watched {
    pub world: World,
    seed: u64,
    looked: Looked,
    folder: TempDir,
}

impl Watched {
    /// A fresh world of the default scenario.
    pub fn new(seed: u64, weather: Weather) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        Self::of(folder, seed, weather)
    }

    /// The same in a folder that may have something of the terminal in it.
    pub fn of(folder: TempDir, seed: u64, weather: Weather) -> Self {
        let scenario = Scenario::parse(DEFAULT).expect("the built-in scenario reads");
        let world = World::new(folder.path(), seed, scenario, weather).expect("a world can be made");
        Self {
            world,
            seed,
            looked: Looked::default(),
            folder,
        }
    }

    /// An officer on duty under a clear sky.
    pub fn on_duty(seed: u64) -> Self {
        let mut watched = Self::new(seed, Weather::CLEAR);
        watched.play(crate::acts::on_duty());
        watched
    }

    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// Does one thing, then looks.
    pub fn act(&mut self, action: Action) {
        self.step(|world| world.act(action));
    }

    pub fn play(&mut self, actions: impl IntoIterator<Item = Action>) {
        for action in actions {
            self.act(action);
        }
    }

    /// An intent that the log has no line for.
    pub fn intent(&mut self, intent: Intent) {
        self.step(|world| world.intent(intent));
    }

    fn step(&mut self, step: impl FnOnce(&mut World) -> anyhow::Result<()>) {
        let (world, looked) = (&mut self.world, &mut self.looked);
        let done = catch_unwind(AssertUnwindSafe(|| step(world).and_then(|()| looked.look(world))));
        match done {
            Ok(Ok(())) => {}
            Ok(Err(error)) => self.fail(&format!("{error:#}")),
            Err(panic) => {
                let said = panic.downcast_ref::<String>().map(String::as_str);
                self.fail(
                    said.or(panic.downcast_ref::<&str>().copied())
                        .unwrap_or("a panic"),
                )
            }
        }
    }

    /// Writes the log and panics with its path.
    pub fn fail(&self, why: &str) -> ! {
        let path = self.write_log();
        panic!(
            "seed {}: {why}; the world's log is `{}`",
            self.seed,
            path.display()
        )
    }

    fn write_log(&self) -> PathBuf {
        let path = std::env::temp_dir().join(format!("neo-world-{}-{}.log", self.seed, std::process::id()));
        std::fs::write(&path, self.world.log_file()).expect("the temporary folder can be written to");
        path
    }

    /// Calms everything down: network up, terminal up and unlocked, and time until nothing waits.
    pub fn settle(&mut self) {
        self.act(Action::Restore);
        for _ in 0..400 {
            if !self.world.is_running() {
                self.act(Action::Start);
            }
            self.act(Action::Unlock);
            self.act(Action::Advance(15_000));
            let waiting = invariants::acts(&self.world).map(|rows| {
                rows.iter()
                    .any(|row| matches!(row.delivery, Delivery::Waiting { .. }))
            });
            if self.world.is_running() && waiting.is_ok_and(|waiting| !waiting) {
                return;
            }
        }
        self.fail("what was signed does not arrive");
    }

    /// The end of a run: every invariant had something to look at, no gap in the numbers is unexplained.
    pub fn finish(mut self) {
        self.settle();
        if let Err(error) = self
            .looked
            .verdict()
            .and_then(|_| invariants::every_gap_is_reported(&self.world))
            .and_then(|_| journals::nobody_is_suspected(&mut self.world))
        {
            self.fail(&format!("{error:#}"));
        }
    }

    /// How much was looked at so far.
    pub const fn looked(&self) -> &Looked {
        &self.looked
    }

    pub fn delivery(&self, act: ActId) -> Option<Delivery> {
        self.world.board.delivery(act).map(|line| line.delivery)
    }

    /// True once HQ's receipt for `act` shows.
    pub fn is_received(&self, act: ActId) -> bool {
        matches!(self.delivery(act), Some(Delivery::Received { .. }))
    }

    pub fn was_told(&self, notice: Notice) -> bool {
        self.world.board.notices.contains(&notice)
    }

    /// The document on screen.
    pub fn document(&self) -> Option<Vec<u8>> {
        self.world.board.views.iter().find_map(|view| match view {
            View::Document(document) => Some(document.pdf.clone()),
            View::Lock(_)
            | View::Home(_)
            | View::Draft(_)
            | View::Deliveries(_)
            | View::Offences(_)
            | View::Camera(_)
            | View::Notice(_)
            | View::Pages(_)
            | View::Formulas(_)
            | View::Footer(_)
            | View::Printing(_)
            | View::Visas(_)
            | View::Alerts(_)
            | View::Haptic(_)
            | View::Handout(_)
            | View::Film(_)
            | View::Photo(_)
            | View::Appearance(_)
            | View::Budget(_)
            | View::Enrolment(_) => None,
        })
    }

    /// What HQ holds under this name with the record of `act`.
    pub fn at_hq(&mut self, act: ActId, attachment: &str) -> Option<Vec<u8>> {
        let row = invariants::acts(&self.world)
            .ok()?
            .into_iter()
            .find(|row| row.act == act)?;
        let store = self.world.gateway().store().begin().ok()?;
        store.attachment(row.envelope, attachment).ok()?
    }

    /// The record of `act` as HQ stored it.
    pub fn record_at_hq(&mut self, act: ActId) -> Option<Record> {
        let row = self.world.engine()?.device().row_of(act).ok()??;
        let store = self.world.gateway().store().begin().ok()?;
        record_of(&store.record(row.envelope).ok()??.record_cose)
    }

    /// How many records HQ holds.
    pub fn count_at_hq(&mut self) -> usize {
        let store = self.world.gateway().store().begin().expect("HQ's store opens");
        store.envelopes().expect("HQ's store reads").len()
    }
}
