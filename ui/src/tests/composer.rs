//! The general PV, step by step: what a status asks for, what is said, what is inventoried; and the note.

use domain::Digest;
use domain::dialogue::{DraftView, Intent, PhotoLine, View};
use domain::draft::{Field, Problem, Reason};
use domain::legal_basis::PvFrame;
use domain::pv::{PvKind, SUSPECT_RIGHTS};
use domain::record::ActKind;
use i_slint_backend_testing::{AccessibleRole, ElementHandle};

use super::{Phone, Screen, sample};

fn with(draft: DraftView) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(DraftView {
        draft: sample::act(2),
        ..draft.clone()
    })));
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(Screen::Pv);
    phone
}

fn pv(kind: PvKind, texts: &[(Field, &str)]) -> DraftView {
    let texts: Vec<(Field, &str)> = [(Field::PvKind, kind.code())]
        .iter()
        .chain(texts)
        .copied()
        .collect();
    sample::draft(ActKind::Pv, &texts)
}

#[track_caller]
fn filled(phone: &Phone, expected: Field) -> String {
    let sent = phone.only_sent();
    let Intent::Fill { field, text, .. } = sent else {
        panic!("{sent:?} is not an edit");
    };
    assert_eq!(field, expected);
    text
}

#[track_caller]
fn step(phone: &Phone, name: &str) {
    if phone.says("Toutes les étapes") {
        phone.press("Toutes les étapes");
    }
    phone.press(name);
}

#[test]
fn a_kind_and_a_frame_are_chosen_first_and_send_their_codes() {
    let phone = with(sample::draft(ActKind::Pv, &[]));
    let findings = phone.get("Acte établi\u{a0}: Constatations");
    assert_eq!(findings.accessible_checked(), Some(true));
    for (label, frame) in [
        ("Flagrance", PvFrame::Flagrance),
        ("Enquête préliminaire", PvFrame::Preliminaire),
        ("Police administrative", PvFrame::Administratif),
    ] {
        phone.press(label);
        assert_eq!(filled(&phone, Field::PvFrame), frame.code());
    }
    phone.press("Acte établi\u{a0}: Audition");
    assert_eq!(filled(&phone, Field::PvKind), PvKind::Audition.code());
    assert!(phone.says("Audition"));
}

#[test]
fn each_kind_shows_its_own_steps_and_no_other() {
    for (kind, there, absent) in [
        (
            PvKind::Constatations,
            &["Récit des faits"][..],
            &["Personne", "Statut et droits", "Objets"][..],
        ),
        (
            PvKind::Audition,
            &["Personne", "Statut et droits", "Signataires"],
            &["Objets"],
        ),
        (PvKind::Inventaire, &["Personne", "Objets"], &["Statut et droits"]),
        (PvKind::Bordereau, &["Acte"], &["Personne", "Objets"]),
    ] {
        let phone = with(pv(kind, &[]));
        if phone.says("Toutes les étapes") {
            phone.press("Toutes les étapes");
        }
        assert!(there.iter().all(|step| phone.says(step)), "{kind:?}");
        assert!(!absent.iter().any(|step| phone.says(step)), "{kind:?}");
    }
}

#[test]
fn what_amends_a_signed_act_stays_what_it_is() {
    let phone = with(pv(PvKind::Rectification, &[]));
    assert!(phone.says("Acte établi\u{a0}: Rectification") && !phone.says("Acte établi\u{a0}: Audition"));
    let phone = with(pv(PvKind::Transport, &[]));
    assert!(!phone.says("Acte établi\u{a0}: Rectification"));
}

#[test]
fn cpp_61_1_a_status_says_at_once_what_it_needs() {
    let phone = with(pv(PvKind::Audition, &[]));
    step(&phone, "Statut et droits");
    assert!(!phone.says("Amené par la force\u{a0}: Oui") && !phone.says("Droits lus et compris"));
    phone.press("Témoin");
    assert_eq!(filled(&phone, Field::HeardAs), "TEMOIN");
    assert!(phone.says("Entendue comme témoin") && !phone.says("Droits lus et compris"));
    phone.press("Mis en cause, libre");
    assert_eq!(filled(&phone, Field::HeardAs), "SUSPECT");
    assert!(phone.says("Entendue librement, comme mise en cause"));
    assert!(phone.says("Amené par la force\u{a0}: Oui") && phone.says("Avocat\u{a0}: Y renonce"));
    phone.press("Victime");
    assert!(!phone.says("Avocat\u{a0}: Y renonce"));
}

