//! What each document says, and what it must not say.

use documents::handoff;
use domain::UnixMs;
use domain::enrolment::KeyProtection;
use domain::envelope::RefusalCode;
use domain::identity::cachet::CachetKind;
use domain::identity::crosscheck::{
    Claim, Compared, Fact, Footing, ListVersion, Name, SealTrace, Source, Value, crosscheck,
};
use domain::identity::{Verdict, Verdicts};
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule, Quality};
use domain::plainte::{Language, Receipt, Suspect, Venue};
use domain::record::Correction;
use domain::{ActId, Digest, InterventionId, Zone};

use crate::acts::{check, of_check, of_plainte, of_pv, plainte, pv};
use crate::pdf;
use crate::procedure::every_kind;
use crate::roadside::{afd, of_afd, of_pve, pve, pve_of_the_holder};
use crate::schema::Schema;

/// Every phrase, in this order.
#[track_caller]
pub(crate) fn assert_says(text: &str, phrases: &[&str]) {
    let mut rest = text;
    for phrase in phrases {
        let phrase = pdf::words(phrase);
        let Some(at) = rest.find(&phrase) else {
            panic!("`{phrase}` is not in its place in: {text}");
        };
        rest = &rest[at + phrase.len()..];
    }
}

#[test]
fn cpp_78_2_a_check_by_an_apj_names_the_opj_the_alinea_and_the_grounds() {
    let text = pdf::text(&pdf::act(&of_check(check())));
    assert_says(
        &text,
        &[
            "CONTRÔLE D’IDENTITÉ",
            "L’an deux mille vingt-six, le vingt et un novembre, à dix-neuf heures cinq,",
            "Nous, gardien de la paix, RIO 1234567, agent de police judiciaire (article 20",
            "en résidence à : Commissariat de Lyon 3e",
            "sur l’ordre et sous la responsabilité de l’officier de police judiciaire RIO 7654321",
            "article 78-2 alinéa 2 du Code de procédure pénale",
            "12 rue des Lilas, devant la gare, commune 69383",
            "L'intéressé sort en courant du magasin",
            "ERIKSSON",
            "12/08/1974",
            "Dont procès-verbal, clos le vingt et un novembre deux mille vingt-six, à dix-neuf heures trente-deux.",
            "Signé électroniquement par RIO 1234567",
            "le 21 novembre 2026 à 19 h 32",
        ],
    );
}

#[test]
fn what_nobody_checked_on_a_document_or_in_a_file_is_said_so() {
    let text = pdf::text(&pdf::act(&of_check(check())));
    assert_eq!(text.matches("non vérifié").count(), 3);
    assert_says(
        &text,
        &["FPR aucune inscription (réponse à 19 h 07)", "FOVeS sans réponse"],
    );
}

#[test]
fn what_was_compared_is_said_field_by_field_and_never_that_a_document_is_false() {
    let name = |text| Value::Name(Name::read(text).unwrap());
    let claim = |fact, source, footing, value| Claim {
        fact,
        source,
        footing,
        value,
    };
    let claims = [
        claim(Fact::Surname, Source::Zone, Footing::Counts, name("ERIKSSON")),
        claim(Fact::Surname, Source::Typed, Footing::Counts, name("Ericsson")),
        claim(Fact::GivenNames, Source::Zone, Footing::Counts, name("ANNA")),
        claim(Fact::GivenNames, Source::Seal, Footing::ShownOnly, name("ANNA")),
    ];
    let mut check = check();
    check.compared = crosscheck(&claims).into_iter().map(Compared::kept).collect();
    check.seals = vec![SealTrace {
        kind: CachetKind::TwoDDoc,
        document: "Titre d’identité \u{10ffff}".to_owned(),
        signer: "Autorité d’essai".to_owned(),
        certificate: "FR05/0001".to_owned(),
        verdicts: Verdicts {
            read: Verdict::Proven,
            signature: Verdict::Proven,
            issuer_trusted: Verdict::NotChecked,
            in_date: Verdict::Proven,
            status_known: Verdict::NotChecked,
        },
        faults: Vec::new(),
        list: Some(ListVersion {
            sequence: 22,
            issued: UnixMs(1_795_000_000_000),
        }),
    }];
    let text = pdf::text(&pdf::act(&of_check(check.clone())));
    assert_says(
        &text,
        &[
            "Cachet 2D-Doc",
            "Document scellé Titre d’identité [U+10FFFF]",
            "Signataire Autorité d’essai (certificat FR05/0001)",
            "n° 22 du 18/11/2026",
            "Signature du cachet valable",
            "Signataire reconnu non vérifié",
            "Nom différent, à vérifier : ERIKSSON (zone de lecture), Ericsson (saisie de l’agent)",
            "Prénoms non comparé (zone de lecture, cachet électronique, sans valeur de preuve)",
        ],
    );
    assert!(!text.to_lowercase().contains("faux"));
    let record = of_check(check);
    let handed: serde_json::Value =
        serde_json::from_slice(&handoff(&record, &ReferenceSet::embedded()).unwrap()).unwrap();
    Schema::read().check(&handed);
    let name = &handed["controle"]["recoupement"][0];
    assert_eq!(name["resultat"], "différent, à vérifier");
    assert_eq!(name["sources"][1]["texte"], "Ericsson");
    let given = &handed["controle"]["recoupement"][1];
    assert_eq!(given["sources"][1]["vaut_preuve"], false);
    assert_eq!(given["sources"][1].get("texte"), None);
    assert_eq!(
        handed["controle"]["cachets"][0]["signataire_reconnu"],
        "non vérifié"
    );
}

