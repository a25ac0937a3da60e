//! Version 1 of what travels beside envelopes and receipts, for the terminal and for HQ.
//!
//! Each message is deterministic CBOR read by [`domain::decode`]; counts are bounded while decoding. Hello and query
//! are signed by the device, answers by HQ, which callers do; `docs/formats/wire.cddl` states the whole.

mod crew;
mod dispatch;
mod enrolment;
mod journal;
mod numbers;
mod orders;
mod profile;
mod reference;
mod suivi;
mod visas;

use domain::alert::Taken;
use domain::envelope::Lane;
use domain::footage::custody::Hold;
use domain::hotlist::Catalogue;
use domain::profile::ProfileHeld;
use domain::query::{MOST_OF_A_CREW, ShareFate};
use domain::{ActId, BootId, ClipId, DeviceId, Digest, EnvelopeId, QueryId, Timestamp, UnixMs};
use minicbor::bytes::ByteVec;
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::spans::Spans;
use crate::topics::FileId;

pub use crew::{CrewKept, CrewMessage, MAX_CREW_NOTE};
pub use dispatch::{DispatchMessage, MAX_DISPATCH_NOTE, ProgressKept};
pub use enrolment::{
    BUNDLE, EnrolRequest, Knock, KnockAnswer, KnockOutcome, MAX_BUNDLE, MAX_KNOCK, RENEWAL, RenewRequest,
    Renewal,
};
pub use journal::{
    JournalEntries, JournalHave, JournalPiece, MAX_ENTRIES, MAX_ENTRY_BYTES, MAX_HEAD, SignedJournalHead,
};
pub use numbers::{MAX_NOTES, NUMBERS, NumberNote, NumberNotes, NumbersHeld};
pub use orders::{MAX_ORDERS, ORDER, OrdersTaken, ReportKept};
pub use profile::{PROFILE_GIVEN, ProfileGiven, SignedProfile};
pub use reference::{
    MAX_LISTS, MAX_PARTS, MAX_VERSION, PART, REFERENCE, ReferenceHead, ReferenceHint, ReferenceMessage,
    ReferencePart, ReferencePending, RevocationList, RevocationLists, SetHeld, SetKind, SetSerial,
    SignedHead,
};
pub use suivi::{MAX_SUIVI_NOTE, SuiviMessage};
pub use visas::{MAX_VISA_NOTE, VISA, VisaMessage, VisasHeld};

/// The largest MQTT packet that either end sends or accepts, in bytes.
pub const MAX_PACKET: u32 = 256 * 1024;
/// The most receipts in one message.
pub const MAX_RECEIPTS: usize = 64;
/// The most text in a hello's program version, in bytes.
pub const MAX_AGENT: usize = 64;

/// No terminal is told so much.
const LAST_NOTE: u64 = 1 << 53;

/// Content types of the COSE messages, by payload.
pub const HELLO: &str = "application/neo-hello+cbor;v=1";
pub const HELLO_ANSWER: &str = "application/neo-hello-answer+cbor;v=1";
pub const QUERY: &str = "application/neo-query+cbor;v=1";
/// A [`QueryEnvelope`] that holds a [`domain::query::Share`], in the namespace of queries.
pub const SHARE: &str = "application/neo-share+cbor;v=1";
pub const SNAPSHOT: &str = "application/neo-snapshot+cbor;v=1";
pub const REPLY: &str = "application/neo-reply+cbor;v=1";

