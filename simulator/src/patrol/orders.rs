//! An order of HQ, given as `neoctl` gives it: by another program on HQ's store, which the gateway then sends.

use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use domain::dialogue::LockState;
use domain::orders::{Ban, Command};
use domain::{DeviceId, UnixMs};
use hq::orders::issue;
use hq::store::{IssuedOrder, Store};

use super::phone::Phone;
use crate::enrol;
use crate::ground::Ground;

/// How long HQ waits for the terminal's word.
const PATIENCE: Duration = Duration::from_secs(120);
const GLANCE: Duration = Duration::from_millis(200);

/// Gives the order once, however often the step is played, and waits until HQ holds what became of it and the screen
/// says so; `before` counts the orders of earlier steps.
pub(super) fn give(
    phone: &mut Phone,
    ground: &Ground,
    command: Command,
    before: usize,
) -> anyhow::Result<()> {
    let device = enrol::device_id();
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    if orders(&mut store, &device)?.len() <= before {
        issue(&mut store, &pki, &device, command, now.plus(UnixMs::DAY), now)
            .context("the order was not given")?;
    }
    let since = Instant::now();
    loop {
        phone.alive()?;
        phone.pump(GLANCE)?;
        let settled = orders(&mut store, &device)?
            .get(before)
            .is_some_and(|order| order.outcome.is_some());
        let state = phone.board.lock.as_ref().map(|lock| lock.state);
        if settled && state.is_some_and(|state| shows(command, state)) {
            return Ok(());
        }
        if since.elapsed() > PATIENCE {
            bail!(
                "the terminal did not answer the order within {} seconds; its screen says {state:?}",
                PATIENCE.as_secs()
            );
        }
    }
}

fn orders(store: &mut Store, device: &DeviceId) -> anyhow::Result<Vec<IssuedOrder>> {
    store
        .begin()
        .and_then(|transaction| transaction.orders(device))
        .context("could not read HQ's orders")
}

/// What the lock says once the order is carried out.
fn shows(command: Command, state: LockState) -> bool {
    match command {
        Command::Lock => state == LockState::Banned(Ban::Locked),
        Command::Wipe => state == LockState::Banned(Ban::Wiped),
        Command::Unlock => matches!(state, LockState::Locked { .. } | LockState::NoCode),
        Command::RotateKeys | Command::Restore => !matches!(state, LockState::Banned(_)),
    }
}
