//! Holds the units of a file against what the signatures say of them, group after group.
//!
//! Where a message lists its hashes, every unit is judged by itself, under the anchor that was signed: a changed first
//! picture does not taint the ones that were hashed with it. Without a list the group is judged as one.

mod groups;
mod places;
mod slots;

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use trust::maker::{Hash, Value};

use super::damage::Damage;
use super::message::Group;
use super::order::in_order;

use self::slots::Slots;

/// Units behind the expected end of a group among which it is looked for.
const REACH: usize = 600;

/// What a unit is to the signatures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The first slice of a picture that begins a group: hashed by itself, and with every other unit of the group.
    Key,
    Slice,
    /// A slice that no signature covers.
    Uncovered,
    /// A message without signature, which a later message covers.
    Vouched,
    /// A message with signature.
    Message,
}

/// A unit that is shown, or speaks of those that are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Unit {
    pub(super) role: Role,
    pub(super) frame: u32,
    pub(super) hash: Value,
}

/// What was found out about a unit; the worse, the later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum State {
    Ok,
    /// Nothing yet.
    Open,
    Added,
    Moved,
    Group,
    Modified,
}

/// What becomes of units that no hash is left for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rest {
    Added,
    /// They may belong to another group.
    Open,
}

/// Where a message stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    /// Its unit: what it covers stands before.
    pub(super) unit: usize,
    /// The message in front of it was there and holds.
    pub(super) contiguous: bool,
    /// The message is the first, and of a recording that began before the file.
    pub(super) first_of_many: bool,
    /// The first hash of the next message.
    pub(super) next: Option<Value>,
}

pub(super) struct Cover<'a> {
    pub(super) units: &'a [Unit],
    hash: Hash,
    pub(super) states: Vec<State>,
    keys: HashMap<Value, Vec<usize>>,
    key_places: Vec<usize>,
    slots: Slots,
    frames: u32,
    /// The hash of each unit under the first picture that stands before it; made when a group has no list.
    own: Option<Vec<Option<Value>>>,
    /// Everything before was judged.
    pub(super) cursor: usize,
    /// The hash of the first picture of the present group, as it was signed.
    anchor: Option<Value>,
    pub(super) damages: Vec<Damage>,
    /// Pictures that lost units which are there as something else.
    pub(super) emptied: Vec<u32>,
    /// First pictures that the group before vouches for.
    pub(super) vouched: BTreeSet<usize>,
}

impl<'a> Cover<'a> {
    pub(super) fn new(units: &'a [Unit], frames: u32, hash: Hash) -> Self {
        let mut keys: HashMap<Value, Vec<usize>> = HashMap::new();
        let mut key_places = Vec::new();
        for (place, unit) in units
            .iter()
            .enumerate()
            .filter(|(_, unit)| unit.role == Role::Key)
        {
            keys.entry(unit.hash).or_default().push(place);
            key_places.push(place);
        }
        Self {
            units,
            hash,
            states: vec![State::Open; units.len()],
            keys,
            key_places,
            slots: Slots::of(units, frames),
            frames,
            own: None,
            cursor: 0,
            anchor: None,
            damages: Vec::new(),
            emptied: Vec::new(),
            vouched: BTreeSet::new(),
        }
    }

    /// Judges what a message with a list covers; gives the first unit that stands where it was signed.
    pub(super) fn by_list(&mut self, list: &[Value], place: Place) -> Option<usize> {
        let first = list.first()?;
        let begin = self.key_at(first, self.cursor..place.unit).unwrap_or(self.cursor);
        let reach = list.len().saturating_mul(2).saturating_add(REACH);
        let window = begin..place.unit.min(begin.saturating_add(reach));
        let (anchor, places) = self.best_places(list, first, window);
        if places.iter().all(Option::is_none) {
            self.nothing_of(list.len(), place, State::Modified);
            return None;
        }
        if anchor.as_ref() == Some(first) {
            self.anchor = anchor;
        }
        let fixed = self.place_all(&places);
        self.fill_gaps(&places, &fixed, place);
        fixed.first().map(|(_, at)| *at)
    }

    /// Says of each unit that was found whether it stands where it was signed; gives those that do, with their places in
    /// the list.
    fn place_all(&mut self, places: &[Option<usize>]) -> Vec<(usize, usize)> {
        let mut slices = Vec::new();
        for (index, at) in places.iter().enumerate() {
            let Some(at) = *at else { continue };
            // A message may have been hashed before or behind the picture that it stands at: its own place says nothing.
            if self.units.get(at).is_some_and(|unit| unit.role == Role::Vouched) {
                self.set(at, State::Ok);
            } else {
                slices.push((index, at));
            }
        }
        let belong = in_order(&slices.iter().map(|(_, at)| *at).collect::<Vec<_>>());
        let mut fixed = Vec::new();
        for ((index, at), belongs) in slices.into_iter().zip(belong) {
            self.set(at, if belongs { State::Ok } else { State::Moved });
            if belongs {
                fixed.push((index, at));
            }
        }
        fixed
    }

