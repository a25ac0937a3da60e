//! A small HQ in a temporary folder, terminals and officers with real keys, and the envelopes that they make.

use std::path::Path;

use domain::enrolment::{KeyProtection, NumberRange};
use domain::envelope::{Attachment, Bundle, Envelope, Lane, Receipt, ReceiptStatus, RefusalCode};
use domain::legal_basis::PvFrame;
use domain::natinf::{Natinf, ReferenceVersion};
use domain::officer::{Corps, FileKind, Habilitation, Matricule, Officer, Quality};
use domain::place::Place;
use domain::pv::{Closing, Pv};
use domain::record::{Act, CONTENT_TYPE, Context, DocumentDigest, Record};
use domain::time::Zone;
use domain::{
    ActId, ActNumber, BootId, DeviceId, Digest, EnvelopeId, OfficerId, ServiceId, Timestamp, UnixMs, decode,
    encode,
};
use hq::enrolment::Allotment;
use hq::files::PoliceFiles;
use hq::pki::{DeviceRequest, OfficerRequest};
use hq::{Gateway, Outgoing, Pki, Registry};
use sync::wire::v1::ReceiptBatch;
use sync::{DownLane, Topic, UpLane};
use tempfile::TempDir;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, SigningKey};
use trust::seal::{self, Identity, Recipient};

/// 2026-11-21T12:00:00Z.
pub(crate) const NOON: UnixMs = UnixMs(1_795_262_400_000);
/// What a card or vault of the tests states.
const PROTECTION: Option<trust::keys::KeyProtection> = Some(trust::keys::KeyProtection::File);

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

/// An act on its way to HQ, every part of which a test may spoil before it is signed and sealed.
pub(crate) struct Parcel<'a> {
    pub(crate) id: EnvelopeId,
    pub(crate) device: DeviceId,
    pub(crate) lane: Lane,
    pub(crate) sequence: u64,
    pub(crate) created: Timestamp,
    pub(crate) record: Record,
    pub(crate) attachments: Vec<Attachment>,
    /// Who signs the record.
    pub(crate) author: (&'a SigningKey, &'a Certificate),
    /// Who signs the envelope.
    pub(crate) sender: (&'a SigningKey, &'a Certificate),
    pub(crate) recipient: Recipient,
}

impl Hq {
    pub(crate) fn new() -> Self {
        Self::at(NOON)
    }

    pub(crate) fn at(now: UnixMs) -> Self {
        let dir = tempfile::tempdir().unwrap();
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
    /// A PV with its document, number `serial` of the terminal's range (from 0).
    pub(crate) fn pv<'a>(&'a self, author: &'a Agent, serial: u8) -> Parcel<'a> {
        let pv = Pv {
            frame: PvFrame::Flagrance,
            subject: "dégradation d'un véhicule".to_owned(),
            place: Place::parse("12 rue de la Part-Dieu").unwrap(),
            offences: vec![Natinf::parse("23800").unwrap()],
            plates: Vec::new(),
            paragraphs: vec!["Constatons que la vitre arrière est brisée.".to_owned()],
            started: moment(NOON),
            closing: Closing::AuthorOnly,
        };
        let mut parcel = self.parcel(author, serial, Act::Pv(Box::new(pv)));
        parcel.attach(b"%PDF-1.7 the document as it was shown");
        parcel
    }

    pub(crate) fn parcel<'a>(&'a self, author: &'a Agent, serial: u8, act: Act) -> Parcel<'a> {
        let record = Record {
            version: 1,
            id: ActId::from_bytes([serial; 16]),
            number: Some(ActNumber {
                year: 2026,
                serial: self.numbers.first + u32::from(serial),
            }),
            context: Context {
                device: self.device.clone(),
                protection: KeyProtection::File,
                formation: true,
                author: author.officer.author(),
                service: ServiceId::from_bytes([3; 16]),
                intervention: None,
            },
            signed_at: moment(NOON),
            reference: ReferenceVersion("test".to_owned()),
            document: None,
            corrects: None,
            retention: None,
            act,
        };
        Parcel {
            id: EnvelopeId::from_bytes([serial + 1; 16]),
            device: self.device.clone(),
            lane: Lane::Procedures,
            sequence: u64::from(serial) + 1,
            created: moment(NOON),
            record,
            attachments: Vec::new(),
            author: (&author.key, &author.certificate),
            sender: (&self.key, &self.certificate),
            recipient: self.hq,
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

impl Parcel<'_> {
    /// Binds the record to `pdf`, and attaches it with an incremental signature behind.
    pub(crate) fn attach(&mut self, pdf: &[u8]) {
        self.record.document = Some(DocumentDigest {
            sha256: Digest::of(pdf),
            bytes: u64::try_from(pdf.len()).unwrap(),
        });
        let mut content = pdf.to_vec();
        content.extend(b" and its signature");
        self.attachments = vec![Attachment {
            name: "document.pdf".to_owned(),
            content,
        }];
    }

    pub(crate) fn record_bytes(&self) -> Vec<u8> {
        let (key, certificate) = self.author;
        let payload = encode(&self.record);
        cose::sign(
            Namespace::Record,
            key,
            certificate,
            CONTENT_TYPE,
            &payload,
            PROTECTION,
        )
        .unwrap()
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let record = self.record_bytes();
        let digest = Digest::of(&record);
        let bundle = Bundle {
            record,
            attachments: self.attachments.clone(),
        };
        self.wrap(digest, seal::seal(&[self.recipient], &encode(&bundle)).unwrap())
    }

    /// The signed envelope around `sealed`.
    pub(crate) fn wrap(&self, record: Digest, sealed: Vec<u8>) -> Vec<u8> {
        let envelope = Envelope {
            version: 1,
            id: self.id,
            device: self.device.clone(),
            lane: self.lane,
            sequence: self.sequence,
            created: self.created,
            record,
            sealed,
        };
        let (key, certificate) = self.sender;
        let content_type = "application/neo-envelope+cbor;v=1";
        cose::sign(
            Namespace::Envelope,
            key,
            certificate,
            content_type,
            &envelope.to_bytes(),
            PROTECTION,
        )
        .unwrap()
    }
}
