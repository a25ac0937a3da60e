//! A patrol as a file: who is on duty, and what happens, step by step.

mod words;

use std::collections::BTreeMap;

use domain::draft::Field;
use domain::service::TypedVehicle;
use serde::Deserialize;
use thiserror::Error;

pub use self::words::{
    AlarmName, AmendmentName, BearerName, CorpsName, DecisionName, Doing, FileName, GroundName, Hand,
    HolderName, Kind, ListName, OrderName, PowerName, QualityName, RenvoiText, Where,
};
pub use super::brought::{BroughtFile, FileKindName};
pub use super::interventions::{Proposal, Reply};
pub use super::suivi::Said;

/// The patrol that the program carries.
pub const DEFAULT: &str = include_str!("../../scenarios/patrol.toml");

/// Why a scenario file cannot be played.
#[derive(Debug, Error)]
pub enum ScenarioError {
    #[error("the scenario is not valid TOML of the expected shape")]
    Shape(#[source] toml::de::Error),
    #[error("step {step}: `{field}` is not a field of any form; see `Field::code` in the domain")]
    UnknownField { step: usize, field: String },
    #[error("step {step}: names `{act}`, which no earlier step draws up")]
    UnknownAct { step: usize, act: String },
    #[error("step {step}: nobody is at a second terminal; the scenario has no `[colleague]`")]
    NoColleague { step: usize },
    #[error("step {step}: nobody shares the terminal; the scenario has no `[second]`")]
    NoSecond { step: usize },
}

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
    #[serde(rename = "step")]
    pub steps: Vec<Step>,
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

/// One thing that happens.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "do", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Step {
    StartService,
    OpenIntervention {
        #[serde(default)]
        number: String,
        place: String,
    },
    ArriveOnScene,
    /// The operations centre proposes something, and the officer answers it on the home screen.
    Propose {
        what: Proposal,
        reply: Reply,
    },
    /// HQ was told how the intervention stands that a proposal, by its number or plate, became.
    HqHears {
        of: String,
        standing: String,
    },
    /// The colleague takes service with the first officer, or ends it.
    ColleagueServes {
        #[serde(default)]
        ends: bool,
    },
    /// On the screens of the colleague's phone.
    ColleagueTouches {
        touches: Vec<Doing>,
    },
    /// HQ was told by both terminals that they have the same of the intervention that the crew shares, with nothing left to
    /// choose, and that it is at this place.
    CrewAgrees {
        place: String,
    },
    CutRadio,
    RestoreRadio,
    /// Ask a file about the act named `act` before it is signed.
    Consult {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// HQ sends what terminals look for without network, until this one shows it.
    PublishLists,
    /// Ask about the act named `act` without network: the list of what `file` holds says this of its vehicle, or of its
    /// person.
    AskLists {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        motive: String,
        /// FOVeS when absent.
        #[serde(default)]
        file: Option<FileName>,
        says: ListName,
    },
    /// Ask the FPR about the act named `act` without network and without a policy: no list answers, nothing waits, and no
    /// screen says anything of a list of persons.
    AskWithoutList {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        motive: String,
    },
    /// No screen speaks of a list of persons any more.
    PersonsForgotten,
    /// Wait until the file itself has answered what a list stood in for, and read it on home; HQ has it once.
    AwaitConfirmation {
        act: String,
        file: FileName,
    },
    /// Hold a document of the simulator's before the camera, until its zone stands in the act named `act`.
    Scan {
        act: String,
        kind: Kind,
    },
    /// Type beside the zone of the act named `act` what is printed, until the screen says what each fact comes to.
    Compare {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        says: BTreeMap<String, String>,
    },
    /// Ask every file that the check calls for about the act named `act`, until each has answered.
    ConsultAll {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        motive: String,
    },
    /// Ask a file over an air so slow that its answer comes after the wait is over, and read it on home.
    LateAnswer {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// Ask a file and lock before it answers: the lock says that something waits, and the officer reads it afterwards.
    AnswerWhileLocked {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// Show the answer of this file about the act named `act` to the crew, until the colleague has read it and put it away.
    Share {
        act: String,
        file: FileName,
    },
    /// Draw up and sign an act of another kind about whoever and whatever the act named `from` is about; `stands` is what
    /// nobody types.
    DrawFrom {
        from: String,
        name: String,
        kind: Kind,
        stands: BTreeMap<String, String>,
        fields: BTreeMap<String, String>,
    },
    /// Type a réquisition for the shift, whose hours count from now, until the service has it.
    HoldRequisition {
        reference: String,
        basis: String,
        places: String,
        #[serde(default)]
        communes: String,
        #[serde(default)]
        circle: String,
        from_minutes: i32,
        until_minutes: i32,
    },
    /// Begin the check named `act`: the shift gives it this text, and exactly these warnings are told.
    Warned {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        basis: String,
        warnings: Vec<String>,
    },
    /// Ask a file before the text of the check is named: nothing leaves, until the officer says that it is urgent.
    Urgent {
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        file: FileName,
        motive: String,
    },
    /// Tell the operations centre, in the draft named `act`, that somebody is in danger.
    RaiseAlert {
        alert: String,
        act: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        #[serde(default)]
        grounds: Vec<GroundName>,
        #[serde(default)]
        words: String,
    },
    /// The whole screen says that nobody has the alert: at once without network, after a minute with it.
    NobodyHasAlert {
        alert: String,
    },
    /// A person of the operations centre takes the alert, and the screen names them.
    TakeAlert {
        alert: String,
        by: String,
    },
    /// The officer tells it by radio.
    TellAlert {
        alert: String,
    },
    /// Until HQ has an alarm of this kind about the terminal.
    AwaitAlarm {
        kind: AlarmName,
    },
    /// Draw up and sign; `die` ends the terminal's process at a commit point that the seed chooses.
    Act {
        name: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        /// What the terminal's camera takes pictures of before the act is signed.
        #[serde(default)]
        photos: Vec<String>,
        /// The object of the inventory, from 1, that each of the pictures shows, in their order; 0 for none.
        #[serde(default)]
        shows: Vec<u16>,
        /// What each who is asked to sign by hand does, in their order; whoever is not listed signs.
        #[serde(default)]
        hands: Vec<Hand>,
        /// Corrections after the reading.
        #[serde(default)]
        renvois: Vec<RenvoiText>,
        /// What the victim of a complaint does with the sheet of rights; signs, where nothing is said.
        rights: Option<Hand>,
        #[serde(default)]
        die: bool,
    },
    /// On the screens themselves: what a hand finds by its label, and does. `act` names what it begins, which is signed at
    /// its end unless it is left `unfinished`.
    Touch {
        #[serde(default)]
        act: Option<String>,
        #[serde(default)]
        unfinished: bool,
        touches: Vec<Doing>,
    },
    /// The victim of the complaint named `act`, which a later step draws up, brings these files; `die` kills the terminal's
    /// process while the first comes in.
    Attach {
        act: String,
        files: Vec<BroughtFile>,
        #[serde(default)]
        die: bool,
    },
    /// Fill a form that the law does not let become an act: exactly these problems are named, as `field: reason`.
    Barred {
        name: String,
        kind: Kind,
        fields: BTreeMap<String, String>,
        problems: Vec<String>,
    },
    /// Turn the form named `from` into a general PV, complete it and sign.
    TurnIntoPv {
        from: String,
        name: String,
        fields: BTreeMap<String, String>,
    },
    /// Rectify a signed act, or withdraw it.
    Amend {
        act: String,
        name: String,
        how: AmendmentName,
        fields: BTreeMap<String, String>,
    },
    /// Kill the terminal's process, wherever it is.
    Kill,
    Lock,
    PairCamera,
    TakeClip {
        #[serde(default)]
        die: bool,
    },
    /// Until HQ has answered for every act, and holds every byte of every clip taken.
    AwaitHq,
    /// Draw up the act that corrects a refused one.
    Correct {
        act: String,
        fields: BTreeMap<String, String>,
    },
    /// Print the signed act on the printer of the ground, until the printer says that it is done.
    Print {
        act: String,
    },
    /// Ask the OPJ on duty for a visa on the signed act.
    AskVisa {
        act: String,
    },
    /// The colleague, on the second terminal, reads the act and decides.
    GiveVisa {
        act: String,
        decision: DecisionName,
        #[serde(default)]
        words: String,
    },
    /// HQ gives the terminal a signed order, until the terminal's own word on it is at HQ.
    Order {
        order: OrderName,
    },
    /// The platform's source of positions says where the phone is: degrees, and metres of uncertainty.
    Position {
        at: Where,
    },
    /// The platform says what the phone lives on, from now on.
    Supply {
        power: PowerName,
        bearer: BearerName,
    },
    /// HQ signs a profile that differs from the terminal's own in these settings, and waits until the terminal follows it.
    Configure {
        #[serde(default)]
        idle_lock_seconds: Option<u16>,
        #[serde(default)]
        code_again_minutes: Option<u16>,
        /// The legal text that allows a list of persons, for a week.
        #[serde(default)]
        persons_text: Option<String>,
        /// Officers may look at their own recordings on the terminal.
        #[serde(default)]
        recordings_viewed: bool,
    },
    /// HQ revokes the camera beside and tells its terminals, until this one has heard of it and refuses the camera.
    RevokeCamera,
    /// The card of one of the two officers who share the terminal is put in.
    ChangeCard {
        to: HolderName,
    },
    /// Wrong codes until the slot of whoever is at the terminal is destroyed.
    ForgetCode,
    /// The officer at the terminal reads the number on the screen out, HQ answers it, and the officer chooses `code`.
    BeLetIn {
        reason: String,
        code: String,
    },
    /// Begin the vérification d'identité of whoever the check named `check` is about, complete it, and sign it.
    Verify {
        check: String,
        name: String,
        fields: BTreeMap<String, String>,
        #[serde(default)]
        hands: Vec<Hand>,
    },
    /// A procedure follows the act, as somebody at HQ records it.
    FollowUp {
        act: String,
        procedure: String,
    },
    /// Somebody at HQ says where a complaint stands.
    TellComplaint {
        act: String,
        stage: Said,
    },
    /// The page of the complaint shows all that HQ said.
    ReadComplaint {
        act: String,
    },
    /// So many days pass, for the terminal and for HQ: what is past its term is destroyed on both sides.
    PassTime {
        days: u16,
    },
    CloseIntervention,
    EndService,
}

impl Scenario {
    /// Reads a scenario; every field and every reference is checked before anything is played.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let scenario: Self = toml::from_str(text).map_err(ScenarioError::Shape)?;
        let mut acts: Vec<&str> = Vec::new();
        for (index, step) in scenario.steps.iter().enumerate() {
            let (fields, name) = match step {
                Step::Act { fields, name, .. } => (fields, Some(name)),
                Step::Barred { fields, name, .. } => (fields, Some(name)),
                Step::Consult { fields, .. }
                | Step::AskLists { fields, .. }
                | Step::AskWithoutList { fields, .. }
                | Step::ConsultAll { fields, .. }
                | Step::LateAnswer { fields, .. }
                | Step::AnswerWhileLocked { fields, .. }
                | Step::Warned { fields, .. }
                | Step::RaiseAlert { fields, .. }
                | Step::Compare { fields, .. }
                | Step::Urgent { fields, .. } => (fields, None),
                Step::Touch { act, .. } => {
                    acts.extend(act.as_deref());
                    continue;
                }
                Step::Correct { fields, act } => {
                    known(&acts, act, index)?;
                    (fields, None)
                }
                Step::Print { act } | Step::AskVisa { act } => {
                    known(&acts, act, index)?;
                    continue;
                }
                Step::GiveVisa { act, .. } => {
                    known(&acts, act, index)?;
                    if scenario.colleague.is_none() {
                        return Err(ScenarioError::NoColleague { step: index + 1 });
                    }
                    continue;
                }
                Step::ColleagueServes { .. }
                | Step::ColleagueTouches { .. }
                | Step::CrewAgrees { .. }
                | Step::Share { .. } => {
                    if scenario.colleague.is_none() {
                        return Err(ScenarioError::NoColleague { step: index + 1 });
                    }
                    continue;
                }
                Step::ChangeCard { .. } if scenario.second.is_none() => {
                    return Err(ScenarioError::NoSecond { step: index + 1 });
                }
                Step::FollowUp { act, .. }
                | Step::TellComplaint { act, .. }
                | Step::ReadComplaint { act } => {
                    known(&acts, act, index)?;
                    continue;
                }
                Step::Verify {
                    fields, check, name, ..
                } => {
                    known(&acts, check, index)?;
                    (fields, Some(name))
                }
                Step::DrawFrom {
                    from,
                    name,
                    stands,
                    fields,
                    ..
                } => {
                    known(&acts, from, index)?;
                    known_fields(stands, index)?;
                    (fields, Some(name))
                }
                Step::TurnIntoPv { fields, from, name } => {
                    known(&acts, from, index)?;
                    (fields, Some(name))
                }
                Step::Amend {
                    fields, act, name, ..
                } => {
                    known(&acts, act, index)?;
                    (fields, Some(name))
                }
                Step::StartService
                | Step::OpenIntervention { .. }
                | Step::ArriveOnScene
                | Step::Propose { .. }
                | Step::HqHears { .. }
                | Step::CutRadio
                | Step::RestoreRadio
                | Step::Kill
                | Step::Lock
                | Step::PairCamera
                | Step::TakeClip { .. }
                | Step::AwaitHq
                | Step::AwaitAlarm { .. }
                | Step::NobodyHasAlert { .. }
                | Step::TakeAlert { .. }
                | Step::TellAlert { .. }
                | Step::HoldRequisition { .. }
                | Step::Order { .. }
                | Step::Position { .. }
                | Step::Supply { .. }
                | Step::Configure { .. }
                | Step::PublishLists
                | Step::Attach { .. }
                | Step::PersonsForgotten
                | Step::AwaitConfirmation { .. }
                | Step::Scan { .. }
                | Step::RevokeCamera
                | Step::ChangeCard { .. }
                | Step::ForgetCode
                | Step::BeLetIn { .. }
                | Step::PassTime { .. }
                | Step::CloseIntervention
                | Step::EndService => continue,
            };
            known_fields(fields, index)?;
            acts.extend(name.map(String::as_str));
        }
        Ok(scenario)
    }

    /// What the terminal's camera takes pictures of.
    pub fn photos(&self) -> impl Iterator<Item = &str> {
        self.steps.iter().flat_map(|step| match step {
            Step::Act { photos, .. } => photos.iter().map(String::as_str).collect(),
            Step::StartService
            | Step::OpenIntervention { .. }
            | Step::ArriveOnScene
            | Step::Propose { .. }
            | Step::HqHears { .. }
            | Step::ColleagueServes { .. }
            | Step::ColleagueTouches { .. }
            | Step::CrewAgrees { .. }
            | Step::CutRadio
            | Step::RestoreRadio
            | Step::Consult { .. }
            | Step::ConsultAll { .. }
            | Step::LateAnswer { .. }
            | Step::AnswerWhileLocked { .. }
            | Step::DrawFrom { .. }
            | Step::Share { .. }
            | Step::AwaitAlarm { .. }
            | Step::RaiseAlert { .. }
            | Step::NobodyHasAlert { .. }
            | Step::TakeAlert { .. }
            | Step::TellAlert { .. }
            | Step::HoldRequisition { .. }
            | Step::Warned { .. }
            | Step::Urgent { .. }
            | Step::Touch { .. }
            | Step::Kill
            | Step::Lock
            | Step::PairCamera
            | Step::TakeClip { .. }
            | Step::AwaitHq
            | Step::Correct { .. }
            | Step::Barred { .. }
            | Step::TurnIntoPv { .. }
            | Step::Amend { .. }
            | Step::Print { .. }
            | Step::AskVisa { .. }
            | Step::GiveVisa { .. }
            | Step::Order { .. }
            | Step::Position { .. }
            | Step::Supply { .. }
            | Step::Configure { .. }
            | Step::PublishLists
            | Step::Attach { .. }
            | Step::PersonsForgotten
            | Step::AskLists { .. }
            | Step::AskWithoutList { .. }
            | Step::AwaitConfirmation { .. }
            | Step::Scan { .. }
            | Step::Compare { .. }
            | Step::RevokeCamera
            | Step::ChangeCard { .. }
            | Step::ForgetCode
            | Step::BeLetIn { .. }
            | Step::Verify { .. }
            | Step::FollowUp { .. }
            | Step::TellComplaint { .. }
            | Step::ReadComplaint { .. }
            | Step::PassTime { .. }
            | Step::CloseIntervention
            | Step::EndService => Vec::new(),
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

/// Every code is that of a field.
fn known_fields(fields: &BTreeMap<String, String>, index: usize) -> Result<(), ScenarioError> {
    match fields.keys().find(|code| Field::from_code(code).is_none()) {
        Some(unknown) => Err(ScenarioError::UnknownField {
            step: index + 1,
            field: unknown.clone(),
        }),
        None => Ok(()),
    }
}

/// The act that a step is about was named by an earlier one.
fn known(acts: &[&str], act: &str, index: usize) -> Result<(), ScenarioError> {
    if acts.contains(&act) {
        Ok(())
    } else {
        Err(ScenarioError::UnknownAct {
            step: index + 1,
            act: act.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_patrol_reads_and_plants_canaries() {
        let scenario = Scenario::parse(DEFAULT).unwrap();
        assert!(scenario.canaries().len() > 5);
    }

    #[test]
    fn an_unknown_field_or_act_is_refused_with_its_step() {
        let with = |steps: &str| {
            let head = DEFAULT.split("[[step]]").next().unwrap();
            Scenario::parse(&format!("{head}{steps}"))
        };
        let unknown =
            with("[[step]]\ndo = \"act\"\nname = \"x\"\nkind = \"pv\"\nfields = { flavour = \"bleu\" }\n");
        assert!(matches!(
            unknown,
            Err(ScenarioError::UnknownField { step: 1, .. })
        ));
        let dangling = with("[[step]]\ndo = \"correct\"\nact = \"x\"\nfields = {}\n");
        assert!(matches!(dangling, Err(ScenarioError::UnknownAct { step: 1, .. })));
    }
}
