//! Documents as their readers get them: real PDF bytes, read back by poppler and checked by qpdf.
#![expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]

mod acts;
mod complaints;
mod contents;
mod drawn;
mod enclosed;
mod frames;
mod general;
mod handoff;
mod hearings;
mod hostile;
mod leaflets;
mod measures;
mod message;
mod pdf;
mod pieces;
mod procedure;
mod refusals;
mod repeatable;
mod rights;
mod road;
mod roadside;
mod schema;
mod verifications;
