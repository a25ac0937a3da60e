//! The amende forfaitaire délictuelle of one délit: amounts, surcharge, and the conditions that are its own.

use std::fmt;

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

use super::dated::{Confidence, Validity};
use super::scale::Amounts;
use crate::afd::Condition;
use crate::canonical::text_that;

/// The text is not the key of a tariff: 2 to 40 lower-case letters, digits and dashes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the text is not the key of a tariff")]
pub struct NotAnAfdKey;

/// What the reference data calls a délit that may be settled by an amende forfaitaire délictuelle.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(transparent)]
pub struct AfdKey(#[cbor(n(0), decode_with = "key")] String);

fn key<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<String, DecodeError> {
    text_that(d, |text| AfdKey::parse(text).is_ok(), "not the key of a tariff")
}

impl AfdKey {
    pub fn parse(text: &str) -> Result<Self, NotAnAfdKey> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if (2..=40).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotAnAfdKey)
        }
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AfdKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The most of something with which an AFD may be proposed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Threshold {
    /// The prosecutor's office whose rule it is; absent for the default.
    #[n(0)]
    pub ressort: Option<String>,
    /// "cannabis", "valeur" …
    #[n(1)]
    pub what: String,
    /// Milligrams of a product, euro cents of a value; itself allowed.
    #[n(2)]
    pub most: u32,
}

/// One délit that an amende forfaitaire may settle (495-17 to 495-25 CPP); amounts in euro cents.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Tariff {
    #[n(0)]
    pub key: AfdKey,
    #[n(1)]
    pub label: String,
    #[n(2)]
    pub article: String,
    #[n(3)]
    pub base: Amounts,
    /// Percent on top of each amount, for the FGAO.
    #[n(4)]
    pub surcharge: u8,
    /// Asked besides those that are asked of every AFD.
    #[n(5)]
    pub conditions: Vec<Condition>,
    /// Tariffs that may not be proposed at the same time.
    #[n(6)]
    pub excludes: Vec<AfdKey>,
    /// May be proposed with no other AFD at all.
    #[n(7)]
    pub alone: bool,
    /// Allowed in récidive.
    #[n(8)]
    pub recidive: bool,
    #[n(9)]
    pub thresholds: Vec<Threshold>,
    #[n(10)]
    pub validity: Validity,
    #[n(11)]
    pub confidence: Confidence,
}

impl Tariff {
    /// What is to be paid, surcharge included.
    pub fn amounts(&self) -> Amounts {
        let with = |amount: u32| {
            let surcharge = u64::from(amount) * u64::from(self.surcharge) / 100;
            amount.saturating_add(u32::try_from(surcharge).unwrap_or(u32::MAX))
        };
        Amounts {
            forfaitaire: with(self.base.forfaitaire),
            minoree: self.base.minoree.map(with),
            majoree: with(self.base.majoree),
        }
    }

    /// The threshold for `what`: that of the ressort, else the default.
    pub fn threshold(&self, what: &str, ressort: Option<&str>) -> Option<&Threshold> {
        let of = |ressort: Option<&str>| {
            self.thresholds
                .iter()
                .find(|threshold| threshold.what == what && threshold.ressort.as_deref() == ressort)
        };
        ressort.and_then(|ressort| of(Some(ressort))).or_else(|| of(None))
    }

    pub(crate) fn bars(&self, other: &AfdKey) -> bool {
        self.alone || self.excludes.contains(other)
    }
}
