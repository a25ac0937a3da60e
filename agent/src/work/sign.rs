//! From a complete act to all its bytes: document, record, signatures, seal, envelope; parts on the disk when the seal is
//! too large for its envelope.
//!
//! The record is serialised once, here; what is stored and sent are these bytes.

use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};

use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, Key, KeyInit, Nonce};
use documents::Enclosures;
use domain::canonical::{self, Digest};
use domain::envelope::{Attachment, Envelope, MAX_ENVELOPE, MAX_PART, MAX_PARTS};
use domain::footer::{self, Footer};
use domain::hand::{self, Strokes};
use domain::natinf::ReferenceSet;
use domain::piece::Piece;
use domain::plainte::{self, Language};
use domain::record::{Act, CONTENT_TYPE, DocumentDigest, Record};
use domain::signed::{Signed, ToSign};
use domain::{ActId, DeviceId, EnvelopeId, Timestamp};
use thiserror::Error;
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::pades;
use trust::seal::{self, Recipient, SealWriter};
use zeroize::Zeroizing;

use super::contents::Contents;
use crate::keys::{Card, Keys, KeysError, device_signed};
use crate::parts::{Parts, Sealed};
use crate::pieces::{PieceKey, Pieces};
use crate::store::{IntentTerm, Reservation, SigningIntent, StoredRecord};

/// Content type of an envelope's COSE_Sign1.
const ENVELOPE_TYPE: &str = "application/neo-envelope+cbor;v=1";

/// Who signs the record.
pub enum Signer {
    /// The officer, through the card.
    Officer {
        card: Arc<Mutex<dyn Card>>,
        certificate: Arc<Certificate>,
    },
    /// The terminal by itself: footage.
    Device,
}

pub struct SignJob {
    pub to_sign: ToSign,
    pub reservation: Reservation,
    pub envelope: EnvelopeId,
    /// Where the seal goes that is too large for its envelope.
    pub parts: Parts,
    pub signer: Signer,
    pub keys: Arc<dyn Keys>,
    pub device: DeviceId,
    pub device_certificate: Arc<Certificate>,
    /// Leaf first, for the signature inside the PDF.
    pub chain: Vec<Arc<Certificate>>,
    pub recipient: Recipient,
    pub reference: Arc<ReferenceSet>,
    /// The draft's bytes, kept for a corrective act.
    pub draft: Vec<u8>,
    /// What travels with the record besides its documents.
    pub attachments: Vec<Attachment>,
    /// What a victim brought, still encrypted on the disk.
    pub pieces: Vec<PieceFile>,
    pub hands: Hands,
    /// The sheet of rights of a complaint.
    pub rights: Option<SheetOfRights>,
    /// The act whose answer from HQ this one waits for before it leaves.
    pub behind: Option<ActId>,
    /// Fresh random key, used when the act has a legal term.
    pub term_key: Zeroizing<[u8; 32]>,
}

/// Signatures by hand, by place in the list of signers, and the document that was shown for them.
#[derive(Default)]
pub struct Hands {
    pub strokes: BTreeMap<u8, Strokes>,
    pub shown: Option<Vec<u8>>,
}

/// A piece of the act, and where its content is.
pub struct PieceFile {
    pub piece: Piece,
    pub kept: Pieces,
    pub key: PieceKey,
}

/// The sheet of rights as the victim had it before them, and the signature under it.
pub struct SheetOfRights {
    pub language: Language,
    /// Absent on a terminal to which the draft came back alone.
    pub pdf: Option<Vec<u8>>,
    pub strokes: Option<Strokes>,
}

/// What travels of it.
struct RightsFiles {
    pdf: Vec<u8>,
    signed: Option<HandFiles>,
}

/// A record with the documents drawn from it.
struct Drawn {
    record: Record,
    document: Option<Vec<u8>>,
    recepisse: Option<Vec<u8>>,
    requisition: Option<Vec<u8>>,
    /// Travels with the act, and is neither shown nor printed here.
    grille: Option<Vec<u8>>,
}

