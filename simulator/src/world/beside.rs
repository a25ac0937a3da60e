//! The body camera beside the terminal. On the local link nothing is lost, repeated or reordered, until one of the two
//! is out of the other's reach.

use std::sync::Arc;

use agent::engine::{CameraEffect, CameraEvent, Engine, Event};
use agent::keys::Keys;
use camera::driver::SILENCE;
use camera::protocol::Custody;
use domain::{ClipId, UnixMs};
use trust::cert::{Certificate, Revocations};
use trust::seal::Recipient;

use super::meeting::{Meeting, Side, Step};
use super::post::Parcel;
use super::taking::FootagePoint;
use super::{World, crash, survive};
use crate::camera::visit::Visit;
use crate::camera::{Fault, Faults, SimCamera};

/// One way on the local link, in milliseconds.
const WAY_MS: u64 = 3;
/// How long a terminal tries to reach a camera that does not answer, in milliseconds.
const PATIENCE_MS: u64 = 5_000;

/// The camera and the meeting that is under way.
pub(super) struct Beside {
    camera: SimCamera,
    clip: ClipId,
    faults: Faults,
    is_away: bool,
    /// Tells the parcels of an old meeting apart.
    meetings: u64,
    /// The terminal's end.
    meeting: Option<Meeting>,
    /// The camera's end.
    visit: Option<Visit>,
    pub(super) crash_at: Option<FootagePoint>,
}

impl Beside {
    pub(super) fn new(camera: SimCamera, clip: ClipId) -> Self {
        Self {
            camera,
            clip,
            faults: Faults::default(),
            is_away: false,
            meetings: 0,
            meeting: None,
            visit: None,
            crash_at: None,
        }
    }

    /// The terminal's process ends, and with it the link.
    pub(super) fn hang_up(&mut self) {
        self.meetings += 1;
        self.meeting = None;
        self.visit = None;
    }

    /// The text of the camera's tag.
    pub(super) fn invitation(&self) -> String {
        self.camera.invitation().to_text().to_string()
    }
}

impl World {
    /// Does what the engine asks of the camera; gives what comes back at once.
    pub(super) fn ask_camera(&mut self, effect: CameraEffect) -> Vec<Event> {
        match effect {
            CameraEffect::Meet(entry, revocations) => {
                let at = self.hq_now();
                self.beside.meetings += 1;
                let meeting = Some(self.beside.meetings);
                let side = self
                    .engine
                    .as_ref()
                    .and_then(|engine| side(engine, revocations, &self.keys, self.now.utc));
                let Some(side) = side.filter(|_| !self.beside.is_away) else {
                    self.post(PATIENCE_MS, Parcel::CameraUnreachable, meeting);
                    return Vec::new();
                };
                let heard = self.beside.camera.beacon(at);
                match Meeting::begin(entry, &heard, side) {
                    Ok((begun, frame)) => {
                        self.beside.meeting = Some(begun);
                        self.beside.visit = Some(Visit::default());
                        self.post(WAY_MS, Parcel::ToCamera(frame), meeting);
                        Vec::new()
                    }
                    Err(ending) => vec![Event::Camera(CameraEvent::Ended(ending))],
                }
            }
            CameraEffect::Tell(command) => match &mut self.beside.meeting {
                Some(meeting) => {
                    let step = meeting.obey(command);
                    self.follow(step)
                }
                None => Vec::new(),
            },
        }
    }

    /// A frame reaches the camera.
    pub(super) fn camera_hears(&mut self, meeting: u64, frame: &[u8]) {
        let at = self.hq_now();
        let beside = &mut self.beside;
        let Some(visit) = beside.visit.as_mut().filter(|_| beside.meetings == meeting) else {
            return;
        };
        let reply = beside.camera.hear(visit, frame, &beside.faults, at);
        let gone = reply.as_ref().is_none_or(|reply| reply.gone);
        for frame in reply.into_iter().flat_map(|reply| reply.frames) {
            self.post(WAY_MS, Parcel::FromCamera(frame), Some(meeting));
        }
        if gone {
            self.beside.visit = None;
            self.post(WAY_MS, Parcel::CameraGone, Some(meeting));
        }
    }

