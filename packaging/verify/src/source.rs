//! The evidence as it lies on the disk, read into memory within bounds; a video stays on the disk and is read as it is
//! walked.
//!
//! Nothing is followed and nothing but regular files is opened: any other entry of a folder is handed over as an empty
//! file, which the report names as unexpected or unreadable.

use std::fs::{self, DirEntry, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use evidence::folder::Files;
use evidence::video::{Bytes, Lost, is_video};
use thiserror::Error;

/// The most that is read, in bytes: a folder of a long clip.
const MAX_BYTES: u64 = 2 << 30;
/// More entries than the segments of any clip.
const MAX_ENTRIES: usize = 65_536;
/// The folders inside a folder.
const FOLDERS: [&str; 5] = ["seg", "photos", "pieces", "hands", "custody"];

#[derive(Debug)]
pub(crate) enum Source {
    Folder(Files),
    File(Vec<u8>),
    Video(Video),
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
        let mut file = &self.file;
        file.seek(SeekFrom::Start(at)).map_err(|_| Lost)?;
        file.read_exact(into).map_err(|_| Lost)
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
    #[error("`{}` holds more than 2 GiB or 65 536 entries", path.display())]
    TooLarge { path: PathBuf },
}

/// Reads a folder of evidence, or a single file.
pub(crate) fn read(path: &Path) -> Result<Source, Refusal> {
    let kind = fs::metadata(path).map_err(|source| io_refusal(path, source))?;
    let mut reader = Reader {
        top: path,
        left: MAX_BYTES,
        files: Files::new(),
    };
    if kind.is_dir() {
        reader.folder(path, "")?;
        Ok(Source::Folder(reader.files))
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
    files: Files,
}

impl Reader<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str) -> Result<(), Refusal> {
        for entry in fs::read_dir(folder).map_err(|source| io_refusal(folder, source))? {
            let entry = entry.map_err(|source| io_refusal(folder, source))?;
            self.entry(&entry, prefix)?;
            if self.files.len() > MAX_ENTRIES {
                return Err(Refusal::TooLarge {
                    path: self.top.to_owned(),
                });
            }
        }
        Ok(())
    }

    fn entry(&mut self, entry: &DirEntry, prefix: &str) -> Result<(), Refusal> {
        let path = entry.path();
        let kind = entry.file_type().map_err(|source| io_refusal(&path, source))?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if kind.is_dir() && FOLDERS.contains(&name.as_str()) {
            let before = self.files.len();
            self.folder(&path, &format!("{name}/"))?;
            if self.files.len() > before {
                return Ok(());
            }
        }
        let bytes = if kind.is_file() {
            self.file(&path)?
        } else {
            Vec::new()
        };
        self.files.insert(name, bytes);
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
