//! Terminal and camera over a real stream, onto a real disk.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "a test waits for one event among many"
)]

mod beacon;
mod events;
#[path = "../../evidence/tests/it/film/mod.rs"]
#[expect(
    dead_code,
    reason = "films of the tests of signed video, of which these tests use a part"
)]
mod film;
/// What films are made with.
mod fixture {
    pub(crate) use crate::pki;
}
mod folder;
mod intake;
mod meeting;
#[path = "../../evidence/tests/it/fixture/pki.rs"]
mod pki;
mod refusals;
mod signed_video;
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

use world::{DAY, NOON};
