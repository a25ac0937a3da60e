//! The general procès-verbal: its frame is a choice, the rest are texts of the draft.

use std::rc::Rc;

use domain::draft::Field;
use domain::legal_basis;
use slint::ComponentHandle;

use super::{Intents, draft};
use crate::drawn::{App, PvAdapter, PvFrame, PvTab};
use crate::vocabulary;

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<PvAdapter<'_>>().on_choose(move |frame| {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::PvFrame, vocabulary::frame_code(frame));
        }
    });
}

pub(super) fn reflect(app: &App) {
    let code = draft::text(app, Field::PvFrame);
    let frame = legal_basis::PvFrame::from_code(&code);
    app.global::<PvAdapter<'_>>()
        .set_frame(frame.map_or(PvFrame::None, PvFrame::from));
}

pub(super) fn start(app: &App) {
    app.global::<PvAdapter<'_>>().set_tab(PvTab::Frame);
}