/// What a terminal says first on each connection; payload of a COSE_Sign1 by the device (namespace `hello`), on
/// its topic of queries.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hello {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// How often the terminal's device database was begun anew.
    #[n(2)]
    pub epoch: u64,
    #[n(3)]
    pub boot: BootId,
    /// At most one entry a lane, in the order of [`Lane::ALL`].
    #[cbor(n(4), decode_with = "one_per_lane")]
    pub lanes: Vec<LaneCursor>,
    /// Version of the program, at most [`MAX_AGENT`] bytes.
    #[cbor(n(5), decode_with = "short_text")]
    pub agent: String,
    #[n(6)]
    pub sent: Timestamp,
    /// Serial of the newest reference set that was ever taken, 0 for the embedded one; absent from a program that
    /// takes none.
    #[n(7)]
    pub reference: Option<u64>,
    /// A newer set that is there in part.
    #[n(8)]
    pub pending: Option<ReferencePending>,
    /// Absent from a program that has one range of numbers for good.
    #[n(9)]
    pub numbers: Option<NumbersHeld>,
    /// Absent from a program that takes no visas.
    #[n(10)]
    pub visas: Option<VisasHeld>,
    /// Absent from a program that takes no orders: it is given none.
    #[n(11)]
    pub orders: Option<OrdersTaken>,
    /// The newest head of the journal; absent from a program that tells HQ nothing of it.
    #[n(12)]
    pub journal: Option<SignedJournalHead>,
    /// When the enrolment bundle in use was issued; absent from a program that takes no other.
    #[n(13)]
    pub bundle: Option<UnixMs>,
    /// Absent from a program that follows no profiles.
    #[n(15)]
    pub profile: Option<ProfileHeld>,
    /// What it has of each kind of set beside the law; none from a program that takes the law alone.
    #[cbor(
        n(16),
        default,
        skip_if = "Vec::is_empty",
        decode_with = "reference::few_sets"
    )]
    pub sets: Vec<SetHeld>,
    /// The newest epoch that it has the key of, of lists of what is sought; 0 before the first, absent from a program
    /// that takes none.
    #[n(19)]
    pub hotlist_key: Option<u64>,
    /// The same of lists of persons; absent where no policy allows one.
    #[n(20)]
    pub persons_key: Option<u64>,
    /// The highest sequence of HQ's notes on complaints that is stored; 0 before the first, absent from a program that
    /// takes none.
    #[n(21)]
    pub suivi: Option<u64>,
    /// The same of what the operations centre proposes.
    #[n(22)]
    pub dispatch: Option<u64>,
    /// The same of what the crew shares, counted anew in each service.
    #[n(25)]
    pub crew: Option<u64>,
}

/// How far a terminal is in one lane, and how much waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LaneCursor {
    #[n(0)]
    pub lane: Lane,
    /// Everything up to this sequence has its receipt; 0 before the first.
    #[n(1)]
    pub receipted: u64,
    /// The lowest sequence without a receipt.
    #[n(2)]
    pub oldest: Option<u64>,
    /// How many have none.
    #[n(3)]
    pub queued: u32,
}

/// HQ's reply to a hello; payload of a COSE_Sign1 by HQ's receipt key (namespace `hello-answer`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct HelloAnswer {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    /// SHA-256 of the hello's COSE_Sign1, so that an old answer does not pass for this one's.
    #[n(2)]
    pub hello: Digest,
    #[cbor(n(3), decode_with = "one_per_lane")]
    pub lanes: Vec<LaneHave>,
    /// Within how many milliseconds terminals spread their first attempt after a loss.
    #[n(4)]
    pub retry_window_ms: u32,
    /// How many publishes may be unacknowledged.
    #[n(5)]
    pub window: u16,
    /// HQ's clock.
    #[n(6)]
    pub time: UnixMs,
    /// The highest sequence of the orders for this terminal; 0 before the first.
    #[n(7)]
    pub orders_up_to: u64,
    #[n(12)]
    pub journal: Option<JournalHave>,
}

/// What HQ has of one lane.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct LaneHave {
    #[n(0)]
    pub lane: Lane,
    /// The highest sequence stored or refused; 0 before the first.
    #[n(1)]
    pub highest: u64,
    /// Sequences below `highest` that HQ never saw.
    #[n(2)]
    pub missing: Spans,
}

impl LaneHave {
    /// Whether HQ has answered `sequence` before, so that only its receipt is wanting.
    pub fn has(&self, sequence: u64) -> bool {
        sequence <= self.highest && !self.missing.contains(sequence)
    }
}

