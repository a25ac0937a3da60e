//! The identity check: its legal basis is a choice, the rest are texts of the draft.

use std::rc::Rc;

use domain::draft::Field;
use domain::legal_basis;
use slint::ComponentHandle;

use super::{Intents, draft};
use crate::drawn::{App, CheckBasis, CheckTab, IdentityCheckAdapter};
use crate::vocabulary;

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<IdentityCheckAdapter<'_>>().on_choose(move |basis| {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::CheckBasis, vocabulary::basis_code(basis));
        }
    });
}

pub(super) fn reflect(app: &App) {
    let code = draft::text(app, Field::CheckBasis);
    let basis = legal_basis::CheckBasis::from_code(&code);
    app.global::<IdentityCheckAdapter<'_>>()
        .set_basis(basis.map_or(CheckBasis::None, CheckBasis::from));
}

pub(super) fn start(app: &App) {
    app.global::<IdentityCheckAdapter<'_>>().set_tab(CheckTab::Person);
}
