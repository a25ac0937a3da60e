//! What must be true after a patrol, looked at from outside: in the phone's folder and in HQ's.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use agent::store::OutboxRow;
use agent::work::record_of;
use domain::delivery::Delivery;
use domain::envelope::{Receipt, ReceiptStatus};
use domain::journal::{Entry, Operation, verify_chain};
use domain::record::{Act, ActKind, Record};
use domain::{ActId, ClipId, Digest, EnvelopeId, QueryId};
use evidence::journal::{JournalFile, verify};
use evidence::report::Outcome;
use hq::store::{Alerted, QueryAlarm, SuiviRow};
use trust::cert::Certificate;
use trust::cose::{self, Namespace};

use super::destruction::Kept;
use super::orders::Ordered;
use super::report::{Canaries, Invariant};

/// A record as HQ holds it.
#[derive(Debug, Clone)]
pub struct HqRecord {
    pub envelope: EnvelopeId,
    pub envelope_cose: Vec<u8>,
    pub record_cose: Vec<u8>,
    pub document: Option<Vec<u8>>,
    pub recepisse: Option<Vec<u8>>,
    /// For a medical examination.
    pub requisition: Option<Vec<u8>>,
    /// The danger grid of a complaint.
    pub grille: Option<Vec<u8>>,
    pub camera_chain: Option<Vec<u8>>,
    pub camera_events: Option<Vec<u8>>,
    pub camera_certificate: Option<Vec<u8>>,
    /// By the name that the record gives them.
    pub enclosed: BTreeMap<String, Vec<u8>>,
}

/// What HQ holds of a clip.
#[derive(Debug, Clone)]
pub struct HqClip {
    pub clip: ClipId,
    pub file: Vec<u8>,
}

/// Everything gathered from both folders.
pub struct Gathered {
    pub acts: Vec<OutboxRow>,
    /// The receipt that the terminal stored, by envelope.
    pub receipts: BTreeMap<EnvelopeId, Vec<u8>>,
    /// Of each terminal.
    pub journals: Vec<Vec<Entry>>,
    /// As HQ hands them out, in the order of the terminals.
    pub hq_journals: Vec<Option<JournalFile>>,
    /// HQ's last countersignature that each terminal stored.
    pub journal_receipts: Vec<Option<Vec<u8>>>,
    pub root: Certificate,
    pub hq_records: Vec<HqRecord>,
    pub hq_clips: Vec<HqClip>,
    pub receipt_signer: Certificate,
    /// Questions that HQ logged.
    pub hq_consultations: usize,
    /// HQ's alarms on them.
    pub alarms: Vec<QueryAlarm>,
    /// Urgent alerts, and who has them.
    pub alerts: Vec<Alerted>,
    /// Originals by the digest that the camera's file has.
    pub originals: Vec<Digest>,
    pub manifests: usize,
    /// HQ's orders, and what the terminals stated of them.
    pub orders: Vec<Ordered>,
    /// What the printer printed.
    pub printed: Vec<Vec<u8>>,
    /// What HQ kept of what the law had it destroy.
    pub tombstones: Vec<Kept>,
    pub command_signer: Certificate,
    /// What HQ said became of complaints.
    pub suivi: Vec<SuiviRow>,
    /// How far each terminal took it.
    pub suivi_taken: Vec<u64>,
}

/// HQ's set is the set of acts that were signed, not refused, and not destroyed by the law.
pub fn hq_holds_exactly_what_was_signed(gathered: &Gathered) -> Invariant {
    let accepted = |row: &&OutboxRow| {
        let destroyed = gathered.tombstones.iter().any(|kept| kept.is_about(&row.record));
        !matches!(row.delivery, Delivery::Refused { .. }) && !destroyed
    };
    let signed: BTreeSet<EnvelopeId> = gathered
        .acts
        .iter()
        .filter(accepted)
        .map(|row| row.envelope)
        .collect();
    let held: BTreeSet<EnvelopeId> = gathered.hq_records.iter().map(|record| record.envelope).collect();
    let missing = signed
        .difference(&held)
        .map(|id| format!("{id} is signed and not at HQ"));
    let foreign = held
        .difference(&signed)
        .map(|id| format!("{id} is at HQ and not signed here"));
    Invariant::of(
        "hq-holds-exactly-what-was-signed",
        signed.len(),
        missing.chain(foreign).collect(),
    )
}

