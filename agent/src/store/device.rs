//! `device.db`: usable while the officer's database is closed, so that sync, terms and orders work in the pocket.

use std::path::Path;

use domain::enrolment::NumberRange;
use domain::envelope::Lane;
use domain::journal::Operation;
use domain::record::ActKind;
use domain::{ActId, ActNumber, Digest, JournalId, OfficerId, Timestamp, UnixMs};
use rusqlite::{Connection, OptionalExtension, Transaction, TransactionBehavior, params};

use zeroize::Zeroizing;

use super::journal::append;
use super::numbers::next_number;
use super::open::{self, Check, Existing};
use super::{OpenError, RawKey, StoreError, failed, fixed, one, run, unreadable};

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/device/0001_terminal.sql"),
    include_str!("../../migrations/device/0002_reference_and_numbers.sql"),
    include_str!("../../migrations/device/0003_visas.sql"),
    include_str!("../../migrations/device/0004_orders.sql"),
    include_str!("../../migrations/device/0005_journal_tree.sql"),
    include_str!("../../migrations/device/0006_snapshots.sql"),
    include_str!("../../migrations/device/0007_order_reports.sql"),
    include_str!("../../migrations/device/0008_profile.sql"),
    include_str!("../../migrations/device/0009_reference_kinds.sql"),
    include_str!("../../migrations/device/0010_hotlists.sql"),
    include_str!("../../migrations/device/0011_questions.sql"),
    include_str!("../../migrations/device/0012_shared_answers.sql"),
    include_str!("../../migrations/device/0013_confirmations.sql"),
    include_str!("../../migrations/device/0014_persons.sql"),
    include_str!("../../migrations/device/0015_alerts.sql"),
    include_str!("../../migrations/device/0016_suivi.sql"),
    include_str!("../../migrations/device/0017_dispatches.sql"),
    include_str!("../../migrations/device/0018_crew.sql"),
    include_str!("../../migrations/device/0019_recordings.sql"),
    include_str!("../../migrations/device/0020_view_keys.sql"),
    include_str!("../../migrations/device/0021_camera_events.sql"),
    include_str!("../../migrations/device/0022_traffic.sql"),
];

/// The write connection to `device.db`; the engine owns the only one.
pub struct DeviceStore {
    pub(super) db: Connection,
    pub(super) journal: JournalId,
}

/// What an act is promised before it is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reservation {
    pub lane: Lane,
    pub sequence: u64,
    pub number: Option<ActNumber>,
}

impl DeviceStore {
    /// Creates the database of a terminal that HQ has just enrolled.
    pub fn create(
        path: &Path,
        key: &RawKey,
        enrolment: &[u8],
        journal: JournalId,
        now: Timestamp,
    ) -> Result<Self, OpenError> {
        let db = open::open(path, key, MIGRATIONS, Existing::MayCreate, Check::Opening, 0)?;
        let mut store = Self { db, journal };
        let sqlite = |source| OpenError::Sqlite {
            path: path.to_owned(),
            source,
        };
        if store.enrolment().is_err() {
            let tx = store
                .write("create")
                .map_err(|_| sqlite(rusqlite::Error::InvalidQuery))?;
            tx.execute(
                "INSERT INTO setting (name, value) VALUES ('enrolment', ?1)",
                params![enrolment],
            )
            .map_err(sqlite)?;
            tx.execute(
                "INSERT INTO setting (name, value) VALUES ('journal', ?1)",
                params![journal.as_bytes().as_slice()],
            )
            .map_err(sqlite)?;
            append(&tx, journal, now, None, Operation::Opened)
                .map_err(|_| sqlite(rusqlite::Error::InvalidQuery))?;
            tx.commit().map_err(sqlite)?;
        }
        Ok(store)
    }

