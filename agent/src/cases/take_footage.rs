//! Footage: meet the camera, take a clip into the vault, sign its manifest with the device's key, tell the camera, and
//! let go only on HQ's word or at the end of the legal term.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use camera::driver::{Command, Ending, Entry, Event};
use camera::invitation::Invitation;
use camera::pairing::{Bond, PairingRefusal};
use camera::protocol::Status;
use camera::vault::{Found, Held, Vault, VaultError};
use domain::dialogue::{ClipRefusal, Notice};
use domain::envelope::Attachment;
use domain::footage::{CarriedEvents, ClipListing, Manifest, Recording};
use domain::journal::Operation;
use domain::record::{Context, Retention};
use domain::retention::Term;
use domain::service::{CardPresence, ClockCheck};
use domain::signed::ToSign;
use domain::{ActId, CameraId, ClipId, Digest, Timestamp, canonical};

use super::seek_camera::Search;
use super::unlock::Desk;
use crate::engine::{CameraEffect, CameraEvent, CommitPoint, Effect, Engine};
use crate::store::{ClipRow, NewAct, Pairing, SigningIntent, StoreError};
use crate::work::{Job, SignFailure, Signer};

/// What footage may fill on the terminal's disk, in bytes.
const CAPACITY: u64 = 8 * 1024 * 1024 * 1024;

/// The terminal's side of footage.
pub(crate) struct Footage {
    vault: Option<Vault>,
    pub(crate) meeting: Meeting,
    /// While the camera is lost.
    pub(crate) search: Search,
    /// How the camera is, as it said in this meeting.
    pub(crate) status: Option<Status>,
    /// Its clock against the terminal's, when it said so.
    pub(crate) clock: ClockCheck,
    /// What the camera listed last.
    pub(crate) listed: Vec<ClipListing>,
    /// Segments that are in, of those that there are; kept while the camera is away.
    pub(crate) progress: BTreeMap<ClipId, (u32, u32)>,
    pub(crate) refused: BTreeMap<ClipId, ClipRefusal>,
    signing: BTreeSet<ActId>,
    /// How often a recording was looked at since the start.
    looks: u64,
    /// What the camera signed and a manifest that is being signed carries.
    carried: BTreeMap<ActId, CarriedEvents>,
}

pub(crate) enum Meeting {
    None,
    /// At the first touch.
    Pairing,
    /// With a camera known before, as the officer asked.
    Reaching,
    /// With the camera that was lost, in silence: nobody asked.
    Seeking,
    Met(CameraId),
    /// On the way out of a meeting, to begin another by this tag.
    Leaving(Invitation),
}

impl Footage {
    pub(crate) fn open(folder: &Path) -> Self {
        let vault = Vault::open(folder, CAPACITY)
            .inspect_err(|error| tracing::error!(%error, "the footage vault does not open"))
            .ok();
        Self {
            vault,
            meeting: Meeting::None,
            search: Search::default(),
            status: None,
            clock: ClockCheck::Untold,
            listed: Vec::new(),
            progress: BTreeMap::new(),
            refused: BTreeMap::new(),
            signing: BTreeSet::new(),
            looks: 0,
            carried: BTreeMap::new(),
        }
    }

    /// Every recording in the vault, on its way in or whole.
    pub(crate) fn clips(&self) -> Vec<ClipId> {
        let listed = self.vault.as_ref().map(Vault::clips);
        listed.and_then(Result::ok).unwrap_or_default()
    }

    /// Destroys every recording, by HQ's order of this digest.
    pub(crate) fn destroy(&mut self, folder: &Path, order: Digest) -> Result<(), VaultError> {
        let vault = match &self.vault {
            Some(vault) => vault.clone(),
            // One that did not open when the terminal started may now.
            None => Vault::open(folder, CAPACITY)?,
        };
        for clip in vault.clips()? {
            vault.destroy(clip, order)?;
        }
        self.progress.clear();
        Ok(())
    }

    /// Whether a meeting is under way that writes to the vault.
    pub(crate) fn is_coming_in(&self) -> bool {
        matches!(self.meeting, Meeting::Met(_)) && !self.progress.is_empty()
    }

