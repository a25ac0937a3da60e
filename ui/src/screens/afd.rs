//! The AFD: whether an answer to its conditions bars it.

use domain::afd::Condition;
use domain::draft::Field;
use slint::ComponentHandle;

use super::form;
use crate::drawn::{AfdAdapter, App};

pub(super) fn reflect(app: &App) {
    let barred = |condition: Condition| form::barred(app, Field::answering(condition));
    app.global::<AfdAdapter<'_>>()
        .set_barred(Condition::ALL.into_iter().any(barred));
}
