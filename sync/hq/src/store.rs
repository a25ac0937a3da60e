//! What HQ keeps, for the gateway, enrolment and the fleet's command line: one SQLite file, written in transactions.
//!
//! A [`Transaction`] that is dropped without [`Transaction::commit`] leaves nothing behind, and what was committed
//! survives the loss of power.

mod batches;
mod consultations;
mod fleet;
mod footage;
mod journals;
mod numbers;
mod orders;
mod records;
mod reference;
mod registry;
mod snapshots;
mod terms;
mod tokens;
mod visas;
mod waiting;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::enrolment::FleetToken;
use rusqlite::types::FromSql;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, Row, TransactionBehavior};
use thiserror::Error;
use trust::seal::Identity;

use crate::disk;
use crate::key_policy::KeyPolicy;

pub use batches::BatchRow;
pub use consultations::{Consultation, ConsultationOutcome};
pub use fleet::{DeviceEvent, IssuedCertificate};
pub use footage::{Clip, Upload};
pub use journals::{Fork, SeenHead};
pub use orders::IssuedOrder;
pub use records::{Counts, NewReceipt, NewRecord, NewRefusal, Stored};
pub use reference::Published;
pub use snapshots::KeptDraft;
pub use terms::ClipFiles;
pub use tokens::Claim;
pub use visas::{NewVisaRequest, VisaAsked, VisaNoteRow};
pub use waiting::Waiting;

/// Number `n` brings the store from version `n` to `n + 1`.
const MIGRATIONS: [&str; 9] = [
    include_str!("../migrations/0001_registry_and_records.sql"),
    include_str!("../migrations/0002_waiting_envelopes.sql"),
    include_str!("../migrations/0003_reference_and_numbers.sql"),
    include_str!("../migrations/0004_visas.sql"),
    include_str!("../migrations/0005_orders.sql"),
    include_str!("../migrations/0006_journals.sql"),
    include_str!("../migrations/0007_tokens.sql"),
    include_str!("../migrations/0008_fleet.sql"),
    include_str!("../migrations/0009_snapshots.sql"),
];
/// The version in which officers are found by their service number.
const VISAS: u32 = 4;
/// More than there are different statements.
const STATEMENTS: usize = 200;
const LOG_KEY: &str = "log-key";
const FLEET_TOKEN: &str = "fleet-token";
const MARKER: &str = "correction-marker";
const KEY_POLICY: &str = "key-policy";

/// Why the store cannot be opened, read or written.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("cannot create the folder `{}`", dir.display())]
    Folder {
        dir: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot open the HQ store `{}`", path.display())]
    Open {
        path: PathBuf,
        #[source]
        source: rusqlite::Error,
    },
    #[error("the HQ store is of version {found} and this program knows {known}; install the newer program")]
    Newer { found: u32, known: u32 },
    #[error("cannot {doing} in the HQ store")]
    Sql {
        doing: &'static str,
        #[source]
        source: rusqlite::Error,
    },
    #[error("the HQ store holds a {what} that cannot be read; restore it from its backup")]
    Corrupt { what: &'static str },
    #[error("attachments stay sealed; open the HQ store with HQ's key")]
    Sealed,
}

/// What the service competent for the acts has asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Policy {
    #[default]
    AcceptAll,
    /// A PV whose subject contains `marker` is sent back for correction.
    AskCorrection { marker: String },
}

/// The opened store.
pub struct Store {
    connection: Connection,
    dir: PathBuf,
    /// Opens the attachments, which are stored as they came.
    key: Option<Arc<Identity>>,
}

/// A unit of work: everything in it happens, or nothing.
pub struct Transaction<'s> {
    inner: rusqlite::Transaction<'s>,
    dir: &'s Path,
    key: Option<&'s Identity>,
}

