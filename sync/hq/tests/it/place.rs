//! Where the stores of these tests are: in `hq.db` of their folder.

use std::path::{Path, PathBuf};

/// A folder needs nothing for the store that it will have.
pub(crate) const fn ready(_dir: &Path) {}

/// A store as somebody has it who has the database and not the program.
pub(crate) struct Outside {
    connection: rusqlite::Connection,
    dir: PathBuf,
}

impl Outside {
    pub(crate) fn of(dir: &Path) -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the test looks at the store from outside, or breaks it as a full disk would"
        )]
        let connection = rusqlite::Connection::open(dir.join("hq.db")).unwrap();
        Self {
            connection,
            dir: dir.to_owned(),
        }
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.connection.query_row(sql, (), |row| row.get(0)).unwrap()
    }

    pub(crate) fn batch(&self, sql: &str) {
        self.connection.execute_batch(sql).unwrap();
    }

    pub(crate) fn set_version(&self, version: u32) {
        self.batch(&format!("PRAGMA user_version = {version}"));
    }

    /// From now on `event`, as `INSERT ON receipt`, fails as on a full disk; only of `envelope` when it is given.
    pub(crate) fn fail(&self, event: &str, envelope: Option<[u8; 16]>) {
        let when = envelope.map_or_else(String::new, |id| {
            format!("WHEN NEW.envelope = x'{}'", super::world::hex(&id))
        });
        self.batch(&format!(
            "CREATE TRIGGER broken BEFORE {event} {when} BEGIN SELECT RAISE(ABORT, 'disk full'); END"
        ));
    }

    /// The end of [`Self::fail`] on `table`.
    pub(crate) fn mend(&self, _table: &str) {
        self.batch("DROP TRIGGER broken");
    }

    /// Whether `needle` is anywhere in the store's files.
    pub(crate) fn holds(&self, needle: &[u8]) -> bool {
        ["hq.db", "hq.db-wal"].iter().any(|name| {
            let bytes = std::fs::read(self.dir.join(name)).unwrap_or_default();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    }
}
