//! Figures of a fleet: percentiles, the busiest second, memory.

use anyhow::Context;
use serde::Serialize;

/// How times in milliseconds are spread; nearest rank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Spread {
    pub count: usize,
    pub first_ms: u64,
    pub p50_ms: u64,
    pub p95_ms: u64,
    pub p99_ms: u64,
    pub last_ms: u64,
    /// The most in any second.
    pub most_in_a_second: usize,
}

impl Spread {
    /// Nothing of nothing.
    pub(super) fn of(mut times: Vec<u64>) -> Option<Self> {
        times.sort_unstable();
        let rank = |percent: usize| {
            times
                .get((times.len() * percent).div_ceil(100).saturating_sub(1))
                .copied()
        };
        let from_each = |(index, from): (usize, &u64)| {
            let end = times.partition_point(|time| *time < from + 1_000);
            end - index
        };
        Some(Self {
            count: times.len(),
            first_ms: *times.first()?,
            p50_ms: rank(50)?,
            p95_ms: rank(95)?,
            p99_ms: rank(99)?,
            last_ms: *times.last()?,
            most_in_a_second: times.iter().enumerate().map(from_each).max()?,
        })
    }
}

/// What the kernel says of this process.
#[derive(Debug, Clone, Copy)]
pub(super) struct Memory {
    /// Bytes in memory that are mapped from no file.
    pub(super) own: u64,
    pub(super) threads: u64,
}

impl Memory {
    pub(super) fn now() -> anyhow::Result<Self> {
        let status =
            std::fs::read_to_string("/proc/self/status").context("could not read `/proc/self/status`")?;
        let field = |name: &str| -> anyhow::Result<u64> {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            let number = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse().ok());
            number.with_context(|| format!("the kernel tells no `{name}`"))
        };
        Ok(Self {
            own: field("RssAnon:")? * 1024,
            threads: field("Threads:")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_by_nearest_rank() {
        let spread = Spread::of((1..=100).rev().map(|n| n * 100).collect()).unwrap();
        assert_eq!(
            (
                spread.first_ms,
                spread.p50_ms,
                spread.p95_ms,
                spread.p99_ms,
                spread.last_ms
            ),
            (100, 5_000, 9_500, 9_900, 10_000)
        );
        assert_eq!(spread.most_in_a_second, 10);
    }

    #[test]
    fn one_time_is_every_percentile_and_none_has_no_spread() {
        let spread = Spread::of(vec![7]).unwrap();
        assert_eq!((spread.count, spread.p50_ms, spread.most_in_a_second), (1, 7, 1));
        assert_eq!(Spread::of(Vec::new()), None);
    }

    #[test]
    fn the_kernel_tells_memory_and_threads() {
        let memory = Memory::now().unwrap();
        assert!(memory.own > 0 && memory.threads > 0);
    }
}
