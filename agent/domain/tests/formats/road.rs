//! The acts of the road, and the reference data that they name.

use domain::Digest;
use domain::afd::{Afd, Case, Checklist, Claim, Condition, Eligible};
use domain::identity::CivilDate;
use domain::licence::{Licence, LicenceStatus};
use domain::natinf::{
    Amounts, Confidence, Instrument, Natinf, Nature, Reference, ReferenceSet, ReferenceVersion, ScaleClass,
    Threshold, Validity,
};
use domain::officer::Quality;
use domain::person::{Identity, IdentitySource};
use domain::photo::{EDGE, MIN_RADIUS, Mark, Marks, MediaType, Photo, Spot};
use domain::place::{RoadPlace, RoadPoint};
use domain::pve::{
    AlcoholReading, Hint, Interception, Noted, Offender, OffenderSignature, Parameter, Pve, Ruled, Ruling,
    SignedPad, SpeedReading,
};
use domain::record::{Act, Record};
use domain::vehicle::{Country, Genre, Registration, Vehicle};

use crate::acts::{context, plate, record};
use crate::identity::{at, person, place, short};
use crate::schema::Schema;
use crate::vector::Vector;

fn natinf(code: &str) -> Natinf {
    Natinf::parse(code).unwrap()
}

fn day() -> CivilDate {
    CivilDate::new(2026, 11, 21).unwrap()
}

fn road_place() -> RoadPlace {
    RoadPlace {
        place: place(),
        point: RoadPoint::parse("D907").ok().map(|road| road.at(Some(12_300))),
        direction: Some("vers Exempleville".to_owned()),
        agglomeration: Some(true),
    }
}

fn vehicle() -> Vehicle {
    Vehicle {
        registration: Registration::Read {
            plate: plate(),
            country: Country::france(),
        },
        genre: Some(Genre::Vp),
        make: Some("RENAULT".to_owned()),
        model: None,
        colour: Some("bleu".to_owned()),
    }
}

fn licence() -> Licence {
    Licence {
        status: LicenceStatus::Probationary,
        number: Some("25AB00000".into()),
        categories: vec!["B".to_owned()],
        issued: CivilDate::new(2025, 2, 1).ok(),
        authority: None,
    }
}

pub(crate) fn photo() -> Photo {
    let bytes = [0xff, 0xd8, 0xff, 0xe0];
    Photo {
        name: "photo-1.jpg".to_owned(),
        sha256: Digest::of(&bytes),
        bytes: 4,
        media: MediaType::Jpeg,
        taken_at: at(2).utc,
        shows: None,
        marks: Marks::default(),
    }
}

/// The same with every kind of mark over it, at the edges of what a mark may be.
pub(crate) fn marked_photo() -> Photo {
    let spot = |x, y| Spot::new(x, y).unwrap();
    let marks = vec![
        Mark::Stroke(vec![spot(0, 0), spot(23, 24), spot(EDGE, EDGE)]),
        Mark::Point(spot(500, 255)),
        Mark::Ring {
            centre: spot(250, 750),
            radius: MIN_RADIUS,
        },
        Mark::Point(spot(EDGE, 0)),
        Mark::Ring {
            centre: spot(0, EDGE),
            radius: EDGE,
        },
    ];
    Photo {
        marks: Marks::new(marks).unwrap(),
        ..photo()
    }
}

pub(crate) fn pad() -> SignedPad {
    SignedPad {
        strokes: Digest::of(b"strokes"),
        image: Digest::of(b"image"),
        shown: Digest::of(b"summary"),
    }
}

fn ruled(code: &str, points: Option<u8>) -> Ruled {
    Ruled {
        natinf: natinf(code),
        nature: Nature::C4,
        amounts: Amounts {
            forfaitaire: 13_500,
            minoree: Some(9_000),
            majoree: 37_500,
        },
        maximum: 75_000,
        points,
        confidence: Confidence::B,
    }
}

fn pve() -> Pve {
    let speed = SpeedReading {
        limit: 50,
        measured: 77,
        device: Instrument::Handheld,
        retained: 72,
    };
    let alcohol = AlcoholReading {
        first: 330,
        second: Some(300),
        retained: 268,
    };
    let noted = |code: &str, parameter| Noted {
        natinf: natinf(code),
        parameter,
    };
    let offender = person(Identity::Short(Box::new(short())), IdentitySource::Presentee);
    Pve {
        interception: Interception::Intercepted,
        place: road_place(),
        at: at(1).utc,
        vehicle: Some(vehicle()),
        offender: Offender::Intercepted(Box::new(offender)),
        licence: Some(licence()),
        offences: vec![
            noted("23800", None),
            noted("11302", Some(Parameter::Speed(speed))),
            noted("13322", Some(Parameter::Alcohol(alcohol))),
            noted("6227", Some(Parameter::Documents { due: day() })),
        ],
        simultaneous: vec![natinf("210")],
        observations: vec!["Main droite.".to_owned()],
        photos: vec![photo()],
        ruling: Ruling {
            offences: vec![ruled("23800", Some(3)), ruled("6227", None)],
            points: 3,
            hints: vec![Hint::RetentionOfLicence],
        },
        signature: OffenderSignature::Signed(pad()),
        started: at(0),
    }
}

