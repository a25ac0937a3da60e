//! Proof that one segment belongs to a clip whose Merkle root is signed, for disclosure without the rest.
//!
//! Each step names its side, so that the proof needs no tree size and no bit of it can change without moving the root.

use domain::canonical::{Digest, NotCanonical, decode, encode};
use domain::footage::{Manifest, Segment};
use minicbor::{Decode, Encode};
use trust::merkle;

/// A path from a leaf of a tree with at most 2³² leaves.
const MAX_STEPS: usize = 32;

/// The file `proof.cbor`: a segment and its path to the root (hashing of RFC 9162 §2.1).
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Proof {
    /// Format version, 1.
    #[n(0)]
    pub version: u8,
    #[n(1)]
    pub segment: Segment,
    /// From the leaf upwards.
    #[n(2)]
    pub path: Vec<Step>,
}

/// The other half of a node, and the side on which it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum Step {
    #[n(0)]
    Left(#[n(0)] Digest),
    #[n(1)]
    Right(#[n(0)] Digest),
}

impl Proof {
    /// The proof for segment `index` of `manifest`; `None` when there is no such segment.
    pub fn of(manifest: &Manifest, index: u32) -> Option<Self> {
        let mut at = usize::try_from(index).ok()?;
        let segment = manifest.segments.get(at)?.clone();
        let hashes = leaves(manifest);
        let mut leaves = hashes.as_slice();
        let mut path = Vec::new();
        while leaves.len() > 1 {
            // RFC 9162 §2.1.1: the left half holds the largest power of two below the whole.
            let (left, right) = leaves.split_at(1 << (leaves.len() - 1).ilog2());
            if at < left.len() {
                path.push(Step::Right(domain_digest(&merkle::root(right))));
                leaves = left;
            } else {
                path.push(Step::Left(domain_digest(&merkle::root(left))));
                at -= left.len();
                leaves = right;
            }
        }
        path.reverse();
        Some(Self {
            version: 1,
            segment,
            path,
        })
    }

    /// The root to which the path leads.
    pub fn root(&self) -> Digest {
        let leaf = merkle::leaf(&self.segment.leaf());
        let root = self.path.iter().fold(leaf, |hash, step| match step {
            Step::Left(sibling) => merkle::node(&trust_digest(sibling), &hash),
            Step::Right(sibling) => merkle::node(&hash, &trust_digest(sibling)),
        });
        domain_digest(&root)
    }

    pub fn to_bytes(&self) -> Vec<u8> {
        encode(self)
    }

    /// Reads a proof; a path longer than any tree has is malformed.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NotCanonical> {
        let proof: Self = decode(bytes)?;
        if proof.version == 1 && proof.path.len() <= MAX_STEPS {
            Ok(proof)
        } else {
            Err(NotCanonical::Malformed)
        }
    }
}

/// The Merkle root over the segments of `manifest`.
pub fn root(manifest: &Manifest) -> Digest {
    domain_digest(&merkle::root(&leaves(manifest)))
}

fn leaves(manifest: &Manifest) -> Vec<trust::Digest> {
    manifest
        .segments
        .iter()
        .map(|segment| merkle::leaf(&segment.leaf()))
        .collect()
}

fn domain_digest(digest: &trust::Digest) -> Digest {
    Digest::from_bytes(*digest.as_bytes())
}

fn trust_digest(digest: &Digest) -> trust::Digest {
    trust::Digest(*digest.as_bytes())
}
