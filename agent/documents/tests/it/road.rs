//! What the documents of the road say: a re-printed PVe has every element and both signatures (A.37-20 CPP).

use domain::Zone;
use domain::officer::Quality;
use domain::pve::{Interception, OffenderSignature};
use domain::vehicle::Registration;

use crate::contents::assert_says;
use crate::enclosed::pad;
use crate::pdf;
use crate::roadside::{
    afd, afd_of_theft, afd_of_use, alcohol, natinf, of_afd, of_pve, papers, pve, pve_of_the_holder, pve_over,
    speed,
};

#[test]
fn cpp_a37_20_a_pve_has_place_moment_vehicle_person_circumstances_and_amounts() {
    let text = pdf::text(&pdf::act(&of_pve(pve())));
    assert_says(
        &text,
        &[
            "n° 2026/000123",
            "529-1 et 529-2",
            "article 104 de la loi n° 78-17",
            "PROCÈS-VERBAL ÉLECTRONIQUE CONTRAVENTION",
            "Nous, gardien de la paix, RIO 1234567",
            "Constatons avec interception, le 21 novembre 2026 à 18 h 53, à : 12 rue des Lilas",
            "commune 69383 (code INSEE), D907, point kilométrique 12+050, sens de circulation : Villeurbanne, en agglomération",
            "23800 USAGE D'UN TELEPHONE",
            "contravention de 4e classe, prévue par R.412-6-1 C.ROUTE",
            "La conductrice tient un téléphone de la main droite",
            "Véhicule AB-123-CD (pays : FR), voiture particulière, RENAULT CLIO, bleu",
            "DURAND",
            "12/08/1974",
            "3 cours Gambetta",
            "d’après le document présenté",
            "en cours de validité, n° 25AB00000, catégories : A2 B, délivré le 01/02/2015, autorité : préfecture du Rhône",
            "23800 90 € 135 € 375 € 750 € susceptible, 3 points",
            "Signé à la main par le contrevenant, DURAND Élodie",
            "Signé électroniquement par RIO 1234567",
            "Planche photographique",
            "photo-1.jpg, prise le 21 novembre 2026 à 18 h 54",
        ],
    );
}

#[test]
fn cpp_a37_20_a_pve_is_printed_again_on_a4_to_the_byte_with_both_signatures() {
    let record = of_pve(pve());
    let document = pdf::act(&record);
    assert_eq!(pdf::paper(&document), "595.276 x 841.89 pts (A4)");
    assert!(
        pdf::pictures(&document).contains(&(800, 320)),
        "the offender's own hand"
    );
    assert!(pdf::text(&document).contains("Signé électroniquement par RIO 1234567"));
    assert!(pdf::act(&record) == document);
}

#[test]
fn cpp_a37_16_a_pve_has_every_rubric_of_the_avis() {
    let text = pdf::text(&pdf::act(&of_pve(pve())));
    for rubric in [
        "Commissariat de Lyon 3e",
        "USAGE D'UN TELEPHONE",
        "12 rue des Lilas",
        "le 21 novembre 2026 à 18 h 53",
        "réprimée par R.412-6-1 C.ROUTE",
        "AB-123-CD",
        "DURAND",
        "Minorée Forfaitaire Majorée",
        "90 € 135 € 375 €",
        "susceptible, 3 points",
        "est à échanger dans le cas prévu à l’article R.222-2",
        "auquel l’intéressé a accès",
        "demande à en être exonéré",
        "article 104 de la loi n° 78-17",
    ] {
        assert!(text.contains(&pdf::words(rubric)), "{rubric}: {text}");
    }
}

#[test]
fn a_photo_is_bound_by_the_digest_of_its_file() {
    let pve = pve();
    let digest = pve.photos[0].sha256.to_string();
    assert!(pdf::letters(&pdf::text(&pdf::act(&of_pve(pve)))).contains(&digest));
}

#[test]
fn cpp_a37_19_a_signature_by_hand_is_said_and_bound_by_its_digests() {
    let text = pdf::text(&pdf::act(&of_pve(pve())));
    assert_says(&text, &["Signé à la main par le contrevenant"]);
    let printed = pdf::letters(&text);
    for digest in [pad().image, pad().strokes, pad().shown] {
        assert!(printed.contains(&digest.to_string()));
    }
}

