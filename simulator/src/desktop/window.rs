//! The simulator's one window: what is shown in it, and where each press goes.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use domain::footage::TriggerCause;
use domain::orders::Command;
use slint::{ComponentHandle, ModelRc, SharedString, Timer, TimerMode, VecModel};

use super::glass::{self, Glass};
use super::headquarters::{self, Wish};
use super::knob::{Around, CameraKnob, Knob};
use super::network::Kind;
use super::player::Ask;
use super::{Desk, Shown};
use crate::eye::Conditions;

#[expect(
    unreachable_pub,
    clippy::todo,
    clippy::unwrap_used,
    reason = "generated, for crates that publish their components"
)]
mod drawn {
    slint::include_modules!();
}

use self::drawn::{Desktop, HeadquartersAdapter, PanelAdapter, PhoneAdapter, StageAdapter, Tone};

/// Between two pictures of the phone.
const FRAME: Duration = Duration::from_millis(16);
/// Between two looks at everything else.
const TICK: Duration = Duration::from_millis(500);

/// The place of the chart among the lists.
const CHART: i32 = 5;

const HOUR: u64 = 3_600_000;
const DAY: u64 = 24 * HOUR;
/// As long as the longest calendar month, and a day.
const MONTH: u64 = 32 * DAY;

/// Opens the window, and runs until it is closed.
pub(super) fn run(desk: Rc<RefCell<Desk>>, glass: Glass) -> Result<(), slint::PlatformError> {
    let window = Desktop::new()?;
    let glass = Rc::new(RefCell::new(glass));
    hold(&window, &glass);
    connect(&window, &desk);
    let (weak, tab) = (
        window.as_weak(),
        Rc::new(RefCell::new(headquarters::Seen::default())),
    );
    let frames = Timer::default();
    let seen = weak.clone();
    frames.start(TimerMode::Repeated, FRAME, move || {
        if let Some(window) = seen.upgrade()
            && let Some(picture) = glass.borrow_mut().picture()
        {
            window.global::<PhoneAdapter<'_>>().set_screen(picture);
        }
    });
    let chosen = weak.clone();
    let last = Rc::clone(&tab);
    window.global::<HeadquartersAdapter<'_>>().on_choose(move |_| {
        if let Some(window) = chosen.upgrade() {
            show_lines(&window, &last.borrow());
        }
    });
    let ticks = Timer::default();
    ticks.start(TimerMode::Repeated, TICK, move || {
        let Some(window) = weak.upgrade() else { return };
        let mut desk = desk.borrow_mut();
        desk.tick();
        let shown = desk.shown();
        show(&window, &shown);
        if *tab.borrow() != shown.seen {
            tab.replace(shown.seen);
            show_lines(&window, &tab.borrow());
        }
    });
    window.run()
}

/// The window as a picture, red, green and blue, without a display: `phone` is what its glass shows. The thread must have no
/// other window.
pub fn draw(shown: &Shown, phone: &ui::Frame, tab: i32) -> anyhow::Result<(u32, u32, Vec<u8>)> {
    glass::set_without_display()?;
    let (mut glass, window) = Glass::over(Desktop::new)?;
    glass.size(1400.0, 894.0);
    name(&window, shown);
    show(&window, shown);
    window.global::<HeadquartersAdapter<'_>>().set_tab(tab);
    show_lines(&window, &shown.seen);
    let mut pixels = slint::SharedPixelBuffer::<slint::Rgb8Pixel>::new(phone.width(), phone.height());
    pixels.make_mut_bytes().copy_from_slice(&phone.rgb());
    let picture = slint::Image::from_rgb8(pixels);
    window.global::<PhoneAdapter<'_>>().set_screen(picture);
    window.show()?;
    let drawn = glass.settled();
    window.hide()?;
    Ok(drawn)
}