#[test]
fn a_document_in_another_name_shows_both_names() {
    let mut check = check();
    check.document.as_mut().unwrap().surname = "ERIKSEN".into();
    let text = pdf::text(&pdf::act(&of_check(check)));
    assert_says(&text, &["Nom ERIKSSON", "Nom lu ERIKSEN"]);
}

#[test]
fn a_pv_carries_its_frame_account_offences_with_their_texts_and_closing() {
    let text = pdf::text(&pdf::act(&of_pv(pv(&[
        "Constatons un antivol coupé.",
        "Saisissons une pince.",
    ]))));
    assert_says(
        &text,
        &[
            "RÉPUBLIQUE FRANÇAISE",
            "Direction générale de la police nationale",
            "n° 2026/000123",
            "Affaire : c/ X",
            "PROCÈS-VERBAL CONSTATATIONS",
            "Étant de patrouille, Revêtus de notre tenue d’uniforme,",
            "enquête de flagrance, vu les articles 53 et suivants",
            "Objet : vol de vélo devant la gare",
            "1. Constatons un antivol coupé. 2. Saisissons une pince.",
            "AB-123-CD",
            "7151 VOL SIMPLE délit, prévue par 311-1 C.PENAL, réprimée par 311-3 C.PENAL",
            "23800 USAGE D'UN TELEPHONE",
            "Dont procès-verbal",
        ],
    );
}

#[test]
fn cpp_21_an_apja_writes_a_rapport() {
    let mut record = of_pv(pv(&["Constatons un feu éteint."]));
    record.context.author.quality = Quality::ApjaPolicierAdjoint;
    let text = pdf::text(&pdf::act(&record));
    assert_says(&text, &["RAPPORT", "article 21, 1° ter", "Dont rapport, clos"]);
    assert!(!text.to_lowercase().contains("procès-verbal"));
}

#[test]
fn a_gendarme_is_named_by_nigend_under_the_gendarmerie() {
    let mut record = of_pv(pv(&["Constatons un feu éteint."]));
    record.context.author.matricule = Matricule::parse(Corps::GendarmerieNationale, "123456").unwrap();
    let text = pdf::text(&pdf::act(&record));
    assert_says(
        &text,
        &[
            "gendarmerie nationale",
            "NIGEND 123456",
            "Signé électroniquement par NIGEND 123456",
        ],
    );
}

#[test]
fn formation_is_across_every_page_and_nowhere_else() {
    let mut record = of_pv(pv(&["Constatons ce qui suit. ".repeat(60).trim_end(); 12]));
    assert!(!pdf::text(&pdf::act(&record)).contains("FORMATION"));
    record.context.formation = true;
    let pages = pdf::pages(&pdf::act(&record));
    assert!(pages.len() > 2);
    for page in &pages {
        assert!(page.contains("FORMATION : acte établi sans carte agent"));
        assert_eq!(
            pdf::letters(page).matches("FORMATION").count(),
            2,
            "the line and the mark"
        );
    }
}

