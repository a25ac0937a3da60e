//! The notice of 61-1 CPP, read before the first question; the domain holds its text.

use std::rc::Rc;

use domain::draft::Field;
use domain::pv::SUSPECT_RIGHTS;
use drawn::{App, HearingAdapter, Tongue};
use slint::ComponentHandle;

use super::{Intents, draft, model};

/// The languages that interpreters are most often called for, by their BCP 47 tag and their own name where the fonts have it.
const TONGUES: [(&str, &str); 10] = [
    ("fr", "Français"),
    ("en", "English"),
    ("ar", "Arabe"),
    ("es", "Español"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("ru", "Russe"),
    ("tr", "Türkçe"),
    ("uk", "Ukrainien"),
    ("zh", "Chinois"),
];

pub(super) fn connect(app: &App, intents: &Intents) {
    let hearing = app.global::<HearingAdapter<'_>>();
    hearing.set_rights(model(SUSPECT_RIGHTS.iter().map(|right| (*right).into())));
    hearing.set_tongues(model(TONGUES.iter().map(|(tag, name)| Tongue {
        tag: (*tag).into(),
        name: (*name).into(),
    })));
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    hearing.on_notify(move |tag| {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::NoticeLanguage, &tag);
        }
    });
}

pub(super) fn reflect(app: &App) {
    let hearing = app.global::<HearingAdapter<'_>>();
    let tag = draft::text(app, Field::NoticeLanguage);
    let known = TONGUES.iter().find(|(one, _)| tag == *one);
    // A language that the list does not have is shown by its tag.
    hearing.set_notified(known.map_or_else(|| tag.clone(), |(_, name)| (*name).into()));
}
