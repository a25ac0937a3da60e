//! Acts on their way to HQ, every part of which a test may spoil before it is signed and sealed.

use domain::enrolment::KeyProtection;
use domain::envelope::{Attachment, Bundle, Envelope, Lane, Part};
use domain::identity::{CheckOutcome, IdentityCheck};
use domain::legal_basis::{CheckBasis, CheckFrame, PvFrame};
use domain::natinf::{Natinf, ReferenceVersion};
use domain::place::Place;
use domain::pv::{Closing, Pv, PvKind};
use domain::pve::OffenderSignature;
use domain::record::{Act, CONTENT_TYPE, Context, DocumentDigest, Record, Retention};
use domain::retention::Term;
use domain::{ActId, ActNumber, DeviceId, Digest, EnvelopeId, ServiceId, Timestamp, UnixMs, encode};
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::keys::SigningKey;
use trust::pades::{self, SignatureMeta};
use trust::seal::{self, Recipient};

use crate::world::{Agent, NOON, PROTECTION, Terminal, moment};

/// An act and the envelope around it.
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
            kind: PvKind::Constatations,
            origin: None,
            dress: None,
            under: None,
            assistants: Vec::new(),
            hearing: None,
            person: None,
            inventory: Vec::new(),
            authority: None,
            addressee: None,
            mentions: Vec::new(),
            annexes: Vec::new(),
            photos: Vec::new(),
            renvois: Vec::new(),
            signers: Vec::new(),
            measure: None,
            aboard: None,
        };
        let mut parcel = self.parcel(author, serial, Act::Pv(Box::new(pv)));
        parcel.draw();
        parcel
    }

    /// An identity check without a document, to be kept until `until`.
    pub(crate) fn check<'a>(&'a self, author: &'a Agent, serial: u8, until: UnixMs) -> Parcel<'a> {
        let check = IdentityCheck {
            frame: CheckFrame {
                basis: CheckBasis::Ci8,
                on_order_of: Some(author.officer.matricule.clone()),
                grounds: "prévention d'une atteinte à l'ordre public".to_owned(),
                requisition: None,
                edition: None,
                cited: None,
                held: None,
                place: None,
                prior: None,
                urgent: None,
            },
            place: Place::parse("place Bellecour").unwrap(),
            person: None,
            document: None,
            plate: None,
            files: Vec::new(),
            outcome: CheckOutcome::NotEstablished,
            started: moment(NOON),
            compared: Vec::new(),
            seals: Vec::new(),
        };
        let mut parcel = self.parcel(author, serial, Act::IdentityCheck(Box::new(check)));
        let term = Term::IdentityVerification;
        parcel.record.retention = Some(Retention { term, until });
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
}

/// A PVe with the photograph `photo-1.jpg` of [`PHOTO`], out of the vectors.
pub(crate) fn photographed() -> Act {
    let vector = include_bytes!("../../../../agent/domain/tests/vectors/v1/record-pve.cbor");
    let mut act = domain::decode::<Record>(vector).unwrap().act;
    if let Act::Pve(pve) = &mut act {
        // Nobody signed by hand, so that the photograph is all that it encloses.
        pve.signature = OffenderSignature::default();
    }
    act
}

/// The photograph of [`photographed`].
pub(crate) const PHOTO: &[u8] = &[0xff, 0xd8, 0xff, 0xe0];

impl Parcel<'_> {
    /// Adds a file beside the document.
    pub(crate) fn attach(&mut self, name: &str, content: &[u8]) {
        self.attachments.push(Attachment {
            name: name.to_owned(),
            content: content.to_vec(),
        });
    }

    /// Draws a document, binds the record to it, and attaches it with the author's signature inside.
    pub(crate) fn draw(&mut self) {
        let pdf = pdf();
        self.record.document = Some(DocumentDigest {
            sha256: Digest::of(&pdf),
            bytes: u64::try_from(pdf.len()).unwrap(),
        });
        self.attachments = vec![Attachment {
            name: "document.pdf".to_owned(),
            content: signed_inside(&pdf, self.author),
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
        let (digest, sealed) = self.sealed();
        self.wrap(digest, sealed)
    }

    /// The envelope, and its seal in parts of `length` bytes.
    pub(crate) fn in_parts(&self, length: usize) -> (Vec<u8>, Vec<Vec<u8>>) {
        let (digest, sealed) = self.sealed();
        let parts: Vec<Vec<u8>> = sealed.chunks(length).map(<[u8]>::to_vec).collect();
        let list = parts.iter().map(|part| Part {
            bytes: u64::try_from(part.len()).unwrap(),
            sha256: Digest::of(part),
        });
        (self.envelope(digest, Vec::new(), list.collect()), parts)
    }

    fn sealed(&self) -> (Digest, Vec<u8>) {
        let record = self.record_bytes();
        let digest = Digest::of(&record);
        let bundle = Bundle {
            record,
            attachments: self.attachments.clone(),
        };
        (digest, seal::seal(&[self.recipient], &encode(&bundle)).unwrap())
    }

    /// The signed envelope around `sealed`.
    pub(crate) fn wrap(&self, record: Digest, sealed: Vec<u8>) -> Vec<u8> {
        self.envelope(record, sealed, Vec::new())
    }

    pub(crate) fn envelope(&self, record: Digest, sealed: Vec<u8>, parts: Vec<Part>) -> Vec<u8> {
        let envelope = Envelope {
            version: 1,
            id: self.id,
            device: self.device.clone(),
            lane: self.lane,
            sequence: self.sequence,
            created: self.created,
            record,
            sealed,
            parts,
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

/// A document of one page with a classic cross-reference table.
pub(crate) fn pdf() -> Vec<u8> {
    let objects = [
        "<</Type /Catalog/Pages 2 0 R>>",
        "<</Type /Pages/Kids [3 0 R]/Count 1>>",
        "<</Type /Page/Parent 2 0 R/MediaBox [0 0 200 200]/Resources <<>>>>",
    ];
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f\r\n", objects.len() + 1);
    for (number, object) in (1..).zip(objects) {
        table += &format!("{:010} 00000 n\r\n", pdf.len());
        pdf.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let start = pdf.len();
    pdf.extend(format!("{table}trailer\n<</Size 4/Root 1 0 R>>\nstartxref\n{start}\n%%EOF").bytes());
    pdf
}

/// The document with the signature of `author` inside.
pub(crate) fn signed_inside(pdf: &[u8], (key, certificate): (&SigningKey, &Certificate)) -> Vec<u8> {
    let meta = SignatureMeta {
        reason: None,
        location: None,
        signing_time: "D:20261121130000+01'00'",
        chain: std::slice::from_ref(certificate),
    };
    pades::sign(pdf, &meta, key).unwrap()
}
