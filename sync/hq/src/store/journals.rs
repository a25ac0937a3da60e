//! The journals of terminals: entries, their trees, countersigned heads, and heads that contradict each other.

use domain::{DeviceId, Digest, JournalId, UnixMs};
use trust::merkle::{self, Place};

use super::{StoreError, Transaction, signed, unsigned};

/// Besides the newest head, the last of so many entries is kept: each bounds when they were written.
const HEAD_EVERY: u64 = 16_384;

/// A head that HQ countersigned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenHead {
    pub size: u64,
    /// COSE_Sign1 of a [`domain::journal::Head`].
    pub head: Vec<u8>,
    /// COSE_Sign1 of a [`domain::journal::HeadReceipt`].
    pub receipt: Vec<u8>,
}

/// Two heads of one terminal that contradict each other, as it signed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fork {
    pub device: DeviceId,
    pub told: Vec<u8>,
    /// None when the terminal's first head was not that of its entries.
    pub held: Option<Vec<u8>>,
    pub found_at: UnixMs,
}

impl Transaction<'_> {
    pub(crate) fn give_journal(
        &self,
        device: &DeviceId,
        journal: JournalId,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO journal (id, device, given_at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
            (journal.as_bytes(), device.as_str(), now.0),
            "give a journal",
        )
    }

    /// Every journal that `device` was given, the newest last.
    pub fn journals(&self, device: &DeviceId) -> Result<Vec<JournalId>, StoreError> {
        let sql = "SELECT id FROM journal WHERE device = ?1 ORDER BY given_at, id";
        let ids: Vec<[u8; 16]> = self.column(sql, [device.as_str()], "list journals")?;
        Ok(ids.into_iter().map(JournalId::from_bytes).collect())
    }

    /// Whose journal it is.
    pub fn journal_holder(&self, journal: JournalId) -> Result<Option<DeviceId>, StoreError> {
        let sql = "SELECT device FROM journal WHERE id = ?1";
        let device: Option<String> =
            self.row(sql, [journal.as_bytes()], "look up a journal", |row| row.get(0))?;
        device
            .map(|device| DeviceId::parse(&device).map_err(|_| StoreError::Corrupt { what: "journal" }))
            .transpose()
    }

    /// How many entries of it HQ has.
    pub fn journal_size(&self, journal: JournalId) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(max(position) + 1, 0) FROM journal_entry WHERE journal = ?1";
        let size: Option<i64> = self.row(sql, [journal.as_bytes()], "count a journal", |row| row.get(0))?;
        unsigned(size.unwrap_or(0), "journal")
    }

    /// The bytes of every entry, the oldest first.
    pub fn journal_entries(&self, journal: JournalId) -> Result<Vec<Vec<u8>>, StoreError> {
        let sql = "SELECT entry FROM journal_entry WHERE journal = ?1 ORDER BY position";
        self.column(sql, [journal.as_bytes()], "read a journal")
    }

    pub fn journal_entry(&self, journal: JournalId, position: u64) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT entry FROM journal_entry WHERE journal = ?1 AND position = ?2";
        self.row(
            sql,
            (journal.as_bytes(), signed(position)),
            "read a journal entry",
            |row| row.get(0),
        )
    }

    /// The tree head over the first `size` entries, and the digest of the last of them.
    pub(crate) fn journal_root(&self, journal: JournalId, size: u64) -> Result<(Digest, Digest), StoreError> {
        let root = merkle::root_at(size, |place| self.journal_node(journal, place))?;
        let last = self
            .journal_entry(journal, size.saturating_sub(1))?
            .ok_or(StoreError::Corrupt { what: "journal" })?;
        Ok((Digest::from_bytes(root.0), Digest::of(&last)))
    }

    pub(crate) fn insert_journal_entry(
        &self,
        journal: JournalId,
        position: u64,
        entry: &[u8],
    ) -> Result<(), StoreError> {
        let doing = "keep a journal entry";
        self.execute(
            "INSERT INTO journal_entry (journal, position, entry) VALUES (?1, ?2, ?3)",
            (journal.as_bytes(), signed(position), entry),
            doing,
        )?;
        let leaf = merkle::leaf(entry);
        let grown = merkle::append(position, leaf, |place| self.journal_node(journal, place))?;
        for (place, hash) in grown {
            self.execute(
                "INSERT INTO journal_node (journal, level, position, hash) VALUES (?1, ?2, ?3, ?4)",
                (
                    journal.as_bytes(),
                    place.level,
                    signed(place.position),
                    hash.as_bytes(),
                ),
                doing,
            )?;
        }
        Ok(())
    }

    fn journal_node(&self, journal: JournalId, place: Place) -> Result<trust::Digest, StoreError> {
        let sql = "SELECT hash FROM journal_node WHERE journal = ?1 AND level = ?2 AND position = ?3";
        let at = (journal.as_bytes(), place.level, signed(place.position));
        let hash: Option<[u8; 32]> = self.row(sql, at, "read a journal's tree", |row| row.get(0))?;
        hash.map(trust::Digest).ok_or(StoreError::Corrupt {
            what: "journal's tree",
        })
    }

    pub(crate) fn keep_journal_head(&self, journal: JournalId, seen: &SeenHead) -> Result<(), StoreError> {
        let doing = "keep a journal's head";
        let block = signed(HEAD_EVERY);
        self.execute(
            "DELETE FROM journal_head WHERE journal = ?1 AND size / ?3 = ?2 / ?3",
            (journal.as_bytes(), signed(seen.size), block),
            doing,
        )?;
        self.execute(
            "INSERT INTO journal_head (journal, size, head, receipt) VALUES (?1, ?2, ?3, ?4)",
            (journal.as_bytes(), signed(seen.size), &seen.head, &seen.receipt),
            doing,
        )
    }

    /// The heads that were kept, the oldest first.
    pub fn journal_heads(&self, journal: JournalId) -> Result<Vec<SeenHead>, StoreError> {
        let rows = self.rows(
            "SELECT size, head, receipt FROM journal_head WHERE journal = ?1 ORDER BY size",
            [journal.as_bytes()],
            "read a journal's heads",
            |row| Ok((row.get::<i64>(0)?, row.get(1)?, row.get(2)?)),
        )?;
        let mut heads = Vec::new();
        for (size, head, receipt) in rows {
            let size = unsigned(size, "journal's head")?;
            heads.push(SeenHead { size, head, receipt });
        }
        Ok(heads)
    }

    /// The newest head that HQ countersigned.
    pub fn newest_journal_head(&self, journal: JournalId) -> Result<Option<SeenHead>, StoreError> {
        let sql =
            "SELECT size, head, receipt FROM journal_head WHERE journal = ?1 ORDER BY size DESC LIMIT 1";
        let row = self.row(sql, [journal.as_bytes()], "read a journal's head", |row| {
            Ok((row.get::<i64>(0)?, row.get(1)?, row.get(2)?))
        })?;
        row.map(|(size, head, receipt)| {
            let size = unsigned(size, "journal's head")?;
            Ok(SeenHead { size, head, receipt })
        })
        .transpose()
    }

    /// Keeps both heads for good, and marks the terminal; told again, it changes nothing.
    pub(crate) fn keep_fork(&self, fork: &Fork) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO journal_fork (device, told, held, found_at) VALUES (?1, ?2, ?3, ?4)
                 ON CONFLICT DO NOTHING",
            (fork.device.as_str(), &fork.told, &fork.held, fork.found_at.0),
            "keep a fork",
        )?;
        self.execute(
            "UPDATE device SET quarantined_at = coalesce(quarantined_at, ?2) WHERE id = ?1",
            (fork.device.as_str(), fork.found_at.0),
            "quarantine a terminal",
        )
    }

    /// Every fork, by terminal and in the order in which they were found.
    pub fn forks(&self) -> Result<Vec<Fork>, StoreError> {
        let rows = self.rows(
            "SELECT device, told, held, found_at FROM journal_fork ORDER BY device, found_at",
            (),
            "list forks",
            |row| {
                Ok((
                    row.get::<String>(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get::<i64>(3)?,
                ))
            },
        )?;
        let mut forks = Vec::new();
        for (device, told, held, found_at) in rows {
            let device = DeviceId::parse(&device).map_err(|_| StoreError::Corrupt { what: "fork" })?;
            forks.push(Fork {
                device,
                told,
                held,
                found_at: UnixMs(found_at),
            });
        }
        Ok(forks)
    }

    /// Since when nobody relies on the terminal.
    pub fn quarantined_at(&self, device: &DeviceId) -> Result<Option<UnixMs>, StoreError> {
        let sql = "SELECT quarantined_at FROM device WHERE id = ?1";
        let at: Option<Option<i64>> =
            self.row(sql, [device.as_str()], "look up a quarantine", |row| row.get(0))?;
        Ok(at.flatten().map(UnixMs))
    }
}
