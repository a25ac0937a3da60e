//! The measures of the patrol's day, each a PV of its own that begins with what the terminal knows already.

use domain::dialogue::Notice;
use domain::draft::{Draft, Field};
use domain::identity::CivilDate;
use domain::intervention::Intervention;
use domain::pv::{CompteRendu, PvKind};
use domain::record::ActKind;
use domain::{ActId, InterventionId};

use crate::engine::Engine;
use crate::store::StoreError;

impl Engine {
    pub(crate) fn begin_measure(
        &mut self,
        from: Option<ActId>,
        id: Option<ActId>,
        kind: PvKind,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let id = id.unwrap_or_else(|| ActId::from_bytes(self.mint.id(now.utc)));
        if self.is_there(id)? {
            return self.open_draft(id);
        }
        let begun = match from {
            Some(from) => self.draft_or_signed(from)?,
            None => None,
        };
        let mut draft = match &begun {
            Some(begun) => begun.measure(id, kind, now),
            // Whoever it is about is not whoever an earlier act of the intervention was about.
            None => match self.draft_from_here(id, ActKind::Pv)? {
                Some(here) => here.measure_there(id, kind, now),
                None => return Ok(()),
            },
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let intervention = desk.intervention.clone().filter(|_| kind == PvKind::CompteRendu);
        if let Some(service) = &desk.service {
            let author = &desk.officer.matricule;
            let crew = service.crew.iter().filter(|member| *member != author);
            let crew: Vec<String> = crew.map(ToString::to_string).collect();
            draft.propose(Field::Assistants, &crew.join("\n"));
        }
        if kind == PvKind::Justification {
            draft.propose(Field::Station, &desk.officer.unit);
            let noted = begun.as_ref().filter(|begun| begun.kind == ActKind::Pve);
            if let Some(noted) = noted.map(|noted| noted.id)
                && let Some(number) = self.device.row_of(noted)?.and_then(|row| row.number)
            {
                draft.propose(Field::LinkedPve, &number.to_string());
            }
        }
        if let Some(intervention) = intervention {
            let acts = self.acts_of(intervention.id)?;
            report(&mut draft, &intervention, &acts);
        }
        if let Some(desk) = self.desk() {
            desk.store.save_draft(&draft, now)?;
        }
        self.watch_retention(&draft)?;
        self.open_draft(id)
    }

    /// The signed acts of an intervention as a report names them.
    fn acts_of(&mut self, intervention: InterventionId) -> Result<Vec<String>, StoreError> {
        let Some(desk) = self.desk() else {
            return Ok(Vec::new());
        };
        let mut named = Vec::new();
        for act in desk.store.latest_acts()? {
            let Some(draft) = self.draft_or_signed(act)? else {
                continue;
            };
            let number = self.device.row_of(act)?.and_then(|row| row.number);
            if let Some(number) = number.filter(|_| draft.intervention == Some(intervention)) {
                named.push(format!("{} n° {number}", draft.called()));
            }
        }
        named.reverse();
        Ok(named)
    }

    /// The terminal's own day and hour, its day, or where it is, as an officer would type them.
    pub(crate) fn stamp(&mut self, draft: ActId, field: Field) -> Result<(), StoreError> {
        let text = if field == Field::Position {
            match self.position_here()? {
                Some(position) => position.as_typed(),
                None => {
                    self.notice(Notice::PositionUnknown);
                    return Ok(());
                }
            }
        } else if Field::DAYS.contains(&field) {
            CivilDate::from(self.now.local().date()).to_string()
        } else {
            self.now.as_typed()
        };
        self.fill(draft, field, &text)
    }
}

/// The hours of the intervention stand in its report as the terminal noted them.
fn report(draft: &mut Draft, intervention: &Intervention, acts: &[String]) {
    draft.propose(Field::Account, &CompteRendu::account(intervention, acts));
    if !acts.is_empty() {
        draft.propose(Field::Outcome, "ACTES");
    }
    let number = intervention
        .number
        .as_ref()
        .map(|number| number.as_str().to_owned());
    let hours = [
        (Field::OperationsNumber, number),
        (Field::Place, Some(intervention.place.address.clone())),
        (Field::OpenedMoment, Some(intervention.opened.as_typed())),
        (
            Field::OnSceneMoment,
            intervention.on_scene.map(|at| at.as_typed()),
        ),
        (Field::OverMoment, intervention.closed.map(|at| at.as_typed())),
    ];
    for (field, text) in hours {
        if let Some(text) = text {
            draft.propose(field, &text);
        }
    }
}
