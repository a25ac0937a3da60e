//! Home: one view feeds the home, service and intervention screens.

use std::rc::Rc;

use domain::dialogue::{HomeView, Intent};
use domain::{ActId, QueryId};
use drawn::{App, Choice, DraftRow, HomeAdapter, Navigation, TemplateRow, vocabulary};
use slint::ComponentHandle;

use super::{
    Intents, about, briefing, crew, dispatches, files, form, intervention, model, recordings, retention,
    service, suivi,
};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let home = app.global::<HomeAdapter<'_>>();

    let sink = Rc::clone(intents);
    app.global::<Navigation<'_>>()
        .on_left(move || sink(Intent::PutAway));

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    home.on_start(move |kind| {
        await_draft(&window);
        sink(Intent::StartDraft {
            id: None,
            kind: vocabulary::act_kind(kind),
        });
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    home.on_open(move |draft| {
        if let Ok(draft) = draft.parse::<ActId>() {
            await_draft(&window);
            sink(Intent::OpenDraft { draft });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    home.on_start_from(move |template| {
        if let Ok(template) = u16::try_from(template) {
            await_draft(&window);
            sink(Intent::StartFromTemplate { id: None, template });
        }
    });

    let window = app.as_weak();
    let sink = Rc::clone(intents);
    home.on_discard(move |draft| {
        if let Some((app, draft)) = window.upgrade().zip(draft.parse::<ActId>().ok()) {
            app.global::<HomeAdapter<'_>>()
                .set_discarding(DraftRow::default());
            sink(Intent::DiscardDraft { draft });
        }
    });

    let sink = Rc::clone(intents);
    home.on_answer_read(move |query| {
        if let Ok(query) = query.parse::<QueryId>() {
            sink(Intent::AnswerSeen { query });
        }
    });

    let sink = Rc::clone(intents);
    home.on_shared_read(move |share| {
        if let Ok(share) = share.parse::<QueryId>() {
            sink(Intent::SharedSeen { share });
        }
    });

    let sink = Rc::clone(intents);
    home.on_lock(move || sink(Intent::Lock));
}

/// The next draft that comes is opened.
pub(super) fn await_draft(window: &slint::Weak<App>) {
    if let Some(app) = window.upgrade() {
        app.global::<Navigation<'_>>().set_draft_awaited(true);
    }
}

pub(super) fn show(app: &App, view: &HomeView) {
    let home = app.global::<HomeAdapter<'_>>();
    let count = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    home.set_network(view.network.into());
    home.set_waiting(count(view.waiting));
    home.set_confirmations(count(view.confirmations));
    home.set_received(count(view.received));
    home.set_refused(count(view.refused));
    home.set_offset_min(view.offset_min.into());
    home.set_any_received(view.last_received.is_some());
    if let Some(at) = view.last_received {
        home.set_last_received(moment::at(at, view.offset_min));
    }
    home.set_drafts(model(view.drafts.iter().map(|line| DraftRow {
        draft: line.draft.to_string().into(),
        kind: line.kind.into(),
        pv: line.pv.map_or(Choice::None, form::choice::pv),
        title: line.title.reveal().into(),
        started: moment::of(line.started),
        days: line.days.unwrap_or(0).into(),
    })));
    home.set_templates(model(view.templates.iter().map(|line| TemplateRow {
        template: line.template.into(),
        kind: line.kind.into(),
        title: line.title.as_str().into(),
    })));
    home.set_answers(model(
        view.answers
            .iter()
            .map(|line| files::answer(line, view.offset_min)),
    ));
    home.set_shared(model(
        view.shared
            .iter()
            .map(|line| files::shared(line, view.offset_min)),
    ));
    home.set_frames_open(model(
        view.frames_open.iter().map(|draft| draft.to_string().into()),
    ));
    home.set_notes(view.notes == Some(true));
    retention::show_held(app, view);
    suivi::show_news(app, view);
    crew::show(app, view);
    dispatches::show(app, view);
    briefing::show(app, view);
    about::show(app, view);
    service::show(app, view);
    intervention::show(app, view.intervention.as_ref());
    recordings::show(app, view);
}

/// The offset that HQ's and the cameras' times are shown with.
pub(super) fn offset_min(app: &App) -> i16 {
    i16::try_from(app.global::<HomeAdapter<'_>>().get_offset_min()).unwrap_or(0)
}

pub(super) fn forget(app: &App) {
    let home = app.global::<HomeAdapter<'_>>();
    home.set_drafts(model([]));
    home.set_answers(model([]));
    home.set_shared(model([]));
    home.set_frames_open(model([]));
    home.set_discarding(DraftRow::default());
}