#[test]
fn cpp_63_custody_and_minors_are_refused_with_their_reason() {
    for (code, reason, said) in [
        (
            "GARDE-A-VUE",
            Reason::Custody,
            "Une audition en garde à vue revient à l’OPJ, au service\u{a0}: avisez-le",
        ),
        (
            "SUSPECT",
            Reason::MinorSuspect,
            "Un mineur mis en cause ne s’entend pas sur un terminal\u{a0}: avisez l’OPJ",
        ),
    ] {
        let phone = with(DraftView {
            problems: vec![Problem::new(Field::HeardAs, reason)],
            ..pv(PvKind::Audition, &[(Field::HeardAs, code)])
        });
        step(&phone, "Statut et droits");
        let told =
            |element: &ElementHandle| element.accessible_description().is_some_and(|text| text == said);
        let title = if code == "SUSPECT" {
            "Entendue librement, comme mise en cause"
        } else {
            "Pas d’audition sur ce terminal"
        };
        assert!(ElementHandle::find_by_accessible_label(&phone.app, title).any(|element| told(&element)));
    }
}

#[test]
fn cpp_61_1_the_rights_are_read_as_one_page_and_one_tap_records_the_language() {
    let phone = with(pv(PvKind::Audition, &[(Field::HeardAs, "SUSPECT")]));
    step(&phone, "Statut et droits");
    assert!(SUSPECT_RIGHTS.iter().all(|right| phone.says(right)));
    assert!(phone.says("Nommez d’abord l’infraction, à l’étape «\u{a0}Infraction\u{a0}»."));
    phone.press("English");
    phone.press("Droits lus et compris");
    assert_eq!(filled(&phone, Field::NoticeLanguage), "en");
    assert!(phone.says("Droits notifiés (English)"));
    phone.press("Annuler la notification");
    assert_eq!(filled(&phone, Field::NoticeLanguage), "");
}

#[test]
fn an_interpreter_is_described_once_named_and_a_close_one_warns_without_blocking() {
    let phone = with(pv(PvKind::Audition, &[(Field::HeardAs, "TEMOIN")]));
    step(&phone, "Statut et droits");
    assert!(!phone.says("Langue de l’interprète"));
    phone.fill("Interprète", "Sven Larsson");
    phone.sent();
    assert!(phone.says("Langue de l’interprète") && phone.says("Lien de l’interprète\u{a0}: Voisin"));
    let phone = with(DraftView {
        problems: Vec::new(),
        signers: Vec::new(),
        ..sample::hearing()
    });
    step(&phone, "Récapitulatif");
    assert!(phone.says("L’interprète est un proche") && phone.says("Commune hors de votre ressort"));
    phone.press("Signer le PV");
    assert!(matches!(phone.only_sent(), Intent::Sign { .. }));
}

#[test]
fn questions_and_answers_begin_lines_of_the_account() {
    let phone = with(pv(PvKind::Audition, &[(Field::Account, "Je suis voisin.")]));
    step(&phone, "Récit des faits");
    phone.press("Question");
    assert_eq!(filled(&phone, Field::Account), "Je suis voisin.\nQ\u{a0}: ");
    phone.fill("Récit", "Je suis voisin.\nQ\u{a0}: Ici ?");
    phone.sent();
    phone.press("Réponse");
    assert_eq!(
        filled(&phone, Field::Account),
        "Je suis voisin.\nQ\u{a0}: Ici ?\nR\u{a0}: "
    );
    let phone = with(pv(PvKind::Transport, &[]));
    step(&phone, "Récit des faits");
    assert!(!phone.says("Question"));
}

#[test]
fn a_formula_is_offered_while_it_is_typed_and_takes_the_place_of_its_beginning() {
    let phone = with(pv(PvKind::Constatations, &[]));
    step(&phone, "Récit des faits");
    phone.fill("Récit", "Constatons la fuite. av");
    assert_eq!(phone.sent().len(), 1, "two letters are too few");
    phone.fill("Récit", "Constatons la fuite. avis");
    let sent = phone.sent();
    assert!(matches!(&sent[1], Intent::SearchFormulas { text, .. } if text == "avis"));
    phone.see(&View::Formulas(sample::formulas()));
    phone.press("Avis parquet");
    assert_eq!(
        filled(&phone, Field::Account),
        "Constatons la fuite. Avisons le magistrat de permanence du parquet de …"
    );
    assert!(!phone.says("Avis parquet"));
}

/// What the field is to hold after several edits.
#[track_caller]
fn last_filled(phone: &Phone, field: Field) -> String {
    let sent = phone.sent();
    let Some(Intent::Fill { field: of, text, .. }) = sent.last() else {
        panic!("{sent:?}");
    };
    assert_eq!(*of, field);
    text.clone()
}

