//! The officer terminal's agent: the engine, its stores and keys, and what drives them.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod card;
mod cases;
pub mod clock;
pub mod engine;
pub mod enrol;
mod key_bytes;
pub mod keys;
pub mod logs;
pub mod mint;
pub mod parts;
pub mod pieces;
pub mod print;
pub mod process;
mod reserve;
pub mod shutter;
pub mod site;
pub mod store;
pub mod supervisor;
pub mod supply;
mod traffic;
mod views;
pub mod work;
