//! `build`: the programs that terminals may run, by which headquarters judges what took a recording in.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use domain::Digest;
use domain::footage::Program;
use hq::store::{Released, StoreError};
use serde_json::Value;
use thiserror::Error;
use trust::Hasher;

use crate::Exit;
use crate::answer::{Answer, Rows};
use crate::ca::moment;
use crate::fleet::{self, Unknown};
use crate::session::{Effect, HqFolder, Session, Unready};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lists the programs that were released to terminals.
    List {
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Releases a program: recordings that it takes in are of a known program from now on.
    Release {
        /// The program's file, as terminals get it.
        file: PathBuf,
        /// The version that it says of itself.
        #[arg(long)]
        version: String,
        #[command(flatten)]
        hq: HqFolder,
    },
    /// Withdraws a program: what it takes in from now on is said to be of a withdrawn one.
    Withdraw {
        /// The SHA-256 of its file.
        #[arg(value_parser = digest)]
        sha256: Digest,
        #[command(flatten)]
        hq: HqFolder,
    },
}

/// Why nothing was done about a program.
#[derive(Debug, Error)]
pub(crate) enum Unreleased {
    #[error(transparent)]
    Unready(#[from] Unready),
    #[error(transparent)]
    Hq(#[from] Unknown),
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    #[error("the program `{sha256}` was released before")]
    Twice { sha256: Digest },
    #[error("no program `{sha256}` is released; `neoctl build list` shows those that are")]
    NotFound { sha256: Digest },
    #[error("cannot read or write headquarters' store")]
    Store(#[from] StoreError),
}

impl Unreleased {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unready(unready) => unready.exit(),
            Self::Hq(unknown) => unknown.exit(),
            Self::Twice { .. } => Exit::Conflict,
            Self::NotFound { .. } => Exit::NotFound,
            Self::Read { .. } | Self::Store(_) => Exit::Failed,
        }
    }
}

impl Command {
    pub(crate) fn effect(&self) -> Effect<'_> {
        match self {
            Self::List { .. } => Effect::Reads,
            Self::Release { .. } | Self::Withdraw { .. } => Effect::Writes,
        }
    }

    pub(crate) fn run(&self, session: &Session<'_>) -> Result<Answer, Unreleased> {
        let (hq, changed) = match self {
            Self::List { hq } => {
                let mut store = fleet::open(session.hq(hq)?)?;
                let lines = store.begin()?.programs()?;
                let lines = lines.iter().map(|one| Rows(line(one))).collect();
                return Ok(Answer::many("program", "programs", lines));
            }
            Self::Release { file, version, hq } => {
                let program = Program {
                    version: version.clone(),
                    build: hash(file)?,
                };
                let sha256 = program.build;
                let mut store = fleet::open(session.hq(hq)?)?;
                let transaction = store.begin()?;
                if !transaction.release_program(&program, session.now)? {
                    return Err(Unreleased::Twice { sha256 });
                }
                transaction.commit()?;
                (hq, sha256)
            }
            Self::Withdraw { sha256, hq } => {
                let sha256 = *sha256;
                let mut store = fleet::open(session.hq(hq)?)?;
                let transaction = store.begin()?;
                if !transaction.withdraw_program(&sha256, session.now)? {
                    return Err(Unreleased::NotFound { sha256 });
                }
                transaction.commit()?;
                (hq, sha256)
            }
        };
        let mut store = fleet::open(session.hq(hq)?)?;
        let mut known = store.begin()?.programs()?.into_iter();
        let found = known.find(|one| one.program.build == changed);
        let found = found.ok_or(Unreleased::NotFound { sha256: changed })?;
        Ok(Answer::one("program", Rows(line(&found))))
    }
}

/// The SHA-256 of a file, of whatever length.
fn hash(path: &Path) -> Result<Digest, Unreleased> {
    let failed = |source| Unreleased::Read {
        path: path.to_owned(),
        source,
    };
    let mut file = std::fs::File::open(path).map_err(failed)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let count = std::io::Read::read(&mut file, &mut buffer).map_err(failed)?;
        let Some(bytes) = buffer.get(..count).filter(|bytes| !bytes.is_empty()) else {
            break;
        };
        hasher.update(bytes);
    }
    Ok(Digest::from_bytes(hasher.finish().0))
}

fn digest(text: &str) -> Result<Digest, String> {
    Digest::from_hex(text).ok_or_else(|| format!("`{text}` is not a SHA-256: 64 hexadecimal digits"))
}

fn line(released: &Released) -> Vec<(&'static str, Value)> {
    vec![
        ("sha256", released.program.build.to_string().into()),
        ("version", released.program.version.as_str().into()),
        ("released_at", moment(released.at)),
        ("withdrawn_at", released.withdrawn.map_or(Value::Null, moment)),
    ]
}
