//! A connection to the database of one HQ, in the present form.

use std::cell::RefCell;
use std::path::Path;
use std::time::Duration;

use rusqlite::TransactionBehavior;

use super::server::Server;
use super::sql::{OnServer, Open, Prepared, SqlError, for_postgres};
use super::{StoreError, at};

/// More than there are different statements.
const STATEMENTS: usize = 200;
/// Tables that hold what a term ends.
const CONTENT: [(&str, &str); 5] = [
    ("content", "record_cose"),
    ("refused", "envelope_cose"),
    ("snapshot", "sealed"),
    ("upload", "have"),
    ("tombstone_salt", "salt"),
];
/// How long a server may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(5);
/// One writer at a time, as with SQLite: what the store promises of numbers and sequences rests on it (ADR 37).
const TURN: &str = "SELECT pg_advisory_xact_lock(8097)";

pub(super) enum Connection {
    File(rusqlite::Connection),
    Server(Box<ToServer>),
}

pub(super) struct ToServer {
    server: Server,
    client: RefCell<postgres::Client>,
    prepared: Prepared,
}

impl Connection {
    /// To the server that `dir` names, or else to the file in it, made when there is none.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        let Some(server) = Server::of(dir)? else {
            return file(&dir.join(super::DATABASE)).map(Self::File);
        };
        let client = RefCell::new(connect(&server)?);
        Ok(Self::Server(Box::new(ToServer {
            server,
            client,
            prepared: RefCell::default(),
        })))
    }

    /// A server that went away is looked for again: nothing of an earlier transaction is left to lose.
    pub(super) fn begin(&mut self) -> Result<Open<'_>, StoreError> {
        match self {
            Self::File(connection) => Ok(Open::Sqlite(
                connection
                    .transaction_with_behavior(TransactionBehavior::Immediate)
                    .map_err(|error| at("begin a transaction")(error.into()))?,
            )),
            Self::Server(to) => {
                let client = to.client.get_mut();
                if client.is_valid(PATIENCE).is_err() {
                    *client = connect(&to.server)?;
                    to.prepared.get_mut().clear();
                }
                let begun = OnServer::begin(&to.client, &to.prepared, TURN);
                Ok(Open::Postgres(begun.map_err(at("begin a transaction"))?))
            }
        }
    }

    /// Leaves no page of what was deleted: the file's write-ahead log is cut, the server's tables are written anew.
    pub(super) fn cut_log(&mut self) -> Result<(), StoreError> {
        let doing = at("cut the log");
        if let Self::File(connection) = self {
            let cut = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", (), |_| Ok(()));
            return cut.map_err(|error| doing(error.into()));
        }
        let open = self.begin()?;
        for (table, column) in CONTENT {
            // A vacuum keeps what any connection that is just being made might still see; a new column does not.
            let sql = format!("ALTER TABLE {table} ALTER {column} TYPE BYTEA USING {column} || ''::bytea");
            open.batch(&sql).map_err(&doing)?;
        }
        open.commit().map_err(doing)
    }
}

/// How many migrations the database has seen.
pub(super) fn version(open: &Open<'_>) -> Result<u32, SqlError> {
    let sql = match open {
        Open::Sqlite(_) => "SELECT user_version FROM pragma_user_version",
        Open::Postgres(_) => {
            open.batch("CREATE TABLE IF NOT EXISTS store_version (version BIGINT NOT NULL)")?;
            "SELECT coalesce(max(version), 0) FROM store_version"
        }
    };
    Ok(open.row(sql, &(), |row| row.get(0))?.unwrap_or(0))
}

/// Brings the database by one `step` to `version`.
pub(super) fn migrate(open: &Open<'_>, step: &str, version: u32) -> Result<(), SqlError> {
    match open {
        Open::Sqlite(_) => {
            open.batch(step)?;
            open.batch(&format!("PRAGMA user_version = {version}"))
        }
        Open::Postgres(_) => {
            open.batch(&for_postgres(step))?;
            open.batch(&format!("INSERT INTO store_version (version) VALUES ({version})"))
        }
    }
}

fn connect(server: &Server) -> Result<postgres::Client, StoreError> {
    server.connect().map_err(|source| StoreError::Server {
        server: server.to_string(),
        source,
    })
}

fn file(path: &Path) -> Result<rusqlite::Connection, StoreError> {
    let opened = || {
        #[expect(
            clippy::disallowed_methods,
            reason = "this is HQ's only store in a file: plain, checked and migrated here"
        )]
        let connection = rusqlite::Connection::open(path)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS);
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
        )?;
        Ok(connection)
    };
    opened().map_err(|source| StoreError::Open {
        path: path.to_owned(),
        source,
    })
}
