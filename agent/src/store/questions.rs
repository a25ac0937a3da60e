//! Questions to police files until their officer has read the answer: each is in the journal before it is here, and each
//! answer before it is shown.

use domain::journal::Operation;
use domain::officer::FileKind;
use domain::{ActId, Digest, OfficerId, QueryId, Timestamp, UnixMs, canonical};
use rusqlite::{Row, params};

use super::journal::append;
use super::{DeviceStore, StoreError, failed, fixed, one, run, unreadable};

/// Questions that are told apart from unknown ones; a shift asks fewer.
const MOST: u32 = 512;

/// Answers that are kept sealed; more than that come as "no answer".
const MOST_KEPT: u32 = 64;

/// A question about to leave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewQuestion {
    pub id: QueryId,
    pub draft: ActId,
    pub file: FileKind,
    /// Keyed digest of what it is about.
    pub term: Digest,
    /// Its line in the journal.
    pub consulted: Operation,
}

/// A question that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuestionRow {
    pub id: QueryId,
    pub officer: OfficerId,
    pub draft: ActId,
    pub file: FileKind,
    /// Keyed digest of what it is about.
    pub term: Digest,
    /// As HQ sealed it for the terminal, while its officer has not read it; empty where it could not be kept.
    pub answer: Option<Vec<u8>>,
    /// The answer came after the wait was over.
    pub late: bool,
}

/// What stays of a question whose answer is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Nothing,
    /// The sealed answer, until its officer says that it was read.
    UntilRead,
}

const SELECT: &str = "SELECT id, officer, draft, file, term, answer, late FROM question";

impl DeviceStore {
    /// Writes a line of the journal for each question, all in one commit; only then may any of them leave.
    pub fn log_questions(
        &mut self,
        now: Timestamp,
        officer: OfficerId,
        questions: &[NewQuestion],
    ) -> Result<(), StoreError> {
        let what = "question";
        let journal = self.journal;
        let tx = self.write(what)?;
        for question in questions {
            append(&tx, journal, now, Some(officer), question.consulted.clone())?;
            run(
                &tx,
                what,
                "INSERT INTO question (id, officer, draft, file, asked, term) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![
                    question.id.as_bytes().as_slice(),
                    officer.as_bytes().as_slice(),
                    question.draft.as_bytes().as_slice(),
                    question.file as u8,
                    now.utc.0,
                    question.term.as_bytes().as_slice(),
                ],
            )?;
        }
        // An answer that waits is never given up for a question.
        let sql = "DELETE FROM question WHERE answer IS NULL AND id IN (
                       SELECT id FROM question ORDER BY asked DESC, id DESC LIMIT -1 OFFSET ?1)";
        run(&tx, what, sql, [MOST])?;
        tx.commit().map_err(failed(what))
    }

    pub fn question(&self, id: QueryId) -> Result<Option<QuestionRow>, StoreError> {
        let sql = format!("{SELECT} WHERE id = ?1");
        let row = one(&self.db, "question", &sql, [id.as_bytes().as_slice()], raw)?;
        row.map(read).transpose()
    }

    /// The questions of `officer`, the oldest first.
    pub fn questions_of(&self, officer: OfficerId) -> Result<Vec<QuestionRow>, StoreError> {
        let what = "question";
        let sql = format!("{SELECT} WHERE officer = ?1 ORDER BY asked, id");
        let mut rows = self.db.prepare_cached(&sql).map_err(failed(what))?;
        let rows = rows
            .query_map([officer.as_bytes().as_slice()], raw)
            .map_err(failed(what))?;
        rows.map(|row| row.map_err(failed(what)).and_then(read)).collect()
    }

    /// Keeps an answer, sealed, for an officer who is not at work.
    pub fn keep_answer(&mut self, id: QueryId, sealed: &[u8], late: bool) -> Result<(), StoreError> {
        let what = "answer";
        let tx = self.write(what)?;
        let sql = "UPDATE question SET late = ?3,
                       answer = CASE WHEN (SELECT count(*) FROM question WHERE length(answer) > 0) < ?4
                                THEN ?2 ELSE x'' END
                   WHERE id = ?1";
        run(
            &tx,
            what,
            sql,
            params![id.as_bytes().as_slice(), sealed, late, MOST_KEPT],
        )?;
        tx.commit().map_err(failed(what))
    }

    /// Writes the line of the journal before the answer is shown, in the commit that settles what stays of it.
    pub(crate) fn note_answer_shown(
        &mut self,
        now: Timestamp,
        row: &QuestionRow,
        shown: Operation,
        kept: Kept,
    ) -> Result<(), StoreError> {
        let what = "answer";
        let journal = self.journal;
        let id = row.id.as_bytes().as_slice();
        let tx = self.write(what)?;
        append(&tx, journal, now, Some(row.officer), shown)?;
        match kept {
            Kept::Nothing => run(&tx, what, "DELETE FROM question WHERE id = ?1", [id])?,
            Kept::UntilRead => {
                let sql = "UPDATE question SET answer = ?2, late = ?3 WHERE id = ?1";
                run(&tx, what, sql, params![id, row.answer, row.late])?
            }
        };
        tx.commit().map_err(failed(what))
    }

    /// The officer has read it, or there is nothing in it that opens.
    pub fn forget_question(&mut self, id: QueryId) -> Result<(), StoreError> {
        let sql = "DELETE FROM question WHERE id = ?1";
        run(&self.db, "question", sql, [id.as_bytes().as_slice()]).map(drop)
    }

    /// Forgets what was asked before `before`, answers included; how many.
    pub fn forget_questions(&mut self, before: UnixMs) -> Result<usize, StoreError> {
        let sql = "DELETE FROM question WHERE asked < ?1";
        run(&self.db, "question", sql, [before.0])
    }

    /// Answers that wait for an officer to come.
    pub fn waiting_answers(&self) -> Result<u32, StoreError> {
        let sql = "SELECT count(*) FROM question WHERE answer IS NOT NULL";
        Ok(one(&self.db, "answer", sql, [], |row| row.get(0))?.unwrap_or(0))
    }
}

type Raw = (Vec<u8>, Vec<u8>, Vec<u8>, u8, Vec<u8>, Option<Vec<u8>>, bool);

fn raw(row: &Row<'_>) -> rusqlite::Result<Raw> {
    Ok((
        row.get(0)?,
        row.get(1)?,
        row.get(2)?,
        row.get(3)?,
        row.get(4)?,
        row.get(5)?,
        row.get(6)?,
    ))
}

fn read((id, officer, draft, file, term, answer, late): Raw) -> Result<QuestionRow, StoreError> {
    let what = "question";
    Ok(QuestionRow {
        id: QueryId::from_bytes(fixed(what, id)?),
        officer: OfficerId::from_bytes(fixed(what, officer)?),
        draft: ActId::from_bytes(fixed(what, draft)?),
        file: canonical::decode(&canonical::encode(&file)).map_err(unreadable(what))?,
        term: Digest::from_bytes(fixed(what, term)?),
        answer,
        late,
    })
}
