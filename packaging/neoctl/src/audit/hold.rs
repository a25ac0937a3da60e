//! Journals as headquarters holds them.

use std::path::Path;

use domain::journal::{Entry, HeadReceipt, Operation};
use domain::{DeviceId, Digest, decode, encode};
use evidence::journal::{JournalFile, JournalProof, verify};
use evidence::report::Outcome;
use hq::Pki;
use hq::store::Transaction;
use serde_json::Value;
use trust::{cose, seal};

use super::files::written;
use super::{Hq, Unaudited, Verified, line, moment};
use crate::act::{self, Wanted};
use crate::answer::Rows;
use crate::file::make;
use crate::fleet;

/// A reason is a sentence or two.
const MAX_REASON: usize = 16 * 1024;

/// Every journal of the terminal that HQ has entries of, the newest last; at least one.
fn journals(
    transaction: &Transaction<'_>,
    pki: &Pki,
    device: &DeviceId,
) -> Result<Vec<JournalFile>, Unaudited> {
    if transaction.device(device)?.is_none() {
        return Err(fleet::Unknown::Device {
            device: device.clone(),
        }
        .into());
    }
    let journals = hq::audit::journals(transaction, pki, device)?;
    if journals.is_empty() {
        return Err(Unaudited::NoJournal {
            device: device.clone(),
        });
    }
    Ok(journals)
}

pub(super) fn verify_device(
    device: &DeviceId,
    hq: &Hq<'_>,
    held: &[Vec<u8>],
) -> Result<Vec<Verified>, Unaudited> {
    let pki = Pki::open(hq.pki)?;
    let mut store = fleet::open(hq.dir)?;
    let transaction = store.begin()?;
    let forks = transaction.forks()?;
    let forks = forks.iter().filter(|fork| fork.device == *device).count();
    let quarantined = transaction.quarantined_at(device)?;
    let anchors = std::slice::from_ref(pki.root());
    let journals = journals(&transaction, &pki, device)?;
    Ok(journals
        .iter()
        .map(|file| {
            let found = verify(file, anchors, held);
            let more = vec![
                ("journal", file.journal.to_string().into()),
                ("forks", forks.into()),
                ("quarantined_at", quarantined.map(moment).into()),
            ];
            let mut verified = Verified::of(("device", device.as_str().into()), &found, more);
            // What HQ holds is whole, and yet the terminal signed another.
            if forks > 0 && verified.outcome == Outcome::Ok {
                verified.outcome = Outcome::Tampered;
                for (name, value) in &mut verified.rows.0 {
                    match *name {
                        "outcome" => *value = Outcome::Tampered.code().into(),
                        "fault" => *value = "the terminal signed another journal; see `audit forks`".into(),
                        _ => {}
                    }
                }
            }
            verified
        })
        .collect())
}

pub(super) fn show(device: &DeviceId, dir: &Path, pki: Option<&Path>) -> Result<Vec<Rows>, Unaudited> {
    let pki = pki.map(Pki::open).transpose()?;
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let mut lines = Vec::new();
    for journal in transaction.journals(device)? {
        for bytes in transaction.journal_entries(journal)? {
            let Ok(entry) = decode::<Entry>(&bytes) else {
                continue;
            };
            let mut rows = line(&entry);
            if let Operation::Consulted {
                query: Some(query), ..
            } = entry.operation
            {
                let sealed = transaction.consultation_reason(query)?;
                let reason = sealed.zip(pki.as_ref()).and_then(|(sealed, pki)| {
                    let reason = seal::open(pki.identity(), &sealed, MAX_REASON).ok()?;
                    String::from_utf8(reason.to_vec()).ok()
                });
                rows.push(("reason", reason.into()));
                let (frame, purpose) = transaction.consultation_ground(query)?;
                rows.extend(frame.map(|frame| ("frame", frame.into())));
                rows.extend(purpose.map(|purpose| ("purpose", purpose.into())));
            }
            if let Operation::AnswerShared { share, .. } = entry.operation {
                let shown = transaction.share(share)?;
                let fates: Vec<String> = shown
                    .iter()
                    .map(|row| format!("{} {}", row.matricule, row.fate.code()))
                    .collect();
                rows.push(("at_headquarters", fates.join(", ").into()));
            }
            lines.push(Rows(rows));
        }
    }
    if lines.is_empty() {
        return Err(Unaudited::NoJournal {
            device: device.clone(),
        });
    }
    Ok(lines)
}

/// The newest journal of a terminal, when it verifies.
fn genuine(transaction: &Transaction<'_>, pki: &Pki, device: &DeviceId) -> Result<JournalFile, Unaudited> {
    let file = journals(transaction, pki, device)?.pop();
    let file = file.ok_or_else(|| Unaudited::NoJournal {
        device: device.clone(),
    })?;
    let found = verify(&file, std::slice::from_ref(pki.root()), &[]);
    match (found.outcome(), found.fault) {
        (Outcome::Ok, _) => Ok(file),
        (_, fault) => Err(Unaudited::NotGenuine {
            fault: fault.map_or_else(|| "nothing was checked".to_owned(), |fault| fault.to_string()),
        }),
    }
}

