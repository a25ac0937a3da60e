//! An append-only file of entries, each durable before anybody hears of it.
//!
//! An entry is its length (4 bytes, big-endian), its bytes, and the first 8 bytes of their SHA-256. Only the last one
//! can be torn, by a stop within an append; it is cut off when the file is opened.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use domain::Digest;

/// No entry comes near this many bytes.
const MAX_ENTRY: usize = 4 * 1024 * 1024;
const HEAD: usize = 4;
const CHECK: usize = 8;

/// Entries read from bytes, and what stands behind the last whole one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entries {
    pub(super) entries: Vec<Vec<u8>>,
    /// Bytes that whole entries fill.
    pub(super) whole: usize,
    pub(super) tail: Tail,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tail {
    Clean,
    /// An append was cut off.
    Torn,
    /// An entry in the middle does not match its check.
    Damaged,
}

/// An open journal, at its end.
#[derive(Debug)]
pub(super) struct Journal {
    file: File,
    end: u64,
}

impl Journal {
    /// Opens or creates the file and gives its entries; `None` when an entry in the middle is damaged, in which case
    /// nothing is changed. The folder's entry is made durable by the caller.
    pub(super) fn open(path: &Path) -> io::Result<Option<(Self, Vec<Vec<u8>>)>> {
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        let read = parse(&bytes);
        match read.tail {
            Tail::Damaged => return Ok(None),
            Tail::Clean => {}
            Tail::Torn => {
                file.set_len(read.whole as u64)?;
                file.sync_all()?;
            }
        }
        file.seek(SeekFrom::End(0))?;
        Ok(Some((
            Self {
                file,
                end: read.whole as u64,
            },
            read.entries,
        )))
    }

    /// Appends one entry and makes it durable; after a failure the file ends as it did before.
    pub(super) fn append(&mut self, entry: &[u8]) -> io::Result<()> {
        let bytes = frame(entry)?;
        let written = self.file.write_all(&bytes).and_then(|()| self.file.sync_data());
        if written.is_err() {
            self.file.set_len(self.end)?;
            self.file.seek(SeekFrom::End(0))?;
            return written;
        }
        self.end += bytes.len() as u64;
        Ok(())
    }

    /// Takes the last entry, of these bytes, off the file.
    pub(super) fn drop_last(&mut self, entry: &[u8]) -> io::Result<()> {
        self.end -= frame(entry)?.len() as u64;
        self.file.set_len(self.end)?;
        self.file.seek(SeekFrom::End(0))?;
        self.file.sync_all()
    }
}

fn frame(entry: &[u8]) -> io::Result<Vec<u8>> {
    let length = u32::try_from(entry.len())
        .ok()
        .filter(|_| entry.len() <= MAX_ENTRY);
    let length = length.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    Ok([&length.to_be_bytes(), entry, check(entry).as_slice()].concat())
}

fn check(entry: &[u8]) -> [u8; CHECK] {
    let [a, b, c, d, e, f, g, h, ..] = *Digest::of(entry).as_bytes();
    [a, b, c, d, e, f, g, h]
}

/// Reads as many whole entries as there are.
pub(super) fn parse(bytes: &[u8]) -> Entries {
    let (mut entries, mut rest) = (Vec::new(), bytes);
    loop {
        let whole = bytes.len() - rest.len();
        if rest.is_empty() {
            return Entries {
                entries,
                whole,
                tail: Tail::Clean,
            };
        }
        let entry = rest.split_first_chunk::<HEAD>().and_then(|(head, behind)| {
            let length = usize::try_from(u32::from_be_bytes(*head))
                .ok()
                .filter(|length| *length <= MAX_ENTRY)?;
            let (entry, behind) = behind.split_at_checked(length)?;
            let (found, behind) = behind.split_first_chunk::<CHECK>()?;
            Some((entry, *found == check(entry), behind))
        });
        match entry {
            Some((entry, true, behind)) => {
                entries.push(entry.to_vec());
                rest = behind;
            }
            Some((_, false, behind)) if !behind.is_empty() => {
                return Entries {
                    entries,
                    whole,
                    tail: Tail::Damaged,
                };
            }
            Some(_) | None => {
                return Entries {
                    entries,
                    whole,
                    tail: Tail::Torn,
                };
            }
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn entries_read_back_and_a_torn_tail_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut journal, entries) = Journal::open(&path).unwrap().unwrap();
        assert!(entries.is_empty());
        journal.append(b"one").unwrap();
        journal.append(b"two").unwrap();
        let whole = std::fs::read(&path).unwrap();
        for length in whole.len() / 2..whole.len() {
            std::fs::write(&path, &whole[..length]).unwrap();
            let (mut journal, entries) = Journal::open(&path).unwrap().unwrap();
            assert_eq!(entries, [b"one".to_vec()], "{length} bytes");
            journal.append(b"again").unwrap();
            drop(journal);
            let (_, entries) = Journal::open(&path).unwrap().unwrap();
            assert_eq!(entries, [b"one".to_vec(), b"again".to_vec()]);
        }
    }

    #[test]
    fn damage_in_the_middle_is_not_repaired() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let (mut journal, _) = Journal::open(&path).unwrap().unwrap();
        journal.append(b"one").unwrap();
        journal.append(b"two").unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[5] ^= 1;
        std::fs::write(&path, &bytes).unwrap();
        assert!(Journal::open(&path).unwrap().is_none());
        assert_eq!(std::fs::read(&path).unwrap(), bytes);
    }

    proptest! {
        #[test]
        fn random_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
            prop_assert!(parse(&bytes).whole <= bytes.len());
        }
    }
}
