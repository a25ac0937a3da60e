//! An intervention that a crew shares, as the screens show it.

use minicbor::{Decode, Encode};

use crate::id::InterventionId;
use crate::intervention::{EditId, Outcome, Point, Step};
use crate::sensitive::Sensitive;
use crate::time::Timestamp;

/// How this officer stands to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum CrewStanding {
    /// Another of the crew has it: one tap joins.
    #[n(0)]
    Offered,
    /// It is the current one.
    #[n(1)]
    Current,
    /// It is over for this officer.
    #[n(2)]
    Over,
}

/// One intervention of the crew.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewLine {
    #[n(0)]
    pub intervention: InterventionId,
    #[n(1)]
    pub standing: CrewStanding,
    /// Who opened it, and when.
    #[n(2)]
    pub by: String,
    #[n(3)]
    pub opened: Timestamp,
    /// The others who have it.
    #[cbor(n(4), default, skip_if = "Vec::is_empty")]
    pub others: Vec<String>,
    #[n(5)]
    pub number: Option<String>,
    #[n(6)]
    pub place: Sensitive<String>,
    #[n(7)]
    pub matter: Sensitive<String>,
    #[n(8)]
    pub account: Sensitive<String>,
    /// The first time of each step, and who said it.
    #[cbor(n(9), default, skip_if = "Vec::is_empty")]
    pub steps: Vec<CrewStep>,
    #[n(10)]
    pub outcome: Option<Outcome>,
    /// Where two officers wrote something else, each without the other.
    #[cbor(n(11), default, skip_if = "Vec::is_empty")]
    pub differing: Vec<CrewDifference>,
    /// What the accounts say fits one after the other.
    #[n(12)]
    pub accounts_fit: bool,
    /// HQ knows of no terminal of the crew that is in service.
    #[n(13)]
    pub nobody_reached: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewStep {
    #[n(0)]
    pub step: Step,
    #[n(1)]
    pub at: Timestamp,
    #[n(2)]
    pub by: String,
    /// The other terminal stamped it at another time, which is not the one that is kept.
    #[n(3)]
    pub otherwise: Option<Timestamp>,
}

/// One point of which several versions stand.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewDifference {
    #[n(0)]
    pub point: Point,
    #[n(1)]
    pub versions: Vec<CrewVersion>,
}

#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct CrewVersion {
    #[n(0)]
    pub id: EditId,
    #[n(1)]
    pub by: String,
    /// As their terminal stamped it.
    #[n(2)]
    pub at: Timestamp,
    #[n(3)]
    pub text: Sensitive<String>,
    #[n(4)]
    pub outcome: Option<Outcome>,
    /// This officer's own.
    #[n(5)]
    pub mine: bool,
}
