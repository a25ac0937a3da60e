//! A session on a link that loses, delays and refuses, exactly replayable from a seed.
//!
//! Invariants hold after every action; once the link is good again, everything offered gets its receipt.

use std::collections::{BTreeMap, BTreeSet};

use domain::EnvelopeId;
use domain::envelope::Lane;
use proptest::prelude::*;
use sync::session::{Action, Config, Input};
use sync::wire::v1::LaneHave;
use sync::{Ack, Session, Span, Spans};

use crate::session::{answer, id};

/// What the virtual network does later.
#[derive(Debug, Clone)]
enum Later {
    Offer,
    Trouble,
    Give(Input),
    /// Only while the connection of this number stands.
    OnLink(u64, Input),
}

struct Lossy {
    session: Session,
    /// Xorshift; never zero.
    random: u64,
    now: u64,
    later: BTreeMap<(u64, u64), Later>,
    planned: u64,
    /// Number of the connection; the state of it.
    connection: u64,
    attempt_open: bool,
    greeted: bool,
    receive_max: u16,
    calm: bool,
    rows: BTreeMap<EnvelopeId, (Lane, u64)>,
    receipted: BTreeSet<EnvelopeId>,
    published: BTreeMap<EnvelopeId, u32>,
    at_hq: BTreeSet<EnvelopeId>,
    /// Unacknowledged publishes of this connection, by number of sending.
    up: BTreeMap<u64, EnvelopeId>,
    sendings: u64,
}