/// Hands and keys reach the phone.
fn hold(window: &Desktop, glass: &Rc<RefCell<Glass>>) {
    let phone = window.global::<PhoneAdapter<'_>>();
    let held = Rc::clone(glass);
    phone.on_sized(move |width, height| held.borrow_mut().size(width, height));
    let held = Rc::clone(glass);
    phone.on_pressed(move |x, y| held.borrow().press(x, y));
    let held = Rc::clone(glass);
    phone.on_released(move |x, y| held.borrow().release(x, y));
    let held = Rc::clone(glass);
    phone.on_moved(move |x, y| held.borrow().move_to(x, y));
    let held = Rc::clone(glass);
    phone.on_left(move || held.borrow().leave());
    let held = Rc::clone(glass);
    phone.on_scrolled(move |x, y, across, down| held.borrow().scroll(x, y, across, down));
    let held = Rc::clone(glass);
    phone.on_key_pressed(move |text, again| held.borrow().key(text, again));
    let held = Rc::clone(glass);
    phone.on_key_released(move |text| held.borrow().key_up(text));
}

fn connect(window: &Desktop, desk: &Rc<RefCell<Desk>>) {
    let stage = window.global::<StageAdapter<'_>>();
    let asks = |ask: Ask| {
        let desk = Rc::clone(desk);
        move || desk.borrow().ask(ask)
    };
    stage.on_step(asks(Ask::Step));
    stage.on_play(asks(Ask::Play));
    stage.on_pause(asks(Ask::Pause));
    name(window, &desk.borrow().shown());
    connect_panel(window, desk);
    connect_headquarters(window, desk);
}

/// What does not change.
fn name(window: &Desktop, shown: &Shown) {
    let stage = window.global::<StageAdapter<'_>>();
    stage.set_name(shown.scenario.as_str().into());
    let steps: Vec<SharedString> = shown.steps.iter().map(SharedString::from).collect();
    stage.set_steps(ModelRc::new(VecModel::from(steps)));
    let panel = window.global::<PanelAdapter<'_>>();
    panel.set_code(shown.code.as_str().into());
    panel.set_printer(shown.printer.as_str().into());
}

fn connect_panel(window: &Desktop, desk: &Rc<RefCell<Desk>>) {
    let panel = window.global::<PanelAdapter<'_>>();
    let turns = |knob: Knob| {
        let (desk, window) = (Rc::clone(desk), window.as_weak());
        move || turn(&desk, &window, knob)
    };
    let turns_by = |knob: fn(bool) -> Knob| {
        let (desk, window) = (Rc::clone(desk), window.as_weak());
        move |on: bool| turn(&desk, &window, knob(on))
    };
    let turns_to = |knob: fn(f32) -> Knob| {
        let (desk, window) = (Rc::clone(desk), window.as_weak());
        move |value: f32| turn(&desk, &window, knob(value))
    };
    let (chosen, weak) = (Rc::clone(desk), window.as_weak());
    panel.on_choose_network(move |index| {
        let kind = usize::try_from(index).ok().and_then(|index| Kind::ALL.get(index));
        if let Some(kind) = kind {
            turn(&chosen, &weak, Knob::Network(*kind));
        }
    });
    panel.on_set_delay(turns_to(|value| Knob::Delay(whole(value))));
    panel.on_set_loss(turns_to(|value| Knob::Loss(whole(value))));
    panel.on_set_rate(turns_to(|value| Knob::Rate(whole(value))));
    panel.on_set_battery(turns_to(|value| {
        Knob::Battery(u8::try_from(whole(value)).unwrap_or(100))
    }));
    panel.on_flip(turns(Knob::FlipOnAir));
    let (passing, weak) = (Rc::clone(desk), window.as_weak());
    panel.on_pass(move |index| {
        let ms = match index {
            0 => HOUR,
            1 => DAY,
            _ => MONTH,
        };
        turn(&passing, &weak, Knob::Pass(ms));
    });
    panel.on_charge(turns_by(Knob::Charging));
    panel.on_fill_disk(turns_by(Knob::DiskFull));
    panel.on_insert_card(turns_by(Knob::CardIn));
    panel.on_turn_eye(turns(Knob::TurnEye));
    panel.on_kill(turns(Knob::Kill));
    panel.on_touch_camera(turns(Knob::Camera(CameraKnob::Touch)));
    panel.on_record(turns_by(|record| {
        Knob::Camera(if record {
            CameraKnob::Record
        } else {
            CameraKnob::Stop
        })
    }));
    panel.on_lights(turns(Knob::Camera(CameraKnob::Trigger(
        TriggerCause::VehicleLights,
    ))));
    panel.on_holster(turns(Knob::Camera(CameraKnob::Trigger(TriggerCause::Holster))));
    panel.on_colleague(turns(Knob::Camera(CameraKnob::Trigger(TriggerCause::Colleague))));
    panel.on_send_far(turns_by(|far| Knob::Camera(CameraKnob::Far(far))));
    panel.on_cut_camera(turns(Knob::Camera(CameraKnob::Cut)));
    panel.on_send_away(turns_by(|away| Knob::Camera(CameraKnob::Away(away))));
    panel.on_fail_camera(turns_by(|failing| Knob::Camera(CameraKnob::Failing(failing))));
    panel.on_forge(turns_by(|forging| Knob::Camera(CameraKnob::Forging(forging))));
}

