//! The lock: digits are collected here, zeroed, and never held by the screen.

use std::cell::RefCell;
use std::rc::Rc;

use domain::Secret;
use domain::dialogue::{Intent, LockState, LockView};
use domain::orders::Ban;
use slint::ComponentHandle;
use zeroize::Zeroizing;

use super::Intents;
use crate::drawn::{self, App, Navigation, Screen, UnlockAdapter};

/// Longest code, in digits; the buffer never grows, so no copy of it stays behind.
const LONGEST: usize = 12;

pub(super) fn connect(app: &App, intents: &Intents) {
    let code = Rc::new(RefCell::new(empty()));
    let unlock = app.global::<UnlockAdapter<'_>>();

    let window = app.as_weak();
    let typed = Rc::clone(&code);
    unlock.on_digit(move |digit| {
        let mut typed = typed.borrow_mut();
        let digit = u32::try_from(digit)
            .ok()
            .and_then(|digit| char::from_digit(digit, 10));
        if let Some(digit) = digit.filter(|_| typed.len() < LONGEST) {
            typed.push(digit);
        }
        count(&window, &typed);
    });

    let window = app.as_weak();
    let typed = Rc::clone(&code);
    unlock.on_erase(move || {
        let mut typed = typed.borrow_mut();
        typed.pop();
        count(&window, &typed);
    });

    let window = app.as_weak();
    let intents = Rc::clone(intents);
    unlock.on_submit(move || {
        let Some(app) = window.upgrade() else { return };
        let unlock = app.global::<UnlockAdapter<'_>>();
        if unlock.get_entered() < unlock.get_shortest() {
            return;
        }
        let mut typed = code.replace(empty());
        count(&window, &code.borrow());
        unlock.set_code_refused(false);
        intents(Intent::Unlock {
            code: Secret::new(std::mem::take(&mut *typed)),
        });
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

fn empty() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(LONGEST))
}

fn count(window: &slint::Weak<App>, typed: &str) {
    if let Some(app) = window.upgrade() {
        let entered = i32::try_from(typed.len()).unwrap_or(i32::MAX);
        app.global::<UnlockAdapter<'_>>().set_entered(entered);
    }
}
