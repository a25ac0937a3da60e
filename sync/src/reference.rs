//! A reference set between its own form and the parts that travel: compressed, bounded, and named by a signed head.
//!
//! `docs/adr/0011-reference-data.md` says how large sets are and why they travel so.

use domain::hotlist::{Catalogue, Hotlist, HotlistChanges};
use domain::identity::cachet::TrustList;
use domain::legal_basis::BasisTable;
use domain::natinf::{Reference, ReferenceVersion};
use domain::{Digest, UnixMs};
use miniz_oxide::deflate::compress_to_vec_zlib;
use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;
use thiserror::Error;

use crate::wire::v1::{MAX_PARTS, MAX_VERSION, PART, ReferenceHead, RevocationLists, SetKind};

/// The longest set, in bytes of its own form; the official list with all its columns is a sixth of it.
pub const MAX_LENGTH: usize = 32 * 1024 * 1024;
/// The longest compressed set, in bytes.
pub const MAX_PACKED: usize = MAX_PARTS * PART;
/// The best of zlib's levels: a set is packed once and sent to every terminal.
const LEVEL: u8 = 9;

/// Why a set cannot travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Untransportable {
    #[error("the set is longer than {MAX_LENGTH} bytes, or than {MAX_PACKED} when compressed")]
    TooLong,
    #[error("the version's name is empty or longer than {MAX_VERSION} bytes")]
    Name,
}

/// Why bytes are not the set that a head names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotTheSet {
    #[error("the bytes are not those that the head names")]
    Digest,
    #[error("the bytes do not unpack to the length that the head names")]
    Packed,
    #[error("the set does not read")]
    Unreadable,
    #[error("the set is of another version than the head names")]
    Version,
    #[error("a list is about something else than its kind of set")]
    Subject,
}

/// What a set says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contents {
    Law(Reference),
    Revocations {
        /// What the set is called, for people.
        name: ReferenceVersion,
        lists: RevocationLists,
    },
    TrustList {
        name: ReferenceVersion,
        list: TrustList,
    },
    Hotlist {
        catalogue: Catalogue,
        name: ReferenceVersion,
        list: Hotlist,
    },
    HotlistChanges {
        catalogue: Catalogue,
        name: ReferenceVersion,
        changes: HotlistChanges,
    },
    Bases {
        name: ReferenceVersion,
        table: BasisTable,
    },
}

impl Contents {
    pub const fn kind(&self) -> SetKind {
        match self {
            Self::Law(_) => SetKind::Law,
            Self::Revocations { .. } => SetKind::Revocations,
            Self::TrustList { .. } => SetKind::TrustList,
            Self::Hotlist { catalogue, .. } => SetKind::whole(*catalogue),
            Self::HotlistChanges { catalogue, .. } => SetKind::changes(*catalogue),
            Self::Bases { .. } => SetKind::Bases,
        }
    }

    pub const fn name(&self) -> &ReferenceVersion {
        match self {
            Self::Law(reference) => &reference.version,
            Self::Revocations { name, .. }
            | Self::TrustList { name, .. }
            | Self::Hotlist { name, .. }
            | Self::HotlistChanges { name, .. }
            | Self::Bases { name, .. } => name,
        }
    }

