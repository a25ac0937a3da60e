//! The dialogue with the screens: what an officer wants ([`Intent`]) and what is true now ([`View`]).
//!
//! Views are whole and repeatable: the last one of each variant is all that a screen shows. No word for people is
//! here but data; the screens choose the words.

mod visa;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::canonical::Digest;
use crate::delivery::Delivery;
use crate::draft::{Field, Problem, Reason, Warning};
use crate::envelope::RefusalCode;
use crate::footage::ClipListing;
use crate::hand::{SignerRole, Strokes};
use crate::id::{ActId, ActNumber, CameraId, ClipId, InterventionId};
use crate::identity::{DocumentReading, Verdict};
use crate::intervention::Outcome;
use crate::officer::FileKind;
use crate::photo::Picture;
use crate::printing::{Paper, PrintFailure, PrinterAddress, PrintingView};
use crate::pv::PvKind;
use crate::pve::Ruling;
use crate::query::Answer;
use crate::record::ActKind;
use crate::sensitive::{Secret, Sensitive};
use crate::time::{Timestamp, UnixMs};
use crate::visa::Choice;

pub use visa::{VisaLine, VisaStanding};

/// What the officer asks for. Ids are optional where the terminal may mint them; a driver that repeats a step
/// after a crash gives its own, so that the step happens once.
#[derive(Debug, Encode, Decode)]
pub enum Intent {
    #[n(0)]
    Unlock {
        #[n(0)]
        code: Secret,
    },
    #[n(1)]
    Lock,
    #[n(2)]
    StartService {
        /// Service numbers of the crew besides the officer, and of the OPJ on duty, as typed.
        #[n(0)]
        crew: String,
        #[n(1)]
        opj: String,
    },
    #[n(3)]
    EndService,
    #[n(4)]
    OpenIntervention {
        #[n(0)]
        id: Option<InterventionId>,
        #[n(1)]
        number: String,
        #[n(2)]
        place: String,
    },
    #[n(5)]
    ArriveOnScene,
    #[n(6)]
    CloseIntervention {
        #[n(0)]
        outcome: Outcome,
    },
    #[n(7)]
    StartDraft {
        #[n(0)]
        id: Option<ActId>,
        #[n(1)]
        kind: ActKind,
    },
    #[n(8)]
    OpenDraft {
        #[n(0)]
        draft: ActId,
    },
    #[n(9)]
    Fill {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        field: Field,
        #[n(2)]
        text: String,
    },
    /// Ask a file about the person or the plate of the draft; the motive is mandatory.
    #[n(10)]
    Consult {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        file: FileKind,
        #[n(2)]
        motive: String,
    },
    #[n(11)]
    Sign {
        #[n(0)]
        draft: ActId,
    },
    /// Open the act that corrects one HQ refused.
    #[n(12)]
    Correct {
        #[n(0)]
        act: ActId,
        #[n(1)]
        id: Option<ActId>,
    },
    #[n(13)]
    SearchOffences {
        #[n(0)]
        text: String,
    },
    /// The text of the camera's tag or QR code.
    #[n(14)]
    PairCamera {
        #[n(0)]
        invitation: String,
    },
    #[n(15)]
    ListClips,
    #[n(16)]
    TakeClip {
        #[n(0)]
        clip: ClipId,
    },
    /// The signed PDF of an act.
    #[n(17)]
    ShowDocument {
        #[n(0)]
        act: ActId,
    },
    /// Remember a printer, once it has answered there.
    #[n(40)]
    AddPrinter {
        #[n(0)]
        address: String,
    },
    /// Print a document of a signed act; without a printer, on the one used last. Asked while the same document waits
    /// for the same printer, it changes nothing; asked after that, it prints again.
    #[n(41)]
    Print {
        #[n(0)]
        act: ActId,
        #[n(1)]
        paper: Paper,
        #[n(2)]
        printer: Option<PrinterAddress>,
    },
    /// Take a job off the list, and back from the printer where it got there.
    #[n(42)]
    CancelPrint {
        #[n(0)]
        act: ActId,
        #[n(1)]
        paper: Paper,
        #[n(2)]
        printer: PrinterAddress,
    },
    /// Write a signed act for the drafting system of the station into the folder that is mounted for it.
    #[n(43)]
    HandOver {
        #[n(0)]
        act: ActId,
    },
    /// Keep a photograph with the draft, as the camera or the file gave it.
    #[n(22)]
    AttachPhoto {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        name: String,
        #[n(2)]
        picture: Picture,
    },
    #[n(23)]
    RemovePhoto {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        sha256: Digest,
    },
    /// Draw the act as it stands, for its author's eyes; nothing is locked.
    #[n(18)]
    Preview {
        #[n(0)]
        draft: ActId,
    },
    /// Open the reading: what is shown is locked for those who sign it by hand.
    #[n(19)]
    ReadBack {
        #[n(0)]
        draft: ActId,
    },
    /// A signature by hand under what is shown; `signer` is a place in the list of signers, from 0.
    #[n(20)]
    SignByHand {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        signer: u8,
        #[n(2)]
        strokes: Strokes,
    },
    /// Somebody refuses to sign, or cannot; the reason in the officer's words.
    #[n(21)]
    LeaveUnsigned {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        signer: u8,
        #[n(2)]
        why: Unsigned,
        #[n(3)]
        reason: String,
    },
    /// A numbered correction of what was read.
    #[n(24)]
    AddRenvoi {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        place: String,
        #[n(2)]
        text: String,
    },
    /// Open the PV that rectifies a signed act, or withdraws it with its reasons.
    #[n(25)]
    Amend {
        #[n(0)]
        act: ActId,
        #[n(1)]
        id: Option<ActId>,
        #[n(2)]
        how: Amendment,
    },
    /// Turn what has no forfait into a general PV; the draft it comes from stays.
    #[n(26)]
    TurnIntoPv {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        id: Option<ActId>,
    },
    /// Formulas for the open PV that answer `text`.
    #[n(27)]
    SearchFormulas {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        text: String,
    },
    /// Begin a draft from the template at this place of the list on home.
    #[n(28)]
    StartFromTemplate {
        #[n(0)]
        id: Option<ActId>,
        #[n(1)]
        template: u16,
    },
    /// Read the code at the foot of an act on paper, whoever drew it up.
    #[n(29)]
    CheckFooter {
        #[n(0)]
        code: String,
    },
    /// Give a draft up; it leaves with a line in the journal.
    #[n(30)]
    DiscardDraft {
        #[n(0)]
        draft: ActId,
    },
    /// Ask an OPJ, by service number as typed, for a visa on a signed act.
    #[n(60)]
    AskVisa {
        #[n(0)]
        act: ActId,
        #[n(1)]
        opj: String,
    },
    /// The pages of the act that a request is about.
    #[n(61)]
    ShowForVisa {
        #[n(0)]
        request: ActId,
    },
    /// Sign the visa, or send the act back to its author.
    #[n(62)]
    GiveVisa {
        #[n(0)]
        request: ActId,
        #[n(1)]
        choice: Choice,
        /// Observations, or the reason of a return.
        #[n(2)]
        words: String,
    },
}

