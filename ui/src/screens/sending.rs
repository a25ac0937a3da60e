//! Recordings on their way to headquarters, on the camera's screen.

use domain::dialogue::{SendingState, SendingView};
use domain::footage::leaving::Wait;
use drawn::{App, SendingAdapter, SendingRow};
use slint::ComponentHandle;

use super::home;
use crate::moment;

pub(super) fn show(app: &App, view: Option<&SendingView>) {
    let offset_min = home::offset_min(app);
    let row = view.map(|view| row(view, offset_min));
    app.global::<SendingAdapter<'_>>()
        .set_sending(row.unwrap_or_default());
}

fn row(view: &SendingView, offset_min: i16) -> SendingRow {
    let (state, seconds, floor) = match view.state {
        SendingState::Going(seconds) => (drawn::SendingState::Going, seconds, 0),
        SendingState::Waits(Wait::Profile) => (drawn::SendingState::Profile, None, 0),
        SendingState::Waits(Wait::NoNetwork) => (drawn::SendingState::NoNetwork, None, 0),
        SendingState::Waits(Wait::Cellular) => (drawn::SendingState::Cellular, None, 0),
        SendingState::Waits(Wait::NotCharging) => (drawn::SendingState::NotCharging, None, 0),
        SendingState::Waits(Wait::BelowFloor(floor)) => (drawn::SendingState::BelowFloor, None, floor.get()),
        SendingState::ActsFirst => (drawn::SendingState::ActsFirst, None, 0),
        SendingState::Reaching => (drawn::SendingState::Reaching, None, 0),
    };
    let percent = view.sent.saturating_mul(100) / view.of.max(1);
    SendingRow {
        state,
        sent: moment::megabytes(view.sent),
        of: moment::megabytes(view.of),
        done: f32::from(u8::try_from(percent.min(100)).unwrap_or(100)) / 100.0,
        minutes: seconds.map_or(0, |seconds| {
            i32::try_from(seconds.div_ceil(60)).unwrap_or(i32::MAX)
        }),
        paced: seconds.is_some(),
        floor: floor.into(),
        ordered: view.ordered_until.is_some(),
        until: view
            .ordered_until
            .map(|until| moment::at(until, offset_min))
            .unwrap_or_default(),
        supply_unknown: view.supply.is_partly_unknown(),
    }
}
