//! Terminals of every version that ever shipped, on disk: this program opens them and reads all of them.
//!
//! A folder under `seeds` never changes. The terminal inside is a specimen: its keys, code and card are no secrets.

mod contents;
mod schema;

#[path = "../../agent/domain/tests/formats/notation.rs"]
mod notation;

use std::fs;
use std::path::{Path, PathBuf};

use agent::site::Site;
use domain::Digest;
use tempfile::TempDir;
use tests::golden::{self, OFFICER, clip};

use self::contents::contents;
use self::notation::notation;
use self::schema::Schema;

/// Every version whose disk may still lie in a drawer.
const VERSIONS: [&str; 1] = ["v1"];

fn seed(version: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(version)
}

/// A copy of what a version shipped with: opening writes.
pub(crate) fn shipped(version: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&seed(version).join("terminal"), folder.path());
    folder
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let aim = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &aim);
        } else {
            fs::copy(entry.path(), aim).unwrap();
        }
    }
}

/// The terminal that this program makes.
fn made() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    golden::make(folder.path()).unwrap();
    folder
}

fn snapshots(version: &str) -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(seed(version));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

#[test]
fn every_terminal_that_ever_shipped_opens_and_everything_in_it_reads() {
    for version in VERSIONS {
        let terminal = shipped(version);
        snapshots(version).bind(|| insta::assert_snapshot!("contents", contents(terminal.path())));
    }
}

#[test]
fn a_terminal_that_was_opened_reads_the_same_again() {
    for version in VERSIONS {
        let terminal = shipped(version);
        let first = contents(terminal.path());
        assert_eq!(contents(terminal.path()), first, "{version}");
    }
}

/// What fails here is a format of a new version: it needs a migration and a seed, made by the program `seed`.
#[test]
fn this_program_writes_what_its_own_version_shipped_with() {
    let version = VERSIONS[VERSIONS.len() - 1];
    assert_eq!(contents(made().path()), contents(shipped(version).path()));
}

/// The files that are no databases, with their schema and rule, and each one's bytes.
fn files(terminal: &Path) -> Vec<(String, Schema, &'static str, Vec<u8>)> {
    let site = Site::new(terminal);
    let slot = site.officer_dir(OFFICER);
    let read = |path: PathBuf| fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut files = vec![
        (
            "vault",
            Schema::Terminal,
            "vault",
            read(terminal.join("vault.cbor")),
        ),
        ("slot", Schema::Terminal, "slot", read(slot.join("slot.cbor"))),
        ("tries", Schema::Terminal, "tries", read(slot.join("tries.a"))),
    ]
    .into_iter()
    .map(|(name, schema, rule, bytes)| (name.to_owned(), schema, rule, bytes))
    .collect::<Vec<_>>();
    let journal = |n: u8| site.footage().join(clip(n).to_string()).join("journal");
    for (name, rule, path) in [
        ("held", "journal-line", journal(1)),
        ("intake", "journal-line", journal(2)),
        ("trace", "trace", site.footage().join("traces")),
    ] {
        for (line, bytes) in entries(&read(path)).into_iter().enumerate() {
            files.push((format!("{name}-{line}"), Schema::Camera, rule, bytes));
        }
    }
    for (n, bytes) in contents::intents(terminal).into_iter().enumerate() {
        files.push((format!("intent-{n}"), Schema::Kept, "signing-intent", bytes));
    }
    files.push((
        "bond".to_owned(),
        Schema::Terminal,
        "bond",
        contents::bond(terminal),
    ));
    files
}

/// The entries of a journal of footage, each held against its check.
fn entries(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut entries = Vec::new();
    while let Some((head, rest)) = bytes.split_first_chunk::<4>() {
        let (entry, rest) = rest.split_at(usize::try_from(u32::from_be_bytes(*head)).unwrap());
        let (check, rest) = rest.split_at(8);
        assert_eq!(Digest::of(entry).as_bytes()[..8], *check);
        entries.push(entry.to_vec());
        bytes = rest;
    }
    assert!(bytes.is_empty() && !entries.is_empty());
    entries
}

#[test]
fn every_file_of_a_terminal_says_what_its_notation_says() {
    for version in VERSIONS {
        snapshots(version).bind(|| {
            for (name, _, _, bytes) in files(&seed(version).join("terminal")) {
                insta::assert_snapshot!(name, notation(&bytes));
            }
        });
    }
}

#[test]
fn every_file_of_a_terminal_fits_its_rule_whoever_wrote_it() {
    let written = [shipped(VERSIONS[VERSIONS.len() - 1]), made()];
    for terminal in &written {
        for (name, schema, rule, mut bytes) in files(terminal.path()) {
            let fits = schema.fits(rule, &bytes);
            assert!(fits.is_ok(), "{name} as `{rule}`: {fits:?}");
            if bytes[0] & 0xe0 == 0xa0 {
                // A schema that takes any key would take any format.
                bytes[0] += 1;
                bytes.extend([0x17, 0x00]);
                assert!(schema.fits(rule, &bytes).is_err(), "{name} with a key 23");
            }
        }
    }
}

#[test]
fn a_key_file_with_one_bit_flipped_opens_nothing() {
    let whole = shipped(VERSIONS[VERSIONS.len() - 1]);
    let slot = Site::new("").officer_dir(OFFICER).join("slot.cbor");
    for name in [Path::new("vault.cbor"), &slot] {
        let bytes = fs::read(whole.path().join(name)).unwrap();
        for at in (0..bytes.len()).step_by(7) {
            let terminal = tempfile::tempdir().unwrap();
            copy(whole.path(), terminal.path());
            let mut flipped = bytes.clone();
            flipped[at] ^= 1 << (at % 8);
            fs::write(terminal.path().join(name), flipped).unwrap();
            assert!(!contents::opens(terminal.path()), "{} at {at}", name.display());
        }
    }
}