    pub(crate) fn is_manifest(&self, act: ActId) -> bool {
        self.signing.contains(&act)
    }

    /// A clip that was taken in whole.
    pub(crate) fn held(&self, clip: ClipId) -> Option<Held> {
        match self.vault.as_ref()?.find(clip) {
            Ok(Some(Found::Held(held))) => Some(*held),
            Ok(Some(Found::Intake(_)) | None) => None,
            Err(error) => {
                tracing::error!(%clip, %error, "a clip in the vault does not read");
                None
            }
        }
    }

    /// A number that no look had before.
    pub(crate) const fn next_look(&mut self) -> u64 {
        self.looks += 1;
        self.looks
    }

    /// Where clips go.
    pub(crate) const fn vault(&self) -> Option<&Vault> {
        self.vault.as_ref()
    }
}

impl Engine {
    /// The vault that camera meetings write to.
    pub fn vault(&self) -> Option<Vault> {
        self.footage.vault().cloned()
    }

    /// Promises to manifests that never came to exist: no intent keeps them, so they are free at every start.
    pub(crate) fn release_footage_promises(&mut self) -> Result<(), StoreError> {
        self.device.release(None, self.now)?;
        Ok(())
    }

    /// Goes on where a stop left off: signs manifests of clips that are whole, queues uploads that are not done.
    pub(crate) fn resume_footage(&mut self) -> Result<(), StoreError> {
        self.adopt_recordings()?;
        for row in self.device.clips()? {
            let clip = row.listing.clip;
            match (&row.root, &row.receipt) {
                (None, _) => {
                    self.camera_lost();
                    self.sign_manifest(&row)?;
                }
                (Some(_), None) if row.refused => {}
                (Some(_), None) => self.queue_clip(clip)?,
                (Some(root), Some(receipt)) => self.let_go(clip, *root, &receipt.clone())?,
            }
        }
        Ok(())
    }

    pub(crate) fn queue_clip(&mut self, clip: ClipId) -> Result<(), StoreError> {
        match self.device.row_of(Manifest::act_id(clip))? {
            Some(row) => self.queue_upload(clip, row.envelope),
            None => Ok(()),
        }
    }

    pub(crate) fn pair_camera(&mut self, invitation: &str) -> Result<(), StoreError> {
        let Ok(invitation) = Invitation::parse(invitation) else {
            self.notice(Notice::NotAnInvitation);
            return Ok(());
        };
        self.stale.camera = true;
        self.end_camera_search();
        match self.footage.meeting {
            Meeting::None => self.meet(Meeting::Pairing, Entry::Tap(invitation)),
            // One meeting at a time: the one under way ends first.
            Meeting::Reaching | Meeting::Seeking | Meeting::Met(_) => {
                self.out.push(Effect::Camera(CameraEffect::Tell(Command::Leave)));
                self.footage.meeting = Meeting::Leaving(invitation);
            }
            Meeting::Pairing | Meeting::Leaving(_) => {}
        }
        Ok(())
    }

    fn meet(&mut self, meeting: Meeting, entry: Entry) {
        self.footage.meeting = meeting;
        self.out
            .push(Effect::Camera(CameraEffect::Meet(entry, self.revocations())));
    }

    /// Meets the known camera again unless they are talking.
    fn reach_camera(&mut self) -> Result<(), StoreError> {
        match self.footage.meeting {
            Meeting::None => self.meet_known(Meeting::Reaching),
            Meeting::Seeking => {
                self.wait_for_look();
                Ok(())
            }
            Meeting::Pairing | Meeting::Reaching | Meeting::Met(_) | Meeting::Leaving(_) => Ok(()),
        }
    }

    /// Begins a meeting with the known camera, if there is one.
    pub(crate) fn meet_known(&mut self, meeting: Meeting) -> Result<(), StoreError> {
        let Some(pairing) = self.device.pairing()? else {
            return Ok(());
        };
        let Ok(bond) = canonical::decode::<Bond>(&pairing.bond) else {
            tracing::error!("the bond with the camera does not read");
            self.device.forget_pairing()?;
            self.notice(Notice::CameraNotTrusted);
            return Ok(());
        };
        self.meet(meeting, Entry::Known(bond));
        Ok(())
    }

