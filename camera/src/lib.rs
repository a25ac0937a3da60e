//! Body cameras: meeting one, bringing its recordings in untouched, and keeping them sealed until HQ has them.
//!
//! A recording is encrypted for HQ before it touches the disk, and leaves the disk on a proof alone. Nothing that a
//! terminal can say stops a camera or deletes a recording.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod beacon;
pub mod driver;
mod framing;
pub mod ingest;
pub mod invitation;
pub mod look;
pub mod pairing;
pub mod protocol;
pub mod receipt;
pub mod seal;
mod secret;
pub mod source;
pub mod still;
pub mod taking;
pub mod vault;

pub use framing::{FrameError, FrameReader, write_frame};
pub use secret::Secret32;