    /// Opens the database of an enrolled terminal; `now` names the quarantine of a damaged one. Damage that opening
    /// does not meet is found by [`DeviceStore::is_sound`].
    pub fn open(path: &Path, key: &RawKey, now: UnixMs) -> Result<Self, OpenError> {
        let tag = u64::try_from(now.0).unwrap_or(0);
        let db = open::open(path, key, MIGRATIONS, Existing::Required, Check::Opening, tag)?;
        let mut store = Self {
            db,
            journal: JournalId::from_bytes([0; 16]),
        };
        let journal = match store.setting("journal") {
            Err(StoreError::Damaged { .. }) => return Err(store.set_aside(path, now)),
            Err(_) | Ok(None) => None,
            Ok(Some(bytes)) => fixed("journal", bytes).ok(),
        };
        // A file without its enrolment was created and never finished: the enrolment is done again.
        store.journal = JournalId::from_bytes(journal.ok_or_else(|| OpenError::Missing {
            path: path.to_owned(),
        })?);
        Ok(store)
    }

    /// Reads every page of the database beside the connection in use; `None` when that could not be done.
    pub fn is_sound(path: &Path, key: &RawKey) -> Option<bool> {
        open::is_sound(path, key)
            .inspect_err(|error| tracing::warn!(%error, "the device database could not be checked"))
            .ok()
    }

    /// Sets a damaged database aside under another name, for inspection; this store is of no more use.
    pub fn set_aside(&self, path: &Path, now: UnixMs) -> OpenError {
        open::set_aside(&self.db, path, u64::try_from(now.0).unwrap_or(0))
    }

    /// [`DeviceStore::set_aside`] for a database that nobody has open.
    pub fn quarantine(path: &Path, now: UnixMs) -> OpenError {
        open::quarantine(path, u64::try_from(now.0).unwrap_or(0))
    }

    /// The signed enrolment bundle, as HQ sent it.
    pub fn enrolment(&self) -> Result<Vec<u8>, StoreError> {
        self.setting("enrolment")?
            .ok_or(StoreError::Unreadable { what: "enrolment" })
    }

    /// A later bundle takes the place of the one in use, with a line in the journal for each thing that is new.
    pub fn replace_enrolment(
        &mut self,
        bundle: &[u8],
        news: &[(Option<OfficerId>, Operation)],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("enrolment")?;
        run(
            &tx,
            "enrolment",
            "INSERT OR REPLACE INTO setting (name, value) VALUES ('enrolment', ?1)",
            params![bundle],
        )?;
        for (officer, operation) in news {
            append(&tx, journal, now, *officer, operation.clone())?;
        }
        tx.commit().map_err(failed("enrolment"))
    }

    /// Counts starts on this database, with a journal line each, so that HQ sees one restored from a copy.
    pub fn next_epoch(&mut self, now: Timestamp) -> Result<u64, StoreError> {
        let last = self
            .setting("epoch")?
            .map_or(Ok([0; 8]), |bytes| fixed("epoch", bytes))?;
        let epoch = u64::from_be_bytes(last) + 1;
        self.plant_journal()?;
        let journal = self.journal;
        let tx = self.write("epoch")?;
        run(
            &tx,
            "epoch",
            "INSERT OR REPLACE INTO setting (name, value) VALUES ('epoch', ?1)",
            params![epoch.to_be_bytes().as_slice()],
        )?;
        append(&tx, journal, now, None, Operation::Started { epoch })?;
        tx.commit().map_err(failed("epoch"))?;
        Ok(epoch)
    }

