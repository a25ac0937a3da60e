//! What one step of a scenario says of another, of the officers, or of a form: read once, before anything is played.

use std::collections::BTreeMap;
use std::ops::Range;

use agent::keys::CodePolicy;
use domain::draft::Field;
use domain::officer::{Corps, Matricule};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Scene, near};
use super::step::Step;
use super::words::Doing;
use super::{OfficerSheet, Scenario};

/// A scenario as it is read, from its first step to its last.
pub(super) struct Check<'t> {
    pub(super) text: &'t str,
    acts: Vec<&'t str>,
    /// Acts that were signed, with the number of the step.
    signed: BTreeMap<&'t str, usize>,
    alerts: Vec<&'t str>,
    pub(super) faults: Vec<Fault>,
}

/// One step, and where its parts are.
#[derive(Clone, Copy)]
struct Written<'t> {
    table: &'t DeTable<'t>,
    scene: Scene<'t>,
}

impl Written<'_> {
    /// The value under these keys, or the nearest one above it.
    fn place(&self, keys: &[&str]) -> Range<usize> {
        let name = super::reading::name_of(self.table).map(Spanned::span);
        place(self.table, keys).or(name).unwrap_or_default()
    }

    fn fault(&self, keys: &[&str], what: &str, hint: Option<String>) -> Fault {
        let (number, name) = self.scene.step.unwrap_or_default();
        let what = format!("step {number} (`{name}`) {what}");
        self.scene.at(&self.place(keys), what, hint)
    }
}

/// Where the last of `keys` is written.
fn place(table: &DeTable<'_>, keys: &[&str]) -> Option<Range<usize>> {
    let (first, rest) = keys.split_first()?;
    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == first)?;
    match (value.get_ref(), rest.is_empty()) {
        (DeValue::Table(inner), false) => place(inner, rest),
        _ => Some(key.span()),
    }
}

