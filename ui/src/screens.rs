//! One module for each screen: `connect` turns its callbacks into intents, `show` turns a view into its properties.

mod about;
mod account;
mod afd;
mod alert;
mod amend;
pub(crate) mod annotate;
pub(crate) mod appearance;
mod briefing;
mod budget;
mod cachet;
mod camera;
mod check_frame;
mod code;
mod crew;
mod crosscheck;
mod danger;
mod date;
mod deliveries;
mod dispatches;
mod document;
mod draft;
mod enrolment;
mod files;
mod film;
mod follow_up;
mod footer;
mod form;
mod hearing;
mod home;
mod identity_check;
mod intervention;
mod leaflet;
mod lines;
mod measures;
mod notice;
mod offences;
mod online;
mod pages;
mod photos;
mod pieces;
mod plate;
mod printing;
mod protocol;
mod pve;
mod reading;
mod recordings;
mod retention;
mod rights;
mod scanner;
mod sending;
mod service;
mod signing;
mod suivi;
mod unlock;
pub(crate) mod viewfinder;
mod visas;

use std::rc::Rc;

use domain::dialogue::{Intent, View};
use drawn::{App, CoverAdapter};
use slint::{ComponentHandle, ModelRc, VecModel};

/// Where intents go.
pub(crate) type Intents = Rc<dyn Fn(Intent)>;

pub(crate) fn connect(app: &App, intents: &Intents) {
    enrolment::connect(app, intents);
    unlock::connect(app, intents);
    home::connect(app, intents);
    appearance::connect(app, intents);
    budget::connect(app, intents);
    service::connect(app, intents);
    intervention::connect(app, intents);
    crew::connect(app, intents);
    dispatches::connect(app, intents);
    briefing::connect(app, intents);
    draft::connect(app, intents);
    plate::connect(app, intents);
    check_frame::connect(app, intents);
    files::connect(app, intents);
    photos::connect(app, intents);
    annotate::connect(app, intents);
    pieces::connect(app, intents);
    form::connect(app, intents);
    hearing::connect(app, intents);
    follow_up::connect(app, intents);
    leaflet::connect(app, intents);
    measures::connect(app, intents);
    retention::connect(app, intents);
    account::connect(app, intents);
    lines::connect(app, intents);
    signing::connect(app, intents);
    pages::connect(app, intents);
    amend::connect(app, intents);
    footer::connect(app, intents);
    offences::connect(app, intents);
    danger::connect(app, intents);
    online::connect(app, intents);
    alert::connect(app, intents);
    protocol::connect(app, intents);
    rights::connect(app, intents);
    camera::connect(app, intents);
    recordings::connect(app, intents);
    film::connect(app, intents);
    deliveries::connect(app, intents);
    notice::connect(app, intents);
    printing::connect(app, intents);
    visas::connect(app, intents);
    suivi::connect(app, intents);
    code::connect(app, intents);
    scanner::connect(app, intents);
    crate::hand::connect(app, intents);
}

pub(crate) fn show(app: &App, view: &View) {
    match view {
        View::Lock(lock) => unlock::show(app, lock),
        View::Home(home) => home::show(app, home),
        View::Draft(draft) => draft::show(app, draft),
        View::Deliveries(lines) => {
            deliveries::show(app, lines);
            recordings::show_acts(app, lines);
        }
        View::Offences(lines) => offences::show(app, lines),
        View::Camera(camera) => camera::show(app, camera),
        View::Document(document) => document::show(app, document),
        View::Notice(notice) => notice::show(app, *notice),
        View::Pages(pages) => pages::show(app, pages),
        View::Formulas(lines) => account::show(app, lines),
        View::Footer(footer) => footer::show(app, footer),
        View::Printing(view) => printing::show(app, view),
        View::Visas(lines) => visas::show(app, lines),
        View::Alerts(lines) => alert::show(app, lines),
        // The window has no motor.
        View::Haptic(_) => {}
        // What the phone shares with covers the screens by itself.
        View::Handout(_) => {}
        View::Enrolment(view) => enrolment::show(app, *view),
        View::Film(view) => film::show(app, view.as_deref()),
        View::Appearance(chosen) => appearance::show(app, *chosen),
        View::Budget(view) => budget::show(app, view),
        View::Photo(view) => annotate::show(app, view),
    }
}

/// Empties what only the officer may read.
fn forget(app: &App) {
    // The lock says nothing that is worth a cover.
    app.global::<CoverAdapter<'_>>().set_on(false);
    code::forget(app);
    home::forget(app);
    intervention::forget(app);
    crew::forget(app);
    dispatches::forget(app);
    briefing::forget(app);
    draft::forget(app);
    document::forget(app);
    annotate::forget(app);
    leaflet::forget(app);
    measures::forget(app);
    pages::forget(app);
    rights::forget(app);
    danger::forget(app);
    alert::forget(app);
    protocol::forget(app);
    signing::forget(app);
    amend::forget(app);
    footer::forget(app);
    printing::forget(app);
    viewfinder::forget(app);
    visas::forget(app);
    suivi::forget(app);
    recordings::forget(app);
    film::forget(app);
}

fn model<T: Clone + 'static>(rows: impl IntoIterator<Item = T>) -> ModelRc<T> {
    ModelRc::new(rows.into_iter().collect::<VecModel<T>>())
}
