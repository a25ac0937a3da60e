//! The structured act: one golden file a kind, each as the schema says, and nothing that the record does not know.

use documents::handoff;
use domain::enrolment::KeyProtection;
use domain::envelope::RefusalCode;
use domain::identity::{FileTrace, TraceResult};
use domain::natinf::{ReferenceSet, ReferenceVersion};
use domain::officer::FileKind;
use domain::plainte::{Language, Suspect, Venue};
use domain::pv::Pv;
use domain::record::{Act, Correction, DocumentDigest, Record, Retention};
use domain::retention::Term;
use domain::{ActId, Digest, InterventionId, Zone};
use serde_json::Value;

use crate::acts::{at, check, of_check, of_plainte, of_pv, plainte, pv};
use crate::roadside::{
    afd, afd_of_use, alcohol, of_afd, of_pve, papers, pve, pve_of_the_holder, pve_over, speed,
};
use crate::schema::Schema;

fn text(record: &Record) -> String {
    String::from_utf8(handoff(record, &ReferenceSet::embedded()).unwrap()).unwrap()
}

fn json(record: &Record) -> Value {
    serde_json::from_str(&text(record)).unwrap()
}

/// Bound to its document, and everything else that a record may know of itself.
fn whole(mut record: Record) -> Record {
    record.document = Some(DocumentDigest {
        sha256: Digest::of(b"document"),
        bytes: 48_211,
    });
    record.context.intervention = Some(InterventionId::from_bytes([9; 16]));
    record
}

/// A hearing with everything that a PV may say.
fn hearing() -> Pv {
    let vector = include_bytes!("../../../domain/tests/vectors/v1/record-pv-hearing.cbor");
    let Act::Pv(pv) = domain::decode::<Record>(vector).unwrap().act else {
        panic!("the vector is a pv")
    };
    *pv
}

/// A PV of each measure, as its golden vector has it.
pub(crate) fn measures() -> [Record; 13] {
    [
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-arrest.cbor").as_slice(),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-handover.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-alcohol.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-blood.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-drugs.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-licence.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-vehicle.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-ivresse.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-remise.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-convocation.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-home.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-report.cbor"),
        include_bytes!("../../../domain/tests/vectors/v1/record-pv-papers.cbor"),
    ]
    .map(|vector| domain::decode::<Record>(vector).unwrap())
}

fn kinds() -> [(&'static str, Record); 6] {
    [
        ("controle", of_check(check())),
        ("pv", of_pv(pv(&["Constatons.", "Relevons l'identité."]))),
        ("audition", of_pv(hearing())),
        ("plainte", of_plainte(plainte())),
        ("pve", of_pve(pve_over(vec![speed(), alcohol(), papers()]))),
        ("afd", of_afd(afd())),
    ]
    .map(|(name, record)| (name, whole(record)))
}

#[test]
fn each_kind_of_act_has_its_golden_file() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    for (name, record) in kinds() {
        settings.bind(|| insta::assert_snapshot!(format!("acte-{name}"), text(&record)));
    }
}

#[test]
fn every_act_is_as_the_schema_says() {
    let schema = Schema::read();
    let mut corrective = of_pv(pv(&[]));
    corrective.corrects = Some(Correction {
        act: ActId::from_bytes([3; 16]),
        record: Digest::of(b"refused"),
        refusal: Some(RefusalCode::CorrectionAsked),
    });
    corrective.retention = Some(Retention {
        term: Term::IdentityVerification,
        until: at(0).utc,
    });
    corrective.number = None;
    let mut named = plainte();
    named.suspect = Suspect::Named("DURAND Paul".into());
    let mut asked = check();
    let results = [
        TraceResult::NothingFound,
        TraceResult::Found,
        TraceResult::Consulted,
        TraceResult::NotAnswered,
    ];
    asked.files = FileKind::ALL
        .into_iter()
        .flat_map(|file| {
            results.map(|result| FileTrace {
                file,
                result,
                answered: None,
            })
        })
        .collect();
    named.rights = crate::rights::signed(Language::Chinese).rights;
    let others = [
        of_check(asked),
        corrective,
        of_pve(pve()),
        of_pve(pve_of_the_holder()),
        of_afd(afd_of_use()),
        of_plainte(named),
    ];
    let measures = measures();
    for record in kinds()
        .map(|(_, record)| record)
        .iter()
        .chain(&others)
        .chain(&measures)
    {
        schema.check(&json(record));
    }
}

