//! `device diagnose`: what keeps one terminal from its work, as far as headquarters can see it.

use std::path::Path;

use domain::{DeviceId, UnixMs};
use hq::fleet::Standing;
use hq::reference::SetKind;
use hq::store::{StoreError, Transaction};
use trust::cert::Holder;

use crate::answer::Answer;
use crate::ca::days_left;
use crate::chart::{Chart, Finding};
use crate::fleet::{Unknown, open};

/// Days of silence after which somebody should ask where a terminal is.
const SILENCE: i64 = 7;
/// A terminal renews its certificate this many days before its end.
const RENEWED_BEFORE: i64 = 30;
/// Days without a word after which an order is held to be unheard.
const UNHEARD: i64 = 1;

/// Every look at `device`; what headquarters was not told is "not checked".
pub(crate) fn diagnose(dir: &Path, device: &DeviceId, now: UnixMs) -> Result<Answer, Unknown> {
    let mut store = open(dir)?;
    let transaction = store.begin()?;
    if !transaction.is_device(device)? {
        return Err(Unknown::Device {
            device: device.clone(),
        });
    }
    let mut chart = Chart::default();
    standing(&mut chart, &transaction, device)?;
    contact(&mut chart, &transaction, device, now)?;
    certificate(&mut chart, &transaction, device, now)?;
    officers(&mut chart, &transaction, device)?;
    reference_data(&mut chart, &transaction, device)?;
    configuration(&mut chart, &transaction, device)?;
    orders(&mut chart, &transaction, device, now)?;
    journal(&mut chart, &transaction, device)?;
    Ok(chart.answer())
}

fn standing(chart: &mut Chart, store: &Transaction<'_>, device: &DeviceId) -> Result<(), StoreError> {
    let (finding, saw, advice) = match store.standing(device)?.0 {
        Standing::InService => (Finding::Ok, "in service", String::new()),
        Standing::Quarantined => (
            Finding::Failed,
            "in quarantine: its questions to police files stay without answer",
            format!("`neoctl device release {device}` once it is known to be sound"),
        ),
        Standing::Retired => (
            Finding::Failed,
            "out of service for good",
            format!("enrol it anew: `neoctl token create {device}`"),
        ),
    };
    chart.note("standing", finding, saw, advice);
    Ok(())
}

fn contact(
    chart: &mut Chart,
    store: &Transaction<'_>,
    device: &DeviceId,
    now: UnixMs,
) -> Result<(), StoreError> {
    let seen = store.last_seen(device)?;
    if store.is_online(device)? {
        chart.note("contact", Finding::Ok, "connected now", "");
        return Ok(());
    }
    let Some(seen) = seen else {
        let advice = "finish the enrolment on the phone; if it says that HQ does not answer, `neoctl doctor --broker` looks at the broker";
        chart.note("contact", Finding::Warning, "it never connected", advice);
        return Ok(());
    };
    let days = (now.0 - seen.0) / UnixMs::DAY;
    let saw = format!("last seen at {}Z, {days} days ago", seen.civil(0));
    if days < SILENCE {
        chart.note("contact", Finding::Ok, saw, "");
    } else {
        let advice = format!("ask its officer where it is; if nobody knows, `neoctl command lock {device}`");
        chart.note("contact", Finding::Warning, saw, advice);
    }
    Ok(())
}

fn certificate(
    chart: &mut Chart,
    store: &Transaction<'_>,
    device: &DeviceId,
    now: UnixMs,
) -> Result<(), StoreError> {
    let issued = store.certificates(Some(&Holder::Device(device.to_string())))?;
    let Some(last) = issued.last() else {
        let advice = format!("enrol it: `neoctl token create {device}`");
        chart.note("certificate", Finding::Failed, "it has none", advice);
        return Ok(());
    };
    let left = days_left(&last.certificate, now);
    let (finding, saw, advice) = match (last.revoked, left) {
        (Some((at, reason)), _) => (
            Finding::Failed,
            format!("revoked at {}Z: {}", at.civil(0), reason.code()),
            format!("enrol it anew if it was found again: `neoctl token create {device}`"),
        ),
        (None, ..0) => (
            Finding::Warning,
            format!("it ended {} days ago", -left),
            "it renews itself at the bootstrap listener when it has network; its acts are kept".to_owned(),
        ),
        (None, 0..RENEWED_BEFORE) => (
            Finding::Warning,
            format!("it counts for {left} days, and was not renewed"),
            "let it connect: it renews itself in the thirty days before the end".to_owned(),
        ),
        (None, RENEWED_BEFORE..) => (Finding::Ok, format!("it counts for {left} days"), String::new()),
    };
    chart.note("certificate", finding, saw, advice);
    Ok(())
}

