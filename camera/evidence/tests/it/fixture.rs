//! A small world that makes evidence as terminals, cameras and HQ do: keys, certificates, messages, folders.

use domain::canonical::{Digest, encode};
use domain::enrolment::KeyProtection;
use domain::envelope::{Bundle, Envelope, Lane, Receipt, ReceiptStatus};
use domain::footage::{CameraChain, Manifest, Segment};
use domain::id::{
    ActId, ActNumber, BootId, CameraId, ClipId, DeviceId, EnvelopeId, InterventionId, OfficerId, ServiceId,
};
use domain::legal_basis::PvFrame;
use domain::natinf::ReferenceVersion;
use domain::officer::{Author, Corps, Matricule, Quality};
use domain::place::Place;
use domain::pv::{Closing, Pv};
use domain::record::{Act, CONTENT_TYPE, Context, DocumentDigest, Record};
use domain::{Timestamp, UnixMs, Zone};
use evidence::chain::{Messages, Recorder, join};
use evidence::folder::{
    ClipEvidence, Files, Footage, RecordEvidence, SegmentEvidence, clip_folder, record_folder, segment_folder,
};
use evidence::proof;
use trust::cert::{
    Certificate, Claims, Holder, Profile, Request, SubjectName, issue, random_serial, self_signed_root,
};
use trust::cose::{self, Namespace};
use trust::keys::{self, KeyKind, SigningKey};
use trust::pades::{self, SignatureMeta};
use trust::seal;

/// 2026-11-21T12:00:00Z, when everything is signed.
pub(crate) const NOON: i64 = 1_795_262_400_000;
pub(crate) const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
/// Segments of the clip, in bytes: two of 128 and what is left.
const SEGMENT: usize = 128;

pub(crate) struct Leaf {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
}

pub(crate) struct World {
    pub(crate) root: Certificate,
    issuing: Certificate,
    pub(crate) officer: Leaf,
    device: Leaf,
    hq: Leaf,
    camera: Leaf,
    /// HQ's sealing key.
    pub(crate) identity: seal::Identity,
}

/// How a folder differs from a good one, before anything is signed.
pub(crate) struct Changes {
    pub(crate) record: fn(&mut Record),
    pub(crate) envelope: fn(&mut Envelope),
    pub(crate) receipt: fn(&mut Receipt),
}

pub(crate) const NONE: Changes = Changes { record: |_| {}, envelope: |_| {}, receipt: |_| {} };

impl World {
    pub(crate) fn new() -> Self {
        let root_key = SigningKey::generate(KeyKind::P384);
        let root =
            self_signed_root("neo2-root", &root_key, &random_serial(), NOON - DAY, NOON + 900 * DAY).unwrap();
        let issuing_key = SigningKey::generate(KeyKind::P256);
        let issuing = issue(
            &Request {
                profile: Profile::Issuing,
                common_name: "neo2-issuing",
                public_key: &issuing_key.public(),
                names: &[],
                claims: &Claims::default(),
                serial: &random_serial(),
                not_before_unix_ms: NOON - DAY,
                not_after_unix_ms: NOON + 700 * DAY,
            },
            &root_key,
            &root,
        )
        .unwrap();
        let leaf = |profile, kind, holder: Holder, claims: Claims| {
            let key = SigningKey::generate(kind);
            let request = Request {
                profile,
                common_name: holder.id(),
                public_key: &key.public(),
                names: &[SubjectName::Holder(holder.clone())],
                claims: &claims,
                serial: &random_serial(),
                not_before_unix_ms: NOON - DAY,
                not_after_unix_ms: NOON + 90 * DAY,
            };
            let certificate = issue(&request, &issuing_key, &issuing).unwrap();
            Leaf { key, certificate }
        };
        let hardware = Claims { key_protection: Some(keys::KeyProtection::Hardware), ..Claims::default() };
        let file = Claims {
            key_protection: Some(keys::KeyProtection::File),
            age_recipient: Some([7; 32]),
            ..Claims::default()
        };
        let noise = Claims { noise_key: Some([9; 32]), ..Claims::default() };
        Self {
            officer: leaf(Profile::Officer, KeyKind::P256, Holder::Agent(officer().to_string()), hardware),
            device: leaf(Profile::Device, KeyKind::P256, Holder::Device(device().to_string()), file),
            hq: leaf(Profile::HqReceipt, KeyKind::Ed25519, Holder::Hq("hq-1".into()), Claims::default()),
            camera: leaf(Profile::Camera, KeyKind::Ed25519, Holder::Camera(camera().to_string()), noise),
            identity: seal::Identity::generate(),
            root,
            issuing,
        }
    }

