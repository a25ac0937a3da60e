//! The complaint: where it is taken and the récépissé are choices of the draft.

use std::rc::Rc;

use domain::draft::Field;
use domain::plainte;
use slint::ComponentHandle;

use super::{Intents, draft};
use crate::drawn::{App, PlainteAdapter, PlainteTab, Venue};
use crate::vocabulary;

pub(super) fn connect(app: &App, intents: &Intents) {
    let plainte = app.global::<PlainteAdapter<'_>>();
    plainte.on_choose(filling(app, intents, |venue| {
        (Field::Venue, vocabulary::venue_code(venue))
    }));
    plainte.on_hand_receipt(filling(app, intents, |handed| {
        (Field::HandReceipt, if handed { "oui" } else { "non" })
    }));
}

fn filling<T>(
    app: &App,
    intents: &Intents,
    text: impl Fn(T) -> (Field, &'static str) + 'static,
) -> impl Fn(T) + 'static {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    move |chosen| {
        if let Some(app) = window.upgrade() {
            let (field, text) = text(chosen);
            draft::fill(&app, &sink, field, text);
        }
    }
}

pub(super) fn reflect(app: &App) {
    let plainte = app.global::<PlainteAdapter<'_>>();
    let venue = plainte::Venue::from_code(&draft::text(app, Field::Venue));
    plainte.set_venue(venue.map_or(Venue::None, Venue::from));
    plainte.set_receipt_declined(draft::text(app, Field::HandReceipt) == "non");
}

pub(super) fn start(app: &App) {
    app.global::<PlainteAdapter<'_>>().set_tab(PlainteTab::Victim);
}
