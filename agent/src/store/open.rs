//! Opening a SQLCipher database: key, check, migrate, or say why not.
//!
//! The key is checked by the vault before it comes here, so a database that it does not open is damaged: it is set
//! aside under another name and never recreated.

use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use thiserror::Error;
use zeroize::Zeroizing;

pub use crate::key_bytes::KeyBytes as RawKey;

/// Why a database does not open.
#[derive(Debug, Error)]
pub enum OpenError {
    #[error("`{path}` is missing; restore it or enrol the terminal again")]
    Missing { path: PathBuf },
    #[error(
        "`{path}` was written by a newer program (schema {found}, this one knows {known}); update the program"
    )]
    Newer { path: PathBuf, found: u32, known: u32 },
    #[error("`{path}` is damaged and was set aside as `{aside}`; hand the terminal to the support")]
    Quarantined { path: PathBuf, aside: PathBuf },
    #[error("the program was built without SQLCipher or with a SQLite that corrupts WAL files")]
    WrongLibrary,
    #[error("could not open `{path}`")]
    Sqlite {
        path: PathBuf,
        #[source]
        source: rusqlite::Error,
    },
    #[error("could not set `{path}` aside")]
    Aside {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    Required,
    MayCreate,
}

/// How much of a database is looked at before it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Check {
    /// Every page, which takes time in proportion to the file.
    Whole,
    /// What opening reads; [`is_sound`] follows in a worker.
    Opening,
}

/// Opens `path` with `key` and brings it to the schema of `migrations` (one text per version, from 1).
/// `aside_tag` names the quarantine file should the database be damaged.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that opens a database of the terminal"
)]
pub(super) fn open(
    path: &Path,
    key: &RawKey,
    migrations: &[&str],
    existing: Existing,
    depth: Check,
    aside_tag: u64,
) -> Result<Connection, OpenError> {
    if existing == Existing::Required && !path.exists() {
        return Err(OpenError::Missing {
            path: path.to_owned(),
        });
    }
    let sqlite = |source| OpenError::Sqlite {
        path: path.to_owned(),
        source,
    };
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut db = Connection::open_with_flags(path, flags).map_err(sqlite)?;
    let checked = prepare(&db, key).and_then(|()| match depth {
        Check::Whole => check(&db),
        Check::Opening => Ok(()),
    });
    match checked {
        Ok(()) => {}
        Err(Fault::WrongLibrary) => return Err(OpenError::WrongLibrary),
        Err(Fault::Damaged) => {
            return Err(set_aside(&db, path, aside_tag));
        }
        Err(Fault::Sqlite(source)) => return Err(sqlite(source)),
    }
    migrate(&mut db, path, migrations)?;
    Ok(db)
}

/// Reads every page of a database on a connection of its own; an error says nothing of the database.
pub(super) fn is_sound(path: &Path, key: &RawKey) -> rusqlite::Result<bool> {
    read_whole(path, key).map(|db| db.is_some())
}

/// The database at `path`, if every page of it reads; an error says nothing of it.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that opens a database of the terminal"
)]
pub(super) fn read_whole(path: &Path, key: &RawKey) -> rusqlite::Result<Option<Connection>> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let db = Connection::open_with_flags(path, flags)?;
    match prepare(&db, key).and_then(|()| check(&db)) {
        Ok(()) => Ok(Some(db)),
        Err(Fault::Damaged) => Ok(None),
        Err(Fault::WrongLibrary) => Err(rusqlite::Error::InvalidQuery),
        Err(Fault::Sqlite(source)) => Err(source),
    }
}

/// Gives a damaged database another name; it is neither repaired nor recreated.
pub(super) fn set_aside(db: &Connection, path: &Path, tag: u64) -> OpenError {
    // Closing would write the log back into the damaged file.
    let _ = db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
    quarantine(path, tag)
}

enum Fault {
    WrongLibrary,
    Damaged,
    Sqlite(rusqlite::Error),
}

impl From<rusqlite::Error> for Fault {
    fn from(source: rusqlite::Error) -> Self {
        match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase | rusqlite::ErrorCode::DatabaseCorrupt) => Self::Damaged,
            _ => Self::Sqlite(source),
        }
    }
}

/// The raw form `x'…'`, which keeps SQLCipher from deriving a passphrase key on every connection.
pub(super) fn quoted(key: &RawKey) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(67));
    text.push_str("x'");
    for byte in key.bytes() {
        text.push(char::from_digit(u32::from(byte >> 4), 16).expect("a nibble"));
        text.push(char::from_digit(u32::from(byte & 15), 16).expect("a nibble"));
    }
    text.push('\'');
    text
}

fn prepare(db: &Connection, key: &RawKey) -> Result<(), Fault> {
    let pragma = Zeroizing::new(format!("PRAGMA key = \"{}\";", *quoted(key)));
    db.execute_batch(&pragma)?;
    let cipher: Option<String> = db.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
    // 3.51.3 is the first version without the WAL-reset corruption.
    if cipher.is_none_or(|version| version.is_empty()) || rusqlite::version_number() < 3_051_003 {
        return Err(Fault::WrongLibrary);
    }
    db.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
        row.get::<_, i64>(0)
    })?;
    db.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON;
         PRAGMA secure_delete = ON;
         PRAGMA temp_store = MEMORY;
         PRAGMA mmap_size = 0;
         PRAGMA busy_timeout = 5000;
         PRAGMA wal_autocheckpoint = 1000;
         PRAGMA journal_size_limit = 16777216;
         PRAGMA trusted_schema = OFF;
         PRAGMA cell_size_check = ON;",
    )?;
    Ok(())
}

fn check(db: &Connection) -> Result<(), Fault> {
    let verdict: String = db.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(Fault::Damaged)
    }
}

pub(super) fn quarantine(path: &Path, tag: u64) -> OpenError {
    let named = |suffix: &str, tag: &str| PathBuf::from(format!("{}{suffix}{tag}", path.display()));
    let tag = format!(".damaged-{tag}");
    // The database first: without its name the rest is never taken for a whole one.
    for suffix in ["", "-wal", "-shm"] {
        let from = named(suffix, "");
        if from.exists()
            && let Err(source) = std::fs::rename(&from, named(suffix, &tag))
        {
            return OpenError::Aside { path: from, source };
        }
    }
    OpenError::Quarantined {
        path: path.to_owned(),
        aside: named("", &tag),
    }
}

fn migrate(db: &mut Connection, path: &Path, migrations: &[&str]) -> Result<(), OpenError> {
    let sqlite = |source| OpenError::Sqlite {
        path: path.to_owned(),
        source,
    };
    let known = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    let found: u32 = db
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(sqlite)?;
    if found > known {
        return Err(OpenError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    for (version, script) in (1u32..)
        .zip(migrations)
        .skip_while(|(version, _)| *version <= found)
    {
        let step = db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(sqlite)?;
        step.execute_batch(script).map_err(sqlite)?;
        step.pragma_update(None, "user_version", version)
            .map_err(sqlite)?;
        step.commit().map_err(sqlite)?;
    }
    Ok(())
}