    /// The folder of a PV with its signed document.
    pub(crate) fn act(&self, changes: &Changes) -> Files {
        let base = document();
        let meta = SignatureMeta {
            reason: None,
            location: None,
            signing_time: "D:20261121130000+01'00'",
            chain: &[self.officer.certificate.clone(), self.issuing.clone()],
        };
        let pdf = pades::sign(&base, &meta, &self.officer.key).unwrap();
        let document = DocumentDigest { sha256: Digest::of(&base), bytes: base.len() as u64 };
        let record = Record { document: Some(document), ..record(pv()) };
        let [record, envelope, receipt] = self.deliver(record, &self.officer, None, changes);
        let authorities = [self.issuing.der()];
        let evidence = RecordEvidence {
            document: Some(&pdf),
            ..self.delivery(&record, &envelope, &receipt, &self.officer, &authorities)
        };
        record_folder(&evidence).unwrap()
    }

    /// The folder of a clip, whole or in the camera's segments.
    pub(crate) fn clip(&self, changes: &Changes, in_segments: bool) -> Files {
        let clip = video();
        let (chain, manifest) = self.recording(&clip);
        let root = manifest.root;
        let record = record(Act::Footage(Box::new(manifest)));
        let record = Record { number: None, ..record };
        let [record, envelope, receipt] = self.deliver(record, &self.device, Some(root), changes);
        let segments: Vec<&[u8]> = clip.chunks(SEGMENT).collect();
        let authorities = [self.issuing.der()];
        let evidence = ClipEvidence {
            manifest: self.delivery(&record, &envelope, &receipt, &self.device, &authorities),
            camera_chain: &chain,
            camera: self.camera.certificate.der(),
            footage: if in_segments { Footage::Segments(&segments) } else { Footage::Whole(&clip) },
        };
        clip_folder(&evidence).unwrap()
    }

    /// The folder of one segment of the clip.
    pub(crate) fn segment(&self, index: u32) -> Files {
        let clip = video();
        let (_, manifest) = self.recording(&clip);
        let record = record(Act::Footage(Box::new(manifest.clone())));
        let [_, _, receipt] = self.deliver(record, &self.device, Some(manifest.root), &NONE);
        let plain = clip.chunks(SEGMENT).nth(usize::try_from(index).unwrap()).unwrap();
        let evidence = SegmentEvidence {
            manifest: &manifest,
            index,
            plain,
            receipt: &receipt,
            receipt_signer: self.hq.certificate.der(),
            authorities: &[self.issuing.der()],
        };
        segment_folder(&evidence).unwrap()
    }

    fn delivery<'a>(
        &'a self,
        record: &'a [u8],
        envelope: &'a [u8],
        receipt: &'a [u8],
        signer: &'a Leaf,
        authorities: &'a [&'a [u8]],
    ) -> RecordEvidence<'a> {
        RecordEvidence {
            record,
            envelope,
            receipt,
            document: None,
            signer: signer.certificate.der(),
            device: self.device.certificate.der(),
            receipt_signer: self.hq.certificate.der(),
            authorities,
        }
    }

    /// Record, envelope and receipt, each signed.
    fn deliver(
        &self,
        mut record: Record,
        signer: &Leaf,
        footage_root: Option<Digest>,
        changes: &Changes,
    ) -> [Vec<u8>; 3] {
        (changes.record)(&mut record);
        let record = sign(signer, Namespace::Record, CONTENT_TYPE, &encode(&record));
        let bundle = Bundle { record: record.clone(), attachments: Vec::new() };
        let mut envelope = Envelope {
            version: 1,
            id: EnvelopeId::from_bytes([5; 16]),
            device: device(),
            lane: Lane::Procedures,
            sequence: 1,
            created: at(NOON),
            record: Digest::of(&record),
            sealed: seal::seal(&[self.identity.recipient()], &encode(&bundle)).unwrap(),
        };
        (changes.envelope)(&mut envelope);
        let id = envelope.id;
        let envelope_type = "application/neo-envelope+cbor;v=1";
        let envelope = sign(&self.device, Namespace::Envelope, envelope_type, &envelope.to_bytes());
        let mut receipt = Receipt {
            version: 1,
            device: device(),
            envelope: id,
            envelope_digest: Digest::of(&envelope),
            record_digest: Some(Digest::of(&record)),
            status: ReceiptStatus::Stored,
            at: UnixMs(NOON + HOUR),
            footage_root,
        };
        (changes.receipt)(&mut receipt);
        let receipt_type = "application/neo-receipt+cbor;v=1";
        let receipt = sign(&self.hq, Namespace::Receipt, receipt_type, &receipt.to_bytes());
        [record, envelope, receipt]
    }

    /// The camera's chain over `clip`, and the manifest that the terminal makes of it.
    fn recording(&self, clip: &[u8]) -> (Vec<u8>, Manifest) {
        let session = SigningKey::generate(KeyKind::Ed25519);
        let clip_id = ClipId::from_bytes([4; 16]);
        let Leaf { key, certificate } = &self.camera;
        let started = UnixMs(NOON - HOUR);
        let (mut recorder, init) =
            Recorder::open(clip_id, camera(), key, certificate, session, started).unwrap();
        let mut segments = Vec::new();
        let mut messages = Vec::new();
        for (index, plain) in (0_u32..).zip(clip.chunks(SEGMENT)) {
            messages.push(recorder.segment(plain, u64::from(index) * 1000).unwrap());
            let sealed = seal::seal(&[self.identity.recipient()], plain).unwrap();
            segments.push(Segment {
                index,
                offset: u64::from(index) * SEGMENT as u64,
                length: u32::try_from(plain.len()).unwrap(),
                plain: Digest::of(plain),
                cipher: Digest::of(&sealed),
                cipher_length: u32::try_from(sealed.len()).unwrap(),
            });
        }
        let end = recorder.end(6000).unwrap();
        let segment_messages = messages.iter().map(Vec::as_slice).collect();
        let chain = join(&Messages { init: &init, segments: segment_messages, end: Some(&end) });
        let mut manifest = Manifest {
            clip: clip_id,
            camera: camera(),
            camera_certificate: Digest::of(certificate.der()),
            pairing: Digest::of(b"transcript"),
            started,
            ended: started.plus(6000),
            bytes: clip.len() as u64,
            whole: Digest::of(clip),
            root: Digest::of(b""),
            segments,
            chain: CameraChain::Complete,
            chain_digest: Digest::of(&chain),
        };
        manifest.root = proof::root(&manifest);
        (chain, manifest)
    }
}

