//! Everything that stands around the account of a complaint, in the document and in the hand-over.

use documents::handoff;
use domain::natinf::ReferenceSet;
use domain::plainte as p;
use serde_json::Value;

use crate::acts::{at, of_plainte, plainte};
use crate::contents::assert_says;
use crate::enclosed::footer;
use crate::pdf;
use crate::schema::Schema;

/// A complaint that says everything.
fn whole_complaint() -> p::Plainte {
    let mut whole = plainte();
    whole.reception = p::Reception {
        host: Some("Mme Accueil".into()),
        confidential: Some(true),
        complainant: p::Complainant::LegalPerson(p::LegalPerson {
            name: "GAEC du Silo".to_owned(),
            siren: p::Siren::parse("732829320").unwrap(),
            quality: "gérante".to_owned(),
        }),
        companions: vec![p::Companion::parse("AVOCAT ; Me Roux").unwrap()],
        interpreter: Some(domain::pv::Interpreter {
            name: "Samir Haddad".into(),
            language: "ar".to_owned(),
            sworn: true,
            link: domain::pv::Link::None,
            by_telephone: true,
        }),
        lawyer: vec!["Depuis quand\u{a0}?".into()],
        domicile: p::Domicile::ThirdParty("Anne Petit".into()),
        electronic: Some(false),
        mandate: Some("maire".to_owned()),
        filmed_by: None,
    };
    whole.facts = p::Facts {
        period: Some(p::Period {
            from: at(0).utc,
            to: Some(at(60).utc),
        }),
        modus: Some("cadenas coupé".to_owned()),
        weapon: Some("fusil".to_owned()),
        discrimination: Some(p::Discrimination::Disability),
        link: Some(p::SuspectLink::FormerPartner),
        witnesses: vec!["Paul Noir".into()],
        losses: ["GPS ; Canari ; 490154203237518 ; 9 800", "gazole ; ; ; 240,5"]
            .map(|line| p::Loss::parse(line).unwrap())
            .to_vec(),
        injuries: Some(p::Injuries {
            told: "côte cassée".into(),
            itt_days: Some(12),
            examination: p::Examination::Refused("Pas aujourd'hui.".into()),
        }),
        ..p::Facts::default()
    };
    whole.evaluation.vulnerability = Some("enceinte".into());
    let grid = p::Filling::parse("OOOOOOOOOOOOOOOOOOOOOOO").unwrap();
    whole.danger = p::DangerGrid::of(grid, false);
    whole.filed = Some(p::FiledOnline {
        filed: p::Filed::PreComplaint,
        number: "2026-93-004412".to_owned(),
    });
    whole.directed = vec![p::OnlineService::Thesee];
    whole
}

#[test]
fn what_stands_around_an_account_is_said_section_by_section_and_the_danger_grid_is_not() {
    let text = pdf::text(&pdf::act(&of_plainte(whole_complaint())));
    assert_says(
        &text,
        &[
            "Avec l’assistance de Samir Haddad, interprète en langue arabe, par téléphone",
            "GAEC du Silo, SIREN 732829320, gérante",
            "Mme Accueil",
            "Me Roux (avocat)",
            "celle d’un tiers, Anne Petit, qui y consent expressément",
            "pré-plainte en ligne n° 2026-93-004412, relue avec la victime",
            "THESEE (escroqueries en ligne)",
            "la victime refuse la voie électronique",
            "Mode opératoire cadenas coupé",
            "handicap",
            "ancien conjoint",
            "ITT 12 jours",
            "refusé par la victime",
            "IMEI 490154203237518",
            "9 800,00 €",
            "10 040,50 €",
            "Questions et observations de l’avocat",
            "Évaluation personnalisée",
            "Vulnérabilité enceinte",
        ],
    );
    // The copy goes to the victim, and so to whoever looks over their shoulder.
    for hidden in ["grille", "danger", "arme à feu"] {
        assert!(!text.to_lowercase().contains(hidden), "{hidden}");
    }
    let handed: Value =
        serde_json::from_slice(&handoff(&of_plainte(whole_complaint()), &ReferenceSet::embedded()).unwrap())
            .unwrap();
    Schema::read().check(&handed);
    let recueil = &handed["plainte"]["recueil"];
    assert_eq!(recueil["grille"]["danger"], true);
    assert_eq!(recueil["prejudice"][0]["valeur_centimes"], 980_000);
    assert_eq!(recueil["blessures"]["examen_refuse"], "Pas aujourd'hui.");
}