    pub(super) fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.db
            .query_row("SELECT value FROM setting WHERE name = ?1", [name], |row| {
                row.get(0)
            })
            .optional()
            .map_err(failed("setting"))
    }

    pub(super) fn put_setting(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        self.db
            .execute(
                "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)",
                params![name, value],
            )
            .map_err(failed("setting"))?;
        Ok(())
    }

    pub(super) fn forget_setting(&self, name: &str) -> Result<(), StoreError> {
        run(&self.db, "setting", "DELETE FROM setting WHERE name = ?1", [name]).map(drop)
    }

    pub(super) fn write(&mut self, what: &'static str) -> Result<Transaction<'_>, StoreError> {
        self.db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed(what))
    }

    /// Promises `act` the next place of its lane and, if `numbers` is given, the next number of the range. Asked
    /// again for the same act it gives the same promise. `owner` is the officer, none for the terminal itself.
    pub fn reserve(
        &mut self,
        act: ActId,
        owner: Option<OfficerId>,
        lane: Lane,
        numbers: Option<NumberRange>,
    ) -> Result<Reservation, StoreError> {
        let tx = self.write("reservation")?;
        if let Some(existing) = reservation(&tx, act)? {
            return Ok(existing);
        }
        // The lowest free place: one promised to an act that never came to exist is given again, since no envelope
        // carried it.
        let sequence: i64 = tx
            .query_row(
                "WITH taken(s) AS (SELECT sequence FROM outbox WHERE lane = ?1
                                   UNION SELECT sequence FROM reservation WHERE lane = ?1)
                 SELECT min(s) FROM (SELECT 1 AS s UNION SELECT s + 1 FROM taken) WHERE s NOT IN taken",
                [lane_code(lane)],
                |row| row.get(0),
            )
            .map_err(failed("reservation"))?;
        let number = numbers.map(|range| next_number(&tx, range)).transpose()?;
        tx.execute(
            "INSERT INTO reservation (act, owner, lane, sequence, year, serial) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![
                act.as_bytes(),
                owner.as_ref().map(OfficerId::as_bytes),
                lane_code(lane),
                sequence,
                number.map(|n| n.year),
                number.map(|n| n.serial)
            ],
        )
        .map_err(failed("reservation"))?;
        tx.commit().map_err(failed("reservation"))?;
        let sequence = u64::try_from(sequence).map_err(unreadable("sequence"))?;
        Ok(Reservation {
            lane,
            sequence,
            number,
        })
    }

    /// Whether a place is promised to `act`, which does not exist yet.
    pub fn is_promised(&self, act: ActId) -> Result<bool, StoreError> {
        let sql = "SELECT 1 FROM reservation WHERE act = ?1";
        let found = one(&self.db, "reservation", sql, [act.as_bytes()], |_| Ok(()))?;
        Ok(found.is_some())
    }

    /// Gives up `owner`'s promises that no act came of; their numbers are journalled as unused. Another officer's
    /// stay: an intent may wait behind them.
    pub fn release(&mut self, owner: Option<OfficerId>, now: Timestamp) -> Result<u32, StoreError> {
        self.release_but(owner, &[], now)
    }

    /// [`DeviceStore::release`], but for what is promised to `kept`: an act that is being read has its number already.
    pub fn release_but(
        &mut self,
        owner: Option<OfficerId>,
        kept: &[ActId],
        now: Timestamp,
    ) -> Result<u32, StoreError> {
        let journal = self.journal;
        let tx = self.write("release")?;
        let mut released = 0;
        for act in promised_to(&tx, owner)? {
            if !kept.contains(&act) {
                give_up(&tx, journal, owner, act, now)?;
                released += 1;
            }
        }
        tx.commit().map_err(failed("release"))?;
        Ok(released)
    }

    /// A draft is given up: a line in the journal, and its promise with it.
    pub fn discard(
        &mut self,
        owner: Option<OfficerId>,
        act: ActId,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("discard")?;
        give_up(&tx, journal, owner, act, now)?;
        append(&tx, journal, now, owner, Operation::DraftDiscarded)?;
        tx.commit().map_err(failed("discard"))
    }

    pub(super) const fn journal_id(&self) -> JournalId {
        self.journal
    }

    /// HQ's last word on how widely returns after a loss are spread, in milliseconds.
    pub fn keep_retry_window(&mut self, window_ms: u32) -> Result<(), StoreError> {
        if self.retry_window()? == Some(window_ms) {
            return Ok(());
        }
        self.put_setting("retry-window", &window_ms.to_be_bytes())
    }

    pub fn retry_window(&self) -> Result<Option<u32>, StoreError> {
        let window = self.setting("retry-window")?;
        window
            .map(|bytes| fixed("retry window", bytes).map(u32::from_be_bytes))
            .transpose()
    }

    /// Remembers that an officer's database was created here, so that a missing one is never made anew.
    pub fn note_opened(&mut self, officer: OfficerId) -> Result<(), StoreError> {
        self.put_setting(&format!("officer/{officer}"), &[])
    }

    pub fn has_opened(&self, officer: OfficerId) -> Result<bool, StoreError> {
        Ok(self.setting(&format!("officer/{officer}"))?.is_some())
    }

    /// The key of a term, while it may still be read.
    pub fn term_key_bytes(&self, act: ActId) -> Result<Option<Zeroizing<[u8; 32]>>, StoreError> {
        let key: Option<Option<Vec<u8>>> = self
            .db
            .query_row(
                "SELECT key FROM term_key WHERE act = ?1",
                [act.as_bytes()],
                |row| row.get(0),
            )
            .optional()
            .map_err(failed("term key"))?;
        key.flatten()
            .map(|bytes| fixed("term key", bytes).map(Zeroizing::new))
            .transpose()
    }

    /// Destroys every term key whose deadline is past, with a journal line each; gives the acts.
    pub fn purge(&mut self, now: Timestamp) -> Result<Vec<ActId>, StoreError> {
        let journal = self.journal;
        let tx = self.write("purge")?;
        let mut due = Vec::new();
        {
            let mut rows = tx
                .prepare(
                    "SELECT t.act, o.record FROM term_key t JOIN outbox o ON o.act = t.act
                     WHERE t.key IS NOT NULL AND t.until < ?1 ORDER BY t.until",
                )
                .map_err(failed("purge"))?;
            let rows = rows
                .query_map([now.utc.0], |row| {
                    Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Vec<u8>>(1)?))
                })
                .map_err(failed("purge"))?;
            for row in rows {
                let (act, record) = row.map_err(failed("purge"))?;
                let act = ActId::from_bytes(fixed("act", act)?);
                due.push((act, Digest::from_bytes(fixed("record", record)?)));
            }
        }
        for (act, record) in &due {
            append(&tx, journal, now, None, Operation::Purged { record: *record })?;
            tx.execute("UPDATE term_key SET key = NULL WHERE act = ?1", [act.as_bytes()])
                .map_err(failed("purge"))?;
        }
        tx.commit().map_err(failed("purge"))?;
        if !due.is_empty() {
            // The log still holds the page with the key until it is written back and cut.
            self.db
                .execute_batch("PRAGMA wal_checkpoint(TRUNCATE);")
                .map_err(failed("purge"))?;
        }
        Ok(due.into_iter().map(|(act, _)| act).collect())
    }

    /// The acts whose term key is destroyed.
    pub fn purged(&self) -> Result<Vec<ActId>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT act FROM term_key WHERE key IS NULL")
            .map_err(failed("purged"))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed("purged"))?;
        rows.map(|row| fixed("act", row.map_err(failed("purged"))?).map(ActId::from_bytes))
            .collect()
    }

    /// The earliest deadline of a term, for the next wake-up.
    pub fn next_deadline(&self) -> Result<Option<UnixMs>, StoreError> {
        self.db
            .query_row(
                "SELECT min(until) FROM (SELECT until FROM term_key WHERE key IS NOT NULL
                                        UNION ALL SELECT until FROM recording WHERE hold IS NULL
                                        UNION ALL SELECT until FROM clip WHERE receipt IS NULL
                                            AND clip NOT IN (SELECT clip FROM recording WHERE hold IS NOT NULL))",
                [],
                |row| row.get::<_, Option<i64>>(0),
            )
            .map(|until| until.map(UnixMs))
            .map_err(failed("deadline"))
    }
}

