//! Where the terminal is: one position, kept while an officer is on duty or HQ's lock says that the terminal is lost, and
//! told to HQ on a signed order alone.
//!
//! There is no track: a newer position takes the place of the one before, and the end of the service forgets it. An
//! officer is told of each location until they have read it.

use domain::dialogue::Notice;
use domain::orders::Ban;
use domain::place::{Fix, Position};

use crate::engine::Engine;
use crate::store::StoreError;

/// How often a position is written down, in milliseconds: what a restart may lose.
const EVERY: u64 = 60_000;

/// For how long a position is where the terminal is, in milliseconds: a walk around the car.
const HERE: u64 = 120_000;

/// The last position, and when it was written down on the device's clock.
#[derive(Default)]
pub(crate) struct Whereabouts {
    last: Option<Fix>,
    written: Option<u64>,
}

impl Whereabouts {
    /// Of this start of the program alone.
    pub(crate) const fn last(&self) -> Option<Fix> {
        self.last
    }
}

impl Engine {
    /// The platform states a position; off duty it is not even kept in memory.
    pub(crate) fn position(&mut self, fix: Fix) -> Result<(), StoreError> {
        if self.ban != Some(Ban::Locked) && !self.device.is_on_duty()? {
            return Ok(());
        }
        self.whereabouts.last = Some(fix);
        // What a réquisition says of the place may have changed.
        self.stale.draft |= self.is_unlocked();
        let due = self
            .whereabouts
            .written
            .is_none_or(|written| self.now.mono_ms >= written.saturating_add(EVERY));
        if due {
            self.device.keep_position(&fix)?;
            self.whereabouts.written = Some(self.now.mono_ms);
        }
        Ok(())
    }

    pub(crate) fn last_position(&self) -> Result<Option<Fix>, StoreError> {
        match self.whereabouts.last {
            Some(fix) => Ok(Some(fix)),
            None => self.device.last_position(),
        }
    }

    /// Where the terminal is now; none where the platform has not said it since the device started, or a while ago.
    pub(crate) fn position_here(&self) -> Result<Option<Position>, StoreError> {
        let fix = self.last_position()?;
        let is_new = |fix: &Fix| {
            fix.at.boot == self.now.boot && self.now.mono_ms.saturating_sub(fix.at.mono_ms) <= HERE
        };
        Ok(fix.filter(is_new).map(|fix| fix.position))
    }

    pub(crate) fn forget_position(&mut self) -> Result<(), StoreError> {
        self.whereabouts = Whereabouts::default();
        self.device.forget_position()
    }

    /// Tells the officer at work of locations that nobody has read.
    pub(crate) fn tell_located(&mut self) -> Result<(), StoreError> {
        if !self.is_unlocked() {
            return Ok(());
        }
        let (times, last) = self.device.unread_locations()?;
        if let Some(utc) = last {
            let at = domain::Timestamp { utc, ..self.now };
            self.notice(Notice::Located { times, at });
        }
        Ok(())
    }

    pub(crate) fn located_seen(&mut self) -> Result<(), StoreError> {
        if self.is_unlocked() {
            self.device.locations_read()?;
        }
        Ok(())
    }
}
