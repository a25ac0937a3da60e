//! The other end: headquarters' keys, registry, store and gateway, for `neo-hq`, the simulator and `neoctl`.
//!
//! A terminal believes nothing but a receipt signed here, and a receipt is only sent once it is committed.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod approvals;
pub mod audit;
pub mod batch;
mod bundle;
pub mod destruction;
mod disk;
pub mod dispatch;
pub mod enrolment;
pub mod files;
pub mod fleet;
pub mod gateway;
pub mod hold;
pub mod hotlist;
pub mod key_policy;
mod knock;
pub mod orders;
pub mod pattern;
pub mod pki;
pub mod profile;
pub mod purge;
pub mod readmission;
pub mod recovery;
pub mod reference;
pub mod rollout;
pub mod serve;
pub mod store;
pub mod suivi;
pub mod tokens;

pub use enrolment::Registry;
pub use gateway::{Gateway, Incoming, Outgoing};
pub use pki::Pki;
pub use reference::Publication;
pub use store::{Policy, Store};
