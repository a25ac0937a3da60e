//! What one session promises, one behaviour a test, on a clock that the test moves.

use domain::envelope::Lane;
use domain::{DeviceId, Digest, EnvelopeId, QueryId, UnixMs};
use sync::session::{Action, Config, Input};
use sync::wire::v1::{HelloAnswer, LaneHave};
use sync::{Ack, Session, Span, Spans};

pub(crate) fn id(number: u64) -> EnvelopeId {
    let mut bytes = [0; 16];
    bytes[8..].copy_from_slice(&number.to_be_bytes());
    EnvelopeId::from_bytes(bytes)
}

pub(crate) fn answer(lanes: Vec<LaneHave>) -> HelloAnswer {
    HelloAnswer {
        version: 1,
        device: DeviceId::parse("neo-000007").unwrap(),
        hello: Digest::of(b"hello"),
        lanes,
        retry_window_ms: 60_000,
        window: 32,
        time: UnixMs(0),
        orders_up_to: 0,
        journal: None,
    }
}

pub(crate) fn offer(lane: Lane, sequence: u64) -> Input {
    let lane_number = Lane::ALL.iter().position(|known| *known == lane).unwrap() as u64;
    Input::Offer {
        id: id(lane_number << 32 | sequence),
        lane,
        sequence,
        bytes: 1_000,
    }
}

pub(crate) fn offered(input: &Input) -> EnvelopeId {
    let Input::Offer { id, .. } = input else {
        panic!("not an offer")
    };
    *id
}

/// A session and the time; `run` moves it to its next wakeup.
pub(crate) struct Bench {
    pub(crate) session: Session,
    pub(crate) now: u64,
}

impl Bench {
    pub(crate) fn new() -> Self {
        Self {
            session: Session::new(Config::default(), 7),
            now: 0,
        }
    }

    /// Connected with room for `receive_max` publishes, and greeted.
    pub(crate) fn ready(receive_max: u16, answer: HelloAnswer) -> Self {
        let mut bench = Self::new();
        bench.give(Input::Start);
        assert_eq!(bench.wait().0, [Action::Connect]);
        assert_eq!(bench.give(Input::LinkUp { receive_max }), [Action::SendHello]);
        assert_eq!(
            bench.give(Input::HelloAnswered(answer)),
            [Action::BulkAllowed(true)]
        );
        bench
    }

    pub(crate) fn give(&mut self, input: Input) -> Vec<Action> {
        self.session.handle(input, self.now)
    }

    /// Moves to the next wakeup; gives its actions and how long it took.
    pub(crate) fn wait(&mut self) -> (Vec<Action>, u64) {
        let from = self.now;
        self.now = self.session.next_wakeup().expect("something is planned");
        (self.give(Input::Wake), self.now - from)
    }

    /// Waits until something is published.
    pub(crate) fn wait_for_publish(&mut self) -> (EnvelopeId, u64) {
        let from = self.now;
        loop {
            let (actions, _) = self.wait();
            if let [id, ..] = published(&actions).as_slice() {
                return (*id, self.now - from);
            }
        }
    }
}

pub(crate) fn published(actions: &[Action]) -> Vec<EnvelopeId> {
    let one = |action: &Action| {
        if let Action::Publish { id } = action {
            Some(*id)
        } else {
            None
        }
    };
    actions.iter().filter_map(one).collect()
}

#[test]
fn nothing_is_published_before_the_hello_is_answered() {
    let mut bench = Bench::new();
    let pv = offer(Lane::Urgent, 1);
    assert_eq!(bench.give(Input::Start), []);
    assert_eq!(bench.give(pv.clone()), []);
    assert_eq!(bench.wait().0, [Action::Connect]);
    assert_eq!(bench.give(Input::LinkUp { receive_max: 20 }), [Action::SendHello]);
    assert_eq!(
        bench.give(Input::HelloAnswered(answer(vec![]))),
        [Action::Publish { id: offered(&pv) }]
    );
}

#[test]
fn a_hello_without_answer_is_repeated() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.wait();
    bench.give(Input::LinkUp { receive_max: 20 });
    let (actions, waited) = bench.wait();
    assert_eq!((actions, waited), (vec![Action::SendHello], 30_000));
}

