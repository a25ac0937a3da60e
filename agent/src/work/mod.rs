//! What takes longer than a commit: it runs in a named worker and comes back to the engine as an outcome.

mod change_code;
mod check;
mod choose_code;
mod contents;
mod draw;
mod film;
mod gauge;
mod hand_over;
mod logs;
mod photo;
mod reference;
mod rotate;
mod scan;
mod sign;
mod snapshot;
mod take_in;
mod try_code;
mod unlock;

pub use change_code::{ChangeCodeJob, CodeChange};
pub use check::CheckJob;
pub use choose_code::ChooseCodeJob;
pub use draw::{DrawFailure, DrawJob, Drawing, DrawnPages, Source, Unsigned};
pub use film::{Film, FilmJob, FilmStep, FilmTurn, SealedFilm, Shown, Survey};
pub use gauge::GaugeJob;
pub use hand_over::{HandOverError, HandOverJob, record_of};
pub use logs::{LogsJob, SealedLogs};
pub use photo::{PhotoJob, UprightJob};
pub use reference::{Arrival, Beside, ReferenceFailure, ReferenceJob, Set, Unpacked, unpack_law};
pub use rotate::{RotationError, RotationPoint, rotate, settle};
pub use scan::{ScanJob, Scanned, Seen};
pub use sign::{Hands, PieceFile, SheetOfRights, SignFailure, SignJob, Signer, unwrap};
pub use snapshot::{SealedDraft, SnapshotJob};
pub use take_in::{BroughtJob, Coming, NotTakenIn, Stage, TakeInJob, Turn};
pub use try_code::{CodeRefused, TryCodeJob};
pub use unlock::{Opening, UnlockJob, UnlockOutcome, Unlocking};

use std::panic::{AssertUnwindSafe, catch_unwind};

use domain::dialogue::{BroughtLine, Gauges, ScanProblem, Unplayable};
use domain::photo::{NotAPhoto, Photo, Picture};
use domain::viewfinder::Frame;
use domain::{ActId, ClipId, Digest, EnvelopeId, OfficerId, PieceId};

use crate::store::SigningIntent;

/// A piece of work, with everything it needs inside.
pub enum Job {
    Check(CheckJob),
    Unlock(UnlockJob),
    ChangeCode(ChangeCodeJob),
    TryCode(TryCodeJob),
    ChooseCode(ChooseCodeJob),
    Sign(Box<SignJob>),
    Draw(DrawJob),
    Photo(PhotoJob),
    Upright(UprightJob),
    Brought(BroughtJob),
    TakeIn(TakeInJob),
    Scan(Box<ScanJob>),
    Reference(Box<ReferenceJob>),
    Snapshot(SnapshotJob),
    HandOver(Box<HandOverJob>),
    Logs(LogsJob),
    Film(Box<FilmJob>),
    Gauge(GaugeJob),
}

/// What a job gives back.
pub enum Outcome {
    /// Whether the device database is sound; `None` when that could not be found out.
    Checked(Option<bool>),
    Unlock(UnlockOutcome),
    CodeChange(CodeChange),
    CodeTried {
        officer: OfficerId,
        result: Result<(), CodeRefused>,
    },
    Signed {
        act: ActId,
        /// Tells this attempt from one before or after it.
        envelope: EnvelopeId,
        result: Result<Box<SigningIntent>, SignFailure>,
    },
    Drawn {
        act: ActId,
        drawing: Drawing,
        result: Result<DrawnPages, DrawFailure>,
    },
    Photo {
        draft: ActId,
        result: Result<(Photo, Picture), NotAPhoto>,
    },
    Upright {
        draft: ActId,
        sha256: Digest,
        /// None where it cannot be drawn here.
        picture: Option<Frame>,
    },
    Brought {
        draft: ActId,
        /// None when the folder does not read.
        listed: Option<Vec<BroughtLine>>,
    },
    TakenIn {
        piece: PieceId,
        result: Result<Turn, NotTakenIn>,
    },
    Scanned {
        draft: ActId,
        result: Result<Scanned, ScanProblem>,
    },
    Reference(Unpacked),
    Snapshots {
        officer: OfficerId,
        sealed: Vec<SealedDraft>,
    },
    HandedOver {
        act: ActId,
        result: Result<(), HandOverError>,
    },
    Logs {
        /// Of the order.
        sequence: u64,
        /// None when the log could not be read.
        sealed: Option<SealedLogs>,
    },
    Film {
        clip: ClipId,
        look: u64,
        result: Result<FilmTurn, Unplayable>,
    },
    /// None when nothing could be looked at.
    Gauged(Option<Gauges>),
}

