//! The record: what an officer or the device signs, once, and everybody else reads untouched.

use minicbor::{Decode, Encode};

use crate::afd::Afd;
use crate::alert::Alert;
use crate::canonical::Digest;
use crate::enrolment::KeyProtection;
use crate::envelope::RefusalCode;
use crate::footage::Manifest;
use crate::footage::custody::Custody;
use crate::hand::{self, HandSigner, SignedPad};
use crate::id::{ActId, ActNumber, DeviceId, InterventionId, ServiceId};
use crate::identity::IdentityCheck;
use crate::natinf::ReferenceVersion;
use crate::note::Note;
use crate::officer::Author;
use crate::photo::Photo;
use crate::piece::Piece;
use crate::plainte::contact::SafeContact;
use crate::plainte::{self, Plainte, RightsSheet};
use crate::pv::Pv;
use crate::pve::{OffenderSignature, Pve};
use crate::retention::Term;
use crate::time::{Timestamp, UnixMs};
use crate::verification::Verification;
use crate::visa::{Visa, VisaRequest};

/// Content type of a record's COSE_Sign1.
pub const CONTENT_TYPE: &str = "application/neo-record+cbor;v=1";

/// Payload of the record's COSE_Sign1: signed by the officer's key, or by the device's for footage.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Record {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub id: ActId,
    /// Absent for what is not numbered.
    #[n(2)]
    pub number: Option<ActNumber>,
    #[n(3)]
    pub context: Context,
    #[n(4)]
    pub signed_at: Timestamp,
    #[n(5)]
    pub reference: ReferenceVersion,
    /// The exact PDF/A that was shown and signed.
    #[n(6)]
    pub document: Option<DocumentDigest>,
    #[n(7)]
    pub corrects: Option<Correction>,
    #[n(8)]
    pub retention: Option<Retention>,
    #[n(9)]
    pub act: Act,
}

/// Who, where and under what an act is drawn up.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Context {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub protection: KeyProtection,
    /// Drawn up without the agent card: a training act.
    #[n(2)]
    pub formation: bool,
    #[n(3)]
    pub author: Author,
    #[n(4)]
    pub service: ServiceId,
    #[n(5)]
    pub intervention: Option<InterventionId>,
}

/// A document by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DocumentDigest {
    #[n(0)]
    pub sha256: Digest,
    /// Length in bytes; a signature embedded in the PDF only adds bytes after it.
    #[n(1)]
    pub bytes: u64,
}

/// The link from a corrective act to the one it corrects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Correction {
    #[n(0)]
    pub act: ActId,
    /// SHA-256 of the corrected act's COSE_Sign1.
    #[n(1)]
    pub record: Digest,
    /// The refusal that it answers.
    #[n(2)]
    pub refusal: Option<RefusalCode>,
}

impl Correction {
    /// The id of the act that answers a refusal: one a refusal, whenever and however often it is opened.
    pub fn act_id(refused: ActId) -> ActId {
        derived_id(b"neo/corrective/v1", &[refused.as_bytes()])
    }
}

impl Manifest {
    /// The id of the act that carries this clip's manifest: one a clip.
    pub fn act_id(clip: crate::id::ClipId) -> ActId {
        derived_id(b"neo/footage/v1", &[clip.as_bytes()])
    }
}

/// The id of the one act that follows from `source`.
pub(crate) fn derived_id(purpose: &[u8], source: &[&[u8]]) -> ActId {
    let digest = Digest::of(&[&[purpose], source].concat().concat());
    let mut id = [0; 16];
    id.copy_from_slice(&digest.as_bytes()[..16]);
    ActId::from_bytes(id)
}

