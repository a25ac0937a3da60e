//! What the operations centre proposes: taken once each, shown to who works here, and gone at its term whatever the clock
//! is set to. A reading of a plate is to be verified, and nothing here ever says that it is confirmed.

use std::collections::BTreeMap;

use domain::dialogue::{DispatchLine, Haptic, Notice, View};
use domain::intervention::{About, Dispatch, DispatchNote, Intervention, Origin, Standing};
use domain::journal::Operation;
use domain::{InterventionId, OfficerId, Timestamp, UnixMs, canonical};
use sync::wire::v1::{DispatchMessage, MAX_DISPATCH_NOTE};
use trust::cose::{self, Namespace};
use trust::seal;

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::{DispatchRow, StoreError};

/// HQ's clock as its last answer to a hello told it, carried on by the device's own: no setting of the wall clock moves it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct HqClock {
    told: UnixMs,
    mono_ms: u64,
}

impl HqClock {
    pub(crate) const fn told(told: UnixMs, now: &Timestamp) -> Self {
        Self {
            told,
            mono_ms: now.mono_ms,
        }
    }

    pub(crate) fn now(self, now: &Timestamp) -> UnixMs {
        let passed = now.mono_ms.saturating_sub(self.mono_ms);
        self.told.plus(i64::try_from(passed).unwrap_or(i64::MAX))
    }
}

/// Those that wait, by when they go.
#[derive(Default)]
pub(crate) struct Proposals {
    gone_at: BTreeMap<InterventionId, u64>,
}

impl Engine {
    /// HQ's signature on the message was checked; what it sealed is held against the command key.
    pub(crate) fn dispatch_message(&mut self, message: &DispatchMessage) -> Result<(), StoreError> {
        if message.device != self.enrolment.terminal.device {
            tracing::warn!("a proposal that is not for this terminal was dropped");
            return Ok(());
        }
        let taken = self.device.last_dispatch()?;
        if message.sequence <= taken {
            return Ok(());
        }
        if message.after > taken {
            tracing::info!(
                taken,
                after = message.after,
                "a proposal is missing; asking again"
            );
            self.say_hello_again(0);
            return Ok(());
        }
        // A broker may have held it: how much of it is left is known once HQ has told its clock, and its answer to the
        // hello on its way brings this again.
        let Some(clock) = self.hq_clock else {
            return Ok(());
        };
        let now = self.now;
        let opened = self.open_dispatch(&message.sealed);
        let row = opened
            .as_ref()
            .map(|(officer, dispatch)| DispatchRow {
                id: dispatch.id,
                officer: *officer,
                hit: dispatch.about.is_hit(),
                sealed: message.sealed.clone(),
                gone_at: now.mono_ms.saturating_add(dispatch.left(clock.now(&now))),
            })
            .filter(|row| row.gone_at > now.mono_ms);
        // One that HQ did not sign must not keep those after it waiting.
        self.device.take_dispatch(message.sequence, row.as_ref(), now)?;
        self.reload_proposals()?;
        let (Some(row), Some((_, dispatch))) = (row, opened) else {
            tracing::info!(
                sequence = message.sequence,
                "a proposal came too late or does not read"
            );
            return Ok(());
        };
        tracing::info!(sequence = message.sequence, hit = row.hit, "proposal taken");
        match self.officer_id() {
            Some(officer) if row.officer.is_none_or(|one| one == officer) => self.show_dispatch(dispatch),
            Some(_) => Ok(()),
            None => {
                self.show(View::Haptic(Haptic::Neutral));
                self.notice(Notice::DispatchWaits);
                Ok(())
            }
        }
    }

    /// What a note says, if HQ's command key signed it.
    fn open_dispatch(&self, sealed: &[u8]) -> Option<(Option<OfficerId>, Dispatch)> {
        let plain = seal::open(self.keys.identity(), sealed, MAX_DISPATCH_NOTE).ok()?;
        let note: DispatchNote = canonical::decode(&plain).ok()?;
        let signed = cose::parse(&note.dispatch)
            .ok()
            .filter(|signed| self.signed_by(signed, Namespace::Dispatch, &self.anchors.command))
            .filter(|signed| signed.content_type == Dispatch::CONTENT_TYPE)?;
        let dispatch = canonical::decode::<Dispatch>(&signed.payload).ok()?;
        (dispatch.version == 1).then_some((note.officer, dispatch))
    }

    fn show_dispatch(&mut self, dispatch: Dispatch) -> Result<(), StoreError> {
        let (id, officer) = (dispatch.id, self.officer_id());
        let shown = Operation::DispatchShown {
            dispatch: id,
            hit: dispatch.about.is_hit(),
        };
        // In the journal before it is on the screen.
        self.device.log(self.now, officer, shown)?;
        let (haptic, notice) = match &dispatch.about {
            About::Call { danger: true, .. } => (Haptic::Dangerous, Notice::CallProposed { danger: true }),
            About::Call { danger: false, .. } => (Haptic::Hit, Notice::CallProposed { danger: false }),
            // Felt like any answer: nobody has confirmed it.
            About::Hit { .. } => (Haptic::Neutral, Notice::ToVerify),
        };
        let Some(desk) = self.desk() else { return Ok(()) };
        desk.proposed.insert(id, dispatch);
        self.stale.home = true;
        self.show(View::Haptic(haptic));
        self.notice(notice);
        Ok(())
    }

