//! What takes longer than a commit: it runs in a named worker and comes back to the engine as an outcome.

mod sign;
mod unlock;

pub use sign::{SignFailure, SignJob, Signer, unwrap};
pub use unlock::{UnlockJob, UnlockOutcome};

use domain::ActId;

use crate::store::SigningIntent;

/// A piece of work, with everything it needs inside.
pub enum Job {
    Unlock(UnlockJob),
    Sign(Box<SignJob>),
}

/// What a job gives back.
pub enum Outcome {
    Unlock(UnlockOutcome),
    Signed {
        act: ActId,
        result: Result<Box<SigningIntent>, SignFailure>,
    },
}

impl Job {
    /// The worker's name in logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unlock(_) => "unlock",
            Self::Sign(_) => "sign",
        }
    }

    pub fn run(self) -> Outcome {
        match self {
            Self::Unlock(job) => Outcome::Unlock(job.run()),
            Self::Sign(job) => {
                let act = job.to_sign.id();
                Outcome::Signed {
                    act,
                    result: job.run().map(Box::new),
                }
            }
        }
    }
}
