//! Merkle trees as certificate-transparency logs hash them (RFC 9162 §2.1), for manifests and the journal.
//!
//! Leaves and nodes are hashed under different prefixes, so that a node can never pass for a leaf.

mod grown;

pub use grown::{Peaks, Place, append, root_at};

use crate::{Digest, Hasher, sha256};

/// The hash of one leaf's data: `SHA-256(0x00 ‖ data)`.
pub fn leaf(data: &[u8]) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[0x00]);
    hasher.update(data);
    hasher.finish()
}

/// The hash of an inner node: `SHA-256(0x01 ‖ left ‖ right)`.
pub fn node(left: &Digest, right: &Digest) -> Digest {
    let mut hasher = Hasher::new();
    hasher.update(&[0x01]);
    hasher.update(&left.0);
    hasher.update(&right.0);
    hasher.finish()
}

/// The tree head over leaf hashes (each made by [`leaf`]); of no leaf, SHA-256 of nothing.
pub fn root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => sha256(b""),
        [only] => *only,
        _ => {
            let (left, right) = leaves.split_at(split(leaves.len()));
            node(&root(left), &root(right))
        }
    }
}

/// The largest power of two below `n`, for `n` ≥ 2.
fn split(n: usize) -> usize {
    1 << (n - 1).ilog2()
}

/// The path that proves leaf `index` under [`root`]; `None` when there is no such leaf (RFC 9162 §2.1.3.1).
pub fn inclusion_proof(leaves: &[Digest], index: usize) -> Option<Vec<Digest>> {
    if index >= leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut leaves, mut index) = (leaves, index);
    while leaves.len() > 1 {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if index < left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            index -= left.len();
            leaves = right;
        }
    }
    path.reverse();
    Some(path)
}