    /// Judges what lies between the units that stand where they were signed, in front of them and behind them.
    fn fill_gaps(&mut self, places: &[Option<usize>], fixed: &[(usize, usize)], place: Place) {
        let lost = |range: Range<usize>| {
            places
                .get(range)
                .map_or(0, |places| places.iter().filter(|found| found.is_none()).count())
        };
        let (Some(&(first, first_at)), Some(&(last, last_at))) = (fixed.first(), fixed.last()) else {
            // Every unit is out of order: nothing says where what is missing was.
            let frame = self.frame_behind(place.unit);
            self.miss(lost(0..places.len()), frame);
            self.cursor = self.cursor.max(place.unit);
            return;
        };
        let rest = if place.contiguous { Rest::Added } else { Rest::Open };
        self.gap(lost(0..first), self.cursor..first_at, true, rest, State::Modified);
        for pair in fixed.windows(2) {
            if let [(before, before_at), (behind, behind_at)] = pair {
                let between = before_at + 1..*behind_at;
                self.gap(
                    lost(before + 1..*behind),
                    between,
                    false,
                    Rest::Added,
                    State::Modified,
                );
            }
        }
        let behind = last_at + 1..self.boundary(last_at + 1, place);
        self.cursor = last_at + 1;
        self.gap(
            lost(last + 1..places.len()),
            behind,
            false,
            Rest::Open,
            State::Modified,
        );
    }

    /// No unit of a group was found.
    fn nothing_of(&mut self, count: usize, place: Place, state: State) {
        if place.first_of_many {
            return;
        }
        let first = (self.cursor..place.unit)
            .find(|at| self.is_open(*at))
            .unwrap_or(self.cursor);
        let end = self.boundary(first + 1, place);
        let last_key = self.last_key_before(end);
        let start = last_key.filter(|_| !place.contiguous).unwrap_or(first).max(first);
        self.gap(count, start..end, false, Rest::Open, state);
    }

    /// Gives the hashes that were not found to the units of a range; the first of them, or the last.
    fn gap(&mut self, hashes: usize, range: Range<usize>, from_end: bool, rest: Rest, state: State) {
        if range.start > range.end {
            return;
        }
        let before = range
            .start
            .checked_sub(1)
            .and_then(|at| self.units.get(at))
            .map(|unit| unit.frame);
        let end = range.end;
        let loose: Vec<usize> = range.filter(|at| self.is_open(*at)).collect();
        let given = hashes.min(loose.len());
        let (taken, left) = if from_end {
            let (left, taken) = loose.split_at(loose.len() - given);
            (taken, left)
        } else {
            loose.split_at(given)
        };
        taken.iter().for_each(|at| self.set(*at, state));
        if rest == Rest::Added {
            left.iter().for_each(|at| self.set(*at, State::Added));
        }
        if let Some(last) = taken.last() {
            self.cursor = self.cursor.max(last + 1);
        }
        if given == hashes {
            return;
        }
        // A unit whose type was changed is none any more, and its picture has fewer than it had.
        let behind = self.frame_behind(end);
        let (emptied, lost) = self.slots.take(hashes - given, before.unwrap_or(0)..=behind);
        self.miss(lost, behind);
        self.emptied.extend(emptied);
    }

    fn miss(&mut self, units: usize, before: u32) {
        let units = u32::try_from(units).unwrap_or(u32::MAX);
        if units > 0 {
            self.damages.push(Damage::Missing { before, units });
        }
    }

    /// Where a group ends that has lost its last units: in front of what the next message begins with, or of the last
    /// first picture.
    fn boundary(&self, from: usize, place: Place) -> usize {
        let next = place.next.as_ref();
        if let Some(key) = next.and_then(|next| self.key_at(next, from..self.units.len())) {
            return key.min(place.unit);
        }
        let same = |at: &usize| self.token(*at, self.anchor.as_ref()).as_ref() == next;
        let reach = from..place.unit.min(from.saturating_add(REACH));
        if let Some(at) = reach.into_iter().filter(|_| next.is_some()).find(same) {
            return at;
        }
        let last = self.last_key_before(place.unit);
        last.filter(|key| *key >= from).unwrap_or(place.unit)
    }

    fn last_key_before(&self, at: usize) -> Option<usize> {
        let behind = self.key_places.partition_point(|key| *key < at);
        behind
            .checked_sub(1)
            .and_then(|last| self.key_places.get(last).copied())
    }

    fn first_key_from(&self, at: usize) -> Option<usize> {
        let first = self.key_places.partition_point(|key| *key < at);
        self.key_places.get(first).copied()
    }

    fn key_at(&self, hash: &Value, range: Range<usize>) -> Option<usize> {
        let places = self.keys.get(hash)?;
        let first = places.partition_point(|place| *place < range.start);
        places.get(first).copied().filter(|place| *place < range.end)
    }

    fn is_key(&self, at: usize) -> bool {
        self.units.get(at).is_some_and(|unit| unit.role == Role::Key)
    }

    /// Whether a signature may cover the unit, and none does yet.
    fn is_open(&self, at: usize) -> bool {
        let role = self.units.get(at).map(|unit| unit.role);
        matches!(role, Some(Role::Key | Role::Slice | Role::Vouched))
            && self.states.get(at) == Some(&State::Open)
    }

    pub(super) fn has_slice_before(&self, at: usize) -> bool {
        self.units.iter().take(at).any(|unit| is_slice(unit.role))
    }

    /// The next picture that goes on or begins here.
    fn frame_behind(&self, at: usize) -> u32 {
        let mut rest = self.units.iter().skip(at);
        rest.find(|unit| is_slice(unit.role))
            .map_or(self.frames, |unit| unit.frame)
    }

    pub(super) fn frame_at(&self, at: usize) -> u32 {
        self.units.get(at).map_or(self.frames, |unit| unit.frame)
    }

    fn set(&mut self, at: usize, state: State) {
        if let Some(old) = self.states.get_mut(at) {
            *old = state;
        }
    }
}

const fn is_slice(role: Role) -> bool {
    matches!(role, Role::Key | Role::Slice | Role::Uncovered)
}
