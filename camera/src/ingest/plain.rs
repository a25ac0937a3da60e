//! The plain bytes of a segment: hashed as they arrive, and wiped wherever they were.

use std::fmt;
use std::ops::Deref;

use domain::canonical::Digest;
use sha2::{Digest as _, Sha256};

/// Bytes that are wiped when dropped.
#[derive(Default)]
pub struct Plain(Vec<u8>);

impl Plain {
    fn push(&mut self, bytes: &[u8]) {
        let length = self.0.len() + bytes.len();
        if length > self.0.capacity() {
            // A vector that grows by itself leaves its old bytes behind.
            let mut larger = Self(Vec::with_capacity(length.max(2 * self.0.capacity())));
            larger.0.extend_from_slice(&self.0);
            *self = larger;
        }
        self.0.extend_from_slice(bytes);
    }

    /// One memset: `Zeroizing` writes a vector byte by byte, which costs as much as hashing it.
    fn wipe(&mut self) {
        self.0.fill(0);
        zeroize::optimization_barrier(self.0.as_slice());
        self.0.clear();
    }
}

impl From<Vec<u8>> for Plain {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl fmt::Debug for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plain({} bytes)", self.0.len())
    }
}

impl Deref for Plain {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.0
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        self.wipe();
    }
}

/// The segment that is being received.
#[derive(Default)]
pub(super) struct Receiving {
    plain: Plain,
    /// Wiped, for the segment after.
    spare: Option<Plain>,
    hash: Sha256,
}

impl Receiving {
    pub(super) fn len(&self) -> usize {
        self.plain.len()
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.plain.push(bytes);
    }

    /// Takes back a segment that is dealt with: the memory is known, its content is wiped.
    pub(super) fn reuse(&mut self, mut plain: Plain) {
        plain.wipe();
        self.spare = Some(plain);
    }

    /// Gives the segment with its SHA-256, and begins the next one, which is expected to be as long.
    pub(super) fn take(&mut self) -> (Digest, Plain) {
        let next = self
            .spare
            .take()
            .unwrap_or_else(|| Plain(Vec::with_capacity(self.plain.len())));
        let digest = std::mem::take(&mut self.hash).finalize();
        (
            Digest::from_bytes(digest.into()),
            std::mem::replace(&mut self.plain, next),
        )
    }
}
