//! The signed document: its size only; its bytes stay with the caller of the screens.

use domain::dialogue::DocumentView;
use slint::ComponentHandle;

use crate::drawn::{App, DocumentAdapter};
use crate::moment;

pub(super) fn show(app: &App, view: &DocumentView) {
    let document = app.global::<DocumentAdapter<'_>>();
    document.set_kilobytes(moment::kilobytes(view.pdf.len()));
    document.set_open(true);
}

pub(super) fn forget(app: &App) {
    app.global::<DocumentAdapter<'_>>().set_open(false);
}
