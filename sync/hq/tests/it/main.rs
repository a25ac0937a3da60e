//! HQ on real bytes: keys, envelopes, questions and footage, without a network but for the broker's own test.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

mod alerts;
mod batches;
mod broker;
mod ceremony;
mod clip;
mod contacts;
mod crew;
mod custody;
mod decisions;
mod dispatches;
mod enrolment;
#[path = "../../../../camera/evidence/tests/it/film/mod.rs"]
#[expect(
    dead_code,
    reason = "films of the tests of signed video, of which these tests use a part"
)]
mod film;
/// What films are made with.
mod fixture {
    pub(crate) use crate::maker as pki;
}
mod footage;
mod hello;
mod journals;
#[path = "../../../../camera/evidence/tests/it/fixture/pki.rs"]
mod maker;
mod measures;
#[path = "../../../../tests/it/mosquitto.rs"]
mod mosquitto;
mod numbers;
#[expect(unreachable_pub, reason = "the simulator has it as a public module")]
#[path = "../../../../simulator/src/official_list.rs"]
mod official_list;
mod orders;
mod parcel;
mod parts;
mod persons;
mod pki;
mod place;
mod profiles;
mod program;
mod queries;
mod records;
mod reference;
mod refusals;
mod registry;
mod revocation;
mod shares;
mod signed_video;
mod suivi;
mod terms;
mod tokens;
mod visas;
mod world;

/// 2026-11-21T12:00:00Z, when films are signed, and a day, in milliseconds.
const NOON: i64 = 1_795_262_400_000;
const DAY: i64 = 86_400_000;