/// The folder with its list of sums made anew, as a forger would leave it.
pub(crate) fn with_new_sums(mut files: Files) -> Files {
    files.remove("SHA256SUMS");
    let line = |(name, bytes): (&String, &Vec<u8>)| format!("{}  {name}\n", Digest::of(bytes));
    let sums: String = files.iter().map(line).collect();
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
    files
}

fn sign(signer: &Leaf, namespace: Namespace, content_type: &str, payload: &[u8]) -> Vec<u8> {
    let protection = signer.certificate.key_protection();
    cose::sign(namespace, &signer.key, &signer.certificate, content_type, payload, protection).unwrap()
}

fn officer() -> OfficerId {
    OfficerId::from_bytes([6; 16])
}

fn device() -> DeviceId {
    DeviceId::parse("neo-000007").unwrap()
}

fn camera() -> CameraId {
    CameraId::parse("cam-9").unwrap()
}

fn at(ms: i64) -> Timestamp {
    let boot = BootId::from_bytes([1; 16]);
    Timestamp { utc: UnixMs(ms), zone: Zone::Paris, offset_min: 60, boot, mono_ms: 9 }
}

fn record(act: Act) -> Record {
    Record {
        version: 1,
        id: ActId::from_bytes([2; 16]),
        number: Some(ActNumber { year: 2026, serial: 123 }),
        context: Context {
            device: device(),
            protection: KeyProtection::File,
            formation: false,
            author: Author {
                id: officer(),
                matricule: Matricule::parse(Corps::PoliceNationale, "1234567").unwrap(),
                rank: "gardien de la paix".to_owned(),
                quality: Quality::Apj,
                unit: "CSP Nantes".to_owned(),
            },
            service: ServiceId::from_bytes([3; 16]),
            intervention: Some(InterventionId::from_bytes([8; 16])),
        },
        signed_at: at(NOON),
        reference: ReferenceVersion("embedded-2026-11".to_owned()),
        document: None,
        corrects: None,
        retention: None,
        act,
    }
}

fn pv() -> Act {
    Act::Pv(Box::new(Pv {
        frame: PvFrame::Flagrance,
        subject: "Dégradation".to_owned(),
        place: Place::parse("12 rue de Strasbourg, Nantes").unwrap(),
        offences: Vec::new(),
        plates: Vec::new(),
        paragraphs: vec!["Constatons une vitrine brisée.".to_owned()],
        started: at(NOON - HOUR),
        closing: Closing::AuthorOnly,
    }))
}

/// A one-page PDF.
fn document() -> Vec<u8> {
    let objects = [
        "<</Type /Catalog/Pages 2 0 R>>",
        "<</Type /Pages/Kids [3 0 R]/Count 1>>",
        "<</Type /Page/Parent 2 0 R/MediaBox [0 0 200 200]/Resources <<>>>>",
    ];
    let mut pdf = b"%PDF-1.7\n%\x80\x80\x80\x80\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n\r\n", pdf.len());
        pdf.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let start = pdf.len();
    pdf.extend(table.bytes());
    pdf.extend(format!("trailer\n<</Size 4/Root 1 0 R/ID [<00> <00>]>>\nstartxref\n{start}\n%%EOF").bytes());
    pdf
}

/// The boxes of a video, without pictures.
pub(crate) fn video() -> Vec<u8> {
    let boxed = |kind: &[u8; 4], content: &[u8]| {
        let size = u32::try_from(content.len() + 8).unwrap().to_be_bytes();
        [&size, kind.as_slice(), content].concat()
    };
    let media: Vec<u8> = (0..=255).collect();
    let index = boxed(b"moov", &boxed(b"trak", &boxed(b"free", &[])));
    [boxed(b"ftyp", b"isom\0\0\0\0"), index, boxed(b"mdat", &media)].concat()
}
