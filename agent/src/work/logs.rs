//! The terminal's log for HQ: the newest lines of its files, sealed and cut to what a message carries.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use domain::Digest;
use domain::orders::{MAX_REPORTS, MAX_SEALED};
use trust::seal::{self, Recipient};

/// The most text that leaves, in bytes.
const MOST: usize = 1024 * 1024;
// What the seal adds is far below a piece.
const _: () = assert!(MOST / MAX_SEALED + 2 <= MAX_REPORTS as usize);

pub struct LogsJob {
    /// Of the order.
    pub sequence: u64,
    pub folder: PathBuf,
    pub recipient: Recipient,
}

/// One age file in pieces, and what is in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedLogs {
    pub pieces: Vec<Vec<u8>>,
    /// Length of the text.
    pub bytes: u64,
    /// Of the text.
    pub sha256: Digest,
}

impl LogsJob {
    /// None when the files cannot be read or sealed.
    pub(super) fn run(&self) -> Option<SealedLogs> {
        let text = newest(&self.folder, MOST)
            .inspect_err(|error| tracing::error!(%error, "the log cannot be read"))
            .ok()?;
        let sealed = seal::seal(&[self.recipient], &text).ok()?;
        Some(SealedLogs {
            pieces: sealed.chunks(MAX_SEALED).map(<[u8]>::to_vec).collect(),
            bytes: text.len() as u64,
            sha256: Digest::of(&text),
        })
    }
}

/// The last whole lines of the files in `folder`, at most `most` bytes, in the order of the files' names, which are
/// dates. A terminal that logged nothing has none.
fn newest(folder: &Path, most: usize) -> io::Result<Vec<u8>> {
    let mut files = Vec::new();
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        entries => {
            for entry in entries? {
                files.push(entry?.path());
            }
        }
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let mut newest_first = Vec::new();
    let mut length = 0;
    for path in files.iter().rev() {
        if length > most {
            break;
        }
        let content = fs::read(path)?;
        length += content.len();
        newest_first.push(content);
    }
    newest_first.reverse();
    let text = newest_first.concat();
    let from = text.len().saturating_sub(most);
    if from == 0 {
        return Ok(text);
    }
    // The line that a cut falls into stays out; one that begins at the cut is whole.
    let before = from - 1;
    let end = text[before..].iter().position(|byte| *byte == b'\n');
    Ok(end.map_or_else(Vec::new, |end| text[before + end + 1..].to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_whole_lines_come_in_the_order_of_their_days() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(newest(&dir.path().join("none"), 100).unwrap(), b"");
        fs::write(dir.path().join("terminal.2026-11-25.jsonl"), "one\ntwo\n").unwrap();
        fs::write(dir.path().join("terminal.2026-11-26.jsonl"), "three\n").unwrap();
        fs::write(dir.path().join("other.txt"), "secret\n").unwrap();
        assert_eq!(newest(dir.path(), 100).unwrap(), b"one\ntwo\nthree\n");
        assert_eq!(newest(dir.path(), 10).unwrap(), b"two\nthree\n");
        assert_eq!(newest(dir.path(), 9).unwrap(), b"three\n");
        assert_eq!(newest(dir.path(), 3).unwrap(), b"");
    }

    #[test]
    fn a_log_larger_than_a_message_goes_in_pieces_that_open_together() {
        let dir = tempfile::tempdir().unwrap();
        let line = format!("{}\n", "x".repeat(99));
        fs::write(dir.path().join("terminal.2026-11-26.jsonl"), line.repeat(12_000)).unwrap();
        let identity = seal::Identity::generate();
        let job = LogsJob {
            sequence: 1,
            folder: dir.path().to_owned(),
            recipient: identity.recipient(),
        };
        let sealed = job.run().unwrap();
        assert!(sealed.pieces.len() > 1 && sealed.pieces.len() <= usize::from(MAX_REPORTS));
        let text = seal::open(&identity, &sealed.pieces.concat(), MOST).unwrap();
        assert_eq!(
            (text.len() as u64, Digest::of(&text)),
            (sealed.bytes, sealed.sha256)
        );
        assert_eq!(text.len(), MOST / 100 * 100);
    }
}
