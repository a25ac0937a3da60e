//! The journal: who did what, hash-chained, without anybody's data (directive 2016/680 art. 25, CSI R.241-5).

mod head;

use minicbor::{Decode, Encode};

pub use head::{HEAD, HEAD_RECEIPT, Head, HeadReceipt};

use crate::canonical::{Digest, encode};
use crate::dialogue::ClipRefusal;
use crate::footage::custody::Procedure;
use crate::footage::{Gap, Purpose};
use crate::hotlist::Subject;
use crate::id::{ActId, CameraId, ClipId, InterventionId, JournalId, OfficerId, QueryId};
use crate::officer::{FileKind, Matricule};
use crate::orders::{OrderOutcome, Told};
use crate::readmission::Closure;
use crate::service::Checks;
use crate::time::{Timestamp, UnixMs};

/// One line of the journal. `previous` is the digest of the line before, so that nothing can be changed,
/// dropped, moved or inserted unseen.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Entry {
    #[n(0)]
    pub journal: JournalId,
    /// From 0, without holes.
    #[n(1)]
    pub index: u64,
    #[n(2)]
    pub previous: Digest,
    #[n(3)]
    pub at: Timestamp,
    /// Absent when the terminal acts by itself.
    #[n(4)]
    pub officer: Option<OfficerId>,
    #[n(5)]
    pub operation: Operation,
}