    /// A frame of the camera reaches the terminal; a crash on the way ends the terminal.
    pub(super) fn terminal_hears(&mut self, meeting: u64, frame: &[u8]) -> anyhow::Result<()> {
        let beside = &mut self.beside;
        let Some(under_way) = beside.meeting.as_mut().filter(|_| beside.meetings == meeting) else {
            return Ok(());
        };
        let due = &mut beside.crash_at;
        let mut tripwire = |point: FootagePoint| {
            if due.take_if(|due| *due == point).is_some() {
                crash();
            }
        };
        match survive(|| under_way.hear(frame, &mut tripwire)) {
            Some(step) if !self.is_last() => {
                let back = self.follow(step);
                back.into_iter().try_for_each(|event| self.event(event))
            }
            Some(_) | None => {
                self.kill();
                Ok(())
            }
        }
    }

    /// The terminal notices that the camera is out of reach.
    pub(super) fn camera_is_gone(&mut self, meeting: u64) -> anyhow::Result<()> {
        let under_way = self.beside.meeting.take_if(|_| self.beside.meetings == meeting);
        let Some(under_way) = under_way else { return Ok(()) };
        self.event(Event::Camera(CameraEvent::Ended(under_way.vanished())))
    }

    pub(super) fn camera_is_unreachable(&mut self, meeting: u64) -> anyhow::Result<()> {
        if self.beside.meetings == meeting {
            self.event(Event::Camera(CameraEvent::Unreachable))
        } else {
            Ok(())
        }
    }

    /// Sends what a step of the meeting says; gives what the engine is to learn.
    fn follow(&mut self, step: Step) -> Vec<Event> {
        let meeting = Some(self.beside.meetings);
        for frame in step.frames {
            self.post(WAY_MS, Parcel::ToCamera(frame), meeting);
        }
        let said = step.events.into_iter().map(CameraEvent::Said);
        let mut back: Vec<Event> = said.map(Event::Camera).collect();
        if let Some(ending) = step.ending {
            self.beside.hang_up();
            back.push(Event::Camera(CameraEvent::Ended(ending)));
        }
        back
    }

    /// The camera is out of reach: what is under way goes nowhere, and the terminal learns it by the silence.
    pub fn camera_away(&mut self) {
        self.beside.is_away = true;
        if self.beside.visit.take().is_some() {
            let silence = u64::try_from(SILENCE.as_millis()).unwrap_or(u64::MAX);
            self.post(silence, Parcel::CameraGone, Some(self.beside.meetings));
        }
    }

    pub const fn camera_back(&mut self) {
        self.beside.is_away = false;
    }

    /// What goes wrong with the camera from the next frame on.
    pub fn camera_faults(&mut self, faults: impl IntoIterator<Item = Fault>) {
        self.beside.faults.set(faults);
    }

    /// The camera's one recording.
    pub const fn clip(&self) -> ClipId {
        self.beside.clip
    }

    /// Who has the recording, as far as the camera knows.
    pub fn custody(&self) -> Custody {
        self.beside.camera.custody(self.beside.clip)
    }
}

/// Nothing when the terminal has no vault or its certificates do not read.
fn side(engine: &Engine, revocations: Arc<Revocations>, keys: &Arc<dyn Keys>, now: UnixMs) -> Option<Side> {
    let enrolment = engine.enrolment();
    let read = |der: &domain::enrolment::Der| Certificate::from_der(&der.0).ok();
    Some(Side {
        device: enrolment.device_chain.iter().filter_map(read).collect(),
        keys: keys.clone(),
        anchors: vec![read(&enrolment.root)?],
        revocations,
        now,
        vault: engine.vault()?,
        recipients: vec![Recipient::from_bytes(enrolment.hq_recipient)],
    })
}
