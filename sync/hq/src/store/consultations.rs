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
    FrameMissing,
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
    /// Codes of the frame and of the kind of act; absent from questions that name none.
    pub frame: Option<&'a str>,
    pub purpose: Option<&'a str>,
    pub outcome: ConsultationOutcome,
    /// What HQ answers; only its keyed digest is stored.
    pub answer: &'a [u8],
    pub at: UnixMs,
}

/// What a terminal says that HQ answered.
pub(crate) struct Given<'a> {
    pub(crate) query: QueryId,
    pub(crate) device: &'a DeviceId,
    pub(crate) officer: OfficerId,
    pub(crate) file: FileKind,
    pub(crate) term: &'a [u8],
    pub(crate) answer: &'a [u8],
}

impl Transaction<'_> {
    pub fn log_consultation(&self, line: &Consultation<'_>) -> Result<(), StoreError> {
        let motive = self.keyed(line.motive.as_bytes())?;
        let term = self.keyed(line.term)?;
        let answer = self.keyed(line.answer)?;
        self.execute(
            "INSERT INTO consultation
                 (query, digest, device, officer, file, motive, term, outcome, at, reason, frame, purpose, answer)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
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
                line.frame,
                line.purpose,
                answer.as_bytes(),
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

    /// Whether HQ gave this officer, on this terminal, exactly this outcome to this question since `since`.
    pub(crate) fn was_answered(&self, given: &Given<'_>, since: UnixMs) -> Result<bool, StoreError> {
        let term = self.keyed(given.term)?;
        let answer = self.keyed(given.answer)?;
        self.exists(
            "SELECT 1 FROM consultation
                 WHERE query = ?1 AND device = ?2 AND officer = ?3 AND file = ?4 AND term = ?5 AND answer = ?6 AND at >= ?7",
            (
                given.query.as_bytes(),
                given.device.as_str(),
                given.officer.as_bytes(),
                given.file as u8,
                term.as_bytes(),
                answer.as_bytes(),
                since.0,
            ),
        )
    }

    /// The sealed reason of a question; none of one that was logged before reasons were kept.
    pub fn consultation_reason(&self, query: QueryId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT reason FROM consultation WHERE query = ?1";
        let reason = self.row(sql, [query.as_bytes()], "look up a reason", |row| row.get(0))?;
        Ok(reason.flatten())
    }

    /// The frame and the kind of act that a question named, as codes.
    pub fn consultation_ground(
        &self,
        query: QueryId,
    ) -> Result<(Option<String>, Option<String>), StoreError> {
        let sql = "SELECT frame, purpose FROM consultation WHERE query = ?1";
        let ground = self.row(sql, [query.as_bytes()], "look up a ground", |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
        Ok(ground.unwrap_or_default())
    }

    /// Questions of a terminal since `since`, that moment included.
    pub(crate) fn asked_by_terminal(&self, device: &DeviceId, since: UnixMs) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM consultation WHERE device = ?1 AND at >= ?2";
        self.counted(sql, (device.as_str(), since.0))
    }

    /// Questions of an officer on any terminal since `since`, that moment included.
    pub(crate) fn asked_by_officer(&self, officer: OfficerId, since: UnixMs) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM consultation WHERE officer = ?1 AND at >= ?2";
        self.counted(sql, (officer.as_bytes(), since.0))
    }

    /// About how many people, vehicles and documents an officer asked for this very motive since `since`.
    pub(crate) fn asked_for_motive(
        &self,
        officer: OfficerId,
        motive: &str,
        since: UnixMs,
    ) -> Result<u64, StoreError> {
        let motive = self.keyed(motive.as_bytes())?;
        let sql =
            "SELECT count(DISTINCT term) FROM consultation WHERE officer = ?1 AND at >= ?2 AND motive = ?3";
        self.counted(sql, (officer.as_bytes(), since.0, motive.as_bytes()))
    }

    fn counted(&self, sql: &str, parameters: impl super::sql::Parameters) -> Result<u64, StoreError> {
        let count: Option<i64> = self.row(sql, parameters, "count consultations", |row| row.get(0))?;
        super::unsigned(count.unwrap_or(0), "consultation")
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

pub(super) fn outcome_of(number: i64) -> Option<ConsultationOutcome> {
    const ALL: [ConsultationOutcome; 6] = [
        ConsultationOutcome::NothingFound,
        ConsultationOutcome::Found,
        ConsultationOutcome::Expired,
        ConsultationOutcome::NotHabilitated,
        ConsultationOutcome::Unreadable,
        ConsultationOutcome::FrameMissing,
    ];
    let mut all = ALL.into_iter();
    all.find(|outcome| i64::from(outcome_number(*outcome)) == number)
}

const fn outcome_number(outcome: ConsultationOutcome) -> u8 {
    match outcome {
        ConsultationOutcome::NothingFound => 0,
        ConsultationOutcome::Found => 1,
        ConsultationOutcome::Expired => 2,
        ConsultationOutcome::NotHabilitated => 3,
        ConsultationOutcome::Unreadable => 4,
        ConsultationOutcome::FrameMissing => 5,
    }
}