/// What was done. Objects are named by keyed or content digests, never by a name or a plate.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Operation {
    #[n(0)]
    Opened,
    #[n(1)]
    Unlocked,
    #[n(2)]
    Locked,
    #[n(3)]
    UnlockRefused {
        #[n(0)]
        left: u8,
    },
    #[n(4)]
    ServiceStarted,
    #[n(5)]
    ServiceEnded,
    /// A record was signed: the digest of its COSE_Sign1.
    #[n(6)]
    Signed {
        #[n(0)]
        record: Digest,
    },
    /// A file was asked: keyed digest of the term, never the term.
    #[n(7)]
    Consulted {
        #[n(0)]
        file: FileKind,
        #[n(1)]
        term: Digest,
        #[n(2)]
        motive: Digest,
        /// The question, under which HQ keeps the reason in the officer's words; absent from older entries.
        #[n(3)]
        query: Option<QueryId>,
        /// The act that the question was asked for; absent from older entries.
        #[n(4)]
        act: Option<ActId>,
    },
    #[n(8)]
    ReceiptStored {
        #[n(0)]
        record: Digest,
    },
    #[n(9)]
    Refused {
        #[n(0)]
        record: Digest,
    },
    /// Numbers that were reserved and never used.
    #[n(10)]
    NumberUnused {
        #[n(0)]
        year: u16,
        #[n(1)]
        serial: u32,
    },
    #[n(11)]
    CameraPaired {
        #[n(0)]
        transcript: Digest,
    },
    #[n(12)]
    FootageDisposed {
        #[n(0)]
        root: Digest,
    },
    /// The term of a recording ended (CSI R.241-4), and its bytes were destroyed here.
    #[n(100)]
    FootageExpired {
        #[n(0)]
        root: Digest,
        #[n(1)]
        until: UnixMs,
    },
    /// HQ keeps a recording beyond its term for a procedure.
    #[n(101)]
    FootageHeld {
        #[n(0)]
        root: Digest,
    },
    /// Two persons at HQ ended a hold.
    #[n(102)]
    FootageReleased {
        #[n(0)]
        root: Digest,
    },
    /// An officer looks at a recording (CSI R.241-5); written before the first picture is decoded.
    #[n(109)]
    FootageViewed {
        #[n(0)]
        root: Digest,
        #[n(1)]
        purpose: Purpose,
        #[n(2)]
        procedure: Option<Procedure>,
    },
    /// Nothing of a recording was taken in: the camera keeps it, and HQ hears why.
    #[n(106)]
    FootageNotTaken {
        #[n(0)]
        clip: ClipId,
        #[n(1)]
        camera: CameraId,
        #[n(2)]
        why: ClipRefusal,
    },
    /// A camera signed that it has nothing of this stretch.
    #[n(107)]
    CameraGap {
        #[n(0)]
        camera: CameraId,
        /// Of its event.
        #[n(1)]
        counter: u64,
        /// SHA-256 of the event's message.
        #[n(2)]
        event: Digest,
        #[n(3)]
        gap: Gap,
    },
    /// A camera confirmed whose it is; nobody's when there is none.
    #[n(108)]
    CameraAssigned {
        #[n(0)]
        camera: CameraId,
        #[n(1)]
        counter: u64,
        #[n(2)]
        event: Digest,
        #[n(3)]
        to: Option<Matricule>,
    },
    /// A term was reached and the key of what it bound destroyed.
    #[n(13)]
    Purged {
        #[n(0)]
        record: Digest,
    },
    /// The lists on the terminal were asked: keyed digest of the term, never the term.
    #[n(80)]
    ConsultedList {
        #[n(0)]
        subject: Subject,
        #[n(1)]
        term: Digest,
        #[n(2)]
        motive: Digest,
        /// How old the list was.
        #[n(3)]
        as_of: UnixMs,
        /// The act that it was asked for.
        #[n(4)]
        act: ActId,
    },
    /// An order of HQ was taken, and how it ended.
    #[n(14)]
    Ordered {
        #[n(0)]
        sequence: u64,
        #[n(1)]
        outcome: OrderOutcome,
    },
    /// The officer chose another code.
    #[n(15)]
    CodeChanged,
    /// The officer's database has a fresh key.
    #[n(16)]
    KeyRotated,
    /// A draft of another terminal was given back to its officer.
    #[n(17)]
    DraftRestored,
    /// The entry's officer chose their first code here, or another one after a supervisor let them in.
    #[n(18)]
    CodeChosen,
    /// A draft was given up before it was an act; nothing of it is named.
    #[n(20)]
    DraftDiscarded,
    /// A document of an act was sent to a printer: the digest of the act's COSE_Sign1, or of a sheet of rights that is
    /// printed before there is one.
    #[n(40)]
    Printed {
        #[n(0)]
        record: Digest,
        /// Absent from older entries.
        #[n(1)]
        to: Option<Recipient>,
    },
    /// An act was written out for another system (directive 2016/680 art. 25: disclosure).
    #[n(41)]
    HandedOver {
        #[n(0)]
        record: Digest,
        /// Absent from older entries.
        #[n(1)]
        to: Option<Recipient>,
    },
    /// The program started, for the time that `epoch` counts: a journal that is put back to an earlier state differs
    /// from then on from the one that HQ knows.
    #[n(50)]
    Started {
        #[n(0)]
        epoch: u64,
    },
    /// The terminal has another certificate: the SHA-256 of its DER.
    #[n(60)]
    Certified {
        #[n(0)]
        certificate: Digest,
    },
    /// HQ lets the entry's officer work with this terminal.
    #[n(61)]
    OfficerAdmitted,
    /// An order of HQ made the terminal tell something of itself.
    #[n(62)]
    ToldByOrder {
        #[n(0)]
        sequence: u64,
        #[n(1)]
        what: Told,
    },
    /// A signed act that HQ had not answered for was destroyed, by an order that two persons approved: the digest of
    /// its COSE_Sign1.
    #[n(63)]
    EvidenceDestroyed {
        #[n(0)]
        record: Digest,
        #[n(1)]
        sequence: u64,
    },
    /// The terminal works by another configuration profile: its serial, and the digest of its COSE_Sign1.
    #[n(64)]
    Configured {
        #[n(0)]
        serial: u64,
        #[n(1)]
        profile: Digest,
    },
    /// A number that HQ is said to have read out was entered for the entry's officer.
    #[n(65)]
    Readmission {
        #[n(0)]
        why: Closure,
        /// Whether it was HQ's.
        #[n(1)]
        granted: bool,
    },
    /// An answer was opened for the entry's officer: its question, and a keyed digest of what it said, never the data.
    #[n(70)]
    AnswerShown {
        #[n(0)]
        file: FileKind,
        #[n(1)]
        query: QueryId,
        #[n(2)]
        answer: Digest,
    },
    /// The answer to this question was shown to others of the crew (directive 2016/680 art. 25: recipients).
    #[n(78)]
    AnswerShared {
        #[n(0)]
        file: FileKind,
        #[n(1)]
        query: QueryId,
        /// Under which HQ and the others know it.
        #[n(2)]
        share: QueryId,
        #[n(3)]
        with: Vec<Matricule>,
    },
    /// What somebody of the crew shows was opened for the entry's officer.
    #[n(79)]
    SharedAnswerShown {
        #[n(0)]
        file: FileKind,
        #[n(1)]
        query: QueryId,
        #[n(2)]
        share: QueryId,
        #[n(3)]
        by: Matricule,
    },
    /// Nobody had this alert: the entry's officer told the operations centre by radio or telephone.
    #[n(90)]
    AlertTold {
        #[n(0)]
        alert: ActId,
    },
    /// HQ said that somebody has this alert.
    #[n(91)]
    AlertTaken {
        #[n(0)]
        alert: ActId,
        #[n(1)]
        at: UnixMs,
    },
    /// What the operations centre proposes was opened for the entry's officer: the intervention that it becomes.
    /// How terminal and camera were when the entry's officer began the shift.
    #[n(96)]
    ServiceChecked {
        #[n(0)]
        checks: Checks,
    },
    /// The entry's officer has read an item of the briefing.
    #[n(97)]
    BriefingRead {
        #[n(0)]
        dispatch: InterventionId,
    },
    /// The card of a colleague was held to the terminal while the entry's officer made up the crew.
    #[n(98)]
    CrewCardRead {
        #[n(0)]
        officer: OfficerId,
    },
    #[n(81)]
    DispatchShown {
        #[n(0)]
        dispatch: InterventionId,
        /// A reading of a plate, to be verified.
        #[n(1)]
        hit: bool,
    },
    #[n(82)]
    DispatchTaken {
        #[n(0)]
        dispatch: InterventionId,
    },
    #[n(83)]
    DispatchDeclined {
        #[n(0)]
        dispatch: InterventionId,
    },
    /// An intervention that another of the crew shares was opened for the entry's officer.
    #[n(92)]
    CrewSheetShown {
        #[n(0)]
        intervention: InterventionId,
        #[n(1)]
        by: Matricule,
    },
    /// The entry's officer joined it.
    #[n(93)]
    CrewSheetJoined {
        #[n(0)]
        intervention: InterventionId,
    },
    /// Files may be asked for this check before its text is named: the officer said that it was urgent.
    #[n(75)]
    UrgentFrame {
        #[n(0)]
        act: ActId,
    },
}

