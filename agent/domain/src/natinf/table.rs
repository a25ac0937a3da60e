//! The tables compiled into the program, one row a line, columns separated by tabs, `-` for what is not known.

use super::code::{Natinf, ReferenceVersion};
use super::dated::{Confidence, Validity};
use super::margin::{Instrument, Margin};
use super::measure::Measure;
use super::offence::{Forfait, Holder, Nature, Offence, Special};
use super::scale::{Amounts, Scale, ScaleClass};
use super::set::Reference;
use super::tariff::{AfdKey, Tariff, Threshold};
use crate::afd::Condition;
use crate::draft::Field;
use crate::formula::{Formula, Prefilled, Template};
use crate::identity::CivilDate;
use crate::pv::PvKind;
use crate::record::ActKind;

pub(super) const OFFENCES: &str = include_str!("../../data/natinf.tsv");
pub(super) const SCALES: &str = include_str!("../../data/scales.tsv");
pub(super) const TARIFFS: &str = include_str!("../../data/afd.tsv");
pub(super) const MARGINS: &str = include_str!("../../data/margins.tsv");
const FORMULAS: &str = include_str!("../../data/formulas.tsv");
const TEMPLATES: &str = include_str!("../../data/templates.tsv");
pub(super) const ABBREVIATIONS: &str = include_str!("../../data/abbreviations.tsv");

/// The embedded reference data.
pub(super) fn embedded() -> Reference {
    Reference {
        version: ReferenceVersion("embedded-2026-11-3".to_owned()),
        issued: CivilDate::new(2026, 11, 21).expect("a day of the calendar"),
        offences: rows(OFFENCES).filter_map(|row| offence(&row)).collect(),
        scales: rows(SCALES).filter_map(|row| scale(&row)).collect(),
        afd: rows(TARIFFS).filter_map(|row| tariff(&row)).collect(),
        margins: rows(MARGINS).filter_map(|row| margin(&row)).collect(),
        formulas: rows(FORMULAS).filter_map(|row| formula(&row)).collect(),
        templates: rows(TEMPLATES).filter_map(|row| template(&row)).collect(),
        notes: None,
    }
}

pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split('\t').collect())
}

