//! Colours that can be read in rain and by night, targets that a glove finds, and the page that chooses them.

use domain::dialogue::{Appearance, Intent, TextSize, Theme, Thumb, View};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::{Color, ComponentHandle};

use super::scenes::{self, Scene};
use super::{Phone, Screen};
use crate::screens;

fn dressed(theme: Theme) -> Phone {
    let phone = Phone::new().unwrap();
    phone.see(&View::Appearance(Appearance {
        theme,
        ..Appearance::default()
    }));
    phone
}

/// WCAG 2 relative luminance.
fn luminance(colour: Color) -> f64 {
    let linear = |channel: u8| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.04045 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    };
    0.2126 * linear(colour.red()) + 0.7152 * linear(colour.green()) + 0.0722 * linear(colour.blue())
}

fn contrast(one: Color, other: Color) -> f64 {
    let [one, other] = [luminance(one), luminance(other)];
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// A colour that lets some of the ground through.
fn over(veil: Color, ground: Color) -> Color {
    let share = f64::from(veil.alpha()) / 255.0;
    let mixed = |veil: u8, ground: u8| {
        let value = f64::from(veil) * share + f64::from(ground) * (1.0 - share);
        #[expect(clippy::cast_possible_truncation, reason = "a mean of two bytes is a byte")]
        let byte = value.round() as u8;
        byte
    };
    Color::from_rgb_u8(
        mixed(veil.red(), ground.red()),
        mixed(veil.green(), ground.green()),
        mixed(veil.blue(), ground.blue()),
    )
}

#[test]
fn every_ink_is_read_on_all_that_lies_under_it() {
    for theme in Theme::PALETTES {
        let phone = dressed(theme);
        let colours = phone.app.global::<drawn::Theme<'_>>();
        let statuses = [
            ("accent", colours.get_accent()),
            ("danger", colours.get_danger()),
            ("warning", colours.get_warning()),
            ("success", colours.get_success()),
            ("info", colours.get_info()),
        ];
        let plain = [
            ("background", colours.get_background()),
            ("surface", colours.get_surface()),
        ];
        let tinted = |(name, status): (&'static str, Color)| {
            plain.map(|(under, ground)| {
                (
                    format!("{name} over {under}"),
                    over(colours.invoke_tint(status), ground),
                )
            })
        };
        let mut grounds: Vec<(String, Color)> = statuses.into_iter().flat_map(tinted).collect();
        grounds.extend(plain.map(|(name, ground)| (name.to_owned(), ground)));
        grounds.push(("pressed".to_owned(), colours.get_pressed()));
        let inks = [("ink", colours.get_ink()), ("ink-2", colours.get_ink_2())];
        for (name, ink) in inks.into_iter().chain(statuses) {
            for (under, ground) in &grounds {
                let ratio = contrast(ink, *ground);
                assert!(ratio >= 4.5, "{theme:?}: {name} on {under} is {ratio:.2}");
            }
        }
        for (name, ink, ground) in [
            (
                "on-accent on accent",
                colours.get_on_accent(),
                colours.get_accent(),
            ),
            (
                "on-accent, pressed",
                colours.get_on_accent(),
                colours.get_accent_pressed(),
            ),
            (
                "on-accent on danger",
                colours.get_on_accent(),
                colours.get_danger(),
            ),
            ("formation", colours.get_background(), colours.get_warning()),
            ("untaken alert", colours.get_background(), colours.get_danger()),
        ] {
            let ratio = contrast(ink, ground);
            assert!(ratio >= 4.5, "{theme:?}: {name} is {ratio:.2}");
        }
        // A hit is read in the rain: its words lie on a plain ground or on the tint of its tone.
        let hits = ["background", "surface", "danger over", "warning over"];
        let inks = [inks[0], statuses[1], statuses[2]];
        for (under, ground) in &grounds {
            for (name, ink) in inks {
                let ratio = contrast(ink, *ground);
                let of_hits = hits.iter().any(|hit| under.starts_with(hit));
                assert!(
                    !of_hits || ratio >= 7.0,
                    "{theme:?}: {name} on {under} is {ratio:.2}"
                );
            }
        }
    }
}

fn pressed(phone: &Phone) -> Vec<ElementHandle> {
    let is_pressed = |role: &AccessibleRole| {
        [
            AccessibleRole::Button,
            AccessibleRole::Checkbox,
            AccessibleRole::RadioButton,
            AccessibleRole::ListItem,
            AccessibleRole::Tab,
            AccessibleRole::TextInput,
            AccessibleRole::Slider,
        ]
        .contains(role)
    };
    ElementQuery::from_root(&phone.app)
        .match_descendants()
        .match_predicate(move |element| element.accessible_role().as_ref().is_some_and(is_pressed))
        .find_all()
}

/// Gloves and rain: what is pressed is never smaller than a fingertip.
#[test]
fn everything_that_is_pressed_is_at_least_48_pixels_on_every_screen_and_over_it() {
    let phone = Phone::new().unwrap();
    let mut seen = 0;
    let check = |scene: &Scene| {
        let phone = Phone::new().unwrap();
        scene.set(&phone.app);
        phone.settle();
        let elements = pressed(&phone);
        for element in &elements {
            let size = element.size();
            // The attribution of Slint is a link of its own.
            if element.accessible_label().as_deref() == Some("#MadeWithSlint") {
                continue;
            }
            assert!(
                size.width >= 47.5 && size.height >= 47.5,
                "{}: {:?} is {size:?}",
                scene.name,
                element.accessible_label()
            );
        }
        elements.len()
    };
    for scene in scenes::screens().iter().chain(&scenes::overlays()) {
        seen += check(scene);
    }
    for scene in &scenes::steps(&phone.app) {
        seen += check(scene);
    }
    assert!(seen > 500, "{seen} were looked at");
}

#[test]
fn colours_text_and_hand_are_one_press_each_and_every_screen_follows_what_comes_back() {
    let phone = Phone::unlocked();
    phone.press("À propos");
    phone.press("Affichage");
    phone.press("Nuit, rouge sur noir");
    let mut wanted = Appearance {
        theme: Theme::Night,
        ..Appearance::default()
    };
    let set = |phone: &Phone| {
        let Intent::SetAppearance { appearance } = phone.only_sent() else {
            panic!("something else was asked for")
        };
        appearance
    };
    assert_eq!(set(&phone), wanted);
    phone.see(&View::Appearance(wanted));
    let theme = phone.app.global::<drawn::Theme<'_>>();
    assert_eq!(theme.get_mode(), drawn::Mode::Night);
    phone.press("Le plus grand, 200 %");
    wanted.text = TextSize::Largest;
    assert_eq!(set(&phone), wanted);
    phone.see(&View::Appearance(wanted));
    assert!((theme.get_body() - 30.0).abs() < 0.01 && theme.get_target() >= 48.0);
    phone.press("Gauche");
    wanted.thumb = Thumb::Left;
    assert_eq!(set(&phone), wanted);
    phone.see(&View::Appearance(wanted));
    assert!(theme.get_left_handed());
    assert_eq!(phone.get("Gauche").accessible_checked(), Some(true));
    phone.press("Retour");
    assert!(phone.says("Changer mon code"));
}

/// Who cannot read the lock must be able to enlarge it.
#[test]
fn the_lock_leads_to_the_appearance_and_back() {
    let phone = Phone::new().unwrap();
    phone.see(&View::Lock(super::sample::locked()));
    phone.press("Affichage");
    assert!(phone.says("Taille du texte"));
    phone.press("Retour");
    assert!(phone.says("Déverrouiller"));
}

#[test]
fn what_the_thumb_reaches_for_changes_sides_with_the_hand() {
    let phone = Phone::unlocked();
    let cross = "Abandonner Vol à l’étalage, GIFI Montreuil";
    let right = phone.get(cross).absolute_position().x;
    screens::appearance::show(
        &phone.app,
        Appearance {
            thumb: Thumb::Left,
            ..Appearance::default()
        },
    );
    phone.settle();
    assert!(right > 250.0 && phone.get(cross).absolute_position().x < 60.0);
    phone.see(&View::Lock(super::sample::locked()));
    phone.open(Screen::Unlock);
    assert!(phone.get("Effacer le dernier chiffre").absolute_position().x < 120.0);
}
