//! Where the kills of a run landed: a kill test proves something only about the places that it reached.

use std::collections::BTreeMap;
use std::fmt;

#[derive(Debug, Default)]
pub struct Spread(BTreeMap<String, u32>);

impl Spread {
    pub fn note(&mut self, place: impl Into<String>) {
        *self.0.entry(place.into()).or_default() += 1;
    }

    /// How many kills landed there.
    pub fn at(&self, place: &str) -> u32 {
        self.0.get(place).copied().unwrap_or(0)
    }

    /// How many places were reached.
    pub fn places(&self) -> usize {
        self.0.len()
    }
}

/// One line a place.
impl fmt::Display for Spread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, kills) in &self.0 {
            writeln!(f, "{kills:>6}  {place}")?;
        }
        let all: u32 = self.0.values().sum();
        write!(f, "{all:>6}  in all")
    }
}
