//! The rules of the PVe and of the AFD, case by case: each row of a table is one situation and what the law says of it.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

mod afd_forms;
mod desk;
mod eligibility;
mod forms;
mod law;
mod margins;
mod table;
