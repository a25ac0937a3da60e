//! Fingers and keyboards, as a window receives them.

use std::time::Duration;

use domain::dialogue::{Intent, View};
use domain::draft::Field;
use i_slint_backend_testing::mock_elapsed_time;
use slint::ComponentHandle;
use slint::platform::{Key, PointerEventButton, WindowEvent};

use super::{Phone, Screen, sample};
use crate::hand;

pub(super) fn middle(phone: &Phone, label: &str) -> slint::LogicalPosition {
    let element = phone.get(label);
    let (at, size) = (element.absolute_position(), element.size());
    slint::LogicalPosition::new(at.x + size.width / 2.0, at.y + size.height / 2.0)
}

fn touch(phone: &Phone, label: &str, held: Duration) {
    let position = middle(phone, label);
    let button = PointerEventButton::Left;
    let window = phone.app.window();
    window.dispatch_event(WindowEvent::PointerMoved { position });
    window.dispatch_event(WindowEvent::PointerPressed { position, button });
    mock_elapsed_time(held);
    window.dispatch_event(WindowEvent::PointerReleased { position, button });
    mock_elapsed_time(Duration::from_millis(16));
}

pub(super) fn tap(phone: &Phone, label: &str) {
    touch(phone, label, Duration::from_millis(120));
}

/// The clock stands still.
pub(super) fn type_key(phone: &Phone, key: char) {
    hand::strike(phone.app.window(), key);
}

fn type_text(phone: &Phone, text: &str) {
    text.chars().for_each(|key| type_key(phone, key));
    phone.settle();
}

#[track_caller]
fn subject(intent: Intent) -> String {
    let Intent::Fill { field, text, .. } = intent else {
        panic!("{intent:?} is not an edit");
    };
    assert_eq!(field, Field::Subject);
    text
}

#[test]
fn a_finger_types_the_code() {
    let phone = Phone::new().unwrap();
    phone.see(&View::Lock(sample::locked()));
    for key in ["4", "0", "7", "1"] {
        tap(&phone, key);
    }
    tap(&phone, "Déverrouiller");
    assert!(matches!(phone.only_sent(), Intent::Unlock { code } if code.expose() == "4071"));
}

#[test]
fn a_keyboard_types_the_code() {
    let phone = Phone::new().unwrap();
    phone.take_keys();
    phone.see(&View::Lock(sample::locked()));
    type_text(&phone, "12345x");
    type_text(&phone, &char::from(Key::Backspace).to_string());
    type_text(&phone, &char::from(Key::Return).to_string());
    assert!(matches!(phone.only_sent(), Intent::Unlock { code } if code.expose() == "1234"));
}

#[test]
fn a_keyboard_fills_the_field_that_was_tapped() {
    let phone = Phone::drafting(Screen::Pv, sample::draft(domain::record::ActKind::Pv, &[]));
    tap(&phone, "Objet");
    type_text(&phone, "Vol");
    let texts: Vec<String> = phone.sent().into_iter().map(subject).collect();
    assert_eq!(texts, ["V", "Vo", "Vol"]);
    assert_eq!(phone.value("Objet"), "Vol");
}

#[test]
fn a_key_leaves_before_any_time_passes_however_long_the_officer_types_on() {
    let phone = Phone::drafting(Screen::Pv, sample::draft(domain::record::ActKind::Pv, &[]));
    tap(&phone, "Objet");
    let mut typed = String::new();
    for key in "vol à l'étalage de trois bouteilles ".chars().cycle().take(400) {
        typed.push(key);
        type_key(&phone, key);
        assert_eq!(subject(phone.only_sent()), typed);
    }
}

#[test]
fn the_end_of_service_needs_a_finger_that_stays() {
    let phone = Phone::unlocked();
    phone.open(Screen::Service);
    tap(&phone, "Fin de service");
    assert!(phone.sent().is_empty());
    touch(&phone, "Fin de service", Duration::from_millis(900));
    assert!(matches!(phone.only_sent(), Intent::EndService));
}

#[test]
fn what_lies_under_a_notice_does_not_react() {
    let phone = Phone::unlocked();
    let under = middle(&phone, "PV");
    phone.see(&View::Notice(domain::dialogue::Notice::DiskFull));
    let button = PointerEventButton::Left;
    for event in [
        WindowEvent::PointerMoved { position: under },
        WindowEvent::PointerPressed {
            position: under,
            button,
        },
        WindowEvent::PointerReleased {
            position: under,
            button,
        },
    ] {
        phone.app.window().dispatch_event(event);
    }
    assert!(phone.sent().is_empty());
}