pub(super) fn export(device: &DeviceId, hq: &Hq<'_>, out: &Path) -> Result<Rows, Unaudited> {
    let pki = Pki::open(hq.pki)?;
    let mut store = fleet::open(hq.dir)?;
    let transaction = store.begin()?;
    let file = genuine(&transaction, &pki, device)?;
    let bytes = encode(&file);
    make(out, &bytes)?;
    let mut rows = vec![
        ("device", device.as_str().into()),
        ("journal", file.journal.to_string().into()),
        ("entries", file.entries.len().into()),
    ];
    rows.extend(written(out, &bytes));
    Ok(Rows(rows))
}

pub(super) fn proof(wanted: Wanted, hq: &Hq<'_>, out: &Path) -> Result<Rows, Unaudited> {
    let pki = Pki::open(hq.pki)?;
    let mut store = fleet::open(hq.dir)?;
    let transaction = store.begin()?;
    let (record, device) = act::signed_on(&transaction, wanted)?;
    let file = genuine(&transaction, &pki, &device)?;
    let tells = |bytes: &[u8]| {
        decode::<Entry>(bytes).is_ok_and(|entry| entry.operation == Operation::Signed { record })
    };
    let index = file.entries.iter().position(|entry| tells(entry));
    let proof = index.and_then(|index| JournalProof::of(&file, index as u64));
    let Some(proof) = proof else {
        return Err(Unaudited::NotInJournal { device });
    };
    let bytes = encode(&proof);
    make(out, &bytes)?;
    let mut rows = vec![
        ("device", device.as_str().into()),
        ("record_sha256", record.to_string().into()),
        ("entry", index.into()),
        ("entries", file.entries.len().into()),
    ];
    rows.extend(written(out, &bytes));
    Ok(Rows(rows))
}

pub(super) fn receipt(device: &DeviceId, dir: &Path, out: &Path) -> Result<Rows, Unaudited> {
    let none = || Unaudited::NoJournal {
        device: device.clone(),
    };
    let mut store = fleet::open(dir)?;
    let transaction = store.begin()?;
    let journal = transaction.journals(device)?.pop().ok_or_else(none)?;
    let newest = transaction.newest_journal_head(journal)?.ok_or_else(none)?;
    make(out, &newest.receipt)?;
    let said = cose::parse(&newest.receipt)
        .ok()
        .and_then(|signed| decode::<HeadReceipt>(&signed.payload).ok());
    let mut rows = vec![
        ("device", device.as_str().into()),
        ("journal", journal.to_string().into()),
        ("entries", newest.size.into()),
        ("root", said.as_ref().map(|said| said.root.to_string()).into()),
        ("received_at", said.map(|said| moment(said.at)).into()),
    ];
    rows.extend(written(out, &newest.receipt));
    Ok(Rows(rows))
}

/// Every alarm on questions to police files, the newest first.
pub(super) fn alarms(dir: &Path) -> Result<Vec<Rows>, Unaudited> {
    let mut store = fleet::open(dir)?;
    let alarms = store.begin()?.query_alarms()?;
    let rows = alarms.iter().map(|alarm| {
        Rows(vec![
            ("device", alarm.device.as_str().into()),
            ("officer", alarm.officer.map(|officer| officer.to_string()).into()),
            ("kind", alarm.kind.code().into()),
            ("times", alarm.times.into()),
            ("first_at", moment(alarm.first_at).into()),
            ("last_at", moment(alarm.last_at).into()),
        ])
    });
    Ok(rows.collect())
}

/// Every fork; none is good news.
pub(super) fn forks(dir: &Path) -> Result<Vec<Rows>, Unaudited> {
    let mut store = fleet::open(dir)?;
    let forks = store.begin()?.forks()?;
    let head =
        |cose: &[u8]| -> Option<domain::journal::Head> { decode(&cose::parse(cose).ok()?.payload).ok() };
    let stated = |cose: Option<&[u8]>| -> Value {
        let Some(cose) = cose else { return Value::Null };
        head(cose).map_or(Value::Null, |head| {
            serde_json::json!({
                "entries": head.size,
                "root": head.root.to_string(),
                "epoch": head.epoch,
                "at": moment(head.at.utc),
                "head_sha256": Digest::of(cose).to_string(),
            })
        })
    };
    Ok(forks
        .iter()
        .map(|fork| {
            Rows(vec![
                ("device", fork.device.as_str().into()),
                ("found_at", moment(fork.found_at).into()),
                ("told", stated(Some(&fork.told))),
                ("held", stated(fork.held.as_deref())),
            ])
        })
        .collect())
}
