//! Writing an act out for another system: three files that appear whole, or none.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use documents::{HandoffError, handoff};
use domain::natinf::ReferenceSet;
use domain::record::Record;
use domain::{ActId, canonical};
use thiserror::Error;
use trust::cose;

pub struct HandOverJob {
    pub act: ActId,
    /// Where the files go; it exists.
    pub folder: PathBuf,
    /// For the labels of offences.
    pub reference: Arc<ReferenceSet>,
    /// The record's COSE_Sign1.
    pub cose: Vec<u8>,
    /// The signed PDF.
    pub document: Option<Vec<u8>>,
}

/// Why no file is there.
#[derive(Debug, Error)]
pub enum HandOverError {
    #[error("the record does not read")]
    Record,
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
        let signed = cose::parse(&self.cose).map_err(|_| HandOverError::Record)?;
        let record: Record = canonical::decode(&signed.payload).map_err(|_| HandOverError::Record)?;
        let json = handoff(&record, &self.reference)?;
        let stem = documents::file_stem(&record);
        // The structured file comes last: a system that waits for it finds the others there.
        let mut files = vec![(format!("{stem}.cose"), self.cose)];
        files.extend(self.document.map(|pdf| (format!("{stem}.pdf"), pdf)));
        files.push((format!("{stem}.json"), json));
        write_all(&self.folder, &files)
    }
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