/// HQ counts no act twice.
pub fn hq_counts_nothing_twice(gathered: &Gathered) -> Invariant {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for record in &gathered.hq_records {
        if !seen.insert(Digest::of(&record.record_cose)) {
            wrong.push(format!("{} repeats a record", record.envelope));
        }
    }
    Invariant::of("hq-counts-nothing-twice", gathered.hq_records.len(), wrong)
}

/// HQ's bytes are the bytes that were signed.
pub fn records_are_byte_identical(gathered: &Gathered) -> Invariant {
    let signed: BTreeMap<EnvelopeId, Digest> = gathered
        .acts
        .iter()
        .map(|row| (row.envelope, row.record))
        .collect();
    let wrong = gathered
        .hq_records
        .iter()
        .filter(|record| signed.get(&record.envelope) != Some(&Digest::of(&record.record_cose)))
        .map(|record| format!("{} differs", record.envelope))
        .collect();
    Invariant::of("records-are-byte-identical", gathered.hq_records.len(), wrong)
}

/// Every act has HQ's signed answer, about these bytes.
pub fn every_act_is_answered(gathered: &Gathered) -> Invariant {
    let mut wrong = Vec::new();
    for row in &gathered.acts {
        let receipt = gathered.receipts.get(&row.envelope).and_then(|bytes| {
            let signed = cose::parse(bytes).ok()?;
            cose::verify(&signed, Namespace::Receipt, &gathered.receipt_signer).ok()?;
            Receipt::from_bytes(&signed.payload).ok()
        });
        let about_it = receipt.is_some_and(|receipt| {
            receipt.envelope == row.envelope
                && match receipt.status {
                    ReceiptStatus::Stored => receipt.record_digest == Some(row.record),
                    ReceiptStatus::Refused(_) => true,
                }
        });
        if !about_it {
            wrong.push(format!("{} has no receipt of HQ", row.act));
        }
    }
    Invariant::of("every-act-is-answered", gathered.acts.len(), wrong)
}

/// A refused act is kept and answered by a corrective act.
pub fn every_refusal_is_corrected(gathered: &Gathered) -> Invariant {
    let refused: Vec<&OutboxRow> = gathered
        .acts
        .iter()
        .filter(|row| matches!(row.delivery, Delivery::Refused { .. }))
        .collect();
    let signed: BTreeSet<_> = gathered.acts.iter().map(|row| row.act).collect();
    let wrong = refused
        .iter()
        .filter(|row| row.corrected_by.is_none_or(|act| !signed.contains(&act)))
        .map(|row| format!("{} is refused and not corrected", row.act))
        .collect();
    Invariant::of("every-refusal-is-corrected", refused.len(), wrong)
}

/// The journal is one chain, and every act is in it.
pub fn the_journal_is_unbroken(gathered: &Gathered) -> Invariant {
    let mut wrong = Vec::new();
    for journal in &gathered.journals {
        if let Err(broken) = verify_chain(journal) {
            wrong.push(format!("{broken:?}"));
        }
    }
    let logged: Vec<Digest> = entries(gathered)
        .filter_map(|entry| {
            let Operation::Signed { record } = entry.operation else {
                return None;
            };
            Some(record)
        })
        .collect();
    for row in &gathered.acts {
        if logged.iter().filter(|record| **record == row.record).count() != 1 {
            wrong.push(format!("{} is not in the journal once", row.act));
        }
    }
    Invariant::of("the-journal-is-unbroken", entries(gathered).count(), wrong)
}