#[test]
fn protocol_a_refusal_is_in_the_hand_over_and_in_no_document() {
    let mut complaint = whole_complaint();
    complaint.protocol = p::protocol::parse("UMJ ; REFUS ; je veux rentrer chez ma mère").unwrap();
    let record = of_plainte(complaint);
    assert!(!pdf::text(&pdf::act(&record)).contains("ma mère"));
    let handed: Value =
        serde_json::from_slice(&handoff(&record, &ReferenceSet::embedded()).unwrap()).unwrap();
    Schema::read().check(&handed);
    let kept = &handed["plainte"]["recueil"]["protocole"][0];
    assert_eq!(
        (&kept["tache"], &kept["reponse"], &kept["mots"]),
        (
            &"UMJ".into(),
            &"REFUS".into(),
            &"je veux rentrer chez ma mère".into()
        )
    );
}

#[test]
fn cpp_15_3_a_main_courante_is_no_complaint_and_says_that_one_is_taken_at_any_time() {
    let mut without = plainte();
    without.deposit = p::Deposit::MainCourante(p::WithoutPlainte {
        refusal: Some("Je ne veux pas d'histoires.".into()),
        violence: Some(p::ProsecutorTold {
            at: at(0).utc,
            magistrate: "permanence de Bobigny".to_owned(),
        }),
    });
    let record = of_plainte(without);
    let text = pdf::text(&pdf::act(&record));
    assert_says(
        &text,
        &[
            "COMPTE RENDU",
            "MAIN COURANTE",
            "qui ne dépose pas plainte",
            "la plainte est reçue à tout moment, par tout service, sans condition",
            "Je ne veux pas d'histoires.",
            "permanence de Bobigny",
        ],
    );
    assert!(!text.contains("Recevons la plainte"));
    let handed: Value =
        serde_json::from_slice(&handoff(&record, &ReferenceSet::embedded()).unwrap()).unwrap();
    Schema::read().check(&handed);
    assert_eq!(
        handed["plainte"]["recueil"]["sans_plainte"]["acte"],
        "Main courante"
    );
}

#[test]
fn danger_grid_is_a_sheet_for_the_prosecutor_with_every_answer_and_what_the_protocol_led_to() {
    let mut plainte = whole_complaint();
    plainte.protocol = p::protocol::parse("UMJ ; REFUS ; « je veux rentrer »\nPARQUET ; FAIT").unwrap();
    let sheet = documents::grille(&of_plainte(plainte), Some(&footer())).unwrap();
    pdf::assert_sound(&sheet);
    let text = pdf::text(&sheet);
    assert_says(
        &text,
        &[
            "Grille d’évaluation du danger",
            "transmise au procureur de la République",
            "jamais remise à la victime",
            "au moins deux réponses rouges",
            "Possède-t-il une arme à feu, déclarée ou non",
            "Avis au parquet Fait",
            "je veux rentrer",
        ],
    );
    assert_eq!(text.matches("Oui").count(), 23, "{text}");
}

