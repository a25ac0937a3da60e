//! What comes after a check: an act about the same person and vehicle.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::Intent;
use drawn::{App, FollowUpAdapter, vocabulary};
use slint::ComponentHandle;

use super::{Intents, home};

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<FollowUpAdapter<'_>>().on_draw_up(move |from, kind| {
        if let Ok(from) = from.parse::<ActId>() {
            home::await_draft(&window);
            sink(Intent::FollowUp {
                from,
                kind: vocabulary::act_kind(kind),
                id: None,
            });
        }
    });
}
