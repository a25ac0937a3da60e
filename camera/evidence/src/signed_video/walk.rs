//! Goes through the messages of a file in order: which hold, which are missing, and what each covers.

use std::collections::HashSet;

use trust::maker::{Held, Value};

use super::cover::{Cover, Place};
use super::damage::Damage;
use super::message::{Group, Message};
use super::reading::{Found, Reading};
use super::{Clock, SignedVideo, map};

/// Units in front of a message that comes again, among which its pictures are looked for.
const MAX_COPIED: usize = 4096;

/// What a message is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Worth {
    Holds,
    /// Without signature, and covered by a later message that holds.
    Vouched,
    /// Without signature, and not covered.
    Idle,
    /// The same message as an earlier one.
    Again,
    /// Its signature is over the whole group.
    OverGroup,
    Wrong,
    Unreadable,
    /// Its signature could not be checked.
    Unknown,
}

/// The message before, as far as the next one speaks of it.
struct Previous {
    counter: u32,
    first: Option<Value>,
    hash: Option<Value>,
    count: u16,
    /// Where what it covers ends.
    end: usize,
}

struct Walk<'a> {
    reading: &'a Reading,
    cover: Cover<'a>,
    lists: Vec<Vec<Value>>,
    worths: Vec<Worth>,
    /// For each message, the first hash of the next one that covers anything.
    nexts: Vec<Option<Value>>,
    previous: Option<Previous>,
    /// Messages since then that say nothing.
    lost: u32,
    held: u32,
    unchecked: u32,
    clock: Option<Clock>,
    began_before: bool,
}

/// Judges what was read.
pub(super) fn judge(reading: Reading) -> SignedVideo {
    let (lists, worths) = worths(&reading);
    let mut walk = Walk {
        cover: Cover::new(&reading.units, reading.video.frames, reading.hash()),
        reading: &reading,
        nexts: nexts(&lists, &worths),
        lists,
        worths,
        previous: None,
        lost: 0,
        held: 0,
        unchecked: 0,
        clock: None,
        began_before: false,
    };
    for (index, found) in reading.found.iter().enumerate() {
        walk.take(index, found);
    }
    for frame in &reading.signer.changed {
        walk.cover.damages.push(Damage::SignerChanged { frame: *frame });
    }
    let Walk {
        cover,
        held,
        unchecked,
        clock,
        began_before,
        ..
    } = walk;
    let (map, damages) = map::draw(cover, reading.video.frames, held > 0);
    let devices = reading
        .found
        .iter()
        .filter_map(|found| found.message.as_ref()?.device.clone());
    SignedVideo {
        device: devices.into_iter().next(),
        scheme: reading.scheme,
        map,
        damages,
        held,
        unchecked,
        bare_key: reading.signer.key.is_some()
            && (reading.signer.chain.is_empty() || reading.signer.attested),
        attested: reading.signer.attested,
        chain: reading.signer.chain,
        clock,
        began_before,
        video: reading.video,
    }
}

/// What each message is worth, and its list.
fn worths(reading: &Reading) -> (Vec<Vec<Value>>, Vec<Worth>) {
    let mut seen = HashSet::new();
    let mut lists = Vec::with_capacity(reading.found.len());
    let mut worths = Vec::with_capacity(reading.found.len());
    for found in &reading.found {
        let list = found.message.as_ref().and_then(|message| reading.hashes(message));
        worths.push(match (&found.message, &list) {
            (Some(message), Some(_)) => worth(reading, message, &mut seen),
            (None, _) | (_, None) => Worth::Unreadable,
        });
        lists.push(list.unwrap_or_default());
    }
    // A later message covers an earlier one without signature, which then covers others.
    let mut vouched: HashSet<Value> = HashSet::new();
    for ((found, list), worth) in reading.found.iter().zip(&lists).zip(&mut worths).rev() {
        let hash = reading.units.get(found.unit).map(|unit| unit.hash);
        if *worth == Worth::Idle && hash.is_some_and(|hash| vouched.contains(&hash)) {
            *worth = Worth::Vouched;
        }
        if matches!(worth, Worth::Holds | Worth::Vouched) {
            vouched.extend(list);
        }
    }
    (lists, worths)
}

fn nexts(lists: &[Vec<Value>], worths: &[Worth]) -> Vec<Option<Value>> {
    let mut next = None;
    let mut nexts: Vec<Option<Value>> = Vec::with_capacity(lists.len());
    for (list, worth) in lists.iter().zip(worths).rev() {
        nexts.push(next);
        if matches!(worth, Worth::Holds | Worth::Vouched) {
            next = list.first().copied().or(next);
        }
    }
    nexts.reverse();
    nexts
}

fn worth(reading: &Reading, message: &Message, seen: &mut HashSet<Value>) -> Worth {
    if message.newer {
        return Worth::Unknown;
    }
    let Some(signed) = &message.signed else {
        return Worth::Idle;
    };
    let known = message
        .algorithms
        .is_none_or(|stated| stated.hash == Some(reading.hash()));
    if !seen.insert(reading.hash().of(&[&signed.document, &signed.signature])) {
        return Worth::Again;
    }
    if signed.over_group {
        return if known { Worth::OverGroup } else { Worth::Unknown };
    }
    match reading.held(signed, &signed.document) {
        Held::Holds if known => Worth::Holds,
        Held::Wrong => Worth::Wrong,
        Held::Holds | Held::Unknown => Worth::Unknown,
    }
}

