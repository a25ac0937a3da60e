//! How fast the bulk connection is used: a token bucket that HQ's figure fills, and what the link was seen to carry.

/// Lets bytes pass at a rate, with a burst: in any time T never more than rate × T + burst.
///
/// The moments are milliseconds of a clock that never goes back.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Bytes per second, which are thousandths of a byte per millisecond.
    rate: u64,
    /// Bytes.
    burst: u64,
    /// Thousandths of a byte.
    level: u64,
    at: u64,
}

impl Bucket {
    /// Full at first.
    pub const fn new(rate: u64, burst: u64) -> Self {
        Self {
            rate,
            burst,
            level: burst.saturating_mul(1_000),
            at: 0,
        }
    }

    /// Lets `bytes` pass, or nothing.
    pub fn take(&mut self, bytes: u64, now_ms: u64) -> bool {
        self.fill(now_ms);
        let Some(left) = self.level.checked_sub(bytes.saturating_mul(1_000)) else {
            return false;
        };
        self.level = left;
        true
    }

    /// When `bytes` may pass at the earliest; more than the burst never do.
    pub fn ready_at(&self, bytes: u64) -> u64 {
        let missing = bytes.saturating_mul(1_000).saturating_sub(self.level);
        self.at.saturating_add(missing.div_ceil(self.rate.max(1)))
    }

    fn fill(&mut self, now_ms: u64) {
        let passed = now_ms.saturating_sub(self.at);
        let fresh = passed.saturating_mul(self.rate);
        self.level = self
            .level
            .saturating_add(fresh)
            .min(self.burst.saturating_mul(1_000));
        self.at = self.at.max(now_ms);
    }

    /// From now on another rate and burst; what is over the new burst is lost.
    fn limit(&mut self, rate: u64, burst: u64, now_ms: u64) {
        self.fill(now_ms);
        (self.rate, self.burst) = (rate, burst);
        self.level = self.level.min(burst.saturating_mul(1_000));
    }
}

/// A chunk on its way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    since: u64,
    /// Bytes that had arrived when it left.
    delivered: u64,
}

impl Flight {
    pub(super) const fn since(self) -> u64 {
        self.since
    }
}

/// What one bulk connection learnt, handed from an upload to the next.
#[derive(Debug, Clone)]
pub struct Pace {
    bucket: Bucket,
    /// Smoothed bytes per second that arrive while two chunks are under way.
    rate: Option<u64>,
    /// The shortest that an acknowledgement took, in milliseconds.
    round_trip: Option<u64>,
    delivered: u64,
    /// When the last chunk left, and its length.
    last: Option<(u64, u64)>,
}

impl Pace {
    /// Uploads take `rate` bytes a second at most.
    pub fn new(rate: u64) -> Self {
        Self {
            bucket: Bucket::new(rate, burst(rate)),
            rate: None,
            round_trip: None,
            delivered: 0,
            last: None,
        }
    }

    /// From now on uploads take `rate` bytes a second at most.
    pub fn limit(&mut self, rate: u64, now_ms: u64) {
        if self.bucket.rate != rate {
            self.bucket.limit(rate, burst(rate), now_ms);
        }
    }

    /// Bytes per second that leave, once some were seen to arrive.
    pub fn rate(&self) -> Option<u64> {
        self.rate.map(|rate| rate.min(self.bucket.rate))
    }

    /// The next connection may go over another network.
    pub const fn forget_link(&mut self) {
        (self.rate, self.round_trip, self.last) = (None, None, None);
    }

    pub(super) const fn depart(&self, now_ms: u64) -> Flight {
        Flight {
            since: now_ms,
            delivered: self.delivered,
        }
    }

    /// Lets a chunk of `bytes` leave, or says when to ask again: once the bucket lets it pass, and the chunk before it is
    /// almost through the link.
    pub(super) fn take(&mut self, bytes: u64, now_ms: u64) -> Result<(), u64> {
        let through = self.last.zip(self.rate).map_or(0, |((at, length), rate)| {
            at.saturating_add(length.saturating_mul(900) / rate.max(1))
        });
        if through > now_ms {
            return Err(through);
        }
        if !self.bucket.take(bytes, now_ms) {
            return Err(self.bucket.ready_at(bytes));
        }
        self.last = Some((now_ms, bytes));
        Ok(())
    }

    pub(super) fn arrived(&mut self, bytes: u64, flight: Flight, now_ms: u64) {
        let elapsed = now_ms.saturating_sub(flight.since).max(1);
        self.delivered = self.delivered.saturating_add(bytes);
        // Everything that arrived since it left, so that a chunk that stood behind another is not taken for a slow link.
        let sample = (self.delivered - flight.delivered).saturating_mul(1_000) / elapsed;
        self.rate = Some(match self.rate {
            None => sample,
            Some(rate) if sample > rate => rate.midpoint(sample),
            Some(rate) => (rate * 3 + sample) / 4,
        });
        self.turned(elapsed);
    }

    /// Something was acknowledged after so long.
    pub(super) fn turned(&mut self, elapsed: u64) {
        self.round_trip = Some(self.round_trip.map_or(elapsed, |shortest| shortest.min(elapsed)));
    }

    /// What the link carries in one round trip, where that is longer than [`SHORTEST`]: with two chunks under way it never
    /// rests, and no more than one of them stands in it before whatever comes next.
    pub(super) fn chunk(&self, first: u64, smallest: u64, largest: u64) -> u64 {
        let length = self.rate.map_or(first, |rate| {
            let time = self.round_trip.unwrap_or(SHORTEST).clamp(SHORTEST, LONGEST);
            rate.min(self.bucket.rate).saturating_mul(time) / 1_000
        });
        length.clamp(smallest, largest.min(self.bucket.burst).max(smallest))
    }
}

/// A chunk holds at least so many milliseconds of the link, so that a near broker is not asked about crumbs.
const SHORTEST: u64 = 250;
const LONGEST: u64 = 1_000;

/// The least that a bucket holds: two of the smallest chunks.
const LEAST_BURST: u64 = 16 * 1_024;
const MOST_BURST: u64 = 256 * 1_024;

/// What passes in one second, within what is worth a chunk.
const fn burst(rate: u64) -> u64 {
    if rate < LEAST_BURST {
        LEAST_BURST
    } else if rate > MOST_BURST {
        MOST_BURST
    } else {
        rate
    }
}
