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
mod footage;
mod hello;
mod journals;
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
mod suivi;
mod terms;
mod tokens;
mod visas;
mod world;
