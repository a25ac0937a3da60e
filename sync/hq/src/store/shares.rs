//! Answers that officers show to others: the log of who, to whom and when.

use domain::officer::Matricule;
use domain::query::ShareFate;
use domain::{DeviceId, OfficerId, QueryId, UnixMs};

use super::{StoreError, Transaction};

/// One answer that an officer shows.
pub struct NewShare<'a> {
    pub share: QueryId,
    pub query: QueryId,
    pub device: &'a DeviceId,
    pub officer: OfficerId,
    /// To whom, and what became of it.
    pub with: &'a [(Matricule, ShareFate)],
    pub at: UnixMs,
}

/// A line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareRow {
    pub matricule: String,
    pub fate: ShareFate,
}

impl Transaction<'_> {
    pub fn log_share(&self, new: &NewShare<'_>) -> Result<(), StoreError> {
        for (place, (matricule, fate)) in (0_i64..).zip(new.with) {
            self.execute(
                "INSERT INTO share (share, place, query, device, officer, matricule, fate, at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                (
                    new.share.as_bytes(),
                    place,
                    new.query.as_bytes(),
                    new.device.as_str(),
                    new.officer.as_bytes(),
                    matricule.to_string(),
                    *fate as u8,
                    new.at.0,
                ),
                "log an answer that is shown",
            )?;
        }
        Ok(())
    }

    /// To whom the answer was shown under this id, in the order of those named; nobody where the id is unknown.
    pub fn share(&self, share: QueryId) -> Result<Vec<ShareRow>, StoreError> {
        let sql = "SELECT matricule, fate FROM share WHERE share = ?1 ORDER BY place";
        self.share_rows(sql, share)
    }

    /// The same of every time that the answer to this question was shown.
    pub fn shares_of(&self, query: QueryId) -> Result<Vec<ShareRow>, StoreError> {
        let sql = "SELECT matricule, fate FROM share WHERE query = ?1 ORDER BY at, share, place";
        self.share_rows(sql, query)
    }

    fn share_rows(&self, sql: &str, id: QueryId) -> Result<Vec<ShareRow>, StoreError> {
        let rows: Vec<(String, i64)> = self.rows(sql, [id.as_bytes()], "look up a share", |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        rows.into_iter()
            .map(|(matricule, fate)| {
                let fate = match fate {
                    0 => ShareFate::Sent,
                    1 => ShareFate::Away,
                    2 => ShareFate::NotHabilitated,
                    3 => ShareFate::Refused,
                    _ => return Err(StoreError::Corrupt { what: "share" }),
                };
                Ok(ShareRow { matricule, fate })
            })
            .collect()
    }
}