impl Walk<'_> {
    fn take(&mut self, index: usize, found: &Found) {
        let frame = found.frame;
        let Some(worth) = self.worths.get(index).copied() else {
            return;
        };
        match worth {
            Worth::Holds => self.held = self.held.saturating_add(1),
            Worth::Vouched | Worth::OverGroup => {}
            Worth::Again => return self.look_for_replay(index, found),
            Worth::Idle => return,
            Worth::Wrong => return self.lose(Damage::SignatureWrong { frame }),
            Worth::Unreadable => return self.lose(Damage::SignatureUnreadable { frame }),
            Worth::Unknown => {
                self.unchecked = self.unchecked.saturating_add(1);
                self.lost = self.lost.saturating_add(1);
                return;
            }
        }
        if let Some((message, group)) = found
            .message
            .as_ref()
            .and_then(|message| Some((message, message.group.as_ref()?)))
        {
            self.cover_group(index, found, message, group);
        }
    }

    fn lose(&mut self, damage: Damage) {
        self.cover.damages.push(damage);
        self.lost = self.lost.saturating_add(1);
    }

    fn cover_group(&mut self, index: usize, found: &Found, message: &Message, group: &Group) {
        let step = self
            .previous
            .as_ref()
            .map(|previous| group.counter.wrapping_sub(previous.counter));
        let begins = match &group.link {
            Some(link) => is_beginning(link),
            None => group.counter <= 1,
        };
        let place = Place {
            unit: found.unit,
            contiguous: step == Some(1),
            first_of_many: self.previous.is_none() && !(begins && self.cover.has_slice_before(found.unit)),
            next: self.nexts.get(index).copied().flatten(),
        };
        // Axis before version 3 signs the first picture by itself, in front of it.
        self.began_before |= place.first_of_many && !(begins && group.with_next);
        let repeats = |previous: &Previous| previous.hash == group.hash && previous.count == group.count;
        let list = self.lists.get(index).cloned().unwrap_or_default();
        let (at, first) = match list.as_slice() {
            [listed @ .., next] if group.with_next => {
                let at = self.cover.by_list(listed, place);
                if at.is_some() || listed.is_empty() {
                    self.cover.check_next(next);
                }
                (at, None)
            }
            [first, ..] => (self.cover.by_list(&list, place), Some(*first)),
            [] if message.signed.as_ref().is_some_and(|signed| signed.over_group) => {
                self.over_group(found, message, group, place);
                (None, None)
            }
            // The end of a stream may be signed by what was said before, which tells nothing of its last group.
            [] if self.previous.as_ref().is_some_and(repeats) => (None, None),
            [] => self.cover.by_hash(group, place).unzip(),
        };
        let before = at.map_or(found.frame, |at| self.cover.frame_at(at));
        self.check_order(step, begins, group, at, before);
        self.note_time(group);
        self.previous = Some(Previous {
            counter: group.counter,
            first,
            hash: group.hash,
            count: group.count,
            end: self.cover.cursor,
        });
        self.lost = 0;
    }

    fn over_group(&mut self, found: &Found, message: &Message, group: &Group, place: Place) {
        let Some(signed) = &message.signed else { return };
        let reading = self.reading;
        let document = reading.hash().of(&[&signed.document]);
        let known = reading.signer.key.is_some() && reading.algorithms.is_some();
        if !known {
            self.unchecked = self.unchecked.saturating_add(1);
            return;
        }
        let holds = |chain: &Value| {
            let joined = [chain.as_bytes(), document.as_bytes()].concat();
            reading.held(signed, &joined) == Held::Holds
        };
        if self.cover.by_chain(group.count, place, &holds) {
            self.held = self.held.saturating_add(1);
        } else {
            // The signature is over the pictures themselves: which of both was changed cannot be told.
            self.cover
                .damages
                .push(Damage::SignatureWrong { frame: found.frame });
        }
    }

    /// Holds the message against the one before it.
    fn check_order(
        &mut self,
        step: Option<u32>,
        begins: bool,
        group: &Group,
        at: Option<usize>,
        before: u32,
    ) {
        let (Some(step), Some(previous)) = (step, self.previous.as_ref()) else {
            return;
        };
        if step.cast_signed() <= 0 {
            self.cover.damages.push(if begins {
                Damage::Joined { frame: before }
            } else {
                Damage::Replayed { frame: before }
            });
            return;
        }
        let missing = step.saturating_sub(1).saturating_sub(self.lost);
        if missing > 0 {
            self.cover.damages.push(Damage::SignatureMissing {
                before,
                count: missing,
            });
        }
        let Some(link) = &group.link else { return };
        let linked = if step == 1 {
            previous.first.is_none_or(|first| first == *link)
        } else {
            let end = at.unwrap_or(self.cover.cursor);
            self.cover.stands_open(link, previous.end..end)
        };
        if !linked {
            self.cover.damages.push(Damage::Link { before });
        }
    }

    /// A message may be sent twice; one that comes with its pictures again is a copy of them.
    fn look_for_replay(&mut self, index: usize, found: &Found) {
        let Some(first) = self.lists.get(index).and_then(|list| list.first()).copied() else {
            return;
        };
        let since = self.previous.as_ref().map_or(0, |previous| previous.end);
        let since = since.max(found.unit.saturating_sub(MAX_COPIED));
        if self.cover.stands_open(&first, since..found.unit) {
            self.cover.damages.push(Damage::Replayed { frame: found.frame });
        }
    }

    fn note_time(&mut self, group: &Group) {
        let (Some(started), Some(ended)) = (group.started, group.ended) else {
            return;
        };
        let clock = self.clock.get_or_insert(Clock {
            started,
            ended: started,
            steady: true,
        });
        clock.steady &= clock.ended <= started && started <= ended;
        clock.ended = ended;
    }
}

/// A recording begins with a link to nothing.
fn is_beginning(link: &Value) -> bool {
    let bytes = link.as_bytes();
    bytes.iter().all(|byte| *byte == 0) || bytes.iter().all(|byte| *byte == 0xff)
}
