//! The proof that an AFD may be proposed, as the record keeps it.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};

use super::checklist::{Answered, Checklist, Quantity};
use super::condition::Condition;
use crate::natinf::{AfdKey, Amounts, Confidence, Natinf};

/// One délit and what is to be paid for it, surcharge included.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct EligibleOffence {
    #[n(0)]
    pub natinf: Natinf,
    #[n(1)]
    pub key: AfdKey,
    #[n(2)]
    pub amounts: Amounts,
    /// Percent of the base amounts that goes to the FGAO.
    #[n(3)]
    pub surcharge: u8,
    #[n(4)]
    pub quantity: Option<Quantity>,
    #[n(5)]
    pub confidence: Confidence,
}

/// Every condition was asked and met; made by [`Checklist::decide`] alone.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Eligible {
    #[cbor(n(0), decode_with = "at_least_one")]
    offences: Vec<EligibleOffence>,
    #[cbor(n(1), decode_with = "nothing_open")]
    checklist: Checklist,
}

fn at_least_one<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<Vec<EligibleOffence>, DecodeError> {
    let offences = Vec::<EligibleOffence>::decode(d, ctx)?;
    if offences.is_empty() {
        return Err(DecodeError::message("no offence"));
    }
    Ok(offences)
}

/// Récidive may be there where the tariff allows it; nothing else is open.
fn nothing_open<C>(d: &mut Decoder<'_>, ctx: &mut C) -> Result<Checklist, DecodeError> {
    let checklist = Checklist::decode(d, ctx)?;
    let closed = |(condition, answered)| match (answered, condition) {
        (Answered::Met, _) | (Answered::NotMet, Condition::NoRecidive) => true,
        (Answered::NotMet | Answered::NotAsked, _) => false,
    };
    let asked = |condition| checklist.of(condition) != Answered::NotAsked;
    if Condition::ALWAYS.into_iter().all(asked) && checklist.answers().all(closed) {
        Ok(checklist)
    } else {
        Err(DecodeError::message("a condition is open"))
    }
}

impl Eligible {
    pub(super) const fn new(offences: Vec<EligibleOffence>, checklist: Checklist) -> Self {
        Self { offences, checklist }
    }

    pub fn offences(&self) -> &[EligibleOffence] {
        &self.offences
    }

    pub const fn checklist(&self) -> &Checklist {
        &self.checklist
    }
}
