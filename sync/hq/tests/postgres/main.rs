//! HQ with its store on PostgreSQL: whatever holds with a file holds here, and what only a server can do.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

#[path = "../it/batches.rs"]
mod batches;
#[path = "../it/broker.rs"]
mod broker;
#[path = "../it/clip.rs"]
mod clip;
mod cluster;
#[path = "../it/decisions.rs"]
mod decisions;
#[path = "../it/dispatches.rs"]
mod dispatches;
#[path = "../it/enrolment.rs"]
mod enrolment;
#[path = "../it/footage.rs"]
mod footage;
#[path = "../it/hello.rs"]
mod hello;
#[path = "../it/journals.rs"]
mod journals;
#[path = "../../../../tests/it/mosquitto.rs"]
mod mosquitto;
#[path = "../it/numbers.rs"]
mod numbers;
#[expect(unreachable_pub, reason = "the simulator has it as a public module")]
#[path = "../../../../simulator/src/official_list.rs"]
mod official_list;
#[path = "../it/orders.rs"]
mod orders;
#[path = "../it/parcel.rs"]
mod parcel;
#[path = "../it/parts.rs"]
mod parts;
mod place;
#[path = "../it/queries.rs"]
mod queries;
#[path = "../it/records.rs"]
mod records;
#[path = "../it/reference.rs"]
mod reference;
#[path = "../it/refusals.rs"]
mod refusals;
#[path = "../it/registry.rs"]
mod registry;
#[path = "../it/revocation.rs"]
mod revocation;
mod server;
#[path = "../it/suivi.rs"]
mod suivi;
#[path = "../it/terms.rs"]
mod terms;
#[path = "../it/tokens.rs"]
mod tokens;
#[path = "../it/visas.rs"]
mod visas;
#[path = "../it/world.rs"]
mod world;