/// `None` stands for an unreadable cell, `Some(None)` for an empty one.
fn optional<T>(cell: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<Option<T>> {
    if cell == "-" {
        Some(None)
    } else {
        read(cell).map(Some)
    }
}

fn number<T: std::str::FromStr>(cell: &str) -> Option<T> {
    cell.parse().ok()
}

fn flag(cell: &str) -> Option<bool> {
    match cell {
        "1" => Some(true),
        "0" => Some(false),
        _ => None,
    }
}

/// `AAAA-MM-JJ`.
fn day(cell: &str) -> Option<CivilDate> {
    cell.parse::<jiff::civil::Date>().ok().map(CivilDate::from)
}

fn validity(from: &str, until: &str) -> Option<Validity> {
    Some(Validity {
        from: optional(from, day)?,
        until: optional(until, day)?,
    })
}

fn confidence(cell: &str) -> Option<Confidence> {
    Some(match cell {
        "A" => Confidence::A,
        "B" => Confidence::B,
        "C" => Confidence::C,
        "D" => Confidence::D,
        _ => return None,
    })
}

/// Words separated by spaces; `-` and `*` name nothing.
fn list<T>(cell: &str, read: impl Fn(&str) -> Option<T>) -> Option<Vec<T>> {
    cell.split(' ')
        .filter(|word| !matches!(*word, "-" | "*"))
        .map(read)
        .collect()
}

fn offence(row: &[&str]) -> Option<Offence> {
    let [
        code,
        nature,
        label,
        defined_by,
        punished_by,
        listed,
        minoree,
        pedestrian,
        holder,
        afd,
        points,
        measure,
        special,
        from,
        until,
        successor,
        trusted,
        words,
    ] = row
    else {
        return None;
    };
    let forfait = match (*afd, *listed) {
        ("-", "?") => Forfait::Unchecked,
        ("-", "0") => Forfait::Court,
        ("-", "1") => Forfait::Listed {
            minoree: flag(minoree)?,
            pedestrian: flag(pedestrian)?,
        },
        (key, "0") => Forfait::Delictuelle(AfdKey::parse(key).ok()?),
        _ => return None,
    };
    Some(Offence {
        natinf: Natinf::parse(code).ok()?,
        nature: Nature::from_code(nature)?,
        label: (*label).to_owned(),
        defined_by: (*defined_by).to_owned(),
        punished_by: (*punished_by).to_owned(),
        forfait,
        holder: match *holder {
            "-" => Holder::NotLiable,
            "R.121-6" => Holder::Listed,
            "L.121-2" => Holder::ParkingOrToll,
            _ => return None,
        },
        measure: optional(measure, Measure::parse)?,
        special: optional(special, |cell| match cell {
            "NON-IMMATRICULE" => Some(Special::UnregisteredOnly),
            "R.224-19-1" => Some(Special::RetentionIfJoint),
            _ => None,
        })?,
        points: optional(points, number)?,
        validity: validity(from, until)?,
        successor: optional(successor, |cell| Natinf::parse(cell).ok())?,
        confidence: confidence(trusted)?,
        words: (*words).to_owned(),
    })
}

fn scale(row: &[&str]) -> Option<Scale> {
    let [
        class,
        minoree,
        forfaitaire,
        majoree,
        maximum,
        from,
        until,
        trusted,
        source,
    ] = row
    else {
        return None;
    };
    Some(Scale {
        class: ScaleClass::from_code(class)?,
        minoree: optional(minoree, number)?,
        forfaitaire: number(forfaitaire)?,
        majoree: number(majoree)?,
        maximum: number(maximum)?,
        validity: validity(from, until)?,
        confidence: confidence(trusted)?,
        source: (*source).to_owned(),
    })
}

fn tariff(row: &[&str]) -> Option<Tariff> {
    let [
        key,
        label,
        article,
        minoree,
        forfaitaire,
        majoree,
        surcharge,
        conditions,
        excludes,
        recidive,
        thresholds,
        from,
        until,
        trusted,
    ] = row
    else {
        return None;
    };
    let threshold = |word: &str| {
        let (what, most) = word.split_once('=')?;
        Some(Threshold {
            ressort: None,
            what: what.to_owned(),
            most: number(most)?,
        })
    };
    Some(Tariff {
        key: AfdKey::parse(key).ok()?,
        label: (*label).to_owned(),
        article: (*article).to_owned(),
        base: Amounts {
            forfaitaire: number(forfaitaire)?,
            minoree: optional(minoree, number)?,
            majoree: number(majoree)?,
        },
        surcharge: number(surcharge)?,
        conditions: list(conditions, Condition::from_code)?,
        excludes: list(excludes, |key| AfdKey::parse(key).ok())?,
        alone: *excludes == "*",
        recidive: flag(recidive)?,
        thresholds: list(thresholds, threshold)?,
        validity: validity(from, until)?,
        confidence: confidence(trusted)?,
    })
}

fn margin(row: &[&str]) -> Option<Margin> {
    let [instrument, up_to, flat, percent, from, until, source] = row else {
        return None;
    };
    Some(Margin {
        instrument: Instrument::from_code(instrument)?,
        up_to: optional(up_to, number)?,
        flat: number(flat)?,
        percent: number(percent)?,
        validity: validity(from, until)?,
        source: (*source).to_owned(),
    })
}

fn formula(row: &[&str]) -> Option<Formula> {
    let [kinds, title, text] = row else {
        return None;
    };
    Some(Formula {
        kinds: list(kinds, PvKind::from_code)?,
        title: (*title).to_owned(),
        text: (*text).to_owned(),
    })
}

fn template(row: &[&str]) -> Option<Template> {
    let [act, title, cells @ ..] = row else {
        return None;
    };
    let prefilled = |cell: &&str| {
        let (field, text) = cell.split_once('=')?;
        Some(Prefilled {
            field: Field::from_code(field)?,
            text: text.to_owned(),
        })
    };
    Some(Template {
        unit: None,
        title: (*title).to_owned(),
        act: ActKind::from_code(act)?,
        fields: cells.iter().map(prefilled).collect::<Option<_>>()?,
    })
}