impl<'t> Check<'t> {
    pub(super) const fn new(text: &'t str) -> Self {
        Self {
            text,
            acts: Vec::new(),
            signed: BTreeMap::new(),
            alerts: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// Who is on duty could be.
    pub(super) fn officers(&mut self, scenario: &Scenario, document: &DeTable<'_>) {
        let sheets = [
            ("officer", Some(&scenario.officer)),
            ("colleague", scenario.colleague.as_ref()),
            ("second", scenario.second.as_ref()),
        ];
        for (name, sheet) in sheets {
            let Some(sheet) = sheet else { continue };
            for (key, what) in doubts(sheet) {
                let place = place(document, &[name, key]).unwrap_or_default();
                let scene = Scene {
                    text: self.text,
                    step: None,
                };
                let (what, hint) = (format!("`[{name}]`: `{key}` {what}"), super::fault::unit(key));
                self.faults.push(scene.at(&place, what, hint));
            }
        }
    }

    /// One step after those that were read before.
    pub(super) fn step(
        &mut self,
        scenario: &Scenario,
        step: &'t Step,
        table: &'t DeTable<'t>,
        number: usize,
    ) {
        let name = super::reading::name_of(table).and_then(|name| name.get_ref().as_str());
        let written = Written {
            table,
            scene: Scene {
                text: self.text,
                step: Some((number, name.unwrap_or_default())),
            },
        };
        let at = &written;
        match step {
            Step::Act { name, fields, .. } => {
                self.fields(at, "fields", fields);
                self.signs(at, name, number);
            }
            Step::Barred { name, fields, .. } => {
                self.fields(at, "fields", fields);
                self.acts.push(name);
            }
            Step::Consult { fields, act, .. }
            | Step::AskLists { fields, act, .. }
            | Step::AskWithoutList { fields, act, .. }
            | Step::ConsultAll { fields, act, .. }
            | Step::LateAnswer { fields, act, .. }
            | Step::AnswerWhileLocked { fields, act, .. }
            | Step::Warned { fields, act, .. }
            | Step::Compare { fields, act, .. }
            | Step::Urgent { fields, act, .. } => {
                self.fields(at, "fields", fields);
                self.acts.push(act);
            }
            Step::Scan { act, .. } | Step::Attach { act, .. } | Step::Photograph { act, .. } => {
                self.acts.push(act);
            }
            Step::RaiseAlert {
                fields, act, alert, ..
            } => {
                self.fields(at, "fields", fields);
                self.acts.push(act);
                self.alerts.push(alert);
            }
            Step::NobodyHasAlert { alert } | Step::TakeAlert { alert, .. } | Step::TellAlert { alert } => {
                self.raised(at, alert);
            }
            Step::Touch {
                act, taps, touches, ..
            } => {
                self.acts.extend(act.as_deref());
                // What a hand raises is called as the act that it begins.
                self.alerts.extend(act.as_deref());
                self.counted(at, *taps, touches);
            }
            Step::Correct { fields, act } => {
                self.known(at, "act", act);
                self.fields(at, "fields", fields);
            }
            Step::Print { act }
            | Step::AskVisa { act }
            | Step::FollowUp { act, .. }
            | Step::TellComplaint { act, .. }
            | Step::ReadComplaint { act }
            | Step::AwaitConfirmation { act, .. } => self.known(at, "act", act),
            Step::GiveVisa { act, .. } | Step::Share { act, .. } => {
                self.known(at, "act", act);
                self.colleague(at, scenario);
            }
            Step::ColleagueServes { .. } | Step::ColleagueTouches { .. } | Step::CrewAgrees { .. } => {
                self.colleague(at, scenario);
            }
            Step::ChangeCard { .. } if scenario.second.is_none() => {
                let hint = "add a table `[second]` with the same fields as `[officer]`";
                let what = "wants another card, and the scenario has no `[second]`";
                self.faults.push(at.fault(&[], what, Some(hint.to_owned())));
            }
            Step::Verify {
                fields, check, name, ..
            } => {
                self.known(at, "check", check);
                self.fields(at, "fields", fields);
                self.signs(at, name, number);
            }
            Step::DrawFrom {
                from,
                name,
                stands,
                fields,
                ..
            } => {
                self.known(at, "from", from);
                self.fields(at, "stands", stands);
                self.fields(at, "fields", fields);
                self.signs(at, name, number);
            }
            Step::TurnIntoPv { fields, from, name } => {
                self.known(at, "from", from);
                self.fields(at, "fields", fields);
                self.signs(at, name, number);
            }
            Step::Amend {
                fields, act, name, ..
            } => {
                self.known(at, "act", act);
                self.fields(at, "fields", fields);
                self.signs(at, name, number);
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
            | Step::HoldRequisition { .. }
            | Step::Order { .. }
            | Step::Position { .. }
            | Step::Supply { .. }
            | Step::ReadBudget
            | Step::Configure { .. }
            | Step::PublishLists
            | Step::PersonsForgotten
            | Step::RevokeCamera
            | Step::ChangeCard { .. }
            | Step::ForgetCode
            | Step::BeLetIn { .. }
            | Step::PassTime { .. }
            | Step::CloseIntervention { .. }
            | Step::EndService => {}
        }
    }

    /// What a step names that did not read is named nonetheless.
    pub(super) fn unread(&mut self, table: &'t DeTable<'t>) {
        for (key, value) in table {
            let Some(text) = value.get_ref().as_str() else {
                continue;
            };
            match key.get_ref().as_ref() {
                "name" | "act" => self.acts.push(text),
                "alert" => self.alerts.push(text),
                _ => {}
            }
        }
    }

    /// Every code is that of a field of a form.
    fn fields(&mut self, at: &Written<'_>, table: &str, fields: &BTreeMap<String, String>) {
        for code in fields.keys().filter(|code| Field::from_code(code).is_none()) {
            let codes = Field::ALL.map(Field::code);
            let what = format!("has `{code}` in `{table}`, which is a field of no form");
            let hint = near(code, &codes)
                .unwrap_or_else(|| "docs/scenarios.md lists the fields of the forms".to_owned());
            self.faults.push(at.fault(&[table, code], &what, Some(hint)));
        }
    }

    /// The act that a step is about was named by an earlier one.
    fn known(&mut self, at: &Written<'_>, key: &str, act: &str) {
        if !self.acts.contains(&act) {
            let hint = near(act, &self.acts).unwrap_or_else(|| {
                "an act is named by the step that draws it up, `do = \"act\"`, above this one".to_owned()
            });
            let what = format!("is about the act `{act}`, which no earlier step draws up");
            self.faults.push(at.fault(&[key], &what, Some(hint)));
        }
    }

    /// An alert that an earlier step raised.
    fn raised(&mut self, at: &Written<'_>, alert: &str) {
        if !self.alerts.contains(&alert) {
            let hint = near(alert, &self.alerts)
                .unwrap_or_else(|| "an alert is named by the step `raise-alert`, above this one".to_owned());
            let what = format!("is about the alert `{alert}`, which no earlier step raises");
            self.faults.push(at.fault(&["alert"], &what, Some(hint)));
        }
    }

    /// The taps that a step says are those of its touches.
    fn counted(&mut self, at: &Written<'_>, taps: Option<usize>, touches: &[Doing]) {
        let made: usize = touches.iter().map(Doing::taps).sum();
        if let Some(said) = taps.filter(|said| *said != made) {
            let what = format!("says {said} taps, and its touches are {made}");
            let hint =
                "`press`, `fill` and `mark` are one tap each, `draw` is two, the others are none".to_owned();
            self.faults.push(at.fault(&["taps"], &what, Some(hint)));
        }
    }

    fn signs(&mut self, at: &Written<'_>, name: &'t str, number: usize) {
        self.acts.push(name);
        if let Some(first) = self.signed.insert(name, number) {
            let what = format!("draws up `{name}` again, which step {first} did");
            let hint = "an act has a name of its own: its number follows from it".to_owned();
            self.faults.push(at.fault(&["name"], &what, Some(hint)));
        }
    }

    fn colleague(&mut self, at: &Written<'_>, scenario: &Scenario) {
        if scenario.colleague.is_none() {
            let hint = "add a table `[colleague]` with the same fields as `[officer]`";
            let what = "needs a second terminal, and the scenario has no `[colleague]`";
            self.faults.push(at.fault(&[], what, Some(hint.to_owned())));
        }
    }
}

/// What no officer's sheet says.
fn doubts(sheet: &OfficerSheet) -> Vec<(&'static str, &'static str)> {
    let mut doubts = Vec::new();
    if Matricule::parse(Corps::from(sheet.corps), &sheet.matricule).is_err() {
        doubts.push(("matricule", "is no service number of this corps"));
    }
    if !CodePolicy.accepts(&sheet.code, &sheet.matricule) {
        doubts.push(("code", "is a code that no terminal takes"));
    }
    doubts
}
