//! Files of a journal, read and written away from headquarters.

use std::path::{Path, PathBuf};

use domain::{Digest, decode};
use evidence::journal::{Fault, JournalFile, JournalProof, verify, verify_proof};
use evidence::report::Outcome;
use serde_json::Value;
use trust::cert::Certificate;

use super::{Unaudited, Verified, line, moment};
use crate::answer::Rows;
use crate::file::read;

pub(super) fn verify_file(path: &Path, anchors: &Path, held: &[Vec<u8>]) -> Result<Verified, Unaudited> {
    let anchors = roots(anchors)?;
    let bytes = read(path)?;
    let Ok(file) = decode::<JournalFile>(&bytes) else {
        return Ok(unreadable(path));
    };
    let found = verify(&file, &anchors, held);
    let device = ("device", file.device.as_str().into());
    Ok(Verified::of(device, &found, Vec::new()))
}

pub(super) fn verify_proof_file(path: &Path, anchors: &Path) -> Result<Verified, Unaudited> {
    let anchors = roots(anchors)?;
    let bytes = read(path)?;
    let Ok(proof) = decode::<JournalProof>(&bytes) else {
        return Ok(unreadable(path));
    };
    let device = ("device", proof.device.as_str().into());
    Ok(match verify_proof(&proof, &anchors) {
        Ok(proven) => {
            let mut rows = vec![
                device,
                ("outcome", Outcome::Ok.code().into()),
                ("fault", Value::Null),
                ("entries", proven.head.size.into()),
                ("root", proven.head.root.to_string().into()),
                ("received_at", moment(proven.received_at).into()),
            ];
            rows.extend(line(&proven.entry));
            Verified {
                rows: Rows(rows),
                outcome: Outcome::Ok,
            }
        }
        Err(fault) => refuted(device, fault),
    })
}

fn refuted(what: (&'static str, Value), fault: Fault) -> Verified {
    Verified {
        rows: Rows(vec![
            what,
            ("outcome", fault.outcome().code().into()),
            ("fault", fault.to_string().into()),
        ]),
        outcome: fault.outcome(),
    }
}

fn unreadable(path: &Path) -> Verified {
    Verified {
        rows: Rows(vec![
            ("file", path.display().to_string().into()),
            ("outcome", Outcome::Unreadable.code().into()),
            ("fault", "the file does not read as one of `neoctl audit`".into()),
        ]),
        outcome: Outcome::Unreadable,
    }
}

pub(super) fn receipts(paths: &[PathBuf]) -> Result<Vec<Vec<u8>>, Unaudited> {
    Ok(paths.iter().map(|path| read(path)).collect::<Result<_, _>>()?)
}

fn roots(path: &Path) -> Result<Vec<Certificate>, Unaudited> {
    let pem = String::from_utf8_lossy(&read(path)?).into_owned();
    Certificate::parse_pem_chain(&pem).map_err(|source| Unaudited::Anchors {
        path: path.to_owned(),
        source,
    })
}

/// What is said of a file that was written.
pub(super) fn written(path: &Path, bytes: &[u8]) -> Vec<(&'static str, Value)> {
    vec![
        ("file", path.display().to_string().into()),
        ("bytes", bytes.len().into()),
        ("sha256", Digest::of(bytes).to_string().into()),
    ]
}
