//! A profile of HQ, given as `neoctl` gives it: by another program on HQ's store, whose rollout the gateway then carries.

use anyhow::Context;
use domain::identity::CivilDate;
use domain::profile::{CodeMinutes, IdleSeconds, LegalText, PersonsPolicy, Settings};
use hq::rollout::Channel;
use hq::store::Store;

use super::phone::{Board, Phone};
use crate::enrol;
use crate::ground::Ground;

/// The settings of the program but for those that are given.
pub(super) fn settings(
    idle: Option<u16>,
    code_again: Option<u16>,
    persons: Option<&str>,
    recordings_viewed: bool,
    today: CivilDate,
) -> anyhow::Result<Settings> {
    let mut settings = Settings {
        recordings_viewed,
        ..Settings::EMBEDDED
    };
    if let Some(seconds) = idle {
        settings.idle = IdleSeconds::new(seconds).context("the scenario's profile")?;
    }
    if let Some(minutes) = code_again {
        settings.code_again = CodeMinutes::new(minutes).context("the scenario's profile")?;
    }
    if let Some(text) = persons {
        settings.persons = Some(PersonsPolicy {
            text: LegalText::parse(text).context("the scenario's profile")?,
            until: today.plus_days(7).context("the calendar ends")?,
        });
    }
    Ok(settings)
}

/// Publishes the profile once, however often the step is played, and waits until the terminal's own word at HQ and its
/// screen name it; `before` counts the profiles of earlier steps.
pub(super) fn give(
    phone: &mut Phone,
    ground: &Ground,
    settings: Settings,
    before: usize,
) -> anyhow::Result<()> {
    let now = ground.clock.now().utc;
    let pki = enrol::pki(&ground.pki, now)?;
    let mut store = Store::open(&ground.layout.hq()).context("could not open HQ's store")?;
    let mut serials = store.begin()?.profiles_of(Channel::Stable)?;
    if serials.len() <= before {
        serials.insert(0, enrol::configure(&mut store, &pki, settings, now)?);
    }
    let serial = serials
        .first()
        .copied()
        .context("the profile was not published")?;
    let device = enrol::device_id();
    let shown = |board: &Board| {
        let home = board.home.as_ref();
        home.and_then(|home| home.profile.as_ref().map(|profile| profile.serial))
    };
    phone.watch(
        |board| {
            let said = store.begin()?.said_profile(&device)?;
            let follows = said.is_some_and(|said| said.serial == serial);
            Ok((follows && shown(board) == Some(serial)).then_some(()))
        },
        |board| {
            let what = format!("the terminal does not follow version {serial}");
            (what, format!("its screen names {:?}", shown(board)))
        },
    )
}
