//! The lock, and where everything of the officer's stands.

use minicbor::{Decode, Encode};

use super::{AnswerLine, CrewLine, DispatchLine, LinkOffer, RecordingLine, SuiviLine};
use crate::id::{ActId, InterventionId, QueryId};
use crate::identity::CivilDate;
use crate::intervention::{Doubt, Origin};
use crate::legal_basis::CheckBasis;
use crate::orders::Ban;
use crate::profile::ProfileRefusal;
use crate::pv::PvKind;
use crate::query::Answer;
use crate::readmission::{Closure, Spoken};
use crate::record::ActKind;
use crate::sensitive::Sensitive;
use crate::service::Checks;
use crate::time::{Timestamp, UnixMs};
use crate::verification::{Clock, Counted, Stage};

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
    /// The terminal's name, which a supervisor is told.
    #[n(5)]
    pub device: String,
    /// Answers of files that wait, sealed, for their officer, asked for or shown by others; nothing is known of what they say.
    #[cbor(n(20), default)]
    pub answers: u32,
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
    /// HQ ordered that nobody works here.
    #[n(3)]
    Banned(#[n(0)] Ban),
    /// The officer whose card is present has no code here, and chooses one.
    #[n(4)]
    NoCode,
    /// HQ does not let the holder of the card work with this terminal.
    #[n(5)]
    NotAdmitted,
    /// Only a supervisor lets the officer in.
    #[n(6)]
    Closed {
        #[n(0)]
        why: Closure,
        /// What the supervisor is told; none where HQ has given the terminal no key for it.
        #[n(1)]
        challenge: Option<Spoken>,
        /// Responses that may still be tried with it.
        #[n(2)]
        left: u8,
    },
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
    /// The configuration profile in force; absent for that of the program.
    #[n(25)]
    pub profile: Option<ProfileLine>,
    /// Why a later one is not.
    #[n(26)]
    pub profile_refused: Option<ProfileRefusal>,
    /// The revocation lists in use; absent before the first.
    #[n(27)]
    pub revocations: Option<RevocationsLine>,
    /// The list of signers of visible seals in use; absent before the first.
    #[n(28)]
    pub trust_list: Option<TrustListLine>,
    /// The lists of what is sought; absent before the first.
    #[n(35)]
    pub hotlist: Option<HotlistLine>,
    /// What allows a list of persons here, while it does; absent otherwise.
    #[n(44)]
    pub persons: Option<PersonsLine>,
    /// Who is held for a vérification d'identité, the nearest end first.
    #[cbor(n(32), default, skip_if = "Vec::is_empty")]
    pub retentions: Vec<RetentionLine>,
    /// Hits of files, and what is to be read in secret, until the officer says that it was read.
    #[cbor(n(29), default, skip_if = "Vec::is_empty")]
    pub answers: Vec<AnswerLine>,
    /// Checks whose files were asked in urgency and whose text is to be completed.
    #[cbor(n(36), default, skip_if = "Vec::is_empty")]
    pub frames_open: Vec<ActId>,
    /// Questions that a list stood in for, and that wait for the network.
    #[cbor(n(40), default)]
    pub confirmations: u32,
    /// What others of the crew show, the first to go first.
    #[cbor(n(42), default, skip_if = "Vec::is_empty")]
    pub shared: Vec<SharedLine>,
    /// Checks that found nothing and are not signed: they go with the service.
    #[cbor(n(43), default)]
    pub fruitless: u16,
    /// Complaints of which HQ says something new.
    #[cbor(n(47), default, skip_if = "Vec::is_empty")]
    pub suivi: Vec<SuiviLine>,
    /// What the operations centre proposes, the first to go first.
    #[cbor(n(48), default, skip_if = "Vec::is_empty")]
    pub dispatches: Vec<DispatchLine>,
    /// How terminal and camera are, for whoever goes out.
    #[n(55)]
    pub checks: Option<Checks>,
    /// Service numbers of colleagues who are added to the crew by their cards.
    #[cbor(n(56), default, skip_if = "Vec::is_empty")]
    pub crew_by_card: Vec<String>,
    /// A colleague's card may be held to the terminal now.
    #[cbor(n(57), default)]
    pub awaits_card: bool,
    /// Interventions that the crew shares, the oldest first.
    #[cbor(n(53), default, skip_if = "Vec::is_empty")]
    pub crew: Vec<CrewLine>,
    /// Recordings that the officer took in, until their term, the oldest first.
    #[cbor(n(58), default, skip_if = "Vec::is_empty")]
    pub recordings: Vec<RecordingLine>,
    /// An act that recordings may belong to.
    #[n(59)]
    pub link_offer: Option<LinkOffer>,
}

