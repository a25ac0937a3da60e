//! The steps of an intervention: their order, and what a clock that was set does to their times.

use minicbor::{Decode, Encode};
use thiserror::Error;

use super::{Intervention, Origin, Outcome};
use crate::time::Timestamp;

/// Two clocks that ran beside each other differ by no more than this, in milliseconds.
const DRIFT: i64 = 60_000;

/// What the crew says as it happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Step {
    #[n(0)]
    EnRoute,
    #[n(1)]
    OnScene,
    #[n(2)]
    Closed,
}

impl Step {
    /// What the console calls it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::EnRoute => "en-route",
            Self::OnScene => "on-scene",
            Self::Closed => "closed",
        }
    }
}

/// Why a step cannot be said now; nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode, Error)]
#[cbor(index_only)]
pub enum OutOfOrder {
    #[error("who is on the scene is not on the way any more")]
    #[n(0)]
    AlreadyThere,
    #[error("an outcome at a place needs the arrival there first")]
    #[n(1)]
    NeverThere,
    #[error("the intervention is over")]
    #[n(2)]
    Over,
}

impl OutOfOrder {
    pub const ALL: [Self; 3] = [Self::AlreadyThere, Self::NeverThere, Self::Over];
}

/// A time that does not fit the one before: the wall clock was set in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
#[cbor(map)]
pub struct Doubt {
    /// Whose time it is.
    #[n(0)]
    pub step: Step,
    /// It reads earlier than what came before it.
    #[n(1)]
    pub backwards: bool,
}

impl Intervention {
    /// On the way; said again it keeps its first time.
    pub fn set_out(&mut self, now: Timestamp) -> Result<(), OutOfOrder> {
        self.still_open()?;
        if self.on_scene.is_some() {
            return Err(OutOfOrder::AlreadyThere);
        }
        self.en_route.get_or_insert(now);
        Ok(())
    }

    /// On the scene; said again it keeps its first time.
    pub fn arrive(&mut self, now: Timestamp) -> Result<(), OutOfOrder> {
        self.still_open()?;
        self.on_scene.get_or_insert(now);
        Ok(())
    }

    /// The end. What was done at a place needs the arrival there; who began it alone was there from the start.
    pub fn close(&mut self, outcome: Outcome, now: Timestamp) -> Result<(), OutOfOrder> {
        self.still_open()?;
        let done_there = match outcome {
            Outcome::NothingToReport => false,
            Outcome::ActsDrawnUp | Outcome::HandedOver => true,
        };
        let was_there = self.on_scene.is_some() || self.origin == Origin::OwnInitiative;
        if done_there && !was_there {
            return Err(OutOfOrder::NeverThere);
        }
        self.closed = Some(now);
        self.outcome = Some(outcome);
        Ok(())
    }

    const fn still_open(&self) -> Result<(), OutOfOrder> {
        if self.closed.is_some() {
            Err(OutOfOrder::Over)
        } else {
            Ok(())
        }
    }

    /// The steps that were said, with their times, in the order in which they happen.
    pub(super) fn steps(&self) -> impl Iterator<Item = (Step, &Timestamp)> {
        [
            (Step::EnRoute, &self.en_route),
            (Step::OnScene, &self.on_scene),
            (Step::Closed, &self.closed),
        ]
        .into_iter()
        .filter_map(|(step, at)| at.as_ref().map(|at| (step, at)))
    }

