//! The package from outside: bytes, state machines under a lossy virtual link, and the driver against a broker.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

mod lossy;
mod session;
mod transfer;
mod wire;
