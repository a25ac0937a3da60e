//! The desktop simulator: a terminal, a camera, a radio and an HQ on one computer, every one of them real.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod bench;
pub mod broker;
pub mod camera;
pub mod card;
pub mod console;
pub mod desktop;
mod doorway;
pub mod enrol;
pub mod eye;
pub mod fleet;
pub mod ground;
pub mod hand;
pub mod judged;
pub mod official_list;
pub mod patrol;
pub mod picture;
pub mod pipe;
pub mod printer;
pub mod radio;
pub mod reader;
pub mod screens;
pub mod terminal;
pub mod world;
