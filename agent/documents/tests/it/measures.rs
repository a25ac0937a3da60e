//! What the sheets of the patrol's day say: the box that is ticked, the hours, and who.

use documents::handoff;
use domain::natinf::ReferenceSet;
use domain::photo::{Mark, Marks, Spot};
use domain::pv::{Item, Pv, PvKind};
use domain::record::{Act, Record};
use serde_json::Value;

use crate::acts::{at, of_pv, pv};
use crate::contents::assert_says;
use crate::enclosed::photo;
use crate::handoff::measures;
use crate::pdf;
use crate::procedure::inventaire;

/// The measures of the vectors, each in a PV of this night.
fn sheets() -> Vec<Record> {
    measures()
        .into_iter()
        .map(|vector| {
            let Act::Pv(measured) = vector.act else {
                panic!("a pv")
            };
            let mut record = of_pv(Pv {
                kind: measured.kind,
                measure: measured.measure,
                ..pv(&["Constatons."])
            });
            record.signed_at = vector.signed_at;
            record
        })
        .collect()
}

/// The sheet of `kind` whose structured act satisfies nothing more, as text, with what a reader of its JSON has.
fn sheet(kind: PvKind, nth: usize) -> (String, Value) {
    let mut of_kind = sheets().into_iter().filter(|record| {
        let Act::Pv(pv) = &record.act else { return false };
        pv.kind == kind
    });
    let record = of_kind.nth(nth).unwrap();
    let document = pdf::act(&record);
    pdf::assert_sound(&document);
    let json: Value = serde_json::from_slice(&handoff(&record, &ReferenceSet::embedded()).unwrap()).unwrap();
    let body = json["pv"]["mesure"].as_object().unwrap().values().next().unwrap();
    (pdf::text(&document), body.clone())
}

/// What is said under each label, boxes and hours in the order of the form.
#[track_caller]
fn says(kind: PvKind, nth: usize, phrases: &[&str], hours: &[&str]) {
    let (text, body) = sheet(kind, nth);
    assert_says(&text, phrases);
    for at in hours {
        let hour = body
            .pointer(&format!("{at}/texte"))
            .and_then(Value::as_str)
            .unwrap();
        assert!(text.contains(&pdf::words(hour)), "{at}: `{hour}` in {text}");
    }
}

#[test]
fn cpp_803_the_sheet_of_an_arrest_ticks_the_ground_and_says_what_it_rests_on() {
    says(
        PvKind::Interpellation,
        0,
        &[
            "Emploi de la force",
            "X oui",
            "se débat",
            "Menottes (article 803 CPP)",
            "X risque de fuite",
            "a tenté de fuir",
            "X oui",
            "poches lourdes",
            "À l’abri du regard du public",
        ],
        &["/heure"],
    );
}

#[test]
fn cpp_63_1_the_sheet_of_a_handover_has_the_rights_their_hour_and_who_took_over() {
    says(
        PvKind::MiseADisposition,
        0,
        &[
            "Droits de la garde à vue",
            "français",
            "Document (803-6 CPP)",
            "X remis",
            "fuite",
            "1. Vous êtes placé en garde à vue",
            "Mineur, sans représentant présent",
            "injoignable",
            "un téléphone",
            "RIO 7654321, commissariat",
        ],
        &["/interpellation", "/droits/notifies", "/depart", "/remise"],
    );
}

#[test]
fn cr_l234_4_the_sheets_of_alcohol_have_both_blows_and_the_rate_less_its_margin() {
    says(
        PvKind::Alcoolemie,
        0,
        &[
            "Fiche A",
            "X infraction",
            "X positif",
            "haleine",
            "Fiche B",
            "appareil",
            "21/06/2026",
            "0,520 mg/L",
            "X oui",
            "0,500 mg/L",
            "0,460 mg/L",
        ],
        &["/depistage/heure", "/ethylometre/heure"],
    );
    says(
        PvKind::Alcoolemie,
        1,
        &[
            "X impossible",
            "Fiche C",
            "X prélevé, second flacon réservé",
            "docteur",
        ],
        &["/depistage/heure"],
    );
}

#[test]
fn cr_l235_2_the_sheet_of_drugs_has_the_families_and_the_second_analysis() {
    says(
        PvKind::Stupefiants,
        0,
        &[
            "X positif",
            "cannabis",
            "Prélèvement salivaire",
            "contre-expertise (R.235-6)",
            "X oui",
        ],
        &["/depistage/heure", "/salive/heure"],
    );
}

