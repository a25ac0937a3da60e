//! The command line of `audit`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use domain::DeviceId;
use evidence::report::Outcome;

use super::{Hq, Unaudited, files, hold};
use crate::answer::Answer;
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, act};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks a journal: entries, tree, signed heads, countersignatures.
    ///
    /// Of a terminal, as headquarters holds it; or a file of `audit export` or `audit proof`, offline. What is not there
    /// to check is never good.
    Verify(Verify),
    /// Lists the entries of a terminal's journal; with the keys, also why files were consulted.
    Show {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
        /// Opens the reasons of consultations.
        #[command(flatten)]
        pki: PkiFolder,
    },
    /// Writes a terminal's journal to a file that `audit verify --file` checks anywhere.
    Export {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
        /// The file to make.
        #[arg(long)]
        out: PathBuf,
    },
    /// Lists the terminals that signed two journals; both heads are kept.
    Forks {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Lists questions to police files that were out of pattern: too many, of the officer's own name, without a motive.
    Alarms {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Writes headquarters' newest countersignature of a terminal's journal, to keep elsewhere.
    Receipt {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
        /// The file to make.
        #[arg(long)]
        out: PathBuf,
    },
    /// Writes the proof that the signature of one act is in its terminal's journal.
    Proof {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: act::Wanted,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
        /// The file to make.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Debug, Args)]
#[command(group = ArgGroup::new("what").required(true).args(["device", "file", "proof"]))]
pub(crate) struct Verify {
    #[arg(value_parser = DeviceId::parse)]
    device: Option<DeviceId>,
    #[command(flatten)]
    hq: HqFolder,
    #[command(flatten)]
    pki: PkiFolder,
    /// A file of `audit export`.
    #[arg(long, requires = "anchors")]
    file: Option<PathBuf>,
    /// A file of `audit proof`.
    #[arg(long, requires = "anchors")]
    proof: Option<PathBuf>,
    /// The root certificates that are trusted, as PEM.
    #[arg(long, conflicts_with = "device")]
    anchors: Option<PathBuf>,
    /// A countersignature that was kept elsewhere, by `audit receipt`; may be repeated.
    #[arg(long, conflicts_with = "proof")]
    receipt: Vec<PathBuf>,
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        Effect::Reads
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unaudited> {
        match self {
            Self::Verify(verify) => verify.run(session),
            Self::Show { device, hq, pki } => {
                let list = hold::show(device, session.hq(hq)?, session.pki_if_any(pki))?;
                Ok(Answer::many("entry", "entries", list))
            }
            Self::Export { device, hq, pki, out } => {
                let hq = folders(session, hq, pki)?;
                Ok(Answer::one("journal", hold::export(device, &hq, out)?))
            }
            Self::Forks { hq } => {
                let forks = hold::forks(session.hq(hq)?)?;
                let exit = if forks.is_empty() {
                    Exit::Done
                } else {
                    Exit::Refuted
                };
                Ok(Answer::many("fork", "forks", forks).ending(exit))
            }
            Self::Alarms { hq } => Ok(Answer::many("alarm", "alarms", hold::alarms(session.hq(hq)?)?)),
            Self::Receipt { device, hq, out } => Ok(Answer::one(
                "journal",
                hold::receipt(device, session.hq(hq)?, out)?,
            )),
            Self::Proof { act, hq, pki, out } => {
                let hq = folders(session, hq, pki)?;
                Ok(Answer::one("journal", hold::proof(*act, &hq, out)?))
            }
        }
    }
}

fn folders<'a>(session: &Session<'a>, hq: &'a HqFolder, pki: &'a PkiFolder) -> Result<Hq<'a>, Unready> {
    Ok(Hq {
        dir: session.hq(hq)?,
        pki: session.pki(pki)?,
    })
}

impl Verify {
    fn run(&self, session: &Session<'_>) -> Result<Answer, Unaudited> {
        let held = files::receipts(&self.receipt)?;
        let verified = match (&self.device, &self.file, &self.proof, self.anchors.as_deref()) {
            (Some(device), ..) => {
                let hq = folders(session, &self.hq, &self.pki)?;
                hold::verify_device(device, &hq, &held)?
            }
            (None, Some(file), _, Some(anchors)) => vec![files::verify_file(file, anchors, &held)?],
            (None, None, Some(proof), Some(anchors)) => vec![files::verify_proof_file(proof, anchors)?],
            (None, _, _, None) | (None, None, None, Some(_)) => return Err(Unaudited::Nothing),
        };
        // Nothing checked is not good either.
        let good = !verified.is_empty() && verified.iter().all(|check| check.outcome == Outcome::Ok);
        let exit = if good { Exit::Done } else { Exit::Refuted };
        let list = verified.into_iter().map(|check| check.rows).collect();
        Ok(Answer::many("verified", "verified", list).ending(exit))
    }
}
