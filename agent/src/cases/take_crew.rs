//! What others of the crew have of interventions: offered until the officer joins, taken into their own sheet from then
//! on, and gone at its term whatever the clock is set to.

use std::collections::BTreeMap;

use domain::dialogue::{Haptic, Notice, View};
use domain::intervention::{AFTER_THE_END, CrewHanded, CrewSheet, LONGEST_TERM, Pen};
use domain::journal::Operation;
use domain::{CopyId, InterventionId, Timestamp, canonical};
use sync::wire::v1::{CrewMessage, MAX_CREW_NOTE};
use trust::cose::{self, Namespace};
use trust::seal;

use super::unlock::{Desk, OpenDesk};
use crate::engine::{CommitPoint, Engine};
use crate::store::{CrewNoteRow, SheetRow, StoreError};

/// What the officer at work shares with their crew, and what the crew offers.
#[derive(Default)]
pub(crate) struct Crew {
    pub(crate) sheets: BTreeMap<InterventionId, SheetRow>,
    pub(crate) offered: BTreeMap<InterventionId, Offered>,
}

/// Another officer's sheet, until one tap joins it.
pub(crate) struct Offered {
    pub(crate) sheet: CrewSheet,
    gone_at: u64,
}

/// What the device knows of the crew without an officer.
#[derive(Default)]
pub(crate) struct CrewNotes {
    /// When the first of the notes goes.
    gone_at: Option<u64>,
    /// How many terminals of the crew HQ knew to be in service when it last heard of a sheet.
    pub(crate) reached: Option<u8>,
}

/// Ends the term of a sheet two hours after the end of its intervention.
pub(crate) fn bound(row: &mut SheetRow, now: &Timestamp) {
    if row.sheet.is_over() {
        end_within(row, AFTER_THE_END.unsigned_abs(), now);
    }
}

fn end_within(row: &mut SheetRow, left: u64, now: &Timestamp) {
    row.gone_at = row.gone_at.min(now.mono_ms.saturating_add(left));
    let left = i64::try_from(left).unwrap_or(LONGEST_TERM);
    row.until = row.until.min(now.utc.plus(left));
}

impl Engine {
    /// HQ's signature on the message was checked; what it sealed is held against the command key.
    pub(crate) fn crew_message(&mut self, message: &CrewMessage) -> Result<(), StoreError> {
        if message.device != self.enrolment.terminal.device {
            tracing::warn!("a note of the crew that is not for this terminal was dropped");
            return Ok(());
        }
        let taken = self.device.last_crew_note()?;
        if !self.is_next("a note of the crew", taken, message.after, message.sequence) {
            return Ok(());
        }
        // As with proposals: what is left of it is known once HQ has told its clock.
        let Some(clock) = self.hq_clock else {
            return Ok(());
        };
        let now = self.now;
        let row = self
            .open_crew_note(&message.sealed)
            .map(|handed| CrewNoteRow {
                intervention: handed.sheet.id,
                from: handed.from.clone(),
                officer: handed.officer,
                sealed: message.sealed.clone(),
                gone_at: now.mono_ms.saturating_add(handed.left(clock.now(&now))),
            })
            .filter(|row| row.gone_at > now.mono_ms);
        if row.is_none() {
            tracing::info!(
                sequence = message.sequence,
                "a note of the crew came too late or does not read"
            );
        }
        // One that HQ did not sign must not keep those after it waiting.
        self.device.take_crew_note(message.sequence, row.as_ref(), now)?;
        self.passed(CommitPoint::CrewNoteKept);
        self.count_crew_notes()?;
        self.read_crew_notes()
    }

    /// What a note says, if HQ's command key signed it.
    fn open_crew_note(&self, sealed: &[u8]) -> Option<CrewHanded> {
        let plain = seal::open(self.keys.identity(), sealed, MAX_CREW_NOTE).ok()?;
        let signed = cose::parse(&plain)
            .ok()
            .filter(|signed| self.signed_by(signed, Namespace::CrewHanded, &self.anchors.command))
            .filter(|signed| signed.content_type == CrewHanded::CONTENT_TYPE)?;
        let handed = canonical::decode::<CrewHanded>(&signed.payload).ok()?;
        (handed.version == 1 && handed.sheet.is_whole()).then_some(handed)
    }

