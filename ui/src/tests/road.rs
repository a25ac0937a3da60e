//! The forms by steps: PVe and AFD.

use domain::Digest;
use domain::dialogue::{DraftState, DraftView, Intent, PhotoLine, View};
use domain::draft::{Field, Problem, Reason};
use domain::record::ActKind;
use i_slint_backend_testing::{AccessibleRole, ElementHandle};

use super::{Phone, Screen, sample};

fn with(draft: DraftView, screen: Screen) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(DraftView {
        draft: sample::act(2),
        ..draft.clone()
    })));
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(screen);
    phone
}

#[track_caller]
fn filled(phone: &Phone) -> (Field, String) {
    let sent = phone.only_sent();
    let Intent::Fill { field, text, .. } = sent else {
        panic!("{sent:?} is not an edit");
    };
    (field, text)
}

#[test]
fn a_photograph_is_listed_and_let_go_by_its_digest() {
    let sha256 = Digest::of(b"photograph");
    let draft = DraftView {
        photos: vec![PhotoLine {
            marks: 0,
            shows: None,
            name: "plaque.jpg".to_owned(),
            sha256,
            bytes: 3_456_789,
        }],
        ..sample::pve()
    };
    let phone = with(draft.clone(), Screen::Pve);
    phone.press("Circonstances");
    assert!(phone.says("plaque.jpg") && phone.says("3457\u{a0}ko"));
    assert!(!phone.says("Ajouter une photo"), "nobody takes pictures here");
    phone.press("Retirer plaque.jpg");
    let draft_id = draft.draft;
    let removed = Intent::RemovePhoto {
        draft: draft_id,
        sha256,
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&removed));
    phone.see(&View::Draft(Box::new(DraftView {
        photos: Vec::new(),
        ..draft.clone()
    })));
    assert!(!phone.says("plaque.jpg"));
    phone.see(&View::Draft(Box::new(DraftView {
        state: DraftState::Signing,
        ..draft
    })));
    assert!(phone.says("plaque.jpg") && !phone.says("Retirer plaque.jpg"));
}

#[test]
fn home_starts_a_pve() {
    let kind = ActKind::Pve;
    let phone = Phone::unlocked();
    phone.press("Verbaliser");
    let started = Intent::StartDraft { id: None, kind };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&started));
    phone.see(&View::Draft(Box::new(DraftView {
        draft: sample::act(2),
        ..sample::draft(kind, &[])
    })));
    assert!(phone.says("Récapitulatif"));
}

#[test]
fn home_starts_an_afd() {
    let kind = ActKind::Afd;
    let phone = Phone::unlocked();
    phone.press("AFD");
    let started = Intent::StartDraft { id: None, kind };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&started));
}

#[test]
fn one_button_leads_through_every_step_to_the_signature() {
    for (screen, draft, steps, sign) in [
        (
            Screen::Pve,
            sample::pve(),
            &[
                "Infraction",
                "Lieu et heure",
                "Personne",
                "Circonstances",
                "Récapitulatif",
            ][..],
            "Signer le PVe",
        ),
        (
            Screen::Afd,
            sample::afd(),
            &[
                "Infraction",
                "Conditions",
                "Lieu et heure",
                "Véhicule",
                "Circonstances",
                "Récapitulatif",
            ],
            "Signer l’AFD",
        ),
    ] {
        let phone = with(draft, screen);
        let mut place = None;
        for step in steps {
            let next = format!("Suivant\u{a0}: {step}");
            let at = phone.get(&next).absolute_position();
            assert!(
                place
                    .replace((at.x, at.y))
                    .is_none_or(|before| before == (at.x, at.y))
            );
            assert!(!phone.says(sign));
            phone.press(&next);
        }
        let at = phone.get(sign).absolute_position();
        assert_eq!(place, Some((at.x, at.y)));
    }
}

