//! The outbox: what was signed and what HQ answered. No row comes but with its journal line, none is answered but by a
//! verified receipt.

use domain::delivery::Delivery;
use domain::envelope::{Lane, ReceiptStatus, RefusalCode};
use domain::footage::Recording;
use domain::journal::Operation;
use domain::record::ActKind;
use domain::{ActId, ActNumber, Digest, EnvelopeId, JournalId, OfficerId, Timestamp, UnixMs, canonical};
use rusqlite::{OptionalExtension, Row, Transaction, params};

use super::device::{kind_code, kind_of, lane_code, lane_of};
use super::journal::append;
use super::recordings;
use super::{DeviceStore, StoreError, failed, fixed, one, run, unreadable};

/// A signed act, ready to exist.
#[derive(Debug, Clone)]
pub struct NewAct<'a> {
    pub act: ActId,
    pub kind: ActKind,
    pub lane: Lane,
    pub sequence: u64,
    pub number: Option<ActNumber>,
    pub envelope: EnvelopeId,
    /// SHA-256 of the record's COSE_Sign1.
    pub record: Digest,
    /// The envelope's COSE_Sign1.
    pub cose: &'a [u8],
    pub signed_at: Timestamp,
    /// The key of its term and the deadline, when it has one.
    pub term: Option<(&'a [u8; 32], UnixMs)>,
    pub corrects: Option<ActId>,
    /// The act whose answer from HQ this one waits for before it leaves.
    pub behind: Option<ActId>,
    /// The clip whose manifest it carries.
    pub clip: Option<Recording>,
}

/// One act on its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    pub envelope: EnvelopeId,
    pub act: ActId,
    pub kind: ActKind,
    pub lane: Lane,
    pub sequence: u64,
    pub number: Option<ActNumber>,
    pub record: Digest,
    pub signed_at: Timestamp,
    pub delivery: Delivery,
    pub corrected_by: Option<ActId>,
    pub bytes: usize,
    /// The act whose answer from HQ this one waits for before it leaves.
    pub behind: Option<ActId>,
}

/// The outbox in four figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    pub waiting: u32,
    pub received: u32,
    pub refused: u32,
    /// HQ's clock.
    pub last_received: Option<UnixMs>,
}

/// HQ's word on one envelope, verified.
#[derive(Debug, Clone, Copy)]
pub struct Answer<'a> {
    pub envelope: EnvelopeId,
    pub status: ReceiptStatus,
    /// HQ's clock.
    pub at: UnixMs,
    /// The receipt's COSE_Sign1.
    pub cose: &'a [u8],
}

/// What a receipt changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReceiptEffect {
    Stored,
    Refused(RefusalCode),
    /// Known already, or about nothing of ours.
    Nothing,
}

const COLUMNS: &str = "envelope, act, kind, lane, sequence, year, serial, record, signed_at, refusal, \
                       answered, corrected_by, receipt IS NOT NULL, bytes, behind";

