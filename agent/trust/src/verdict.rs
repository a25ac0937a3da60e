//! The answer to one question about a piece of evidence, for screens, reports and exit codes.
//!
//! A question that was not asked has its own answer, so that it can never be read as a success.

/// What one check found; `F` names the fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict<F> {
    /// The check ran and held.
    Ok,
    /// The check ran and failed.
    Failed(F),
    /// The check did not run, because something that it needs was missing or had failed.
    NotChecked,
}

impl<F> Verdict<F> {
    /// True only when the check ran and held.
    pub fn is_ok(&self) -> bool {
        matches!(self, Verdict::Ok)
    }
}

impl<F> From<Result<(), F>> for Verdict<F> {
    fn from(outcome: Result<(), F>) -> Self {
        match outcome {
            Ok(()) => Verdict::Ok,
            Err(fault) => Verdict::Failed(fault),
        }
    }
}
