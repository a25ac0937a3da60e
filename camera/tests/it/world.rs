//! A small PKI, a terminal, and cameras with recordings.

use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use camera::driver::{Command, Commands, Ending, Entry, Event, Role, SILENCE, mailbox, session};
use camera::pairing::Bond;
use camera::vault::Vault;
use domain::envelope::{Receipt, ReceiptStatus};
use domain::{CameraId, ClipId, DeviceId, Digest, EnvelopeId, UnixMs};
use tempfile::TempDir;
use trust::cert::{
    Certificate, Claims, Holder, Profile, Request, SubjectName, issue, random_serial, self_signed_root,
};
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, KeyProtection, SigningKey};
use trust::seal::Identity as AgeIdentity;

use crate::sim::{Clip, DEFAULT_SEGMENT, Faults, Identity, Running, SimCamera, fixed_clock};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: i64 = 1_795_262_400_000;
pub(crate) const DAY: i64 = 86_400_000;
pub(crate) const CLIP: ClipId = ClipId::from_bytes([4; 16]);
pub(crate) const ROOMY: u64 = 1 << 30;

/// The recording that the simulator plays by default.
pub(crate) fn patrol() -> &'static [u8] {
    include_bytes!("../../../simulator/clips/patrol.mp4")
}

pub(crate) fn clip(id: ClipId, file: &[u8]) -> Clip {
    Clip {
        id,
        started: UnixMs(NOON - 60_000),
        length_ms: 6000,
        file: file.to_vec(),
        closed: true,
    }
}

pub(crate) struct Leaf {
    pub(crate) key: SigningKey,
    pub(crate) chain: Vec<Certificate>,
}

pub(crate) struct World {
    pub(crate) root: Certificate,
    pub(crate) issuing: Certificate,
    pub(crate) issuing_key: SigningKey,
    pub(crate) device: Leaf,
    pub(crate) hq: AgeIdentity,
    pub(crate) disk: TempDir,
}

