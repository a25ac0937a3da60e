//! Time that passes, and what goes with it at the end of its term: on the phone, at HQ, and the proof that stays.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use agent::work::record_of;
use anyhow::{Context, ensure};
use domain::dialogue::Intent;
use domain::journal::Operation;
use domain::retention::{Destruction, Term};
use domain::{ActId, Digest, UnixMs};
use hq::Store;
use hq::destruction::{commitment, verify};
use hq::store::{FollowUp, Transaction};
use zeroize::Zeroizing;

use super::invariants::Gathered;
use super::phone::Phone;
use super::report::Invariant;
use crate::enrol;
use crate::ground::Ground;

/// How long the terminal may take to notice what time it is.
const PATIENCE: Duration = Duration::from_secs(60);
const GLANCE: Duration = Duration::from_millis(300);

/// A tombstone of HQ's, with what shows whose it is.
pub struct Kept {
    stated: Destruction,
    proof: Option<Vec<u8>>,
    salt: Option<Zeroizing<Vec<u8>>>,
}

impl Kept {
    /// Whether it is about the record of this digest.
    pub fn is_about(&self, record: &Digest) -> bool {
        let salt = self.salt.as_ref();
        salt.is_some_and(|salt| commitment(salt, record) == self.stated.commitment)
    }
}

pub(super) fn gather(store: &Transaction<'_>) -> anyhow::Result<Vec<Kept>> {
    let mut kept = Vec::new();
    for tombstone in store.tombstones()? {
        kept.push(Kept {
            stated: tombstone.destruction,
            salt: store.tombstone_salt(tombstone.destruction.commitment)?,
            proof: tombstone.proof,
        });
    }
    Ok(kept)
}

/// Somebody at HQ records that a procedure follows the act.
pub(super) fn prevent(ground: &Ground, act: ActId, procedure: &str) -> anyhow::Result<()> {
    let mut store = Store::open(&ground.layout.hq())?;
    let transaction = store.begin()?;
    let officer = transaction.officers()?.into_iter().next();
    let officer = officer.context("HQ has no officer")?.id;
    let follow_up = FollowUp {
        procedure: procedure.to_owned(),
        officer,
        at: ground.clock.now().utc,
    };
    // Played again after the patrol was interrupted, it is recorded already.
    transaction.record_follow_up(act, &follow_up)?;
    Ok(transaction.commit()?)
}

/// The days pass while the terminal lies locked in a drawer; HQ destroys what is past its term.
pub(super) fn pass_time(phone: &mut Phone, ground: &Ground, days: u16) -> anyhow::Result<()> {
    let ms = u64::from(days) * u64::try_from(UnixMs::DAY)?;
    phone.ready()?;
    phone.lock()?;
    phone.pass(ms)?;
    let site = agent::site::Site::new(ground.layout.terminal());
    let since = Instant::now();
    loop {
        // Whatever comes makes the terminal look at its clock.
        phone.intent(Intent::Alive)?;
        phone.pump(GLANCE)?;
        phone.alive()?;
        let purged = super::stage::open_device(&site)?
            .journal()?
            .iter()
            .any(|entry| matches!(entry.operation, Operation::Purged { .. }));
        if purged {
            break;
        }
        ensure!(
            since.elapsed() < PATIENCE,
            "the terminal destroys nothing within {} seconds",
            PATIENCE.as_secs()
        );
    }
    let later = ground.clock.now().utc.plus(i64::try_from(ms)?);
    let mut store = Store::open(&ground.layout.hq())?;
    hq::purge::purge(&mut store, &ground.layout.hq(), later).context("HQ does not purge")?;
    let pki = enrol::pki(&ground.pki, later)?;
    hq::destruction::sign_proofs(&mut store, &pki)?;
    Ok(())
}

/// What 78-3 CPP destroys is unreadable on the terminal, gone at HQ, and proven; what a procedure follows is at HQ.
pub(super) fn what_is_past_its_term_is_destroyed(gathered: &Gathered, hq: &Path) -> Invariant {
    let mut wrong = Vec::new();
    let held: Vec<Digest> = gathered
        .hq_records
        .iter()
        .map(|record| Digest::of(&record.record_cose))
        .collect();
    let purged: Vec<Digest> = gathered
        .journals
        .iter()
        .flatten()
        .filter_map(|entry| {
            let Operation::Purged { record } = entry.operation else {
                return None;
            };
            Some(record)
        })
        .collect();
    let mut checked = 0;
    for kept in &gathered.tombstones {
        let Some(row) = gathered.acts.iter().find(|row| kept.is_about(&row.record)) else {
            wrong.push(format!(
                "{} is about nothing that was signed",
                kept.stated.commitment
            ));
            continue;
        };
        checked += 1;
        if kept.stated.term != Term::IdentityVerification || kept.stated.at <= kept.stated.until {
            wrong.push(format!("{} was destroyed before its term", row.act));
        }
        let proven = kept
            .proof
            .as_deref()
            .and_then(|proof| verify(proof, &gathered.receipt_signer));
        if proven != Some(kept.stated) {
            wrong.push(format!("the destruction of {} is not proven", row.act));
        }
        if held.contains(&row.record) {
            wrong.push(format!("{} is destroyed and still at HQ", row.act));
        }
        if !purged.contains(&row.record) {
            wrong.push(format!(
                "{} is destroyed at HQ and still readable on the terminal",
                row.act
            ));
        }
        for name in ["envelope", "record"] {
            let path = hq.join("records").join(format!("{}.{name}.cose", row.envelope));
            if path.exists() {
                wrong.push(format!("`{}` is still there", path.display()));
            }
        }
    }
    // Whatever still has a term is there because a procedure follows it.
    for record in &gathered.hq_records {
        let retention = record_of(&record.record_cose).and_then(|record| record.retention);
        let due = retention.is_some_and(|kept| kept.term == Term::IdentityVerification);
        checked += usize::from(due);
    }
    Invariant::of("what-is-past-its-term-is-destroyed", checked, wrong)
}

/// Each signed proof, under what it is about.
pub(super) fn write_proofs(dir: &Path, gathered: &Gathered) -> anyhow::Result<()> {
    fs::create_dir_all(dir)?;
    for kept in &gathered.tombstones {
        if let Some(proof) = &kept.proof {
            fs::write(
                dir.join(format!("{}.destruction.cose", kept.stated.commitment)),
                proof,
            )?;
        }
    }
    Ok(())
}
