//! What the camera signs of itself: whose it is, what began its recordings, what it lost; and what is asked of it.
//!
//! Each event counts once, by its counter. A terminal asks a camera to record and to belong to somebody, and has no
//! word for anything else.

use camera::driver::Command;
use camera::pairing::Bond;
use camera::protocol::Status;
use domain::dialogue::{Began, CameraHolder, Notice, SignedEvents};
use domain::envelope::Attachment;
use domain::footage::{Assignment, CameraEvent, CameraSaid, CarriedEvents, Manifest, TriggerCause};
use domain::journal::Operation;
use domain::officer::Matricule;
use domain::{CameraId, Digest, canonical};
use evidence::log::{self, Known, MAX_CARRIED, NotAnEvent};
use trust::cert::Certificate;

use super::take_footage::Meeting;
use super::unlock::Desk;
use crate::engine::Engine;
use crate::store::{EventRow, StoreError};

/// The attachment of a manifest that holds its camera's events.
const EVENTS: &str = "events.cose";

impl Engine {
    /// The camera has signed more than this terminal keeps, or belongs to somebody whose shift here is over.
    pub(crate) fn follow_camera(&mut self, status: &Status) -> Result<(), StoreError> {
        let Meeting::Met(camera) = &self.footage.meeting else {
            return Ok(());
        };
        let rows = self.device.camera_events(&camera.clone())?;
        let after = rows.last().map_or(0, |last| last.event.counter);
        if status.events.is_some_and(|newest| newest > after) {
            self.tell_camera(Command::Events { after });
            return Ok(());
        }
        let own = &self.enrolment.terminal.device;
        let mine = rows.iter().rev().find_map(|row| match &row.event.said {
            CameraSaid::Assigned { to, by } => Some(to.is_some() && by == own),
            CameraSaid::Gap(_) | CameraSaid::Began { .. } | CameraSaid::Passed(_) => None,
        });
        if mine == Some(true) && !self.device.is_on_duty()? {
            self.tell_camera(Command::Assign { to: None });
        }
        Ok(())
    }

    /// Takes what the camera signed, each counter once.
    pub(crate) fn camera_states(&mut self, messages: &[Vec<u8>]) -> Result<(), StoreError> {
        let Some((camera, certificate)) = self.camera_certificate()? else {
            return Ok(());
        };
        let rows = self.device.camera_events(&camera)?;
        let mut known = rows.last().map(|last| Known {
            counter: last.event.counter,
            message: last.digest(),
        });
        let before = known;
        let mut lost = None;
        for message in messages {
            let event = match log::read(message, &certificate, known) {
                Ok(event) => event,
                Err(NotAnEvent::Replayed { .. }) if is_kept(&rows, message) => continue,
                Err(error) => {
                    tracing::warn!(%camera, %error, "a statement of the camera does not count");
                    self.notice(Notice::CameraEventRefused);
                    break;
                }
            };
            let digest = Digest::of(message);
            known = Some(Known {
                counter: event.counter,
                message: digest,
            });
            let said = journalled(&event, digest);
            if let CameraSaid::Gap(gap) = event.said {
                lost = Some(gap);
            }
            self.device
                .keep_camera_event(&event, message, (self.now, self.officer_id()), said)?;
        }
        if let Some(gap) = lost {
            self.notice(Notice::CameraGap { gap });
        }
        self.stale.camera = true;
        // A long log comes in several answers.
        match self.footage.status.clone() {
            Some(status) if known != before => self.follow_camera(&status),
            Some(_) | None => Ok(()),
        }
    }

    /// The camera is the officer's at work here, or that of the number that was typed.
    pub(crate) fn assign_camera(&mut self, to: Option<&str>) -> Result<(), StoreError> {
        let Desk::Open(desk) = &self.desk else {
            return Ok(());
        };
        if desk.service.is_none() {
            self.notice(Notice::NoService);
            return Ok(());
        }
        let own = &desk.officer.matricule;
        let to = match to {
            None => own.clone(),
            Some(typed) => match Matricule::parse(own.corps(), typed) {
                Ok(matricule) => matricule,
                Err(_) => {
                    self.notice(Notice::NotAServiceNumber);
                    return Ok(());
                }
            },
        };
        self.tell_camera(Command::Assign { to: Some(to) });
        Ok(())
    }

    /// The shift is over: its camera is nobody's, now or as soon as it is met again.
    pub(crate) fn end_assignment(&mut self) -> Result<(), StoreError> {
        match self.footage.status.clone() {
            Some(status) => self.follow_camera(&status),
            None => Ok(()),
        }
    }

    pub(crate) fn return_camera(&mut self) {
        self.tell_camera(Command::Assign { to: None });
    }

    /// Asks the camera to record. The counter is durable before it is said, so that none is said twice.
    pub(crate) fn trigger_camera(&mut self) -> Result<(), StoreError> {
        if !matches!(self.footage.meeting, Meeting::Met(_)) {
            return Ok(());
        }
        let counter = self.device.next_trigger()?;
        let cause = TriggerCause::Terminal;
        self.tell_camera(Command::Trigger { cause, counter });
        Ok(())
    }