#[test]
fn objects_are_added_part_by_part_and_a_seized_one_takes_the_next_seal() {
    let phone = with(pv(PvKind::Inventaire, &[]));
    step(&phone, "Objets");
    phone.fill("Combien", "12,3 g");
    phone.fill("Description", "herbe ; sachet");
    phone.sent();
    phone.press("Ajouter l’objet");
    assert_eq!(
        filled(&phone, Field::Inventory),
        "12,3 g ; herbe , sachet ; 1 ; SAISI"
    );
    phone.press("Retirer herbe , sachet");
    phone.sent();
    phone.fill("Combien", "12,3 g");
    phone.fill("Description", "herbe ; sachet");
    phone.fill("Trouvé où", "poche droite");
    phone.fill("Trouvé par", "RIO 2222222");
    phone.sent();
    phone.press("Scellé n° 1");
    assert_eq!(
        filled(&phone, Field::Inventory),
        "12,3 g ; herbe , sachet ; 1 ; SAISI ; poche droite ; RIO 2222222"
    );
    phone.fill("Trouvé où", "");
    phone.fill("Trouvé par", "");
    phone.sent();
    phone.fill("Scellé", "UN");
    assert_eq!(
        filled(&phone, Field::Inventory),
        "12,3 g ; herbe , sachet ; UN ; SAISI"
    );
    assert!(
        !phone.says("12,3 g × herbe , sachet"),
        "it is still in the fields"
    );
    phone.press("Ajouter l’objet");
    assert_eq!(phone.value("Combien"), "");
    assert!(phone.says("12,3 g × herbe , sachet") && phone.says("Saisi, scellé UN"));
    phone.fill("Combien", "1");
    phone.fill("Description", "joint");
    phone.press("Détruit");
    assert_eq!(
        last_filled(&phone, Field::Inventory),
        "12,3 g ; herbe , sachet ; UN ; SAISI\n1 ; joint ;  ; DETRUIT"
    );
    phone.press("Ajouter l’objet");
    phone.press("Retirer herbe , sachet");
    assert_eq!(filled(&phone, Field::Inventory), "1 ; joint ;  ; DETRUIT");
}

#[test]
fn a_photograph_says_which_object_it_shows() {
    let sha256 = Digest::of(b"photograph");
    let objects = "1 ; couteau ; 1 ; SAISI\n1 ; clé ; ; RESTITUE";
    let shown = |shows| DraftView {
        photos: vec![PhotoLine {
            marks: 0,
            shows,
            name: "couteau.jpg".to_owned(),
            sha256,
            bytes: 3_456_789,
        }],
        ..pv(PvKind::Inventaire, &[(Field::Inventory, objects)])
    };
    let phone = with(shown(None));
    step(&phone, "Objets");
    let said = |object| Intent::ShowObject {
        draft: shown(None).draft,
        sha256,
        object,
    };
    phone.press("couteau.jpg montre l’objet 2");
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&said(Some(2))));
    phone.see(&View::Draft(Box::new(shown(Some(2)))));
    phone.press("couteau.jpg montre l’objet 2");
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&said(None)));
}

#[test]
fn a_part_of_an_object_leaves_at_once_and_stands_in_its_field_again_after_an_end() {
    let phone = with(pv(
        PvKind::Inventaire,
        &[(Field::Inventory, "1 ; joint ; ; DETRUIT")],
    ));
    step(&phone, "Objets");
    phone.press("Restitué");
    assert!(phone.sent().is_empty(), "nothing is typed yet");
    let mut saved = String::new();
    for text in ["C", "Cout", "Couteau"] {
        phone.fill("Description", text);
        saved = filled(&phone, Field::Inventory);
        assert_eq!(saved, format!("1 ; joint ; ; DETRUIT\n ; {text} ;  ; RESTITUE"));
    }
    let again = with(pv(PvKind::Inventaire, &[(Field::Inventory, &saved)]));
    step(&again, "Objets");
    assert_eq!(again.value("Description"), "Couteau");
    assert!(again.says("1 × joint") && !again.says("Couteau"));
    again.fill("Combien", "2");
    assert_eq!(
        filled(&again, Field::Inventory),
        "1 ; joint ; ; DETRUIT\n2 ; Couteau ;  ; RESTITUE"
    );
    again.fill("Combien", "");
    again.sent();
    again.fill("Description", "");
    assert_eq!(filled(&again, Field::Inventory), "1 ; joint ; ; DETRUIT");
}

