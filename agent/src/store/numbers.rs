//! Act numbers: the ranges that HQ allotted, what is left of them, and what HQ says of those that went out.

use std::collections::BTreeMap;

use domain::ActNumber;
use domain::enrolment::NumberRange;
use rusqlite::{Connection, params};
use sync::wire::v1::{MAX_NOTES, NumberNote, NumberNotes};

use super::{DeviceStore, StoreError, failed, fixed, one, run, unreadable};

/// The setting with the sequence of the last note.
const NOTES: &str = "number-notes";

impl DeviceStore {
    /// Adds a range that HQ allotted; one that is there already changes nothing.
    pub fn add_range(&mut self, range: NumberRange) -> Result<(), StoreError> {
        if self.ranges()?.contains(&range) {
            return Ok(());
        }
        insert_range(&self.db, range)
    }

    /// Every range, by year and ascending.
    pub fn ranges(&self) -> Result<Vec<NumberRange>, StoreError> {
        ranges(&self.db)
    }

    /// The range that the next act of `year` takes its number from: the lowest of the year that is not used up. Before
    /// HQ has allotted any for the year, or when they are used up, what is left of the latest year before goes on.
    pub fn range_for(&self, year: u16) -> Result<Option<NumberRange>, StoreError> {
        let mut before = None;
        for range in self.ranges()? {
            if range.year > year || self.left_of(range)? == 0 {
                continue;
            }
            if range.year == year {
                return Ok(Some(range));
            }
            if before.is_none_or(|before: NumberRange| before.year < range.year) {
                before = Some(range);
            }
        }
        Ok(before)
    }

    /// How many numbers of `year` are left.
    pub fn numbers_left(&self, year: u16) -> Result<u32, StoreError> {
        let mut left = 0_u32;
        for range in self.ranges()?.into_iter().filter(|range| range.year == year) {
            left = left.saturating_add(self.left_of(range)?);
        }
        Ok(left)
    }

    fn left_of(&self, range: NumberRange) -> Result<u32, StoreError> {
        let highest = highest(&self.db, range)?;
        Ok(highest.map_or(range.count(), |highest| range.last.saturating_sub(highest)))
    }

    /// Numbers that were promised and that no act took: at most as many ranges as a hello carries, the latest ones.
    pub fn unused_numbers(&self) -> Result<Vec<NumberRange>, StoreError> {
        let mut unused: BTreeMap<u16, Vec<u32>> = BTreeMap::new();
        for number in self.given_up()? {
            unused.entry(number.year).or_default().push(number.serial);
        }
        let mut ranges = Vec::new();
        for (year, mut serials) in unused {
            serials.sort_unstable();
            ranges.extend(NumberRange::of(year, serials));
        }
        Ok(ranges.split_off(ranges.len().saturating_sub(MAX_NOTES)))
    }

