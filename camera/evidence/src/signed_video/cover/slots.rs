//! Pictures that have fewer slices than the others, for whoever wonders where a slice went.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::{Role, Unit};

/// How many slices each of these pictures lacks.
pub(super) struct Slots(BTreeMap<u32, usize>);

impl Slots {
    /// What is usual is what most pictures have.
    pub(super) fn of(units: &[Unit], frames: u32) -> Self {
        let mut counts = vec![0_usize; usize::try_from(frames).unwrap_or(0)];
        for unit in units
            .iter()
            .filter(|unit| matches!(unit.role, Role::Key | Role::Slice))
        {
            let at = usize::try_from(unit.frame).unwrap_or(usize::MAX);
            if let Some(count) = counts.get_mut(at) {
                *count += 1;
            }
        }
        let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
        for count in counts.iter().filter(|count| **count > 0) {
            *sizes.entry(*count).or_default() += 1;
        }
        let usual = sizes
            .iter()
            .max_by_key(|(_, pictures)| **pictures)
            .map_or(1, |(size, _)| *size);
        let lacking = (0..).zip(&counts).filter(|(_, count)| **count < usual);
        Self(lacking.map(|(frame, count)| (frame, usual - count)).collect())
    }

    /// Gives `lost` slices to the pictures of a range that lack some: these pictures, and how many are left.
    pub(super) fn take(&mut self, mut lost: usize, range: RangeInclusive<u32>) -> (Vec<u32>, usize) {
        let mut pictures = Vec::new();
        if range.is_empty() || lost == 0 {
            return (pictures, lost);
        }
        for (frame, lacking) in self.0.range_mut(range).filter(|(_, lacking)| **lacking > 0) {
            let taken = lost.min(*lacking);
            if taken == 0 {
                break;
            }
            *lacking -= taken;
            lost -= taken;
            pictures.push(*frame);
        }
        (pictures, lost)
    }
}
