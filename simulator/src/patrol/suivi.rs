//! What becomes of a complaint: somebody at HQ says it, and the officer who took the complaint reads it on its page.

use anyhow::{Context, ensure};
use domain::dialogue::{Intent, SuiviStep};
use domain::plainte::{ClosedFor, Hearing, Office, Stage};
use domain::{ActId, Digest, UnixMs};
use hq::Store;
use hq::store::SuiviRow;
use serde::Deserialize;

use super::invariants::Gathered;
use super::phone::Phone;
use super::report::Invariant;
use crate::enrol;
use crate::ground::Ground;

/// A stage as a scenario writes it.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Said {
    Received,
    SentToService(String),
    UnderInvestigation,
    SentToProsecutor(String),
    /// The code of [`ClosedFor`].
    Closed(String),
    Prosecuted,
    /// A court, a month from the day of the patrol.
    Hearing(String),
}

impl Said {
    fn stage(&self, now: UnixMs) -> anyhow::Result<Stage> {
        Ok(match self {
            Self::Received => Stage::Received,
            Self::SentToService(service) => Stage::SentToService(Office::parse(service)?),
            Self::UnderInvestigation => Stage::UnderInvestigation,
            Self::SentToProsecutor(court) => Stage::SentToProsecutor(Office::parse(court)?),
            Self::Closed(reason) => {
                Stage::Closed(ClosedFor::from_code(reason).context("no reason for closing a complaint")?)
            }
            Self::Prosecuted => Stage::Prosecuted,
            Self::Hearing(court) => Stage::Hearing(Hearing {
                at: now.plus(30 * UnixMs::DAY),
                offset_min: 60,
                court: Office::parse(court)?,
            }),
        })
    }
}

/// HQ signs the next step; played again after the patrol was interrupted, it is said already.
pub(super) fn tell(ground: &Ground, act: ActId, said: &Said) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let stage = said.stage(now)?;
    let mut store = Store::open(&ground.layout.hq())?;
    let transaction = store.begin()?;
    let last = transaction.suivi_of(act)?.pop();
    let officer = transaction.officers()?.into_iter().next();
    let officer = officer.context("HQ has no officer")?.id;
    let envelope = transaction.records_of(act)?.pop();
    drop(transaction);
    if last.is_some_and(|last| last.stage == stage.code()) {
        return Ok(());
    }
    let envelope = envelope.context("the complaint is not at HQ; await it first")?;
    let pki = enrol::pki(&ground.pki, now)?;
    hq::suivi::tell(&mut store, &pki, envelope, stage, officer, now)?;
    Ok(())
}

/// The page of the complaint shows every step that HQ signed, in its order, and the home screen no longer calls.
pub(super) fn read(phone: &mut Phone, ground: &Ground, act: ActId, what: &str) -> anyhow::Result<()> {
    let pki = enrol::pki(&ground.pki, ground.clock.now().utc)?;
    let mut store = Store::open(&ground.layout.hq())?;
    let rows = store.begin()?.suivi_of(act)?;
    ensure!(!rows.is_empty(), "HQ has said nothing of the complaint");
    let mut expected = Vec::new();
    for row in rows {
        let step = hq::suivi::verify(&row.cose, pki.command().certificate());
        let step = step.context("a step at HQ does not verify")?;
        expected.push(SuiviStep {
            at: step.at,
            stage: step.stage,
        });
    }
    phone.until(
        what,
        |phone| phone.intent(Intent::OpenDraft { draft: act }),
        |board| {
            let shown = board.draft.as_ref().filter(|draft| draft.draft == act);
            let read = board
                .home
                .as_ref()
                .is_some_and(|home| home.suivi.iter().all(|line| line.act != act));
            shown.is_some_and(|draft| draft.suivi == expected) && read
        },
    )
}

/// Each step is HQ's, about the very complaint that was signed, in order, taken by its terminal, and says nothing of what
/// was told.
pub(super) fn what_became_of_complaints_is_what_hq_signed(
    gathered: &Gathered,
    canaries: &[String],
) -> Invariant {
    let mut wrong = Vec::new();
    let mut last: Option<&SuiviRow> = None;
    let mut rows: Vec<&SuiviRow> = gathered.suivi.iter().collect();
    rows.sort_by_key(|row| (row.act, row.sequence));
    for row in rows {
        let expected = last
            .filter(|last| last.act == row.act)
            .map_or(0, |last| last.sequence)
            + 1;
        if row.sequence != expected {
            wrong.push(format!("step {} of {} is out of order", row.sequence, row.act));
        }
        let signed = gathered
            .acts
            .iter()
            .find(|act| act.act == row.act)
            .map(|act| act.record);
        let stated = hq::suivi::verify(&row.cose, &gathered.command_signer);
        let about: Option<(ActId, Digest, u32)> = stated.map(|step| (step.act, step.record, step.sequence));
        if signed.is_none() || about != signed.map(|record| (row.act, record, row.sequence)) {
            wrong.push(format!("step {} of {} is not proven", row.sequence, row.act));
        }
        if gathered.suivi_taken.iter().all(|taken| *taken < row.line) {
            wrong.push(format!("step {} of {} is on no terminal", row.sequence, row.act));
        }
        let told = canaries.iter().filter(|canary| {
            let needle = canary.as_bytes();
            row.cose.windows(needle.len()).any(|window| window == needle)
        });
        wrong.extend(told.map(|canary| format!("step {} of {} tells `{canary}`", row.sequence, row.act)));
        last = Some(row);
    }
    Invariant::of(
        "what-became-of-complaints-is-what-hq-signed",
        gathered.suivi.len(),
        wrong,
    )
}
