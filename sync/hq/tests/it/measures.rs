//! A measure that a modified terminal signed: every signature holds, and no terminal of the project would have let it be
//! signed.

use domain::envelope::{ReceiptStatus, RefusalCode};
use domain::natinf::ReferenceSet;
use domain::officer::{Corps, Matricule, Quality};
use domain::person::{BriefIdentity, Identity, IdentitySource, Person};
use domain::pv::{AlcoholProof, DrugProof, DrunkOutcome, Measure, Pv};
use domain::record::{Act, Record};
use domain::{UnixMs, identity};

use crate::parcel::Parcel;
use crate::world::{Agent, Hq, NOON, Terminal, moment};

const MINUTE: i64 = 60_000;

const ARREST: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-arrest.cbor");
const HANDOVER: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-handover.cbor");
const ALCOHOL: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-alcohol.cbor");
const DRUGS: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-drugs.cbor");
const LICENCE: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-licence.cbor");
const VEHICLE: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-vehicle.cbor");
const DRUNK: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-ivresse.cbor");
const HOME: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-home.cbor");
const REPORT: &[u8] = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pv-report.cbor");

/// So many minutes before the signature.
fn ago(minutes: i64) -> UnixMs {
    NOON.plus(-minutes * MINUTE)
}

fn born(date: &str) -> Option<Box<Person>> {
    Some(Box::new(Person {
        identity: Identity::Brief(BriefIdentity {
            surname: "INVENTÉE".into(),
            given_names: "Personne".into(),
            born: Some(identity::CivilDate::parse(date).unwrap().into()),
        }),
        source: IdentitySource::Declaree,
    }))
}

/// The PV of `vector` as a terminal lets it be signed at noon, about an adult.
fn lawful(vector: &[u8]) -> Pv {
    let Act::Pv(pv) = domain::decode::<Record>(vector).unwrap().act else {
        panic!("a pv")
    };
    let mut pv = *pv;
    pv.started = moment(ago(60));
    pv.person = born("12/08/1974");
    pv.hearing = None;
    pv.photos = Vec::new();
    pv.signers = Vec::new();
    let opj = Matricule::parse(Corps::PoliceNationale, "7654321").unwrap();
    let why = "a tenté de fuir à notre vue".to_owned();
    match pv.measure.as_mut().unwrap() {
        Measure::Arrest(arrest) => {
            arrest.at = ago(50);
            arrest.restraint.force.as_mut().unwrap().circumstances = why;
        }
        Measure::Handover(handover) => {
            handover.arrested = ago(50);
            handover.restraint.force.as_mut().unwrap().circumstances = why;
            handover.notice.as_mut().unwrap().at = ago(48);
            (handover.left, handover.handed) = (ago(40), ago(20));
            handover.opj = opj;
        }
        Measure::Alcohol(check) => {
            check.screening.at = ago(30);
            if let AlcoholProof::Breath(breath) = &mut check.proof {
                breath.at = ago(20);
            }
        }
        Measure::Drugs(check) => {
            check.screening.at = ago(30);
            if let DrugProof::Saliva { at, .. } = &mut check.proof {
                *at = ago(20);
            }
        }
        Measure::Licence(retention) => retention.from = ago(10),
        Measure::Vehicle(sheet) => {
            sheet.at = ago(10);
            sheet.opj = Some(opj);
        }
        Measure::Ivresse(ivresse) => {
            ivresse.signs = "titube et tombe sur la chaussée".to_owned();
            (ivresse.found, ivresse.doctor.at) = (ago(50), ago(30));
            ivresse.outcome = DrunkOutcome::Cell(ago(10));
        }
        Measure::HomeCall(call) => call.arrived = ago(30),
        Measure::CompteRendu(report) => {
            (report.opened, report.on_scene, report.over) = (ago(50), Some(ago(40)), ago(10));
        }
        other @ (Measure::Remise(_) | Measure::Convocation(_) | Measure::Papers(_)) => {
            panic!("{other:?} is not sent here")
        }
    }
    pv
}

struct Scene {
    hq: Hq,
    officer: Agent,
    terminal: Terminal,
}

impl Scene {
    fn new() -> Self {
        let mut hq = Hq::new();
        let officer = hq.officer(1, Quality::Apj);
        let terminal = hq.terminal("neo-000001", &[&officer]);
        Self {
            hq,
            officer,
            terminal,
        }
    }

    fn parcel(&self, pv: Pv) -> Parcel<'_> {
        let mut parcel = self.terminal.parcel(&self.officer, 0, Act::Pv(Box::new(pv)));
        parcel.record.reference = ReferenceSet::embedded().version;
        parcel.draw();
        parcel
    }

    fn said_of(&mut self, pv: Pv) -> ReceiptStatus {
        let bytes = self.parcel(pv).bytes();
        self.hq.receipt(&self.terminal, &bytes).status
    }
}

fn said_of(pv: Pv) -> ReceiptStatus {
    Scene::new().said_of(pv)
}

/// That HQ takes the PV of `vector`, and refuses what `spoil` makes of it.
#[track_caller]
fn refused(vector: &[u8], spoil: impl FnOnce(&mut Pv)) {
    let mut pv = lawful(vector);
    spoil(&mut pv);
    assert_eq!(said_of(pv), ReceiptStatus::Refused(RefusalCode::MeasureUnlawful));
}

/// The value of the measure, of the variant that is named.
macro_rules! measure {
    ($pv:expr, $variant:ident) => {
        match $pv.measure.as_mut() {
            Some(Measure::$variant(value)) => value,
            other => panic!("{other:?}"),
        }
    };
}

