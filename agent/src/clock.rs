//! The one place of the terminal that reads clocks.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use domain::{BootId, Timestamp, UnixMs, Zone};
use jiff::tz::TimeZone;
use rustix::time::{ClockId, clock_gettime};

/// The device's clocks, in one zone.
#[derive(Debug, Clone)]
pub struct Clock {
    zone: Zone,
    rules: TimeZone,
    boot: BootId,
    leapt: Arc<AtomicU64>,
    passed: Arc<AtomicU64>,
}

impl Clock {
    /// `zone` is the terminal's configured one; an unknown rule set falls back to UTC, which the offset then says.
    pub fn new(zone: Zone) -> Self {
        let rules = TimeZone::get(zone.iana()).unwrap_or(TimeZone::UTC);
        Self {
            zone,
            rules,
            boot: boot_id(),
            leapt: Arc::default(),
            passed: Arc::default(),
        }
    }

    /// The time since the start of the device goes on by `ms` at once, for this clock and its clones: a simulated device
    /// need not be waited for.
    pub fn leap(&self, ms: u64) {
        self.leapt.fetch_add(ms, Ordering::Relaxed);
    }

    /// Both clocks go on by `ms` at once, as when the device lay in a drawer for so long.
    pub fn pass(&self, ms: u64) {
        self.passed.fetch_add(ms, Ordering::Relaxed);
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the driver of time: everything else takes `now` as an argument"
    )]
    pub fn now(&self) -> Timestamp {
        let passed = i64::try_from(self.passed.load(Ordering::Relaxed)).unwrap_or(i64::MAX);
        let now = jiff::Timestamp::now();
        let now = now
            .checked_add(jiff::SignedDuration::from_millis(passed))
            .unwrap_or(now);
        let offset = self.rules.to_offset(now).seconds() / 60;
        Timestamp {
            utc: UnixMs(now.as_millisecond()),
            zone: self.zone,
            offset_min: i16::try_from(offset).unwrap_or(0),
            boot: self.boot,
            mono_ms: self.mono_ms(),
        }
    }

    /// Milliseconds since the device started, suspended time included.
    pub fn mono_ms(&self) -> u64 {
        read(ClockId::Boottime) + self.leapt.load(Ordering::Relaxed) + self.passed.load(Ordering::Relaxed)
    }

    /// Milliseconds that the device was suspended for since it started.
    pub fn asleep_ms(&self) -> u64 {
        // The older reading is the one that sleep adds to: the time between the two never counts as sleep.
        let since_start = read(ClockId::Boottime);
        since_start.saturating_sub(read(ClockId::Monotonic))
    }
}

fn read(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let ms = u64::try_from(time.tv_nsec / 1_000_000).unwrap_or(0);
    seconds * 1000 + ms
}

/// The kernel's id of this start; where it has none, a start of the program counts as one.
fn boot_id() -> BootId {
    let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    text.trim().parse().unwrap_or_else(|_| {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).expect("the operating system gives randomness");
        BootId::from_bytes(bytes)
    })
}
