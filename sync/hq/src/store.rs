//! What HQ keeps, for the gateway, enrolment and the fleet's command line: one database, written in transactions.
//!
//! A [`Transaction`] that is dropped without [`Transaction::commit`] leaves nothing behind, and what was committed
//! survives the loss of power.

mod alarms;
mod alerts;
mod approvals;
mod arrivals;
mod batches;
mod connection;
mod consultations;
mod contacts;
mod crew;
mod custody;
mod destruction;
mod dispatches;
mod fleet;
mod footage;
mod hotlists;
mod journals;
mod numbers;
mod order_reports;
mod orders;
mod profiles;
mod programs;
mod readmissions;
mod records;
mod reference;
mod registry;
mod server;
mod shares;
mod snapshots;
mod sql;
mod suivi;
mod terms;
mod tokens;
mod visas;
mod waiting;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::enrolment::FleetToken;
use thiserror::Error;
use trust::seal::{Identity, Recipient};
use zeroize::Zeroizing;

use self::connection::Connection;
use self::sql::{Open, Parameters, Read, Row};
use crate::disk;
use crate::key_policy::KeyPolicy;

pub use alarms::QueryAlarm;
pub use alerts::Alerted;
pub use approvals::ApprovalRequest;
pub use arrivals::{Arrival, Asked, Refused};
pub use batches::BatchRow;
pub(crate) use consultations::Given;
pub use consultations::{Consultation, ConsultationOutcome};
pub use crew::{NewSheet, SharedRow, SheetRow};
pub use custody::{ClipLife, HeldClip, ReleaseWord, Stated};
pub use destruction::{FollowUp, Tombstone};
pub use dispatches::{DispatchRow, NewDispatch, ProgressRow};
pub use fleet::{DeviceEvent, IssuedCertificate};
pub use footage::{Clip, Upload};
pub use hotlists::Epoch;
pub use journals::{Fork, SeenHead};
pub use orders::IssuedOrder;
pub use profiles::{NewRollout, PublishedProfile, RolloutEvent, SaidProfile};
pub use programs::{Released, Standing};
pub use readmissions::GivenReadmission;
pub use records::{Counts, NewReceipt, NewRecord, NewRefusal, Stored};
pub use reference::Published;
pub use server::{NotAServer, Server, ServerError, is_store};
pub use shares::{NewShare, ShareRow};
pub use snapshots::KeptDraft;
pub use sql::SqlError;
pub use suivi::{NewSuivi, SuiviRow};
pub use terms::ClipFiles;
pub use tokens::Claim;
pub use visas::{NewVisaRequest, VisaAsked, VisaNoteRow};
pub use waiting::Waiting;

/// Number `n` brings the store from version `n` to `n + 1`.
const MIGRATIONS: [&str; 25] = [
    include_str!("../migrations/0001_registry_and_records.sql"),
    include_str!("../migrations/0002_waiting_envelopes.sql"),
    include_str!("../migrations/0003_reference_and_numbers.sql"),
    include_str!("../migrations/0004_visas.sql"),
    include_str!("../migrations/0005_orders.sql"),
    include_str!("../migrations/0006_journals.sql"),
    include_str!("../migrations/0007_tokens.sql"),
    include_str!("../migrations/0008_fleet.sql"),
    include_str!("../migrations/0009_snapshots.sql"),
    include_str!("../migrations/0010_approvals_and_reports.sql"),
    include_str!("../migrations/0011_profiles.sql"),
    include_str!("../migrations/0012_readmissions.sql"),
    include_str!("../migrations/0013_reference_kinds.sql"),
    include_str!("../migrations/0014_hotlists.sql"),
    include_str!("../migrations/0015_destruction.sql"),
    include_str!("../migrations/0016_query_alarms.sql"),
    include_str!("../migrations/0017_shares.sql"),
    include_str!("../migrations/0018_persons.sql"),
    include_str!("../migrations/0019_alerts.sql"),
    include_str!("../migrations/0020_suivi.sql"),
    include_str!("../migrations/0021_contacts.sql"),
    include_str!("../migrations/0022_dispatches.sql"),
    include_str!("../migrations/0023_crew.sql"),
    include_str!("../migrations/0024_custody.sql"),
    include_str!("../migrations/0025_programs.sql"),
];
/// The version in which officers are found by their service number.
const VISAS: u32 = 4;
/// The database of a folder that names no server.
const DATABASE: &str = "hq.db";
const LOG_KEY: &str = "log-key";
const FLEET_TOKEN: &str = "fleet-token";
const READMISSION_SECRET: &str = "readmission-secret";
const MARKER: &str = "correction-marker";
const SEALING: &str = "sealing-recipient";
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
    #[error(
        "cannot reach the HQ store on `{server}`; is the server running, and does it know this user and database?"
    )]
    Server {
        server: String,
        #[source]
        source: postgres::Error,
    },
    #[error(transparent)]
    Where(#[from] ServerError),
    #[error("the HQ store is of version {found} and this program knows {known}; install the newer program")]
    Newer { found: u32, known: u32 },
    #[error("cannot {doing} in the HQ store")]
    Sql {
        doing: &'static str,
        #[source]
        source: SqlError,
    },
    #[error("the HQ store holds a {what} that cannot be read; restore it from its backup")]
    Corrupt { what: &'static str },
    #[error("attachments stay sealed; open the HQ store with HQ's key")]
    Sealed,
    #[error("cannot write the attachment `{name}` where it is copied to")]
    Copy {
        name: String,
        #[source]
        source: io::Error,
    },
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
    inner: Open<'s>,
    dir: &'s Path,
    key: Option<&'s Identity>,
}

impl Store {
    /// Opens or creates the store of `dir`, on the server that the folder names or else in `hq.db`, and brings it to the
    /// present form.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        disk::private_dir(dir).map_err(|source| StoreError::Folder {
            dir: dir.to_owned(),
            source,
        })?;
        let mut store = Self {
            connection: Connection::open(dir)?,
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

    /// Attachments are opened with `key` from now on.
    pub fn set_key(&mut self, key: Arc<Identity>) {
        self.key = Some(key);
    }

    /// Leaves no copy of what was deleted in the database's own log and pages.
    pub fn cut_log(&mut self) -> Result<(), StoreError> {
        self.connection.cut_log()
    }

    pub fn begin(&mut self) -> Result<Transaction<'_>, StoreError> {
        Ok(Transaction {
            inner: self.connection.begin()?,
            key: self.key.as_deref(),
            dir: &self.dir,
        })
    }

    fn migrate(&mut self) -> Result<(), StoreError> {
        let known = u32::try_from(MIGRATIONS.len()).expect("migrations are few");
        let transaction = self.begin()?;
        let found = connection::version(&transaction.inner).map_err(at("read the version"))?;
        if found > known {
            return Err(StoreError::Newer { found, known });
        }
        for (version, step) in (1..).zip(MIGRATIONS) {
            if version > found {
                connection::migrate(&transaction.inner, step, version).map_err(at("migrate"))?;
            }
        }
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
        if transaction.setting(READMISSION_SECRET)?.is_none() {
            let mut secret = Zeroizing::new([0; 32]);
            getrandom::fill(secret.as_mut_slice()).expect("the operating system has randomness");
            transaction.set(READMISSION_SECRET, secret.as_slice())?;
        }
        transaction.commit()
    }
}

