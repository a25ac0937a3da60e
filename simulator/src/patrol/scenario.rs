//! A patrol as a file: who is on duty, and what happens, step by step.

mod check;
mod fault;
mod french;
mod reading;
mod step;
mod words;

use std::fmt;
use std::ops::Range;

use domain::service::TypedVehicle;
use serde::Deserialize;
use toml::de::{DeTable, DeValue};

use self::check::Check;
use self::fault::Scene;

pub use self::fault::Fault;
pub use self::step::Step;
pub use self::words::{
    AlarmName, AmendmentName, BearerName, CorpsName, DecisionName, Doing, FileName, GroundName, Hand,
    HolderName, Kind, ListName, MarkName, OrderName, OutcomeName, PowerName, QualityName, RenvoiText, Where,
};
pub use super::brought::{BroughtFile, FileKindName};
pub use super::interventions::{Proposal, Reply};
pub use super::suivi::Said;

/// The patrol that the program carries.
pub const DEFAULT: &str = include_str!("../../scenarios/patrol.toml");
/// The shortest way through each act, with pictures.
pub const SHORTEST: &str = include_str!("../../scenarios/gestes.toml");

/// The key of the steps, which are read one by one.
const STEPS: &str = "step";

/// Why a scenario file cannot be played: all of it, not the first alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScenarioError(Vec<Fault>);

impl ScenarioError {
    pub fn faults(&self) -> &[Fault] {
        &self.0
    }
}

impl fmt::Display for ScenarioError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("the scenario has a fault")?,
            faults => write!(f, "the scenario has {faults} faults")?,
        }
        self.0.iter().try_for_each(|fault| write!(f, "\n{fault}"))
    }
}

impl std::error::Error for ScenarioError {}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub name: String,
    pub officer: OfficerSheet,
    /// An officer with a terminal of their own: the OPJ who is asked for a visa, or one of the crew.
    pub colleague: Option<OfficerSheet>,
    /// An officer who shares the first one's terminal, with a card of their own.
    pub second: Option<OfficerSheet>,
    #[serde(default)]
    pub crew: String,
    #[serde(default)]
    pub opj: String,
    /// The crew's; none for a crew on foot.
    pub vehicle: Option<VehicleSheet>,
    /// A word in a PV's subject that makes HQ ask for a correction.
    pub refused_subject: Option<String>,
    #[serde(rename = "step", default)]
    pub steps: Vec<Step>,
    /// The file as it was read.
    #[serde(skip)]
    pub text: String,
    /// How many steps the file has.
    #[serde(skip)]
    declared: usize,
}

/// The vehicle of a crew, as it is typed at the prise de service.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VehicleSheet {
    #[serde(default)]
    pub call_sign: String,
    #[serde(default)]
    pub plate: String,
}