impl Job {
    /// The worker's name in logs.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Check(_) => "check",
            Self::Unlock(_) => "unlock",
            Self::ChangeCode(_) => "change-code",
            Self::TryCode(_) => "try-code",
            Self::ChooseCode(_) => "choose-code",
            Self::Sign(_) => "sign",
            Self::Draw(_) => "draw",
            Self::Photo(_) => "photo",
            Self::Upright(_) => "upright",
            Self::Brought(_) => "brought",
            Self::TakeIn(_) => "take-in",
            Self::Scan(_) => "scan",
            Self::Reference(_) => "reference",
            Self::Snapshot(_) => "snapshot",
            Self::HandOver(_) => "hand-over",
            Self::Logs(_) => "logs",
            Self::Film(_) => "film",
            Self::Gauge(_) => "gauge",
        }
    }

    /// What the engine is told when the job cannot run or does not end: nobody waits for ever.
    pub fn lost(&self) -> Outcome {
        match self {
            Self::Check(_) => Outcome::Checked(None),
            Self::Unlock(job) => Outcome::Unlock(job.lost()),
            Self::ChangeCode(_) => Outcome::CodeChange(CodeChange::Refused(CodeRefused::Lost)),
            Self::TryCode(job) => Outcome::CodeTried {
                officer: job.officer,
                result: Err(CodeRefused::Lost),
            },
            Self::ChooseCode(job) => Outcome::Unlock(job.lost()),
            Self::Sign(job) => Outcome::Signed {
                act: job.to_sign.id(),
                envelope: job.envelope,
                result: Err(SignFailure::Died),
            },
            Self::Draw(job) => Outcome::Drawn {
                act: job.act,
                drawing: job.drawing,
                result: Err(DrawFailure::Died),
            },
            Self::Photo(job) => Outcome::Photo {
                draft: job.draft,
                result: Err(NotAPhoto::NotAnImage),
            },
            Self::Upright(job) => Outcome::Upright {
                draft: job.draft,
                sha256: job.sha256,
                picture: None,
            },
            Self::Brought(job) => Outcome::Brought {
                draft: job.draft,
                listed: None,
            },
            Self::TakeIn(job) => Outcome::TakenIn {
                piece: job.piece,
                result: Err(NotTakenIn::Died),
            },
            Self::Scan(job) => Outcome::Scanned {
                draft: job.draft,
                result: Err(ScanProblem::Failed),
            },
            Self::Reference(job) => Outcome::Reference(job.lost()),
            Self::Snapshot(job) => Outcome::Snapshots {
                officer: job.officer,
                sealed: Vec::new(),
            },
            Self::HandOver(job) => Outcome::HandedOver {
                act: job.act,
                result: Err(HandOverError::Died),
            },
            Self::Logs(job) => Outcome::Logs {
                sequence: job.sequence,
                sealed: None,
            },
            Self::Film(job) => Outcome::Film {
                clip: job.clip,
                look: job.look,
                result: Err(Unplayable::Damaged),
            },
            Self::Gauge(_) => Outcome::Gauged(None),
        }
    }

    /// Runs to the end; a panic inside is an outcome like another.
    pub fn run(self) -> Outcome {
        let lost = self.lost();
        catch_unwind(AssertUnwindSafe(|| self.work())).unwrap_or(lost)
    }

    fn work(self) -> Outcome {
        match self {
            Self::Check(job) => Outcome::Checked(job.run()),
            Self::Unlock(job) => Outcome::Unlock(job.run()),
            Self::ChangeCode(job) => Outcome::CodeChange(job.run()),
            Self::TryCode(job) => Outcome::CodeTried {
                officer: job.officer,
                result: job.run(),
            },
            Self::ChooseCode(job) => Outcome::Unlock(job.run()),
            Self::Sign(job) => {
                let (act, envelope) = (job.to_sign.id(), job.envelope);
                Outcome::Signed {
                    act,
                    envelope,
                    result: job.run().map(Box::new),
                }
            }
            Self::Draw(job) => Outcome::Drawn {
                act: job.act,
                drawing: job.drawing,
                result: job.run(),
            },
            Self::Photo(job) => Outcome::Photo {
                draft: job.draft,
                result: job.run(),
            },
            Self::Upright(job) => Outcome::Upright {
                draft: job.draft,
                sha256: job.sha256,
                picture: job.run(),
            },
            Self::Brought(job) => Outcome::Brought {
                draft: job.draft,
                listed: job.run(),
            },
            Self::TakeIn(job) => Outcome::TakenIn {
                piece: job.piece,
                result: job.run(),
            },
            Self::Scan(job) => Outcome::Scanned {
                draft: job.draft,
                result: job.run(),
            },
            Self::Reference(job) => Outcome::Reference(job.run()),
            Self::Snapshot(job) => Outcome::Snapshots {
                officer: job.officer,
                sealed: job.run(),
            },
            Self::HandOver(job) => Outcome::HandedOver {
                act: job.act,
                result: job.run(),
            },
            Self::Logs(job) => Outcome::Logs {
                sequence: job.sequence,
                sealed: job.run(),
            },
            Self::Film(job) => Outcome::Film {
                clip: job.clip,
                look: job.look,
                result: job.run(),
            },
            Self::Gauge(job) => Outcome::Gauged(Some(job.run())),
        }
    }
}
