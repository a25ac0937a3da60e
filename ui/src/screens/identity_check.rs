//! The identity check: who or what vehicle, under which text, and what the files say.

use slint::ComponentHandle;

use crate::drawn::{App, CheckTab, IdentityCheckAdapter};

pub(super) fn start(app: &App) {
    app.global::<IdentityCheckAdapter<'_>>().set_tab(CheckTab::Person);
}
