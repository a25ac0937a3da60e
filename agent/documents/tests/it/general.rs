//! What the general PV says, kind by kind: an act that holds in court has its parts, its people and its formulas.

use domain::legal_basis::PvFrame;
use domain::officer::{Corps, Matricule, Quality};
use domain::pv::{Dress, Origin, Pv, PvKind};

use crate::acts::{of_plainte, of_pv, plainte, pv};
use crate::contents::assert_says;
use crate::enclosed::pad;
use crate::pdf;
use crate::procedure::{
    bordereau, constatations, correcting, every_kind, hearing_of_a_suspect, hearing_of_a_witness,
    interpellation, inventaire, notification, person_signs, transport,
};

pub(crate) fn text_of(pv: Pv) -> String {
    pdf::text(&pdf::act(&of_pv(pv)))
}

#[test]
fn cpp_107_renvois_are_numbered_placed_and_void_without_approval() {
    assert_says(
        &text_of(hearing_of_a_suspect()),
        &[
            "Renvois",
            "Renvoi n° 1, page 1, paragraphe 6 : lire « sur la chaussée » au lieu de « sur le trottoir » — approuvé.",
            "Renvoi n° 2, page 1, paragraphe 5 : ajouter « ce soir » — non approuvé, non avenu (article 107",
            "Clôture",
        ],
    );
    assert!(!text_of(hearing_of_a_witness()).contains("Renvoi"));
}

#[test]
fn cpp_d9_every_act_names_its_author_and_quality() {
    for record in every_kind() {
        assert_says(
            &pdf::text(&pdf::act(&record)),
            &[
                "Nous, gardien de la paix, RIO 1234567, agent de police judiciaire (article 20",
                "Signé électroniquement par RIO 1234567, gardien de la paix, agent de police judiciaire",
            ],
        );
    }
    let mut record = of_pv(pv(&["Constatons."]));
    record.context.author.quality = Quality::Opj;
    assert_says(
        &pdf::text(&pdf::act(&record)),
        &["officier de police judiciaire (article 16"],
    );
}

#[test]
fn cpp_d10_one_act_is_one_pv_with_one_title() {
    let titles = PvKind::ALL.map(|kind| kind.title().replace('\'', "’").to_uppercase());
    for record in every_kind() {
        let text = pdf::text(&pdf::act(&record));
        let titled = titles
            .iter()
            .filter(|title| text.contains(&format!("PROCÈS-VERBAL {title} ")));
        assert_eq!(titled.count(), 1, "{text}");
    }
}

#[test]
fn cpp_d589_2_a_signature_by_hand_is_drawn_and_bound_to_what_was_read() {
    let document = pdf::act(&of_pv(hearing_of_a_suspect()));
    let drawn = pdf::images(&document)
        .into_iter()
        .filter(|size| *size == (800, 320));
    assert!(drawn.count() > 0);
    let text = pdf::text(&document);
    assert!(text.contains("articles D.589-2 et A.53-4"));
    let printed = pdf::letters(&text);
    for digest in [pad().image, pad().strokes, pad().shown] {
        assert_eq!(printed.matches(&digest.to_string()).count(), 2, "two who signed");
    }
}

#[test]
fn cpp_a53_4_the_identity_of_each_hand_signer_is_stated_with_its_certainty() {
    assert_says(
        &text_of(hearing_of_a_suspect()),
        &[
            "Personne concernée : Paul LENOIR identité présumée",
            "Interprète : Ann SMITH identité établie",
            "Avocat : Maître Dupond identité établie Refuse de signer.",
            "Assistant : RIO 2222222 identité inconnue Ne peut pas signer.",
        ],
    );
}

#[test]
fn a_refusal_and_an_impossibility_to_sign_have_their_formulas_and_reasons() {
    assert_says(
        &text_of(hearing_of_a_suspect()),
        &[
            "L’avocat, dont la signature est demandée, refuse de signer, pour le motif suivant : conteste le temps",
            "L’assistant, dont la signature est demandée, ne peut pas signer, pour le motif suivant : main droite plâtrée.",
        ],
    );
}