#[test]
fn the_acknowledgement_of_a_broker_removes_nothing_and_the_same_id_is_sent_again() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let pv = offer(Lane::Procedures, 1);
    assert_eq!(published(&bench.give(pv.clone())), [offered(&pv)]);
    bench.give(Input::Acked {
        id: offered(&pv),
        ack: Ack::Taken,
    });
    assert_eq!(bench.session.outstanding(), 1);
    let mut longest = 0;
    for attempt in 0..12 {
        let (again, waited) = bench.wait_for_publish();
        assert_eq!(again, offered(&pv));
        assert!(
            (30_000..=930_000).contains(&waited),
            "attempt {attempt} after {waited} ms"
        );
        longest = longest.max(waited);
        bench.give(Input::Acked {
            id: again,
            ack: Ack::Taken,
        });
    }
    assert!(
        longest > 120_000,
        "repeated waits grow, the longest was {longest} ms"
    );
    bench.give(Input::Receipted { id: offered(&pv) });
    assert_eq!(bench.session.outstanding(), 0);
    assert_eq!(bench.session.next_wakeup(), None);
}

#[test]
fn a_slow_round_trip_makes_the_session_more_patient() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let first = offer(Lane::Procedures, 1);
    bench.give(first.clone());
    bench.now += 20_000;
    bench.give(Input::Acked {
        id: offered(&first),
        ack: Ack::Taken,
    });
    bench.give(Input::Receipted { id: offered(&first) });
    let second = offer(Lane::Procedures, 2);
    bench.give(second.clone());
    bench.give(Input::Acked {
        id: offered(&second),
        ack: Ack::Taken,
    });
    assert_eq!(bench.wait_for_publish().1, 80_000);
}

#[test]
fn the_window_slides_on_the_oldest_publish_without_acknowledgement() {
    let mut bench = Bench::ready(8, answer(vec![]));
    let mut sent = Vec::new();
    for sequence in 1..=20 {
        sent.extend(published(&bench.give(offer(Lane::Procedures, sequence))));
    }
    assert_eq!(sent.len(), 6);
    for late in &sent[1..] {
        assert_eq!(
            published(&bench.give(Input::Acked {
                id: *late,
                ack: Ack::Taken
            })),
            []
        );
    }
    assert_eq!(
        published(&bench.give(Input::Acked {
            id: sent[0],
            ack: Ack::Taken
        }))
        .len(),
        6
    );
}

#[test]
fn hq_may_narrow_the_window_but_not_widen_it() {
    let mut narrow = answer(vec![]);
    narrow.window = 3;
    for (receive_max, hello_answer, width) in [
        (20, narrow, 3),
        (1_000, answer(vec![]), 30),
        (1, answer(vec![]), 1),
    ] {
        let mut bench = Bench::ready(receive_max, hello_answer);
        let sent: usize = (1..=40)
            .map(|n| published(&bench.give(offer(Lane::Events, n))).len())
            .sum();
        assert_eq!(sent, width);
    }
}

#[test]
fn a_publish_that_no_broker_acknowledges_ends_the_connection() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let pv = offer(Lane::Procedures, 1);
    bench.give(pv.clone());
    let (actions, waited) = bench.wait();
    assert_eq!((actions, waited), (vec![Action::Disconnect], 30_000));
    bench.give(Input::LinkDown);
    assert_eq!(bench.wait().0, [Action::Connect]);
}

#[test]
fn a_message_that_nobody_listens_to_counts_as_not_delivered() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let pv = offer(Lane::Procedures, 1);
    bench.give(pv.clone());
    for ack in [Ack::NobodyListens, Ack::NotAuthorized, Ack::Refused, Ack::NotSent] {
        bench.give(Input::Acked {
            id: offered(&pv),
            ack,
        });
        let (again, waited) = bench.wait_for_publish();
        assert_eq!(again, offered(&pv));
        assert!(waited < 30_000, "{ack:?} is asked again after {waited} ms");
    }
}

#[test]
fn an_exceeded_quota_pauses_its_lane_alone_and_longer_each_time() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let telemetry = offer(Lane::Telemetry, 1);
    bench.give(telemetry.clone());
    for pause in [10_000, 20_000, 40_000, 80_000, 80_000] {
        bench.give(Input::Acked {
            id: offered(&telemetry),
            ack: Ack::QuotaExceeded,
        });
        let pv = offer(Lane::Procedures, pause + bench.now);
        assert_eq!(published(&bench.give(pv.clone())), [offered(&pv)]);
        bench.give(Input::Acked {
            id: offered(&pv),
            ack: Ack::Taken,
        });
        bench.give(Input::Receipted { id: offered(&pv) });
        assert_eq!(bench.wait_for_publish(), (offered(&telemetry), pause));
    }
}