impl Lossy {
    fn new(seed: u64) -> Self {
        Self {
            session: Session::new(Config::default(), seed),
            random: seed | 1,
            now: 0,
            later: BTreeMap::new(),
            planned: 0,
            connection: 0,
            attempt_open: false,
            greeted: false,
            receive_max: 20,
            calm: false,
            rows: BTreeMap::new(),
            receipted: BTreeSet::new(),
            published: BTreeMap::new(),
            at_hq: BTreeSet::new(),
            up: BTreeMap::new(),
            sendings: 0,
        }
    }

    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) % limit
    }

    /// True in `percent` of cases, and never on a good link.
    fn bad_luck(&mut self, percent: u64) -> bool {
        !self.calm && self.below(100) < percent
    }

    fn plan(&mut self, within: u64, later: Later) {
        let at = self.now + 1 + self.below(within);
        self.planned += 1;
        self.later.insert((at, self.planned), later);
    }

    fn give(&mut self, input: Input) {
        match &input {
            Input::LinkUp { .. } => self.greeted = false,
            Input::HelloAnswered(_) => self.greeted = true,
            Input::LinkDown => {
                (self.attempt_open, self.greeted) = (false, false);
                self.connection += 1;
                self.up.clear();
            }
            Input::Acked { id, .. } => self.up.retain(|_, up| up != id),
            Input::Receipted { id } => drop(self.receipted.insert(*id)),
            Input::Start
            | Input::Offer { .. }
            | Input::Withdrawn { .. }
            | Input::QueryOffered { .. }
            | Input::QueryAcked { .. }
            | Input::QueryAnswered { .. }
            | Input::JournalOffered
            | Input::JournalAcked
            | Input::Wake
            | Input::ForceReconnect
            | Input::UrgentQueued => {}
        }
        for action in self.session.handle(input, self.now) {
            self.act(action);
        }
        let wakeup = self.session.next_wakeup();
        assert!(
            wakeup.is_none_or(|wakeup| wakeup > self.now),
            "a wakeup that is due already"
        );
    }

    fn act(&mut self, action: Action) {
        match action {
            Action::Connect => {
                assert!(!self.attempt_open, "one attempt at a time");
                self.attempt_open = true;
                self.receive_max = [1, 3, 20, 1_000][usize::try_from(self.below(4)).unwrap()];
                let input = if self.bad_luck(30) {
                    Input::LinkDown
                } else {
                    Input::LinkUp {
                        receive_max: self.receive_max,
                    }
                };
                self.plan(2_000, Later::OnLink(self.connection, input));
            }
            Action::Disconnect => {
                (self.greeted, self.connection) = (false, self.connection + 1);
                self.up.clear();
                self.plan(100, Later::OnLink(self.connection, Input::LinkDown));
            }
            Action::SendHello => {
                if !self.bad_luck(20) {
                    let input = Input::HelloAnswered(answer(self.have()));
                    self.plan(1_500, Later::OnLink(self.connection, input));
                }
            }
            Action::PublishJournal => self.plan(1_000, Later::OnLink(self.connection, Input::JournalAcked)),
            Action::Publish { id } => self.publish(id),
            Action::BulkAllowed(allowed) => {
                assert!(
                    !allowed || (self.greeted && self.up.is_empty()),
                    "bulk beside a publish under way"
                );
            }
            Action::PublishQuery { .. } | Action::QueryExpired { .. } => {}
        }
    }

    fn publish(&mut self, id: EnvelopeId) {
        assert!(self.greeted, "published before the hello was answered");
        assert!(!self.receipted.contains(&id), "published after its receipt");
        assert!(self.up.values().all(|up| *up != id), "published twice at once");
        let oldest = self.up.keys().next().copied().unwrap_or(self.sendings);
        let width = u64::from(self.receive_max.min(32)).saturating_sub(2).max(1);
        assert!(self.sendings - oldest < width, "outside the window");
        self.up.insert(self.sendings, id);
        self.sendings += 1;
        *self.published.entry(id).or_default() += 1;
        if self.bad_luck(5) {
            return;
        }
        let ack = if self.bad_luck(15) {
            [Ack::NobodyListens, Ack::QuotaExceeded, Ack::Refused, Ack::NotSent]
                [usize::try_from(self.below(4)).unwrap()]
        } else {
            Ack::Taken
        };
        self.plan(800, Later::OnLink(self.connection, Input::Acked { id, ack }));
        if ack == Ack::Taken && !self.bad_luck(10) {
            self.at_hq.insert(id);
            if !self.bad_luck(25) {
                self.plan(3_000, Later::Give(Input::Receipted { id }));
            }
        }
    }

    fn have(&self) -> Vec<LaneHave> {
        let lane_have = |lane| {
            let here: BTreeSet<u64> = self
                .at_hq
                .iter()
                .map(|id| self.rows[id])
                .filter(|row| row.0 == lane)
                .map(|row| row.1)
                .collect();
            let highest = here.last().copied().unwrap_or(0);
            let one = |sequence| Span::new(sequence, sequence + 1).unwrap();
            let missing = Spans::of((1..=highest).filter(|sequence| !here.contains(sequence)).map(one));
            LaneHave {
                lane,
                highest,
                missing,
            }
        };
        Lane::ALL.into_iter().map(lane_have).collect()
    }

    fn offer(&mut self) {
        let lane = Lane::ALL[usize::try_from(self.below(4)).unwrap()];
        let sequence = 1 + self.rows.values().filter(|row| row.0 == lane).count() as u64;
        let id = id(self.rows.len() as u64);
        self.rows.insert(id, (lane, sequence));
        let bytes = u32::try_from(self.below(200_000)).unwrap();
        self.give(Input::Offer {
            id,
            lane,
            sequence,
            bytes,
        });
    }

    fn trouble(&mut self) {
        match self.below(3) {
            0 if self.attempt_open => self.plan(10, Later::OnLink(self.connection, Input::LinkDown)),
            1 => self.give(Input::ForceReconnect),
            _ => self.give(Input::UrgentQueued),
        }
    }

    /// Goes to whatever comes next; false when nothing does.
    fn step(&mut self) -> bool {
        let planned = self.later.keys().next().copied();
        let wakeup = self.session.next_wakeup();
        match (planned, wakeup) {
            (Some(key), wake) if wake.is_none_or(|wake| key.0 <= wake) => {
                self.now = key.0;
                match self.later.remove(&key).unwrap() {
                    Later::Offer => self.offer(),
                    Later::Trouble => self.trouble(),
                    Later::Give(input) => self.give(input),
                    Later::OnLink(connection, input) if connection == self.connection => self.give(input),
                    Later::OnLink(..) => {}
                }
                true
            }
            (_, Some(wake)) => {
                self.now = wake;
                self.give(Input::Wake);
                true
            }
            (_, None) => false,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_the_link_does_everything_offered_gets_its_receipt(seed: u64) {
        let mut world = Lossy::new(seed);
        world.give(Input::Start);
        for _ in 0..60 {
            world.plan(120_000, Later::Offer);
        }
        for _ in 0..12 {
            world.plan(200_000, Later::Trouble);
        }
        while world.now < 300_000 && world.step() {}
        world.calm = true;
        let mut steps = 0;
        while world.session.outstanding() > 0 {
            prop_assert!(world.step(), "records wait and nothing is planned");
            steps += 1;
            prop_assert!(steps < 20_000, "{} records still wait", world.session.outstanding());
        }
        prop_assert_eq!(world.receipted.len(), 60);
        prop_assert!(world.rows.keys().all(|id| world.published.contains_key(id)));
    }
}
