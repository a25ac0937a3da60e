//! Bytes of a file that must be nowhere on a disk as they are.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// How long a trace is, in bytes: longer than chance repeats.
const LENGTH: usize = 16;
/// One trace in so many bytes of the file.
const EVERY: usize = 2_048;

pub struct Traces {
    known: BTreeSet<Vec<u8>>,
    /// Whether some trace begins with these two bytes.
    begins: Vec<bool>,
}

impl Traces {
    /// Of the whole of `file`, wherever it is not padding.
    pub fn of(file: &[u8]) -> Self {
        let distinct = |trace: &[u8]| trace.iter().collect::<BTreeSet<_>>().len();
        let known: BTreeSet<Vec<u8>> = (0..file.len())
            .step_by(EVERY)
            .filter_map(|at| file.get(at..at + LENGTH))
            .filter(|trace| distinct(trace) > LENGTH / 2)
            .map(<[u8]>::to_vec)
            .collect();
        let mut begins = vec![false; 1 << 16];
        for trace in &known {
            begins[first_two(trace)] = true;
        }
        Self { known, begins }
    }

    pub fn count(&self) -> usize {
        self.known.len()
    }

    /// A file under `folder` in which one of them stands; with it how many files were looked through.
    pub fn find(&self, folder: &Path) -> std::io::Result<(Option<PathBuf>, usize)> {
        let mut looked = 0;
        let mut folders = vec![folder.to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder)? {
                let path = entry?.path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                looked += 1;
                if self.stands_in(&std::fs::read(&path)?) {
                    return Ok((Some(path), looked));
                }
            }
        }
        Ok((None, looked))
    }

    fn stands_in(&self, bytes: &[u8]) -> bool {
        bytes
            .windows(LENGTH)
            .any(|window| self.begins[first_two(window)] && self.known.contains(window))
    }
}

fn first_two(bytes: &[u8]) -> usize {
    usize::from(bytes[0]) << 8 | usize::from(bytes[1])
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test panics on the unexpected")]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_found_wherever_it_stands_and_nothing_else_is() {
        let file: Vec<u8> = (0_u32..40_000)
            .map(|n| u8::try_from((n * n / 7 + n) % 251).unwrap())
            .collect();
        let traces = Traces::of(&file);
        assert!(traces.count() > 10, "{}", traces.count());
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("a"), vec![7; 10_000]).unwrap();
        assert_eq!(traces.find(folder.path()).unwrap(), (None, 1));
        let hidden = folder.path().join("deep/b");
        std::fs::write(&hidden, [b"xyz", &file[4_000..9_000]].concat()).unwrap();
        assert_eq!(traces.find(folder.path()).unwrap().0, Some(hidden));
    }
}
