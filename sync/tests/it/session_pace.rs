//! When a session connects, and when it lets bulk run.

use domain::envelope::Lane;
use sync::session::{Action, Config, Input};
use sync::{Ack, Session};

use crate::session::{Bench, answer, offer, offered, published};

#[test]
fn after_a_loss_the_first_attempt_is_spread_over_the_window_of_hq() {
    let delays: Vec<u64> = (0..50)
        .map(|seed| {
            let mut bench = Bench {
                session: Session::new(Config::default(), seed),
                now: 0,
            };
            bench.give(Input::Start);
            bench.wait();
            bench.give(Input::LinkUp { receive_max: 20 });
            bench.give(Input::HelloAnswered(answer(vec![])));
            bench.give(Input::LinkDown);
            bench.wait().1
        })
        .collect();
    assert!(delays.iter().all(|delay| *delay <= 60_000));
    assert!(
        delays.iter().any(|delay| *delay > 40_000) && delays.iter().any(|delay| *delay < 20_000),
        "{delays:?}"
    );
}

#[test]
fn attempts_that_fail_wait_longer_up_to_the_cap() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    let mut longest = 0;
    for _ in 0..40 {
        let (actions, waited) = bench.wait();
        assert_eq!(actions, [Action::Connect]);
        longest = longest.max(waited);
        bench.give(Input::LinkDown);
    }
    assert!((60_000..=120_000).contains(&longest), "{longest}");
}

#[test]
fn something_urgent_does_not_wait_for_the_window_of_the_fleet() {
    for urgent in [offer(Lane::Urgent, 1), Input::UrgentQueued] {
        let mut bench = Bench::ready(20, answer(vec![]));
        bench.give(Input::LinkDown);
        bench.give(urgent);
        let (actions, waited) = bench.wait();
        assert_eq!(actions, [Action::Connect]);
        assert!(waited <= 1_000);
    }
}

#[test]
fn after_sleep_the_connection_is_made_anew_and_what_was_under_way_is_sent_again() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let pv = offer(Lane::Procedures, 1);
    bench.give(pv.clone());
    assert_eq!(bench.give(Input::ForceReconnect), [Action::Disconnect]);
    assert_eq!(
        bench.give(Input::Acked {
            id: offered(&pv),
            ack: Ack::Taken
        }),
        []
    );
    bench.give(Input::LinkDown);
    let (actions, waited) = bench.wait();
    assert_eq!(actions, [Action::Connect]);
    assert!(waited <= 1_000);
    bench.give(Input::LinkUp { receive_max: 20 });
    assert_eq!(
        published(&bench.give(Input::HelloAnswered(answer(vec![])))),
        [offered(&pv)]
    );
}

#[test]
fn bulk_stops_at_once_for_a_record_and_goes_on_after_its_receipt_or_two_quiet_seconds() {
    let mut bench = Bench::ready(20, answer(vec![]));
    let pv = offer(Lane::Procedures, 1);
    let publish = Action::Publish { id: offered(&pv) };
    assert_eq!(bench.give(pv.clone()), [publish, Action::BulkAllowed(false)]);
    assert_eq!(
        bench.give(Input::Acked {
            id: offered(&pv),
            ack: Ack::Taken
        }),
        []
    );
    assert_eq!(bench.wait(), (vec![Action::BulkAllowed(true)], 2_000));
    let next = offer(Lane::Procedures, 2);
    assert!(bench.give(next.clone()).contains(&Action::BulkAllowed(false)));
    bench.give(Input::Receipted { id: offered(&pv) });
    bench.give(Input::Acked {
        id: offered(&next),
        ack: Ack::Taken,
    });
    assert_eq!(
        bench.give(Input::Receipted { id: offered(&next) }),
        [Action::BulkAllowed(true)]
    );
    assert_eq!(bench.give(Input::LinkDown), [Action::BulkAllowed(false)]);
}

#[test]
fn a_command_that_the_driver_never_answers_is_given_again() {
    let mut bench = Bench::new();
    bench.give(Input::Start);
    bench.wait();
    assert_eq!(bench.wait(), (vec![Action::Connect], 90_000));
    assert_eq!(bench.give(Input::ForceReconnect), [Action::Disconnect]);
    assert_eq!(bench.wait(), (vec![Action::Disconnect], 90_000));
}
