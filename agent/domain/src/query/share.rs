//! An answer that the officer who asked shows to the rest of the crew, for a while.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use super::{Answer, Term};
use crate::id::{OfficerId, QueryId, ServiceId};
use crate::officer::{Author, Matricule};
use crate::sensitive::Sensitive;
use crate::time::{Timestamp, UnixMs};

/// How long the others see it, in milliseconds.
pub const SHOWN_FOR: i64 = 15 * 60_000;

/// How many officers an answer is shown to at once; a crew has fewer.
pub const MOST_OF_A_CREW: usize = 8;

/// What an officer shows, and to whom; sealed to HQ, which seals it on to their terminals.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Share {
    #[n(0)]
    pub id: QueryId,
    #[n(1)]
    pub author: Author,
    #[n(2)]
    pub service: ServiceId,
    /// The others of the crew, at most [`MOST_OF_A_CREW`].
    #[cbor(n(3), decode_with = "a_crew")]
    pub with: Vec<Matricule>,
    /// What the file was asked about.
    #[n(4)]
    pub term: Term,
    /// As HQ gave it.
    #[n(5)]
    pub answer: Answer,
    #[n(6)]
    pub shared: Timestamp,
}

/// The same for one of those named; sealed to their terminal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SharedAnswer {
    #[n(0)]
    pub share: QueryId,
    /// Who may read it.
    #[n(1)]
    pub officer: OfficerId,
    /// Who shows it.
    #[n(2)]
    pub by: Matricule,
    #[n(3)]
    pub term: Term,
    #[n(4)]
    pub answer: Answer,
    /// From then on it is shown nowhere.
    #[n(5)]
    pub until: UnixMs,
}

/// What became of it for one of those named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum ShareFate {
    /// It left for a terminal of theirs.
    #[n(0)]
    Sent,
    /// No terminal of theirs is on the network.
    #[n(1)]
    Away,
    /// HQ does not know them, or they may not consult the file.
    #[n(2)]
    NotHabilitated,
    /// It is not what HQ answered to this officer.
    #[n(3)]
    Refused,
}

impl ShareFate {
    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Away => "away",
            Self::NotHabilitated => "not_habilitated",
            Self::Refused => "refused",
        }
    }
}

fn a_crew<'b, C>(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Vec<Matricule>, DecodeError> {
    let mut crew = Vec::new();
    for officer in d.array_iter_with(ctx)? {
        if crew.len() == MOST_OF_A_CREW {
            return Err(DecodeError::message("more than a crew"));
        }
        crew.push(officer?);
    }
    Ok(crew)
}

impl Term {
    /// How officers name it to each other.
    pub fn spoken(&self) -> Sensitive<String> {
        Sensitive::new(match self {
            Self::Person {
                surname,
                given_name,
                born,
            } => {
                let mut said = format!("{} {}", surname.reveal(), given_name.reveal());
                if let Some(born) = born {
                    said = format!("{said}, {}", born.reveal());
                }
                said.trim().to_owned()
            }
            Self::Vehicle { plate } => plate.to_string(),
            Self::Document { number, .. } => number.reveal().clone(),
        })
    }
}
