//! How the terminal and the body camera are when a shift begins.

use minicbor::{Decode, Encode};

use crate::id::CameraId;
use crate::time::UnixMs;

/// By how much the wall clock may differ from HQ's, in milliseconds: more than an answer of HQ takes on a bad network, and
/// less than what an hour in an act is read to.
const CLOCK_TOLERANCE: i64 = 30_000;
/// Below this a camera does not last a shift, in percent.
pub const CHARGED: u8 = 50;
/// Below this a camera has no room for a shift, in bytes: four hours of footage at 4 Mbit/s.
pub const ROOM: u64 = 7_200_000_000;

/// What an officer looks at before leaving the station; kept with the service, and said in the journal.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Checks {
    #[n(0)]
    pub clock: ClockCheck,
    /// The disk has room for what a stop needs to be told and for new acts.
    #[n(1)]
    pub room: bool,
    /// How new the lists of what is sought are; absent without any.
    #[n(2)]
    pub lists_of: Option<UnixMs>,
    /// Acts of earlier shifts that HQ has not received.
    #[n(3)]
    pub waiting: u32,
    #[n(4)]
    pub camera: CameraCheck,
    /// Items of the briefing that the officer has not read.
    #[n(5)]
    pub unread: u32,
}

/// The wall clock of the terminal against HQ's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub enum ClockCheck {
    /// HQ has not told its clock since the terminal started.
    #[n(0)]
    Untold,
    #[n(1)]
    Right,
    /// Milliseconds that the terminal is ahead; negative behind.
    #[n(2)]
    Off(#[n(0)] i64),
}

impl ClockCheck {
    pub fn of(terminal: UnixMs, hq: Option<UnixMs>) -> Self {
        match hq.map(|hq| terminal.0.saturating_sub(hq.0)) {
            None => Self::Untold,
            Some(ahead) if ahead.abs() <= CLOCK_TOLERANCE => Self::Right,
            Some(ahead) => Self::Off(ahead),
        }
    }

    /// The name in reports.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Untold => "not-told",
            Self::Right => "right",
            Self::Off(_) => "off",
        }
    }
}

/// The body camera of the shift.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum CameraCheck {
    #[n(0)]
    NotPaired,
    /// Paired, and not met since the officer is there.
    #[n(1)]
    NotMet(#[n(0)] CameraId),
    #[n(2)]
    Met {
        #[n(0)]
        camera: CameraId,
        /// Charge in percent.
        #[n(1)]
        battery: u8,
        /// Free bytes for recordings.
        #[n(2)]
        free: u64,
    },
}

impl CameraCheck {
    /// Whether it lasts a shift, as far as it said.
    pub const fn lasts(&self) -> bool {
        matches!(self, Self::Met { battery, free, .. } if *battery >= CHARGED && *free >= ROOM)
    }

    /// The name in reports.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotPaired => "not-paired",
            Self::NotMet(_) => "not-met",
            Self::Met { .. } => "met",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_right_within_half_a_minute_of_hq_and_unknown_before_hq_has_told_it() {
        let at = |ms: i64| UnixMs(1_800_000_000_000 + ms);
        assert_eq!(ClockCheck::of(at(0), None), ClockCheck::Untold);
        assert_eq!(ClockCheck::of(at(-30_000), Some(at(0))), ClockCheck::Right);
        assert_eq!(ClockCheck::of(at(30_001), Some(at(0))), ClockCheck::Off(30_001));
        assert_eq!(
            ClockCheck::of(at(-3_600_000), Some(at(0))),
            ClockCheck::Off(-3_600_000)
        );
    }
}
