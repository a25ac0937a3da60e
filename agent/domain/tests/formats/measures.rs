//! A PV of each measure.

use domain::identity::CivilDate;
use domain::intervention::{OperationsNumber, Outcome};
use domain::licence::{Licence, LicenceStatus};
use domain::officer::Quality;
use domain::photo::{Marks, MediaType, Photo};
use domain::pv::{
    AlcoholCheck, AlcoholProof, Arrest, Blood, Breath, CompteRendu, Convocation, CustodyNotice, Doctor, Door,
    DrugCheck, DrugProof, DrunkOutcome, Force, GridState, HandcuffGround, Handcuffs, Handover, HomeCall,
    Immobilisation, Item, Ivresse, Justification, LicenceRetention, LicenceState, Measure, Palpation, Parent,
    Present, Pv, PvKind, Remise, Restraint, RetentionGround, RoadPaper, Screening, ScreeningGround,
    ScreeningResult, SheetGiven, VehicleMeasure, Wish,
};
use domain::pve::AlcoholReading;
use domain::record::Act;
use domain::vehicle::{Country, Registration, Vehicle};
use domain::verification::{Clock, Counted, Representative};
use domain::{ActNumber, Digest};

use crate::acts::{self, context, plate, record};
use crate::identity::{at, matricule};
use crate::schema::Schema;
use crate::vector::Vector;

fn restraint() -> Restraint {
    Restraint {
        force: Some(Force {
            circumstances: "se débat".to_owned(),
        }),
        handcuffs: Some(Handcuffs {
            ground: HandcuffGround::Flight,
            circumstances: "a tenté de fuir".to_owned(),
        }),
        palpation: Some(Palpation {
            reasons: "poches lourdes".to_owned(),
            apart: true,
        }),
    }
}

fn screening(result: ScreeningResult) -> Screening {
    Screening {
        ground: ScreeningGround::Offence,
        at: at(2).utc,
        result,
    }
}

fn handover() -> Handover {
    Handover {
        arrested: at(0).utc,
        restraint: restraint(),
        notice: Some(CustodyNotice {
            at: at(1).utc,
            language: "français".to_owned(),
            sheet: SheetGiven::Given,
            delay: Some("fuite".to_owned()),
        }),
        minor: Some(Representative::Impossible("injoignable".to_owned())),
        property: vec!["un téléphone".into()],
        left: at(2).utc,
        handed: at(20).utc,
        opj: matricule("7654321"),
        station: "commissariat".to_owned(),
    }
}

fn vehicle() -> Vehicle {
    Vehicle {
        registration: Registration::Read {
            plate: plate(),
            country: Country::france(),
        },
        genre: None,
        make: Some("marque".to_owned()),
        model: None,
        colour: None,
    }
}

fn breath() -> AlcoholProof {
    AlcoholProof::Breath(Box::new(Breath {
        device: "appareil".to_owned(),
        verified: CivilDate::parse("21/06/2026").unwrap(),
        at: at(3).utc,
        reading: AlcoholReading {
            first: 520,
            second: Some(500),
            retained: 460,
        },
        offered: true,
    }))
}

