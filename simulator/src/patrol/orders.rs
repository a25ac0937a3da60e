//! An order of HQ, given as `neoctl` gives it: by another program on HQ's store, which the gateway then sends; and what
//! HQ holds of it at the end.

use std::path::Path;

use anyhow::Context;
use domain::dialogue::LockState;
use domain::orders::{Ban, Command, Found, Located, OrderReport};
use domain::place::Position;
use domain::{DeviceId, UnixMs};
use evidence::folder::{Files, WipeEvidence, wipe_folder};
use evidence::report::{Outcome, verify};
use hq::Pki;
use hq::orders::issue;
use hq::store::{IssuedOrder, Store, Transaction};
use trust::{cose, seal};

use super::invariants::Gathered;
use super::phone::{Board, Phone};
use super::report::Invariant;
use super::scenario::{Scenario, Step};
use crate::enrol;
use crate::ground::Ground;

/// The most that is opened of a terminal's statement, in bytes.
const MAX_OPENED: usize = 2 * 1024 * 1024;

/// An order and what the terminal stated of it.
#[derive(Debug)]
pub struct Ordered {
    order: IssuedOrder,
    said: Said,
}

/// What HQ can open or check of the statements.
#[derive(Debug)]
enum Said {
    /// Nothing is stated of such an order beside the word in the hello.
    Nothing,
    /// A statement is missing, or does not read.
    Missing,
    /// The folder that a third party checks.
    Wiped(Files),
    Located(Located),
    Log(String),
}

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
    let state = |board: &Board| board.lock.as_ref().map(|lock| lock.state);
    phone.watch(
        |board| {
            let settled = match orders(&mut store, &device)?.get(before) {
                Some(order) => order.outcome.is_some() && is_stated(&mut store, &device, order)?,
                None => false,
            };
            Ok((settled && state(board).is_some_and(|state| shows(command, state))).then_some(()))
        },
        |board| {
            let what = "the terminal did not answer the order".to_owned();
            (what, format!("its screen says {:?}", state(board)))
        },
    )
}

fn orders(store: &mut Store, device: &DeviceId) -> anyhow::Result<Vec<IssuedOrder>> {
    store
        .begin()
        .and_then(|transaction| transaction.orders(device))
        .context("could not read HQ's orders")
}

/// Whether every statement that the order asks for is at HQ.
fn is_stated(store: &mut Store, device: &DeviceId, order: &IssuedOrder) -> anyhow::Result<bool> {
    if !order.command.is_reported() {
        return Ok(true);
    }
    let statements = store.begin()?.reports(device, order.sequence)?;
    let parts = statements.first().and_then(|bytes| report(bytes));
    Ok(parts.is_some_and(|first| usize::from(first.parts) == statements.len()))
}

fn report(bytes: &[u8]) -> Option<OrderReport> {
    domain::decode(&cose::parse(bytes).ok()?.payload).ok()
}

/// What the lock says once the order is carried out.
fn shows(command: Command, state: LockState) -> bool {
    match command {
        Command::Lock => state == LockState::Banned(Ban::Locked),
        Command::Wipe | Command::WipeAll => state == LockState::Banned(Ban::Wiped),
        Command::Unlock => matches!(state, LockState::Locked { .. } | LockState::NoCode),
        Command::RotateKeys | Command::Restore => !matches!(state, LockState::Banned(_)),
        // The screen stays as it is.
        Command::Locate | Command::PullLogs | Command::SendFootage => true,
    }
}

/// Every order of HQ, with what is proven of it.
pub(super) fn gather(
    store: &Transaction<'_>,
    pki: &Pki,
    devices: &[DeviceId],
) -> anyhow::Result<Vec<Ordered>> {
    let mut gathered = Vec::new();
    for device in devices {
        for order in store.orders(device)? {
            let said = said(store, pki, device, &order)?;
            gathered.push(Ordered { order, said });
        }
    }
    Ok(gathered)
}