    pub(crate) fn tell_camera(&mut self, command: Command) {
        if matches!(self.footage.meeting, Meeting::Met(_)) {
            self.out.push(Effect::Camera(CameraEffect::Tell(command)));
        }
    }

    pub(crate) fn list_clips(&mut self) -> Result<(), StoreError> {
        self.stale.camera = true;
        self.reach_camera()?;
        self.tell_camera(Command::ListClips);
        Ok(())
    }

    pub(crate) fn take_clip(&mut self, clip: ClipId) -> Result<(), StoreError> {
        self.stale.camera = true;
        let Some(listing) = self
            .footage
            .listed
            .iter()
            .find(|listing| listing.clip == clip)
            .cloned()
        else {
            return self.reach_camera();
        };
        // Sealed a second time it would be another recording, which no receipt lets go of.
        if self.clip_row(clip)?.is_some_and(|row| row.root.is_some()) {
            return self.reach_camera();
        }
        if Term::Footage.deadline(&self.recorded(listing.started)) < self.now.utc {
            self.notice(Notice::RecordingPastTerm);
            return Ok(());
        }
        if self.is_of_another() {
            self.notice(Notice::CameraOfAnother);
            return Ok(());
        }
        let Some(context) = self.footage_context() else {
            self.notice(Notice::NoService);
            return Ok(());
        };
        let Some(camera) = self.device.pairing()?.map(|pairing| pairing.camera) else {
            return Ok(());
        };
        self.footage.refused.remove(&clip);
        self.device.begin_clip(&camera, &listing, &context)?;
        self.make_view_key(clip)?;
        self.reach_camera()?;
        self.bring_in(clip)
    }

    fn bring_in(&mut self, clip: ClipId) -> Result<(), StoreError> {
        let viewer = self.viewer(clip)?;
        self.tell_camera(Command::Take { clip, viewer });
        Ok(())
    }

    fn footage_context(&self) -> Option<Context> {
        let Desk::Open(desk) = &self.desk else { return None };
        let service = desk.service.as_ref()?;
        Some(Context {
            device: self.enrolment.terminal.device.clone(),
            protection: self.enrolment.terminal.protection,
            formation: service.card == CardPresence::Formation,
            author: desk.officer.author(),
            service: service.id,
            intervention: desk.intervention.as_ref().map(|intervention| intervention.id),
        })
    }

    pub(crate) fn camera_event(&mut self, event: CameraEvent) -> Result<(), StoreError> {
        self.stale.camera = true;
        match event {
            CameraEvent::Said(event) => self.camera_said(event),
            CameraEvent::Unreachable => {
                self.camera_unreachable();
                self.meeting_over();
                self.look_again_if_asked()
            }
            CameraEvent::Ended(ending) => {
                match ending {
                    Ending::Left => {}
                    Ending::Vanished { clip: Some(clip) } => {
                        self.camera_lost();
                        self.notice(Notice::CameraVanished { clip });
                    }
                    Ending::AnotherCamera | Ending::Vanished { clip: None } => self.camera_unreachable(),
                    Ending::Refused(PairingRefusal::Revoked) => {
                        tracing::warn!("a revoked camera was not met");
                        self.notice(Notice::CameraRevoked);
                    }
                    Ending::Unanswered | Ending::Refused(_) | Ending::NoKey => {
                        tracing::warn!(%ending, "a camera was not met");
                        self.notice(Notice::CameraNotTrusted);
                    }
                }
                self.meeting_over();
                self.look_again_if_asked()
            }
        }
    }

    /// Told to whoever asked for it, and looked for from here on.
    fn camera_unreachable(&mut self) {
        if !matches!(self.footage.meeting, Meeting::Seeking) {
            self.notice(Notice::CameraUnreachable);
        }
        self.camera_lost();
    }

    /// The next meeting begins if a tag was read meanwhile.
    fn meeting_over(&mut self) {
        self.footage.status = None;
        self.stale.home = true;
        if let Meeting::Leaving(invitation) = std::mem::replace(&mut self.footage.meeting, Meeting::None) {
            self.meet(Meeting::Pairing, Entry::Tap(invitation));
        }
    }