/// Whether `leaf` is number `index` of the `size` leaves under `root` (RFC 9162 §2.1.3.2).
pub fn verify_inclusion(leaf: &Digest, index: u64, size: u64, path: &[Digest], root: &Digest) -> bool {
    if index >= size {
        return false;
    }
    let (mut index, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in path {
        if last == 0 {
            return false;
        }
        if index & 1 == 1 || index == last {
            hash = node(sibling, &hash);
            while index & 1 == 0 && index != 0 {
                index >>= 1;
                last >>= 1;
            }
        } else {
            hash = node(&hash, sibling);
        }
        index >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// The path that proves that the first `older` leaves are a prefix of all (RFC 9162 §2.1.4.1).
///
/// `None` when `older` is 0 or more than there are.
pub fn consistency_proof(leaves: &[Digest], older: usize) -> Option<Vec<Digest>> {
    if older == 0 || older > leaves.len() {
        return None;
    }
    let mut path = Vec::new();
    let (mut leaves, mut older, mut known) = (leaves, older, true);
    while older != leaves.len() {
        let (left, right) = leaves.split_at(split(leaves.len()));
        if older <= left.len() {
            path.push(root(right));
            leaves = left;
        } else {
            path.push(root(left));
            older -= left.len();
            leaves = right;
            known = false;
        }
    }
    // The verifier already holds the older head when it is itself a node of the newer tree.
    if !known {
        path.push(root(leaves));
    }
    path.reverse();
    Some(path)
}

/// Whether the tree of `newer_size` leaves extends the tree of `older_size` (RFC 9162 §2.1.4.2).
pub fn verify_consistency(
    older_size: u64,
    older_root: &Digest,
    newer_size: u64,
    newer_root: &Digest,
    path: &[Digest],
) -> bool {
    if older_size == 0 || older_size > newer_size {
        return false;
    }
    if older_size == newer_size {
        return path.is_empty() && older_root == newer_root;
    }
    let mut steps = path.iter();
    let first = if older_size.is_power_of_two() {
        Some(older_root)
    } else {
        steps.next()
    };
    let Some(first) = first else { return false };
    let (mut older, mut newer) = (older_size - 1, newer_size - 1);
    while older & 1 == 1 {
        older >>= 1;
        newer >>= 1;
    }
    let (mut older_hash, mut newer_hash) = (*first, *first);
    for step in steps {
        if newer == 0 {
            return false;
        }
        if older & 1 == 1 || older == newer {
            older_hash = node(step, &older_hash);
            newer_hash = node(step, &newer_hash);
            while older & 1 == 0 && older != 0 {
                older >>= 1;
                newer >>= 1;
            }
        } else {
            newer_hash = node(&newer_hash, step);
        }
        older >>= 1;
        newer >>= 1;
    }
    newer == 0 && older_hash == *older_root && newer_hash == *newer_root
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The leaves and heads of the RFC 6962 reference implementation's test tree.
    const LEAVES: [&[u8]; 8] = [
        &[],
        &[0x00],
        &[0x10],
        &[0x20, 0x21],
        &[0x30, 0x31],
        &[0x40, 0x41, 0x42, 0x43],
        &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
        &[
            0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f,
        ],
    ];
    const ROOTS: [&str; 9] = [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    fn hashes(data: &[&[u8]]) -> Vec<Digest> {
        data.iter().map(|data| leaf(data)).collect()
    }

    fn numbered(count: usize) -> Vec<Digest> {
        (0..count).map(|n| leaf(&n.to_be_bytes())).collect()
    }

    #[test]
    fn heads_are_those_of_the_rfc_6962_reference_tree() {
        for (count, expected) in ROOTS.iter().enumerate() {
            assert_eq!(
                root(&hashes(&LEAVES[..count])).to_string(),
                *expected,
                "{count} leaves"
            );
        }
    }

    #[test]
    fn an_inclusion_path_is_that_of_the_rfc_6962_reference_tree() {
        let path: Vec<String> = inclusion_proof(&hashes(&LEAVES), 5)
            .unwrap()
            .iter()
            .map(Digest::to_string)
            .collect();
        assert_eq!(
            path,
            [
                "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
            ]
        );
    }

    /// The consistency proofs of the RFC 6962 reference implementation's test tree.
    #[test]
    fn consistency_paths_are_those_of_the_rfc_6962_reference_tree() {
        let paths: [(usize, usize, &[&str]); 3] = [
            (1, 1, &[]),
            (
                6,
                8,
                &[
                    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
                    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
                    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
                ],
            ),
            (
                2,
                5,
                &[
                    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
                    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
                ],
            ),
        ];
        for (older, newer, expected) in paths {
            let path = consistency_proof(&hashes(&LEAVES[..newer]), older).unwrap();
            let path: Vec<String> = path.iter().map(Digest::to_string).collect();
            assert_eq!(path, expected, "{older} to {newer}");
        }
    }

    /// The example of RFC 9162 §2.1.5: which nodes of a tree of seven leaves each proof is made of.
    #[test]
    fn proofs_are_made_of_the_nodes_of_the_rfc_9162_example() {
        let leaves = numbered(7);
        let [a, b, c, d, e, f, j] = leaves.clone().try_into().unwrap();
        let (g, h, i) = (node(&a, &b), node(&c, &d), node(&e, &f));
        let (k, l) = (node(&g, &h), node(&i, &j));
        assert_eq!(inclusion_proof(&leaves, 0), Some(vec![b, h, l]));
        assert_eq!(inclusion_proof(&leaves, 3), Some(vec![c, g, l]));
        assert_eq!(inclusion_proof(&leaves, 4), Some(vec![f, j, k]));
        assert_eq!(inclusion_proof(&leaves, 6), Some(vec![i, k]));
        assert_eq!(consistency_proof(&leaves, 3), Some(vec![c, d, g, l]));
        assert_eq!(consistency_proof(&leaves, 4), Some(vec![l]));
        assert_eq!(consistency_proof(&leaves, 6), Some(vec![i, j, k]));
    }

    #[test]
    fn there_is_no_proof_for_a_leaf_that_does_not_exist() {
        assert_eq!(inclusion_proof(&[], 0), None);
        assert_eq!(inclusion_proof(&numbered(3), 3), None);
        assert_eq!(consistency_proof(&numbered(3), 0), None);
        assert_eq!(consistency_proof(&numbered(3), 4), None);
    }

    proptest! {
        #[test]
        fn every_leaf_is_proven_and_nothing_else_is(size in 1_usize..70, pick: usize, other: usize) {
            let leaves = numbered(size);
            let head = root(&leaves);
            let index = pick % size;
            let path = inclusion_proof(&leaves, index).unwrap();
            prop_assert!(verify_inclusion(&leaves[index], index as u64, size as u64, &path, &head));
            let wrong = other % size;
            if wrong != index {
                prop_assert!(!verify_inclusion(&leaves[wrong], index as u64, size as u64, &path, &head));
                prop_assert!(!verify_inclusion(&leaves[index], wrong as u64, size as u64, &path, &head));
            }
            let mut longer = path.clone();
            longer.push(head);
            prop_assert!(!verify_inclusion(&leaves[index], index as u64, size as u64, &longer, &head));
            if let Some((_, shorter)) = path.split_last() {
                prop_assert!(!verify_inclusion(&leaves[index], index as u64, size as u64, shorter, &head));
            }
        }

        #[test]
        fn an_older_tree_is_proven_a_prefix_and_a_rewritten_one_is_not(size in 1_usize..70, pick: usize) {
            let leaves = numbered(size);
            let older = 1 + pick % size;
            let path = consistency_proof(&leaves, older).unwrap();
            let (old, new) = (root(&leaves[..older]), root(&leaves));
            prop_assert!(verify_consistency(older as u64, &old, size as u64, &new, &path));
            let mut rewritten = leaves[..older].to_vec();
            rewritten[older / 2] = leaf(b"rewritten");
            prop_assert!(!verify_consistency(older as u64, &root(&rewritten), size as u64, &new, &path));
            prop_assert!(!verify_consistency(older as u64, &old, size as u64, &sha256(b"x"), &path));
        }

        #[test]
        fn random_paths_never_prove_anything_nor_panic(
            index: u64, size: u64, path in prop::collection::vec(any::<[u8; 32]>(), 0..70)
        ) {
            let path: Vec<Digest> = path.into_iter().map(Digest).collect();
            prop_assert!(!verify_inclusion(&leaf(b"a"), index, size, &path, &leaf(b"b")));
            prop_assert!(!verify_consistency(index, &leaf(b"a"), size, &leaf(b"b"), &path));
        }
    }
}
