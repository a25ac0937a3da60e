//! How records, queries and footage travel between a terminal and headquarters, for both ends.
//!
//! [`session`] and [`transfer`] are pure state machines whose time and randomness are arguments; [`mqtt`] is the
//! one place with a socket. Nothing here must survive a crash: the terminal's outbox and HQ's store do.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod ack;
mod jitter;
pub mod mqtt;
pub mod reference;
pub mod session;
pub mod spans;
pub mod topics;
pub mod transfer;
pub mod wire;

pub use ack::Ack;
pub use mqtt::{Link, LinkCommand, LinkConfig, LinkEvent};
pub use session::Session;
pub use spans::{Span, Spans};
pub use topics::{DownLane, FileId, FileVerb, Topic, UpLane, VisitId, Way};
