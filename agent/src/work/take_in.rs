//! A file that a victim brought comes in: seen for what it is by its first bytes, then hashed and encrypted chunk by chunk.
//!
//! A long one takes many turns, so that the engine says how far it is and nothing waits for it.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Read, Seek as _};
use std::path::{Path, PathBuf};

use domain::dialogue::BroughtLine;
use domain::photo::{MAX_PHOTO, MediaType, Picture};
use domain::piece::{HEAD, PieceKind};
use domain::{Digest, PieceId};

use crate::pieces::{CHUNK, PieceKey, Pieces, Sink};

/// Chunks between two words of how far it is.
const TURN: usize = 16;

/// The most files that are shown for one folder.
const MAX_SHOWN: usize = 500;

pub struct TakeInJob {
    pub piece: PieceId,
    pub stage: Stage,
}

/// How far a file is.
pub enum Stage {
    Begin {
        source: PathBuf,
        pieces: Pieces,
        key: PieceKey,
    },
    Going(Box<Coming>),
}

/// A file between two turns.
pub struct Coming {
    source: File,
    /// As it was when its first byte was read.
    length: u64,
    kind: PieceKind,
    sink: Sink,
}

/// What one turn led to.
pub enum Turn {
    /// It is a picture, which is small enough to be kept as a photograph.
    Image(Picture),
    Going(Box<Coming>),
    Whole {
        kind: PieceKind,
        sha256: Digest,
        bytes: u64,
    },
}

/// Why a file was not taken in.
#[derive(Debug, thiserror::Error)]
pub enum NotTakenIn {
    #[error("the file is nothing that a complaint may have")]
    Kind,
    #[error("the picture takes more than {MAX_PHOTO} bytes")]
    LargeImage,
    #[error("the file could not be read to its end")]
    Source(#[source] io::Error),
    #[error("the file changed while it was read")]
    Changed,
    #[error("the disk is full")]
    DiskFull,
    #[error("the piece could not be written to the disk")]
    Disk(#[source] io::Error),
    #[error("the worker died")]
    Died,
}

impl Coming {
    pub(crate) const fn done(&self) -> u64 {
        self.sink.bytes()
    }

    fn turn(mut self: Box<Self>) -> Result<Turn, NotTakenIn> {
        let mut chunk = vec![0; CHUNK];
        for _ in 0..TURN {
            let read = fill(&mut self.source, &mut chunk).map_err(NotTakenIn::Source)?;
            if read > 0 {
                self.sink.take(&chunk[..read]).map_err(disk)?;
            }
            if read < CHUNK {
                if self.done() != self.length {
                    return Err(NotTakenIn::Changed);
                }
                let kind = self.kind;
                let (sha256, bytes) = self.sink.finish().map_err(disk)?;
                return Ok(Turn::Whole { kind, sha256, bytes });
            }
        }
        Ok(Turn::Going(self))
    }
}

impl TakeInJob {
    pub(super) fn run(self) -> Result<Turn, NotTakenIn> {
        match self.stage {
            Stage::Begin { source, pieces, key } => begin(&source, &pieces, &key),
            Stage::Going(coming) => coming.turn(),
        }
    }
}

fn begin(source: &Path, pieces: &Pieces, key: &PieceKey) -> Result<Turn, NotTakenIn> {
    let length = plain_file(source).map_err(NotTakenIn::Source)?;
    let mut head = [0; HEAD];
    let mut file = File::open(source).map_err(NotTakenIn::Source)?;
    let read = fill(&mut file, &mut head).map_err(NotTakenIn::Source)?;
    file.rewind().map_err(NotTakenIn::Source)?;
    if MediaType::of(&head[..read]).is_some() {
        return image(file, length);
    }
    let kind = PieceKind::of(&head[..read]).ok_or(NotTakenIn::Kind)?;
    let sink = pieces.sink(key).map_err(disk)?;
    Box::new(Coming {
        source: file,
        length,
        kind,
        sink,
    })
    .turn()
}

fn image(file: File, length: u64) -> Result<Turn, NotTakenIn> {
    if length > MAX_PHOTO as u64 {
        return Err(NotTakenIn::LargeImage);
    }
    let mut bytes = Vec::new();
    file.take(MAX_PHOTO as u64)
        .read_to_end(&mut bytes)
        .map_err(NotTakenIn::Source)?;
    Ok(Turn::Image(Picture(bytes)))
}

/// The length of a file that is one, and leads nowhere else.
fn plain_file(path: &Path) -> io::Result<u64> {
    let metadata = fs::symlink_metadata(path)?;
    if metadata.is_file() {
        Ok(metadata.len())
    } else {
        Err(ErrorKind::InvalidInput.into())
    }
}

/// As many bytes as there are, up to the length of `buffer`.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

fn disk(error: io::Error) -> NotTakenIn {
    // A limit on the size of files says the same as a full disk.
    if matches!(
        error.kind(),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    ) {
        NotTakenIn::DiskFull
    } else {
        NotTakenIn::Disk(error)
    }
}

/// What lies in the folder that victims' files come in by, in the order of names.
pub struct BroughtJob {
    pub draft: domain::ActId,
    pub folder: PathBuf,
}

impl BroughtJob {
    /// None when the folder does not read.
    pub(super) fn run(&self) -> Option<Vec<BroughtLine>> {
        let mut brought = Vec::new();
        for entry in fs::read_dir(&self.folder).ok()?.flatten() {
            // What has no name in Unicode, or hides, nobody can choose.
            let Ok(name) = entry.file_name().into_string() else {
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            if let Ok(bytes) = plain_file(&entry.path()) {
                brought.push(BroughtLine {
                    name: name.into(),
                    bytes,
                });
            }
        }
        brought.sort_by(|one, other| one.name.reveal().cmp(other.name.reveal()));
        brought.truncate(MAX_SHOWN);
        Some(brought)
    }
}