#[test]
fn cr_l224_1_the_notice_of_a_licence_has_its_ground_and_its_last_hour() {
    says(
        PvKind::Retention,
        0,
        &[
            "AVIS DE RÉTENTION DU PERMIS DE CONDUIRE",
            "X état alcoolique établi",
            "12AB34567",
            "X remis",
            "(120 heures)",
        ],
        &["/depuis", "/jusque"],
    );
}

#[test]
fn cr_l325_1_the_sheet_of_a_vehicle_has_its_state_its_contents_and_the_opj() {
    says(
        PvKind::Immobilisation,
        0,
        &[
            "X mise en fourrière",
            "L.325-1",
            "RIO 7654321",
            "marque",
            "rayure",
            "un sac",
            "avec nous",
            "X oui",
            "fourrière",
        ],
        &["/heure"],
    );
}

#[test]
fn csp_l3341_1_the_sheet_of_somebody_drunk_has_the_physician_before_the_cell() {
    says(
        PvKind::Ivresse,
        0,
        &[
            "titube",
            "docteur",
            "Certificat de non- admission",
            "X oui",
            "Retenue en chambre de sûreté",
            "Article L.3341-1",
        ],
        &["/heure", "/examen", "/placement"],
    );
}

#[test]
fn the_sheets_of_a_minor_a_summons_a_home_and_a_report_have_who_and_when() {
    says(
        PvKind::Remise,
        0,
        &["Remis à", "parent", "X mère", "calme"],
        &["/heure"],
    );
    says(
        PvKind::Convocation,
        0,
        &["commissariat", "1. Vous êtes convoqué", "2. Si l’infraction"],
        &["/le"],
    );
    says(
        PvKind::Domicile,
        0,
        &[
            "X on ouvre",
            "X oui",
            "victime ; V ; 1988",
            "table renversée",
            "X différée",
            "X oui",
            "X ni l’une ni l’autre",
        ],
        &["/arrivee"],
    );
    says(
        PvKind::CompteRendu,
        0,
        &["CIC-2026-0588", "X actes établis"],
        &["/debut", "/sur_place", "/fin"],
    );
}

#[test]
fn cr_r233_1_the_sheet_of_papers_says_what_is_shown_to_whom_and_by_which_day() {
    says(
        PvKind::Justification,
        0,
        &[
            "DOCUMENTS À JUSTIFIER",
            "X permis de conduire ou titre équivalent",
            "X certificat d’immatriculation de la remorque",
            "Avec le procès-verbal électronique n°",
            "2026/000123",
            "Au plus tard le",
            "26/11/2026",
            "commissariat",
            "quatrième classe (article R.233-1",
            "fichier des véhicules assurés",
        ],
        &["/invitation"],
    );
}

#[test]
fn a_sealed_object_has_its_number_where_and_by_whom_it_was_found_and_its_photographs() {
    let mut sealed = inventaire();
    sealed.inventory = [
        "1 ; couteau ; 1 ; SAISI ; poche droite ; RIO 2222222",
        "1 ; clé ; ; RESTITUE",
    ]
    .map(|line| Item::parse(line).unwrap())
    .to_vec();
    let mut shown = photo("couteau.jpg", at(1));
    shown.shows = Some(1);
    shown.marks = Marks::new(vec![Mark::Point(Spot::new(500, 500).unwrap())]).unwrap();
    sealed.photos = vec![photo("rue.jpg", at(0)), shown.clone()];
    let record = of_pv(sealed);
    let document = pdf::act(&record);
    pdf::assert_sound(&document);
    let text = pdf::text(&document);
    assert_says(
        &text,
        &[
            "Trouvé : poche droite, par RIO 2222222",
            "Photographie n° 2, SHA-256",
            "Photographie n° 1 : rue.jpg",
            "Photographie n° 2 : couteau.jpg",
            "montre l’objet n° 1 de l’inventaire",
        ],
    );
    let digest = shown.sha256.to_string();
    assert_eq!(
        pdf::letters(&text).matches(&digest).count(),
        2,
        "beside the object and under its plate"
    );
    let json: Value = serde_json::from_slice(&handoff(&record, &ReferenceSet::embedded()).unwrap()).unwrap();
    crate::schema::Schema::read().check(&json);
    let object = &json["pv"]["inventaire"][0];
    assert_eq!((&object["numero"], &object["scelle"]), (&1.into(), &"1".into()));
    assert_eq!(object["trouve_ou"], "poche droite");
    assert_eq!(object["trouve_par"], "RIO 2222222");
    assert_eq!(object["photographies_sha256"], serde_json::json!([digest]));
    let told = &json["pv"]["photographies"];
    assert_eq!(
        (&told[1]["montre_objet"], &told[1]["annotations"]),
        (&1.into(), &1.into())
    );
    assert_eq!(told[0].get("annotations"), None);
}