#[test]
fn every_choice_sends_the_code_that_the_domain_reads() {
    let phone = with(sample::draft(ActKind::Pve, &[]), Screen::Pve);
    for (step, label, field, code) in [
        ("Véhicule", "Plaque\u{a0}: Lue", Field::Registration, "LUE"),
        ("Véhicule", "Plaque\u{a0}: Aucune", Field::Registration, "AUCUNE"),
        (
            "Véhicule",
            "Plaque\u{a0}: Illisible",
            Field::Registration,
            "ILLISIBLE",
        ),
        ("Véhicule", "Genre\u{a0}: Moto", Field::Genre, "MOTO"),
        ("Véhicule", "Genre\u{a0}: EDPM", Field::Genre, "EDPM"),
        (
            "Lieu et heure",
            "Interception\u{a0}: Intercepté",
            Field::Interception,
            "INTERCEPTE",
        ),
        (
            "Lieu et heure",
            "En agglomération\u{a0}: Non",
            Field::Agglomeration,
            "non",
        ),
        (
            "Personne",
            "Permis de conduire\u{a0}: Retiré",
            Field::LicenceStatus,
            "RETIRE",
        ),
    ] {
        phone.press(step);
        phone.press(label);
        assert_eq!(filled(&phone), (field, code.to_owned()));
        assert_eq!(phone.get(label).accessible_checked(), Some(true));
    }
}

#[test]
fn a_choice_pressed_again_is_taken_back() {
    let phone = with(sample::pve(), Screen::Pve);
    phone.press("Genre\u{a0}: Voiture");
    assert_eq!(filled(&phone), (Field::Genre, String::new()));
    assert_eq!(
        phone.get("Genre\u{a0}: Voiture").accessible_checked(),
        Some(false)
    );
}

#[test]
fn every_typed_field_of_both_forms_leaves_with_its_text() {
    for (kind, screen) in [(ActKind::Pve, Screen::Pve), (ActKind::Afd, Screen::Afd)] {
        // Every field has something to say, so that those which an offence asks for are there.
        let problems = Field::ALL.map(|field| Problem::new(field, Reason::NotAChoice));
        let draft = DraftView {
            problems: problems.to_vec(),
            ..sample::draft(kind, &[])
        };
        let phone = with(draft, screen);
        let mut typed = std::collections::BTreeSet::new();
        for step in [
            "Véhicule",
            "Infraction",
            "Lieu et heure",
            "Personne",
            "Circonstances",
            "Récapitulatif",
        ] {
            phone.press(step);
            let inputs = i_slint_backend_testing::ElementQuery::from_root(&phone.app)
                .match_descendants()
                .match_accessible_role(AccessibleRole::TextInput)
                .find_all();
            for input in inputs {
                if input
                    .accessible_label()
                    .is_some_and(|label| label != "Chercher une infraction")
                {
                    input.set_accessible_value("texte");
                    let (field, text) = filled(&phone);
                    assert_eq!(text, "texte");
                    typed.insert(field);
                }
            }
        }
        let chosen = [
            Field::Offences,
            Field::Registration,
            Field::Genre,
            Field::SpeedDevice,
            Field::Interception,
            Field::Agglomeration,
            Field::LicenceStatus,
            Field::IdentityMode,
        ];
        let asked = domain::afd::Condition::ALL.map(Field::answering);
        let expected = Field::form(kind)
            .iter()
            .filter(|field| !chosen.contains(field) && !asked.contains(field));
        assert_eq!(typed, expected.copied().collect());
    }
}

#[test]
fn a_date_is_typed_in_digits_alone() {
    let phone = with(sample::draft(ActKind::Pve, &[]), Screen::Pve);
    phone.press("Lieu et heure");
    phone.fill("Date et heure des faits", "120320262135");
    assert_eq!(filled(&phone), (Field::Moment, "12/03/2026 21:35".to_owned()));
    assert_eq!(phone.value("Date et heure des faits"), "12/03/2026 21:35");
}

#[test]
fn what_only_some_offences_ask_for_comes_with_them_and_stays_while_it_is_typed() {
    let phone = with(sample::draft(ActKind::Pve, &[]), Screen::Pve);
    phone.press("Infraction");
    assert!(!phone.says("Vitesse limite") && !phone.says("Premier souffle"));
    phone.see(&View::Draft(Box::new(DraftView {
        problems: vec![Problem::new(Field::SpeedLimit, Reason::Missing)],
        ..sample::draft(ActKind::Pve, &[])
    })));
    assert!(phone.says("Vitesse limite") && phone.says("Vitesse mesurée") && !phone.says("Premier souffle"));
    phone.fill("Vitesse limite", "50");
    phone.see(&View::Draft(Box::new(sample::draft(
        ActKind::Pve,
        &[(Field::SpeedLimit, "50")],
    ))));
    phone.fill("Vitesse limite", "");
    phone.see(&View::Draft(Box::new(sample::draft(ActKind::Pve, &[]))));
    assert!(phone.says("Vitesse limite"));
}

