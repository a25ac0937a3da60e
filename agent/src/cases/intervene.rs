//! The current intervention, from which every act hangs.

use std::collections::BTreeSet;

use domain::dialogue::{InterventionLine, Notice};
use domain::draft::{Draft, Field};
use domain::intervention::{
    Account, CrewSheet, Fact, Intervention, LONGEST_TERM, Matter, OperationsNumber, OutOfOrder, Outcome,
};
use domain::place::Place;
use domain::record::ActKind;
use domain::{CopyId, InterventionId};
use domain::{Sensitive, Timestamp};

use super::take_crew::bound;
use super::tell_crew::has_others;
use super::unlock::OpenDesk;
use crate::engine::{CommitPoint, Engine};
use crate::store::{SheetRow, StoreError};

/// Whom and what the acts drawn up from the current intervention are about. Read out of them and kept nowhere else, so
/// that it goes with them at their term.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Met {
    people: BTreeSet<String>,
    plates: BTreeSet<String>,
}

impl Engine {
    pub(crate) fn open_intervention(
        &mut self,
        id: Option<InterventionId>,
        number: &str,
        place: &str,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let id = id.unwrap_or_else(|| InterventionId::from_bytes(self.mint.id(now.utc)));
        let Some((number, place)) = self.number_and_place(number, place) else {
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(service) = &desk.service else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let mut begun = Intervention::new(id, service.id, place, now);
        begun.number = number;
        self.begin_intervention(begun)
    }

    /// What was typed of a number, which may be empty, and of a place; none where one does not read, which is told.
    fn number_and_place(&mut self, number: &str, place: &str) -> Option<(Option<OperationsNumber>, Place)> {
        let number = match OperationsNumber::parse(number) {
            Ok(number) => Some(number),
            Err(_) if number.trim().is_empty() => None,
            Err(_) => {
                self.notice(Notice::NotAnOperationsNumber);
                return None;
            }
        };
        let Ok(place) = Place::parse(place) else {
            self.notice(Notice::NotAPlace);
            return None;
        };
        Some((number, place))
    }

    /// One at a time: beginning the next closes the current one. Begun before, it is not begun again.
    pub(crate) fn begin_intervention(&mut self, begun: Intervention) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let service = desk.service.as_ref();
        let shared = service.filter(|service| has_others(service, &desk.officer.matricule));
        let Some(service) = shared.map(|service| service.id) else {
            return self.begin(begun, None);
        };
        let copy = CopyId::from_bytes(self.mint.id(now.utc));
        let Some(desk) = self.desk() else { return Ok(()) };
        let sheet = SheetRow {
            service,
            mine: copy,
            sheet: CrewSheet::begin(&begun, &desk.pen(copy, now)),
            untold: true,
            until: now.utc.plus(LONGEST_TERM),
            boot: now.boot,
            gone_at: now.mono_ms.saturating_add(LONGEST_TERM.unsigned_abs()),
        };
        self.begin(begun, Some(sheet))
    }

