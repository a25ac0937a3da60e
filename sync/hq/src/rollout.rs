//! Staged roll-out of a profile: to a few terminals of its channel, then to more, as long as they follow it.
//!
//! A machine alone may go on or stop; what goes back to older settings is a new profile, which a person signs.

use std::fmt;
use std::str::FromStr;

use domain::profile::ProfileHeld;
use domain::{DeviceId, Digest, UnixMs};
use thiserror::Error;

use crate::fleet::Standing;
use crate::store::{NewRollout, SaidProfile, Store, StoreError, Transaction};

/// A part of the fleet that gets profiles of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// Every terminal that nobody put elsewhere.
    Stable,
    Pilot,
    Test,
}

impl Channel {
    pub const ALL: [Self; 3] = [Self::Stable, Self::Pilot, Self::Test];

    /// The name on the command line and in the store.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Pilot => "pilote",
            Self::Test => "test",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|channel| channel.code() == code)
    }
}

/// Where a rollout stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has got anything.
    Created,
    Running,
    /// By a person: nobody else gets it for now.
    Paused,
    /// By itself: too many refused.
    Stopped,
    /// For good.
    Aborted,
    /// The whole channel gets it, later terminals too.
    Done,
}

impl State {
    pub const ALL: [Self; 6] = [
        Self::Created,
        Self::Running,
        Self::Paused,
        Self::Stopped,
        Self::Aborted,
        Self::Done,
    ];

    pub const fn code(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Stopped => "stopped",
            Self::Aborted => "aborted",
            Self::Done => "done",
        }
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// No other rollout of the channel begins meanwhile.
    const fn is_open(self) -> bool {
        match self {
            Self::Created | Self::Running | Self::Paused | Self::Stopped => true,
            Self::Aborted | Self::Done => false,
        }
    }
}

/// Percents of a channel, ascending to 100.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rings(Vec<u8>);

impl Default for Rings {
    fn default() -> Self {
        Self(vec![1, 10, 50, 100])
    }
}

/// The text names no rings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("rings are percents that ascend to 100, such as `1,10,50,100`")]
pub struct NotRings;

impl FromStr for Rings {
    type Err = NotRings;

    fn from_str(text: &str) -> Result<Self, NotRings> {
        let percents = text.split(',').map(|percent| percent.trim().parse());
        let percents: Vec<u8> = percents.collect::<Result<_, _>>().map_err(|_| NotRings)?;
        let ascend = percents.windows(2).all(|pair| pair[0] < pair[1]);
        let whole = percents.first().is_some_and(|first| *first > 0) && percents.last() == Some(&100);
        if ascend && whole {
            Ok(Self(percents))
        } else {
            Err(NotRings)
        }
    }
}

impl fmt::Display for Rings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percents: Vec<String> = self.0.iter().map(u8::to_string).collect();
        f.write_str(&percents.join(","))
    }
}

/// When a ring is good enough, and when it is bad enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Thresholds {
    /// Percent of the ring's terminals that follow before the next ring begins.
    pub success: u8,
    /// Percent of the ring's terminals that may refuse; one more stops everything.
    pub errors: u8,
}

/// One profile on its way to its channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rollout {
    /// That of the profile, which names the rollout too.
    pub serial: u64,
    pub channel: Channel,
    pub state: State,
    pub rings: Rings,
    /// Which of the rings is reached, from 0.
    pub ring: usize,
    pub thresholds: Thresholds,
    /// Terminals in the ring, those of the rings before included.
    pub members: u64,
    pub took: u64,
    pub refused: u64,
}

impl Rollout {
    /// Percent of the channel that gets the profile now.
    pub fn percent(&self) -> u8 {
        match self.state {
            State::Created => 0,
            State::Done => 100,
            State::Running | State::Paused | State::Stopped | State::Aborted => {
                self.rings.0.get(self.ring).copied().unwrap_or(100)
            }
        }
    }

    /// Whether the terminal is given the profile now.
    fn gives_to(&self, device: &DeviceId) -> bool {
        match self.state {
            State::Done => true,
            State::Running => is_within(self.serial, device, self.percent()),
            State::Created | State::Paused | State::Stopped | State::Aborted => false,
        }
    }

    const fn is_too_bad(&self) -> bool {
        self.refused * 100 > self.thresholds.errors as u64 * self.members
    }

    const fn is_good_enough(&self) -> bool {
        self.took * 100 >= self.thresholds.success as u64 * self.members
    }
}