    /// How many rows it has: offences, lists, signers, texts, or entries of lists.
    pub fn len(&self) -> usize {
        match self {
            Self::Law(reference) => reference.offences.len(),
            Self::Revocations { lists, .. } => lists.lists.len(),
            Self::TrustList { list, .. } => list.signers.len(),
            Self::Hotlist { list, .. } => list
                .filters
                .iter()
                .map(|filter| usize::try_from(filter.entries).unwrap_or(usize::MAX))
                .sum(),
            Self::HotlistChanges { changes, .. } => changes
                .changes
                .iter()
                .map(|one| one.added.len() + one.removed.len())
                .sum(),
            Self::Bases { table, .. } => table.rows().len(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn plain(&self) -> Vec<u8> {
        match self {
            Self::Law(reference) => domain::encode(reference),
            Self::Revocations { lists, .. } => domain::encode(lists),
            Self::TrustList { list, .. } => domain::encode(list),
            Self::Hotlist { list, .. } => domain::encode(list),
            Self::HotlistChanges { changes, .. } => domain::encode(changes),
            Self::Bases { table, .. } => domain::encode(table),
        }
    }
}

/// A set ready to be signed for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// zlib (RFC 1950) of the set's deterministic CBOR.
    pub bytes: Vec<u8>,
    kind: SetKind,
    name: ReferenceVersion,
    length: u32,
}

/// Compresses a set.
pub fn pack(contents: &Contents) -> Result<Packed, Untransportable> {
    let name = contents.name();
    if !(1..=MAX_VERSION).contains(&name.0.len()) {
        return Err(Untransportable::Name);
    }
    let plain = contents.plain();
    let length = u32::try_from(plain.len()).map_err(|_| Untransportable::TooLong)?;
    let bytes = compress_to_vec_zlib(&plain, LEVEL);
    if plain.len() > MAX_LENGTH || bytes.len() > MAX_PACKED {
        return Err(Untransportable::TooLong);
    }
    Ok(Packed {
        bytes,
        kind: contents.kind(),
        name: name.clone(),
        length,
    })
}

impl Packed {
    /// What is signed.
    pub fn head(&self, serial: u64, published: UnixMs) -> ReferenceHead {
        ReferenceHead {
            version: 1,
            serial,
            reference: self.name.clone(),
            published,
            length: self.length,
            packed: u32::try_from(self.bytes.len()).unwrap_or(u32::MAX),
            parts: self.bytes.chunks(PART).map(Digest::of).collect(),
            kind: self.kind,
        }
    }
}

impl ReferenceHead {
    /// Whether the head says one thing only, and nothing beyond the bounds.
    pub fn is_sound(&self) -> bool {
        let packed = usize::try_from(self.packed).unwrap_or(usize::MAX);
        let length = usize::try_from(self.length).unwrap_or(usize::MAX);
        self.version == 1
            && self.serial > 0
            && !self.reference.0.is_empty()
            && (1..=MAX_PACKED).contains(&packed)
            && length <= MAX_LENGTH
            && self.parts.len() == packed.div_ceil(PART)
    }

    /// Whether `bytes` are the part `index`.
    pub fn is_part(&self, index: u32, bytes: &[u8]) -> bool {
        let digest = usize::try_from(index)
            .ok()
            .and_then(|index| self.parts.get(index));
        digest.is_some_and(|digest| Digest::of(bytes) == *digest)
    }

    /// The set, from all its parts in order.
    pub fn unpack(&self, packed: &[u8]) -> Result<Contents, NotTheSet> {
        let digests = packed.chunks(PART).map(Digest::of);
        if !digests.eq(self.parts.iter().copied()) {
            return Err(NotTheSet::Digest);
        }
        let length = usize::try_from(self.length).map_err(|_| NotTheSet::Packed)?;
        let plain = decompress_to_vec_zlib_with_limit(packed, length.min(MAX_LENGTH))
            .map_err(|_| NotTheSet::Packed)?;
        if plain.len() != length {
            return Err(NotTheSet::Packed);
        }
        match self.kind {
            SetKind::Law => self.law(&plain),
            SetKind::Revocations => self.revocations(&plain),
            SetKind::TrustList => self.trust_list(&plain),
            SetKind::Hotlist => self.hotlist(Catalogue::Things, &plain),
            SetKind::HotlistChanges => self.hotlist_changes(Catalogue::Things, &plain),
            SetKind::Bases => self.bases(&plain),
            SetKind::Persons => self.hotlist(Catalogue::Persons, &plain),
            SetKind::PersonsChanges => self.hotlist_changes(Catalogue::Persons, &plain),
        }
    }

    fn law(&self, plain: &[u8]) -> Result<Contents, NotTheSet> {
        let reference: Reference = domain::decode(plain).map_err(|_| NotTheSet::Unreadable)?;
        if reference.version == self.reference {
            Ok(Contents::Law(reference))
        } else {
            Err(NotTheSet::Version)
        }
    }

    fn revocations(&self, plain: &[u8]) -> Result<Contents, NotTheSet> {
        let lists: RevocationLists = domain::decode(plain).map_err(|_| NotTheSet::Unreadable)?;
        if lists.version != 1 {
            return Err(NotTheSet::Version);
        }
        Ok(Contents::Revocations {
            name: self.reference.clone(),
            lists,
        })
    }

    fn trust_list(&self, plain: &[u8]) -> Result<Contents, NotTheSet> {
        let list: TrustList = domain::decode(plain).map_err(|_| NotTheSet::Unreadable)?;
        Ok(Contents::TrustList {
            name: self.reference.clone(),
            list,
        })
    }

    /// A list of persons in a set that every terminal takes would be there without its policy.
    fn hotlist(&self, catalogue: Catalogue, plain: &[u8]) -> Result<Contents, NotTheSet> {
        let list: Hotlist = domain::decode(plain).map_err(|_| NotTheSet::Unreadable)?;
        let mut filters = list.filters.iter();
        if !filters.all(|filter| filter.subject.catalogue() == catalogue) {
            return Err(NotTheSet::Subject);
        }
        Ok(Contents::Hotlist {
            catalogue,
            name: self.reference.clone(),
            list,
        })
    }

    /// An edition bears the name that the acts drawn up under it keep.
    fn bases(&self, plain: &[u8]) -> Result<Contents, NotTheSet> {
        let table: BasisTable = domain::decode(plain).map_err(|_| NotTheSet::Unreadable)?;
        if table.edition() == self.reference.0 {
            let name = self.reference.clone();
            Ok(Contents::Bases { name, table })
        } else {
            Err(NotTheSet::Version)
        }
    }

    fn hotlist_changes(&self, catalogue: Catalogue, plain: &[u8]) -> Result<Contents, NotTheSet> {
        let changes: HotlistChanges = domain::decode(plain).map_err(|_| NotTheSet::Unreadable)?;
        if changes.version != 1 {
            return Err(NotTheSet::Version);
        }
        let mut subjects = changes.changes.iter().map(|one| one.subject);
        if !subjects.all(|subject| subject.catalogue() == catalogue) {
            return Err(NotTheSet::Subject);
        }
        Ok(Contents::HotlistChanges {
            catalogue,
            name: self.reference.clone(),
            changes,
        })
    }
}