    /// Begins one with the sheet that its crew shares.
    pub(crate) fn begin(&mut self, begun: Intervention, sheet: Option<SheetRow>) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.store.knows_intervention(begun.id)? {
            return Ok(());
        }
        let closed = desk.intervention.clone().map(|current| {
            let after = Intervention {
                closed: Some(now),
                ..current.clone()
            };
            (current, after)
        });
        let followed = closed.as_ref();
        let followed = followed.and_then(|(before, after)| desk.sheet_after(before, after, &[], now));
        let sheets: Vec<SheetRow> = followed.into_iter().chain(sheet).collect();
        let interventions = closed.iter().map(|(_, after)| after).chain([&begun]);
        desk.store.save_shared(interventions, &sheets)?;
        desk.hold(sheets);
        desk.intervention = Some(begun);
        self.passed(CommitPoint::InterventionKept);
        self.stale.home = true;
        self.count_met()?;
        self.tell_progress()
    }

    pub(crate) fn set_out(&mut self) -> Result<(), StoreError> {
        self.step(Intervention::set_out)
    }

    pub(crate) fn arrive_on_scene(&mut self) -> Result<(), StoreError> {
        self.step(Intervention::arrive)
    }

    pub(crate) fn close_intervention(&mut self, outcome: Outcome) -> Result<(), StoreError> {
        self.step(|intervention, now| intervention.close(outcome, now))
    }

    /// What it is about, and what the crew writes of it.
    ///
    /// `seen` is what the screen had of each when the officer began to write: what came in since is not written over.
    pub(crate) fn describe_intervention(
        &mut self,
        matter: &str,
        account: &str,
        seen: [Option<String>; 2],
    ) -> Result<(), StoreError> {
        let matter = match matter.trim() {
            "" => Some(None),
            typed => Matter::parse(typed).ok().map(Some),
        };
        let (Some(matter), Ok(account)) = (matter, Account::parse(account)) else {
            self.notice(Notice::NotADescription);
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(current) = desk.intervention.clone() else {
            return Ok(());
        };
        let [seen_matter, seen_account] = seen;
        let seen_matter = seen_matter.map(|seen| Fact::Matter(Matter::parse(&seen).ok()));
        let seen_account = seen_account.and_then(|seen| Account::parse(&seen).ok().map(Fact::Account));
        let seen: Vec<Fact> = seen_matter.into_iter().chain(seen_account).collect();
        let described = Intervention {
            matter,
            account,
            ..current
        };
        self.keep_intervention(described, &seen)
    }

    /// The number of the operations centre and the place, put right.
    pub(crate) fn correct_intervention(
        &mut self,
        number: &str,
        place: &str,
        seen: [Option<String>; 2],
    ) -> Result<(), StoreError> {
        let Some((number, place)) = self.number_and_place(number, place) else {
            return Ok(());
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(current) = desk.intervention.clone() else {
            return Ok(());
        };
        // A position was measured at the place, and says nothing of another.
        let place = if place.address == current.place.address {
            current.place.clone()
        } else {
            place
        };
        let [seen_number, seen_place] = seen;
        let seen_number = seen_number.map(|seen| Fact::Number(OperationsNumber::parse(&seen).ok()));
        let seen_place = seen_place.and_then(|seen| Place::parse(&seen).ok().map(Fact::Place));
        let seen: Vec<Fact> = seen_number.into_iter().chain(seen_place).collect();
        let corrected = Intervention {
            number,
            place,
            ..current
        };
        self.keep_intervention(corrected, &seen)
    }

    /// A step that cannot be said now changes nothing; a time that cannot be right stays, and both are told.
    fn step(
        &mut self,
        say: impl FnOnce(&mut Intervention, Timestamp) -> Result<(), OutOfOrder>,
    ) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(mut intervention) = desk.intervention.clone() else {
            return Ok(());
        };
        let before = intervention.doubts().len();
        if let Err(reason) = say(&mut intervention, now) {
            self.notice(Notice::OutOfOrder(reason));
            return Ok(());
        }
        if let Some(doubt) = intervention.doubts().get(before..).and_then(<[_]>::last) {
            self.notice(Notice::StepTimeInDoubt {
                backwards: doubt.backwards,
            });
        }
        self.keep_intervention(intervention, &[])
    }

    fn keep_intervention(&mut self, intervention: Intervention, seen: &[Fact]) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(before) = desk.intervention.clone().filter(|before| *before != intervention) else {
            return Ok(());
        };
        let mut kept = intervention;
        let sheet = desk.sheet_after(&before, &kept, seen, now);
        if let Some(row) = &sheet {
            row.sheet.write(&mut kept, row.mine);
        }
        desk.store.save_shared([&kept], &sheet)?;
        desk.hold(sheet);
        desk.set_current(&kept);
        self.passed(CommitPoint::InterventionKept);
        self.stale.home = true;
        self.tell_progress()
    }

    /// Reads whom and what the acts of the current intervention are about.
    pub(crate) fn count_met(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        let current = self
            .desk()
            .and_then(|desk| desk.intervention.as_ref().map(|one| one.id));
        let drafts = match current {
            Some(current) => self.signed_drafts_of(current)?,
            None => Vec::new(),
        };
        let mut met = Met::default();
        // A note gives nothing away.
        for draft in drafts.iter().filter(|draft| draft.kind != ActKind::Note) {
            let person = draft.person(now);
            met.people.extend(person.map(|person| {
                let (surname, given_names) = (person.surname.into_inner(), person.given_names.into_inner());
                format!("{surname} {given_names}").trim().to_owned()
            }));
            let plate = draft.text(Field::Plate).trim();
            met.plates
                .extend((!plate.is_empty()).then(|| plate.to_uppercase()));
        }
        if let Some(desk) = self.desk()
            && desk.met != met
        {
            desk.met = met;
            self.stale.home = true;
        }
        Ok(())
    }

    /// A draft begun from a reading has the plate that was read.
    pub(crate) fn bring_plate(draft: &mut Draft, intervention: &Intervention, now: Timestamp) {
        let about_a_vehicle = match draft.kind {
            ActKind::IdentityCheck | ActKind::Pve | ActKind::Pv | ActKind::Afd => true,
            ActKind::Plainte
            | ActKind::Note
            | ActKind::Verification
            | ActKind::Footage
            | ActKind::VisaRequest
            | ActKind::Visa
            | ActKind::Alert
            | ActKind::SafeContact
            | ActKind::Custody => false,
        };
        if let Some(plate) = intervention.plates.first().filter(|_| about_a_vehicle)
            && draft.text(Field::Plate).is_empty()
        {
            let _ = draft.fill(Field::Plate, &plate.to_string(), now);
        }
    }
}

impl OpenDesk {
    /// The sheet of the crew once the officer has changed the intervention so; none where nobody shares it.
    fn sheet_after(
        &self,
        before: &Intervention,
        after: &Intervention,
        seen: &[Fact],
        now: Timestamp,
    ) -> Option<SheetRow> {
        let mut row = self.crew.sheets.get(&after.id)?.clone();
        row.sheet.follow(before, after, seen, &self.pen(row.mine, now));
        row.untold = true;
        bound(&mut row, &now);
        Some(row)
    }

    fn hold(&mut self, rows: impl IntoIterator<Item = SheetRow>) {
        let rows = rows.into_iter().map(|row| (row.sheet.id, row));
        self.crew.sheets.extend(rows);
    }
}

/// What the home and intervention screens show.
pub(crate) fn line_of(desk: &OpenDesk) -> Option<InterventionLine> {
    let intervention = desk.intervention.as_ref()?;
    let number = intervention.number.as_ref();
    let plates = intervention.plates.iter().map(ToString::to_string);
    let all: BTreeSet<String> = plates.chain(desk.met.plates.iter().cloned()).collect();
    let sensitive = |texts: BTreeSet<String>| texts.into_iter().map(Sensitive::new).collect();
    Some(InterventionLine {
        id: intervention.id,
        number: number.map(|number| number.as_str().to_owned()),
        place: Sensitive::new(intervention.place.address.clone()),
        opened: intervention.opened,
        on_scene: intervention.on_scene,
        en_route: intervention.en_route,
        origin: intervention.origin,
        matter: intervention
            .matter
            .as_ref()
            .map_or_else(Sensitive::default, |matter| matter.as_str().into()),
        account: intervention.account.as_str().into(),
        plates: sensitive(all),
        people: sensitive(desk.met.people.clone()),
        doubts: intervention.doubts(),
    })
}
