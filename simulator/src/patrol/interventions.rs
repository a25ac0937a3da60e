//! What the operations centre proposes: a call or a reading to be verified, answered by the officer and heard of at HQ.

use anyhow::{Context, ensure};
use domain::dialogue::{DispatchLine, Intent};
use domain::intervention::{About, Account, Dispatch, Matter, OperationsNumber};
use domain::place::Place;
use domain::vehicle::Plate;
use domain::{DeviceId, InterventionId, UnixMs};
use hq::Store;
use hq::dispatch::{self, Whom};
use serde::Deserialize;

use super::phone::Phone;
use crate::enrol;
use crate::ground::Ground;

/// For how long it is proposed.
const MINUTES: i64 = 30;

/// A proposal as a scenario writes it: a call by its number, a reading by its plate.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Proposal {
    Call {
        number: String,
        place: String,
        about: String,
        #[serde(default)]
        danger: bool,
    },
    Reading {
        plate: String,
        place: String,
        reason: String,
    },
    Briefing {
        title: String,
        text: String,
    },
}

/// What the officer does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reply {
    Take,
    Decline,
    /// An item of the briefing is read.
    Read,
    /// Somebody touches the screen next.
    Leave,
}

impl Proposal {
    /// What is said in it.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let words = match self {
            Self::Call {
                number, place, about, ..
            } => vec![number, place, about],
            Self::Reading { plate, place, reason } => vec![plate, place, reason],
            Self::Briefing { title, text } => vec![title, text],
        };
        words.into_iter().map(String::as_str)
    }

    fn about(&self, now: UnixMs) -> anyhow::Result<About> {
        Ok(match self {
            Self::Call {
                number,
                place,
                about,
                danger,
            } => About::Call {
                number: OperationsNumber::parse(number)?,
                place: Place::parse(place)?,
                what: Matter::parse(about)?,
                danger: *danger,
            },
            Self::Reading { plate, place, reason } => About::Hit {
                plate: Plate::read(plate)?,
                place: Place::parse(place)?,
                seen: now,
                reason: Matter::parse(reason)?,
            },
            Self::Briefing { title, text } => About::Briefing {
                title: Matter::parse(title)?,
                text: Account::parse(text)?,
            },
        })
    }
}

/// Whether both are of the same call, or of a reading of the same plate.
fn is_same(one: &About, other: &About) -> bool {
    match (one, other) {
        (About::Call { number, .. }, About::Call { number: other, .. }) => number == other,
        (About::Hit { plate, .. }, About::Hit { plate: other, .. }) => plate == other,
        (About::Briefing { title, .. }, About::Briefing { title: other, .. }) => title == other,
        (About::Call { .. } | About::Hit { .. } | About::Briefing { .. }, _) => false,
    }
}

/// HQ proposes it, the home screen shows it, and the officer answers; played again after the patrol was interrupted, it
/// is proposed already.
pub(super) fn propose(
    phone: &mut Phone,
    ground: &Ground,
    proposal: &Proposal,
    reply: Reply,
    what: &str,
) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let about = proposal.about(now)?;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq())?;
    let known = proposed(&mut store, &pki)?
        .into_iter()
        .find(|dispatch| is_same(&dispatch.about, &about));
    let id = match known {
        Some(dispatch) => dispatch.id,
        None => {
            let whom = Whom::Terminal(terminal(&mut store)?);
            dispatch::propose(&mut store, &pki, &whom, about.clone(), MINUTES, now)?
                .0
                .id
        }
    };
    let shows = |line: &DispatchLine| line.dispatch == id && is_same(&line.about, &about);
    phone.until(
        what,
        |_| Ok(()),
        |board| {
            let home = board.home.as_ref();
            let current = home.and_then(|home| home.intervention.as_ref());
            home.is_some_and(|home| home.dispatches.iter().any(shows))
                || current.is_some_and(|current| current.id == id)
        },
    )?;
    let gone = |lines: &[DispatchLine]| lines.iter().all(|line| line.dispatch != id);
    match reply {
        Reply::Leave => Ok(()),
        Reply::Decline => phone.until(
            what,
            |phone| phone.intent(Intent::DeclineDispatch { dispatch: id }),
            |board| board.home.as_ref().is_some_and(|home| gone(&home.dispatches)),
        ),
        Reply::Read => phone.until(
            what,
            |phone| phone.intent(Intent::ReadBriefing { dispatch: id }),
            |board| {
                let home = board.home.as_ref();
                home.is_some_and(|home| {
                    home.dispatches
                        .iter()
                        .any(|line| line.dispatch == id && line.read)
                })
            },
        ),
        Reply::Take => phone.until(
            what,
            |phone| phone.intent(Intent::TakeDispatch { dispatch: id }),
            |board| {
                board.home.as_ref().is_some_and(|home| {
                    let current = home.intervention.as_ref();
                    gone(&home.dispatches) && current.is_some_and(|current| current.id == id)
                })
            },
        ),
    }
}

/// HQ was told by the terminal that what `proposal` became stands so.
pub(super) fn hq_hears(
    phone: &mut Phone,
    ground: &Ground,
    called: &str,
    standing: &str,
    what: &str,
) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq())?;
    let id = proposed(&mut store, &pki)?
        .into_iter()
        .find(|dispatch| named(&dispatch.about) == called)
        .map(|dispatch| dispatch.id)
        .with_context(|| format!("HQ proposed no `{called}`"))?;
    let mut heard = None;
    for _ in 0..240 {
        phone.ready()?;
        heard = standing_of(&mut store, id)?;
        if heard.as_deref() == Some(standing) {
            return Ok(());
        }
        phone.pump(std::time::Duration::from_millis(250))?;
    }
    ensure!(
        heard.as_deref() == Some(standing),
        "`{what}`: HQ was told {heard:?} of `{called}`"
    );
    Ok(())
}

fn named(about: &About) -> String {
    match about {
        About::Call { number, .. } => number.as_str().to_owned(),
        About::Hit { plate, .. } => plate.to_string(),
        About::Briefing { title, .. } => title.as_str().to_owned(),
    }
}

fn standing_of(store: &mut Store, id: InterventionId) -> anyhow::Result<Option<String>> {
    let rows = store.begin()?.progress(UnixMs(0))?;
    let row = rows
        .into_iter()
        .find(|row| row.progress.standing.intervention() == id);
    Ok(row.map(|row| row.progress.standing.code().to_owned()))
}

/// What HQ proposed, as it signed it.
fn proposed(store: &mut Store, pki: &hq::Pki) -> anyhow::Result<Vec<Dispatch>> {
    let rows = store.begin()?.dispatches(UnixMs(0))?;
    let signed = rows.into_iter().filter_map(|row| row.cose);
    signed
        .map(|cose| {
            dispatch::verify(&cose, pki.command().certificate()).context("a proposal at HQ does not verify")
        })
        .collect()
}

fn terminal(store: &mut Store) -> anyhow::Result<DeviceId> {
    let terminals = store.begin()?.devices()?;
    let first = terminals.into_iter().next().context("HQ has no terminal")?;
    Ok(first.device)
}