impl Store {
    /// Opens or creates `hq.db` in `dir` and brings it to the present form.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        disk::private_dir(dir).map_err(|source| StoreError::Folder {
            dir: dir.to_owned(),
            source,
        })?;
        let path = dir.join("hq.db");
        #[expect(
            clippy::disallowed_methods,
            reason = "this is HQ's only store: a plain file, checked and migrated here"
        )]
        let connection = Connection::open(&path).map_err(|source| StoreError::Open {
            path: path.clone(),
            source,
        })?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
        prepare(&connection).map_err(|source| StoreError::Open { path, source })?;
        let mut store = Self {
            connection,
            dir: dir.to_owned(),
            key: None,
        };
        store.migrate()?;
        Ok(store)
    }

    /// The store that also gives attachments, which are sealed to `key`.
    pub fn with_key(self, key: Arc<Identity>) -> Self {
        Self {
            key: Some(key),
            ..self
        }
    }

    /// Cuts the write-ahead log, so that no page of what was deleted stays in it.
    pub fn cut_log(&self) -> Result<(), StoreError> {
        self.connection
            .query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()))
            .map_err(at("cut the log"))
    }

    pub fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        let inner = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(at("begin a transaction"))?;
        let key = self.key.as_deref();
        let dir = &self.dir;
        Ok(Transaction { inner, dir, key })
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let known = u32::try_from(MIGRATIONS.len()).expect("migrations are few");
        let transaction = self.begin()?;
        let found: u32 = transaction
            .inner
            .query_row("PRAGMA user_version", (), |row| row.get(0))
            .map_err(at("read the version"))?;
        if found > known {
            return Err(StoreError::Newer { found, known });
        }
        for (version, step) in (0..).zip(MIGRATIONS) {
            if version >= found {
                transaction.inner.execute_batch(step).map_err(at("migrate"))?;
            }
        }
        transaction
            .inner
            .execute_batch(&format!("PRAGMA user_version = {known}"))
            .map_err(at("write the version"))?;
        if found < VISAS {
            for officer in transaction.officers()? {
                transaction.name_officer(&officer)?;
            }
        }
        if transaction.setting(LOG_KEY)?.is_none() {
            let mut key = [0; 32];
            getrandom::fill(&mut key).expect("the operating system has randomness");
            transaction.set(LOG_KEY, &key)?;
        }
        if transaction.setting(FLEET_TOKEN)?.is_none() {
            let mut token = [0; 16];
            getrandom::fill(&mut token).expect("the operating system has randomness");
            transaction.set(FLEET_TOKEN, &token)?;
        }
        transaction.commit()
    }
}

/// A point of a transaction to which it may go back; dropped, it changes nothing.
pub(crate) struct Mark<'t>(&'t Transaction<'t>);

impl Mark<'_> {
    /// Undoes what came since.
    pub(crate) fn undo(self) -> Result<(), StoreError> {
        self.0
            .inner
            .execute_batch("ROLLBACK TO mark; RELEASE mark")
            .map_err(at("undo"))
    }

    pub(crate) fn keep(self) -> Result<(), StoreError> {
        self.0.inner.execute_batch("RELEASE mark").map_err(at("keep"))
    }
}