#[test]
fn pages_are_numbered_out_of_their_total() {
    let pages = pdf::pages(&pdf::act(&of_pv(pv(
        &["Constatons ce qui suit. ".repeat(60).trim_end(); 12],
    ))));
    for (number, page) in (1..).zip(&pages) {
        assert!(page.contains(&format!("page {number}/{}", pages.len())), "{page}");
        assert_eq!(page.contains("Suite PV n° 2026/000123"), number > 1);
    }
}

#[test]
fn a_key_kept_in_a_file_is_said_beside_the_signature() {
    let mut record = of_check(check());
    assert_says(
        &pdf::text(&pdf::act(&record)),
        &["protégée par un composant matériel"],
    );
    record.context.protection = KeyProtection::File;
    assert_says(
        &pdf::text(&pdf::act(&record)),
        &["non protégée par un composant matériel"],
    );
}

#[test]
fn a_corrective_act_names_the_act_its_digest_and_the_refusal() {
    let mut record = of_pv(pv(&["Constatons un feu éteint."]));
    let (act, digest) = (ActId::from_bytes([0x17; 16]), Digest::of(b"refused"));
    record.corrects = Some(Correction::of_refused(act, digest, RefusalCode::CorrectionAsked));
    let text = pdf::letters(&pdf::text(&pdf::act(&record)));
    assert!(text.contains(&act.to_string()));
    assert!(text.contains(&digest.to_string()));
    assert!(text.contains(&pdf::letters("le service compétent demande une rectification")));
}

#[test]
fn an_intervention_is_named_in_the_foot() {
    let mut record = of_check(check());
    let intervention = InterventionId::from_bytes([0x42; 16]);
    record.context.intervention = Some(intervention);
    assert_says(
        &pdf::text(&pdf::act(&record)),
        &[&format!("intervention {intervention}")],
    );
}

#[test]
fn overseas_the_hour_is_local_and_says_where() {
    let mut check = check();
    check.started.zone = Zone::Reunion;
    check.started.offset_min = 240;
    let text = pdf::text(&pdf::act(&of_check(check)));
    assert_says(&text, &["à vingt-deux heures cinq (heure de La Réunion)"]);
}

#[test]
fn cpp_10_2_a_complaint_lists_the_ten_rights_their_language_and_hour() {
    let text = pdf::text(&pdf::act(&of_plainte(plainte())));
    assert_says(
        &text,
        &[
            "Le 21 novembre 2026 à 19 h 11, la victime est informée en langue française",
            "1° d’obtenir la réparation",
            "de recevoir le certificat",
            "« J’ai pris connaissance de mes droits et me réserve la possibilité d’y recourir à tout moment. »",
        ],
    );
    let printed = pdf::letters(&text);
    for right in Language::French.text().items {
        assert!(printed.contains(&pdf::letters(right)), "{right}");
    }
}

#[test]
fn a_complaint_says_venue_victim_facts_and_against_whom() {
    let mut named = plainte();
    let text = pdf::text(&pdf::act(&of_plainte(plainte())));
    assert_says(
        &text,
        &[
            "Affaire : c/ X",
            "Compte rendu d’infraction initial Victime DURAND Élodie Mis en cause X Infractions 7151 : VOL SIMPLE Date des faits hier soir, vers 22 heures",
            "article 15-3",
            "hors les murs (mairie) : 12 rue des Lilas",
            "contre X.",
            "DURAND",
            "Saint-Étienne",
            "déclarée, sans document à l’appui",
            "hier soir, vers 22 heures",
            "On m'a pris mon vélo devant la gare.",
            "7151 VOL SIMPLE",
            "Un récépissé de la plainte est remis",
            "La signature manuscrite de la victime n’est pas recueillie",
        ],
    );
    named.suspect = Suspect::Named("LENOIR Paul".into());
    named.receipt_handed = false;
    let text = pdf::text(&pdf::act(&of_plainte(named)));
    assert_says(
        &text,
        &[
            "c/ LENOIR Paul",
            "Mis en cause LENOIR Paul",
            "contre LENOIR Paul",
            "aucun récépissé ne lui est remis",
        ],
    );
}

