//! What cameras signed of themselves, until manifests carry it.

use domain::footage::{CameraEvent, CarriedEvents};
use domain::journal::Operation;
use domain::{CameraId, ClipId, Digest, OfficerId, Timestamp, canonical};
use rusqlite::params;
use trust::cose;

use super::journal::append;
use super::{DeviceStore, StoreError, failed, run, unreadable};

const WHAT: &str = "camera event";
/// Events of a camera that stay after a manifest carried them: whose it is, and what the screen shows.
const KEPT: u32 = 256;
/// The last counter under which this terminal asked a camera to record.
const TRIGGER: &str = "camera-trigger";

/// An event whose signature held when it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    pub event: CameraEvent,
    pub message: Vec<u8>,
    pub carried: bool,
}

impl EventRow {
    /// SHA-256 of the message.
    pub fn digest(&self) -> Digest {
        Digest::of(&self.message)
    }
}

impl DeviceStore {
    /// Keeps an event and what the journal says of it, in one commit.
    pub fn keep_camera_event(
        &mut self,
        event: &CameraEvent,
        message: &[u8],
        (now, officer): (Timestamp, Option<OfficerId>),
        said: Option<Operation>,
    ) -> Result<(), StoreError> {
        let journal = self.journal;
        let counter = i64::try_from(event.counter).map_err(unreadable(WHAT))?;
        let tx = self.write(WHAT)?;
        let sql = "INSERT INTO camera_event (camera, counter, message) VALUES (?1, ?2, ?3)";
        run(&tx, WHAT, sql, params![event.camera.as_str(), counter, message])?;
        let sql = "DELETE FROM camera_event WHERE camera = ?1 AND clip IS NOT NULL AND counter <= ?2 - ?3";
        run(&tx, WHAT, sql, params![event.camera.as_str(), counter, KEPT])?;
        if let Some(said) = said {
            append(&tx, journal, now, officer, said)?;
        }
        tx.commit().map_err(failed(WHAT))
    }

    /// What is kept of a camera, oldest first.
    pub fn camera_events(&self, camera: &CameraId) -> Result<Vec<EventRow>, StoreError> {
        let sql = "SELECT message, clip IS NOT NULL FROM camera_event WHERE camera = ?1 ORDER BY counter";
        let mut rows = self.db.prepare_cached(sql).map_err(failed(WHAT))?;
        let rows = rows
            .query_map([camera.as_str()], |row| {
                Ok((row.get::<_, Vec<u8>>(0)?, row.get(1)?))
            })
            .map_err(failed(WHAT))?;
        rows.map(|row| {
            let (message, carried) = row.map_err(failed(WHAT))?;
            let signed = cose::parse(&message).map_err(unreadable(WHAT))?;
            let event = canonical::decode(&signed.payload).map_err(unreadable(WHAT))?;
            Ok(EventRow {
                event,
                message,
                carried,
            })
        })
        .collect()
    }

    /// These events travel with the manifest of this recording.
    pub fn carry_camera_events(
        &self,
        camera: &CameraId,
        carried: &CarriedEvents,
        clip: ClipId,
    ) -> Result<(), StoreError> {
        let sql = "UPDATE camera_event SET clip = ?4
                   WHERE camera = ?1 AND counter BETWEEN ?2 AND ?3 AND clip IS NULL";
        let ends = [carried.first, carried.last].map(i64::try_from);
        let [first, last] = ends.map(|end| end.unwrap_or(i64::MAX));
        let row = params![camera.as_str(), first, last, clip.as_bytes()];
        run(&self.db, WHAT, sql, row).map(drop)
    }

    /// The next counter under which this terminal asks a camera to record; durable before it is said.
    pub fn next_trigger(&self) -> Result<u64, StoreError> {
        let last: u64 = match self.setting(TRIGGER)? {
            Some(bytes) => canonical::decode(&bytes).map_err(unreadable("camera trigger"))?,
            None => 0,
        };
        let next = last.saturating_add(1);
        self.put_setting(TRIGGER, &canonical::encode(&next))?;
        Ok(next)
    }
}
