//! The deliveries: a line says "received" for [`Delivery::Received`] and for nothing else.

use std::rc::Rc;

use domain::ActId;
use domain::delivery::Delivery;
use domain::dialogue::{DeliveryLine, Intent};
use drawn::{App, DeliveriesAdapter, DeliveryRow, DeliveryState, DraftAdapter, Moment, Refusal};
use slint::{ComponentHandle, Model};

use super::{Intents, home, model, pages, visas};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let deliveries = app.global::<DeliveriesAdapter<'_>>();

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    deliveries.on_correct(move |act| correct(&window, &sink, &act));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    deliveries.on_show_document(move |act| {
        if let Some((app, act)) = window.upgrade().zip(act.parse::<ActId>().ok()) {
            pages::ask(&app);
            sink(Intent::ShowDocument { act });
        }
    });
}

/// Asks for the act that corrects a refused one, and opens its form when it comes.
pub(super) fn correct(window: &slint::Weak<App>, intents: &Intents, act: &str) {
    if let Ok(act) = act.parse::<ActId>() {
        home::await_draft(window);
        intents(Intent::Correct { act, id: None });
    }
}

pub(super) fn show(app: &App, lines: &[DeliveryLine]) {
    app.global::<DeliveriesAdapter<'_>>()
        .set_acts(model(lines.iter().map(row)));
    reflect(app);
}

/// What HQ said of the act on screen stands beside its number.
pub(super) fn reflect(app: &App) {
    let draft = app.global::<DraftAdapter<'_>>();
    let acts = app.global::<DeliveriesAdapter<'_>>().get_acts();
    let delivery = acts.iter().find(|row| row.act == draft.get_draft());
    draft.set_delivery(delivery.unwrap_or_default());
}

/// The hour is that of the place where the act was signed, whatever else the screens know by then.
fn row(line: &DeliveryLine) -> DeliveryRow {
    let offset_min = line.signed_at.offset_min;
    let (state, at, refusal) = match line.delivery {
        Delivery::Waiting { attempts: _ } => (DeliveryState::Waiting, None, None),
        Delivery::Received { at } => (DeliveryState::Received, Some(at), None),
        Delivery::Refused { at, code } => (DeliveryState::Refused, Some(at), Some(code)),
    };
    let row = DeliveryRow {
        act: line.act.to_string().into(),
        kind: line.kind.into(),
        number: line
            .number
            .map(|number| number.to_string())
            .unwrap_or_default()
            .into(),
        signed: moment::of(line.signed_at),
        state,
        at: at.map_or_else(Moment::default, |at| moment::at(at, offset_min)),
        refusal: refusal.map_or(Refusal::None, Refusal::from),
        corrected: line.corrected_by.is_some(),
        ..DeliveryRow::default()
    };
    visas::stand(row, line.visa.as_ref())
}
