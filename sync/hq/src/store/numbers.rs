//! Act numbers: ranges that never overlap, and numbers that are used once.

use domain::enrolment::NumberRange;
use domain::{ActNumber, DeviceId, EnvelopeId};

use super::{StoreError, Transaction};

impl Transaction<'_> {
    /// The range of `device` for `year`, or the next free one of `count` numbers (at least 1).
    ///
    /// `None` when the year has no such range left.
    pub fn allot(&self, device: &DeviceId, year: u16, count: u32) -> Result<Option<NumberRange>, StoreError> {
        if let Some(range) = self.range(device, year)? {
            return Ok(Some(range));
        }
        let sql = "SELECT max(last) FROM number_range WHERE year = ?1";
        let highest: Option<u32> = self
            .row(sql, [year], "read the number ranges", |row| row.get(0))?
            .flatten();
        let first = highest.unwrap_or(0).checked_add(1);
        let last = first.and_then(|first| first.checked_add(count.max(1) - 1));
        let (Some(first), Some(last)) = (first, last) else {
            return Ok(None);
        };
        self.execute(
            "INSERT INTO number_range (year, first, last, device) VALUES (?1, ?2, ?3, ?4)",
            (year, first, last, device.as_str()),
            "allot a number range",
        )?;
        Ok(Some(NumberRange { year, first, last }))
    }

    /// The range of `device` for `year`.
    pub fn range(&self, device: &DeviceId, year: u16) -> Result<Option<NumberRange>, StoreError> {
        self.row(
            "SELECT first, last FROM number_range WHERE device = ?1 AND year = ?2 ORDER BY first DESC LIMIT 1",
            (device.as_str(), year),
            "look up a number range",
            |row| {
                Ok(NumberRange {
                    year,
                    first: row.get(0)?,
                    last: row.get(1)?,
                })
            },
        )
    }

    /// Whether `number` is one of `device`'s and free.
    pub fn may_use(&self, device: &DeviceId, number: ActNumber) -> Result<bool, StoreError> {
        let owned = self.exists(
            "SELECT 1 FROM number_range WHERE device = ?1 AND year = ?2 AND ?3 BETWEEN first AND last",
            (device.as_str(), number.year, number.serial),
        )?;
        let used = self.exists(
            "SELECT 1 FROM number_used WHERE year = ?1 AND serial = ?2",
            (number.year, number.serial),
        )?;
        Ok(owned && !used)
    }

    pub fn use_number(&self, number: ActNumber, envelope: EnvelopeId) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO number_used (year, serial, envelope) VALUES (?1, ?2, ?3)",
            (number.year, number.serial, envelope.as_bytes()),
            "mark a number as used",
        )
    }
}
