//! A draft on screen: its texts, what stands against it, and how far its reading is.

use minicbor::{Decode, Encode};

use super::{RetentionLine, ScanView, SuiviStep};
use crate::canonical::Digest;
use crate::draft::{Field, Problem, Reason, Warning};
use crate::envelope::RefusalCode;
use crate::hand::{HandOutcome, SignerRole};
use crate::hotlist::{Standing, Subject};
use crate::id::{ActId, ActNumber};
use crate::identity::DocumentReading;
use crate::identity::crosscheck::Compared;
use crate::legal_basis::{BasisRow, CheckBasis, Grounds};
use crate::officer::FileKind;
use crate::photo::Marks;
use crate::piece::PieceKind;
use crate::plainte::Language;
use crate::pve::Ruling;
use crate::query::Answer;
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};
use crate::verification::Stage;
use crate::viewfinder::Frame;

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct DraftView {
    #[n(0)]
    pub draft: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub texts: Vec<FieldText>,
    /// Everything that keeps it from being signed.
    #[n(3)]
    pub problems: Vec<Problem>,
    #[n(4)]
    pub document: Option<DocumentReading>,
    #[n(5)]
    pub document_problem: Option<Reason>,
    #[n(6)]
    pub answers: Vec<AnswerLine>,
    #[n(7)]
    pub state: DraftState,
    #[n(8)]
    pub corrects: Option<RefusalCode>,
    /// What a PVe costs as it stands, while nothing stands against it.
    #[n(9)]
    pub ruling: Option<Ruling>,
    #[cbor(n(10), default, skip_if = "Vec::is_empty")]
    pub photos: Vec<PhotoLine>,
    #[n(11)]
    pub reading: Option<ReadingView>,
    #[cbor(n(12), default, skip_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Everybody who is asked to sign by hand.
    #[cbor(n(13), default, skip_if = "Vec::is_empty")]
    pub signers: Vec<SignerLine>,
    /// The last picture of a document; absent before the first.
    #[n(14)]
    pub scan: Option<ScanView>,
    /// Of a vérification d'identité, until its end is written down.
    #[n(18)]
    pub retention: Option<RetentionLine>,
    /// What the lists on the terminal said, where no file answered.
    #[cbor(n(21), default, skip_if = "Vec::is_empty")]
    pub lists: Vec<ListLine>,
    /// What the sources of the draft say of the same facts, what is to be looked at first.
    #[cbor(n(26), default, skip_if = "Vec::is_empty")]
    pub compared: Vec<Compared>,
    /// Files may be asked before the text of the check is named, which is to be completed.
    #[cbor(n(22), default)]
    pub frame_open: bool,
    /// The texts in force for a check, as its picker shows them.
    #[cbor(n(23), default, skip_if = "Vec::is_empty")]
    pub bases: Vec<BasisLine>,
    /// The time that the text of a check allows, as it runs.
    #[n(24)]
    pub limit: Option<LimitLine>,
    /// What keeps files from being asked, unless it is urgent.
    #[n(25)]
    pub blocked: Option<Problem>,
    /// The sheet of rights that the victim has before them; absent before the first.
    #[n(28)]
    pub rights: Option<RightsLine>,
    /// What became of a signed complaint, the oldest step first.
    #[cbor(n(31), default, skip_if = "Vec::is_empty")]
    pub suivi: Vec<SuiviStep>,
    /// What the victim of a complaint brought.
    #[cbor(n(33), default, skip_if = "Vec::is_empty")]
    pub pieces: Vec<PieceLine>,
    /// The files that may be taken in; absent before anybody looked.
    #[n(34)]
    pub brought: Option<Vec<BroughtLine>>,
    /// Files on their way in, first the one that is read.
    #[cbor(n(35), default, skip_if = "Vec::is_empty")]
    pub coming: Vec<ComingLine>,
    /// The draft that was in the officer's hands before a lock or a stop, at the step of its field: said once.
    #[n(36)]
    pub resumed: Option<Resumed>,
}

/// Where the officer was in a draft; absent where its form has no steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Resumed {
    #[n(0)]
    pub field: Option<Field>,
}

/// A piece of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PieceLine {
    /// As it will travel with the act.
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub sha256: Digest,
    /// Length in bytes.
    #[n(2)]
    pub bytes: u64,
    #[n(3)]
    pub kind: PieceKind,
    #[n(4)]
    pub label: Sensitive<String>,
}

/// A file where the victim's files come in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BroughtLine {
    #[n(0)]
    pub name: Sensitive<String>,
    /// Length in bytes.
    #[n(1)]
    pub bytes: u64,
}

/// A file on its way in.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ComingLine {
    #[n(0)]
    pub name: Sensitive<String>,
    /// Bytes that are in.
    #[n(1)]
    pub done: u64,
    /// Length in bytes.
    #[n(2)]
    pub bytes: u64,
}

/// How far the notice of a victim's rights is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RightsLine {
    #[n(0)]
    pub language: Language,
    #[n(1)]
    pub state: SignerState,
    /// When the victim acknowledged it.
    #[n(2)]
    pub at: Option<Timestamp>,
}

