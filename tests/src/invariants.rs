//! What is true after every step of a simulated run; each function says how many things it looked at.
//!
//! A run in which one of them looked at nothing has proved nothing, and [`Looked::verdict`] fails it.

use std::collections::{BTreeMap, BTreeSet};

use agent::store::{DeviceStore, OutboxRow};
use agent::work::record_of;
use anyhow::{Context, ensure};
use domain::delivery::Delivery;
use domain::envelope::{Receipt, ReceiptStatus};
use domain::journal::{Operation, verify_chain};
use domain::{ActNumber, Digest};
use simulator::world::World;
use trust::cose::{self, Namespace};

type Invariant = fn(&mut World) -> anyhow::Result<usize>;

/// Every invariant by its name.
pub const ALL: [(&str, Invariant); 7] = [
    ("nothing signed ever changes", nothing_signed_ever_changes),
    (
        "everything signed waits in the outbox or is answered",
        everything_signed_waits_or_is_answered,
    ),
    ("HQ counts nothing twice", hq_counts_nothing_twice),
    (
        "HQ holds the very bytes that were signed",
        hq_holds_what_was_signed,
    ),
    (
        "the journal is unbroken and names every act once",
        the_journal_is_unbroken,
    ),
    (
        "received means a stored, verified receipt",
        received_means_a_verified_receipt,
    ),
    ("no number is used twice", no_number_is_used_twice),
];

