//! What the offender did with the locked summary; a missing signature is no defect (A.37-19 CPP).

use minicbor::{Decode, Encode};

use crate::hand::{HandOutcome, SignedPad};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
pub enum OffenderSignature {
    #[n(0)]
    Signed(#[n(0)] SignedPad),
    #[n(1)]
    Declined,
    /// Nobody was there, or nobody was asked.
    #[default]
    #[n(2)]
    Absent,
}

impl From<&HandOutcome> for OffenderSignature {
    fn from(outcome: &HandOutcome) -> Self {
        match outcome {
            HandOutcome::Signed(pad) => Self::Signed(*pad),
            HandOutcome::Refuses { .. } => Self::Declined,
            HandOutcome::Unable { .. } => Self::Absent,
        }
    }
}
