//! `reference bases`: the legal bases of checks, from a file that a lawyer reads.

use std::path::Path;

use domain::UnixMs;
use domain::legal_basis::{BasisFault, BasisTable, MAX_FILE};
use hq::Pki;
use hq::reference::publish_bases;

use super::Unpublished;
use crate::answer::Rows;
use crate::{file, fleet};

/// Reads an edition, and publishes it where there are folders to publish it with; neither is there on a trial.
pub(super) fn import(path: &Path, folders: Option<(&Path, &Path)>, now: UnixMs) -> Result<Rows, Unpublished> {
    let fault = |source: BasisFault| Unpublished::Bases {
        path: path.to_owned(),
        source,
    };
    let bytes = file::input_at_most(path, MAX_FILE as u64)?;
    let text = String::from_utf8(bytes).map_err(|_| fault(BasisFault::Charset))?;
    let table = BasisTable::from_file(&text).map_err(fault)?;
    let unverified = table.rows().iter().filter(|row| row.unverified).count();
    let mut rows = vec![
        ("version", table.edition().into()),
        ("issued", table.issued().date().to_string().into()),
        ("bases", table.rows().len().into()),
        ("unverified", unverified.into()),
    ];
    if let Some((hq, pki)) = folders {
        let published = publish_bases(&mut fleet::open(hq)?, &Pki::open(pki)?, table, now)?;
        rows.extend([
            ("serial", published.serial.into()),
            ("packed_bytes", published.packed.into()),
        ]);
    }
    rows.push(("published", folders.is_some().into()));
    Ok(Rows(rows))
}
