//! A headquarters with one terminal and one camera, a clip on its way there, and a court's folder to export into.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use domain::enrolment::KeyProtection;
use domain::envelope::{Attachment, Bundle, Envelope, Lane};
use domain::footage::{CameraChain, Manifest, Segment};
use domain::natinf::ReferenceVersion;
use domain::record::{Act, CONTENT_TYPE, Context, Record};
use domain::time::Zone;
use domain::{
    ActId, BootId, CameraId, ClipId, DeviceId, Digest, EnvelopeId, ServiceId, Timestamp, UnixMs, encode,
};
use evidence::chain::{Messages, Recorder, join};
use evidence::folder::Files;
use evidence::report::{Outcome, verify};
use hq::files::PoliceFiles;
use hq::pki::{CameraRequest, DeviceRequest};
use hq::serve::wall_clock;
use hq::{Gateway, Pki, Registry};
use sync::wire::v1::FileInit;
use sync::{FileId, FileVerb, Topic, UpLane};
use tempfile::TempDir;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, SigningKey};
use trust::seal::{self, Identity, Recipient};

use crate::headquarters::officer;
use crate::neoctl;

pub(crate) const VIDEO: &[u8] = include_bytes!("../../../../simulator/clips/patrol.mp4");
/// The camera's segments and the chunks of their encrypted files, in bytes.
const SEGMENT: usize = 64 * 1024;
const CHUNK: usize = 32 * 1024;
const CLIP: ClipId = ClipId::from_bytes([0xc1; 16]);
const ENVELOPE: EnvelopeId = EnvelopeId::from_bytes([1; 16]);

pub(crate) struct Scene {
    dir: TempDir,
    gateway: Gateway,
    terminal: Terminal,
    recording: Recording,
    now: UnixMs,
}

struct Terminal {
    device: DeviceId,
    key: SigningKey,
    certificate: Certificate,
}

/// A camera's recording as the terminal took it in.
struct Recording {
    manifest: Manifest,
    sealed: Vec<Vec<u8>>,
    attachments: Vec<Attachment>,
}

impl Scene {
    /// C2PA is judged by today's date, so that everything is made today.
    pub(crate) fn new() -> Self {
        let now = wall_clock();
        let dir = tempfile::tempdir().unwrap();
        let (keys, hq) = (dir.path().join("pki"), dir.path().join("hq"));
        fs::create_dir(dir.path().join("court")).unwrap();
        let pki = Pki::create(&keys, now).unwrap();
        let recipient = pki.recipient();
        let mut registry = Registry::open(pki, &hq).unwrap();
        let terminal = Terminal::enrol(&mut registry, now);
        let recording = Recording::new(&mut registry, recipient, now);
        let files = PoliceFiles::synthetic(7, now);
        Self {
            gateway: Gateway::open(&hq, Pki::open(&keys).unwrap(), files, now).unwrap(),
            dir,
            terminal,
            recording,
            now,
        }
    }

    /// Headquarters has the manifest and every byte of the footage.
    pub(crate) fn received() -> Self {
        let mut scene = Self::new();
        scene.send_manifest();
        scene.upload();
        scene
    }

    pub(crate) fn send_manifest(&mut self) {
        let Self { terminal, now, .. } = self;
        let record = terminal.sign(
            Namespace::Record,
            CONTENT_TYPE,
            &encode(&self.recording.record(terminal, *now)),
        );
        let bundle = Bundle {
            record: record.clone(),
            attachments: self.recording.attachments.clone(),
        };
        let recipient = Pki::open(&self.dir.path().join("pki")).unwrap().recipient();
        let envelope = Envelope {
            version: 1,
            id: ENVELOPE,
            device: terminal.device.clone(),
            lane: Lane::Procedures,
            sequence: 1,
            created: moment(*now),
            record: Digest::of(&record),
            sealed: seal::seal(&[recipient], &encode(&bundle)).unwrap(),
            parts: Vec::new(),
        };
        let content_type = "application/neo-envelope+cbor;v=1";
        let envelope = terminal.sign(Namespace::Envelope, content_type, &envelope.to_bytes());
        let topic = Topic::Up(terminal.device.clone(), UpLane::Pv);
        self.gateway.receive(&topic, &envelope, *now).unwrap();
    }

    fn upload(&mut self) {
        for (index, sealed) in (0..).zip(self.recording.sealed.clone()) {
            let file = FileId::new(CLIP, index).unwrap();
            let (size, sha256) = (sealed.len() as u64, Digest::of(&sealed));
            let init = FileInit {
                version: 1,
                file,
                manifest: ENVELOPE,
                size,
                sha256,
            };
            self.say(file, FileVerb::Init, &encode(&init));
            for (number, chunk) in sealed.chunks(CHUNK).enumerate() {
                let verb = FileVerb::Chunk {
                    offset: (number * CHUNK) as u64,
                    sha256: Digest::of(chunk),
                };
                self.say(file, verb, chunk);
            }
            self.say(file, FileVerb::Fin { size, sha256 }, b"");
        }
    }

    fn say(&mut self, file: FileId, verb: FileVerb, payload: &[u8]) {
        let topic = Topic::File(self.terminal.device.clone(), file, verb);
        self.gateway.receive(&topic, payload, self.now).unwrap();
    }