#[test]
fn danger_grid_no_sheet_ever_says_that_there_is_no_danger() {
    let mut calm = whole_complaint();
    let grid = p::Filling::parse("NNNNNNNNNNNNNNNNNNNNNNS").unwrap();
    calm.danger = p::DangerGrid::of(grid, false);
    let text = pdf::text(&documents::grille(&of_plainte(calm.clone()), None).unwrap());
    assert_says(&text, &["Sans réponse"]);
    for word in ["pas de danger", "aucun danger", "Danger :", "Suites données"] {
        assert!(!text.contains(word), "`{word}` is in: {text}");
    }
    calm.danger = None;
    let none = documents::grille(&of_plainte(calm), None);
    assert!(matches!(none, Err(documents::DocumentError::NoGrid)));
}

#[test]
fn protocol_each_task_stands_on_the_prosecutors_sheet_and_in_the_hand_over() {
    let tasks = [
        ("PARQUET", "Avis au parquet"),
        (
            "FICHIERS",
            "Consultation de TAJ, MCI, FPR et des procédures connues",
        ),
        ("ARMES", "Recherche et saisie des armes (AGRIPPA)"),
        ("INTERPELLATION", "Interpellation de l’auteur"),
        ("UMJ", "Réquisition de l’UMJ, avec photographies"),
        ("TRANSPORT", "Transport de la victime"),
        ("SECURITE", "Mise en sécurité : proche, 115, places réservées"),
        ("EFFETS", "Récupération des effets sous escorte"),
        ("OP", "Ordonnance de protection (515-9 du Code civil)"),
        ("TGD", "Téléphone grave danger (41-3-1 CPP)"),
        ("BAR", "Bracelet anti-rapprochement (138-3 CPP)"),
        (
            "CONTACTS",
            "Orientation : intervenant social, psychologue, association",
        ),
        (
            "COPIE",
            "Remise de la copie, du récépissé et de la fiche d’information",
        ),
    ];
    let mut complaint = whole_complaint();
    let done = tasks.map(|(code, _)| format!("{code} ; FAIT")).join("\n");
    complaint.protocol = p::protocol::parse(&done).unwrap();
    let record = of_plainte(complaint);
    let text = pdf::text(&documents::grille(&record, Some(&footer())).unwrap());
    let rows = tasks.map(|(_, label)| format!("{label} Fait"));
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    assert_says(&text, &rows);
    let handed: Value =
        serde_json::from_slice(&handoff(&record, &ReferenceSet::embedded()).unwrap()).unwrap();
    Schema::read().check(&handed);
    let kept = handed["plainte"]["recueil"]["protocole"].as_array().unwrap();
    let codes: Vec<&str> = kept.iter().map(|one| one["tache"].as_str().unwrap()).collect();
    assert_eq!(codes, tasks.map(|(code, _)| code));
}

#[test]
fn danger_grid_the_hand_over_says_danger_or_nothing() {
    let said = |letters: &str, raised| {
        let mut complaint = whole_complaint();
        let grid = p::Filling::parse(letters).unwrap();
        complaint.danger = p::DangerGrid::of(grid, raised);
        let handed = handoff(&of_plainte(complaint), &ReferenceSet::embedded()).unwrap();
        let handed: Value = serde_json::from_slice(&handed).unwrap();
        Schema::read().check(&handed);
        handed["plainte"]["recueil"]["grille"].clone()
    };
    let calm = said("NNNNNNNNNNNNNNNNNNNNNNS", false);
    assert_eq!(calm["reponses"].as_array().unwrap().len(), 23);
    assert_eq!(
        (calm.get("danger"), calm.get("releve_par_le_redacteur")),
        (None, None)
    );
    let raised = said("NNNNNNNNNNNNNNNNNNNNNNS", true);
    assert_eq!(
        (&raised["danger"], &raised["releve_par_le_redacteur"]),
        (&true.into(), &true.into())
    );
    let plain = said("......O.............O..", false);
    assert_eq!(
        (&plain["danger"], &plain["reponses"][0]["reponse"]),
        (&true.into(), &"non posée".into())
    );
}