/// HQ's copy of each journal verifies, against the terminal's own countersignature too, and ends where the terminal's does.
pub fn journals_at_hq_are_the_terminals(gathered: &Gathered) -> Invariant {
    let mut wrong = Vec::new();
    let anchors = std::slice::from_ref(&gathered.root);
    let copies = gathered.hq_journals.iter().zip(&gathered.journal_receipts);
    for (own, (copy, receipt)) in gathered.journals.iter().zip(copies) {
        let (Some(copy), Some(receipt)) = (copy, receipt) else {
            wrong.push("a journal is not at HQ, or never was countersigned".to_owned());
            continue;
        };
        let found = verify(copy, anchors, std::slice::from_ref(receipt));
        if found.outcome() != Outcome::Ok || found.held != 1 {
            wrong.push(found.fault.map_or_else(
                || "nothing of a journal was checked".to_owned(),
                |fault| fault.to_string(),
            ));
        }
        let same = own
            .iter()
            .map(domain::encode)
            .eq(copy.entries.iter().map(|entry| entry.to_vec()));
        if !same {
            wrong.push(format!(
                "the terminal wrote {} entries, HQ has {}",
                own.len(),
                copy.entries.len()
            ));
        }
    }
    Invariant::of(
        "journals-at-hq-are-the-terminals",
        entries(gathered).count(),
        wrong,
    )
}

/// No file was asked without a line in the journal.
pub fn every_consultation_is_journalled(gathered: &Gathered) -> Invariant {
    let journalled = entries(gathered)
        .filter(|entry| matches!(entry.operation, Operation::Consulted { .. }))
        .count();
    let wrong = if gathered.hq_consultations > journalled {
        vec![format!(
            "HQ answered {} questions, the journal has {journalled}",
            gathered.hq_consultations
        )]
    } else {
        Vec::new()
    };
    Invariant::of(
        "every-consultation-is-journalled",
        gathered.hq_consultations,
        wrong,
    )
}

/// No answer was shown but to a question that the journal tells of before.
pub fn every_answer_is_journalled(gathered: &Gathered) -> Invariant {
    let mut wrong = Vec::new();
    let mut shown = 0;
    for journal in &gathered.journals {
        let mut asked = BTreeSet::new();
        for entry in journal {
            if let Operation::Consulted {
                query: Some(query), ..
            } = entry.operation
            {
                asked.insert(query);
            }
            if let Operation::AnswerShown { query, .. } = entry.operation {
                shown += 1;
                if !asked.contains(&query) {
                    wrong.push(format!("an answer to {query} was shown, which nobody asked"));
                }
            }
        }
    }
    Invariant::of("every-answer-is-journalled", shown, wrong)
}

/// What one terminal was shown, another's journal says that it showed, and to whom.
pub fn every_shown_answer_is_journalled_on_both_sides(gathered: &Gathered) -> Invariant {
    let shared: BTreeSet<QueryId> = entries(gathered)
        .filter_map(|entry| {
            let Operation::AnswerShared { share, with, .. } = &entry.operation else {
                return None;
            };
            (!with.is_empty()).then_some(*share)
        })
        .collect();
    let shown: Vec<QueryId> = entries(gathered)
        .filter_map(|entry| {
            let Operation::SharedAnswerShown { share, .. } = entry.operation else {
                return None;
            };
            Some(share)
        })
        .collect();
    let unknown = shown.iter().filter(|share| !shared.contains(share));
    let mut wrong: Vec<String> = unknown
        .map(|share| format!("the answer {share} was shown, and nobody's journal says that they showed it"))
        .collect();
    if shown.is_empty() {
        wrong.push("no answer was shown to anybody".to_owned());
    }
    Invariant::of(
        "every-shown-answer-is-journalled-on-both-sides",
        shown.len(),
        wrong,
    )
}

