//! The bounded walk through a folder that somebody else filled.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::Skipped;
use crate::protocol::MAX_CLIPS;

/// Folders within folders, the root counted: cameras write DCIM/100MEDIA.
const MAX_DEPTH: usize = 5;
/// Entries of all folders together.
const MAX_ENTRIES: usize = 20_000;
const ENDINGS: [&str; 3] = ["mp4", "mov", "m4v"];

/// Plain files named like videos, in a stable order; counts what else is there.
pub(super) fn walk(root: &Path, skipped: &mut Skipped) -> io::Result<Vec<PathBuf>> {
    let (mut videos, mut entries) = (Vec::new(), 0);
    let mut folders = vec![(root.to_owned(), 1)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            entries += 1;
            if entries > MAX_ENTRIES {
                skipped.more = true;
                return Ok(first(videos, skipped));
            }
            // The kind of the entry itself, not of what a link leads to.
            let kind = entry.file_type()?;
            if kind.is_dir() && depth < MAX_DEPTH {
                folders.push((entry.path(), depth + 1));
            } else if kind.is_dir() {
                skipped.more = true;
            } else if !kind.is_file() {
                skipped.special += 1;
            } else if is_video(&entry.path()) {
                videos.push(entry.path());
            } else {
                skipped.other += 1;
            }
        }
    }
    Ok(first(videos, skipped))
}

fn first(mut videos: Vec<PathBuf>, skipped: &mut Skipped) -> Vec<PathBuf> {
    videos.sort_unstable();
    skipped.more |= videos.len() > MAX_CLIPS;
    videos.truncate(MAX_CLIPS);
    videos
}

fn is_video(path: &Path) -> bool {
    let hidden = path
        .file_name()
        .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
    let ending = path.extension().and_then(OsStr::to_str);
    !hidden && ending.is_some_and(|ending| ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known)))
}
