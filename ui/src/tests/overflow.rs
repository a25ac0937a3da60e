//! Nothing is wider than the phone, whatever the words.

use domain::dialogue::{Appearance, DraftView, SignerState, TextSize, Thumb, View};
use domain::draft::Field;
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use drawn::{FormAdapter, SigningAdapter, SigningTab};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};

use slint::{ComponentHandle, Model};

use super::scenes::{self, Scene};
use super::{Phone, Screen, sample};
use crate::look::Language;

const WIDTH: f32 = 360.0;

/// A text and not what holds several, which has a name too.
fn is_words(element: &ElementHandle) -> bool {
    let is_text = |name: slint::SharedString| name == "Text";
    element.type_name().is_some_and(is_text) || element.bases().is_some_and(|mut bases| bases.any(is_text))
}

#[track_caller]
fn assert_fits(phone: &Phone, what: &str) {
    assert_fits_in(WIDTH, phone, what);
}

#[track_caller]
fn assert_fits_in(width: f32, phone: &Phone, what: &str) {
    let elements = ElementQuery::from_root(&phone.app).match_descendants().find_all();
    assert!(elements.len() > 10, "{what} has {} elements", elements.len());
    let right = |element: &ElementHandle| element.absolute_position().x + element.size().width;
    let wide: Vec<_> = elements
        .iter()
        .filter(|element| element.accessible_label().is_some() && right(element) > width + 0.5)
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
            element.accessible_role() == Some(AccessibleRole::Text)
                && element.size().height > 0.0
                && is_words(element)
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

/// Words never leave what is pressed with them: neither cut by it, nor over what lies beside it.
#[track_caller]
fn assert_words_are_held(phone: &Phone, what: &str) {
    for role in [
        AccessibleRole::Button,
        AccessibleRole::RadioButton,
        AccessibleRole::ListItem,
        AccessibleRole::Tab,
    ] {
        let pressed = ElementQuery::from_root(&phone.app)
            .match_descendants()
            .match_accessible_role(role)
            .find_all();
        for element in pressed {
            let (at, size) = (element.absolute_position(), element.size());
            for words in element.query_descendants().match_inherits("Text").find_all() {
                let (from, room) = (words.absolute_position(), words.size());
                let held = from.x >= at.x - 1.0
                    && from.y >= at.y - 1.0
                    && from.x + room.width <= at.x + size.width + 1.0
                    && from.y + room.height <= at.y + size.height + 1.0;
                assert!(
                    held,
                    "{what}: the words of {:?} at {from:?} {room:?} leave {at:?} {size:?}",
                    element.accessible_label()
                );
            }
        }
    }
}

fn every_scene(mut look_at: impl FnMut(&Scene)) {
    let phone = Phone::new().unwrap();
    let all = scenes::screens().into_iter().chain(scenes::overlays());
    all.chain(scenes::steps(&phone.app))
        .for_each(|scene| look_at(&scene));
}

#[test]
fn nothing_is_lost_at_any_size_of_text() {
    for (text, thumb, language) in [
        (TextSize::Large, Thumb::Right, Language::French),
        (TextSize::Larger, Thumb::Left, Language::English),
        (TextSize::Largest, Thumb::Right, Language::French),
        (TextSize::Largest, Thumb::Left, Language::English),
    ] {
        every_scene(|scene| {
            let phone = Phone::new().unwrap();
            language.speak();
            phone.see(&View::Appearance(Appearance {
                text,
                thumb,
                ..Appearance::default()
            }));
            phone
                .app
                .window()
                .set_size(slint::LogicalSize::new(WIDTH, 12_000.0));
            scene.set(&phone.app);
            phone.settle();
            let what = format!("{} in {} at {} %", scene.name, language.code(), text.percent());
            if !scene.over {
                assert_fits(&phone, &what);
            }
            assert_words_are_held(&phone, &what);
        });
    }
}

#[test]
fn the_one_action_is_in_reach_however_the_phone_is_held() {
    for (width, height, language) in [
        (412.0, 915.0, Language::French),
        (800.0, 1280.0, Language::English),
        (780.0, 360.0, Language::French),
        (360.0, 640.0, Language::English),
    ] {
        every_scene(|scene| {
            let phone = Phone::new().unwrap();
            language.speak();
            phone
                .app
                .window()
                .set_size(slint::LogicalSize::new(width, height));
            scene.set(&phone.app);
            phone.settle();
            let what = format!("{} in {} at {width} × {height}", scene.name, language.code());
            if !scene.over {
                assert_fits_in(width, &phone, &what);
            }
            let footers = ElementQuery::from_root(&phone.app)
                .match_descendants()
                .match_inherits("Footer")
                .find_all();
            for footer in footers {
                let (at, size) = (footer.absolute_position(), footer.size());
                assert!(
                    at.y + size.height <= height + 0.5 && at.x + size.width <= width + 0.5,
                    "{what}: the actions at {at:?} {size:?} leave the window"
                );
            }
        });
    }
}
