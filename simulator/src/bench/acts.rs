//! Acts that are signed before the clock starts: real PVs by the officer's card, in the terminal's outbox.

use std::sync::{Arc, Mutex};

use agent::engine::device_db_key;
use agent::enrol;
use agent::keys::{Card, Keys, device_signed};
use agent::mint::Mint;
use agent::parts::Parts;
use agent::site::Site;
use agent::store::{DeviceStore, NewAct, SigningIntent};
use agent::work::{Job, Outcome, SignJob, Signer};
use anyhow::{Context, anyhow, bail};
use domain::draft::{Draft, Field, Surroundings};
use domain::enrolment::Enrolment;
use domain::envelope::{Attachment, Bundle, Envelope, Lane};
use domain::natinf::ReferenceSet;
use domain::record::{ActKind, CONTENT_TYPE, DocumentDigest, Record};
use domain::service::{CardPresence, Service};
use domain::signed::ToSign;
use domain::{ActId, Digest, EnvelopeId, ServiceId, Timestamp, canonical};
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::seal::{Recipient, seal};
use zeroize::Zeroizing;

use crate::card::SimCard;
use crate::enrol::Layout;

const ENVELOPE_TYPE: &str = "application/neo-envelope+cbor;v=1";

/// What travels with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// An identity check, which has no document: every byte of the protocol weighs.
    Bare,
    /// A PV with the PDF that its officer signed.
    WithDocument,
}

impl Weight {
    pub(super) const ALL: [Self; 2] = [Self::Bare, Self::WithDocument];

    pub(super) const fn label(self) -> &'static str {
        match self {
            Self::Bare => "records alone",
            Self::WithDocument => "records with their PDF",
        }
    }
}

/// One act as it waits in the outbox.
pub(super) struct Prepared {
    pub(super) envelope: Vec<u8>,
    /// The record's COSE_Sign1 and its attachments.
    pub(super) record_bytes: usize,
}

const CHECK: [(Field, &str); 6] = [
    (Field::CheckBasis, "ROUTE"),
    (Field::Place, "14 rue de la République, Saint-Denis"),
    (Field::Surname, "Martin"),
    (Field::GivenNames, "Camille"),
    (Field::BirthDate, "12/08/1974"),
    (Field::Plate, "AB-123-CD"),
];

pub(super) const PV: [(Field, &str); 6] = [
    (Field::PvFrame, "FLAGRANCE"),
    (
        Field::Subject,
        "usage d'un téléphone tenu en main par le conducteur",
    ),
    (Field::Place, "14 rue de la République, Saint-Denis"),
    (Field::Offences, "23800"),
    (Field::Plate, "AB-123-CD"),
    (
        Field::Account,
        "Sommes en patrouille portée, revêtus de notre tenue d'uniforme.\n\nApercevons le conducteur du véhicule \
         tenir un téléphone à l'oreille, de sa main droite.",
    ),
];

/// Signs acts for one terminal.
pub(super) struct Writer {
    device: DeviceStore,
    parts: Parts,
    pub(super) keys: Arc<dyn Keys>,
    pub(super) enrolment: Enrolment,
    device_certificate: Arc<Certificate>,
    issuing: Arc<Certificate>,
    card: Arc<Mutex<dyn Card>>,
    officer_certificate: Arc<Certificate>,
    pub(super) reference: Arc<ReferenceSet>,
    service: Service,
    mint: Mint,
    now: Timestamp,
}

impl Writer {
    /// Opens the terminal's database, which no engine may have open.
    pub(super) fn open(layout: &Layout, now: Timestamp) -> anyhow::Result<Self> {
        let site = Site::new(layout.terminal());
        let keys = enrol::vault(&site)?;
        let device = DeviceStore::open(&site.device_db(), &device_db_key(keys.as_ref())?, now.utc)?;
        let bundle = cose::parse(&device.enrolment()?).context("the enrolment does not read")?;
        let enrolment: Enrolment =
            canonical::decode(&bundle.payload).context("the enrolment does not read")?;
        let [leaf, issuing, ..] = enrolment.device_chain.as_slice() else {
            bail!("the enrolment has no chain of certificates");
        };
        let device_certificate = Arc::new(Certificate::from_der(&leaf.0)?);
        let issuing = Arc::new(Certificate::from_der(&issuing.0)?);
        let mut mint = Mint::System;
        let service = Service {
            id: ServiceId::from_bytes(mint.id(now.utc)),
            crew: Vec::new(),
            opj: None,
            requisitions: Vec::new(),
            camera: None,
            card: CardPresence::Card,
            started: now,
            ended: None,
            basis: None,
            operations: Vec::new(),
            vehicle: None,
            checks: None,
        };
        Ok(Self {
            card: SimCard::open(&layout.card())?.shared(),
            officer_certificate: Arc::new(Certificate::from_der(&SimCard::certificate(&layout.card())?)?),
            reference: Arc::new(ReferenceSet::embedded()),
            device,
            parts: Parts::new(site.parts()),
            keys,
            enrolment,
            device_certificate,
            issuing,
            service,
            mint,
            now,
        })
    }

    /// Puts `count` acts into the outbox. One PDF is drawn by the terminal's own worker and shared by all of them, since
    /// typesetting is not measured here.
    pub(super) fn fill(&mut self, count: usize, weight: Weight) -> anyhow::Result<Vec<Prepared>> {
        let document = match weight {
            Weight::Bare => None,
            Weight::WithDocument => Some(self.typeset()?),
        };
        (0..count)
            .map(|_| self.one_more(weight, document.as_ref()))
            .collect()
    }