    /// The times that cannot be right beside the one before. They stay as they were stamped: whoever reads them is told.
    pub fn doubts(&self) -> Vec<Doubt> {
        let mut before = &self.opened;
        let mut doubts = Vec::new();
        for (step, at) in self.steps() {
            let by_clock = at.utc.0.saturating_sub(before.utc.0);
            let was_set = if at.boot == before.boot {
                let passed = i64::try_from(at.mono_ms.saturating_sub(before.mono_ms)).unwrap_or(i64::MAX);
                by_clock.saturating_sub(passed).saturating_abs() > DRIFT
            } else {
                by_clock < 0
            };
            if was_set {
                doubts.push(Doubt {
                    step,
                    backwards: by_clock < 0,
                });
            }
            before = at;
        }
        doubts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{BootId, InterventionId, ServiceId};
    use crate::place::Place;
    use crate::time::{UnixMs, Zone};

    const START: i64 = 1_795_284_300_000;

    fn at(utc_min: i64, boot: u8, mono_min: u64) -> Timestamp {
        Timestamp {
            utc: UnixMs(START + utc_min * 60_000),
            zone: Zone::Paris,
            offset_min: 60,
            boot: BootId::from_bytes([boot; 16]),
            mono_ms: mono_min * 60_000,
        }
    }

    fn begun(origin: Origin) -> Intervention {
        Intervention {
            origin,
            ..Intervention::new(
                InterventionId::from_bytes([1; 16]),
                ServiceId::from_bytes([2; 16]),
                Place::parse("12 rue de la République").unwrap(),
                at(0, 1, 0),
            )
        }
    }

    #[test]
    fn the_steps_of_a_call_are_said_in_order_and_each_once() {
        let mut call = begun(Origin::Pushed);
        assert_eq!(call.set_out(at(1, 1, 1)), Ok(()));
        assert_eq!(call.set_out(at(2, 1, 2)), Ok(()));
        assert_eq!(call.en_route, Some(at(1, 1, 1)));
        assert_eq!(call.arrive(at(9, 1, 9)), Ok(()));
        assert_eq!(call.set_out(at(10, 1, 10)), Err(OutOfOrder::AlreadyThere));
        assert_eq!(call.close(Outcome::ActsDrawnUp, at(30, 1, 30)), Ok(()));
        let over = Err(OutOfOrder::Over);
        assert_eq!(call.arrive(at(31, 1, 31)), over);
        assert_eq!(call.set_out(at(31, 1, 31)), over);
        assert_eq!(call.close(Outcome::NothingToReport, at(31, 1, 31)), over);
        assert_eq!(call.doubts(), []);
    }

    #[test]
    fn what_was_done_at_a_place_needs_the_arrival_there() {
        for outcome in [Outcome::ActsDrawnUp, Outcome::HandedOver] {
            for origin in [Origin::Pushed, Origin::Lapi] {
                let mut call = begun(origin);
                assert_eq!(call.close(outcome, at(5, 1, 5)), Err(OutOfOrder::NeverThere));
                assert_eq!(call, begun(origin), "nothing was changed");
            }
            assert_eq!(begun(Origin::OwnInitiative).close(outcome, at(5, 1, 5)), Ok(()));
        }
        assert_eq!(
            begun(Origin::Pushed).close(Outcome::NothingToReport, at(5, 1, 5)),
            Ok(())
        );
    }

    #[test]
    fn a_clock_that_was_set_leaves_the_times_and_is_told_of_each() {
        let mut call = begun(Origin::Pushed);
        // Set back by an hour on the way: the arrival reads earlier than the departure.
        call.set_out(at(1, 1, 1)).unwrap();
        call.arrive(at(-50, 1, 10)).unwrap();
        // Set right again: an hour too many passed.
        call.close(Outcome::HandedOver, at(30, 1, 30)).unwrap();
        let doubt = |step, backwards| Doubt { step, backwards };
        assert_eq!(
            call.doubts(),
            [doubt(Step::OnScene, true), doubt(Step::Closed, false)]
        );
        assert_eq!(call.on_scene, Some(at(-50, 1, 10)));
        // Over a start of the device only what reads backwards can be told.
        let mut restarted = begun(Origin::Pushed);
        restarted.arrive(at(200, 2, 1)).unwrap();
        assert_eq!(restarted.doubts(), []);
        restarted.close(Outcome::HandedOver, at(100, 3, 1)).unwrap();
        assert_eq!(restarted.doubts(), [doubt(Step::Closed, true)]);
    }
}