    /// After a start of the device a note has what the wall clock leaves it.
    pub(crate) fn resume_crew_notes(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        for row in self.device.crew_notes_of_before(now)? {
            let handed = self.open_crew_note(&row.sealed);
            let left = handed.map_or(0, |handed| handed.left(now.utc));
            if left == 0 {
                self.device.drop_crew_note(&row)?;
            } else {
                let gone_at = now.mono_ms.saturating_add(left);
                self.device
                    .count_crew_note_anew(&CrewNoteRow { gone_at, ..row }, now)?;
            }
        }
        self.count_crew_notes()?;
        self.wake_crew()
    }

    fn count_crew_notes(&mut self) -> Result<(), StoreError> {
        let rows = self.device.crew_notes(self.now)?;
        self.crew_notes.gone_at = rows.iter().map(|row| row.gone_at).min();
        Ok(())
    }

    pub(crate) fn crew_wakeup(&self) -> Option<u64> {
        let own = match &self.desk {
            Desk::Open(desk) => desk.crew.sheets.values().map(|row| row.gone_at).min(),
            Desk::Locked | Desk::Unlocking { .. } => None,
        };
        own.into_iter().chain(self.crew_notes.gone_at).min()
    }

    /// Takes off the screen and the disk what is over; an officer's own sheets wait for their unlock.
    pub(crate) fn wake_crew(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        if self.crew_wakeup().is_none_or(|at| at > now.mono_ms) {
            return Ok(());
        }
        for row in self.device.crew_notes(now)? {
            if row.gone_at <= now.mono_ms {
                self.device.drop_crew_note(&row)?;
            }
        }
        if let Some(desk) = self.desk() {
            desk.crew
                .offered
                .retain(|_, offered| offered.gone_at > now.mono_ms);
            let sheets = desk.crew.sheets.iter();
            let over = sheets.filter(|(_, row)| row.gone_at <= now.mono_ms);
            let over: Vec<InterventionId> = over.map(|(id, _)| *id).collect();
            for id in over {
                desk.store.drop_sheet(id)?;
                desk.crew.sheets.remove(&id);
            }
        }
        self.stale.home = true;
        self.count_crew_notes()
    }

    /// The sheets of the officer who unlocked; those of another start of the device have what the wall clock leaves them.
    pub(crate) fn open_sheets(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        let Some(desk) = self.desk() else { return Ok(()) };
        for mut row in desk.store.sheets()? {
            if row.boot != now.boot {
                let left = row.until.0.saturating_sub(now.utc.0).clamp(0, LONGEST_TERM);
                row.boot = now.boot;
                row.gone_at = now.mono_ms.saturating_add(left.unsigned_abs());
                desk.store.save_shared([], [&row])?;
            }
            desk.crew.sheets.insert(row.sheet.id, row);
        }
        self.wake_crew()?;
        self.read_crew_notes()?;
        self.tell_duty()
    }

    /// Takes in what came for the officer who is there.
    pub(crate) fn read_crew_notes(&mut self) -> Result<(), StoreError> {
        self.wake_crew()?;
        let Some(officer) = self.officer_id() else {
            return Ok(());
        };
        for row in self.device.crew_notes(self.now)? {
            if row.officer != officer {
                continue;
            }
            match self.open_crew_note(&row.sealed) {
                Some(handed) if handed.officer == officer => self.take_in_note(&row, handed)?,
                Some(_) | None => self.device.drop_crew_note(&row)?,
            }
        }
        self.count_crew_notes()?;
        self.tell_progress()
    }

    fn take_in_note(&mut self, row: &CrewNoteRow, handed: CrewHanded) -> Result<(), StoreError> {
        let id = handed.sheet.id;
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(service) = &desk.service else {
            return Ok(());
        };
        let (rides_along, service) = (service.crew.contains(&handed.by), service.id);
        match desk.crew.sheets.get(&id).cloned() {
            Some(own) if rides_along && own.service == service => {
                self.merge_sheet(own, &handed.sheet, row.gone_at)?;
            }
            // Begun with another crew, or its term is over here.
            None if rides_along && !desk.store.knows_intervention(id)? => {
                return self.offer_sheet(handed, row.gone_at);
            }
            Some(_) | None => {}
        }
        self.device.drop_crew_note(row)
    }

