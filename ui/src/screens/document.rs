//! The signed document: its size only; its bytes stay with the caller of the screens, its pages are pictures.

use domain::dialogue::DocumentView;
use drawn::{App, DocumentAdapter, PagesAdapter};
use slint::ComponentHandle;

use crate::moment;

pub(super) fn show(app: &App, view: &DocumentView) {
    let document = app.global::<DocumentAdapter<'_>>();
    document.set_kilobytes(moment::kilobytes(view.pdf.len()));
    // The pages of the same act, once there, say more.
    let pages = app.global::<PagesAdapter<'_>>();
    document.set_open(!(pages.get_open() && pages.get_act() == view.act.to_string()));
}

/// Pages have come: they stand for the sheet that says that a document exists.
pub(super) fn yield_to_pages(app: &App) {
    app.global::<DocumentAdapter<'_>>().set_open(false);
}

pub(super) fn forget(app: &App) {
    app.global::<DocumentAdapter<'_>>().set_open(false);
}