#[test]
fn nobody_is_asked_for_when_nobody_was_stopped() {
    let phone = with(
        sample::draft(ActKind::Pve, &[(Field::Interception, "VOLEE")]),
        Screen::Pve,
    );
    phone.press("Personne");
    assert!(phone.says("Personne n’a été intercepté") && !phone.says("Nom"));
    let phone = with(sample::pve(), Screen::Pve);
    phone.press("Personne");
    assert!(!phone.says("Personne n’a été intercepté") && phone.says("Nom"));
}

#[test]
fn no_question_is_answered_before_the_officer_answers_it() {
    let phone = with(sample::draft(ActKind::Afd, &[]), Screen::Afd);
    phone.press("Conditions");
    for question in [
        "Compréhension",
        "Sans récidive",
        "Constaté sur place",
        "Adresse confirmée",
    ] {
        let checked = |answer: &str| {
            let label = format!("{question}\u{a0}: {answer}");
            phone.get(&label).accessible_checked()
        };
        assert_eq!(checked("Oui"), Some(false));
        assert_eq!(checked("Non"), Some(false));
        assert_eq!(checked("Non demandé"), Some(true));
    }
    for (answer, code) in [("Oui", "oui"), ("Non", "non"), ("Non demandé", "")] {
        phone.press(&format!("Sans récidive\u{a0}: {answer}"));
        assert_eq!(filled(&phone), (Field::NoRecidive, code.to_owned()));
    }
}

#[test]
fn a_condition_that_is_not_met_bars_the_afd_on_every_step_and_leads_to_a_pv() {
    let phone = with(sample::afd(), Screen::Afd);
    let barred = "Pas d’AFD";
    let why = "Sans récidive\u{a0}: La condition n’est pas remplie\u{a0}: pas d’AFD, établissez un PV";
    assert!(phone.says(barred) && phone.says(why));
    phone.press("Récapitulatif");
    assert!(phone.says(barred));
    phone.press("Établir un PV");
    let turned = Intent::TurnIntoPv {
        draft: sample::act(1),
        id: None,
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&turned));
    let phone = with(sample::draft(ActKind::Afd, &[]), Screen::Afd);
    assert!(!phone.says(barred));
}

#[test]
fn a_problem_is_said_in_words_under_its_field_and_leads_to_its_step() {
    let phone = with(sample::pve(), Screen::Pve);
    phone.press("2 points à compléter");
    let row = ElementHandle::find_by_accessible_label(&phone.app, "Point kilométrique")
        .find(|element| element.accessible_role() == Some(AccessibleRole::ListItem))
        .unwrap();
    row.invoke_accessible_default_action();
    phone.settle();
    let field = phone.get("Point kilométrique");
    let said = "Écrivez le point en kilomètres, comme 12 ou 12+300";
    assert_eq!(field.accessible_description().unwrap(), said);
    assert!(phone.says(said));
}

#[test]
fn the_summary_says_what_was_filled_and_nothing_in_it_can_be_typed() {
    let phone = with(sample::pve(), Screen::Pve);
    phone.see(&View::Offences(sample::offences()));
    phone.press("Récapitulatif");
    for (label, value) in [
        ("Immatriculation", "GA-284-KT"),
        ("Genre", "Voiture"),
        ("Interception", "Intercepté"),
        ("Nom", "Eriksson"),
        ("Amende forfaitaire", "135\u{a0}€"),
        ("Majorée", "375\u{a0}€"),
    ] {
        assert_eq!(phone.value(label), value);
        assert_eq!(phone.get(label).accessible_role(), Some(AccessibleRole::Text));
    }
    assert!(phone.says("3 points susceptibles de retrait"));
    assert!(
        phone
            .value("Infractions")
            .starts_with("23800 USAGE D'UN TELEPHONE")
    );
}
