//! The journal of a world's terminal, as HQ holds it.

use anyhow::{Context, ensure};
use domain::journal::Entry;
use domain::{canonical, encode};
use evidence::journal::{JournalFile, verify};
use evidence::report::Outcome;
use hq::Pki;
use simulator::enrol;
use simulator::world::World;

/// HQ's keys.
pub fn pki(world: &World) -> anyhow::Result<Pki> {
    enrol::pki(&world.layout().pki(), world.now().utc)
}

/// What HQ would hand out; none before the terminal told it anything.
pub fn at_hq(world: &mut World) -> anyhow::Result<Option<JournalFile>> {
    let pki = pki(world)?;
    let store = world.gateway().store().begin()?;
    Ok(hq::audit::journals(&store, &pki, &enrol::device_id())?.pop())
}

/// The entries that HQ has of the terminal's journal, in their order.
pub fn entries_at_hq(world: &mut World) -> anyhow::Result<Vec<Entry>> {
    let Some(file) = at_hq(world)? else {
        return Ok(Vec::new());
    };
    let read = file.entries.iter().map(|entry| canonical::decode(entry));
    Ok(read.collect::<Result<_, _>>()?)
}

/// HQ's journal verifies, ends where the terminal's does, and nobody suspects the terminal; gives how many entries it has.
pub fn hq_has_the_whole(world: &mut World) -> anyhow::Result<usize> {
    let file = at_hq(world)?.context("HQ has no journal")?;
    let root = pki(world)?.root().clone();
    let device = world.engine().context("the terminal is down")?.device();
    let own: Vec<Vec<u8>> = device.journal()?.iter().map(encode).collect();
    let receipt = device
        .journal_receipt()?
        .context("the terminal has no countersignature")?;
    let found = verify(&file, &[root], &[receipt.receipt]);
    ensure!(found.outcome() == Outcome::Ok, "{:?}", found.fault);
    ensure!(
        found.held == 1,
        "the terminal's countersignature was not looked at"
    );
    let theirs: Vec<Vec<u8>> = file.entries.iter().map(|entry| entry.to_vec()).collect();
    ensure!(
        own == theirs,
        "HQ has {} entries, the terminal {}",
        theirs.len(),
        own.len()
    );
    nobody_is_suspected(world)?;
    Ok(own.len())
}

/// No head that a terminal of this world signed contradicts another.
pub fn nobody_is_suspected(world: &mut World) -> anyhow::Result<()> {
    let forks = world.gateway().store().begin()?.forks()?;
    ensure!(forks.is_empty(), "{} terminals are suspected", forks.len());
    Ok(())
}

/// The bytes of a file, read back as whoever gets it does.
pub fn reread(file: &JournalFile) -> Option<JournalFile> {
    canonical::decode(&encode(file)).ok()
}
