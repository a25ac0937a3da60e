//! The body camera and its clips.

use std::rc::Rc;

use domain::ClipId;
use domain::dialogue::{
    CameraActivity, CameraHolder, CameraState, CameraStatus, CameraView, ClipLine, ClipState, Intent,
};
use domain::footage::{Gap, GapCause, TriggerCause};
use domain::service::{CHARGED, ClockCheck, ROOM};
use drawn::{App, CameraAdapter, CameraHealth, ClipRefusal, ClipRow, ServiceAdapter};
use slint::ComponentHandle;

use super::{Intents, home, model, sending};
use crate::moment;

pub(super) fn connect(app: &App, intents: &Intents) {
    let camera = app.global::<CameraAdapter<'_>>();
    let sink = Rc::clone(intents);
    camera.on_pair(move |invitation| {
        sink(Intent::PairCamera {
            invitation: invitation.into(),
        });
    });
    let sink = Rc::clone(intents);
    camera.on_list(move || sink(Intent::ListClips));
    let sink = Rc::clone(intents);
    camera.on_assign(move |to| {
        let to = (!to.is_empty()).then(|| to.into());
        sink(Intent::AssignCamera { to });
    });
    let sink = Rc::clone(intents);
    camera.on_await_card(move || sink(Intent::AwaitCameraCard));
    let sink = Rc::clone(intents);
    camera.on_give_back(move || sink(Intent::ReturnCamera));
    let sink = Rc::clone(intents);
    camera.on_trigger(move || sink(Intent::TriggerCamera));
    let sink = Rc::clone(intents);
    camera.on_take(move |clip| {
        if let Ok(clip) = clip.parse::<ClipId>() {
            sink(Intent::TakeClip { clip });
        }
    });
}

pub(super) fn show(app: &App, view: &CameraView) {
    let camera = app.global::<CameraAdapter<'_>>();
    let (state, name) = match &view.state {
        CameraState::NotPaired => (drawn::CameraState::NotPaired, None),
        CameraState::Pairing => (drawn::CameraState::Pairing, None),
        CameraState::Paired(name) => (drawn::CameraState::Paired, Some(name)),
        CameraState::Lost(name) => (drawn::CameraState::Lost, Some(name)),
    };
    camera.set_state(state);
    let alone = view
        .clips
        .iter()
        .filter(|line| line.state == ClipState::OnCamera)
        .count();
    let alone = i32::try_from(alone).unwrap_or(i32::MAX);
    app.global::<ServiceAdapter<'_>>().set_recordings(alone);
    camera.set_camera(name.map(|name| name.as_str().into()).unwrap_or_default());
    let offset_min = home::offset_min(app);
    let health = view.status.as_ref().map(|status| health(status, offset_min));
    camera.set_health(health.unwrap_or_default());
    sending::show(app, view.sending.as_ref());
    camera.set_clips(model(view.clips.iter().map(|line| row(line, offset_min))));
}

fn health(status: &CameraStatus, offset_min: i16) -> CameraHealth {
    let (told, ahead) = match status.clock {
        ClockCheck::Untold => (false, 0),
        ClockCheck::Right => (true, 0),
        ClockCheck::Off(ahead) => (true, ahead / 1_000),
    };
    let at = |at| moment::at(at, offset_min);
    let (holder, number) = match &status.holder {
        CameraHolder::Nobody => (drawn::CameraHolder::Nobody, String::new()),
        CameraHolder::Own(to) => (drawn::CameraHolder::Own, to.to_string()),
        CameraHolder::Crew(to) => (drawn::CameraHolder::Crew, to.to_string()),
        CameraHolder::Another(to) => (drawn::CameraHolder::Another, to.to_string()),
    };
    let lost = status.signed.and_then(|signed| signed.gap);
    let began = status.signed.and_then(|signed| signed.began);
    CameraHealth {
        known: true,
        battery: status.battery.into(),
        free: (status.free / 1_000_000_000).to_string().into(),
        activity: match status.activity {
            CameraActivity::Ready => drawn::CameraActivity::Ready,
            CameraActivity::Buffering => drawn::CameraActivity::Buffering,
            CameraActivity::Recording => drawn::CameraActivity::Recording,
        },
        charged: status.battery >= CHARGED,
        roomy: status.free >= ROOM,
        clock_told: told,
        seconds_ahead: i32::try_from(ahead).unwrap_or(i32::MAX),
        firmware: status.firmware.as_deref().unwrap_or_default().into(),
        gap: cause(status.gap),
        gap_from: status.gap.map(|gap| at(gap.from)).unwrap_or_default(),
        gap_until: status.gap.map(|gap| at(gap.until)).unwrap_or_default(),
        holder,
        holder_number: number.into(),
        counter: status
            .signed
            .map(|signed| signed.counter.to_string().into())
            .unwrap_or_default(),
        signed_gap: cause(lost),
        signed_gap_from: lost.map(|gap| at(gap.from)).unwrap_or_default(),
        signed_gap_until: lost.map(|gap| at(gap.until)).unwrap_or_default(),
        trigger: began.map_or(drawn::TriggerCause::None, |began| match began.cause {
            TriggerCause::Button => drawn::TriggerCause::Button,
            TriggerCause::VehicleLights => drawn::TriggerCause::VehicleLights,
            TriggerCause::Holster => drawn::TriggerCause::Holster,
            TriggerCause::Colleague => drawn::TriggerCause::Colleague,
            TriggerCause::Terminal => drawn::TriggerCause::Terminal,
        }),
        trigger_counter: began
            .and_then(|began| began.counter)
            .map(|counter| counter.to_string().into())
            .unwrap_or_default(),
        buffered: began.map_or(0, |began| {
            i32::try_from(began.buffered_ms / 1000).unwrap_or(i32::MAX)
        }),
    }
}

fn cause(gap: Option<Gap>) -> drawn::GapCause {
    gap.map_or(drawn::GapCause::None, |gap| match gap.cause {
        GapCause::Full => drawn::GapCause::Full,
        GapCause::BatteryEmpty => drawn::GapCause::BatteryEmpty,
        GapCause::Restarted => drawn::GapCause::Restarted,
        GapCause::ClockJumped => drawn::GapCause::ClockJumped,
    })
}

fn row(line: &ClipLine, offset_min: i16) -> ClipRow {
    let listing = &line.listing;
    let seconds = listing.ended.0.saturating_sub(listing.started.0).max(0) / 1000;
    let (state, done, refusal) = match line.state {
        ClipState::OnCamera => (drawn::ClipState::OnCamera, 0.0, None),
        ClipState::Taking { done, of } => (drawn::ClipState::Taking, share(done, of), None),
        ClipState::Taken => (drawn::ClipState::Taken, 1.0, None),
        ClipState::Received => (drawn::ClipState::Received, 1.0, None),
        ClipState::Unusable(refusal) => (drawn::ClipState::Unusable, 0.0, Some(refusal)),
    };
    ClipRow {
        clip: listing.clip.to_string().into(),
        started: moment::at(listing.started, offset_min),
        minutes: (seconds / 60).to_string().into(),
        seconds: format!("{:02}", seconds % 60).into(),
        megabytes: moment::megabytes(listing.bytes),
        state,
        done,
        refusal: refusal.map_or(ClipRefusal::None, ClipRefusal::from),
    }
}

/// `done` of `of` in whole hundredths, which a float holds exactly enough for a bar.
fn share(done: u32, of: u32) -> f32 {
    let percent = u64::from(done) * 100 / u64::from(of.max(1));
    f32::from(u8::try_from(percent.min(100)).unwrap_or(100)) / 100.0
}