fn said(store: &Transaction<'_>, pki: &Pki, device: &DeviceId, order: &IssuedOrder) -> anyhow::Result<Said> {
    if !order.command.is_reported() {
        return Ok(Said::Nothing);
    }
    let statements = store.reports(device, order.sequence)?;
    let reports: Option<Vec<OrderReport>> = statements.iter().map(|bytes| report(bytes)).collect();
    let Some((reports, statement)) = reports.zip(statements.first()) else {
        return Ok(Said::Missing);
    };
    let mut pieces = Vec::new();
    for found in reports.into_iter().map(|report| report.found) {
        match found {
            Found::Destroyed(_) => {
                let given = store.order(device, order.sequence)?;
                let signer = cose::parse(statement)?.x5t;
                let signer = signer
                    .map(|fingerprint| store.certificate(&fingerprint))
                    .transpose()?
                    .flatten();
                let Some((given, signer)) = given.zip(signer) else {
                    return Ok(Said::Missing);
                };
                return Ok(Said::Wiped(wipe_folder(&WipeEvidence {
                    order: &given,
                    statement,
                    command: pki.command().certificate().der(),
                    device: signer.der(),
                    authorities: &[pki.issuing().der()],
                })?));
            }
            Found::Located(sealed) => {
                let opened = seal::open(pki.identity(), &sealed, MAX_OPENED)?;
                return Ok(domain::decode(&opened).map_or(Said::Missing, Said::Located));
            }
            Found::Logs(piece) => pieces.extend(piece),
        }
    }
    let text = seal::open(pki.identity(), &pieces, MAX_OPENED)?;
    Ok(String::from_utf8(text).map_or(Said::Missing, Said::Log))
}

/// HQ holds the terminal's word on each order, and its statement where one is due: a wipe's proof verifies as a stranger
/// checks it, a position is one that the platform gave, a log has lines and nothing that was typed.
pub(super) fn orders_are_proven(gathered: &Gathered, scenario: &Scenario) -> Invariant {
    let mut wrong = Vec::new();
    for Ordered { order, said } in &gathered.orders {
        let name = format!("order {} ({})", order.sequence, order.command.code());
        let done = order
            .outcome
            .as_ref()
            .is_some_and(|(outcome, _)| outcome == "done");
        if !done || order.proof.is_none() {
            wrong.push(format!("{name} is not done by the terminal's word"));
        }
        let holds = match said {
            Said::Nothing => continue,
            Said::Missing => false,
            Said::Wiped(files) => {
                let report = verify(files, std::slice::from_ref(&gathered.root), &[]);
                let destroyed = report.claims.wipe.as_ref().map(|wipe| wipe.destroyed.officers);
                report.outcome() == Outcome::Ok && destroyed.is_some_and(|officers| officers > 0)
            }
            Said::Located(located) => located.fix.is_some_and(|fix| given(scenario, &fix.position)),
            Said::Log(text) => {
                let canaries = scenario.canaries();
                !text.is_empty() && !canaries.iter().any(|canary| text.contains(canary.as_str()))
            }
        };
        if !holds {
            wrong.push(format!("{name} is not proven by what the terminal stated"));
        }
    }
    Invariant::of("orders-are-proven", gathered.orders.len(), wrong)
}

/// Whether a step of the scenario put the phone there.
fn given(scenario: &Scenario, position: &Position) -> bool {
    let is_it = |step: &Step| matches!(step, Step::Position { at } if at.0 == *position);
    scenario.steps.iter().any(is_it)
}

/// Writes the proof of each wipe as a folder that `neo-verify` checks: `order-N`.
pub(super) fn write_proofs(folder: &Path, gathered: &Gathered) -> anyhow::Result<()> {
    for Ordered { order, said } in &gathered.orders {
        let Said::Wiped(files) = said else { continue };
        let proof = folder.join(format!("order-{}", order.sequence));
        std::fs::create_dir_all(&proof)?;
        for (name, bytes) in files {
            std::fs::write(proof.join(name), bytes)
                .with_context(|| format!("could not write `{name}` of a proof"))?;
        }
    }
    Ok(())
}