/// To whom data was disclosed (directive 2016/680 art. 25 §1).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Recipient {
    /// The drafting system of the station, by its mounted folder.
    #[n(0)]
    DraftingSystem,
    /// A printer: SHA-256 of its address.
    #[n(1)]
    Printer(#[n(0)] Digest),
    /// The victim, by a file or a code for their own phone.
    #[n(2)]
    Victim,
}

impl Operation {
    /// The name in reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Unlocked => "unlocked",
            Self::Locked => "locked",
            Self::UnlockRefused { .. } => "unlock_refused",
            Self::ServiceStarted => "service_started",
            Self::ServiceEnded => "service_ended",
            Self::ServiceChecked { .. } => "service_checked",
            Self::BriefingRead { .. } => "briefing_read",
            Self::CrewCardRead { .. } => "crew_card_read",
            Self::UrgentFrame { .. } => "urgent_frame",
            Self::Signed { .. } => "signed",
            Self::Consulted { .. } => "consulted",
            Self::ConsultedList { .. } => "consulted_list",
            Self::ReceiptStored { .. } => "receipt_stored",
            Self::Refused { .. } => "refused",
            Self::NumberUnused { .. } => "number_unused",
            Self::CameraPaired { .. } => "camera_paired",
            Self::FootageDisposed { .. } => "footage_disposed",
            Self::FootageExpired { .. } => "footage_expired",
            Self::FootageHeld { .. } => "footage_held",
            Self::FootageReleased { .. } => "footage_released",
            Self::FootageViewed { .. } => "footage_viewed",
            Self::FootageNotTaken { .. } => "footage_not_taken",
            Self::CameraGap { .. } => "camera_gap",
            Self::CameraAssigned { .. } => "camera_assigned",
            Self::Purged { .. } => "purged",
            Self::Ordered { .. } => "ordered",
            Self::DraftDiscarded => "draft_discarded",
            Self::Printed { .. } => "printed",
            Self::HandedOver { .. } => "handed_over",
            Self::Started { .. } => "started",
            Self::CodeChanged => "code_changed",
            Self::KeyRotated => "key_rotated",
            Self::DraftRestored => "draft_restored",
            Self::Certified { .. } => "certified",
            Self::OfficerAdmitted => "officer_admitted",
            Self::ToldByOrder { .. } => "told_by_order",
            Self::EvidenceDestroyed { .. } => "evidence_destroyed",
            Self::Configured { .. } => "configured",
            Self::CodeChosen => "code_chosen",
            Self::Readmission { granted: true, .. } => "readmitted",
            Self::Readmission { granted: false, .. } => "readmission_refused",
            Self::AnswerShown { .. } => "answer_shown",
            Self::AnswerShared { .. } => "answer_shared",
            Self::SharedAnswerShown { .. } => "shared_answer_shown",
            Self::AlertTold { .. } => "alert_told",
            Self::AlertTaken { .. } => "alert_taken",
            Self::DispatchShown { .. } => "dispatch_shown",
            Self::DispatchTaken { .. } => "dispatch_taken",
            Self::DispatchDeclined { .. } => "dispatch_declined",
            Self::CrewSheetShown { .. } => "crew_sheet_shown",
            Self::CrewSheetJoined { .. } => "crew_sheet_joined",
        }
    }
}

