//! The services beside the counter: the cards, and the victim directed to one or no longer.

use std::rc::Rc;

use domain::draft::Field;
use domain::plainte::OnlineService;
use drawn::{ActKind, App, DraftAdapter, OnlineAdapter, ServiceRow, vocabulary};
use slint::{ComponentHandle, Model};

use super::{Intents, draft, model};

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<OnlineAdapter<'_>>().on_direct(move |service| {
        let Some(app) = window.upgrade() else { return };
        let service = vocabulary::online_service(service);
        let mut directed = directed(&app);
        if directed.contains(&service) {
            directed.retain(|one| *one != service);
        } else {
            directed.push(service);
        }
        let codes: Vec<&str> = directed.iter().map(|service| service.code()).collect();
        draft::fill(&app, &sink, Field::Directed, &codes.join(" "));
    });
}

/// What is no code is no service.
fn directed(app: &App) -> Vec<OnlineService> {
    let codes = draft::text(app, Field::Directed);
    codes
        .split_whitespace()
        .filter_map(OnlineService::from_code)
        .collect()
}

/// Every keystroke of every draft comes by: only a complaint has the cards.
pub(super) fn reflect(app: &App) {
    if app.global::<DraftAdapter<'_>>().get_kind() != ActKind::Plainte {
        return;
    }
    let directed = directed(app);
    let in_person = draft::text(app, Field::SexualOffence) == "oui";
    let rows = OnlineService::ALL.map(|service| ServiceRow {
        service: service.into(),
        directed: directed.contains(&service),
        barred: service == OnlineService::Visioplainte && in_person,
    });
    let online = app.global::<OnlineAdapter<'_>>();
    // A model that is replaced loses the finger that is on it.
    if !online.get_rows().iter().eq(rows.iter().cloned()) {
        online.set_rows(model(rows));
    }
}
