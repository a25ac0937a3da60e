//! The arrows and absences of `docs/ARCHITECTURE.md`, checked against the manifests and the sources as they are.
//!
//! Every check counts what it looked at: one that looked at nothing has proved nothing and fails.

mod manifests;
mod sources;

use std::path::{Path, PathBuf};

/// The root of the workspace: the parent of this package.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests package lies inside the workspace")
        .to_owned()
}

/// Fails with every violation on its own line, or because there was nothing to look at.
#[track_caller]
fn verdict(looked_at: usize, violations: &[String]) {
    assert!(looked_at > 0, "the check looked at nothing");
    assert!(
        violations.is_empty(),
        "{} of {looked_at}:\n{}",
        violations.len(),
        violations.join("\n")
    );
}
