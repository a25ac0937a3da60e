//! A phone that is not a terminal yet.

use minicbor::{Decode, Encode};

use crate::enrolment::EnrolmentRefusal;

/// How far a phone is with its enrolment; no other view is shown before it is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum EnrolmentView {
    /// The enrolment code is wanted.
    #[n(0)]
    Awaited,
    /// HQ is asked.
    #[n(1)]
    Asking,
    /// What was given is no enrolment code.
    #[n(2)]
    NotACode,
    /// HQ was not reached, or what answered was not HQ.
    #[n(3)]
    NotReached,
    #[n(4)]
    Refused(#[n(0)] EnrolmentRefusal),
    /// The keys or the database could not be made on this phone.
    #[n(5)]
    Failed,
}
