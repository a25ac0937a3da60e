//! Act numbers from HQ: ranges before the last is used up, and its word on numbers that are missing or there twice.

use domain::ActNumber;
use domain::canonical;
use domain::dialogue::Notice;
use domain::enrolment::NumberRange;
use sync::wire::v1::{NumberNote, NumberNotes, NumbersHeld};

use crate::engine::Engine;
use crate::store::StoreError;

/// The officer is told when no more than so many are left; HQ refills well before, where there is a network.
const LOW: [u32; 2] = [50, 10];
/// A report of more numbers than this is told as it came, without a look at each.
const LOOKED_AT: u32 = 10_000;

impl Engine {
    /// Notes that HQ's command key signed.
    pub(crate) fn number_notes(&mut self, payload: &[u8]) -> Result<(), StoreError> {
        let notes = canonical::decode::<NumberNotes>(payload)
            .ok()
            .filter(|notes| notes.version == 1 && notes.device == self.enrolment.terminal.device);
        let Some(notes) = notes else {
            tracing::warn!("number notes that are not for this terminal were dropped");
            return Ok(());
        };
        for note in self.device.take_notes(&notes)? {
            match note {
                NumberNote::Granted(range) => {
                    tracing::info!(first = %range.first_number(), last = %range.last_number(), "numbers allotted");
                }
                NumberNote::Missing(range) => self.tell_missing(range)?,
                NumberNote::Twice(number) => self.notice(Notice::NumberTwice { number }),
            }
        }
        Ok(())
    }

    /// What the terminal can explain is no news to its officer.
    fn tell_missing(&mut self, range: NumberRange) -> Result<(), StoreError> {
        let mut unexplained = vec![range];
        if range.count() <= LOOKED_AT {
            let mut serials = Vec::new();
            for serial in range.first..=range.last {
                let year = range.year;
                if !self.device.explains(ActNumber { year, serial })? {
                    serials.push(serial);
                }
            }
            unexplained = NumberRange::of(range.year, serials);
        }
        for range in unexplained {
            self.notice(Notice::NumbersMissing {
                first: range.first_number(),
                last: range.last_number(),
            });
        }
        Ok(())
    }

    /// The year on the officer's calendar, which numbers are of.
    pub(crate) fn number_year(&self) -> u16 {
        u16::try_from(self.now.local().year()).unwrap_or(self.enrolment.numbers.year)
    }

    /// The range of the next number; a range that is used up where there is no other.
    pub(crate) fn number_range(&self) -> Result<NumberRange, StoreError> {
        let range = self.device.range_for(self.number_year())?;
        Ok(range.unwrap_or(self.enrolment.numbers))
    }

    /// How many numbers are left, whatever year they are of.
    pub(crate) fn numbers_left(&self) -> Result<u32, StoreError> {
        let range = self.number_range()?;
        self.device.numbers_left(range.year)
    }

    /// Alarms the officer, once at each threshold.
    pub(crate) fn tell_low_numbers(&mut self, before: u32) -> Result<(), StoreError> {
        let left = self.numbers_left()?;
        if LOW.iter().any(|low| left <= *low && *low < before) {
            self.notice(Notice::NumbersLow { left });
        }
        Ok(())
    }

    /// What a hello says of numbers.
    pub(crate) fn numbers_held(&self) -> Result<NumbersHeld, StoreError> {
        let year = self.number_year();
        Ok(NumbersHeld {
            notes: self.device.last_note()?,
            year,
            left: self.device.numbers_left(year)?,
            unused: self.device.unused_numbers()?,
        })
    }
}
