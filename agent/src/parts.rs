//! Sealed acts that are too large for their envelope: ciphertext on the terminal's disk, until HQ has answered for them.
//!
//! One folder a signing, `<act>-<envelope>`, with the parts in order. It is durable before the intent that needs it is
//! written; one that nothing needs is what a stop left half-way, and goes.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use domain::envelope::{MAX_INLINE, MAX_PART, MAX_PARTS, Part};
use domain::{ActId, Digest, EnvelopeId};

/// The folder that holds them all.
#[derive(Debug, Clone)]
pub struct Parts(PathBuf);

impl Parts {
    pub const fn new(folder: PathBuf) -> Self {
        Self(folder)
    }

    /// Takes the sealed bundle of one signing.
    pub(crate) fn sink(&self, act: ActId, envelope: EnvelopeId) -> Sink {
        Sink {
            folder: self.folder(act, envelope),
            buffer: Vec::new(),
            parts: Vec::new(),
        }
    }

    /// Whether the signing left parts here.
    pub(crate) fn holds(&self, act: ActId, envelope: EnvelopeId) -> bool {
        self.folder(act, envelope).exists()
    }

    pub(crate) fn read(&self, act: ActId, envelope: EnvelopeId, index: u32) -> io::Result<Vec<u8>> {
        fs::read(part_path(&self.folder(act, envelope), index))
    }

    /// Removes the parts of one signing; none are gone already.
    pub(crate) fn remove(&self, act: ActId, envelope: EnvelopeId) -> io::Result<()> {
        match fs::remove_dir_all(self.folder(act, envelope)) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Removes every part.
    pub(crate) fn remove_all(&self) -> io::Result<()> {
        match fs::remove_dir_all(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// Every signing with parts here.
    pub(crate) fn kept(&self) -> io::Result<Vec<(ActId, EnvelopeId)>> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut kept = Vec::new();
        for entry in entries {
            let name = entry?.file_name();
            kept.extend(name.to_str().and_then(signing));
        }
        kept.sort_unstable();
        Ok(kept)
    }

    fn folder(&self, act: ActId, envelope: EnvelopeId) -> PathBuf {
        self.0.join(format!("{act}_{envelope}"))
    }
}

fn signing(name: &str) -> Option<(ActId, EnvelopeId)> {
    let (act, envelope) = name.split_once('_')?;
    Some((act.parse().ok()?, envelope.parse().ok()?))
}

fn part_path(folder: &Path, index: u32) -> PathBuf {
    folder.join(format!("{index:08}.age"))
}

/// Where a sealed bundle ended up.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Sealed {
    Inline(Vec<u8>),
    /// Durable under the folder of its signing.
    InParts(Vec<Part>),
}

/// Cuts a sealed bundle into parts while it is written; a small one stays in memory and leaves nothing on the disk.
#[derive(Debug)]
pub(crate) struct Sink {
    folder: PathBuf,
    buffer: Vec<u8>,
    parts: Vec<Part>,
}

impl Sink {
    pub(crate) fn finish(mut self) -> io::Result<Sealed> {
        if self.parts.is_empty() && self.buffer.len() <= MAX_INLINE {
            return Ok(Sealed::Inline(self.buffer));
        }
        if !self.buffer.is_empty() {
            self.cut()?;
        }
        sync_folder(&self.folder)?;
        self.folder.parent().map_or(Ok(()), sync_folder)?;
        Ok(Sealed::InParts(self.parts))
    }

    /// Makes what is in memory the next part.
    fn cut(&mut self) -> io::Result<()> {
        if self.parts.len() == MAX_PARTS {
            return Err(ErrorKind::FileTooLarge.into());
        }
        if self.parts.is_empty() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(&self.folder)?;
        }
        let index = u32::try_from(self.parts.len()).map_err(io::Error::other)?;
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(part_path(&self.folder, index))?;
        file.write_all(&self.buffer)?;
        file.sync_all()?;
        self.parts.push(Part {
            bytes: self.buffer.len() as u64,
            sha256: Digest::of(&self.buffer),
        });
        self.buffer.clear();
        Ok(())
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.buffer.len() == MAX_PART {
            self.cut()?;
        }
        let taken = bytes.len().min(MAX_PART - self.buffer.len());
        self.buffer.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACT: ActId = ActId::from_bytes([1; 16]);
    const ENVELOPE: EnvelopeId = EnvelopeId::from_bytes([2; 16]);

    fn sealed(length: usize) -> (tempfile::TempDir, Parts, Vec<u8>, Sealed) {
        let dir = tempfile::tempdir().unwrap();
        let parts = Parts::new(dir.path().join("parts"));
        let bytes: Vec<u8> = (0..length).map(|n| n.to_le_bytes()[1]).collect();
        let mut sink = parts.sink(ACT, ENVELOPE);
        bytes
            .chunks(70_000)
            .for_each(|chunk| sink.write_all(chunk).unwrap());
        let sealed = sink.finish().unwrap();
        (dir, parts, bytes, sealed)
    }

    #[test]
    fn what_fits_the_envelope_leaves_nothing_on_the_disk() {
        let (_dir, parts, bytes, sealed) = sealed(MAX_INLINE);
        assert_eq!(sealed, Sealed::Inline(bytes));
        assert!(!parts.holds(ACT, ENVELOPE));
        assert_eq!(parts.kept().unwrap(), []);
    }

    #[test]
    fn the_parts_are_the_bytes_in_their_order() {
        for length in [MAX_INLINE + 1, MAX_PART, MAX_PART + 1, 2 * MAX_PART] {
            let (_dir, parts, bytes, sealed) = sealed(length);
            let Sealed::InParts(list) = sealed else { panic!() };
            assert_eq!(list.len(), length.div_ceil(MAX_PART));
            let mut joined = Vec::new();
            for (index, part) in (0..).zip(&list) {
                let content = parts.read(ACT, ENVELOPE, index).unwrap();
                assert_eq!(
                    (content.len() as u64, Digest::of(&content)),
                    (part.bytes, part.sha256)
                );
                joined.extend(content);
            }
            assert_eq!(joined, bytes);
            assert_eq!(parts.kept().unwrap(), [(ACT, ENVELOPE)]);
            parts.remove(ACT, ENVELOPE).unwrap();
            parts.remove(ACT, ENVELOPE).unwrap();
            assert_eq!(parts.kept().unwrap(), []);
        }
    }
}
