//! Whether a hand is on the window: what moves without asking for anything, and a window that nobody sees any more.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use domain::dialogue::Intent;
use drawn::{App, Hand, Keys};
use slint::platform::{Key, WindowEvent};
use slint::{ComponentHandle, SharedString, Timer, TimerMode, Weak, Window};

use crate::screens::Intents;

/// A hand that keeps moving is told of this often.
const QUIET: Duration = Duration::from_secs(5);
/// How often the window is looked at.
const LOOK: Duration = Duration::from_millis(250);

/// Moves the focus so many places on, or back, once the key that is being handled has come to its end.
pub(crate) fn step(window: &Weak<App>, by: i32) {
    let window = window.clone();
    Timer::single_shot(Duration::ZERO, move || {
        let Some(app) = window.upgrade() else { return };
        let key = if by < 0 { Key::Backtab } else { Key::Tab };
        for _ in 0..by.unsigned_abs() {
            strike(app.window(), char::from(key));
        }
    });
}

/// A key goes down and comes up again.
pub(crate) fn strike(window: &Window, key: char) {
    let text = SharedString::from(key);
    window.dispatch_event(WindowEvent::KeyPressed { text: text.clone() });
    window.dispatch_event(WindowEvent::KeyReleased { text });
}

/// Tells of scrolling at most every [`QUIET`].
pub(crate) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    app.global::<Keys<'_>>().on_step(move |by| step(&window, by));
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

/// A key that no keyboard has.
const PROBE: char = '\u{f8ff}';

/// What had the focus may be gone with its page: then the window has it again, or the sheet that lies over it.
pub(crate) fn keep_focus(app: &App) {
    app.set_attentive(false);
    app.window()
        .dispatch_event(WindowEvent::KeyReleased { text: PROBE.into() });
    if !app.get_attentive() {
        app.invoke_take_focus();
    }
}

/// Locks when the window is put away; lasts as long as what is returned.
pub(crate) fn watch(app: &App, intents: &Intents) -> Timer {
    let (window, intents) = (app.as_weak(), Rc::clone(intents));
    let away = Cell::new(false);
    let timer = Timer::default();
    timer.start(TimerMode::Repeated, LOOK, move || {
        if let Some(app) = window.upgrade() {
            keep_focus(&app);
        }
        let minimised = window.upgrade().is_some_and(|app| app.window().is_minimized());
        if minimised && !away.replace(minimised) {
            intents(Intent::Lock);
        }
        away.set(minimised);
    });
    timer
}
