//! What the acts of the road say alike: place, moment, vehicle, licence.

use domain::identity::CivilDate;
use domain::licence::{Licence, LicenceStatus};
use domain::natinf::{InForce, ReferenceSet};
use domain::place::{RoadPlace, RoadPoint};
use domain::record::Record;
use domain::vehicle::{Genre, Registration, Vehicle};
use domain::{Timestamp, UnixMs};
use typst::foundations::{Dict, dict};

use crate::DocumentError;
use crate::act::{self, line};
use crate::typed::typed;

/// The law of the day of `at`, in the zone in which the act was signed.
pub(crate) fn law<'a>(record: &Record, at: UnixMs, reference: &'a ReferenceSet) -> InForce<'a> {
    reference.at(CivilDate::from(at.civil(record.signed_at.offset_min).date()))
}

/// A moment that only the terminal's clock tells, in the zone in which the act was signed.
pub(crate) fn moment(record: &Record, at: UnixMs) -> Dict {
    act::moment(Timestamp {
        utc: at,
        ..record.signed_at
    })
}

pub(crate) fn place(place: &RoadPlace) -> Result<Dict, DocumentError> {
    Ok(dict! {
        "at" => act::place(&place.place)?,
        "point" => place.point.as_ref().map(|point| typed(&named(point))).transpose()?,
        "direction" => place.direction.as_deref().map(typed).transpose()?,
        "agglomeration" => place.agglomeration.map(|inside| if inside {
            "en agglomération"
        } else {
            "hors agglomération"
        }),
    })
}

/// `D907, point kilométrique 12+300`.
fn named(point: &RoadPoint) -> String {
    let road = point.road();
    match point.point_m {
        None => road.to_owned(),
        Some(metres) => format!(
            "{road}, point kilométrique\u{a0}{}+{:03}",
            metres / 1000,
            metres % 1000
        ),
    }
}

/// On one line, as it is called out.
pub(crate) fn vehicle(vehicle: &Vehicle) -> Result<Dict, DocumentError> {
    Ok(line("Véhicule", typed(&described(vehicle))?))
}

/// Plate, kind, make, model and colour, as far as they were seen.
pub(crate) fn described(vehicle: &Vehicle) -> String {
    let registration = match &vehicle.registration {
        Registration::Read { plate, country } => format!("{plate} (pays\u{a0}: {})", country.as_str()),
        Registration::None => "sans immatriculation".to_owned(),
        Registration::NotReadable => "immatriculation absente ou illisible".to_owned(),
    };
    let name = [vehicle.make.as_deref(), vehicle.model.as_deref()];
    let name = name.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let seen = [
        Some(registration.as_str()),
        vehicle.genre.map(genre),
        Some(name.as_str()).filter(|name| !name.is_empty()),
        vehicle.colour.as_deref(),
    ];
    let seen: Vec<&str> = seen.into_iter().flatten().collect();
    seen.join(", ")
}

pub(crate) const fn genre(genre: Genre) -> &'static str {
    match genre {
        Genre::Vp => "voiture particulière",
        Genre::Ctte => "camionnette",
        Genre::Cam => "camion ou tracteur routier",
        Genre::Tcp => "véhicule de transport en commun",
        Genre::Moto => "motocyclette",
        Genre::Cyclo => "cyclomoteur",
        Genre::Quad => "quadricycle léger",
        Genre::Agricole => "véhicule agricole",
        Genre::Velo => "cycle",
        Genre::Edpm => "engin de déplacement personnel motorisé",
        Genre::Autre => "autre",
    }
}

pub(crate) fn licence(licence: &Licence) -> Result<Dict, DocumentError> {
    let mut known = vec![status(licence.status).to_owned()];
    if let Some(number) = &licence.number {
        known.push(format!("n°\u{a0}{}", number.reveal()));
    }
    if !licence.categories.is_empty() {
        known.push(format!("catégories\u{a0}: {}", licence.categories.join(" ")));
    }
    if let Some(issued) = licence.issued {
        known.push(format!("délivré le\u{a0}{issued}"));
    }
    if let Some(authority) = &licence.authority {
        known.push(format!("autorité\u{a0}: {authority}"));
    }
    Ok(line("Permis de conduire", typed(&known.join(", "))?))
}

pub(crate) const fn status(status: LicenceStatus) -> &'static str {
    match status {
        LicenceStatus::Unknown => "non présenté et non vérifié",
        LicenceStatus::Valid => "en cours de validité",
        LicenceStatus::Probationary => "en cours de validité, période probatoire",
        LicenceStatus::None => "aucun, ou aucun de la catégorie exigée",
        LicenceStatus::Withdrawn => "suspendu, annulé ou sans point",
    }
}