/// One text of the picker.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct BasisLine {
    #[n(0)]
    pub basis: CheckBasis,
    #[n(1)]
    pub title: String,
    #[n(2)]
    pub citation: String,
    #[n(3)]
    pub limits: String,
    /// Why the officer cannot use it now, whatever is written: no power, no OPJ named, no réquisition that runs.
    #[n(4)]
    pub refused: Option<Reason>,
    /// Whether it asks for a réquisition, an alinéa, the check that it follows.
    #[n(5)]
    pub requisition: bool,
    #[n(6)]
    pub alineas: Option<(u8, u8)>,
    #[n(7)]
    pub follows: bool,
    #[n(8)]
    pub unverified: bool,
    #[n(9)]
    pub grounds: Option<Grounds>,
}

impl BasisLine {
    pub fn of(row: &BasisRow, refused: Option<Reason>) -> Self {
        Self {
            basis: row.basis,
            title: row.title.clone(),
            citation: row.citation.clone(),
            limits: row.limits.clone(),
            refused,
            requisition: row.requisition.is_some(),
            alineas: row.alineas,
            follows: row.follows,
            unverified: row.unverified,
            grounds: row.grounds,
        }
    }
}

/// A time that the law bounds, as it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LimitLine {
    #[n(0)]
    pub until: UnixMs,
    /// Whole minutes until it; less than none past it.
    #[n(1)]
    pub left_min: i32,
    /// It is of the operation in one place.
    #[n(2)]
    pub in_one_place: bool,
    #[n(3)]
    pub stage: Stage,
}

/// What a list on the terminal said of one thing.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ListLine {
    #[n(0)]
    pub subject: Subject,
    /// The plate, number or person that was asked about.
    #[n(1)]
    pub about: Sensitive<String>,
    #[n(2)]
    pub standing: Standing,
}

/// What was read, and how far those who sign have come.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReadingView {
    #[n(0)]
    pub at: Timestamp,
    /// The document is on screen; false while it is drawn again.
    #[n(1)]
    pub shown: bool,
    /// From now on renvois alone correct the act.
    #[n(2)]
    pub locked: bool,
    #[n(3)]
    pub renvois: Vec<RenvoiLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RenvoiLine {
    #[n(0)]
    pub place: Sensitive<String>,
    #[n(1)]
    pub text: Sensitive<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignerLine {
    #[n(0)]
    pub role: SignerRole,
    #[n(1)]
    pub name: Sensitive<String>,
    #[n(2)]
    pub state: SignerState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum SignerState {
    #[n(0)]
    Awaited,
    #[n(1)]
    Signed,
    #[n(2)]
    Refuses,
    #[n(3)]
    Unable,
}

impl From<Option<&HandOutcome>> for SignerState {
    fn from(outcome: Option<&HandOutcome>) -> Self {
        outcome.map_or(Self::Awaited, |outcome| match outcome {
            HandOutcome::Signed(_) => Self::Signed,
            HandOutcome::Refuses { .. } => Self::Refuses,
            HandOutcome::Unable { .. } => Self::Unable,
        })
    }
}

/// A photograph of the draft.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PhotoLine {
    /// As it will travel with the act.
    #[n(0)]
    pub name: String,
    #[n(1)]
    pub sha256: Digest,
    /// Length in bytes.
    #[n(2)]
    pub bytes: u64,
    /// The object of the inventory that it shows, from 1.
    #[n(3)]
    pub shows: Option<u16>,
    /// How many things the officer drew over it.
    #[n(4)]
    pub marks: u8,
}

/// A photograph of a draft, to draw over.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PhotoView {
    #[n(0)]
    pub draft: ActId,
    #[n(1)]
    pub sha256: Digest,
    /// Upright and small, for the eyes; absent where it cannot be drawn here.
    #[n(2)]
    pub picture: Option<Frame>,
    #[n(3)]
    pub marks: Marks,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FieldText {
    #[n(0)]
    pub field: Field,
    #[n(1)]
    pub text: Sensitive<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum DraftState {
    /// Saved as typed.
    #[n(0)]
    Editing,
    #[n(1)]
    Signing,
    /// The act exists: its commit is done.
    #[n(2)]
    Signed {
        #[n(0)]
        number: Option<ActNumber>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AnswerLine {
    #[n(0)]
    pub file: FileKind,
    #[n(1)]
    pub state: AnswerState,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum AnswerState {
    #[n(0)]
    Asked,
    #[n(1)]
    Answered(#[n(0)] Box<Answer>),
    /// No answer in time; it says nothing about the person or the vehicle.
    #[n(2)]
    NoAnswer,
    /// It came after the wait was over.
    #[n(3)]
    Late(#[n(0)] Box<Answer>),
    /// A list stood in for the file; the question leaves by itself when there is a network.
    #[n(4)]
    Confirming,
}

impl AnswerState {
    /// What a file said, in time or not.
    pub const fn answer(&self) -> Option<&Answer> {
        match self {
            Self::Answered(answer) | Self::Late(answer) => Some(answer),
            Self::Asked | Self::NoAnswer | Self::Confirming => None,
        }
    }
}

/// How the hand is told that an answer is there; nothing is ever audible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Haptic {
    /// An answer, whatever it says: nothing, something to know, or something that nobody beside may notice.
    #[n(0)]
    Neutral,
    /// There is something to do.
    #[n(1)]
    Hit,
    #[n(2)]
    Dangerous,
}
