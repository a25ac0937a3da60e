//! Journals as they are handed out: entries, heads and the certificates that a check needs.

use std::collections::BTreeMap;

use domain::DeviceId;
use evidence::journal::{JournalFile, SeenHead};
use trust::Digest;
use trust::cert::Certificate;
use trust::cose;

use crate::pki::Pki;
use crate::store::{StoreError, Transaction};

/// Every journal of `device` that HQ has entries of, the newest last.
pub fn journals(
    transaction: &Transaction<'_>,
    pki: &Pki,
    device: &DeviceId,
) -> Result<Vec<JournalFile>, StoreError> {
    let mut files = Vec::new();
    for journal in transaction.journals(device)? {
        let entries = transaction.journal_entries(journal)?;
        if entries.is_empty() {
            continue;
        }
        let heads = transaction.journal_heads(journal)?;
        let mut certificates = BTreeMap::new();
        for seen in &heads {
            let device = signer(&seen.head);
            let device = device
                .map(|device| transaction.certificate(&device))
                .transpose()?;
            // Every receipt of a folder's life is by its one receipt key.
            let hq = signer(&seen.receipt)
                .filter(|hq| *hq == pki.receipt().certificate().fingerprint())
                .map(|_| pki.receipt().certificate().clone());
            for certificate in device.flatten().into_iter().chain(hq) {
                certificates.insert(certificate.fingerprint(), certificate);
            }
        }
        let issuing = pki.issuing();
        certificates.insert(issuing.fingerprint(), issuing.clone());
        files.push(JournalFile {
            version: 1,
            device: device.clone(),
            journal,
            entries: entries.into_iter().map(Into::into).collect(),
            heads: heads
                .into_iter()
                .map(|seen| SeenHead {
                    head: seen.head.into(),
                    receipt: seen.receipt.into(),
                })
                .collect(),
            certificates: certificates.values().map(der).collect(),
        });
    }
    Ok(files)
}

fn signer(message: &[u8]) -> Option<Digest> {
    cose::parse(message).ok()?.x5t
}

fn der(certificate: &Certificate) -> minicbor::bytes::ByteVec {
    certificate.der().to_vec().into()
}
