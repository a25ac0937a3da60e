//! What an assistive technology finds: everything that reacts has a name and a role and is reached by a key, and each
//! journey is read from top to bottom.

use i_slint_backend_testing::{AccessibleLiveness, AccessibleRole, ElementHandle, ElementQuery};
use slint::ComponentHandle;
use slint::platform::Key;

use super::scenes::{self, Scene};
use super::{Phone, sample};
use crate::hand;
use domain::dialogue::{Intent, View};

/// Elements with a role, in the order in which they are read; an element and the base that it inherits from are one.
fn read(phone: &Phone) -> Vec<ElementHandle> {
    let mut read: Vec<ElementHandle> = Vec::new();
    for element in ElementQuery::from_root(&phone.app).match_descendants().find_all() {
        let same = |other: &ElementHandle| {
            other.accessible_role() == element.accessible_role()
                && other.accessible_label() == element.accessible_label()
                && other.absolute_position() == element.absolute_position()
        };
        let has_role = element
            .accessible_role()
            .is_some_and(|role| role != AccessibleRole::None);
        if has_role && !read.iter().any(same) {
            read.push(element);
        }
    }
    read
}

const fn reacts(role: AccessibleRole) -> bool {
    matches!(
        role,
        AccessibleRole::Button
            | AccessibleRole::Checkbox
            | AccessibleRole::RadioButton
            | AccessibleRole::ListItem
            | AccessibleRole::Tab
            | AccessibleRole::TextInput
            | AccessibleRole::Slider
            | AccessibleRole::Switch
    )
}

fn shown(scene: &Scene) -> Phone {
    let phone = Phone::new().unwrap();
    scene.set(&phone.app);
    phone.settle();
    phone
}

fn every_scene() -> Vec<Scene> {
    let phone = Phone::new().unwrap();
    let all = scenes::screens().into_iter().chain(scenes::overlays());
    all.chain(scenes::steps(&phone.app)).collect()
}

#[test]
fn everything_that_reacts_has_a_name_and_takes_the_focus_of_a_key() {
    let mut seen = 0;
    for scene in every_scene() {
        let phone = shown(&scene);
        for element in read(&phone) {
            let role = element.accessible_role().unwrap();
            let label = element.accessible_label().unwrap_or_default();
            if !reacts(role) {
                continue;
            }
            seen += 1;
            assert!(
                !label.trim().is_empty(),
                "{}: a {role:?} without a name",
                scene.name
            );
            let takes = |base: &str| {
                element
                    .query_descendants()
                    .match_inherits(base)
                    .find_first()
                    .is_some()
            };
            assert!(
                takes("FocusScope") || takes("TextInput"),
                "{}: no key reaches `{label}`",
                scene.name
            );
        }
    }
    assert!(seen > 500, "{seen} were read");
}

#[test]
fn a_picture_and_a_progress_say_what_they_are() {
    for scene in every_scene() {
        for element in read(&shown(&scene)) {
            let role = element.accessible_role().unwrap();
            if matches!(role, AccessibleRole::Image | AccessibleRole::ProgressIndicator) {
                let label = element.accessible_label().unwrap_or_default();
                assert!(!label.is_empty(), "{}: a {role:?} without a name", scene.name);
            }
        }
    }
}

/// A key is pressed on each thing in turn, and what it asks for is in the order of the eyes.
#[test]
fn tab_goes_through_the_lock_from_top_to_bottom() {
    let phone = Phone::new().unwrap();
    let window = phone.app.window();
    phone.take_keys();
    phone.see(&View::Lock(sample::locked()));
    let press = |key: Key| {
        hand::strike(window, char::from(key));
        phone.settle();
    };
    // Behind the page itself come the way to the appearance, then the twelve keys in their order.
    press(Key::Tab);
    for _ in 1..=4 {
        press(Key::Tab);
        press(Key::Return);
    }
    for _ in 5..=11 {
        press(Key::Tab);
    }
    press(Key::Tab);
    press(Key::Return);
    let sent = phone.sent();
    assert!(
        matches!(&sent[..], [Intent::Unlock { code }] if code.expose() == "1234"),
        "{sent:?}"
    );
}

