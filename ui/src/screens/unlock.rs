//! The lock.

use std::rc::Rc;

use domain::dialogue::{Intent, LockState, LockView};
use domain::orders::Ban;
use slint::ComponentHandle;

use super::Intents;
use crate::digits::Digits;
use crate::drawn::{self, App, Navigation, Screen, UnlockAdapter};

pub(super) fn connect(app: &App, intents: &Intents) {
    let code = Rc::new(Digits::new());
    let unlock = app.global::<UnlockAdapter<'_>>();

    let (window, typed) = (app.as_weak(), Rc::clone(&code));
    unlock.on_digit(move |digit| {
        typed.push(digit);
        count(&window, &typed);
    });

    let (window, typed) = (app.as_weak(), Rc::clone(&code));
    unlock.on_erase(move || {
        typed.erase();
        count(&window, &typed);
    });

    let (window, intents) = (app.as_weak(), Rc::clone(intents));
    unlock.on_submit(move || {
        let Some(app) = window.upgrade() else { return };
        let unlock = app.global::<UnlockAdapter<'_>>();
        if unlock.get_entered() < unlock.get_shortest() {
            return;
        }
        let code = code.take();
        unlock.set_entered(0);
        unlock.set_code_refused(false);
        intents(Intent::Unlock { code });
    });
}

pub(super) fn show(app: &App, lock: &LockView) {
    let unlock = app.global::<UnlockAdapter<'_>>();
    let navigation = app.global::<Navigation<'_>>();
    unlock.set_known(true);
    unlock.set_card_present(lock.card_present);
    unlock.set_hardware_backed(lock.hardware_backed);
    unlock.set_officer(lock.officer.as_str().into());
    navigation.set_formation(lock.formation);
    match lock.state {
        LockState::Locked { left, wait_ms } => {
            unlock.set_state(drawn::LockState::Locked);
            unlock.set_left(left.into());
            let seconds = i32::try_from(wait_ms.div_ceil(1000)).unwrap_or(i32::MAX);
            unlock.set_wait_seconds(seconds);
            super::forget(app);
            navigation.set_screen(Screen::Unlock);
        }
        LockState::Banned(ban) => {
            unlock.set_state(match ban {
                Ban::Locked => drawn::LockState::Banned,
                Ban::Wiped => drawn::LockState::Wiped,
            });
            super::forget(app);
            navigation.set_screen(Screen::Unlock);
        }
        LockState::Unlocking => unlock.set_state(drawn::LockState::Unlocking),
        LockState::Unlocked => {
            unlock.set_state(drawn::LockState::Unlocked);
            unlock.set_code_refused(false);
            if navigation.get_screen() == Screen::Unlock {
                navigation.set_screen(Screen::Home);
            }
        }
    }
}

fn count(window: &slint::Weak<App>, typed: &Digits) {
    if let Some(app) = window.upgrade() {
        app.global::<UnlockAdapter<'_>>().set_entered(typed.count());
    }
}
