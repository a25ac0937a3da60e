//! Writing an act out for another system: three files that appear whole, or none.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use documents::{HandoffError, handoff};
use domain::record::Record;
use domain::{ActId, canonical};
use thiserror::Error;
use trust::cose;

use super::ReferenceFailure;
use crate::engine::Law;

pub struct HandOverJob {
    pub act: ActId,
    /// Where the files go; it exists.
    pub folder: PathBuf,
    /// What `cose` carries.
    pub record: Record,
    /// For the labels of offences, as they were when the act was drawn up.
    pub law: Law,
    /// The record's COSE_Sign1.
    pub cose: Vec<u8>,
    /// The signed PDF.
    pub document: Option<Vec<u8>>,
}

/// Why no file is there.
#[derive(Debug, Error)]
pub enum HandOverError {
    #[error("the reference data of the act does not open")]
    Law(#[from] ReferenceFailure),
    #[error("the act has no structured form")]
    Form(#[from] HandoffError),
    #[error("could not write `{path}`")]
    Write {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("the worker died")]
    Died,
}

impl HandOverJob {
    pub(super) fn run(self) -> Result<(), HandOverError> {
        let json = handoff(&self.record, &*self.law.load()?)?;
        let stem = documents::file_stem(&self.record);
        // The structured file comes last: a system that waits for it finds the others there.
        let mut files = vec![(format!("{stem}.cose"), self.cose)];
        files.extend(self.document.map(|pdf| (format!("{stem}.pdf"), pdf)));
        files.push((format!("{stem}.json"), json));
        write_all(&self.folder, &files)
    }
}

/// The record inside a COSE_Sign1, whoever signed it.
pub fn record_of(cose: &[u8]) -> Option<Record> {
    canonical::decode(&cose::parse(cose).ok()?.payload).ok()
}

/// All files under their names, or what was begun taken away again.
fn write_all(folder: &Path, files: &[(String, Vec<u8>)]) -> Result<(), HandOverError> {
    let aside = |name: &str| folder.join(format!(".{name}.part"));
    let clear = |path: PathBuf| {
        // Never made, or on a disk that was pulled and keeps what it keeps.
        let _ = fs::remove_file(path);
    };
    let written = files
        .iter()
        .try_for_each(|(name, bytes)| write_one(&aside(name), bytes));
    if written.is_err() {
        files.iter().for_each(|(name, _)| clear(aside(name)));
        return written;
    }
    let placed = files.iter().try_for_each(|(name, _)| {
        let path = folder.join(name);
        fs::rename(aside(name), &path).map_err(|source| HandOverError::Write { path, source })
    });
    if placed.is_err() {
        for (name, _) in files {
            clear(aside(name));
            clear(folder.join(name));
        }
    } else if let Ok(folder) = File::open(folder) {
        // Not every file system of a stick can do this; the files themselves are on it.
        let _ = folder.sync_all();
    }
    placed
}

fn write_one(path: &Path, bytes: &[u8]) -> Result<(), HandOverError> {
    let write = || {
        let mut file = File::create(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    write().map_err(|source| HandOverError::Write {
        path: path.to_owned(),
        source,
    })
}
