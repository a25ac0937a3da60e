//! What terminals state of orders: shown, opened where headquarters' key is at hand, and handed out as a proof.

use std::path::Path;

use domain::orders::{Destroyed, Found, Located, OrderReport};
use domain::{DeviceId, Digest, decode};
use evidence::folder::{WipeEvidence, wipe_folder};
use evidence::report::{Outcome, verify};
use hq::Pki;
use hq::orders::OrderError;
use hq::store::{IssuedOrder, Transaction};
use serde_json::Value;
use trust::cert::Certificate;
use trust::{cose, seal};

use super::Unordered;
use crate::answer::Rows;
use crate::ca::moment;
use crate::evidence::hand_out;
use crate::{file, fleet};

/// The most that is opened, in bytes: more than a terminal sends.
const MAX_OPENED: usize = 2 * 1024 * 1024;

/// Every order to `device`, the oldest first.
pub(super) fn status(device: &DeviceId, hq: &Path, pki: Option<&Pki>) -> Result<Vec<Rows>, Unordered> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    if transaction.device(device)?.is_none() {
        let device = device.clone();
        return Err(OrderError::Unknown { device }.into());
    }
    let mut list = Vec::new();
    for order in transaction.orders(device)? {
        let reports = stated(&transaction, device, order.sequence)?;
        let mut rows = line(&order);
        if let Some(report) = reports.first() {
            rows.0.push(("stated_at", moment(report.at.utc)));
            rows.0.extend(found(report, reports.len(), pki)?);
        }
        list.push(rows);
    }
    Ok(list)
}

fn line(order: &IssuedOrder) -> Rows {
    let outcome = order.outcome.as_ref();
    Rows(vec![
        ("sequence", order.sequence.into()),
        ("command", order.command.code().into()),
        ("issued_at", moment(order.issued_at)),
        ("not_after", moment(order.not_after)),
        (
            "outcome",
            outcome.map_or(Value::Null, |(outcome, _)| outcome.as_str().into()),
        ),
        ("done_at", outcome.map_or(Value::Null, |(_, at)| moment(*at))),
    ])
}

fn found(
    report: &OrderReport,
    there: usize,
    pki: Option<&Pki>,
) -> Result<Vec<(&'static str, Value)>, Unordered> {
    Ok(match &report.found {
        Found::Destroyed(destroyed) => counts(destroyed),
        Found::Logs(_) => vec![("log_pieces", format!("{there}/{}", report.parts).into())],
        Found::Located(sealed) => {
            let Some(pki) = pki else {
                return Ok(vec![("position", "sealed".into())]);
            };
            let opened = seal::open(pki.identity(), sealed, MAX_OPENED).map_err(|_| Unordered::Unreadable)?;
            let located: Located = decode(&opened).map_err(|_| Unordered::Unreadable)?;
            match located.fix {
                None => vec![("position", "no position known".into())],
                Some(fix) => vec![
                    ("position", fix.position.to_string().into()),
                    ("position_accuracy_m", fix.position.accuracy_m.into()),
                    ("position_at", moment(fix.at.utc)),
                    (
                        "position_age_s",
                        ((report.at.utc.0 - fix.at.utc.0).max(0) / 1000).into(),
                    ),
                ],
            }
        }
    })
}

fn counts(destroyed: &Destroyed) -> Vec<(&'static str, Value)> {
    vec![
        ("officers_destroyed", destroyed.officers.into()),
        ("acts_kept", destroyed.kept.into()),
        ("acts_destroyed", destroyed.acts.into()),
        ("clips_destroyed", destroyed.clips.into()),
    ]
}

/// What `device` stated of an order, in the order of its parts; each was held against its key when it came.
fn stated(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    sequence: u64,
) -> Result<Vec<OrderReport>, Unordered> {
    transaction
        .reports(device, sequence)?
        .iter()
        .map(|bytes| {
            let signed = cose::parse(bytes).map_err(|_| Unordered::Unreadable)?;
            decode(&signed.payload).map_err(|_| Unordered::Unreadable)
        })
        .collect()
}

