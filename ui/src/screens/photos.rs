//! Photographs of the draft: the window's owner takes them, the list shows what is kept.

use std::rc::Rc;

use domain::dialogue::{DraftView, Intent, PhotoLine};
use domain::{ActId, Digest};
use slint::ComponentHandle;

use super::{Intents, draft, model};
use crate::drawn::{App, PhotoRow, PhotosAdapter};

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<PhotosAdapter<'_>>().on_remove(move |id| {
        let draft = window.upgrade().and_then(|app| draft::on_screen(&app));
        if let Some((draft, sha256)) = draft.zip(Digest::from_hex(&id)) {
            sink(Intent::RemovePhoto { draft, sha256 });
        }
    });
}

/// From now on pictures are taken by `take`, which is given the draft that they are for.
pub(crate) fn connect_camera(app: &App, take: Rc<dyn Fn(ActId)>) {
    let photos = app.global::<PhotosAdapter<'_>>();
    photos.set_camera(true);
    let window = app.as_weak();
    photos.on_take(move || {
        if let Some(draft) = window.upgrade().and_then(|app| draft::on_screen(&app)) {
            take(draft);
        }
    });
}

pub(super) fn show(app: &App, view: &DraftView) {
    app.global::<PhotosAdapter<'_>>()
        .set_photos(model(view.photos.iter().map(row)));
}

pub(super) fn start(app: &App) {
    app.global::<PhotosAdapter<'_>>().set_photos(model([]));
}

fn row(photo: &PhotoLine) -> PhotoRow {
    PhotoRow {
        id: photo.sha256.to_string().into(),
        name: photo.name.as_str().into(),
        kilobytes: i32::try_from(photo.bytes.div_ceil(1000)).unwrap_or(i32::MAX),
    }
}