    /// Shows the officer who is there what came in the pocket.
    pub(crate) fn read_dispatches(&mut self) -> Result<(), StoreError> {
        self.wake_dispatches()?;
        let Some(officer) = self.officer_id() else {
            return Ok(());
        };
        for row in self.device.dispatches(self.now)? {
            if row.officer.is_some_and(|one| one != officer) {
                continue;
            }
            // A stop between the two databases: it was taken already.
            let Some(desk) = self.desk() else { return Ok(()) };
            if desk.store.knows_intervention(row.id)? {
                self.device.drop_dispatch(row.id)?;
                continue;
            }
            match self.open_dispatch(&row.sealed) {
                Some((_, dispatch)) => self.show_dispatch(dispatch)?,
                None => self.device.drop_dispatch(row.id)?,
            }
        }
        self.reload_proposals()
    }

    /// After a start of the device no clock has counted: a reading goes, and a call has what the wall clock leaves it.
    pub(crate) fn resume_dispatches(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        for row in self.device.dispatches_of_before(now)? {
            let left = match self.open_dispatch(&row.sealed) {
                Some((_, dispatch)) if !row.hit => dispatch.left(now.utc),
                Some(_) | None => 0,
            };
            if left == 0 {
                self.device.drop_dispatch(row.id)?;
            } else {
                let gone_at = now.mono_ms.saturating_add(left);
                self.device
                    .count_dispatch_anew(&DispatchRow { gone_at, ..row }, now)?;
            }
        }
        self.reload_proposals()?;
        self.wake_dispatches()
    }

    fn reload_proposals(&mut self) -> Result<(), StoreError> {
        let rows = self.device.dispatches(self.now)?;
        self.proposals.gone_at = rows.into_iter().map(|row| (row.id, row.gone_at)).collect();
        Ok(())
    }

    /// Takes off the screen and the disk what is over.
    pub(crate) fn wake_dispatches(&mut self) -> Result<(), StoreError> {
        let now = self.now.mono_ms;
        let due = self
            .proposals
            .gone_at
            .iter()
            .filter(|(_, gone_at)| **gone_at <= now);
        let over: Vec<InterventionId> = due.map(|(id, _)| *id).collect();
        for id in over {
            self.forget_dispatch(id)?;
        }
        Ok(())
    }

    fn forget_dispatch(&mut self, id: InterventionId) -> Result<(), StoreError> {
        self.device.drop_dispatch(id)?;
        self.proposals.gone_at.remove(&id);
        if let Some(desk) = self.desk() {
            desk.proposed.remove(&id);
        }
        self.stale.home = true;
        Ok(())
    }

    pub(crate) fn dispatch_wakeup(&self) -> Option<u64> {
        self.proposals.gone_at.values().copied().min()
    }

    /// It becomes the current intervention; to a call the crew is on its way.
    pub(crate) fn take_dispatch(&mut self, id: InterventionId) -> Result<(), StoreError> {
        self.wake_dispatches()?;
        let (now, officer) = (self.now, self.officer_id());
        let Some(desk) = self.desk() else { return Ok(()) };
        let Some(dispatch) = desk.proposed.get(&id) else {
            return Ok(());
        };
        let Some(service) = &desk.service else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let about = &dispatch.about;
        let mut begun = Intervention::new(id, service.id, about.place().clone(), now);
        begun.matter = Some(about.matter().clone());
        match about {
            About::Call { number, .. } => {
                begun.origin = Origin::Pushed;
                begun.number = Some(number.clone());
                begun.en_route = Some(now);
            }
            About::Hit { plate, .. } => {
                begun.origin = Origin::Lapi;
                begun.plates = vec![plate.clone()];
            }
        }
        self.device
            .log(now, officer, Operation::DispatchTaken { dispatch: id })?;
        self.begin_intervention(begun)?;
        self.forget_dispatch(id)
    }

    /// The centre is told, and it is asked of nobody here again.
    pub(crate) fn decline_dispatch(&mut self, id: InterventionId) -> Result<(), StoreError> {
        let (now, officer) = (self.now, self.officer_id());
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.proposed.remove(&id).is_none() {
            return Ok(());
        }
        self.device
            .log(now, officer, Operation::DispatchDeclined { dispatch: id })?;
        self.state_progress(Standing::Declined { id, at: now })?;
        self.forget_dispatch(id)?;
        self.send_progress()
    }

    /// What the home screen shows, the first to go first.
    pub(crate) fn dispatch_lines(&self) -> Vec<DispatchLine> {
        let Desk::Open(desk) = &self.desk else {
            return Vec::new();
        };
        let mut lines: Vec<DispatchLine> = desk
            .proposed
            .values()
            .map(|dispatch| DispatchLine {
                dispatch: dispatch.id,
                at: dispatch.at,
                until: dispatch.until,
                about: dispatch.about.clone(),
            })
            .collect();
        lines.sort_by_key(|line| (line.until, line.dispatch));
        lines
    }
}