/// Receipts sent together: each is a COSE_Sign1 of its own (namespace `receipt`), so that each can be kept alone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct ReceiptBatch(#[cbor(n(0), decode_with = "some_receipts")] Vec<ByteVec>);

impl ReceiptBatch {
    /// Puts receipts into as few batches as their count and [`MAX_PACKET`] allow.
    pub fn pack(receipts: impl IntoIterator<Item = Vec<u8>>) -> Vec<Self> {
        /// Leaves room for the topic and the framing of the packet.
        const MAX_BYTES: usize = 200 * 1024;
        let mut batches: Vec<Self> = Vec::new();
        let mut bytes = 0;
        for receipt in receipts {
            bytes += receipt.len();
            match batches.last_mut() {
                Some(batch) if batch.0.len() < MAX_RECEIPTS && bytes <= MAX_BYTES => {
                    batch.0.push(receipt.into())
                }
                Some(_) | None => {
                    bytes = receipt.len();
                    batches.push(Self(vec![receipt.into()]));
                }
            }
        }
        batches
    }

    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0.iter().map(|receipt| receipt.as_slice())
    }
}

/// A question on its way; payload of a COSE_Sign1 by the device (namespace `query`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct QueryEnvelope {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub id: QueryId,
    /// age file (X25519, HQ's sealing key) holding a [`domain::query::Query`], or what the content type says.
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
    /// HQ does not look after this moment.
    #[n(4)]
    pub expires: UnixMs,
}

