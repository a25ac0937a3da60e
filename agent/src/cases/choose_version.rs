//! Where two officers of a crew wrote something else: both are shown, and what one of them chooses is a version that names
//! those it replaces.

use domain::dialogue::{CrewDifference, CrewLine, CrewStanding, CrewStep, CrewVersion, Notice};
use domain::intervention::{CrewSheet, EditId, Fact, Pen, Point, Step, Version};
use domain::officer::Matricule;
use domain::{CopyId, InterventionId, Sensitive};

use super::take_crew::bound;
use super::unlock::{Desk, OpenDesk};
use crate::engine::{CommitPoint, Engine};
use crate::store::StoreError;

impl Engine {
    pub(crate) fn choose_version(&mut self, id: InterventionId, version: EditId) -> Result<(), StoreError> {
        self.decide(id, |sheet, pen| sheet.choose(version, pen).is_ok())
    }

    /// Both accounts stay, one after the other.
    pub(crate) fn keep_accounts(&mut self, id: InterventionId) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        let sheet = desk.crew.sheets.get(&id).map(|row| &row.sheet);
        if sheet.is_some_and(|sheet| sheet.accounts_together().is_none()) {
            self.notice(Notice::AccountsTooLong);
            return Ok(());
        }
        self.decide(id, CrewSheet::keep_accounts)
    }

    /// A choice among what stands no more, because somebody chose before, changes nothing: the screen shows what stands.
    fn decide(
        &mut self,
        id: InterventionId,
        say: impl FnOnce(&mut CrewSheet, &Pen) -> bool,
    ) -> Result<(), StoreError> {
        let now = self.now;
        self.stale.home = true;
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(mut row) = desk.crew.sheets.get(&id).cloned() else {
            return Ok(());
        };
        let pen = desk.pen(row.mine, now);
        if !say(&mut row.sheet, &pen) {
            return Ok(());
        }
        row.untold = true;
        bound(&mut row, &now);
        let own = desk.store.intervention(id)?.map(|mut own| {
            row.sheet.write(&mut own, row.mine);
            own
        });
        desk.store.save_shared(&own, [&row])?;
        desk.crew.sheets.insert(id, row);
        if let Some(own) = &own {
            desk.set_current(own);
        }
        self.passed(CommitPoint::InterventionKept);
        self.tell_progress()
    }

    /// What the screens show of the crew's interventions, the oldest first.
    pub(crate) fn crew_lines(&self) -> Vec<CrewLine> {
        let Desk::Open(desk) = &self.desk else {
            return Vec::new();
        };
        let current = desk.intervention.as_ref().map(|current| current.id);
        let mut lines: Vec<CrewLine> = desk
            .crew
            .sheets
            .values()
            .filter(|row| current == Some(row.sheet.id) || !row.sheet.differing().is_empty())
            .map(|row| {
                let standing = if current == Some(row.sheet.id) {
                    CrewStanding::Current
                } else {
                    CrewStanding::Over
                };
                line(desk, &row.sheet, standing, Some(row.mine))
            })
            .collect();
        for line in lines.iter_mut().filter(|line| line.others.is_empty()) {
            line.nobody_reached = self.crew_notes.reached == Some(0);
        }
        let offered = desk.crew.offered.values();
        let offered = offered.filter(|offered| !offered.sheet.is_over());
        lines.extend(offered.map(|offered| line(desk, &offered.sheet, CrewStanding::Offered, None)));
        lines.sort_by_key(|line| (line.opened.utc, line.intervention));
        lines
    }
}

fn line(desk: &OpenDesk, sheet: &CrewSheet, standing: CrewStanding, mine: Option<CopyId>) -> CrewLine {
    let me = &desk.officer.matricule;
    let words = |point| {
        let mut versions = sheet.standing(point);
        let own = sheet
            .standing(point)
            .find(|version| Some(version.id.copy) == mine);
        own.or_else(|| versions.next()).map(text).unwrap_or_default()
    };
    let number = words(Point::Number);
    let outcome = sheet.standing(Point::Outcome).find_map(outcome_of);
    CrewLine {
        intervention: sheet.id,
        standing,
        by: sheet.opened_by.to_string(),
        opened: sheet.opened,
        others: sheet
            .officers()
            .into_iter()
            .filter(|officer| *officer != me)
            .map(ToString::to_string)
            .collect(),
        number: (!number.reveal().is_empty()).then(|| number.into_inner()),
        place: words(Point::Place),
        matter: words(Point::Matter),
        account: words(Point::Account),
        steps: steps(sheet),
        outcome: outcome.filter(|_| sheet.is_over()),
        differing: sheet
            .differing()
            .into_iter()
            .map(|point| difference(sheet, point, me))
            .collect(),
        accounts_fit: sheet.accounts_together().is_some(),
        nobody_reached: false,
    }
}

fn steps(sheet: &CrewSheet) -> Vec<CrewStep> {
    let first = [Step::EnRoute, Step::OnScene, Step::Closed]
        .into_iter()
        .filter_map(|step| sheet.first(step));
    let line = |first: &domain::intervention::Said| {
        // Two who arrive together say so within moments; the times differ in minutes where a clock was set.
        let otherwise = sheet.said().iter().rev().find(|said| {
            said.step == first.step && said.step != Step::Closed && said.at.utc.0 - first.at.utc.0 >= 60_000
        });
        CrewStep {
            step: first.step,
            at: first.at,
            by: first.by.to_string(),
            otherwise: otherwise.map(|said| said.at),
        }
    };
    first.map(line).collect()
}

fn difference(sheet: &CrewSheet, point: Point, me: &Matricule) -> CrewDifference {
    let version = |version: &Version| CrewVersion {
        id: version.id,
        by: version.by.to_string(),
        at: version.at,
        text: text(version),
        outcome: outcome_of(version),
        mine: version.by == *me,
    };
    CrewDifference {
        point,
        versions: sheet.standing(point).map(version).collect(),
    }
}

fn text(version: &Version) -> Sensitive<String> {
    match &version.fact {
        Fact::Number(number) => number.as_ref().map_or("", |number| number.as_str()).into(),
        Fact::Place(place) => place.address.as_str().into(),
        Fact::Matter(matter) => matter.as_ref().map_or("", |matter| matter.as_str()).into(),
        Fact::Account(account) => account.as_str().into(),
        Fact::Outcome(_) => Sensitive::default(),
    }
}

const fn outcome_of(version: &Version) -> Option<domain::intervention::Outcome> {
    match version.fact {
        Fact::Outcome(outcome) => outcome,
        Fact::Number(_) | Fact::Place(_) | Fact::Matter(_) | Fact::Account(_) => None,
    }
}
