//! Row by row: whatever the form of a measure prints stands in the structured act.

use domain::ActNumber;
use domain::identity::CivilDate;
use domain::natinf::ReferenceSet;
use domain::pv::{
    AlcoholProof, Blood, Door, DrugProof, DrunkOutcome, Justification, Measure, RoadPaper, VehicleMeasure,
};
use domain::record::{Act, Record};
use domain::verification::Representative;
use serde_json::Value as Json;
use typst::foundations::{Dict, Value};

use crate::handoff::handoff;
use crate::measure::sections;
use crate::pve::rate;

/// Part of the form, label, and where the value is in the measure; the last is empty for words of the law.
const PLACES: [(&str, &str, &[&str]); 70] = [
    ("Interpellation", "Heure", &["/heure", "/interpellation"]),
    ("Contrainte", "Emploi de la force", &["/contrainte/force"]),
    (
        "Contrainte",
        "Nécessité et proportion",
        &["/contrainte/force_motifs"],
    ),
    (
        "Contrainte",
        "Menottes (article 803 CPP)",
        &["/contrainte/menottes"],
    ),
    (
        "Contrainte",
        "Circonstances",
        &["/contrainte/menottes_circonstances"],
    ),
    (
        "Contrainte",
        "Palpation de sécurité (R.434-16 CSI)",
        &["/contrainte/palpation"],
    ),
    ("Contrainte", "Motifs", &["/contrainte/palpation_motifs"]),
    (
        "Contrainte",
        "À l’abri du regard du public",
        &["/contrainte/palpation_a_l_abri"],
    ),
    ("Droits de la garde à vue", "Notifiés le", &["/droits/notifies"]),
    ("Droits de la garde à vue", "Langue comprise", &["/droits/langue"]),
    (
        "Droits de la garde à vue",
        "Document (803-6 CPP)",
        &["/droits/document"],
    ),
    (
        "Droits de la garde à vue",
        "Ce qui a retardé la notification",
        &["/droits/retard"],
    ),
    (
        "Droits de la garde à vue",
        "Dits à la personne",
        &["/droits/enonces"],
    ),
    ("Droits de la garde à vue", "Notification", &[]),
    (
        "Droits de la garde à vue",
        "Mineur, représenté par",
        &["/droits/mineur_representant"],
    ),
    (
        "Droits de la garde à vue",
        "Mineur, sans représentant présent",
        &["/droits/mineur_obstacle"],
    ),
    (
        "Remise à l’officier de police judiciaire",
        "Effets de la personne",
        &["/effets"],
    ),
    ("Remise à l’officier de police judiciaire", "Départ", &["/depart"]),
    ("Remise à l’officier de police judiciaire", "Remise", &["/remise"]),
    (
        "Remise à l’officier de police judiciaire",
        "À",
        &["/opj", "/service"],
    ),
    (
        "Fiche A – Dépistage et comportement",
        "Cadre",
        &["/depistage/cadre"],
    ),
    (
        "Fiche A – Dépistage et comportement",
        "Heure du dépistage",
        &["/depistage/heure"],
    ),
    (
        "Fiche A – Dépistage et comportement",
        "Résultat",
        &["/depistage/resultat"],
    ),
    (
        "Fiche A – Dépistage et comportement",
        "Comportement",
        &["/comportement"],
    ),
    (
        "Fiche B – Vérification à l’éthylomètre",
        "Éthylomètre",
        &["/ethylometre/appareil"],
    ),
    (
        "Fiche B – Vérification à l’éthylomètre",
        "Dernière vérification",
        &["/ethylometre/verifie"],
    ),
    (
        "Fiche B – Vérification à l’éthylomètre",
        "Heure du premier souffle",
        &["/ethylometre/heure"],
    ),
    (
        "Fiche B – Vérification à l’éthylomètre",
        "Premier souffle",
        &["/ethylometre/premiere_mesure_ug_l"],
    ),
    (
        "Fiche B – Vérification à l’éthylomètre",
        "Second souffle proposé",
        &["/ethylometre/seconde_proposee"],
    ),
    (
        "Fiche B – Vérification à l’éthylomètre",
        "Second souffle",
        &["/ethylometre/seconde_mesure_ug_l"],
    ),
    (
        "Fiche B – Vérification à l’éthylomètre",
        "Taux retenu, marge déduite du plus faible",
        &["/ethylometre/retenue_ug_l"],
    ),
    (
        "Fiche C – Examen et prise de sang",
        "Prélèvement sanguin",
        &["/sang/prelevement"],
    ),
    ("Fiche C – Examen et prise de sang", "Médecin", &["/sang/medecin"]),
    ("Vérification", "Refus", &["/verification"]),
    ("Dépistage", "Cadre", &["/depistage/cadre"]),
    ("Dépistage", "Heure du dépistage", &["/depistage/heure"]),
    ("Dépistage", "Résultat", &["/depistage/resultat"]),
    ("Dépistage", "Familles dépistées", &["/familles"]),
    ("Dépistage", "Comportement", &["/comportement"]),
    ("Prélèvement salivaire", "Heure", &["/salive/heure"]),
    (
        "Prélèvement salivaire",
        "Se réserve la possibilité d’une contre-expertise (R.235-6)",
        &["/salive/contre_expertise_reservee"],
    ),
    (
        "Examen et prise de sang",
        "Prélèvement sanguin",
        &["/sang/prelevement"],
    ),
    ("Examen et prise de sang", "Médecin", &["/sang/medecin"]),
    ("Rétention", "Motif (article L.224-1)", &["/motif"]),
    ("Rétention", "Permis n°", &["/permis/numero"]),
    ("Rétention", "Catégories", &["/permis/categories"]),
    ("Rétention", "Titre", &["/titre"]),
    ("Rétention", "À compter du", &["/depuis"]),
    ("Effets", "Durée", &["/jusque", "/heures"]),
    ("Effets", "Ensuite", &[]),
    ("Mesure", "Mesure (L.325-1 et suivants)", &["/mesure"]),
    ("Mesure", "Heure", &["/heure"]),
    ("Mesure", "Fondement", &["/fondement"]),
    ("Mesure", "Sur décision de l’OPJ", &["/opj"]),
    ("Véhicule", "Véhicule", &["/vehicule"]),
    ("Véhicule", "État, avant toute manipulation", &["/etat"]),
    ("Véhicule", "Dans le véhicule", &["/contenu"]),
    ("Véhicule", "Clés", &["/cles"]),
    (
        "Véhicule",
        "Certificat d’immatriculation retenu",
        &["/certificat_retenu"],
    ),
    ("Véhicule", "Fourrière", &["/fourriere"]),
    ("Constatations", "Heure", &["/heure"]),
    (
        "Constatations",
        "Signes de l’ivresse, dans un lieu public",
        &["/signes"],
    ),
    ("Examen médical", "Médecin", &["/medecin"]),
    ("Examen médical", "Heure", &["/examen"]),
    (
        "Examen médical",
        "Certificat de non-admission",
        &["/non_admission"],
    ),
    (
        "Suite",
        "Retenue en chambre de sûreté jusqu’à ce qu’elle ait recouvré la raison, depuis",
        &["/placement"],
    ),
    (
        "Suite",
        "Confiée à une personne qui se porte garante",
        &["/remise_a"],
    ),
    ("Suite", "Conduite à l’hôpital", &["/remise_a"]),
    ("Suite", "Texte", &[]),
    ("Remise du mineur", "Heure", &["/heure"]),
];