/// Writes the text of a log once every piece of it is here.
pub(super) fn logs(
    hq: &Path,
    pki: &Pki,
    (device, sequence): (&DeviceId, u64),
    out: &Path,
) -> Result<Rows, Unordered> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    known(&transaction, device, sequence)?;
    let reports = stated(&transaction, device, sequence)?;
    let parts = reports.first().map_or(0, |report| report.parts);
    let there = reports.len();
    let mut sealed = Vec::new();
    for report in reports {
        match report.found {
            Found::Logs(piece) => sealed.extend(piece),
            Found::Destroyed(_) | Found::Located(_) => {
                return Err(Unordered::OtherOrder {
                    device: device.clone(),
                    sequence,
                    what: "log",
                });
            }
        }
    }
    if there == 0 {
        let device = device.clone();
        return Err(Unordered::NoReport { device, sequence });
    }
    if there != usize::from(parts) {
        return Err(Unordered::InPieces { there, parts });
    }
    let text = seal::open(pki.identity(), &sealed, MAX_OPENED).map_err(|_| Unordered::Unreadable)?;
    file::make(out, &text)?;
    Ok(Rows(vec![
        ("device", device.as_str().into()),
        ("sequence", sequence.into()),
        ("file", out.display().to_string().into()),
        ("bytes", text.len().into()),
        ("sha256", Digest::of(&text).to_string().into()),
    ]))
}

/// Writes what a third party needs to check a wipe, once it verifies here.
pub(super) fn proof(
    hq: &Path,
    pki: &Pki,
    (device, sequence): (&DeviceId, u64),
    out: &Path,
) -> Result<Rows, Unordered> {
    let mut store = fleet::open(hq)?;
    let transaction = store.begin()?;
    let order = known(&transaction, device, sequence)?;
    let statements = transaction.reports(device, sequence)?;
    let Some(statement) = statements.first() else {
        let device = device.clone();
        return Err(Unordered::NoReport { device, sequence });
    };
    let reports = stated(&transaction, device, sequence)?;
    let Some(Found::Destroyed(destroyed)) = reports.first().map(|report| &report.found) else {
        return Err(Unordered::OtherOrder {
            device: device.clone(),
            sequence,
            what: "proof of a wipe",
        });
    };
    let signer = signer(&transaction, statement)?;
    let evidence = WipeEvidence {
        order: &order,
        statement,
        command: pki.command().certificate().der(),
        device: signer.der(),
        authorities: &[pki.issuing().der()],
    };
    let files = wipe_folder(&evidence)?;
    let outcome = verify(&files, std::slice::from_ref(pki.root()), &[]).outcome();
    if outcome != Outcome::Ok {
        return Err(Unordered::NotGenuine { outcome });
    }
    hand_out(out, &files)?;
    let mut rows = vec![
        ("device", device.as_str().into()),
        ("sequence", sequence.into()),
        ("folder", out.display().to_string().into()),
        ("order_sha256", Digest::of(&order).to_string().into()),
    ];
    rows.extend(counts(destroyed));
    Ok(Rows(rows))
}

/// The order as it was signed.
fn known(transaction: &Transaction<'_>, device: &DeviceId, sequence: u64) -> Result<Vec<u8>, Unordered> {
    transaction
        .order(device, sequence)?
        .ok_or_else(|| Unordered::NoOrder {
            device: device.clone(),
            sequence,
        })
}

/// The certificate that a statement names.
fn signer(transaction: &Transaction<'_>, statement: &[u8]) -> Result<Certificate, Unordered> {
    let signed = cose::parse(statement).map_err(|_| Unordered::Unreadable)?;
    let fingerprint = signed.x5t.ok_or(Unordered::Unreadable)?;
    transaction
        .certificate(&fingerprint)?
        .ok_or(Unordered::Unreadable)
}
