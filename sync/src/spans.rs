//! Sets of numbers as sorted ranges: which sequences HQ lacks, which bytes of a file it has.
//!
//! A set has one form: ranges are not empty, ascend, and neither touch nor overlap.

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

/// The numbers from `start` up to but not including `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    start: u64,
    end: u64,
}

impl Span {
    /// None when the range holds nothing.
    pub const fn new(start: u64, end: u64) -> Option<Self> {
        if start < end {
            Some(Self { start, end })
        } else {
            None
        }
    }

    pub const fn start(self) -> u64 {
        self.start
    }

    pub const fn end(self) -> u64 {
        self.end
    }

    pub const fn length(self) -> u64 {
        self.end - self.start
    }

    /// At most the first `length` numbers.
    pub const fn first(self, length: u64) -> Self {
        let end = self.start.saturating_add(if length == 0 { 1 } else { length });
        Self {
            start: self.start,
            end: if end < self.end { end } else { self.end },
        }
    }
}

/// The set has more ranges than a message may carry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the set would have more than {} ranges", Spans::MAX)]
pub struct TooFragmented;

/// A set of numbers of at most [`Spans::MAX`] ranges.
#[derive(Debug, Clone, PartialEq, Eq, Default, PartialOrd, Ord, Hash)]
pub struct Spans(Vec<Span>);

impl Spans {
    /// The most ranges that a set holds, in memory and on the wire.
    pub const MAX: usize = 256;

    pub const fn new() -> Self {
        Self(Vec::new())
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = Span> + '_ {
        self.0.iter().copied()
    }

    /// How many numbers are in the set.
    pub fn total(&self) -> u64 {
        self.iter().map(Span::length).sum()
    }

    pub fn contains(&self, number: u64) -> bool {
        Span::new(number, number.saturating_add(1)).is_some_and(|one| self.covers(one))
    }

    /// Whether every number of `span` is in the set.
    pub fn covers(&self, span: Span) -> bool {
        let after = self.0.partition_point(|known| known.start <= span.start);
        after
            .checked_sub(1)
            .is_some_and(|index| self.0[index].end >= span.end)
    }

    /// Adds `span`; the set is unchanged when it would become too fragmented.
    pub fn insert(&mut self, span: Span) -> Result<(), TooFragmented> {
        let from = self.0.partition_point(|known| known.end < span.start);
        let to = self.0.partition_point(|known| known.start <= span.end);
        if from == to && self.0.len() >= Self::MAX {
            return Err(TooFragmented);
        }
        let merged = self.0[from..to].iter().fold(span, |sum, known| Span {
            start: sum.start.min(known.start),
            end: sum.end.max(known.end),
        });
        self.0.splice(from..to, [merged]);
        Ok(())
    }

    /// What of `within` is not in the set, ascending; all of it, however fragmented.
    pub fn gaps(&self, within: Span) -> Vec<Span> {
        let mut gaps = Vec::new();
        let mut next = within.start;
        for known in self
            .iter()
            .filter(|known| known.end > within.start && known.start < within.end)
        {
            gaps.extend(Span::new(next, known.start));
            next = known.end;
        }
        gaps.extend(Span::new(next, within.end));
        gaps
    }

    /// The set of the first [`Spans::MAX`] of `spans`, which ascend and do not overlap.
    pub fn of(spans: impl IntoIterator<Item = Span>) -> Self {
        let mut set = Self::new();
        for span in spans {
            if set.insert(span).is_err() {
                break;
            }
        }
        set
    }
}

/// An array of `[start, end]` pairs.
impl<C> Encode<C> for Spans {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        e.array(self.0.len() as u64)?;
        for span in &self.0 {
            e.array(2)?.u64(span.start)?.u64(span.end)?;
        }
        e.ok()
    }
}

impl<'b, C> Decode<'b, C> for Spans {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let refused = || DecodeError::message("not a set of ranges in its one form");
        let count = d
            .array()?
            .and_then(|count| usize::try_from(count).ok())
            .ok_or_else(refused)?;
        if count > Self::MAX {
            return Err(refused());
        }
        let mut spans: Vec<Span> = Vec::with_capacity(count);
        for _ in 0..count {
            if d.array()? != Some(2) {
                return Err(refused());
            }
            let span = Span::new(d.u64()?, d.u64()?).ok_or_else(refused)?;
            if spans.last().is_some_and(|last| last.end >= span.start) {
                return Err(refused());
            }
            spans.push(span);
        }
        Ok(Self(spans))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use proptest::prelude::*;

    fn span(start: u64, end: u64) -> Span {
        Span::new(start, end).unwrap()
    }

    proptest! {
        #[test]
        fn a_set_of_ranges_is_the_set_of_its_numbers(pairs in prop::collection::vec((0u64..200, 1u64..20), 0..40)) {
            let (mut spans, mut numbers) = (Spans::new(), BTreeSet::new());
            for (start, length) in pairs {
                spans.insert(span(start, start + length)).unwrap();
                numbers.extend(start..start + length);
            }
            prop_assert_eq!(spans.total(), numbers.len() as u64);
            for number in 0..230 {
                prop_assert_eq!(spans.contains(number), numbers.contains(&number));
            }
            let missing: BTreeSet<u64> =
                spans.gaps(span(50, 150)).into_iter().flat_map(|gap| gap.start()..gap.end()).collect();
            prop_assert_eq!(missing, (50..150).filter(|n| !numbers.contains(n)).collect::<BTreeSet<_>>());
            let bytes = domain::encode(&spans);
            prop_assert_eq!(domain::decode::<Spans>(&bytes), Ok(spans));
        }
    }

    #[test]
    fn a_set_does_not_grow_without_bound() {
        let limit = Spans::MAX as u64;
        let mut spans = Spans::of((0..limit).map(|n| span(2 * n, 2 * n + 1)));
        assert_eq!(spans.insert(span(9_000, 9_001)), Err(TooFragmented));
        assert_eq!(spans.insert(span(1, 2)), Ok(()));
        assert_eq!(spans.insert(span(9_000, 9_001)), Ok(()));
    }

    #[test]
    fn ranges_that_touch_or_descend_are_refused() {
        for bytes in [
            [0x82, 0x82, 0x00, 0x02, 0x82, 0x02, 0x03],
            [0x82, 0x82, 0x05, 0x06, 0x82, 0x01, 0x02],
            [0x82, 0x82, 0x01, 0x01, 0x82, 0x03, 0x04],
        ] {
            assert!(domain::decode::<Spans>(&bytes).is_err(), "{bytes:02x?}");
        }
    }
}
