//! What was signed, what HQ holds, and when each receipt was stored: read from the databases, which no process has open.

use std::collections::{BTreeMap, BTreeSet};

use agent::engine::device_db_key;
use agent::site::Site;
use agent::store::DeviceStore;
use agent::work::record_of;
use anyhow::{Context, ensure};
use domain::delivery::Delivery;
use domain::envelope::Lane;
use domain::journal::Operation;
use domain::{Digest, EnvelopeId, UnixMs};
use hq::store::Store;

use super::Fleet;
use crate::enrol::Place;

/// Every signed act: its envelope, and the digest of the record inside.
pub(super) type Signed = BTreeMap<EnvelopeId, Digest>;

/// What waits in all the outboxes.
pub(super) fn signed(fleet: &Fleet) -> anyhow::Result<Signed> {
    let mut signed = Signed::new();
    for place in &fleet.places {
        for row in open(place)?.waiting()? {
            let twice = signed.insert(row.envelope, row.record);
            ensure!(twice.is_none(), "two acts share the envelope {}", row.envelope);
        }
    }
    ensure!(!signed.is_empty(), "nothing was signed");
    Ok(signed)
}

/// One stored receipt.
pub(super) struct Stored {
    /// Index of the terminal.
    pub(super) terminal: usize,
    pub(super) lane: Lane,
    /// When, on the device's clock, in milliseconds.
    pub(super) at: u64,
}

/// Every stored receipt by the terminals' own journals; an act without one is an error.
pub(super) fn receipts(fleet: &Fleet) -> anyhow::Result<Vec<Stored>> {
    let mut receipts = Vec::new();
    for (terminal, place) in fleet.places.iter().enumerate() {
        let store = open(place)?;
        let mut times = BTreeMap::new();
        for entry in store.journal()? {
            if let Operation::ReceiptStored { record } = entry.operation {
                let twice = times.insert(record, entry.at.mono_ms);
                ensure!(twice.is_none(), "{} journals one receipt twice", place.device);
            }
        }
        for row in store.acts()? {
            ensure!(
                matches!(row.delivery, Delivery::Received { .. }),
                "{} is not received",
                row.act
            );
            let at = times
                .get(&row.record)
                .with_context(|| format!("the receipt of {} is not in the journal", row.act))?;
            receipts.push(Stored {
                terminal,
                lane: row.lane,
                at: *at,
            });
        }
    }
    Ok(receipts)
}

/// HQ's set held against the signed one.
#[derive(Debug, Default)]
pub(super) struct AtHq {
    pub(super) records: usize,
    /// Signed and not at HQ, or there with another content.
    pub(super) missing: usize,
    /// At HQ more than once, under whatever envelope.
    pub(super) twice: usize,
    /// At HQ and signed by nobody here.
    pub(super) foreign: usize,
}

pub(super) fn at_hq(fleet: &Fleet, signed: &Signed) -> anyhow::Result<AtHq> {
    let mut store = Store::open(&fleet.layout.hq()).context("could not open HQ's store")?;
    let store = store.begin()?;
    let mut found = AtHq::default();
    let (mut acts, mut right) = (BTreeSet::new(), BTreeSet::new());
    for envelope in store.envelopes()? {
        let stored = store
            .record(envelope)?
            .with_context(|| format!("HQ lists {envelope} and does not hold it"))?;
        let record = record_of(&stored.record_cose).context("a record at HQ does not read")?;
        found.records += 1;
        if !acts.insert(record.id) {
            found.twice += 1;
        }
        match signed.get(&envelope) {
            Some(digest) if *digest == Digest::of(&stored.record_cose) => _ = right.insert(envelope),
            Some(_) => {}
            None => found.foreign += 1,
        }
    }
    found.missing = signed.len() - right.len();
    Ok(found)
}

fn open(place: &Place) -> anyhow::Result<DeviceStore> {
    let site = Site::new(&place.terminal);
    let keys = agent::enrol::vault(&site)?;
    DeviceStore::open(&site.device_db(), &device_db_key(keys.as_ref())?, UnixMs(0))
        .with_context(|| format!("the database of `{}` does not open", place.device))
}
