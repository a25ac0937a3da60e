//! The keys of a plate, under a gloved thumb.

use domain::dialogue::{DraftView, Intent, View};
use domain::draft::{Field, Problem, Reason};
use domain::record::ActKind;
use drawn::{FormAdapter, Step};
use slint::ComponentHandle;

use super::{Phone, sample};
use crate::Screen;

const OPEN: &str = "Grandes touches pour la plaque";

fn check(texts: &[(Field, &str)]) -> DraftView {
    sample::draft(ActKind::IdentityCheck, texts)
}

fn key(key: &str) -> String {
    format!("Immatriculation\u{a0}: {key}")
}

/// A check that shows the keys of the plate, with this much of it typed.
fn keyed(texts: &[(Field, &str)]) -> Phone {
    let phone = Phone::drafting(Screen::IdentityCheck, check(texts));
    assert!(!phone.says(&key("touche A")), "they leave the page to the person");
    phone.press(OPEN);
    phone
}

/// Presses a key of the plate; what it reads then.
fn press(phone: &Phone, label: &str) -> String {
    phone.press(&key(label));
    let Intent::Fill { field, text, .. } = phone.only_sent() else {
        panic!("`{label}` filled nothing in");
    };
    assert_eq!(field, Field::Plate);
    phone.see(&View::Draft(Box::new(check(&[(Field::Plate, &text)]))));
    text
}

fn type_keys(phone: &Phone, keys: &str) -> String {
    let mut typed = String::new();
    for one in keys.chars() {
        typed = press(phone, &format!("touche {one}"));
    }
    typed
}

#[test]
fn a_plate_is_typed_on_two_pages_that_turn_themselves() {
    let phone = keyed(&[]);
    assert_eq!(type_keys(&phone, "AB123CD"), "AB-123-CD");
    // It is whole: its keys leave the page to what follows.
    assert!(!phone.says(&key("touche A")) && !phone.says(&key("touche 1")));
    phone.press("Effacer le dernier caractère");
    let Intent::Fill { text, .. } = phone.only_sent() else {
        panic!("nothing was erased");
    };
    assert_eq!(text, "AB-123-C");
    phone.see(&View::Draft(Box::new(check(&[(Field::Plate, &text)]))));
    assert_eq!(press(&phone, "effacer le dernier"), "AB-123");
    assert_eq!(press(&phone, "effacer le dernier"), "AB-12");
    assert!(phone.says(&key("touche 4")), "the page of digits came back");
}

#[test]
fn a_plate_of_before_2009_begins_on_the_page_of_digits() {
    let phone = keyed(&[]);
    phone.press(&key("les chiffres"));
    assert_eq!(type_keys(&phone, "12"), "12");
    phone.press(&key("les lettres"));
    assert_eq!(type_keys(&phone, "ABC"), "12 ABC");
    assert_eq!(type_keys(&phone, "75"), "12 ABC 75");
}

#[test]
fn a_key_that_no_plate_has_next_does_nothing() {
    let phone = keyed(&[(Field::Plate, "S")]);
    for dead in ["touche S", "touche U"] {
        phone.press(&key(dead));
        assert!(phone.sent().is_empty(), "{dead}");
    }
    assert!(!phone.says(&key("touche I")) && !phone.says(&key("touche O")));
}

#[test]
fn a_pve_has_the_keys_at_once_and_no_word_moves_them_before_the_plate_is_whole() {
    let mut half = sample::draft(ActKind::Pve, &[(Field::Plate, "AB-1")]);
    half.problems = vec![Problem::new(Field::Plate, Reason::NotAPlate)];
    let phone = Phone::drafting(Screen::Pve, half);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(Step::Vehicle);
    phone.settle();
    assert!(phone.says(&key("touche 2")) && !phone.says(OPEN));
    assert!(!phone.says("Ce n’est pas une immatriculation"));
    phone.press("Circonstances");
    assert!(phone.says("1 point à compléter"), "it is still counted");
}

#[test]
fn a_plate_of_another_country_and_one_that_fits_no_grammar_have_no_keys() {
    for texts in [&[(Field::PlateCountry, "DE")][..], &[(Field::Plate, "B MW 123")]] {
        let phone = Phone::drafting(Screen::IdentityCheck, check(texts));
        assert!(!phone.says(&key("touche A")) && !phone.says(OPEN), "{texts:?}");
    }
}
