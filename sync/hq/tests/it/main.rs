//! HQ on real bytes: keys, envelopes, questions and footage, without a network but for the broker's own test.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

mod broker;
mod footage;
mod hello;
mod pki;
mod program;
mod queries;
mod records;
mod refusals;
mod registry;
mod world;