/// Numbers are used once, and what is not used is said to be.
pub fn numbers_are_used_once(gathered: &Gathered) -> Invariant {
    let mut wrong = Vec::new();
    let used: Vec<_> = gathered.acts.iter().filter_map(|row| row.number).collect();
    let unused: BTreeSet<(u16, u32)> = entries(gathered)
        .filter_map(|entry| {
            let Operation::NumberUnused { year, serial } = entry.operation else {
                return None;
            };
            Some((year, serial))
        })
        .collect();
    let mut seen = BTreeSet::new();
    for number in &used {
        if !seen.insert((number.year, number.serial)) || unused.contains(&(number.year, number.serial)) {
            wrong.push(format!("{number} is used twice"));
        }
    }
    let all: BTreeSet<(u16, u32)> = seen.union(&unused).copied().collect();
    if let (Some(first), Some(last)) = (all.first(), all.last()) {
        for serial in first.1..=last.1 {
            if !all.contains(&(first.0, serial)) {
                wrong.push(format!("{}/{serial:06} is neither used nor reported", first.0));
            }
        }
    }
    Invariant::of("numbers-are-used-once", used.len(), wrong)
}

/// HQ's copy of each clip is the file that the camera played, bit for bit.
pub fn clips_are_bit_exact(gathered: &Gathered) -> Invariant {
    let mut wrong: Vec<String> = gathered
        .hq_clips
        .iter()
        .filter(|clip| !gathered.originals.contains(&Digest::of(&clip.file)))
        .map(|clip| format!("{} differs from the camera's file", clip.clip))
        .collect();
    if gathered.manifests != gathered.hq_clips.len() {
        wrong.push(format!(
            "{} clips were taken in, HQ holds {}",
            gathered.manifests,
            gathered.hq_clips.len()
        ));
    }
    Invariant::of("clips-are-bit-exact", gathered.hq_clips.len(), wrong)
}

/// What came out of the printer is a signed document, bit for bit, and the journal has a line for each.
pub fn prints_are_the_signed_documents(gathered: &Gathered) -> Invariant {
    let signed: BTreeSet<&[u8]> = gathered
        .hq_records
        .iter()
        .flat_map(|record| [&record.document, &record.recepisse, &record.requisition])
        .filter_map(Option::as_deref)
        .collect();
    let foreign = gathered
        .printed
        .iter()
        .filter(|paper| !signed.contains(paper.as_slice()));
    let mut wrong: Vec<String> = foreign
        .map(|paper| format!("{} was printed and is no signed document", Digest::of(paper)))
        .collect();
    let journalled = entries(gathered)
        .filter(|entry| matches!(entry.operation, Operation::Printed { .. }))
        .count();
    if gathered.printed.len() > journalled {
        wrong.push(format!(
            "{} documents were printed, the journal has {journalled}",
            gathered.printed.len()
        ));
    }
    Invariant::of("prints-are-the-signed-documents", gathered.printed.len(), wrong)
}

/// The acts that the scenario draws up without network were signed without network.
pub fn acts_were_signed_offline(gathered: &Gathered, window: Option<(i64, i64)>) -> Invariant {
    let Some((cut, restored)) = window else {
        return Invariant::of("acts-were-signed-offline", 0, Vec::new());
    };
    let inside = |row: &&OutboxRow| (cut..=restored).contains(&row.signed_at.utc.0);
    let offline: Vec<&OutboxRow> = gathered.acts.iter().filter(inside).collect();
    let early = offline.iter().filter_map(|row| {
        let at = match row.delivery {
            Delivery::Received { at } | Delivery::Refused { at, .. } => at.0,
            Delivery::Waiting { .. } => return None,
        };
        (at < restored).then(|| format!("{} was answered before the network returned", row.act))
    });
    Invariant::of("acts-were-signed-offline", offline.len(), early.collect())
}

