//! Key material that is written, kept and zeroed in one place.

use zeroize::{Zeroize, Zeroizing};

/// A key of 32 bytes; on the heap, since every move of an array leaves a copy behind.
pub struct KeyBytes(Box<Zeroizing<[u8; 32]>>);

impl KeyBytes {
    /// The key that `write` writes where it is kept.
    pub fn written<E>(write: impl FnOnce(&mut [u8; 32]) -> Result<(), E>) -> Result<Self, E> {
        let mut key = Self(Box::default());
        write(&mut key.0)?;
        Ok(key)
    }

    pub(crate) fn copied(bytes: &[u8; 32]) -> Self {
        let mut key = Self(Box::default());
        key.0.copy_from_slice(bytes);
        key
    }

    /// A key that is no secret.
    pub fn of(bytes: [u8; 32]) -> Self {
        Self(Box::new(Zeroizing::new(bytes)))
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Each byte of the key combined with `mask` by exclusive or, for whoever looks for copies of the key in memory
    /// without making one.
    pub fn masked(&self, mask: u8) -> [u8; 32] {
        self.0.map(|byte| byte ^ mask)
    }
}

/// Bytes of stack that the calls of a key derivation may have written to.
const DEEP: usize = 256 * 1024;

/// Zeroes what calls that are over left below the caller's frame: libraries return keys by value.
#[inline(never)]
pub(crate) fn scrub_stack() {
    let mut dead = [0; DEEP];
    std::hint::black_box(&mut dead).zeroize();
}
