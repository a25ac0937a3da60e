//! From the code to the officer's open database, held against nothing but Argon2id with the same parameters.

use std::path::Path;
use std::time::Instant;

use agent::keys::{Cost, FileVault, Owner, Place, Slot, SlotOpening, TerminalTries};
use agent::store::OfficerStore;
use anyhow::{Context, bail};
use argon2::{Algorithm, Argon2, Params, Version};
use domain::{BootId, OfficerId, Secret, UnixMs};

use super::figures::{Measure, Samples, Target};
use crate::card::SimCard;

const TARGET: Target = Target::AtMost(1.1);
const CODE: &str = "271828";
const OWNER: Owner<'_> = Owner {
    id: OfficerId::from_bytes([7; 16]),
    matricule: "1234567",
};

pub(super) fn measure(scratch: &Path, repetitions: usize) -> anyhow::Result<Measure> {
    let dir = scratch.join("unlock");
    std::fs::create_dir_all(&dir).context("could not make the bench's folder")?;
    let keys = FileVault::create(&dir)?;
    let mut card = SimCard::open(&dir.join("card"))?;
    let boot = BootId::from_bytes([1; 16]);
    let code = || Secret::new(CODE.to_owned());
    TerminalTries::begin_count(&dir, &keys, boot)?;
    let place = Place::new(dir.clone(), dir.clone());
    let made = Slot::create(&place, OWNER, &code(), Cost::FIELD, &keys, &mut card, boot)?;
    let database = dir.join("officer.db");
    drop(OfficerStore::open(&database, &made.database, true, UnixMs(0))?);
    let Cost {
        memory_kib,
        passes,
        lanes,
    } = Cost::FIELD;
    let params = Params::new(memory_kib, passes, lanes, Some(32)).context("the parameters are refused")?;
    let (mut samples, mut ratios) = (Samples::default(), Vec::new());
    for _ in 0..repetitions {
        let began = Instant::now();
        let opened = Slot::open(&place, OWNER.id, &code(), &keys, &mut card, boot, 1_000)?;
        let SlotOpening::Opened(opened) = opened else {
            bail!("the code of the bench does not open its slot");
        };
        let store = OfficerStore::open(&database, &opened.database, false, UnixMs(0))?;
        let unlocked = began.elapsed();
        drop(store);
        let began = Instant::now();
        let mut derived = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone())
            .hash_password_into(CODE.as_bytes(), &[9; 16], &mut derived)
            .context("the derivation failed")?;
        let bare = began.elapsed();
        std::hint::black_box(derived);
        ratios.push(unlocked.as_secs_f64() / bare.as_secs_f64());
        samples.add("unlock", "ms", unlocked.as_secs_f64() * 1e3);
        samples.add("bare Argon2id", "ms", bare.as_secs_f64() * 1e3);
    }
    Ok(samples.measure(
        "unlock, code to open database ÷ bare Argon2id (64 MiB, 3 passes)".to_owned(),
        TARGET,
        ratios,
    ))
}
