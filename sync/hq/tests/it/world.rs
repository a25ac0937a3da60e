//! A small HQ in a temporary folder, with terminals, officers and cameras that have real keys.

use std::path::Path;

use domain::enrolment::{KeyProtection, NumberRange};
use domain::envelope::{Receipt, ReceiptStatus, RefusalCode};
use domain::officer::{Corps, FileKind, Habilitation, Matricule, Officer, Quality};
use domain::time::Zone;
use domain::{BootId, CameraId, DeviceId, OfficerId, Timestamp, UnixMs, decode};
use hq::enrolment::Allotment;
use hq::files::PoliceFiles;
use hq::pki::{CameraRequest, DeviceRequest, OfficerRequest};
use hq::{Gateway, Outgoing, Pki, Registry};
use sync::wire::v1::{Hello, ReceiptBatch};
use sync::{DownLane, Topic, UpLane};
use tempfile::TempDir;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, SigningKey};
use trust::seal::{Identity, Recipient};

use crate::place::{self, Outside};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: UnixMs = UnixMs(1_795_262_400_000);
/// What a card or vault of the tests states.
pub(crate) const PROTECTION: Option<trust::keys::KeyProtection> = Some(trust::keys::KeyProtection::File);

pub(crate) struct Hq {
    dir: TempDir,
    /// When everything is enrolled.
    now: UnixMs,
    pub(crate) registry: Registry,
    pub(crate) gateway: Gateway,
}

pub(crate) struct Terminal {
    pub(crate) device: DeviceId,
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
    pub(crate) identity: Identity,
    pub(crate) numbers: NumberRange,
    pub(crate) hq: Recipient,
}

pub(crate) struct Agent {
    pub(crate) officer: Officer,
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
}

impl Hq {
    pub(crate) fn new() -> Self {
        Self::at(NOON)
    }

    pub(crate) fn at(now: UnixMs) -> Self {
        let dir = tempfile::tempdir().unwrap();
        place::ready(&dir.path().join("hq"));
        let pki = Pki::create(&dir.path().join("pki"), now).unwrap();
        let gateway = open(dir.path());
        let registry = Registry::open(pki, &dir.path().join("hq")).unwrap();
        Self {
            dir,
            now,
            registry,
            gateway,
        }
    }

    /// HQ after its process ended and started again.
    pub(crate) fn restarted(self) -> Self {
        let Self {
            dir,
            now,
            registry,
            gateway,
        } = self;
        drop(gateway);
        let gateway = open(dir.path());
        Self {
            dir,
            now,
            registry,
            gateway,
        }
    }

    /// A second gateway on the same folder.
    pub(crate) fn another_gateway(&self) -> Gateway {
        open(self.dir.path())
    }

    pub(crate) fn path(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join("hq").join(name)
    }

    pub(crate) fn pki(&self) -> &Pki {
        self.registry.pki()
    }

    pub(crate) fn officer(&mut self, number: u8, quality: Quality) -> Agent {
        let key = SigningKey::generate(KeyKind::P256);
        let officer = Officer {
            id: OfficerId::from_bytes([number; 16]),
            matricule: Matricule::parse(
                Corps::PoliceNationale,
                &format!("{:07}", 1_234_500 + u32::from(number)),
            )
            .unwrap(),
            name: "Personne Inventée".into(),
            rank: "gardien de la paix".to_owned(),
            quality,
            unit: "commissariat de Lyon 3".to_owned(),
            habilitations: vec![Habilitation {
                file: FileKind::Fpr,
                from: NOON.plus(-UnixMs::DAY),
                until: NOON.plus(30 * UnixMs::DAY),
            }],
            departments: Vec::new(),
        };
        let request = OfficerRequest {
            officer: officer.id,
            spki: key.public().spki_der(),
            protection: KeyProtection::File,
            formation: true,
        };
        let certificate = self.registry.enrol_officer(&officer, &request, self.now).unwrap();
        Agent {
            officer,
            key,
            certificate,
        }
    }

    pub(crate) fn terminal(&mut self, name: &str, officers: &[&Agent]) -> Terminal {
        let key = SigningKey::generate(KeyKind::P256);
        let identity = Identity::generate();
        let request = DeviceRequest {
            device: DeviceId::parse(name).unwrap(),
            model: "banc d'essai".to_owned(),
            spki: key.public().spki_der(),
            recipient: *identity.recipient().as_bytes(),
            protection: KeyProtection::File,
        };
        let chain = self.registry.enrol_device(&request, self.now).unwrap();
        let officers: Vec<OfficerId> = officers.iter().map(|agent| agent.officer.id).collect();
        let numbers = Allotment {
            year: 2026,
            count: 100,
        };
        let bundle = self
            .registry
            .enrolment_bundle(&request.device, &officers, numbers, self.now)
            .unwrap();
        let bundle: domain::enrolment::Enrolment = decode(&cose::parse(&bundle).unwrap().payload).unwrap();
        Terminal {
            device: request.device,
            key,
            certificate: chain.into_iter().next().unwrap(),
            identity,
            numbers: bundle.numbers,
            hq: Recipient::from_bytes(bundle.hq_recipient),
        }
    }

