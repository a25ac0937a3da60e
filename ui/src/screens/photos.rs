//! Photographs of the draft: the list of what is kept.

use std::rc::Rc;

use domain::Digest;
use domain::dialogue::{DraftView, Intent, PhotoLine};
use drawn::{App, PhotoRow, PhotosAdapter};
use slint::ComponentHandle;

use super::{Intents, annotate, draft, model};

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<PhotosAdapter<'_>>().on_remove(move |id| {
        let draft = window.upgrade().and_then(|app| draft::on_screen(&app));
        if let Some((draft, sha256)) = draft.zip(Digest::from_hex(&id)) {
            sink(Intent::RemovePhoto { draft, sha256 });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<PhotosAdapter<'_>>().on_shows(move |id, object| {
        let draft = window.upgrade().and_then(|app| draft::on_screen(&app));
        let object = u16::try_from(object).ok().filter(|object| *object > 0);
        if let Some((draft, sha256)) = draft.zip(Digest::from_hex(&id)) {
            sink(Intent::ShowObject {
                draft,
                sha256,
                object,
            });
        }
    });
}

pub(super) fn show(app: &App, view: &DraftView) {
    app.global::<PhotosAdapter<'_>>()
        .set_photos(model(view.photos.iter().map(row)));
    annotate::follow(app, view);
}

pub(super) fn start(app: &App) {
    app.global::<PhotosAdapter<'_>>().set_photos(model([]));
    annotate::forget(app);
}

fn row(photo: &PhotoLine) -> PhotoRow {
    PhotoRow {
        id: photo.sha256.to_string().into(),
        name: photo.name.as_str().into(),
        shows: photo.shows.map_or(0, i32::from),
        marks: photo.marks.into(),
        kilobytes: i32::try_from(photo.bytes.div_ceil(1000)).unwrap_or(i32::MAX),
    }
}
