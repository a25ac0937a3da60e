//! Drafts that become acts, and drafts that may not.

use super::*;
use crate::Digest;
use crate::draft::{Problem, Reason};
use crate::hand::HandOutcome;
use crate::id::{ActId, BootId, OfficerId, ServiceId};
use crate::identity::CheckOutcome;
use crate::officer::{Corps, Matricule, Quality};
use crate::plainte::Language;
use crate::time::{UnixMs, Zone};

fn now() -> Timestamp {
    let boot = BootId::from_bytes([1; 16]);
    Timestamp {
        utc: UnixMs(1_795_284_300_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot,
        mono_ms: 1,
    }
}

fn finish(kind: ActKind, quality: Quality, fields: &[(Field, &str)]) -> Result<ToSign, Vec<Problem>> {
    let mut draft = Draft::new(ActId::from_bytes([3; 16]), kind, now(), None);
    for (field, text) in fields {
        draft.fill(*field, text, now()).unwrap();
    }
    if let Some(language) = Language::from_code(draft.text(Field::RightsLanguage)) {
        draft.show_rights(language, Digest::of(b"sheet")).unwrap();
        let reason = "ne souhaite pas signer".to_owned();
        draft
            .leave_rights_unsigned(HandOutcome::Refuses { reason }, now())
            .unwrap();
    }
    let matricule = Matricule::parse(Corps::PoliceNationale, "1234567").unwrap();
    let officer = Officer {
        id: OfficerId::from_bytes([2; 16]),
        matricule: matricule.clone(),
        name: "MARTIN".into(),
        rank: "gardien de la paix".to_owned(),
        quality,
        unit: "CSP".to_owned(),
        habilitations: Vec::new(),
        departments: Vec::new(),
    };
    let service = Service {
        id: ServiceId::from_bytes([4; 16]),
        crew: vec![matricule],
        opj: None,
        requisitions: Vec::new(),
        camera: None,
        card: CardPresence::Card,
        started: now(),
        ended: None,
        basis: None,
        operations: Vec::new(),
        vehicle: None,
        checks: None,
    };
    let device = DeviceId::parse("neo-000001").unwrap();
    let reference = ReferenceSet::embedded();
    let around = Surroundings {
        answers: &[],
        device: &device,
        protection: KeyProtection::File,
        officer: &officer,
        service: &service,
        reference: &reference,
        bases: crate::legal_basis::BasisTable::built_in(),
        fix: None,
    };
    if matches!(draft.kind, ActKind::Plainte) && !draft.signers(now()).is_empty() {
        draft.show(Digest::of(b"shown"), now());
        let reason = "ne souhaite pas signer".to_owned();
        draft.leave_unsigned(0, HandOutcome::Refuses { reason }).unwrap();
    }
    draft.finish(around, now())
}

const PLAINTE: [(Field, &str); 6] = [
    (Field::Venue, "MAIRIE"),
    (Field::Place, "12 rue des Lilas"),
    (Field::Surname, "Durand"),
    (Field::When, "hier soir"),
    (Field::Account, "On m'a pris mon vélo.\n\nIl était attaché."),
    (Field::SheetHanded, "PAPIER"),
];

#[test]
fn cpp_10_2_a_complaint_without_the_rights_notice_cannot_be_signed() {
    let refused = finish(ActKind::Plainte, Quality::Apj, &PLAINTE).unwrap_err();
    assert_eq!(
        refused,
        [Problem::new(Field::RightsLanguage, Reason::RightsNotNotified)]
    );
    let mut fields = PLAINTE.to_vec();
    fields.push((Field::RightsLanguage, "fr"));
    let signed = finish(ActKind::Plainte, Quality::Apj, &fields).unwrap();
    let Act::Plainte(plainte) = &signed.act else {
        panic!("a complaint")
    };
    assert_eq!(plainte.paragraphs.len(), 2);
    assert_eq!(plainte.rights.language, Language::French);
}

#[test]
fn cpp_15_3_an_apja_takes_no_complaint() {
    let mut fields = PLAINTE.to_vec();
    fields.push((Field::RightsLanguage, "fr"));
    let refused = finish(ActKind::Plainte, Quality::ApjaReserviste, &fields).unwrap_err();
    assert_eq!(
        refused,
        [Problem::new(Field::Account, Reason::QualityNotEmpowered)]
    );
}

#[test]
fn every_missing_field_of_a_pv_is_named_at_once() {
    let refused = finish(ActKind::Pv, Quality::Opj, &[(Field::Offences, "23800 99999 x")]).unwrap_err();
    let reasons: Vec<(Field, Reason)> = refused.into_iter().map(|p| (p.field, p.reason)).collect();
    assert!(reasons.contains(&(Field::Place, Reason::Missing)));
    assert!(reasons.contains(&(Field::Account, Reason::Missing)));
    assert!(reasons.contains(&(Field::Offences, Reason::NotANatinf)));
    assert!(reasons.contains(&(Field::Offences, Reason::UnknownNatinf)));
}

#[test]
fn an_identity_read_from_a_refuted_zone_is_refused_and_a_proven_one_is_taken() {
    let zone = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
    let grounds = (Field::Grounds, "court à la vue de la patrouille");
    let base = [
        (Field::CheckBasis, "CI-2"),
        (Field::Place, "gare de Lyon"),
        grounds,
    ];
    let mut good = base.to_vec();
    good.push((Field::Mrz, zone));
    let act = finish(ActKind::IdentityCheck, Quality::Opj, &good).unwrap().act;
    let Act::IdentityCheck(check) = act else {
        panic!("a check")
    };
    assert_eq!(check.outcome, CheckOutcome::Established);
    let broken = zone.replace("7408122", "7408129");
    let mut bad = base.to_vec();
    bad.push((Field::Mrz, &broken));
    let refused = finish(ActKind::IdentityCheck, Quality::Opj, &bad).unwrap_err();
    assert_eq!(refused, [Problem::new(Field::Mrz, Reason::MrzRefuted)]);
}

#[test]
fn cpp_15_3_an_opj_and_an_apj_take_a_complaint_and_no_other_quality_does() {
    let mut fields = PLAINTE.to_vec();
    fields.push((Field::RightsLanguage, "fr"));
    for quality in Quality::ALL {
        let takes = matches!(quality, Quality::Opj | Quality::Apj);
        assert_eq!(
            finish(ActKind::Plainte, quality, &fields).is_ok(),
            takes,
            "{quality:?}"
        );
    }
}
