//! An officer on duty with a terminal, before whom the forms of these tests are filled.

use domain::draft::{Draft, Field, Problem, Reason, Surroundings};
use domain::enrolment::KeyProtection;
use domain::id::{ActId, ActNumber, BootId, DeviceId, OfficerId, ServiceId};
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule, Officer, Quality};
use domain::record::{ActKind, Record};
use domain::service::{CardPresence, Service};
use domain::signed::ToSign;
use domain::{Timestamp, UnixMs, Zone};

/// The ICAO 9303 specimen.
pub(crate) const ZONE: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

/// 21 November 2026, 19:05 in Paris, and so many minutes.
pub(crate) fn at(minutes: i64) -> Timestamp {
    Timestamp {
        utc: UnixMs(1_795_284_300_000 + minutes * 60_000),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 3_600_000,
    }
}

pub(crate) fn draft(kind: ActKind, fields: &[(Field, &str)]) -> Draft {
    let mut draft = Draft::new(ActId::from_bytes([3; 16]), kind, at(0), None);
    for (field, text) in fields {
        draft.fill(*field, text, at(1)).unwrap();
    }
    draft
}

pub(crate) fn with<R>(quality: Quality, read: impl FnOnce(Surroundings<'_>) -> R) -> R {
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
        started: at(-60),
        ended: None,
        basis: None,
        operations: Vec::new(),
        vehicle: None,
        checks: None,
    };
    let (device, reference) = (DeviceId::parse("neo-000001").unwrap(), ReferenceSet::embedded());
    read(Surroundings {
        answers: &[],
        device: &device,
        protection: KeyProtection::File,
        officer: &officer,
        service: &service,
        reference: &reference,
        bases: domain::legal_basis::BasisTable::built_in(),
        fix: None,
    })
}

pub(crate) fn finish(draft: &Draft) -> Result<ToSign, Vec<Problem>> {
    with(Quality::Apj, |around| draft.finish(around, at(10)))
}

pub(crate) fn record(draft: &Draft) -> Record {
    let number = ActNumber {
        year: 2026,
        serial: 7,
    };
    finish(draft).unwrap().record(Some(number))
}

#[track_caller]
pub(crate) fn refused(draft: &Draft, expected: &[(Field, Reason)]) {
    let problems = finish(draft).unwrap_err();
    let named: Vec<(Field, Reason)> = problems.iter().map(|p| (p.field, p.reason)).collect();
    assert_eq!(named, expected);
}