fn line(element: &ElementHandle) -> Option<String> {
    let role = element.accessible_role()?;
    let label = element.accessible_label().unwrap_or_default();
    if label.is_empty() && !reacts(role) {
        return None;
    }
    let mut line = format!("{role:?} « {} »", label.replace('\n', " / "));
    for (mark, said) in [
        ("=", element.accessible_value()),
        ("·", element.accessible_description()),
    ] {
        if let Some(said) = said.filter(|said| !said.is_empty()) {
            line.push_str(&format!(" {mark} {}", said.replace('\n', " / ")));
        }
    }
    for (word, holds) in [
        ("disabled", element.accessible_enabled() == Some(false)),
        ("checked", element.accessible_checked() == Some(true)),
        ("selected", element.accessible_item_selected() == Some(true)),
        (
            "live",
            element
                .accessible_live_region()
                .is_some_and(|live| live != AccessibleLiveness::Off),
        ),
    ] {
        if holds {
            line.push_str(&format!(" [{word}]"));
        }
    }
    Some(line)
}

/// What is read, screen by screen; a change is looked at before it is accepted.
#[test]
fn each_journey_is_read_as_it_was_reviewed() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/accessibility");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        for scene in every_scene() {
            let phone = shown(&scene);
            let lines: Vec<String> = read(&phone).iter().filter_map(line).collect();
            insta::assert_snapshot!(scene.name.as_str(), lines.join("\n"));
        }
    });
}

/// What lies over a screen, what is under it there, and what is on it.
const OVER: [(&str, &str, &str); 14] = [
    ("discard", "Verrouiller", "Abandonner le brouillon"),
    ("measures", "Verrouiller", "Suites de patrouille"),
    ("paper", "Verrouiller", "Code au pied de la page"),
    ("notice", "Verrouiller", "Compris"),
    (
        "alert-untaken",
        "Verrouiller",
        "J’ai prévenu par radio ou téléphone",
    ),
    ("printer", "Retour à l’accueil", "Adresse de l’imprimante"),
    ("amend", "Retour à l’accueil", "Établir une rectification"),
    ("ask-visa", "Retour à l’accueil", "Matricule de l’OPJ"),
    ("code", "Retour à l’accueil", "Garder le code actuel"),
    ("pad", "Retour à l’acte", "Valider"),
    ("unsigned", "Retour à l’acte", "Motif"),
    ("renvoi", "Retour à l’acte", "Texte du renvoi"),
    ("problems", "Masquer l’écran", "Avant de signer"),
    ("steps", "Masquer l’écran", "Récapitulatif"),
];

#[test]
fn what_lies_under_a_sheet_is_neither_read_nor_reached() {
    let mut seen = 0;
    for scene in scenes::overlays() {
        let Some((_, under, on)) = OVER.into_iter().find(|(name, ..)| *name == scene.name) else {
            continue;
        };
        let phone = shown(&scene);
        assert!(phone.find(on).is_some(), "{}: `{on}` is not on it", scene.name);
        assert!(
            phone.find(under).is_none(),
            "{}: `{under}` is under it",
            scene.name
        );
        seen += 1;
    }
    assert_eq!(seen, OVER.len());
}

#[test]
fn tab_stays_on_the_sheet_that_asks_before_a_draft_is_given_up() {
    let discard = || {
        scenes::overlays()
            .into_iter()
            .find(|scene| scene.name == "discard")
    };
    let mut kept = 0;
    for tabs in 1..=12 {
        let phone = shown(&discard().unwrap());
        let window = phone.app.window();
        phone.take_keys();
        let press = |key: Key| {
            hand::strike(window, char::from(key));
            phone.settle();
        };
        (0..tabs).for_each(|_| press(Key::Tab));
        press(Key::Return);
        assert!(
            phone.sent().is_empty(),
            "{tabs} tabs reach what is under the sheet"
        );
        assert_eq!(
            phone.screen(),
            Some(super::Screen::Home),
            "{tabs} tabs leave the screen"
        );
        kept += usize::from(phone.find("Verrouiller").is_some());
    }
    // One of the two keys of the sheet is "keep"; a key that is let go at once does not hold the other.
    assert!(kept > 0, "no key reached the sheet");
}