    /// A PDF as the terminal makes it, signature inside, and what its record says of it.
    fn typeset(&mut self) -> anyhow::Result<(DocumentDigest, Vec<u8>)> {
        let to_sign = self.complete(Weight::WithDocument)?;
        let reservation =
            self.device
                .reserve(to_sign.id(), None, Lane::Procedures, Some(self.enrolment.numbers))?;
        let job = SignJob {
            to_sign,
            reservation,
            envelope: EnvelopeId::from_bytes(self.mint.id(self.now.utc)),
            parts: self.parts.clone(),
            signer: Signer::Officer {
                card: self.card.clone(),
                certificate: self.officer_certificate.clone(),
            },
            keys: self.keys.clone(),
            device: self.enrolment.terminal.device.clone(),
            device_certificate: self.device_certificate.clone(),
            chain: vec![self.officer_certificate.clone(), self.issuing.clone()],
            recipient: Recipient::from_bytes(self.enrolment.hq_recipient),
            reference: self.reference.clone(),
            draft: Vec::new(),
            attachments: Vec::new(),
            hands: agent::work::Hands::default(),
            rights: None,
            pieces: Vec::new(),
            behind: None,
            term_key: Zeroizing::new([0; 32]),
        };
        let Outcome::Signed { result, .. } = Job::Sign(Box::new(job)).run() else {
            bail!("a signing job gave another outcome");
        };
        // Its act never comes to exist: the next one takes its place in the lane.
        let intent: Box<SigningIntent> = result.context("the first act could not be signed")?;
        self.device.release(None, self.now)?;
        let signed = cose::parse(&intent.readable.cose).context("the first act does not read")?;
        let record: Record = canonical::decode(&signed.payload).context("the first act does not read")?;
        record
            .document
            .zip(intent.readable.document)
            .context("the first act has no document")
    }

    fn complete(&mut self, weight: Weight) -> anyhow::Result<ToSign> {
        match weight {
            Weight::Bare => self.finished(ActKind::IdentityCheck, &CHECK),
            Weight::WithDocument => self.finished(ActKind::Pv, &PV),
        }
    }

    /// An act with these fields, complete, with nothing signed or reserved.
    pub(super) fn finished(&mut self, kind: ActKind, fields: &[(Field, &str)]) -> anyhow::Result<ToSign> {
        let id = ActId::from_bytes(self.mint.id(self.now.utc));
        let mut draft = Draft::new(id, kind, self.now, None);
        for (field, text) in fields {
            draft
                .fill(*field, text, self.now)
                .map_err(|_| anyhow!("a field of the bench's act is too long"))?;
        }
        let enrolled = self
            .enrolment
            .officers
            .first()
            .context("no officer is enrolled")?;
        let around = Surroundings {
            answers: &[],
            device: &self.enrolment.terminal.device,
            protection: self.enrolment.terminal.protection,
            officer: &enrolled.officer,
            service: &self.service,
            reference: &self.reference,
            bases: domain::legal_basis::BasisTable::built_in(),
            fix: None,
        };
        draft
            .finish(around, self.now)
            .map_err(|problems| anyhow!("the bench's act is not complete: {problems:?}"))
    }

    fn one_more(
        &mut self,
        weight: Weight,
        document: Option<&(DocumentDigest, Vec<u8>)>,
    ) -> anyhow::Result<Prepared> {
        let to_sign = self.complete(weight)?;
        let reservation =
            self.device
                .reserve(to_sign.id(), None, Lane::Procedures, Some(self.enrolment.numbers))?;
        let record = to_sign.record(reservation.number);
        let record = match document {
            Some((digest, _)) => record.with_document(*digest),
            None => record,
        };
        let record_cose = self.sign(&record)?;
        let attachments = document.map(|(_, pdf)| Attachment {
            name: "document.pdf".to_owned(),
            content: pdf.clone(),
        });
        let attached: usize = attachments
            .iter()
            .map(|attachment| attachment.content.len())
            .sum();
        let record_bytes = record_cose.len() + attached;
        let digest = Digest::of(&record_cose);
        let bundle = Bundle {
            record: record_cose,
            attachments: attachments.into_iter().collect(),
        };
        let recipient = Recipient::from_bytes(self.enrolment.hq_recipient);
        let envelope = Envelope {
            version: 1,
            id: EnvelopeId::from_bytes(self.mint.id(self.now.utc)),
            device: self.enrolment.terminal.device.clone(),
            lane: reservation.lane,
            sequence: reservation.sequence,
            created: record.signed_at,
            record: digest,
            sealed: seal(&[recipient], &canonical::encode(&bundle))?,
            parts: Vec::new(),
        };
        let cose = device_signed(
            self.keys.as_ref(),
            Namespace::Envelope,
            &self.device_certificate,
            ENVELOPE_TYPE,
            &envelope.to_bytes(),
        )?;
        let act = NewAct {
            act: record.id,
            kind: record.act.kind(),
            lane: reservation.lane,
            sequence: reservation.sequence,
            number: reservation.number,
            envelope: envelope.id,
            record: digest,
            cose: &cose,
            signed_at: record.signed_at,
            term: None,
            corrects: None,
            behind: None,
            clip: None,
        };
        self.device.commit_act(&act, None, self.now)?;
        Ok(Prepared {
            envelope: cose,
            record_bytes,
        })
    }

    fn sign(&self, record: &Record) -> anyhow::Result<Vec<u8>> {
        let certificate = &self.officer_certificate;
        let payload = canonical::encode(record);
        let protection = certificate.key_protection();
        let unsigned =
            cose::to_be_signed(Namespace::Record, certificate, CONTENT_TYPE, &payload, protection)?;
        let mut card = self
            .card
            .lock()
            .map_err(|_| anyhow!("the card is out of order"))?;
        let signature = card.sign(unsigned.sig_structure())?;
        Ok(unsigned.assemble(&signature)?)
    }
}
