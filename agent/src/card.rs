//! The officer's agent card: what terminal and card say to each other, and the readers that carry it.

pub mod apdu;
mod chip;
#[cfg(feature = "pcsc")]
pub mod pcsc;

pub use chip::{CardError, Chip, Link, LinkError};
