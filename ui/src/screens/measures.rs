//! The measures of the patrol's day: the act that a tap begins, and what is read out to whoever is arrested.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::Intent;
use domain::plainte::Language;
use domain::pv::{Leaflet, PvKind};
use drawn::{App, MeasuresAdapter};
use slint::ComponentHandle;

use super::form::choice;
use super::{Intents, home, model};

pub(super) fn connect(app: &App, intents: &Intents) {
    let measures = app.global::<MeasuresAdapter<'_>>();
    let custody = Leaflet::Custody.text(Language::French);
    measures.set_custody_rights(model(custody.items.iter().map(|right| (*right).into())));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    measures.on_begin(move |chosen| {
        let kind = PvKind::ALL.into_iter().find(|kind| choice::pv(*kind) == chosen);
        if let Some((app, kind)) = window.upgrade().zip(kind) {
            let from: Option<ActId> = app.global::<MeasuresAdapter<'_>>().get_from().parse().ok();
            home::await_draft(&window);
            sink(Intent::BeginMeasure { from, id: None, kind });
        }
    });
}

/// What a lock takes off the screen.
pub(super) fn forget(app: &App) {
    app.global::<MeasuresAdapter<'_>>().set_open(false);
}
