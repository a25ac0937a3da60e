//! Where the hashes of a list are in the file.

use std::collections::{HashMap, VecDeque};

use super::{Cover, Range, Role, Value};

/// Other first pictures under which a list is tried.
const MAX_ANCHORS: usize = 4;

impl Cover<'_> {
    /// The places of the hashes of a list, under the anchor that finds most of them.
    pub(super) fn best_places(
        &self,
        list: &[Value],
        first: &Value,
        window: Range<usize>,
    ) -> (Option<Value>, Vec<Option<usize>>) {
        let after = self.key_places.partition_point(|key| *key < window.start);
        let keys = self
            .key_places
            .iter()
            .skip(after.saturating_sub(1))
            .take_while(|key| **key < window.end);
        let others = keys
            .take(MAX_ANCHORS)
            .filter_map(|key| self.units.get(*key))
            .map(|unit| unit.hash);
        let anchors = std::iter::once(*first).chain(self.anchor).chain(others);
        let mut best = (None, vec![None; list.len()]);
        let mut most = 0;
        for anchor in anchors {
            let places = self.places(list, &anchor, window.clone());
            let found = places.iter().flatten().count();
            if found > most {
                best = (Some(anchor), places);
                most = found;
            }
            if most == list.len() {
                break;
            }
        }
        best
    }

    fn places(&self, list: &[Value], anchor: &Value, window: Range<usize>) -> Vec<Option<usize>> {
        let mut wanted: HashMap<&Value, VecDeque<usize>> = HashMap::new();
        for (index, hash) in list.iter().enumerate() {
            wanted.entry(hash).or_default().push_back(index);
        }
        let mut places = vec![None; list.len()];
        for at in window.filter(|at| self.is_open(*at)) {
            let token = self.token(at, Some(anchor));
            let index = token
                .and_then(|token| wanted.get_mut(&token))
                .and_then(VecDeque::pop_front);
            if let Some(place) = index.and_then(|index| places.get_mut(index)) {
                *place = Some(at);
            }
        }
        places
    }

    /// What a list says of a unit.
    pub(super) fn token(&self, at: usize, anchor: Option<&Value>) -> Option<Value> {
        let unit = self.units.get(at)?;
        match unit.role {
            Role::Key | Role::Vouched => Some(unit.hash),
            Role::Slice => anchor.map(|anchor| self.hash.of(&[anchor.as_bytes(), unit.hash.as_bytes()])),
            Role::Uncovered | Role::Message => None,
        }
    }
}
