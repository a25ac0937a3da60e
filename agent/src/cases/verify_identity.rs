//! The vérification d'identité (78-3 CPP), begun from the check that left the identity open; and the hours that run for
//! it, for an arrest and for a licence, watched to the last minute whether anybody is at work or not.

use std::collections::BTreeMap;

use domain::ActId;
use domain::dialogue::{Notice, RetentionLine};
use domain::draft::Draft;
use domain::record::ActKind;
use domain::verification::{Clock, Counted, Stage, Verification};

use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::{DeviceStore, StoreError};

const MINUTE: i64 = 60_000;
/// A retention whose end nobody wrote down is not shown for longer than this after the latest that the law allows.
const FORGOTTEN_AFTER: i64 = 24 * 60 * MINUTE;

/// The retentions that run.
#[derive(Default)]
pub(crate) struct Watching {
    clocks: BTreeMap<ActId, Watched>,
    /// When they are looked at next, on the device's clock.
    due: Option<u64>,
}

#[derive(Clone, Copy)]
struct Watched {
    clock: Clock,
    /// The stage that the officer was told of.
    told: Stage,
}

impl Watched {
    /// Nothing was told yet; half an hour in which rights are told at once begins with nothing to tell.
    fn of(clock: Clock) -> Self {
        let told = match clock.counted {
            Counted::CustodyNotice => Stage::HalfHour,
            Counted::Verification | Counted::Custody | Counted::Licence => Stage::Running,
        };
        Self { clock, told }
    }
}

impl Watching {
    /// Those that ran when the terminal stopped; what is due is told again.
    pub(crate) fn open(device: &DeviceStore) -> Result<Self, StoreError> {
        let clocks: BTreeMap<ActId, Watched> = device
            .retentions()?
            .into_iter()
            .map(|(act, clock)| (act, Watched::of(clock)))
            .collect();
        let due = (!clocks.is_empty()).then_some(0);
        Ok(Self { clocks, due })
    }
}

impl Engine {
    pub(crate) fn verify(&mut self, check: ActId, id: Option<ActId>) -> Result<(), StoreError> {
        let now = self.now;
        let id = id.unwrap_or_else(|| Verification::act_id(check));
        if self.device.row_of(id)?.is_some() {
            return self.open_draft(id);
        }
        let Some(desk) = self.desk() else { return Ok(()) };
        if desk.service.is_none() {
            self.notice(Notice::NoService);
            return Ok(());
        }
        if desk.store.draft(id)?.is_none() {
            let begun = self.draft_or_signed(check)?;
            let Some(begun) = begun.filter(|draft| draft.kind == ActKind::IdentityCheck) else {
                return Ok(());
            };
            let draft = begun.verification(id, now);
            if let Some(desk) = self.desk() {
                desk.store.save_draft(&draft, now)?;
            }
            self.watch_retention(&draft)?;
        }
        self.open_draft(id)
    }

    /// Follows what the form says of the hours that run: their start, where it is, and that they are over.
    pub(crate) fn watch_retention(&mut self, draft: &Draft) -> Result<(), StoreError> {
        if !matches!(draft.kind, ActKind::Verification | ActKind::Pv) {
            return Ok(());
        }
        self.set_retention(draft.id, draft.retention(&self.now))
    }

    /// `act` is signed: nobody is held for it any more, and a licence is until the prefect decides.
    pub(crate) fn sign_retention(&mut self, act: ActId) -> Result<(), StoreError> {
        let kept = self.watching.clocks.get(&act);
        if kept.is_some_and(|watched| watched.clock.counted == Counted::Licence) {
            return Ok(());
        }
        self.forget_retention(act)
    }

    /// Nobody is held any more for `act`.
    pub(crate) fn forget_retention(&mut self, act: ActId) -> Result<(), StoreError> {
        self.set_retention(act, None)
    }

    fn set_retention(&mut self, act: ActId, clock: Option<Clock>) -> Result<(), StoreError> {
        let kept = self.watching.clocks.get(&act).copied();
        if kept.map(|watched| watched.clock) == clock {
            return Ok(());
        }
        self.device.keep_retention(act, clock.as_ref())?;
        match clock {
            Some(clock) => {
                // Another start or another place is another end, of which nothing was told.
                self.watching.clocks.insert(act, Watched::of(clock));
            }
            None => {
                self.watching.clocks.remove(&act);
            }
        }
        self.stale.home = true;
        self.look_at_retentions()
    }

    /// Tells what the passing minutes brought.
    fn look_at_retentions(&mut self) -> Result<(), StoreError> {
        let now = self.now;
        let mut told = Vec::new();
        let mut forgotten = Vec::new();
        for (&draft, watched) in &mut self.watching.clocks {
            let left = watched.clock.left_ms(&now);
            if left < -FORGOTTEN_AFTER {
                forgotten.push(draft);
                continue;
            }
            let stage = watched.clock.stage(&now);
            if stage > watched.told {
                watched.told = stage;
                let counted = watched.clock.counted;
                let minutes = u16::try_from(left.abs() / MINUTE).unwrap_or(u16::MAX);
                told.push(match stage {
                    Stage::Over if counted != Counted::Verification => Notice::HoursOver { draft, counted },
                    Stage::Running | Stage::Hour | Stage::HalfHour | Stage::TenMinutes
                        if counted != Counted::Verification =>
                    {
                        Notice::HoursNear {
                            draft,
                            counted,
                            minutes,
                        }
                    }
                    Stage::Running | Stage::Hour | Stage::HalfHour | Stage::TenMinutes => {
                        Notice::RetentionNears { draft, minutes }
                    }
                    Stage::Over => Notice::RetentionOver { draft, minutes },
                });
            }
        }
        for act in forgotten {
            tracing::warn!(%act, "the end of a retention was never written down");
            self.device.keep_retention(act, None)?;
            self.watching.clocks.remove(&act);
        }
        for notice in told {
            self.notice(notice);
        }
        let next = |watched: &Watched| watched.clock.next_minute_ms(&now);
        let next = self.watching.clocks.values().map(next).min();
        self.watching.due = next.map(|ms| now.mono_ms + u64::try_from(ms).unwrap_or(0));
        Ok(())
    }

    pub(crate) fn wake_retentions(&mut self) -> Result<(), StoreError> {
        if self.watching.due.is_none_or(|due| due > self.now.mono_ms) {
            return Ok(());
        }
        self.stale.home = true;
        if let Desk::Open(desk) = &self.desk {
            let shown = desk.current.filter(|act| self.watching.clocks.contains_key(act));
            self.stale.draft |= shown.is_some();
        }
        self.look_at_retentions()
    }

    pub(crate) const fn retention_wakeup(&self) -> Option<u64> {
        self.watching.due
    }

    /// Who is held, the nearest end first.
    pub(crate) fn retention_lines(&self) -> Vec<RetentionLine> {
        let line = |(act, watched): (&ActId, &Watched)| RetentionLine::of(*act, &watched.clock, &self.now);
        let mut lines: Vec<RetentionLine> = self.watching.clocks.iter().map(line).collect();
        lines.sort_by_key(|line| line.left_min);
        lines
    }
}
