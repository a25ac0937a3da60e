//! Signatures, certificates, seals and trees, for every program of the project: bytes in, verdicts out.
//!
//! Nothing here does I/O or reads a clock; a verification runs over the bytes that were received, and what was not
//! checked is [`Verdict::NotChecked`], never `Ok`.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod approval;
mod asn1;
pub mod attestation;
pub mod cachet;
pub mod cert;
pub mod chunk;
pub mod cose;
mod digest;
pub mod footer;
pub mod hotlist;
pub mod keys;
pub mod maker;
pub mod merkle;
pub mod pades;
pub mod readmission;
pub mod seal;
pub mod stamp;
mod verdict;

pub use digest::{Digest, Hasher, NotADigest, sha256};
pub use verdict::Verdict;

#[cfg(test)]
mod fixture;
