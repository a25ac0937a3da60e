//! What was said of recordings after they were taken in, and what keeps one beyond its term.

use domain::footage::Manifest;
use domain::footage::custody::{Chain, Custody, Hold};
use domain::orders::SignedApproval;
use domain::record::{Act, Record};
use domain::{ActId, ClipId, DeviceId, Digest, EnvelopeId, OfficerId, UnixMs, decode, encode};
use trust::cose;

use super::sql::Row;
use super::{StoreError, Transaction, signed};

/// What stays known of a recording after its manifest and its bytes are gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipLife {
    pub clip: ClipId,
    /// The officer who took it in.
    pub author: OfficerId,
    /// Their service number, as it is shown.
    pub matricule: String,
    pub camera: String,
    /// Camera clock.
    pub started: UnixMs,
    pub ended: UnixMs,
    pub bytes: u64,
    /// Merkle root of its manifest.
    pub root: Digest,
    /// SHA-256 of the COSE_Sign1 that carries the manifest.
    pub record: Digest,
    /// End of its term; none where the manifest states none.
    pub until: Option<UnixMs>,
}

impl ClipLife {
    fn of(record: &Record, manifest: &Manifest, digest: Digest) -> Self {
        Self {
            clip: manifest.clip,
            author: record.context.author.id,
            matricule: record.context.author.matricule.to_string(),
            camera: manifest.camera.to_string(),
            started: manifest.started,
            ended: manifest.ended,
            bytes: manifest.bytes,
            root: manifest.root,
            record: digest,
            until: record.retention.map(|retention| retention.until),
        }
    }
}

/// One statement on a recording, as its record says it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stated {
    pub envelope: EnvelopeId,
    pub record: Record,
    pub custody: Custody,
    /// SHA-256 of its COSE_Sign1.
    pub digest: Digest,
}

/// What keeps a recording beyond its term, or kept it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldClip {
    pub clip: ClipId,
    pub device: DeviceId,
    pub hold: Hold,
    /// The statement that made it; none where headquarters did.
    pub act: Option<ActId>,
    pub released_at: Option<UnixMs>,
}

/// One person's word that a hold ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseWord {
    pub name: String,
    pub at: UnixMs,
    pub signed: SignedApproval,
}

const CORRUPT: StoreError = StoreError::Corrupt { what: "recording" };

