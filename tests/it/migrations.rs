//! Databases of other versions of the program: a newer one is refused and left alone, one never finished is no terminal.

use std::fs;
use std::path::{Path, PathBuf};

use agent::store::{DeviceStore, OfficerStore, OpenError, RawKey};
use domain::UnixMs;

/// A database with `user_version` 99 under the raw key of [`key`]; `seeds/README.md` says how it was made.
const NEWER: &[u8] = include_bytes!("../seeds/newer.db");

fn key() -> RawKey {
    RawKey::of([7; 32])
}

fn newer() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.db");
    fs::write(&path, NEWER).unwrap();
    (folder, path)
}

#[track_caller]
fn is_refused_and_left_alone<T>(opened: Result<T, OpenError>, path: &Path) {
    let Err(error) = opened else {
        panic!("a newer database was opened")
    };
    assert!(matches!(error, OpenError::Newer { found: 99, .. }), "{error}");
    assert!(error.to_string().contains("update the program"), "{error}");
    assert_eq!(fs::read(path).unwrap(), NEWER, "the file was written to");
}

#[test]
fn a_device_database_of_a_newer_program_is_refused_and_left_alone() {
    let (_folder, path) = newer();
    is_refused_and_left_alone(DeviceStore::open(&path, &key(), UnixMs(0)), &path);
    is_refused_and_left_alone(DeviceStore::open(&path, &key(), UnixMs(0)), &path);
}

#[test]
fn an_officer_database_of_a_newer_program_is_refused_and_left_alone() {
    let (_folder, path) = newer();
    for first in [false, true] {
        is_refused_and_left_alone(OfficerStore::open(&path, &key(), first, UnixMs(0)), &path);
    }
}

#[test]
fn a_database_without_its_enrolment_is_no_terminal() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.db");
    // The migrations of the other database: a file that reads, and holds nothing of a terminal.
    drop(OfficerStore::open(&path, &key(), true, UnixMs(0)).unwrap());
    assert!(DeviceStore::open(&path, &key(), UnixMs(0)).is_err());
    assert!(path.exists(), "it is not thrown away either");
}

#[test]
fn migrations_are_numbered_from_one_without_a_hole() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../agent/migrations");
    for database in ["device", "officer"] {
        let entries = fs::read_dir(root.join(database)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert!(!names.is_empty(), "{database}");
        for (number, name) in (1..).zip(&names) {
            assert!(
                name.starts_with(&format!("{number:04}_")),
                "{database}/{name} is not number {number}"
            );
        }
    }
}

#[test]
fn a_database_that_is_missing_is_never_made_by_opening() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("device.db");
    assert!(matches!(
        DeviceStore::open(&path, &key(), UnixMs(0)),
        Err(OpenError::Missing { .. })
    ));
    assert!(matches!(
        OfficerStore::open(&path, &key(), false, UnixMs(0)),
        Err(OpenError::Missing { .. })
    ));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}
