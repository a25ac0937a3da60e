//! The cross-check: what several sources say of the same fact, field by field.
//!
//! Two sources agree only where both were read and both count; a difference is something to look at, and never says that
//! a document is false. A zone cuts and rewrites what is printed (ICAO 9303-3 §4 and §6): what it cannot say is no
//! difference.

mod name;
mod seal;
#[cfg(test)]
mod tests;
mod value;
mod zone;

use minicbor::{Decode, Encode};

pub use name::Name;
pub(crate) use name::zone_words;
pub use seal::{ListVersion, SealSeen, SealTrace};
pub use value::{Day, Sex, Value, country};
pub use zone::claims_of_zone;

use crate::officer::FileKind;
use crate::sensitive::Sensitive;

/// A fact that several sources state, the weightier first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Fact {
    #[n(0)]
    Surname,
    #[n(1)]
    GivenNames,
    #[n(2)]
    Born,
    #[n(3)]
    Sex,
    /// Of the document.
    #[n(4)]
    Number,
    /// The end of validity that the document states.
    #[n(5)]
    Expiry,
    #[n(6)]
    Nationality,
    #[n(7)]
    Plate,
    #[n(8)]
    Vin,
    #[n(9)]
    Make,
}

impl Fact {
    pub const ALL: [Self; 10] = [
        Self::Surname,
        Self::GivenNames,
        Self::Born,
        Self::Sex,
        Self::Number,
        Self::Expiry,
        Self::Nationality,
        Self::Plate,
        Self::Vin,
        Self::Make,
    ];

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Surname => "surname",
            Self::GivenNames => "given_names",
            Self::Born => "born",
            Self::Sex => "sex",
            Self::Number => "number",
            Self::Expiry => "expires",
            Self::Nationality => "nationality",
            Self::Plate => "plate",
            Self::Vin => "vin",
            Self::Make => "make",
        }
    }
}

/// Who states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Source {
    /// The machine-readable zone.
    #[n(0)]
    Zone,
    /// The officer, from what is printed or said.
    #[n(1)]
    Typed,
    /// The signed part of a visible seal.
    #[n(2)]
    Seal,
    #[n(3)]
    File(#[n(0)] FileKind),
}

impl Source {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Zone => "zone",
            Self::Typed => "typed",
            Self::Seal => "seal",
            Self::File(_) => "file",
        }
    }
}

/// Whether what a source says can agree with another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Footing {
    #[n(0)]
    Counts,
    /// Shown beside the others: a zone whose digits do not agree, a seal that nobody verified.
    #[n(1)]
    ShownOnly,
}

/// What one source says of one fact.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Claim {
    #[n(0)]
    pub fact: Fact,
    #[n(1)]
    pub source: Source,
    #[n(2)]
    pub footing: Footing,
    #[n(3)]
    pub value: Value,
}

/// What the sources of a fact come to, what is to be looked at first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Agreement {
    /// To be looked at; nothing says which source is right.
    #[n(0)]
    Different,
    /// Nothing differs in what both can say.
    #[n(1)]
    SameAsFarAsRead,
    /// One source alone counts: nothing was compared.
    #[n(2)]
    OnlyHere,
    /// Equal under the rules of the documents.
    #[n(3)]
    Same,
}

impl Agreement {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Different => "different",
            Self::SameAsFarAsRead => "same_as_far_as_read",
            Self::OnlyHere => "only_here",
            Self::Same => "same",
        }
    }
}

/// Why an agreement goes no further, or a difference may be none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Limit {
    /// A zone has no room for the whole name.
    #[n(0)]
    Truncated,
    /// Letters that a zone writes otherwise (ICAO 9303-3 §6).
    #[n(1)]
    Transliterated,
    /// Hyphens, apostrophes, spaces.
    #[n(2)]
    Separators,
    /// One source gives the first of several given names.
    #[n(3)]
    FewerNames,
    /// It is another name of the same person in one source: usage, by marriage.
    #[n(4)]
    OtherName,
    /// One source does not know the day or the month.
    #[n(5)]
    PartOfDate,
    /// A zone has two digits of the year.
    #[n(6)]
    Century,
    /// The characters that differ are of those that no check digit tells apart: read the zone again.
    #[n(7)]
    BlindDigit,
    /// A source that does not count says otherwise, or the same.
    #[n(8)]
    NotProven,
}

impl Limit {
    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::Transliterated => "transliterated",
            Self::Separators => "separators",
            Self::FewerNames => "fewer_names",
            Self::OtherName => "other_name",
            Self::PartOfDate => "part_of_date",
            Self::Century => "century",
            Self::BlindDigit => "blind_digit",
            Self::NotProven => "not_proven",
        }
    }
}

