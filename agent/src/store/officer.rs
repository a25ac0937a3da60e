//! `officer-<id>.db`: drafts and readable acts, open only while the officer is.

use std::path::Path;

use domain::draft::Draft;
use domain::envelope::Lane;
use domain::record::ActKind;
use domain::service::Service;
use domain::{ActId, ActNumber, Digest, EnvelopeId, Timestamp, UnixMs, canonical};
use minicbor::{Decode, Encode};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};
use trust::seal::Identity;
use zeroize::Zeroizing;

use super::open::{self, Check, Existing};
use super::{NewAct, OpenError, RawKey, StoreError, failed, fixed, run, unreadable};

const MIGRATIONS: &[&str] = &[
    include_str!("../../migrations/officer/0001_acts.sql"),
    include_str!("../../migrations/officer/0002_photos.sql"),
    include_str!("../../migrations/officer/0003_shown.sql"),
    include_str!("../../migrations/officer/0004_printing.sql"),
    include_str!("../../migrations/officer/0005_visas.sql"),
    include_str!("../../migrations/officer/0006_reply_key.sql"),
    include_str!("../../migrations/officer/0007_rights.sql"),
    include_str!("../../migrations/officer/0008_suivi.sql"),
    include_str!("../../migrations/officer/0009_pieces.sql"),
    include_str!("../../migrations/officer/0010_beside_drafts.sql"),
    include_str!("../../migrations/officer/0011_in_hand.sql"),
    include_str!("../../migrations/officer/0012_interventions.sql"),
    include_str!("../../migrations/officer/0013_briefing.sql"),
    include_str!("../../migrations/officer/0014_crew.sql"),
    include_str!("../../migrations/officer/0015_custody.sql"),
];

/// The write connection to one officer's database.
pub struct OfficerStore {
    pub(super) db: Connection,
}

/// All bytes of a signed act, written before the act exists so that a crash in between loses nothing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SigningIntent {
    #[n(0)]
    pub act: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub lane: Lane,
    #[n(3)]
    pub sequence: u64,
    #[n(4)]
    pub number: Option<ActNumber>,
    #[n(5)]
    pub envelope: EnvelopeId,
    #[n(6)]
    pub record: Digest,
    #[cbor(n(7), with = "minicbor::bytes")]
    pub envelope_cose: Vec<u8>,
    #[n(8)]
    pub signed_at: Timestamp,
    #[n(9)]
    pub term: Option<IntentTerm>,
    #[n(10)]
    pub corrects: Option<ActId>,
    #[n(11)]
    pub readable: StoredRecord,
    /// The act whose answer from HQ this one waits for before it leaves.
    #[n(12)]
    pub behind: Option<ActId>,
}

/// The key of a term, and its deadline.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct IntentTerm {
    #[cbor(n(0), with = "minicbor::bytes")]
    pub key: [u8; 32],
    #[n(1)]
    pub until: UnixMs,
}

/// What the officer may read again. `sealed` means that the bytes are wrapped by the act's term key.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StoredRecord {
    #[n(0)]
    pub sealed: bool,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub cose: Vec<u8>,
    #[cbor(n(2), with = "minicbor::bytes")]
    pub document: Option<Vec<u8>>,
    #[cbor(n(3), with = "minicbor::bytes")]
    pub recepisse: Option<Vec<u8>>,
    #[cbor(n(4), with = "minicbor::bytes")]
    pub draft: Vec<u8>,
    /// The sheet of rights.
    #[cbor(n(5), with = "minicbor::bytes")]
    pub rights: Option<Vec<u8>>,
    /// For a medical examination.
    #[cbor(n(6), with = "minicbor::bytes")]
    pub requisition: Option<Vec<u8>>,
}

