//! Nothing is wider than the phone, whatever the words.

use domain::dialogue::{DraftView, SignerState, View};
use domain::draft::Field;
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};

use slint::{ComponentHandle, Model};

use super::{Phone, Screen, sample};
use crate::drawn::{FormAdapter, SigningAdapter, SigningTab};
use crate::look::Language;

const WIDTH: f32 = 360.0;

#[track_caller]
fn assert_fits(phone: &Phone, what: &str) {
    let elements = ElementQuery::from_root(&phone.app).match_descendants().find_all();
    assert!(elements.len() > 10, "{what} has {} elements", elements.len());
    let right = |element: &ElementHandle| element.absolute_position().x + element.size().width;
    let wide: Vec<_> = elements
        .iter()
        .filter(|element| element.accessible_label().is_some() && right(element) > WIDTH + 0.5)
        .map(|element| {
            (
                element.accessible_label(),
                element.absolute_position().x,
                element.size().width,
            )
        })
        .collect();
    assert!(wide.is_empty(), "{what}: {wide:?}");
    let texts: Vec<_> = elements
        .iter()
        .filter(|element| {
            element.accessible_role() == Some(AccessibleRole::Text) && element.size().height > 0.0
        })
        .map(|element| {
            (
                element.accessible_label().unwrap_or_default(),
                element.absolute_position(),
                element.size(),
            )
        })
        .collect();
    for (index, (text, at, size)) in texts.iter().enumerate() {
        for (under, other, _) in &texts[..index] {
            let below = other.y >= at.y && other.y < at.y + size.height - 1.0;
            let beside = other.x >= at.x && other.x < at.x + size.width - 1.0;
            // An element and the base that it inherits from are found as two.
            let itself = text == under && other == at;
            assert!(
                itself || !(below && beside),
                "{what}: `{text}` lies over `{under}`"
            );
        }
    }
}

#[test]
fn every_screen_fits_in_both_languages() {
    for language in [Language::French, Language::English] {
        let phone = Phone::unlocked();
        language.speak();
        for screen in Screen::ALL {
            phone.open(screen);
            assert_fits(&phone, screen.code());
        }
    }
}

#[test]
fn long_texts_wrap_in_every_form_and_list() {
    let long = "Établissement d’hébergement Saint-Barthélemy-d’Anjou ".repeat(12);
    let texts: Vec<(Field, &str)> = Field::ALL.iter().map(|field| (*field, long.as_str())).collect();
    let phone = Phone::unlocked();
    for (kind, screen, tabs) in [
        (
            ActKind::IdentityCheck,
            Screen::IdentityCheck,
            &["Personne", "Cadre", "Fichiers"][..],
        ),
        (
            ActKind::Pv,
            Screen::Pv,
            &[
                "Acte",
                "Lieu de l’acte",
                "Infraction",
                "Récit des faits",
                "Mentions et annexes",
                "Signataires",
                "Récapitulatif",
            ],
        ),
        (
            ActKind::Note,
            Screen::Note,
            &["Acte", "Lieu de l’acte", "Récit des faits", "Récapitulatif"],
        ),
        (
            ActKind::Pve,
            Screen::Pve,
            &[
                "Véhicule",
                "Infraction",
                "Lieu et heure",
                "Personne",
                "Circonstances",
                "Récapitulatif",
            ],
        ),
        (
            ActKind::Afd,
            Screen::Afd,
            &[
                "Personne",
                "Infraction",
                "Conditions",
                "Lieu et heure",
                "Véhicule",
                "Circonstances",
                "Récapitulatif",
            ],
        ),
    ] {
        phone.see(&View::Draft(Box::new(DraftView {
            corrects: Some(RefusalCode::QualityNotEmpowered),
            answers: sample::identity_check().answers,
            ..sample::draft(kind, &texts)
        })));
        phone.open(screen);
        for tab in tabs {
            phone.press(tab);
            assert_fits(&phone, tab);
        }
    }
    let mut home = sample::home();
    for draft in &mut home.drafts {
        draft.title = long.as_str().into();
    }
    phone.see(&View::Home(Box::new(home)));
    phone.open(Screen::Home);
    assert_fits(&phone, "home");
}

#[test]
fn a_hearing_an_inventory_and_a_reading_fit_in_both_languages() {
    for language in [Language::French, Language::English] {
        let phone = Phone::unlocked();
        language.speak();
        for (draft, screen, name) in [
            (sample::hearing(), Screen::Pv, "hearing"),
            (sample::inventory(), Screen::Pv, "inventory"),
            (sample::verification(), Screen::Verification, "verification"),
        ] {
            phone.see(&View::Draft(Box::new(draft)));
            phone.open(screen);
            let form = phone.app.global::<FormAdapter<'_>>();
            for mark in form.get_steps().iter() {
                form.invoke_turn(mark.step);
                phone.settle();
                assert_fits(&phone, name);
            }
            form.set_steps_shown(true);
            phone.settle();
            assert!(phone.says(if language == Language::French {
                "Étapes"
            } else {
                "Steps"
            }));
            form.set_steps_shown(false);
        }
        phone.see(&View::Draft(Box::new(sample::read_back([
            SignerState::Signed,
            SignerState::Awaited,
        ]))));
        phone.see(&View::Pages(sample::pages(6, 2)));
        let signing = phone.app.global::<SigningAdapter<'_>>();
        for tab in [SigningTab::Pages, SigningTab::Signers, SigningTab::Renvois] {
            phone.open(Screen::Signing);
            signing.set_tab(tab);
            phone.settle();
            assert_fits(&phone, "signing");
        }
    }
}

/// Gloves and rain: what is pressed is never smaller than a fingertip.
#[test]
fn everything_that_is_pressed_is_at_least_48_pixels() {
    let phone = Phone::unlocked();
    phone.see(&View::Home(Box::new(sample::busy_home())));
    phone.see(&View::Pages(sample::pages(9, 2)));
    let mut screens: Vec<(DraftView, Screen)> = vec![
        (sample::hearing(), Screen::Pv),
        (sample::inventory(), Screen::Pv),
        (sample::note(), Screen::Note),
        (sample::verification(), Screen::Verification),
        (sample::pve(), Screen::Pve),
        (sample::afd(), Screen::Afd),
    ];
    let states = [SignerState::Signed, SignerState::Awaited];
    screens.push((sample::read_back(states), Screen::Signing));
    for (draft, screen) in screens {
        phone.see(&View::Draft(Box::new(draft)));
        phone.open(screen);
        let form = phone.app.global::<FormAdapter<'_>>();
        for mark in form.get_steps().iter() {
            form.invoke_turn(mark.step);
            phone.settle();
            for role in [
                AccessibleRole::Button,
                AccessibleRole::RadioButton,
                AccessibleRole::ListItem,
            ] {
                let pressed = ElementQuery::from_root(&phone.app)
                    .match_descendants()
                    .match_accessible_role(role)
                    .find_all();
                for element in pressed {
                    let size = element.size();
                    assert!(
                        size.width >= 47.5 && size.height >= 47.5,
                        "{screen:?} {:?}: {size:?}",
                        element.accessible_label()
                    );
                }
            }
        }
    }
}
