//! `fleet`: HQ's store, read beside a working gateway, and what it holds of all terminals together.
//!
//! A folder without a store is refused, never filled with a new one.

use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::DeviceId;
use hq::Store;
use hq::store::{StoreError, is_store};
use thiserror::Error;

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::session::{Effect, HqFolder, Session, Unready};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Counts what headquarters holds.
    Summary {
        #[command(flatten)]
        hq: HqFolder,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Summary { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unknown> {
        let Self::Summary { hq } = self;
        Ok(Answer::one("fleet", summary(session.hq(hq)?)?))
    }
}

/// Why HQ's store says nothing.
#[derive(Debug, Error)]
pub(crate) enum Unknown {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error("there is no HQ store in `{}`; give the folder of `neo-hq --dir`", dir.display())]
    NoStore { dir: PathBuf },
    #[error("cannot look into `{}`", dir.display())]
    Folder {
        dir: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot read the HQ store")]
    Store(#[from] StoreError),
    #[error("the terminal `{device}` is not enrolled; check its name")]
    Device { device: DeviceId },
}

impl Unknown {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::NoStore { .. } | Self::Device { .. } => Exit::NotFound,
            Self::Folder { source, .. } => Exit::of(source),
            Self::Store(StoreError::Server { .. }) => Exit::Unreachable,
            Self::Store(_) => Exit::Failed,
        }
    }
}

fn summary(dir: &Path) -> Result<Rows, Unknown> {
    let counts = open(dir)?.begin()?.counts()?;
    let rows = counts.rows().map(|(name, count)| (name, count.into()));
    Ok(Rows(rows.to_vec()))
}

pub(crate) fn open(dir: &Path) -> Result<Store, Unknown> {
    let is_there = is_store(dir).map_err(|source| Unknown::Folder {
        dir: dir.to_owned(),
        source,
    })?;
    if is_there {
        Ok(Store::open(dir)?)
    } else {
        Err(Unknown::NoStore { dir: dir.to_owned() })
    }
}