/// What comes down on `dn/a` besides hello answers; payload of a COSE_Sign1 by HQ's receipt key (namespace
/// `answer`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Reply {
    #[n(0)]
    Query(#[n(0)] AnswerEnvelope),
    #[n(1)]
    Stat(#[n(0)] StatAnswer),
    #[n(2)]
    Snapshot(#[n(0)] SnapshotKept),
    #[n(14)]
    Report(#[n(0)] ReportKept),
    #[n(15)]
    HotlistKey(#[n(0)] SealedHotlistKey),
    #[n(16)]
    Shared(#[n(0)] ShareTold),
    /// What another of the crew shows; `query` is the share's id, and what is sealed a [`domain::query::SharedAnswer`].
    #[n(17)]
    SharedAnswer(#[n(0)] AnswerEnvelope),
    #[n(18)]
    Suivi(#[n(0)] SuiviMessage),
    #[n(20)]
    AlertTaken(#[n(0)] AlertTaken),
    #[n(21)]
    Dispatch(#[n(0)] DispatchMessage),
    #[n(22)]
    Progress(#[n(0)] ProgressKept),
    #[n(25)]
    Crew(#[n(0)] CrewMessage),
    #[n(26)]
    CrewKept(#[n(0)] CrewKept),
    #[n(27)]
    Footage(#[n(0)] FootageWord),
}

/// What keeps a recording of the terminal beyond its term.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FootageWord {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub clip: ClipId,
    /// None: two persons ended it.
    #[n(2)]
    pub hold: Option<Hold>,
}

/// Somebody of the operations centre has an alert that the terminal raised.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AlertTaken {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub alert: ActId,
    #[n(2)]
    pub taken: Taken,
}

/// What became of an answer that a terminal's officer shows to others.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShareTold {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub share: QueryId,
    /// In the order of those named.
    #[cbor(n(2), decode_with = "some_fates")]
    pub fates: Vec<ShareFate>,
}

/// The key of one epoch of the lists of what is sought, for one terminal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SealedHotlistKey {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub epoch: u64,
    /// age file (X25519, the terminal's certified recipient) holding 32 bytes.
    #[cbor(n(2), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
    #[cbor(n(3), default, skip_if = "Catalogue::is_of_things")]
    pub catalogue: Catalogue,
}

/// HQ keeps this snapshot of a draft, or a later one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SnapshotKept {
    #[n(0)]
    pub device: DeviceId,
    #[n(1)]
    pub draft: ActId,
    #[n(2)]
    pub sequence: u64,
}

/// The answer to a question.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AnswerEnvelope {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub query: QueryId,
    /// age file (X25519, the recipient that the question names, or the terminal's certified one) holding a
    /// [`domain::query::Answer`].
    #[cbor(n(3), with = "minicbor::bytes")]
    pub sealed: Vec<u8>,
}

/// Announces one encrypted file; not signed, because HQ holds it against the signed manifest or envelope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct FileInit {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub file: FileId,
    /// The envelope that carries the clip's manifest, or whose part the file is.
    #[n(2)]
    pub manifest: EnvelopeId,
    /// Length of the age file, in bytes.
    #[n(3)]
    pub size: u64,
    /// SHA-256 of the age file.
    #[n(4)]
    pub sha256: Digest,
}

/// How far HQ is with one file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct StatAnswer {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub device: DeviceId,
    #[n(2)]
    pub file: FileId,
    #[n(3)]
    pub have: FileHave,
}

/// What HQ has of one file.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum FileHave {
    /// HQ knows nothing of the file: announce it.
    #[n(0)]
    Unknown,
    /// These bytes are stored; empty also after a whole file with another digest was thrown away.
    #[n(1)]
    Ranges(#[n(0)] Spans),
    /// Every byte is stored and the digest holds.
    #[n(2)]
    Complete,
    /// Never acceptable as announced.
    #[n(3)]
    Refused(#[n(0)] FileRefusal),
}

/// Why HQ takes no byte of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode, thiserror::Error)]
#[cbor(index_only)]
pub enum FileRefusal {
    #[error("the announcement cannot be read")]
    #[n(0)]
    Unreadable,
    #[error("the file is larger than an encrypted segment may be")]
    #[n(1)]
    TooLarge,
    #[error("the manifest states another size or digest for the file")]
    #[n(2)]
    NotInManifest,
    #[error("the file was announced before with another size or digest")]
    #[n(3)]
    Reannounced,
}

/// Birth and will of a connection, on the state topic; a hint that nothing relies on, so it is not signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Presence {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// A death counts only with the epoch of the last birth.
    #[n(1)]
    pub epoch: u64,
    #[n(2)]
    pub online: bool,
}

impl FileInit {
    pub const fn clip(&self) -> ClipId {
        self.file.clip()
    }

    /// The envelope whose part the file is; none for a clip's segment, since no clip has the id of its envelope.
    pub fn part_of(&self) -> Option<EnvelopeId> {
        (self.file.envelope() == self.manifest).then_some(self.manifest)
    }
}

fn one_per_lane<'b, C, T: Decode<'b, C>>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<T>, DecodeError> {
    at_most(Lane::ALL.len(), d, ctx)
}

fn some_receipts<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<ByteVec>, DecodeError> {
    at_most(MAX_RECEIPTS, d, ctx)
}

fn some_fates<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<ShareFate>, DecodeError> {
    at_most(MOST_OF_A_CREW, d, ctx)
}

/// The sequence of a note.
fn counted<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<u64, DecodeError> {
    let sequence = d.u64()?;
    if sequence > LAST_NOTE {
        return Err(DecodeError::message("nobody counts so far"));
    }
    Ok(sequence)
}

fn short_text<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    let text = d.str()?;
    if text.len() > MAX_AGENT {
        return Err(DecodeError::message("the program version is too long"));
    }
    Ok(text.to_owned())
}

fn at_most<'b, C, T: Decode<'b, C>>(
    limit: usize,
    d: &mut Decoder<'b>,
    ctx: &mut C,
) -> Result<Vec<T>, DecodeError> {
    let mut items = Vec::new();
    for item in d.array_iter_with(ctx)? {
        if items.len() == limit {
            return Err(DecodeError::message("too many entries"));
        }
        items.push(item?);
    }
    Ok(items)
}