/// What travels of one signature by hand.
struct HandFiles {
    strokes: Vec<u8>,
    picture: Vec<u8>,
}

impl HandFiles {
    fn of(strokes: &Strokes) -> Self {
        Self {
            strokes: canonical::encode(strokes),
            picture: documents::picture(strokes),
        }
    }
}

/// Why nothing was signed; the draft stays as it is.
#[derive(Debug, Error)]
pub enum SignFailure {
    #[error("the card was removed before it signed")]
    NoCard,
    #[error("the terminal's key did not sign")]
    Device(#[source] KeysError),
    #[error("the document could not be drawn")]
    Document(#[source] documents::DocumentError),
    #[error("the sheet of rights that was shown is gone, and this program draws another; show it again")]
    SheetGone,
    #[error("a piece of the act is gone from the terminal or damaged; take it in again")]
    PieceGone,
    #[error("the signature could not be embedded in the document")]
    EmbeddedSignature,
    #[error("the record could not be signed")]
    Signature(#[source] cose::SigningRefusal),
    #[error("the record could not be sealed to headquarters")]
    Seal(#[source] seal::SealError),
    #[error(
        "the act takes more than {MAX_PARTS} parts of {MAX_PART} bytes with what belongs to it; draw up two acts"
    )]
    TooLong,
    #[error("the envelope takes {bytes} bytes, more than {MAX_ENVELOPE}")]
    Envelope { bytes: usize },
    #[error("the disk is full")]
    DiskFull,
    #[error("the sealed act could not be written to the disk")]
    Disk(#[source] io::Error),
    #[error("the act could not be wrapped by its term key")]
    Wrap,
    #[error("the worker died")]
    Died,
}

impl From<io::Error> for SignFailure {
    fn from(error: io::Error) -> Self {
        let (kind, of_disk) = (error.kind(), error.raw_os_error().is_some());
        if kind == ErrorKind::FileTooLarge && !of_disk {
            Self::TooLong
        } else if matches!(
            kind,
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
        ) {
            // A limit on the size of files says the same.
            Self::DiskFull
        } else {
            Self::Disk(error)
        }
    }
}

impl SignJob {
    pub(super) fn run(mut self) -> Result<SigningIntent, SignFailure> {
        let record = self.to_sign.record(self.reservation.number);
        let signed_by_hand = self.hand_files();
        let rights = self.rights_files(&record)?;
        let Drawn {
            record,
            document,
            recepisse,
            requisition,
            grille,
        } = self.documents(record, &signed_by_hand, rights.as_ref())?;
        let signed = Signed::new(&record, self.sign_record(&record)?);
        let mut attachments = std::mem::take(&mut self.attachments);
        let mut attach = |name: &str, content: &Option<Vec<u8>>| {
            attachments.extend(content.clone().map(|content| Attachment {
                name: name.to_owned(),
                content,
            }));
        };
        for (place, hand) in signed_by_hand {
            let (strokes, picture) = hand::files(place.into());
            attach(&strokes, &Some(hand.strokes));
            attach(&picture, &Some(hand.picture));
        }
        attach(hand::SHOWN, &self.hands.shown.take());
        attach("document.pdf", &document);
        attach("recepisse.pdf", &recepisse);
        attach(plainte::REQUISITION, &requisition);
        attach(plainte::GRID, &grille);
        let sheet = rights.map(|rights| {
            if let Some(hand) = rights.signed {
                attach(plainte::SHEET_STROKES, &Some(hand.strokes));
                attach(plainte::SHEET_PICTURE, &Some(hand.picture));
            }
            rights.pdf
        });
        attach(plainte::SHEET, &sheet);
        let bundle = Contents {
            record: signed.cose(),
            attachments: &attachments,
            pieces: &self.pieces,
        };
        let sealed = self.seal(record.id, &bundle)?;
        let envelope_cose = self.envelope(&record, signed.digest(), sealed)?;
        let term = record
            .retention
            .filter(|_| !matches!(record.act, Act::Footage(_)))
            .map(|retention| IntentTerm {
                key: *self.term_key,
                until: retention.until,
            });
        let digest = signed.digest();
        let readable = StoredRecord {
            sealed: false,
            cose: signed.cose().to_vec(),
            document,
            recepisse,
            draft: self.draft.clone(),
            rights: sheet,
            requisition,
        };
        let readable = match &term {
            Some(term) => wrap(readable, record.id, &term.key)?,
            None => readable,
        };
        Ok(SigningIntent {
            act: record.id,
            kind: record.act.kind(),
            lane: self.reservation.lane,
            sequence: self.reservation.sequence,
            number: self.reservation.number,
            envelope: self.envelope,
            record: digest,
            envelope_cose,
            signed_at: record.signed_at,
            term,
            corrects: record.corrects.map(|correction| correction.act),
            readable,
            behind: self.behind,
        })
    }

    /// Draws the act, binds its digest into the record, and embeds the officer's signature behind the drawn bytes.
    fn documents(
        &self,
        record: Record,
        signed_by_hand: &BTreeMap<u8, HandFiles>,
        rights: Option<&RightsFiles>,
    ) -> Result<Drawn, SignFailure> {
        let photos: Vec<(String, Vec<u8>)> = record
            .act
            .photos()
            .iter()
            .filter_map(|photo| {
                let attached = self.attachments.iter().find(|one| one.name == photo.name)?;
                Some((photo.name.clone(), attached.content.clone()))
            })
            .collect();
        let pictures = signed_by_hand
            .iter()
            .map(|(place, hand)| (*place, hand.picture.clone()))
            .collect();
        let footer = self.footer(&record)?;
        let enclosures = Enclosures {
            photos: &photos,
            hands: documents::Hands::Drawn(&pictures),
            rights: rights.and_then(|rights| Some(rights.signed.as_ref()?.picture.as_slice())),
            footer: footer.as_deref(),
        };
        let drawn =
            documents::render(&record, &self.reference, &enclosures).map_err(SignFailure::Document)?;
        let Some(drawn) = drawn else {
            return Ok(Drawn {
                record,
                document: None,
                recepisse: None,
                requisition: None,
                grille: None,
            });
        };
        let (recepisse, requisition, grille) = match &record.act {
            Act::Plainte(plainte) => {
                // What is kept for the victim exists too: they fetch it.
                let recepisse = documents::recepisse(&record, &self.reference, footer.as_deref());
                let required = plainte.requisition().is_some();
                let requisition = required
                    .then(|| documents::requisition(&record, &self.reference, footer.as_deref()))
                    .transpose();
                let grille = plainte
                    .danger
                    .is_some()
                    .then(|| documents::grille(&record, footer.as_deref()))
                    .transpose();
                (
                    Some(recepisse.map_err(SignFailure::Document)?),
                    requisition.map_err(SignFailure::Document)?,
                    grille.map_err(SignFailure::Document)?,
                )
            }
            Act::IdentityCheck(_)
            | Act::Pv(_)
            | Act::Pve(_)
            | Act::Afd(_)
            | Act::Note(_)
            | Act::Footage(_)
            | Act::VisaRequest(_)
            | Act::Visa(_)
            | Act::Alert(_)
            | Act::SafeContact(_)
            | Act::Custody(_)
            | Act::Verification(_) => (None, None, None),
        };
        let digest = DocumentDigest {
            sha256: Digest::of(&drawn),
            bytes: drawn.len() as u64,
        };
        let signed = self.embed(&record, &drawn)?;
        Ok(Drawn {
            record: record.with_document(digest),
            document: Some(signed),
            recepisse,
            requisition,
            grille,
        })
    }

    /// Strokes and picture of every signature by hand, as the record names them.
    fn hand_files(&self) -> BTreeMap<u8, HandFiles> {
        let strokes = self.hands.strokes.iter();
        strokes
            .map(|(place, strokes)| (*place, HandFiles::of(strokes)))
            .collect()
    }

    /// The sheet that the record names, kept or drawn again to the same bytes, with the signature under it.
    fn rights_files(&self, record: &Record) -> Result<Option<RightsFiles>, SignFailure> {
        let Some(named) = record.act.rights_sheet() else {
            return Ok(None);
        };
        let shown = self.rights.as_ref().ok_or(SignFailure::SheetGone)?;
        let pdf = match &shown.pdf {
            Some(pdf) => pdf.clone(),
            None => documents::rights_sheet(shown.language).map_err(SignFailure::Document)?,
        };
        if Digest::of(&pdf) != named.sha256 {
            return Err(SignFailure::SheetGone);
        }
        Ok(Some(RightsFiles {
            pdf,
            signed: shown.strokes.as_ref().map(HandFiles::of),
        }))
    }

    /// The text of the code at the foot of a numbered act, signed by its author.
    fn footer(&self, record: &Record) -> Result<Option<String>, SignFailure> {
        let (Signer::Officer { certificate, .. }, Some(number)) = (&self.signer, record.number) else {
            return Ok(None);
        };
        let footer = Footer {
            version: 1,
            number,
            act: Digest::of(&canonical::encode(record)),
            signed_at: record.signed_at.utc,
            offset_min: record.signed_at.offset_min,
            signer: record.context.author.matricule.clone(),
        };
        let cose = self.cose_by_signer(
            Namespace::Footer,
            footer::CONTENT_TYPE,
            &canonical::encode(&footer),
        )?;
        Ok(Some(trust::footer::text(&cose, certificate)))
    }

    fn embed(&self, record: &Record, drawn: &[u8]) -> Result<Vec<u8>, SignFailure> {
        let chain: Vec<Certificate> = self.chain.iter().map(|c| Certificate::clone(c)).collect();
        let signing_time = pdf_date(&record.signed_at);
        let meta = pades::SignatureMeta {
            reason: None,
            location: None,
            signing_time: &signing_time,
            chain: &chain,
        };
        let prepared = pades::prepare(drawn, &meta).map_err(|_| SignFailure::EmbeddedSignature)?;
        let signature = self.raw_signature(prepared.to_be_signed())?;
        let der = trust::keys::ecdsa_to_der(&signature).map_err(|_| SignFailure::EmbeddedSignature)?;
        prepared.finish(&der).map_err(|_| SignFailure::EmbeddedSignature)
    }

    fn sign_record(&self, record: &Record) -> Result<Vec<u8>, SignFailure> {
        self.cose_by_signer(Namespace::Record, CONTENT_TYPE, &canonical::encode(record))
    }

    /// A COSE_Sign1 by the officer's card, or by the terminal for what it signs by itself.
    fn cose_by_signer(
        &self,
        namespace: Namespace,
        content_type: &str,
        payload: &[u8],
    ) -> Result<Vec<u8>, SignFailure> {
        let certificate = match &self.signer {
            Signer::Officer { certificate, .. } => certificate,
            Signer::Device => &self.device_certificate,
        };
        let protection = certificate.key_protection();
        let unsigned = cose::to_be_signed(namespace, certificate, content_type, payload, protection)
            .map_err(SignFailure::Signature)?;
        let signature = self.raw_signature(unsigned.sig_structure())?;
        unsigned.assemble(&signature).map_err(SignFailure::Signature)
    }

    fn raw_signature(&self, message: &[u8]) -> Result<Vec<u8>, SignFailure> {
        match &self.signer {
            Signer::Officer { card, .. } => {
                let mut card = card.lock().map_err(|_| SignFailure::NoCard)?;
                card.sign(message).map_err(|_| SignFailure::NoCard)
            }
            Signer::Device => self.keys.sign(message).map_err(SignFailure::Device),
        }
    }

    /// Seals while it encodes, so that a large bundle is never in memory a second time.
    fn seal(&self, act: ActId, bundle: &Contents<'_>) -> Result<Sealed, SignFailure> {
        let sink = self.parts.sink(act, self.envelope);
        let mut sealing = SealWriter::new(&[self.recipient], sink).map_err(SignFailure::Seal)?;
        bundle.write(&mut sealing)?;
        sealing
            .finish()
            .and_then(crate::parts::Sink::finish)
            .map_err(SignFailure::from)
    }

    fn envelope(&self, record: &Record, digest: Digest, sealed: Sealed) -> Result<Vec<u8>, SignFailure> {
        let (sealed, parts) = match sealed {
            Sealed::Inline(sealed) => (sealed, Vec::new()),
            Sealed::InParts(parts) => (Vec::new(), parts),
        };
        let envelope = Envelope {
            version: 1,
            id: self.envelope,
            device: self.device.clone(),
            lane: self.reservation.lane,
            sequence: self.reservation.sequence,
            created: record.signed_at,
            record: digest,
            sealed,
            parts,
        };
        let cose = device_signed(
            self.keys.as_ref(),
            Namespace::Envelope,
            &self.device_certificate,
            ENVELOPE_TYPE,
            &envelope.to_bytes(),
        )
        .map_err(SignFailure::Device)?;
        if cose.len() > MAX_ENVELOPE {
            return Err(SignFailure::Envelope { bytes: cose.len() });
        }
        Ok(cose)
    }
}

/// ISO 32000-1 §7.9.4: `D:20261121190500+01'00'`.
fn pdf_date(at: &Timestamp) -> String {
    let local = at.local();
    let sign = if at.offset_min < 0 { '-' } else { '+' };
    let (hours, minutes) = (
        at.offset_min.unsigned_abs() / 60,
        at.offset_min.unsigned_abs() % 60,
    );
    format!(
        "D:{}{sign}{hours:02}'{minutes:02}'",
        local.strftime("%Y%m%d%H%M%S")
    )
}

/// Wraps what the officer may read by the act's term key (AES-256-GCM); one key wraps one act once, so each part has
/// a fixed nonce.
fn wrap(readable: StoredRecord, act: ActId, key: &[u8; 32]) -> Result<StoredRecord, SignFailure> {
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let part = |part: u8, plain: &[u8]| {
        cipher
            .encrypt(
                &nonce(part),
                Payload {
                    msg: plain,
                    aad: act.as_bytes(),
                },
            )
            .map_err(|_| SignFailure::Wrap)
    };
    Ok(StoredRecord {
        sealed: true,
        cose: part(0, &readable.cose)?,
        document: readable.document.map(|bytes| part(1, &bytes)).transpose()?,
        recepisse: readable.recepisse.map(|bytes| part(2, &bytes)).transpose()?,
        draft: part(3, &readable.draft)?,
        rights: readable.rights.map(|bytes| part(4, &bytes)).transpose()?,
        requisition: readable.requisition.map(|bytes| part(5, &bytes)).transpose()?,
    })
}

/// The readable bytes of an act while its term key exists.
pub fn unwrap(stored: StoredRecord, act: ActId, key: &[u8; 32]) -> Option<StoredRecord> {
    let cipher = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
    let part = |part: u8, wrapped: &[u8]| {
        cipher
            .decrypt(
                &nonce(part),
                Payload {
                    msg: wrapped,
                    aad: act.as_bytes(),
                },
            )
            .ok()
    };
    Some(StoredRecord {
        sealed: false,
        cose: part(0, &stored.cose)?,
        document: match stored.document {
            Some(bytes) => Some(part(1, &bytes)?),
            None => None,
        },
        recepisse: match stored.recepisse {
            Some(bytes) => Some(part(2, &bytes)?),
            None => None,
        },
        draft: part(3, &stored.draft)?,
        rights: match stored.rights {
            Some(bytes) => Some(part(4, &bytes)?),
            None => None,
        },
        requisition: match stored.requisition {
            Some(bytes) => Some(part(5, &bytes)?),
            None => None,
        },
    })
}

fn nonce(part: u8) -> Nonce<aes_gcm::aead::consts::U12> {
    let mut nonce = [0; 12];
    nonce[11] = part;
    Nonce::from(nonce)
}