/// Every photograph that the terminal's camera took is at HQ, byte for byte, with the record that names it.
pub fn photos_are_bit_exact(gathered: &Gathered, taken: &BTreeSet<Digest>) -> Invariant {
    let mut held = BTreeSet::new();
    let mut wrong = Vec::new();
    for record in &gathered.hq_records {
        let Some(content) = record_of(&record.record_cose) else {
            continue;
        };
        for photo in content.act.photos() {
            let bytes = record.enclosed.get(&photo.name);
            if bytes.is_some_and(|bytes| Digest::of(bytes) == photo.sha256) {
                held.insert(photo.sha256);
            } else {
                wrong.push(format!("{} came without its `{}`", record.envelope, photo.name));
            }
        }
    }
    let missing = taken.difference(&held);
    wrong.extend(missing.map(|digest| format!("the photograph {digest} is not at HQ")));
    Invariant::of("photos-are-bit-exact", held.len(), wrong)
}

/// Every file that a victim brought is at HQ, byte for byte, under the digest in the signed record that names it.
pub fn pieces_are_bit_exact(gathered: &Gathered, brought: &BTreeSet<Digest>) -> Invariant {
    let mut held = BTreeSet::new();
    let mut wrong = Vec::new();
    for record in &gathered.hq_records {
        let Some(content) = record_of(&record.record_cose) else {
            continue;
        };
        let photos = content.act.photos().iter();
        let photos = photos.map(|photo| (&photo.name, photo.sha256, photo.bytes));
        let pieces = content.act.pieces().iter();
        let pieces = pieces.map(|piece| (&piece.name, piece.sha256, piece.bytes));
        for (name, sha256, length) in photos.chain(pieces) {
            let bytes = record.enclosed.get(name);
            if bytes.is_some_and(|bytes| Digest::of(bytes) == sha256 && bytes.len() as u64 == length) {
                held.insert(sha256);
            } else {
                wrong.push(format!("{} came without its `{name}`", record.envelope));
            }
        }
    }
    let missing = brought.difference(&held);
    wrong.extend(missing.map(|digest| format!("the file {digest} is not at HQ")));
    Invariant::of("pieces-are-bit-exact", held.len(), wrong)
}

/// A record says what it is: it decodes, and its kind is the one that the terminal shows.
pub fn records_decode_to_their_kind(gathered: &Gathered) -> Invariant {
    let kinds: BTreeMap<EnvelopeId, ActKind> =
        gathered.acts.iter().map(|row| (row.envelope, row.kind)).collect();
    let wrong = gathered
        .hq_records
        .iter()
        .filter(|record| {
            record_of(&record.record_cose).map(|r| r.act.kind()) != kinds.get(&record.envelope).copied()
        })
        .map(|record| format!("{} does not decode to its kind", record.envelope))
        .collect();
    Invariant::of("records-decode-to-their-kind", gathered.hq_records.len(), wrong)
}

/// Every line of every terminal's journal.
fn entries(gathered: &Gathered) -> impl Iterator<Item = &Entry> {
    gathered.journals.iter().flatten()
}

/// Every request and every visa is about the very act that HQ holds, no author answers their own request, and each
/// request has its one answer.
pub fn visas_answer_their_requests(gathered: &Gathered) -> Invariant {
    let held: BTreeMap<ActId, (Digest, Record)> = gathered
        .hq_records
        .iter()
        .filter_map(|held| {
            let record = record_of(&held.record_cose)?;
            Some((record.id, (Digest::of(&held.record_cose), record)))
        })
        .collect();
    let is_held = |act: &ActId, digest: &Digest| held.get(act).is_some_and(|(own, _)| own == digest);
    let (mut requests, mut answers, mut wrong) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for (id, (_, record)) in &held {
        let author = record.context.author.id;
        match &record.act {
            Act::VisaRequest(asked) => {
                requests.insert(*id);
                if !is_held(&asked.act, &asked.record) {
                    wrong.push(format!("{id} asks about another act than HQ holds"));
                }
            }
            Act::Visa(visa) => {
                answers.insert(visa.request);
                let own = held
                    .get(&visa.act)
                    .is_none_or(|(_, act)| act.context.author.id == author);
                if !is_held(&visa.act, &visa.record) || own {
                    wrong.push(format!(
                        "{id} is no visa on an act of somebody else that HQ holds"
                    ));
                }
            }
            Act::IdentityCheck(_)
            | Act::Pv(_)
            | Act::Plainte(_)
            | Act::Footage(_)
            | Act::Pve(_)
            | Act::Afd(_)
            | Act::Note(_)
            | Act::Alert(_)
            | Act::SafeContact(_)
            | Act::Custody(_)
            | Act::Verification(_) => {}
        }
    }
    let unanswered = requests.symmetric_difference(&answers);
    wrong.extend(unanswered.map(|request| format!("{request} is asked or answered alone")));
    Invariant::of("visas-answer-their-requests", answers.len(), wrong)
}

