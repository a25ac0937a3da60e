//! An upload on a link that loses, refuses and breaks, exactly replayable from a seed.

use std::collections::BTreeMap;

use domain::Digest;
use proptest::prelude::*;
use sync::transfer::{Action, Assembly, Chunk, Config, Finish, Input, Outcome, Sent, Upload};
use sync::wire::v1::FileHave;
use sync::{Ack, Span};

use crate::transfer::{content, init, unlimited};

fn part(content: &[u8], span: Span) -> &[u8] {
    &content[usize::try_from(span.start()).unwrap()..usize::try_from(span.end()).unwrap()]
}

/// Terminal, link and HQ; the link loses what the seed says.
struct Line {
    upload: Upload,
    assembly: Option<Assembly>,
    disk: Vec<u8>,
    content: Vec<u8>,
    now: u64,
    later: BTreeMap<(u64, u64), (u64, Input)>,
    planned: u64,
    connection: u64,
    random: u64,
    outcome: Option<Outcome>,
    up: usize,
}

impl Line {
    fn below(&mut self, limit: u64) -> u64 {
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        (self.random >> 11) % limit
    }

    fn plan(&mut self, within: u64, input: Input) {
        self.planned += 1;
        let at = self.now + 1 + self.below(within);
        self.later.insert((at, self.planned), (self.connection, input));
    }

    fn give(&mut self, input: Input) {
        match input {
            Input::LinkDown => {
                self.connection += 1;
                self.up = 0;
                self.plan(5_000, Input::LinkUp);
            }
            Input::Acked {
                sent: Sent::Chunk { .. },
                ..
            } => self.up -= 1,
            Input::Acked {
                sent: Sent::Init | Sent::Fin | Sent::Stat,
                ..
            }
            | Input::Allowed(_)
            | Input::LinkUp
            | Input::Answered(_)
            | Input::Wake => {}
        }
        for action in self.upload.handle(input, self.now) {
            let (sent, answered) = match action {
                Action::Over(outcome) => {
                    self.outcome = Some(outcome);
                    continue;
                }
                Action::Reconnect => {
                    self.plan(10, Input::LinkDown);
                    continue;
                }
                Action::Init => (Sent::Init, true),
                Action::Stat => (Sent::Stat, true),
                Action::Fin => (Sent::Fin, true),
                Action::Chunk(span) => {
                    self.up += 1;
                    assert!(self.up <= 2, "more than two chunks under way");
                    (Sent::Chunk { offset: span.start() }, false)
                }
            };
            let (lost, refused, broken) = (self.below(10) == 0, self.below(10) == 0, self.below(15) == 0);
            if !lost && !refused {
                self.at_hq(action);
            }
            if answered && !lost && !refused && self.below(5) > 0 {
                let have = self.assembly.as_ref().map_or(FileHave::Unknown, Assembly::have);
                self.plan(500, Input::Answered(have));
            }
            if broken {
                self.plan(300, Input::LinkDown);
            }
            let ack = if refused { Ack::QuotaExceeded } else { Ack::Taken };
            self.plan(900, Input::Acked { sent, ack });
        }
    }

    fn at_hq(&mut self, action: Action) {
        let announced = init(&self.content);
        match (&mut self.assembly, action) {
            (none @ None, Action::Init) => *none = Some(Assembly::announce(announced).unwrap()),
            (Some(assembly), Action::Chunk(span)) => {
                let bytes = part(&self.content, span).to_vec();
                if let Ok(Chunk::Write(span)) = assembly.chunk(span.start(), Digest::of(&bytes), &bytes) {
                    let start = usize::try_from(span.start()).unwrap();
                    self.disk[start..start + bytes.len()].copy_from_slice(&bytes);
                    assembly.stored(span);
                }
            }
            (Some(assembly), Action::Fin)
                if assembly.finish(announced.size, announced.sha256) == Finish::Judge =>
            {
                assembly.judged(Digest::of(&self.disk));
            }
            _ => {}
        }
    }

    fn step(&mut self) {
        let planned = self.later.first_key_value().map(|(key, _)| *key);
        let wakeup = self.upload.next_wakeup();
        match (planned, wakeup) {
            (Some(key), wake) if wake.is_none_or(|wake| key.0 <= wake) => {
                self.now = key.0;
                let (connection, input) = self.later.remove(&key).unwrap();
                if connection == self.connection {
                    self.give(input);
                }
            }
            (_, Some(wake)) => {
                self.now = wake;
                self.give(Input::Wake);
            }
            (_, None) => panic!("the upload waits for nothing"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_the_link_does_hq_ends_up_with_the_same_bytes(seed: u64, length in 1_usize..600_000) {
        let content = content(length);
        let mut line = Line {
            upload: Upload::new(Config::default(), init(&content), seed, unlimited()),
            assembly: None,
            disk: vec![0; length],
            content: content.clone(),
            now: 0,
            later: BTreeMap::new(),
            planned: 0,
            connection: 0,
            random: seed | 1,
            outcome: None,
            up: 0,
        };
        line.give(Input::Allowed(true));
        line.give(Input::LinkUp);
        let mut steps = 0;
        while line.outcome.is_none() {
            line.step();
            steps += 1;
            prop_assert!(steps < 20_000);
        }
        prop_assert_eq!(line.outcome, Some(Outcome::Complete));
        prop_assert!(line.disk == content);
    }
}