#[test]
fn what_is_read_is_not_said_to_be_signed() {
    let signers: Vec<_> = hearing_of_a_suspect()
        .signers
        .into_iter()
        .map(|one| one.signer)
        .collect();
    let mut unsigned = hearing_of_a_suspect();
    unsigned.signers.clear();
    let mut unnumbered = of_pv(unsigned);
    unnumbered.number = None;
    let text = pdf::text(&pdf::reading(&unnumbered, &signers));
    assert_says(
        &text,
        &[
            "LECTURE : l’acte n’est pas encore signé",
            "n° attribué à la signature",
            "L’acte est donné à lire, par le truchement de l’interprète, aux personnes ci-après",
            "Personne concernée : Paul LENOIR identité présumée Signature :",
            "Assistant : RIO 2222222 identité inconnue Signature :",
            "à clore après lecture et signature",
            "à signer électroniquement par RIO 1234567",
        ],
    );
    for claim in ["Signé électroniquement", "persiste", "SHA-256", "clos le"] {
        assert!(!text.contains(claim), "{claim}");
    }
}

#[test]
fn twenty_who_sign_fill_their_pages_and_nobody_is_lost() {
    let mut act = hearing_of_a_witness();
    act.signers = (0..20)
        .map(|number| person_signs(&format!("Témoin{number} MARTIN")))
        .collect();
    let document = pdf::act(&of_pv(act));
    assert!(pdf::pages(&document).len() > 3);
    let text = pdf::text(&document);
    for number in 0..20 {
        assert!(
            text.contains(&format!("Témoin{number} MARTIN identité établie")),
            "{number}"
        );
    }
}

#[test]
fn a_complaint_is_signed_by_the_victim() {
    let mut act = plainte();
    act.signers = vec![person_signs("Élodie DURAND")];
    let document = pdf::act(&of_plainte(act));
    assert_says(
        &pdf::text(&document),
        &[
            "Après lecture faite, la victime persiste et signe avec nous.",
            "Personne concernée : Élodie DURAND identité établie",
        ],
    );
    assert!(pdf::images(&document).contains(&(800, 320)));
}

#[test]
fn an_interpellation_names_who_assists_who_is_stopped_and_what_is_seized() {
    assert_says(
        &text_of(interpellation()),
        &[
            "Affaire : c/ LENOIR Paul",
            "INTERPELLATION",
            "Assistés de : gardien de la paix RIO 2222222, ADJ RIO 3333333,",
            "Personne interpellée",
            "LENOIR",
            "1. Interpellons l'individu",
            "N° Quantité Description Scellé Sort 1 1 pince coupante de marque « Facom » UN saisi",
            "7151 VOL SIMPLE",
            "Après lecture faite, la personne signe avec nous.",
        ],
    );
}

#[test]
fn an_inventory_is_a_table_with_the_authority_that_has_objects_destroyed() {
    let text = text_of(inventaire());
    assert_says(
        &text,
        &[
            "Procédons à l’inventaire ci-après",
            "1 1 pince coupante UN saisi 2 12,3 g herbe de cannabis sans détruit 3 2 roues de bicyclette",
            "restitué",
            "Sur décision de : Mme Lefort, substitute du procureur de la République, par téléphone, les objets portés « détruit » sont détruits.",
        ],
    );
    assert!(
        !text.contains("Affaire"),
        "whose case it is, the act does not know"
    );
}

#[test]
fn a_bordereau_names_its_addressee_and_lists_what_it_sends() {
    assert_says(
        &text_of(bordereau()),
        &[
            "BORDEREAU D’ENVOI",
            "Transmettons les pièces ci-après",
            "Destinataire 1. M. le procureur de la République",
            "Pièces transmises Pièce n° 1 : PV n° 2026/000120, constatations Pièce n° 2 : un disque",
        ],
    );
}

#[test]
fn a_notification_and_a_transport_say_what_is_done() {
    assert_says(
        &text_of(notification()),
        &[
            "Notifions à la personne ci-après désignée ce qui suit",
            "Personne à qui la notification est faite Nom MARTIN",
            "Remettons une convocation",
        ],
    );
    assert_says(
        &text_of(transport()),
        &[
            "Rapportons le transport suivant",
            "1. Nous transportons sur les lieux",
        ],
    );
}