    fn camera_said(&mut self, event: Event) -> Result<(), StoreError> {
        match event {
            Event::Met { bond } => self.met(&bond),
            Event::Status(status) => {
                // Compared when it is heard: later the two clocks say nothing of each other.
                self.footage.clock = match status.clock {
                    Some(told) => ClockCheck::of(told, Some(self.now.utc)),
                    None => ClockCheck::Untold,
                };
                self.footage.status = Some(status.clone());
                self.stale.camera = true;
                self.stale.home = true;
                self.follow_camera(&status)
            }
            Event::Events(messages) => self.camera_states(&messages),
            Event::NotTriggered { counter } => {
                tracing::warn!(counter, "the camera had this trigger before");
                self.notice(Notice::TriggerRefused);
                Ok(())
            }
            Event::Noted { .. } => Ok(()),
            Event::Clips(listed) => {
                if let Meeting::Met(camera) = &self.footage.meeting {
                    self.device.retire_clips(camera, &listed)?;
                }
                self.footage.listed = listed;
                Ok(())
            }
            Event::Progress { clip, done, of } => {
                self.footage.progress.insert(clip, (done, of));
                Ok(())
            }
            Event::Finished { clip, manifest } => {
                self.footage.progress.remove(&clip);
                match self.clip_row(clip)? {
                    Some(row) if row.root.is_none() => self.sign_manifest(&row),
                    Some(_) => {
                        self.tell_camera(Command::Taken {
                            clip,
                            root: manifest.root,
                        });
                        Ok(())
                    }
                    None => Ok(()),
                }
            }
            Event::Refused { clip, refusal, fault } => {
                tracing::warn!(%clip, %fault, "a clip was refused");
                self.footage.progress.remove(&clip);
                self.footage.refused.insert(clip, refusal);
                self.device.destroy_view_key(clip)?;
                if let Meeting::Met(camera) = &self.footage.meeting {
                    let camera = camera.clone();
                    let why = refusal;
                    let told = Operation::FootageNotTaken { clip, camera, why };
                    self.device.log(self.now, self.officer_id(), told)?;
                }
                self.device.forget_clip(clip)?;
                self.notice(Notice::ClipRefused { clip, refusal });
                Ok(())
            }
            Event::Absent { clip } => {
                self.footage.progress.remove(&clip);
                self.device.forget_clip(clip)?;
                Ok(())
            }
            Event::NotProven { clip } => {
                tracing::warn!(%clip, "the camera does not accept HQ's receipt and keeps its recording");
                Ok(())
            }
            Event::VaultFailed { clip, error } => {
                tracing::warn!(%clip, %error, "a clip could not be stored");
                self.notice(Notice::DiskFull);
                Ok(())
            }
        }
    }

    /// Keeps the bond of the next meeting, then says what the camera may have missed.
    fn met(&mut self, bond: &Bond) -> Result<(), StoreError> {
        let first = self
            .device
            .pairing()?
            .is_none_or(|known| known.transcript != bond.transcript);
        let pairing = Pairing {
            camera: bond.camera.clone(),
            bond: canonical::encode(bond),
            transcript: bond.transcript,
        };
        self.device.save_pairing(&pairing)?;
        if first {
            let operation = Operation::CameraPaired {
                transcript: bond.transcript,
            };
            self.device.log(self.now, self.officer_id(), operation)?;
        }
        if matches!(self.footage.meeting, Meeting::Leaving(_)) {
            self.out.push(Effect::Camera(CameraEffect::Tell(Command::Leave)));
            return Ok(());
        }
        self.footage.meeting = Meeting::Met(bond.camera.clone());
        self.end_camera_search();
        self.tell_camera(Command::ListClips);
        for row in self.device.clips()? {
            let clip = row.listing.clip;
            match (row.root, row.receipt) {
                (None, _) => self.bring_in(clip)?,
                (Some(root), None) => self.tell_camera(Command::Taken { clip, root }),
                (Some(root), Some(receipt)) => self.tell_received(clip, root, receipt),
            }
        }
        Ok(())
    }

