//! Verifying a journal of years, held against nothing but SHA-256 over the same entries.

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use domain::enrolment::KeyProtection;
use domain::journal::{Entry, GENESIS, HEAD, HEAD_RECEIPT, Head, HeadReceipt, Operation};
use domain::{BootId, DeviceId, Digest, JournalId, OfficerId, Timestamp, UnixMs, Zone, encode};
use evidence::journal::{JournalFile, SeenHead, verify};
use evidence::report::Outcome;
use hq::pki::DeviceRequest;
use hq::{Pki, Registry};
use trust::cert::Certificate;
use trust::cose::{self, Namespace};
use trust::keys::{KeyKind, SigningKey};
use trust::merkle::{self, Peaks};
use trust::seal::Identity;

use super::figures::{Measure, Samples, Target};

const TARGET: Target = Target::AtMost(2.0);
/// Three years of a busy terminal.
const ENTRIES: u64 = 300_000;
/// HQ keeps the last head of so many entries.
const HEAD_EVERY: u64 = 16_384;
/// 2026-11-21T12:00:00Z.
const NOON: UnixMs = UnixMs(1_795_262_400_000);

pub(super) fn measure(scratch: &Path, repetitions: usize) -> anyhow::Result<Measure> {
    let (file, root) = journal(scratch)?;
    let anchors = std::slice::from_ref(&root);
    let bytes: usize = file.entries.iter().map(|entry| entry.len()).sum();
    let (mut samples, mut ratios) = (Samples::default(), Vec::new());
    for _ in 0..repetitions {
        let began = Instant::now();
        let found = verify(&file, anchors, &[]);
        let verified = began.elapsed();
        ensure!(
            found.outcome() == Outcome::Ok && found.entries == ENTRIES,
            "the journal of the bench does not verify: {:?}",
            found.fault
        );
        let began = Instant::now();
        for entry in &file.entries {
            black_box(Digest::of(entry));
        }
        let bare = began.elapsed();
        ratios.push(verified.as_secs_f64() / bare.as_secs_f64());
        samples.add("an entry verified", "ns", each(verified));
        samples.add("bare SHA-256 of an entry", "ns", each(bare));
    }
    samples.add("entries", "", ENTRIES as f64);
    samples.add("an entry", "bytes", bytes as f64 / ENTRIES as f64);
    samples.add("heads and countersignatures", "", file.heads.len() as f64);
    Ok(samples.measure(
        "a journal verified (chain, tree, heads, countersignatures) ÷ bare SHA-256 over its entries"
            .to_owned(),
        TARGET,
        ratios,
    ))
}

fn each(all: Duration) -> f64 {
    all.as_secs_f64() * 1e9 / ENTRIES as f64
}

fn journal(scratch: &Path) -> anyhow::Result<(JournalFile, Certificate)> {
    let dir = scratch.join("journal");
    let mut registry = Registry::open(Pki::create(&dir.join("pki"), NOON)?, &dir.join("hq"))?;
    let key = SigningKey::generate(KeyKind::P256);
    let device = DeviceId::parse("neo-000007").context("a constant name")?;
    let request = DeviceRequest {
        device: device.clone(),
        model: "banc de mesure".to_owned(),
        spki: key.public().spki_der(),
        recipient: *Identity::generate().recipient().as_bytes(),
        protection: KeyProtection::File,
    };
    let chain = registry.enrol_device(&request, NOON)?;
    let [leaf, issuing, ..] = chain.as_slice() else {
        anyhow::bail!("the terminal got no certificate");
    };
    let pki = registry.pki();
    let journal = JournalId::from_bytes([7; 16]);
    let (mut entries, mut heads) = (Vec::new(), Vec::new());
    let (mut peaks, mut previous) = (Peaks::default(), GENESIS);
    for index in 0..ENTRIES {
        let at = moment(index);
        let entry = encode(&Entry {
            journal,
            index,
            previous,
            at,
            officer: Some(OfficerId::from_bytes([9; 16])),
            operation: operation(index),
        });
        previous = Digest::of(&entry);
        peaks.push(merkle::leaf(&entry));
        entries.push(entry.into());
        let size = index + 1;
        if size % HEAD_EVERY == 0 || size == ENTRIES {
            let head = Head {
                version: 1,
                journal,
                size,
                root: Digest::from_bytes(peaks.root().0),
                last: previous,
                epoch: 1,
                at,
                piece: None,
            };
            let signed = cose::sign(
                Namespace::Journal,
                &key,
                leaf,
                HEAD,
                &encode(&head),
                leaf.key_protection(),
            )?;
            let receipt = HeadReceipt {
                version: 1,
                device: device.clone(),
                journal,
                size,
                root: head.root,
                head: Digest::of(&signed),
                at: at.utc,
            };
            let receipt = pki
                .receipt()
                .sign(Namespace::JournalReceipt, HEAD_RECEIPT, &encode(&receipt));
            heads.push(SeenHead {
                head: signed.into(),
                receipt: receipt.into(),
            });
        }
    }
    let certificates = [leaf, issuing, pki.receipt().certificate()];
    let file = JournalFile {
        version: 1,
        device,
        journal,
        entries,
        heads,
        certificates: certificates.map(|one| one.der().to_vec().into()).to_vec(),
    };
    Ok((file, pki.root().clone()))
}

/// What a terminal mostly writes: acts with their receipts, consultations, unlocks.
fn operation(index: u64) -> Operation {
    let record = Digest::of(&index.to_be_bytes());
    match index % 5 {
        0 => Operation::Unlocked,
        1 => Operation::Signed { record },
        2 => Operation::ReceiptStored { record },
        3 => Operation::Consulted {
            file: domain::officer::FileKind::Fpr,
            term: record,
            motive: record,
            query: None,
            act: None,
        },
        _ => Operation::Locked,
    }
}

fn moment(index: u64) -> Timestamp {
    Timestamp {
        utc: NOON.plus(i64::try_from(index).unwrap_or(i64::MAX)),
        zone: Zone::Paris,
        offset_min: 60,
        boot: BootId::from_bytes([1; 16]),
        mono_ms: index,
    }
}
