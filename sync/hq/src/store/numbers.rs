//! Act numbers: ranges that never overlap, numbers that are used once, and what terminals are told of both.

use std::collections::BTreeSet;

use domain::enrolment::NumberRange;
use domain::{ActNumber, DeviceId, EnvelopeId, UnixMs, decode, encode};
use sync::wire::v1::{MAX_NOTES, NumberNote, NumberNotes};

use super::{StoreError, Transaction, signed, unsigned};

impl Transaction<'_> {
    /// What is left of the range of `device` for `year`, or the next free one of `count` numbers (at least 1).
    ///
    /// A terminal that is enrolled again begins behind the last number that came from it. `None` when the year has no
    /// such range left.
    pub fn allot(&self, device: &DeviceId, year: u16, count: u32) -> Result<Option<NumberRange>, StoreError> {
        let Some(range) = self.ranges(device, year)?.pop() else {
            return self.allot_more(device, year, count);
        };
        match self.highest_used(range)? {
            None => Ok(Some(range)),
            Some(last) if last == range.last => self.allot_more(device, year, count),
            Some(used) => Ok(Some(NumberRange {
                first: used + 1,
                ..range
            })),
        }
    }

    /// The next free range of `count` numbers (at least 1), whatever `device` has already.
    pub fn allot_more(
        &self,
        device: &DeviceId,
        year: u16,
        count: u32,
    ) -> Result<Option<NumberRange>, StoreError> {
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

    /// The ranges of `device` for `year`, ascending.
    pub fn ranges(&self, device: &DeviceId, year: u16) -> Result<Vec<NumberRange>, StoreError> {
        let doing = "look up number ranges";
        let firsts: Vec<u32> = self.column(
            "SELECT first FROM number_range WHERE device = ?1 AND year = ?2 ORDER BY first",
            (device.as_str(), year),
            doing,
        )?;
        let lasts: Vec<u32> = self.column(
            "SELECT last FROM number_range WHERE device = ?1 AND year = ?2 ORDER BY first",
            (device.as_str(), year),
            doing,
        )?;
        let ranges = firsts.into_iter().zip(lasts);
        Ok(ranges
            .map(|(first, last)| NumberRange { year, first, last })
            .collect())
    }

    /// The range that `device` was allotted last.
    pub fn latest_range(&self, device: &DeviceId) -> Result<Option<NumberRange>, StoreError> {
        self.row(
            "SELECT year, first, last FROM number_range WHERE device = ?1 ORDER BY year DESC, first DESC LIMIT 1",
            [device.as_str()],
            "look up a number range",
            |row| {
                Ok(NumberRange {
                    year: row.get(0)?,
                    first: row.get(1)?,
                    last: row.get(2)?,
                })
            },
        )
    }

    /// How many numbers the range has that `device` was allotted last.
    pub fn last_allotted(&self, device: &DeviceId) -> Result<Option<u32>, StoreError> {
        self.row(
            "SELECT last - first + 1 FROM number_range WHERE device = ?1 ORDER BY year DESC, first DESC LIMIT 1",
            [device.as_str()],
            "look up a number range",
            |row| row.get(0),
        )
    }

    /// The highest number of `range` that an act has.
    pub fn highest_used(&self, range: NumberRange) -> Result<Option<u32>, StoreError> {
        let highest: Option<Option<u32>> = self.row(
            "SELECT max(serial) FROM number_used WHERE year = ?1 AND serial BETWEEN ?2 AND ?3",
            (range.year, range.first, range.last),
            "look up the numbers used",
            |row| row.get(0),
        )?;
        Ok(highest.flatten())
    }

    /// Whether `number` is one of `device`'s and free.
    pub fn may_use(&self, device: &DeviceId, number: ActNumber) -> Result<bool, StoreError> {
        let owned = self.owns(device, number)?;
        let used = self.exists(
            "SELECT 1 FROM number_used WHERE year = ?1 AND serial = ?2",
            (number.year, number.serial),
        )?;
        Ok(owned && !used)
    }

    fn owns(&self, device: &DeviceId, number: ActNumber) -> Result<bool, StoreError> {
        self.exists(
            "SELECT 1 FROM number_range WHERE device = ?1 AND year = ?2 AND ?3 BETWEEN first AND last",
            (device.as_str(), number.year, number.serial),
        )
    }

    pub fn use_number(&self, number: ActNumber, envelope: EnvelopeId) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO number_used (year, serial, envelope) VALUES (?1, ?2, ?3)",
            (number.year, number.serial, envelope.as_bytes()),
            "mark a number as used",
        )
    }

    /// Believes `device` that it gave these numbers up, as far as they are its own.
    pub fn keep_unused(&self, device: &DeviceId, given_up: NumberRange) -> Result<(), StoreError> {
        let own = self.ranges(device, given_up.year)?;
        for range in own.iter().filter(|range| range.overlaps(&given_up)) {
            for serial in range.first.max(given_up.first)..=range.last.min(given_up.last) {
                self.execute(
                    "INSERT INTO number_unused (year, serial, device) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
                    (range.year, serial, device.as_str()),
                    "keep an unused number",
                )?;
            }
        }
        Ok(())
    }

    /// Numbers of `range` below one that came before `before`, under which nothing came and which nobody gave up.
    pub fn missing(&self, range: NumberRange, before: UnixMs) -> Result<Vec<NumberRange>, StoreError> {
        let doing = "look for missing numbers";
        let highest: Option<u32> = self.row(
            "SELECT serial FROM number_used JOIN envelope ON id = envelope
             WHERE year = ?1 AND serial BETWEEN ?2 AND ?3 AND received_at < ?4 ORDER BY serial DESC LIMIT 1",
            (range.year, range.first, range.last, before.0),
            doing,
            |row| row.get(0),
        )?;
        let Some(highest) = highest else {
            return Ok(Vec::new());
        };
        let known = "SELECT serial FROM number_used WHERE year = ?1 AND serial BETWEEN ?2 AND ?3
                     UNION SELECT serial FROM number_unused WHERE year = ?1 AND serial BETWEEN ?2 AND ?3";
        let within = (range.year, range.first, highest);
        let counted: Option<u32> = self.row(
            &format!("SELECT count(*) FROM ({known}) AS known"),
            within,
            doing,
            |row| row.get(0),
        )?;
        if counted == Some(highest - range.first + 1) {
            return Ok(Vec::new());
        }
        let known: BTreeSet<u32> = self.column(known, within, doing)?.into_iter().collect();
        let missing = (range.first..=highest).filter(|serial| !known.contains(serial));
        Ok(NumberRange::of(range.year, missing))
    }

    /// Adds to what `device` is told, unless it was told the same before; whether it was added.
    pub fn note(&self, device: &DeviceId, note: NumberNote, now: UnixMs) -> Result<bool, StoreError> {
        let bytes = encode(&note);
        let told = "SELECT 1 FROM number_note WHERE device = ?1 AND note = ?2";
        if self.exists(told, (device.as_str(), &bytes))? {
            return Ok(false);
        }
        // A store put back to an older copy counts on from what the terminal has, or its word would never be taken.
        let last = self.last_note(device)?.max(self.said_notes(device)?.unwrap_or(0));
        self.execute(
            "INSERT INTO number_note (device, sequence, note, at) VALUES (?1, ?2, ?3, ?4)",
            (device.as_str(), signed(last + 1), bytes, now.0),
            "write a number note",
        )?;
        Ok(true)
    }

    /// The sequence of the last note for `device`; 0 before the first.
    pub fn last_note(&self, device: &DeviceId) -> Result<u64, StoreError> {
        let last: Option<Option<i64>> = self.row(
            "SELECT max(sequence) FROM number_note WHERE device = ?1",
            [device.as_str()],
            "look up number notes",
            |row| row.get(0),
        )?;
        unsigned(last.flatten().unwrap_or(0), "number note")
    }

    /// Everything that `device` was ever told.
    pub fn notes(&self, device: &DeviceId) -> Result<Vec<NumberNote>, StoreError> {
        self.read_notes(device, 0, u32::MAX)
    }

    /// The next message for `device`, which has the notes up to `sequence`; none when it has them all.
    pub fn notes_after(&self, device: &DeviceId, sequence: u64) -> Result<Option<NumberNotes>, StoreError> {
        let most = u32::try_from(MAX_NOTES).unwrap_or(u32::MAX);
        let notes = self.read_notes(device, sequence, most)?;
        Ok((!notes.is_empty()).then(|| NumberNotes {
            version: 1,
            device: device.clone(),
            first: sequence.saturating_add(1),
            notes,
        }))
    }

    fn read_notes(&self, device: &DeviceId, after: u64, most: u32) -> Result<Vec<NumberNote>, StoreError> {
        let notes: Vec<Vec<u8>> = self.column(
            "SELECT note FROM number_note WHERE device = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
            (device.as_str(), signed(after), most),
            "read number notes",
        )?;
        let notes = notes.iter();
        notes
            .map(|note| decode(note).map_err(|_| StoreError::Corrupt { what: "number note" }))
            .collect()
    }

    /// Keeps what a terminal said of itself; `None` for what its program does not know.
    pub fn keep_said(
        &self,
        device: &DeviceId,
        reference: Option<u64>,
        notes: Option<u64>,
        visas: Option<u64>,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO said (device, reference, notes, visas) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (device) DO UPDATE
             SET reference = excluded.reference, notes = excluded.notes, visas = excluded.visas
             WHERE said.reference IS DISTINCT FROM excluded.reference OR said.notes IS DISTINCT FROM excluded.notes
                OR said.visas IS DISTINCT FROM excluded.visas",
            (
                device.as_str(),
                reference.map(signed),
                notes.map(signed),
                visas.map(signed),
            ),
            "keep what a terminal said",
        )
    }

    /// The highest note that `device` has said to have; `None` for a program that takes none.
    pub fn said_notes(&self, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        self.said("SELECT notes FROM said WHERE device = ?1", device)
    }

    /// The serial of the newest reference set that `device` has said to have.
    pub fn said_reference(&self, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        self.said("SELECT reference FROM said WHERE device = ?1", device)
    }

    /// The highest visa note that `device` has said to have; `None` for a program that takes none.
    pub fn said_visas(&self, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        self.said("SELECT visas FROM said WHERE device = ?1", device)
    }

    fn said(&self, sql: &str, device: &DeviceId) -> Result<Option<u64>, StoreError> {
        let said: Option<Option<i64>> =
            self.row(sql, [device.as_str()], "look up what a terminal said", |row| {
                row.get(0)
            })?;
        said.flatten().map(|said| unsigned(said, "serial")).transpose()
    }
}
