//! A folder of evidence in which anything was changed: never accepted, always reported.
#![no_main]

use std::fmt::Write as _;

use domain::Digest;
use evidence::folder::Files;
use evidence::report::{Outcome, verify, verify_file};
use fuzz::damaged;
use fuzz::good::GOOD;
use libfuzzer_sys::fuzz_target;

// The folder, the file, whether the list of sums is made anew, and edits to the file.
fuzz_target!(|input: &[u8]| {
    let [folder, file, sums, edits @ ..] = input else {
        return;
    };
    let anchors = std::slice::from_ref(&GOOD.root);
    let _ = verify_file(edits, anchors, &[]);
    let good = &GOOD.folders[usize::from(*folder) % GOOD.folders.len()];
    let mut files = good.clone();
    let name = good.keys().nth(usize::from(*file) % good.len());
    let name = name.expect("a folder has files");
    match edits {
        [] => drop(files.remove(name)),
        edits => drop(files.insert(name.clone(), damaged(&good[name], edits))),
    }
    if sums % 2 == 1 {
        with_new_sums(&mut files);
    }
    let report = verify(&files, anchors, anchors);
    let is_same = files == *good;
    assert_eq!(report.outcome() == Outcome::Ok, is_same, "`{name}` was changed");
});

fn with_new_sums(files: &mut Files) {
    files.remove("SHA256SUMS");
    let sums = files.iter().fold(String::new(), |mut sums, (name, bytes)| {
        let _ = writeln!(sums, "{}  {name}", Digest::of(bytes));
        sums
    });
    files.insert("SHA256SUMS".to_owned(), sums.into_bytes());
}
