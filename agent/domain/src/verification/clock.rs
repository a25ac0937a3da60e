//! How long somebody is held already: counted from the start of the check, on the clock that nobody sets where there is
//! one.

use minicbor::{Decode, Encode};

use super::MINUTE;
use crate::time::{Timestamp, UnixMs, Zone};

/// How far the wall clock and the time since the start of the device may drift apart, in milliseconds.
const DRIFT: i64 = MINUTE;

/// The longest retention, in minutes: eight hours in Mayotte, four elsewhere. `commune` is an INSEE code; without one
/// the zone of the terminal says where it is.
pub fn limit_min(commune: Option<&str>, zone: Zone) -> u16 {
    let in_mayotte = match commune {
        Some(code) => code.starts_with("976"),
        None => zone == Zone::Mayotte,
    };
    if in_mayotte { 8 * 60 } else { 4 * 60 }
}

/// What a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Encode, Decode)]
#[cbor(index_only)]
pub enum Counted {
    /// Somebody is held until an identity is known (78-3 CPP).
    #[default]
    #[n(0)]
    Verification,
    /// Somebody is arrested and was not told the rights of custody, which come at once (63-1 CPP).
    #[n(1)]
    CustodyNotice,
    /// Somebody is arrested: a custody counts from there (63 CPP).
    #[n(2)]
    Custody,
    /// A licence is kept until the prefect decides (L.224-2 C. route).
    #[n(3)]
    Licence,
}

impl Counted {
    const fn is_verification(&self) -> bool {
        matches!(self, Self::Verification)
    }
}

/// A retention that runs. It names nobody, so that it is kept and looked at while the terminal is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Clock {
    /// The check began, wall clock.
    #[n(0)]
    pub from: UnixMs,
    /// A moment that the terminal noted itself, from which time is counted on.
    #[n(1)]
    pub noted: Timestamp,
    #[n(2)]
    pub limit_min: u16,
    #[cbor(n(3), default, skip_if = "Counted::is_verification")]
    pub counted: Counted,
}

/// How near the end is, in the order in which time brings it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Stage {
    #[n(0)]
    Running,
    /// An hour at most.
    #[n(1)]
    Hour,
    /// Thirty minutes at most.
    #[n(2)]
    HalfHour,
    /// Ten minutes at most.
    #[n(3)]
    TenMinutes,
    #[n(4)]
    Over,
}

impl Clock {
    /// Milliseconds since the check began.
    pub fn elapsed_ms(&self, now: &Timestamp) -> i64 {
        let before = self.noted.utc.0.saturating_sub(self.from.0);
        let wall = now.utc.0.saturating_sub(self.noted.utc.0);
        let since = since(&self.noted, now).unwrap_or(wall.max(0));
        before.saturating_add(since).max(0)
    }

    /// Milliseconds until the end; less than none past it.
    pub fn left_ms(&self, now: &Timestamp) -> i64 {
        i64::from(self.limit_min) * MINUTE - self.elapsed_ms(now)
    }

    /// Whole minutes until the end, rounded down: nobody has a minute that is not whole.
    pub fn left_min(&self, now: &Timestamp) -> i64 {
        self.left_ms(now).div_euclid(MINUTE)
    }

    pub fn stage(&self, now: &Timestamp) -> Stage {
        match self.left_ms(now) {
            ..=0 => Stage::Over,
            left if left <= 10 * MINUTE => Stage::TenMinutes,
            left if left <= 30 * MINUTE => Stage::HalfHour,
            left if left <= 60 * MINUTE => Stage::Hour,
            _ => Stage::Running,
        }
    }

    /// The latest end, wall clock.
    pub const fn until(&self) -> UnixMs {
        self.from.plus(self.limit_min as i64 * MINUTE)
    }

    /// Whether the wall clock was set since: what it shows is not what has passed.
    pub fn was_set(&self, now: &Timestamp) -> bool {
        let wall = now.utc.0.saturating_sub(self.noted.utc.0);
        since(&self.noted, now).is_some_and(|since| wall.abs_diff(since) > DRIFT.unsigned_abs())
    }

    /// Milliseconds until another minute has passed.
    pub fn next_minute_ms(&self, now: &Timestamp) -> i64 {
        self.left_ms(now).rem_euclid(MINUTE) + 1
    }
}

/// Milliseconds from one moment to another by the time since the start of the device; none across a start.
fn since(noted: &Timestamp, now: &Timestamp) -> Option<i64> {
    let passed = now.mono_ms.checked_sub(noted.mono_ms)?;
    (noted.boot == now.boot)
        .then(|| i64::try_from(passed).ok())
        .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::BootId;

    const NOON: UnixMs = UnixMs(1_795_258_800_000);

    fn at(boot: u8, minutes: i64, mono_min: u64) -> Timestamp {
        Timestamp {
            utc: NOON.plus(minutes * MINUTE),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([boot; 16]),
            mono_ms: mono_min * 60_000,
        }
    }

    /// The check began at noon; the terminal heard of it ten minutes later.
    fn clock() -> Clock {
        Clock {
            from: NOON,
            noted: at(1, 10, 100),
            limit_min: 240,
            counted: Counted::Verification,
        }
    }

    #[test]
    fn cpp_78_3_four_hours_and_eight_in_mayotte() {
        assert_eq!(limit_min(Some("69383"), Zone::Paris), 240);
        assert_eq!(limit_min(Some("97608"), Zone::Paris), 480);
        assert_eq!(limit_min(Some("97411"), Zone::Mayotte), 240);
        assert_eq!(limit_min(None, Zone::Mayotte), 480);
    }

    #[test]
    fn cpp_78_3_the_hours_count_from_the_start_of_the_check() {
        let clock = clock();
        assert_eq!(clock.left_min(&at(1, 10, 100)), 230);
        assert_eq!(clock.until(), NOON.plus(240 * MINUTE));
        let stages = [(179, Stage::Running), (180, Stage::Hour), (210, Stage::HalfHour)];
        let late = [(230, Stage::TenMinutes), (240, Stage::Over), (300, Stage::Over)];
        for (minutes, stage) in stages.into_iter().chain(late) {
            let mono = u64::try_from(minutes + 90).unwrap();
            assert_eq!(clock.stage(&at(1, minutes, mono)), stage, "{minutes}");
        }
        assert_eq!(clock.left_min(&at(1, 255, 345)), -15);
    }

    #[test]
    fn a_wall_clock_that_is_set_back_gives_no_time() {
        let clock = clock();
        let set_back = at(1, 0, 330);
        assert_eq!(clock.stage(&set_back), Stage::Over);
        assert!(clock.was_set(&set_back));
        assert!(!clock.was_set(&at(1, 240, 330)));
    }

    #[test]
    fn after_a_restart_the_wall_clock_counts() {
        let clock = clock();
        assert_eq!(clock.left_min(&at(2, 200, 1)), 40);
        assert!(!clock.was_set(&at(2, 200, 1)));
        assert_eq!(clock.left_min(&at(2, -30, 1)), 230);
    }
}
