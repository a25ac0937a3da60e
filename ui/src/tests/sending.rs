//! Recordings on their way to headquarters: how far, how long still, and in plain words why they wait.

use domain::dialogue::{SendingState, SendingView, View};
use domain::footage::leaving::{BatteryFloor, Bearer, Power, Supply, Wait};

use super::{Phone, sample};
use crate::Screen;

fn shown(sending: Option<SendingView>) -> Phone {
    let phone = Phone::new().unwrap();
    let mut view = sample::camera();
    view.sending = sending;
    phone.see(&View::Camera(view));
    phone.open(Screen::Camera);
    phone
}

fn of(state: SendingState) -> SendingView {
    SendingView {
        sent: 34_000_000,
        of: 120_000_000,
        state,
        ordered_until: None,
        supply: Supply {
            power: Power::Charging(None),
            bearer: Bearer::Wifi,
        },
    }
}

#[test]
fn an_upload_says_how_much_is_sent_and_how_long_it_takes_still() {
    for (seconds, ends) in [
        (Some(331), "34,0\u{a0}Mo sur 120,0\u{a0}Mo, encore 6\u{a0}min"),
        (
            Some(60),
            "34,0\u{a0}Mo sur 120,0\u{a0}Mo, encore une minute au plus",
        ),
        (None, "34,0\u{a0}Mo sur 120,0\u{a0}Mo"),
    ] {
        let phone = shown(Some(of(SendingState::Going(seconds))));
        let title = format!("Envoi au commandement\u{a0}: {ends}");
        assert!(phone.says(&title), "{title}");
    }
}

#[test]
fn what_waits_says_why() {
    let floor = BatteryFloor::new(30).unwrap();
    for (state, why) in [
        (SendingState::Waits(Wait::Profile), "gardées sur le terminal"),
        (SendingState::Waits(Wait::NoNetwork), "aucun réseau"),
        (SendingState::Waits(Wait::Cellular), "réseau mobile"),
        (SendingState::Waits(Wait::NotCharging), "sur batterie"),
        (
            SendingState::Waits(Wait::BelowFloor(floor)),
            "sur batterie (moins de 30\u{a0}%)",
        ),
        (SendingState::ActsFirst, "les actes partent d’abord"),
        (SendingState::Reaching, "liaison avec le commandement"),
    ] {
        let title = format!("Vidéos en attente\u{a0}: {why}");
        assert!(shown(Some(of(state))).says(&title), "{title}");
    }
}

#[test]
fn an_order_and_a_platform_that_says_nothing_are_shown_and_nothing_where_nothing_waits() {
    let order =
        "Ordre du commandement\u{a0}: envoi immédiat, aussi par le réseau mobile et sur batterie, jusqu’au";
    let silent =
        "L’appareil ne dit pas s’il est en charge ou par quel réseau il passe\u{a0}: l’envoi n’attend pas.";
    let says = |phone: &Phone, text: &str| phone.texts().iter().any(|word| word.starts_with(text));
    let phone = shown(Some(of(SendingState::Reaching)));
    assert!(!says(&phone, order) && !says(&phone, silent));
    let phone = shown(Some(SendingView {
        ordered_until: Some(sample::EVENING),
        supply: Supply::default(),
        ..of(SendingState::Reaching)
    }));
    assert!(says(&phone, order) && says(&phone, silent));
    let phone = shown(None);
    assert!(!says(&phone, "Vidéos en attente") && !says(&phone, "Envoi au commandement"));
}
