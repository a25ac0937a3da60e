//! The command line of `audit`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, Subcommand};
use domain::DeviceId;

use super::{Hq, Unaudited, files, hold};
use crate::act;
use crate::answer::Answer;

#[derive(Subcommand)]
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
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
        /// The folder of `neo-hq --pki`: opens the reasons of consultations.
        #[arg(long)]
        pki: Option<PathBuf>,
    },
    /// Writes a terminal's journal to a file that `audit verify --file` checks anywhere.
    Export {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolders,
        /// The file to make.
        #[arg(long)]
        out: PathBuf,
    },
    /// Lists the terminals that signed two journals; both heads are kept.
    Forks {
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
    },
    /// Writes headquarters' newest countersignature of a terminal's journal, to keep elsewhere.
    Receipt {
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        /// The folder of `neo-hq --dir`.
        #[arg(long)]
        dir: PathBuf,
        /// The file to make.
        #[arg(long)]
        out: PathBuf,
    },
    /// Writes the proof that the signature of one act is in its terminal's journal.
    Proof {
        /// The number that the act shows, such as `2026/000123`, or the id of the envelope that brought it.
        act: act::Wanted,
        #[command(flatten)]
        hq: HqFolders,
        /// The file to make.
        #[arg(long)]
        out: PathBuf,
    },
}

#[derive(Args)]
pub(crate) struct HqFolders {
    /// The folder of `neo-hq --dir`.
    #[arg(long)]
    dir: PathBuf,
    /// The folder of `neo-hq --pki`.
    #[arg(long)]
    pki: PathBuf,
}

#[derive(Args)]
#[command(group = ArgGroup::new("what").required(true).args(["device", "file", "proof"]))]
pub(crate) struct Verify {
    #[arg(value_parser = DeviceId::parse, requires_all = ["dir", "pki"])]
    device: Option<DeviceId>,
    /// The folder of `neo-hq --dir`.
    #[arg(long, requires = "device")]
    dir: Option<PathBuf>,
    /// The folder of `neo-hq --pki`.
    #[arg(long, requires = "device")]
    pki: Option<PathBuf>,
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

impl HqFolders {
    fn folders(&self) -> Hq<'_> {
        Hq {
            dir: &self.dir,
            pki: &self.pki,
        }
    }
}

impl Command {
    pub(crate) fn run(&self) -> Result<Answer, Unaudited> {
        match self {
            Self::Verify(verify) => verify.run(),
            Self::Show { device, dir, pki } => Ok(Answer::Entries(hold::show(device, dir, pki.as_deref())?)),
            Self::Export { device, hq, out } => {
                Ok(Answer::Journal(hold::export(device, &hq.folders(), out)?))
            }
            Self::Forks { dir } => Ok(Answer::Forks(hold::forks(dir)?)),
            Self::Receipt { device, dir, out } => Ok(Answer::Journal(hold::receipt(device, dir, out)?)),
            Self::Proof { act, hq, out } => Ok(Answer::Journal(hold::proof(*act, &hq.folders(), out)?)),
        }
    }
}

impl Verify {
    fn run(&self) -> Result<Answer, Unaudited> {
        let held = files::receipts(&self.receipt)?;
        if let (Some(device), Some(dir), Some(pki)) = (&self.device, &self.dir, &self.pki) {
            let hq = Hq { dir, pki };
            return Ok(Answer::Verified(hold::verify_device(device, &hq, &held)?));
        }
        let anchors = self.anchors.as_deref();
        let verified = match (&self.file, &self.proof, anchors) {
            (Some(file), _, Some(anchors)) => files::verify_file(file, anchors, &held)?,
            (None, Some(proof), Some(anchors)) => files::verify_proof_file(proof, anchors)?,
            (_, _, None) | (None, None, Some(_)) => return Err(Unaudited::Nothing),
        };
        Ok(Answer::Verified(vec![verified]))
    }
}