/// The same, of the last measures.
const MORE: [(&str, &str, &[&str]); 27] = [
    ("Remise du mineur", "Remis à", &["/remis_a"]),
    ("Remise du mineur", "Qualité", &["/qualite"]),
    ("Remise du mineur", "État du mineur", &["/etat"]),
    ("Convocation", "Le", &["/le"]),
    ("Convocation", "Service", &["/service"]),
    (
        "Convocation",
        "Droits (article 61-1 du Code de procédure pénale)",
        &["/droits"],
    ),
    ("Au domicile", "Arrivée", &["/arrivee"]),
    ("Au domicile", "À l’arrivée", &["/porte"]),
    (
        "Au domicile",
        "Parties entendues séparément",
        &["/entendues_separement"],
    ),
    (
        "Au domicile",
        "Personnes présentes, enfants compris",
        &["/personnes"],
    ),
    ("Au domicile", "Signes constatés", &["/signes"]),
    (
        "Protection de la victime",
        "Grille d’évaluation du danger",
        &["/grille"],
    ),
    (
        "Protection de la victime",
        "Carte discrète remise",
        &["/carte_remise"],
    ),
    ("Protection de la victime", "Souhait de la victime", &["/souhait"]),
    ("Intervention", "Intervention n°", &["/intervention"]),
    ("Intervention", "Début", &["/debut"]),
    ("Intervention", "Sur place", &["/sur_place"]),
    ("Intervention", "Fin", &["/fin"]),
    ("Intervention", "Issue", &["/issue"]),
    ("Documents à présenter", "Invitation faite le", &["/invitation"]),
    ("Documents à présenter", "À présenter", &["/documents"]),
    ("Documents à présenter", "Véhicule", &["/vehicule"]),
    (
        "Documents à présenter",
        "Avec le procès-verbal électronique n°",
        &["/contravention"],
    ),
    ("Délai", "Au plus tard le", &["/jusque"]),
    ("Délai", "Auprès de", &["/service"]),
    ("Délai", "Texte", &[]),
    ("Délai", "Assurance", &[]),
];

