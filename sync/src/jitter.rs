//! Random delays from a seed (SplitMix64), so that a session replays exactly; nothing secret depends on it.

#[derive(Debug, Clone)]
pub(crate) struct Jitter(u64);

impl Jitter {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Evenly between 0 and `most`, both included.
    pub(crate) fn up_to(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        // The bias of the remainder is below 2⁻⁴⁰ for the minutes that delays last.
        most.checked_add(1).map_or(mixed, |count| mixed % count)
    }

    /// Full jitter: evenly between 0 and `base · 2^attempt`, of which at most `cap`.
    pub(crate) fn backoff(&mut self, base: u64, attempt: u32, cap: u64) -> u64 {
        let doubled = base.saturating_mul(1_u64.checked_shl(attempt).unwrap_or(u64::MAX));
        self.up_to(doubled.min(cap))
    }
}