#[test]
fn cpp_10_5_and_d1_3_the_four_criteria_and_the_measures_stand_in_the_document() {
    let mut complaint = plainte();
    complaint.evaluation = p::Evaluation {
        harm: Some("côte cassée".into()),
        circumstances: Some("ancien conjoint".into()),
        vulnerability: Some("enceinte".into()),
        reprisals: Some("craint son retour".into()),
        measures: Some("même enquêtrice".into()),
    };
    assert_says(
        &pdf::text(&pdf::act(&of_plainte(complaint))),
        &[
            "Évaluation personnalisée (articles 10-5 et D.1-3",
            "Importance du préjudice côte cassée",
            "Circonstances ancien conjoint",
            "Vulnérabilité enceinte",
            "Risque d’intimidation ou de représailles craint son retour",
            "Mesures même enquêtrice",
        ],
    );
}

#[test]
fn cpp_10_4_each_companion_has_a_role_and_the_lawyer_speaks_after_the_account() {
    let mut complaint = plainte();
    complaint.reception.companions = [
        "AVOCAT ; Me Roux",
        "MAJEUR ; Anne Petit",
        "REPRESENTANT ; Paule Durand",
        "ADMINISTRATEUR ; Mme Noir",
    ]
    .map(|line| p::Companion::parse(line).unwrap())
    .to_vec();
    complaint.reception.lawyer = vec!["Depuis quand\u{a0}?".into(), "Observations remises.".into()];
    assert_says(
        &pdf::text(&pdf::act(&of_plainte(complaint))),
        &[
            "Me Roux (avocat)",
            "Anne Petit (majeur de son choix)",
            "Paule Durand (représentant légal)",
            "Mme Noir (administrateur ad hoc)",
            "On m'a pris mon vélo",
            "Questions et observations de l’avocat",
            "Depuis quand ?",
            "Observations remises.",
        ],
    );
}

#[test]
fn cpp_706_52_the_service_that_films_the_hearing_stands_in_the_act() {
    let mut complaint = plainte();
    complaint.reception.filmed_by = Some("brigade des mineurs, le 22 à 9 h".to_owned());
    assert_says(
        &pdf::text(&pdf::act(&of_plainte(complaint))),
        &["Audition filmée brigade des mineurs, le 22 à 9 h"],
    );
}

#[test]
fn cpp_803_1_the_act_says_what_the_victim_agreed_to_and_nothing_where_nobody_asked() {
    let said = |electronic| {
        let mut complaint = plainte();
        complaint.reception.electronic = electronic;
        pdf::text(&pdf::act(&of_plainte(complaint)))
    };
    assert_says(
        &said(Some(true)),
        &["la victime accepte d’être informée par voie électronique (article 803-1)"],
    );
    assert_says(&said(Some(false)), &["la victime refuse la voie électronique"]);
    assert!(!said(None).to_lowercase().contains("voie électronique"));
}

#[test]
fn cpp_15_3_the_act_and_the_recepisse_offer_the_copy_at_once() {
    let record = of_plainte(plainte());
    assert_says(
        &pdf::text(&pdf::receipt(&record)),
        &["obtenir dès maintenant une copie", "si vous en faites la demande"],
    );
    assert_says(
        &pdf::text(&pdf::act(&record)),
        &[
            "Un récépissé de la plainte est remis à la victime.",
            "Elle peut obtenir une copie",
            "dès qu’elle en fait la demande.",
        ],
    );
}

#[test]
fn cpp_15_3_the_paper_of_a_main_courante_says_that_it_is_no_complaint() {
    let mut without = plainte();
    without.deposit = p::Deposit::MainCourante(p::WithoutPlainte::default());
    let text = pdf::text(&pdf::receipt(&of_plainte(without)));
    assert_says(
        &text,
        &[
            "Récépissé de déclaration",
            "Cette déclaration n’est pas une plainte. Vous pouvez déposer plainte à tout moment",
            "sans condition (article 15-3",
            "Une déclaration n’interrompt pas ce délai.",
        ],
    );
    assert!(!text.contains("Récépissé de dépôt de plainte"));
}
