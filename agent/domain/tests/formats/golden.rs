//! The bytes and the notation of every vector, as they were first shipped.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use domain::journal::verify_chain;

use crate::keeping::journal;
use crate::notation::notation;
use crate::vector::{self, Reading};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/v1")
}

/// Snapshots lie beside the bytes that they explain.
pub(crate) fn snapshots() -> insta::Settings {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(folder());
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").unwrap();
        text
    })
}

/// A new format prints the bytes to keep; a difference in an old one is a broken promise.
#[test]
fn every_value_is_written_as_in_its_vector() {
    let differing: Vec<String> = vector::all()
        .iter()
        .filter(|vector| {
            fs::read(folder().join(format!("{}.cbor", vector.name)))
                .ok()
                .as_ref()
                != Some(&vector.bytes)
        })
        .map(|vector| format!("{}.cbor {}", vector.name, hex(&vector.bytes)))
        .collect();
    assert!(
        differing.is_empty(),
        "these bytes are not those of version 1:\n{}",
        differing.join("\n")
    );
}

#[test]
fn every_vector_reads_back_as_its_value() {
    for vector in vector::all() {
        assert_eq!(vector.read(&vector.bytes), Reading::Same, "{}", vector.name);
    }
}

#[test]
fn every_vector_says_what_its_notation_says() {
    snapshots().bind(|| {
        for vector in vector::all() {
            insta::assert_snapshot!(vector.name, notation(&vector.bytes));
        }
    });
}

#[test]
fn no_vector_is_kept_that_nothing_reads() {
    let known: BTreeSet<String> = vector::all()
        .iter()
        .flat_map(|vector| [format!("{}.cbor", vector.name), format!("{}.snap", vector.name)])
        .chain(["codes.snap".to_owned()])
        .collect();
    let kept: BTreeSet<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(kept.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn the_journal_of_the_vectors_is_one_unbroken_chain() {
    let journal = journal();
    let last = journal.last().map(domain::journal::Entry::digest);
    assert_eq!(verify_chain(&journal), Ok(last));
}