/// How much each invariant has looked at so far.
#[derive(Debug, Default)]
pub struct Looked(BTreeMap<&'static str, usize>);

impl Looked {
    /// Checks every invariant once.
    pub fn look(&mut self, world: &mut World) -> anyhow::Result<()> {
        for (name, invariant) in ALL {
            *self.0.entry(name).or_default() +=
                invariant(world).with_context(|| format!("broken: {name}"))?;
        }
        Ok(())
    }

    /// Counts another run's looks with these.
    pub fn add(&mut self, other: &Self) {
        for (name, looked) in &other.0 {
            *self.0.entry(name).or_default() += looked;
        }
    }

    /// Fails when one of them never had anything to look at.
    pub fn verdict(&self) -> anyhow::Result<usize> {
        for (name, looked) in &self.0 {
            ensure!(*looked > 0, "`{name}` looked at nothing");
        }
        ensure!(self.0.len() == ALL.len(), "the run was never looked at");
        Ok(self.0.values().sum())
    }
}

/// The acts of the terminal; none while it is down.
pub fn acts(world: &World) -> anyhow::Result<Vec<OutboxRow>> {
    Ok(world
        .engine()
        .map(|engine| engine.device().acts())
        .transpose()?
        .unwrap_or_default())
}

/// The records that an order with two approvals destroyed, by the journal.
fn destroyed(device: &DeviceStore) -> anyhow::Result<BTreeSet<Digest>> {
    let destroyed = device.journal()?.into_iter().filter_map(|entry| {
        if let Operation::EvidenceDestroyed { record, .. } = entry.operation {
            Some(record)
        } else {
            None
        }
    });
    Ok(destroyed.collect())
}

pub fn nothing_signed_ever_changes(world: &mut World) -> anyhow::Result<usize> {
    let mut now = BTreeMap::new();
    let gone;
    if let Some(engine) = world.engine() {
        gone = destroyed(engine.device())?.len();
        for row in engine.device().acts()? {
            let envelope = envelope_digest(engine.device(), &row)?;
            let place = format!(
                "{} {:?} {} {:?}",
                row.envelope, row.lane, row.sequence, row.number
            );
            let signed_at = domain::canonical::encode(&row.signed_at);
            let all = [
                envelope.as_bytes(),
                row.record.as_bytes(),
                place.as_bytes(),
                &signed_at,
            ]
            .concat();
            now.insert(row.act, Digest::of(&all));
        }
    } else {
        return Ok(0);
    }
    let first = world.signed();
    let mut missing = 0;
    for (act, digest) in first.iter() {
        match now.get(act) {
            Some(found) => ensure!(found == digest, "{act} is not what was signed"),
            None => missing += 1,
        }
    }
    ensure!(
        missing <= gone,
        "{missing} acts are gone, of which the journal names {gone}"
    );
    let looked = now.len() + gone;
    first.extend(now);
    Ok(looked)
}

/// SHA-256 of the envelope as it waits, or as HQ's answer names it; the act is found by it either way.
pub fn envelope_digest(device: &DeviceStore, row: &OutboxRow) -> anyhow::Result<Digest> {
    let digest = if let Some((_, cose)) = device.to_send(row.envelope)? {
        Digest::of(&cose)
    } else {
        let receipt = device.receipt(row.act)?.context("an act lost its envelope")?;
        Receipt::from_bytes(&cose::parse(&receipt)?.payload)?.envelope_digest
    };
    let found = device.act_sent_as(digest)?.map(|found| found.act);
    ensure!(found == Some(row.act), "{} was sent as other bytes", row.act);
    Ok(digest)
}

pub fn everything_signed_waits_or_is_answered(world: &mut World) -> anyhow::Result<usize> {
    let Some(engine) = world.engine() else {
        return Ok(0);
    };
    let device = engine.device();
    let rows: BTreeMap<Digest, OutboxRow> = device.acts()?.into_iter().map(|row| (row.record, row)).collect();
    let gone = destroyed(device)?;
    let mut looked = 0;
    for entry in device.journal()? {
        let Operation::Signed { record } = entry.operation else {
            continue;
        };
        if gone.contains(&record) {
            ensure!(!rows.contains_key(&record), "{record} is destroyed and waits");
            looked += 1;
            continue;
        }
        let row = rows
            .get(&record)
            .with_context(|| format!("{record} is signed and in no outbox"))?;
        let waits = device.to_send(row.envelope)?.is_some();
        let answered = device.receipt(row.act)?.is_some();
        ensure!(
            waits != answered,
            "{} neither waits nor is answered, or both",
            row.act
        );
        looked += 1;
    }
    Ok(looked)
}

pub fn hq_counts_nothing_twice(world: &mut World) -> anyhow::Result<usize> {
    let store = world.gateway().store().begin()?;
    let (mut envelopes, mut acts, mut records) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for envelope in store.envelopes()? {
        let stored = store
            .record(envelope)?
            .context("HQ lists a record that it does not hold")?;
        let record = record_of(&stored.record_cose).context("a record at HQ does not decode")?;
        ensure!(envelopes.insert(envelope), "{envelope} is counted twice");
        ensure!(acts.insert(record.id), "{} is counted twice", record.id);
        ensure!(
            records.insert(Digest::of(&stored.record_cose)),
            "{envelope} repeats a record"
        );
    }
    Ok(envelopes.len())
}

pub fn hq_holds_what_was_signed(world: &mut World) -> anyhow::Result<usize> {
    if !world.is_running() {
        return Ok(0);
    }
    let mut rows = acts(world)?;
    if let Some(colleague) = world.colleague() {
        rows.extend(colleague.engine().device().acts()?);
    }
    let gone = match world.engine() {
        Some(engine) => destroyed(engine.device())?,
        None => BTreeSet::new(),
    };
    let store = world.gateway().store().begin()?;
    let held: BTreeSet<_> = store.envelopes()?.into_iter().collect();
    for envelope in &held {
        let stored = store
            .record(*envelope)?
            .context("HQ lists a record that it does not hold")?;
        let row = rows.iter().find(|row| row.envelope == *envelope);
        // HQ had it, and its receipt did not reach the terminal before the wipe.
        if row.is_none() && gone.contains(&Digest::of(&stored.record_cose)) {
            continue;
        }
        let row = row.with_context(|| format!("{envelope} is at HQ and was not signed here"))?;
        ensure!(
            row.record == Digest::of(&stored.record_cose),
            "{envelope} is not what was signed"
        );
    }
    let received = rows
        .iter()
        .filter(|row| matches!(row.delivery, Delivery::Received { .. }));
    for row in received {
        ensure!(
            held.contains(&row.envelope),
            "{} is received and not at HQ",
            row.act
        );
    }
    Ok(held.len())
}

pub fn the_journal_is_unbroken(world: &mut World) -> anyhow::Result<usize> {
    let Some(engine) = world.engine() else {
        return Ok(0);
    };
    let journal = engine.device().journal()?;
    verify_chain(&journal).map_err(|broken| anyhow::anyhow!("{broken:?}"))?;
    for row in engine.device().acts()? {
        let times = journal
            .iter()
            .filter(|entry| entry.operation == Operation::Signed { record: row.record });
        ensure!(
            times.count() == 1,
            "{} is not in the journal exactly once",
            row.act
        );
    }
    Ok(journal.len())
}

pub fn received_means_a_verified_receipt(world: &mut World) -> anyhow::Result<usize> {
    let signer = world.gateway().pki().receipt().certificate().clone();
    let Some(engine) = world.engine() else {
        return Ok(0);
    };
    let mut looked = 0;
    for row in engine.device().acts()? {
        let wanted = match row.delivery {
            Delivery::Waiting { .. } => continue,
            Delivery::Received { .. } => ReceiptStatus::Stored,
            Delivery::Refused { code, .. } => ReceiptStatus::Refused(code),
        };
        let bytes = engine
            .device()
            .receipt(row.act)?
            .context("an answered act has no receipt")?;
        let signed = cose::parse(&bytes).context("a stored receipt does not read")?;
        cose::verify(&signed, Namespace::Receipt, &signer).context("a stored receipt is not HQ's")?;
        let receipt = Receipt::from_bytes(&signed.payload).context("a stored receipt does not decode")?;
        ensure!(
            receipt.envelope == row.envelope,
            "{} has another act's receipt",
            row.act
        );
        ensure!(
            receipt.status == wanted,
            "{} shows another answer than its receipt",
            row.act
        );
        looked += 1;
    }
    Ok(looked)
}

pub fn no_number_is_used_twice(world: &mut World) -> anyhow::Result<usize> {
    let used = used_numbers(world)?;
    let unused = unused_numbers(world)?;
    let distinct: BTreeSet<ActNumber> = used.iter().chain(&unused).copied().collect();
    ensure!(
        distinct.len() == used.len() + unused.len(),
        "used {used:?}, reported unused {unused:?}"
    );
    Ok(used.len())
}

/// At rest every number up to the highest is used or reported as unused: a gap is explained or does not exist.
pub fn every_gap_is_reported(world: &World) -> anyhow::Result<()> {
    let mut known = used_numbers(world)?;
    known.extend(unused_numbers(world)?);
    let promised = world.engine().map(|engine| engine.device().promised_numbers());
    known.extend(promised.transpose()?.unwrap_or_default());
    known.sort_unstable();
    for pair in known.windows(2) {
        let [before, after] = pair else { continue };
        ensure!(
            after.serial == before.serial + 1,
            "between {before} and {after} numbers are missing"
        );
    }
    Ok(())
}

fn used_numbers(world: &World) -> anyhow::Result<Vec<ActNumber>> {
    Ok(acts(world)?.into_iter().filter_map(|row| row.number).collect())
}

/// The numbers that the journal says will never be used.
pub fn unused_numbers(world: &World) -> anyhow::Result<Vec<ActNumber>> {
    let journal = world
        .engine()
        .map(|engine| engine.device().journal())
        .transpose()?
        .unwrap_or_default();
    let unused = journal.into_iter().filter_map(|entry| match entry.operation {
        Operation::NumberUnused { year, serial } => Some(ActNumber { year, serial }),
        Operation::Opened
        | Operation::Unlocked
        | Operation::Locked
        | Operation::UnlockRefused { .. }
        | Operation::ServiceStarted
        | Operation::ServiceEnded
        | Operation::Signed { .. }
        | Operation::Consulted { .. }
        | Operation::ConsultedList { .. }
        | Operation::ReceiptStored { .. }
        | Operation::Refused { .. }
        | Operation::CameraPaired { .. }
        | Operation::FootageDisposed { .. }
        | Operation::FootageExpired { .. }
        | Operation::FootageHeld { .. }
        | Operation::FootageReleased { .. }
        | Operation::FootageViewed { .. }
        | Operation::FootageNotTaken { .. }
        | Operation::CameraGap { .. }
        | Operation::CameraAssigned { .. }
        | Operation::Purged { .. }
        | Operation::Ordered { .. }
        | Operation::CodeChanged
        | Operation::KeyRotated
        | Operation::DraftRestored
        | Operation::DraftDiscarded
        | Operation::Printed { .. }
        | Operation::HandedOver { .. }
        | Operation::Started { .. }
        | Operation::Certified { .. }
        | Operation::OfficerAdmitted
        | Operation::ToldByOrder { .. }
        | Operation::EvidenceDestroyed { .. }
        | Operation::Configured { .. }
        | Operation::CodeChosen
        | Operation::Readmission { .. }
        | Operation::AnswerShown { .. }
        | Operation::AnswerShared { .. }
        | Operation::SharedAnswerShown { .. }
        | Operation::AlertTold { .. }
        | Operation::DispatchShown { .. }
        | Operation::DispatchTaken { .. }
        | Operation::DispatchDeclined { .. }
        | Operation::CrewSheetShown { .. }
        | Operation::CrewSheetJoined { .. }
        | Operation::AlertTaken { .. }
        | Operation::ServiceChecked { .. }
        | Operation::BriefingRead { .. }
        | Operation::CrewCardRead { .. }
        | Operation::UrgentFrame { .. } => None,
    });
    Ok(unused.collect())
}
