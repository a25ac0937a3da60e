//! The officer reads what the terminal uses up, and each figure is held against what HQ has and what the radio carried.

use agent::work::record_of;
use anyhow::{Context, ensure};
use domain::dialogue::{BudgetView, Flow, Intent};
use domain::record::ActKind;
use hq::Store;

use super::phone::Phone;
use crate::enrol;
use crate::ground::Ground;

/// Opens the page and checks it. An earlier process of the patrol saw more of the radio than this one: then `resumed`.
pub(super) fn read(phone: &mut Phone, ground: &Ground, resumed: bool, what: &str) -> anyhow::Result<()> {
    phone.board.budget = None;
    phone.until(
        what,
        |phone| phone.intent(Intent::ShowBudget),
        |board| {
            board
                .budget
                .as_ref()
                .is_some_and(|budget| budget.gauges.is_some())
        },
    )?;
    let budget = phone.board.budget.clone().context("the page is not shown")?;
    let gauges = budget.gauges.context("the disk was not looked at")?;
    ensure!(
        gauges.store > 0 && gauges.free.is_some(),
        "the page tells no disk: {gauges:?}"
    );
    let (acts, footage) = at_hq(ground)?;
    ensure!(acts > 0, "HQ has no act to hold the page against");
    let told = month(&budget, &[Flow::Urgent, Flow::Procedures, Flow::Events]);
    ensure!(
        told >= acts,
        "the page tells {told} bytes of acts, and HQ has {acts}"
    );
    let told = month(&budget, &[Flow::Footage]);
    ensure!(
        told >= footage,
        "the page tells {told} bytes of footage, and HQ has {footage}"
    );
    if resumed {
        return Ok(());
    }
    let carried = ground.radios().map(|radio| radio.bytes());
    let (up, down) = carried
        .iter()
        .fold((0, 0), |(up, down), (more, less)| (up + more, down + less));
    let (sent, received) = (budget.sent().1, budget.received().1);
    ensure!(
        sent <= up && received <= down && sent > 0 && received > 0,
        "the page tells {sent} bytes sent and {received} received, and the radio carried {up} and {down}"
    );
    Ok(())
}

fn month(budget: &BudgetView, flows: &[Flow]) -> u64 {
    let lines = budget.flows.iter().filter(|line| flows.contains(&line.flow));
    lines.map(|line| line.month).sum()
}

/// Bytes of envelopes and of recordings that HQ has of this terminal, signed this month.
fn at_hq(ground: &Ground) -> anyhow::Result<(u64, u64)> {
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    let store = store.begin()?;
    let month = ground.clock.now().local().date().first_of_month();
    let (mut acts, mut footage) = (0, 0);
    for envelope in store.envelopes()? {
        let Some(stored) = store.record(envelope)? else {
            continue;
        };
        let record = record_of(&stored.record_cose).context("a record at HQ does not decode")?;
        let signed = record.signed_at.local().date();
        if record.context.device != enrol::device_id() || signed < month {
            continue;
        }
        acts += stored.envelope_cose.len() as u64;
        if record.act.kind() == ActKind::Footage {
            let file = ground
                .layout
                .hq()
                .join("clips")
                .join(format!("{}.mp4", ground.original));
            footage += std::fs::metadata(file).map_or(0, |meta| meta.len());
        }
    }
    Ok((acts, footage))
}
