//! Urgent alerts: raised in a complaint, nobody's while nobody took them, and taken by a person of the operations centre.

use std::collections::BTreeMap;

use agent::work::record_of;
use anyhow::ensure;
use domain::alert::{Ground as Reason, Standing, Taken, Taker};
use domain::delivery::Delivery;
use domain::dialogue::{AlertLine, Haptic, Intent};
use domain::journal::Operation;
use domain::record::{Act, Record};
use domain::{ActId, UnixMs};
use hq::store::{Alerted, Store};

use super::invariants::Gathered;
use super::phone::{Board, Phone};
use super::report::Invariant;
use crate::ground::Ground;

/// Longer than an alert may wait for a person, in milliseconds.
const A_MINUTE_AND_MORE: u64 = domain::alert::PATIENCE + 1_000;

/// What the patrol's officer raises.
pub(super) struct Raised<'a> {
    pub(super) alert: ActId,
    pub(super) draft: ActId,
    pub(super) grounds: &'a [Reason],
    pub(super) words: &'a str,
}

fn line(board: &Board, alert: ActId) -> Option<&AlertLine> {
    board.alerts.iter().find(|line| line.alert == alert)
}

fn standing(board: &Board, alert: ActId) -> String {
    line(board, alert).map_or_else(
        || "no alert stands".to_owned(),
        |line| format!("it stands as {:?}", line.standing),
    )
}

/// Until the screen says how it stands.
pub(super) fn raise(phone: &mut Phone, raised: &Raised<'_>, what: &str) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| {
            phone.intent(Intent::RaiseAlert {
                draft: raised.draft,
                id: Some(raised.alert),
                grounds: raised.grounds.to_vec(),
                words: raised.words.to_owned(),
            })
        },
        |board| line(board, raised.alert).is_some(),
    )
}

/// Until the whole screen says that nobody has it; time passes where it left.
pub(super) fn nobody(phone: &mut Phone, alert: ActId, what: &str) -> anyhow::Result<()> {
    phone.ready()?;
    let is_open = line(&phone.board, alert).is_some_and(|line| line.standing == Standing::Open);
    if is_open {
        phone.pass(A_MINUTE_AND_MORE)?;
    }
    phone.watch(
        |board| {
            let stands = line(board, alert).map(|line| &line.standing);
            Ok(matches!(stands, Some(Standing::Nobody { .. })).then_some(()))
        },
        |board| {
            (
                format!("`{what}`: the screen does not say so"),
                standing(board, alert),
            )
        },
    )?;
    ensure!(
        phone.board.haptics.contains(&Haptic::Dangerous),
        "`{what}`: an alert that nobody has was not felt"
    );
    Ok(())
}

/// A person of the operations centre takes it by another program, until the phone says who.
pub(super) fn take(
    phone: &mut Phone,
    ground: &Ground,
    alert: ActId,
    by: &str,
    what: &str,
) -> anyhow::Result<()> {
    phone.ready()?;
    let by = Taker::parse(by)?;
    let dir = ground.layout.hq();
    let now = ground.clock.now().utc;
    phone.watch(
        |board| {
            let mut store = Store::open(&dir)?;
            let transaction = store.begin()?;
            if transaction
                .alert(alert)?
                .is_some_and(|alerted| alerted.taken.is_none())
            {
                let taken = Taken {
                    by: by.clone(),
                    at: now,
                };
                transaction.take_alert(alert, &taken)?;
                transaction.commit()?;
            }
            let stands = line(board, alert).map(|line| &line.standing);
            Ok(matches!(stands, Some(Standing::Taken(taken)) if taken.by == by).then_some(()))
        },
        |board| {
            (
                format!("`{what}`: the phone does not say who"),
                standing(board, alert),
            )
        },
    )?;
    seen(phone, alert, what)
}

/// The officer tells it by radio, and reads that it is told.
pub(super) fn tell(phone: &mut Phone, alert: ActId, what: &str) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| phone.intent(Intent::AlertTold { alert }),
        |board| line(board, alert).is_some_and(|line| line.standing == Standing::Told),
    )?;
    seen(phone, alert, what)
}

fn seen(phone: &mut Phone, alert: ActId, what: &str) -> anyhow::Result<()> {
    phone.until(
        what,
        |phone| phone.intent(Intent::AlertSeen { alert }),
        |board| line(board, alert).is_none(),
    )
}

/// When HQ received the act.
fn answered(gathered: &Gathered, act: ActId) -> Option<UnixMs> {
    let row = gathered.acts.iter().find(|row| row.act == act)?;
    match row.delivery {
        Delivery::Received { at } => Some(at),
        Delivery::Waiting { .. } | Delivery::Refused { .. } => None,
    }
}

/// Every alert is at HQ before what it was raised in, and a person has it or the officer told it.
pub(super) fn alerts_come_first_and_have_a_person(gathered: &Gathered) -> Invariant {
    let records: Vec<Record> = gathered
        .hq_records
        .iter()
        .filter_map(|held| record_of(&held.record_cose))
        .collect();
    let alerts: Vec<(ActId, ActId)> = records
        .iter()
        .filter_map(|record| {
            let Act::Alert(alert) = &record.act else {
                return None;
            };
            Some((record.id, alert.about))
        })
        .collect();
    let known: BTreeMap<ActId, &Alerted> = gathered.alerts.iter().map(|one| (one.alert, one)).collect();
    let journal = || gathered.journals.iter().flatten().map(|entry| &entry.operation);
    let mut wrong = Vec::new();
    for (alert, about) in &alerts {
        let Some(alerted) = known.get(alert) else {
            wrong.push(format!("{alert} is a record and no alert at HQ"));
            continue;
        };
        let told = journal().any(|one| matches!(one, Operation::AlertTold { alert: told } if told == alert));
        let taken_at = alerted.taken.as_ref().map(|taken| taken.at);
        let heard = |at: UnixMs| journal().any(|one| *one == Operation::AlertTaken { alert: *alert, at });
        match taken_at {
            Some(at) if heard(at) => {}
            Some(_) => wrong.push(format!("{alert} is taken, and the terminal was not told")),
            None if told => {}
            None => wrong.push(format!("nobody has {alert}, and nobody was told of it otherwise")),
        }
        if answered(gathered, *about).is_some_and(|at| alerted.received_at > at) {
            wrong.push(format!("{alert} came after the act in which it was raised"));
        }
    }
    Invariant::of("alerts-come-first-and-have-a-person", alerts.len(), wrong)
}
