//! Where the stores of these tests are: each in a database of its own on one server that these tests start.

use std::cell::RefCell;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use hq::store::Server;
use postgres::{Client, NoTls};

use crate::cluster::Cluster;

static DATABASES: AtomicU32 = AtomicU32::new(0);

/// The store of `dir` will be on the server.
pub(crate) fn ready(dir: &Path) {
    let name = format!("hq{}", DATABASES.fetch_add(1, Ordering::Relaxed));
    Cluster::get().create(&name);
    Server::parse(&Cluster::get().url(&name))
        .unwrap()
        .keep_for(dir)
        .unwrap();
}

/// A store as somebody has it who has the database and not the program.
pub(crate) struct Outside(RefCell<Client>);

impl Outside {
    pub(crate) fn of(dir: &Path) -> Self {
        let url = std::fs::read_to_string(dir.join("hq.store")).unwrap();
        Self(RefCell::new(Client::connect(url.trim_end(), NoTls).unwrap()))
    }

    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.0.borrow_mut().query_one(sql, &[]).unwrap().get(0)
    }

    pub(crate) fn batch(&self, sql: &str) {
        self.0.borrow_mut().batch_execute(sql).unwrap();
    }

    pub(crate) fn set_version(&self, version: u32) {
        self.batch(&format!(
            "DELETE FROM store_version; INSERT INTO store_version VALUES ({version})"
        ));
    }

    /// From now on `event`, as `INSERT ON receipt`, fails as on a full disk; only of `envelope` when it is given.
    pub(crate) fn fail(&self, event: &str, envelope: Option<[u8; 16]>) {
        let when = envelope.map_or_else(String::new, |id| {
            format!("WHEN (NEW.envelope = '\\x{}'::bytea)", super::world::hex(&id))
        });
        self.batch(&format!(
            "CREATE OR REPLACE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql
                 AS 'BEGIN RAISE EXCEPTION ''disk full''; END';
             CREATE TRIGGER broken BEFORE {event} FOR EACH ROW {when} EXECUTE FUNCTION broken()"
        ));
    }

    /// The end of [`Self::fail`] on `table`.
    pub(crate) fn mend(&self, table: &str) {
        self.batch(&format!("DROP TRIGGER broken ON {table}"));
    }

    /// Whether `needle` is anywhere in the database's files.
    pub(crate) fn holds(&self, needle: &[u8]) -> bool {
        self.batch("CHECKPOINT");
        let oid = self.number("SELECT oid::bigint FROM pg_database WHERE datname = current_database()");
        let data: String = self
            .0
            .borrow_mut()
            .query_one("SHOW data_directory", &[])
            .unwrap()
            .get(0);
        let files = std::fs::read_dir(Path::new(&data).join("base").join(oid.to_string())).unwrap();
        files.into_iter().any(|file| {
            let bytes = std::fs::read(file.unwrap().path()).unwrap_or_default();
            bytes.windows(needle.len()).any(|window| window == needle)
        })
    }
}