/// Turned, and at once seen to be.
fn turn(desk: &Rc<RefCell<Desk>>, window: &slint::Weak<Desktop>, knob: Knob) {
    let mut desk = desk.borrow_mut();
    desk.turn(knob);
    if let Some(window) = window.upgrade() {
        show(&window, &desk.shown());
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a slider stays within its bounds"
)]
fn whole(value: f32) -> u64 {
    value.max(0.0).round() as u64
}

fn connect_headquarters(window: &Desktop, desk: &Rc<RefCell<Desk>>) {
    const ORDERS: [Command; 7] = [
        Command::Lock,
        Command::Unlock,
        Command::Locate,
        Command::SendFootage,
        Command::RotateKeys,
        Command::PullLogs,
        Command::Wipe,
    ];
    let console = window.global::<HeadquartersAdapter<'_>>();
    let wishes = Rc::clone(desk);
    console.on_order(move |index| {
        let order = usize::try_from(index).ok().and_then(|index| ORDERS.get(index));
        if let Some(order) = order {
            wishes.borrow().wish(Wish::Order(*order));
        }
    });
    let wishes = Rc::clone(desk);
    console.on_message(move |title, text| {
        wishes.borrow().wish(Wish::Message {
            title: title.into(),
            text: text.into(),
        });
    });
    let wishes = Rc::clone(desk);
    console.on_configure(move |strict| wishes.borrow().wish(Wish::Configure { strict }));
    let wishes = Rc::clone(desk);
    console.on_revoke_camera(move || wishes.borrow().wish(Wish::RevokeCamera));
    let wishes = Rc::clone(desk);
    console.on_judge_tampered(move || wishes.borrow().wish(Wish::JudgeTampered));
    let wishes = Rc::clone(desk);
    console.on_send_again(move || wishes.borrow().wish(Wish::SendAgain));
}

fn show(window: &Desktop, shown: &Shown) {
    show_around(window, shown.around);
    let (played, seen) = (&shown.played, &shown.seen);
    let stage = window.global::<StageAdapter<'_>>();
    stage.set_done(i32::try_from(played.done).unwrap_or(i32::MAX));
    stage.set_playing(played.playing);
    stage.set_at_work(played.at_work);
    stage.set_trouble(played.trouble.as_deref().unwrap_or_default().into());
    let again = seen.again.as_ref();
    let words = again.map(|line| format!("{} : {}", line.what, line.state));
    stage.set_again(words.unwrap_or_default().into());
    stage.set_again_same(again.is_some_and(|line| line.tone == headquarters::Tone::Good));
    let panel = window.global::<PanelAdapter<'_>>();
    panel.set_deaths(number(u64::from(played.deaths)));
    panel.set_now(seen.now.as_str().into());
    let console = window.global::<HeadquartersAdapter<'_>>();
    console.set_records(number(seen.records));
    console.set_refused(number(seen.refused));
    console.set_clips(number(seen.clips));
    console.set_consultations(number(seen.consultations));
    console.set_purged(number(seen.purged));
    console.set_said(shown.said.as_str().into());
}

