//! What a third party finds in the evidence of a record, as HQ holds it: the same check as `neo-verify`.

use agent::work::record_of;
use anyhow::{Context, ensure};
use domain::record::ActKind;
use domain::{Digest, EnvelopeId};
use evidence::folder::{Files, RecordEvidence, record_folder};
use evidence::report::{Outcome, verify};
use hq::Pki;
use hq::store::Transaction;
use trust::cert::Certificate;
use trust::cert::Holder;

/// The record's folder of evidence; none for what no folder of its own proves.
pub fn folder(store: &Transaction<'_>, pki: &Pki, envelope: EnvelopeId) -> anyhow::Result<Option<Files>> {
    let Some(stored) = store.record(envelope)? else {
        return Ok(None);
    };
    let record = record_of(&stored.record_cose).context("a record at HQ does not decode")?;
    if matches!(
        record.act.kind(),
        ActKind::Footage | ActKind::SafeContact | ActKind::Custody
    ) {
        return Ok(None);
    }
    let certificate = |holder: &Holder| -> anyhow::Result<Certificate> {
        let latest = store.latest_certificate(holder)?;
        latest.with_context(|| format!("HQ has no certificate of {holder:?}"))
    };
    let device = certificate(&Holder::Device(record.context.device.to_string()))?;
    let signer = certificate(&Holder::Agent(record.context.author.id.to_string()))?;
    let receipt = store.receipt(&record.context.device, &Digest::of(&stored.envelope_cose))?;
    let (_, receipt) = receipt.context("the record has no receipt")?;
    let named = record.act.enclosures();
    let mut held = Vec::new();
    for enclosure in &named {
        let mut bytes = Vec::new();
        if store
            .copy_attachment(envelope, &enclosure.name, &mut bytes)?
            .is_some()
        {
            held.push((enclosure.path(), bytes));
        }
    }
    let enclosed: Vec<(String, &[u8])> = held
        .iter()
        .map(|(path, bytes)| (path.clone(), bytes.as_slice()))
        .collect();
    let (document, stamp) = (
        store.attachment(envelope, "document.pdf")?,
        store.stamp(envelope)?,
    );
    Ok(Some(record_folder(&RecordEvidence {
        record: &stored.record_cose,
        envelope: &stored.envelope_cose,
        receipt: &receipt,
        document: document.as_deref(),
        enclosed: &enclosed,
        signer: signer.der(),
        device: device.der(),
        receipt_signer: pki.receipt().certificate().der(),
        stamp: stamp.as_deref(),
        authorities: &[pki.issuing().der()],
    })?))
}

pub fn outcome(files: &Files, pki: &Pki) -> Outcome {
    verify(files, &[Certificate::clone(pki.root())], &[]).outcome()
}

/// The folder with one bit of the signed record changed.
pub fn tampered(mut files: Files) -> anyhow::Result<Files> {
    let record = files.iter_mut().find(|(name, _)| name.contains("record"));
    let (_, bytes) = record.context("the folder holds no record")?;
    let middle = bytes.len() / 2;
    let byte = bytes.get_mut(middle);
    ensure!(byte.is_some(), "the record is empty");
    if let Some(byte) = byte {
        *byte ^= 1;
    }
    Ok(files)
}
