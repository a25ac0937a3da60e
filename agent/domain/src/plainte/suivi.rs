//! What becomes of a complaint (articles 40-1 to 40-3 and 85 CPP), as HQ signs it, step by step.
//!
//! A step says where a case stands and nothing of what it is about: no offence, no name, no words of anybody.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use crate::canonical::Digest;
use crate::draft::hides_or_turns;
use crate::id::{ActId, OfficerId};
use crate::time::UnixMs;

/// The longest name of a service or court, in characters.
pub const MAX_OFFICE: usize = 120;

/// One step; payload of a COSE_Sign1 by HQ's command key (namespace `suivi`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Suivi {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The complaint.
    #[n(1)]
    pub act: ActId,
    /// SHA-256 of the complaint's COSE_Sign1.
    #[n(2)]
    pub record: Digest,
    /// From 1, ascending for each complaint: one that is not above the last changes nothing.
    #[n(3)]
    pub sequence: u32,
    /// HQ's clock.
    #[n(4)]
    pub at: UnixMs,
    #[n(5)]
    pub stage: Stage,
}

impl Suivi {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-suivi+cbor;v=1";
}

/// A step on its way to one terminal, sealed to it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct SuiviNote {
    /// Who took the complaint, and alone reads it.
    #[n(0)]
    pub officer: OfficerId,
    /// COSE_Sign1 of a [`Suivi`], byte for byte as signed.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub suivi: Vec<u8>,
}

impl std::fmt::Debug for SuiviNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SuiviNote {{ {}, {} bytes }}", self.officer, self.suivi.len())
    }
}

/// Where a complaint stands.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Stage {
    /// Registered by the service that will deal with it.
    #[n(0)]
    Received,
    /// Handed to the competent service (15-3 al. 1).
    #[n(1)]
    SentToService(#[n(0)] Office),
    #[n(2)]
    UnderInvestigation,
    /// The prosecutor's office of this court decides what follows (40-1).
    #[n(3)]
    SentToProsecutor(#[n(0)] Office),
    /// Classement sans suite (40-1 3°), with the reason that the victim is told (40-2 al. 2).
    #[n(4)]
    Closed(#[n(0)] ClosedFor),
    /// An alternative to prosecution (40-1 2°, 41-1).
    #[n(5)]
    Alternative,
    /// The prosecutor prosecutes (40-1 1°).
    #[n(6)]
    Prosecuted,
    /// An examining magistrate investigates (information judiciaire).
    #[n(7)]
    JudicialInvestigation,
    /// The victim is told of a hearing.
    #[n(8)]
    Hearing(#[n(0)] Hearing),
    /// Something was added to the complaint.
    #[n(9)]
    Completed,
    /// The victim withdrew it; that does not end a prosecution.
    #[n(10)]
    Withdrawn,
}

/// When and where a court hears the case.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Hearing {
    #[n(0)]
    pub at: UnixMs,
    /// Minutes east of UTC at the court, at that moment.
    #[n(1)]
    pub offset_min: i16,
    #[n(2)]
    pub court: Office,
}

/// Why a complaint is closed without more: what an avis de classement states.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum ClosedFor {
    #[n(0)]
    NoOffence,
    #[n(1)]
    NotEstablished,
    /// Prescription, death, amnesty, a transaction.
    #[n(2)]
    ActionExtinguished,
    /// Immunity, or a person who does not answer for what they did.
    #[n(3)]
    NotAnswerable,
    #[n(4)]
    IrregularProcedure,
    #[n(5)]
    AuthorUnknown,
    #[n(6)]
    SearchesFruitless,
    /// The complainant gave the case up.
    #[n(7)]
    GivenUp,
    /// The complainant did not answer.
    #[n(8)]
    NoAnswer,
    #[n(9)]
    LittleHarm,
    /// Somebody made good what was done.
    #[n(10)]
    MadeGood,
    /// Another sanction than a penal one.
    #[n(11)]
    OtherSanction,
}

impl ClosedFor {
    pub const ALL: [Self; 12] = [
        Self::NoOffence,
        Self::NotEstablished,
        Self::ActionExtinguished,
        Self::NotAnswerable,
        Self::IrregularProcedure,
        Self::AuthorUnknown,
        Self::SearchesFruitless,
        Self::GivenUp,
        Self::NoAnswer,
        Self::LittleHarm,
        Self::MadeGood,
        Self::OtherSanction,
    ];

    /// What the console calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoOffence => "no-offence",
            Self::NotEstablished => "not-established",
            Self::ActionExtinguished => "action-extinguished",
            Self::NotAnswerable => "not-answerable",
            Self::IrregularProcedure => "irregular-procedure",
            Self::AuthorUnknown => "author-unknown",
            Self::SearchesFruitless => "searches-fruitless",
            Self::GivenUp => "given-up",
            Self::NoAnswer => "no-answer",
            Self::LittleHarm => "little-harm",
            Self::MadeGood => "made-good",
            Self::OtherSanction => "other-sanction",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }
}