fn pve_of_the_holder() -> Pve {
    Pve {
        interception: Interception::NotIntercepted,
        offender: Offender::Holder,
        vehicle: Some(Vehicle {
            registration: Registration::NotReadable,
            genre: None,
            make: None,
            model: None,
            colour: None,
        }),
        licence: None,
        offences: vec![Noted {
            natinf: natinf("23800"),
            parameter: None,
        }],
        simultaneous: Vec::new(),
        observations: Vec::new(),
        photos: Vec::new(),
        ruling: Ruling {
            offences: vec![ruled("23800", None)],
            points: 0,
            hints: Vec::new(),
        },
        signature: OffenderSignature::Absent,
        ..pve()
    }
}

/// A set of one row each: the embedded tables may grow, the format may not.
fn reference() -> Reference {
    let embedded = ReferenceSet::embedded().reference();
    let codes = ["23800", "11302", "13322", "6168", "227", "254", "180"].map(natinf);
    let mut thin = Reference {
        version: ReferenceVersion("specimen-1".to_owned()),
        issued: day(),
        offences: embedded.offences,
        scales: embedded.scales,
        afd: embedded.afd,
        margins: embedded.margins,
        formulas: Vec::new(),
        templates: Vec::new(),
        notes: None,
    };
    thin.offences.retain(|offence| codes.contains(&offence.natinf));
    thin.scales.retain(|scale| scale.class == ScaleClass::C4);
    thin.afd
        .retain(|tariff| tariff.key.as_str() == "usage-stupefiants");
    thin.margins
        .retain(|margin| margin.instrument == Instrument::Breath);
    for offence in &mut thin.offences {
        offence.label = format!("SPECIMEN {}", offence.natinf);
        offence.words = "specimen".to_owned();
    }
    if let Some(first) = thin.offences.first_mut() {
        first.successor = Some(natinf("23800"));
        first.validity = Validity {
            from: Some(day()),
            until: Some(day()),
        };
    }
    let stricter = Threshold {
        ressort: Some("TJ EXEMPLEVILLE".to_owned()),
        what: "cannabis".to_owned(),
        most: 20_000,
    };
    thin.afd
        .iter_mut()
        .for_each(|tariff| tariff.thresholds.push(stricter.clone()));
    thin
}

fn eligible() -> Eligible {
    let set = ReferenceSet::embedded();
    let mut checklist = Checklist::default();
    for condition in Condition::ALL {
        checklist.answer(condition, true);
    }
    let offender = person(Identity::Short(Box::new(short())), IdentitySource::Presentee);
    let claims = [Claim {
        natinf: natinf("6163"),
        quantity: None,
    }];
    let case = Case {
        claims: &claims,
        simultaneous: &[],
        person: &offender,
        signature: OffenderSignature::Signed(pad()),
        quality: Quality::Apj,
        ressort: None,
        law: set.at(day()),
    };
    checklist.decide(case).unwrap()
}

fn afd() -> Afd {
    Afd {
        place: road_place(),
        at: at(1).utc,
        person: person(Identity::Short(Box::new(short())), IdentitySource::Presentee),
        vehicle: Some(vehicle()),
        licence: None,
        eligible: eligible(),
        observations: vec!["Vu sur place.".to_owned()],
        photos: vec![photo()],
        signature: pad(),
        started: at(0),
    }
}

pub(crate) fn vectors() -> Vec<Vector> {
    let kept = Schema::Kept;
    let of = |act| -> Record { record(act, context(Quality::Apj, false)) };
    vec![
        Vector::of("record-pve", kept, "record", of(Act::Pve(Box::new(pve())))),
        Vector::of(
            "record-pve-holder",
            kept,
            "record",
            of(Act::Pve(Box::new(pve_of_the_holder()))),
        ),
        Vector::of(
            "record-pve-marked",
            kept,
            "record",
            of(Act::Pve(Box::new(Pve {
                photos: vec![photo(), marked_photo()],
                ..pve()
            }))),
        ),
        Vector::of("record-afd", kept, "record", of(Act::Afd(Box::new(afd())))),
        Vector::of("eligible", kept, "eligible", eligible()),
        Vector::of("reference", kept, "reference", reference()),
    ]
}
