//! Files that are whole or absent, whatever moment the power fails.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::KeysError;

/// Replaces `path` by `bytes`, readable by the owner alone: written aside, synced, renamed, the folder synced.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), KeysError> {
    let named = |source| KeysError::File {
        name: name_of(path),
        source,
    };
    let aside = path.with_extension("new");
    let mut file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&aside)
        .map_err(named)?;
    file.write_all(bytes)
        .and_then(|()| file.sync_all())
        .map_err(named)?;
    fs::rename(&aside, path).map_err(named)?;
    sync_folder(path).map_err(named)
}

/// Removes `path`, and the folder is synced; one that is not there is removed already.
pub(crate) fn remove(path: &Path) -> Result<(), KeysError> {
    let named = |source| KeysError::File {
        name: name_of(path),
        source,
    };
    match fs::remove_file(path) {
        Ok(()) => sync_folder(path).map_err(named),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(named(error)),
    }
}

fn sync_folder(path: &Path) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all())
}

pub(crate) fn read(path: &Path) -> Result<Vec<u8>, KeysError> {
    fs::read(path).map_err(|source| KeysError::File {
        name: name_of(path),
        source,
    })
}

pub(super) fn name_of(path: &Path) -> String {
    path.file_name()
        .map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}