/// What a victim can do against the decision not to prosecute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// To ask the procureur général (40-3).
    ProsecutorGeneral,
    /// Plainte avec constitution de partie civile before the examining magistrate (85).
    PartieCivile,
}

impl Remedy {
    pub const fn article(self) -> &'static str {
        match self {
            Self::ProsecutorGeneral => "40-3",
            Self::PartieCivile => "85",
        }
    }
}

impl Stage {
    /// What the console and HQ's table call it.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::SentToService(_) => "sent-to-service",
            Self::UnderInvestigation => "under-investigation",
            Self::SentToProsecutor(_) => "sent-to-prosecutor",
            Self::Closed(_) => "closed",
            Self::Alternative => "alternative",
            Self::Prosecuted => "prosecuted",
            Self::JudicialInvestigation => "judicial-investigation",
            Self::Hearing(_) => "hearing",
            Self::Completed => "completed",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether it may come after `before`, none for the first: nothing comes before the receipt, which comes once; a case
    /// that was closed may be taken up again until the facts are prescribed.
    pub const fn may_follow(&self, before: Option<&Self>) -> bool {
        matches!(self, Self::Received) == before.is_none()
    }

    /// What the victim can do against it.
    pub const fn remedies(&self) -> &'static [Remedy] {
        match self {
            Self::Closed(_) => &[Remedy::ProsecutorGeneral, Remedy::PartieCivile],
            Self::Received
            | Self::SentToService(_)
            | Self::UnderInvestigation
            | Self::SentToProsecutor(_)
            | Self::Alternative
            | Self::Prosecuted
            | Self::JudicialInvestigation
            | Self::Hearing(_)
            | Self::Completed
            | Self::Withdrawn => &[],
        }
    }
}

/// The name of a service or a court, as it is told.
#[derive(Debug, Clone, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct Office(#[n(0)] String);

/// The text names no service or court.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a service or court has a name of 1 to {MAX_OFFICE} characters, on one line")]
pub struct NotAnOffice;

impl Office {
    pub fn parse(text: &str) -> Result<Self, NotAnOffice> {
        let name = text.trim();
        let hidden = |c: char| c.is_control() || hides_or_turns(c);
        if name.is_empty() || name.chars().count() > MAX_OFFICE || name.contains(hidden) {
            return Err(NotAnOffice);
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<'b, C> Decode<'b, C> for Office {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let text = d.str()?;
        Self::parse(text)
            .ok()
            .filter(|office| office.as_str() == text)
            .ok_or_else(|| DecodeError::message("no name of a service or court"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> Office {
        Office::parse("Tribunal judiciaire de Bobigny").unwrap()
    }

    fn stages() -> Vec<Stage> {
        vec![
            Stage::Received,
            Stage::SentToService(office()),
            Stage::UnderInvestigation,
            Stage::SentToProsecutor(office()),
            Stage::Closed(ClosedFor::AuthorUnknown),
            Stage::Alternative,
            Stage::Prosecuted,
            Stage::JudicialInvestigation,
            Stage::Hearing(Hearing {
                at: UnixMs(1_799_999_999_000),
                offset_min: 60,
                court: office(),
            }),
            Stage::Completed,
            Stage::Withdrawn,
        ]
    }

    #[test]
    fn cpp_40_3_and_85_a_closed_complaint_and_no_other_step_states_its_remedies() {
        for stage in stages() {
            let articles: Vec<&str> = stage.remedies().iter().map(|remedy| remedy.article()).collect();
            let expected: &[&str] = if stage.code() == "closed" {
                &["40-3", "85"]
            } else {
                &[]
            };
            assert_eq!(articles, expected, "{}", stage.code());
        }
    }

    #[test]
    fn a_complaint_is_received_first_and_once_and_a_closed_one_may_be_taken_up_again() {
        let closed = Stage::Closed(ClosedFor::SearchesFruitless);
        assert!(Stage::Received.may_follow(None));
        assert!(!Stage::UnderInvestigation.may_follow(None));
        assert!(!Stage::Received.may_follow(Some(&closed)));
        assert!(Stage::Prosecuted.may_follow(Some(&closed)));
    }

    #[test]
    fn an_office_is_one_plain_line_and_is_read_back_only_as_it_is_written() {
        assert_eq!(
            Office::parse("  Commissariat du 10e ").unwrap().as_str(),
            "Commissariat du 10e"
        );
        for text in ["", "  ", "a\nb", "a\u{202e}b", &"x".repeat(MAX_OFFICE + 1)] {
            assert_eq!(Office::parse(text), Err(NotAnOffice), "{text:?}");
        }
        let padded = crate::canonical::encode(&" padded ".to_owned());
        assert!(crate::canonical::decode::<Office>(&padded).is_err());
    }

    #[test]
    fn every_reason_is_found_by_its_code() {
        for reason in ClosedFor::ALL {
            assert_eq!(ClosedFor::from_code(reason.code()), Some(reason));
        }
        assert_eq!(ClosedFor::from_code("because"), None);
    }
}
