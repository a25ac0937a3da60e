//! The camera's meetings, one at a time, each on its own thread.

use std::net::{SocketAddr, TcpStream};
use std::sync::mpsc::SyncSender;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use camera::driver::{self, Commands, Entry, Role};
use camera::vault::Vault;
use domain::enrolment::Enrolment;
use trust::cert::{Certificate, Revocations};
use trust::seal::Recipient;

use super::inbox::Message;
use crate::clock::Clock;
use crate::engine::{CameraEffect, CameraEvent, Engine, Event};
use crate::keys::{Keys, device_signer};

/// How long a camera is tried to be reached.
const CAMERA_PATIENCE: Duration = Duration::from_secs(5);

/// See the module.
pub(super) struct Camera {
    address: Option<SocketAddr>,
    vault: Option<Vault>,
    device: Vec<Certificate>,
    root: Option<Certificate>,
    recipient: [u8; 32],
    keys: Arc<dyn Keys>,
    clock: Clock,
    events: SyncSender<Message>,
    meeting: Arc<Mutex<Option<Commands>>>,
}

impl Camera {
    pub(super) fn new(
        address: Option<SocketAddr>,
        engine: &Engine,
        keys: Arc<dyn Keys>,
        clock: Clock,
        events: SyncSender<Message>,
    ) -> Self {
        let enrolment = engine.enrolment();
        let mut camera = Self {
            address,
            vault: engine.vault(),
            device: Vec::new(),
            root: None,
            recipient: enrolment.hq_recipient,
            keys,
            clock,
            events,
            meeting: Arc::default(),
        };
        camera.identify(enrolment);
        camera
    }

    /// What the terminal shows at the next meeting, and whom footage is sealed for.
    pub(super) fn identify(&mut self, enrolment: &Enrolment) {
        let read = |der: &domain::enrolment::Der| Certificate::from_der(&der.0).ok();
        self.device = enrolment.device_chain.iter().filter_map(read).collect();
        self.root = read(&enrolment.root);
        self.recipient = enrolment.hq_recipient;
    }

    pub(super) fn carry_out(&mut self, effect: CameraEffect) {
        match effect {
            CameraEffect::Meet(entry, revocations) => self.meet(entry, revocations),
            CameraEffect::Tell(command) => {
                let meeting = self.meeting.lock().ok().and_then(|meeting| meeting.clone());
                if let Some(Err(error)) = meeting.map(|commands| commands.send(command)) {
                    tracing::warn!(%error, "a command was not taken by the camera's meeting");
                }
            }
        }
    }

    fn meet(&mut self, entry: Entry, revocations: Arc<Revocations>) {
        let unreachable = || Message::Event(Event::Camera(CameraEvent::Unreachable));
        let (Some(address), Some(vault), Some(root)) = (self.address, self.vault.clone(), self.root.clone())
        else {
            self.answer(unreachable());
            return;
        };
        let role = Role {
            entry,
            device: self.device.clone(),
            sign: Box::new(device_signer(self.keys.clone())),
            anchors: vec![root],
            revocations,
            now: self.clock.now().utc,
            vault,
            recipients: vec![Recipient::from_bytes(self.recipient)],
            silence: driver::SILENCE,
        };
        let (commands, mailbox) = driver::mailbox();
        if let Ok(mut meeting) = self.meeting.lock() {
            *meeting = Some(commands);
        }
        let events = self.events.clone();
        let meeting = self.meeting.clone();
        let talk = move || {
            let said = events.clone();
            let on_event = move |event| {
                let _ = said.send(Message::Event(Event::Camera(CameraEvent::Said(event))));
            };
            let ended = match TcpStream::connect_timeout(&address, CAMERA_PATIENCE) {
                Ok(stream) => CameraEvent::Ended(driver::session(&stream, &role, mailbox, &on_event)),
                Err(_) => CameraEvent::Unreachable,
            };
            if let Ok(mut meeting) = meeting.lock() {
                *meeting = None;
            }
            let _ = events.send(Message::Event(Event::Camera(ended)));
        };
        if thread::Builder::new()
            .name("camera".to_owned())
            .spawn(talk)
            .is_err()
        {
            self.answer(unreachable());
        }
    }

    /// Not from the engine's own thread: its inbox may be full.
    fn answer(&self, message: Message) {
        let events = self.events.clone();
        let _ = thread::Builder::new()
            .name("camera".to_owned())
            .spawn(move || drop(events.send(message)));
    }
}
