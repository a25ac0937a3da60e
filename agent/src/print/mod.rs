//! Printing by IPP (RFC 8010, RFC 8011): a queue that decides, a driver that talks to one printer at a time, and the
//! words between them.
//!
//! The queue is kept in the officer's database and has no input or output; a document is read from there when its
//! printer is ready, and is never written in clear anywhere on the terminal.

pub mod driver;
mod http;
mod ipp;
pub mod queue;

use domain::ActId;
use domain::printing::{Paper, PrintFailure, PrinterAddress, PrinterTrouble};

/// One document of one act on one printer: there is one job for it at most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobKey {
    pub act: ActId,
    pub paper: Paper,
    pub printer: PrinterAddress,
}

/// What the driver is asked for; it answers each with one [`Answer`].
pub enum Order {
    /// Ask a printer that is not known yet who it is.
    Meet(PrinterAddress),
    /// Ask whether the printer can take a PDF now.
    Greet(JobKey),
    Send {
        key: JobKey,
        /// What the printer may show: a number, never a name.
        title: String,
        pdf: Vec<u8>,
    },
    /// Ask what became of a job.
    Follow { key: JobKey, job: u32 },
    /// Ask the printer to drop a job.
    Withdraw { key: JobKey, job: u32 },
}

/// What came of an [`Order`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    Met {
        printer: PrinterAddress,
        /// What the printer calls itself.
        result: Result<String, Obstacle>,
    },
    Greeted {
        key: JobKey,
        result: Result<(), Obstacle>,
    },
    Sent {
        key: JobKey,
        sent: Sent,
    },
    Followed {
        key: JobKey,
        progress: Progress,
    },
    Withdrawn {
        key: JobKey,
        /// False when the printer could not be told.
        gone: bool,
    },
}

/// Why nothing was printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Obstacle {
    /// It may pass by itself.
    Passing(PrinterTrouble),
    /// It stays until somebody does something about it.
    Lasting(PrintFailure),
}

/// What is known after a document was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// The printer has it under this number.
    Taken { job: u32, progress: Progress },
    /// The printer says that it has not taken it, or was never reached.
    NotTaken(Obstacle),
    /// The connection ended after the document began to leave and before the printer answered.
    Unanswered,
}

/// What a printer says about a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    UnderWay(Option<PrinterTrouble>),
    Done,
    Failed(PrintFailure),
    /// It does not say; whether there is paper, only a person can see.
    Unknown,
}

impl Order {
    /// What the queue is told when the driver dies over an order: nobody waits for ever.
    pub fn lost(&self) -> Answer {
        let away = Obstacle::Passing(PrinterTrouble::Unreachable);
        match self {
            Self::Meet(printer) => Answer::Met {
                printer: printer.clone(),
                result: Err(away),
            },
            Self::Greet(key) => Answer::Greeted {
                key: key.clone(),
                result: Err(away),
            },
            Self::Send { key, .. } => Answer::Sent {
                key: key.clone(),
                sent: Sent::Unanswered,
            },
            Self::Follow { key, .. } => Answer::Followed {
                key: key.clone(),
                progress: Progress::UnderWay(Some(PrinterTrouble::Unreachable)),
            },
            Self::Withdraw { key, .. } => Answer::Withdrawn {
                key: key.clone(),
                gone: false,
            },
        }
    }
}