    /// Whose the camera is, as the officer at work here sees it.
    pub(crate) fn camera_holder(&self, assigned: Option<&Matricule>) -> CameraHolder {
        let Some(to) = assigned.cloned() else {
            return CameraHolder::Nobody;
        };
        let Desk::Open(desk) = &self.desk else {
            return CameraHolder::Another(to);
        };
        let crew = desk.service.iter().flat_map(|service| &service.crew);
        if desk.officer.matricule == to {
            CameraHolder::Own(to)
        } else if crew.into_iter().any(|member| *member == to) {
            CameraHolder::Crew(to)
        } else {
            CameraHolder::Another(to)
        }
    }

    /// Whether the camera that is met belongs to somebody who is not at work here.
    pub(crate) fn is_of_another(&self) -> bool {
        let status = self.footage.status.as_ref();
        let holder = self.camera_holder(status.and_then(|status| status.assigned.as_ref()));
        matches!(holder, CameraHolder::Another(_))
    }

    /// What the screen shows of a camera's events.
    pub(crate) fn signed_events(&self) -> Result<Option<SignedEvents>, StoreError> {
        let Meeting::Met(camera) = &self.footage.meeting else {
            return Ok(None);
        };
        let rows = self.device.camera_events(camera)?;
        let mut signed = None;
        for row in &rows {
            let events = signed.get_or_insert(SignedEvents {
                counter: 0,
                gap: None,
                began: None,
            });
            events.counter = row.event.counter;
            match row.event.said {
                CameraSaid::Gap(gap) => events.gap = Some(gap),
                CameraSaid::Began {
                    trigger, buffered_ms, ..
                } => {
                    events.began = Some(Began {
                        cause: trigger.cause,
                        counter: trigger.counter,
                        buffered_ms,
                    });
                }
                CameraSaid::Passed(_) | CameraSaid::Assigned { .. } => {}
            }
        }
        Ok(signed)
    }

    /// Puts into a manifest what its camera signed since the last one, and whose it is; gives the file of it.
    pub(crate) fn carry_events(&self, manifest: &mut Manifest) -> Result<Option<Attachment>, StoreError> {
        let rows = self.device.camera_events(&manifest.camera)?;
        let same = |row: &&EventRow| row.event.certificate == manifest.camera_certificate;
        let assigned = rows.iter().rev().find_map(|row| match &row.event.said {
            CameraSaid::Assigned { to, .. } => Some(to.clone().map(|to| Assignment {
                to,
                counter: row.event.counter,
                event: row.digest(),
            })),
            CameraSaid::Gap(_) | CameraSaid::Began { .. } | CameraSaid::Passed(_) => None,
        });
        manifest.assigned = assigned.flatten();
        let new: Vec<&EventRow> = rows
            .iter()
            .filter(|row| !row.carried)
            .filter(same)
            .take(MAX_CARRIED)
            .collect();
        let (Some(first), Some(last)) = (new.first(), new.last()) else {
            return Ok(None);
        };
        let messages: Vec<Vec<u8>> = new.iter().map(|row| row.message.clone()).collect();
        let content = log::join(&messages);
        manifest.events = Some(CarriedEvents {
            file: Digest::of(&content),
            first: first.event.counter,
            last: last.event.counter,
        });
        Ok(Some(Attachment {
            name: EVENTS.to_owned(),
            content,
        }))
    }

    /// The camera that is met, with the certificate that it was met under.
    fn camera_certificate(&self) -> Result<Option<(CameraId, Certificate)>, StoreError> {
        let Meeting::Met(camera) = &self.footage.meeting else {
            return Ok(None);
        };
        let Some(pairing) = self.device.pairing()?.filter(|pairing| pairing.camera == *camera) else {
            return Ok(None);
        };
        let bond = canonical::decode::<Bond>(&pairing.bond).ok();
        let certificate = bond.and_then(|bond| bond.certificate().ok());
        Ok(certificate.map(|certificate| (pairing.camera, certificate)))
    }
}

/// Whether the very message is here already: two answers may overlap.
fn is_kept(rows: &[EventRow], message: &[u8]) -> bool {
    rows.iter().any(|row| row.message == message)
}

/// What the journal says of an event, so that HQ hears of it whether a recording follows or not.
fn journalled(event: &CameraEvent, digest: Digest) -> Option<Operation> {
    let (camera, counter) = (event.camera.clone(), event.counter);
    match &event.said {
        CameraSaid::Gap(gap) => Some(Operation::CameraGap {
            camera,
            counter,
            event: digest,
            gap: *gap,
        }),
        CameraSaid::Assigned { to, .. } => Some(Operation::CameraAssigned {
            camera,
            counter,
            event: digest,
            to: to.clone(),
        }),
        CameraSaid::Began { .. } | CameraSaid::Passed(_) => None,
    }
}
