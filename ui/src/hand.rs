//! Whether a hand is on the window: what moves without asking for anything, and a window that nobody sees any more.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use domain::dialogue::Intent;
use drawn::{App, Hand};
use slint::{ComponentHandle, Timer, TimerMode};

use crate::screens::Intents;

/// A hand that keeps moving is told of this often.
const QUIET: Duration = Duration::from_secs(5);
/// How often the window is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Tells of scrolling at most every [`QUIET`].
pub(crate) fn connect(app: &App, intents: &Intents) {
    let told = Rc::new(Cell::new(false));
    let intents = Rc::clone(intents);
    app.global::<Hand<'_>>().on_moved(move || {
        if !told.replace(true) {
            intents(Intent::Alive);
            let told = Rc::clone(&told);
            Timer::single_shot(QUIET, move || told.set(false));
        }
    });
}

/// Locks when the window is put away; lasts as long as what is returned.
pub(crate) fn watch(app: &App, intents: &Intents) -> Timer {
    let (window, intents) = (app.as_weak(), Rc::clone(intents));
    let away = Cell::new(false);
    let timer = Timer::default();
    timer.start(TimerMode::Repeated, LOOK, move || {
        let minimised = window.upgrade().is_some_and(|app| app.window().is_minimized());
        if minimised && !away.replace(minimised) {
            intents(Intent::Lock);
        }
        away.set(minimised);
    });
    timer
}