/// What one source says, as it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Said {
    #[n(0)]
    pub source: Source,
    #[n(1)]
    pub footing: Footing,
    /// Absent from acts where the act says it elsewhere, or where it is a file's.
    #[n(2)]
    pub text: Option<Sensitive<String>>,
}

/// One fact, and what its sources come to.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Compared {
    #[n(0)]
    pub fact: Fact,
    #[n(1)]
    pub agreement: Agreement,
    /// In the order of the enum, none twice.
    #[cbor(n(2), default, skip_if = "Vec::is_empty")]
    pub limits: Vec<Limit>,
    /// In the order of the sources; at least one.
    #[n(3)]
    pub said: Vec<Said>,
}

impl Compared {
    /// As an act keeps it: what differs, word for word, and of files only that they took part.
    #[must_use]
    pub fn kept(mut self) -> Self {
        let differs = self.agreement == Agreement::Different;
        for said in &mut self.said {
            if !differs || matches!(said.source, Source::File(_)) {
                said.text = None;
            }
        }
        self
    }
}

/// Two values of one fact, whatever their sources.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Likeness {
    Same,
    AsFar(Vec<Limit>),
    Different(Vec<Limit>),
}

impl Likeness {
    fn as_far(limits: impl IntoIterator<Item = Limit>) -> Self {
        Self::AsFar(limits.into_iter().collect())
    }
}

/// Every fact that a source states, what is to be looked at first; nothing where one source alone speaks.
///
/// The order of `claims` changes nothing.
pub fn crosscheck(claims: &[Claim]) -> Vec<Compared> {
    let first = claims.first().map(|claim| claim.source);
    if claims.iter().all(|claim| Some(claim.source) == first) {
        return Vec::new();
    }
    let mut facts: Vec<Compared> = Fact::ALL
        .into_iter()
        .filter_map(|fact| compared(fact, claims))
        .collect();
    facts.sort_by_key(|one| (one.agreement, one.fact));
    facts
}

fn compared(fact: Fact, claims: &[Claim]) -> Option<Compared> {
    let mut once: Vec<&Claim> = Vec::new();
    for claim in claims.iter().filter(|claim| claim.fact == fact) {
        if !once.contains(&claim) {
            once.push(claim);
        }
    }
    let mut claims = once;
    claims.sort_by_cached_key(|claim| (claim.source, claim.footing, claim.value.shown()));
    if claims.is_empty() {
        return None;
    }
    let mut limits = Vec::new();
    let mut worst = None;
    for (at, one) in claims.iter().enumerate() {
        for other in &claims[at + 1..] {
            let both_count = one.footing == Footing::Counts && other.footing == Footing::Counts;
            let agreement = match likeness(one, other) {
                Likeness::Different(why) => {
                    limits.extend(why);
                    Agreement::Different
                }
                // What does not count agrees with nothing, and two words of one source are one.
                Likeness::Same | Likeness::AsFar(_) if !both_count || one.source == other.source => {
                    Agreement::OnlyHere
                }
                Likeness::AsFar(why) => {
                    limits.extend(why);
                    Agreement::SameAsFarAsRead
                }
                Likeness::Same => Agreement::Same,
            };
            if !both_count {
                limits.push(Limit::NotProven);
            }
            worst = Some(worse(worst, agreement));
        }
    }
    limits.sort_unstable();
    limits.dedup();
    Some(Compared {
        fact,
        agreement: worst.unwrap_or(Agreement::OnlyHere),
        limits,
        said: claims
            .into_iter()
            .map(|claim| Said {
                source: claim.source,
                footing: claim.footing,
                text: Some(claim.value.shown().into()),
            })
            .collect(),
    })
}

/// A difference outweighs all; a pair that was not compared says nothing against those that were.
fn worse(known: Option<Agreement>, more: Agreement) -> Agreement {
    match (known, more) {
        (None | Some(Agreement::OnlyHere), one) | (Some(one), Agreement::OnlyHere) => one,
        (Some(known), more) => known.min(more),
    }
}

fn likeness(one: &Claim, other: &Claim) -> Likeness {
    let likeness = one.value.likeness(&other.value, one.fact);
    let by_zone = (one.source == Source::Zone) != (other.source == Source::Zone);
    match likeness {
        Likeness::Different(_) if by_zone && one.value.is_blind_to(&other.value) => {
            Likeness::Different(vec![Limit::BlindDigit])
        }
        Likeness::Same | Likeness::AsFar(_) | Likeness::Different(_) => likeness,
    }
}