impl Entry {
    /// The digest that the next entry carries.
    pub fn digest(&self) -> Digest {
        Digest::of(&encode(self))
    }
}

/// Why a journal is not the one that was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    IndexGap { at: u64 },
    LinkMismatch { at: u64 },
    OtherJournal { at: u64 },
}

/// Checks that `entries` are one unbroken chain from the first; gives the digest of the last.
pub fn verify_chain<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Result<Option<Digest>, Broken> {
    let mut last: Option<(JournalId, Digest)> = None;
    for (expected, entry) in (0..).zip(entries) {
        if entry.index != expected {
            return Err(Broken::IndexGap { at: expected });
        }
        let previous = last.map_or(GENESIS, |(_, digest)| digest);
        if entry.previous != previous {
            return Err(Broken::LinkMismatch { at: expected });
        }
        if last.is_some_and(|(journal, _)| journal != entry.journal) {
            return Err(Broken::OtherJournal { at: expected });
        }
        last = Some((entry.journal, entry.digest()));
    }
    Ok(last.map(|(_, digest)| digest))
}

/// What the first entry names as its previous.
pub const GENESIS: Digest = Digest::from_bytes([0; 32]);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::BootId;
    use crate::time::{UnixMs, Zone};

    fn journal(len: u64) -> Vec<Entry> {
        let mut previous = GENESIS;
        (0..len)
            .map(|index| {
                let entry = Entry {
                    journal: JournalId::from_bytes([7; 16]),
                    index,
                    previous,
                    at: Timestamp {
                        utc: UnixMs(i64::try_from(index).unwrap()),
                        zone: Zone::Paris,
                        offset_min: 60,
                        boot: BootId::from_bytes([1; 16]),
                        mono_ms: index,
                    },
                    officer: None,
                    operation: Operation::Opened,
                };
                previous = entry.digest();
                entry
            })
            .collect()
    }

    #[test]
    fn an_untouched_journal_verifies_and_every_kind_of_edit_is_seen() {
        let whole = journal(5);
        assert_eq!(verify_chain(&whole), Ok(Some(whole[4].digest())));

        let mut edited = whole.clone();
        edited[2].operation = Operation::Locked;
        assert_eq!(verify_chain(&edited), Err(Broken::LinkMismatch { at: 3 }));

        let mut dropped = whole.clone();
        dropped.remove(1);
        assert_eq!(verify_chain(&dropped), Err(Broken::IndexGap { at: 1 }));

        let mut swapped = whole.clone();
        swapped.swap(1, 2);
        assert_eq!(verify_chain(&swapped), Err(Broken::IndexGap { at: 1 }));

        let mut beheaded = whole;
        beheaded.remove(0);
        assert_eq!(verify_chain(&beheaded), Err(Broken::IndexGap { at: 0 }));
    }
}