fn number(number: u64) -> SharedString {
    number.to_string().into()
}

fn show_around(window: &Desktop, around: Around) {
    let panel = window.global::<PanelAdapter<'_>>();
    let kind = Kind::ALL.iter().position(|kind| *kind == around.network.kind);
    panel.set_network(kind.and_then(|kind| i32::try_from(kind).ok()).unwrap_or(0));
    panel.set_up(around.up);
    let float = |number: u64| u16::try_from(number).map_or(f32::MAX, f32::from);
    panel.set_delay(float(around.network.delay_ms));
    panel.set_loss(float(around.network.loss));
    panel.set_rate(float(around.network.rate));
    panel.set_charging(around.charging);
    panel.set_battery(f32::from(around.battery));
    panel.set_disk_full(around.disk_full);
    panel.set_card_in(around.card_in);
    panel.set_eye(eye(around.eye).into());
    panel.set_far(around.camera_far);
    panel.set_away(around.camera_away);
    panel.set_failing(around.camera_failing);
    panel.set_forging(around.camera_forging);
    panel.set_recording(around.camera_recording);
}

const fn eye(conditions: Conditions) -> &'static str {
    match conditions {
        Conditions::Day => "de jour",
        Conditions::Night => "dans le noir",
        Conditions::Busy => "occupé",
        Conditions::Unplugged => "débranché",
    }
}

/// The lines of the list that is open.
fn show_lines(window: &Desktop, seen: &headquarters::Seen) {
    let console = window.global::<HeadquartersAdapter<'_>>();
    let lines = match console.get_tab() {
        0 => &seen.arrivals,
        1 => &seen.refusals,
        2 => &seen.questions,
        3 => &seen.orders,
        4 => &seen.terminals,
        CHART => &vec![],
        _ => &seen.journals,
    };
    let lines: Vec<drawn::Line> = lines.iter().map(line).collect();
    console.set_lines(ModelRc::new(VecModel::from(lines)));
    show_chart(&console, &seen.chart);
}

fn show_chart(console: &HeadquartersAdapter<'_>, chart: &super::Chart) {
    let thousandths = |part: i32| i16::try_from(part).map_or(0.5, f32::from) / 1000.0;
    let spots = chart.spots.iter().map(|spot| drawn::Spot {
        name: spot.name.as_str().into(),
        said: spot.said.as_str().into(),
        degrees: spot.degrees.as_str().into(),
        across: thousandths(spot.across),
        down: thousandths(spot.down),
    });
    console.set_spots(ModelRc::new(spots.collect::<VecModel<_>>()));
    console.set_unplaced(chart.unknown.join(", ").into());
    // A tenth of the side is drawn as the measure.
    let tenth = chart.metres / 10;
    let scale = if tenth < 1000 {
        format!("{tenth}\u{a0}m")
    } else {
        format!("{}\u{a0}km", tenth / 1000)
    };
    console.set_scale(scale.into());
}

fn line(line: &headquarters::Line) -> drawn::Line {
    drawn::Line {
        at: line.at.as_str().into(),
        what: line.what.as_str().into(),
        detail: line.detail.as_str().into(),
        state: line.state.as_str().into(),
        tone: match line.tone {
            headquarters::Tone::Plain => Tone::Plain,
            headquarters::Tone::Good => Tone::Good,
            headquarters::Tone::Waiting => Tone::Waiting,
            headquarters::Tone::Bad => Tone::Bad,
        },
    }
}
