//! The log of consultations: who asked which file, when and why, without the name or plate that was asked about.

use domain::officer::FileKind;
use domain::{DeviceId, Digest, OfficerId, QueryId, UnixMs};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{LOG_KEY, StoreError, Transaction};

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ConsultationOutcome {
    NothingFound,
    Found,
    Expired,
    NotHabilitated,
    Unreadable,
}

/// One line of the log.
pub struct Consultation<'a> {
    pub query: QueryId,
    /// SHA-256 of the question as received.
    pub digest: Digest,
    pub device: &'a DeviceId,
    pub officer: OfficerId,
    pub file: FileKind,
    /// The reason, in the officer's words; its keyed digest is stored.
    pub motive: &'a str,
    /// The reason again, sealed to HQ's own key: only whoever holds that key reads why a file was asked.
    pub reason: &'a [u8],
    /// What was asked about; only its keyed digest is stored.
    pub term: &'a [u8],
    pub outcome: ConsultationOutcome,
    pub at: UnixMs,
}

impl Transaction<'_> {
    pub fn log_consultation(&self, line: &Consultation<'_>) -> Result<(), StoreError> {
        let motive = self.keyed(line.motive.as_bytes())?;
        let term = self.keyed(line.term)?;
        self.execute(
            "INSERT INTO consultation (query, digest, device, officer, file, motive, term, outcome, at, reason)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
            (
                line.query.as_bytes(),
                line.digest.as_bytes(),
                line.device.as_str(),
                line.officer.as_bytes(),
                line.file as u8,
                motive.as_bytes(),
                term.as_bytes(),
                outcome_number(line.outcome),
                line.at.0,
                line.reason,
            ),
            "log a consultation",
        )
    }

    /// The digest of the question that was logged under this id.
    pub fn consultation(&self, query: QueryId) -> Result<Option<Digest>, StoreError> {
        self.row(
            "SELECT digest FROM consultation WHERE query = ?1",
            [query.as_bytes()],
            "look up a consultation",
            |row| row.get(0).map(Digest::from_bytes),
        )
    }

    /// The sealed reason of a question; none of one that was logged before reasons were kept.
    pub fn consultation_reason(&self, query: QueryId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT reason FROM consultation WHERE query = ?1";
        let reason = self.row(sql, [query.as_bytes()], "look up a reason", |row| row.get(0))?;
        Ok(reason.flatten())
    }

    /// HMAC-SHA-256 under a key that never leaves the store: equal terms show as equal, and nothing else shows.
    fn keyed(&self, text: &[u8]) -> Result<Digest, StoreError> {
        let key = self
            .setting(LOG_KEY)?
            .ok_or(StoreError::Corrupt { what: "log key" })?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).expect("HMAC takes a key of any length");
        mac.update(text);
        Ok(Digest::from_bytes(mac.finalize().into_bytes().into()))
    }
}

const fn outcome_number(outcome: ConsultationOutcome) -> u8 {
    match outcome {
        ConsultationOutcome::NothingFound => 0,
        ConsultationOutcome::Found => 1,
        ConsultationOutcome::Expired => 2,
        ConsultationOutcome::NotHabilitated => 3,
        ConsultationOutcome::Unreadable => 4,
    }
}