impl DeviceStore {
    /// The commit that makes an act exist: outbox row, journal line, term key, and the end of its reservation.
    pub fn commit_act(
        &mut self,
        new: &NewAct<'_>,
        officer: Option<OfficerId>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let journal = self.journal_id();
        let tx = self.write("act")?;
        let act = new.act.as_bytes();
        let known = one(&tx, "act", "SELECT 1 FROM outbox WHERE act = ?1", [act], |_| {
            Ok(())
        })?;
        run(&tx, "act", "DELETE FROM reservation WHERE act = ?1", [act])?;
        if known.is_some() {
            return tx.commit().map_err(failed("act"));
        }
        let sequence = i64::try_from(new.sequence).map_err(unreadable("sequence"))?;
        run(
            &tx,
            "act",
            "INSERT INTO outbox (envelope, act, kind, lane, sequence, year, serial, record, digest, bytes, signed_at, behind)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                new.envelope.as_bytes(),
                act,
                kind_code(new.kind),
                lane_code(new.lane),
                sequence,
                new.number.map(|n| n.year),
                new.number.map(|n| n.serial),
                new.record.as_bytes(),
                Digest::of(new.cose).as_bytes(),
                i64::try_from(new.cose.len()).map_err(unreadable("length"))?,
                canonical::encode(&new.signed_at),
                new.behind.as_ref().map(ActId::as_bytes),
            ],
        )?;
        run(
            &tx,
            "act",
            "INSERT INTO envelope (id, cose) VALUES (?1, ?2)",
            params![new.envelope.as_bytes(), new.cose],
        )?;
        if let Some((key, until)) = new.term {
            run(
                &tx,
                "act",
                "INSERT INTO term_key (act, key, until) VALUES (?1, ?2, ?3)",
                params![act, key.as_slice(), until.0],
            )?;
        }
        if let Some(corrected) = new.corrects {
            run(
                &tx,
                "act",
                "UPDATE outbox SET corrected_by = ?2 WHERE act = ?1",
                params![corrected.as_bytes(), act],
            )?;
        }
        if let Some(taken) = &new.clip {
            run(
                &tx,
                "act",
                "UPDATE clip SET root = ?2, until = ?3 WHERE clip = ?1",
                params![taken.clip.as_bytes(), taken.root.as_bytes(), taken.until.0],
            )?;
            recordings::keep(&tx, taken)?;
        }
        append(
            &tx,
            journal,
            now,
            officer,
            Operation::Signed { record: new.record },
        )?;
        tx.commit().map_err(failed("act"))
    }

    /// Stores HQ's verified answers with their journal lines, in one commit; one that is known changes nothing.
    /// Gives an effect for each answer, in their order.
    pub fn store_receipts(
        &mut self,
        answers: &[Answer<'_>],
        now: Timestamp,
    ) -> Result<Vec<ReceiptEffect>, StoreError> {
        let journal = self.journal_id();
        let tx = self.write("receipt")?;
        let mut effects = Vec::with_capacity(answers.len());
        for answer in answers {
            effects.push(store_receipt(&tx, journal, answer, now)?);
        }
        tx.commit().map_err(failed("receipt"))?;
        Ok(effects)
    }

    /// Every act, in the order of its lane.
    pub fn acts(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows("ORDER BY lane, sequence", [])
    }

    /// The acts without an answer, in sending order.
    pub fn waiting(&self) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows("WHERE receipt IS NULL ORDER BY lane, sequence", [])
    }

    /// The act whose envelope has this SHA-256, the one thing that HQ can always name.
    pub fn act_sent_as(&self, digest: Digest) -> Result<Option<OutboxRow>, StoreError> {
        Ok(self
            .rows("WHERE digest = ?1", [digest.as_bytes().as_slice()])?
            .pop())
    }

    pub fn act_of(&self, envelope: EnvelopeId) -> Result<Option<OutboxRow>, StoreError> {
        Ok(self
            .rows("WHERE envelope = ?1", [envelope.as_bytes().as_slice()])?
            .pop())
    }

    pub fn row_of(&self, act: ActId) -> Result<Option<OutboxRow>, StoreError> {
        Ok(self.rows("WHERE act = ?1", [act.as_bytes().as_slice()])?.pop())
    }

    /// The acts that leave only once `act` is answered.
    pub fn behind(&self, act: ActId) -> Result<Vec<OutboxRow>, StoreError> {
        self.rows("WHERE behind = ?1", [act.as_bytes().as_slice()])
    }

    /// The bytes to send, while no answer is stored.
    pub fn to_send(&self, envelope: EnvelopeId) -> Result<Option<(Lane, Vec<u8>)>, StoreError> {
        let row: Option<(i64, Vec<u8>)> = one(
            &self.db,
            "outbox",
            "SELECT lane, cose FROM outbox JOIN envelope ON id = envelope
             WHERE id = ?1 AND receipt IS NULL",
            [envelope.as_bytes()],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?;
        row.map(|(lane, cose)| Ok((lane_of(lane)?, cose))).transpose()
    }

    /// How many acts wait, are received and are refused, and when HQ last answered.
    pub fn tally(&self) -> Result<Tally, StoreError> {
        self.db
            .query_row(
                "SELECT count(*) FILTER (WHERE receipt IS NULL),
                        count(*) FILTER (WHERE receipt IS NOT NULL AND refusal IS NULL),
                        count(*) FILTER (WHERE refusal IS NOT NULL),
                        max(answered) FILTER (WHERE refusal IS NULL)
                 FROM outbox",
                [],
                |row| {
                    Ok(Tally {
                        waiting: row.get(0)?,
                        received: row.get(1)?,
                        refused: row.get(2)?,
                        last_received: row.get::<_, Option<i64>>(3)?.map(UnixMs),
                    })
                },
            )
            .map_err(failed("tally"))
    }

    /// The latest acts, oldest first.
    pub fn recent(&self, limit: u32) -> Result<Vec<OutboxRow>, StoreError> {
        let limit = limit.to_string();
        let tail = format!("ORDER BY lane DESC, sequence DESC LIMIT {limit}");
        let mut rows = self.rows(&tail, [])?;
        rows.reverse();
        Ok(rows)
    }

    /// HQ's answer as received, for evidence.
    pub fn receipt(&self, act: ActId) -> Result<Option<Vec<u8>>, StoreError> {
        self.db
            .query_row(
                "SELECT receipt FROM outbox WHERE act = ?1",
                [act.as_bytes()],
                |row| row.get(0),
            )
            .optional()
            .map(Option::flatten)
            .map_err(failed("receipt"))
    }

    fn rows<const N: usize>(&self, tail: &str, args: [&[u8]; N]) -> Result<Vec<OutboxRow>, StoreError> {
        let mut rows = self
            .db
            .prepare_cached(&format!("SELECT {COLUMNS} FROM outbox {tail}"))
            .map_err(failed("outbox"))?;
        let rows = rows
            .query_map(rusqlite::params_from_iter(args), |row| Ok(read_row(row)))
            .map_err(failed("outbox"))?;
        rows.map(|row| row.map_err(failed("outbox"))?).collect()
    }
}