/// Whether a terminal is among the first `percent` of its channel for this rollout: by hash, so that it stays there, and
/// so that each rollout begins with others.
pub fn is_within(serial: u64, device: &DeviceId, percent: u8) -> bool {
    let name = device.as_str().as_bytes();
    let digest = Digest::of(&[&serial.to_be_bytes()[..], name].concat());
    let [first, second, third, fourth, ..] = *digest.as_bytes();
    let place = u64::from(u32::from_be_bytes([first, second, third, fourth]));
    place * 100 < u64::from(percent) << 32
}

/// Why a rollout does not do what was asked.
#[derive(Debug, Error)]
pub enum RolloutError {
    #[error("the HQ store failed")]
    Store(#[from] StoreError),
    #[error(
        "there is no profile of version {serial}; `neoctl config channels` and `neoctl rollout list` name those there are"
    )]
    NoProfile { serial: u64 },
    #[error("version {serial} has no rollout; begin with `neoctl rollout create {serial}`")]
    NoRollout { serial: u64 },
    #[error("version {serial} has a rollout already; see `neoctl rollout status {serial}`")]
    Exists { serial: u64 },
    #[error(
        "the rollout of version {other} in channel `{channel}` is not over; end it with `neoctl rollout abort {other}`"
    )]
    Busy { other: u64, channel: &'static str },
    #[error(
        "version {serial} is older than version {newest}, which terminals of the channel follow; push it again to sign it anew"
    )]
    Outdated { serial: u64, newest: u64 },
    #[error("the rollout of version {serial} is {state}; {doing} needs one that is {needs}")]
    State {
        serial: u64,
        state: &'static str,
        doing: &'static str,
        needs: &'static str,
    },
}

/// Plans the rollout of a published profile.
pub fn create(
    store: &mut Store,
    serial: u64,
    rings: Rings,
    thresholds: Thresholds,
    now: UnixMs,
) -> Result<Rollout, RolloutError> {
    let transaction = store.begin()?;
    let profile = transaction
        .profile(serial)?
        .ok_or(RolloutError::NoProfile { serial })?;
    if transaction.rollout(serial)?.is_some() {
        return Err(RolloutError::Exists { serial });
    }
    for other in transaction.rollouts(Some(profile.channel))? {
        if other.state.is_open() {
            return Err(RolloutError::Busy {
                other: other.serial,
                channel: profile.channel.code(),
            });
        }
        if other.serial > serial && other.state == State::Done {
            let newest = other.serial;
            return Err(RolloutError::Outdated { serial, newest });
        }
    }
    let rollout = plan(&transaction, serial, rings, thresholds, now)?;
    transaction.commit()?;
    Ok(rollout)
}

fn plan(
    transaction: &Transaction<'_>,
    serial: u64,
    rings: Rings,
    thresholds: Thresholds,
    now: UnixMs,
) -> Result<Rollout, RolloutError> {
    let detail = format!(
        "rings {rings}, success {} %, errors {} %",
        thresholds.success, thresholds.errors
    );
    transaction.insert_rollout(&NewRollout {
        serial,
        rings,
        thresholds,
    })?;
    transaction.note_rollout(serial, "created", &detail, now)?;
    open(transaction, serial)
}

/// Whom the whole channel goes back with, at once: what else is open in the channel ends.
pub fn supersede(store: &mut Store, serial: u64, now: UnixMs) -> Result<Rollout, RolloutError> {
    let transaction = store.begin()?;
    let profile = transaction
        .profile(serial)?
        .ok_or(RolloutError::NoProfile { serial })?;
    for other in transaction.rollouts(Some(profile.channel))? {
        if other.state.is_open() {
            let ended = Rollout {
                state: State::Aborted,
                ..other
            };
            transaction.update_rollout(&ended)?;
            transaction.note_rollout(other.serial, "aborted", &format!("rolled back by {serial}"), now)?;
        }
    }
    let thresholds = Thresholds {
        success: 100,
        errors: 100,
    };
    plan(&transaction, serial, Rings(vec![100]), thresholds, now)?;
    let rollout = begin(&transaction, serial, now)?;
    transaction.commit()?;
    Ok(rollout)
}

/// Gives the profile to the first ring.
pub fn start(store: &mut Store, serial: u64, now: UnixMs) -> Result<Rollout, RolloutError> {
    let transaction = store.begin()?;
    let rollout = open(&transaction, serial)?;
    if rollout.state != State::Created {
        return Err(wrong(&rollout, "a start", "created"));
    }
    let rollout = begin(&transaction, serial, now)?;
    transaction.commit()?;
    Ok(rollout)
}

