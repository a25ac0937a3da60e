//! What goes at the end of its legal term, or when there is no more room for it; who came when and was told what stays.

use domain::{ClipId, DeviceId, Digest, EnvelopeId, UnixMs};
use sync::FileId;

use super::{StoreError, Transaction};

/// Refused envelopes of one terminal that are kept as they came.
const REFUSED_KEPT: u32 = 256;
/// And how many bytes of them.
const REFUSED_BYTES: u32 = 16 * 1024 * 1024;

/// What a clip has on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClipFiles {
    pub clip: ClipId,
    pub device: DeviceId,
    /// SHA-256 of the original; none when another clip that is held has the same content.
    pub whole: Option<Digest>,
    pub files: Vec<FileId>,
}

impl Transaction<'_> {
    /// Records whose term ended before `now` and that nothing follows, the oldest first, `limit` at most.
    pub fn past_their_term(&self, now: UnixMs, limit: u32) -> Result<Vec<EnvelopeId>, StoreError> {
        self.ids(
            "SELECT envelope FROM record WHERE until < ?1 AND purged_at IS NULL
                 AND NOT EXISTS (SELECT 1 FROM follow_up WHERE follow_up.act = record.act)
                 AND NOT EXISTS (SELECT 1 FROM clip JOIN clip_hold ON clip_hold.clip = clip.id
                                 WHERE clip.envelope = record.envelope AND clip_hold.released_at IS NULL)
             ORDER BY until, envelope LIMIT ?2",
            (now.0, limit),
        )
    }

    /// What of the clip whose manifest came in `envelope` is on disk.
    pub fn clip_files(&self, envelope: EnvelopeId) -> Result<Option<ClipFiles>, StoreError> {
        let sql = "SELECT id FROM clip WHERE envelope = ?1";
        let id = self.row(sql, [envelope.as_bytes()], "look up a clip", |row| row.get(0))?;
        let Some(id) = id.map(ClipId::from_bytes) else {
            return Ok(None);
        };
        let clip = self.clip(id)?.ok_or(StoreError::Corrupt { what: "clip" })?;
        let elsewhere = self.exists(
            "SELECT 1 FROM clip JOIN record ON record.envelope = clip.envelope
             WHERE clip.whole = ?1 AND clip.id <> ?2 AND record.purged_at IS NULL",
            (clip.whole.as_bytes(), id.as_bytes()),
        )?;
        let files: Vec<String> = self.column(
            "SELECT file FROM upload WHERE device = ?1 AND clip = ?2 ORDER BY file",
            (clip.device.as_str(), id.as_bytes()),
            "list a clip's files",
        )?;
        let files: Result<_, _> = files.iter().map(|file| file.parse()).collect();
        Ok(Some(ClipFiles {
            clip: id,
            device: clip.device,
            whole: (!elsewhere).then_some(clip.whole),
            files: files.map_err(|_| StoreError::Corrupt { what: "upload" })?,
        }))
    }

    /// Destroys the record of `envelope` and what is known of its clip's files; the line, its number and its receipts
    /// stay, so that the same bytes are answered as before and the id is not used again.
    pub fn purge_record(&self, envelope: EnvelopeId, now: UnixMs) -> Result<(), StoreError> {
        let id = envelope.as_bytes();
        self.execute("DELETE FROM content WHERE envelope = ?1", [id], "purge a record")?;
        self.execute(
            "DELETE FROM upload WHERE (device, clip) IN (SELECT device, id FROM clip WHERE envelope = ?1)",
            [id],
            "purge a clip's files",
        )?;
        self.execute(
            "UPDATE record SET purged_at = ?2 WHERE envelope = ?1",
            (id, now.0),
            "mark a record as purged",
        )
    }

    /// Destroys the refused envelopes whose record states a term that ended before `now`; how many they were.
    pub fn purge_refused(&self, now: UnixMs) -> Result<u64, StoreError> {
        self.count_changed(
            "UPDATE refused SET envelope_cose = NULL, record_cose = NULL, bytes = 0 WHERE until < ?1 AND bytes > 0",
            [now.0],
            "purge refused envelopes",
        )
    }

    /// Lets go of the content of refused envelopes beyond what is kept for one terminal: first those that nobody could
    /// read, then the oldest.
    pub fn bound_refused(&self, device: &DeviceId) -> Result<(), StoreError> {
        self.execute(
            "UPDATE refused SET envelope_cose = NULL, record_cose = NULL, bytes = 0
             WHERE device = ?1 AND envelope_digest IN (
                 SELECT envelope_digest FROM (
                     SELECT envelope_digest, row_number() OVER kept AS place, sum(bytes) OVER kept AS total
                     FROM refused WHERE device = ?1 AND bytes > 0
                     WINDOW kept AS (
                         ORDER BY record_cose IS NULL, at DESC, envelope_digest
                         ROWS UNBOUNDED PRECEDING
                     )
                 ) AS bounded WHERE place > ?2 OR total > ?3
             )",
            (device.as_str(), REFUSED_KEPT, REFUSED_BYTES),
            "bound refused envelopes",
        )
    }
}
