//! What is told once, in words that the screens choose.

use minicbor::{Decode, Encode};

use super::ClipRefusal;
use crate::draft::Problem;
use crate::envelope::RefusalCode;
use crate::footage::Gap;
use crate::id::{ActId, ActNumber, ClipId};
use crate::intervention::OutOfOrder;
use crate::officer::FileKind;
use crate::printing::PrintFailure;
use crate::requisition::NotARequisition;
use crate::time::{Timestamp, UnixMs};
use crate::verification::Counted;

/// Something that the officer must know, once; [`Notice::Located`] comes back until it was read.
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
    /// The clock jumped under an officer at work; the terminal locked itself.
    #[n(70)]
    ClockJumped,
    #[n(71)]
    CodeChanged,
    /// The new code is one that thieves try first; the old one stays.
    #[n(72)]
    CodeTooWeak,
    /// HQ gave back drafts of another terminal of the officer's.
    #[n(73)]
    DraftsRestored {
        #[n(0)]
        count: u32,
    },
    /// HQ ordered the terminal to say where it is; told until an officer has read it.
    #[n(78)]
    Located {
        #[n(0)]
        times: u32,
        /// The last time.
        #[n(1)]
        at: Timestamp,
    },
    /// The code was given too long ago for a signature: it is asked for, and the signature goes on.
    #[n(79)]
    CodeAsked,
    /// The configuration of this terminal does not allow it.
    #[n(83)]
    NotConfigured,
    /// HQ has revoked this terminal: what it signs from then on counts for nothing.
    #[n(84)]
    TerminalRevoked,
    /// HQ has revoked the camera; nothing is taken from it.
    #[n(85)]
    CameraRevoked,
    /// The number is not the one that HQ gives for what the screen shows.
    #[n(74)]
    ResponseWrong {
        /// Numbers that may still be tried; after the last the terminal shows another one to read out.
        #[n(0)]
        left: u8,
    },
    /// A digit of the number is wrong by itself; it cost no try.
    #[n(75)]
    ResponseMisheard,
    /// The file is asked in a judicial frame alone; the draft has none.
    #[n(90)]
    FrameMissing {
        #[n(0)]
        file: FileKind,
    },
    /// Nothing was asked: the text of the check does not allow it yet. "Urgence" asks at once.
    #[n(110)]
    FrameBlocked {
        #[n(0)]
        problem: Problem,
    },
    /// The file stays closed under "urgence": it needs a judicial frame, which nobody has named yet.
    #[n(111)]
    UrgencyNotEnough {
        #[n(0)]
        file: FileKind,
    },
    /// What was typed is no réquisition.
    #[n(112)]
    NotARequisition {
        #[n(0)]
        why: NotARequisition,
    },
    /// The time that the text of a check allows is nearly over.
    #[n(113)]
    LimitNears {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        minutes: u16,
    },
    #[n(114)]
    LimitOver {
        #[n(0)]
        draft: ActId,
    },
    /// Newer legal bases are in use from here on.
    #[n(115)]
    BasesUpdated,
    /// A file knows something, and its question is no longer on the screen: late, or its draft signed, left or given up.
    #[n(91)]
    FoundAfterwards {
        #[n(0)]
        file: FileKind,
        #[n(1)]
        dangerous: bool,
    },
    /// An answer is to be read, and nothing is said of what it is.
    #[n(92)]
    AnswerToRead {
        #[n(0)]
        file: FileKind,
    },
    /// An answer was shown to others of the crew; of each terminal that it left for, and of who was not reached.
    #[n(125)]
    Shared {
        #[n(0)]
        sent: u8,
        #[n(1)]
        away: u8,
        #[n(2)]
        not_habilitated: u8,
    },
    /// HQ did not show the answer to anybody, or nobody said that it did.
    #[n(126)]
    NotShared,
    /// The service names nobody else.
    #[n(127)]
    NobodyToShareWith,
    /// Somebody of the crew shows an answer.
    #[n(128)]
    AnswerShared {
        #[n(0)]
        file: FileKind,
        #[n(1)]
        dangerous: bool,
    },
    /// Checks that found nothing and were not signed went with the service.
    #[n(129)]
    ChecksErased {
        #[n(0)]
        count: u16,
    },
    /// Nobody signs a sheet of rights that is not before them.
    #[n(132)]
    RightsNotShown,
    /// The file is none that a complaint may have; the draft is as it was.
    #[n(140)]
    NotAPiece,
    /// A file could not be read to its end, or changed meanwhile: nothing of it was kept.
    #[n(141)]
    PieceNotTakenIn,
    /// A piece that the complaint names is not on this terminal: take it in again, or give it back.
    #[n(142)]
    PieceGone {
        #[n(0)]
        draft: ActId,
    },
    /// No folder is mounted that files may come from.
    #[n(143)]
    NothingBrought,
    /// One complaint takes no more pieces, or no more bytes: draw up another.
    #[n(144)]
    PiecesFull,
    /// A piece is still on its way in: sign once it is there.
    #[n(145)]
    PieceComing,
    /// The papers of a complaint are not given so; on paper they are, unless they are kept for the victim.
    #[n(146)]
    NotGiven(#[n(0)] NotGiven),
    /// The message for the victim is with the phone's mail program: a person sends it from there.
    #[n(147)]
    MessageReady,
    /// A supervisor let the officer in.
    #[n(76)]
    Readmitted,
    /// The end of a retention is near; no more whole minutes than these are left.
    #[n(95)]
    RetentionNears {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        minutes: u16,
    },
    /// A retention is longer than the law allows.
    #[n(96)]
    RetentionOver {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        minutes: u16,
    },
    /// The end of hours that run is near; no more whole minutes than these are left.
    #[n(148)]
    HoursNear {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        counted: Counted,
        #[n(2)]
        minutes: u16,
    },
    /// Hours that run are over.
    #[n(149)]
    HoursOver {
        #[n(0)]
        draft: ActId,
        #[n(1)]
        counted: Counted,
    },
    /// Nothing of it is handed to another system: 78-3 CPP forbids to keep it in a file.
    #[n(97)]
    NotHandedOver {
        #[n(0)]
        act: ActId,
    },
    /// The card signs after a code of its own only, and that one is another.
    #[n(77)]
    CardRefusesCode,
    /// The alert does not say why, or in too many words: nothing left.
    #[n(133)]
    NotAnAlert,
    /// HQ says what became of a complaint of this officer; which one and what is on the home screen alone.
    #[n(135)]
    SuiviCame,
    /// A step of the intervention cannot be said now.
    #[n(155)]
    OutOfOrder(#[n(0)] OutOfOrder),
    /// The wall clock was set since the step before: the time stays as it is, and is to be verified.
    #[n(156)]
    StepTimeInDoubt {
        /// It reads earlier than the step before.
        #[n(0)]
        backwards: bool,
    },
    /// The operations centre proposes an intervention.
    #[n(157)]
    CallProposed {
        #[n(0)]
        danger: bool,
    },
    /// A reading is to be verified; nobody has confirmed it.
    #[n(158)]
    ToVerify,
    /// The operations centre proposes something to whoever unlocks; nothing is said of what.
    #[n(159)]
    DispatchWaits,
    /// The subject or the account of an intervention is too long, or holds hidden characters.
    #[n(160)]
    NotADescription,
    /// The call sign is too long or hides characters, or the plate of the patrol's vehicle does not read.
    #[n(179)]
    NotAPatrolVehicle,
    /// The holder of the card works with no officer's name on this terminal: the service number is typed.
    #[n(181)]
    CrewCardUnknown,
    /// Another of the crew has an intervention, which one tap joins; the home screen alone says which.
    #[n(171)]
    CrewShares,
    /// Another of the crew changed the intervention.
    #[n(172)]
    CrewChanged,
    /// Two officers wrote something else in the same place, each without the other: one of them chooses.
    #[n(173)]
    CrewDiffers,
    /// Another of the crew closed the intervention on their terminal; here it stays open.
    #[n(174)]
    CrewClosed,
    /// The accounts of the crew are too long one after the other: one of them is chosen.
    #[n(175)]
    AccountsTooLong,
    /// A recording is past its term: it is neither taken in nor kept for a procedure any more.
    #[n(185)]
    RecordingPastTerm,
    /// A note, a moment or a procedure's number that does not read.
    #[n(186)]
    NotAStatement,
    /// HQ orders that recordings leave at once, over the cellular network, too, until this moment.
    #[n(187)]
    FootageOrdered {
        #[n(0)]
        until: UnixMs,
    },
    /// The camera is another officer's: nothing is taken from it until it is assigned here.
    #[n(190)]
    CameraOfAnother,
    /// What the camera states of itself is not its own, or comes again; nothing of it counts.
    #[n(191)]
    CameraEventRefused,
    /// The camera signed that it has nothing of some time.
    #[n(192)]
    CameraGap {
        #[n(0)]
        gap: Gap,
    },
    /// The camera did not take what asked it to record: it had that before.
    #[n(193)]
    TriggerRefused,
    /// The platform has not said lately where the terminal is.
    #[n(200)]
    PositionUnknown,
    /// Nobody waits any more for questions that the network never let leave.
    #[n(120)]
    ConfirmationsDropped {
        #[n(0)]
        count: u32,
    },
}

/// Why a victim is not given the papers of a complaint by a file or a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum NotGiven {
    /// The victim wishes them kept at the service.
    #[n(0)]
    Kept,
    /// The safe contact of the victim is another way, or names this address as never to be used.
    #[n(1)]
    SafeContact,
    /// The victim refused electronic communication (803-1 CPP).
    #[n(2)]
    NoElectronic,
}

impl NotGiven {
    pub const ALL: [Self; 3] = [Self::Kept, Self::SafeContact, Self::NoElectronic];
}
