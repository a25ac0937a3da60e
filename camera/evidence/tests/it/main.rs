//! Evidence made with real keys and chains, and every way to spoil it.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod clip;
mod custody;
mod events;
mod film;
mod film_flips;
mod film_index;
mod fixture;
mod flips;
mod record;
mod segment;
mod signed;
mod single;
