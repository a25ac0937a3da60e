//! `recovery`: drafts of a lost or broken phone, given to another by two persons, each with a key of their own.

use std::path::PathBuf;

use clap::Subcommand;
use domain::{DeviceId, OfficerId, UnixMs, decode, encode};
use hq::Pki;
use hq::orders::OrderError;
use hq::pki::{PkiError, read_identity};
use hq::recovery::{Peeled, RecoveryError, peel, restore};
use hq::store::{KeptDraft, StoreError};
use thiserror::Error;

use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::file::{self, FileError};
use crate::fleet::{Unknown, open};
use crate::session::{Effect, HqFolder, PkiFolder, Session, Unready};
use crate::{Exit, pki};

/// For how many days an order to give drafts back counts.
const DAYS: i64 = 30;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the drafts that terminals keep at headquarters; nobody there reads them.
    List {
        /// Those of one terminal.
        #[arg(long, value_parser = DeviceId::parse)]
        device: Option<DeviceId>,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Takes the outer seal off the drafts of a phone, with the second person's key.
    ///
    /// What is written still opens to nobody but the first person.
    Peel {
        /// The lost or broken phone.
        #[arg(value_parser = DeviceId::parse)]
        device: DeviceId,
        #[command(flatten)]
        hq: HqFolder,
        /// The second person's key, `recovery-second.age`.
        #[arg(long)]
        key: PathBuf,
        /// One officer's drafts alone.
        #[arg(long)]
        officer: Option<OfficerId>,
        /// The file to make, for the first person.
        #[arg(long)]
        out: PathBuf,
    },
    /// Opens what `recovery peel` wrote with the first person's key, and orders it to the officer's new terminal.
    Restore {
        file: PathBuf,
        /// The terminal that the officer has now.
        #[arg(long, value_parser = DeviceId::parse)]
        to: DeviceId,
        /// The first person's key, `recovery-first.age`.
        #[arg(long)]
        key: PathBuf,
        #[command(flatten)]
        hq: HqFolder,
        #[command(flatten)]
        pki: PkiFolder,
    },
}

/// Why no draft was given back.
#[derive(Debug, Error)]
pub(crate) enum Unrecovered {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("cannot use the key")]
    Pki(#[from] PkiError),
    #[error(transparent)]
    Recovery(#[from] RecoveryError),
    #[error("no draft of `{device}` is kept here; `neoctl recovery list` shows those that are")]
    NoDraft { device: DeviceId },
    #[error("`{}` is no file of `neoctl recovery peel`", path.display())]
    NotPeeled { path: PathBuf },
    #[error(transparent)]
    File(#[from] FileError),
}

impl Unrecovered {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Pki(error) => pki::exit(error),
            Self::Recovery(error) => match error {
                RecoveryError::OtherKey { .. } => Exit::Forbidden,
                RecoveryError::Unreadable { .. } => Exit::Refuted,
                RecoveryError::UnknownDevice { .. }
                | RecoveryError::NotAssigned { .. }
                | RecoveryError::Order(OrderError::Unknown { .. }) => Exit::NotFound,
                RecoveryError::Order(OrderError::Store(_)) | RecoveryError::Store(_) => Exit::Failed,
            },
            Self::NoDraft { .. } => Exit::NotFound,
            Self::File(error) => error.exit(),
            Self::NotPeeled { .. } | Self::Store(_) => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } | Self::Peel { .. } => Effect::Reads,
            Self::Restore { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unrecovered> {
        match self {
            Self::List { device, hq } => {
                let kept = open(session.hq(hq)?)?.begin()?.kept_drafts(device.as_ref())?;
                Ok(Answer::many("draft", "drafts", kept.iter().map(line).collect()))
            }
            Self::Peel {
                device,
                hq,
                key,
                officer,
                out,
            } => {
                let mut kept = open(session.hq(hq)?)?.begin()?.kept_drafts(Some(device))?;
                kept.retain(|one| officer.is_none_or(|officer| one.officer == officer));
                if kept.is_empty() {
                    let device = device.clone();
                    return Err(Unrecovered::NoDraft { device });
                }
                let peeled = peel(&kept, &read_identity(key)?)?;
                file::make(out, &encode(&peeled))?;
                Ok(told(device, peeled.len()).with("file", out.display().to_string().into()))
            }
            Self::Restore {
                file,
                to,
                key,
                hq,
                pki,
            } => {
                let not_peeled = |_| Unrecovered::NotPeeled { path: file.clone() };
                let peeled: Vec<Peeled> = decode(&file::read(file)?).map_err(not_peeled)?;
                let first = read_identity(key)?;
                let pki = Pki::open(session.pki(pki)?)?;
                let mut store = open(session.hq(hq)?)?;
                let (now, until) = (session.now, session.now.plus(DAYS * UnixMs::DAY));
                let count = restore(&mut store, &pki, &peeled, &first, to, until, now)?;
                Ok(told(to, count))
            }
        }
    }
}

fn told(device: &DeviceId, drafts: usize) -> Answer {
    Answer::one(
        "recovery",
        Rows(vec![
            ("device", device.as_str().into()),
            ("drafts", drafts.into()),
        ]),
    )
}

fn line(kept: &KeptDraft) -> Rows {
    Rows(vec![
        ("device", kept.device.as_str().into()),
        ("officer", kept.officer.to_string().into()),
        ("draft", kept.draft.to_string().into()),
        ("kept_at", moment(kept.at)),
        ("bytes", kept.sealed.len().into()),
    ])
}
