//! What each form has of its own.

use domain::UnixMs;
use domain::dialogue::{
    AnswerLine, AnswerState, BasisLine, DraftView, HomeView, Intent, LimitLine, ListLine, View,
};
use domain::draft::{Field, Problem, Reason};
use domain::hotlist::{NotSought, Standing, Subject};
use domain::identity::crosscheck::{Claim, Fact, Footing, Name, Source, Value, crosscheck};
use domain::legal_basis::{BasisTable, CheckBasis};
use domain::officer::FileKind;
use domain::plainte::{Venue, in_order_of_asking};
use domain::query::{NotAnswered, Outcome};
use domain::record::ActKind;
use domain::verification::{self, Stage};
use drawn::{ComparedFact, CrosscheckAdapter, DangerAdapter, FormAdapter, Step};
use i_slint_backend_testing::{AccessibleRole, ElementHandle, ElementQuery};
use slint::{ComponentHandle, Model};

use super::{Phone, Screen, sample};

fn with(draft: DraftView, screen: Screen) -> Phone {
    let phone = Phone::unlocked();
    phone.see(&View::Draft(Box::new(draft)));
    phone.open(screen);
    phone
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

#[test]
fn every_basis_is_offered_and_sends_its_code() {
    let phone = with(sample::draft(ActKind::IdentityCheck, &[]), Screen::IdentityCheck);
    phone.press("Cadre");
    let rows = BasisTable::built_in().rows();
    assert_eq!(rows.len(), CheckBasis::ALL.len());
    for row in rows {
        phone.press(&row.title);
        assert_eq!(filled(&phone, Field::CheckBasis), row.basis.code());
        assert_eq!(phone.get(&row.title).accessible_checked(), Some(true));
        phone.press("Changer de cadre");
    }
}

#[test]
fn a_text_that_cannot_be_used_says_why_before_anything_else() {
    let mut view = sample::draft(ActKind::IdentityCheck, &[]);
    view.bases = vec![BasisLine::of(
        &BasisTable::built_in().rows()[0],
        Some(Reason::OpjMissing),
    )];
    let phone = with(view, Screen::IdentityCheck);
    phone.press("Cadre");
    let row = phone.get("A commis ou tenté une infraction");
    let said = row.accessible_description().unwrap();
    assert!(said.contains("OPJ"), "{said}");
}

#[test]
fn urgency_is_one_tap_where_files_wait_for_a_text_and_what_is_open_is_said() {
    let mut view = sample::draft(ActKind::IdentityCheck, &[]);
    view.blocked = Some(Problem::new(Field::CheckBasis, Reason::Missing));
    let phone = with(view.clone(), Screen::IdentityCheck);
    phone.press("Fichiers");
    phone.press("Urgence, à compléter");
    let sent = phone.only_sent();
    assert!(
        matches!(sent, Intent::Urgent { draft } if draft == view.draft),
        "{sent:?}"
    );
    view.blocked = None;
    view.frame_open = true;
    phone.see(&View::Draft(Box::new(view.clone())));
    assert!(!phone.says("Urgence, à compléter"));
    assert!(phone.says("Cadre à compléter"));
    phone.see(&View::Home(Box::new(HomeView {
        frames_open: vec![view.draft],
        ..sample::home()
    })));
    phone.open(Screen::Home);
    assert!(phone.says("Cadre à compléter"));
}

#[test]
fn the_time_of_a_text_stands_on_its_tab() {
    let mut view = sample::draft(ActKind::IdentityCheck, &[(Field::CheckBasis, "PREV-V")]);
    view.limit = Some(LimitLine {
        until: domain::UnixMs(1_795_284_300_000),
        left_min: 8,
        in_one_place: false,
        stage: Stage::TenMinutes,
    });
    let phone = with(view, Screen::IdentityCheck);
    phone.press("Cadre");
    assert!(phone.says("Reste 0 h 8 min dans ce cadre"), "{:?}", phone.texts());
}

#[test]
fn the_requisition_is_asked_for_under_its_basis_alone() {
    let phone = with(sample::draft(ActKind::IdentityCheck, &[]), Screen::IdentityCheck);
    phone.press("Cadre");
    assert!(!phone.says("Réquisition"));
    phone.press("Réquisitions du procureur");
    assert!(phone.says("Réquisition"));
}

#[test]
fn each_verdict_on_a_document_stands_apart_and_unchecked_is_never_good() {
    let phone = with(sample::identity_check(), Screen::IdentityCheck);
    assert_eq!(phone.value("Lecture"), "Clés cohérentes");
    assert_eq!(phone.value("Signature"), "Non vérifiée");
    assert_eq!(phone.value("Émetteur"), "Non vérifié");
    assert_eq!(phone.value("Validité"), "Expirée (15/04/2012)");
    assert_eq!(phone.value("Statut"), "Non vérifié");
}

#[test]
fn a_consultation_leaves_with_its_file_and_its_motive() {
    let phone = with(sample::identity_check(), Screen::IdentityCheck);
    phone.press("Fichiers");
    phone.press("Contrôle routier");
    phone.press("FOVeS");
    let asked = Intent::Consult {
        draft: sample::act(1),
        file: FileKind::Foves,
        motive: "Contrôle routier".to_owned(),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
}

#[test]
fn a_found_entry_comes_first_with_what_to_do() {
    let phone = with(sample::identity_check(), Screen::IdentityCheck);
    phone.press("Fichiers");
    let top = |label: &str| phone.get(label).absolute_position().y;
    assert!(phone.says("Interpeller, aviser l’OPJ de permanence. Individu dangereux, peut être armé."));
    assert!(top("Conduite à tenir") < top("FOVeS\u{a0}: aucune fiche au 11/03/2026"));
    let nothing = phone.get("FOVeS\u{a0}: aucune fiche au 11/03/2026");
    assert_eq!(
        nothing.accessible_description().unwrap(),
        "Ne vaut pas absence de recherche."
    );
}

#[test]
fn a_dangerous_entry_is_seen_from_every_tab() {
    let phone = with(sample::identity_check(), Screen::IdentityCheck);
    let alert = "FICHE, DANGER\u{a0}: conduite à tenir";
    phone.press("Cadre");
    phone.press(alert);
    assert!(!phone.says(alert) && phone.says("Conduite à tenir"));
}

#[test]
fn a_file_that_did_not_answer_never_says_that_nothing_was_found() {
    for state in [
        AnswerState::Asked,
        AnswerState::NoAnswer,
        sample::answered(FileKind::Fpr, Outcome::NotAnswered(NotAnswered::Expired)).state,
        sample::answered(FileKind::Fpr, Outcome::NotAnswered(NotAnswered::NotHabilitated)).state,
        sample::answered(FileKind::Fpr, Outcome::NotAnswered(NotAnswered::Unreadable)).state,
        sample::answered(FileKind::Fpr, Outcome::NotAnswered(NotAnswered::FrameMissing)).state,
    ] {
        let file = FileKind::Fpr;
        let draft = DraftView {
            answers: vec![AnswerLine { file, state }],
            ..sample::identity_check()
        };
        let phone = with(draft, Screen::IdentityCheck);
        phone.press("Fichiers");
        assert!(!phone.says("FPR\u{a0}: aucune fiche au 11/03/2026"));
        assert!(!phone.says("FPR\u{a0}: aucune fiche au "));
    }
}

/// The files tab with what the list of persons said of one.
fn person_listed(standing: Standing) -> Phone {
    let line = ListLine {
        subject: Subject::Person,
        about: "ERIKSSON ANNA, 12/08/1974".into(),
        standing,
    };
    let draft = DraftView {
        answers: Vec::new(),
        lists: vec![line],
        ..sample::identity_check()
    };
    let phone = with(draft, Screen::IdentityCheck);
    phone.press("Fichiers");
    phone
}

#[test]
fn lil_31_89_a_person_perhaps_listed_is_shown_without_coercion() {
    let as_of = UnixMs(1_773_252_000_000);
    let phone = person_listed(Standing::Listed { as_of });
    let told = phone.get("Liste hors ligne\u{a0}: ERIKSSON ANNA, 12/08/1974, personne peut-être inscrite");
    assert_eq!(
        told.accessible_description().unwrap(),
        "Liste du 11/03/2026 à 19\u{a0}h\u{a0}00. À confirmer en ligne ou par radio\u{a0}: homonymie possible, aucune contrainte \
         sur cette seule réponse."
    );
    let shouted = |text: &String| text.contains("SIGNALÉ") || text.contains("DANGER");
    assert!(!phone.texts().iter().any(shouted));
    let phone = person_listed(Standing::NotFound { as_of });
    let told = phone
        .get("Liste hors ligne\u{a0}: ERIKSSON ANNA, 12/08/1974, personne non trouvée au 11/03/2026 à 19\u{a0}h\u{a0}00");
    assert_eq!(
        told.accessible_description().unwrap(),
        "Ne vaut pas absence de signalement. À confirmer en ligne ou par radio."
    );
    let phone = person_listed(Standing::NotAsked(NotSought::Birth));
    assert!(phone.says("Liste de personnes non consultée\u{a0}: date de naissance inconnue ou incomplète"));
    let phone = person_listed(Standing::NotAsked(NotSought::Name));
    assert!(phone.says("Liste de personnes non consultée\u{a0}: nom ou prénom inutilisable"));
    let phone = person_listed(Standing::NoList);
    assert!(phone.says("Pas de liste de personnes sur ce terminal"));
}

#[test]
fn one_tap_asks_every_file_of_the_check() {
    let phone = with(sample::identity_check(), Screen::IdentityCheck);
    phone.press("Fichiers");
    phone.press("Contrôle routier");
    phone.press("Tout consulter");
    let asked = Intent::ConsultAll {
        draft: sample::act(1),
        motive: "Contrôle routier".to_owned(),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&asked));
}

/// The files tab with this answer alone.
fn answered_with(line: AnswerLine) -> Phone {
    let draft = DraftView {
        answers: vec![line],
        ..sample::identity_check()
    };
    let phone = with(draft, Screen::IdentityCheck);
    phone.press("Fichiers");
    phone
}

#[test]
fn a_contract_that_is_not_found_never_means_uninsured() {
    let phone = answered_with(sample::answered(FileKind::Fva, Outcome::NothingFound));
    let told = phone.get("FVA\u{a0}: contrat non trouvé au 11/03/2026");
    assert_eq!(
        told.accessible_description().unwrap(),
        "L’assureur a trois jours pour déclarer un contrat. Ne vaut pas défaut d’assurance."
    );
    assert!(!phone.texts().iter().any(|text| text.contains("non assuré")));
}

#[test]
fn a_document_that_no_file_knows_is_neither_valid_nor_invalid() {
    let phone = answered_with(sample::answered(FileKind::Docverif, Outcome::NothingFound));
    let told = phone.get("DOCVERIF\u{a0}: titre inconnu au 11/03/2026");
    assert_eq!(
        told.accessible_description().unwrap(),
        "Le titre n’est dit ni valide, ni invalide."
    );
}

#[test]
fn a_surveillance_is_opened_by_a_touch_and_shouts_from_no_tab() {
    let card = domain::query::Card {
        instruction: Some("Ne pas attirer l’attention.".into()),
        surveillance: true,
        ..sample::wanted()
    };
    let phone = answered_with(sample::answered(FileKind::Fpr, Outcome::Found(vec![card])));
    assert!(phone.says("FPR\u{a0}: réponse au 11/03/2026"));
    for loud in [
        "FICHE",
        "FICHE, DANGER",
        "Conduite à tenir",
        "Ne pas attirer l’attention.",
    ] {
        assert!(!phone.says(loud), "{loud}");
    }
    phone.press("Lire");
    let told = phone.get("FPR\u{a0}: réponse au 11/03/2026");
    assert_eq!(
        told.accessible_description().unwrap(),
        "Ne pas attirer l’attention."
    );
    assert!(phone.says("ERIKSSON Anna Maria, née le 12/08/1974"));
    phone.press("Personne");
    assert!(!phone.says("FICHE, DANGER\u{a0}: conduite à tenir"));
}

#[test]
fn a_fiche_says_its_number_and_whose_it_may_be() {
    let card = domain::query::Card {
        homonym: Some(domain::query::Homonym::BirthDiffers),
        ..sample::wanted()
    };
    let phone = answered_with(sample::answered(FileKind::Fpr, Outcome::Found(vec![card])));
    assert!(phone.says("Fiche n° 2025-118204"));
    assert_eq!(phone.value("Homonyme possible"), "autre date de naissance");
}

fn late(outcome: Outcome) -> AnswerLine {
    let line = sample::answered(FileKind::Fpr, outcome);
    let answer = line.state.answer().unwrap().clone();
    AnswerLine {
        state: AnswerState::Late(Box::new(answer)),
        ..line
    }
}

#[test]
fn a_late_answer_says_so() {
    let phone = answered_with(late(Outcome::NothingFound));
    assert!(phone.says("FPR\u{a0}: réponse tardive") && phone.says("FPR\u{a0}: aucune fiche au 11/03/2026"));
}

#[test]
fn home_reminds_of_a_hit_until_it_is_read() {
    let phone = Phone::unlocked();
    phone.see(&View::Home(Box::new(domain::dialogue::HomeView {
        answers: vec![late(Outcome::Found(vec![sample::wanted()]))],
        ..sample::home()
    })));
    phone.open(Screen::Home);
    assert!(phone.says("Interpeller, aviser l’OPJ de permanence. Individu dangereux, peut être armé."));
    phone.press("J’ai lu la réponse");
    let read = Intent::AnswerSeen {
        query: domain::QueryId::from_bytes([5; 16]),
    };
    assert_eq!(domain::encode(&phone.only_sent()), domain::encode(&read));
}

#[test]
fn a_locked_phone_says_that_an_answer_waits_and_nothing_else() {
    let phone = Phone::unlocked();
    phone.see(&View::Home(Box::new(domain::dialogue::HomeView {
        answers: vec![late(Outcome::Found(vec![sample::wanted()]))],
        ..sample::home()
    })));
    phone.see(&View::Lock(domain::dialogue::LockView {
        answers: 1,
        ..sample::locked()
    }));
    assert!(phone.says("1 réponse attend"));
    let texts = phone.texts();
    assert!(
        !texts
            .iter()
            .any(|text| text.contains("FPR") || text.contains("FICHE"))
    );
}

#[test]
fn offences_are_searched_as_typed_chosen_by_a_tap_and_removed() {
    let phone = with(sample::pv(), Screen::Pv);
    phone.press("Infraction");
    phone.fill("Chercher une infraction", "telephone");
    assert!(matches!(phone.only_sent(), Intent::SearchOffences { text } if text == "telephone"));
    phone.see(&View::Offences(sample::offences()));
    phone.press("NATINF 23800");
    assert_eq!(filled(&phone, Field::Offences), "7151 23800");
    phone.press("Retirer NATINF 7151");
    assert_eq!(filled(&phone, Field::Offences), "23800");
    assert!(!phone.says("Retirer NATINF 7151") && phone.says("Retirer NATINF 23800"));
}

#[test]
fn what_the_officer_notes_most_often_is_one_tap_away_until_it_is_chosen() {
    let phone = with(sample::pve(), Screen::Pve);
    phone.sent();
    phone.press("Infraction");
    let asked = phone.asked();
    assert!(
        asked
            .iter()
            .any(|intent| matches!(intent, Intent::SearchOffences { text } if text.is_empty())),
        "{asked:?}"
    );
    phone.see(&View::Offences(sample::offences()));
    assert!(phone.says("Relevées le plus souvent"));
    let usual = |phone: &Phone| {
        let rows = ElementQuery::from_root(&phone.app).match_descendants();
        let rows = rows.match_accessible_role(AccessibleRole::ListItem).find_all();
        rows.iter()
            .filter_map(ElementHandle::accessible_label)
            .collect::<Vec<_>>()
    };
    let before = usual(&phone);
    assert!(
        !before.is_empty() && before.iter().all(|label| label != "NATINF 23800"),
        "{before:?}"
    );
    phone.fill("Chercher une infraction", "zzz");
    assert!(!phone.says("Relevées le plus souvent"));
}

#[test]
fn the_victim_chooses_how_the_recepisse_goes_with_them() {
    let phone = with(sample::plainte(), Screen::Plainte);
    turn(&phone, Step::Signers);
    phone.press("Récépissé : Gardé au service pour la victime");
    assert_eq!(filled(&phone, Field::HandReceipt), "non");
    phone.press("Récépissé : Remis sous un titre neutre");
    assert_eq!(filled(&phone, Field::HandReceipt), "neutre");
    phone.press("Récépissé : Remis");
    assert_eq!(filled(&phone, Field::HandReceipt), "oui");
}

#[test]
fn the_venue_of_a_complaint_sends_its_code() {
    let phone = with(sample::plainte(), Screen::Plainte);
    turn(&phone, Step::Reception);
    assert_eq!(
        phone.get("Domicile de la victime").accessible_checked(),
        Some(true)
    );
    phone.press("Chez un tiers");
    assert_eq!(filled(&phone, Field::Venue), Venue::HomeOfThirdParty.code());
}

#[test]
fn every_text_of_a_complaint_can_be_typed() {
    let phone = with(sample::draft(ActKind::Plainte, &[]), Screen::Plainte);
    let steps: [(Step, &[(&str, Field)]); 7] = [
        (
            Step::Reception,
            &[
                ("Hôte", Field::Host),
                ("Lieu", Field::Place),
                ("Accompagnants", Field::Companions),
                ("Interprète", Field::Interpreter),
            ],
        ),
        (
            Step::Person,
            &[
                ("Bande de lecture (MRZ)", Field::Mrz),
                ("Nom", Field::Surname),
                ("Prénoms", Field::GivenNames),
                ("Date de naissance", Field::BirthDate),
                ("Mandat électif", Field::Mandate),
                ("Adresse", Field::Address),
                ("Téléphone", Field::Phone),
            ],
        ),
        (
            Step::Offence,
            &[
                ("Moment des faits", Field::When),
                ("Début des faits", Field::FactsFrom),
                ("Lieu des faits", Field::FactsPlace),
            ],
        ),
        (
            Step::Facts,
            &[
                ("Mode opératoire", Field::Modus),
                ("Arme", Field::Weapon),
                ("Personne mise en cause", Field::Suspect),
                ("Témoins", Field::Witnesses),
            ],
        ),
        (
            Step::Losses,
            &[("Préjudice", Field::Losses), ("Blessures", Field::Injuries)],
        ),
        (
            Step::Evaluation,
            &[
                ("Importance du préjudice", Field::Harm),
                ("Vulnérabilité", Field::Vulnerability),
                ("Intimidation ou représailles", Field::Reprisals),
            ],
        ),
        (
            Step::Signers,
            &[("Questions et observations de l’avocat", Field::LawyerWords)],
        ),
    ];
    for (step, fields) in steps {
        turn(&phone, step);
        for (label, field) in fields {
            phone.fill(label, "texte");
            assert_eq!(filled(&phone, *field), "texte");
        }
    }
}

#[test]
fn what_an_answer_calls_for_is_asked_after_it_alone() {
    let phone = with(sample::draft(ActKind::Plainte, &[]), Screen::Plainte);
    turn(&phone, Step::Act);
    assert!(!phone.says("Magistrat avisé"));
    phone.see(&View::Draft(Box::new(sample::draft(
        ActKind::Plainte,
        &[(Field::Deposit, "MAIN-COURANTE")],
    ))));
    assert!(phone.says("Magistrat avisé") && phone.says("Refus de la victime, avec ses mots"));
}

#[test]
fn danger_grid_the_red_questions_come_first_and_no_screen_shows_a_score() {
    let filled_in = "OOOOOOOOOOOOOOOOOOOOOO.";
    let phone = with(
        sample::draft(ActKind::Plainte, &[(Field::Grid, filled_in)]),
        Screen::Plainte,
    );
    turn(&phone, Step::Danger);
    let rows: Vec<i32> = phone
        .app
        .global::<DangerAdapter<'_>>()
        .get_rows()
        .iter()
        .map(|row| row.number)
        .collect();
    assert_eq!(rows[..5], [3, 7, 9, 15, 21]);
    assert!(phone.says("1 question à poser"));
    let last = in_order_of_asking().last().unwrap();
    phone.press(&format!("{}\u{a0}: Sans réponse", last.text));
    assert_eq!(filled(&phone, Field::Grid), "OOOOOOOOOOOOOOOOOOOOOOS");
    turn(&phone, Step::Summary);
    assert!(!phone.says("Grille d’évaluation du danger"));
    assert!(!phone.says("Danger"));
}

#[test]
fn cpp_78_3_the_hours_that_are_left_stand_on_the_home_screen_and_on_every_step() {
    let phone = Phone::unlocked();
    phone.see(&View::Home(Box::new(HomeView {
        retentions: vec![sample::retention(133, Stage::Running)],
        ..sample::home()
    })));
    assert!(phone.says("Rétention\u{a0}: reste 2 h 13 min"));
    phone.see(&View::Draft(Box::new(sample::verification())));
    phone.open(Screen::Verification);
    for step in [
        Step::Act,
        Step::Decision,
        Step::Rights,
        Step::Finding,
        Step::Summary,
    ] {
        turn(&phone, step);
        assert!(phone.says("Rétention dépassée de 0 h 5 min"), "{step:?}");
    }
}

#[test]
fn cpp_78_3_a_check_leads_to_its_verification_and_the_rights_are_one_page_and_one_tap() {
    let phone = with(sample::identity_check(), Screen::IdentityCheck);
    phone.press("Vérification d’identité (78-3)");
    assert!(matches!(phone.only_sent(), Intent::Verify { id: None, .. }));
    let phone = with(sample::verification(), Screen::Verification);
    turn(&phone, Step::Rights);
    assert!(verification::RIGHTS.iter().all(|right| phone.says(right)));
    phone.press("Español");
    phone.press("Droits lus et compris");
    assert_eq!(filled(&phone, Field::RetentionNotice), "es");
    assert!(phone.says("Droits notifiés (Español)"));
    assert!(phone.says("Personne à prévenir"), "the person asked for somebody");
}

fn turn(phone: &Phone, step: Step) {
    phone.app.global::<FormAdapter<'_>>().invoke_turn(step);
    phone.settle();
}

#[test]
fn what_differs_between_sources_stands_first_with_both_words_and_says_nothing_of_a_false_document() {
    let name = |text| Value::Name(Name::read(text).unwrap());
    let claim = |fact, source, footing, value| Claim {
        fact,
        source,
        footing,
        value,
    };
    let draft = DraftView {
        compared: crosscheck(&[
            claim(Fact::Surname, Source::Zone, Footing::Counts, name("MARTIN")),
            claim(Fact::Surname, Source::Typed, Footing::Counts, name("Martin")),
            claim(Fact::GivenNames, Source::Zone, Footing::Counts, name("ANNE")),
            claim(Fact::GivenNames, Source::Typed, Footing::Counts, name("Jeanne")),
            claim(
                Fact::Number,
                Source::Seal,
                Footing::ShownOnly,
                Value::code("D2H68").unwrap(),
            ),
        ]),
        ..sample::draft(ActKind::IdentityCheck, &[])
    };
    let phone = with(draft, Screen::IdentityCheck);
    assert!(phone.says("1 différence à vérifier"));
    assert!(phone.says("Jeanne") && phone.says("ANNE"), "side by side");
    assert!(phone.says("Cachet (non prouvé)"));
    let facts = phone.app.global::<CrosscheckAdapter<'_>>().get_rows();
    let facts: Vec<ComparedFact> = facts.iter().map(|line| line.fact).collect();
    let expected = [
        ComparedFact::GivenNames,
        ComparedFact::Number,
        ComparedFact::Surname,
    ];
    assert_eq!(facts, expected);
    phone.press("Fichiers");
    assert!(
        phone.says("1 différence à vérifier"),
        "on the tab of the files too"
    );
    phone.see(&View::Draft(Box::new(sample::draft(ActKind::IdentityCheck, &[]))));
    assert!(!phone.says("1 différence à vérifier"));
}