/// An answer that somebody of the crew shows.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SharedLine {
    #[n(0)]
    pub share: QueryId,
    #[n(1)]
    pub by: String,
    /// Whom or what the file was asked about.
    #[n(2)]
    pub about: Sensitive<String>,
    #[n(3)]
    pub answer: Answer,
    #[n(4)]
    pub until: UnixMs,
}

/// How new the lists of what is sought are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HotlistLine {
    #[n(0)]
    pub as_of: UnixMs,
    #[n(1)]
    pub age: HotlistAge,
}

/// The policy under which a list of persons may be on the terminal, and the list.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct PersonsLine {
    /// The legal text, as people cite it.
    #[n(0)]
    pub text: String,
    /// The last day of the policy.
    #[n(1)]
    pub until: CivilDate,
    /// Absent before the first list.
    #[n(2)]
    pub list: Option<HotlistLine>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum HotlistAge {
    #[n(0)]
    Fresh,
    /// Older than [`crate::hotlist::STALE`].
    #[n(1)]
    Stale,
    /// Older than [`crate::hotlist::TOO_OLD`]: it is not asked any more.
    #[n(2)]
    TooOld,
}

/// A retention that runs (78-3 CPP).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RetentionLine {
    #[n(0)]
    pub draft: ActId,
    /// The check began: from here the time counts toward a later garde à vue (78-4 CPP).
    #[n(1)]
    pub from: UnixMs,
    /// The latest end.
    #[n(2)]
    pub until: UnixMs,
    /// Whole minutes until it; less than none past it.
    #[n(3)]
    pub left_min: i32,
    #[n(4)]
    pub stage: Stage,
    /// The wall clock was set meanwhile; the minutes are those that passed.
    #[n(5)]
    pub clock_set: bool,
    #[cbor(n(6), default)]
    pub counted: Counted,
}

impl RetentionLine {
    pub fn of(draft: ActId, clock: &Clock, now: &Timestamp) -> Self {
        Self {
            draft,
            from: clock.from,
            until: clock.until(),
            left_min: i32::try_from(clock.left_min(now)).unwrap_or(i32::MIN),
            stage: clock.stage(now),
            clock_set: clock.was_set(now),
            counted: clock.counted,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ProfileLine {
    #[n(0)]
    pub serial: u64,
    #[n(1)]
    pub name: String,
    /// HQ's clock when it was signed.
    #[n(2)]
    pub issued: UnixMs,
}

/// What the terminal knows of those who sign the visible seals of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TrustListLine {
    /// By its author.
    #[n(0)]
    pub issued: UnixMs,
    /// Its author should have published another by now.
    #[n(1)]
    pub is_outdated: bool,
}

/// What the terminal knows of certificates that vouch for nothing any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RevocationsLine {
    /// When the oldest of the lists was made.
    #[n(0)]
    pub made: UnixMs,
    /// How many certificates they name.
    #[n(1)]
    pub revoked: u32,
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
    /// The réquisitions that stand, in the order in which they were typed.
    #[cbor(n(3), default, skip_if = "Vec::is_empty")]
    pub requisitions: Vec<RequisitionLine>,
    /// The text of the shift.
    #[n(4)]
    pub basis: Option<CheckBasis>,
    /// "TV ALPHA 12 · AB-123-CD"; absent for a crew on foot.
    #[n(5)]
    pub vehicle: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RequisitionLine {
    #[n(0)]
    pub reference: String,
    #[n(1)]
    pub basis: CheckBasis,
    #[n(2)]
    pub places: String,
    #[n(3)]
    pub from: UnixMs,
    #[n(4)]
    pub until: UnixMs,
    /// It allows checks now.
    #[n(5)]
    pub runs: bool,
    /// A commune or a point is named, so that a position can be held against it.
    #[n(6)]
    pub checkable: bool,
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
    #[n(5)]
    pub en_route: Option<Timestamp>,
    #[cbor(n(6), default)]
    pub origin: Origin,
    /// What it is about.
    #[cbor(n(7), default)]
    pub matter: Sensitive<String>,
    #[cbor(n(8), default)]
    pub account: Sensitive<String>,
    /// Those that it began from and those of the acts drawn up from it.
    #[cbor(n(9), default, skip_if = "Vec::is_empty")]
    pub plates: Vec<Sensitive<String>>,
    /// Whom the acts drawn up from it are about.
    #[cbor(n(10), default, skip_if = "Vec::is_empty")]
    pub people: Vec<Sensitive<String>>,
    /// Times that the wall clock was set between.
    #[cbor(n(11), default, skip_if = "Vec::is_empty")]
    pub doubts: Vec<Doubt>,
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
