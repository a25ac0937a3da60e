//! Configuration profiles on the terminal: the one in force, the one before, and the last one that was refused.

use domain::journal::Operation;
use domain::profile::{ProfileRefusal, ProfileRefused};
use domain::{Digest, Timestamp};
use rusqlite::params;

use super::journal::append;
use super::{DeviceStore, StoreError, failed, one, run, unreadable};

impl DeviceStore {
    /// The profiles that are kept as HQ signed them, the newest first.
    pub fn profiles(&self) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT serial, cose FROM profile ORDER BY serial DESC")
            .map_err(failed("profile"))?;
        let rows = rows
            .query_map([], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?)))
            .map_err(failed("profile"))?;
        rows.map(|row| {
            let (serial, cose) = row.map_err(failed("profile"))?;
            Ok((u64::try_from(serial).map_err(unreadable("profile"))?, cose))
        })
        .collect()
    }

    /// Takes a verified profile into force, with its line in the journal, in one commit.
    pub fn keep_profile(&mut self, serial: u64, cose: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let journal = self.journal;
        let tx = self.write("profile")?;
        let row = i64::try_from(serial).map_err(unreadable("profile"))?;
        run(
            &tx,
            "profile",
            "INSERT INTO profile (serial, cose) VALUES (?1, ?2)",
            params![row, cose],
        )?;
        run(
            &tx,
            "profile",
            "DELETE FROM profile WHERE serial < (SELECT max(serial) FROM profile WHERE serial < ?1)",
            [row],
        )?;
        run(&tx, "profile", "DELETE FROM profile_refused", [])?;
        let profile = Digest::of(cose);
        append(&tx, journal, now, None, Operation::Configured { serial, profile })?;
        tx.commit().map_err(failed("profile"))
    }

    pub fn refused_profile(&self) -> Result<Option<ProfileRefused>, StoreError> {
        let sql = "SELECT serial, reason FROM profile_refused ORDER BY serial DESC LIMIT 1";
        let row = one(&self.db, "profile", sql, [], |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?))
        })?;
        row.map(|(serial, reason)| {
            Ok(ProfileRefused {
                serial: u64::try_from(serial).map_err(unreadable("profile"))?,
                reason: ProfileRefusal::from_code(&reason)
                    .ok_or(StoreError::Unreadable { what: "profile" })?,
            })
        })
        .transpose()
    }

    /// Keeps why a profile is not followed, until another is.
    pub fn refuse_profile(&mut self, refused: ProfileRefused) -> Result<(), StoreError> {
        let serial = i64::try_from(refused.serial).map_err(unreadable("profile"))?;
        let tx = self.write("profile")?;
        run(&tx, "profile", "DELETE FROM profile_refused", [])?;
        run(
            &tx,
            "profile",
            "INSERT INTO profile_refused (serial, reason) VALUES (?1, ?2)",
            params![serial, refused.reason.code()],
        )?;
        tx.commit().map_err(failed("profile"))
    }
}
