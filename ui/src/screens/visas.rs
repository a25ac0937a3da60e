//! Visas: what the officer asks of an OPJ, and, for an OPJ, the acts that wait for one.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::{Intent, VisaLine, VisaStanding};
use drawn::{
    App, DeliveriesAdapter, DeliveryRow, Moment, Refusal, VisaAdapter, VisaRow, VisaState, vocabulary,
};
use slint::{ComponentHandle, Model};

use super::{Intents, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let visas = app.global::<VisaAdapter<'_>>();

    let sink = Rc::clone(intents);
    visas.on_ask(move |act, opj| {
        if let Ok(act) = act.parse::<ActId>() {
            let opj = opj.to_string();
            sink(Intent::AskVisa { act, opj });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    visas.on_show(move |row| {
        let Some((app, request)) = window.upgrade().zip(row.request.parse::<ActId>().ok()) else {
            return;
        };
        let shown = row.shown;
        app.global::<VisaAdapter<'_>>().set_open(row);
        if shown {
            sink(Intent::ShowForVisa { request });
        }
    });

    // What was written stays on screen until the visa is signed.
    let sink = Rc::clone(intents);
    visas.on_give(move |request, choice, words| {
        if let Ok(request) = request.parse::<ActId>() {
            sink(Intent::GiveVisa {
                request,
                choice: vocabulary::visa_choice(choice),
                words: words.to_string(),
            });
        }
    });
}

pub(super) fn show(app: &App, lines: &[VisaLine]) {
    let visas = app.global::<VisaAdapter<'_>>();
    let open = visas.get_open().request;
    if !open.is_empty() && !lines.iter().any(|line| open == line.request.to_string()) {
        // Decided, here or elsewhere.
        visas.set_deciding(false);
        visas.set_open(VisaRow::default());
    }
    visas.set_waiting(model(lines.iter().map(|line| {
        VisaRow {
            request: line.request.to_string().into(),
            act: line.act.to_string().into(),
            kind: line.kind.into(),
            number: line
                .number
                .map(|number| number.to_string())
                .unwrap_or_default()
                .into(),
            signed: moment::of(line.signed_at),
            author: line.author.as_str().into(),
            asked: moment::of(line.asked_at),
            shown: line.shown,
        }
    })));
}

/// Whether the pages of `act` are those that an open visa is about.
pub(super) fn reads(app: &App, act: ActId) -> bool {
    app.global::<VisaAdapter<'_>>().get_open().act == act.to_string()
}

/// Whether a visa may be asked for on `act`, by its line among the deliveries.
pub(super) fn may_ask(app: &App, act: ActId) -> bool {
    let act = act.to_string();
    let visas = app.global::<VisaAdapter<'_>>();
    let lines = app.global::<DeliveriesAdapter<'_>>().get_acts();
    let line = lines.iter().find(|line| line.act == act);
    line.is_some_and(|line| visas.invoke_may_ask(line))
}

/// What the line of an act says of its visa.
pub(super) fn stand(row: DeliveryRow, standing: Option<&VisaStanding>) -> DeliveryRow {
    let opj = |opj: &str| slint::SharedString::from(opj);
    let (visa, visa_opj, visa_at, visa_words, visa_refusal) = match standing {
        None => (VisaState::None, opj(""), None, "", None),
        Some(VisaStanding::Asked { opj: name }) => (VisaState::Asked, opj(name), None, "", None),
        Some(VisaStanding::NotAsked { opj: name, code }) => {
            (VisaState::NotAsked, opj(name), None, "", Some(*code))
        }
        Some(VisaStanding::Given {
            opj: name,
            at,
            observations,
        }) => {
            let words = observations.as_ref().map_or("", |words| words.reveal());
            (VisaState::Given, opj(name), Some(*at), words, None)
        }
        Some(VisaStanding::Returned {
            opj: name,
            at,
            reason,
        }) => (
            VisaState::Returned,
            opj(name),
            Some(*at),
            reason.reveal().as_str(),
            None,
        ),
    };
    DeliveryRow {
        visa,
        visa_opj,
        visa_at: visa_at.map_or_else(Moment::default, moment::of),
        visa_words: visa_words.into(),
        visa_refusal: visa_refusal.map_or(Refusal::None, Refusal::from),
        ..row
    }
}

pub(super) fn forget(app: &App) {
    let visas = app.global::<VisaAdapter<'_>>();
    visas.set_waiting(model([]));
    visas.set_open(VisaRow::default());
    visas.set_deciding(false);
    visas.set_asking("".into());
}