impl Transaction<'_> {
    pub(crate) fn mark(&self) -> Result<Mark<'_>, StoreError> {
        self.inner.execute_batch("SAVEPOINT mark").map_err(at("mark"))?;
        Ok(Mark(self))
    }

    /// What every enrolled terminal knows and a stranger does not.
    pub fn fleet_token(&self) -> Result<FleetToken, StoreError> {
        let bytes = self.setting(FLEET_TOKEN)?.unwrap_or_default();
        let bytes = bytes
            .try_into()
            .map_err(|_| StoreError::Corrupt { what: "setting" })?;
        Ok(FleetToken::from_bytes(bytes))
    }

    pub fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().map_err(at("commit"))
    }

    pub fn policy(&self) -> Result<Policy, StoreError> {
        let Some(marker) = self.setting(MARKER)? else {
            return Ok(Policy::AcceptAll);
        };
        let marker = String::from_utf8(marker).map_err(|_| StoreError::Corrupt { what: "setting" })?;
        Ok(Policy::AskCorrection { marker })
    }

    pub fn set_policy(&self, policy: &Policy) -> Result<(), StoreError> {
        match policy {
            Policy::AskCorrection { marker } => self.set(MARKER, marker.as_bytes()),
            Policy::AcceptAll => {
                self.execute("DELETE FROM setting WHERE name = ?1", [MARKER], "clear a setting")
            }
        }
    }

    /// What a phone's keys must be; at first nothing is asked.
    pub fn key_policy(&self) -> Result<KeyPolicy, StoreError> {
        let corrupt = |_| StoreError::Corrupt { what: "setting" };
        let stored = self.setting(KEY_POLICY)?;
        stored.map_or_else(
            || Ok(KeyPolicy::default()),
            |bytes| domain::decode(&bytes).map_err(corrupt),
        )
    }

    pub fn set_key_policy(&self, policy: &KeyPolicy) -> Result<(), StoreError> {
        self.set(KEY_POLICY, &domain::encode(policy))
    }

    fn setting(&self, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
        self.row(
            "SELECT value FROM setting WHERE name = ?1",
            [name],
            "read a setting",
            |row| row.get(0),
        )
    }

    fn set(&self, name: &str, value: &[u8]) -> Result<(), StoreError> {
        let sql = "REPLACE INTO setting (name, value) VALUES (?1, ?2)";
        self.execute(sql, (name, value), "write a setting")
    }

    fn execute(&self, sql: &str, parameters: impl Params, doing: &'static str) -> Result<(), StoreError> {
        self.count_changed(sql, parameters, doing).map(drop)
    }

    /// How many rows the statement changed.
    fn count_changed(
        &self,
        sql: &str,
        parameters: impl Params,
        doing: &'static str,
    ) -> Result<u64, StoreError> {
        let mut statement = self.inner.prepare_cached(sql).map_err(at(doing))?;
        let changed = statement.execute(parameters).map_err(at(doing))?;
        Ok(u64::try_from(changed).unwrap_or(u64::MAX))
    }

    /// The first row, when there is one.
    fn row<T>(
        &self,
        sql: &str,
        parameters: impl Params,
        doing: &'static str,
        read: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, StoreError> {
        let mut statement = self.inner.prepare_cached(sql).map_err(at(doing))?;
        statement
            .query_row(parameters, read)
            .optional()
            .map_err(at(doing))
    }

    fn prepare(&self, sql: &str, doing: &'static str) -> Result<CachedStatement<'_>, StoreError> {
        self.inner.prepare_cached(sql).map_err(at(doing))
    }

    /// The first column of every row.
    fn column<T: FromSql>(
        &self,
        sql: &str,
        parameters: impl Params,
        doing: &'static str,
    ) -> Result<Vec<T>, StoreError> {
        let mut statement = self.inner.prepare_cached(sql).map_err(at(doing))?;
        let rows = statement
            .query_map(parameters, |row| row.get(0))
            .map_err(at(doing))?;
        rows.collect::<rusqlite::Result<_>>().map_err(at(doing))
    }

    fn exists(&self, sql: &str, parameters: impl Params) -> Result<bool, StoreError> {
        Ok(self
            .row(sql, parameters, "look something up", |_| Ok(()))?
            .is_some())
    }
}

fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA busy_timeout = 5000;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;
         PRAGMA journal_size_limit = 16777216;",
    )
}

/// Says what was attempted when SQLite fails.
fn at(doing: &'static str) -> impl Fn(rusqlite::Error) -> StoreError {
    move |source| StoreError::Sql { doing, source }
}

/// SQLite's integers are signed; a length or sequence beyond them was never stored.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64, what: &'static str) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt { what })
}
