//! What is published and not yet acknowledged: a window that slides on its oldest member, not a count.
//!
//! The client library reuses packet ids in a ring, so that one early publish without acknowledgement must hold back
//! the late ones whatever came back in between.

use std::collections::BTreeMap;

use domain::{EnvelopeId, QueryId};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flight {
    Record(EnvelopeId),
    Query(QueryId),
    /// A piece of the journal; there is one at a time.
    Journal,
}

#[derive(Debug, Default)]
pub(super) struct Window {
    width: usize,
    /// How many were launched since the restart.
    launched: u64,
    /// By number of launch: what, and when.
    up: BTreeMap<u64, (Flight, u64)>,
}

impl Window {
    /// Forgets every flight; with a width of 0 nothing is launched.
    pub(super) fn restart(&mut self, width: usize) {
        *self = Self {
            width,
            ..Self::default()
        };
    }

    pub(super) fn is_open(&self) -> bool {
        let oldest = self.up.keys().next().copied().unwrap_or(self.launched);
        usize::try_from(self.launched - oldest).is_ok_and(|span| span < self.width)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.up.is_empty()
    }

    pub(super) fn launch(&mut self, flight: Flight, now: u64) {
        self.up.insert(self.launched, (flight, now));
        self.launched += 1;
    }

    /// Whether `flight` was up.
    pub(super) fn land(&mut self, flight: Flight) -> bool {
        let number = self
            .up
            .iter()
            .find(|(_, (known, _))| *known == flight)
            .map(|(number, _)| *number);
        number.is_some_and(|number| self.up.remove(&number).is_some())
    }

    /// When the oldest flight was launched.
    pub(super) fn oldest(&self) -> Option<u64> {
        self.up.values().next().map(|(_, since)| *since)
    }
}
