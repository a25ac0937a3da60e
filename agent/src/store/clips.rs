//! Cameras and clips: what was paired, what is being taken in, and HQ's word that lets it go.

use domain::footage::ClipListing;
use domain::record::Context;
use domain::{CameraId, ClipId, Digest, UnixMs, canonical};
use rusqlite::{OptionalExtension, params};

use super::{DeviceStore, StoreError, failed, fixed, run, unreadable};

/// A camera that the terminal knows, with the secret of the next session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pairing {
    pub camera: CameraId,
    /// The camera crate's bond, secret inside.
    pub bond: Vec<u8>,
    pub transcript: Digest,
}

/// A clip that the officer asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct ClipRow {
    /// The camera that listed it.
    pub camera: CameraId,
    pub listing: ClipListing,
    pub context: Context,
    /// Root of its manifest, once the manifest's act exists.
    pub root: Option<Digest>,
    /// End of its legal term.
    pub until: Option<UnixMs>,
    /// HQ's receipt over the root.
    pub receipt: Option<Vec<u8>>,
    /// HQ refused the bytes: they stay here and on the camera until their term.
    pub refused: bool,
}

impl DeviceStore {
    /// One camera a terminal: the one paired last.
    pub fn save_pairing(&mut self, pairing: &Pairing) -> Result<(), StoreError> {
        let tx = self.write("pairing")?;
        tx.execute(
            "DELETE FROM pairing WHERE camera <> ?1",
            [pairing.camera.as_str()],
        )
        .map_err(failed("pairing"))?;
        tx.execute(
            "INSERT OR REPLACE INTO pairing (camera, state, transcript) VALUES (?1, ?2, ?3)",
            params![
                pairing.camera.as_str(),
                pairing.bond,
                pairing.transcript.as_bytes()
            ],
        )
        .map_err(failed("pairing"))?;
        tx.commit().map_err(failed("pairing"))
    }

    /// A bond that does not read is of no use: the camera is met by its tag again.
    pub fn forget_pairing(&self) -> Result<(), StoreError> {
        self.db
            .execute("DELETE FROM pairing", [])
            .map_err(failed("pairing"))?;
        Ok(())
    }

    /// The camera paired with this terminal.
    pub fn pairing(&self) -> Result<Option<Pairing>, StoreError> {
        let row: Option<(String, Vec<u8>, Vec<u8>)> = self
            .db
            .query_row(
                "SELECT camera, state, transcript FROM pairing LIMIT 1",
                [],
                |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
            )
            .optional()
            .map_err(failed("pairing"))?;
        row.map(|(camera, bond, transcript)| {
            Ok(Pairing {
                camera: CameraId::parse(&camera).map_err(unreadable("camera"))?,
                bond,
                transcript: Digest::from_bytes(fixed("transcript", transcript)?),
            })
        })
        .transpose()
    }

    /// Remembers a clip, and who asks for it, before its first byte is asked for.
    pub fn begin_clip(
        &self,
        camera: &CameraId,
        listing: &ClipListing,
        context: &Context,
    ) -> Result<(), StoreError> {
        self.db
            .execute(
                "INSERT OR IGNORE INTO clip (clip, camera, listing, context) VALUES (?1, ?2, ?3, ?4)",
                params![
                    listing.clip.as_bytes(),
                    camera.as_str(),
                    canonical::encode(listing),
                    canonical::encode(context)
                ],
            )
            .map_err(failed("clip"))?;
        Ok(())
    }

    /// HQ holds every byte.
    pub fn clip_received(&self, clip: ClipId, receipt: &[u8]) -> Result<(), StoreError> {
        self.db
            .execute(
                "UPDATE clip SET receipt = ?2 WHERE clip = ?1",
                params![clip.as_bytes(), receipt],
            )
            .map_err(failed("clip"))?;
        Ok(())
    }

    /// HQ refused the bytes of a clip whose manifest it stored; true when this was not known.
    pub fn refuse_clip(&self, clip: ClipId) -> Result<bool, StoreError> {
        let sql = "UPDATE clip SET refused = 1 WHERE clip = ?1 AND refused = 0";
        Ok(run(&self.db, "clip", sql, [clip.as_bytes()])? > 0)
    }

    /// Nothing is left to tell about clips that HQ holds and that `camera` does not list any more.
    pub fn retire_clips(&mut self, camera: &CameraId, listed: &[ClipListing]) -> Result<bool, StoreError> {
        let done: Vec<ClipId> = self
            .clips()?
            .into_iter()
            .filter(|row| row.receipt.is_some() && row.camera == *camera)
            .map(|row| row.listing.clip)
            .filter(|clip| listed.iter().all(|listing| listing.clip != *clip))
            .collect();
        for clip in &done {
            run(
                &self.db,
                "clip",
                "DELETE FROM clip WHERE clip = ?1",
                [clip.as_bytes()],
            )?;
        }
        Ok(!done.is_empty())
    }

    /// The clip is not acceptable: the camera may be asked again.
    pub fn forget_clip(&self, clip: ClipId) -> Result<(), StoreError> {
        self.db
            .execute(
                "DELETE FROM clip WHERE clip = ?1 AND root IS NULL",
                [clip.as_bytes()],
            )
            .map_err(failed("clip"))?;
        Ok(())
    }

    pub fn clips(&self) -> Result<Vec<ClipRow>, StoreError> {
        type Columns = (
            String,
            Vec<u8>,
            Vec<u8>,
            Option<Vec<u8>>,
            Option<i64>,
            Option<Vec<u8>>,
            bool,
        );
        let mut rows = self
            .db
            .prepare("SELECT camera, listing, context, root, until, receipt, refused FROM clip ORDER BY clip")
            .map_err(failed("clips"))?;
        let rows = rows
            .query_map([], |row| -> rusqlite::Result<Columns> {
                Ok((
                    row.get(0)?,
                    row.get(1)?,
                    row.get(2)?,
                    row.get(3)?,
                    row.get(4)?,
                    row.get(5)?,
                    row.get(6)?,
                ))
            })
            .map_err(failed("clips"))?;
        rows.map(|row| {
            let (camera, listing, context, root, until, receipt, refused) = row.map_err(failed("clips"))?;
            Ok(ClipRow {
                camera: CameraId::parse(&camera).map_err(unreadable("camera"))?,
                listing: canonical::decode(&listing).map_err(unreadable("clip listing"))?,
                context: canonical::decode(&context).map_err(unreadable("clip context"))?,
                root: root
                    .map(|bytes| fixed("root", bytes).map(Digest::from_bytes))
                    .transpose()?,
                until: until.map(UnixMs),
                receipt,
                refused,
            })
        })
        .collect()
    }
}