/// The manifest of a footage record.
pub fn manifest_of(record: &Record) -> Option<&domain::footage::Manifest> {
    match &record.act {
        Act::Footage(manifest) => Some(manifest),
        Act::IdentityCheck(_)
        | Act::Pv(_)
        | Act::Plainte(_)
        | Act::Pve(_)
        | Act::Afd(_)
        | Act::Note(_)
        | Act::VisaRequest(_)
        | Act::Visa(_)
        | Act::Alert(_)
        | Act::SafeContact(_)
        | Act::Custody(_)
        | Act::Verification(_) => None,
    }
}

/// Nothing that was typed is readable on the phone's disk, logs and temporary files included.
pub fn nothing_is_readable(disk: &Path, canaries: &[String]) -> (Invariant, Canaries) {
    let mut scan = Canaries {
        planted: canaries.len(),
        files: 0,
        bytes: 0,
        found: Vec::new(),
    };
    scan_folder(disk, disk, canaries, &mut scan);
    let checked = if scan.planted == 0 { 0 } else { scan.files };
    (
        Invariant::of("nothing-is-readable", checked, scan.found.clone()),
        scan,
    )
}

fn scan_folder(root: &Path, folder: &Path, canaries: &[String], scan: &mut Canaries) {
    let Ok(entries) = std::fs::read_dir(folder) else {
        scan.found
            .push(format!("`{}` cannot be listed", folder.display()));
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            scan_folder(root, &path, canaries, scan);
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else {
            scan.found.push(format!("`{}` cannot be read", path.display()));
            continue;
        };
        scan.files += 1;
        scan.bytes += bytes.len() as u64;
        for canary in canaries {
            let wide: Vec<u8> = canary.encode_utf16().flat_map(u16::to_le_bytes).collect();
            if contains(&bytes, canary.as_bytes()) || contains(&bytes, &wide) {
                let name = path.strip_prefix(root).unwrap_or(&path).display().to_string();
                scan.found.push(format!("a planted text is readable in `{name}`"));
            }
        }
    }
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    memchr::memmem::find(bytes, needle).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_text_is_found_in_either_encoding_and_an_empty_scan_is_not_ok() {
        let dir = tempfile::tempdir().unwrap();
        let canaries = ["CANARI-TEST".to_owned()];
        assert!(!nothing_is_readable(dir.path(), &canaries).0.ok);
        std::fs::create_dir(dir.path().join("logs")).unwrap();
        std::fs::write(dir.path().join("logs/a"), b"\x00\x01CANARI-TES\x02").unwrap();
        assert!(nothing_is_readable(dir.path(), &canaries).0.ok);
        let wide: Vec<u8> = "xCANARI-TEST".encode_utf16().flat_map(u16::to_le_bytes).collect();
        std::fs::write(dir.path().join("logs/b"), wide).unwrap();
        let (invariant, scan) = nothing_is_readable(dir.path(), &canaries);
        assert!(!invariant.ok);
        assert_eq!((scan.files, scan.found.len()), (2, 1));
    }
}