#[test]
fn hq_takes_what_a_terminal_lets_be_signed() {
    for vector in [
        ARREST, HANDOVER, ALCOHOL, DRUGS, LICENCE, VEHICLE, DRUNK, HOME, REPORT,
    ] {
        let pv = lawful(vector);
        let kind = pv.kind;
        assert_eq!(said_of(pv), ReceiptStatus::Stored, "{kind:?}");
    }
}

#[test]
fn hq_takes_no_measure_whose_hours_cannot_follow_each_other() {
    refused(HANDOVER, |pv| measure!(pv, Handover).handed = ago(45));
    refused(HANDOVER, |pv| measure!(pv, Handover).left = ago(51));
    refused(REPORT, |pv| measure!(pv, CompteRendu).over = ago(41));
    refused(DRUGS, |pv| measure!(pv, Drugs).screening.at = ago(19));
    refused(ALCOHOL, |pv| measure!(pv, Alcohol).screening.at = ago(19));
    refused(HOME, |pv| measure!(pv, HomeCall).arrived = ago(-1));
    refused(LICENCE, |pv| measure!(pv, Licence).from = ago(-5));
}

#[test]
fn cpp_63_1_hq_takes_no_notice_of_custody_rights_before_the_arrest_nor_without_its_language() {
    refused(HANDOVER, |pv| {
        measure!(pv, Handover).notice.as_mut().unwrap().at = ago(51);
    });
    refused(HANDOVER, |pv| {
        measure!(pv, Handover).notice.as_mut().unwrap().language.clear();
    });
    refused(HANDOVER, |pv| {
        let handover = measure!(pv, Handover);
        handover.opj = Matricule::parse(Corps::PoliceNationale, "1234501").unwrap();
    });
    refused(HANDOVER, |pv| {
        pv.person = born("12/08/2011");
        measure!(pv, Handover).minor = None;
    });
}

#[test]
fn cpp_803_hq_takes_no_restraint_without_its_grounds() {
    refused(ARREST, |pv| {
        let restraint = &mut measure!(pv, Arrest).restraint;
        restraint.handcuffs.as_mut().unwrap().circumstances = "usage".to_owned();
    });
    refused(ARREST, |pv| {
        measure!(pv, Arrest)
            .restraint
            .force
            .as_mut()
            .unwrap()
            .circumstances = String::new();
    });
    refused(HANDOVER, |pv| {
        let restraint = &mut measure!(pv, Handover).restraint;
        restraint.palpation.as_mut().unwrap().reasons = " ".repeat(20);
    });
}

#[test]
fn cr_l234_4_hq_takes_no_rate_without_its_margin_nor_a_positive_screening_without_proof() {
    refused(ALCOHOL, |pv| {
        let AlcoholProof::Breath(breath) = &mut measure!(pv, Alcohol).proof else {
            panic!("a breath")
        };
        breath.reading.retained = 500;
    });
    refused(ALCOHOL, |pv| {
        let AlcoholProof::Breath(breath) = &mut measure!(pv, Alcohol).proof else {
            panic!("a breath")
        };
        breath.offered = false;
    });
    refused(ALCOHOL, |pv| measure!(pv, Alcohol).proof = AlcoholProof::None);
    refused(DRUGS, |pv| measure!(pv, Drugs).proof = DrugProof::None);
    refused(DRUGS, |pv| measure!(pv, Drugs).families.clear());
    refused(DRUGS, |pv| {
        measure!(pv, Drugs).proof = DrugProof::Blood(domain::pv::Blood::Reserved, String::new());
    });
}

#[test]
fn cr_l224_2_hq_takes_no_licence_kept_longer_than_its_ground_allows() {
    refused(LICENCE, |pv| measure!(pv, Licence).hours = 121);
    refused(LICENCE, |pv| {
        measure!(pv, Licence).ground = domain::pv::RetentionGround::Speed;
    });
}

#[test]
fn csp_l3341_1_hq_takes_nobody_in_a_cell_before_a_physician() {
    refused(DRUNK, |pv| {
        measure!(pv, Ivresse).outcome = DrunkOutcome::Cell(ago(31))
    });
    refused(DRUNK, |pv| measure!(pv, Ivresse).doctor.fit = false);
    refused(DRUNK, |pv| pv.person = born("12/08/2011"));
}

#[test]
fn hq_takes_no_pound_without_an_opj_no_home_with_questions_open_and_no_measure_of_another_kind() {
    refused(VEHICLE, |pv| measure!(pv, Vehicle).opj = None);
    refused(VEHICLE, |pv| measure!(pv, Vehicle).pound = None);
    refused(HOME, |pv| measure!(pv, HomeCall).grid = None);
    refused(HOME, |pv| pv.measure = None);
    refused(LICENCE, |pv| pv.kind = domain::pv::PvKind::Ivresse);
}

/// The number is on the document that the person has; the record is evidence of what was done with the terminal.
#[test]
fn what_is_refused_is_kept_with_its_number_and_said_the_same_again() {
    let mut scene = Scene::new();
    let mut pv = lawful(LICENCE);
    measure!(pv, Licence).hours = 240;
    let parcel = scene.parcel(pv);
    let (bytes, record, number) = (parcel.bytes(), parcel.record_bytes(), parcel.record.number);
    let first = scene.hq.receipt(&scene.terminal, &bytes);
    assert_eq!(first.status, ReceiptStatus::Refused(RefusalCode::MeasureUnlawful));
    assert!(scene.hq.is_in_store(&record[..64]), "the record is kept");
    assert_eq!(scene.hq.receipt(&scene.terminal, &bytes), first);
    let mut other = scene.terminal.pv(&scene.officer, 1);
    other.record.number = number;
    let again = scene.hq.refusal(&scene.terminal, &other.bytes());
    assert_eq!(again, RefusalCode::NumberOutsideRange, "the number is used");
}
