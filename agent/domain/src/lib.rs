//! The vocabulary and the rules of the officer terminal, for every other crate.
//!
//! Pure: no clock, no randomness, no input or output, no async and no SQL; time, ids and random bytes are
//! arguments. Everything that is stored, signed or sent has its shape here or is built from it.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

pub mod afd;
pub mod alert;
pub mod canonical;
pub mod delivery;
pub mod dialogue;
pub mod draft;
pub mod enrolment;
pub mod envelope;
pub mod footage;
pub mod footer;
pub mod formula;
pub mod hand;
pub mod hotlist;
pub mod id;
pub mod identity;
pub mod intervention;
pub mod journal;
pub mod legal_basis;
pub mod licence;
pub mod natinf;
pub mod note;
pub mod officer;
pub mod orders;
pub mod person;
pub mod photo;
pub mod piece;
pub mod place;
pub mod plainte;
pub mod printing;
pub mod profile;
pub mod pv;
pub mod pve;
pub mod query;
pub mod readmission;
pub mod record;
pub mod recovery;
pub mod requisition;
pub mod retention;
pub mod sensitive;
pub mod service;
pub mod signed;
pub mod time;
pub mod vehicle;
pub mod verification;
pub mod viewfinder;
pub mod visa;

pub use canonical::{Digest, decode, encode};
pub use id::{
    ActId, ActNumber, BootId, CameraId, ClipId, CopyId, DeviceId, EnvelopeId, InterventionId, JournalId,
    OfficerId, PieceId, QueryId, ServiceId,
};
pub use sensitive::{Secret, Sensitive};
pub use time::{Timestamp, UnixMs, Zone};