/// The legal term of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Retention {
    #[n(0)]
    pub term: Term,
    #[n(1)]
    pub until: UnixMs,
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Act {
    #[n(0)]
    IdentityCheck(#[n(0)] Box<IdentityCheck>),
    #[n(1)]
    Pv(#[n(0)] Box<Pv>),
    #[n(2)]
    Plainte(#[n(0)] Box<Plainte>),
    #[n(3)]
    Footage(#[n(0)] Box<Manifest>),
    #[n(4)]
    Pve(#[n(0)] Box<Pve>),
    #[n(5)]
    Afd(#[n(0)] Box<Afd>),
    #[n(6)]
    Note(#[n(0)] Box<Note>),
    #[n(7)]
    VisaRequest(#[n(0)] Box<VisaRequest>),
    #[n(8)]
    Visa(#[n(0)] Box<Visa>),
    #[n(9)]
    Verification(#[n(0)] Box<Verification>),
    #[n(10)]
    Alert(#[n(0)] Box<Alert>),
    /// No part of a procedure.
    #[n(11)]
    SafeContact(#[n(0)] Box<SafeContact>),
    /// What is said of a recording after it was taken in.
    #[n(12)]
    Custody(#[n(0)] Box<Custody>),
}

/// The kinds of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ActKind {
    #[n(0)]
    IdentityCheck,
    #[n(1)]
    Pv,
    #[n(2)]
    Plainte,
    #[n(3)]
    Footage,
    #[n(4)]
    Pve,
    #[n(5)]
    Afd,
    /// Recueil de renseignements.
    #[n(6)]
    Note,
    /// An author asks an OPJ for a visa.
    #[n(7)]
    VisaRequest,
    #[n(8)]
    Visa,
    /// Vérification d'identité (78-3 CPP).
    #[n(9)]
    Verification,
    /// Urgent, to the operations centre.
    #[n(10)]
    Alert,
    /// How a victim may be reached; no part of a procedure.
    #[n(11)]
    SafeContact,
    /// What is said of a recording after it was taken in.
    #[n(12)]
    Custody,
}

impl ActKind {
    /// The name that reports and file names use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::IdentityCheck => "controle",
            Self::Pv => "pv",
            Self::Plainte => "plainte",
            Self::Footage => "footage",
            Self::Pve => "pve",
            Self::Afd => "afd",
            Self::Note => "note",
            Self::VisaRequest => "visa-request",
            Self::Visa => "visa",
            Self::Verification => "verification",
            Self::Alert => "alerte",
            Self::SafeContact => "contact",
            Self::Custody => "suivi-video",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        let all = [
            Self::IdentityCheck,
            Self::Pv,
            Self::Plainte,
            Self::Footage,
            Self::Pve,
            Self::Afd,
            Self::Note,
            Self::VisaRequest,
            Self::Visa,
            Self::Verification,
            Self::Alert,
            Self::SafeContact,
            Self::Custody,
        ];
        all.into_iter().find(|kind| kind.code() == code)
    }

    /// Whether the act bears a number: what belongs to a procedure does.
    pub const fn is_numbered(self) -> bool {
        match self {
            Self::IdentityCheck | Self::Pv | Self::Plainte | Self::Pve | Self::Afd | Self::Verification => {
                true
            }
            Self::Footage
            | Self::Note
            | Self::VisaRequest
            | Self::Visa
            | Self::Alert
            | Self::SafeContact
            | Self::Custody => false,
        }
    }

    /// Whether an officer fills a form for it, which a corrective act begins with.
    pub const fn has_form(self) -> bool {
        match self {
            Self::IdentityCheck
            | Self::Pv
            | Self::Plainte
            | Self::Pve
            | Self::Afd
            | Self::Note
            | Self::Verification => true,
            Self::Footage
            | Self::VisaRequest
            | Self::Visa
            | Self::Alert
            | Self::SafeContact
            | Self::Custody => false,
        }
    }

    /// Whether acts of this kind have a place for what a victim brings.
    pub const fn keeps_pieces(self) -> bool {
        matches!(self, Self::Plainte)
    }

    /// Whether acts of this kind have a place for photographs.
    pub const fn keeps_photos(self) -> bool {
        match self {
            Self::Pv | Self::Pve | Self::Afd | Self::Plainte => true,
            Self::IdentityCheck
            | Self::Footage
            | Self::Note
            | Self::VisaRequest
            | Self::Visa
            | Self::Alert
            | Self::SafeContact
            | Self::Custody
            | Self::Verification => false,
        }
    }
}

/// A file that travels with an act and is known by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Enclosure {
    /// Where evidence keeps it.
    folder: &'static str,
    /// As it is attached.
    pub name: String,
    pub sha256: Digest,
    /// Length, where the record states it.
    pub bytes: Option<u64>,
}

impl Enclosure {
    /// Its path in a folder of evidence.
    pub fn path(&self) -> String {
        format!("{}/{}", self.folder, self.name)
    }
}

impl Act {
    /// The photographs that travel with the act.
    pub fn photos(&self) -> &[Photo] {
        match self {
            Self::Pve(pve) => &pve.photos,
            Self::Afd(afd) => &afd.photos,
            Self::Pv(pv) => &pv.photos,
            Self::Plainte(plainte) => &plainte.photos,
            Self::IdentityCheck(_)
            | Self::Footage(_)
            | Self::Note(_)
            | Self::VisaRequest(_)
            | Self::Visa(_)
            | Self::Alert(_)
            | Self::SafeContact(_)
            | Self::Custody(_)
            | Self::Verification(_) => &[],
        }
    }

    /// What a victim brought to the act.
    pub fn pieces(&self) -> &[Piece] {
        match self {
            Self::Plainte(plainte) => &plainte.pieces,
            Self::IdentityCheck(_)
            | Self::Pv(_)
            | Self::Footage(_)
            | Self::Pve(_)
            | Self::Afd(_)
            | Self::Note(_)
            | Self::VisaRequest(_)
            | Self::Visa(_)
            | Self::Alert(_)
            | Self::SafeContact(_)
            | Self::Custody(_)
            | Self::Verification(_) => &[],
        }
    }

    /// The signatures by hand, each with its place in the list of signers; the offender of a PVe or an AFD is first.
    pub fn pads(&self) -> Vec<(u8, SignedPad)> {
        let of = |signers: &[HandSigner]| {
            let pad = |(place, signed): (u8, &HandSigner)| Some((place, signed.outcome.pad()?));
            (0_u8..).zip(signers).filter_map(pad).collect()
        };
        match self {
            Self::Pv(pv) => of(&pv.signers),
            Self::Plainte(plainte) => of(&plainte.signers),
            Self::Verification(verification) => of(&verification.signers),
            Self::Pve(pve) => match pve.signature {
                OffenderSignature::Signed(pad) => vec![(0, pad)],
                OffenderSignature::Declined | OffenderSignature::Absent => Vec::new(),
            },
            Self::Afd(afd) => vec![(0, afd.signature)],
            Self::IdentityCheck(_)
            | Self::Footage(_)
            | Self::Note(_)
            | Self::VisaRequest(_)
            | Self::Visa(_)
            | Self::Alert(_)
            | Self::SafeContact(_)
            | Self::Custody(_) => Vec::new(),
        }
    }

    /// Every file that travels with the act and that its record names by digest, besides its own document.
    pub fn enclosures(&self) -> Vec<Enclosure> {
        let mut enclosures: Vec<Enclosure> = self
            .photos()
            .iter()
            .map(|photo| Enclosure {
                folder: "photos",
                name: photo.name.clone(),
                sha256: photo.sha256,
                bytes: Some(photo.bytes),
            })
            .collect();
        enclosures.extend(self.pieces().iter().map(|piece| Enclosure {
            folder: "pieces",
            name: piece.name.clone(),
            sha256: piece.sha256,
            bytes: Some(piece.bytes),
        }));
        let hand = |name: String, sha256| Enclosure {
            folder: "hands",
            name,
            sha256,
            bytes: None,
        };
        for (place, pad) in self.pads() {
            let (strokes, image) = hand::files(place.into());
            enclosures.push(hand(strokes, pad.strokes));
            enclosures.push(hand(image, pad.image));
            let shown = hand(hand::SHOWN.to_owned(), pad.shown);
            // Everybody signs under one document: another digest is another file of that name, and never found.
            if !enclosures.contains(&shown) {
                enclosures.push(shown);
            }
        }
        if let Some(sheet) = self.rights_sheet() {
            enclosures.push(hand(plainte::SHEET.to_owned(), sheet.sha256));
            if let Some(pad) = sheet.outcome.pad() {
                enclosures.push(hand(plainte::SHEET_STROKES.to_owned(), pad.strokes));
                enclosures.push(hand(plainte::SHEET_PICTURE.to_owned(), pad.image));
                // A signature under another document asks for that document too, which is never found.
                let shown = hand(plainte::SHEET.to_owned(), pad.shown);
                if !enclosures.contains(&shown) {
                    enclosures.push(shown);
                }
            }
        }
        enclosures
    }

    /// The sheet of rights that the victim of a complaint was given (10-2 CPP).
    pub fn rights_sheet(&self) -> Option<&RightsSheet> {
        match self {
            Self::Plainte(plainte) => plainte.rights.sheet.as_ref(),
            Self::IdentityCheck(_)
            | Self::Pv(_)
            | Self::Footage(_)
            | Self::Pve(_)
            | Self::Afd(_)
            | Self::Note(_)
            | Self::VisaRequest(_)
            | Self::Visa(_)
            | Self::Alert(_)
            | Self::SafeContact(_)
            | Self::Custody(_)
            | Self::Verification(_) => None,
        }
    }

    pub const fn kind(&self) -> ActKind {
        match self {
            Self::IdentityCheck(_) => ActKind::IdentityCheck,
            Self::Pv(_) => ActKind::Pv,
            Self::Plainte(_) => ActKind::Plainte,
            Self::Footage(_) => ActKind::Footage,
            Self::Pve(_) => ActKind::Pve,
            Self::Afd(_) => ActKind::Afd,
            Self::Note(_) => ActKind::Note,
            Self::VisaRequest(_) => ActKind::VisaRequest,
            Self::Visa(_) => ActKind::Visa,
            Self::Verification(_) => ActKind::Verification,
            Self::Alert(_) => ActKind::Alert,
            Self::SafeContact(_) => ActKind::SafeContact,
            Self::Custody(_) => ActKind::Custody,
        }
    }
}
