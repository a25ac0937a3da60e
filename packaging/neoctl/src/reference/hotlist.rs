//! `reference hotlist`: what terminals look for without network, from files of lines.

use std::collections::BTreeSet;
use std::path::Path;

use domain::UnixMs;
use domain::hotlist::{DocumentNumber, Person};
use domain::vehicle::Plate;
use hq::Pki;
use hq::hotlist::{Extent, Lists, PersonsSought, publish as send, publish_persons, read_persons};

use super::Unpublished;
use super::command::Sources;
use crate::answer::Rows;
use crate::ca::moment;
use crate::{file, fleet};

/// The largest file of lines, in bytes.
const MAX_LINES: u64 = 64 * 1024 * 1024;

pub(super) fn publish(sources: &Sources, hq: &Path, pki: &Path, now: UnixMs) -> Result<Rows, Unpublished> {
    let as_of = sources.as_of.map_or(now, |at| UnixMs(at.as_millisecond()));
    let plate = |text: &str| Plate::read(text).ok();
    let lists = Lists {
        as_of,
        vehicles: lines(&sources.vehicles, plate)?,
        documents: lines(&sources.documents, DocumentNumber::parse)?,
    };
    let extent = if sources.whole {
        Extent::Whole
    } else {
        Extent::AsNeeded
    };
    let persons = match &sources.persons {
        Some(path) => Some(PersonsSought {
            as_of,
            persons: persons(path)?,
        }),
        None => None,
    };
    let pki = Pki::open(pki)?;
    let mut store = fleet::open(hq)?;
    // The persons first: where no policy allows them, nothing goes out.
    let of_persons = match &persons {
        Some(persons) => Some(publish_persons(&mut store, &pki, persons, extent, now)?),
        None => None,
    };
    let sent = send(&mut store, &pki, &lists, extent, now)?;
    let mut rows = vec![
        ("version", sent.set.version.0.into()),
        ("serial", sent.set.serial.into()),
        ("as_of", moment(as_of)),
        ("vehicles", lists.vehicles.len().into()),
        ("documents", lists.documents.len().into()),
        ("whole", sent.changed.is_none().into()),
        ("added", sent.changed.map(|(added, _)| added).into()),
        ("removed", sent.changed.map(|(_, removed)| removed).into()),
        ("packed_bytes", sent.set.packed.into()),
    ];
    if let Some((persons, sent)) = persons.zip(of_persons) {
        rows.extend([
            ("persons", persons.persons.len().into()),
            ("persons_version", sent.set.version.0.into()),
            ("persons_serial", sent.set.serial.into()),
            ("persons_whole", sent.changed.is_none().into()),
            ("persons_packed_bytes", sent.set.packed.into()),
        ]);
    }
    Ok(Rows(rows))
}

fn persons(path: &Path) -> Result<BTreeSet<Person>, Unpublished> {
    let bytes = file::input_at_most(path, MAX_LINES)?;
    read_persons(&bytes).map_err(|source| Unpublished::Persons {
        path: path.to_owned(),
        source,
    })
}

/// What each line of a file names; empty lines do not count.
fn lines<T: Ord>(path: &Path, read: impl Fn(&str) -> Option<T>) -> Result<BTreeSet<T>, Unpublished> {
    let bytes = file::input_at_most(path, MAX_LINES)?;
    let fault = |line| Unpublished::Line {
        path: path.to_owned(),
        line,
    };
    let mut all = BTreeSet::new();
    for (line, bytes) in (1..).zip(bytes.split(|byte| *byte == b'\n')) {
        let text = std::str::from_utf8(bytes).map_err(|_| fault(line))?.trim();
        if !text.is_empty() {
            all.insert(read(text).ok_or_else(|| fault(line))?);
        }
    }
    Ok(all)
}
