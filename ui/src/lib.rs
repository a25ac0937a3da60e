//! The officer's screens: intents out, views in.
//!
//! For the device binary and the simulator. The screens own no state that a restart would miss: the open screen
//! and tab, the digits of the code being typed, and the ink on a pad until it is accepted. No Slint type is public.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

// What keeps pictures is written for the tests outside as well.
#[cfg(test)]
extern crate self as ui;

mod digits;
#[cfg(any(test, feature = "fingers"))]
mod fingers;
mod frame;
mod hand;
mod look;
mod marking;
mod moment;
mod pad;
mod scanner;
mod screens;
mod scroll;
mod sights;
mod typed;
mod viewfinder;
mod window;

#[cfg(test)]
mod tests;

pub use domain::dialogue::{Appearance, TextSize, Theme, Thumb};
#[cfg(feature = "fingers")]
pub use fingers::{Fingers, Missed, Touch, Way, Within};
pub use frame::{Frame, annotate_frame, frame, viewfinder_frame};
pub use look::{Language, Look, Screen};
pub use scroll::ScrolledList;
pub use sights::Sights;
pub use viewfinder::Shutter;
pub use window::{Opened, Options, RunError, Turner, open, run};
