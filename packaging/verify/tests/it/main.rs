//! `neo-verify` as a program, and the page that does without it.
#![cfg_attr(test, expect(clippy::unwrap_used, reason = "a test panics on the unexpected"))]

mod by_hand;
#[expect(dead_code, reason = "the camera films more than these tests look at")]
#[path = "../../../../camera/evidence/tests/it/film/mod.rs"]
mod film;
#[path = "../../../../camera/evidence/tests/it/fixture/mod.rs"]
mod fixture;
mod program;
mod video;

use std::fs;
use std::path::{Path, PathBuf};

use evidence::folder::Files;

/// A folder on the disk with the evidence in `evidence/`, `root.pem` beside it.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new(root_pem: &str, files: &Files) -> Self {
        let desk = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        fs::write(desk.root(), root_pem).unwrap();
        for (name, bytes) in files {
            desk.write(name, bytes);
        }
        desk
    }

    fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.evidence().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn evidence(&self) -> PathBuf {
        self.folder.path().join("evidence")
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("root.pem")
    }

    fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

/// The root of the checkout.
fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap()
}
