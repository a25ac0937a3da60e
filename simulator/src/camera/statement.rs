//! What the camera signs of itself: gaps, what began a recording, whose it is.

use camera::Secret32;
use camera::protocol::{FromCamera, MAX_EVENTS};
use domain::footage::{CameraSaid, Gap, GapCause, Trigger, TriggerCause};
use domain::officer::Matricule;
use domain::{ClipId, DeviceId, UnixMs};
use evidence::log;
use minicbor::bytes::ByteVec;

use super::{Fault, Faults, SimCamera, SimCameraError};

/// What the buffer holds, in milliseconds.
const BUFFER_MS: u32 = 30_000;
/// What a failing camera lost, in milliseconds.
const LOST_MS: i64 = 600_000;

impl SimCamera {
    /// Signs and remembers a statement; gives its message.
    pub(super) fn state(&mut self, at: UnixMs, said: CameraSaid) -> Result<Vec<u8>, SimCameraError> {
        let signer = (&self.identity.key, self.identity.certificate());
        let message = log::state(signer, &self.identity.id, self.memory.last_event(), at, said)
            .map_err(SimCameraError::Signing)?;
        self.memory.keep_event(&message)?;
        Ok(message)
    }

    /// What was recorded before the camera signed anything of itself began with its button.
    pub(super) fn state_beginnings(&mut self) -> Result<(), SimCameraError> {
        if self.memory.last_event().is_some() {
            return Ok(());
        }
        let began: Vec<(ClipId, UnixMs)> = self
            .recordings
            .iter()
            .map(|recording| (recording.listing.clip, recording.listing.started))
            .collect();
        for (clip, at) in began {
            let trigger = Trigger {
                cause: TriggerCause::Button,
                counter: None,
            };
            let said = CameraSaid::Began {
                clip,
                trigger,
                buffered_ms: BUFFER_MS,
            };
            self.state(at, said)?;
        }
        Ok(())
    }

    /// The stretch that a failing camera lost, signed once each time that it begins to fail.
    pub(super) fn failure(&mut self, faults: &Faults, at: UnixMs) -> Option<Gap> {
        if !faults.are_failing() {
            self.failed = None;
            return None;
        }
        if let Some(gap) = self.failed {
            return Some(gap);
        }
        let gap = Gap {
            from: at.plus(-LOST_MS),
            until: at,
            cause: GapCause::Full,
        };
        self.state(at, CameraSaid::Gap(gap)).ok()?;
        self.failed = Some(gap);
        Some(gap)
    }

    /// The events behind a counter, as the faults let them out.
    pub(super) fn events(&self, after: u64, faults: &Faults) -> FromCamera {
        let after = if faults.has(Fault::EventsAgain) { 0 } else { after };
        let mut events: Vec<ByteVec> = self.memory.events_after(after);
        events.truncate(MAX_EVENTS);
        if faults.has(Fault::ForeignEvents) {
            for event in &mut events {
                *event = super::fault::foreign(event).into();
            }
        }
        FromCamera::Events(events)
    }

    /// What is no terminal asks for a recording.
    pub fn trigger(&mut self, cause: TriggerCause, at: UnixMs) {
        let trigger = Trigger { cause, counter: None };
        // A camera that cannot sign it records nothing either.
        let _ = self.begun(trigger, at);
    }

    pub fn stop_recording(&mut self) {
        // What is not remembered as ended goes on, as after an empty battery.
        if let Ok(Some(filmed)) = self.memory.end_recording() {
            // What it cannot sign it does not list.
            let _ = self.keep(filmed);
        }
    }

    pub fn is_recording(&self) -> bool {
        self.memory.recording().is_some()
    }

    /// A trigger asks for a recording: it counts once, and begins one unless one goes on.
    pub(super) fn triggered(
        &mut self,
        device: &DeviceId,
        trigger: Trigger,
        at: UnixMs,
    ) -> Option<FromCamera> {
        if let Some(counter) = trigger.counter
            && !self.memory.take_trigger(device, counter).ok()?
        {
            return Some(FromCamera::NotTriggered { counter });
        }
        self.begun(trigger, at)
    }

    fn begun(&mut self, trigger: Trigger, at: UnixMs) -> Option<FromCamera> {
        let said = match self.memory.recording() {
            Some(_) => CameraSaid::Passed(trigger),
            None => {
                let mut id = [0; 16];
                id.copy_from_slice(&Secret32::generate().expose()[..16]);
                let clip = ClipId::from_bytes(id);
                self.memory.record(clip, at).ok()?;
                CameraSaid::Began {
                    clip,
                    trigger,
                    buffered_ms: BUFFER_MS,
                }
            }
        };
        let message = self.state(at, said).ok()?;
        Some(FromCamera::Events(vec![message.into()]))
    }

    /// The camera is this officer's, as a terminal that it knows says.
    pub(super) fn assigned(
        &mut self,
        to: Option<Matricule>,
        by: &DeviceId,
        at: UnixMs,
    ) -> Option<FromCamera> {
        self.memory.assign(to.clone()).ok()?;
        let by = by.clone();
        let message = self.state(at, CameraSaid::Assigned { to, by }).ok()?;
        Some(FromCamera::Events(vec![message.into()]))
    }
}
