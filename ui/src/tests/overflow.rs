//! Nothing is wider than the phone, whatever the words.

use domain::dialogue::{DraftView, View};
use domain::draft::Field;
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};

use super::{Phone, Screen, sample};
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
        (ActKind::Pv, Screen::Pv, &["Cadre", "Infractions", "Récit"]),
        (ActKind::Plainte, Screen::Plainte, &["Victime", "Droits", "Faits"]),
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
