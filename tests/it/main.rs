//! Runs that need more than one package: the one integration binary of the workspace.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod architecture;
mod composer;
mod crashes;
mod disk;
mod enrolment;
mod fleet;
mod footage;
mod formats;
mod hand_over;
mod inputs;
mod ippeveprinter;
mod journeys;
mod large;
mod migrations;
mod mosquitto;
mod network;
mod numbers;
mod orders;
mod patrol;
mod printing;
mod programs;
mod receipts;
mod reference;
mod refusals;
mod street;
mod terms;
mod typing;
mod validation;
mod victim;
mod viewfinder;
mod visas;