#[test]
fn other_signers_are_named_with_their_role() {
    let phone = with(pv(PvKind::Constatations, &[]));
    step(&phone, "Signataires");
    assert!(phone.says("Vous signez seul"));
    phone.press("Avocat");
    assert!(phone.sent().is_empty());
    phone.fill("Nom du signataire", "Maître Durand");
    assert_eq!(filled(&phone, Field::OtherSigners), "AVOCAT ; Maître Durand");
    phone.press("Ajouter le signataire");
    phone.press("Retirer Maître Durand");
    assert_eq!(filled(&phone, Field::OtherSigners), "");
}

#[test]
fn every_typed_field_of_each_kind_leaves_with_its_text() {
    for kind in PvKind::ALL {
        let problems = Field::ALL.map(|field| Problem::new(field, Reason::Missing));
        let phone = with(DraftView {
            problems: problems.to_vec(),
            ..pv(kind, &[(Field::Interpreter, "X")])
        });
        let mut typed = std::collections::BTreeSet::new();
        let own_panels = [
            "Chercher une infraction",
            "Combien",
            "Description",
            "Scellé",
            "Trouvé où",
            "Trouvé par",
            "Nom du signataire",
        ];
        for name in [
            "Acte",
            "Lieu de l’acte",
            "Personne",
            "Statut et droits",
            "Infraction",
            "Récit des faits",
            "Objets",
            "Mentions et annexes",
            "Signataires",
            "Véhicule",
        ] {
            if phone.says("Toutes les étapes") {
                phone.press("Toutes les étapes");
            }
            if !phone.says(name) {
                if phone.says("Étapes") {
                    phone.press("Fermer");
                }
                continue;
            }
            phone.press(name);
            let inputs = i_slint_backend_testing::ElementQuery::from_root(&phone.app)
                .match_descendants()
                .match_accessible_role(AccessibleRole::TextInput)
                .find_all();
            for input in inputs {
                let label = input.accessible_label().unwrap_or_default();
                if !own_panels.contains(&label.as_str()) {
                    input.set_accessible_value("texte");
                    let sent = phone.sent();
                    let Some(Intent::Fill { field, text, .. }) = sent.first() else {
                        panic!("{label} sent {sent:?}");
                    };
                    assert_eq!(text, "texte");
                    typed.insert(*field);
                }
            }
        }
        let untyped = [
            Field::PvKind,
            Field::PvFrame,
            Field::Origin,
            Field::Dress,
            Field::IdentityMode,
            Field::Certainty,
            Field::HeardAs,
            Field::Constraint,
            Field::NoticeLanguage,
            Field::Counsel,
            Field::InterpreterOath,
            Field::InterpreterLink,
            Field::InterpreterPhone,
            Field::Offences,
            Field::Inventory,
            Field::OtherSigners,
            Field::LicenceStatus,
            Field::Registration,
            Field::Genre,
        ];
        // The step of a measure is played by patrols that touch the screens.
        let measured = Field::measured(kind);
        let expected =
            Field::of_pv(kind).filter(|field| !untyped.contains(field) && !measured.contains(field));
        assert_eq!(typed, expected.collect(), "{kind:?}");
    }
}

#[test]
fn a_note_is_offered_to_the_corps_that_takes_them_and_says_its_term() {
    let phone = Phone::unlocked();
    assert!(!phone.says("Note"));
    phone.see(&View::Home(Box::new(sample::busy_home())));
    phone.press("Note");
    assert!(matches!(
        phone.only_sent(),
        Intent::StartDraft {
            kind: ActKind::Note,
            ..
        }
    ));
    phone.see(&View::Draft(Box::new(sample::note())));
    assert!(phone.says("Effacée à son terme, trois mois sauf règle contraire"));
    phone.press("Enquête");
    assert_eq!(filled(&phone, Field::NotePurpose), "ENQUETE");
    phone.press("Récapitulatif");
    phone.press("Signer la note");
    assert!(matches!(phone.only_sent(), Intent::Sign { .. }));
}

#[test]
fn a_problem_of_a_pv_leads_to_its_step() {
    let phone = with(sample::hearing());
    phone.press("2 points à compléter");
    let row = ElementHandle::find_by_accessible_label(&phone.app, "Serment de l’interprète")
        .find(|element| element.accessible_role() == Some(AccessibleRole::ListItem))
        .unwrap();
    row.invoke_accessible_default_action();
    phone.settle();
    assert!(phone.says("Serment de l’interprète\u{a0}: Oui"));
}
