//! What comes back from a file.

use minicbor::{Decode, Encode};

use super::registered::Registered;
use crate::id::QueryId;
use crate::identity::TraceResult;
use crate::officer::FileKind;
use crate::sensitive::Sensitive;
use crate::time::UnixMs;

/// HQ's answer.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Answer {
    #[n(0)]
    pub query: QueryId,
    #[n(1)]
    pub file: FileKind,
    #[n(2)]
    pub outcome: Outcome,
    /// How old the file's data is.
    #[n(3)]
    pub dataset: UnixMs,
    #[n(4)]
    pub answered: UnixMs,
}

/// What a file said.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Outcome {
    /// Nothing found in this file at this date; it is not a clean record.
    #[n(0)]
    NothingFound,
    #[n(1)]
    Found(#[n(0)] Vec<Card>),
    /// HQ did not look: the question was late, malformed or not allowed.
    #[n(2)]
    NotAnswered(#[n(0)] NotAnswered),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum NotAnswered {
    #[n(0)]
    Expired,
    #[n(1)]
    NotHabilitated,
    #[n(2)]
    Unreadable,
    /// The file is asked in a judicial frame alone.
    #[n(3)]
    FrameMissing,
}

/// One entry of a file: the lines to show, and what to do, word for word.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Card {
    #[n(0)]
    pub title: Sensitive<String>,
    #[n(1)]
    pub lines: Vec<Sensitive<String>>,
    /// Conduite à tenir, verbatim.
    #[n(2)]
    pub instruction: Option<Sensitive<String>>,
    /// Shown first and apart.
    #[n(3)]
    pub dangerous: bool,
    /// Of the fiche, as the service that issued it knows it.
    #[n(4)]
    pub number: Option<Sensitive<String>>,
    /// Why it may be of somebody else.
    #[n(5)]
    pub homonym: Option<Homonym>,
    /// The person must not learn of it: it is shown so that nobody beside notices.
    #[cbor(n(6), default, skip_if = "is_not_set")]
    pub surveillance: bool,
    /// The facts that the file holds apart from its lines; absent from answers of older programs.
    #[n(7)]
    pub registered: Option<Registered>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the form that the encoder calls"
)]
const fn is_not_set(flag: &bool) -> bool {
    !*flag
}

/// Why a person whom a name found may be another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Homonym {
    /// Asked without a date of birth.
    #[n(0)]
    BirthNotGiven,
    /// The fiche has another date of birth.
    #[n(1)]
    BirthDiffers,
}

impl Card {
    /// Whether there is something to do about it that may be seen.
    pub const fn is_hit(&self) -> bool {
        !self.surveillance && (self.dangerous || self.instruction.is_some())
    }
}

impl Answer {
    pub fn cards(&self) -> &[Card] {
        match &self.outcome {
            Outcome::Found(cards) => cards,
            Outcome::NothingFound | Outcome::NotAnswered(_) => &[],
        }
    }

    pub fn is_hit(&self) -> bool {
        self.cards().iter().any(Card::is_hit)
    }

    /// A hit about somebody or something dangerous.
    pub fn is_dangerous(&self) -> bool {
        self.cards().iter().any(|card| card.is_hit() && card.dangerous)
    }

    pub fn tells_of_surveillance(&self) -> bool {
        self.cards().iter().any(|card| card.surveillance)
    }

    /// What an act keeps of it. Where the file holds surveillances, "nothing" and "a surveillance" read the same.
    pub fn trace(&self) -> TraceResult {
        let seen = self.cards().iter().any(|card| !card.surveillance);
        match &self.outcome {
            Outcome::NotAnswered(_) => TraceResult::NotAnswered,
            Outcome::Found(_) if seen => TraceResult::Found,
            Outcome::NothingFound | Outcome::Found(_) if self.file.holds_surveillance() => {
                TraceResult::Consulted
            }
            Outcome::Found(_) | Outcome::NothingFound => TraceResult::NothingFound,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(instruction: Option<&str>, surveillance: bool) -> Card {
        Card {
            title: "SPÉCIMEN".into(),
            lines: Vec::new(),
            instruction: instruction.map(Into::into),
            dangerous: true,
            number: None,
            homonym: None,
            surveillance,
            registered: None,
        }
    }

    fn answer(file: FileKind, outcome: Outcome) -> Answer {
        Answer {
            query: QueryId::from_bytes([1; 16]),
            file,
            outcome,
            dataset: UnixMs(0),
            answered: UnixMs(0),
        }
    }

    #[test]
    fn an_act_never_tells_a_surveillance_from_nothing() {
        let watched = Outcome::Found(vec![card(Some("Ne pas attirer l'attention."), true)]);
        let watched = answer(FileKind::Fpr, watched);
        let nothing = answer(FileKind::Fpr, Outcome::NothingFound);
        assert_eq!(watched.trace(), nothing.trace());
        assert!(!watched.is_hit() && !watched.is_dangerous() && watched.tells_of_surveillance());
    }

    #[test]
    fn a_fiche_beside_a_surveillance_is_stated() {
        let both = Outcome::Found(vec![card(None, true), card(Some("Interpeller."), false)]);
        let both = answer(FileKind::Fpr, both);
        assert_eq!(both.trace(), TraceResult::Found);
        assert!(both.is_dangerous());
    }

    #[test]
    fn a_vehicle_that_no_insurer_declared_is_nothing_found() {
        let unknown = answer(FileKind::Fva, Outcome::NothingFound);
        assert_eq!(unknown.trace(), TraceResult::NothingFound);
        assert!(!unknown.is_hit());
    }
}
