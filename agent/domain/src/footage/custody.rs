//! What is said of a recording after it was taken in: a chain of signed statements, none of which changes an earlier one.

use std::collections::BTreeMap;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use super::Manifest;
use crate::canonical::Digest;
use crate::draft::hides_or_turns;
use crate::id::{ActId, ActNumber, ClipId};
use crate::record::ActKind;
use crate::time::UnixMs;

/// The most text of a note, in characters.
pub const MAX_NOTE: usize = 500;
/// The most text of a procedure's number, in characters.
pub const MAX_PROCEDURE: usize = 64;

/// What a recording shows (CSI L.241-1: intervention, proof of offences, arrest, training).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Category {
    #[n(0)]
    Check,
    /// Noted by a PVe or a PV.
    #[n(1)]
    Offence,
    #[n(2)]
    Arrest,
    #[n(3)]
    DomesticViolence,
    #[n(4)]
    Accident,
    /// Outrage, rébellion, an incident with the patrol.
    #[n(5)]
    Incident,
    #[n(6)]
    Rescue,
    /// Tapage, a quarrel, a gathering.
    #[n(7)]
    PublicOrder,
    #[n(8)]
    Training,
    /// Nothing came of it.
    #[n(9)]
    NoFollowUp,
}

impl Category {
    pub const ALL: [Self; 10] = [
        Self::Check,
        Self::Offence,
        Self::Arrest,
        Self::DomesticViolence,
        Self::Accident,
        Self::Incident,
        Self::Rescue,
        Self::PublicOrder,
        Self::Training,
        Self::NoFollowUp,
    ];

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Check => "controle",
            Self::Offence => "infraction",
            Self::Arrest => "interpellation",
            Self::DomesticViolence => "violences-intrafamiliales",
            Self::Accident => "accident",
            Self::Incident => "incident",
            Self::Rescue => "secours",
            Self::PublicOrder => "ordre-public",
            Self::Training => "formation",
            Self::NoFollowUp => "sans-suite",
        }
    }
}

/// The text says nothing, too much, or hides characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotSaid {
    #[error("a note has 1 to {MAX_NOTE} characters that are all shown")]
    Note,
    #[error("a procedure has a number of 1 to {MAX_PROCEDURE} characters")]
    Procedure,
}

/// The officer's words on a recording.
#[derive(Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct ClipNote(#[n(0)] String);

impl ClipNote {
    pub fn parse(text: &str) -> Result<Self, NotSaid> {
        let text = text.trim();
        let shown = |c: char| c == '\n' || !(c.is_control() || hides_or_turns(c));
        if (1..=MAX_NOTE).contains(&text.chars().count()) && text.chars().all(shown) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotSaid::Note)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ClipNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "ClipNote({} bytes)", self.0.len())
    }
}

impl<'b, C> Decode<'b, C> for ClipNote {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let text = d.str()?;
        let note = Self::parse(text).map_err(DecodeError::message)?;
        if note.0 == text {
            Ok(note)
        } else {
            Err(DecodeError::message("a note is written in another way"))
        }
    }
}

