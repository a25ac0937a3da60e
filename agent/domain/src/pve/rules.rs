//! The rules of the amende forfaitaire over what was seen: a ruling, or everything that stands against it.
//!
//! Payment on the spot is no business of this act: who pays at once gets a quittance and no procès-verbal.

use super::bar::{Bar, Barred};
use super::reading::Parameter;
use super::ruling::{Hint, MAX_POINTS, Ruled, Ruling};
use super::{Interception, Noted};
use crate::licence::LicenceStatus;
use crate::natinf::{
    AlcoholLimit, Forfait, Holder, InForce, Measure, Natinf, Nature, NotInForce, Offence, Special,
};
use crate::officer::Quality;
use crate::vehicle::{Genre, Registration};

/// What is known of the person who was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// On the day of the offence.
    pub age: Option<u8>,
    pub licence: LicenceStatus,
}

/// What was seen, by whom and against whom.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    pub offences: &'a [Noted],
    /// Seen at the same time and noted in another act.
    pub simultaneous: &'a [Natinf],
    pub interception: Interception,
    /// Present only when somebody was stopped and named.
    pub person: Option<Known>,
    pub genre: Option<Genre>,
    pub registration: Option<&'a Registration>,
    pub quality: Quality,
}

/// Applies the law of one day.
pub fn rule(facts: Facts<'_>, law: InForce<'_>) -> Result<Ruling, Vec<Barred>> {
    let mut bars = about_the_person(facts);
    if facts.offences.is_empty() {
        bars.push(whole(Bar::NoOffence));
    }
    let mut ruled = Vec::new();
    for (index, noted) in facts.offences.iter().enumerate() {
        let natinf = noted.natinf;
        let mut wrong = |bar| {
            bars.push(Barred {
                offence: Some(natinf),
                bar,
            });
        };
        let before = facts.offences.get(..index).unwrap_or_default();
        if before.iter().any(|other| other.natinf == natinf) {
            wrong(Bar::Twice);
        }
        let offence = match law.find(natinf) {
            Ok(offence) => offence,
            Err(reason) => {
                wrong(not_in_force(reason));
                continue;
            }
        };
        against(offence, noted, facts, law).for_each(&mut wrong);
        if let Some(with) = court_beside(natinf, facts, law) {
            wrong(Bar::Simultaneous { with });
        }
        let (Some(scale), Some(amounts)) = (law.scale(offence), law.amounts(offence)) else {
            if offence.forfaitisable() {
                wrong(Bar::NoAmount);
            }
            continue;
        };
        ruled.push(Ruled {
            natinf,
            nature: offence.nature,
            amounts,
            maximum: scale.maximum,
            points: offence.points.filter(|_| can_lose_points(facts)),
            confidence: offence.confidence.max(scale.confidence),
        });
    }
    if !bars.is_empty() {
        bars.sort_unstable();
        bars.dedup();
        return Err(bars);
    }
    let points = ruled.iter().filter_map(|ruled| ruled.points);
    Ok(Ruling {
        points: points.fold(0, u8::saturating_add).min(MAX_POINTS),
        hints: hints(facts, law),
        offences: ruled,
    })
}

const fn whole(bar: Bar) -> Barred {
    Barred { offence: None, bar }
}

const fn not_in_force(reason: NotInForce) -> Bar {
    match reason {
        NotInForce::Unknown => Bar::UnknownNatinf,
        NotInForce::NotYet { from } => Bar::NotInForceYet { from },
        NotInForce::Outdated { successor } => Bar::Outdated { successor },
    }
}

fn about_the_person(facts: Facts<'_>) -> Vec<Barred> {
    let bar = match (facts.interception, facts.person) {
        (Interception::Intercepted, None) => Some(Bar::IdentityMissing),
        (Interception::Intercepted, Some(Known { age: None, .. })) => Some(Bar::AgeUnknown),
        (Interception::Intercepted, Some(Known { age: Some(age), .. }))
            if age <= LAST_YEAR_WITHOUT_FORFAIT =>
        {
            Some(Bar::Child)
        }
        (Interception::Intercepted, Some(_)) => None,
        (Interception::NotIntercepted | Interception::Stationary, _) => None,
    };
    bar.map(whole).into_iter().collect()
}

/// The forfait is for those older than thirteen.
const LAST_YEAR_WITHOUT_FORFAIT: u8 = 13;

