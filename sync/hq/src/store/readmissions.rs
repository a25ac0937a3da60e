//! Officers whom a supervisor let in again, and why.

use domain::readmission::Readmission;
use domain::{OfficerId, UnixMs};

use super::{StoreError, Transaction};

/// One answer that was read out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenReadmission {
    pub officer: OfficerId,
    /// Twelve digits in groups, as the terminal showed them.
    pub challenge: String,
    pub at: UnixMs,
    pub reason: String,
    /// The context that it was given in.
    pub given_by: String,
}

impl Transaction<'_> {
    /// Notes that `asked` is answered; one that was before keeps its first reason.
    pub(crate) fn note_readmission(
        &self,
        asked: &Readmission,
        reason: &str,
        given_by: &str,
        now: UnixMs,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO readmission (device, officer, challenge, at, reason, given_by)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING",
            (
                asked.device.as_str(),
                asked.officer.as_bytes(),
                asked.challenge.to_string(),
                now.0,
                reason,
                given_by,
            ),
            "note who was let in again",
        )
    }

    /// Every answer that was given for `device`, the oldest first.
    pub fn readmissions(&self, device: &domain::DeviceId) -> Result<Vec<GivenReadmission>, StoreError> {
        self.rows(
            "SELECT officer, challenge, at, reason, given_by FROM readmission WHERE device = ?1
                 ORDER BY at, challenge",
            [device.as_str()],
            "list who was let in again",
            |row| {
                Ok(GivenReadmission {
                    officer: OfficerId::from_bytes(row.get(0)?),
                    challenge: row.get(1)?,
                    at: UnixMs(row.get(2)?),
                    reason: row.get(3)?,
                    given_by: row.get(4)?,
                })
            },
        )
    }
}
