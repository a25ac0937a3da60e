//! A leaflet for somebody's hands: the sheet as pictures, what it says as text, and what the form then says of it.

use std::rc::Rc;

use domain::dialogue::{Intent, PagesView, ShownLeaflet};
use domain::draft::Field;
use domain::plainte::Language;
use domain::pv::Leaflet;
use drawn::{App, LeafletAdapter, RightsLanguage, vocabulary};
use slint::ComponentHandle;

use super::{Intents, draft, model, pages};

pub(super) fn connect(app: &App, intents: &Intents) {
    let leaflets = app.global::<LeafletAdapter<'_>>();
    leaflets.set_languages(model(Language::ALL.map(RightsLanguage::from)));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    leaflets.on_show(move |language| {
        let Some(app) = window.upgrade() else { return };
        let leaflets = app.global::<LeafletAdapter<'_>>();
        if let Some((draft, language)) = draft::on_screen(&app).zip(vocabulary::language(language)) {
            leaflets.set_wanted(true);
            let leaflet = ShownLeaflet {
                leaflet: chosen(&leaflets),
                language,
            };
            sink(Intent::ShowLeaflet { draft, leaflet });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    leaflets.on_handed(move || {
        let Some(app) = window.upgrade() else { return };
        let leaflets = app.global::<LeafletAdapter<'_>>();
        match chosen(&leaflets) {
            Leaflet::Custody => {
                if let Some(language) = vocabulary::language(leaflets.get_shown()) {
                    draft::fill(&app, &sink, Field::CustodyLanguage, language.called());
                }
                draft::fill(&app, &sink, Field::CustodySheet, "REMIS");
            }
            Leaflet::Card => draft::fill(&app, &sink, Field::CardHanded, "oui"),
        }
    });
}

fn chosen(leaflets: &LeafletAdapter<'_>) -> Leaflet {
    match leaflets.get_leaflet() {
        drawn::Leaflet::Custody => Leaflet::Custody,
        drawn::Leaflet::Card => Leaflet::Card,
    }
}

/// Opens the leaflet, where its draft is still the one on screen.
pub(super) fn open(app: &App, view: &PagesView, shown: ShownLeaflet) {
    let leaflets = app.global::<LeafletAdapter<'_>>();
    if !leaflets.get_wanted() || draft::on_screen(app) != Some(view.act) {
        return;
    }
    leaflets.set_wanted(false);
    leaflets.set_pages(pages::pictures(app, view));
    leaflets.set_shown(shown.language.into());
    let text = shown.leaflet.text(shown.language);
    leaflets.set_spoken(pages::spoken(text).into());
    leaflets.set_open(true);
}

/// What a lock takes off the screen.
pub(super) fn forget(app: &App) {
    let leaflets = app.global::<LeafletAdapter<'_>>();
    leaflets.set_choosing(false);
    leaflets.set_wanted(false);
    leaflets.set_open(false);
    leaflets.set_pages(model([]));
    leaflets.set_shown(RightsLanguage::None);
}
