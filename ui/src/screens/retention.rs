//! Who is held for a vérification d'identité: the hours that are left, the rights as told, and where one begins.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::{DraftView, HomeView, Intent, RetentionLine};
use domain::draft::Field;
use domain::verification::RIGHTS;
use drawn::{App, HearingAdapter, RetentionAdapter, RetentionRow};
use slint::ComponentHandle;

use super::{Intents, draft, home, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let retention = app.global::<RetentionAdapter<'_>>();
    retention.set_rights(model(RIGHTS.iter().map(|right| (*right).into())));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    retention.on_verify(move |check| {
        if let Ok(check) = check.parse::<ActId>() {
            home::await_draft(&window);
            sink(Intent::Verify { check, id: None });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    retention.on_notify(move |tag| {
        if let Some(app) = window.upgrade() {
            draft::fill(&app, &sink, Field::RetentionNotice, &tag);
        }
    });
}

pub(super) fn reflect(app: &App) {
    use slint::Model;
    let tag = draft::text(app, Field::RetentionNotice);
    let tongues = app.global::<HearingAdapter<'_>>().get_tongues();
    let known = tongues.iter().find(|tongue| tongue.tag == tag);
    // A language that the list does not have is shown by its tag.
    app.global::<RetentionAdapter<'_>>()
        .set_notified(known.map_or(tag, |tongue| tongue.name));
}

pub(super) fn show(app: &App, view: &DraftView) {
    let offset = home::offset_min(app);
    let open = view.retention.map(|line| row(&line, offset));
    app.global::<RetentionAdapter<'_>>()
        .set_open(open.unwrap_or_default());
}

pub(super) fn show_held(app: &App, view: &HomeView) {
    let held = view.retentions.iter().map(|line| row(line, view.offset_min));
    app.global::<RetentionAdapter<'_>>().set_held(model(held));
}

fn row(line: &RetentionLine, offset_min: i16) -> RetentionRow {
    let minutes = line.left_min.saturating_abs();
    RetentionRow {
        draft: line.draft.to_string().into(),
        since: moment::at(line.from, offset_min),
        until: moment::at(line.until, offset_min),
        hours: minutes / 60,
        minutes: minutes % 60,
        stage: line.stage.into(),
        clock_set: line.clock_set,
        counted: line.counted.into(),
    }
}
