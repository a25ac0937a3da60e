//! The authorities and certificates that sign visible seals, as one list that is distributed to terminals.
//!
//! What the list says of itself is shown beside every verdict that rests on it: where it comes from, how old it is,
//! and whether anybody checked its author's signature.

use minicbor::{Decode, Encode};

use crate::canonical::Digest;
use crate::enrolment::Der;
use crate::identity::Verdict;
use crate::time::UnixMs;

/// Everything that is known of signers; sorted, nothing twice.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct TrustList {
    /// Who published it, or what it was made from.
    #[n(0)]
    pub origin: String,
    #[n(1)]
    pub issued: UnixMs,
    /// From then on the author should have published another.
    #[n(2)]
    pub next_update: Option<UnixMs>,
    /// Of two lists of one author, the higher number counts.
    #[n(3)]
    pub sequence: u64,
    /// The author's own signature over the list, as it was published.
    #[n(4)]
    pub signature: Verdict,
    #[n(5)]
    pub authorities: Vec<Authority>,
    #[n(6)]
    pub signers: Vec<Signer>,
}

/// What the author of a list says of an authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Standing {
    /// In accord, under supervision, accredited, granted.
    #[n(0)]
    Recognised,
    /// What was signed before counts.
    #[n(1)]
    Withdrawn,
    /// Nothing counts.
    #[n(2)]
    Revoked,
    /// Nobody says, or in words that are not known here.
    #[n(3)]
    Unstated,
}

impl Standing {
    pub const ALL: [Self; 4] = [Self::Recognised, Self::Withdrawn, Self::Revoked, Self::Unstated];

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Recognised => "recognised",
            Self::Withdrawn => "withdrawn",
            Self::Revoked => "revoked",
            Self::Unstated => "unstated",
        }
    }
}

/// An authority that issues certificates to signers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Authority {
    /// The common name of its certificate: `FR05`.
    #[n(0)]
    pub id: String,
    #[n(1)]
    pub certificate: Der,
    #[n(2)]
    pub standing: Standing,
    /// Since when.
    #[n(3)]
    pub since: Option<UnixMs>,
    /// Its list of revoked certificates, whose signature held when the list was made.
    #[n(4)]
    pub revocations: Option<Revocations>,
}

/// What an authority revoked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Revocations {
    #[n(0)]
    pub issued: UnixMs,
    #[n(1)]
    pub next_update: Option<UnixMs>,
    /// Serial numbers in upper-case hexadecimal without leading zeros, ascending.
    #[n(2)]
    pub serials: Vec<String>,
}

/// A certificate whose key signs seals.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(map)]
pub struct Signer {
    /// What a seal calls the authority or signer: `FR05`, `DETS`.
    #[n(0)]
    pub authority: String,
    /// What a seal calls the certificate.
    #[n(1)]
    pub id: String,
    #[n(2)]
    pub certificate: Der,
}

impl TrustList {
    /// Days since the list was issued; 0 for one of the future.
    pub fn age_days(&self, now: UnixMs) -> u32 {
        let days = now.0.saturating_sub(self.issued.0) / UnixMs::DAY;
        u32::try_from(days.max(0)).unwrap_or(u32::MAX)
    }

    /// Whether its author should have published another.
    pub fn is_outdated(&self, now: UnixMs) -> bool {
        self.next_update.is_some_and(|next| next < now)
    }

    /// SHA-256 of its deterministic bytes.
    pub fn digest(&self) -> Digest {
        Digest::of(&crate::encode(self))
    }

    /// In the one order that a list has.
    pub fn sorted(mut self) -> Self {
        self.authorities.sort();
        self.authorities.dedup();
        self.signers.sort();
        self.signers.dedup();
        self
    }
}
