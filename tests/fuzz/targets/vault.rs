//! The journal of a recording on the terminal's disk, after any accident.
#![no_main]

use std::fs;
use std::sync::LazyLock;

use camera::vault::Vault;
use domain::ClipId;
use libfuzzer_sys::fuzz_target;
use tempfile::TempDir;

const CLIP: ClipId = ClipId::from_bytes([4; 16]);

static FOLDER: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let segments = folder.path().join(CLIP.to_string()).join("seg");
    fs::create_dir_all(segments).expect("a folder can be made");
    folder
});

// The journal's bytes; entries get their heads and checks when the first byte is odd.
fuzz_target!(|input: &[u8]| {
    let [framed, bytes @ ..] = input else { return };
    let journal = if framed % 2 == 1 {
        entries(bytes)
    } else {
        bytes.to_vec()
    };
    let clip = FOLDER.path().join(CLIP.to_string());
    fs::write(clip.join("journal"), &journal).expect("the journal can be written");
    fs::write(FOLDER.path().join("traces"), &journal).expect("the traces can be written");
    let vault = Vault::open(FOLDER.path(), 1 << 20).expect("the vault opens");
    let _ = vault.find(CLIP);
    let _ = vault.traces();
    let kept = fs::read(clip.join("journal")).expect("the journal stays");
    assert!(kept.len() <= journal.len());
});

/// Entries with their heads and checks, cut where a byte says so.
fn entries(mut bytes: &[u8]) -> Vec<u8> {
    let mut journal = Vec::new();
    while let Some((length, rest)) = bytes.split_first() {
        let (entry, rest) = rest.split_at(usize::from(*length).min(rest.len()));
        journal.extend(
            u32::try_from(entry.len())
                .expect("an entry is short")
                .to_be_bytes(),
        );
        journal.extend(entry);
        journal.extend(&domain::Digest::of(entry).as_bytes()[..8]);
        bytes = rest;
    }
    journal
}
