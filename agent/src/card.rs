//! The officer's agent card: what terminal and card say to each other, and the readers that carry it.

pub mod apdu;
mod chip;
#[cfg(feature = "pcsc")]
pub mod pcsc;
mod training;

pub use chip::{CardError, Chip, Link, LinkError};
pub use training::TrainingCard;
