//! How long something took, over a whole run: a measurement for a person to read, never a verdict on a machine.

use std::fmt;

/// Durations in milliseconds.
#[derive(Debug, Default)]
pub struct Ages(Vec<u64>);

impl Ages {
    pub fn note(&mut self, ms: u64) {
        self.0.push(ms);
    }

    pub const fn count(&self) -> usize {
        self.0.len()
    }

    /// Those of at least `ms`.
    pub fn at_least(&self, ms: u64) -> usize {
        self.0.iter().filter(|age| **age >= ms).count()
    }
}

/// Median, 99th percentile by the nearest rank, longest.
impl fmt::Display for Ages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut sorted = self.0.clone();
        sorted.sort_unstable();
        let rank = |percent: usize| {
            let rank = (sorted.len() * percent).div_ceil(100).saturating_sub(1);
            sorted.get(rank).copied().unwrap_or_default()
        };
        write!(
            f,
            "{} in all, p50 {} ms, p99 {} ms, longest {} ms",
            sorted.len(),
            rank(50),
            rank(99),
            rank(100)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rank_is_one_of_the_durations() {
        let mut ages = Ages::default();
        assert_eq!(ages.to_string(), "0 in all, p50 0 ms, p99 0 ms, longest 0 ms");
        for ms in (1..=200).rev() {
            ages.note(ms);
        }
        assert_eq!(
            ages.to_string(),
            "200 in all, p50 100 ms, p99 198 ms, longest 200 ms"
        );
        assert_eq!(ages.at_least(198), 3);
    }
}