    fn given_up(&self) -> Result<Vec<ActNumber>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT name FROM setting WHERE name LIKE 'unused/%'")
            .map_err(failed("number"))?;
        let rows = rows
            .query_map([], |row| row.get::<_, String>(0))
            .map_err(failed("number"))?;
        rows.map(|name| {
            let name = name.map_err(failed("number"))?;
            let mut parts = name.split('/').skip(1);
            let number = parts.next().zip(parts.next());
            let number = number.and_then(|(year, serial)| {
                Some(ActNumber {
                    year: year.parse().ok()?,
                    serial: serial.parse().ok()?,
                })
            });
            number.ok_or(StoreError::Unreadable { what: "number" })
        })
        .collect()
    }

    /// Whether the terminal knows why HQ has no act under `number`: nobody took it, an act that is
    /// being read has it, or HQ refused the act.
    pub fn explains(&self, number: ActNumber) -> Result<bool, StoreError> {
        let refused = one(
            &self.db,
            "number",
            "SELECT 1 FROM outbox WHERE year = ?1 AND serial = ?2 AND refusal IS NOT NULL",
            (number.year, number.serial),
            |_| Ok(()),
        )?;
        let unused = format!("unused/{}/{}", number.year, number.serial);
        let promised = self.promised_numbers()?.contains(&number);
        Ok(refused.is_some() || promised || self.setting(&unused)?.is_some())
    }

    /// The numbers of acts that do not exist yet: being read to those who sign them, or being signed.
    pub fn promised_numbers(&self) -> Result<Vec<ActNumber>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT year, serial FROM reservation WHERE serial IS NOT NULL")
            .map_err(failed("reservation"))?;
        let rows = rows
            .query_map([], |row| {
                Ok(ActNumber {
                    year: row.get(0)?,
                    serial: row.get(1)?,
                })
            })
            .map_err(failed("reservation"))?;
        rows.collect::<Result<_, _>>().map_err(failed("reservation"))
    }

    /// The sequence of the last of HQ's notes that was taken; 0 before the first.
    pub fn last_note(&self) -> Result<u64, StoreError> {
        let last = self.setting(NOTES)?;
        last.map_or(Ok(0), |bytes| fixed("number note", bytes).map(u64::from_be_bytes))
    }

    /// Takes the notes that follow the last one, in one commit; gives those that were taken. What was taken before, or
    /// leaves one out, changes nothing.
    pub fn take_notes(&mut self, message: &NumberNotes) -> Result<Vec<NumberNote>, StoreError> {
        let mut last = self.last_note()?;
        let tx = self.write("number note")?;
        let mut taken = Vec::new();
        for (offset, note) in (0..).zip(&message.notes) {
            let follows = last.checked_add(1);
            if follows.is_none() || message.first.checked_add(offset) != follows {
                continue;
            }
            last += 1;
            if let NumberNote::Granted(range) = note
                && !grant(&tx, *range)?
            {
                tracing::error!(
                    sequence = last,
                    "a range of numbers overlaps one that is here, and is not taken"
                );
                continue;
            }
            taken.push(*note);
        }
        run(
            &tx,
            "number note",
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
            params![NOTES, last.to_be_bytes().as_slice()],
        )?;
        tx.commit().map_err(failed("number note"))?;
        Ok(taken)
    }
}

/// False for a range that shares a number with another: one of the two is not what HQ means.
fn grant(db: &Connection, range: NumberRange) -> Result<bool, StoreError> {
    let known = ranges(db)?;
    let sound = range.count() > 0 && !known.iter().any(|known| known.overlaps(&range));
    if sound {
        insert_range(db, range)?;
    }
    Ok(sound)
}

fn ranges(db: &Connection) -> Result<Vec<NumberRange>, StoreError> {
    let mut rows = db
        .prepare_cached("SELECT year, first, last FROM number_range ORDER BY year, first")
        .map_err(failed("number range"))?;
    let rows = rows
        .query_map([], |row| {
            Ok(NumberRange {
                year: row.get(0)?,
                first: row.get(1)?,
                last: row.get(2)?,
            })
        })
        .map_err(failed("number range"))?;
    rows.map(|row| row.map_err(failed("number range"))).collect()
}

fn insert_range(db: &Connection, range: NumberRange) -> Result<(), StoreError> {
    run(
        db,
        "number range",
        "INSERT INTO number_range (year, first, last) VALUES (?1, ?2, ?3)",
        (range.year, range.first, range.last),
    )
    .map(drop)
}

/// The number after the highest of the range that was ever promised, so that a gap is a gap and never a second act.
pub(super) fn next_number(db: &Connection, range: NumberRange) -> Result<ActNumber, StoreError> {
    let serial = match highest(db, range)? {
        None => Some(range.first),
        Some(highest) => highest.checked_add(1),
    };
    let serial = serial.filter(|serial| *serial <= range.last);
    Ok(ActNumber {
        year: range.year,
        serial: serial.ok_or(StoreError::NumbersExhausted)?,
    })
}

/// The highest number of `range` that was ever promised.
fn highest(db: &Connection, range: NumberRange) -> Result<Option<u32>, StoreError> {
    let highest: Option<Option<i64>> = one(
        db,
        "number",
        "SELECT max(serial) FROM (
             SELECT max(serial) AS serial FROM outbox WHERE year = ?1 AND serial BETWEEN ?2 AND ?3
             UNION ALL
             SELECT max(serial) FROM reservation WHERE year = ?1 AND serial BETWEEN ?2 AND ?3
             UNION ALL
             SELECT max(given_up) FROM (
                 SELECT CAST(substr(name, length('unused/' || ?1 || '/') + 1) AS INTEGER) AS given_up
                 FROM setting WHERE name LIKE 'unused/' || ?1 || '/%')
             WHERE given_up BETWEEN ?2 AND ?3)",
        (range.year, range.first, range.last),
        |row| row.get(0),
    )?;
    let highest = highest.flatten();
    highest
        .map(|serial| u32::try_from(serial).map_err(unreadable("number")))
        .transpose()
}
