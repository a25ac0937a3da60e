//! Acts of the road to print: a car stopped, a car gone, and a driver without insurance.

use domain::afd::{Afd, Case, Checklist, Claim, Condition, Eligible, Quantity};
use domain::identity::CivilDate;
use domain::licence::{Licence, LicenceStatus};
use domain::natinf::{Instrument, Natinf, ReferenceSet};
use domain::officer::Quality;
use domain::person::{Identity, IdentitySource, Person, ShortIdentity};
use domain::place::{RoadPlace, RoadPoint};
use domain::pve::{
    AlcoholReading, Facts, Interception, Known, Noted, Offender, OffenderSignature, Parameter, Pve, Ruling,
    SpeedReading, rule,
};
use domain::record::{Act, Record};
use domain::vehicle::{Country, Genre, Plate, Registration, Vehicle};

use crate::acts::{at, brief, place, record};
use crate::enclosed::{pad, photo};

pub(crate) fn natinf(code: &str) -> Natinf {
    Natinf::parse(code).unwrap()
}

fn day() -> CivilDate {
    CivilDate::new(2026, 11, 21).unwrap()
}

pub(crate) fn of_pve(pve: Pve) -> Record {
    record(Act::Pve(Box::new(pve)))
}

pub(crate) fn of_afd(afd: Afd) -> Record {
    record(Act::Afd(Box::new(afd)))
}

fn road_place() -> RoadPlace {
    RoadPlace {
        place: place(),
        point: RoadPoint::parse("D907").ok().map(|road| road.at(Some(12_050))),
        direction: Some("Villeurbanne".to_owned()),
        agglomeration: Some(true),
    }
}

fn vehicle() -> Vehicle {
    Vehicle {
        registration: Registration::Read {
            plate: Plate::parse("AB-123-CD").unwrap(),
            country: Country::france(),
        },
        genre: Some(Genre::Vp),
        make: Some("RENAULT".to_owned()),
        model: Some("CLIO".to_owned()),
        colour: Some("bleu".to_owned()),
    }
}

fn person() -> Person {
    let short = ShortIdentity {
        brief: brief("DURAND", "Élodie"),
        birth_place: None,
        nationality: None,
        profession: None,
        address: Some("3 cours Gambetta, 69003 Lyon".into()),
        phone: None,
        email: None,
    };
    Person {
        identity: Identity::Short(Box::new(short)),
        source: IdentitySource::Presentee,
    }
}

fn noted(code: &str, parameter: Option<Parameter>) -> Noted {
    Noted {
        natinf: natinf(code),
        parameter,
    }
}

pub(crate) fn speed() -> Noted {
    let set = ReferenceSet::embedded();
    let reading = SpeedReading::new(50, 77, Instrument::Handheld, set.at(day())).unwrap();
    noted("11302", Some(Parameter::Speed(reading)))
}

pub(crate) fn alcohol() -> Noted {
    let set = ReferenceSet::embedded();
    let reading = AlcoholReading::new(330, Some(300), set.at(day())).unwrap();
    noted("13322", Some(Parameter::Alcohol(reading)))
}

pub(crate) fn papers() -> Noted {
    let due = CivilDate::new(2026, 11, 26).unwrap();
    noted("6227", Some(Parameter::Documents { due }))
}

fn ruling(offences: &[Noted], interception: Interception, vehicle: &Vehicle) -> Ruling {
    let person = (interception == Interception::Intercepted).then_some(Known {
        age: Some(52),
        licence: LicenceStatus::Valid,
    });
    let facts = Facts {
        offences,
        simultaneous: &[],
        interception,
        person,
        genre: vehicle.genre,
        registration: Some(&vehicle.registration),
        quality: Quality::Apj,
    };
    rule(facts, ReferenceSet::embedded().at(day())).unwrap()
}

/// The driver was stopped, and signs.
pub(crate) fn pve_over(offences: Vec<Noted>) -> Pve {
    let vehicle = vehicle();
    Pve {
        interception: Interception::Intercepted,
        place: road_place(),
        at: at(-12).utc,
        ruling: ruling(&offences, Interception::Intercepted, &vehicle),
        vehicle: Some(vehicle),
        offender: Offender::Intercepted(Box::new(person())),
        licence: Some(Licence {
            status: LicenceStatus::Valid,
            number: Some("25AB00000".into()),
            categories: vec!["A2".to_owned(), "B".to_owned()],
            issued: CivilDate::new(2015, 2, 1).ok(),
            authority: Some("préfecture du Rhône".to_owned()),
        }),
        offences,
        simultaneous: Vec::new(),
        observations: vec![
            "La conductrice tient un téléphone de la main droite, à hauteur du volant.".to_owned(),
        ],
        photos: vec![photo("photo-1.jpg", at(-11))],
        signature: OffenderSignature::Signed(pad()),
        started: at(0),
    }
}

pub(crate) fn pve() -> Pve {
    pve_over(vec![noted("23800", None)])
}

/// The car went on, and its holder answers for the fine.
pub(crate) fn pve_of_the_holder() -> Pve {
    let offences = vec![noted("210", None)];
    let vehicle = vehicle();
    Pve {
        interception: Interception::NotIntercepted,
        ruling: ruling(&offences, Interception::NotIntercepted, &vehicle),
        offender: Offender::Holder,
        licence: None,
        offences,
        observations: Vec::new(),
        photos: Vec::new(),
        signature: OffenderSignature::Absent,
        ..pve()
    }
}

fn eligible(code: &str, quantity: Option<Quantity>, recidive: bool) -> Eligible {
    let mut checklist = Checklist::default();
    for condition in Condition::ALL {
        checklist.answer(condition, true);
    }
    checklist.answer(Condition::NoRecidive, !recidive);
    let claims = [Claim {
        natinf: natinf(code),
        quantity,
    }];
    let set = ReferenceSet::embedded();
    let case = Case {
        claims: &claims,
        simultaneous: &[],
        person: &person(),
        signature: OffenderSignature::Signed(pad()),
        quality: Quality::Apj,
        ressort: None,
        law: set.at(day()),
    };
    checklist.decide(case).unwrap()
}

fn afd_over(eligible: Eligible) -> Afd {
    Afd {
        place: road_place(),
        at: at(-12).utc,
        person: person(),
        vehicle: None,
        licence: None,
        eligible,
        observations: vec!["Contrôlée à l'arrêt, la personne remet d'elle-même ce qu'elle porte.".to_owned()],
        photos: vec![photo("photo-1.jpg", at(-11)), photo("produit.jpg", at(-9))],
        signature: pad(),
        started: at(0),
    }
}

/// Without insurance, FGAO surcharge.
pub(crate) fn afd() -> Afd {
    Afd {
        vehicle: Some(vehicle()),
        photos: Vec::new(),
        ..afd_over(eligible("6163", None, false))
    }
}

/// Use of cannabis, with destruction of the product.
pub(crate) fn afd_of_use() -> Afd {
    let quantity = Quantity {
        what: "cannabis".to_owned(),
        amount: 4_200,
    };
    afd_over(eligible("180", Some(quantity), false))
}

/// Theft, by somebody who did it before.
pub(crate) fn afd_of_theft() -> Afd {
    let quantity = Quantity {
        what: "valeur".to_owned(),
        amount: 4_990,
    };
    afd_over(eligible("7151", Some(quantity), true))
}
