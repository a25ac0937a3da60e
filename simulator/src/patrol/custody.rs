//! What was said of recordings: one unbroken chain for each at HQ, and every act that a recording is linked to.

use std::collections::BTreeMap;

use agent::work::record_of;
use domain::footage::custody::{Chain, Custody, Said};
use domain::record::{Act, Record};
use domain::{ActId, ClipId, Digest};
use evidence::custody::CustodyEvidence;

use super::invariants::{Gathered, HqRecord, manifest_of};
use super::report::Invariant;

/// A statement at HQ.
struct Stated<'a> {
    held: &'a HqRecord,
    record: Record,
    custody: Custody,
}

fn stated(gathered: &Gathered) -> BTreeMap<ClipId, Vec<Stated<'_>>> {
    let mut by_clip: BTreeMap<ClipId, Vec<Stated<'_>>> = BTreeMap::new();
    for held in &gathered.hq_records {
        let Some(record) = record_of(&held.record_cose) else {
            continue;
        };
        if let Act::Custody(custody) = &record.act {
            let custody = Custody::clone(custody);
            by_clip.entry(custody.clip).or_default().push(Stated {
                held,
                record,
                custody,
            });
        }
    }
    for statements in by_clip.values_mut() {
        statements.sort_by_key(|stated| stated.custody.place);
    }
    by_clip
}

/// The statements on a recording as they were signed, in the order of their chain, with their author's record.
pub(super) fn of_clip(gathered: &Gathered, clip: ClipId) -> Vec<(&[u8], Record)> {
    let statements = stated(gathered).remove(&clip).unwrap_or_default();
    let signed = statements.into_iter();
    signed
        .map(|one| (one.held.record_cose.as_slice(), one.record))
        .collect()
}

/// As evidence takes them.
pub(super) fn evidence<'a>(
    statements: &'a [(&'a [u8], Record)],
    signers: &'a [Vec<u8>],
) -> Vec<CustodyEvidence<'a>> {
    statements
        .iter()
        .zip(signers)
        .map(|((record, _), signer)| CustodyEvidence { record, signer })
        .collect()
}

/// Whether anything was said of a recording.
pub(super) fn was_said(gathered: &Gathered) -> bool {
    !stated(gathered).is_empty()
}

/// For every recording that something was said of: its statements follow each other from its manifest on, by the officer
/// who took it in; it is in a category; and HQ holds what it is linked to.
pub(super) fn what_was_said_of_recordings_is_one_chain(gathered: &Gathered) -> Invariant {
    let records: Vec<(Record, Digest)> = gathered
        .hq_records
        .iter()
        .filter_map(|held| Some((record_of(&held.record_cose)?, Digest::of(&held.record_cose))))
        .collect();
    let is_held = |act: ActId| records.iter().any(|(record, _)| record.id == act);
    let mut wrong = Vec::new();
    let mut checked = 0;
    for (clip, statements) in stated(gathered) {
        let of_clip = |record: &Record| manifest_of(record).is_some_and(|manifest| manifest.clip == clip);
        let Some((taken_in, digest)) = records.iter().find(|(record, _)| of_clip(record)) else {
            wrong.push(format!("something is said of {clip}, which HQ does not hold"));
            continue;
        };
        let Some(manifest) = manifest_of(taken_in) else {
            continue;
        };
        let mut chain = Chain::of_manifest(manifest, *digest);
        for one in &statements {
            checked += 1;
            let digest = Digest::of(&one.held.record_cose);
            if let Err(error) = chain.take(&one.custody, digest) {
                wrong.push(format!("{}: {error}", one.record.id));
            }
            if one.record.context.author != taken_in.context.author {
                wrong.push(format!("{} is not by who took {clip} in", one.record.id));
            }
            if let Said::Linked(linked) = &one.custody.said
                && !is_held(linked.act)
            {
                wrong.push(format!(
                    "{clip} is linked to {}, which HQ does not hold",
                    linked.act
                ));
            }
        }
        if chain.life().category.is_none() {
            wrong.push(format!("{clip} is in no category"));
        }
    }
    Invariant::of("what-was-said-of-recordings-is-one-chain", checked, wrong)
}
