//! A mounted folder with the recordings of a camera that has no radio, such as USB mass storage.
//!
//! Nobody signed what is in it, and nothing in it is believed: the walk is bounded, links are not followed, names are
//! neither shown nor kept. A recording is named by its content, so that it keeps its name wherever it is mounted.

mod walk;

use std::collections::{BTreeMap, VecDeque};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use domain::canonical::Digest;
use domain::footage::{ClipListing, MAX_SEGMENT};
use domain::{ClipId, UnixMs};
use thiserror::Error;
use trust::Hasher;

use self::walk::walk;
use super::{Request, Source, Word};

/// Bytes of one word.
const PIECE: u64 = 64 * 1024;

/// Why a folder gives nothing more.
#[derive(Debug, Error)]
pub enum FolderError {
    #[error("cannot look through the folder; check that it is still mounted")]
    Look(#[source] io::Error),
    #[error("cannot read recording {clip}; check that its folder is still mounted")]
    Read {
        clip: ClipId,
        #[source]
        source: io::Error,
    },
    #[error("recording {0} is not the file that was looked at; look through the folder again")]
    Changed(ClipId),
    #[error("the folder was asked for nothing")]
    NotAsked,
}

/// What was met in the folder and is not offered, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Skipped {
    /// Neither a plain file nor a folder, such as a link.
    pub special: u32,
    /// Files without the ending of a video.
    pub other: u32,
    /// Empty, or not readable to the end.
    pub unreadable: u32,
    /// Another copy of a recording that is offered.
    pub copies: u32,
    /// Whether the folder holds more than is looked at.
    pub more: bool,
}

/// The recordings of a folder, as far as they were looked at.
#[derive(Debug)]
pub struct Folder {
    unread: VecDeque<PathBuf>,
    known: BTreeMap<ClipId, Seen>,
    skipped: Skipped,
    reading: Option<Reading>,
}

/// A file that was read once.
#[derive(Debug)]
struct Seen {
    path: PathBuf,
    listing: ClipListing,
    identity: (u64, u64),
}

/// The recording that is being given.
#[derive(Debug)]
struct Reading {
    clip: ClipId,
    file: File,
    /// Bytes that were looked at.
    length: u64,
    next: Next,
}

#[derive(Debug)]
enum Next {
    Opening,
    /// So many bytes of the segment are left.
    Segment(u64),
    End,
    Nothing,
}

impl Folder {
    /// Bytes of a segment; the last one may be shorter.
    pub const SEGMENT: u64 = MAX_SEGMENT as u64;

    /// Finds the files under `root` that are named like videos; none is read yet.
    pub fn open(root: &Path) -> Result<Self, FolderError> {
        let mut skipped = Skipped::default();
        let unread = walk(root, &mut skipped).map_err(FolderError::Look)?;
        Ok(Self {
            unread: unread.into(),
            known: BTreeMap::new(),
            skipped,
            reading: None,
        })
    }

    /// Files that were not looked at yet.
    pub fn left(&self) -> usize {
        self.unread.len()
    }

    pub fn skipped(&self) -> Skipped {
        self.skipped
    }

    /// Reads the next file whole and offers its recording; nothing when none is left. What the file system says of
    /// the last write stands for the camera's clock, but no later than `now`.
    pub fn look(&mut self, now: UnixMs) -> Option<ClipListing> {
        while let Some(path) = self.unread.pop_front() {
            match look_at(path, now) {
                Ok(seen) if self.known.contains_key(&seen.listing.clip) => self.skipped.copies += 1,
                Ok(seen) => {
                    let listing = seen.listing.clone();
                    self.known.insert(listing.clip, seen);
                    return Some(listing);
                }
                Err(_) => self.skipped.unreadable += 1,
            }
        }
        None
    }

    /// The id of a recording of which `whole` is the SHA-256.
    pub fn clip_of(whole: Digest) -> ClipId {
        let named = Digest::of(&[b"neo/folder-clip/v1".as_slice(), whole.as_bytes()].concat());
        let mut id = [0; 16];
        id.copy_from_slice(&named.as_bytes()[..16]);
        ClipId::from_bytes(id)
    }

    /// When the recording was last written, as it is listed.
    pub fn listing(&self, clip: ClipId) -> Option<&ClipListing> {
        self.known.get(&clip).map(|seen| &seen.listing)
    }
}

impl Source for Folder {
    type Gone = FolderError;

