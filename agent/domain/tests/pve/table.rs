//! `rules.tsv`: the situation in columns, then `OK` with euros and points, or `NON` with every bar.

use std::collections::BTreeMap;

use domain::identity::CivilDate;
use domain::licence::LicenceStatus;
use domain::natinf::{InForce, Instrument, Natinf, ReferenceSet};
use domain::officer::Quality;
use domain::pve::{
    AlcoholReading, Bar, Facts, Hint, Interception, Known, Noted, Parameter, Ruling, SpeedReading, rule,
};
use domain::vehicle::{Country, Genre, Plate, Registration};

const TABLE: &str = include_str!("rules.tsv");

pub(crate) fn natinf(code: &str) -> Natinf {
    Natinf::parse(code).unwrap()
}

/// `23800`, `11302@50/75/FIXE` (limit, measured, device), `13322@330/310` (blows, µg/L), `6227@DOC`.
fn noted(text: &str, law: InForce<'_>) -> Noted {
    let (code, reading) = text.split_once('@').unwrap_or((text, ""));
    let parts: Vec<&str> = reading.split('/').collect();
    let parameter = match parts.as_slice() {
        [""] => None,
        ["DOC"] => Some(Parameter::Documents {
            due: law.day().plus_days(5).unwrap(),
        }),
        [limit, measured, device] => {
            let device = Instrument::from_code(device).unwrap();
            let reading = SpeedReading::new(limit.parse().unwrap(), measured.parse().unwrap(), device, law);
            Some(Parameter::Speed(reading.unwrap()))
        }
        [first, rest @ ..] => {
            let second = rest.first().map(|second| second.parse().unwrap());
            Some(Parameter::Alcohol(
                AlcoholReading::new(first.parse().unwrap(), second, law).unwrap(),
            ))
        }
        [] => None,
    };
    Noted {
        natinf: natinf(code),
        parameter,
    }
}

fn quality(code: &str) -> Quality {
    match code {
        "OPJ" => Quality::Opj,
        "APJ" => Quality::Apj,
        "APJA" => Quality::Apja,
        "RESERVE" => Quality::ApjaReserviste,
        "PA" => Quality::ApjaPolicierAdjoint,
        "PM" => Quality::ApjaPoliceMunicipale,
        _ => panic!("no quality `{code}`"),
    }
}

fn registration(code: &str) -> Option<Registration> {
    match code {
        "-" => None,
        "LUE" => Some(Registration::Read {
            plate: Plate::parse("AB-123-CD").unwrap(),
            country: Country::france(),
        }),
        "AUCUNE" => Some(Registration::None),
        "ILLISIBLE" => Some(Registration::NotReadable),
        _ => panic!("no registration `{code}`"),
    }
}

const fn name(bar: Bar) -> &'static str {
    match bar {
        Bar::NoOffence => "aucune",
        Bar::Twice => "deux-fois",
        Bar::UnknownNatinf => "inconnue",
        Bar::NotInForceYet { .. } => "pas-encore",
        Bar::Outdated { .. } => "perimee",
        Bar::Delit => "delit",
        Bar::DelitSince { .. } => "devenue-delit",
        Bar::Crime => "crime",
        Bar::NotForfaitisable => "hors-R48-1-I",
        Bar::Class5NotListed => "hors-R48-1-II",
        Bar::Unchecked => "non-verifiee",
        Bar::NoAmount => "sans-montant",
        Bar::Simultaneous { .. } => "529",
        Bar::NotWithoutInterception => "sans-interception",
        Bar::IdentityMissing => "sans-identite",
        Bar::AgeUnknown => "sans-age",
        Bar::Child => "enfant",
        Bar::QualityNotEmpowered => "qualite",
        Bar::RegisteredVehicle => "immatricule",
        Bar::ParameterMissing => "sans-mesure",
        Bar::OutsideMeasure => "hors-mesure",
        Bar::LimitOfOthers => "seuil-d-un-autre",
    }
}

/// `OK points=3 23800=90/135/375:3`, euros, with `-` where there is no reduced amount or no point.
fn say(ruling: &Ruling) -> String {
    let euros = |cents: u32| (cents / 100).to_string();
    let mut words = vec!["OK".to_owned(), format!("points={}", ruling.points)];
    for ruled in &ruling.offences {
        let minoree = ruled.amounts.minoree.map_or("-".to_owned(), euros);
        let points = ruled.points.map_or("-".to_owned(), |points| points.to_string());
        let (forfaitaire, majoree) = (euros(ruled.amounts.forfaitaire), euros(ruled.amounts.majoree));
        words.push(format!(
            "{}={minoree}/{forfaitaire}/{majoree}:{points}",
            ruled.natinf
        ));
    }
    words.extend(ruling.hints.iter().map(|hint| match hint {
        Hint::RetentionOfLicence => "retention".to_owned(),
        Hint::ListOfTheQuality => "liste".to_owned(),
    }));
    words.join(" ")
}

fn outcome(columns: &[&str], set: &ReferenceSet) -> String {
    let [
        _,
        date,
        interception,
        age,
        licence,
        genre,
        plate,
        author,
        offences,
        simultaneous,
        _,
    ] = columns
    else {
        panic!("a row has eleven columns: {columns:?}")
    };
    let law = set.at(CivilDate::parse(date).unwrap());
    let list = |text: &str| {
        let codes = text.split(' ').filter(|code| *code != "-");
        codes.map(str::to_owned).collect::<Vec<_>>()
    };
    let offences: Vec<Noted> = list(offences).iter().map(|text| noted(text, law)).collect();
    let simultaneous: Vec<Natinf> = list(simultaneous).iter().map(|code| natinf(code)).collect();
    let registration = registration(plate);
    let person = (*age != "-").then(|| Known {
        age: age.parse().ok(),
        licence: LicenceStatus::from_code(licence).unwrap(),
    });
    let facts = Facts {
        offences: &offences,
        simultaneous: &simultaneous,
        interception: Interception::from_code(interception).unwrap(),
        person,
        genre: Genre::from_code(genre),
        registration: registration.as_ref(),
        quality: quality(author),
    };
    match rule(facts, law) {
        Ok(ruling) => say(&ruling),
        Err(bars) => {
            let mut words: Vec<String> = bars
                .iter()
                .map(|barred| {
                    let code = barred.offence.map_or("*".to_owned(), |code| code.to_string());
                    format!("{code}:{}", name(barred.bar))
                })
                .collect();
            words.sort_unstable();
            format!("NON {}", words.join(" "))
        }
    }
}

#[test]
fn every_situation_of_the_table_is_ruled_as_it_says() {
    let set = ReferenceSet::embedded();
    let mut families: BTreeMap<&str, usize> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (line, row) in (1..).zip(TABLE.lines()) {
        if row.starts_with('#') {
            continue;
        }
        let columns: Vec<&str> = row.split('\t').collect();
        let said = outcome(&columns, &set);
        let expected = columns.last().copied().unwrap_or_default();
        if said != expected {
            wrong.push(format!("line {line}: {row}\n    said {said}"));
        }
        *families.entry(columns[0]).or_default() += 1;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(families.values().sum::<usize>() >= 150, "{families:?}");
    assert!(families.len() >= 12, "{families:?}");
}