#[test]
fn the_schema_refuses_what_is_not_an_act() {
    let schema = Schema::read();
    let act = json(&whole(of_pv(pv(&["Constatons."]))));
    let refused = |edit: fn(&mut Value)| {
        let mut edited = act.clone();
        edit(&mut edited);
        schema.problems(&edited)
    };
    assert!(schema.problems(&act).is_empty());
    for edit in [
        (|act| act["version"] = 2.into()) as fn(&mut Value),
        |act| act["pv"]["surprise"] = true.into(),
        |act| act["plainte"] = act["pv"].clone(),
        |act| act["numero"] = "123".into(),
        |act| act["signe"]["instant"] = "2026-11-21T19:32:00Z".into(),
        |act| act["pv"]["cadre"] = "AUTRE".into(),
        |act| act["document"]["octets"] = "beaucoup".into(),
        |act| {
            act["redacteur"].as_object_mut().unwrap().remove("grade");
        },
    ] {
        assert!(!refused(edit).is_empty());
    }
}

#[test]
fn a_moment_is_an_instant_with_its_offset_a_zone_and_the_words_of_the_act() {
    let mut record = of_pv(pv(&[]));
    record.signed_at.zone = Zone::Reunion;
    record.signed_at.offset_min = 240;
    let signed = &json(&record)["signe"];
    assert_eq!(signed["instant"], "2026-11-21T22:32:00+04:00");
    assert_eq!(signed["zone"], "Indian/Reunion");
    assert!(signed["texte"].as_str().unwrap().ends_with("à 22\u{a0}h\u{a0}32"));
}

#[test]
fn labels_come_from_the_set_of_the_act_or_are_absent() {
    let known = json(&of_pv(pv(&[])));
    let offences = &known["pv"]["infractions"];
    assert_eq!(offences[1]["natinf"], 23800);
    assert!(offences[1]["libelle"].as_str().unwrap().contains("TELEPHONE"));
    assert!(known.get("referentiel_inconnu").is_none());
    let mut record = of_pv(pv(&[]));
    record.reference = ReferenceVersion("un autre".to_owned());
    let other = json(&record);
    assert_eq!(other["referentiel"], "un autre");
    assert_eq!(other["referentiel_inconnu"], true);
    assert!(Schema::read().problems(&other).is_empty());
    assert_eq!(
        other["pv"]["infractions"][1],
        serde_json::json!({ "natinf": 23800 })
    );
}

#[test]
fn what_the_record_does_not_know_is_absent() {
    let mut record = of_check(check());
    let Act::IdentityCheck(check) = &mut record.act else {
        unreachable!()
    };
    check.person = None;
    check.document = None;
    check.plate = None;
    let act = json(&record);
    for absent in ["personne", "titre", "plaque"] {
        assert_eq!(act["controle"].get(absent), None, "{absent}");
    }
    for absent in ["document", "intervention", "rectifie", "conservation"] {
        assert_eq!(act.get(absent), None, "{absent}");
    }
    assert!(!text(&record).contains("null"));
}

#[test]
fn the_home_of_somebody_who_shelters_a_victim_is_not_named() {
    let mut sheltered = plainte();
    sheltered.venue = Venue::HomeOfThirdParty;
    let act = json(&of_plainte(sheltered));
    assert_eq!(act["plainte"].get("lieu"), None);
    assert_eq!(act["plainte"]["recueillie"], "domicile d'un tiers");
    Schema::read().check(&act);
}

#[test]
fn the_document_is_named_by_what_was_signed_of_it() {
    let act = json(&whole(of_pv(pv(&[]))));
    assert_eq!(act["document"]["sha256"], Digest::of(b"document").to_string());
    assert_eq!(act["document"]["octets"], 48_211);
    assert_eq!(act["numero"], "2026/000123");
}

#[test]
fn a_training_act_and_a_file_key_are_said() {
    let mut record = of_pv(pv(&[]));
    record.context.formation = true;
    record.context.protection = KeyProtection::File;
    let act = json(&record);
    assert_eq!(
        (&act["formation"], &act["cle_materielle"]),
        (&true.into(), &false.into())
    );
}
