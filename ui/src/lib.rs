//! The officer's screens: intents out, views in.
//!
//! For the device binary and the simulator. The screens own no state that a restart would miss: the open screen
//! and tab, and the digits of the code being typed. No Slint type is public.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod frame;
mod look;
mod moment;
mod pad;
mod screens;
mod vocabulary;
mod window;

#[cfg(test)]
mod tests;

pub use frame::{Frame, frame};
pub use look::{Language, Look, Screen, Theme};
pub use window::{Options, RunError, Shutter, run};

/// What the Slint compiler makes of `slint/app.slint`.
#[expect(
    unreachable_pub,
    clippy::todo,
    clippy::unwrap_used,
    reason = "generated, for crates that publish their components"
)]
mod drawn {
    slint::include_modules!();
}
