//! Before going out: what the crew is told, how terminal and camera are.

use std::rc::Rc;

use domain::InterventionId;
use domain::dialogue::{DispatchLine, HomeView, HotlistAge, Intent};
use domain::intervention::About;
use domain::service::{CameraCheck, Checks, ClockCheck};
use drawn::{App, BriefingAdapter, BriefingRow, ChecksAdapter};
use slint::ComponentHandle;

use super::{Intents, model};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let sink = Rc::clone(intents);
    app.global::<BriefingAdapter<'_>>().on_read(move |dispatch| {
        if let Ok(dispatch) = dispatch.parse::<InterventionId>() {
            sink(Intent::ReadBriefing { dispatch });
        }
    });
}

pub(super) fn show(app: &App, view: &HomeView) {
    let rows: Vec<BriefingRow> = view
        .dispatches
        .iter()
        .filter_map(|line| row(line, view.offset_min))
        .collect();
    let unread = rows.iter().filter(|row| !row.read).count();
    let briefing = app.global::<BriefingAdapter<'_>>();
    briefing.set_unread(i32::try_from(unread).unwrap_or(i32::MAX));
    briefing.set_items(model(rows));
    if let Some(checks) = &view.checks {
        show_checks(&app.global::<ChecksAdapter<'_>>(), checks, view);
    }
}

pub(super) fn forget(app: &App) {
    let briefing = app.global::<BriefingAdapter<'_>>();
    briefing.set_items(model([]));
    briefing.set_unread(0);
}

fn row(line: &DispatchLine, offset_min: i16) -> Option<BriefingRow> {
    let About::Briefing { title, text } = &line.about else {
        return None;
    };
    Some(BriefingRow {
        dispatch: line.dispatch.to_string().into(),
        title: title.as_str().into(),
        text: text.as_str().into(),
        at: moment::at(line.at, offset_min),
        until: moment::at(line.until, offset_min),
        read: line.read,
    })
}

fn show_checks(adapter: &ChecksAdapter<'_>, checks: &Checks, view: &HomeView) {
    let clock = match checks.clock {
        ClockCheck::Untold => drawn::ClockCheck::Untold,
        ClockCheck::Right => drawn::ClockCheck::Right,
        ClockCheck::Off(ahead) => {
            // Rounded up: a clock that is off is never off by nothing.
            let minutes = ahead.unsigned_abs().div_ceil(60_000);
            adapter.set_clock_minutes(i32::try_from(minutes).unwrap_or(i32::MAX));
            drawn::ClockCheck::Off
        }
    };
    adapter.set_clock(clock);
    adapter.set_room(checks.room);
    adapter.set_has_lists(checks.lists_of.is_some());
    let fresh = view.hotlist.is_some_and(|list| list.age == HotlistAge::Fresh);
    adapter.set_lists_fresh(fresh);
    if let Some(of) = checks.lists_of {
        adapter.set_lists(moment::at(of, view.offset_min));
    }
    adapter.set_waiting(i32::try_from(checks.waiting).unwrap_or(i32::MAX));
    adapter.set_camera_lasts(checks.camera.lasts());
    adapter.set_camera(match &checks.camera {
        CameraCheck::NotPaired => drawn::CameraCheck::NotPaired,
        CameraCheck::NotMet(_) => drawn::CameraCheck::NotMet,
        CameraCheck::Met { battery, free, .. } => {
            adapter.set_battery(i32::from(*battery));
            adapter.set_free_gigabytes(i32::try_from(free / 1_000_000_000).unwrap_or(i32::MAX));
            drawn::CameraCheck::Met
        }
    });
}