fn begin(transaction: &Transaction<'_>, serial: u64, now: UnixMs) -> Result<Rollout, RolloutError> {
    let mut rollout = open(transaction, serial)?;
    rollout.state = State::Running;
    transaction.note_rollout(serial, "started", "", now)?;
    enter(transaction, &mut rollout, 0, now)?;
    settle(transaction, &mut rollout, now)?;
    Ok(rollout)
}

/// Nobody else gets the profile until [`resume`].
pub fn pause(store: &mut Store, serial: u64, now: UnixMs) -> Result<Rollout, RolloutError> {
    change(store, serial, now, |rollout| match rollout.state {
        State::Running => Ok((State::Paused, "paused")),
        State::Created | State::Paused | State::Stopped | State::Aborted | State::Done => {
            Err(wrong(rollout, "a pause", "running"))
        }
    })
}

/// Goes on after a pause or a stop. Whoever refused counts no longer against it.
pub fn resume(store: &mut Store, serial: u64, now: UnixMs) -> Result<Rollout, RolloutError> {
    let transaction = store.begin()?;
    let mut rollout = open(&transaction, serial)?;
    if !matches!(rollout.state, State::Paused | State::Stopped) {
        return Err(wrong(&rollout, "a resumption", "paused or stopped"));
    }
    rollout.state = State::Running;
    rollout.refused = 0;
    transaction.note_rollout(serial, "resumed", "", now)?;
    settle(&transaction, &mut rollout, now)?;
    transaction.commit()?;
    Ok(rollout)
}

/// Ends the rollout for good; who follows the profile already goes on doing so until a later one.
pub fn abort(store: &mut Store, serial: u64, now: UnixMs) -> Result<Rollout, RolloutError> {
    change(store, serial, now, |rollout| {
        if rollout.state.is_open() {
            Ok((State::Aborted, "aborted"))
        } else {
            Err(wrong(rollout, "an abort", "not over"))
        }
    })
}

/// Goes on to the next ring without waiting for the success threshold: terminals in a drawer never answer.
pub fn advance(store: &mut Store, serial: u64, now: UnixMs) -> Result<Rollout, RolloutError> {
    let transaction = store.begin()?;
    let mut rollout = open(&transaction, serial)?;
    if rollout.state != State::Running {
        return Err(wrong(&rollout, "an advance", "running"));
    }
    transaction.note_rollout(serial, "advanced", "by hand", now)?;
    go_on(&transaction, &mut rollout, now)?;
    settle(&transaction, &mut rollout, now)?;
    transaction.commit()?;
    Ok(rollout)
}

