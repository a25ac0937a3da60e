//! The code on a sheet: another one (the present one, the new one, and the new one again), or once more for a signature.

use std::rc::Rc;

use domain::Secret;
use domain::dialogue::Intent;
use drawn::{App, CodeAdapter, CodeStage};
use slint::ComponentHandle;

use super::Intents;
use crate::digits::Digits;

/// What was entered so far.
#[derive(Default)]
struct Entered {
    current: Option<Secret>,
    new: Option<Secret>,
}

pub(super) fn connect(app: &App, intents: &Intents) {
    let typed = Rc::new(Digits::new());
    let entered = Rc::new(std::cell::RefCell::new(Entered::default()));
    let code = app.global::<CodeAdapter<'_>>();

    let (window, digits) = (app.as_weak(), Rc::clone(&typed));
    code.on_digit(move |digit| {
        digits.push(digit);
        count(&window, &digits);
    });

    let (window, digits) = (app.as_weak(), Rc::clone(&typed));
    code.on_erase(move || {
        digits.erase();
        count(&window, &digits);
    });

    let (window, digits, kept) = (app.as_weak(), Rc::clone(&typed), Rc::clone(&entered));
    code.on_cancel(move || {
        drop(digits.take());
        kept.take();
        if let Some(app) = window.upgrade() {
            close(&app);
        }
    });

    let (window, intents) = (app.as_weak(), Rc::clone(intents));
    code.on_next(move || {
        let Some(app) = window.upgrade() else { return };
        let code = app.global::<CodeAdapter<'_>>();
        if typed.count() < code.get_shortest() {
            return;
        }
        let secret = typed.take();
        code.set_entered(0);
        code.set_differ(false);
        let mut entered = entered.borrow_mut();
        match code.get_stage() {
            CodeStage::Closed => {}
            CodeStage::Signing => {
                code.set_stage(CodeStage::Closed);
                intents(Intent::GiveCode { code: secret });
            }
            CodeStage::Current => {
                entered.current = Some(secret);
                code.set_stage(CodeStage::New);
            }
            CodeStage::New => {
                entered.new = Some(secret);
                code.set_stage(CodeStage::Again);
            }
            CodeStage::Again => {
                let Entered { current, new } = std::mem::take(&mut *entered);
                let same = new.as_ref().is_some_and(|new| new.expose() == secret.expose());
                if !same {
                    entered.current = current;
                    code.set_differ(true);
                    code.set_stage(CodeStage::New);
                    return;
                }
                code.set_stage(CodeStage::Closed);
                if let (Some(current), Some(new)) = (current, new) {
                    intents(Intent::ChangeCode { current, new });
                }
            }
        }
    });
}

/// A signature asks for the code.
pub(super) fn ask(app: &App) {
    let code = app.global::<CodeAdapter<'_>>();
    code.invoke_cancel();
    code.set_stage(CodeStage::Signing);
}

/// The sheet closes, and nothing that was entered stays.
pub(super) fn forget(app: &App) {
    app.global::<CodeAdapter<'_>>().invoke_cancel();
}

fn close(app: &App) {
    let code = app.global::<CodeAdapter<'_>>();
    code.set_stage(CodeStage::Closed);
    code.set_entered(0);
    code.set_differ(false);
}

fn count(window: &slint::Weak<App>, typed: &Digits) {
    if let Some(app) = window.upgrade() {
        app.global::<CodeAdapter<'_>>().set_entered(typed.count());
    }
}
