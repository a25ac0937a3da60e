//! The visa: an OPJ's signed word on an act that somebody else has signed. It changes nothing in that act, and nothing
//! waits for it.
//!
//! Request and visa are records of their own, signed by whoever says them; what HQ tells terminals of them is a
//! [`VisaNote`].

use minicbor::{Decode, Encode};
use thiserror::Error;

use crate::canonical::Digest;
use crate::draft::hides_or_turns;
use crate::id::{ActId, ActNumber, OfficerId};
use crate::officer::Matricule;
use crate::record::{ActKind, derived_id};
use crate::time::Timestamp;

/// The most text of observations or of a reason, in characters.
pub const MAX_WORDS: usize = 4_000;

/// The author of a signed act asks an OPJ to look at it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct VisaRequest {
    #[n(0)]
    pub act: ActId,
    /// SHA-256 of the act's COSE_Sign1.
    #[n(1)]
    pub record: Digest,
    /// The OPJ who is asked.
    #[n(2)]
    pub opj: Matricule,
}

impl VisaRequest {
    /// The id of the request for a visa of `opj` on `act`: one for the two, however often it is asked for.
    pub fn act_id(act: ActId, opj: &Matricule) -> ActId {
        derived_id(
            b"neo/visa-request/v1",
            &[act.as_bytes(), &crate::canonical::encode(opj)],
        )
    }
}

/// What the OPJ who was asked says of the act.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Visa {
    /// The record that asked for it.
    #[n(0)]
    pub request: ActId,
    #[n(1)]
    pub act: ActId,
    /// SHA-256 of the act's COSE_Sign1 that the OPJ had before them.
    #[n(2)]
    pub record: Digest,
    #[n(3)]
    pub decision: Decision,
}

impl Visa {
    /// The id of the answer to `request`: one, whichever terminal it is given on.
    pub fn act_id(request: ActId) -> ActId {
        derived_id(b"neo/visa/v1", &[request.as_bytes()])
    }
}

/// What was decided; words are never empty.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Decision {
    #[n(0)]
    Approved,
    /// Approved, with observations.
    #[n(1)]
    Observed(#[n(0)] String),
    /// Retour au rédacteur, with the reason; what follows is another act of its author.
    #[n(2)]
    Returned(#[n(0)] String),
}

/// Which decision an OPJ chooses, before its words are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Choice {
    #[n(0)]
    Approve,
    #[n(1)]
    Observe,
    #[n(2)]
    Return,
}

/// The words that go with the choice are missing, too many, or hold what no reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error(
    "the words of the decision are missing, longer than {MAX_WORDS} characters, or hold hidden characters"
)]
pub struct NotADecision;

impl Decision {
    /// Observations and a return need words; a bare visa takes none, so that nothing typed is lost.
    pub fn parse(choice: Choice, words: &str) -> Result<Self, NotADecision> {
        let words = words.trim();
        if words.chars().count() > MAX_WORDS || words.contains(hides_or_turns) {
            return Err(NotADecision);
        }
        match (choice, words) {
            (Choice::Approve, "") => Ok(Self::Approved),
            (Choice::Observe | Choice::Return, "") | (Choice::Approve, _) => Err(NotADecision),
            (Choice::Observe, words) => Ok(Self::Observed(words.to_owned())),
            (Choice::Return, words) => Ok(Self::Returned(words.to_owned())),
        }
    }
}

/// What HQ tells one terminal about visas, sealed to it.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum VisaNote {
    /// An act waits for the visa of an officer of this terminal.
    #[n(0)]
    Asked(#[n(0)] Box<AskedVisa>),
    /// A request that this terminal made, or was told of, is answered.
    #[n(1)]
    Decided(#[n(0)] DecidedVisa),
}

impl VisaNote {
    /// The officer who alone reads it.
    pub const fn officer(&self) -> OfficerId {
        match self {
            Self::Asked(asked) => asked.officer,
            Self::Decided(decided) => decided.officer,
        }
    }
}

/// A request with the act that it is about.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct AskedVisa {
    /// The OPJ.
    #[n(0)]
    pub officer: OfficerId,
    /// COSE_Sign1 of the request's record, byte for byte as signed.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub request: Vec<u8>,
    #[n(2)]
    pub kind: ActKind,
    #[n(3)]
    pub number: Option<ActNumber>,
    #[n(4)]
    pub signed_at: Timestamp,
    /// Absent when it is too large for one message.
    #[n(5)]
    pub act: Option<ShownAct>,
}

impl std::fmt::Debug for AskedVisa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "AskedVisa {{ {}, {} }}", self.officer, self.kind.code())
    }
}

/// An act as its author signed it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct ShownAct {
    /// COSE_Sign1 of the record.
    #[cbor(n(0), with = "minicbor::bytes")]
    pub record: Vec<u8>,
    /// The signed PDF.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub document: Vec<u8>,
}

/// The answer to a request.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DecidedVisa {
    /// The author of the act, or the OPJ who was asked on this terminal too.
    #[n(0)]
    pub officer: OfficerId,
    /// COSE_Sign1 of the visa's record, byte for byte as signed.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub visa: Vec<u8>,
}

impl std::fmt::Debug for DecidedVisa {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "DecidedVisa {{ {} }}", self.officer)
    }
}

impl ActKind {
    /// Whether a visa may be asked for: what an OPJ's control is about, and no record that a legal term binds to one
    /// terminal.
    pub const fn is_open_to_visa(self) -> bool {
        match self {
            Self::Pv | Self::Plainte | Self::Pve | Self::Afd => true,
            Self::IdentityCheck
            | Self::Footage
            | Self::Note
            | Self::VisaRequest
            | Self::Visa
            | Self::Alert
            | Self::SafeContact
            | Self::Custody
            | Self::Verification => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::officer::Corps;

    #[test]
    fn observations_and_a_return_need_words_and_a_bare_visa_takes_none() {
        assert_eq!(Decision::parse(Choice::Approve, " \n"), Ok(Decision::Approved));
        assert_eq!(
            Decision::parse(Choice::Observe, " Heure à préciser. "),
            Ok(Decision::Observed("Heure à préciser.".to_owned()))
        );
        assert_eq!(
            Decision::parse(Choice::Return, "Cadre inexact.\nÀ rectifier."),
            Ok(Decision::Returned("Cadre inexact.\nÀ rectifier.".to_owned()))
        );
        for (choice, words) in [
            (Choice::Observe, ""),
            (Choice::Return, "  "),
            (Choice::Approve, "oui"),
            (Choice::Return, "a\u{202e}b"),
            (Choice::Observe, &"x".repeat(MAX_WORDS + 1)),
        ] {
            assert_eq!(Decision::parse(choice, words), Err(NotADecision));
        }
    }

    #[test]
    fn one_request_has_one_id_and_another_opj_is_another_request() {
        let opj = |number| Matricule::parse(Corps::PoliceNationale, number).unwrap();
        let (act, other) = (ActId::from_bytes([1; 16]), ActId::from_bytes([2; 16]));
        let request = VisaRequest::act_id(act, &opj("7654321"));
        assert_eq!(request, VisaRequest::act_id(act, &opj("7654321")));
        assert_ne!(request, VisaRequest::act_id(act, &opj("7654322")));
        assert_ne!(request, VisaRequest::act_id(other, &opj("7654321")));
        assert_ne!(Visa::act_id(request), request);
    }
}