fn officers(chart: &mut Chart, store: &Transaction<'_>, device: &DeviceId) -> Result<(), StoreError> {
    let bound = store.assigned(device)?;
    let mut suspended = 0;
    for officer in &bound {
        suspended += usize::from(store.suspended(*officer)?.is_some());
    }
    let saw = format!("{} bound, {suspended} of them suspended", bound.len());
    if bound.len() == suspended {
        let advice = format!("`neoctl officer bind OFFICER {device}`: nobody can sign with it");
        chart.note("officers", Finding::Failed, saw, advice);
    } else {
        chart.note("officers", Finding::Ok, saw, "");
    }
    Ok(())
}

/// Each kind of set that headquarters published, against what the terminal's last hello names.
fn reference_data(chart: &mut Chart, store: &Transaction<'_>, device: &DeviceId) -> Result<(), StoreError> {
    for kind in SetKind::ALL {
        let newest = store.newest_set(kind)?;
        let said = if kind == SetKind::Law {
            store.said_reference(device)?
        } else {
            store.said_set(device, kind)?
        };
        // Without a policy a terminal has none, and nothing is amiss.
        if kind.is_of_persons() && (newest == 0 || said.is_none()) {
            continue;
        }
        let name = kind.code();
        match said {
            _ if newest == 0 => {
                chart.note(
                    "reference",
                    Finding::NotChecked,
                    format!("{name}: nothing published"),
                    "",
                );
            }
            None => {
                let saw = format!("{name}: it has not said which it has, {newest} is published");
                chart.note("reference", Finding::NotChecked, saw, "let it connect");
            }
            Some(said) if said < newest => {
                let saw = format!("{name}: it has {said}, {newest} is published");
                let advice = "let it connect; if it did since the publication, it refuses the set: `neoctl command pull-logs` says why";
                chart.note("reference", Finding::Warning, saw, advice);
            }
            Some(said) => chart.note("reference", Finding::Ok, format!("{name}: it has {said}"), ""),
        }
    }
    Ok(())
}

fn configuration(chart: &mut Chart, store: &Transaction<'_>, device: &DeviceId) -> Result<(), StoreError> {
    let Some(said) = store.said_profile(device)? else {
        let saw = "it has not said which profile it follows";
        chart.note("profile", Finding::NotChecked, saw, "");
        return Ok(());
    };
    match said.refused {
        Some(refused) => {
            let reason = said.reason.unwrap_or_default();
            let saw = format!("it follows {} and refuses {refused}: {reason}", said.serial);
            let advice = format!(
                "`neoctl config diff {} {refused}` shows what changed",
                said.serial
            );
            chart.note("profile", Finding::Failed, saw, advice);
        }
        None => chart.note("profile", Finding::Ok, format!("it follows {}", said.serial), ""),
    }
    Ok(())
}

fn orders(
    chart: &mut Chart,
    store: &Transaction<'_>,
    device: &DeviceId,
    now: UnixMs,
) -> Result<(), StoreError> {
    let orders = store.orders(device)?;
    let silent: Vec<String> = orders
        .iter()
        .filter(|order| order.outcome.is_none() && order.issued_at.0 + UNHEARD * UnixMs::DAY <= now.0)
        .map(|order| format!("{} {}", order.sequence, order.command.code()))
        .collect();
    if silent.is_empty() {
        chart.note(
            "orders",
            Finding::Ok,
            format!("{} given, none unanswered for a day", orders.len()),
            "",
        );
    } else {
        let saw = format!("no word on {}", silent.join(", "));
        let advice = "they wait until it connects; one past its term is not carried out any more";
        chart.note("orders", Finding::Warning, saw, advice);
    }
    Ok(())
}

fn journal(chart: &mut Chart, store: &Transaction<'_>, device: &DeviceId) -> Result<(), StoreError> {
    match store.quarantined_at(device)? {
        Some(at) => {
            let saw = format!("two journals since {}Z: it was copied or set back", at.civil(0));
            let advice =
                "keep the phone for the inspection, `neoctl audit forks` shows both; new keys alone end it";
            chart.note("journal", Finding::Failed, saw, advice);
        }
        None => chart.note(
            "journal",
            Finding::Ok,
            "one journal, held against what was known",
            "",
        ),
    }
    Ok(())
}