#[test]
fn cpp_a37_19_a_refused_and_a_missing_signature_are_told_apart_and_are_no_defect() {
    let no_defect = "n’est pas une cause de nullité (article A.37-19";
    let mut act = pve();
    act.signature = OffenderSignature::Declined;
    let declined = pdf::text(&pdf::act(&of_pve(act)));
    assert_says(
        &declined,
        &["invité à signer le récapitulatif, ne signe pas", no_defect],
    );
    let absent = pdf::text(&pdf::act(&of_pve(pve_of_the_holder())));
    assert_says(
        &absent,
        &["La signature du contrevenant n’est pas recueillie", no_defect],
    );
    for text in [declined, absent] {
        assert!(!text.contains("Signé à la main"));
    }
}

#[test]
fn the_holder_of_the_registration_loses_no_point_and_reads_of_no_number() {
    let mut act = pve_of_the_holder();
    // A number that a record should not hold is not printed either.
    act.ruling.offences[0].points = Some(4);
    act.ruling.points = 4;
    let text = pdf::text(&pdf::act(&of_pve(act)));
    assert_says(
        &text,
        &[
            "article 529-10",
            "à la volée, sans interception du véhicule",
            "Néant.",
            "Aucune identité n’est relevée",
            "L.121-2 et L.121-3",
            "210 90 € 135 € 375 € 750 € aucun pour le titulaire",
        ],
    );
    assert!(
        !text.contains("susceptible") && !text.contains("4 points"),
        "{text}"
    );
    assert!(!text.contains("L.223-3"));
}

#[test]
fn a_standing_vehicle_is_said_to_stand() {
    let mut act = pve_of_the_holder();
    act.interception = Interception::Stationary;
    assert_says(
        &pdf::text(&pdf::act(&of_pve(act))),
        &["véhicule immobilisé, en l’absence de son conducteur"],
    );
}

#[test]
fn readings_are_printed_with_what_the_margin_leaves_of_them() {
    let text = pdf::text(&pdf::act(&of_pve(pve_over(vec![speed(), alcohol(), papers()]))));
    assert_says(
        &text,
        &[
            "CONTRAVENTIONS",
            "les contraventions ci-après",
            "Vitesse limite : 50 km/h. Vitesse mesurée au cinémomètre tenu à la main : 77 km/h. Vitesse retenue : 72 km/h.",
            "0,330 mg/L. Seconde mesure : 0,300 mg/L. Taux retenu : 0,268 mg/L.",
            "Justificatif à présenter au plus tard le 26/11/2026.",
        ],
    );
}

#[test]
fn points_of_several_offences_are_said_together_up_to_eight() {
    let text = pdf::text(&pdf::act(&of_pve(pve_over(vec![speed(), alcohol(), papers()]))));
    assert_says(
        &text,
        &[
            "11302 90 € 135 € 375 € 750 € susceptible, 2 points",
            "13322 90 € 135 € 375 € 750 € susceptible, 6 points",
            "6227 sans 11 € 33 € 38 € non",
            "ensemble un retrait de 8 points",
        ],
    );
}

#[test]
fn points_that_no_source_gives_are_not_denied() {
    let mut act = pve_over(vec![papers()]);
    let code = natinf("225");
    act.offences[0].natinf = code;
    act.offences[0].parameter = None;
    act.ruling.offences[0].natinf = code;
    act.ruling.offences[0].points = None;
    let text = pdf::text(&pdf::act(&of_pve(act)));
    assert_says(&text, &["non renseigné"]);
}

#[test]
fn an_offence_of_another_act_is_named_by_its_code() {
    let mut act = pve();
    act.simultaneous = vec![natinf("210"), natinf("6163")];
    assert_says(
        &pdf::text(&pdf::act(&of_pve(act))),
        &["relevées par un autre acte : NATINF 210, NATINF 6163."],
    );
}

#[test]
fn a_vehicle_without_readable_plate_says_so_and_a_pedestrian_has_none() {
    let mut act = pve();
    act.vehicle.as_mut().unwrap().registration = Registration::NotReadable;
    assert_says(
        &pdf::text(&pdf::act(&of_pve(act))),
        &["Véhicule immatriculation absente ou illisible"],
    );
    let mut act = pve();
    act.vehicle = None;
    act.licence = None;
    assert!(!pdf::text(&pdf::act(&of_pve(act))).contains("Véhicule"));
}

