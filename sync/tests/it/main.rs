//! The package from outside: bytes, state machines under a lossy virtual link, and the driver against a broker.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test names what it expects and panics on the rest"
)]

mod broker;
mod clients;
mod defects;
mod link;
mod lossy_session;
mod lossy_transfer;
mod pace;
mod pki;
mod reference;
mod round_trip;
mod session;
mod session_pace;
mod tls;
mod transfer;
mod wire;
