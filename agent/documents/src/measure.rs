//! What a measure says, as the forms of the field lay it out: boxes that are ticked, hours, and words.

pub(crate) mod boxes;
mod person;
mod road;

use boxes::{DOORS, GRIDS, OUTCOMES, WISHES};
use domain::pv::{CompteRendu, Convocation, HomeCall, Measure, SUMMONS_RIGHTS};
use domain::record::Record;
use domain::{Timestamp, UnixMs};
use typst::foundations::{Dict, dict};

use crate::DocumentError;
use crate::typed::{Typed, typed};
use crate::words;

/// The sections of `measure`, first to last.
pub(crate) fn sections(record: &Record, measure: &Measure) -> Result<Vec<Dict>, DocumentError> {
    let hours = Hours(record.signed_at);
    match measure {
        Measure::Arrest(arrest) => person::arrest(arrest, hours),
        Measure::Handover(handover) => person::handover(handover, hours),
        Measure::Ivresse(ivresse) => person::ivresse(ivresse, hours),
        Measure::Remise(remise) => person::remise(remise, hours),
        Measure::Alcohol(check) => road::alcohol(check, hours),
        Measure::Drugs(check) => road::drugs(check, hours),
        Measure::Licence(retention) => road::licence(retention, hours),
        Measure::Vehicle(immobilisation) => road::vehicle(immobilisation, hours),
        Measure::Convocation(summons) => convocation(summons, hours),
        Measure::HomeCall(call) => home_call(call, hours),
        Measure::CompteRendu(report) => compte_rendu(report, hours),
        Measure::Papers(owed) => road::papers(owed, hours),
    }
}

/// Hours as the place of the signature had them.
#[derive(Clone, Copy)]
struct Hours(Timestamp);

impl Hours {
    fn of(self, at: UnixMs) -> String {
        words::moment(self.0.civil_of(at))
    }
}

/// A titled part of the form.
fn section(title: &str, rows: Vec<Dict>) -> Dict {
    dict! { "title" => title, "rows" => rows }
}

fn row(label: &str, value: Option<Typed>, boxes: Vec<Dict>, list: Vec<String>) -> Dict {
    dict! { "label" => label, "value" => value, "boxes" => boxes, "list" => list }
}

/// A label and what was written.
fn said(label: &str, text: &str) -> Result<Dict, DocumentError> {
    Ok(row(label, Some(typed(text)?), Vec::new(), Vec::new()))
}

/// A label and an hour.
fn hour(label: &str, at: UnixMs, hours: Hours) -> Result<Dict, DocumentError> {
    said(label, &hours.of(at))
}

/// Each answer with its box; one is ticked.
fn ticked<T: PartialEq + Copy>(label: &str, all: &[(T, &str)], chosen: T) -> Dict {
    let boxes = all
        .iter()
        .map(|(one, text)| dict! { "text" => *text, "on" => *one == chosen })
        .collect();
    row(label, None, boxes, Vec::new())
}

/// Each answer with its box; any of them is ticked.
fn several<T: PartialEq + Copy>(label: &str, all: &[(T, &str)], chosen: &[T]) -> Dict {
    let boxes = all
        .iter()
        .map(|(one, text)| dict! { "text" => *text, "on" => chosen.contains(one) })
        .collect();
    row(label, None, boxes, Vec::new())
}

fn yes_or_no(label: &str, answer: bool) -> Dict {
    ticked(label, &[(true, "oui"), (false, "non")], answer)
}

/// Rights, or other text of the law, numbered.
fn listed(label: &str, list: &[&str]) -> Dict {
    row(
        label,
        None,
        Vec::new(),
        list.iter().map(|one| (*one).to_owned()).collect(),
    )
}

fn lines(label: &str, items: &[String]) -> Result<Dict, DocumentError> {
    said(
        label,
        &if items.is_empty() {
            "néant".to_owned()
        } else {
            items.join("\n")
        },
    )
}

fn convocation(summons: &Convocation, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    Ok(vec![section(
        "Convocation",
        vec![
            hour("Le", summons.at, hours)?,
            said("Service", &summons.station)?,
            listed(
                "Droits (article 61-1 du Code de procédure pénale)",
                &SUMMONS_RIGHTS,
            ),
        ],
    )])
}

fn home_call(call: &HomeCall, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut rows = vec![
        hour("Arrivée", call.arrived, hours)?,
        ticked("À l’arrivée", &DOORS, call.door),
    ];
    if let Some(apart) = call.apart {
        rows.push(yes_or_no("Parties entendues séparément", apart));
    }
    let people: Vec<String> = call
        .present
        .iter()
        .map(|one| format!("{} ; {} ; {}", one.who.reveal(), one.role, one.born))
        .collect();
    rows.push(lines("Personnes présentes, enfants compris", &people)?);
    if !call.signs.is_empty() {
        rows.push(said("Signes constatés", &call.signs)?);
    }
    let mut after = Vec::new();
    if let Some(grid) = call.grid {
        after.push(ticked("Grille d’évaluation du danger", &GRIDS, grid));
    }
    if let Some(card) = call.card {
        after.push(yes_or_no("Carte discrète remise", card));
    }
    if let Some(wish) = call.wish {
        after.push(ticked("Souhait de la victime", &WISHES, wish));
    }
    let mut sections = vec![section("Au domicile", rows)];
    if !after.is_empty() {
        sections.push(section("Protection de la victime", after));
    }
    Ok(sections)
}

fn compte_rendu(report: &CompteRendu, hours: Hours) -> Result<Vec<Dict>, DocumentError> {
    let mut rows = Vec::new();
    if let Some(number) = &report.number {
        rows.push(said("Intervention n°", number.as_str())?);
    }
    rows.push(hour("Début", report.opened, hours)?);
    if let Some(at) = report.on_scene {
        rows.push(hour("Sur place", at, hours)?);
    }
    rows.push(hour("Fin", report.over, hours)?);
    rows.push(ticked("Issue", &OUTCOMES, report.outcome));
    Ok(vec![section("Intervention", rows)])
}
