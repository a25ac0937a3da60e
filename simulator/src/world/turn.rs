//! One turn of a world's terminal: an event into the engine, and everything that the engine wants done.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use agent::engine::{Effect, Event};
use domain::delivery::Delivery;
use domain::dialogue::View;

use super::World;
use super::post::Line;

/// The simulated end of a process: not an error, and caught by [`survive`] alone.
struct Crash;

/// Ends the terminal's process here.
pub(super) fn crash() -> ! {
    resume_unwind(Box::new(Crash))
}

/// Runs the terminal's part of a step; nothing when its process ended in it.
pub(super) fn survive<T>(step: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(step)) {
        Ok(done) => Some(done),
        Err(panic) if panic.is::<Crash>() => None,
        Err(panic) => resume_unwind(panic),
    }
}

impl World {
    /// Gives the engine one event; a crash on the way ends the terminal.
    pub(super) fn event(&mut self, event: Event) -> anyhow::Result<()> {
        let Some(engine) = &mut self.engine else {
            return Ok(());
        };
        let now = self.now;
        match survive(|| engine.handle(event, now)) {
            Some(Ok(effects)) if !self.is_last() => self.carry_out(effects),
            Some(Err(fatal)) => {
                self.kill();
                Err(fatal.into())
            }
            Some(Ok(_)) | None => {
                self.kill();
                Ok(())
            }
        }
    }

    /// Counts what reached the terminal: true when it is to end before anything comes of it.
    pub(super) fn is_last(&mut self) -> bool {
        let Some(left) = &mut self.kill_after else {
            return false;
        };
        *left = left.saturating_sub(1);
        self.kill_after.take_if(|left| *left == 0).is_some()
    }

    /// What comes back from a worker comes after everything asked for with it, as from a thread of its own.
    pub(super) fn carry_out(&mut self, effects: Vec<Effect>) -> anyhow::Result<()> {
        let mut back = Vec::new();
        for effect in effects {
            match effect {
                Effect::Show(view) => self.show(view)?,
                Effect::Work(job) => back.push(Event::Worked(job.run())),
                Effect::Link(command) => self.command(Line::Records, command),
                Effect::Bulk(command) => self.command(Line::Bulk, command),
                Effect::Camera(effect) => back.extend(self.ask_camera(effect)),
                Effect::Knock(sealed) => self.knock(sealed),
                // The air asks the engine itself.
                Effect::Certified(_) => {}
                // No printer stands in this world.
                Effect::Print(order) => back.push(Event::Print(order.lost())),
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
        if let Some(see) = &self.onlooker {
            see(&view);
        }
        self.board.take(view);
        Ok(())
    }
}
