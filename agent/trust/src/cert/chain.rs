//! Who vouches for a certificate: the path from a leaf to an anchor, judged at a given moment.
//!
//! Four questions have four answers: a forged signature, an unknown anchor, a wrong date and a wrong use are
//! different facts to a court.

use super::{Certificate, Profile, ProfileFault};
use crate::Verdict;

/// Leaf, issuing authority, root.
const MAX_DEPTH: usize = 3;

/// What is wrong with a chain; `depth` counts from the leaf, 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    #[error("certificate {depth} of the chain was not signed by the issuer that it names")]
    BadSignature { depth: usize },
    #[error("the issuer of certificate {depth} of the chain is not known")]
    UnknownIssuer { depth: usize },
    #[error("the chain is longer than leaf, issuing authority and root")]
    TooLong,
    #[error("certificate {depth} of the chain is not valid yet")]
    NotYetValid { depth: usize },
    #[error("certificate {depth} of the chain has expired")]
    Expired { depth: usize },
    #[error("certificate {depth} of the chain is not for this use")]
    WrongProfile {
        depth: usize,
        #[source]
        fault: ProfileFault,
    },
}

/// The four answers about a chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChainVerdict {
    /// Every certificate up to an anchor is signed by the next; not checked when the path ends before.
    pub signature: Verdict<ChainFault>,
    /// The path ends at an anchor; not checked when a signature is bad.
    pub trusted: Verdict<ChainFault>,
    /// Every certificate that was found on the path is valid at the given moment; the leaf always counts.
    pub in_date: Verdict<ChainFault>,
    /// The leaf has the expected profile and every authority may issue at its place.
    pub profile: Verdict<ChainFault>,
}

impl ChainVerdict {
    /// True only when all four were checked and held.
    pub fn all_ok(&self) -> bool {
        self.first_fault().is_none() && self.answers().iter().all(Verdict::is_ok)
    }

    /// The first fault, in the order signature, trust, date, use; `None` does not mean that all were checked.
    pub fn first_fault(&self) -> Option<ChainFault> {
        self.answers().into_iter().find_map(|answer| match answer {
            Verdict::Failed(fault) => Some(fault),
            Verdict::Ok | Verdict::NotChecked => None,
        })
    }

    fn answers(&self) -> [Verdict<ChainFault>; 4] {
        [self.signature, self.trusted, self.in_date, self.profile]
    }
}

/// How far the search for an anchor went.
enum End {
    Anchor,
    /// The leaf is itself an anchor, and the issuer that signed it is not looked for.
    Pinned,
    Forged {
        depth: usize,
    },
    Unknown {
        depth: usize,
    },
    TooLong,
}

/// Judges `leaf` as a `profile` at `at_unix_ms`, through `intermediates` (trusted for nothing) to one of `anchors`.
///
/// An anchor is trusted because it is configured, byte for byte, and its own signature is not looked at, except
/// where the leaf is itself a root.
pub fn verify_chain(
    leaf: &Certificate,
    intermediates: &[Certificate],
    anchors: &[Certificate],
    profile: Profile,
    at_unix_ms: i64,
) -> ChainVerdict {
    let (path, end) = find_path(leaf, intermediates, anchors);
    let (signature, trusted) = match end {
        End::Anchor => (Verdict::Ok, Verdict::Ok),
        End::Pinned => (Verdict::NotChecked, Verdict::Ok),
        End::Forged { depth } => (
            Verdict::Failed(ChainFault::BadSignature { depth }),
            Verdict::NotChecked,
        ),
        End::Unknown { depth } => (
            Verdict::NotChecked,
            Verdict::Failed(ChainFault::UnknownIssuer { depth }),
        ),
        End::TooLong => (Verdict::NotChecked, Verdict::Failed(ChainFault::TooLong)),
    };
    ChainVerdict {
        signature,
        trusted,
        in_date: dates(&path, at_unix_ms).into(),
        profile: profiles(&path, profile).into(),
    }
}

fn find_path<'a>(
    leaf: &'a Certificate,
    intermediates: &'a [Certificate],
    anchors: &'a [Certificate],
) -> (Vec<&'a Certificate>, End) {
    let mut path = vec![leaf];
    if anchors.contains(leaf) {
        let end = match (leaf.names_as_issuer(leaf), leaf.is_signed_by(leaf)) {
            (true, true) => End::Anchor,
            (true, false) => End::Forged { depth: 0 },
            (false, _) => End::Pinned,
        };
        return (path, end);
    }
    let mut current = leaf;
    loop {
        let depth = path.len() - 1;
        if current.names_as_issuer(current) {
            return (path, End::Unknown { depth });
        }
        if path.len() == MAX_DEPTH {
            return (path, End::TooLong);
        }
        let mut named = anchors
            .iter()
            .chain(intermediates)
            .filter(|candidate| current.names_as_issuer(candidate))
            .peekable();
        if named.peek().is_none() {
            return (path, End::Unknown { depth });
        }
        let Some(issuer) = named.find(|candidate| current.is_signed_by(candidate)) else {
            return (path, End::Forged { depth });
        };
        path.push(issuer);
        if anchors.contains(issuer) {
            return (path, End::Anchor);
        }
        current = issuer;
    }
}

fn dates(path: &[&Certificate], at_unix_ms: i64) -> Result<(), ChainFault> {
    for (depth, certificate) in path.iter().enumerate() {
        let (first, last) = certificate.validity_unix_ms();
        if at_unix_ms < first {
            return Err(ChainFault::NotYetValid { depth });
        }
        if at_unix_ms > last {
            return Err(ChainFault::Expired { depth });
        }
    }
    Ok(())
}

fn profiles(path: &[&Certificate], leaf_profile: Profile) -> Result<(), ChainFault> {
    for (depth, certificate) in path.iter().enumerate() {
        let checked = match depth {
            0 => certificate.check_profile(leaf_profile),
            // A pinned authority of either level may stand directly above a leaf.
            1 => certificate
                .check_profile(Profile::Issuing)
                .or_else(|fault| certificate.check_profile(Profile::Root).map_err(|_| fault)),
            _ => certificate.check_profile(Profile::Root),
        };
        checked.map_err(|fault| ChainFault::WrongProfile { depth, fault })?;
    }
    Ok(())
}