    fn offer_sheet(&mut self, handed: CrewHanded, gone_at: u64) -> Result<(), StoreError> {
        let (now, officer) = (self.now, self.officer_id());
        let id = handed.sheet.id;
        let Some(desk) = self.desk() else { return Ok(()) };
        if let Some(offered) = desk.crew.offered.get_mut(&id) {
            let before = offered.sheet.clone();
            offered.sheet.merge(&handed.sheet);
            offered.gone_at = offered.gone_at.max(gone_at);
            self.stale.home |= before != offered.sheet;
            return Ok(());
        }
        let shown = Operation::CrewSheetShown {
            intervention: id,
            by: handed.by,
        };
        // In the journal before it is on the screen.
        self.device.log(now, officer, shown)?;
        let sheet = handed.sheet;
        let is_over = sheet.is_over();
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.crew.offered.insert(id, Offered { sheet, gone_at });
        self.stale.home = true;
        if !is_over {
            self.show(View::Haptic(Haptic::Neutral));
            self.notice(Notice::CrewShares);
        }
        Ok(())
    }

    /// What the other wrote joins what the officer wrote; what both changed stands beside each other until one chooses.
    fn merge_sheet(&mut self, own: SheetRow, theirs: &CrewSheet, gone_at: u64) -> Result<(), StoreError> {
        let now = self.now;
        let id = own.sheet.id;
        let mut merged = own.clone();
        merged.sheet.merge(theirs);
        // Whoever told this lacks something of it.
        merged.untold |= merged.sheet != *theirs;
        end_within(&mut merged, gone_at.saturating_sub(now.mono_ms), &now);
        bound(&mut merged, &now);
        if merged == own {
            return Ok(());
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        let before = desk.store.intervention(id)?;
        let after = before.clone().map(|mut intervention| {
            merged.sheet.write(&mut intervention, merged.mine);
            intervention
        });
        let changed = merged.sheet != own.sheet;
        let told = after.iter().filter(|_| changed);
        desk.store.save_shared(told, [&merged])?;
        if let Some(after) = &after {
            desk.set_current(after);
        }
        let differing = merged.sheet.differing();
        let differs = differing
            .iter()
            .any(|point| !own.sheet.differing().contains(point));
        let is_open = after.as_ref().is_some_and(|after| after.closed.is_none());
        let closed = is_open && merged.sheet.is_over() && !own.sheet.is_over();
        desk.crew.sheets.insert(id, merged);
        self.passed(CommitPoint::CrewSheetKept);
        self.stale.home = true;
        let notice = if differs {
            Some(Notice::CrewDiffers)
        } else if closed {
            Some(Notice::CrewClosed)
        } else {
            (before != after).then_some(Notice::CrewChanged)
        };
        if let Some(notice) = notice {
            self.show(View::Haptic(Haptic::Neutral));
            self.notice(notice);
        }
        Ok(())
    }

    /// It becomes the current intervention here too, under the same id: acts hang from it from now on.
    pub(crate) fn join_intervention(&mut self, id: InterventionId) -> Result<(), StoreError> {
        self.wake_crew()?;
        let (now, officer) = (self.now, self.officer_id());
        let mine = CopyId::from_bytes(self.mint.id(now.utc));
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(service) = desk.service.as_ref().map(|service| service.id) else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let Some(offered) = desk.crew.offered.get(&id) else {
            return Ok(());
        };
        let pen = desk.pen(mine, now);
        let mut sheet = offered.sheet.clone();
        sheet.join(&pen);
        let gone_at = offered.gone_at;
        let Some(joined) = sheet.joined(service, mine) else {
            return Ok(());
        };
        let left = gone_at.saturating_sub(now.mono_ms);
        let row = SheetRow {
            service,
            mine,
            sheet,
            untold: true,
            until: now.utc.plus(i64::try_from(left).unwrap_or(LONGEST_TERM)),
            boot: now.boot,
            gone_at,
        };
        self.device
            .log(now, officer, Operation::CrewSheetJoined { intervention: id })?;
        self.begin(joined, Some(row))?;
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.crew.offered.remove(&id);
        // The notes that it came from are taken in.
        self.read_crew_notes()
    }
}

impl OpenDesk {
    pub(crate) fn pen(&self, copy: CopyId, now: Timestamp) -> Pen {
        Pen {
            copy,
            by: self.officer.matricule.clone(),
            now,
        }
    }
}