fn measures() -> Vec<(&'static str, PvKind, Measure)> {
    let positive = screening(ScreeningResult::Positive);
    vec![
        (
            "record-pv-arrest",
            PvKind::Interpellation,
            Measure::Arrest(Box::new(Arrest {
                at: at(0).utc,
                restraint: restraint(),
            })),
        ),
        (
            "record-pv-handover",
            PvKind::MiseADisposition,
            Measure::Handover(Box::new(handover())),
        ),
        (
            "record-pv-alcohol",
            PvKind::Alcoolemie,
            Measure::Alcohol(Box::new(AlcoholCheck {
                screening: positive,
                proof: breath(),
                signs: Some("haleine".to_owned()),
            })),
        ),
        (
            "record-pv-blood",
            PvKind::Alcoolemie,
            Measure::Alcohol(Box::new(AlcoholCheck {
                screening: screening(ScreeningResult::Impossible),
                proof: AlcoholProof::Blood(Blood::Reserved, "docteur".to_owned()),
                signs: None,
            })),
        ),
        (
            "record-pv-drugs",
            PvKind::Stupefiants,
            Measure::Drugs(Box::new(DrugCheck {
                screening: positive,
                families: vec!["cannabis".to_owned()],
                proof: DrugProof::Saliva {
                    at: at(4).utc,
                    reserve: true,
                },
                signs: None,
            })),
        ),
        (
            "record-pv-licence",
            PvKind::Retention,
            Measure::Licence(Box::new(LicenceRetention {
                ground: RetentionGround::AlcoholProven,
                from: at(5).utc,
                hours: 120,
                state: LicenceState::Handed,
                licence: Some(Licence {
                    status: LicenceStatus::Valid,
                    number: Some("12AB34567".into()),
                    categories: vec!["B".to_owned()],
                    issued: None,
                    authority: None,
                }),
            })),
        ),
        (
            "record-pv-vehicle",
            PvKind::Immobilisation,
            Measure::Vehicle(Box::new(Immobilisation {
                measure: VehicleMeasure::Impounded,
                at: at(6).utc,
                ground: "L.325-1".to_owned(),
                vehicle: vehicle(),
                state: "rayure".to_owned(),
                contents: vec!["un sac".to_owned()],
                keys: "avec nous".to_owned(),
                certificate_kept: true,
                pound: Some("fourrière".to_owned()),
                opj: Some(matricule("7654321")),
            })),
        ),
        (
            "record-pv-ivresse",
            PvKind::Ivresse,
            Measure::Ivresse(Box::new(Ivresse {
                signs: "titube".to_owned(),
                found: at(0).utc,
                doctor: Doctor {
                    name: "docteur".to_owned(),
                    at: at(10).utc,
                    fit: true,
                },
                outcome: DrunkOutcome::Cell(at(20).utc),
            })),
        ),
        (
            "record-pv-remise",
            PvKind::Remise,
            Measure::Remise(Box::new(Remise {
                at: at(8).utc,
                to: "parent".into(),
                parent: Parent::Mother,
                state: "calme".to_owned(),
            })),
        ),
        (
            "record-pv-convocation",
            PvKind::Convocation,
            Measure::Convocation(Box::new(Convocation {
                at: at(9000).utc,
                station: "commissariat".to_owned(),
            })),
        ),
        (
            "record-pv-home",
            PvKind::Domicile,
            Measure::HomeCall(Box::new(HomeCall {
                arrived: at(0).utc,
                door: Door::Opened,
                apart: Some(true),
                present: vec![Present::parse("victime ; V ; 1988").unwrap()],
                signs: "table renversée".to_owned(),
                grid: Some(GridState::Later),
                card: Some(true),
                wish: Some(Wish::Nothing),
            })),
        ),
        (
            "record-pv-report",
            PvKind::CompteRendu,
            Measure::CompteRendu(Box::new(CompteRendu {
                number: Some(OperationsNumber::parse("CIC-2026-0588").unwrap()),
                opened: at(0).utc,
                on_scene: Some(at(5).utc),
                over: at(50).utc,
                outcome: Outcome::ActsDrawnUp,
            })),
        ),
        (
            "record-pv-papers",
            PvKind::Justification,
            Measure::Papers(Box::new(Justification {
                at: at(8).utc,
                papers: vec![RoadPaper::Licence, RoadPaper::Trailer],
                until: CivilDate::parse("26/11/2026").unwrap(),
                station: "commissariat".to_owned(),
                pve: ActNumber::parse("2026/000123").ok(),
                vehicle: Some(vehicle()),
            })),
        ),
    ]
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    let mut vectors: Vec<Vector> = measures()
        .into_iter()
        .map(|(name, kind, measure)| {
            let pv = Pv {
                kind,
                measure: Some(measure),
                ..acts::pv()
            };
            Vector::of(
                name,
                kept,
                "record",
                record(Act::Pv(Box::new(pv)), context(Quality::Apj, false)),
            )
        })
        .collect();
    // Objects with where and by whom they were found, and the photograph of one.
    let mut sealed = acts::pv();
    sealed.kind = PvKind::Inventaire;
    sealed.inventory = [
        "1 ; couteau ; 1 ; SAISI ; poche droite ; RIO 2222222",
        "1 ; clé ; ; RESTITUE",
    ]
    .map(|line| Item::parse(line).unwrap())
    .to_vec();
    sealed.photos = vec![Photo {
        name: "couteau.jpg".to_owned(),
        sha256: Digest::of(b"couteau"),
        bytes: 7,
        media: MediaType::Jpeg,
        taken_at: at(1).utc,
        shows: Some(1),
        marks: Marks::default(),
    }];
    vectors.push(Vector::of(
        "record-pv-sealed",
        kept,
        "record",
        record(Act::Pv(Box::new(sealed)), context(Quality::Apj, false)),
    ));
    let clock = Clock {
        from: at(0).utc,
        noted: at(1),
        limit_min: 7200,
        counted: Counted::Licence,
    };
    vectors.push(Vector::of("licence-clock", kept, "retention-clock", clock));
    vectors
}
