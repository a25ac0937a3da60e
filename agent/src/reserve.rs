//! Room kept on the terminal's disk, so that even a full one lets it start and tell its officer.

use std::fs::{self, File};
use std::path::Path;

use crate::site::Site;

/// More than the pages that a start and a few lines of the journal write.
const BYTES: usize = 1024 * 1024;

/// Lets the room go for what a start has to write.
pub(crate) fn release(site: &Site) {
    // One that is not there has been used already.
    let _ = fs::remove_file(site.reserve());
}

/// Takes the room again unless that would leave the disk without any; false when there is too little.
pub(crate) fn keep(site: &Site) -> bool {
    let kept = take(&site.reserve()).is_ok();
    if !kept {
        release(site);
    }
    kept
}

fn take(path: &Path) -> std::io::Result<()> {
    fs::write(path, vec![0; 2 * BYTES])?;
    File::options().write(true).open(path)?.set_len(BYTES as u64)
}