    fn clip_row(&self, clip: ClipId) -> Result<Option<ClipRow>, StoreError> {
        Ok(self
            .device
            .clips()?
            .into_iter()
            .find(|row| row.listing.clip == clip))
    }

    /// The device signs the manifest by itself: ingest runs in the pocket.
    fn sign_manifest(&mut self, row: &ClipRow) -> Result<(), StoreError> {
        let act = Manifest::act_id(row.listing.clip);
        let Some(held) = self.footage.held(row.listing.clip) else {
            return Ok(());
        };
        if !self.footage.signing.insert(act) {
            return Ok(());
        }
        let mut manifest = held.manifest().clone();
        let events = self.carry_events(&mut manifest)?;
        manifest.program = self.site.program().cloned();
        // The camera's own proof goes with the manifest: HQ and courts check both.
        let mut attachments = vec![
            Attachment {
                name: "camera.cose".to_owned(),
                content: held.chain_file(),
            },
            Attachment {
                name: "camera.der".to_owned(),
                content: held.camera_certificate().to_vec(),
            },
        ];
        attachments.extend(events);
        if let Some(carried) = manifest.events {
            self.footage.carried.insert(act, carried);
        }
        let until = Term::Footage.deadline(&self.recorded(manifest.started));
        let retention = Retention {
            term: Term::Footage,
            until,
        };
        let reference = self.reference.version.clone();
        let to_sign = ToSign::footage(act, row.context.clone(), self.now, reference, retention, manifest);
        let job = self.sign_job(to_sign, None, Vec::new(), attachments, Signer::Device)?;
        self.out.push(Effect::Work(Job::Sign(Box::new(job))));
        Ok(())
    }

    /// The camera's clock in the service's zone.
    pub(crate) fn recorded(&self, utc: domain::UnixMs) -> Timestamp {
        Timestamp { utc, ..self.now }
    }

    pub(crate) fn manifest_signed(
        &mut self,
        act: ActId,
        result: Result<Box<SigningIntent>, SignFailure>,
    ) -> Result<(), StoreError> {
        self.footage.signing.remove(&act);
        let carried = self.footage.carried.remove(&act);
        self.stale.camera = true;
        let intent = match result {
            Ok(intent) => intent,
            Err(error) => {
                tracing::error!(%act, %error, "a manifest could not be signed");
                self.notice(Notice::NotSigned { draft: act });
                return Ok(());
            }
        };
        let Some(row) = self.clip_of_manifest(act)? else {
            return Ok(());
        };
        let clip = row.listing.clip;
        let Some(held) = self.footage.held(clip) else {
            return Ok(());
        };
        let manifest = held.manifest();
        let root = manifest.root;
        let taken = Recording {
            clip,
            camera: manifest.camera.clone(),
            started: manifest.started,
            ended: manifest.ended,
            root,
            manifest: intent.record,
            context: row.context.clone(),
            until: Term::Footage.deadline(&self.recorded(manifest.started)),
            zone: self.now.zone,
        };
        let new_act = NewAct {
            clip: Some(taken),
            ..intent.new_act()
        };
        self.device
            .commit_act(&new_act, Some(row.context.author.id), self.now)?;
        self.passed(CommitPoint::ActCommitted);
        if let Some(carried) = carried {
            // Carried twice after a stop in between, the same counters say so.
            self.device
                .carry_camera_events(&manifest.camera, &carried, clip)?;
        }
        tracing::info!(%clip, act = %intent.act, "clip taken in");
        self.tell_camera(Command::Taken { clip, root });
        self.stale.home = true;
        self.stale.deliveries = true;
        self.offer(intent.envelope)?;
        self.queue_parts(intent.act, intent.envelope)?;
        self.queue_clip(clip)
    }

    /// The clip that a manifest's act is about.
    pub(crate) fn clip_of_manifest(&self, act: ActId) -> Result<Option<ClipRow>, StoreError> {
        Ok(self
            .device
            .clips()?
            .into_iter()
            .find(|row| Manifest::act_id(row.listing.clip) == act))
    }
}
