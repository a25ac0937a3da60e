//! How the program ends; scripts rely on these numbers.

use std::io;
use std::process::ExitCode;

/// sysexits.h for the last, which is about the command line; the others are this project's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    Done = 0,
    Failed = 1,
    NotFound = 3,
    Conflict = 4,
    Forbidden = 5,
    /// Somebody has to say it a second time.
    Approval = 6,
    /// Some of it was done; the answer says which.
    Partial = 7,
    /// What was read contradicts its own check digits or signature.
    Refuted = 8,
    /// The broker, or the server of the store, does not answer.
    Unreachable = 9,
    Usage = 64,
}

impl Exit {
    pub(crate) fn of(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound {
            Self::NotFound
        } else if error.kind() == io::ErrorKind::PermissionDenied {
            Self::Forbidden
        } else if error.kind() == io::ErrorKind::AlreadyExists {
            Self::Conflict
        } else {
            Self::Failed
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}
