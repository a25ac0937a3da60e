//! The bulk connection's pace: never more than HQ's figure, and on a slow link never more than one chunk in the way.

use proptest::prelude::*;
use sync::transfer::{Action, Bucket, Config, Input, Outcome, Pace, Sent, Upload};
use sync::wire::v1::FileHave;
use sync::{Ack, Spans};

use crate::transfer::{content, init};

/// In every window from one departure to another, as many bytes as may pass; `passed` has moments and bytes.
fn holds(passed: &[(u64, u64)], rate: u64, burst: u64) -> bool {
    (0..passed.len()).all(|first| {
        let mut sum = 0;
        passed[first..].iter().all(|(at, bytes)| {
            sum += bytes;
            sum * 1_000 <= (at - passed[first].0) * rate + burst * 1_000
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn never_more_than_rate_times_time_and_burst_passes_in_any_window(
        rate in 1_u64..5_000_000,
        burst in 1_u64..500_000,
        asks in prop::collection::vec((0_u64..3_000, 1_u64..600_000), 1..80),
    ) {
        let mut bucket = Bucket::new(rate, burst);
        let mut now = 0;
        let mut passed = Vec::new();
        for (waits, bytes) in asks {
            now += waits;
            if bucket.take(bytes, now) {
                passed.push((now, bytes));
            } else if bytes <= burst {
                // What it promises holds, and not a millisecond before.
                let ready = bucket.ready_at(bytes);
                prop_assert!(ready > now);
                prop_assert!(!bucket.clone().take(bytes, ready - 1));
                prop_assert!(bucket.clone().take(bytes, ready));
            }
        }
        prop_assert!(holds(&passed, rate, burst));
    }

    #[test]
    fn an_upload_over_a_link_that_takes_everything_keeps_to_the_rate(
        kilobytes in 16_u64..2_000,
        length in 1_usize..800_000,
    ) {
        let (rate, content) = (kilobytes * 1_000, content(length));
        let mut link = Link::new(u64::MAX, 2, Upload::new(Config::default(), init(&content), 3, Pace::new(rate)));
        link.run();
        prop_assert_eq!(link.outcome, Some(Outcome::Complete));
        prop_assert!(holds(&link.departed, rate, 256 * 1_024));
        let needed = (length as u64).saturating_sub(256 * 1_024) * 1_000 / rate;
        prop_assert!(link.now >= needed, "{} ms, and {needed} are needed", link.now);
    }
}

/// A link of so many bytes a second and so long a way, with a broker and HQ behind it that take everything.
struct Link {
    rate: u64,
    way: u64,
    upload: Upload,
    now: u64,
    /// When the link has carried everything that was given to it.
    free_at: u64,
    later: Vec<(u64, Input)>,
    departed: Vec<(u64, u64)>,
    /// Milliseconds for which what comes next stands behind chunks, and the longest chunk then under way.
    behind: Vec<(u64, u64)>,
    outcome: Option<Outcome>,
}

impl Link {
    fn new(rate: u64, way: u64, upload: Upload) -> Self {
        Self {
            rate,
            way,
            upload,
            now: 0,
            free_at: 0,
            later: Vec::new(),
            departed: Vec::new(),
            behind: Vec::new(),
            outcome: None,
        }
    }

    fn carry(&mut self, bytes: u64) -> u64 {
        self.free_at = self.free_at.max(self.now) + bytes.saturating_mul(1_000) / self.rate;
        self.free_at + 2 * self.way
    }

    fn give(&mut self, input: Input) {
        for action in self.upload.handle(input, self.now) {
            let (sent, bytes, answer) = match action {
                Action::Init => (Sent::Init, 200, Some(FileHave::Ranges(Spans::new()))),
                Action::Chunk(span) => {
                    self.departed.push((self.now, span.length()));
                    (Sent::Chunk { offset: span.start() }, span.length(), None)
                }
                Action::Fin => (Sent::Fin, 200, Some(FileHave::Complete)),
                Action::Over(outcome) => {
                    self.outcome = Some(outcome);
                    continue;
                }
                Action::Stat | Action::Reconnect => panic!("nothing is lost here"),
            };
            let back = self.carry(bytes);
            self.later.push((
                back,
                Input::Acked {
                    sent,
                    ack: Ack::Taken,
                },
            ));
            self.later
                .extend(answer.map(|have| (back + 1, Input::Answered(have))));
            if let Some((_, length)) = self.departed.last() {
                self.behind.push((self.free_at - self.now, *length));
            }
        }
    }

    fn run(&mut self) {
        self.give(Input::Allowed(true));
        self.give(Input::LinkUp);
        while self.outcome.is_none() {
            self.later.sort_by_key(|(at, _)| *at);
            let arrival = self.later.first().map(|(at, _)| *at);
            let wakeup = self.upload.next_wakeup();
            match (arrival, wakeup) {
                (Some(at), wake) if wake.is_none_or(|wake| at <= wake) => {
                    self.now = at;
                    let (_, input) = self.later.remove(0);
                    self.give(input);
                }
                (_, Some(wake)) => {
                    self.now = wake;
                    self.give(Input::Wake);
                }
                (_, None) => panic!("the upload waits for nothing"),
            }
        }
    }
}

#[test]
fn at_256_kbit_and_300_ms_the_link_is_full_and_no_more_than_one_chunk_stands_in_it() {
    let content = content(2_000_000);
    let upload = Upload::new(Config::default(), init(&content), 3, Pace::new(12_500_000));
    let mut link = Link::new(32_000, 150, upload);
    link.run();
    let full = content.len() as u64 * 1_000 / 32_000;
    assert!(
        link.now < full * 5 / 4,
        "{} ms, and the link could do it in {full}",
        link.now
    );
    let longest = link.departed.iter().map(|(_, bytes)| *bytes).max().unwrap();
    assert!(longest <= 32_000 / 2, "{longest}");
    for (behind, length) in link.behind {
        let one_chunk = length * 1_000 / 32_000;
        assert!(
            behind <= one_chunk * 21 / 20 + 10,
            "whatever comes next waits {behind} ms, and a chunk takes {one_chunk}"
        );
    }
}

#[test]
fn a_lower_figure_of_hq_counts_from_the_next_chunk_on() {
    let content = content(600_000);
    let mut upload = Upload::new(Config::default(), init(&content), 3, Pace::new(12_500_000));
    upload.limit(16_000, 0);
    let mut link = Link::new(u64::MAX, 2, upload);
    link.run();
    assert!(holds(&link.departed, 16_000, 16 * 1_024));
    assert!(link.now >= 36_000, "{} ms", link.now);
}
