//! Act numbers: refilled before a terminal runs out, and missed when they never come.

use domain::enrolment::NumberRange;
use domain::envelope::Lane;
use domain::{ActNumber, DeviceId, UnixMs, encode};
use sync::wire::v1::{Hello, NUMBERS, NumberNote, NumberNotes, NumbersHeld};
use sync::{DownLane, Topic};
use trust::cose::Namespace;

use super::Outgoing;
use super::desk::Desk;
use crate::pki::Pki;
use crate::store::StoreError;

/// The fewest numbers in a refill.
const SMALLEST_REFILL: u32 = 100;
/// A refill comes before so few are left, so that a terminal on the network never alarms its officer.
const LOWEST: u32 = 60;
/// Numbers may be out that HQ has not seen come back: so many refills, whatever a terminal says.
const REFILLS_OUT: u32 = 4;
/// How long a number may be behind a later one before it is missed.
pub(super) const DELAY_MS: i64 = 3_600_000;
/// Ranges of missing numbers that one hello brings up.
const MISSED_AT_ONCE: usize = 16;

impl Desk<'_> {
    /// What a terminal's word on its numbers leads to: notes that its next message carries.
    pub(super) fn settle_numbers(&self, hello: &Hello, held: &NumbersHeld) -> Result<(), StoreError> {
        for range in &held.unused {
            self.transaction.keep_unused(self.device, *range)?;
        }
        let (this_year, next_year) = years(self.now);
        for year in std::iter::once(this_year).chain(next_year) {
            self.refill(year, Some(held))?;
        }
        if is_empty(hello) {
            for year in [this_year.saturating_sub(1), this_year] {
                self.miss(year)?;
            }
        }
        Ok(())
    }

    /// Refills behind an act that came; whether there is something to tell.
    pub(super) fn refill_behind(&self, number: ActNumber) -> Result<bool, StoreError> {
        if self.transaction.said_notes(self.device)?.is_none() {
            return Ok(false);
        }
        self.refill(number.year, None)
    }

    fn refill(&self, year: u16, held: Option<&NumbersHeld>) -> Result<bool, StoreError> {
        let ranges = self.transaction.ranges(self.device, year)?;
        let size = self
            .transaction
            .last_allotted(self.device)?
            .unwrap_or(0)
            .max(SMALLEST_REFILL);
        let mut out = 0_u32;
        for range in &ranges {
            let used = self.transaction.highest_used(*range)?;
            let rest = used.map_or(range.count(), |used| range.last - used);
            out = out.saturating_add(rest);
        }
        // A terminal that has not taken its last range yet does not count it.
        let has_all = |held: &&NumbersHeld| -> Result<bool, StoreError> {
            Ok(held.year == year && held.notes >= self.transaction.last_note(self.device)?)
        };
        let left = match held {
            Some(held) if has_all(&held)? => held.left.min(out),
            Some(_) | None => out,
        };
        let is_low = left <= (size / 4).max(LOWEST);
        if !ranges.is_empty() && (!is_low || out > size.saturating_mul(REFILLS_OUT - 1)) {
            return Ok(false);
        }
        let Some(range) = self.transaction.allot_more(self.device, year, size)? else {
            tracing::error!(device = %self.device, year, "no act numbers are left");
            return Ok(false);
        };
        tracing::info!(device = %self.device, year, count = range.count(), "numbers allotted");
        self.transaction
            .note(self.device, NumberNote::Granted(range), self.now)
    }

    /// Notes the numbers of `year` that never came, once.
    fn miss(&self, year: u16) -> Result<(), StoreError> {
        let before = self.now.plus(-DELAY_MS);
        let mut missing = Vec::new();
        for range in self.transaction.ranges(self.device, year)? {
            missing.extend(self.transaction.missing(range, before)?);
        }
        if missing.is_empty() {
            return Ok(());
        }
        let told: Vec<NumberRange> = self
            .transaction
            .notes(self.device)?
            .into_iter()
            .filter_map(|note| match note {
                NumberNote::Missing(range) => Some(range),
                NumberNote::Granted(_) | NumberNote::Twice(_) => None,
            })
            .collect();
        let untold = missing
            .into_iter()
            .flat_map(|range| NumberRange::of(year, untold(range, &told)));
        for range in untold.take(MISSED_AT_ONCE) {
            tracing::warn!(device = %self.device, first = %range.first_number(), last = %range.last_number(), "numbers never came");
            self.transaction
                .note(self.device, NumberNote::Missing(range), self.now)?;
        }
        Ok(())
    }
}

/// The serials of `range` that were not told before.
fn untold<'a>(range: NumberRange, told: &'a [NumberRange]) -> impl Iterator<Item = u32> + 'a {
    (range.first..=range.last).filter(move |serial| {
        let number = ActNumber {
            year: range.year,
            serial: *serial,
        };
        !told.iter().any(|told| told.contains(number))
    })
}

/// Whether nothing waits on the terminal: what has not come by now is not on its way.
fn is_empty(hello: &Hello) -> bool {
    hello.lanes.len() == Lane::ALL.len() && hello.lanes.iter().all(|lane| lane.queued == 0)
}

/// The year, and in December the one that terminals may reach without network.
fn years(now: UnixMs) -> (u16, Option<u16>) {
    let today = now.civil(0).date();
    let year = u16::try_from(today.year()).unwrap_or(0);
    (year, (today.month() == 12).then_some(year.saturating_add(1)))
}

/// The signed message on the terminal's topic of orders.
pub(super) fn told(pki: &Pki, device: &DeviceId, notes: &NumberNotes) -> Outgoing {
    Outgoing {
        topic: Topic::Down(device.clone(), DownLane::Cmd),
        payload: pki.command().sign(Namespace::Order, NUMBERS, &encode(notes)),
    }
}
