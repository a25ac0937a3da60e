//! The legal frame of a check before anything is asked: what the shift gives it, what its text allows now, the time that
//! runs, and the one tap by which nothing waits for any of it.

use domain::ActId;
use domain::dialogue::{BasisLine, LimitLine, Notice, RequisitionLine};
use domain::draft::{Draft, Readiness, Reason};
use domain::identity::CivilDate;
use domain::journal::Operation;
use domain::legal_basis::{BasisRow, CheckBasis, QueryFrame};
use domain::requisition::TypedRequisition;
use domain::service::{Service, StandingRequisition};
use domain::verification::Stage;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::StoreError;

/// The limit of the check on screen, and what was told of it.
#[derive(Default)]
pub(crate) struct Limits {
    /// When it is looked at next, on the device's clock.
    due: Option<u64>,
    told: Option<(ActId, Told)>,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Told {
    Near,
    Over,
}

impl Engine {
    /// A réquisition stands for the shift; what its text does not allow is refused as it is typed.
    pub(crate) fn hold_requisition(&mut self, typed: &TypedRequisition) -> Result<(), StoreError> {
        let now = self.now;
        let bases = self.bases.clone();
        let today = CivilDate::from(now.local().date());
        let longest = |basis| bases.in_force(basis, today)?.requisition;
        match typed.parse(longest, &now) {
            Ok(requisition) => self.change_service(|service| {
                let replaced = |one: &StandingRequisition| {
                    one.basis() == requisition.basis() && one.is_called(&requisition.reference)
                };
                service.requisitions.retain(|one| !replaced(one));
                service.requisitions.push(requisition);
            }),
            Err(why) => {
                self.notice(Notice::NotARequisition { why });
                Ok(())
            }
        }
    }

    pub(crate) fn drop_requisition(&mut self, reference: &str) -> Result<(), StoreError> {
        self.change_service(|service| service.requisitions.retain(|one| !one.is_called(reference)))
    }

    /// The checks that follow begin with the text of this one.
    pub(crate) fn keep_basis(&mut self, draft: ActId) -> Result<(), StoreError> {
        let Some(form) = self.draft_at_work(draft)? else {
            return Ok(());
        };
        let basis = CheckBasis::from_code(form.text(domain::draft::Field::CheckBasis));
        self.change_service(|service| service.basis = basis)
    }

    pub(crate) fn leave_place(&mut self) -> Result<(), StoreError> {
        self.change_service(Service::leave_place)
    }

    fn change_service(&mut self, change: impl FnOnce(&mut Service)) -> Result<(), StoreError> {
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(mut service) = desk.service.clone() else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        change(&mut service);
        desk.store.save_service(&service)?;
        desk.service = Some(service);
        self.stale.home = true;
        self.stale.draft = true;
        Ok(())
    }

    /// From here on nothing waits for the text of this check; the journal has it before the first question leaves.
    pub(crate) fn urgent(&mut self, id: ActId) -> Result<(), StoreError> {
        let (now, officer) = (self.now, self.officer_id());
        let Some(mut draft) = self.draft_at_work(id)? else {
            return Ok(());
        };
        if draft.urgent().is_some() {
            return Ok(());
        }
        draft.set_urgent(now);
        if draft.urgent().is_none() {
            return Ok(());
        }
        self.device
            .log(now, officer, Operation::UrgentFrame { act: id })?;
        if let Some(desk) = self.desk() {
            desk.store.save_draft(&draft, now)?;
        }
        self.stale.home = true;
        self.stale.draft = true;
        Ok(())
    }

    /// The frame in which files are asked for `form`; an error is a notice that says what is missing.
    pub(crate) fn query_frame(&self, form: &Draft) -> Result<Option<QueryFrame>, Notice> {
        match self.readiness(form) {
            Readiness::Ready(frame) => Ok(frame),
            Readiness::Blocked(problem) => Err(Notice::FrameBlocked { problem }),
        }
    }

    /// Without a shift around it a check has what is chosen, or its urgency.
    pub(crate) fn readiness(&self, form: &Draft) -> Readiness {
        match self.surroundings() {
            Some(around) => form.readiness(around, self.now),
            None => {
                let urgent = form.urgent().map(|_| QueryFrame::Urgent);
                Readiness::Ready(QueryFrame::of(form).or(urgent))
            }
        }
    }

