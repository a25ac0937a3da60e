//! What became of complaints: a quiet line of the home screen, and the steps on the page of the signed complaint.

use std::rc::Rc;

use domain::ActId;
use domain::dialogue::{DraftView, HomeView, Intent, SuiviStep};
use domain::plainte::{Remedy, Stage};
use drawn::{App, ClosedFor, Moment, SuiviAdapter, SuiviNews, SuiviRow, SuiviStage};
use slint::ComponentHandle;

use super::{Intents, home, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let window = app.as_weak();
    let sink = Rc::clone(intents);
    app.global::<SuiviAdapter<'_>>().on_open(move |act| {
        if let Ok(draft) = act.parse::<ActId>() {
            home::await_draft(&window);
            sink(Intent::OpenDraft { draft });
        }
    });
}

pub(super) fn show_news(app: &App, view: &HomeView) {
    app.global::<SuiviAdapter<'_>>()
        .set_news(model(view.suivi.iter().map(|line| {
            SuiviNews {
                act: line.act.to_string().into(),
                number: line
                    .number
                    .map(|number| number.to_string())
                    .unwrap_or_default()
                    .into(),
            }
        })));
}

pub(super) fn show(app: &App, view: &DraftView) {
    let offset_min = home::offset_min(app);
    app.global::<SuiviAdapter<'_>>()
        .set_steps(model(view.suivi.iter().map(|step| row(step, offset_min))));
}

pub(super) fn forget(app: &App) {
    let suivi = app.global::<SuiviAdapter<'_>>();
    suivi.set_news(model([]));
    suivi.set_steps(model([]));
}

fn row(step: &SuiviStep, offset_min: i16) -> SuiviRow {
    let remedies = step.stage.remedies();
    let row = SuiviRow {
        at: moment::at(step.at, offset_min),
        stage: SuiviStage::Received,
        office: "".into(),
        closed: ClosedFor::None,
        hearing: Moment::default(),
        prosecutor_general: remedies.contains(&Remedy::ProsecutorGeneral),
        partie_civile: remedies.contains(&Remedy::PartieCivile),
    };
    let at = |stage| SuiviRow { stage, ..row.clone() };
    match &step.stage {
        Stage::Received => row,
        Stage::SentToService(service) => SuiviRow {
            office: service.as_str().into(),
            ..at(SuiviStage::SentToService)
        },
        Stage::UnderInvestigation => at(SuiviStage::UnderInvestigation),
        Stage::SentToProsecutor(court) => SuiviRow {
            office: court.as_str().into(),
            ..at(SuiviStage::SentToProsecutor)
        },
        Stage::Closed(reason) => SuiviRow {
            closed: (*reason).into(),
            ..at(SuiviStage::Closed)
        },
        Stage::Alternative => at(SuiviStage::Alternative),
        Stage::Prosecuted => at(SuiviStage::Prosecuted),
        Stage::JudicialInvestigation => at(SuiviStage::JudicialInvestigation),
        Stage::Hearing(hearing) => SuiviRow {
            hearing: moment::at(hearing.at, hearing.offset_min),
            office: hearing.court.as_str().into(),
            ..at(SuiviStage::Hearing)
        },
        Stage::Completed => at(SuiviStage::Completed),
        Stage::Withdrawn => at(SuiviStage::Withdrawn),
    }
}
