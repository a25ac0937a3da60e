//! Files that are either whole or absent, for keys, exports and footage.
//!
//! A file that bears its final name has reached the disk with all its bytes, and so has its name.

use std::fs::{File, OpenOptions, read_dir, remove_file, rename};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::{DeviceId, EnvelopeId};
use sync::FileId;

/// The age file of an act that came in parts, joined, in HQ's folder `dir`.
pub(crate) fn sealed_path(dir: &Path, envelope: EnvelopeId) -> PathBuf {
    dir.join("records").join(format!("{envelope}.sealed.age"))
}

/// Removes encrypted files of `device` from HQ's folder `dir`, whole or not; the path that failed with its reason.
pub(crate) fn remove_files(
    dir: &Path,
    device: &DeviceId,
    files: &[FileId],
) -> Result<(), (PathBuf, io::Error)> {
    let folder = dir.join("files").join(device.as_str());
    for file in files {
        for extension in ["part", "age"] {
            let path = folder.join(format!("{file}.{extension}"));
            remove(&path).map_err(|source| (path, source))?;
        }
    }
    // Nothing was ever written to a folder that is not there.
    if files.is_empty() || !folder.exists() {
        return Ok(());
    }
    sync_dir(&folder).map_err(|source| (folder, source))
}

/// Extension of a file that is not whole yet.
const PROVISIONAL: &str = "tmp";

/// Makes `path` hold exactly `bytes`, readable by its owner alone.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = Draft::new(path)?;
    draft.write_all(bytes)?;
    draft.publish()
}

/// Makes `path` hold exactly `bytes`; its name is durable after the next [`sync_dir`] of its folder.
pub(crate) fn write_unnamed(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut draft = Draft::new(path)?;
    draft.write_all(bytes)?;
    draft.rename()
}

/// Removes a file; one that is not there is gone already.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Removes the drafts in `dir` that nobody writes any more: what a run left that ended before it published them.
pub(crate) fn sweep(dir: &Path) -> io::Result<()> {
    if !dir.exists() {
        return Ok(());
    }
    for entry in read_dir(dir)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == PROVISIONAL) && is_abandoned(&path)? {
            remove(&path)?;
        }
    }
    sync_dir(dir)
}

fn is_abandoned(draft: &Path) -> io::Result<bool> {
    match File::open(draft) {
        Ok(file) => Ok(file.try_lock().is_ok()),
        // Published or removed meanwhile.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Creates `dir` and what leads to it, open to its owner alone.
pub(crate) fn private_dir(dir: &Path) -> io::Result<()> {
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(dir)
}

/// Makes `bytes` durable at `offset` of `path`, a file of `size` bytes that is created when it is not there.
pub(crate) fn write_at(path: &Path, size: u64, offset: u64, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    private_dir(dir)?;
    let is_new = !path.exists();
    let file = OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)?;
    file.set_len(size)?;
    file.write_all_at(bytes, offset)?;
    file.sync_all()?;
    if is_new { sync_dir(dir) } else { Ok(()) }
}

/// Gives a whole and durable file its final name.
pub(crate) fn rename_durably(from: &Path, to: &Path) -> io::Result<()> {
    rename(from, to)?;
    to.parent().map_or(Ok(()), sync_dir)
}

/// Makes the names in `dir` durable, and the absence of those that were removed.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    File::open(dir)?.sync_all()
}

/// A file under a provisional name, locked while it is written; dropped before [`Draft::publish`], it goes away.
pub(crate) struct Draft {
    file: File,
    provisional: PathBuf,
    path: PathBuf,
    published: bool,
}

impl Draft {
    pub(crate) fn new(path: &Path) -> io::Result<Self> {
        if let Some(dir) = path.parent() {
            private_dir(dir)?;
        }
        // Gateways of one group share their folder.
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(format!(".{}.{PROVISIONAL}", std::process::id()));
        let provisional = path.with_file_name(name);
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&provisional)?;
        file.lock()?;
        Ok(Self {
            file,
            provisional,
            path: path.to_owned(),
            published: false,
        })
    }

    /// What was written, to be read again under its provisional name.
    pub(crate) fn reopen(&self) -> io::Result<File> {
        File::open(&self.provisional)
    }

    /// Brings what was written to the disk, still under the provisional name.
    pub(crate) fn settle(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    pub(crate) fn publish(self) -> io::Result<()> {
        let path = self.path.clone();
        self.rename()?;
        path.parent().map_or(Ok(()), sync_dir)
    }

    fn rename(mut self) -> io::Result<()> {
        self.file.sync_all()?;
        self.published = true;
        rename(&self.provisional, &self.path)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.published {
            // What cannot be removed is swept away later.
            let _ = remove_file(&self.provisional);
        }
    }
}

impl Write for Draft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
