//! What waits, by lane: urgent goes first, always; queries, procedures, events and telemetry share what is left by
//! deficit round robin over bytes, so that each gets its part and none starves.
//!
//! Every record is in exactly one place: ready, due later, or up in the window.

use std::collections::{BTreeMap, BTreeSet};

use domain::envelope::{Lane, MAX_ENVELOPE};
use domain::{EnvelopeId, QueryId};

use super::flight::Flight;

/// A pause of a lane grows to this many times its first length.
const LONGEST_PAUSE: u64 = 8;

#[derive(Debug, Clone, Copy)]
enum Share {
    Query,
    Records(Lane),
}

/// Who shares, and the bytes that each may send in one round.
const SHARES: [(Share, u64); 4] = [
    (Share::Query, 32 * 1024),
    (Share::Records(Lane::Procedures), 16 * 1024),
    (Share::Records(Lane::Events), 8 * 1024),
    (Share::Records(Lane::Telemetry), 2 * 1024),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Ready,
    Due(u64),
    Up,
}

#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) id: EnvelopeId,
    pub(super) lane: Lane,
    pub(super) sequence: u64,
    bytes: u32,
    /// How often it was published.
    pub(super) attempts: u32,
    pub(super) published_at: Option<u64>,
    place: Place,
}

impl Item {
    pub(super) const fn new(id: EnvelopeId, lane: Lane, sequence: u64, bytes: u32) -> Self {
        Self {
            id,
            lane,
            sequence,
            bytes,
            attempts: 0,
            published_at: None,
            place: Place::Ready,
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Question {
    bytes: u32,
    expires_at: u64,
    /// When it may be published; none while it is up or taken.
    ready_at: Option<u64>,
}

#[derive(Debug, Default)]
struct LaneQueue {
    /// Ready records in the order of their sequence.
    ready: BTreeSet<(u64, EnvelopeId)>,
    /// Records in any place.
    count: usize,
    paused_until: u64,
    next_pause: u64,
}

#[derive(Debug)]
pub(super) struct Queue {
    items: BTreeMap<EnvelopeId, Item>,
    lanes: [LaneQueue; 4],
    due: BTreeSet<(u64, EnvelopeId)>,
    questions: BTreeMap<QueryId, Question>,
    first_pause: u64,
    /// Whose turn it is in [`SHARES`], and what each may still send.
    turn: usize,
    credit: [u64; 4],
}

const fn index(lane: Lane) -> usize {
    match lane {
        Lane::Urgent => 0,
        Lane::Procedures => 1,
        Lane::Events => 2,
        Lane::Telemetry => 3,
    }
}

fn cost(bytes: u32) -> u64 {
    u64::from(bytes).min(MAX_ENVELOPE as u64)
}

impl Queue {
    pub(super) fn new(first_pause: u64) -> Self {
        Self {
            items: BTreeMap::new(),
            lanes: Default::default(),
            due: BTreeSet::new(),
            questions: BTreeMap::new(),
            first_pause,
            turn: 0,
            credit: [0; 4],
        }
    }

    pub(super) fn len(&self) -> usize {
        self.items.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    pub(super) fn item(&self, id: EnvelopeId) -> Option<&Item> {
        self.items.get(&id)
    }

    pub(super) fn holds(&self, lane: Lane) -> bool {
        self.lanes[index(lane)].count > 0
    }

    /// False when it is known already.
    pub(super) fn offer(&mut self, item: Item) -> bool {
        if self.items.contains_key(&item.id) {
            return false;
        }
        let lane = &mut self.lanes[index(item.lane)];
        lane.count += 1;
        lane.ready.insert((item.sequence, item.id));
        self.items.insert(item.id, item);
        true
    }

    pub(super) fn remove(&mut self, id: EnvelopeId) -> Option<Item> {
        self.place(id, Place::Up);
        let item = self.items.remove(&id)?;
        self.lanes[index(item.lane)].count -= 1;
        Some(item)
    }

    /// Moves a record; the only function that changes a place.
    fn place(&mut self, id: EnvelopeId, place: Place) {
        let Some(item) = self.items.get_mut(&id) else {
            return;
        };
        let ready = &mut self.lanes[index(item.lane)].ready;
        match std::mem::replace(&mut item.place, place) {
            Place::Ready => drop(ready.remove(&(item.sequence, id))),
            Place::Due(at) => drop(self.due.remove(&(at, id))),
            Place::Up => {}
        }
        match place {
            Place::Ready => drop(ready.insert((item.sequence, id))),
            Place::Due(at) => drop(self.due.insert((at, id))),
            Place::Up => {}
        }
    }

    pub(super) fn delay(&mut self, id: EnvelopeId, until: u64) {
        self.place(id, Place::Due(until));
    }

    /// Delays the ready records that `matches`.
    pub(super) fn hold_back(&mut self, until: u64, matches: impl Fn(&Item) -> bool) {
        let held: Vec<EnvelopeId> = self
            .items
            .values()
            .filter(|item| item.place == Place::Ready && matches(item))
            .map(|item| item.id)
            .collect();
        for id in held {
            self.delay(id, until);
        }
    }

    /// Whatever was under way is ready again.
    pub(super) fn link_lost(&mut self) {
        let moved: Vec<EnvelopeId> = self
            .items
            .values()
            .filter(|item| item.place != Place::Ready)
            .map(|item| item.id)
            .collect();
        for id in moved {
            self.place(id, Place::Ready);
        }
        for question in self.questions.values_mut() {
            question.ready_at = Some(0);
        }
    }

    /// Makes ready what is due.
    pub(super) fn ripen(&mut self, now: u64) {
        while let Some((at, id)) = self.due.first().copied() {
            if at > now {
                return;
            }
            self.place(id, Place::Ready);
        }
    }

    pub(super) fn pause_lane(&mut self, lane: Lane, now: u64) {
        let longest = self.first_pause.saturating_mul(LONGEST_PAUSE);
        let lane = &mut self.lanes[index(lane)];
        // Every member of the window is refused at once: that is one refusal, not thirty.
        if lane.paused_until > now {
            return;
        }
        let pause = lane.next_pause.clamp(self.first_pause, longest);
        lane.paused_until = now.saturating_add(pause);
        lane.next_pause = pause.saturating_mul(2);
    }

    pub(super) fn resume_lane(&mut self, lane: Lane) {
        let lane = &mut self.lanes[index(lane)];
        (lane.paused_until, lane.next_pause) = (0, 0);
    }

    pub(super) fn ask(&mut self, id: QueryId, bytes: u32, expires_at: u64) {
        self.questions.entry(id).or_insert(Question {
            bytes,
            expires_at,
            ready_at: Some(0),
        });
    }

    pub(super) fn answered(&mut self, id: QueryId) {
        self.questions.remove(&id);
    }

    pub(super) fn query_refused(&mut self, id: QueryId, again_at: u64) {
        if let Some(question) = self.questions.get_mut(&id) {
            question.ready_at = Some(again_at);
        }
    }

    /// Removes the questions whose time is over.
    pub(super) fn expire(&mut self, now: u64) -> Vec<QueryId> {
        let over: Vec<QueryId> = self
            .questions
            .iter()
            .filter(|(_, question)| question.expires_at <= now)
            .map(|(id, _)| *id)
            .collect();
        for id in &over {
            self.questions.remove(id);
        }
        over
    }

    fn question(&self, now: u64) -> Option<(QueryId, u32)> {
        let ready = |question: &Question| question.ready_at.is_some_and(|at| at <= now);
        self.questions
            .iter()
            .find(|(_, question)| ready(question))
            .map(|(id, question)| (*id, question.bytes))
    }

    fn record(&self, lane: Lane, now: u64) -> Option<(EnvelopeId, u32)> {
        let queue = &self.lanes[index(lane)];
        let (_, id) = queue.ready.first().filter(|_| queue.paused_until <= now)?;
        self.items.get(id).map(|item| (*id, item.bytes))
    }

    /// Whether something could be published if the window were open.
    pub(super) fn has_ready(&self, now: u64) -> bool {
        self.question(now).is_some() || Lane::ALL.into_iter().any(|lane| self.record(lane, now).is_some())
    }

    /// Takes what is to be published next.
    pub(super) fn next(&mut self, now: u64) -> Option<Flight> {
        if let Some((id, _)) = self.record(Lane::Urgent, now) {
            return Some(self.publish(id, now));
        }
        if !self.has_ready(now) {
            return None;
        }
        loop {
            let head = match SHARES[self.turn].0 {
                Share::Query => self.question(now).map(|(id, bytes)| (Flight::Query(id), bytes)),
                Share::Records(lane) => self
                    .record(lane, now)
                    .map(|(id, bytes)| (Flight::Record(id), bytes)),
            };
            match head {
                Some((flight, bytes)) if cost(bytes) <= self.credit[self.turn] => {
                    self.credit[self.turn] -= cost(bytes);
                    return Some(match flight {
                        Flight::Record(id) => self.publish(id, now),
                        Flight::Query(id) => self.put_question(id),
                        Flight::Journal => Flight::Journal,
                    });
                }
                Some(_) => {}
                None => self.credit[self.turn] = 0,
            }
            self.turn = (self.turn + 1) % SHARES.len();
            self.credit[self.turn] += SHARES[self.turn].1;
        }
    }

    fn publish(&mut self, id: EnvelopeId, now: u64) -> Flight {
        self.place(id, Place::Up);
        if let Some(item) = self.items.get_mut(&id) {
            item.attempts = item.attempts.saturating_add(1);
            item.published_at = Some(now);
        }
        Flight::Record(id)
    }

    fn put_question(&mut self, id: QueryId) -> Flight {
        if let Some(question) = self.questions.get_mut(&id) {
            question.ready_at = None;
        }
        Flight::Query(id)
    }

    /// When something becomes ready that is not.
    pub(super) fn next_due(&self, now: u64) -> Option<u64> {
        let record = self.due.first().map(|(at, _)| *at);
        let paused = self
            .lanes
            .iter()
            .filter(|lane| !lane.ready.is_empty())
            .map(|lane| lane.paused_until);
        let question = self.questions.values().filter_map(|question| question.ready_at);
        record
            .into_iter()
            .chain(paused.chain(question).filter(|at| *at > now))
            .min()
    }

    pub(super) fn next_expiry(&self) -> Option<u64> {
        self.questions.values().map(|question| question.expires_at).min()
    }
}