#[test]
fn an_apja_draws_up_a_pve_as_a_proces_verbal() {
    let mut record = of_pve(pve());
    record.context.author.quality = Quality::ApjaPolicierAdjoint;
    assert_says(
        &pdf::text(&pdf::act(&record)),
        &["article 21, 1° ter", "Dont procès-verbal électronique, clos"],
    );
}

#[test]
fn overseas_the_offence_is_dated_in_the_zone_of_the_act() {
    let mut record = of_pve(pve());
    record.signed_at.zone = Zone::Reunion;
    record.signed_at.offset_min = 240;
    assert_says(
        &pdf::text(&pdf::act(&record)),
        &["le 21 novembre 2026 à 21 h 53 (heure de La Réunion)"],
    );
}

#[test]
fn a_training_act_of_the_road_is_marked() {
    for mut record in [of_pve(pve()), of_afd(afd())] {
        record.context.formation = true;
        for page in pdf::pages(&pdf::act(&record)) {
            assert!(page.contains("FORMATION : acte établi sans carte agent"));
        }
    }
}

#[test]
fn an_everyday_act_of_the_road_takes_one_page() {
    let mut plain = pve();
    plain.photos.clear();
    for record in [of_pve(plain), of_pve(pve_of_the_holder()), of_afd(afd())] {
        assert_eq!(pdf::pages(&pdf::act(&record)).len(), 1);
    }
}

#[test]
fn cpp_495_17_an_afd_has_its_conditions_acknowledgement_amounts_and_remedies() {
    let text = pdf::text(&pdf::act(&of_afd(afd())));
    assert_says(
        &text,
        &[
            "article D.45-4",
            "article 495-18",
            "réclamation dans les trente jours",
            "article 495-20",
            "casier judiciaire",
            "PROCÈS-VERBAL ÉLECTRONIQUE AMENDE FORFAITAIRE DÉLICTUELLE",
            "Vu les articles 495-17 à 495-25",
            "le 21 novembre 2026 à 18 h 53",
            "6163 CIRCULATION AVEC UN VEHICULE TERRESTRE A MOTEUR SANS ASSURANCE",
            "délit, prévue par L.324-2 C.ROUTE",
            "DURAND",
            "AB-123-CD",
            "La personne comprend ce qui lui est dit",
            "Le traitement d’antécédents judiciaires est consulté au préalable oui",
            "La personne n’est pas en état de récidive légale oui",
            "Fichier des assurés",
            "La personne reconnaît les faits et signe",
            "6163 600 € 750 € 1 500 €",
            "montants majorés de 50 % au profit du fonds de garantie des assurances (FGAO)",
            "Signé à la main par la personne mise en cause",
            "Signé électroniquement par RIO 1234567",
        ],
    );
    assert!(!text.contains("destruction"));
    let printed = pdf::letters(&text);
    for digest in [pad().image, pad().strokes, pad().shown] {
        assert!(printed.contains(&digest.to_string()));
    }
}

#[test]
fn an_afd_for_drugs_has_the_product_its_weight_and_the_consent_to_its_destruction() {
    let text = pdf::text(&pdf::act(&of_afd(afd_of_use())));
    assert_says(
        &text,
        &[
            "180 USAGE ILLICITE DE STUPEFIANTS",
            "Produit : cannabis, 4,2 g.",
            "Un seul produit est en cause",
            "consent à la destruction du produit ; aucun scellé",
            "180 150 € 200 € 450 €",
            "produit.jpg",
        ],
    );
    assert!(!text.contains("FGAO"));
}

#[test]
fn recidive_that_the_text_admits_and_amounts_to_be_confirmed_are_said() {
    let text = pdf::text(&pdf::act(&of_afd(afd_of_theft())));
    assert_says(
        &text,
        &[
            "Valeur : 49,90 €.",
            "n’est pas en état de récidive légale non, ce que le texte admet",
            "7151 250 € 300 € 600 €",
            "sous réserve de ceux que l’avis confirmera",
        ],
    );
    assert!(!pdf::text(&pdf::act(&of_afd(afd()))).contains("sous réserve"));
}
