//! What runs of several packages share: the invariants, worlds that are watched, and what an officer types.
//!
//! Nothing here ships; everything panics on the unexpected and says where the evidence is.

pub mod acts;
pub mod ages;
pub mod alone;
pub mod bare;
pub mod dice;
pub mod golden;
pub mod invariants;
pub mod journals;
pub mod kill;
pub mod memory;
pub mod monkey;
pub mod spread;
pub mod traces;
pub mod typing;
pub mod watched;
