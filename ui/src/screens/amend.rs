//! What is done to an act that is signed, or that has no forfait: another act, never a change.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::Intent;
use drawn::{AmendAdapter, App, PagesAdapter, TurnAdapter, vocabulary};
use slint::ComponentHandle;

use super::{Intents, draft, home};

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<AmendAdapter<'_>>().on_amend(move |how| {
        let Some(app) = window.upgrade() else { return };
        let amend = app.global::<AmendAdapter<'_>>();
        if let Ok(act) = amend.get_act().parse::<ActId>() {
            amend.set_open(false);
            app.global::<PagesAdapter<'_>>().set_open(false);
            home::await_draft(&window);
            sink(Intent::Amend {
                act,
                id: None,
                how: vocabulary::amendment(how),
            });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<TurnAdapter<'_>>().on_turn(move || {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            home::await_draft(&window);
            sink(Intent::TurnIntoPv { draft, id: None });
        }
    });
}

pub(super) fn forget(app: &App) {
    app.global::<AmendAdapter<'_>>().set_open(false);
}