/// A point of a transaction to which it may go back; dropped, it changes nothing.
pub(crate) struct Mark<'t>(&'t Transaction<'t>);

impl Mark<'_> {
    /// Undoes what came since.
    pub(crate) fn undo(self) -> Result<(), StoreError> {
        self.0.inner.undo_to_mark().map_err(at("undo"))
    }

    pub(crate) fn keep(self) -> Result<(), StoreError> {
        self.0.inner.batch("RELEASE mark").map_err(at("keep"))
    }
}

impl Transaction<'_> {
    pub(crate) fn mark(&self) -> Result<Mark<'_>, StoreError> {
        self.inner.batch("SAVEPOINT mark").map_err(at("mark"))?;
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

    /// What the readmission keys of all terminals are derived from.
    pub(crate) fn readmission_secret(&self) -> Result<Zeroizing<[u8; 32]>, StoreError> {
        let bytes = Zeroizing::new(self.setting(READMISSION_SECRET)?.unwrap_or_default());
        let secret = bytes.as_slice().try_into();
        secret
            .map(Zeroizing::new)
            .map_err(|_| StoreError::Corrupt { what: "setting" })
    }

    pub fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().map_err(at("commit"))
    }

    /// To whom terminals are told to seal; none before the first gateway on this store.
    pub fn sealing(&self) -> Result<Option<Recipient>, StoreError> {
        let bytes = self.setting(SEALING)?;
        bytes
            .map(|bytes| {
                let bytes = bytes.try_into();
                bytes
                    .map(Recipient::from_bytes)
                    .map_err(|_| StoreError::Corrupt { what: "setting" })
            })
            .transpose()
    }

    pub fn set_sealing(&self, recipient: &Recipient) -> Result<(), StoreError> {
        self.set(SEALING, recipient.as_bytes())
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
        let sql = "INSERT INTO setting (name, value) VALUES (?1, ?2)
                 ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        self.execute(sql, (name, value), "write a setting")
    }

    fn execute(&self, sql: &str, parameters: impl Parameters, doing: &'static str) -> Result<(), StoreError> {
        self.count_changed(sql, parameters, doing).map(drop)
    }

    /// How many rows the statement changed.
    fn count_changed(
        &self,
        sql: &str,
        parameters: impl Parameters,
        doing: &'static str,
    ) -> Result<u64, StoreError> {
        self.inner.execute(sql, &parameters).map_err(at(doing))
    }

    /// The first row, when there is one.
    fn row<T>(
        &self,
        sql: &str,
        parameters: impl Parameters,
        doing: &'static str,
        read: impl FnOnce(&Row<'_>) -> Result<T, SqlError>,
    ) -> Result<Option<T>, StoreError> {
        self.inner.row(sql, &parameters, read).map_err(at(doing))
    }

    fn rows<T>(
        &self,
        sql: &str,
        parameters: impl Parameters,
        doing: &'static str,
        read: impl FnMut(&Row<'_>) -> Result<T, SqlError>,
    ) -> Result<Vec<T>, StoreError> {
        self.inner.rows(sql, &parameters, read).map_err(at(doing))
    }

    /// The first column of every row.
    fn column<T: Read>(
        &self,
        sql: &str,
        parameters: impl Parameters,
        doing: &'static str,
    ) -> Result<Vec<T>, StoreError> {
        self.rows(sql, parameters, doing, |row| row.get(0))
    }

    fn exists(&self, sql: &str, parameters: impl Parameters) -> Result<bool, StoreError> {
        Ok(self
            .row(sql, parameters, "look something up", |_| Ok(()))?
            .is_some())
    }
}

/// Says what was attempted when the database fails.
fn at(doing: &'static str) -> impl Fn(SqlError) -> StoreError {
    move |source| StoreError::Sql { doing, source }
}

/// The database's integers are signed; a length or sequence beyond them was never stored.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn unsigned(number: i64, what: &'static str) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::Corrupt { what })
}