/// How somebody comes not to sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Unsigned {
    #[n(0)]
    Refuses,
    #[n(1)]
    Unable,
}

/// What a new act does to a signed one, which stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Amendment {
    #[n(0)]
    Rectify,
    #[n(1)]
    Withdraw,
}

/// What is true now, for one part of the screens.
#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum View {
    #[n(0)]
    Lock(#[n(0)] LockView),
    #[n(1)]
    Home(#[n(0)] Box<HomeView>),
    #[n(2)]
    Draft(#[n(0)] Box<DraftView>),
    #[n(3)]
    Deliveries(#[n(0)] Vec<DeliveryLine>),
    #[n(4)]
    Offences(#[n(0)] Vec<OffenceLine>),
    #[n(5)]
    Camera(#[n(0)] CameraView),
    #[n(6)]
    Document(#[n(0)] DocumentView),
    /// Something to tell once.
    #[n(7)]
    Notice(#[n(0)] Notice),
    #[n(20)]
    Printing(#[n(0)] PrintingView),
    /// An act as it is printed, page by page.
    #[n(8)]
    Pages(#[n(0)] PagesView),
    #[n(9)]
    Formulas(#[n(0)] Vec<FormulaLine>),
    /// What the code at the foot of a paper proves.
    #[n(10)]
    Footer(#[n(0)] Box<FooterView>),
    /// The acts that wait for this officer's visa, the oldest request first.
    #[n(60)]
    Visas(#[n(0)] Vec<VisaLine>),
}

/// An act as it is printed: before a signature, what will be signed; after it, what was.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PagesView {
    #[n(0)]
    pub act: ActId,
    /// PNG pictures, 8 bit, in order.
    #[n(1)]
    pub pages: Vec<minicbor::bytes::ByteVec>,
}

impl std::fmt::Debug for PagesView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PagesView {{ {}, {} pages }}", self.act, self.pages.len())
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FormulaLine {
    #[n(0)]
    pub title: String,
    #[n(1)]
    pub text: String,
}

/// What a footer's code says, and what of it is proven; the text of the act is checked against its PDF, or by HQ.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FooterView {
    #[n(0)]
    pub number: ActNumber,
    /// SHA-256 of the record without its document, which its evidence folder and HQ are held against.
    #[n(1)]
    pub act: Digest,
    #[n(2)]
    pub signed_at: UnixMs,
    /// "RIO 1234567", from the certificate.
    #[n(3)]
    pub signer: String,
    #[n(4)]
    pub signature: Verdict,
    #[n(5)]
    pub issuer_trusted: Verdict,
    /// The certificate was in date when the act says that it was signed.
    #[n(6)]
    pub in_date: Verdict,
    /// Signed without an agent card.
    #[n(7)]
    pub formation: bool,
    /// For showing the moment in local time.
    #[n(8)]
    pub offset_min: i16,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LockView {
    #[n(0)]
    pub state: LockState,
    #[n(1)]
    pub card_present: bool,
    /// False: a file vault keeps the keys, and the screen says so.
    #[n(2)]
    pub hardware_backed: bool,
    /// "RIO 1234567 · gardien de la paix", from the card or the enrolment.
    #[n(3)]
    pub officer: String,
    /// No card: training, shown on every screen.
    #[n(4)]
    pub formation: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum LockState {
    #[n(0)]
    Locked {
        /// Tries left before the officer's slot is destroyed.
        #[n(0)]
        left: u8,
        /// Milliseconds to wait before the next try.
        #[n(1)]
        wait_ms: u64,
    },
    #[n(1)]
    Unlocking,
    #[n(2)]
    Unlocked,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HomeView {
    #[n(0)]
    pub service: Option<ServiceLine>,
    #[n(1)]
    pub intervention: Option<InterventionLine>,
    #[n(2)]
    pub drafts: Vec<DraftLine>,
    #[n(3)]
    pub network: Network,
    #[n(4)]
    pub waiting: u32,
    #[n(5)]
    pub received: u32,
    #[n(6)]
    pub refused: u32,
    /// When the latest receipt was signed, HQ's clock.
    #[n(7)]
    pub last_received: Option<UnixMs>,
    /// For showing HQ's times in local time.
    #[n(8)]
    pub offset_min: i16,
    /// Titles of the drafts that the unit has prepared, in the order of their numbers.
    #[cbor(n(9), default, skip_if = "Vec::is_empty")]
    pub templates: Vec<TemplateLine>,
    /// Whether the officer's corps takes notes.
    #[n(10)]
    pub notes: Option<bool>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TemplateLine {
    #[n(0)]
    pub template: u16,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub title: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ServiceLine {
    #[n(0)]
    pub started: Timestamp,
    #[n(1)]
    pub crew: Vec<String>,
    #[n(2)]
    pub opj: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct InterventionLine {
    #[n(0)]
    pub id: InterventionId,
    #[n(1)]
    pub number: Option<String>,
    #[n(2)]
    pub place: Sensitive<String>,
    #[n(3)]
    pub opened: Timestamp,
    #[n(4)]
    pub on_scene: Option<Timestamp>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DraftLine {
    #[n(0)]
    pub draft: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub started: Timestamp,
    /// What the officer knows it by: subject, surname or plate.
    #[n(3)]
    pub title: Sensitive<String>,
    /// Whole days since it was begun, for the reminder.
    #[n(4)]
    pub days: Option<u16>,
    #[n(5)]
    pub pv: Option<PvKind>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Network {
    #[n(0)]
    Offline,
    #[n(1)]
    Connecting,
    #[n(2)]
    Online,
}

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

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
#[cbor(map)]
pub struct AnswerLine {
    #[n(0)]
    pub file: FileKind,
    #[n(1)]
    pub state: AnswerState,
}

#[derive(Debug, Clone, PartialEq, Encode, Decode)]
pub enum AnswerState {
    #[n(0)]
    Asked,
    #[n(1)]
    Answered(#[n(0)] Box<Answer>),
    /// No answer in time; it says nothing about the person or the vehicle.
    #[n(2)]
    NoAnswer,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DeliveryLine {
    #[n(0)]
    pub act: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub number: Option<ActNumber>,
    #[n(3)]
    pub signed_at: Timestamp,
    #[n(4)]
    pub delivery: Delivery,
    /// The act that corrects it, once opened.
    #[n(5)]
    pub corrected_by: Option<ActId>,
    /// Of an act that a visa was asked for.
    #[n(6)]
    pub visa: Option<VisaStanding>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct OffenceLine {
    #[n(0)]
    pub code: u32,
    #[n(1)]
    pub label: String,
    /// "C4", "délit".
    #[n(2)]
    pub nature: String,
    /// Euro cents, where forfaitisable.
    #[n(3)]
    pub amount: Option<u32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CameraView {
    #[n(0)]
    pub state: CameraState,
    #[n(1)]
    pub clips: Vec<ClipLine>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CameraState {
    #[n(0)]
    NotPaired,
    #[n(1)]
    Pairing,
    #[n(2)]
    Paired(#[n(0)] CameraId),
    /// Paired before, out of reach.
    #[n(3)]
    Lost(#[n(0)] CameraId),
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ClipLine {
    #[n(0)]
    pub listing: ClipListing,
    #[n(1)]
    pub state: ClipState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum ClipState {
    #[n(0)]
    OnCamera,
    #[n(1)]
    Taking {
        #[n(0)]
        done: u32,
        #[n(1)]
        of: u32,
    },
    /// The manifest is committed.
    #[n(2)]
    Taken,
    /// HQ holds every byte and has signed for the root.
    #[n(3)]
    Received,
    #[n(4)]
    Unusable(#[n(0)] ClipRefusal),
}

/// Why a clip is not taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ClipRefusal {
    /// Not an MP4 file, or cut short.
    #[n(0)]
    NotVideo,
    /// A segment is not the one that the camera signed.
    #[n(1)]
    ChainBroken,
    /// Not signed by an enrolled camera.
    #[n(2)]
    UnknownCamera,
}

#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DocumentView {
    #[n(0)]
    pub act: ActId,
    #[cbor(n(1), with = "minicbor::bytes")]
    pub pdf: Vec<u8>,
}

impl std::fmt::Debug for DocumentView {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DocumentView {{ {}, {} bytes }}", self.act, self.pdf.len())
    }
}

/// Something that the officer must know, once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Notice {
    #[n(0)]
    WrongCode {
        #[n(0)]
        left: u8,
    },
    #[n(1)]
    CardMissing,
    /// The slot is destroyed; a supervisor and HQ restore access, evidence stays.
    #[n(2)]
    SlotDestroyed,
    /// Nothing was lost, and nothing more can be written until space is made.
    #[n(3)]
    DiskFull,
    #[n(4)]
    NoService,
    #[n(5)]
    NotSigned {
        #[n(0)]
        draft: ActId,
    },
    #[n(6)]
    FieldTooLong {
        #[n(0)]
        limit: u32,
    },
    #[n(7)]
    NotAnInvitation,
    #[n(8)]
    CameraUnreachable,
    #[n(9)]
    CameraNotTrusted,
    #[n(10)]
    CameraVanished {
        #[n(0)]
        clip: ClipId,
    },
    #[n(11)]
    ClipRefused {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        refusal: ClipRefusal,
    },
    /// HQ refuses an act; the officer opens a corrective act.
    #[n(12)]
    Refused {
        #[n(0)]
        act: ActId,
        #[n(1)]
        code: RefusalCode,
    },
    #[n(13)]
    NotHabilitated {
        #[n(0)]
        file: FileKind,
    },
    #[n(14)]
    MotiveMissing,
    #[n(15)]
    NothingToConsult,
    /// The terminal's clock differs from HQ's by more than a day.
    #[n(16)]
    ClockWrong,
    /// Neither HQ's certificate nor ours is accepted on the line; acts stay in the outbox.
    #[n(17)]
    NotTrustedByHq,
    #[n(18)]
    NotAServiceNumber,
    #[n(19)]
    NotAPlace,
    #[n(20)]
    NotAnOperationsNumber,
    #[n(21)]
    NumbersExhausted,
    /// The officer's slot or database cannot be used; nothing was changed, the support restores it.
    #[n(22)]
    OfficerDataUnusable,
    /// No printer has that address, or none is known yet.
    #[n(40)]
    NotAPrinter,
    #[n(41)]
    PrinterUnreachable,
    #[n(42)]
    PrinterRefused {
        #[n(0)]
        failure: PrintFailure,
    },
    #[n(43)]
    HandedOver {
        #[n(0)]
        act: ActId,
    },
    /// No folder is mounted that acts may be handed over into.
    #[n(44)]
    NowhereToHandOver,
    /// The folder is full or cannot be written; no file was left in it.
    #[n(45)]
    HandOverFailed,
    /// Its term is over, or it was never readable here.
    #[n(46)]
    ActNotReadable {
        #[n(0)]
        act: ActId,
    },
    /// The act was read: correct it by a renvoi.
    #[n(23)]
    AlreadyRead {
        #[n(0)]
        draft: ActId,
    },
    /// What was drawn on the pad is no signature; sign again.
    #[n(24)]
    NotASignature,
    /// Read the act to those who sign it first.
    #[n(25)]
    NotRead,
    /// A reason, or a place and a text, is missing.
    #[n(26)]
    WordsMissing,
    #[n(27)]
    NotAFooter,
    /// The clock was set back behind what was written; the act waits until it is right.
    #[n(28)]
    ClockBehind,
    /// The photograph is larger than one may be; the draft is as it was.
    #[n(50)]
    PhotoTooLarge {
        /// Megabytes.
        #[n(0)]
        limit_mb: u32,
    },
    /// The file is no photograph; the draft is as it was.
    #[n(51)]
    NotAPhoto,
    /// Few act numbers are left in the terminal's ranges.
    #[n(30)]
    NumbersLow {
        #[n(0)]
        left: u32,
    },
    /// Numbers below one that HQ has, first and last included, of which no act ever came.
    #[n(31)]
    NumbersMissing {
        #[n(0)]
        first: ActNumber,
        #[n(1)]
        last: ActNumber,
    },
    /// HQ has two acts under this number, or one under a number that was never this terminal's.
    #[n(32)]
    NumberTwice {
        #[n(0)]
        number: ActNumber,
    },
    /// Newer reference data is in use from here on.
    #[n(33)]
    ReferenceUpdated,
    /// Reference data came that is not HQ's or does not read; what was there before stays in use.
    #[n(34)]
    ReferenceRefused,
    /// An act waits for the officer's visa.
    #[n(60)]
    VisaAsked {
        #[n(0)]
        request: ActId,
    },
    /// An OPJ has decided on the officer's act.
    #[n(61)]
    VisaDecided {
        #[n(0)]
        act: ActId,
    },
    /// Only an OPJ gives a visa.
    #[n(62)]
    NotAnOpj,
    /// Nobody is asked for a visa on an act of their own.
    #[n(63)]
    OwnVisa,
    /// The act was too large to be shown here: it can only be sent back.
    #[n(64)]
    ActNotShown,
    /// The words of the decision are missing, too long, or hold hidden characters.
    #[n(65)]
    NotADecision,
}

impl<C> Encode<C> for Secret {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.str(self.expose())?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Secret {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        Ok(Self::new(d.str()?.to_owned()))
    }
}