impl SigningIntent {
    /// The same act as the device database takes it.
    pub fn new_act(&self) -> NewAct<'_> {
        NewAct {
            act: self.act,
            kind: self.kind,
            lane: self.lane,
            sequence: self.sequence,
            number: self.number,
            envelope: self.envelope,
            record: self.record,
            cose: &self.envelope_cose,
            signed_at: self.signed_at,
            term: self.term.as_ref().map(|term| (&term.key, term.until)),
            corrects: self.corrects,
            behind: self.behind,
            clip: None,
        }
    }
}

impl OfficerStore {
    /// Opens, or creates at the officer's first unlock on this terminal (`first` true).
    pub fn open(path: &Path, key: &RawKey, first: bool, now: UnixMs) -> Result<Self, OpenError> {
        let existing = if first {
            Existing::MayCreate
        } else {
            Existing::Required
        };
        let tag = u64::try_from(now.0).unwrap_or(0);
        Ok(Self {
            db: open::open(path, key, MIGRATIONS, existing, Check::Whole, tag)?,
        })
    }

    pub(super) const fn db(&self) -> &Connection {
        &self.db
    }

    /// Keeps a draft as typed.
    pub fn save_draft(&self, draft: &Draft, now: Timestamp) -> Result<(), StoreError> {
        put_draft(&self.db, draft, now)
    }