fn reservation(tx: &Transaction<'_>, act: ActId) -> Result<Option<Reservation>, StoreError> {
    let row: Option<(i64, i64, Option<u16>, Option<u32>)> = tx
        .query_row(
            "SELECT lane, sequence, year, serial FROM reservation WHERE act = ?1",
            [act.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .optional()
        .map_err(failed("reservation"))?;
    row.map(|(lane, sequence, year, serial)| {
        Ok(Reservation {
            lane: lane_of(lane)?,
            sequence: u64::try_from(sequence).map_err(unreadable("sequence"))?,
            number: year.zip(serial).map(|(year, serial)| ActNumber { year, serial }),
        })
    })
    .transpose()
}

/// Gives up what is promised to `act`; its number is journalled as unused.
fn give_up(
    tx: &Transaction<'_>,
    journal: JournalId,
    owner: Option<OfficerId>,
    act: ActId,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(Reservation {
        number: Some(number), ..
    }) = reservation(tx, act)?
    {
        let operation = Operation::NumberUnused {
            year: number.year,
            serial: number.serial,
        };
        append(tx, journal, now, owner, operation)?;
        tx.execute(
            "INSERT OR REPLACE INTO setting (name, value) VALUES (?1, x'')",
            [format!("unused/{}/{}", number.year, number.serial)],
        )
        .map_err(failed("release"))?;
    }
    tx.execute("DELETE FROM reservation WHERE act = ?1", [act.as_bytes()])
        .map_err(failed("release"))?;
    Ok(())
}

fn promised_to(tx: &Transaction<'_>, owner: Option<OfficerId>) -> Result<Vec<ActId>, StoreError> {
    let mut rows = tx
        .prepare("SELECT act FROM reservation WHERE owner IS ?1")
        .map_err(failed("reservation"))?;
    let owner = owner.as_ref().map(OfficerId::as_bytes);
    let rows = rows
        .query_map([owner], |row| row.get::<_, Vec<u8>>(0))
        .map_err(failed("reservation"))?;
    rows.map(|row| fixed("act", row.map_err(failed("reservation"))?).map(ActId::from_bytes))
        .collect()
}

pub(super) const fn lane_code(lane: Lane) -> i64 {
    match lane {
        Lane::Urgent => 0,
        Lane::Procedures => 1,
        Lane::Events => 2,
        Lane::Telemetry => 3,
    }
}

pub(super) fn lane_of(code: i64) -> Result<Lane, StoreError> {
    Lane::ALL
        .into_iter()
        .find(|lane| lane_code(*lane) == code)
        .ok_or(StoreError::Unreadable { what: "lane" })
}

pub(super) const fn kind_code(kind: ActKind) -> i64 {
    match kind {
        ActKind::IdentityCheck => 0,
        ActKind::Pv => 1,
        ActKind::Plainte => 2,
        ActKind::Footage => 3,
        ActKind::Pve => 4,
        ActKind::Afd => 5,
        ActKind::Note => 6,
        ActKind::VisaRequest => 7,
        ActKind::Visa => 8,
        ActKind::Verification => 9,
        ActKind::Alert => 10,
        ActKind::SafeContact => 11,
        ActKind::Custody => 12,
    }
}

pub(super) fn kind_of(code: i64) -> Result<ActKind, StoreError> {
    [
        ActKind::IdentityCheck,
        ActKind::Pv,
        ActKind::Plainte,
        ActKind::Footage,
        ActKind::Pve,
        ActKind::Afd,
        ActKind::Note,
        ActKind::VisaRequest,
        ActKind::Visa,
        ActKind::Verification,
        ActKind::Alert,
        ActKind::SafeContact,
        ActKind::Custody,
    ]
    .into_iter()
    .find(|kind| kind_code(*kind) == code)
    .ok_or(StoreError::Unreadable { what: "kind" })
}