    fn ask(&mut self, clip: ClipId, request: Request) -> Result<(), FolderError> {
        match (request, &mut self.reading) {
            (Request::Opening, _) => {
                self.reading = self.known.get(&clip).map(Seen::begin).transpose()?;
                Ok(())
            }
            (Request::Segment(index), Some(reading)) if reading.clip == clip => reading.go_to(index),
            (Request::Segment(_), _) => Err(FolderError::NotAsked),
        }
    }

    fn hear(&mut self) -> Result<Word, FolderError> {
        self.reading.as_mut().map_or(Ok(Word::Absent), Reading::word)
    }
}

impl Seen {
    fn begin(&self) -> Result<Reading, FolderError> {
        let clip = self.listing.clip;
        let failed = |source| FolderError::Read { clip, source };
        let (file, metadata) = open_plain(&self.path).map_err(failed)?;
        if identity(&metadata) != self.identity || metadata.len() < self.listing.bytes {
            return Err(FolderError::Changed(clip));
        }
        Ok(Reading {
            clip,
            file,
            length: self.listing.bytes,
            next: Next::Opening,
        })
    }
}

impl Reading {
    fn go_to(&mut self, index: u32) -> Result<(), FolderError> {
        let offset = u64::from(index) * Folder::SEGMENT;
        let left = self.length.saturating_sub(offset).min(Folder::SEGMENT);
        self.next = if left == 0 {
            Next::End
        } else {
            let moved = self.file.seek(SeekFrom::Start(offset));
            moved.map_err(|source| self.failed(source))?;
            Next::Segment(left)
        };
        Ok(())
    }

    fn word(&mut self) -> Result<Word, FolderError> {
        match self.next {
            Next::Opening => {
                self.next = Next::Nothing;
                Ok(Word::Opening {
                    clip: self.clip,
                    message: None,
                })
            }
            Next::Segment(0) => {
                self.next = Next::Nothing;
                Ok(Word::SegmentEnd { message: None })
            }
            Next::Segment(left) => {
                let mut bytes = Vec::new();
                let read = (&mut self.file).take(left.min(PIECE)).read_to_end(&mut bytes);
                match read.map_err(|source| self.failed(source))? as u64 {
                    // Shorter than it was: a truncated file has another name.
                    0 => Err(FolderError::Changed(self.clip)),
                    read => {
                        self.next = Next::Segment(left - read);
                        Ok(Word::Data(bytes))
                    }
                }
            }
            Next::End => {
                self.next = Next::Nothing;
                Ok(Word::End { message: None })
            }
            Next::Nothing => Err(FolderError::NotAsked),
        }
    }

    fn failed(&self, source: io::Error) -> FolderError {
        FolderError::Read {
            clip: self.clip,
            source,
        }
    }
}

/// Reads a file once, for its name and length.
fn look_at(path: PathBuf, now: UnixMs) -> io::Result<Seen> {
    let (mut file, metadata) = open_plain(&path)?;
    let mut hasher = Hasher::new();
    let mut buffer = vec![0; 256 * 1024];
    let mut bytes = 0_u64;
    loop {
        let count = file.read(&mut buffer)?;
        if count == 0 {
            break;
        }
        hasher.update(&buffer[..count]);
        bytes += count as u64;
    }
    let segments = u32::try_from(bytes.div_ceil(Folder::SEGMENT));
    let segments = segments.map_err(|_| io::Error::from(ErrorKind::FileTooLarge))?;
    if bytes == 0 {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    let written = written(&metadata).map_or(now, |written| written.min(now));
    let listing = ClipListing {
        clip: Folder::clip_of(Digest::from_bytes(hasher.finish().0)),
        started: written,
        ended: written,
        bytes,
        segments,
    };
    let identity = identity(&metadata);
    Ok(Seen {
        path,
        listing,
        identity,
    })
}

/// Opens a plain file, and nothing that stands in its place.
fn open_plain(path: &Path) -> io::Result<(File, Metadata)> {
    let named = fs::symlink_metadata(path)?;
    if !named.is_file() {
        return Err(ErrorKind::InvalidInput.into());
    }
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if metadata.is_file() && identity(&metadata) == identity(&named) {
        Ok((file, metadata))
    } else {
        Err(ErrorKind::InvalidInput.into())
    }
}

/// Which file of the mounted system it is.
fn identity(metadata: &Metadata) -> (u64, u64) {
    (metadata.dev(), metadata.ino())
}

fn written(metadata: &Metadata) -> Option<UnixMs> {
    let since = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(since.as_millis()).ok().map(UnixMs)
}