/// The number of the procedure for which a recording is kept (CSI R.241-4).
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct Procedure(#[n(0)] String);

impl Procedure {
    pub fn parse(text: &str) -> Result<Self, NotSaid> {
        let text = text.trim();
        let shown = |c: char| !(c.is_control() || hides_or_turns(c));
        let named = text.chars().any(char::is_alphanumeric);
        if named && text.chars().count() <= MAX_PROCEDURE && text.chars().all(shown) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotSaid::Procedure)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'b, C> Decode<'b, C> for Procedure {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let text = d.str()?;
        let procedure = Self::parse(text).map_err(DecodeError::message)?;
        if procedure.0 == text {
            Ok(procedure)
        } else {
            Err(DecodeError::message(
                "a procedure's number is written in another way",
            ))
        }
    }
}

/// An act that a recording belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct LinkedAct {
    #[n(0)]
    pub act: ActId,
    #[n(1)]
    pub kind: ActKind,
    #[n(2)]
    pub number: ActNumber,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Said {
    /// A later one takes the place of an earlier one.
    #[n(0)]
    Category(#[n(0)] Category),
    /// A later one takes the place of an earlier one.
    #[n(1)]
    Note(#[n(0)] ClipNote),
    /// Something to find again, in whole seconds from the beginning of the recording.
    #[n(2)]
    Bookmark(#[n(0)] u32),
    #[n(3)]
    Linked(#[n(0)] LinkedAct),
    /// It is part of the incident that this recording, its first, gives its name to.
    #[n(4)]
    Incident(#[n(0)] ClipId),
    /// It is kept beyond its term for a procedure (CSI R.241-4); only two persons at headquarters end that.
    #[n(5)]
    Hold(#[n(0)] Procedure),
    /// The statement at this place of the chain counts no longer; a hold is not withdrawn so.
    #[n(6)]
    Withdrawn(#[n(0)] u32),
}

impl Said {
    /// The name that reports use.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Category(_) => "category",
            Self::Note(_) => "note",
            Self::Bookmark(_) => "bookmark",
            Self::Linked(_) => "linked",
            Self::Incident(_) => "incident",
            Self::Hold(_) => "hold",
            Self::Withdrawn(_) => "withdrawn",
        }
    }
}

/// A statement in its chain; what a record of [`ActKind::Custody`] says. Author and moment are the record's.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Custody {
    #[n(0)]
    pub clip: ClipId,
    /// Merkle root of the recording's manifest.
    #[n(1)]
    pub root: Digest,
    /// From 1, without holes.
    #[n(2)]
    pub place: u32,
    /// SHA-256 of the COSE_Sign1 of the statement before it; of the manifest's record for the first.
    #[n(3)]
    pub previous: Digest,
    #[n(4)]
    pub said: Said,
}

/// Why a statement is not the next of its chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotNext {
    #[error("the statement is about another recording")]
    OtherClip,
    #[error("the statement names another Merkle root than the manifest")]
    OtherRoot,
    #[error("statement {place} came before the one that it follows")]
    Early { place: u32 },
    #[error("another statement stands at place {place} already")]
    Taken { place: u32 },
    #[error("statement {place} follows another one than the last")]
    Broken { place: u32 },
    #[error("statement {place} withdraws nothing that may be withdrawn")]
    Withdraws { place: u32 },
}

/// The statements on one recording, as far as they are known, each held against the one before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    clip: ClipId,
    root: Digest,
    head: Digest,
    said: Vec<Said>,
}

impl Chain {
    /// `record` is the SHA-256 of the COSE_Sign1 that carries the manifest.
    pub const fn of(clip: ClipId, root: Digest, record: Digest) -> Self {
        Self {
            clip,
            root,
            head: record,
            said: Vec::new(),
        }
    }

    pub fn of_manifest(manifest: &Manifest, record: Digest) -> Self {
        Self::of(manifest.clip, manifest.root, record)
    }

    /// What the next statement refers to.
    pub const fn head(&self) -> Digest {
        self.head
    }

    /// The place of the last statement; none where nothing was said.
    pub fn length(&self) -> u32 {
        u32::try_from(self.said.len()).unwrap_or(u32::MAX)
    }

    /// `record` is the SHA-256 of the COSE_Sign1 that carries the statement.
    pub fn take(&mut self, custody: &Custody, record: Digest) -> Result<(), NotNext> {
        let place = custody.place;
        if custody.clip != self.clip {
            return Err(NotNext::OtherClip);
        }
        if custody.root != self.root {
            return Err(NotNext::OtherRoot);
        }
        let next = self.length().saturating_add(1);
        if place > next {
            return Err(NotNext::Early { place });
        }
        if place < next {
            return Err(NotNext::Taken { place });
        }
        if custody.previous != self.head {
            return Err(NotNext::Broken { place });
        }
        if let Said::Withdrawn(earlier) = custody.said
            && !self.may_be_withdrawn(earlier)
        {
            return Err(NotNext::Withdraws { place });
        }
        self.head = record;
        self.said.push(custody.said.clone());
        Ok(())
    }

    fn may_be_withdrawn(&self, place: u32) -> bool {
        let index = usize::try_from(place).ok().and_then(|place| place.checked_sub(1));
        match index.and_then(|index| self.said.get(index)) {
            Some(
                Said::Category(_) | Said::Note(_) | Said::Bookmark(_) | Said::Linked(_) | Said::Incident(_),
            ) => true,
            Some(Said::Hold(_) | Said::Withdrawn(_)) | None => false,
        }
    }

    /// What all of them together say.
    pub fn life(&self) -> Life {
        Life::of((1..).zip(&self.said))
    }
}

/// What is known of a recording: every statement on it together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Life {
    pub category: Option<Category>,
    pub note: Option<ClipNote>,
    /// Seconds from the beginning, by their places in the chain.
    pub bookmarks: BTreeMap<u32, u32>,
    /// By their places in the chain.
    pub links: BTreeMap<u32, LinkedAct>,
    /// The first recording of its incident.
    pub incident: Option<ClipId>,
    pub hold: Option<Procedure>,
}

impl Life {
    /// `said` are the statements with their places, in any order.
    pub fn of<'a>(said: impl IntoIterator<Item = (u32, &'a Said)>) -> Self {
        let mut by_place: BTreeMap<u32, &Said> = said.into_iter().collect();
        let withdrawn: Vec<u32> = by_place
            .values()
            .filter_map(|said| match said {
                Said::Withdrawn(place) => Some(*place),
                Said::Category(_)
                | Said::Note(_)
                | Said::Bookmark(_)
                | Said::Linked(_)
                | Said::Incident(_)
                | Said::Hold(_) => None,
            })
            .collect();
        by_place.retain(|place, said| matches!(said, Said::Hold(_)) || !withdrawn.contains(place));
        let mut life = Self::default();
        for (place, said) in by_place {
            match said {
                Said::Category(category) => life.category = Some(*category),
                Said::Note(note) => life.note = Some(note.clone()),
                Said::Bookmark(second) => {
                    life.bookmarks.insert(place, *second);
                }
                Said::Linked(linked) => {
                    life.links.insert(place, *linked);
                }
                Said::Incident(first) => life.incident = Some(*first),
                Said::Hold(procedure) => life.hold = Some(procedure.clone()),
                Said::Withdrawn(_) => {}
            }
        }
        life
    }

    /// Whether the officer is reminded before it is erased: nothing keeps it, and nothing says that it matters.
    pub fn is_loose(&self) -> bool {
        self.hold.is_none() && self.links.is_empty()
    }
}

/// How soon a recording goes that nothing keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Reminder {
    /// Within seven days.
    #[n(0)]
    Week,
    /// Within two days.
    #[n(1)]
    TwoDays,
}

impl Reminder {
    /// `until` is the end of the recording's term.
    pub fn of(until: UnixMs, now: UnixMs) -> Option<Self> {
        match until.0.saturating_sub(now.0) {
            left if left <= 2 * UnixMs::DAY => Some(Self::TwoDays),
            left if left <= 7 * UnixMs::DAY => Some(Self::Week),
            _ => None,
        }
    }
}

/// Who keeps a recording beyond its term, since when, and for which procedure.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hold {
    #[n(0)]
    pub procedure: Procedure,
    /// Service number.
    #[n(1)]
    pub by: crate::officer::Matricule,
    #[n(2)]
    pub at: UnixMs,
}

/// What two persons at headquarters sign to end a hold; payload of a COSE_Sign1 each (namespace `approval`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Release {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub clip: ClipId,
    /// Merkle root of the recording's manifest.
    #[n(2)]
    pub root: Digest,
    #[n(3)]
    pub hold: Hold,
}

impl Release {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-hold-release+cbor;v=1";
}

#[cfg(test)]
mod tests;
