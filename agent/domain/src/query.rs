//! Questions to police files, and answers that say what they prove.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use crate::canonical::text_that;
use crate::id::{QueryId, ServiceId};
use crate::identity::CivilDate;
use crate::officer::{Author, FileKind, Habilitation};
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};
use crate::vehicle::Plate;

/// What a file is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Term {
    #[n(0)]
    Person {
        #[n(0)]
        surname: Sensitive<String>,
        #[n(1)]
        given_name: Sensitive<String>,
        #[n(2)]
        born: Option<Sensitive<CivilDate>>,
    },
    #[n(1)]
    Vehicle {
        #[n(0)]
        plate: Plate,
    },
}

impl Term {
    /// Whether `file` answers about this kind of term.
    pub const fn suits(&self, file: FileKind) -> bool {
        match file {
            FileKind::Fpr | FileKind::Snpc => matches!(self, Self::Person { .. }),
            FileKind::Foves | FileKind::Siv => matches!(self, Self::Vehicle { .. }),
        }
    }
}

/// A question with the reason that the law asks for; it cannot be built without one.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Query {
    #[n(0)]
    pub id: QueryId,
    #[n(1)]
    pub file: FileKind,
    #[n(2)]
    pub term: Term,
    #[cbor(n(3), decode_with = "stated")]
    motive: Sensitive<String>,
    #[n(4)]
    pub author: Author,
    /// The right used (article 15-5 CPP), as it stood when the question left.
    #[n(5)]
    pub habilitation: Habilitation,
    #[n(6)]
    pub service: Option<ServiceId>,
    #[n(7)]
    pub asked: Timestamp,
}

/// The shortest reason that says anything, in characters.
const SHORTEST_MOTIVE: usize = 4;

fn stated<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Sensitive<String>, DecodeError> {
    let accepts = |text: &str| text.trim() == text && text.chars().count() >= SHORTEST_MOTIVE;
    text_that(d, accepts, "not a motive").map(Sensitive::new)
}

/// Why a question may not leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueryRefusal {
    MotiveMissing,
    NotHabilitated { file: FileKind },
    TermUnsuited { file: FileKind },
}

impl Query {
    #[expect(
        clippy::too_many_arguments,
        reason = "a question carries everything the law asks for, at once"
    )]
    pub fn new(
        id: QueryId,
        file: FileKind,
        term: Term,
        motive: &str,
        author: Author,
        habilitation: Option<&Habilitation>,
        service: Option<ServiceId>,
        asked: Timestamp,
    ) -> Result<Self, QueryRefusal> {
        if motive.trim().chars().count() < SHORTEST_MOTIVE {
            return Err(QueryRefusal::MotiveMissing);
        }
        let Some(habilitation) = habilitation else {
            return Err(QueryRefusal::NotHabilitated { file });
        };
        if !term.suits(file) {
            return Err(QueryRefusal::TermUnsuited { file });
        }
        let motive = Sensitive::new(motive.trim().to_owned());
        Ok(Self {
            id,
            file,
            term,
            motive,
            author,
            habilitation: *habilitation,
            service,
            asked,
        })
    }

    pub const fn motive(&self) -> &Sensitive<String> {
        &self.motive
    }
}

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
}
