//! Reference data on its way down: a signed head, the parts that it names, and a hint for everybody.

use domain::hotlist::Catalogue;
use domain::natinf::ReferenceVersion;
use domain::{Digest, UnixMs};
use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use super::at_most;
use crate::spans::Spans;

/// Content type of [`ReferenceHead`].
pub const REFERENCE: &str = "application/neo-reference+cbor;v=1";
/// Length of every part but the last, in bytes: with its frame it stays well below [`super::MAX_PACKET`].
pub const PART: usize = 128 * 1024;
/// The most parts of one set.
pub const MAX_PARTS: usize = 64;
/// The longest text of a version, in bytes.
pub const MAX_VERSION: usize = 64;
/// The most revocation lists of one set.
pub const MAX_LISTS: usize = 16;
/// The most kinds that one message speaks of.
const MAX_KINDS: usize = 16;
/// The longest certificate beside a head, in bytes.
const MAX_CERTIFICATE: usize = 4 * 1024;
/// The longest signed head, in bytes.
const MAX_HEAD: usize = 8 * 1024;

/// What a set of reference data holds. Each kind has serials of its own, and one does not wait for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum SetKind {
    /// Offences, amounts, texts: [`domain::natinf::Reference`].
    #[default]
    #[n(0)]
    Law,
    /// The certificates that vouch for nothing any more: [`RevocationLists`].
    #[n(1)]
    Revocations,
    /// Who signs the visible seals of documents: [`domain::identity::cachet::TrustList`].
    #[n(2)]
    TrustList,
    /// What is sought, whole: [`domain::hotlist::Hotlist`].
    #[n(3)]
    Hotlist,
    /// What changed since: [`domain::hotlist::HotlistChanges`].
    #[n(4)]
    HotlistChanges,
    /// The texts of checks and what they ask: [`domain::legal_basis::BasisTable`].
    #[n(5)]
    Bases,
    /// Sought persons, whole: [`domain::hotlist::Hotlist`]. A terminal takes it under a policy alone
    /// ([`domain::profile::PersonsPolicy`]).
    #[n(6)]
    Persons,
    /// What changed since: [`domain::hotlist::HotlistChanges`].
    #[n(7)]
    PersonsChanges,
}

impl SetKind {
    pub const ALL: [Self; 8] = [
        Self::Law,
        Self::Revocations,
        Self::TrustList,
        Self::Hotlist,
        Self::HotlistChanges,
        Self::Bases,
        Self::Persons,
        Self::PersonsChanges,
    ];
    /// Every kind that a terminal says what it has of in [`super::Hello::sets`]; the law has fields of its own there.
    pub const BESIDE_LAW: [Self; 7] = [
        Self::Revocations,
        Self::TrustList,
        Self::Hotlist,
        Self::HotlistChanges,
        Self::Bases,
        Self::Persons,
        Self::PersonsChanges,
    ];
    /// Those that are here under a policy alone.
    pub const OF_PERSONS: [Self; 2] = [Self::Persons, Self::PersonsChanges];

    /// The name in stores and on command lines.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Law => "law",
            Self::Revocations => "revocations",
            Self::TrustList => "trust-list",
            Self::Hotlist => "hotlist",
            Self::HotlistChanges => "hotlist-changes",
            Self::Bases => "bases",
            Self::Persons => "persons",
            Self::PersonsChanges => "persons-changes",
        }
    }

    /// The whole list of a catalogue.
    pub const fn whole(catalogue: Catalogue) -> Self {
        match catalogue {
            Catalogue::Things => Self::Hotlist,
            Catalogue::Persons => Self::Persons,
        }
    }

    /// What changed of a catalogue.
    pub const fn changes(catalogue: Catalogue) -> Self {
        match catalogue {
            Catalogue::Things => Self::HotlistChanges,
            Catalogue::Persons => Self::PersonsChanges,
        }
    }

    /// Whether a policy has to allow it.
    pub const fn is_of_persons(self) -> bool {
        matches!(self, Self::Persons | Self::PersonsChanges)
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }

    pub(crate) const fn is_law(&self) -> bool {
        matches!(self, Self::Law)
    }
}

/// The lists in force of every authority that has one: the plain form of [`SetKind::Revocations`].
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RevocationLists {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// At most [`MAX_LISTS`].
    #[cbor(n(1), decode_with = "few_lists")]
    pub lists: Vec<RevocationList>,
}

/// The list of one authority.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct RevocationList {
    /// DER of its certificate: the root, or directly under it.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub authority: Vec<u8>,
    /// DER of the list (RFC 5280 §5).
    #[cbor(n(1), with = "minicbor::bytes")]
    pub list: Vec<u8>,
}

