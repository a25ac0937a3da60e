//! What victims bring, encrypted on the terminal's disk until HQ has the complaint that names it.
//!
//! One file a piece, of any length and never whole in memory: chunks of [`CHUNK`] bytes, each AES-256-GCM under a key of
//! that piece alone, which is in its officer's database. A file without a row there is what a stop left half-way, and goes.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::{Digest, PieceId};
use trust::Hasher;
use trust::chunk::{ChunkCipher, TAG};
use zeroize::Zeroizing;

/// Bytes of content that are encrypted together.
pub const CHUNK: usize = 1024 * 1024;

/// The pieces of one officer.
#[derive(Debug, Clone)]
pub struct Pieces(PathBuf);

/// What opens one piece.
#[derive(Clone)]
pub struct PieceKey {
    pub id: PieceId,
    pub key: Zeroizing<[u8; 32]>,
}

impl fmt::Debug for PieceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PieceKey {{ {} }}", self.id)
    }
}

impl Pieces {
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Takes the content of one piece.
    pub(crate) fn sink(&self, key: &PieceKey) -> io::Result<Sink> {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.0)?;
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(self.path(key.id))?;
        Ok(Sink {
            file,
            folder: self.0.clone(),
            cipher: cipher(key),
            hasher: Hasher::new(),
            bytes: 0,
            index: 0,
        })
    }

    /// The content of one piece, chunk by chunk; whether it is whole, its digest alone says.
    pub(crate) fn content(&self, key: &PieceKey) -> io::Result<Content> {
        Ok(Content {
            file: File::open(self.path(key.id))?,
            cipher: cipher(key),
            chunk: Vec::new(),
            given: 0,
            index: 0,
        })
    }

    /// Every piece with a file here.
    pub(crate) fn kept(&self) -> io::Result<Vec<PieceId>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut kept = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            kept.extend(name.to_str().and_then(|name| name.parse::<PieceId>().ok()));
        }
        kept.sort_unstable();
        Ok(kept)
    }

    /// Removes one piece; one that is not there is gone already.
    pub(crate) fn remove(&self, id: PieceId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    fn path(&self, id: PieceId) -> PathBuf {
        self.0.join(id.to_string())
    }
}

/// Removes the pieces of every officer.
pub(crate) fn remove_all(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

fn cipher(key: &PieceKey) -> ChunkCipher {
    ChunkCipher::new(&key.key, *key.id.as_bytes())
}

/// A piece on its way in. What it wrote is of no use without its row, and is removed at the next unlock.
pub(crate) struct Sink {
    file: File,
    folder: PathBuf,
    cipher: ChunkCipher,
    hasher: Hasher,
    bytes: u64,
    index: u64,
}

impl Sink {
    /// Takes the next chunk: all of [`CHUNK`] bytes, or the last one.
    pub(crate) fn take(&mut self, chunk: &[u8]) -> io::Result<()> {
        self.hasher.update(chunk);
        let sealed = self.cipher.seal(self.index, chunk);
        let sealed = sealed.map_err(|_| ErrorKind::Other)?;
        self.file.write_all(&sealed)?;
        self.index += 1;
        self.bytes += chunk.len() as u64;
        Ok(())
    }

    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Digest and length of what is on the disk from here on.
    pub(crate) fn finish(self) -> io::Result<(Digest, u64)> {
        self.file.sync_all()?;
        File::open(&self.folder)?.sync_all()?;
        if let Some(above) = self.folder.parent() {
            File::open(above)?.sync_all()?;
        }
        Ok((Digest::from_bytes(*self.hasher.finish().as_bytes()), self.bytes))
    }
}

/// The content of a piece, read from the start.
pub(crate) struct Content {
    file: File,
    cipher: ChunkCipher,
    chunk: Vec<u8>,
    given: usize,
    index: u64,
}

impl Content {
    /// False after the last chunk.
    fn advance(&mut self) -> io::Result<bool> {
        let mut sealed = Vec::with_capacity(CHUNK + TAG);
        (&mut self.file)
            .take((CHUNK + TAG) as u64)
            .read_to_end(&mut sealed)?;
        if sealed.is_empty() {
            return Ok(false);
        }
        let opened = self.cipher.open(self.index, &sealed);
        self.chunk = opened.map_err(|_| ErrorKind::InvalidData)?;
        self.given = 0;
        self.index += 1;
        Ok(true)
    }
}

impl Read for Content {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.given == self.chunk.len() {
            if !self.advance()? {
                return Ok(0);
            }
        }
        let read = (&self.chunk[self.given..]).read(buffer)?;
        self.given += read;
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u8) -> PieceKey {
        PieceKey {
            id: PieceId::from_bytes([n; 16]),
            key: Zeroizing::new([n; 32]),
        }
    }

    fn kept(length: usize) -> (tempfile::TempDir, Pieces, Vec<u8>) {
        let dir = tempfile::tempdir().unwrap();
        let pieces = Pieces::new(dir.path().join("pieces").join("officer"));
        let content: Vec<u8> = (0..length).map(|n| n.to_le_bytes()[1] ^ 0x5a).collect();
        let mut sink = pieces.sink(&key(1)).unwrap();
        content.chunks(CHUNK).for_each(|chunk| sink.take(chunk).unwrap());
        assert_eq!(sink.finish().unwrap(), (Digest::of(&content), length as u64));
        (dir, pieces, content)
    }

    fn read(pieces: &Pieces, key: &PieceKey) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        pieces.content(key)?.read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn a_piece_reads_back_as_it_was_taken_and_lies_in_no_file_in_clear() {
        for length in [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK] {
            let (_dir, pieces, content) = kept(length);
            assert_eq!(read(&pieces, &key(1)).unwrap(), content);
            let lies = fs::read(pieces.path(key(1).id)).unwrap();
            assert_eq!(lies.len(), length + length.div_ceil(CHUNK) * TAG);
            assert!(length < 64 || !lies.windows(64).any(|window| window == &content[..64]));
            assert_eq!(pieces.kept().unwrap(), [key(1).id]);
            pieces.remove(key(1).id).unwrap();
            pieces.remove(key(1).id).unwrap();
            assert_eq!(pieces.kept().unwrap(), []);
        }
    }

    #[test]
    fn another_key_another_order_and_a_changed_byte_open_nothing() {
        let (_dir, pieces, _) = kept(2 * CHUNK);
        let path = pieces.path(key(1).id);
        let other = PieceKey {
            id: key(1).id,
            ..key(2)
        };
        assert_eq!(read(&pieces, &other).unwrap_err().kind(), ErrorKind::InvalidData);
        let lies = fs::read(&path).unwrap();
        let swapped = [&lies[CHUNK + TAG..], &lies[..CHUNK + TAG]].concat();
        let mut changed = lies;
        changed[CHUNK] ^= 1;
        for bytes in [swapped, changed] {
            fs::write(&path, bytes).unwrap();
            assert_eq!(read(&pieces, &key(1)).unwrap_err().kind(), ErrorKind::InvalidData);
        }
    }
}