#[test]
fn the_journal_leaves_behind_everything_else_and_one_piece_at_a_time() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let pv = offer(Lane::Telemetry, 1);
    let sent = bench.give(pv.clone());
    assert_eq!(published(&sent), [offered(&pv)]);
    assert_eq!(bench.give(Input::JournalOffered), [], "a record is on its way");
    let id = offered(&pv);
    let actions = bench.give(Input::Acked { id, ack: Ack::Taken });
    assert!(actions.contains(&Action::PublishJournal), "{actions:?}");
    assert_eq!(bench.give(Input::JournalOffered), []);
    let other = offer(Lane::Urgent, 1);
    assert_eq!(
        published(&bench.give(other.clone())),
        [offered(&other)],
        "no act waits for it"
    );
    bench.give(Input::JournalAcked);
    let id = offered(&other);
    let actions = bench.give(Input::Acked { id, ack: Ack::Taken });
    assert!(actions.contains(&Action::PublishJournal), "{actions:?}");
    // Without an acknowledgement the connection is not trusted, as for every publish.
    let mut waited = 0;
    loop {
        let (actions, more) = bench.wait();
        waited += more;
        if actions.contains(&Action::Disconnect) {
            break;
        }
        assert!(waited < 600_000, "{actions:?}");
    }
}

#[test]
fn urgent_records_overtake_everything_that_waits() {
    let mut bench = Bench::ready(4, answer(vec![]));
    let mut up: Vec<EnvelopeId> = Vec::new();
    for sequence in 1..=50 {
        up.extend(published(&bench.give(offer(Lane::Procedures, sequence))));
    }
    let urgent = [offer(Lane::Urgent, 1), offer(Lane::Urgent, 2)];
    for input in &urgent {
        assert_eq!(published(&bench.give(input.clone())), []);
    }
    bench.give(Input::Acked {
        id: up[0],
        ack: Ack::Taken,
    });
    let next: Vec<EnvelopeId> = published(&bench.give(Input::Acked {
        id: up[1],
        ack: Ack::Taken,
    }));
    assert!(
        next.iter()
            .all(|id| urgent.iter().any(|input| offered(input) == *id))
    );
}

#[test]
fn no_lane_starves_and_the_shares_are_in_order() {
    let mut bench = Bench::ready(32, answer(vec![]));
    let mut up = Vec::new();
    for sequence in 1..=2_000 {
        for lane in [Lane::Telemetry, Lane::Events, Lane::Procedures] {
            up.extend(published(&bench.give(offer(lane, sequence))));
        }
    }
    let mut counts = [0; 4];
    for _ in 0..1_000 {
        let id = up.remove(0);
        counts[usize::from(id.as_bytes()[11])] += 1;
        up.extend(published(&bench.give(Input::Acked { id, ack: Ack::Taken })));
    }
    let [_, procedures, events, telemetry] = counts;
    assert!(
        procedures > events && events > telemetry && telemetry >= 50,
        "{counts:?}"
    );
}

#[test]
fn what_hq_has_already_is_asked_for_its_receipt_and_never_dropped() {
    let missing = Spans::of([Span::new(2, 3).unwrap()]);
    let have = LaneHave {
        lane: Lane::Procedures,
        highest: 3,
        missing,
    };
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.wait();
    let offers: Vec<Input> = (1..=4)
        .map(|sequence| offer(Lane::Procedures, sequence))
        .collect();
    for input in &offers {
        bench.give(input.clone());
    }
    bench.give(Input::LinkUp { receive_max: 32 });
    let first = published(&bench.give(Input::HelloAnswered(answer(vec![have]))));
    assert_eq!(first, [offered(&offers[1]), offered(&offers[3])]);
    bench.give(Input::Receipted {
        id: offered(&offers[0]),
    });
    assert_eq!(bench.wait_for_publish(), (offered(&offers[2]), 5_000));
}

#[test]
fn a_question_is_put_once_more_after_a_loss_and_given_up_at_its_time() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let id = QueryId::from_bytes([1; 16]);
    let asked_at = bench.now;
    let actions = bench.give(Input::QueryOffered {
        id,
        bytes: 300,
        expires_at: asked_at + 20_000,
    });
    assert!(actions.contains(&Action::PublishQuery { id }));
    bench.give(Input::QueryAcked { id, ack: Ack::Taken });
    bench.give(Input::ForceReconnect);
    bench.give(Input::LinkDown);
    bench.wait();
    bench.give(Input::LinkUp { receive_max: 20 });
    assert!(
        bench
            .give(Input::HelloAnswered(answer(vec![])))
            .contains(&Action::PublishQuery { id })
    );
    bench.give(Input::QueryAcked { id, ack: Ack::Taken });
    assert_eq!(bench.wait().0, [Action::QueryExpired { id }]);
    assert_eq!(
        (bench.now, bench.session.next_wakeup()),
        (asked_at + 20_000, None)
    );
}
