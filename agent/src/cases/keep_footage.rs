//! What becomes of footage once its manifest exists: shown, handed to HQ, let go on HQ's word or at the end of its term.

use camera::driver::Command;
use camera::protocol::{Firmware, Status};
use camera::receipt::FootageReceipt;
use camera::vault::{Disposal, Found};
use domain::dialogue::{
    CameraActivity, CameraState, CameraStatus, CameraView, ClipLine, ClipRefusal, ClipState,
};
use domain::footage::{Manifest, Recording};
use domain::journal::Operation;
use domain::retention::Term;
use domain::{ActId, ClipId, Digest, Timestamp};
use trust::cert::Certificate;

use super::take_footage::Meeting;
use crate::engine::Engine;
use crate::store::{RecordingRow, StoreError};

impl Engine {
    /// A receipt over a clip may have been lost on the air: announcing its segments again brings it back.
    pub(crate) fn ask_for_clip_receipts(&mut self) -> Result<(), StoreError> {
        for row in self.device.clips()? {
            let clip = row.listing.clip;
            let waits = row.root.is_some() && row.receipt.is_none() && !row.refused;
            if waits && !self.is_uploading(clip) {
                self.queue_clip(clip)?;
            }
        }
        Ok(())
    }

    pub(crate) fn tell_received(&mut self, clip: ClipId, root: Digest, receipt: Vec<u8>) {
        let signer = [self.anchors.receipt.der(), self.anchors.issuing.der()]
            .map(<[u8]>::to_vec)
            .to_vec();
        self.tell_camera(Command::Received {
            clip,
            root,
            receipt,
            signer,
        });
    }

    /// HQ signed for the root: the camera and the vault may let go.
    pub(crate) fn footage_received(
        &mut self,
        act: ActId,
        root: Digest,
        receipt: &[u8],
    ) -> Result<(), StoreError> {
        let row = self.clip_of_manifest(act)?;
        let Some(row) = row.filter(|row| row.root == Some(root)) else {
            return Ok(());
        };
        self.stale.camera = true;
        self.stale.home = true;
        let clip = row.listing.clip;
        if row.receipt.is_none() {
            self.device.clip_received(clip, receipt)?;
            tracing::info!(%clip, "HQ holds the clip");
        }
        self.tell_received(clip, root, receipt.to_vec());
        self.let_go(clip, root, receipt)
    }

    /// HQ does not accept the bytes: they are sent no more and kept until their term; true when this is news.
    pub(crate) fn footage_refused(&mut self, act: ActId) -> Result<bool, StoreError> {
        let Some(row) = self.clip_of_manifest(act)? else {
            return Ok(false);
        };
        self.stale.camera = true;
        self.drop_upload(row.listing.clip)?;
        self.device.refuse_clip(row.listing.clip)
    }

    pub(crate) fn let_go(&mut self, clip: ClipId, root: Digest, receipt: &[u8]) -> Result<(), StoreError> {
        self.drop_upload(clip)?;
        let Some(vault) = self.footage.vault() else {
            return Ok(());
        };
        if matches!(vault.find(clip), Ok(None)) {
            return Ok(());
        }
        let signer = [
            self.anchors.receipt.clone(),
            Certificate::clone(&self.anchors.issuing),
        ];
        let proof = FootageReceipt::verify(receipt, root, &signer, std::slice::from_ref(&self.anchors.root));
        match proof.map(Disposal::received) {
            Ok(disposal) => self.dispose(clip, Operation::FootageDisposed { root }, &disposal),
            Err(error) => {
                tracing::error!(%clip, %error, "a stored receipt does not prove what it should");
                Ok(())
            }
        }
    }

    fn dispose(&mut self, clip: ClipId, why: Operation, disposal: &Disposal) -> Result<(), StoreError> {
        let Some(vault) = self.footage.vault() else {
            return Ok(());
        };
        let vault = vault.clone();
        // The line first: repeated after a crash it is harmless, missing it could not be made up.
        self.device.log(self.now, None, why)?;
        self.device.destroy_view_key(clip)?;
        self.film_is_gone(clip);
        if let Err(error) = vault.dispose(clip, disposal) {
            tracing::error!(%clip, %error, "a clip could not be disposed of");
        }
        Ok(())
    }

    /// CSI R.241-4: at its term a clip goes, received or not, unless a procedure keeps it.
    pub(crate) fn purge_footage(&mut self) -> Result<(), StoreError> {
        let Some(vault) = self.footage.vault().cloned() else {
            return Ok(());
        };
        self.purge_recordings()?;
        // A clip that is coming in right now is the meeting's; its term is looked at when the meeting is over.
        if self.footage.is_coming_in() {
            return Ok(());
        }
        for clip in vault.clips().unwrap_or_default() {
            let (root, started) = match vault.find(clip) {
                Ok(Some(Found::Held(held))) => (Some(held.manifest().root), held.manifest().started),
                Ok(Some(Found::Intake(intake))) => (None, intake.opening().started),
                Ok(None) => continue,
                Err(error) => {
                    tracing::error!(%clip, %error, "a clip in the vault does not read");
                    continue;
                }
            };
            // What is a recording already has gone above, or is kept.
            if self.device.recording(clip)?.is_some() {
                continue;
            }
            let recorded = self.recorded(started);
            if let Some(disposal) = Disposal::expired(&recorded, self.now.utc) {
                self.drop_upload(clip)?;
                let root = root.unwrap_or(Digest::of(clip.as_bytes()));
                let until = Term::Footage.deadline(&recorded);
                self.dispose(clip, Operation::FootageExpired { root, until }, &disposal)?;
                self.device.forget_clip(clip)?;
                self.stale.camera = true;
            }
        }
        Ok(())
    }