fn of_vector(bytes: &[u8]) -> Record {
    domain::decode(bytes).unwrap()
}

fn with(record: &Record, edit: impl Fn(&mut Measure)) -> Record {
    let mut record = record.clone();
    let Act::Pv(pv) = &mut record.act else {
        panic!("a pv")
    };
    edit(pv.measure.as_mut().unwrap());
    record
}

/// Each measure as its golden vector has it, and as its other answers make it.
fn records() -> Vec<Record> {
    let [
        arrest,
        handover,
        alcohol,
        blood,
        drugs,
        licence,
        vehicle,
        ivresse,
        remise,
        summons,
        home,
        report,
    ] = [
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-arrest.cbor").as_slice(),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-handover.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-alcohol.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-blood.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-drugs.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-licence.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-vehicle.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-ivresse.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-remise.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-convocation.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-home.cbor"),
        include_bytes!("../../../../domain/tests/vectors/v1/record-pv-report.cbor"),
    ]
    .map(of_vector);
    let told_by_the_opj = with(&handover, |measure| {
        let Measure::Handover(handover) = measure else {
            panic!()
        };
        handover.notice = None;
        handover.minor = Some(Representative::Assists("Mme Martin".into()));
        handover.restraint.force = None;
        handover.restraint.handcuffs = None;
        handover.restraint.palpation = None;
    });
    let proven_by = |proof: AlcoholProof| {
        with(&alcohol, |measure| {
            let Measure::Alcohol(check) = measure else {
                panic!()
            };
            check.proof = proof.clone();
        })
    };
    let shown_by = |proof: DrugProof| {
        with(&drugs, |measure| {
            let Measure::Drugs(check) = measure else { panic!() };
            check.proof = proof.clone();
            check.signs = Some("yeux rouges".to_owned());
        })
    };
    let lifted = with(&vehicle, |measure| {
        let Measure::Vehicle(sheet) = measure else {
            panic!()
        };
        sheet.measure = VehicleMeasure::Lifted;
        sheet.pound = None;
        sheet.contents.clear();
    });
    let going = |outcome: DrunkOutcome| {
        with(&ivresse, |measure| {
            let Measure::Ivresse(ivresse) = measure else {
                panic!()
            };
            ivresse.outcome = outcome.clone();
        })
    };
    let nobody = with(&home, |measure| {
        let Measure::HomeCall(call) = measure else {
            panic!()
        };
        call.door = Door::Closed;
        call.present.clear();
        (call.apart, call.grid, call.card, call.wish) = (None, None, None, None);
    });
    let papers = with(&vehicle, |measure| {
        let Measure::Vehicle(sheet) = measure.clone() else {
            panic!()
        };
        *measure = Measure::Papers(Box::new(Justification {
            at: sheet.at,
            papers: vec![RoadPaper::Licence, RoadPaper::Interlock],
            until: CivilDate::parse("26/11/2026").unwrap(),
            station: "commissariat du 3e".to_owned(),
            pve: ActNumber::parse("2026/000123").ok(),
            vehicle: Some(sheet.vehicle),
        }));
    });
    let others = [
        papers,
        told_by_the_opj,
        proven_by(AlcoholProof::None),
        proven_by(AlcoholProof::Refused),
        shown_by(DrugProof::None),
        shown_by(DrugProof::Refused),
        shown_by(DrugProof::Blood(Blood::Analysed, "docteur Roux".to_owned())),
        lifted,
        going(DrunkOutcome::Entrusted("Mme Noir".into())),
        going(DrunkOutcome::Hospital("Édouard-Herriot".to_owned())),
        nobody,
    ];
    [
        arrest, handover, alcohol, blood, drugs, licence, vehicle, ivresse, remise, summons, home, report,
    ]
    .into_iter()
    .chain(others)
    .collect()
}

fn text(value: &Value) -> String {
    if let Value::Str(text) = value {
        return text.to_string();
    }
    let lines: Vec<String> = array(value).iter().map(text).collect();
    lines.join(" ")
}

fn at<'a>(dict: &'a Dict, key: &str) -> &'a Value {
    dict.get(key).unwrap()
}

