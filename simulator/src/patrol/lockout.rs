//! Cards that change hands, codes that are forgotten, and the supervisor's answer by telephone, given as `neoctl` gives it.

use anyhow::Context;
use domain::Secret;
use domain::dialogue::{Intent, LockState};
use domain::readmission::Readmission;
use hq::readmission::{Given, answer};
use hq::store::Store;

use super::phone::{Board, Phone};
use super::scenario::OfficerSheet;
use crate::enrol;
use crate::ground::Ground;

/// Nobody's code.
const WRONG: &str = "000111";

/// Waits until the lock stands so that `found` gives something.
fn until<T>(phone: &mut Phone, what: &str, found: impl Fn(LockState) -> Option<T>) -> anyhow::Result<T> {
    // A terminal that has just started knows of no card yet.
    let state = |board: &Board| {
        let lock = board.lock.as_ref().filter(|lock| lock.card_present);
        lock.map(|lock| lock.state)
    };
    phone.watch(
        |board| Ok(state(board).and_then(&found)),
        |board| {
            (
                format!("`{what}` did not happen"),
                format!("the lock says {:?}", state(board)),
            )
        },
    )
}

/// Types wrong codes until the slot is destroyed; the delays between them pass at once.
pub(super) fn forget_code(phone: &mut Phone, what: &str) -> anyhow::Result<()> {
    loop {
        let wait = until(phone, what, |state| match state {
            LockState::Locked { wait_ms, .. } => Some(Some(wait_ms)),
            LockState::Closed { .. } => Some(None),
            LockState::Unlocking
            | LockState::Unlocked
            | LockState::Banned(_)
            | LockState::NoCode
            | LockState::NotAdmitted => None,
        })?;
        let Some(wait) = wait else { return Ok(()) };
        phone.leap(wait + 1)?;
        phone.board.lock = None;
        phone.intent(Intent::Unlock {
            code: Secret::new(WRONG.to_owned()),
        })?;
    }
}

/// Reads the number out to HQ, types HQ's answer, and knows the code that is chosen next.
pub(super) fn be_let_in(
    phone: &mut Phone,
    ground: &Ground,
    officer: &OfficerSheet,
    reason: &str,
    what: &str,
) -> anyhow::Result<()> {
    let challenge = until(phone, what, |state| match state {
        LockState::Closed { challenge, .. } => challenge.map(Some),
        // An earlier run of the patrol was answered already.
        LockState::NoCode | LockState::Locked { .. } => Some(None),
        LockState::Unlocking | LockState::Unlocked | LockState::Banned(_) | LockState::NotAdmitted => None,
    })?;
    let Some(challenge) = challenge else { return Ok(()) };
    let now = ground.clock.now().utc;
    let asked = Readmission {
        device: enrol::device_id(),
        officer: enrol::officer(officer, now)?.id,
        challenge,
    };
    let given = Given { reason, by: "patrol" };
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    let response = answer(&mut store, &asked, given, now).context("HQ gives no answer")?;
    phone.intent(Intent::Readmit {
        response: Secret::new(response.to_string()),
    })?;
    until(phone, what, |state| {
        matches!(state, LockState::NoCode | LockState::Locked { .. }).then_some(())
    })
}