    /// A check under a text that bounds an operation in one place begins it, where none runs.
    pub(crate) fn watch_operation(&mut self, draft: &Draft) -> Result<(), StoreError> {
        let Some(basis) = CheckBasis::from_code(draft.text(domain::draft::Field::CheckBasis)) else {
            return Ok(());
        };
        let day = CivilDate::from(draft.started.local().date());
        let bounded = |row: &BasisRow| row.in_one_place;
        if draft.kind == domain::record::ActKind::IdentityCheck
            && self.bases.in_force(basis, day).is_some_and(bounded)
        {
            let at = draft.started;
            let begun = |desk: &super::unlock::OpenDesk| {
                let service = desk.service.as_ref()?;
                Some(service.operations.iter().any(|one| one.basis == basis))
            };
            if self.desk().and_then(|desk| begun(desk)) == Some(false) {
                self.change_service(|service| service.begin_operation(basis, at))?;
            }
        }
        Ok(())
    }

    /// The texts of the picker, each with what stands against it now.
    pub(crate) fn basis_lines(&self, draft: &Draft) -> Vec<BasisLine> {
        let day = CivilDate::from(draft.started.local().date());
        let rows = CheckBasis::ALL
            .into_iter()
            .filter_map(|basis| self.bases.in_force(basis, day));
        rows.map(|row| BasisLine::of(row, self.refused(row, draft)))
            .collect()
    }

    fn refused(&self, row: &BasisRow, draft: &Draft) -> Option<Reason> {
        let around = self.surroundings()?;
        let quality = around.officer.quality;
        let runs = |one: &StandingRequisition| one.basis() == row.basis && one.runs_at(draft.started.utc);
        if !row.is_open_to(quality) {
            Some(Reason::QualityNotEmpowered)
        } else if row.needs_order(quality) && around.service.opj.is_none() {
            Some(Reason::OpjMissing)
        } else if row.requisition.is_some() && !around.service.requisitions.iter().any(runs) {
            Some(Reason::RequisitionOutside)
        } else {
            None
        }
    }

    pub(crate) fn limit_line(&self, draft: &Draft) -> Option<LimitLine> {
        let limit = draft.limit(self.surroundings()?, &self.now)?;
        Some(LimitLine {
            until: limit.clock.until(),
            left_min: i32::try_from(limit.clock.left_min(&self.now)).unwrap_or(i32::MIN),
            in_one_place: limit.in_one_place,
            stage: limit.clock.stage(&self.now),
        })
    }

    pub(crate) fn requisition_lines(&self, service: &Service) -> Vec<RequisitionLine> {
        let line = |one: &StandingRequisition| RequisitionLine {
            reference: one.reference.clone(),
            basis: one.basis(),
            places: one.places.clone(),
            from: one.from,
            until: one.until,
            runs: one.runs_at(self.now.utc),
            checkable: !one.communes.is_empty() || one.circle.is_some(),
        };
        service.requisitions.iter().map(line).collect()
    }

    pub(crate) fn is_frame_open(&self, draft: &Draft) -> bool {
        match self.surroundings() {
            Some(around) => draft.is_frame_open(around, self.now),
            None => draft.urgent().is_some(),
        }
    }

    /// The check on screen, where a time runs for it.
    fn running(&self) -> Result<Option<(ActId, LimitLine, u64)>, StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(None);
        };
        let Some(id) = desk.current.filter(|id| !desk.signing.contains_key(id)) else {
            return Ok(None);
        };
        let Some(draft) = desk.store.draft(id)? else {
            return Ok(None);
        };
        let limit = self
            .surroundings()
            .and_then(|around| draft.limit(around, &self.now));
        let next = limit.map(|limit| u64::try_from(limit.clock.next_minute_ms(&self.now)).unwrap_or(0));
        Ok(self
            .limit_line(&draft)
            .zip(next)
            .map(|(line, next)| (id, line, next)))
    }

    /// Looks at the minutes that are left of the check on screen, and tells what they brought.
    pub(crate) fn look_at_limit(&mut self) -> Result<(), StoreError> {
        let running = self.running()?;
        self.limits.due = running.map(|(_, _, next)| self.now.mono_ms.saturating_add(next));
        let Some((draft, line, _)) = running else {
            return Ok(());
        };
        let told = match line.stage {
            Stage::Running | Stage::Hour | Stage::HalfHour => return Ok(()),
            Stage::TenMinutes => Told::Near,
            Stage::Over => Told::Over,
        };
        if self
            .limits
            .told
            .is_some_and(|(act, before)| act == draft && before >= told)
        {
            return Ok(());
        }
        self.limits.told = Some((draft, told));
        let minutes = u16::try_from(line.left_min).unwrap_or(0);
        self.notice(match told {
            Told::Near => Notice::LimitNears { draft, minutes },
            Told::Over => Notice::LimitOver { draft },
        });
        Ok(())
    }

    pub(crate) fn wake_limits(&mut self) -> Result<(), StoreError> {
        if self.limits.due.is_none_or(|due| due > self.now.mono_ms) {
            return Ok(());
        }
        self.stale.draft = true;
        self.look_at_limit()
    }

    pub(crate) const fn limit_wakeup(&self) -> Option<u64> {
        self.limits.due
    }
}
