//! Groups that are judged as one: by a hash over all their units, or by a signature over the chain of them.

use super::{Cover, Group, Place, REACH, Range, Role, State, Value};
use crate::signed_video::damage::Damage;

/// Places at which a group is looked for that is not where it should be; fewer, the larger it is.
const MAX_TRIES: usize = 512;
const MAX_TRIED_UNITS: usize = 1 << 17;
/// Units without a picture between two pictures.
const MAX_BETWEEN: usize = 4096;

impl Cover<'_> {
    /// Judges what a message without list covers, by the hash over all its units; gives the first of them and its hash.
    pub(in crate::signed_video) fn by_hash(&mut self, group: &Group, place: Place) -> Option<(usize, Value)> {
        let count = usize::from(group.count);
        let wanted = group.hash.filter(|_| count > 0)?;
        self.know_own();
        let reach = count.saturating_mul(2).saturating_add(REACH);
        let window = self.cursor..place.unit.min(self.cursor.saturating_add(reach));
        let open: Vec<usize> = window.filter(|at| self.is_open(*at)).collect();
        let keys = (1..open.len()).filter(|start| open.get(*start).is_some_and(|at| self.is_key(*at)));
        let others = 1..open.len();
        let tries = (MAX_TRIED_UNITS / count).clamp(4, MAX_TRIES);
        for start in std::iter::once(0).chain(keys).chain(others).take(tries) {
            let Some(group) = open.get(start..start + count) else {
                continue;
            };
            if self.hash_of(group) != Some(wanted) {
                continue;
            }
            group.iter().for_each(|at| self.set(*at, State::Ok));
            if place.contiguous {
                open.iter().take(start).for_each(|at| self.set(*at, State::Added));
            }
            self.cursor = group.last().map_or(self.cursor, |last| last + 1);
            let first = *group.first()?;
            return self.own_of(first).map(|own| (first, own));
        }
        self.nothing_of(count, place, State::Group);
        None
    }

    /// Judges what a message covers that signs the chain of all its units, the next first picture included
    /// (Axis, before version 3). `holds` says whether the signature is over that chain.
    pub(in crate::signed_video) fn by_chain(
        &mut self,
        count: u16,
        place: Place,
        holds: &dyn Fn(&Value) -> bool,
    ) -> bool {
        self.know_own();
        let salt = self.hash.of(&[&[1]]);
        let behind = self.key_places.partition_point(|key| *key <= place.unit);
        let keys = self.key_places.iter().take(behind).rev().take(3);
        let keys = keys.copied().filter(|key| *key >= self.cursor);
        let starts: Vec<usize> = std::iter::once(self.cursor).chain(keys).collect();
        let units = usize::from(count.saturating_sub(1));
        for start in starts {
            let mut near = (start..self.units.len()).take(MAX_BETWEEN);
            let Some(start) = near.find(|at| self.is_open(*at)) else {
                continue;
            };
            let next = self.first_key_from(start + 1);
            let end = next.unwrap_or(self.units.len());
            let open = (start..end).filter(|at| self.is_open(*at));
            // One more than there should be tells that there are more.
            let group: Vec<usize> = if units == 0 {
                Vec::new()
            } else {
                open.take(units + 1).collect()
            };
            if group.len() != units {
                continue;
            }
            let mut value = salt;
            for at in &group {
                let Some(own) = self.own_of(*at) else { continue };
                value = self.hash.of(&[value.as_bytes(), own.as_bytes()]);
            }
            let last = if units == 0 {
                self.first_key_from(start)
            } else {
                next
            };
            let Some(unit) = last.and_then(|last| self.units.get(last)) else {
                continue;
            };
            let anchor = group
                .iter()
                .find(|at| self.is_key(**at))
                .and_then(|at| self.own_of(*at));
            let token = anchor.map_or(unit.hash, |anchor| {
                self.hash.of(&[anchor.as_bytes(), unit.hash.as_bytes()])
            });
            if holds(&self.hash.of(&[value.as_bytes(), token.as_bytes()])) {
                group.iter().for_each(|at| self.set(*at, State::Ok));
                self.vouched.extend(last);
                self.cursor = group.last().map_or(self.cursor, |last| last + 1);
                return true;
            }
        }
        self.nothing_of(usize::from(count.saturating_sub(1)), place, State::Group);
        false
    }

    /// The last hash of a list of Axis before version 3 is that of the next first picture.
    pub(in crate::signed_video) fn check_next(&mut self, next: &Value) {
        let Some(place) = self.first_key_from(self.cursor) else {
            return;
        };
        let Some(unit) = self.units.get(place) else { return };
        let anchored = self
            .anchor
            .map(|anchor| self.hash.of(&[anchor.as_bytes(), unit.hash.as_bytes()]));
        if anchored.as_ref() == Some(next) || unit.hash == *next {
            self.vouched.insert(place);
        } else {
            self.damages.push(Damage::Link { before: unit.frame });
        }
    }

    /// Whether one of the units that no signature covered, in front of the first unit of a group, has this hash.
    pub(in crate::signed_video) fn stands_open(&mut self, link: &Value, range: Range<usize>) -> bool {
        self.know_own();
        range
            .into_iter()
            .any(|at| self.states.get(at) == Some(&State::Open) && self.own_of(at).as_ref() == Some(link))
    }

    fn know_own(&mut self) {
        if self.own.is_some() {
            return;
        }
        let mut anchor = None;
        let mut own = Vec::with_capacity(self.units.len());
        for (at, unit) in self.units.iter().enumerate() {
            if unit.role == Role::Key {
                anchor = Some(unit.hash);
            }
            own.push(self.token(at, anchor.as_ref()));
        }
        self.own = Some(own);
    }

    fn own_of(&self, at: usize) -> Option<Value> {
        self.own.as_ref().and_then(|own| own.get(at).copied().flatten())
    }

    fn hash_of(&self, group: &[usize]) -> Option<Value> {
        let own: Option<Vec<Value>> = group.iter().map(|at| self.own_of(*at)).collect();
        let own = own?;
        let pieces: Vec<&[u8]> = own.iter().map(Value::as_bytes).collect();
        Some(self.hash.of(&pieces))
    }
}
