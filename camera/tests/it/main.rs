//! Terminal and camera over a real stream, onto a real disk.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test waits for one event among many"
)]

mod beacon;
mod folder;
mod intake;
mod meeting;
mod refusals;
#[path = "../../../simulator/src/camera/mod.rs"]
#[expect(
    unreachable_pub,
    reason = "the simulator's own source, of which these tests use a part"
)]
mod sim;
mod still;
mod transfer;
mod vault;
mod viewfinder;
mod world;