#[test]
fn mentions_annexes_and_photographs_follow_the_account() {
    assert_says(
        &text_of(constatations()),
        &[
            "1. Constatons un antivol coupé",
            "De même suite : la recherche au fichier",
            "De même suite : l'officier de police judiciaire de permanence est avisé.",
            "3 photographies sont reproduites en planche",
            "Annexe n° 1 : plan des lieux",
            "Clôture",
            "Planche photographique",
            "Photographie n° 1 : photo-1.jpg, prise le 21 novembre 2026 à 18 h 54.",
            "Photographie n° 3 : rue.jpg",
        ],
    );
}

#[test]
fn a_rectification_and_an_annulation_leave_the_act_that_they_are_about_as_it_is() {
    let rectified = pdf::text(&pdf::act(&correcting(
        PvKind::Rectification,
        "Lire « A » au lieu de « B ».",
    )));
    let act = "17171717-1717-1717-1717-171717171717";
    let untouched = "L’acte visé n’est ni modifié ni supprimé.";
    assert_says(
        &rectified,
        &[
            "RECTIFICATION",
            &format!("Le présent acte rectifie l’acte {act}"),
            untouched,
            "1. Lire « A »",
        ],
    );
    let annulled = pdf::text(&pdf::act(&correcting(
        PvKind::Annulation,
        "L'acte est établi deux fois.",
    )));
    assert_says(
        &annulled,
        &[
            "ANNULATION MOTIVÉE",
            &format!("Le présent acte annule l’acte {act}"),
            untouched,
            "Motifs 1. L'acte est établi deux fois.",
        ],
    );
}

#[test]
fn cpp_75_an_apj_acts_under_the_control_of_a_named_opj() {
    let mut act = pv(&["Constatons."]);
    act.under = Matricule::parse(Corps::PoliceNationale, "7654321").ok();
    assert_says(
        &text_of(act.clone()),
        &["Agissant sous le contrôle de RIO 7654321, officier de police judiciaire (article 20 du"],
    );
    act.frame = PvFrame::Preliminaire;
    assert_says(
        &text_of(act),
        &[
            "officier de police judiciaire (articles 20 et 75 du",
            "enquête préliminaire",
        ],
    );
}

#[test]
fn how_the_crew_came_and_is_recognised_is_said_in_the_words_of_its_corps() {
    let said = |origin, dress, corps| {
        let mut act = pv(&["Constatons."]);
        act.origin = Some(origin);
        act.dress = Some(dress);
        let mut record = of_pv(act);
        record.context.author.matricule = Matricule::parse(corps, "1234567").unwrap();
        pdf::text(&pdf::act(&record))
    };
    let (police, gendarmerie) = (Corps::PoliceNationale, Corps::GendarmerieNationale);
    for (origin, dress, corps, phrases) in [
        (
            Origin::Called,
            Dress::Uniform,
            police,
            ["commandement (CIC),", "Revêtus de notre tenue"],
        ),
        (
            Origin::Called,
            Dress::PlainWithArmband,
            gendarmerie,
            ["(CORG),", "brassard « gendarmerie »"],
        ),
        (
            Origin::OwnInitiative,
            Dress::PlainWithArmband,
            police,
            ["d’initiative,", "brassard « police »"],
        ),
        (
            Origin::Instructions,
            Dress::Uniform,
            police,
            ["sur instructions,", "Revêtus de notre tenue"],
        ),
        (
            Origin::Requisition,
            Dress::Uniform,
            police,
            ["réquisitions écrites du procureur", "Revêtus"],
        ),
    ] {
        assert_says(&said(origin, dress, corps), &phrases);
    }
    let mut silent = pv(&["Constatons."]);
    (silent.origin, silent.dress) = (None, None);
    let text = text_of(silent);
    assert!(!text.contains("Étant") && !text.contains("tenue"), "{text}");
}

#[test]
fn an_administrative_act_is_against_nobody() {
    let mut act = pv(&["Constatons."]);
    act.frame = PvFrame::Administratif;
    assert!(!text_of(act).contains("Affaire"));
}
