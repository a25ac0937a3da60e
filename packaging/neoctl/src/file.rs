//! Files that a command reads and makes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::Exit;

/// Why a file was not read or made.
#[derive(Debug, Error)]
pub(crate) enum FileError {
    #[error("`{}` is already there; choose another name", path.display())]
    AlreadyThere { path: PathBuf },
    #[error("cannot read `{}`", path.display())]
    Read {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("cannot write `{}`", path.display())]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
}

impl FileError {
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::AlreadyThere { .. } => Exit::Conflict,
            Self::Read { source, .. } | Self::Write { source, .. } => Exit::of(source),
        }
    }
}

/// A file as far as `most` bytes; one byte more shows that it is longer.
pub(crate) fn read_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    taken(path, File::open(path), most)
}

/// The same of a file, or for `-` of standard input.
pub(crate) fn input_at_most(path: &Path, most: u64) -> Result<Vec<u8>, FileError> {
    if path == Path::new("-") {
        taken(path, Ok(io::stdin().lock()), most)
    } else {
        read_at_most(path, most)
    }
}

fn taken(path: &Path, from: io::Result<impl Read>, most: u64) -> Result<Vec<u8>, FileError> {
    let mut bytes = Vec::new();
    from.and_then(|from| from.take(most.saturating_add(1)).read_to_end(&mut bytes))
        .map_err(|source| FileError::Read {
            path: path.to_owned(),
            source,
        })?;
    Ok(bytes)
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, FileError> {
    fs::read(path).map_err(|source| FileError::Read {
        path: path.to_owned(),
        source,
    })
}

/// Readable by its owner alone, and never over another file.
pub(crate) fn make(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let failed = |source: io::Error| {
        let path = path.to_owned();
        if source.kind() == io::ErrorKind::AlreadyExists {
            FileError::AlreadyThere { path }
        } else {
            FileError::Write { path, source }
        }
    };
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path);
    let mut file = made.map_err(failed)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(failed)
}
