//! `fleet`: HQ's store, read beside a working gateway, and what it holds of all terminals together.
//!
//! A folder without a store is refused, never filled with a new one.

use std::io;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::{DeviceId, UnixMs};
use hq::Store;
use hq::fleet::Standing;
use hq::store::{StoreError, is_store};
use thiserror::Error;

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::session::{Effect, HqFolder, Session, Unready};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Counts what headquarters holds.
    Summary {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Lists the terminals in service that headquarters has not heard of for some days, the longest silent first.
    Offline {
        #[arg(long, default_value_t = 7)]
        days: u16,
        #[command(flatten)]
        hq: HqFolder,
    },
}

impl Command {
    pub(crate) const fn effect(&self) -> Effect<'_> {
        match self {
            Self::Summary { .. } | Self::Offline { .. } => Effect::Reads,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unknown> {
        Ok(match self {
            Self::Summary { hq } => Answer::one("fleet", summary(session.hq(hq)?)?),
            Self::Offline { days, hq } => {
                let list = offline(session.hq(hq)?, i64::from(*days), session.now)?;
                Answer::many("device", "devices", list)
            }
        })
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

fn offline(dir: &Path, days: i64, now: UnixMs) -> Result<Vec<Rows>, Unknown> {
    let mut store = open(dir)?;
    let transaction = store.begin()?;
    let mut silent = Vec::new();
    for terminal in transaction.devices()? {
        let device = terminal.device;
        let seen = transaction.last_seen(&device)?;
        let is_silent = seen.is_none_or(|seen| now.0 - seen.0 >= days * UnixMs::DAY);
        if is_silent
            && !transaction.is_online(&device)?
            && transaction.standing(&device)?.0 != Standing::Retired
        {
            let unit = transaction.unit(&device)?;
            silent.push((seen, device, unit));
        }
    }
    silent.sort();
    let line = |(seen, device, unit): (Option<UnixMs>, DeviceId, Option<String>)| {
        Rows(vec![
            ("id", device.as_str().into()),
            ("unit", unit.into()),
            ("last_seen", seen.map(moment).into()),
            ("days", seen.map(|seen| (now.0 - seen.0) / UnixMs::DAY).into()),
        ])
    };
    Ok(silent.into_iter().map(line).collect())
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