impl VehicleSheet {
    pub fn typed(&self) -> TypedVehicle {
        TypedVehicle {
            call_sign: self.call_sign.clone(),
            plate: self.plate.clone(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfficerSheet {
    #[serde(default)]
    pub corps: CorpsName,
    /// RIO or NIGEND.
    pub matricule: String,
    pub name: String,
    pub rank: String,
    pub quality: QualityName,
    pub unit: String,
    pub code: String,
}

impl Scenario {
    /// Reads a scenario; every field and every reference is checked before anything is played.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let whole = Scene { text, step: None };
        let document = DeTable::parse(text).map_err(|error| {
            let place = error.span().unwrap_or_default();
            let what = format!("this is no TOML: {}", error.message());
            let hint = "texts stand between quotes, tables between square brackets".to_owned();
            ScenarioError(vec![whole.at(&place, what, Some(hint))])
        })?;
        let mut check = Check::new(text);
        let head = reading::head::<Self>(&document).map_err(|slip| whole.fault(slip));
        let tables = step_tables(whole, document.get_ref()).map_err(|fault| ScenarioError(vec![fault]))?;
        let mut steps = Vec::new();
        for (index, (table, place)) in tables.iter().enumerate() {
            let name = reading::name_of(table).and_then(|name| name.get_ref().as_str());
            let scene = Scene {
                text,
                step: Some((index + 1, name.unwrap_or("?"))),
            };
            steps.push(reading::step(table, place.clone()).map_err(|slip| scene.fault(slip)));
        }
        match &head {
            Ok(head) => {
                check.officers(head, document.get_ref());
                if steps.is_empty() {
                    let hint = "add a step: `[[step]]`, and below it `do = \"start-service\"`".to_owned();
                    check.faults.push(whole.at(
                        &(0..0),
                        "nothing happens in the scenario".to_owned(),
                        Some(hint),
                    ));
                }
                for (index, (step, (table, _))) in steps.iter().zip(&tables).enumerate() {
                    match step {
                        Ok(step) => check.step(head, step, table, index + 1),
                        Err(fault) => {
                            check.unread(table);
                            check.faults.push(fault.clone());
                        }
                    }
                }
            }
            Err(fault) => {
                check.faults.push(fault.clone());
                check
                    .faults
                    .extend(steps.iter().filter_map(|step| step.as_ref().err().cloned()));
            }
        }
        let faults = check.faults;
        match head {
            Ok(head) if faults.is_empty() => Ok(Self {
                declared: steps.len(),
                steps: steps.into_iter().flatten().collect(),
                text: text.to_owned(),
                ..head
            }),
            _ => Err(ScenarioError(faults)),
        }
    }

    /// Whether all of it is to be played: the log of a patrol that was left has its first steps alone.
    pub const fn is_whole(&self) -> bool {
        self.steps.len() == self.declared
    }

    /// What each step does, in its words.
    pub fn step_names(&self) -> Vec<String> {
        self.steps.iter().map(super::steps::name).collect()
    }

    /// What the terminal's camera takes pictures of.
    pub fn photos(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| {
            if let Step::Act { photos, .. } = step {
                photos.iter().map(String::as_str)
            } else {
                [].iter().map(String::as_str)
            }
        })
    }

    /// What was drawn over pictures, by the name of each.
    pub fn marks(&self) -> impl Iterator<Item = (&str, &[MarkName])> {
        self.steps.iter().flat_map(|step| {
            let marks = if let Step::Act { marks, .. } = step {
                Some(marks)
            } else {
                None
            };
            let marks = marks.into_iter().flatten();
            marks.map(|(name, marks)| (name.as_str(), marks.as_slice()))
        })
    }

    /// What victims bring, and are to find again at HQ; a picture is a photograph there.
    pub fn brought(&self) -> impl Iterator<Item = &BroughtFile> {
        self.steps.iter().flat_map(|step| {
            if let Step::Attach { files, .. } = step {
                files.as_slice()
            } else {
                &[]
            }
        })
    }

    /// Every text that must never be readable on the terminal's disk: what was typed and is long enough to be told
    /// from chance, and the officer's code.
    pub fn canaries(&self) -> Vec<String> {
        const TELLING: usize = 8;
        let officers = || {
            std::iter::once(&self.officer)
                .chain(&self.colleague)
                .chain(&self.second)
        };
        let mut canaries: Vec<String> = officers().map(|sheet| sheet.name.clone()).collect();
        for step in &self.steps {
            if let Step::Act { fields, .. }
            | Step::Consult { fields, .. }
            | Step::AskLists { fields, .. }
            | Step::AskWithoutList { fields, .. }
            | Step::ConsultAll { fields, .. }
            | Step::LateAnswer { fields, .. }
            | Step::AnswerWhileLocked { fields, .. }
            | Step::Warned { fields, .. }
            | Step::Urgent { fields, .. }
            | Step::Correct { fields, .. }
            | Step::Barred { fields, .. }
            | Step::TurnIntoPv { fields, .. }
            | Step::DrawFrom { fields, .. }
            | Step::Verify { fields, .. }
            | Step::Amend { fields, .. } = step
            {
                canaries.extend(fields.values().flat_map(|text| text.lines()).map(str::to_owned));
            }
            if let Step::Attach { files, .. } = step {
                canaries.extend(files.iter().map(|file| file.name.clone()));
                canaries.extend(files.iter().filter_map(|file| file.label.clone()));
            }
            if let Step::Touch { touches, .. } | Step::ColleagueTouches { touches } = step {
                canaries.extend(touches.iter().flat_map(Doing::typed).map(str::to_owned));
            }
            if let Step::GiveVisa { words, .. } = step {
                canaries.push(words.clone());
            }
            if let Step::Propose { what, .. } = step {
                canaries.extend(what.words().map(str::to_owned));
            }
        }
        canaries.retain(|text| text.len() >= TELLING);
        canaries.extend(officers().map(|sheet| sheet.code.clone()));
        for step in &self.steps {
            if let Step::BeLetIn { code, .. } = step {
                canaries.push(code.clone());
            }
        }
        canaries.sort();
        canaries.dedup();
        canaries
    }
}

/// The tables of the steps, each with its place.
fn step_tables<'t>(
    whole: Scene<'_>,
    document: &'t DeTable<'t>,
) -> Result<Vec<(&'t DeTable<'t>, Range<usize>)>, Fault> {
    let hint = || Some("each step is a table of its own: `[[step]]`, and below it `do = \"…\"`".to_owned());
    let Some((key, steps)) = document.iter().find(|(key, _)| key.get_ref() == STEPS) else {
        // A scenario whose steps are called otherwise is told of that name.
        return Ok(Vec::new());
    };
    let DeValue::Array(steps) = steps.get_ref() else {
        let what = "the steps are one table, and should be a list of tables".to_owned();
        return Err(whole.at(&key.span(), what, hint()));
    };
    steps
        .iter()
        .map(|step| match step.get_ref() {
            DeValue::Table(table) => Ok((table, step.span())),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => Err(whole.at(&step.span(), "this step is no table".to_owned(), hint())),
        })
        .collect()
}

#[cfg(test)]
mod tests;
