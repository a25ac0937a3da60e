//! A whole database under another key, beside the one in use: `PRAGMA rekey` in place can lose both (ADR 27).

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use zeroize::Zeroizing;

use super::open::{self, RawKey};
use super::{OfficerStore, StoreError, failed};

/// The first bytes of a SQLCipher database, drawn when it is made: they tell two files apart without a key.
pub type Salt = [u8; 16];

/// The salt of the database at `path`; none where there is no file.
pub fn salt(path: &Path) -> io::Result<Option<Salt>> {
    let mut salt = Salt::default();
    match File::open(path) {
        Ok(mut file) => file.read_exact(&mut salt).map(|()| Some(salt)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A database, its write-ahead log and the index of that.
pub fn with_its_log(database: &Path) -> [PathBuf; 3] {
    let beside = |suffix: &str| {
        let mut name = database.to_owned().into_os_string();
        name.push(suffix);
        PathBuf::from(name)
    };
    [beside("-wal"), beside("-shm"), database.to_owned()]
}

impl OfficerStore {
    /// Writes everything into a new database at `path` under `key`, synced and read back whole; then closes this one
    /// with an empty log, so that its file alone is the database.
    pub fn export(self, path: &Path, key: &RawKey) -> Result<(), StoreError> {
        let what = "export";
        let version: i64 = self
            .db
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .map_err(failed(what))?;
        let quoted = path.to_string_lossy().replace('\'', "''");
        let attach = Zeroizing::new(format!(
            "ATTACH DATABASE '{quoted}' AS next KEY \"{}\";",
            *open::quoted(key)
        ));
        self.db.execute_batch(&attach).map_err(failed(what))?;
        let batch = format!(
            "PRAGMA next.synchronous = FULL;
             SELECT sqlcipher_export('next');
             PRAGMA next.user_version = {version};
             DETACH DATABASE next;
             PRAGMA wal_checkpoint(TRUNCATE);"
        );
        self.db.execute_batch(&batch).map_err(failed(what))?;
        if !self.has_rows_of(path, key)? {
            return Err(StoreError::Unreadable { what });
        }
        let sync = || File::open(path)?.sync_all();
        sync().map_err(|_| StoreError::Unreadable { what })?;
        self.db.close().map_err(|(_, error)| failed(what)(error))
    }

    /// Whether the database at `path` reads whole and has as many rows in each table.
    fn has_rows_of(&self, path: &Path, key: &RawKey) -> Result<bool, StoreError> {
        let what = "export";
        let Ok(Some(next)) = open::read_whole(path, key) else {
            return Ok(false);
        };
        let tables = |db: &Connection| -> rusqlite::Result<Vec<String>> {
            let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name";
            db.prepare(sql)?.query_map([], |row| row.get(0))?.collect()
        };
        let names = tables(&self.db).map_err(failed(what))?;
        if names != tables(&next).map_err(failed(what))? {
            return Ok(false);
        }
        let count = |db: &Connection, table: &str| -> rusqlite::Result<i64> {
            let sql = format!("SELECT count(*) FROM \"{table}\"");
            db.query_row(&sql, [], |row| row.get(0))
        };
        for table in &names {
            let (ours, theirs) = (count(&self.db, table), count(&next, table));
            if ours.map_err(failed(what))? != theirs.map_err(failed(what))? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
