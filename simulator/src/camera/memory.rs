//! What a camera remembers when it is switched off: whom it knows, its invitation, and who has which recording.
//!
//! One file, replaced as a whole.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use camera::Secret32;
use camera::pairing::Acquaintance;
use camera::protocol::Custody;
use domain::canonical::{decode, encode};
use domain::officer::Matricule;
use domain::{ClipId, DeviceId, Digest, UnixMs};
use evidence::log::Known;
use minicbor::bytes::ByteVec;
use minicbor::{Decode, Encode};

use super::SimCameraError;

/// Terminals that a camera knows at a time; the one met longest ago is forgotten first.
const MAX_ACQUAINTANCES: usize = 8;
/// Events that a camera keeps; terminals have the ones before.
const MAX_EVENTS: usize = 256;

#[derive(Encode, Decode)]
#[cbor(map)]
struct Content {
    #[n(0)]
    invitation: Secret32,
    /// The terminal that has used the invitation.
    #[n(1)]
    guest: Option<DeviceId>,
    #[n(2)]
    acquaintances: Vec<Acquaintance>,
    #[n(3)]
    kept: BTreeMap<ClipKey, Kept>,
    /// Absent in the memory of a camera from before there were beacons.
    #[n(4)]
    beacon: Option<Secret32>,
    /// What it signed of itself, oldest first; absent, as what follows, in older memories.
    #[cbor(n(5), default, skip_if = "Vec::is_empty")]
    events: Vec<ByteVec>,
    /// Counter of the newest event.
    #[n(6)]
    counter: Option<u64>,
    /// The last trigger of each terminal.
    #[cbor(n(7), default, skip_if = "Vec::is_empty")]
    triggers: Vec<LastTrigger>,
    #[n(8)]
    assigned: Option<Matricule>,
    /// A trigger began a recording that goes on.
    #[n(9)]
    recording: Option<ClipId>,
    /// When it began, by the camera's clock.
    #[n(10)]
    began: Option<UnixMs>,
    /// Recordings that triggers began and that have ended, oldest first.
    #[cbor(n(11), default, skip_if = "Vec::is_empty")]
    filmed: Vec<Filmed>,
}

/// A recording that is over.
#[derive(Debug, Clone, Copy, Encode, Decode)]
#[cbor(map)]
pub(super) struct Filmed {
    #[n(0)]
    pub(super) clip: ClipId,
    /// Camera clock.
    #[n(1)]
    pub(super) started: UnixMs,
}

#[derive(Encode, Decode)]
#[cbor(map)]
struct LastTrigger {
    #[n(0)]
    device: DeviceId,
    #[n(1)]
    counter: u64,
}

/// Who has a recording, and the root that a terminal gave for it.
#[derive(Clone, Copy, Encode, Decode)]
#[cbor(map)]
struct Kept {
    #[n(0)]
    custody: Custody,
    #[n(1)]
    root: Digest,
}