    /// Runs `neoctl evidence export`.
    pub(crate) fn export(&self, clip: ClipId, options: &[&str]) -> Output {
        let clip = clip.to_string();
        let paths = [self.folder(), self.hq(), self.dir.path().join("pki")];
        let [folder, dir, pki] = paths.each_ref().map(|path| path.to_str().unwrap());
        let mut arguments = vec![
            "evidence", "export", folder, "--clip", &clip, "--dir", dir, "--pki", pki, "--json",
        ];
        arguments.extend(options);
        neoctl(&arguments, b"")
    }

    pub(crate) fn clip(&self) -> ClipId {
        CLIP
    }

    pub(crate) fn manifest(&self) -> &Manifest {
        &self.recording.manifest
    }

    pub(crate) fn root(&self) -> Certificate {
        Pki::open(&self.dir.path().join("pki")).unwrap().root().clone()
    }

    pub(crate) fn hq(&self) -> PathBuf {
        self.dir.path().join("hq")
    }

    /// Where the court keeps what it gets.
    pub(crate) fn out(&self) -> PathBuf {
        self.dir.path().join("court")
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.out().join("evidence")
    }

    /// What the verifier says of the exported folder.
    pub(crate) fn outcome(&self) -> Outcome {
        verify(&files(&self.folder()), &[self.root()], &[]).outcome()
    }

    /// The names in the court's folder.
    pub(crate) fn left(&self) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(self.out())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Terminal {
    fn enrol(registry: &mut Registry, now: UnixMs) -> Self {
        let key = SigningKey::generate(KeyKind::P256);
        let request = DeviceRequest {
            device: DeviceId::parse("neo-000001").unwrap(),
            model: "banc d'essai".to_owned(),
            spki: key.public().spki_der(),
            recipient: *Identity::generate().recipient().as_bytes(),
            protection: KeyProtection::File,
        };
        let chain = registry.enrol_device(&request, now).unwrap();
        Self {
            device: request.device,
            key,
            certificate: chain[0].clone(),
        }
    }

    fn sign(&self, namespace: Namespace, content_type: &str, payload: &[u8]) -> Vec<u8> {
        let protection = Some(trust::keys::KeyProtection::File);
        cose::sign(
            namespace,
            &self.key,
            &self.certificate,
            content_type,
            payload,
            protection,
        )
        .unwrap()
    }
}

impl Recording {
    fn new(registry: &mut Registry, recipient: Recipient, now: UnixMs) -> Self {
        let [key, session] = [(); 2].map(|()| SigningKey::generate(KeyKind::Ed25519));
        let camera = CameraId::parse("cam-000001").unwrap();
        let request = CameraRequest {
            camera: camera.clone(),
            spki: key.public().spki_der(),
            noise: [9; 32],
            signed_video: false,
        };
        let certificate = registry.enrol_camera(&request, now).unwrap();
        let started = now.plus(-6000);
        let (mut recorder, init) =
            Recorder::open(CLIP, camera.clone(), &key, &certificate, session, started).unwrap();
        let (mut segments, mut sealed, mut messages) = (Vec::new(), Vec::new(), Vec::new());
        for (index, plain) in (0_u32..).zip(VIDEO.chunks(SEGMENT)) {
            messages.push(recorder.segment(plain, u64::from(index) * 1000).unwrap());
            let cipher = seal::seal(&[recipient], plain).unwrap();
            segments.push(Segment {
                index,
                offset: u64::from(index) * SEGMENT as u64,
                length: u32::try_from(plain.len()).unwrap(),
                plain: Digest::of(plain),
                cipher: Digest::of(&cipher),
                cipher_length: u32::try_from(cipher.len()).unwrap(),
            });
            sealed.push(cipher);
        }
        let end = recorder.end(6000).unwrap();
        let chain = join(&Messages {
            init: &init,
            segments: messages.iter().map(Vec::as_slice).collect(),
            end: Some(&end),
        });
        let mut manifest = Manifest {
            clip: CLIP,
            camera,
            camera_certificate: Digest::of(certificate.der()),
            pairing: Digest::of(b"transcript"),
            started,
            ended: now,
            bytes: VIDEO.len() as u64,
            whole: Digest::of(VIDEO),
            root: Digest::of(b""),
            segments,
            chain: CameraChain::Complete,
            chain_digest: Digest::of(&chain),
            video: None,
            events: None,
            assigned: None,
            program: None,
        };
        manifest.root = evidence::proof::root(&manifest);
        Self {
            manifest,
            sealed,
            attachments: vec![
                attachment("camera.cose", &chain),
                attachment("camera.der", certificate.der()),
            ],
        }
    }

    fn record(&self, terminal: &Terminal, now: UnixMs) -> Record {
        Record {
            version: 1,
            id: ActId::from_bytes([2; 16]),
            number: None,
            context: Context {
                device: terminal.device.clone(),
                protection: KeyProtection::File,
                formation: true,
                author: officer().author(),
                service: ServiceId::from_bytes([3; 16]),
                intervention: None,
            },
            signed_at: moment(now),
            reference: ReferenceVersion("test".to_owned()),
            document: None,
            corrects: None,
            retention: None,
            act: Act::Footage(Box::new(self.manifest.clone())),
        }
    }
}

fn attachment(name: &str, content: &[u8]) -> Attachment {
    Attachment {
        name: name.to_owned(),
        content: content.to_vec(),
    }
}

fn moment(at: UnixMs) -> Timestamp {
    Timestamp {
        utc: at,
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 1000,
    }
}

pub(crate) fn files(folder: &Path) -> Files {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            (name.to_owned(), fs::read(&path).unwrap())
        })
        .collect()
}
