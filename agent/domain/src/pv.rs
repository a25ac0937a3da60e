//! The general procès-verbal: what its author saw, heard or found personally (article 429 CPP).

use minicbor::{Decode, Encode};

use crate::legal_basis::PvFrame;
use crate::natinf::Natinf;
use crate::place::Place;
use crate::time::Timestamp;
use crate::vehicle::Plate;

/// How the act closes (article 429 CPP; D.589 CPP for what is recorded on a device).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Closing {
    /// Read back by its author, closed without another signature.
    #[n(0)]
    AuthorOnly,
    /// Somebody heard refuses to sign.
    #[n(1)]
    RefusesToSign,
}

/// The body of a general PV.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Pv {
    #[n(0)]
    pub frame: PvFrame,
    #[n(1)]
    pub subject: String,
    #[n(2)]
    pub place: Place,
    #[n(3)]
    pub offences: Vec<Natinf>,
    #[n(4)]
    pub plates: Vec<Plate>,
    /// The account, first person plural, present tense: one paragraph each.
    #[n(5)]
    pub paragraphs: Vec<String>,
    #[n(6)]
    pub started: Timestamp,
    #[n(7)]
    pub closing: Closing,
}
