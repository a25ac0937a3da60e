//! The formats of version 1: golden bytes, strict reading, schemas, and the way from a draft to a signed act.
//!
//! A vector under `tests/vectors/v1` never changes: what it holds was signed somewhere and must read for years.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

mod acts;
mod alerts;
mod cachets;
mod codes;
mod composer;
mod contacts;
mod custody;
mod delivery;
mod forms;
mod golden;
mod identity;
mod interventions;
mod keeping;
mod measures;
mod notation;
mod road;
mod schema;
mod strictness;
mod suivi;
mod vector;
mod verification;
mod visas;