    pub(crate) fn camera(&mut self, name: &str) -> Certificate {
        self.camera_that_signs(name, false)
    }

    /// A camera that signs inside its video too, or not.
    pub(crate) fn camera_that_signs(&mut self, name: &str, signed_video: bool) -> Certificate {
        let request = CameraRequest {
            camera: CameraId::parse(name).unwrap(),
            spki: SigningKey::generate(KeyKind::Ed25519).public().spki_der(),
            noise: [5; 32],
            signed_video,
        };
        self.registry.enrol_camera(&request, self.now).unwrap()
    }

    pub(crate) fn outside(&self) -> Outside {
        Outside::of(&self.path(""))
    }

    /// Whether `needle` is anywhere in the store's files.
    pub(crate) fn is_in_store(&self, needle: &[u8]) -> bool {
        self.outside().holds(needle)
    }

    pub(crate) fn send(&mut self, terminal: &Terminal, bytes: &[u8]) -> Vec<Outgoing> {
        self.send_at(terminal, bytes, NOON)
    }

    pub(crate) fn send_at(&mut self, terminal: &Terminal, bytes: &[u8], now: UnixMs) -> Vec<Outgoing> {
        let topic = Topic::Up(terminal.device.clone(), UpLane::Pv);
        self.gateway.receive(&topic, bytes, now).unwrap()
    }

    /// Sends and gives the one receipt, verified under HQ's certificate.
    pub(crate) fn receipt(&mut self, terminal: &Terminal, bytes: &[u8]) -> Receipt {
        let outgoing = self.send(terminal, bytes);
        let receipts = self.verified(&outgoing, terminal);
        assert_eq!(receipts.len(), 1);
        receipts.into_iter().next().unwrap()
    }

    #[track_caller]
    pub(crate) fn refusal(&mut self, terminal: &Terminal, bytes: &[u8]) -> RefusalCode {
        match self.receipt(terminal, bytes).status {
            ReceiptStatus::Refused(code) => code,
            ReceiptStatus::Stored => panic!("the envelope was stored"),
        }
    }

    /// The receipts in `outgoing`, each signed by HQ and sent to `terminal`.
    pub(crate) fn verified(&self, outgoing: &[Outgoing], terminal: &Terminal) -> Vec<Receipt> {
        let mut receipts = Vec::new();
        for bytes in receipt_bytes(outgoing, terminal) {
            let signed = cose::parse(&bytes).unwrap();
            cose::verify(&signed, Namespace::Receipt, self.pki().receipt().certificate()).unwrap();
            receipts.push(Receipt::from_bytes(&signed.payload).unwrap());
        }
        receipts
    }
}

/// As SQL writes bytes.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn open(dir: &Path) -> Gateway {
    let pki = Pki::open(&dir.join("pki")).unwrap();
    Gateway::open(&dir.join("hq"), pki, PoliceFiles::synthetic(7, NOON), NOON).unwrap()
}

/// The signed receipts in `outgoing`, as sent to `terminal`.
pub(crate) fn receipt_bytes(outgoing: &[Outgoing], terminal: &Terminal) -> Vec<Vec<u8>> {
    let topic = Topic::Down(terminal.device.clone(), DownLane::Rcpt);
    let mut receipts = Vec::new();
    for message in outgoing.iter().filter(|message| message.topic == topic) {
        let batch: ReceiptBatch = decode(&message.payload).unwrap();
        receipts.extend(batch.iter().map(<[u8]>::to_vec));
    }
    receipts
}

pub(crate) fn moment(at: UnixMs) -> Timestamp {
    Timestamp {
        utc: at,
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: 1000,
    }
}

impl Terminal {
    /// A greeting at noon that tells of nothing.
    pub(crate) fn bare_hello(&self) -> Hello {
        Hello {
            version: 1,
            device: self.device.clone(),
            epoch: 1,
            boot: BootId::from_bytes([1; 16]),
            lanes: Vec::new(),
            agent: "test".to_owned(),
            sent: moment(NOON),
            reference: None,
            pending: None,
            numbers: None,
            visas: None,
            orders: None,
            journal: None,
            bundle: None,
            profile: None,
            sets: Vec::new(),
            hotlist_key: None,
            persons_key: None,
            suivi: None,
            dispatch: None,
            crew: None,
        }
    }

    pub(crate) fn sign(&self, namespace: Namespace, content_type: &str, payload: &[u8]) -> Vec<u8> {
        cose::sign(
            namespace,
            &self.key,
            &self.certificate,
            content_type,
            payload,
            PROTECTION,
        )
        .unwrap()
    }
}
