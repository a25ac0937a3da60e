//! A tree that grows leaf by leaf, kept as the roots of its complete subtrees: a leaf and any earlier head cost O(log n).

use super::node;
use crate::{Digest, sha256};

/// A complete subtree: the one over the leaves from `position << level`, `1 << level` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub level: u8,
    pub position: u64,
}

/// The subtrees that leaf number `index` completes, the leaf itself first; `stored` gives those of earlier leaves.
pub fn append<E>(
    index: u64,
    leaf: Digest,
    mut stored: impl FnMut(Place) -> Result<Digest, E>,
) -> Result<Vec<(Place, Digest)>, E> {
    let mut place = Place {
        level: 0,
        position: index,
    };
    let mut hash = leaf;
    let mut completed = vec![(place, hash)];
    while place.position & 1 == 1 {
        let left = stored(Place {
            position: place.position - 1,
            ..place
        })?;
        hash = node(&left, &hash);
        place = Place {
            level: place.level + 1,
            position: place.position >> 1,
        };
        completed.push((place, hash));
    }
    Ok(completed)
}

/// The tree head over the first `size` leaves, out of the subtrees that are `stored`.
pub fn root_at<E>(size: u64, mut stored: impl FnMut(Place) -> Result<Digest, E>) -> Result<Digest, E> {
    let mut rest = size;
    let mut right: Option<Digest> = None;
    while rest != 0 {
        let level = rest.trailing_zeros();
        let peak = stored(Place {
            // A `u64` has no 256 bits.
            level: u8::try_from(level).unwrap_or(u8::MAX),
            position: (rest >> level) - 1,
        })?;
        right = Some(right.map_or(peak, |right| node(&peak, &right)));
        rest &= rest - 1;
    }
    Ok(right.unwrap_or_else(|| sha256(b"")))
}

/// A tree in memory that keeps only what later leaves need: its head at each size as it grows.
#[derive(Debug, Clone, Default)]
pub struct Peaks {
    size: u64,
    /// The complete subtrees that no larger one holds, the largest first.
    peaks: Vec<Digest>,
}

impl Peaks {
    pub fn push(&mut self, leaf: Digest) {
        let mut hash = leaf;
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// How many leaves there are.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The tree head.
    pub fn root(&self) -> Digest {
        let joined = self
            .peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node(&left, &right));
        joined.unwrap_or_else(|| sha256(b""))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::{leaf, root};
    use super::*;

    #[test]
    fn a_grown_tree_has_at_every_size_the_head_of_a_plain_recomputation() {
        let leaves: Vec<Digest> = (0..200_u64).map(|n| leaf(&n.to_be_bytes())).collect();
        let mut stored: BTreeMap<Place, Digest> = BTreeMap::new();
        for (index, hash) in (0..).zip(&leaves) {
            let grown = append(index, *hash, |place| stored.get(&place).copied().ok_or(place)).unwrap();
            stored.extend(grown);
            assert!(stored.len() < 2 * (usize::try_from(index).unwrap() + 1));
        }
        let mut peaks = Peaks::default();
        for size in 0..=leaves.len() {
            if let Some(before) = size.checked_sub(1) {
                peaks.push(leaves[before]);
            }
            assert_eq!((peaks.size(), peaks.root()), (size as u64, root(&leaves[..size])));
            let head = root_at(size as u64, |place| stored.get(&place).copied().ok_or(place));
            assert_eq!(head, Ok(root(&leaves[..size])), "{size} leaves");
        }
    }

    #[test]
    fn a_subtree_that_is_not_stored_is_an_error_and_not_another_head() {
        assert_eq!(
            root_at(3, Err::<Digest, _>),
            Err(Place {
                level: 0,
                position: 2
            })
        );
        assert!(append(1, sha256(b"x"), Err::<Digest, _>).is_err());
    }
}