/// Names one published set and every byte of it; payload of a COSE_Sign1 by HQ's reference key (namespace
/// `reference`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferenceHead {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Strictly ascending from one publication to the next; a terminal never goes back.
    #[n(1)]
    pub serial: u64,
    /// The version that is in the set, and in the records drawn up under it.
    #[cbor(n(2), decode_with = "short_version")]
    pub reference: ReferenceVersion,
    /// HQ's clock when it was signed.
    #[n(3)]
    pub published: UnixMs,
    /// Length of the set (deterministic CBOR), in bytes.
    #[n(4)]
    pub length: u32,
    /// Length of the compressed set (zlib, RFC 1950), in bytes.
    #[n(5)]
    pub packed: u32,
    /// SHA-256 of each part of the compressed set, in order: of [`PART`] bytes, the last of at most as many.
    #[cbor(n(6), decode_with = "few_parts")]
    pub parts: Vec<Digest>,
    #[cbor(n(7), default, skip_if = "SetKind::is_law")]
    pub kind: SetKind,
}

/// What comes down on the topic of reference data.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum ReferenceMessage {
    #[n(0)]
    Head(#[n(0)] SignedHead),
    /// Not signed: the head names its digest.
    #[n(1)]
    Part(#[n(0)] ReferencePart),
}

/// A head and who signed it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SignedHead {
    /// DER of the signer's certificate, which stands directly under the root.
    #[cbor(
        n(0),
        decode_with = "short_certificate",
        encode_with = "minicbor::bytes::encode"
    )]
    pub certificate: Vec<u8>,
    /// COSE_Sign1 of a [`ReferenceHead`].
    #[cbor(n(1), decode_with = "short_head", encode_with = "minicbor::bytes::encode")]
    pub head: Vec<u8>,
}

/// One part of a compressed set.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferencePart {
    #[n(0)]
    pub serial: u64,
    /// From 0.
    #[n(1)]
    pub index: u32,
    #[cbor(n(2), decode_with = "short_part", encode_with = "minicbor::bytes::encode")]
    pub bytes: Vec<u8>,
    #[cbor(n(3), default, skip_if = "SetKind::is_law")]
    pub kind: SetKind,
}

/// Retained for all terminals: there are sets of these serials. A hint that nothing relies on, so it is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferenceHint {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// Of the law; 0 before the first.
    #[n(1)]
    pub serial: u64,
    /// Of the other kinds that HQ publishes.
    #[cbor(n(2), default, skip_if = "Vec::is_empty", decode_with = "few_serials")]
    pub others: Vec<SetSerial>,
}

/// The newest set of one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SetSerial {
    #[n(0)]
    pub kind: SetKind,
    #[n(1)]
    pub serial: u64,
}

/// What a terminal has of one kind beside the law.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SetHeld {
    #[n(0)]
    pub kind: SetKind,
    /// Serial of the newest that was ever taken; 0 before the first.
    #[n(1)]
    pub serial: u64,
    /// A newer one that is there in part.
    #[n(2)]
    pub pending: Option<ReferencePending>,
}

/// A set that a terminal has in part.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ReferencePending {
    #[n(0)]
    pub serial: u64,
    /// Indices of the parts that are stored.
    #[n(1)]
    pub have: Spans,
}

fn few_parts<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Digest>, DecodeError> {
    at_most(MAX_PARTS, d, ctx)
}

fn few_lists<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<RevocationList>, DecodeError> {
    at_most(MAX_LISTS, d, ctx)
}

fn few_serials<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<SetSerial>, DecodeError> {
    at_most(MAX_KINDS, d, ctx)
}

/// One entry a kind, however many kinds a later program knows.
pub(super) fn few_sets<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<SetHeld>, DecodeError> {
    at_most(MAX_KINDS, d, ctx)
}

fn short_version<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<ReferenceVersion, DecodeError> {
    let text = d.str()?;
    if text.len() > MAX_VERSION {
        return Err(DecodeError::message("the version's text is too long"));
    }
    Ok(ReferenceVersion(text.to_owned()))
}

fn short_certificate<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(MAX_CERTIFICATE, d)
}

fn short_head<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(MAX_HEAD, d)
}

fn short_part<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<u8>, DecodeError> {
    short_bytes(PART, d)
}

fn short_bytes(limit: usize, d: &mut Decoder<'_>) -> Result<Vec<u8>, DecodeError> {
    let bytes = d.bytes()?;
    if bytes.len() > limit {
        return Err(DecodeError::message("too many bytes"));
    }
    Ok(bytes.to_vec())
}
