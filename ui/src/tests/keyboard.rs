//! A hardware keyboard: what lies over a screen is left by Escape, a code is typed, arrows turn and lead on, and the keys are
//! never lost with what had them.

use domain::dialogue::{Intent, View};
use domain::draft::Field;
use domain::record::ActKind;
use drawn::{DraftAdapter, FormAdapter, Step};
use slint::ComponentHandle;
use slint::platform::Key;

use super::scenes::{self, Scene};
use super::touch::{tap, type_key};
use super::{Phone, Screen, sample};
use crate::hand;

fn shown(scene: &Scene) -> Phone {
    let phone = Phone::new().unwrap();
    phone.take_keys();
    scene.set(&phone.app);
    // A first turn of the loop makes what is shown, a second tells it who has the keys.
    phone.settle();
    phone.settle();
    phone
}

fn press(phone: &Phone, key: Key) {
    type_key(phone, char::from(key));
    phone.settle();
    phone.settle();
}

/// What each scene lies over, and something on it.
const LEFT: [(&str, &str); 22] = [
    ("discard", "Garder le brouillon"),
    ("measures", "Suites de patrouille"),
    ("paper", "Code au pied de la page"),
    ("pages", "Fermer le document"),
    ("notice", "Compris"),
    ("printer", "Adresse de l’imprimante"),
    ("amend", "Établir une rectification"),
    ("ask-visa", "Matricule de l’OPJ"),
    ("visa", "Fermer sans décider"),
    ("visa-decided", "Ne rien décider"),
    ("code", "Garder le code actuel"),
    ("languages", "Fermer"),
    ("rights", "Fermer la fiche"),
    ("pad", "Valider"),
    ("unsigned", "Motif"),
    ("renvoi", "Texte du renvoi"),
    ("problems", "Avant de signer"),
    ("steps", "Étapes"),
    ("read-back", "Continuer à rédiger"),
    ("link", "Non, ne rien rattacher"),
    ("film-motive", "Ne pas regarder"),
    ("film", "Fermer la vidéo"),
];

#[test]
fn escape_leaves_whatever_lies_over_a_screen_and_no_more() {
    let mut left = 0;
    let mut kept = Vec::new();
    for scene in scenes::overlays() {
        let Some((_, on)) = LEFT.into_iter().find(|(name, _)| *name == scene.name) else {
            continue;
        };
        let phone = shown(&scene);
        let before = phone.texts();
        let screen = phone.screen();
        if !phone.says(on) {
            kept.push(format!(
                "{}: `{on}` is not on it: {:?}",
                scene.name,
                phone.missed(on).shown
            ));
            continue;
        }
        press(&phone, Key::Escape);
        if phone.says(on) && phone.texts() == before && phone.sent().is_empty() {
            kept.push(format!("{}: stays", scene.name));
        }
        if phone.screen() != screen {
            kept.push(format!("{}: the screen is left too", scene.name));
        }
        left += 1;
    }
    assert_eq!(kept, Vec::<String>::new());
    assert_eq!(left, LEFT.len());
}

#[test]
fn escape_leads_back_to_the_home_screen_and_stays_there() {
    for screen in [
        Screen::IdentityCheck,
        Screen::Pv,
        Screen::Camera,
        Screen::Deliveries,
        Screen::Intervention,
        Screen::About,
        Screen::Home,
    ] {
        let phone = Phone::unlocked();
        phone.see(&View::Draft(Box::new(sample::pv())));
        phone.open(screen);
        hand::keep_focus(&phone.app);
        press(&phone, Key::Escape);
        assert_eq!(phone.screen(), Some(Screen::Home), "{screen:?}");
        assert!(!phone.sent().iter().any(|intent| matches!(intent, Intent::Lock)));
    }
}

#[test]
fn a_keyboard_types_the_code_that_a_sheet_asks_for() {
    let scene = scenes::overlays().into_iter().find(|scene| scene.name == "code");
    let phone = shown(&scene.unwrap());
    for key in "40715926x".chars() {
        type_key(&phone, key);
    }
    press(&phone, Key::Backspace);
    assert_eq!(phone.value("Chiffres saisis"), "7");
    press(&phone, Key::Return);
    assert_eq!(phone.value("Chiffres saisis"), "0", "the next code is asked for");
}

#[test]
fn what_takes_the_focus_away_with_it_gives_the_keys_back() {
    let phone = Phone::drafting(Screen::IdentityCheck, sample::draft(ActKind::IdentityCheck, &[]));
    tap(&phone, "Immatriculation");
    phone.press("Cadre");
    hand::keep_focus(&phone.app);
    press(&phone, Key::Escape);
    assert_eq!(phone.screen(), Some(Screen::Home));
}

#[test]
fn the_lock_takes_digits_again_after_the_window_lost_its_focus() {
    let phone = Phone::unlocked();
    phone.take_keys();
    phone.see(&View::Lock(sample::locked()));
    phone.settle();
    hand::keep_focus(&phone.app);
    phone.settle();
    for key in "271828\n".chars() {
        type_key(&phone, key);
    }
    phone.settle();
    assert!(matches!(phone.only_sent(), Intent::Unlock { code } if code.expose() == "271828"));
}

#[test]
fn arrows_turn_the_wheels_of_a_date() {
    let phone = Phone::drafting(
        Screen::IdentityCheck,
        sample::draft(ActKind::IdentityCheck, &[(Field::BirthDate, "12/03/1985")]),
    );
    tap(&phone, "Date de naissance : choisir");
    phone.settle();
    phone.sent();
    let mut turned = Vec::new();
    // The first wheel comes behind the key that opened it; Tab goes there from the field of the date.
    tap(&phone, "Date de naissance");
    for _ in 0..2 {
        press(&phone, Key::Tab);
    }
    for key in [
        Key::UpArrow,
        Key::UpArrow,
        Key::DownArrow,
        Key::RightArrow,
        Key::UpArrow,
    ] {
        press(&phone, key);
        turned.extend(phone.sent().into_iter().filter_map(|intent| {
            if let Intent::Fill { field, text, .. } = intent {
                (field == Field::BirthDate).then_some(text)
            } else {
                None
            }
        }));
    }
    assert_eq!(turned, ["13/03/1985", "14/03/1985", "13/03/1985", "13/04/1985"]);
}

#[test]
fn arrows_lead_through_choices_and_a_key_takes_one() {
    let phone = Phone::drafting(Screen::IdentityCheck, sample::draft(ActKind::IdentityCheck, &[]));
    hand::keep_focus(&phone.app);
    // Back, cover, then the three tabs.
    for _ in 0..3 {
        press(&phone, Key::Tab);
    }
    for key in [Key::RightArrow, Key::RightArrow, Key::LeftArrow] {
        press(&phone, key);
    }
    press(&phone, Key::Space);
    let tab = phone.app.global::<drawn::IdentityCheckAdapter<'_>>().get_tab();
    assert_eq!(tab, drawn::CheckTab::Frame);
}

#[test]
fn tab_goes_on_and_back_tab_goes_back() {
    let phone = Phone::drafting(Screen::Pv, sample::pv());
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Act);
    hand::keep_focus(&phone.app);
    for _ in 0..6 {
        press(&phone, Key::Tab);
    }
    for _ in 0..5 {
        press(&phone, Key::Backtab);
    }
    press(&phone, Key::Return);
    assert_eq!(phone.screen(), Some(Screen::Home), "the first of all leads back");
    assert!(phone.app.global::<DraftAdapter<'_>>().get_saved());
}
