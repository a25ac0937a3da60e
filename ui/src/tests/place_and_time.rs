//! What a thumb fills in without the keyboard: days, hours, and where the terminal is.

use domain::dialogue::{DraftView, Intent, View};
use domain::draft::Field;
use domain::pv::PvKind;
use domain::record::ActKind;
use drawn::{FormAdapter, Step};

use super::{Phone, sample};
use crate::Screen;
use slint::ComponentHandle;

fn showing(kind: ActKind, screen: Screen, texts: &[(Field, &str)], step: Step) -> Phone {
    let phone = Phone::new().unwrap();
    for view in sample::shift(sample::draft(kind, texts)) {
        phone.see(&view);
    }
    phone.open(screen);
    phone.app.global::<FormAdapter<'_>>().invoke_turn(step);
    phone.settle();
    phone.sent();
    phone
}

fn shows(phone: &Phone, view: DraftView) {
    phone.see(&View::Draft(Box::new(view)));
}

/// A complaint whose facts began then.
fn facts(from: &str) -> DraftView {
    sample::draft(ActKind::Plainte, &[(Field::FactsFrom, from)])
}

#[track_caller]
fn assert_filled(phone: &Phone, wanted: Field, with: &str) {
    let Intent::Fill { field, text, .. } = phone.only_sent() else {
        panic!("nothing was filled in");
    };
    assert_eq!((field, text.as_str()), (wanted, with));
}

/// Each turn of a wheel of `wanted`, which is labelled so, becomes this text.
#[track_caller]
fn assert_turned(phone: &Phone, wanted: Field, label: &str, turns: &[(&str, &str)]) {
    for (turn, becomes) in turns {
        phone.press(&format!("{label}\u{a0}: {turn}"));
        assert_filled(phone, wanted, becomes);
    }
}

#[track_caller]
fn assert_stamped(phone: &Phone, wanted: Field) {
    let Intent::Stamp { field, .. } = phone.only_sent() else {
        panic!("nothing was stamped");
    };
    assert_eq!(field, wanted);
}

#[test]
fn a_birth_is_turned_day_by_day_month_by_month_and_year_by_year() {
    let phone = showing(ActKind::Pv, Screen::Pv, &[], Step::Person);
    assert!(!phone.says("Date de naissance\u{a0}: aujourd’hui"));
    phone.press("Date de naissance\u{a0}: choisir");
    phone.press("Date de naissance\u{a0}: jour suivant");
    assert_filled(&phone, Field::BirthDate, "01/01/1990");
    let turns = [
        ("année précédente", "01/01/1989"),
        ("mois précédent", "01/12/1988"),
        ("jour précédent", "30/11/1988"),
        ("mois suivant", "30/12/1988"),
        ("mois suivant", "30/01/1989"),
        ("mois suivant", "28/02/1989"),
        ("année suivante", "28/02/1990"),
        ("jour suivant", "01/03/1990"),
    ];
    assert_turned(&phone, Field::BirthDate, "Date de naissance", &turns);
    phone.press("Date de naissance\u{a0}: fermer le choix");
    assert!(!phone.says("Date de naissance\u{a0}: jour suivant"));
}

#[test]
fn the_day_of_facts_is_today_or_turned_with_its_hour() {
    let phone = showing(ActKind::Plainte, Screen::Plainte, &[], Step::Offence);
    phone.press("Début des faits\u{a0}: aujourd’hui");
    assert_stamped(&phone, Field::FactsFrom);
    // Without a day the wheels begin with today's.
    phone.press("Début des faits\u{a0}: choisir");
    phone.press("Début des faits\u{a0}: jour précédent");
    assert_stamped(&phone, Field::FactsFrom);
    shows(&phone, facts("01/11/2026 21:05"));
    phone.press("Début des faits\u{a0}: jour précédent");
    assert_filled(&phone, Field::FactsFrom, "31/10/2026 21:05");
    // What was turned comes back before anything else is shown.
    shows(&phone, facts("31/10/2026 21:05"));
    // What somebody typed in words stands.
    shows(&phone, facts("dans la nuit"));
    phone.press("Début des faits\u{a0}: jour précédent");
    assert!(phone.sent().is_empty());
}

#[test]
fn the_hour_of_a_measure_is_now_or_turned() {
    let phone = showing(ActKind::Pve, Screen::Pve, &[], Step::Place);
    phone.press("Date et heure des faits\u{a0}: maintenant");
    assert_stamped(&phone, Field::Moment);
    shows(
        &phone,
        sample::draft(ActKind::Pve, &[(Field::Moment, "01/11/2026 00:03")]),
    );
    phone.press("Date et heure des faits\u{a0}: choisir");
    let turns = [
        ("heure suivante", "01/11/2026 01:03"),
        ("minute précédente", "01/11/2026 00:58"),
        ("minute suivante", "01/11/2026 01:03"),
        ("heure précédente", "01/11/2026 00:03"),
        ("jour précédent", "31/10/2026 00:03"),
    ];
    assert_turned(&phone, Field::Moment, "Date et heure des faits", &turns);
    // An appointment is never now.
    let phone = showing(
        ActKind::Pv,
        Screen::Pv,
        &[(Field::PvKind, PvKind::Convocation.code())],
        Step::Measure,
    );
    assert!(!phone.says("Convoqué le\u{a0}: maintenant"));
}

#[test]
fn where_the_terminal_is_fills_the_position_with_one_touch() {
    let phone = showing(ActKind::Pv, Screen::Pv, &[], Step::Site);
    phone.press("Position GPS\u{a0}: ma position");
    assert_stamped(&phone, Field::Position);
}
