//! What the operations centre proposes, on the home screen.

use std::rc::Rc;

use domain::InterventionId;
use domain::dialogue::{DispatchLine, HomeView, Intent};
use domain::intervention::About;
use drawn::{App, DispatchAdapter, DispatchRow};
use slint::ComponentHandle;

use super::{Intents, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let dispatches = app.global::<DispatchAdapter<'_>>();
    let sink = Rc::clone(intents);
    dispatches.on_take(move |dispatch| {
        if let Ok(dispatch) = dispatch.parse::<InterventionId>() {
            sink(Intent::TakeDispatch { dispatch });
        }
    });
    let sink = Rc::clone(intents);
    dispatches.on_decline(move |dispatch| {
        if let Ok(dispatch) = dispatch.parse::<InterventionId>() {
            sink(Intent::DeclineDispatch { dispatch });
        }
    });
}

pub(super) fn show(app: &App, view: &HomeView) {
    let rows = view
        .dispatches
        .iter()
        .filter(|line| !line.about.is_briefing())
        .map(|line| row(line, view.offset_min));
    app.global::<DispatchAdapter<'_>>().set_proposed(model(rows));
}

pub(super) fn forget(app: &App) {
    app.global::<DispatchAdapter<'_>>().set_proposed(model([]));
}

fn row(line: &DispatchLine, offset_min: i16) -> DispatchRow {
    let row = DispatchRow {
        dispatch: line.dispatch.to_string().into(),
        hit: line.about.is_hit(),
        danger: false,
        number: "".into(),
        plate: "".into(),
        place: line
            .about
            .place()
            .map(|place| place.address.as_str().into())
            .unwrap_or_default(),
        what: line.about.matter().as_str().into(),
        at: moment::at(line.at, offset_min),
        until: moment::at(line.until, offset_min),
    };
    match &line.about {
        About::Call { number, danger, .. } => DispatchRow {
            number: number.as_str().into(),
            danger: *danger,
            ..row
        },
        About::Hit { plate, seen, .. } => DispatchRow {
            plate: plate.to_string().into(),
            at: moment::at(*seen, offset_min),
            ..row
        },
        About::Briefing { .. } => row,
    }
}
