//! The evidence as it lies on the disk, read into memory within bounds; a video and the footage of a folder stay on the
//! disk and are read as they are walked.
//!
//! Nothing is followed and nothing but regular files is opened: any other entry of a folder is handed over as an empty
//! file, which the report names as unexpected or unreadable.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use evidence::folder::{Files, is_footage};
use evidence::video::{Bytes, Lost, is_video};
use thiserror::Error;

/// The most that is held in memory, in bytes: a folder but for its footage.
const MAX_BYTES: u64 = 2 << 30;
/// More entries than the segments of any clip.
const MAX_ENTRIES: usize = 65_536;
/// The folders inside a folder.
const FOLDERS: [&str; 5] = ["seg", "photos", "pieces", "hands", "custody"];

#[derive(Debug)]
pub(crate) enum Source {
    Folder(Folder),
    File(Vec<u8>),
    Video(Video),
}

/// A folder whose footage stays on the disk.
#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) files: Files,
    pub(crate) footage: Vec<(String, OnDisk)>,
}

/// A file of which no more is held than its place: a folder may have more of them than a process may open.
#[derive(Debug)]
pub(crate) struct OnDisk {
    path: PathBuf,
    length: u64,
}

impl Bytes for OnDisk {
    fn length(&self) -> u64 {
        self.length
    }

    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Lost> {
        let file = File::open(&self.path).map_err(|_| Lost)?;
        file.read_exact_at(into, at).map_err(|_| Lost)
    }
}

/// A video on the disk.
#[derive(Debug)]
pub(crate) struct Video {
    file: File,
    length: u64,
}

impl Bytes for Video {
    fn length(&self) -> u64 {
        self.length
    }

    fn read(&self, at: u64, into: &mut [u8]) -> Result<(), Lost> {
        self.file.read_exact_at(into, at).map_err(|_| Lost)
    }
}

impl Video {
    /// The file as a video, when it begins as one.
    fn open(path: &Path) -> io::Result<Option<Self>> {
        let mut file = File::open(path)?;
        let mut start = Vec::new();
        Read::by_ref(&mut file).take(8).read_to_end(&mut start)?;
        let length = file.metadata()?.len();
        Ok(is_video(&start).then_some(Self { file, length }))
    }
}

/// Why nothing could be read.
#[derive(Debug, Error)]
pub(crate) enum Refusal {
    #[error("could not read `{}`", path.display())]
    Io {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{}` is neither a folder nor a file", path.display())]
    Neither { path: PathBuf },
    #[error("`{}` holds more than 2 GiB beside its footage, or 65 536 entries", path.display())]
    TooLarge { path: PathBuf },
}

/// Reads a folder of evidence, or a single file.
pub(crate) fn read(path: &Path) -> Result<Source, Refusal> {
    let kind = fs::metadata(path).map_err(|source| io_refusal(path, source))?;
    let mut reader = Reader {
        top: path,
        left: MAX_BYTES,
        found: Folder {
            files: Files::new(),
            footage: Vec::new(),
        },
    };
    if kind.is_dir() {
        reader.folder(path, "")?;
        Ok(Source::Folder(reader.found))
    } else if kind.is_file() {
        match Video::open(path).map_err(|source| io_refusal(path, source))? {
            Some(video) => Ok(Source::Video(video)),
            None => Ok(Source::File(reader.file(path)?)),
        }
    } else {
        Err(Refusal::Neither {
            path: path.to_owned(),
        })
    }
}

struct Reader<'a> {
    top: &'a Path,
    left: u64,
    found: Folder,
}

impl Reader<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<(), Refusal> {
        for entry in fs::read_dir(folder).map_err(|source| io_refusal(folder, source))? {
            let entry = entry.map_err(|source| io_refusal(folder, source))?;
            self.entry(&entry, prefix)?;
            if self.entries() > MAX_ENTRIES {
                return Err(Refusal::TooLarge {
                    path: self.top.to_owned(),
                });
            }
        }
        Ok(())
    }

    fn entries(&self) -> usize {
        self.found.files.len() + self.found.footage.len()
    }

    fn entry(&mut self, entry: &DirEntry, prefix: &str) -> Result<(), Refusal> {
        let path = entry.path();
        let kind = entry.file_type().map_err(|source| io_refusal(&path, source))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() && FOLDERS.contains(&name.as_str()) {
            let before = self.entries();
            self.folder(&path, &format!("{name}/"))?;
            if self.entries() > before {
                return Ok(());
            }
        }
        if kind.is_file() && is_footage(&name) {
            let length = entry
                .metadata()
                .map_err(|source| io_refusal(&path, source))?
                .len();
            self.found.footage.push((name, OnDisk { path, length }));
            return Ok(());
        }
        let bytes = if kind.is_file() {
            self.file(&path)?
        } else {
            Vec::new()
        };
        self.found.files.insert(name, bytes);
        Ok(())
    }

    fn file(&mut self, path: &Path) -> Result<Vec<u8>, Refusal> {
        let mut bytes = Vec::new();
        let file = File::open(path).map_err(|source| io_refusal(path, source))?;
        let read = file.take(self.left + 1).read_to_end(&mut bytes);
        let read = read.map_err(|source| io_refusal(path, source))? as u64;
        self.left = self.left.checked_sub(read).ok_or_else(|| Refusal::TooLarge {
            path: self.top.to_owned(),
        })?;
        Ok(bytes)
    }
}

fn io_refusal(path: &Path, source: io::Error) -> Refusal {
    Refusal::Io {
        path: path.to_owned(),
        source,
    }
}