/// What stands against one offence by itself.
fn against(
    offence: &Offence,
    noted: &Noted,
    facts: Facts<'_>,
    law: InForce<'_>,
) -> impl Iterator<Item = Bar> {
    let nature = match (offence.nature, law.delit_since(noted.natinf)) {
        (Nature::Delit, Some(from)) => Some(Bar::DelitSince { from }),
        (Nature::Delit, None) => Some(Bar::Delit),
        (Nature::Crime, _) => Some(Bar::Crime),
        (Nature::C1 | Nature::C2 | Nature::C3 | Nature::C4 | Nature::C5, _) => not_listed(offence),
    };
    let quality = (!offence.nature.is_contravention() && !facts.quality.notes_delits())
        .then_some(Bar::QualityNotEmpowered);
    let holder = match (facts.interception, offence.holder) {
        (Interception::NotIntercepted | Interception::Stationary, Holder::NotLiable) => {
            Some(Bar::NotWithoutInterception)
        }
        (Interception::Intercepted, _)
        | (Interception::NotIntercepted | Interception::Stationary, Holder::Listed | Holder::ParkingOrToll) => {
            None
        }
    };
    let registered = (offence.special == Some(Special::UnregisteredOnly)
        && facts.registration != Some(&Registration::None))
    .then_some(Bar::RegisteredVehicle);
    let measure = offence
        .measure
        .and_then(|measure| outside(measure, noted.parameter, facts));
    [nature, quality, holder, registered, measure]
        .into_iter()
        .flatten()
}

fn not_listed(offence: &Offence) -> Option<Bar> {
    match (&offence.forfait, offence.nature) {
        (Forfait::Listed { .. }, _) => None,
        (Forfait::Unchecked, _) => Some(Bar::Unchecked),
        (Forfait::Court | Forfait::Delictuelle(_), Nature::C5) => Some(Bar::Class5NotListed),
        (Forfait::Court | Forfait::Delictuelle(_), _) => Some(Bar::NotForfaitisable),
    }
}

fn outside(measure: Measure, parameter: Option<Parameter>, facts: Facts<'_>) -> Option<Bar> {
    match (measure, parameter) {
        (Measure::Speed { .. }, Some(Parameter::Speed(reading))) => {
            (!measure.is_speed(reading.limit, reading.excess())).then_some(Bar::OutsideMeasure)
        }
        (Measure::Alcohol { limit, .. }, Some(Parameter::Alcohol(reading))) => {
            let licence = facts.person.map(|person| person.licence);
            let theirs = match limit {
                AlcoholLimit::General => true,
                AlcoholLimit::Probationary => licence == Some(LicenceStatus::Probationary),
                AlcoholLimit::PublicTransport => facts.genre == Some(Genre::Tcp),
            };
            if !theirs {
                Some(Bar::LimitOfOthers)
            } else if !measure.is_alcohol(reading.retained) {
                Some(Bar::OutsideMeasure)
            } else {
                None
            }
        }
        (Measure::Documents { .. }, Some(Parameter::Documents { .. })) => None,
        (Measure::Speed { .. } | Measure::Alcohol { .. } | Measure::Documents { .. }, _) => {
            Some(Bar::ParameterMissing)
        }
    }
}

/// Another offence of the same moment that only a court can settle; one that nobody knows is one.
fn court_beside(natinf: Natinf, facts: Facts<'_>, law: InForce<'_>) -> Option<Natinf> {
    let noted = facts.offences.iter().map(|noted| noted.natinf);
    noted
        .chain(facts.simultaneous.iter().copied())
        .filter(|other| *other != natinf)
        .find(|other| law.find(*other).map_or(true, Offence::needs_court))
}

fn can_lose_points(facts: Facts<'_>) -> bool {
    let driver = facts.person.is_some_and(|person| match person.licence {
        LicenceStatus::Unknown | LicenceStatus::Valid | LicenceStatus::Probationary => true,
        LicenceStatus::None | LicenceStatus::Withdrawn => false,
    });
    facts.interception == Interception::Intercepted && driver && facts.genre.is_none_or(Genre::has_points)
}

fn hints(facts: Facts<'_>, law: InForce<'_>) -> Vec<Hint> {
    let joint = facts.offences.len() + facts.simultaneous.len() > 1;
    let retention = |noted: &Noted| {
        law.find(noted.natinf)
            .is_ok_and(|offence| offence.special == Some(Special::RetentionIfJoint))
    };
    let stopped = facts.interception == Interception::Intercepted;
    let mut hints = Vec::new();
    if joint && stopped && facts.offences.iter().any(retention) {
        hints.push(Hint::RetentionOfLicence);
    }
    if !facts.quality.notes_delits() {
        hints.push(Hint::ListOfTheQuality);
    }
    hints
}
