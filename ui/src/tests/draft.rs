//! What is typed: saved at once, never overwritten, and signed only when nothing is missing.

use domain::ActNumber;
use domain::dialogue::{DraftState, DraftView, Intent, View};
use domain::draft::{Field, Problem, Reason};
use domain::envelope::RefusalCode;
use domain::record::ActKind;
use i_slint_backend_testing::{AccessibleRole, ElementHandle};

use super::{Phone, Screen, sample};

fn pv(texts: &[(Field, &str)]) -> View {
    View::Draft(Box::new(sample::draft(ActKind::Pv, texts)))
}

#[test]
fn every_edit_leaves_with_its_field_and_its_whole_text() {
    let phone = Phone::unlocked();
    phone.open(Screen::Pv);
    for text in ["S", "Sa", "Saisine"] {
        phone.fill("Objet", text);
        let filled = Intent::Fill {
            draft: sample::act(1),
            field: Field::Subject,
            text: text.to_owned(),
        };
        assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&filled));
    }
}

#[test]
fn a_late_view_does_not_take_back_what_was_typed_since() {
    let phone = Phone::unlocked();
    phone.open(Screen::Pv);
    phone.fill("Objet", "Sai");
    phone.fill("Objet", "Saisine");
    phone.see(&pv(&[
        (Field::Subject, "Sai"),
        (Field::Assistants, "Brigadier MARTIN"),
    ]));
    assert_eq!(phone.value("Objet"), "Saisine");
    assert_eq!(phone.value("Assistants"), "Brigadier MARTIN");
    assert!(phone.says("Saisie…"));
    phone.see(&pv(&[(Field::Subject, "Saisine")]));
    assert!(phone.says("Enregistré"));
    phone.see(&pv(&[(Field::Subject, "Saisine du CIC")]));
    assert_eq!(phone.value("Objet"), "Saisine du CIC");
}

#[test]
fn another_draft_shows_nothing_of_the_one_before() {
    let phone = Phone::unlocked();
    phone.open(Screen::Pv);
    phone.fill("Objet", "Saisine");
    phone.see(&View::Draft(Box::new(DraftView {
        draft: sample::act(2),
        ..sample::draft(ActKind::Pv, &[])
    })));
    assert_eq!(phone.value("Objet"), "");
    assert!(phone.says("Enregistré"));
}

#[test]
fn nothing_is_signed_while_something_is_missing_and_each_problem_leads_to_its_field() {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(DraftView {
        problems: vec![
            Problem::new(Field::Offences, Reason::UnknownNatinf),
            Problem::new(Field::Account, Reason::Missing),
        ],
        ..sample::pv()
    })));
    phone.open(Screen::Pv);
    phone.press("Récapitulatif");
    phone.press("Signer le PV");
    assert!(phone.sent().is_empty());
    phone.press("2 points à compléter");
    let row = ElementHandle::find_by_accessible_label(&phone.app, "Récit")
        .find(|element| element.accessible_role() == Some(AccessibleRole::ListItem))
        .unwrap();
    assert_eq!(row.accessible_description().unwrap(), "À compléter");
    row.invoke_accessible_default_action();
    phone.settle();
    let account = ElementHandle::find_by_accessible_label(&phone.app, "Récit")
        .find(|element| element.accessible_role() == Some(AccessibleRole::TextInput))
        .unwrap();
    assert_eq!(
        account.accessible_value().unwrap(),
        "Nous nous présentons sur les lieux à 21 h 52."
    );
}

#[test]
fn a_complete_draft_is_signed_and_the_screen_says_so_only_after() {
    let phone = Phone::unlocked();
    phone.open(Screen::Pv);
    phone.press("Récapitulatif");
    phone.press("Signer le PV");
    let sign = Intent::Sign {
        draft: sample::act(1),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&sign));
    assert!(!phone.says("Signé"));
    phone.see(&View::Draft(Box::new(DraftView {
        state: DraftState::Signing,
        ..sample::pv()
    })));
    assert!(phone.says("Signature en cours…") && !phone.says("Signé"));
    phone.see(&View::Draft(Box::new(DraftView {
        state: DraftState::Signed {
            number: Some(ActNumber {
                year: 2026,
                serial: 123,
            }),
        },
        ..sample::pv()
    })));
    assert!(phone.says("Acte n°\u{a0}2026/000123 signé"));
    assert!(!phone.says("Objet"), "a signed act has no form");
    phone.press("Voir le document");
    let shown = Intent::ShowDocument { act: sample::act(1) };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&shown));
}

#[test]
fn a_corrective_draft_says_what_was_refused() {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(DraftView {
        corrects: Some(RefusalCode::DocumentMismatch),
        ..sample::pv()
    })));
    phone.open(Screen::Pv);
    assert!(phone.says("Acte rectificatif"));
}

#[test]
fn a_code_that_is_over_is_told_with_the_one_that_replaces_it() {
    let phone = Phone::unlocked();
    let over = |successor| DraftView {
        problems: vec![Problem::outdated(successor)],
        ..sample::pv()
    };
    let successor = domain::natinf::Natinf::parse("26101").unwrap();
    phone.see(&View::Draft(Box::new(over(Some(successor)))));
    phone.open(Screen::Pv);
    phone.press("1 point à compléter");
    assert!(phone.says("Ce code NATINF n’a plus cours\u{a0}: le code 26101 le remplace"));
    phone.see(&View::Draft(Box::new(over(None))));
    assert!(phone.says("Ce code NATINF n’a plus cours\u{a0}: cherchez celui qui le remplace"));
}
