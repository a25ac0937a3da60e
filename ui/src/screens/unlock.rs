//! The lock.

use std::cell::RefCell;
use std::rc::Rc;

use domain::Secret;
use domain::dialogue::{Intent, LockState, LockView};
use domain::orders::Ban;
use domain::readmission::Closure;
use drawn::{App, Navigation, Screen, UnlockAdapter};
use slint::ComponentHandle;

use super::Intents;
use crate::digits::Digits;

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
    let first: RefCell<Option<Secret>> = RefCell::default();
    unlock.on_submit(move || {
        let Some(app) = window.upgrade() else { return };
        let unlock = app.global::<UnlockAdapter<'_>>();
        if unlock.get_entered() < unlock.get_shortest() {
            return;
        }
        let code = code.take();
        unlock.set_entered(0);
        unlock.set_code_refused(false);
        match unlock.get_state() {
            drawn::LockState::NoCode => {
                // An entry that a lock or another card came after is worth nothing.
                let before = first.take().filter(|_| unlock.get_again());
                let (again, differ, chosen) = chosen(before, code, &first);
                unlock.set_again(again);
                unlock.set_differ(differ);
                chosen
                    .into_iter()
                    .for_each(|code| intents(Intent::ChooseCode { code }));
            }
            drawn::LockState::Closed => intents(Intent::Readmit { response: code }),
            drawn::LockState::Locked
            | drawn::LockState::Unlocking
            | drawn::LockState::Unlocked
            | drawn::LockState::Banned
            | drawn::LockState::Wiped
            | drawn::LockState::NotAdmitted => intents(Intent::Unlock { code }),
        }
    });
}

/// What an entry of a new code leads to: whether another is asked for, whether the two differ, and the code that both
/// are.
fn chosen(
    before: Option<Secret>,
    code: Secret,
    first: &RefCell<Option<Secret>>,
) -> (bool, bool, Option<Secret>) {
    match before {
        None => {
            first.replace(Some(code));
            (true, false, None)
        }
        Some(before) if before.expose() == code.expose() => (false, false, Some(code)),
        Some(_) => (false, true, None),
    }
}

pub(super) fn show(app: &App, lock: &LockView) {
    let unlock = app.global::<UnlockAdapter<'_>>();
    let navigation = app.global::<Navigation<'_>>();
    unlock.set_known(true);
    unlock.set_card_present(lock.card_present);
    unlock.set_hardware_backed(lock.hardware_backed);
    unlock.set_officer(lock.officer.as_str().into());
    unlock.set_answers(i32::try_from(lock.answers).unwrap_or(i32::MAX));
    unlock.set_device(lock.device.as_str().into());
    unlock.set_shortest(match lock.state {
        LockState::NoCode => 6,
        LockState::Closed { .. } => 12,
        LockState::Locked { .. }
        | LockState::Unlocking
        | LockState::Unlocked
        | LockState::Banned(_)
        | LockState::NotAdmitted => 4,
    });
    navigation.set_formation(lock.formation);
    match lock.state {
        LockState::Locked { left, wait_ms } => {
            unlock.set_state(drawn::LockState::Locked);
            unlock.set_left(left.into());
            let seconds = i32::try_from(wait_ms.div_ceil(1000)).unwrap_or(i32::MAX);
            unlock.set_wait_seconds(seconds);
            shut(app);
        }
        LockState::NoCode => {
            unlock.set_state(drawn::LockState::NoCode);
            unlock.set_again(false);
            shut(app);
        }
        LockState::NotAdmitted => {
            unlock.set_state(drawn::LockState::NotAdmitted);
            shut(app);
        }
        LockState::Closed { why, challenge, left } => {
            unlock.set_state(drawn::LockState::Closed);
            unlock.set_why(match why {
                Closure::SlotDestroyed => drawn::Closure::SlotDestroyed,
                Closure::CounterClosed => drawn::Closure::CounterClosed,
                Closure::TerminalClosed => drawn::Closure::TerminalClosed,
            });
            unlock.set_challenge(
                challenge
                    .map(|number| number.to_string())
                    .unwrap_or_default()
                    .into(),
            );
            unlock.set_left(left.into());
            shut(app);
        }
        LockState::Banned(ban) => {
            unlock.set_state(match ban {
                Ban::Locked => drawn::LockState::Banned,
                Ban::Wiped => drawn::LockState::Wiped,
            });
            shut(app);
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

/// Nothing of the officer's stays, and the lock is all that is seen.
fn shut(app: &App) {
    super::forget(app);
    app.global::<Navigation<'_>>().set_screen(Screen::Unlock);
}

fn count(window: &slint::Weak<App>, typed: &Digits) {
    if let Some(app) = window.upgrade() {
        app.global::<UnlockAdapter<'_>>().set_entered(typed.count());
    }
}