fn store_receipt(
    tx: &Transaction<'_>,
    journal: JournalId,
    answer: &Answer<'_>,
    now: Timestamp,
) -> Result<ReceiptEffect, StoreError> {
    let envelope = answer.envelope.as_bytes();
    let record: Option<Vec<u8>> = one(
        tx,
        "receipt",
        "SELECT record FROM outbox WHERE envelope = ?1 AND receipt IS NULL",
        [envelope],
        |row| row.get(0),
    )?;
    let Some(record) = record else {
        return Ok(ReceiptEffect::Nothing);
    };
    let record = Digest::from_bytes(fixed("record", record)?);
    let (refusal, operation, effect) = match answer.status {
        ReceiptStatus::Stored => (None, Operation::ReceiptStored { record }, ReceiptEffect::Stored),
        ReceiptStatus::Refused(code) => (
            Some(refusal_code(code)),
            Operation::Refused { record },
            ReceiptEffect::Refused(code),
        ),
    };
    run(
        tx,
        "receipt",
        "UPDATE outbox SET receipt = ?2, refusal = ?3, answered = ?4 WHERE envelope = ?1",
        params![envelope, answer.cose, refusal, answer.at.0],
    )?;
    append(tx, journal, now, None, operation)?;
    Ok(effect)
}

fn read_row(row: &Row<'_>) -> Result<OutboxRow, StoreError> {
    fn get<T: rusqlite::types::FromSql>(row: &Row<'_>, at: usize) -> Result<T, StoreError> {
        row.get(at).map_err(failed("outbox"))
    }
    let year: Option<u16> = get(row, 5)?;
    let serial: Option<u32> = get(row, 6)?;
    let signed_at: Vec<u8> = get(row, 8)?;
    let refusal: Option<i64> = get(row, 9)?;
    let answered = UnixMs(get::<Option<i64>>(row, 10)?.unwrap_or_default());
    let delivery = match (get::<bool>(row, 12)?, refusal) {
        (false, _) => Delivery::Waiting { attempts: 0 },
        (true, None) => Delivery::Received { at: answered },
        (true, Some(code)) => Delivery::Refused {
            at: answered,
            code: refusal_of(code)?,
        },
    };
    let corrected_by: Option<Vec<u8>> = get(row, 11)?;
    Ok(OutboxRow {
        envelope: EnvelopeId::from_bytes(fixed("envelope", get(row, 0)?)?),
        act: ActId::from_bytes(fixed("act", get(row, 1)?)?),
        kind: kind_of(get(row, 2)?)?,
        lane: lane_of(get(row, 3)?)?,
        sequence: u64::try_from(get::<i64>(row, 4)?).map_err(unreadable("sequence"))?,
        number: year.zip(serial).map(|(year, serial)| ActNumber { year, serial }),
        record: Digest::from_bytes(fixed("record", get(row, 7)?)?),
        signed_at: canonical::decode(&signed_at).map_err(unreadable("signing time"))?,
        delivery,
        corrected_by: corrected_by
            .map(|bytes| fixed("act", bytes).map(ActId::from_bytes))
            .transpose()?,
        bytes: usize::try_from(get::<i64>(row, 13)?).map_err(unreadable("length"))?,
        behind: get::<Option<Vec<u8>>>(row, 14)?
            .map(|bytes| fixed("act", bytes).map(ActId::from_bytes))
            .transpose()?,
    })
}

/// A refusal is kept as its wire number, so that the column and the receipt say the same.
fn refusal_code(code: RefusalCode) -> i64 {
    // Below 24 the code is the byte itself, from there on the byte after the head of the number.
    canonical::encode(&code).last().copied().map_or(0, i64::from)
}

fn refusal_of(code: i64) -> Result<RefusalCode, StoreError> {
    let byte = u8::try_from(code).map_err(unreadable("refusal"))?;
    let short = canonical::decode(&[byte]);
    short
        .or_else(|_| canonical::decode(&[0x18, byte]))
        .map_err(unreadable("refusal"))
}