fn change(
    store: &mut Store,
    serial: u64,
    now: UnixMs,
    next: impl FnOnce(&Rollout) -> Result<(State, &'static str), RolloutError>,
) -> Result<Rollout, RolloutError> {
    let transaction = store.begin()?;
    let mut rollout = open(&transaction, serial)?;
    let (state, what) = next(&rollout)?;
    rollout.state = state;
    transaction.update_rollout(&rollout)?;
    transaction.note_rollout(serial, what, "", now)?;
    transaction.commit()?;
    Ok(rollout)
}

fn open(transaction: &Transaction<'_>, serial: u64) -> Result<Rollout, RolloutError> {
    transaction
        .rollout(serial)?
        .ok_or(RolloutError::NoRollout { serial })
}

const fn wrong(rollout: &Rollout, doing: &'static str, needs: &'static str) -> RolloutError {
    RolloutError::State {
        serial: rollout.serial,
        state: rollout.state.code(),
        doing,
        needs,
    }
}

/// Takes in what `device` says, and goes on, or stops, by it. `before` is what it said last.
pub(crate) fn hear(
    transaction: &Transaction<'_>,
    device: &DeviceId,
    before: Option<&SaidProfile>,
    held: &ProfileHeld,
    now: UnixMs,
) -> Result<(), StoreError> {
    let channel = transaction.channel(device)?;
    let rollouts = transaction.rollouts(Some(channel))?;
    let Some(mut rollout) = rollouts.into_iter().find(|rollout| rollout.state.is_open()) else {
        return Ok(());
    };
    let serial = rollout.serial;
    let took_before = before.is_some_and(|said| said.serial >= serial);
    let refused_before = before.is_some_and(|said| said.refused == Some(serial));
    let took = held.serial >= serial;
    let refused = !took && held.refused.is_some_and(|refused| refused.serial == serial);
    count(&mut rollout.took, took_before, took);
    count(&mut rollout.refused, refused_before, refused);
    settle(transaction, &mut rollout, now)
}

/// One terminal says something else than before.
const fn count(number: &mut u64, before: bool, now: bool) {
    match (before, now) {
        (false, true) => *number += 1,
        (true, false) => *number = number.saturating_sub(1),
        (true, true) | (false, false) => {}
    }
}

/// Stops what is too bad, goes on with what is good enough, and keeps the result.
fn settle(transaction: &Transaction<'_>, rollout: &mut Rollout, now: UnixMs) -> Result<(), StoreError> {
    if rollout.state == State::Running && rollout.is_too_bad() {
        rollout.state = State::Stopped;
        let detail = format!("{} of {} refused", rollout.refused, rollout.members);
        transaction.note_rollout(rollout.serial, "stopped", &detail, now)?;
        tracing::error!(serial = rollout.serial, "a rollout stopped itself: {detail}");
    }
    while rollout.state == State::Running && rollout.is_good_enough() {
        go_on(transaction, rollout, now)?;
    }
    transaction.update_rollout(rollout)
}

fn go_on(transaction: &Transaction<'_>, rollout: &mut Rollout, now: UnixMs) -> Result<(), StoreError> {
    let next = rollout.ring + 1;
    if next < rollout.rings.0.len() {
        return enter(transaction, rollout, next, now);
    }
    rollout.state = State::Done;
    let detail = format!("{} of {} follow", rollout.took, rollout.members);
    transaction.note_rollout(rollout.serial, "done", &detail, now)
}

fn enter(
    transaction: &Transaction<'_>,
    rollout: &mut Rollout,
    ring: usize,
    now: UnixMs,
) -> Result<(), StoreError> {
    rollout.ring = ring;
    let percent = rollout.percent();
    let members = members(transaction, rollout.channel)?;
    let within = |device: &&DeviceId| is_within(rollout.serial, device, percent);
    rollout.members = members.iter().filter(within).count() as u64;
    let detail = format!("{percent} %, {} terminals", rollout.members);
    transaction.note_rollout(rollout.serial, "ring", &detail, now)
}

/// The terminals of a channel that serve, by name.
pub(crate) fn members(transaction: &Transaction<'_>, channel: Channel) -> Result<Vec<DeviceId>, StoreError> {
    let mut members = transaction.members(channel)?;
    let mut kept = Vec::with_capacity(members.len());
    for device in members.drain(..) {
        if transaction.standing(&device)?.0 != Standing::Retired {
            kept.push(device);
        }
    }
    Ok(kept)
}

/// The profile that the terminal should have: the newest that a rollout of its channel gives it.
pub(crate) fn due(transaction: &Transaction<'_>, device: &DeviceId) -> Result<Option<u64>, StoreError> {
    let channel = transaction.channel(device)?;
    let rollouts = transaction.rollouts(Some(channel))?;
    let due = rollouts.iter().find(|rollout| rollout.gives_to(device));
    Ok(due.map(|rollout| rollout.serial))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn devices() -> Vec<DeviceId> {
        (0..10_000)
            .map(|number| DeviceId::parse(&format!("neo-{number:06}")).unwrap())
            .collect()
    }

    #[test]
    fn a_ring_holds_about_its_share_and_every_smaller_ring() {
        let devices = devices();
        let within = |percent| -> Vec<&DeviceId> {
            devices
                .iter()
                .filter(|device| is_within(7, device, percent))
                .collect()
        };
        let (one, ten, all) = (within(1), within(10), within(100));
        assert!((60..140).contains(&one.len()), "{}", one.len());
        assert!((900..1100).contains(&ten.len()), "{}", ten.len());
        assert_eq!(all.len(), devices.len());
        assert!(one.iter().all(|device| ten.contains(device)));
        let other: Vec<&DeviceId> = devices.iter().filter(|device| is_within(8, device, 1)).collect();
        assert_ne!(one, other, "each rollout begins elsewhere");
        assert!(within(0).is_empty());
    }

    #[test]
    fn rings_ascend_to_the_whole() {
        assert_eq!("1,10,50,100".parse(), Ok(Rings::default()));
        assert_eq!("5, 100".parse::<Rings>().unwrap().to_string(), "5,100");
        for text in ["", "100,1", "1,10", "0,100", "1,1,100", "1,101", "a,100"] {
            assert_eq!(text.parse::<Rings>(), Err(NotRings), "{text}");
        }
    }
}