impl Transaction<'_> {
    pub(crate) fn insert_life(
        &self,
        record: &Record,
        manifest: &Manifest,
        digest: Digest,
    ) -> Result<(), StoreError> {
        let life = ClipLife::of(record, manifest, digest);
        self.execute(
            "INSERT INTO clip_life (clip, author, matricule, camera, started, ended, bytes, root, record, until)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (clip) DO NOTHING",
            (
                life.clip.as_bytes(),
                life.author.as_bytes(),
                life.matricule.as_str(),
                life.camera.as_str(),
                life.started.0,
                life.ended.0,
                signed(life.bytes),
                life.root.as_bytes(),
                life.record.as_bytes(),
                life.until.map(|until| until.0),
            ),
            "keep what a recording is",
        )
    }

    /// What is known of a recording; none where an earlier program took it in and its term is over.
    pub fn life(&self, clip: ClipId) -> Result<Option<ClipLife>, StoreError> {
        let kept = self.row(
            "SELECT author, matricule, camera, started, ended, bytes, root, record, until FROM clip_life WHERE clip = ?1",
            [clip.as_bytes()],
            "look up what a recording is",
            |row: &Row<'_>| {
                Ok(ClipLife {
                    clip,
                    author: OfficerId::from_bytes(row.get(0)?),
                    matricule: row.get(1)?,
                    camera: row.get(2)?,
                    started: UnixMs(row.get(3)?),
                    ended: UnixMs(row.get(4)?),
                    bytes: row.get::<i64>(5)?.unsigned_abs(),
                    root: Digest::from_bytes(row.get(6)?),
                    record: Digest::from_bytes(row.get(7)?),
                    until: row.get::<Option<i64>>(8)?.map(UnixMs),
                })
            },
        )?;
        if kept.is_some() {
            return Ok(kept);
        }
        let Some(found) = self.clip(clip)? else {
            return Ok(None);
        };
        let Some((record, digest)) = self.read_record(found.envelope)? else {
            return Ok(None);
        };
        let Act::Footage(manifest) = &record.act else {
            return Err(CORRUPT);
        };
        Ok(Some(ClipLife::of(&record, manifest, digest)))
    }

    /// Every recording, in the order of its beginning.
    pub fn lives(&self) -> Result<Vec<ClipLife>, StoreError> {
        let ids: Vec<[u8; 16]> = self.column("SELECT id FROM clip ORDER BY id", (), "list recordings")?;
        let mut lives = Vec::new();
        for id in ids {
            lives.extend(self.life(ClipId::from_bytes(id))?);
        }
        lives.sort_by_key(|life| (life.started, life.clip));
        Ok(lives)
    }

    /// When the recording was erased here.
    pub fn erased_at(&self, clip: ClipId) -> Result<Option<UnixMs>, StoreError> {
        let at = self.row(
            "SELECT purged_at FROM record JOIN clip ON clip.envelope = record.envelope WHERE clip.id = ?1",
            [clip.as_bytes()],
            "look up the end of a recording",
            |row: &Row<'_>| row.get::<Option<i64>>(0),
        )?;
        Ok(at.flatten().map(UnixMs))
    }

    /// Keeps a statement whose record came in `envelope`.
    pub(crate) fn insert_custody(
        &self,
        act: ActId,
        envelope: EnvelopeId,
        custody: &Custody,
        record: Digest,
    ) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO custody (act, envelope, clip, place, record) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                act.as_bytes(),
                envelope.as_bytes(),
                custody.clip.as_bytes(),
                custody.place,
                record.as_bytes(),
            ),
            "keep a statement on a recording",
        )
    }

    /// The statements on a recording whose records are still held, in the order of the chain.
    pub fn statements(&self, clip: ClipId) -> Result<Vec<Stated>, StoreError> {
        let envelopes: Vec<[u8; 16]> = self.column(
            "SELECT envelope FROM custody WHERE clip = ?1 ORDER BY place",
            [clip.as_bytes()],
            "list statements on a recording",
        )?;
        let mut statements = Vec::new();
        for envelope in envelopes.into_iter().map(EnvelopeId::from_bytes) {
            let Some((record, digest)) = self.read_record(envelope)? else {
                continue;
            };
            let Act::Custody(custody) = &record.act else {
                return Err(CORRUPT);
            };
            statements.push(Stated {
                envelope,
                custody: Custody::clone(custody),
                record,
                digest,
            });
        }
        Ok(statements)
    }

    /// The chain of statements on a recording, each held against the one before it; none once the first of them are past
    /// their own term.
    pub fn custody_chain(&self, life: &ClipLife) -> Result<Option<Chain>, StoreError> {
        let mut chain = Chain::of(life.clip, life.root, life.record);
        let follows = |stated: &Stated| chain.take(&stated.custody, stated.digest).is_ok();
        let whole = self.statements(life.clip)?.iter().all(follows);
        Ok(whole.then_some(chain))
    }

    /// Whether a statement came under this id.
    pub(crate) fn is_stated(&self, act: ActId) -> Result<bool, StoreError> {
        self.exists("SELECT 1 FROM custody WHERE act = ?1", [act.as_bytes()])
    }

    /// From now on a procedure keeps the recording; false where one does already.
    pub fn hold_clip(
        &self,
        (clip, device): (ClipId, &DeviceId),
        hold: &Hold,
        act: Option<ActId>,
        now: UnixMs,
    ) -> Result<bool, StoreError> {
        let changed = self.count_changed(
            "INSERT INTO clip_hold (clip, device, hold, act, changed_at, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (clip) DO UPDATE SET hold = excluded.hold, act = excluded.act, released_at = NULL,
                     changed_at = excluded.changed_at, told = excluded.told
                 WHERE clip_hold.released_at IS NOT NULL",
            (
                clip.as_bytes(),
                device.as_str(),
                encode(hold),
                act.map(|act| *act.as_bytes()),
                now.0,
                act.is_some(),
            ),
            "keep a recording for a procedure",
        )?;
        if changed > 0 {
            self.execute(
                "DELETE FROM clip_release WHERE clip = ?1",
                [clip.as_bytes()],
                "forget an earlier release",
            )?;
        }
        Ok(changed > 0)
    }

    /// Two persons ended the hold.
    pub(crate) fn release_clip(&self, clip: ClipId, now: UnixMs) -> Result<(), StoreError> {
        self.execute(
            "UPDATE clip_hold SET released_at = ?2, changed_at = ?2, told = 0 WHERE clip = ?1",
            (clip.as_bytes(), now.0),
            "end a hold",
        )
    }

    pub fn clip_hold(&self, clip: ClipId) -> Result<Option<HeldClip>, StoreError> {
        let sql = "SELECT clip, device, hold, act, released_at FROM clip_hold WHERE clip = ?1";
        Ok(self.held(sql, [clip.as_bytes()])?.pop())
    }

    /// Those of which the terminal is not told.
    pub(crate) fn untold_holds(&self) -> Result<Vec<HeldClip>, StoreError> {
        self.held(
            "SELECT clip, device, hold, act, released_at FROM clip_hold WHERE told = 0 ORDER BY changed_at, clip",
            (),
        )
    }

    /// Those of `device` that changed after `since`: what its terminal is told again when it comes back.
    pub(crate) fn holds_since(&self, device: &DeviceId, since: UnixMs) -> Result<Vec<HeldClip>, StoreError> {
        self.held(
            "SELECT clip, device, hold, act, released_at FROM clip_hold
                 WHERE device = ?1 AND changed_at > ?2 ORDER BY changed_at, clip",
            (device.as_str(), since.0),
        )
    }

    pub(crate) fn set_hold_told(&self, clip: ClipId) -> Result<(), StoreError> {
        self.execute(
            "UPDATE clip_hold SET told = 1 WHERE clip = ?1",
            [clip.as_bytes()],
            "note who was told",
        )
    }

    pub(crate) fn keep_release(&self, clip: ClipId, word: &ReleaseWord) -> Result<(), StoreError> {
        self.execute(
            "INSERT INTO clip_release (clip, name, certificate, approval, at) VALUES (?1, ?2, ?3, ?4, ?5)",
            (
                clip.as_bytes(),
                word.name.as_str(),
                word.signed.certificate.as_slice(),
                word.signed.approval.as_slice(),
                word.at.0,
            ),
            "keep who ends a hold",
        )
    }

    /// Who ended the hold on a recording, the first first.
    pub fn releases(&self, clip: ClipId) -> Result<Vec<ReleaseWord>, StoreError> {
        self.rows(
            "SELECT name, certificate, approval, at FROM clip_release WHERE clip = ?1 ORDER BY at, name",
            [clip.as_bytes()],
            "list who ended a hold",
            |row: &Row<'_>| {
                Ok(ReleaseWord {
                    name: row.get(0)?,
                    signed: SignedApproval {
                        certificate: row.get(1)?,
                        approval: row.get(2)?,
                    },
                    at: UnixMs(row.get(3)?),
                })
            },
        )
    }

    fn held(
        &self,
        sql: &'static str,
        with: impl super::sql::Parameters,
    ) -> Result<Vec<HeldClip>, StoreError> {
        let rows = self.rows(sql, with, "list holds", |row: &Row<'_>| {
            Ok((
                row.get::<[u8; 16]>(0)?,
                row.get::<String>(1)?,
                row.get::<Vec<u8>>(2)?,
                row.get::<Option<Vec<u8>>>(3)?,
                row.get::<Option<i64>>(4)?,
            ))
        })?;
        let mut held = Vec::new();
        for (clip, device, hold, act, released_at) in rows {
            let act = act.map(|act| act.try_into().map(ActId::from_bytes)).transpose();
            held.push(HeldClip {
                clip: ClipId::from_bytes(clip),
                device: DeviceId::parse(&device).map_err(|_| CORRUPT)?,
                hold: decode(&hold).map_err(|_| CORRUPT)?,
                act: act.map_err(|_| CORRUPT)?,
                released_at: released_at.map(UnixMs),
            });
        }
        Ok(held)
    }

    fn read_record(&self, envelope: EnvelopeId) -> Result<Option<(Record, Digest)>, StoreError> {
        let Some(stored) = self.record(envelope)? else {
            return Ok(None);
        };
        let signed = cose::parse(&stored.record_cose).map_err(|_| CORRUPT)?;
        let record = decode(&signed.payload).map_err(|_| CORRUPT)?;
        Ok(Some((record, Digest::of(&stored.record_cose))))
    }
}
