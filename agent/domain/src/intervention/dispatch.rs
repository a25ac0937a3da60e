//! What the operations centre tells a crew: a call, a reading to be verified, or an item of the briefing. It ends at its
//! term.

use minicbor::{Decode, Encode};

use super::{Account, Matter, OperationsNumber};
use crate::id::{InterventionId, OfficerId};
use crate::place::Place;
use crate::time::UnixMs;
use crate::vehicle::Plate;

/// For how long a call is proposed where nothing else is said, in milliseconds.
pub const CALL_TERM: i64 = 2 * 3_600_000;
/// Nothing is proposed for longer, in milliseconds.
pub const LONGEST_TERM: i64 = 12 * 3_600_000;

/// One proposal; payload of a COSE_Sign1 by HQ's command key (namespace `dispatch`).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Dispatch {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    /// The intervention that it becomes where a crew takes it.
    #[n(1)]
    pub id: InterventionId,
    /// HQ's clock.
    #[n(2)]
    pub at: UnixMs,
    /// From here on it is shown nowhere, by HQ's clock.
    #[n(3)]
    pub until: UnixMs,
    #[n(4)]
    pub about: About,
}

impl Dispatch {
    /// Content type of its COSE_Sign1.
    pub const CONTENT_TYPE: &str = "application/neo-dispatch+cbor;v=1";

    /// The whole of its time, in milliseconds; 0 for what does not read as a term.
    pub fn term(&self) -> u64 {
        let term = self.until.0.saturating_sub(self.at.0).min(LONGEST_TERM);
        u64::try_from(term).unwrap_or(0)
    }

    /// For how much longer it is shown when HQ's clock shows `now`; never for longer than its whole time.
    pub fn left(&self, now: UnixMs) -> u64 {
        let left = self.until.0.saturating_sub(now.0);
        u64::try_from(left).unwrap_or(0).min(self.term())
    }
}

/// What is proposed.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum About {
    /// Somebody called.
    #[n(0)]
    Call {
        #[n(0)]
        number: OperationsNumber,
        #[n(1)]
        place: Place,
        #[n(2)]
        what: Matter,
        /// Whoever goes there is in danger.
        #[n(3)]
        danger: bool,
    },
    /// A reader of plates, or the radio: to be verified, and confirmed by nobody.
    #[n(1)]
    Hit {
        #[n(0)]
        plate: Plate,
        #[n(1)]
        place: Place,
        /// When it was seen there, HQ's clock.
        #[n(2)]
        seen: UnixMs,
        #[n(3)]
        reason: Matter,
    },
    /// What a crew is told before it goes out; nobody takes it, each officer reads it.
    #[n(2)]
    Briefing {
        #[n(0)]
        title: Matter,
        #[n(1)]
        text: Account,
    },
}

impl About {
    pub const fn is_hit(&self) -> bool {
        matches!(self, Self::Hit { .. })
    }

    pub const fn is_briefing(&self) -> bool {
        matches!(self, Self::Briefing { .. })
    }

    pub const fn place(&self) -> Option<&Place> {
        match self {
            Self::Call { place, .. } | Self::Hit { place, .. } => Some(place),
            Self::Briefing { .. } => None,
        }
    }

    pub const fn matter(&self) -> &Matter {
        match self {
            Self::Call { what, .. } => what,
            Self::Hit { reason, .. } => reason,
            Self::Briefing { title, .. } => title,
        }
    }
}

/// A proposal on its way to one terminal, sealed to it.
#[derive(Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct DispatchNote {
    /// Who alone is shown it; whoever works with the terminal where absent.
    #[n(0)]
    pub officer: Option<OfficerId>,
    /// COSE_Sign1 of a [`Dispatch`], byte for byte as signed.
    #[cbor(n(1), with = "minicbor::bytes")]
    pub dispatch: Vec<u8>,
}

impl std::fmt::Debug for DispatchNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "DispatchNote {{ {:?}, {} bytes }}",
            self.officer,
            self.dispatch.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(minutes: i64) -> Dispatch {
        Dispatch {
            version: 1,
            id: InterventionId::from_bytes([1; 16]),
            at: UnixMs(1_000_000),
            until: UnixMs(1_000_000 + minutes * 60_000),
            about: About::Hit {
                plate: Plate::parse("AB-123-CD").unwrap(),
                place: Place::parse("A1, aire de Ressons").unwrap(),
                seen: UnixMs(990_000),
                reason: Matter::parse("véhicule signalé volé").unwrap(),
            },
        }
    }

    #[test]
    fn no_clock_gives_more_than_the_whole_term_and_none_more_than_the_longest() {
        let hit = proposed(10);
        let at = |minutes: i64| UnixMs(1_000_000 + minutes * 60_000);
        assert_eq!(hit.left(at(0)), 600_000);
        assert_eq!(hit.left(at(9)), 60_000);
        assert_eq!(hit.left(at(10)), 0);
        assert_eq!(hit.left(at(99)), 0);
        assert_eq!(hit.left(at(-1_000)), 600_000);
        assert_eq!(proposed(-5).left(at(0)), 0);
        assert_eq!(proposed(100_000).term(), u64::try_from(LONGEST_TERM).unwrap());
    }
}