/// A clip's id as a key of a deterministic map.
#[derive(PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
struct ClipKey(#[n(0)] ClipId);

pub(super) struct Memory {
    path: PathBuf,
    content: Content,
}

impl Memory {
    pub(super) fn open(path: &Path) -> Result<Self, SimCameraError> {
        let content = match fs::read(path) {
            Ok(bytes) => decode(&bytes).map_err(|_| SimCameraError::MemoryDamaged)?,
            Err(error) if error.kind() == ErrorKind::NotFound => Content {
                invitation: Secret32::generate(),
                guest: None,
                acquaintances: Vec::new(),
                kept: BTreeMap::new(),
                beacon: None,
                events: Vec::new(),
                counter: None,
                triggers: Vec::new(),
                assigned: None,
                recording: None,
                began: None,
                filmed: Vec::new(),
            },
            Err(error) => return Err(SimCameraError::Memory(error)),
        };
        let mut memory = Self {
            path: path.to_owned(),
            content,
        };
        memory.content.beacon.get_or_insert_with(Secret32::generate);
        memory.save()?;
        Ok(memory)
    }

    pub(super) fn invitation(&self) -> Secret32 {
        self.content.invitation.clone()
    }

    pub(super) fn renew_invitation(&mut self) -> Result<(), SimCameraError> {
        self.content.invitation = Secret32::generate();
        self.content.guest = None;
        self.save()
    }

    pub(super) fn beacon_secret(&self) -> Secret32 {
        // Every opening makes one where there was none.
        self.content.beacon.clone().unwrap_or_else(Secret32::generate)
    }

    pub(super) fn acquaintances(&self) -> &[Acquaintance] {
        &self.content.acquaintances
    }

    /// Remembers a terminal that came by touch; false when the invitation served another one.
    pub(super) fn welcome(&mut self, acquaintance: Acquaintance) -> Result<bool, SimCameraError> {
        if self
            .content
            .guest
            .as_ref()
            .is_some_and(|guest| *guest != acquaintance.device)
        {
            return Ok(false);
        }
        self.content.guest = Some(acquaintance.device.clone());
        self.content
            .acquaintances
            .retain(|known| known.device != acquaintance.device);
        self.content.acquaintances.push(acquaintance);
        if self.content.acquaintances.len() > MAX_ACQUAINTANCES {
            self.content.acquaintances.remove(0);
        }
        self.save()?;
        Ok(true)
    }

    /// Remembers the next secret of a terminal that came back.
    pub(super) fn renew(&mut self, acquaintance: Acquaintance) -> Result<(), SimCameraError> {
        for known in self
            .content
            .acquaintances
            .iter_mut()
            .filter(|known| known.device == acquaintance.device)
        {
            *known = acquaintance.clone();
        }
        self.save()
    }

    /// The last event that it signed.
    pub(super) fn last_event(&self) -> Option<Known> {
        let message = self.content.events.last()?;
        Some(Known {
            counter: self.content.counter?,
            message: Digest::of(message),
        })
    }

    /// Remembers what it signed of itself, before anybody hears it.
    pub(super) fn keep_event(&mut self, message: &[u8]) -> Result<(), SimCameraError> {
        self.content.events.push(message.to_vec().into());
        if self.content.events.len() > MAX_EVENTS {
            self.content.events.remove(0);
        }
        self.content.counter = Some(self.content.counter.unwrap_or(0) + 1);
        self.save()
    }

    /// The events behind this counter, as far as they are kept.
    pub(super) fn events_after(&self, after: u64) -> Vec<ByteVec> {
        let newest = self.content.counter.unwrap_or(0);
        let wanted = usize::try_from(newest.saturating_sub(after)).unwrap_or(usize::MAX);
        let from = self.content.events.len().saturating_sub(wanted);
        self.content.events[from..].to_vec()
    }

    /// False for a trigger that this terminal sent before; what is remembered survives the battery.
    pub(super) fn take_trigger(&mut self, device: &DeviceId, counter: u64) -> Result<bool, SimCameraError> {
        match self
            .content
            .triggers
            .iter_mut()
            .find(|last| last.device == *device)
        {
            Some(last) if counter <= last.counter => return Ok(false),
            Some(last) => last.counter = counter,
            None => self.content.triggers.push(LastTrigger {
                device: device.clone(),
                counter,
            }),
        }
        self.save()?;
        Ok(true)
    }

    pub(super) fn assigned(&self) -> Option<&Matricule> {
        self.content.assigned.as_ref()
    }

    pub(super) fn assign(&mut self, to: Option<Matricule>) -> Result<(), SimCameraError> {
        self.content.assigned = to;
        self.save()
    }

    pub(super) fn recording(&self) -> Option<ClipId> {
        self.content.recording
    }

    pub(super) fn record(&mut self, clip: ClipId, began: UnixMs) -> Result<(), SimCameraError> {
        self.content.recording = Some(clip);
        self.content.began = Some(began);
        self.save()
    }

    /// Ends the recording that goes on; gives what there is of it.
    pub(super) fn end_recording(&mut self) -> Result<Option<Filmed>, SimCameraError> {
        let clip = self.content.recording.take();
        let began = self.content.began.take();
        let filmed = clip.zip(began).map(|(clip, started)| Filmed { clip, started });
        self.content.filmed.extend(filmed);
        self.save()?;
        Ok(filmed)
    }

    pub(super) fn filmed(&self) -> &[Filmed] {
        &self.content.filmed
    }

    pub(super) fn custody(&self, clip: ClipId) -> Custody {
        self.content
            .kept
            .get(&ClipKey(clip))
            .map_or(Custody::CameraOnly, |kept| kept.custody)
    }

    /// The root that the terminal named when it took the recording.
    pub(super) fn root(&self, clip: ClipId) -> Option<Digest> {
        self.content.kept.get(&ClipKey(clip)).map(|kept| kept.root)
    }

    /// Custody only moves towards HQ; gives where it stands.
    pub(super) fn note(
        &mut self,
        clip: ClipId,
        custody: Custody,
        root: Digest,
    ) -> Result<Custody, SimCameraError> {
        let custody = custody.max(self.custody(clip));
        self.content.kept.insert(ClipKey(clip), Kept { custody, root });
        self.save()?;
        Ok(custody)
    }

    fn save(&self) -> Result<(), SimCameraError> {
        let temporary = self.path.with_extension("tmp");
        File::create(&temporary)
            .and_then(|mut file| {
                file.write_all(&encode(&self.content))
                    .and_then(|()| file.sync_all())
            })
            .and_then(|()| fs::rename(&temporary, &self.path))
            .map_err(SimCameraError::Memory)
    }
}