impl World {
    pub(crate) fn new() -> Self {
        let validity = (NOON - DAY, NOON + 300 * DAY);
        let root_key = SigningKey::generate(KeyKind::P256);
        let root = self_signed_root("root", &root_key, &random_serial(), validity.0, validity.1).unwrap();
        let issuing_key = SigningKey::generate(KeyKind::P256);
        let issuing = issue(
            &Request {
                profile: Profile::Issuing,
                common_name: "issuing",
                public_key: &issuing_key.public(),
                names: &[],
                claims: &Claims::default(),
                serial: &random_serial(),
                not_before_unix_ms: validity.0,
                not_after_unix_ms: validity.1,
            },
            &root_key,
            &root,
        )
        .unwrap();
        let device = device("neo-000007", &issuing_key, &issuing);
        let hq = AgeIdentity::generate();
        Self {
            root,
            issuing,
            issuing_key,
            device,
            hq,
            disk: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn identity(&self, id: &str) -> Identity {
        let id = CameraId::parse(id).unwrap();
        Identity::issue(
            id,
            &self.issuing_key,
            &self.issuing,
            (NOON - DAY, NOON + 90 * DAY),
        )
        .unwrap()
    }

    /// A camera with one recording, switched off.
    pub(crate) fn camera(&self, clip: &Clip) -> SimCamera {
        self.camera_with(self.identity("cam-1"), std::slice::from_ref(clip))
    }

    /// A camera without recordings, switched off.
    pub(crate) fn camera_of(&self, identity: Identity) -> SimCamera {
        self.camera_with(identity, &[])
    }

    fn camera_with(&self, identity: Identity, clips: &[Clip]) -> SimCamera {
        let memory = self.disk.path().join("cam-1");
        SimCamera::new(identity, vec![self.root.clone()], clips, DEFAULT_SEGMENT, &memory).unwrap()
    }

    pub(crate) fn vault_folder(&self) -> PathBuf {
        self.disk.path().join("vault")
    }

    pub(crate) fn vault(&self, capacity: u64) -> Vault {
        Vault::open(&self.vault_folder(), capacity).unwrap()
    }

    pub(crate) fn role(&self, entry: Entry) -> Role {
        self.role_of(&self.device, entry)
    }

    pub(crate) fn role_of(&self, device: &Leaf, entry: Entry) -> Role {
        let key = SigningKey::from_pkcs8_der(&device.key.to_pkcs8_der()).unwrap();
        Role {
            entry,
            device: device.chain.clone(),
            sign: Box::new(move |bytes| Some(key.sign(bytes))),
            anchors: vec![self.root.clone()],
            revocations: Arc::default(),
            now: UnixMs(NOON),
            vault: self.vault(ROOMY),
            recipients: vec![self.hq.recipient()],
            silence: SILENCE,
        }
    }

    /// HQ's receipt over a root, with the certificates of its signer (DER).
    pub(crate) fn receipt(&self, root: Digest) -> (Vec<u8>, Vec<Certificate>) {
        let key = SigningKey::generate(KeyKind::Ed25519);
        let request = Request {
            profile: Profile::HqReceipt,
            common_name: "hq-1",
            public_key: &key.public(),
            names: &[SubjectName::Holder(Holder::Hq("hq-1".to_owned()))],
            claims: &Claims::default(),
            serial: &random_serial(),
            not_before_unix_ms: NOON,
            not_after_unix_ms: NOON + DAY,
        };
        let certificate = issue(&request, &self.issuing_key, &self.issuing).unwrap();
        let receipt = Receipt {
            version: 1,
            device: DeviceId::parse("neo-000007").unwrap(),
            envelope: EnvelopeId::from_bytes([1; 16]),
            envelope_digest: Digest::of(b"envelope"),
            record_digest: Some(Digest::of(b"record")),
            status: ReceiptStatus::Stored,
            at: UnixMs(NOON + 1000),
            footage_root: Some(root),
        };
        let message = cose::sign(
            Namespace::Receipt,
            &key,
            &certificate,
            "application/cbor",
            &receipt.to_bytes(),
            None,
        );
        (message.unwrap(), vec![certificate, self.issuing.clone()])
    }
}

pub(crate) fn device(id: &str, issuing_key: &SigningKey, issuing: &Certificate) -> Leaf {
    let key = SigningKey::generate(KeyKind::P256);
    let claims = Claims {
        age_recipient: Some([7; 32]),
        key_protection: Some(KeyProtection::File),
        ..Claims::default()
    };
    let request = Request {
        profile: Profile::Device,
        common_name: id,
        public_key: &key.public(),
        names: &[SubjectName::Holder(Holder::Device(id.to_owned()))],
        claims: &claims,
        serial: &random_serial(),
        not_before_unix_ms: NOON - DAY,
        not_after_unix_ms: NOON + 90 * DAY,
    };
    let certificate = issue(&request, issuing_key, issuing).unwrap();
    Leaf {
        key,
        chain: vec![certificate, issuing.clone()],
    }
}

/// A camera's radio is on, and its clock right.
pub(crate) fn on(camera: SimCamera, faults: Faults) -> Running {
    camera.serve(faults, fixed_clock(UnixMs(NOON))).unwrap()
}

/// A terminal in a meeting, on its own thread.
pub(crate) struct Meeting {
    commands: Commands,
    events: Receiver<Event>,
    thread: JoinHandle<Ending>,
}

impl Meeting {
    pub(crate) fn begin(address: SocketAddr, role: Role) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        let (commands, mailbox) = mailbox();
        let (sender, events) = channel();
        let thread = thread::spawn(move || {
            session(&stream, &role, mailbox, &|event| {
                // A test that has seen enough stops listening.
                let _ = sender.send(event);
            })
        });
        Self {
            commands,
            events,
            thread,
        }
    }

    pub(crate) fn say(&self, command: Command) {
        self.commands.send(command).unwrap();
    }

    /// The next event that `wanted` takes something from; nothing when the meeting ends before.
    pub(crate) fn until<T>(&self, mut wanted: impl FnMut(Event) -> Option<T>) -> Option<T> {
        loop {
            if let Some(found) = wanted(self.events.recv_timeout(Duration::from_secs(60)).ok()?) {
                return Some(found);
            }
        }
    }

    pub(crate) fn bond(&self) -> Bond {
        self.until(|event| match event {
            Event::Met { bond } => Some(*bond),
            _ => None,
        })
        .unwrap()
    }

    pub(crate) fn ending(self) -> Ending {
        self.thread.join().unwrap()
    }

    pub(crate) fn leave(self) {
        self.say(Command::Leave);
        assert_eq!(self.thread.join().unwrap(), Ending::Left);
    }
}
