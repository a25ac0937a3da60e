//! The intervention: the root from which every act hangs.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::text_that;
use crate::id::{InterventionId, ServiceId};
use crate::person::Person;
use crate::place::Place;
use crate::time::Timestamp;

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
}
