//! The intervention: the root from which every act hangs.

mod crew;
mod crew_word;
mod dispatch;
mod progress;
mod steps;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::text_that;
use crate::draft::hides_or_turns;
use crate::id::{InterventionId, ServiceId};
use crate::person::Person;
use crate::place::Place;
use crate::time::Timestamp;
use crate::vehicle::Plate;

pub use crew::{
    AFTER_THE_END, Copy, CrewSheet, CrewStand, EditId, Fact, NotStanding, Pen, Point, Said, Version,
};
pub use crew_word::{CrewHanded, CrewTold, CrewWord};
pub use dispatch::{About, CALL_TERM, Dispatch, DispatchNote, LONGEST_TERM};
pub use progress::{Progress, ProgressTold, Standing};
pub use steps::{Doubt, OutOfOrder, Step};

/// The longest subject, in characters.
pub const MAX_MATTER: usize = 200;
/// The longest account of a crew, in characters.
pub const MAX_WORDS: usize = 4_000;

/// The text is not an operations-centre number (CIC or CORG): 4 to 20 letters, digits, `-` or `/`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not an operations-centre number")]
pub struct NotAnOperationsNumber;

/// The number that the operations centre gave.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(transparent)]
pub struct OperationsNumber(#[cbor(n(0), decode_with = "given")] String);

fn given<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    let accepts = |text: &str| OperationsNumber::parse(text).is_ok_and(|number| number.0 == text);
    text_that(d, accepts, "not an operations-centre number")
}

impl OperationsNumber {
    pub fn parse(text: &str) -> Result<Self, NotAnOperationsNumber> {
        let text = text.trim().to_uppercase();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '/');
        if (4..=20).contains(&text.len()) && text.chars().all(allowed) {
            Ok(Self(text))
        } else {
            Err(NotAnOperationsNumber)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Outcome {
    #[n(0)]
    NothingToReport,
    #[n(1)]
    ActsDrawnUp,
    #[n(2)]
    HandedOver,
}

impl Outcome {
    /// What the console calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NothingToReport => "nothing-to-report",
            Self::ActsDrawnUp => "acts-drawn-up",
            Self::HandedOver => "handed-over",
        }
    }
}

/// How the crew came to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Origin {
    /// The crew opened it by itself, where it is.
    #[default]
    #[n(0)]
    OwnInitiative,
    /// The operations centre proposed it.
    #[n(1)]
    Pushed,
    /// A reading that nobody had confirmed.
    #[n(2)]
    Lapi,
}

impl Origin {
    pub const ALL: [Self; 3] = [Self::OwnInitiative, Self::Pushed, Self::Lapi];

    /// What the console calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnInitiative => "own-initiative",
            Self::Pushed => "pushed",
            Self::Lapi => "lapi",
        }
    }

    const fn is_own(&self) -> bool {
        matches!(self, Self::OwnInitiative)
    }
}

/// The text is no subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a subject has 1 to {MAX_MATTER} characters, on one line")]
pub struct NotAMatter;

/// What it is about, on one line.
#[derive(Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct Matter(#[n(0)] String);

impl Matter {
    pub fn parse(text: &str) -> Result<Self, NotAMatter> {
        let matter = text.trim();
        let hidden = |c: char| c.is_control() || hides_or_turns(c);
        if matter.is_empty() || matter.chars().count() > MAX_MATTER || matter.contains(hidden) {
            return Err(NotAMatter);
        }
        Ok(Self(matter.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Matter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl<'b, C> Decode<'b, C> for Matter {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let accepts = |text: &str| Self::parse(text).is_ok_and(|matter| matter.0 == text);
        text_that(d, accepts, "not a subject").map(Self)
    }
}

/// The text is no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("an account has {MAX_WORDS} characters at most, none of them hidden")]
pub struct NotAnAccount;

/// What a crew writes of it, line by line.
#[derive(Clone, PartialEq, Eq, Default, Encode)]
#[cbor(transparent)]
pub struct Account(#[n(0)] String);

impl Account {
    pub fn parse(text: &str) -> Result<Self, NotAnAccount> {
        let account = text.trim();
        let hidden = |c: char| (c.is_control() && c != '\n') || hides_or_turns(c);
        if account.chars().count() > MAX_WORDS || account.contains(hidden) {
            return Err(NotAnAccount);
        }
        Ok(Self(account.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("…")
    }
}

impl<'b, C> Decode<'b, C> for Account {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let accepts = |text: &str| Self::parse(text).is_ok_and(|account| account.0 == text);
        text_that(d, accepts, "not an account").map(Self)
    }
}

/// One call, from its opening to its outcome.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Intervention {
    #[n(0)]
    pub id: InterventionId,
    #[n(1)]
    pub service: ServiceId,
    /// Absent when the crew opened it by itself.
    #[n(2)]
    pub number: Option<OperationsNumber>,
    #[n(3)]
    pub place: Place,
    #[n(4)]
    pub opened: Timestamp,
    #[n(5)]
    pub on_scene: Option<Timestamp>,
    #[n(6)]
    pub closed: Option<Timestamp>,
    #[n(7)]
    pub people: Vec<Person>,
    #[n(8)]
    pub outcome: Option<Outcome>,
    /// The crew said that it is on its way.
    #[n(9)]
    pub en_route: Option<Timestamp>,
    #[n(10)]
    pub matter: Option<Matter>,
    #[cbor(n(11), default, skip_if = "Origin::is_own")]
    pub origin: Origin,
    /// The plates that it began from.
    #[cbor(n(12), default, skip_if = "Vec::is_empty")]
    pub plates: Vec<Plate>,
    #[cbor(n(13), default, skip_if = "Account::is_empty")]
    pub account: Account,
}

impl Intervention {
    /// One that nothing is known of but where it is, and that begins at `opened`.
    pub const fn new(id: InterventionId, service: ServiceId, place: Place, opened: Timestamp) -> Self {
        Self {
            id,
            service,
            number: None,
            place,
            opened,
            on_scene: None,
            closed: None,
            people: Vec::new(),
            outcome: None,
            en_route: None,
            matter: None,
            origin: Origin::OwnInitiative,
            plates: Vec::new(),
            account: Account(String::new()),
        }
    }

    /// What the operations centre is told of it: nobody, no plate and no word of the crew.
    pub fn for_the_centre(&self) -> Self {
        Self {
            people: Vec::new(),
            plates: Vec::new(),
            account: Account::default(),
            ..self.clone()
        }
    }
}