fn array(value: &Value) -> Vec<Value> {
    let Value::Array(array) = value else {
        panic!("{value:?} is no array")
    };
    array.iter().cloned().collect()
}

fn dict(value: &Value) -> &Dict {
    let Value::Dict(dict) = value else {
        panic!("{value:?} is no dictionary")
    };
    dict
}

/// Everything that a reader of the JSON learns at one place, names of properties included.
fn learnt(json: &Json) -> String {
    match json {
        Json::String(text) => {
            let day: Vec<&str> = text.split('-').collect();
            match day.as_slice() {
                [year, month, day] => format!("{text} {day}/{month}/{year}"),
                _ => text.clone(),
            }
        }
        Json::Number(number) => {
            let micrograms = u32::try_from(number.as_u64().unwrap()).unwrap();
            format!("{number} {}", rate(micrograms))
        }
        Json::Bool(answer) => answer.to_string(),
        Json::Array(all) => all.iter().map(learnt).collect::<Vec<_>>().join(" "),
        Json::Object(all) => {
            let told = all
                .iter()
                .map(|(name, value)| format!("{name} {}", learnt(value)));
            told.collect::<Vec<_>>().join(" ")
        }
        Json::Null => panic!("what is not known is absent"),
    }
}

/// What the row says and the JSON does not, word by word.
fn missing(row: &Dict, json: &str) -> Vec<String> {
    let mut said = Vec::new();
    if *at(row, "value") != Value::None {
        said.push(text(at(row, "value")));
    }
    for one in array(at(row, "boxes")) {
        if *at(dict(&one), "on") == Value::Bool(true) {
            said.push(match text(at(dict(&one), "text")).as_str() {
                "oui" => "true".to_owned(),
                "non" if json == "false" => "false".to_owned(),
                other => other.to_owned(),
            });
        }
    }
    said.extend(array(at(row, "list")).iter().map(text));
    let words = said.join(" ");
    let words = words
        .split_whitespace()
        .map(|word| word.trim_matches([',', ';', ':', '(', ')', '.']))
        .filter(|word| !word.is_empty() && *word != "néant");
    words
        .filter(|word| !json.contains(word))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_row_of_every_measure_stands_in_the_structured_act() {
    let mut rows_seen = 0;
    let mut labels = std::collections::BTreeSet::new();
    for record in records() {
        let json: Json =
            serde_json::from_slice(&handoff(&record, &ReferenceSet::embedded()).unwrap()).unwrap();
        let Act::Pv(pv) = &record.act else { panic!("a pv") };
        let kinds = json["pv"]["mesure"].as_object().unwrap();
        assert_eq!(kinds.len(), 1);
        let body = kinds.values().next().unwrap();
        for section in sections(&record, pv.measure.as_ref().unwrap()).unwrap() {
            let title = text(at(&section, "title"));
            for row in array(at(&section, "rows")) {
                let (row, label) = (dict(&row), text(at(dict(&row), "label")));
                let mut known = PLACES.iter().chain(&MORE);
                let place = known.find(|(part, name, _)| *part == title && *name == label);
                let (_, name, pointers) =
                    place.unwrap_or_else(|| panic!("`{label}` of `{title}` is not in the hand-off"));
                rows_seen += 1;
                labels.insert((title.clone(), *name));
                let told: Vec<String> = pointers
                    .iter()
                    .filter_map(|at| body.pointer(at))
                    .map(learnt)
                    .collect();
                let absent = missing(row, &told.join(" "));
                // A sentence of the form around the values that it is made of.
                let sentence = matches!(label.as_str(), "Durée" | "Refus") || pointers.is_empty();
                match told.as_slice() {
                    [] if sentence => {}
                    [] => assert_eq!(absent, Vec::<String>::new(), "`{label}` of `{title}` in {body:#}"),
                    told if sentence => {
                        let form = text(at(row, "value"));
                        for value in told
                            .iter()
                            .filter(|value| label != "Refus" && !value.contains("mg/L"))
                        {
                            let local = value.split("texte ").nth(1).unwrap_or(value);
                            let local = local.split(" zone").next().unwrap_or(local);
                            assert!(form.contains(local), "`{local}` in `{form}`");
                        }
                    }
                    _ => assert_eq!(absent, Vec::<String>::new(), "`{label}` of `{title}` in {body:#}"),
                }
            }
        }
    }
    assert!(rows_seen > 100, "{rows_seen}");
    assert_eq!(
        labels.len(),
        PLACES.len() + MORE.len(),
        "a row that nothing prints is no proof"
    );
}
