//! What the crew shares of interventions, on the home screen and beside the current one.

use std::rc::Rc;

use domain::dialogue::{CrewDifference, CrewLine, CrewStanding, CrewStep, CrewVersion, HomeView, Intent};
use domain::intervention::{EditId, Outcome, Step};
use domain::{CopyId, InterventionId};
use drawn::{App, CrewAdapter, CrewRow};
use slint::ComponentHandle;

use super::{Intents, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let crew = app.global::<CrewAdapter<'_>>();
    let sink = Rc::clone(intents);
    crew.on_join(move |intervention| {
        if let Ok(intervention) = intervention.parse::<InterventionId>() {
            sink(Intent::JoinIntervention { intervention });
        }
    });
    let sink = Rc::clone(intents);
    crew.on_choose(move |intervention, copy, count| {
        if let (Ok(intervention), Ok(copy), Ok(count)) = (
            intervention.parse::<InterventionId>(),
            copy.parse::<CopyId>(),
            u32::try_from(count),
        ) {
            sink(Intent::ChooseVersion {
                intervention,
                version: EditId { copy, count },
            });
        }
    });
    let sink = Rc::clone(intents);
    crew.on_keep_accounts(move |intervention| {
        if let Ok(intervention) = intervention.parse::<InterventionId>() {
            sink(Intent::KeepAccounts { intervention });
        }
    });
}

pub(super) fn show(app: &App, view: &HomeView) {
    let crew = app.global::<CrewAdapter<'_>>();
    let is_offered = |line: &&CrewLine| line.standing == CrewStanding::Offered;
    let rows = |lines: Vec<&CrewLine>| model(lines.into_iter().map(row).collect::<Vec<_>>());
    let mut shared: Vec<&CrewLine> = view.crew.iter().filter(|line| !is_offered(line)).collect();
    shared.sort_by_key(|line| line.standing != CrewStanding::Current);
    crew.set_offered(rows(view.crew.iter().filter(is_offered).collect()));
    crew.set_shared(rows(shared));
}

pub(super) fn forget(app: &App) {
    let crew = app.global::<CrewAdapter<'_>>();
    crew.set_offered(model([]));
    crew.set_shared(model([]));
}

fn row(line: &CrewLine) -> CrewRow {
    let closed = line.steps.iter().find(|step| step.step == Step::Closed);
    CrewRow {
        intervention: line.intervention.to_string().into(),
        current: line.standing == CrewStanding::Current,
        others: line.others.join(", ").into(),
        opened: moment::of(line.opened),
        number: line.number.as_deref().unwrap_or_default().into(),
        place: line.place.reveal().into(),
        matter: line.matter.reveal().into(),
        account: line.account.reveal().into(),
        steps: model(line.steps.iter().map(step).collect::<Vec<_>>()),
        over: closed.is_some(),
        closed_by: closed.map_or_else(String::new, |step| step.by.clone()).into(),
        differing: model(line.differing.iter().map(difference).collect::<Vec<_>>()),
        accounts_fit: line.accounts_fit,
        nobody: line.nobody_reached,
    }
}

fn step(step: &CrewStep) -> drawn::CrewStep {
    drawn::CrewStep {
        step: step.step.into(),
        at: moment::of(step.at),
        by: step.by.as_str().into(),
        twice: step.otherwise.is_some(),
        otherwise: moment::of(step.otherwise.unwrap_or(step.at)),
    }
}

fn difference(difference: &CrewDifference) -> drawn::CrewDifference {
    drawn::CrewDifference {
        point: difference.point.into(),
        versions: model(difference.versions.iter().map(version).collect::<Vec<_>>()),
    }
}

fn version(version: &CrewVersion) -> drawn::CrewVersion {
    drawn::CrewVersion {
        copy: version.id.copy.to_string().into(),
        count: i32::try_from(version.id.count).unwrap_or(i32::MAX),
        by: version.by.as_str().into(),
        at: moment::of(version.at),
        text: version.text.reveal().into(),
        has_outcome: version.outcome.is_some(),
        outcome: version.outcome.unwrap_or(Outcome::NothingToReport).into(),
        mine: version.mine,
    }
}