    /// What the camera said last, as the screen shows it.
    fn how(&self, status: &Status) -> Result<CameraStatus, StoreError> {
        let firmware = status.firmware.map(|runs| {
            let Firmware { major, minor, patch } = runs;
            format!("{major}.{minor}.{patch}")
        });
        let activity = match (status.recording, status.buffering) {
            (true, _) => CameraActivity::Recording,
            (false, Some(true)) => CameraActivity::Buffering,
            (false, Some(false) | None) => CameraActivity::Ready,
        };
        Ok(CameraStatus {
            battery: status.battery,
            free: status.free,
            activity,
            clock: self.footage.clock,
            firmware,
            gap: status.gap,
            holder: self.camera_holder(status.assigned.as_ref()),
            signed: self.signed_events()?,
        })
    }

    /// What was taken in and nothing keeps: the bytes go if they are still here, and what the terminal knew of it.
    fn purge_recordings(&mut self) -> Result<(), StoreError> {
        for row in self.device.recordings()? {
            let RecordingRow { recording, hold } = row;
            let clip = recording.clip;
            let recorded = Timestamp {
                zone: recording.zone,
                ..self.recorded(recording.started)
            };
            let Some(disposal) = Disposal::expired(&recorded, self.now.utc) else {
                continue;
            };
            let here = self.footage.held(clip).is_some();
            if here && hold.is_some() {
                continue;
            }
            if here {
                let (root, until) = (recording.root, recording.until);
                self.drop_upload(clip)?;
                self.dispose(clip, Operation::FootageExpired { root, until }, &disposal)?;
                tracing::info!(%clip, "the term of a recording ended");
            }
            self.device.forget_recording(clip)?;
            self.stale.camera = true;
            self.stale.home = true;
        }
        // A reminder comes with the days.
        self.stale.home |= self.is_unlocked();
        Ok(())
    }

    /// Remembers the recordings that an earlier program took in, with what is needed to say something of them.
    pub(crate) fn adopt_recordings(&mut self) -> Result<(), StoreError> {
        for row in self.device.clips()? {
            let clip = row.listing.clip;
            let (Some(root), Some(until)) = (row.root, row.until) else {
                continue;
            };
            if let Some(manifest) = self.device.row_of(Manifest::act_id(clip))? {
                let recording = Recording {
                    clip,
                    camera: row.camera,
                    started: row.listing.started,
                    ended: row.listing.ended,
                    root,
                    manifest: manifest.record,
                    context: row.context,
                    until,
                    zone: self.now.zone,
                };
                self.device.keep_recording(&recording)?;
            }
        }
        Ok(())
    }

    pub(crate) fn camera_view(&self) -> Result<CameraView, StoreError> {
        let paired = self.device.pairing()?.map(|pairing| pairing.camera);
        let state = match (&self.footage.meeting, paired) {
            (Meeting::Met(camera), _) => CameraState::Paired(camera.clone()),
            (Meeting::Pairing | Meeting::Leaving(_), _) => CameraState::Pairing,
            (Meeting::None | Meeting::Reaching | Meeting::Seeking, Some(camera)) => CameraState::Lost(camera),
            (Meeting::None | Meeting::Reaching | Meeting::Seeking, None) => CameraState::NotPaired,
        };
        let mut clips = Vec::new();
        let rows = self.device.clips()?;
        for row in &rows {
            let clip = row.listing.clip;
            let state = match (row.root, &row.receipt, self.footage.progress.get(&clip)) {
                (Some(_), Some(_), _) => ClipState::Received,
                (Some(_), None, _) if row.refused => ClipState::Unusable(ClipRefusal::ChainBroken),
                (Some(_), None, _) => ClipState::Taken,
                (None, _, Some((done, of))) => ClipState::Taking { done: *done, of: *of },
                (None, _, None) => ClipState::Taking {
                    done: 0,
                    of: row.listing.segments,
                },
            };
            clips.push(ClipLine {
                listing: row.listing.clone(),
                state,
            });
        }
        for listing in &self.footage.listed {
            if rows.iter().all(|row| row.listing.clip != listing.clip) {
                let refusal = self.footage.refused.get(&listing.clip);
                let state = refusal.map_or(ClipState::OnCamera, |refusal| ClipState::Unusable(*refusal));
                clips.push(ClipLine {
                    listing: listing.clone(),
                    state,
                });
            }
        }
        let status = match &self.footage.status {
            Some(status) => Some(self.how(status)?),
            None => None,
        };
        Ok(CameraView {
            state,
            clips,
            status,
            sending: self.sending_view(),
        })
    }
}