#[test]
fn the_home_that_shelters_a_victim_is_not_in_the_procedure() {
    let mut sheltered = plainte();
    sheltered.venue = Venue::HomeOfThirdParty;
    let text = pdf::text(&pdf::act(&of_plainte(sheltered)));
    assert!(!text.contains("Lilas"));
    assert_says(
        &text,
        &[
            "domicile d’un tiers",
            "commune 69383",
            "n’est pas portée en procédure",
        ],
    );
}

#[test]
fn cpp_15_3_a_recepisse_states_the_limitation_periods_and_how_to_interrupt_them() {
    let text = pdf::text(&pdf::receipt(&of_plainte(plainte())));
    assert_says(
        &text,
        &[
            "Récépissé de dépôt de plainte",
            "n° 2026/000123",
            "21 novembre 2026 à 19 h 05",
            "DURAND Élodie",
            "RIO 1234567",
            "crime 20 ans article 7",
            "délit 6 ans article 8",
            "contravention 1 an article 9",
            "interrompu par le dépôt d’une plainte avec constitution de partie civile (article 85",
            "copie du procès-verbal",
            "article 104 de la loi n° 78-17",
        ],
    );
}

#[test]
fn cpp_15_3_a_recepisse_under_a_neutral_title_says_at_a_glance_nothing_and_the_law_whole() {
    let mut asked = plainte();
    asked.receipt = Some(Receipt::Neutral);
    let drawn = pdf::receipt(&of_plainte(asked.clone()));
    let pages = pdf::pages(&drawn);
    assert_eq!(pages.len(), 1);
    let (glance, law) = pages[0].split_once("Mentions légales").unwrap();
    for word in [
        "plainte",
        "Plainte",
        "récépissé",
        "Récépissé",
        "victime",
        "infraction",
        "15-3",
    ] {
        assert!(!glance.contains(word), "{word}");
    }
    assert!(glance.contains("Document à conserver") && glance.contains("n° 2026/000123"));
    assert_says(
        law,
        &[
            "crime 20 ans article 7",
            "délit 6 ans article 8",
            "contravention 1 an article 9",
            "plainte avec constitution de partie civile (article 85",
            "Vaut récépissé de dépôt de plainte (article 15-3",
        ],
    );
    // Nor does the title of the file, which a phone shows without opening it.
    let raw = String::from_utf8_lossy(&drawn);
    assert!(!raw.contains("Récépissé") && !raw.contains("Recepisse"));
    let act = pdf::text(&pdf::act(&of_plainte(asked.clone())));
    assert_says(
        &act,
        &[
            "remis sous un titre neutre",
            "sous un titre qui n’en dit pas l’objet",
        ],
    );
    asked.receipt = Some(Receipt::Kept);
    asked.receipt_handed = false;
    let act = pdf::text(&pdf::act(&of_plainte(asked.clone())));
    assert_says(&act, &["le récépissé de la plainte est gardé au service"]);
    let kept = pdf::text(&pdf::receipt(&of_plainte(asked)));
    assert_says(&kept, &["Récépissé de dépôt de plainte"]);
}

#[test]
fn a_recepisse_tells_nothing_of_the_facts_or_of_anybody_accused() {
    let mut named = plainte();
    named.suspect = Suspect::Named("LENOIR Paul".into());
    let pages = pdf::pages(&pdf::receipt(&of_plainte(named)));
    assert_eq!(pages.len(), 1);
    for word in ["LENOIR", "vélo", "VOL", "7151", "Lilas", "Gambetta", "06 12"] {
        assert!(!pages[0].contains(word), "{word}");
    }
}

#[test]
fn every_document_is_sound_and_declares_its_standards() {
    let complaint = of_plainte(plainte());
    let documents = [
        pdf::act(&of_check(check())),
        pdf::act(&of_pv(pv(&["Constatons un feu éteint."]))),
        pdf::act(&complaint),
        pdf::act(&of_pve(pve())),
        pdf::act(&of_pve(pve_of_the_holder())),
        pdf::act(&of_afd(afd())),
        pdf::receipt(&complaint),
    ];
    let kinds = every_kind();
    for document in documents.into_iter().chain(kinds.iter().map(pdf::act)) {
        pdf::assert_sound(&document);
        let text = String::from_utf8_lossy(&document);
        for claim in ["<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"] {
            assert!(text.contains(claim), "{claim}");
        }
    }
}