    /// Keeps a draft and the document that those who sign it have before them, or neither.
    pub fn save_shown(&mut self, draft: &Draft, pdf: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("shown document"))?;
        tx.execute(
            "INSERT OR REPLACE INTO shown (act, pdf) VALUES (?1, ?2)",
            params![draft.id.as_bytes(), pdf],
        )
        .map_err(failed("shown document"))?;
        put_draft(&tx, draft, now)?;
        tx.commit().map_err(failed("shown document"))
    }

    pub fn shown(&self, act: ActId) -> Result<Option<Vec<u8>>, StoreError> {
        self.db
            .query_row("SELECT pdf FROM shown WHERE act = ?1", [act.as_bytes()], |row| {
                row.get(0)
            })
            .optional()
            .map_err(failed("shown document"))
    }

    /// Keeps a draft and the sheet of rights that the victim has before them, or neither.
    pub fn save_rights(&mut self, draft: &Draft, pdf: &[u8], now: Timestamp) -> Result<(), StoreError> {
        let what = "sheet of rights";
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed(what))?;
        let sql = "INSERT OR REPLACE INTO rights (act, pdf) VALUES (?1, ?2)";
        tx.execute(sql, params![draft.id.as_bytes(), pdf])
            .map_err(failed(what))?;
        put_draft(&tx, draft, now)?;
        tx.commit().map_err(failed(what))
    }

    /// Keeps the leaflet that is before whoever the draft is about: the last one, until the act is signed or given up.
    pub fn keep_leaflet(&self, draft: ActId, pdf: &[u8]) -> Result<(), StoreError> {
        let sql = "INSERT OR REPLACE INTO rights (act, pdf) VALUES (?1, ?2)";
        run(&self.db, "leaflet", sql, params![draft.as_bytes(), pdf])?;
        Ok(())
    }

    /// The sheet of rights, or the leaflet, of a draft.
    pub fn rights(&self, act: ActId) -> Result<Option<Vec<u8>>, StoreError> {
        let sql = "SELECT pdf FROM rights WHERE act = ?1";
        let found = self.db.query_row(sql, [act.as_bytes()], |row| row.get(0));
        found.optional().map_err(failed("sheet of rights"))
    }

    /// The key that answers of files are sealed to, made when it is first asked for.
    pub fn reply_key(&mut self) -> Result<Identity, StoreError> {
        let what = "reply key";
        let kept: Option<String> = self
            .db
            .query_row("SELECT identity FROM reply_key", [], |row| row.get(0))
            .optional()
            .map_err(failed(what))?;
        if let Some(text) = kept.map(Zeroizing::new) {
            return Identity::from_text(&text).map_err(unreadable(what));
        }
        let identity = Identity::generate();
        let sql = "INSERT INTO reply_key (only, identity) VALUES (1, ?1)";
        self.db
            .execute(sql, [identity.to_text().as_str()])
            .map_err(failed(what))?;
        Ok(identity)
    }

    /// Gives a draft up with everything around it.
    pub fn discard(&mut self, act: ActId) -> Result<(), StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("draft"))?;
        for sql in [
            "DELETE FROM intent WHERE act = ?1",
            "DELETE FROM shown WHERE act = ?1",
            "DELETE FROM rights WHERE act = ?1",
            "DELETE FROM draft WHERE act = ?1",
        ] {
            tx.execute(sql, [act.as_bytes()]).map_err(failed("draft"))?;
        }
        tx.commit().map_err(failed("draft"))
    }

    pub fn draft(&self, act: ActId) -> Result<Option<Draft>, StoreError> {
        let bytes: Option<Vec<u8>> = self
            .db
            .query_row(
                "SELECT draft FROM draft WHERE act = ?1",
                [act.as_bytes()],
                |row| row.get(0),
            )
            .optional()
            .map_err(failed("draft"))?;
        bytes
            .map(|bytes| canonical::decode(&bytes).map_err(unreadable("draft")))
            .transpose()
    }

    /// The drafts, last touched first.
    pub fn drafts(&self) -> Result<Vec<Draft>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT draft FROM draft ORDER BY touched DESC, act")
            .map_err(failed("drafts"))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed("drafts"))?;
        rows.map(|row| canonical::decode(&row.map_err(failed("drafts"))?).map_err(unreadable("draft")))
            .collect()
    }

    /// Writes all bytes of a signed act.
    pub fn write_intent(&self, intent: &SigningIntent) -> Result<(), StoreError> {
        self.db
            .execute(
                "INSERT OR REPLACE INTO intent (act, bytes) VALUES (?1, ?2)",
                params![intent.act.as_bytes(), canonical::encode(intent)],
            )
            .map_err(failed("intent"))?;
        Ok(())
    }

    pub fn intents(&self) -> Result<Vec<SigningIntent>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT bytes FROM intent ORDER BY act")
            .map_err(failed("intents"))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed("intents"))?;
        rows.map(|row| canonical::decode(&row.map_err(failed("intents"))?).map_err(unreadable("intent")))
            .collect()
    }

    /// The act exists: its readable record replaces intent and draft, in one transaction.
    pub fn promote(&mut self, intent: &SigningIntent) -> Result<(), StoreError> {
        let tx = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(failed("promotion"))?;
        let readable = &intent.readable;
        tx.execute(
            "INSERT OR IGNORE INTO record (act, sealed, cose, document, recepisse, draft, rights, requisition)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                intent.act.as_bytes(),
                readable.sealed,
                readable.cose,
                readable.document,
                readable.recepisse,
                readable.draft,
                readable.rights,
                readable.requisition
            ],
        )
        .map_err(failed("promotion"))?;
        tx.execute("DELETE FROM intent WHERE act = ?1", [intent.act.as_bytes()])
            .map_err(failed("promotion"))?;
        tx.execute("DELETE FROM draft WHERE act = ?1", [intent.act.as_bytes()])
            .map_err(failed("promotion"))?;
        tx.execute("DELETE FROM shown WHERE act = ?1", [intent.act.as_bytes()])
            .map_err(failed("promotion"))?;
        tx.execute("DELETE FROM rights WHERE act = ?1", [intent.act.as_bytes()])
            .map_err(failed("promotion"))?;
        tx.commit().map_err(failed("promotion"))
    }

    pub fn record(&self, act: ActId) -> Result<Option<StoredRecord>, StoreError> {
        self.db
            .query_row(
                "SELECT sealed, cose, document, recepisse, draft, rights, requisition FROM record WHERE act = ?1",
                [act.as_bytes()],
                |row| {
                    Ok(StoredRecord {
                        sealed: row.get(0)?,
                        cose: row.get(1)?,
                        document: row.get(2)?,
                        recepisse: row.get(3)?,
                        draft: row.get(4)?,
                        rights: row.get(5)?,
                        requisition: row.get(6)?,
                    })
                },
            )
            .optional()
            .map_err(failed("record"))
    }

    /// Removes the rows of acts whose term key is destroyed.
    pub fn forget(&mut self, acts: &[ActId]) -> Result<(), StoreError> {
        for act in acts {
            self.db
                .execute("DELETE FROM record WHERE act = ?1", [act.as_bytes()])
                .map_err(failed("record"))?;
            self.db
                .execute("DELETE FROM print_job WHERE act = ?1", [act.as_bytes()])
                .map_err(failed("print job"))?;
            self.db
                .execute("DELETE FROM suivi WHERE act = ?1", [act.as_bytes()])
                .map_err(failed("steps of a complaint"))?;
        }
        Ok(())
    }

    pub fn save_service(&self, service: &Service) -> Result<(), StoreError> {
        self.db
            .execute(
                "INSERT OR REPLACE INTO service (id, service, open) VALUES (?1, ?2, ?3)",
                params![
                    service.id.as_bytes(),
                    canonical::encode(service),
                    service.ended.is_none()
                ],
            )
            .map_err(failed("service"))?;
        Ok(())
    }

    /// The service that is not ended.
    pub fn open_service(&self) -> Result<Option<Service>, StoreError> {
        self.open_row("SELECT service FROM service WHERE open = 1", "service")
    }

    pub(super) fn open_row<T: for<'b> Decode<'b, ()> + Encode<()>>(
        &self,
        sql: &str,
        what: &'static str,
    ) -> Result<Option<T>, StoreError> {
        let bytes: Option<Vec<u8>> = self
            .db
            .query_row(sql, [], |row| row.get(0))
            .optional()
            .map_err(failed(what))?;
        bytes
            .map(|bytes| canonical::decode(&bytes).map_err(unreadable(what)))
            .transpose()
    }

    /// The latest acts, for what a new draft may reuse of them.
    pub fn latest_acts(&self) -> Result<Vec<ActId>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT act FROM record ORDER BY act DESC LIMIT 20")
            .map_err(failed("records"))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed("records"))?;
        rows.map(|row| fixed("act", row.map_err(failed("records"))?).map(ActId::from_bytes))
            .collect()
    }

    /// Whether the readable bytes of an act are here.
    pub fn has_record(&self, act: ActId) -> Result<bool, StoreError> {
        self.db
            .query_row(
                "SELECT count(*) FROM record WHERE act = ?1",
                [act.as_bytes()],
                |row| row.get(0),
            )
            .map_err(failed("record"))
    }

    /// The ids of the acts whose intent is written.
    pub fn intended(&self) -> Result<Vec<ActId>, StoreError> {
        let mut rows = self
            .db
            .prepare("SELECT act FROM intent")
            .map_err(failed("intents"))?;
        let rows = rows
            .query_map([], |row| row.get::<_, Vec<u8>>(0))
            .map_err(failed("intents"))?;
        rows.map(|row| fixed("act", row.map_err(failed("intents"))?).map(ActId::from_bytes))
            .collect()
    }
}

pub(super) fn put_draft(db: &Connection, draft: &Draft, now: Timestamp) -> Result<(), StoreError> {
    // What is edited on is no longer what an intent that never came to exist would commit.
    db.execute("DELETE FROM intent WHERE act = ?1", [draft.id.as_bytes()])
        .map_err(failed("draft"))?;
    db.execute(
        "INSERT OR REPLACE INTO draft (act, draft, touched) VALUES (?1, ?2, ?3)",
        params![draft.id.as_bytes(), canonical::encode(draft), now.utc.0],
    )
    .map_err(failed("draft"))?;
    Ok(())
}
