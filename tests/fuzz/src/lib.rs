//! What the fuzz targets share: reading bytes as a format, and damage to something good.
//!
//! A target proves two things: no bytes make its parser panic, hang or fill the memory, and what is accepted is
//! exactly what was given.

use domain::canonical::{decode, encode};
use minicbor::{Decode, Encode};

#[expect(dead_code, reason = "the world makes more than the targets damage")]
#[path = "../../../camera/evidence/tests/it/fixture/mod.rs"]
mod fixture;

#[expect(dead_code, reason = "the camera films more than the targets damage")]
#[path = "../../../camera/evidence/tests/it/film/mod.rs"]
mod film;

pub mod good;

/// Reads `bytes` as a `T`; what is accepted is written again as it came.
pub fn read<T: for<'b> Decode<'b, ()> + Encode<()>>(bytes: &[u8]) {
    if let Ok(value) = decode::<T>(bytes) {
        assert_eq!(encode(&value), bytes);
    }
}

/// `good` with edits of four bytes each: what to do, where (two bytes), and with which byte.
pub fn damaged(good: &[u8], edits: &[u8]) -> Vec<u8> {
    let mut bytes = good.to_vec();
    for edit in edits.chunks_exact(4) {
        let at = usize::from(u16::from_be_bytes([edit[1], edit[2]])) % (bytes.len() + 1);
        match (edit[0] % 4, bytes.get_mut(at)) {
            (0, Some(byte)) => *byte = edit[3],
            (1, Some(byte)) => *byte ^= edit[3],
            (2, Some(_)) => drop(bytes.drain(at..bytes.len().min(at + usize::from(edit[3])))),
            _ => bytes.insert(at, edit[3]),
        }
    }
    bytes
}

/// The input itself, or damage to `good`, as its first byte says.
pub fn raw_or_damaged(good: &[u8], input: &[u8]) -> Vec<u8> {
    match input.split_first() {
        Some((first, edits)) if first % 2 == 1 => damaged(good, edits),
        Some((_, raw)) => raw.to_vec(),
        None => Vec::new(),
    }
}
