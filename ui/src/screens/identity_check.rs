//! The identity check: who or what vehicle, under which text, and what the files say.

use drawn::{App, CheckTab, IdentityCheckAdapter};
use slint::ComponentHandle;

pub(super) fn start(app: &App) {
    app.global::<IdentityCheckAdapter<'_>>().set_tab(CheckTab::Person);
}
