//! The terminal locks by itself: when no hand is on it for a while, after it slept, and when its clock jumps.

use domain::dialogue::Notice;
use domain::profile::Settings;
use domain::{BootId, Timestamp};

use crate::cases::unlock::Desk;
use crate::engine::{Engine, Event};
use crate::store::StoreError;

/// Milliseconds without a hand on a terminal in the field after which it locks, unless HQ says otherwise.
pub const IDLE: u64 = Settings::EMBEDDED.idle.as_ms();
/// A wall clock that moves by more than this against the time since the start has jumped, in milliseconds.
const JUMP: u64 = 60_000;

/// When a hand was last on the terminal, and how its clocks stood to each other.
pub(crate) struct Hand {
    idle_ms: u64,
    /// On the device's clock.
    last: u64,
    boot: BootId,
    /// Wall clock minus time since the start.
    offset: i64,
}

impl Hand {
    pub(crate) fn new(idle_ms: u64, now: Timestamp) -> Self {
        Self {
            idle_ms,
            last: now.mono_ms,
            boot: now.boot,
            offset: offset(now),
        }
    }

    /// From now on the terminal locks after `idle_ms`.
    pub(crate) const fn leave_after(&mut self, idle_ms: u64) {
        self.idle_ms = idle_ms;
    }

    pub(crate) const fn touch(&mut self, now: Timestamp) {
        self.last = now.mono_ms;
    }

    const fn leaves_at(&self) -> u64 {
        self.last.saturating_add(self.idle_ms)
    }

    /// Whether the wall clock jumped since the event before.
    fn jumped(&mut self, now: Timestamp) -> bool {
        let (boot, before) = (self.boot, self.offset);
        (self.boot, self.offset) = (now.boot, offset(now));
        boot == now.boot && before.abs_diff(self.offset) > JUMP
    }
}

fn offset(now: Timestamp) -> i64 {
    let since_start = i64::try_from(now.mono_ms).unwrap_or(i64::MAX);
    now.utc.0.saturating_sub(since_start)
}

impl Engine {
    /// Before anything is made of `event`: what comes after the time is up finds the terminal locked.
    pub(crate) fn lock_unless_held(&mut self, event: &Event) -> Result<(), StoreError> {
        let jumped = self.hand.jumped(self.now);
        let over = self.now.mono_ms >= self.hand.leaves_at() || matches!(event, Event::Slept);
        let open = matches!(self.desk, Desk::Open(_));
        if matches!(event, Event::Intent(_)) {
            self.hand.touch(self.now);
        }
        if !open || !(jumped || over) {
            return Ok(());
        }
        tracing::info!(jumped, "locked: nobody holds the terminal");
        if jumped {
            self.notice(Notice::ClockJumped);
        }
        self.lock()
    }

    /// When the terminal locks unless a hand comes.
    pub(crate) fn hand_wakeup(&self) -> Option<u64> {
        matches!(self.desk, Desk::Open(_)).then(|| self.hand.leaves_at())
    }
}
