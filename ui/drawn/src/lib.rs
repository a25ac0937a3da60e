//! The screens as the Slint compiler makes them of `ui/slint`, and what the domain's words are there.
//!
//! For `ui` alone, which drives them: apart, they are compiled when a screen changes and not when a test does.

pub mod vocabulary;

#[expect(
    unreachable_pub,
    clippy::todo,
    clippy::unwrap_used,
    reason = "generated, for crates that publish their components"
)]
mod generated {
    slint::include_modules!();
}

pub use generated::*;
